-- How duties are made.  A kind of clause is one file of this folder: it says
-- duty.kind(…) what it is, and makes the function duty.<kind>(visit, clause),
-- which answers what the clause asks of the visit, as rows of duty.finding.
-- The functions look at the records as they are and at nothing else, so that
-- weighing a visit twice, or late, finds the same.  What reads records is
-- PL/pgSQL, which keeps its plans: as SQL functions they made weighing a visit
-- four times as slow.

-- part       which of several duties of the clause; '' when it is one
-- gate       the step that it stands before while it is unmet
-- applies    whether the clause asks anything
-- due_at     by when; null when no clock runs
-- holds      whether it is met, where it is a matter of how things stand
-- met_at     when it was met, where it is a matter of something done
-- broken_at  when something was done that the clause forbids
-- closed_at  after when it can be met no more
-- evidence   what met it
-- missing    what is to be done
-- roles      whose it is
create type duty.finding as (part text, gate data.duty_gate, applies boolean, due_at timestamptz, holds boolean,
	met_at timestamptz, broken_at timestamptz, closed_at timestamptz, evidence text, missing text,
	roles data.staff_role[]);

create function duty.found(missing text, part text default '', gate data.duty_gate default null,
	applies boolean default true, due_at timestamptz default null, holds boolean default null,
	met_at timestamptz default null, broken_at timestamptz default null, closed_at timestamptz default null,
	evidence text default null, roles data.staff_role[] default '{}') returns duty.finding
language sql immutable
return row(part, gate, coalesce(applies, false), due_at, holds, met_at, broken_at, closed_at, evidence, missing,
	coalesce(roles, '{}'))::duty.finding;
comment on function duty.found(text, text, data.duty_gate, boolean, timestamptz, boolean, timestamptz, timestamptz,
	timestamptz, text, data.staff_role[]) is 'A finding, with what is not said left open';

-- Registers a kind; a kind that stands already is renewed.  scope: concerns or
-- incidents, where the mere duty tells of one.
create function duty.kind(kind text, title text, parameters jsonb default '{}', about data.clause_about default 'visit',
	scope text default null)
returns void
language sql volatile
begin atomic
	insert into data.clause_kind (kind, title, about, scope, parameters) values (kind, title, about, scope,
		parameters)
	    on conflict (kind) do update
	   set title = excluded.title, about = excluded.about, scope = excluded.scope, parameters = excluded.parameters
	 where (clause_kind.title, clause_kind.about, clause_kind.scope, clause_kind.parameters)
	       is distinct from (excluded.title, excluded.about, excluded.scope, excluded.parameters);
end;
comment on function duty.kind(text, text, jsonb, data.clause_about,
	text) is 'Registers a kind of clause and its parameters';

-- The parameters of a clause, by type.
create function duty.texts(c data.clause, name text) returns text[]
language sql immutable
return coalesce((select array_agg(value) from jsonb_array_elements_text((c).parameters -> name)), '{}');
comment on function duty.texts(data.clause, text) is 'A parameter that is a list of texts; empty when it is not given';

create function duty.roles(c data.clause, name text) returns data.staff_role[]
language sql immutable
return duty.texts(c, name)::data.staff_role[];
comment on function duty.roles(data.clause, text) is 'A parameter that is a list of roles; empty when it is not given';

create function duty.number(c data.clause, name text, otherwise int default 0) returns int
language sql immutable
return coalesce(((c).parameters ->> name)::int, otherwise);
comment on function duty.number(data.clause, text, int) is 'A parameter that is a number';

create function duty.minutes(c data.clause, name text default 'minutes') returns interval
language sql immutable
return make_interval(mins => duty.number(c, name));
comment on function duty.minutes(data.clause, text) is 'A parameter that is a number of minutes';

create function duty.says(c data.clause, name text) returns boolean
language sql immutable
return coalesce(((c).parameters ->> name)::boolean, false);
comment on function duty.says(data.clause, text) is 'A parameter that is yes or no; no when it is not given';

