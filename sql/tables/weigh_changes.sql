-- What a visit's duties depend on besides the visit itself: a change of it weighs
-- the visits that are not over.  Once a statement, so that an import of many
-- rows weighs each visit once; as definers, since who changes a fact about a
-- person may not see every visit on which the person goes.

-- In the order of their numbers, so that two who weigh the same wait for one
-- another and neither forever.
create or replace function data.weigh_visits(visits bigint[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform duty.weigh(v.visit_id) from (
		select x.visit_id from data.visit x
		 where x.visit_id = any (visits) and x.policy_version_id is not null
		   and x.state in ('requested', 'approved', 'refused', 'departed', 'arrived', 'left')
		 order by x.visit_id) as v;
end;
$$;
comment on function data.weigh_visits(bigint[]) is 'Weighs those of the visits that are under a policy and not over';

create or replace function data.weigh_of_staff() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.weigh_visits(array(select distinct t.visit_id from changed c
		join data.team_member t using (staff_id)));
	return null;
end;
$$;
comment on function data.weigh_of_staff() is 'Trigger: weighs the visits whose team holds the members of staff';

create or replace function data.weigh_of_pupils() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.weigh_visits(array(select distinct p.visit_id from changed c
		join data.visit_pupil p using (pupil_id)));
	return null;
end;
$$;
comment on function data.weigh_of_pupils() is 'Trigger: weighs the visits to the pupils';

-- Of every school of the trust: to the place, or to pupils of whom the person,
-- as noted or as the contact is now, is a contact.
create or replace function data.weigh_of_hazards() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.weigh_visits(array(
		select v.visit_id
		  from changed c
		       join data.visit v -- by data.visit_by_place
		         on split_part(data.place_key(v.address, v.postcode), '|', 2) = split_part(c.place_key, '|', 2)
		        and data.same_place(data.place_key(v.address, v.postcode), c.place_key)
		        and v.state in ('requested', 'approved', 'refused', 'departed', 'arrived', 'left')
		union
		select p.visit_id
		  from (select own.pupil_id
		          from changed h join data.contact own using (contact_id)
		        union
		        select same.pupil_id
		          from changed h join data.contact own using (contact_id)
		               join data.contact same on data.person_key(same.given_name, same.family_name, same.phone)
		                    in (h.person_key, data.person_key(own.given_name, own.family_name, own.phone))) as k
		       join data.visit_pupil p using (pupil_id)));
	return null;
end;
$$;
comment on function data.weigh_of_hazards() is 'Trigger: weighs the visits to the places and people of hazards';

create or replace function data.weigh_of_schools() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform duty.weigh_open(c.school_urn, min(c.follows_from)::timestamp at time zone 'Europe/London')
	   from changed c group by c.school_urn;
	return null;
end;
$$;
comment on function data.weigh_of_schools() is 'Trigger: weighs the visits of the schools that adopted a policy, from its day on';

create or replace function data.weigh_of_days() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform duty.weigh_open(new.urn);
	return null;
end;
$$;
comment on function data.weigh_of_days() is 'Trigger: weighs the visits of a school whose day has changed';
create or replace trigger weigh_days after update of day_starts, day_ends on data.school
	for each row when ((old.day_starts, old.day_ends) is distinct from (new.day_starts, new.day_ends))
	execute function data.weigh_of_days();

do $$
declare
	depended record;
begin
	for depended in select * from (values
		('data.staff_check', 'data.weigh_of_staff'), ('data.training', 'data.weigh_of_staff'),
		('data.policy_reading', 'data.weigh_of_staff'), ('data.vehicle', 'data.weigh_of_staff'),
		('data.allergy', 'data.weigh_of_staff'), ('data.next_of_kin', 'data.weigh_of_staff'),
		('data.post', 'data.weigh_of_staff'), ('data.social_worker', 'data.weigh_of_pupils'),
		('data.contact', 'data.weigh_of_pupils'), ('data.hazard', 'data.weigh_of_hazards'),
		('data.adoption', 'data.weigh_of_schools')) as pair (name, function)
	loop
		execute format('create or replace trigger weigh_added after insert on %s
			referencing new table as changed for each statement execute function %s()', depended.name, depended.function);
		execute format('create or replace trigger weigh_changed after update on %s
			referencing new table as changed for each statement execute function %s()', depended.name, depended.function);
	end loop;
end;
$$;
