-- One look at the clock.  Whatever is due by then is told, in the order in
-- which it fell due; looking twice, or two at once, tells nothing twice.

create function watch.tell_duty(duty bigint, drill boolean) returns void
language sql volatile
begin atomic
	select watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
		'school_urn', d.school_urn, 'visit_id', d.visit_id, 'cause', 'duty', 'scope', d.scope, 'drill', drill,
		'subject', 'duty:' || d.duty_id, 'duty_id', d.duty_id, 'policy_version_id', d.policy_version_id,
		'clause', d.clause, 'words', coalesce('Agreement ' || d.agreement_id || ': ', '') || d.missing,
		'due_at', d.due_at, 'roles', coalesce(c.parameters -> 'tell', to_jsonb(coalesce(nullif(d.roles, '{}'),
			'{office}'))))))
	  from data.duty d join data.clause c using (policy_version_id, clause) where d.duty_id = duty;
end;
comment on function watch.tell_duty(bigint, boolean) is 'Tells those whose a duty is that its time is over';

-- Steps of agreements whose time is over.
create function watch.tell_steps(until timestamptz, most int) returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	d    record;
	told int := 0;
begin
	for d in
		select x.duty_id, x.due_at from data.duty x
		 where x.agreement_id is not null and x.open and x.due_at <= until
		   and (x.told_due_at is null or x.told_due_at <> x.due_at)
		 order by x.due_at, x.duty_id limit most for no key update skip locked
	loop
		perform watch.tell_duty(d.duty_id, false);
		update data.duty x set told_due_at = d.due_at where x.duty_id = d.duty_id;
		told := told + 1;
	end loop;
	return told;
end;
$$;
comment on function watch.tell_steps(timestamptz, int) is 'Tells of the steps of agreements whose time is over; answers how many';

-- Every night the promises of agreements that run are tested to the day before;
-- a few at a look, so that none takes long; what was recorded today, tonight.  An
-- agreement is tested until it is ended or renewed or the pupil has left, and once
-- all of it was kept to its review.
create function watch.test_agreements(at timestamptz, most int) returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	until  constant date := data.day_of(at) - 1;
	a      record;
	tested int := 0;
begin
	for a in
		select x.agreement_id from data.agreement x
		 where x.renewed_on is null and x.ended_on is null
		   and (x.tested_to is null or x.tested_to < least(until, data.on_roll_until(x.pupil_id, x.school_urn)))
		   and x.from_on <= until and data.day_of(x.created_at) <= until and (x.kept_on is null or x.review_on >= until)
		 order by x.agreement_id limit most for no key update skip locked
	loop
		begin
			perform data.agreement_test(a.agreement_id, until);
		exception when others then -- one that fails must not keep the others from it
			raise warning 'agreement %: % (%)', a.agreement_id, sqlerrm, sqlstate;
			update data.agreement x set tested_to = until where x.agreement_id = a.agreement_id;
		end;
		tested := tested + 1;
	end loop;
	return tested;
end;
$$;
comment on function watch.test_agreements(timestamptz, int) is 'Tests agreements to the day before; answers how many';

-- Duties whose time is over: those with a ladder open it, the others are told to
-- those whose they are.  late_entry: who records a visit afterwards, event by
-- event, is given that long after each before the visit is held to be overdue.
create function watch.tell_duties(until timestamptz, late_entry interval, with_ladder boolean, most int) returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	d     record;
	told  int := 0;
begin
	for d in
		select x.duty_id, x.visit_id, x.school_urn, x.policy_version_id, x.clause, x.missing, x.due_at, x.roles,
		       x.scope, c.kind, c.parameters, v.drill
		  from data.duty x join data.clause c using (policy_version_id, clause)
		      join data.visit v using (visit_id)
		 where x.open and x.due_at <= until and (x.told_due_at is null or x.told_due_at <> x.due_at)
		   and (c.kind in ('overdue', 'emergency')) = with_ladder
		   and not exists (select from data.event e
		                    where e.visit_id = x.visit_id and e.kind in ('departed', 'arrived', 'left')
		                      and e.at < e.recorded_at - interval '1 minute'
		                      and e.recorded_at > x.due_at and e.recorded_at > clock_timestamp() - late_entry)
		 order by x.due_at, x.duty_id limit most
		   for no key update of v, x skip locked -- who writes about the visit just now changes the duty, too
	loop
		begin
			if with_ladder then
				perform watch.open(d.visit_id, case when d.kind = 'emergency' then 'help'
					when d.parameters ->> 'anchor' = 'no_answer' then 'no_answer'
					else 'overdue' end::data.escalation_cause, d.clause, d.due_at);
			else
				perform watch.tell_duty(d.duty_id, d.drill);
			end if;
			told := told + 1;
			update data.duty x set told_due_at = d.due_at where x.duty_id = d.duty_id;
		exception when others then -- one that fails must not silence the others
			raise warning 'duty %: % (%)', d.duty_id, sqlerrm, sqlstate;
		end;
	end loop;
	return told;