-- What happened on a visit.
create function duty.first(v data.visit, variadic kinds data.event_kind[]) returns timestamptz
language plpgsql stable
as $$
begin
	return (select min(e.at) from data.event e where e.visit_id = (v).visit_id and e.kind = any (kinds));
end;
$$;
comment on function duty.first(data.visit,
	data.event_kind[]) is 'When the first event of these kinds happened; null for never';

create function duty.last(v data.visit, variadic kinds data.event_kind[]) returns timestamptz
language plpgsql stable
as $$
begin
	return (select max(e.at) from data.event e where e.visit_id = (v).visit_id and e.kind = any (kinds));
end;
$$;
comment on function duty.last(data.visit,
	data.event_kind[]) is 'When the last event of these kinds happened; null for never';

-- When the duty of a clause was said to be done, by an event of its own.
create function duty.done(v data.visit, c data.clause, part text default '') returns timestamptz
language plpgsql stable
as $$
begin
	return (select min(e.at) from data.event e
         where e.visit_id = (v).visit_id and e.kind = 'done' and e.clause = (c).clause and e.part = done.part);
end;
$$;
comment on function duty.done(data.visit, data.clause,
	text) is 'When an event said that the duty of a clause is done; null for never';

-- Likewise, or confirmed by who wrote the record of the visit.
create function duty.confirmed(v data.visit, c data.clause, part text default '') returns timestamptz
language plpgsql stable
as $$
begin
	return least(duty.done(v, c, part),
	(select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id and (c).clause = any (r.kept)));
end;
$$;
comment on function duty.confirmed(data.visit, data.clause, text)
	is 'When a duty was said to be done, by an event or in the record; null for never';

-- When a visit ended: back, or not made at all; null while it goes on.
create function duty.over_at(v data.visit) returns timestamptz
language sql immutable
return case when (v).departed_at is not null then (v).returned_at
            else least((v).cancelled_at, (v).declined_at) end;
comment on function duty.over_at(data.visit) is 'When a visit ended; null while it is to come or goes on';

-- Whether a visit is or was really made.
create function duty.made(v data.visit) returns boolean
language sql immutable
return (v).departed_at is not null;
comment on function duty.made(data.visit) is 'Whether the team of a visit departed';

-- Whether a visit is, was or will be made as far as one knows.
create function duty.goes_ahead(v data.visit) returns boolean
language sql immutable
return (v).departed_at is not null or (v).state = 'approved';
comment on function duty.goes_ahead(data.visit) is 'Whether a visit is made, or approved and neither cancelled nor declined';

-- The day and moment for which facts about people and vehicles are judged.
create function duty.moment(v data.visit) returns timestamptz
language sql immutable
return coalesce((v).departed_at, (v).planned_start);
comment on function duty.moment(data.visit) is 'The moment for which a visit is judged: its departure, or its planned start';

create function duty.day(v data.visit) returns date
language sql stable
return data.day_of(duty.moment(v));
comment on function duty.day(data.visit) is 'The day for which a visit is judged';

-- The team.
create function duty.staff(v data.visit) returns table (staff_id bigint, part text, name text, phone text)
language plpgsql stable rows 3
as $$
begin
	return query
	select s.staff_id, s.staff_id::text, s.given_name || ' ' || s.family_name, t.phone
	  from data.team_member t join data.staff s using (staff_id)
	 where t.visit_id = (v).visit_id;
end;
$$;
comment on function duty.staff(data.visit) is 'The members of staff in the team of a visit; part tells their duties apart';

create function duty.people_in(v data.visit, outside_counts boolean default true) returns bigint
language plpgsql stable
as $$
begin
	return (select count(*) from data.team_member t
         where t.visit_id = (v).visit_id and (outside_counts or t.staff_id is not null));
