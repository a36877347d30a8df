-- What can follow what on a visit, and the state that follows from it.

-- The kinds of event that a visit can have once.
create or replace function data.event_is_once(kind data.event_kind) returns boolean
language sql immutable parallel safe
return kind in ('departed', 'arrived', 'left', 'returned', 'cancelled', 'declined', 'aborted');
comment on function data.event_is_once(data.event_kind) is 'Whether a visit can have an event of this kind only once';

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
		when 'arrived' then 'departed' when 'left' then 'arrived' when 'returned' then 'departed'
		when 'aborted' then 'departed' when 'parents_absent' then 'departed'
		when 'letter_given' then 'departed' when 'letter_posted' then 'departed'
		when 'entered' then 'arrived' when 'entered_without_adult' then 'arrived' end;
	disorder record;
begin
	if new.at > clock_timestamp() + interval '5 minutes' then
		raise exception 'What has not come yet cannot be recorded.' using errcode = 'DS422',
			detail = '[{"pointer": "/at", "detail": "is in the future"}]';
	end if;
	if data.event_is_once(new.kind) and exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = new.kind) then
		raise exception 'The event "%" is recorded already: add a note to correct it.', new.kind
			using errcode = 'DS409';
	end if;
	if needed is not null and not exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = needed) then
		raise exception 'The event "%" needs the event "%" before it: record that first, with the time when it happened.',
			new.kind, needed using errcode = 'DS409';
	end if;
	if new.kind in ('cancelled', 'declined', 'aborted') and exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = 'returned' and e.at < new.at) then
		raise exception 'The visit was over by then: it cannot be % any more.',
			new.kind using errcode = 'DS409';
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

create or replace function data.visit_follows_event() returns trigger
language plpgsql volatile
as $$
begin
	if not data.event_is_once(new.kind) then
		return null;
	end if;
	update data.visit v
	   set departed_at   = case new.kind when 'departed'  then new.at else v.departed_at end,
	       arrived_at    = case new.kind when 'arrived'   then new.at else v.arrived_at end,
	       left_at       = case new.kind when 'left'      then new.at else v.left_at end,
	       returned_at   = case new.kind when 'returned'  then new.at else v.returned_at end,
	       cancelled_at  = case new.kind when 'cancelled' then new.at else v.cancelled_at end,
	       cancel_reason = case when new.kind in ('cancelled', 'aborted') then new.note else v.cancel_reason end,
	       declined_at   = case new.kind when 'declined'  then new.at else v.declined_at end,
	       aborted_at    = case new.kind when 'aborted'   then new.at else v.aborted_at end,
	       end_reason    = coalesce(new.because, v.end_reason)
	 where v.visit_id = new.visit_id;
	return null;
end;
$$;
comment on function data.visit_follows_event() is 'Trigger: carries an event over into its visit';

-- The state of a visit from its times.  Who has departed and not returned is
-- out, whatever else was said: a visit that is cancelled on the way counts as
-- cancelled once the team is back.
create or replace function data.visit_takes_state() returns trigger
language plpgsql volatile
as $$
begin
	new.state := case
		when new.departed_at is null then case
			when new.cancelled_at is not null then 'cancelled'
			when new.declined_at is not null then 'declined'
			when new.refused_at is not null then 'refused'
			when new.approved_at is not null then 'approved'
			else 'requested' end
		when new.returned_at is null then case
			when new.left_at is not null then 'left'
			when new.arrived_at is not null then 'arrived'
			else 'departed' end
		when new.aborted_at is not null then 'aborted'
		when new.cancelled_at >= new.departed_at then 'cancelled'
		when new.declined_at >= new.departed_at then 'declined'
		when new.recorded_at is not null then 'recorded'
		else 'returned' end;
	return new;
end;
$$;
comment on function data.visit_takes_state() is 'Trigger: the state follows from the times';

-- A visit is under the policy that its school follows on its day.  (Weighing
-- says so again when the school adopts another.)
create or replace function data.visit_takes_policy() returns trigger
language plpgsql volatile
as $$
begin
	new.policy_version_id := data.policy_of(new.school_urn, data.day_of(new.planned_start));
	return new;
end;
$$;
comment on function data.visit_takes_policy() is 'Trigger: the policy follows from the school and the day';

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

create or replace trigger possible before insert on data.event
	for each row execute function data.event_is_possible();
create or replace trigger visit_follows after insert on data.event
	for each row execute function data.visit_follows_event();
create or replace trigger policy before insert or update of planned_start on data.visit
	for each row execute function data.visit_takes_policy();
create or replace trigger state before insert or update on data.visit
	for each row execute function data.visit_takes_state();
create constraint trigger whole after insert on data.visit
	deferrable initially deferred for each row execute function data.visit_is_whole();
create constraint trigger whole after delete on data.visit_pupil
	deferrable initially deferred for each row execute function data.visit_is_whole();
create constraint trigger whole after update or delete on data.team_member
	deferrable initially deferred for each row execute function data.visit_is_whole();
