-- Planning and changing a visit.  The programs have checked how each field
-- looks; here is checked whether it fits the records, all of it at once.

-- The visit as the body that would plan it.
create function api.visit_body(visit data.visit) returns jsonb
language sql stable
begin atomic
	select jsonb_strip_nulls(jsonb_build_object(
		'school_urn', (visit).school_urn, 'purpose', (visit).purpose,
		'planned_start', (visit).planned_start, 'planned_end', (visit).planned_end, 'return_by',
			(visit).return_by,
		'announced', (visit).announced, 'parents_told_by', (visit).parents_told_by,
		'parents_agreed', (visit).parents_agreed, 'unannounced_reason', (visit).unannounced_reason,
		'necessity', (visit).necessity, 'out_of_hours_reason', (visit).out_of_hours_reason,
		'responsible_contact', (visit).responsible_contact, 'plan', (visit).plan,
		'child_protection', (visit).child_protection, 'transports_pupil', (visit).transports_pupil,
		'agreement', (visit).agreement_id,
		'place', jsonb_build_object('address', (visit).address, 'postcode', (visit).postcode),
		'vehicle', jsonb_build_object('make', (visit).vehicle_make, 'model', (visit).vehicle_model,
			'registration', (visit).vehicle_registration, 'colour', (visit).vehicle_colour),
		'pupils', (select jsonb_agg(p.pupil_id order by p.position)
		             from data.visit_pupil p where p.visit_id = (visit).visit_id),
		'team', (select jsonb_agg(jsonb_build_object('staff_id', t.staff_id, 'name', t.name,
		                    'organisation', t.organisation, 'role', t.role, 'lead', t.lead,
		                    'phone', t.phone) order by t.position)
		           from data.team_member t where t.visit_id = (visit).visit_id)));
end;
comment on function api.visit_body(data.visit) is 'A visit as the body that would plan it';

-- On the day of the visit a pupil is of the school, or no other has had them since.
create function api.visit_pupil_problems(school int, pupils jsonb, day date) returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/pupils/' || p.n - 1, 'detail', case
			when p.n > p.first then 'is in the list twice' when s.known then 'is at another school now'
			else 'is not a pupil of this school' end)
	  from (select id::bigint as id, n, min(n) over (partition by id) as first
	          from jsonb_array_elements_text(pupils) with ordinality as given (id, n)) as p
	       cross join lateral (select count(*) > 0 as known,
	                                  bool_or(day <= e.left_on or auth.reaches_family(e.pupil_id, e.left_on)) as reached
	                             from data.enrolment e where e.pupil_id = p.id and e.school_urn = school) as s
	 where s.reached is not true or p.n > p.first
	 order by p.n;
end;
comment on function api.visit_pupil_problems(int, jsonb, date) is 'What is wrong with the pupils of a visit';

-- A team as it is compared and stored; what GET answers, where staff have their
-- name beside them, is the same as what stands.
create function api.visit_team_normal(team jsonb) returns jsonb
language sql immutable
begin atomic
	select coalesce(jsonb_agg('{"lead": false}'::jsonb || case when m ? 'staff_id' then m - 'name' else m end
	                          order by n), '[]')
	  from jsonb_array_elements(jsonb_strip_nulls(team)) with ordinality as t (m, n);
end;
comment on function api.visit_team_normal(jsonb) is 'A team without names beside staff, and with lead said';

