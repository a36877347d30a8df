-- What the records that follow a visit (written records, concerns, incidents,
-- …) have in common.  They name the same things by the same members: by, at,
-- staff, pupil, told_to, told_at, police_at, held_at.

create function api.aftermath_problems(visit data.visit, body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(problem), '[]') from (
		select api.staff_problems(body, 'by', 'staff', 'told_to') as problem
		union all
		select api.future_problems(body, 'at', 'told_at', 'police_at', 'held_at')
		union all
		select jsonb_build_object('pointer', '/pupil', 'detail', 'is not a pupil of this school')
		 where body ->> 'pupil' is not null
		   and not exists (select from data.enrolment e where e.pupil_id = (body ->> 'pupil')::bigint
		                      and e.school_urn = (visit).school_urn)
		union all
		select jsonb_build_object('pointer', '/' || missing, 'detail', 'is required beside ' || given)
		  from (values ('told_to', 'told_at'), ('told_at', 'told_to')) as pair (given, missing)
		 where body ->> given is not null and body ->> missing is null) as found;
end;
comment on function api.aftermath_problems(data.visit, jsonb)
	is 'In what a record that follows a visit does not fit the others, as JSON array of {pointer, detail}';
