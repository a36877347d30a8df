-- Risk assessments: of a school (general), or of a visit.  The rows of the form
-- are its hazards.
create view api.risk_assessment with (security_invoker = true) as
select a.assessment_id as id, a.school_urn, a.kind, a.visit_id, a.pupil_id as pupil, a.staff_id as staff,
       a.by_staff_id as by, a.at, a.level, a.staff_needed, a.proceed, a.notes, a.review_on,
       coalesce(later.assessment_id is null and a.review_on <= data.day_of(now()), false) as due_for_review,
       a.replaces, later.assessment_id as replaced_by,
       (select coalesce(json_agg(json_build_object('kind', h.kind, 'hazard', h.hazard, 'who', h.who, 'how', h.how,
                   'level', h.level, 'reduction', h.reduction, 'success', h.success) order by h.position), '[]')
          from data.risk_hazard h where h.assessment_id = a.assessment_id) as hazards,
       (select string_agg(concat_ws(': ', h.kind || coalesce(' (' || h.hazard || ')', ''), h.level,
                   concat_ws('; ', 'who: ' || h.who, 'how: ' || h.how, 'reduced by: ' || h.reduction,
                       'success: ' || h.success)), E'\n' order by h.position)
          from data.risk_hazard h where h.assessment_id = a.assessment_id) as hazards_text,
       a.recorded_at
  from data.risk_assessment a left join data.risk_assessment later on later.replaces = a.assessment_id;
comment on view api.risk_assessment is 'Risk assessments as the API shows them; due for review is what nothing replaces';

create function api.risk_assessment_list(school int default null, kind data.assessment_kind default null,
	due_for_review boolean default null, after bigint default null, max_rows int default null)
returns setof api.risk_assessment
language sql stable
begin atomic
	select a.* from api.risk_assessment a
	 where (school is null or a.school_urn = school)
	   and (risk_assessment_list.kind is null or a.kind = risk_assessment_list.kind)
	   and (risk_assessment_list.due_for_review is null or a.due_for_review = risk_assessment_list.due_for_review)
	   and (after is null or a.id > after)
	 order by a.id limit max_rows;
end;
comment on function api.risk_assessment_list(int, data.assessment_kind, boolean, bigint, int)
	is 'Risk assessments, in the order of recording';

-- reused: made for all visits of the school, or for the first visit to the home
-- of one of the pupils.
create view api.visit_assessment with (security_invoker = true) as
select a.*, v.visit_id as of_visit, a.visit_id is distinct from v.visit_id as reused
  from data.visit v join api.risk_assessment a on a.school_urn = v.school_urn
 where a.visit_id = v.visit_id
    or a.replaced_by is null
       and (a.kind = 'general'
            or a.kind = 'first_visit' and exists (select from data.visit_pupil p
                where p.visit_id = v.visit_id and p.pupil_id = a.pupil));
comment on view api.visit_assessment is 'The risk assessments of a visit as the API shows them';

-- Fails with DS404 when there is no such visit.
create function api.visit_assessment_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.visit_assessment
language plpgsql stable rows 5
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select a.* from api.visit_assessment a
	 where a.of_visit = visit and (after is null or a.id > after)
	 order by a.id limit max_rows;
end;
$$;
comment on function api.visit_assessment_list(bigint, bigint, int)
	is 'The risk assessments of a visit, those that it reuses among them';

-- What can be replaced: the assessment of the same kind, of the same school or
-- visit or home, that nothing replaces yet.
create function api.replaces_problems(replaces bigint, kind data.assessment_kind, school int, visit bigint,
	pupil bigint)
returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/replaces', 'detail', case
			when a.id is null then 'is not a risk assessment of this kind, for the same'
			else 'is replaced already' end)
	  from (select replaces) as given
	       left join api.risk_assessment a on a.id = given.replaces and a.kind = replaces_problems.kind
	                 and a.school_urn = school
	                 and case a.kind when 'general' then true
	                     when 'first_visit' then a.pupil = replaces_problems.pupil else a.visit_id = visit end
	 where given.replaces is not null and (a.id is null or a.replaced_by is not null);
end;
comment on function api.replaces_problems(bigint, data.assessment_kind, int, bigint, bigint)
	is 'Why a risk assessment cannot be replaced';

create function api.assessment_problems(body jsonb) returns setof jsonb
language sql stable
begin atomic
	select api.staff_problems(body, 'by')
	union all
	select api.future_problems(body, 'at')
	union all
	select jsonb_build_object('pointer', '/review_on', 'detail', 'must not be before the day of the assessment')
	 where (body ->> 'review_on')::date < data.day_of(coalesce((body ->> 'at')::timestamptz, now()))
	union all
	select jsonb_build_object('pointer', '/hazards/' || n - 1 || '/hazard', 'detail',
		'is required: say which hazard')
	  from jsonb_array_elements(body -> 'hazards') with ordinality as given (h, n)
	 where h ->> 'kind' = 'other' and coalesce(h ->> 'hazard', '') !~ '[^[:space:]]';
end;
comment on function api.assessment_problems(jsonb) is 'What is wrong with a risk assessment, whatever its kind';

