-- A check by the Disclosure and Barring Service of at least this level, before
-- the visit and still relied upon.
select duty.kind('vetting', 'Everybody of the staff who goes has been checked', jsonb_build_object(
	'level', jsonb_build_object('type', 'choice', 'required', true, 'choices',
		to_jsonb(enum_range(null::data.dbs_level))),
	'barred_list', '{"type": "bool"}'::jsonb)) \g /dev/null

create function duty.vetting(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(format('a DBS check of %s: %s%s', s.name, (c).parameters ->> 'level',
				case when duty.says(c, 'barred_list') then ' with the barred list' else '' end),
			part => s.part, gate => 'approve', holds => k.checked_on is not null,
			evidence => s.name || ': on file')
		  from duty.staff(v) s left join lateral (
		       select k.level, k.checked_on from data.staff_check k
		        where k.staff_id = s.staff_id and k.level >= ((c).parameters ->> 'level')::data.dbs_level
		          and (k.barred_list or not duty.says(c, 'barred_list'))
		          and k.checked_on <= duty.day(v) and coalesce(k.valid_until, 'infinity') >= duty.day(v)
		        order by k.checked_on desc limit 1) as k on true
		offset 0) as x (f);
end;
$$;
comment on function duty.vetting(data.visit, data.clause) is 'Everybody of the staff who goes has been checked';