end;
$$;
comment on function duty.people_in(data.visit,
	boolean) is 'How many people a visit has, those from outside the school included or not';

create function duty.is_lone(v data.visit) returns boolean
language sql stable
return duty.people_in(v) < 2;
comment on function duty.is_lone(data.visit) is 'Whether somebody goes alone';

-- Whether a member of staff holds one of the roles at the school of the visit.
create function duty.holds_role(staff bigint, school int, roles data.staff_role[]) returns boolean
language plpgsql stable
as $$
begin
	return exists (select from data.post p where p.staff_id = staff and p.school_urn = school
		and p.roles && holds_role.roles);
end;
$$;
comment on function duty.holds_role(bigint, int,
	data.staff_role[]) is 'Whether somebody holds one of the roles at a school';

-- When somebody with one of the roles did the duty, or decided on the visit.
create function duty.done_by_role(v data.visit, c data.clause, roles data.staff_role[]) returns timestamptz
language plpgsql stable
as $$
begin
	return least(
	(select min(e.at) from data.event e
	  where e.visit_id = (v).visit_id and e.kind = 'done' and e.clause = (c).clause
	    and duty.holds_role(e.by_staff_id, (v).school_urn, done_by_role.roles)),
	(select min(d.at) from data.approval_decision d
	  where d.visit_id = (v).visit_id and d.decision = 'approved' and d.recorded_at >= (v).plan_changed_at
	    and duty.holds_role(d.by_staff_id, (v).school_urn, done_by_role.roles)));
end;
$$;
comment on function duty.done_by_role(data.visit, data.clause, data.staff_role[])
	is 'When somebody with one of the roles did the duty, or decided on the visit; null for never';

-- When somebody with one of the roles was told of what happened: by the row
-- itself, or by an event that came after it.
create function duty.told_at(v data.visit, c data.clause, part text, since timestamptz, told_staff bigint,
	told_then timestamptz, roles data.staff_role[]) returns timestamptz
language plpgsql stable
as $$
begin
	return case when duty.holds_role(told_staff, (v).school_urn, told_at.roles) then told_then else
		(select min(e.at) from data.event e
		  where e.visit_id = (v).visit_id and e.kind = 'done' and e.clause = (c).clause and e.part in ('',
		      told_at.part)
		    and e.at >= since and duty.holds_role(e.by_staff_id, (v).school_urn, told_at.roles)) end;
end;
$$;
comment on function duty.told_at(data.visit, data.clause, text, timestamptz, bigint, timestamptz, data.staff_role[])
	is 'When somebody with one of the roles was told of what happened; null for never';

-- The risk assessment of a visit: one of its own that nothing replaces, or a
-- general one of the school.
create function duty.assessment(v data.visit) returns data.risk_assessment
language plpgsql stable
as $$
begin
	return (select a from data.risk_assessment a
         where (a.visit_id = (v).visit_id or a.kind = 'general' and a.school_urn = (v).school_urn)
           and not exists (select from data.risk_assessment r where r.replaces = a.assessment_id)
         order by a.visit_id is null, a.at desc, a.assessment_id desc limit 1);
end;
$$;
comment on function duty.assessment(data.visit) is 'The risk assessment that holds for a visit; all null without one';

-- The contacts of its pupils.
create function duty.contacts(v data.visit) returns table (contact_id bigint, person_key text)
language plpgsql stable rows 4
as $$
begin
	return query
	select c.contact_id, data.person_key(c.given_name, c.family_name, c.phone)
	  from data.visit_pupil p join data.contact c using (pupil_id)
	 where p.visit_id = (v).visit_id;
end;
$$;
comment on function duty.contacts(data.visit) is 'The contacts of the pupils of a visit';