end;
$$;
comment on function watch.tell_duties(timestamptz, interval, boolean, int)
	is 'Tells of the duties whose time is over, or opens their ladders; answers how many there were';

-- Calls for help: said openly, or by the code word.  One that comes while the
-- ladder of another is climbed is answered with it: when they are found safe after.
create function watch.open_emergencies() returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	call   record;
	opened int := 0;
begin
	for call in
		select e.visit_id, e.recorded_at, case when e.duress then 'code_word'
			else 'help' end::data.escalation_cause as cause,
		       (select c.clause from data.clause c where c.policy_version_id = v.policy_version_id
		           and c.kind = 'emergency'
		         order by c.position limit 1) as clause
		  from data.event e join data.visit v using (visit_id)
		 where (e.duress or e.kind = 'help') and not exists (select from data.escalation x
		       where x.visit_id = e.visit_id and x.cause = case when e.duress then 'code_word'
		           else 'help' end::data.escalation_cause
		         and (x.due_at >= least(e.at, e.recorded_at)
		              or exists (select from data.rung r where r.escalation_id = x.escalation_id
		                            and r.result = 'team_safe' and r.tried_at >= e.at)))
		 order by e.event_id
	loop
		begin
			if watch.open(call.visit_id, call.cause, call.clause, call.recorded_at) then
				opened := opened + 1;
			end if;
		exception when others then
			raise warning 'call for help on visit %: % (%)', call.visit_id, sqlerrm, sqlstate;
		end;
	end loop;
	return opened;
end;
$$;
comment on function watch.open_emergencies() is 'Opens the ladder of every call for help; answers how many';

-- Reviews whose day is over: of policies at the schools that follow them, of
-- risk assessments, of hazards, of agreements; and promises in words that are due.
create function watch.tell_reviews(until timestamptz) returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	review record;
	told   int := 0;
begin
	for review in
		select due.* from (
		select s.urn as school_urn, 'review:policy:' || v.policy_version_id || ':' || s.urn as subject,
			v.policy_version_id,
		       (select c.clause from data.clause c where c.policy_version_id = v.policy_version_id
		           and c.kind = 'policy_review' order by c.position limit 1) as clause, null as scope,
		       'The home-visit policy was to be reviewed by ' || v.next_review as words,
		       coalesce((select nullif(duty.roles(c, 'roles'), '{}') from data.clause c
		                  where c.policy_version_id = v.policy_version_id and c.kind = 'policy_review'
		                  order by c.position limit 1), '{headteacher,governor}') as roles,
		       greatest((v.next_review_on + 1)::timestamp at time zone 'Europe/London', v.loaded_at) as due_at
		  from data.school s
		       join data.policy_version v on v.policy_version_id = data.policy_of(s.urn, data.day_of(until))
		 where v.next_review_on < data.day_of(until)
		union all
		select a.school_urn, 'review:assessment:' || a.assessment_id, null, null, null,
		       format('Risk assessment %s is to be looked at again', a.assessment_id), '{headteacher}',
		       (a.review_on + 1)::timestamp at time zone 'Europe/London'
		  from data.risk_assessment a
		 where a.kind = 'general' and a.review_on < data.day_of(until)
		   and not exists (select from data.risk_assessment r where r.replaces = a.assessment_id)
		union all
		select h.school_urn, 'review:hazard:' || h.hazard_id, null, null, null,
		       format('Hazard %s is to be looked at again', h.hazard_id), '{dsl,headteacher}',
		       (h.review_on + 1)::timestamp at time zone 'Europe/London'
		  from data.hazard h where h.ended_on is null and h.review_on < data.day_of(until)
		union all
		select a.school_urn, 'review:agreement:' || a.agreement_id, null, null, 'agreements',
		       format('Agreement %s is to be reviewed', a.agreement_id), '{attendance_officer}',
		       (a.review_on + 1)::timestamp at time zone 'Europe/London'
		  from data.agreement a where a.state in ('open', 'broken', 'kept') and a.review_on < data.day_of(until)
		union all
		select p.school_urn, 'promise:' || p.promise_id, null, null, 'agreements',
		       format('Agreement %s: say whether promise %s of the %s was kept', p.agreement_id, p.position, p.side),
		       '{attendance_officer}', (p.due_on + 1)::timestamp at time zone 'Europe/London'
		  from data.promise p join data.agreement a using (agreement_id)
		 where p.kind = 'text' and p.state = 'open' and p.due_on < data.day_of(until)
		   and a.state in ('open', 'broken', 'kept')
		) as due
		 where not exists (select from data.notification n where n.subject = due.subject
		     and n.due_at = due.due_at)
		 order by due.due_at
	loop
		if watch.notify(jsonb_populate_record(null::data.notification, to_jsonb(review)
			|| '{"cause": "review"}')) then
			told := told + 1;
		end if;
	end loop;
	return told;
