-- The trail as a client with the scope audit:read may read it: of the schools that
-- it sees.  What a record said is told with the scope alone that opens it.  Definers,
-- since nobody else reads the trail.

-- The records whose trail can be asked for.
create or replace function audit.kinds() returns table (kind text, record text, key text)
language sql immutable rows 12
begin atomic
	select * from (values
		('visit', 'data.visit', 'visit_id'),
		('visit_record', 'data.visit_record', 'record_id'),
		('concern', 'data.concern', 'concern_id'),
		('incident', 'data.incident', 'incident_id'),
		('risk_assessment', 'data.risk_assessment', 'assessment_id'),
		('agreement', 'data.agreement', 'agreement_id'),
		('letter', 'data.letter', 'letter_id'),
		('referral', 'data.referral', 'referral_id'),
		('penalty_notice', 'data.penalty_notice', 'notice_id'),
		('notice_to_improve', 'data.improvement_notice', 'notice_id'),
		('pupil', 'data.pupil', 'pupil_id')) as k (kind, record, key);
end;
comment on function audit.kinds() is 'The kinds of records whose trail can be asked for';

-- A row for each column that a change made another: of a new record, each that has a
-- value; of a pupil, what is of those schools (audit.is_of).  Fails with DS404 when the
-- schools of the client have no such record.
create or replace function audit.trail_of(kind text, id bigint)
returns table (entry_id bigint, at timestamptz, client_id text, request_id text, action text, "column" text, was text,
	is_now text)
language plpgsql stable rows 50 security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
	asked   record;
	schools constant int[] := auth.schools();
begin
	select k.record, k.key, k.record = any (audit.opened()) as opens into asked from audit.kinds() k
	 where k.kind = trail_of.kind and auth.has_scope('audit:read');
	if not found or not exists (select from audit.entry e
	   where e.record = asked.record and e.key = jsonb_build_object(asked.key, id)
	     and case when kind = 'pupil' then exists (select from data.enrolment n
	                   where n.pupil_id = id and n.school_urn = any (schools))
	              else e.school_urn = any (schools) end) then
		raise exception 'There is no such record, or this client may not read it.' using errcode = 'DS404';
	end if;
	return query
	select e.entry_id, e.at, e.client_id, e.request_id, e.action, c.name,
	       case when asked.opens then e.before ->> c.name end, case when asked.opens then e.after ->> c.name end
	  from audit.entry e
	       cross join lateral (select jsonb_object_keys(coalesce(e.after, e.before)) as name) as c
	 where e.record = asked.record and e.key = jsonb_build_object(asked.key, id) and audit.is_of(e, schools)
	   and (e.before -> c.name) is distinct from (e.after -> c.name)
	   and coalesce(e.before ->> c.name, e.after ->> c.name) is not null and c.name not in ('version', 'updated_at')
	 order by e.entry_id, c.name;
end;
$$;
comment on function audit.trail_of(text, bigint) is 'What was changed of a record: by which client, when, from what, to what';

-- The paths that name a pupil, or a record of the pupil.
create or replace function audit.paths_of(pupil bigint) returns setof text
language sql stable rows 20
begin atomic
	with visit as (select p.visit_id from data.visit_pupil p where p.pupil_id = pupil)
	select '/api/v1/pupils/' || pupil
	union all select '/api/v1/visits/' || v.visit_id from visit v
	union all select '/api/v1/agreements/' || a.agreement_id from data.agreement a where a.pupil_id = pupil
	union all select '/api/v1/letters/' || l.letter_id from data.letter l where l.pupil_id = pupil
	union all select '/api/v1/referrals/' || r.referral_id from data.referral r where r.pupil_id = pupil
	union all select '/api/v1/penalty-notices/' || n.notice_id from data.penalty_notice n where n.pupil_id = pupil
	union all select '/api/v1/notices-to-improve/' || n.notice_id from data.improvement_notice n where n.pupil_id = pupil
	union all select '/api/v1/contacts/' || c.contact_id from data.contact c where c.pupil_id = pupil
	union all select '/api/v1/subject-requests/' || s.request_id from data.subject_request s
	           where s.subject = 'pupil' and s.subject_id = pupil
	-- what has a trail, and no page of its own
	union all select '/api/v1/visit-records/' || o.record_id from visit v join data.visit_record o using (visit_id)
	union all select '/api/v1/concerns/' || c.concern_id from visit v join data.concern c using (visit_id)
	           where c.pupil_id is null or c.pupil_id = pupil
	union all select '/api/v1/incidents/' || i.incident_id from visit v join data.incident i using (visit_id)
	union all select '/api/v1/risk-assessments/' || a.assessment_id from data.risk_assessment a
	           where a.pupil_id = pupil or a.visit_id in (select v.visit_id from visit v);
end;
comment on function audit.paths_of(bigint) is 'The paths that name a pupil, or a record of the pupil';

-- Who saw a pupil's records, from one day to another, as they were while the pupil was on the roll of
-- a school that the client sees: named, by path or filter; or within a list that may
-- have had them, of the whole trust or of their school.  Fails with DS404.
create or replace function audit.access_to(pupil bigint, "first" date, "last" date)
returns table (access_id bigint, at timestamptz, client_id text, request_id text, resource text, format text,
	row_count bigint, how text)
language plpgsql stable rows 50 security definer set search_path = pg_catalog
as $$
declare
	paths text[] := array(select p from audit.paths_of(pupil) as p);
begin
	if not auth.has_scope('audit:read') or not exists (select from data.enrolment n
	       where n.pupil_id = pupil and n.school_urn = any (auth.schools())) then
		raise exception 'There is no such pupil, or this client may not see them.' using errcode = 'DS404';
	end if;
	return query
	select a.access_id, a.at, a.client_id, a.request_id, a.resource, a.format, a.row_count, h.how
	  from audit.access a
	       cross join lateral (select data.day_of(coalesce((a.filters ->> 'made_at')::timestamptz, a.at)) as day) as seen
	       cross join lateral (select case
	           when audit.path_named(a.resource, a.filters) = any (paths) or a.filters ->> 'pupil' = pupil::text
	           then 'named'
	           when a.resource !~ '/[0-9]+' and not a.filters ?| '{pupil,record}' and a.row_count > 0
	                and exists (select from data.enrolment e
	                    where e.pupil_id = access_to.pupil and seen.day between e.admitted_on
	                          and coalesce(e.left_on, 'infinity')
	                      and e.school_urn::text = coalesce(a.filters ->> 'school', e.school_urn::text)
	                      and (a.filters ->> 'acting_at' in ('trust', e.school_urn::text)
	                           or exists (select from auth.client c where c.client_id = a.client_id and c.all_schools)
	                           or exists (select from auth.client_school s where s.client_id = a.client_id
	                                         and s.school_urn = e.school_urn))) then 'in a list' end as how) as h
	 where a.at >= "first"::timestamp at time zone 'Europe/London'
	   and a.at < ("last" + 1)::timestamp at time zone 'Europe/London' and h.how is not null
	   and exists (select from data.enrolment e where e.pupil_id = access_to.pupil and e.school_urn = any (auth.schools())
	                  and seen.day between e.admitted_on and coalesce(e.left_on, 'infinity'))
	   and not a.filters ? 'made'
	 order by a.access_id;
end;
$$;
comment on function audit.access_to(bigint, date, date) is 'Who saw the records of a pupil, by path, filter or list, between two days';