-- Who of the staff goes works at a school that the client sees, on the day of the visit.
create function api.visit_team_problems(team jsonb, day date) returns setof jsonb
language sql stable
begin atomic
	with member as (
		select m, n, (m ->> 'staff_id')::bigint as staff_id, '/team/' || n - 1 as pointer
		  from jsonb_array_elements(team) with ordinality as given (m, n)
	), problem (n, pointer, detail) as (
		select n, pointer || '/staff_id', 'is not a member of staff that this client sees' from member
		 where staff_id is not null and not exists (select from data.staff s where s.staff_id = member.staff_id)
		union all
		select n, pointer || '/staff_id', 'has left by that day' from member
		 where exists (select from data.post p where p.staff_id = member.staff_id)
		   and not exists (select from data.post p where p.staff_id = member.staff_id
		                      and coalesce(p.left_on, 'infinity') >= day)
		union all
		select n, pointer || '/staff_id', 'is in the team twice' from member
		 where exists (select from member other where other.staff_id = member.staff_id and other.n < member.n)
		union all
		select n, pointer, 'needs a staff_id, or the name of an outside professional' from member
		 where staff_id is null and not m ? 'name'
		union all
		select n, pointer || '/name', 'must not be empty' from member
		 where m ->> 'name' !~ '[^[:space:]]'
		union all
		select n, pointer || '/' || key, 'is for outside professionals: leave it out beside a staff_id'
		  from member, unnest(array['organisation', 'role']) as key
		 where staff_id is not null and m ? key
		union all
		select 0, '/team', 'needs exactly one member with "lead": true'
		 where (select count(*) from member where (m ->> 'lead')::boolean) <> 1
	)
	select jsonb_build_object('pointer', pointer, 'detail', detail) from problem order by n, pointer;
end;
comment on function api.visit_team_problems(jsonb, date) is 'What is wrong with the team of a visit';

-- body: a whole visit as for planning.  known: the visit as it stands, null for
-- a new one; people who were on it already may stay, seen by the client or not.
create function api.visit_problems(body jsonb, known jsonb default null) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(problem), '[]') from (
		select jsonb_build_object('pointer', '/school_urn', 'detail',
			'is not a school that this client sees') as problem
		 where not exists (select from data.school s where s.urn = (body ->> 'school_urn')::int)
		union all
		select jsonb_build_object('pointer', '/planned_end', 'detail', 'must be after planned_start')
		 where (body ->> 'planned_end')::timestamptz <= (body ->> 'planned_start')::timestamptz
		union all
		select jsonb_build_object('pointer', '/planned_end', 'detail',
			'must be within 24 hours of planned_start')
		 where (body ->> 'planned_end')::timestamptz > (body ->> 'planned_start')::timestamptz + interval '24 hours'
		union all
		select jsonb_build_object('pointer', '/return_by', 'detail',
			'must not be before planned_end, nor 24 hours after planned_start')
		 where (body ->> 'return_by')::timestamptz < (body ->> 'planned_end')::timestamptz
		    or (body ->> 'return_by')::timestamptz > (body ->> 'planned_start')::timestamptz + interval '24 hours'
		union all
		select jsonb_build_object('pointer', '/parents_told_by', 'detail', 'is for announced visits only')
		 where not (body ->> 'announced')::boolean and body ? 'parents_told_by'
		union all
		select jsonb_build_object('pointer', '/parents_agreed', 'detail', 'is for announced visits only')
		 where not (body ->> 'announced')::boolean and (body ->> 'parents_agreed')::boolean
		union all
		select jsonb_build_object('pointer', '/unannounced_reason', 'detail',
			'is for visits that are not announced')
		 where (body ->> 'announced')::boolean and body ? 'unannounced_reason'
		union all
		select jsonb_build_object('pointer', '/agreement', 'detail',
			'is not an agreement of this school with one of the pupils')
		 where body ->> 'agreement' is distinct from known ->> 'agreement' and body ? 'agreement'
		   and not exists (select from data.agreement a where a.agreement_id = (body ->> 'agreement')::bigint
		                      and a.school_urn = (body ->> 'school_urn')::int
		                      and body -> 'pupils' @> to_jsonb(a.pupil_id))
		union all
		select api.visit_pupil_problems((body ->> 'school_urn')::int, body -> 'pupils',
			data.day_of((body ->> 'planned_start')::timestamptz))
		 where body -> 'pupils' is distinct from known -> 'pupils'
		union all
		select api.visit_team_problems(body -> 'team', data.day_of((body ->> 'planned_start')::timestamptz))
		 where body -> 'team' is distinct from known -> 'team') as found;
end;
comment on function api.visit_problems(jsonb,
	jsonb) is 'Everything in which a visit does not fit the records, as JSON array of {pointer, detail}';