end;
$$;
comment on function watch.tell_reviews(timestamptz) is 'Tells of reviews whose day is over; answers how many';

-- What was told of a duty that has been met, waived or lost since is settled.
create function watch.settle() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.notification n
	   set resolved_at = clock_timestamp(), resolution = case when d.met_at is not null then 'It was done.'
	           when d.waived_at is not null then 'It was waived.'
	           when d.broken_at is not null or d.closed_at is not null then 'It was missed.'
	           when d.open then 'It was put off.' else 'It does not apply any more.' end
	  from data.duty d
	 where d.duty_id = n.duty_id and n.resolved_at is null and (not d.open or d.due_at > n.due_at);
	perform watch.close(e.visit_id, '{overdue,no_answer}', 'The team is back.')
	   from data.escalation e join data.visit v using (visit_id)
	  where e.closed_at is null and e.cause in ('overdue', 'no_answer') and v.returned_at is not null
	    and not exists (select from data.event d where d.visit_id = e.visit_id and d.kind = 'returned'
	        and d.duress);
end;
$$;
comment on function watch.settle() is 'Settles notifications of duties that are open no more';

-- The steps of all open ladders that are due, in order, as far as nothing is
-- told of what the ones before them bring.
create function watch.steps_due(until timestamptz) returns table (escalation_id bigint, due_at timestamptz)
language sql stable
begin atomic
	select e.escalation_id, step.due_at
	  from data.escalation e cross join lateral watch.next_step(e) n
	       join lateral watch.ladder(e.policy_version_id, e.clause) l on l.step >= n.step
	       left join data.clause c on c.policy_version_id = e.policy_version_id and c.clause = e.clause,
	       lateral (select n.due_at + (l.step - n.step) * watch.step_time(c) as due_at) as step
	 where e.closed_at is null and step.due_at <= until
	 order by step.due_at, e.escalation_id;
end;
comment on function watch.steps_due(timestamptz) is 'The steps of open ladders that are due, in the order of their times';

-- One look does so much and no more, so that it is stored soon and holds the
-- visits that it touches for a moment only; when more is left, the next look is
-- due at once.
create function watch.tick(at timestamptz default clock_timestamp(), late_entry interval default '0')
returns table (raised int, opened int, climbed int, next_at timestamptz)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	most   constant int := 100;
	step   record;
	before bigint := (select count(*) from data.escalation e where e.closed_at is null);
	left_over boolean;
begin
	perform watch.settle();
	left_over := watch.tell_duties(at, late_entry, true, most) = most;
	perform watch.open_emergencies();
	opened := (select count(*) from data.escalation e where e.closed_at is null) - before;
	raised := 0;
	climbed := 0;
	for step in select s.* from watch.steps_due(at) s limit most loop
		raised := raised + watch.tell_duties(step.due_at, late_entry, false, most - raised - climbed);
		exit when raised + climbed >= most;
		climbed := climbed + watch.climb(step.escalation_id, step.due_at);
	end loop;
	left_over := left_over or raised + climbed >= most;
	if not left_over then
		raised := raised + watch.tell_duties(at, late_entry, false, most) + watch.tell_steps(at, most)
		          + watch.tell_reviews(at);
		left_over := watch.test_agreements(at, 5) = 5 or raised >= most;
	end if;
	raised := raised + climbed;
	next_at := case when left_over then at else (select min(d.due_at) from data.duty d
	            where d.open and d.due_at > at and (d.told_due_at is null or d.told_due_at <> d.due_at)) end;
	return next;
end;
$$;
comment on function watch.tick(timestamptz, interval)
	is 'Tells of what is due by a time; answers how much that was and when to look again';
