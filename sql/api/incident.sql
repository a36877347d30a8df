-- What befell the team: incidents and allegations, accidents, physical
-- interventions, and the debriefs after them.

create view api.incident with (security_invoker = true) as
select i.incident_id as id, i.visit_id, i.school_urn, i.nature, i.by_staff_id as by, i.at, i.text,
       i.told_staff_id as told_to, i.told_at, i.route, i.police_at, i.recorded_at
  from data.incident i;
comment on view api.incident is 'Incidents to staff and allegations against them as the API shows them';

create function api.incident_list(school int default null,
	recorded_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.incident
language sql stable
begin atomic
	select i.* from api.incident i
	 where (school is null or i.school_urn = school)
	   and (incident_list.recorded_after is null or i.recorded_at > incident_list.recorded_after)
	   and (after is null or i.id > after)
	 order by i.id limit max_rows;
end;
comment on function api.incident_list(int, timestamptz, bigint, int) is 'Incidents, in the order of recording';

create function api.visit_incident_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.incident
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select i.* from api.incident i
	 where i.visit_id = visit and (after is null or i.id > after)
	 order by i.id limit max_rows;
end;
$$;
comment on function api.visit_incident_list(bigint, bigint,
	int) is 'The incidents on a visit, in the order of recording';

create function api.incident_problems(body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(jsonb_build_object('pointer', '/route', 'detail', 'is for allegations only')), '[]')
	 where body ->> 'route' is not null and body ->> 'nature' <> 'allegation';
end;
comment on function api.incident_problems(jsonb) is 'What is wrong with an incident besides what any record can have wrong';

-- Fails with DS404, with DS422 and every problem; so do the others below.
create function api.incident_add(visit bigint, body jsonb) returns setof api.incident
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.aftermath_problems(its, body) || api.incident_problems(body));
	insert into data.incident (visit_id, school_urn, nature, by_staff_id, at, text, told_staff_id, told_at, route,
	                           police_at, client_id)
	values (visit, its.school_urn, (body ->> 'nature')::data.incident_nature, (body ->> 'by')::bigint,
		api.at_of(body),
	        body ->> 'text', (body ->> 'told_to')::bigint, (body ->> 'told_at')::timestamptz, body ->> 'route',
	        (body ->> 'police_at')::timestamptz, auth.client_id())
	returning incident_id into made;
	perform duty.weigh(visit);
	return query select i.* from api.incident i where i.id = made;
end;
$$;
comment on function api.incident_add(bigint, jsonb) is 'Records an incident on a visit, or an allegation';

create view api.accident with (security_invoker = true) as
select a.accident_id as id, a.visit_id, a.school_urn, a.by_staff_id as by, a.at, a.who, a.text, a.treatment,
       a.recorded_at
  from data.accident a;
comment on view api.accident is 'Accidents as the API shows them';

create function api.accident_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.accident
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select a.* from api.accident a
	 where a.visit_id = visit and (after is null or a.id > after)
	 order by a.id limit max_rows;
end;
$$;
comment on function api.accident_list(bigint, bigint, int) is 'The accidents on a visit, in the order of recording';

create function api.accident_add(visit bigint, body jsonb) returns setof api.accident
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.aftermath_problems(its, body));
	insert into data.accident (visit_id, school_urn, by_staff_id, at, who, text, treatment, client_id)
	values (visit, its.school_urn, (body ->> 'by')::bigint, api.at_of(body), body ->> 'who', body ->> 'text',
	        body ->> 'treatment', auth.client_id())
	returning accident_id into made;
	perform duty.weigh(visit);
	return query select a.* from api.accident a where a.id = made;
end;
$$;
comment on function api.accident_add(bigint, jsonb) is 'Records an accident on a visit';

create view api.intervention with (security_invoker = true) as
select i.intervention_id as id, i.visit_id, i.school_urn, i.pupil_id as pupil, i.by_staff_id as by, i.at, i.text, i.why,
       i.injury, i.told_staff_id as told_to, i.told_at, i.recorded_at
  from data.intervention i;
comment on view api.intervention is 'Physical interventions as the API shows them';

create function api.intervention_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.intervention
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select i.* from api.intervention i
	 where i.visit_id = visit and (after is null or i.id > after)
	 order by i.id limit max_rows;
end;
$$;
comment on function api.intervention_list(bigint, bigint, int)
	is 'The physical interventions on a visit, in the order of recording';

create function api.intervention_add(visit bigint, body jsonb) returns setof api.intervention
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.aftermath_problems(its, body));
	insert into data.intervention (visit_id, school_urn, pupil_id, by_staff_id, at, text, why, injury,
		told_staff_id,
	                               told_at, client_id)
	values (visit, its.school_urn, (body ->> 'pupil')::bigint, (body ->> 'by')::bigint, api.at_of(body),
	        body ->> 'text', body ->> 'why', body ->> 'injury', (body ->> 'told_to')::bigint,
	        (body ->> 'told_at')::timestamptz, auth.client_id())
	returning intervention_id into made;
	perform duty.weigh(visit);
	return query select i.* from api.intervention i where i.id = made;
end;
$$;
comment on function api.intervention_add(bigint, jsonb) is 'Records a physical intervention on a visit';

create view api.debrief with (security_invoker = true) as
select d.debrief_id as id, d.visit_id, d.school_urn, d.staff_id as staff, d.by_staff_id as by, d.at, d.held_at, d.note,
       d.recorded_at
  from data.debrief d;
comment on view api.debrief is 'Debriefs as the API shows them';

create function api.debrief_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.debrief
language plpgsql stable
as $$
begin
	perform api.visit_is_known(visit);
	return query
	select d.* from api.debrief d
	 where d.visit_id = visit and (after is null or d.id > after)
	 order by d.id limit max_rows;
end;
$$;
comment on function api.debrief_list(bigint, bigint, int) is 'The debriefs after a visit, in the order of recording';

create function api.debrief_add(visit bigint, body jsonb) returns setof api.debrief
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.aftermath_problems(its, body));
	insert into data.debrief (visit_id, school_urn, staff_id, by_staff_id, at, held_at, note, client_id)
	values (visit, its.school_urn, (body ->> 'staff')::bigint, (body ->> 'by')::bigint, api.at_of(body),
	        (body ->> 'held_at')::timestamptz, body ->> 'note', auth.client_id())
	returning debrief_id into made;
	perform duty.weigh(visit);
	return query select d.* from api.debrief d where d.id = made;
end;
$$;
comment on function api.debrief_add(bigint, jsonb) is 'Records a debrief that was offered after a visit';
