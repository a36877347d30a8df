-- Where there are concerns, or no school hours, another way is considered first.
select duty.kind('alternative_considered', 'Another way than a visit was considered',
	'{"when": {"type": "choice", "required": true, "choices": ["concerns", "out_of_hours"]}}') \g /dev/null

create function duty.alternative_considered(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that another place or time was considered', gate => 'approve',
			met_at => duty.done(v, c),
			applies => case (c).parameters ->> 'when' when 'concerns' then duty.has_concerns(v)
			                else not duty.in_school_hours(v) end)
		offset 0) as x (f);
end;
$$;
comment on function duty.alternative_considered(data.visit, data.clause) is 'Another way than a visit was considered';