-- Of a first visit: whose home it is; of lone working: who goes alone.  What is
-- not said is the only one there is.
create function api.assessed_problems(visit bigint, body jsonb) returns setof jsonb
language sql stable
begin atomic
	select jsonb_build_object('pointer', '/' || who.member, 'detail', case
			when body ->> 'kind' <> who.of_kind then 'is for the kind ' || who.of_kind || ' only'
			when body ->> who.member is null then 'is required: there are several'
			else who.wrong end)
	  from (values ('pupil', 'first_visit', 'is not a pupil of this visit',
	                array(select p.pupil_id from data.visit_pupil p where p.visit_id = visit)),
	               ('staff', 'lone_working', 'is not of the staff of this visit',
	                array(select t.staff_id from data.team_member t where t.visit_id = visit
	                    and t.staff_id is not null)))
	       as who (member, of_kind, wrong, ids)
	 where case when body ->> 'kind' <> who.of_kind then body ->> who.member is not null
	            when body ->> who.member is null then cardinality(who.ids) > 1
	            else (body ->> who.member)::bigint <> all (who.ids) end;
end;
comment on function api.assessed_problems(bigint,
	jsonb) is 'What is wrong with whom a risk assessment of a visit is about';

create function api.assessment_write(school int, visit bigint, body jsonb) returns bigint
language plpgsql volatile
as $$
declare
	made bigint;
begin
	insert into data.risk_assessment (school_urn, kind, visit_id, pupil_id, staff_id, by_staff_id, level,
		staff_needed,
	                                  proceed, notes, review_on, replaces, at, client_id)
	values (school, (body ->> 'kind')::data.assessment_kind, visit, (body ->> 'pupil')::bigint,
	        (body ->> 'staff')::bigint, (body ->> 'by')::bigint, (body ->> 'level')::data.risk_level,
	        coalesce((body ->> 'staff_needed')::int, 1), (body ->> 'proceed')::boolean, body ->> 'notes',
	        (body ->> 'review_on')::date, (body ->> 'replaces')::bigint, api.at_of(body), auth.client_id())
	returning assessment_id into made;
	insert into data.risk_hazard (assessment_id, school_urn, position, kind, hazard, who, how, level, reduction,
		success)
	select made, school, n, f.kind, f.hazard, f.who, f.how, f.level, f.reduction, f.success
	  from jsonb_array_elements(body -> 'hazards') with ordinality as given (h, n),
	       jsonb_populate_record(null::data.risk_hazard, given.h) as f;
	return made;
end;
$$;
comment on function api.assessment_write(int, bigint, jsonb) is 'Writes a risk assessment and its hazards';

-- body: {school_urn, by, at, level, staff_needed, proceed, notes, review_on,
-- replaces, hazards}.  Fails with DS422; so does the other, and with DS404.
create function api.general_assessment_add(body jsonb) returns setof api.risk_assessment
language plpgsql volatile
as $$
declare
	said   jsonb := jsonb_strip_nulls(body) || '{"kind": "general"}';
	school int := body ->> 'school_urn';
	made   bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.school_problems(said)
		union all
		select api.assessment_problems(said)
		union all
		select api.replaces_problems((said ->> 'replaces')::bigint, 'general', school, null, null)) as f (p)));
	made := api.assessment_write(school, null, said);
	perform duty.weigh_open(school);
	return query select a.* from api.risk_assessment a where a.id = made;
end;
$$;
comment on function api.general_assessment_add(jsonb) is 'Adds a risk assessment of all visits of a school';

-- Of the first visit to a home the later ones, too, make use.
create function api.visit_assessment_add(visit bigint, body jsonb) returns setof api.visit_assessment
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	said jsonb := jsonb_strip_nulls(body);
	made bigint;
begin
	if said ->> 'kind' = 'first_visit' and not said ? 'pupil' then
		said := said || coalesce((select jsonb_build_object('pupil', min(p.pupil_id)) from data.visit_pupil p
			where p.visit_id = visit having count(*) = 1), '{}');
	elsif said ->> 'kind' = 'lone_working' and not said ? 'staff' then
		said := said || coalesce((select jsonb_build_object('staff', min(t.staff_id)) from data.team_member t
			where t.visit_id = visit having count(t.staff_id) = 1), '{}');
	end if;
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.assessment_problems(said)
		union all
		select api.assessed_problems(visit, said)
		union all
		select api.replaces_problems((said ->> 'replaces')::bigint, (said ->> 'kind')::data.assessment_kind,
			its.school_urn, visit, (said ->> 'pupil')::bigint)) as f (p)));
	made := api.assessment_write(its.school_urn, visit, said);
	perform duty.weigh(visit);
	perform data.weigh_visits(array(select p.visit_id from data.visit_pupil p
		where p.pupil_id = (said ->> 'pupil')::bigint and p.visit_id <> visit));
	return query select a.* from api.visit_assessment a where a.id = made and a.of_visit = visit;
end;
$$;
comment on function api.visit_assessment_add(bigint, jsonb) is 'Adds a risk assessment of a visit';
