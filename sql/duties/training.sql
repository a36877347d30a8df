-- Each of the staff, or one in the team, has done the course before, and it
-- still counts on the day.
select duty.kind('training', 'Who goes is trained', jsonb_build_object(
	'course', jsonb_build_object('type', 'choice', 'required', true,
		'choices', to_jsonb(enum_range(null::data.training_course))),
	'who', '{"type": "choice", "required": true, "choices": ["each", "one"]}'::jsonb)) \g /dev/null

create function duty.training(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		with trained as (
			select s.*, (select max(t.completed_on) from data.training t
			              where t.staff_id = s.staff_id and t.course::text = (c).parameters ->> 'course'
			                and t.completed_on <= duty.day(v) and coalesce(t.valid_until,
			                    'infinity') >= duty.day(v)) as on_day
			  from duty.staff(v) s
		)
		select duty.found(format('training of %s in %s', t.name, (c).parameters ->> 'course'), part => t.part,
			gate => 'depart', holds => t.on_day is not null, evidence => format('%s: on %s', t.name,
				t.on_day))
		  from trained t where (c).parameters ->> 'who' = 'each'
		union all
		select duty.found(format('somebody in the team who is trained in %s', (c).parameters ->> 'course'),
			gate => 'depart', holds => bool_or(t.on_day is not null),
			evidence => string_agg(format('%s: on %s', t.name, t.on_day),
				'; ' order by t.staff_id) filter (where t.on_day is not null))
		  from trained t where (c).parameters ->> 'who' = 'one' having count(*) > 0
		offset 0) as x (f);
end;
$$;
comment on function duty.training(data.visit, data.clause) is 'Who goes is trained';