-- Hazards of the place and the people of a visit, noted by any school.  A
-- person is known as they were when it was noted, and as the contact is now.
create function duty.hazards(v data.visit) returns setof data.hazard
language plpgsql stable rows 2
as $$
begin
	return query
	select h.* from data.hazard h
	 where h.hazard_id in (
	       select p.hazard_id from data.hazard p where data.same_place(p.place_key, data.place_key((v).address,
	           (v).postcode))
	       union
	       select q.hazard_id from duty.contacts(v) c
	              join data.hazard q on q.contact_id = c.contact_id or q.person_key = c.person_key
	       union
	       select q.hazard_id from duty.contacts(v) c
	              join data.contact same on data.person_key(same.given_name, same.family_name,
	                  same.phone) = c.person_key
	              join data.hazard q on q.contact_id = same.contact_id)
	   and (h.ended_on is null or h.ended_on > duty.day(v));
end;
$$;
comment on function duty.hazards(data.visit) is 'The hazards of the place and the people of a visit that are not ended, of every school';

-- What was learnt on a visit, or after it, could not be looked to before it.
create function duty.known_hazards(v data.visit) returns setof data.hazard
language sql stable rows 2
begin atomic
	select h.* from duty.hazards(v) h where h.created_at <= coalesce((v).departed_at, 'infinity');
end;
comment on function duty.known_hazards(data.visit) is 'The hazards of a visit that were noted before the team departed';

-- Whether there is something to worry about: a hazard, or a risk above low.
create function duty.has_concerns(v data.visit) returns boolean
language plpgsql stable
as $$
begin
	return coalesce((duty.assessment(v)).level > 'low', false) or exists (select from duty.known_hazards(v));
end;
$$;
comment on function duty.has_concerns(data.visit) is 'Whether a hazard is known, or the assessed risk is above low';

-- Inside the school day of its school, on a weekday.
create function duty.in_school_hours(v data.visit, longer interval default '0') returns boolean
language plpgsql stable
as $$
begin
	return (select extract(isodow from (v).planned_start at time zone 'Europe/London') < 6
               and ((v).planned_start at time zone 'Europe/London')::time >= s.day_starts
               and (v).planned_end at time zone 'Europe/London'
                   <= data.day_of((v).planned_start) + s.day_ends + longer
          from data.school s where s.urn = (v).school_urn);
end;
$$;
comment on function duty.in_school_hours(data.visit, interval)
	is 'Whether a visit is planned on a weekday inside the school day, or so much longer';

-- The first visit of the school to the pupils: none of them was visited before.
create function duty.is_first(v data.visit) returns boolean
language plpgsql stable
as $$
begin
	return not exists (select from data.visit_pupil p join data.visit_pupil q using (pupil_id)
	join data.visit earlier on earlier.visit_id = q.visit_id
	where p.visit_id = (v).visit_id and earlier.school_urn = (v).school_urn and earlier.visit_id <> (v).visit_id
	  and earlier.arrived_at < duty.moment(v));
end;
$$;
comment on function duty.is_first(data.visit) is 'Whether the school has visited none of the pupils before';

-- The end as it was planned, or as the team said on the way.
create function duty.expected_end(v data.visit) returns timestamptz
language plpgsql stable
as $$
begin
	return greatest((v).planned_end, (select e.expected_at from data.event e
		where e.visit_id = (v).visit_id and e.kind = 'delayed' and e.expected_at is not null
		order by e.event_id desc limit 1));
end;
$$;
comment on function duty.expected_end(data.visit) is 'When a visit is to end: as planned, or later as the team told';

-- Since when calls go unanswered: the first one after the last time that the
-- team was heard from; or, when it was heard from since, the last one before.
create function duty.unanswered_since(v data.visit) returns timestamptz
language plpgsql stable
as $$
begin
	return (select coalesce(min(e.at) filter (where e.at > coalesce(heard.at, '-infinity')), max(e.at))
          from data.event e, lateral (select duty.last(v, 'check_in', 'left', 'returned') as at) as heard
         where e.visit_id = (v).visit_id and e.kind = 'no_answer');
end;
$$;
comment on function duty.unanswered_since(data.visit) is 'Since when calls to the team go unanswered; null when none did';

