-- Keeps updated_at, and where there is one the version (the ETag), true.

create or replace function data.touch() returns trigger
language plpgsql volatile
as $$
begin
	new.updated_at := clock_timestamp();
	return new;
end;
$$;
comment on function data.touch() is 'Trigger: sets updated_at';

create or replace function data.touch_version() returns trigger
language plpgsql volatile
as $$
begin
	new.version := old.version + 1;
	new.updated_at := clock_timestamp();
	return new;
end;
$$;
comment on function data.touch_version() is 'Trigger: counts the version up and sets updated_at';

create or replace trigger touch before update on data.school
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.staff
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.post
	for each row execute function data.touch();
create or replace trigger touch before update on data.pupil
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.enrolment
	for each row execute function data.touch();
create or replace trigger touch before update on data.contact
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.visit
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.hazard
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.notification
	for each row execute function data.touch_version();

do $$
declare
	renewed regclass;
begin
	foreach renewed in array array['data.adoption', 'data.duty', 'data.policy_reading', 'data.code_word',
		'data.escalation', 'data.rung', 'data.promise', 'data.webhook', 'data.delivery', 'data.watch_beat']::regclass[] loop
		execute format('create or replace trigger touch before update on %s
			for each row execute function data.touch()', renewed);
	end loop;
	foreach renewed in array array['data.delegation', 'data.staff_check', 'data.training', 'data.vehicle',
		'data.allergy',
		'data.next_of_kin', 'data.social_worker', 'data.agreement', 'data.letter', 'data.referral',
		'data.penalty_notice', 'data.improvement_notice', 'data.subject_request']::regclass[] loop
		execute format('create or replace trigger touch before update on %s
			for each row execute function data.touch_version()', renewed);
	end loop;
end;
$$;

-- A pupil is answered with its enrolments and a person with their posts, so a
-- change of those is a change of the whole: who keeps an ETag, or asks for
-- what changed since, must hear of it.  A definer, because who changes a stay
-- that has ended may not change the pupil.  (Who is made in this transaction
-- comes after their first enrolment or post, and isn't there yet.)
create or replace function data.touch_pupil() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.pupil p set updated_at = clock_timestamp() where p.pupil_id in (old.pupil_id, new.pupil_id);
	if tg_op = 'DELETE' or (old.pupil_id, old.school_urn) <> (new.pupil_id, new.school_urn) then
		perform data.change_concerns('pupil', old.pupil_id, old.school_urn);
	end if;
	return null;
end;
$$;
comment on function data.touch_pupil() is 'Trigger: a change of an enrolment is one of its pupil';

create or replace function data.touch_staff() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.staff s set updated_at = clock_timestamp() where s.staff_id in (old.staff_id, new.staff_id);
	if tg_op = 'DELETE' or (old.staff_id, old.school_urn) <> (new.staff_id, new.school_urn) then
		perform data.change_concerns('staff', old.staff_id, old.school_urn);
	end if;
	return null;
end;
$$;
comment on function data.touch_staff() is 'Trigger: a change of a post is one of its person';

create or replace trigger touch_pupil after insert or update or delete on data.enrolment
	for each row execute function data.touch_pupil();
create or replace trigger touch_staff after insert or update or delete on data.post
	for each row execute function data.touch_staff();
