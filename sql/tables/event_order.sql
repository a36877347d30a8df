-- What can follow what on a visit, and the state that follows from it.

-- Refuses what cannot have happened, and only that: an event whose foregoing
-- one is not recorded, one that is recorded already, or times that run
-- backwards along departed, arrived, left, returned.  Late recording is always
-- possible: at says when it happened, recorded_at when it was told.  A
-- cancelled visit may still be departed for: what took place is recorded.
create or replace function data.event_is_possible() returns trigger
language plpgsql volatile
as $$
declare
	needed   data.event_kind := case new.kind
		when 'arrived' then 'departed' when 'left' then 'arrived' when 'returned' then 'departed' end;
	disorder record;
begin
	if new.kind <> 'note' and exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = new.kind) then
		raise exception 'The event "%" is recorded already: add a note to correct it.', new.kind
			using errcode = 'DS409';
	end if;
	if needed is not null and not exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = needed) then
		raise exception 'The event "%" needs the event "%" before it: record that first, with the time when it happened.',
			new.kind, needed using errcode = 'DS409';
	end if;
	if new.kind = 'cancelled' and exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = 'returned') then
		raise exception 'The visit is over: it cannot be cancelled any more.' using errcode = 'DS409';
	end if;
	select e.kind, e.at into disorder
	  from data.event e
	 where e.visit_id = new.visit_id and new.kind <= 'returned' and e.kind <= 'returned'
	   and ((e.kind < new.kind and e.at > new.at) or (e.kind > new.kind and e.at < new.at))
	 limit 1;
	if found then
		raise exception 'The time does not fit the other events.' using errcode = 'DS422',
			detail = jsonb_build_array(jsonb_build_object('pointer', '/at', 'detail',
				format('is %s the visit was %s, at %s',
					case when disorder.kind < new.kind then 'before' else 'after' end,
					disorder.kind, data.rfc3339(disorder.at))));
	end if;
	return new;
end;
$$;
comment on function data.event_is_possible() is 'Trigger: refuses an event that cannot have happened';

-- The state of a visit from its times.  Who has departed and not returned is
-- out, whatever else was said: a visit that is cancelled on the way counts as
-- cancelled once the team is back.
create or replace function data.visit_state_of(departed_at timestamptz, arrived_at timestamptz,
	left_at timestamptz, returned_at timestamptz, cancelled_at timestamptz) returns data.visit_state
language sql immutable parallel safe
return case
	when departed_at is null and cancelled_at is not null then 'cancelled'
	when departed_at is null then 'planned'
	when returned_at is not null and cancelled_at >= departed_at then 'cancelled'
	when returned_at is not null then 'returned'
	when left_at is not null then 'left'
	when arrived_at is not null then 'arrived'
	else 'departed'
end::data.visit_state;
comment on function data.visit_state_of(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz)
	is 'The state of a visit from the times of its events';

create or replace function data.visit_follows_event() returns trigger
language plpgsql volatile
as $$
begin
	update data.visit v
	   set departed_at   = case new.kind when 'departed'  then new.at else v.departed_at end,
	       arrived_at    = case new.kind when 'arrived'   then new.at else v.arrived_at end,
	       left_at       = case new.kind when 'left'      then new.at else v.left_at end,
	       returned_at   = case new.kind when 'returned'  then new.at else v.returned_at end,
	       cancelled_at  = case new.kind when 'cancelled' then new.at else v.cancelled_at end,
	       cancel_reason = case new.kind when 'cancelled' then new.note else v.cancel_reason end
	 where v.visit_id = new.visit_id;
	return null;
end;
$$;
comment on function data.visit_follows_event() is 'Trigger: carries an event over into its visit';

create or replace function data.visit_takes_state() returns trigger
language plpgsql volatile
as $$
begin
	new.state := data.visit_state_of(new.departed_at, new.arrived_at, new.left_at, new.returned_at,
	                                 new.cancelled_at);
	return new;
end;
$$;
comment on function data.visit_takes_state() is 'Trigger: the state follows from the times';

-- A visit has somebody to see, a team, and one who leads it.
create or replace function data.visit_is_whole() returns trigger
language plpgsql volatile
as $$
declare
	this_visit bigint := case tg_op when 'DELETE' then old.visit_id else new.visit_id end;
begin
	if not exists (select from data.visit v where v.visit_id = this_visit) then
		return null;
	end if;
	if not exists (select from data.visit_pupil p where p.visit_id = this_visit)
	   or not exists (select from data.team_member t where t.visit_id = this_visit and t.lead) then
		raise exception 'A visit needs a pupil, a team and one who leads it.' using errcode = 'DS422';
	end if;
	return null;
end;
$$;
comment on function data.visit_is_whole() is 'Constraint trigger: a visit has a pupil, a team and one who leads it';

-- An event is history: whoever may write may only append.
create or replace function data.refuse_change() returns trigger
language plpgsql volatile
as $$
begin
	raise exception 'Rows of % are only ever appended.', tg_table_name using errcode = 'DS409';
end;
$$;
comment on function data.refuse_change() is 'Trigger: refuses updates, deletes and truncation of append-only rows';

create or replace trigger possible before insert on data.event
	for each row execute function data.event_is_possible();
create or replace trigger visit_follows after insert on data.event
	for each row execute function data.visit_follows_event();
create or replace trigger append_only before update or delete on data.event
	for each row execute function data.refuse_change();
create or replace trigger never_emptied before truncate on data.event
	for each statement execute function data.refuse_change();
create or replace trigger append_only before update or delete on audit.entry
	for each row execute function data.refuse_change();
create or replace trigger never_emptied before truncate on audit.entry
	for each statement execute function data.refuse_change();
create or replace trigger append_only before update or delete on audit.access
	for each row execute function data.refuse_change();
create or replace trigger never_emptied before truncate on audit.access
	for each statement execute function data.refuse_change();
create or replace trigger state before insert or update on data.visit
	for each row execute function data.visit_takes_state();

do $$
begin
	drop trigger if exists whole on data.visit;
	drop trigger if exists whole on data.visit_pupil;
	drop trigger if exists whole on data.team_member;
	create constraint trigger whole after insert on data.visit
		deferrable initially deferred for each row execute function data.visit_is_whole();
	create constraint trigger whole after delete on data.visit_pupil
		deferrable initially deferred for each row execute function data.visit_is_whole();
	create constraint trigger whole after update or delete on data.team_member
		deferrable initially deferred for each row execute function data.visit_is_whole();
end;
$$;