-- Until when the vehicle of a visit is insured, by who of the team drives it.
create function duty.insured_until(v data.visit, business_use boolean) returns date
language plpgsql stable
as $$
begin
	return (select max(k.insured_until) from data.vehicle k join data.team_member t using (staff_id)
         where t.visit_id = (v).visit_id
           and upper(replace(k.registration, ' ', '')) = upper(replace((v).vehicle_registration, ' ', ''))
           and duty.day(v) between k.insured_from and k.insured_until and (k.business_use
               or not insured_until.business_use));
end;
$$;
comment on function duty.insured_until(data.visit,
	boolean) is 'Until when the vehicle of a visit is insured; null when it is not';

create function duty.social_workers(v data.visit) returns setof data.social_worker
language plpgsql stable rows 1
as $$
begin
	return query
	select w.* from data.social_worker w join data.visit_pupil p using (pupil_id)
	 where p.visit_id = (v).visit_id and w.from_on <= duty.day(v) and coalesce(w.until_on,
	     'infinity') >= duty.day(v);
end;
$$;
comment on function duty.social_workers(data.visit) is 'The social workers of the families of a visit on its day';

-- The decision, or where the policy asks for no more the notice, that counts
-- for the roles: of who holds one, or to whom it was delegated.
create function duty.approved_at(v data.visit, c data.clause, roles data.staff_role[]) returns timestamptz
language plpgsql stable
as $$
begin
	return least(
	(select min(d.at) from data.approval_decision d
	  where d.visit_id = (v).visit_id and d.decision = 'approved' and d.role = any (roles)
	    and d.recorded_at >= (v).plan_changed_at
	    and (d.for_staff_id is null or duty.says(c, 'delegable'))
	    and not exists (select from data.approval_decision later
	                     where later.visit_id = d.visit_id and later.decision = 'refused'
	                       and later.role = any (roles) and later.decision_id > d.decision_id)),
	(select min(e.at) from data.event e
	  where (c).parameters ->> 'word' in ('knowledge', 'discussion')
	    and e.visit_id = (v).visit_id and e.kind = 'done' and e.clause = (c).clause
	    and e.recorded_at >= (v).plan_changed_at and duty.holds_role(e.by_staff_id, (v).school_urn, roles)));
end;
$$;
comment on function duty.approved_at(data.visit, data.clause, data.staff_role[])
	is 'When a visit was approved, as it stands, by one of the roles; null when it was not';

create function duty.assessed(v data.visit, c data.clause) returns setof data.risk_assessment
language plpgsql stable rows 1
as $$
begin
	return query
	select a.* from data.risk_assessment a
	 where a.school_urn = (v).school_urn and a.proceed and (cardinality(duty.roles(c, 'roles')) = 0
	                      or duty.holds_role(a.by_staff_id, a.school_urn, duty.roles(c, 'roles')))
	   and not exists (select from data.risk_assessment r where r.replaces = a.assessment_id)
	   and case (c).parameters ->> 'assessment'
	       when 'general' then a.kind = 'general' and a.school_urn = (v).school_urn
	                           and coalesce(a.review_on, 'infinity') >= duty.day(v)
	       when 'visit' then a.visit_id = (v).visit_id and a.kind in ('visit', 'first_visit')
	       when 'discussion' then a.visit_id = (v).visit_id and a.kind in ('discussion', 'visit')
	       else a.kind in ('first_visit', 'visit') and case when duty.is_first(v) then a.visit_id = (v).visit_id
	            else exists (select from data.visit_pupil p join data.visit_pupil q using (pupil_id)
	                          where p.visit_id = (v).visit_id and q.visit_id = a.visit_id) end end
	 order by a.at, a.assessment_id limit 1;
end;
$$;
comment on function duty.assessed(data.visit,
	data.clause) is 'The risk assessment that meets a clause of kind risk_assessment; no row without one';