create function api.visit_pupils_write(visit bigint, school int, pupils jsonb) returns void
language sql volatile
begin atomic
	insert into data.visit_pupil (visit_id, school_urn, pupil_id, position)
	select visit, school, id::bigint, n
	  from jsonb_array_elements_text(pupils) with ordinality as p (id, n);
end;
comment on function api.visit_pupils_write(bigint, int, jsonb) is 'Writes the pupils of a visit';

create function api.visit_team_write(visit bigint, school int, team jsonb) returns void
language sql volatile
begin atomic
	insert into data.team_member (visit_id, school_urn, position, staff_id, name, organisation, role, lead, phone)
	select visit, school, n, (m ->> 'staff_id')::bigint, m ->> 'name', m ->> 'organisation', m ->> 'role',
	       coalesce((m ->> 'lead')::boolean, false), m ->> 'phone'
	  from jsonb_array_elements(team) with ordinality as t (m, n);
end;
comment on function api.visit_team_write(bigint, int, jsonb) is 'Writes the team of a visit';

-- What a plan says of the visit itself, as its row.
create function api.visit_row(plan jsonb) returns data.visit
language sql stable
begin atomic
	select r from jsonb_populate_record(null::data.visit, plan || jsonb_build_object(
		'address', plan #> '{place,address}', 'postcode', plan #> '{place,postcode}',
		'parents_agreed', coalesce(plan -> 'parents_agreed', 'false'),
		'child_protection', coalesce(plan -> 'child_protection', 'false'),
		'agreement_id', plan -> 'agreement',
		'transports_pupil', coalesce(plan -> 'transports_pupil', 'false'), 'drill',
			coalesce(plan -> 'drill', 'false'),
		'vehicle_make', plan #> '{vehicle,make}', 'vehicle_model', plan #> '{vehicle,model}',
		'vehicle_registration', plan #> '{vehicle,registration}', 'vehicle_colour',
			plan #> '{vehicle,colour}')) as r;
end;
comment on function api.visit_row(jsonb) is 'What a plan says of the visit itself, as its row';

-- Planning a visit is asking for its approval.
create function api.visit_plan(body jsonb) returns setof api.visit
language plpgsql volatile
as $$
declare
	plan jsonb := jsonb_strip_nulls(body) || jsonb_build_object('team', api.visit_team_normal(body -> 'team'));
	made bigint;
begin
	perform api.refuse(api.visit_problems(plan));
	insert into data.visit (school_urn, purpose, planned_start, planned_end, return_by, address, postcode,
		announced,
	                        parents_told_by, parents_agreed, unannounced_reason, necessity, out_of_hours_reason,
	                        responsible_contact, plan, child_protection, transports_pupil, drill, agreement_id,
	                        vehicle_make, vehicle_model, vehicle_registration, vehicle_colour, planned_by)
	select r.school_urn, r.purpose, r.planned_start, r.planned_end, r.return_by, r.address, r.postcode, r.announced,
	       r.parents_told_by, r.parents_agreed, r.unannounced_reason, r.necessity, r.out_of_hours_reason,
	       r.responsible_contact, r.plan, r.child_protection, r.transports_pupil, r.drill, r.agreement_id,
	       r.vehicle_make, r.vehicle_model, r.vehicle_registration, r.vehicle_colour, auth.staff_id()
	  from api.visit_row(plan) as r
	returning visit_id into made;
	perform api.visit_pupils_write(made, (plan ->> 'school_urn')::int, plan -> 'pupils'),
	        api.visit_team_write(made, (plan ->> 'school_urn')::int, plan -> 'team');
	insert into data.approval_request (visit_id, school_urn, by_staff_id, at, client_id)
	values (made, (plan ->> 'school_urn')::int, auth.staff_id(), now(), auth.client_id());
	perform duty.weigh(made);
	return query select * from api.visit_read(made);
end;
$$;
comment on function api.visit_plan(jsonb) is 'Plans a visit; fails with DS422 and every problem';

create function api.visit_store(was data.visit, plan jsonb, anew boolean) returns void
language sql volatile
begin atomic
	update data.visit v
	   set purpose = r.purpose, planned_start = r.planned_start, planned_end = r.planned_end,
	       return_by = r.return_by,
	       address = r.address, postcode = r.postcode, announced = r.announced,
	       parents_told_by = r.parents_told_by, parents_agreed = r.parents_agreed,
	       unannounced_reason = r.unannounced_reason, necessity = r.necessity,
	       out_of_hours_reason = r.out_of_hours_reason, responsible_contact = r.responsible_contact,
	       plan = r.plan, child_protection = r.child_protection, transports_pupil = r.transports_pupil,
	       agreement_id = r.agreement_id, vehicle_make = r.vehicle_make, vehicle_model = r.vehicle_model,
	       vehicle_registration = r.vehicle_registration, vehicle_colour = r.vehicle_colour,
	       plan_changed_at = case when anew then clock_timestamp() else v.plan_changed_at end
	  from api.visit_row(visit_store.plan) as r
	 where v.visit_id = (was).visit_id;
end;
comment on function api.visit_store(data.visit, jsonb, boolean) is 'Writes a changed plan into its visit';

-- What an approval is of: a change of these asks for another one, until the
-- team has departed.
create function api.visit_approved_part(plan jsonb) returns jsonb
language sql immutable
return jsonb_path_query_array(plan, '$.purpose') || jsonb_path_query_array(plan, '$.planned_start')
	|| jsonb_path_query_array(plan, '$.planned_end') || jsonb_path_query_array(plan, '$.place')
	|| jsonb_path_query_array(plan, '$.pupils') || jsonb_path_query_array(plan, '$.team[*].staff_id')
	|| jsonb_path_query_array(plan, '$.team[*].name') || jsonb_path_query_array(plan, '$.announced');
comment on function api.visit_approved_part(jsonb) is 'What of a plan an approval covers: why, when, where, whom and who';

-- if_match: the versions that the caller knows, or "*".  body: JSON Merge
-- Patch.  Fails with DS404, DS412 (stale), DS409 (the visit is over), DS422.
create function api.visit_change(visit bigint, if_match text[], body jsonb) returns setof api.visit
language plpgsql volatile
as $$
declare
	was   data.visit;
	known jsonb;
	plan  jsonb;
	anew  boolean;
begin
	was := api.visit_locked(visit);
	if not if_match && array['*', was.version::text] then
		raise exception 'The visit has changed since it was read: read it again.' using errcode = 'DS412';
	end if;
	if was.state in ('returned', 'recorded', 'cancelled', 'declined', 'aborted') then
		raise exception 'The visit is over: add a note instead.' using errcode = 'DS409';
	end if;
	known := api.visit_body(was);
	plan := jsonb_strip_nulls(api.merge_patch(known, body));
	plan := plan || jsonb_build_object('team', api.visit_team_normal(plan -> 'team'));
	perform api.refuse(api.visit_problems(plan, known));
	anew := api.visit_approved_part(plan) <> api.visit_approved_part(known);
	if was.departed_at is not null and (anew or plan -> 'return_by' is distinct from known -> 'return_by') then
		raise exception 'The team has departed: why, when, where, whom and who stand. Tell of a delay by the event "delayed".'
			using errcode = 'DS409';
	end if;
	if plan <> known then -- a change of nothing makes no new version
		perform api.visit_store(was, plan, anew);
	end if;
	if plan -> 'pupils' is distinct from known -> 'pupils' then
		delete from data.visit_pupil p where p.visit_id = visit;
		perform api.visit_pupils_write(visit, was.school_urn, plan -> 'pupils');
	end if;
	if plan -> 'team' is distinct from known -> 'team' then
		delete from data.team_member t where t.visit_id = visit;
		perform api.visit_team_write(visit, was.school_urn, plan -> 'team');
	end if;
	if anew and (was.policy_version_id is not null or coalesce(was.approved_at, was.refused_at) is not null) then
		insert into data.approval_request (visit_id, school_urn, by_staff_id, note, at, client_id)
		values (visit, was.school_urn, auth.staff_id(), 'The plan has changed.', clock_timestamp(), auth.client_id());
	end if;
	perform duty.weigh(visit);
	return query select * from api.visit_read(visit);
end;
$$;
comment on function api.visit_change(bigint, text[],
	jsonb) is 'Changes a visit by JSON Merge Patch, if it is as the caller knows it';
