create view api.record with (security_invoker = true) as
select r.record_id as id, r.visit_id, r.school_urn, r.by_staff_id as by, r.at, r.outcome, r.notes, r.family_views,
       r.barriers, r.support, r.spoke_to, r.pupil_seen, r.kept_in, r.reference, r.shared_with,
       to_json(r.kept) as kept, nullif(array_to_string(r.kept, '; '), '') as kept_text, r.next_visit_on, r.recorded_at
  from data.visit_record r;
comment on view api.record is 'The written records of visits as the API shows them';

create function api.record_list(school int default null,
	recorded_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.record
language sql stable
begin atomic
	select r.* from api.record r
	 where (school is null or r.school_urn = school)
	   and (record_list.recorded_after is null or r.recorded_at > record_list.recorded_after)
	   and (after is null or r.id > after)
	 order by r.id limit max_rows;
end;
comment on function api.record_list(int, timestamptz, bigint, int) is 'Written records, in the order of recording';

create function api.visit_record_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.record
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select r.* from api.record r
	 where r.visit_id = visit and (after is null or r.id > after)
	 order by r.id limit max_rows;
end;
$$;
comment on function api.visit_record_list(bigint, bigint,
	int) is 'The written records of a visit, in the order of recording';

create function api.record_problems(visit data.visit, body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(problem), '[]') from (
		select jsonb_build_object('pointer', '/at', 'detail',
		           'is before the team departed, at ' || data.rfc3339((visit).departed_at)) as problem
		 where (body ->> 'at')::timestamptz < (visit).departed_at
		union all
		select jsonb_build_object('pointer', '/kept/' || k.n - 1, 'detail',
		           'is not a clause of the policy that the visit falls under')
		  from jsonb_array_elements_text(coalesce(body -> 'kept', '[]')) with ordinality as k (clause, n)
		 where not exists (select from data.clause c
		                    where c.policy_version_id = (visit).policy_version_id
		                        and c.clause = k.clause)) as found;
end;
comment on function api.record_problems(data.visit,
	jsonb) is 'What is wrong with a written record besides what any record can have wrong';

-- Fails with DS404, with DS409 when nothing is known of how the visit went,
-- with DS422 and every problem.
create function api.record_add(visit bigint, body jsonb) returns setof api.record
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	said jsonb := jsonb_strip_nulls(body);
	made bigint;
begin
	if num_nonnulls(its.departed_at, its.cancelled_at, its.declined_at, its.aborted_at) = 0 then
		raise exception 'The visit has not been made: record what happened first (departed, cancelled, declined).'
			using errcode = 'DS409';
	end if;
	perform api.refuse(api.aftermath_problems(its, said) || api.record_problems(its, said));
	insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, family_views, barriers,
	                               support, spoke_to, pupil_seen, kept_in, reference, shared_with, kept,
	                               next_visit_on, client_id)
	values (visit, its.school_urn, (said ->> 'by')::bigint, api.at_of(said),
	        (said ->> 'outcome')::data.visit_outcome, said ->> 'notes', said ->> 'family_views',
	            said ->> 'barriers',
	        said ->> 'support', said ->> 'spoke_to', (said ->> 'pupil_seen')::boolean,
	        (said ->> 'kept_in')::data.record_place, said ->> 'reference', said ->> 'shared_with',
	        array(select jsonb_array_elements_text(coalesce(said -> 'kept', '[]'))),
	        (said ->> 'next_visit_on')::date, auth.client_id())
	returning record_id into made;
	perform duty.weigh(visit);
	return query select r.* from api.record r where r.id = made;
end;
$$;
comment on function api.record_add(bigint, jsonb) is 'Writes the record of a visit, or a further one that corrects it';
