-- Ladders: what is done, step by step, when somebody may be in trouble.

-- The steps of a ladder, as its clause states them; of an emergency under a
-- policy that states none, or under no policy, the police and then the head.
create function watch.ladder(version bigint, clause text) returns table (step int, words text,
	roles data.staff_role[], condition text)
language sql stable rows 6
begin atomic
	select n::int, l.step ->> 'words',
	       array(select r::data.staff_role from jsonb_array_elements_text(l.step -> 'roles') r),
	           l.step ->> 'condition'
	  from data.clause c, jsonb_array_elements(c.parameters -> 'ladder') with ordinality as l (step, n)
	 where c.policy_version_id = version and c.clause = ladder.clause
	union all
	select l.* from (values (1, 'Call the police to the home at once',
		'{office,headteacher}'::data.staff_role[], null),
	                        (2, 'See that the police was called, and decide what else to do',
	                            '{headteacher,deputy,dsl}', null))
	       as l (step, words, roles, condition)
	 where ladder.clause is null
	 order by 1;
end;
comment on function watch.ladder(bigint,
	text) is 'The steps of the ladder of a clause; without a clause, of any emergency';

-- Opens an escalation, unless one of the same cause is open, or was for the
-- same moment.
create function watch.open(visit bigint, why data.escalation_cause, under text, since timestamptz) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	insert into data.escalation (visit_id, school_urn, cause, policy_version_id, clause, due_at, drill)
	select v.visit_id, v.school_urn, why, case when under is not null then v.policy_version_id end,
	       under, since, v.drill
	  from data.visit v
	 where v.visit_id = visit and not exists (select from data.escalation e
	       where e.visit_id = visit and e.cause = why and e.due_at >= since)
	    on conflict (visit_id, cause) where closed_at is null do nothing;
	return found;
end;
$$;
comment on function watch.open(bigint, data.escalation_cause, text,
	timestamptz) is 'Opens an escalation; answers whether it is new';

-- How long a step is given before the next: as the clause says; of the trust's
-- own ladder, which has no clause, five minutes.
create function watch.step_time(c data.clause) returns interval
language sql immutable
return make_interval(mins => duty.number(c, 'step_minutes', 5));
comment on function watch.step_time(data.clause) is 'How long a step of the ladder of a clause is given before the next';

-- When the next step of an escalation is due: the first at once; after a step
-- that brought nothing, at once; after one that nobody has told the result of,
-- when its time is over.
create function watch.next_step(escalation data.escalation) returns table (step int, due_at timestamptz)
language sql stable rows 1
begin atomic
	select coalesce(last.position, 0) + 1, case
			when last.position is null then (escalation).due_at
			when last.result is not null then greatest(last.tried_at, last.due_at)
			else last.due_at + watch.step_time(c) end
	  from (select 1) as one
	       left join data.clause c on c.policy_version_id = (escalation).policy_version_id
	           and c.clause = (escalation).clause
	       left join lateral (select r.* from data.rung r where r.escalation_id = (escalation).escalation_id
	                           order by r.position desc limit 1) as last on true;
end;
comment on function watch.next_step(data.escalation) is 'The next step of an escalation, and when it is due';

-- Climbs an escalation as far as it is due, in order, each step with the time
-- at which it was due: after a downtime all that was missed, and how late.
create function watch.climb(escalation bigint, at timestamptz) returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its   data.escalation;
	next  record;
	taken int := 0;
begin
	select e.* into its from data.escalation e where e.escalation_id = escalation and e.closed_at is null
	   for update skip locked;
	loop
		select l.*, n.due_at into next
		  from watch.next_step(its) n join watch.ladder(its.policy_version_id, its.clause) l using (step)
		 where n.due_at <= at;
		exit when not found;
		insert into data.rung (escalation_id, position, school_urn, words, roles, condition, due_at)
		values (escalation, next.step, its.school_urn, next.words, next.roles, next.condition, next.due_at);
		perform watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
			'school_urn', its.school_urn, 'visit_id', its.visit_id, 'cause', 'rung', 'drill', its.drill,
			'subject', format('rung:%s:%s', escalation, next.step), 'escalation_id', escalation,
			'position', next.step, 'policy_version_id', its.policy_version_id, 'clause', its.clause,
			'words', next.words || coalesce(' (' || next.condition || ')', ''), 'roles',
				to_jsonb(next.roles),
			'due_at', next.due_at)));
		taken := taken + 1;
	end loop;
	return taken;
end;
$$;
comment on function watch.climb(bigint,
	timestamptz) is 'Climbs an escalation as far as it is due; answers how many steps';

create function watch.close(visit bigint, causes data.escalation_cause[], how text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	with closed as (
		update data.escalation e set closed_at = clock_timestamp(), resolution = how
		 where e.visit_id = visit and e.cause = any (causes) and e.closed_at is null
		returning e.escalation_id
	)
	update data.notification n set resolved_at = clock_timestamp(), resolution = how
	  from closed c where n.escalation_id = c.escalation_id and n.resolved_at is null;
end;
$$;
comment on function watch.close(bigint, data.escalation_cause[], text) is 'Ends the open escalations of a visit';

-- Being back ends the search for who was overdue or gave no answer, and so
-- does being heard from, at a time that puts it off: what is recorded late, of
-- before, tells nothing of how they are.  A call for help is ended by people only.
create or replace function data.event_ends_search() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if new.duress then
		return null; -- the search goes on, and another is opened
	elsif new.kind = 'returned' then
		perform watch.close(new.visit_id, '{overdue,no_answer}', 'The team is back.');
	elsif new.kind in ('check_in', 'left') and not exists (select from data.event e
	      where e.visit_id = new.visit_id and e.kind = 'no_answer' and e.at > new.at) then
		perform watch.close(new.visit_id, array[e.cause], 'The team was heard from.')
		   from data.escalation e join data.clause c using (policy_version_id, clause)
		  where e.visit_id = new.visit_id and e.cause in ('overdue', 'no_answer') and e.closed_at is null
		    and new.at >= e.due_at - duty.minutes(c);
	end if;
	return null;
end;
$$;
comment on function data.event_ends_search() is 'Trigger: ends the search for a team that is back or was heard from';

create or replace trigger ends_search after insert on data.event
	for each row execute function data.event_ends_search();

-- The result of a step: who is found safe ends the escalation; in an emergency
-- somebody who answers may not be free to speak, so only "team_safe" does.
create or replace function data.rung_ends_search() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.escalation;
begin
	select e.* into its from data.escalation e where e.escalation_id = new.escalation_id;
	if new.result = 'team_safe' or new.result = 'team_reached' and its.cause in ('overdue', 'no_answer') then
		perform watch.close(its.visit_id, array[its.cause],
			format('Step %s: %s.', new.position, coalesce(nullif(new.note, ''), new.result::text)));
	end if;
	return null;
end;
$$;
comment on function data.rung_ends_search() is 'Trigger: ends an escalation when its team is found';

create or replace trigger ends_search after update on data.rung
	for each row when (new.result is not null) execute function data.rung_ends_search();
