-- Who may make a visit: what stands against a plan however much is still done
-- for it, and who would set that right.

-- The duties of a visit that are a matter of how things stand (who goes, when,
-- why), with "must", and unmet.
create function duty.blockers(visit bigint) returns setof data.duty
language sql stable rows 5
begin atomic
	with standing as materialized ( -- found once, and not for every duty
		select f.clause, f.part from data.visit v, duty.findings(v, v.policy_version_id) f
		 where v.visit_id = visit and f.holds is not null
	)
	select w.* from data.visit v, duty.weighed(v, v.policy_version_id) w
		join data.clause c using (policy_version_id, clause)
	 where v.visit_id = visit and w.applies and w.gate is not null and w.met_at is null and c.strength = 'must'
	   and (w.clause, w.part) in (select s.clause, s.part from standing s)
	 order by c.position, w.part;
end;
comment on function duty.blockers(bigint) is 'What stands against a visit as it is planned';

-- Whether a visit would be lawful with somebody more, or instead of another.
create function duty.lawful_with(visit bigint, school int, candidate bigint, instead_of bigint) returns boolean
language plpgsql volatile
as $$
declare
	lawful boolean;
begin
	begin
		if instead_of is not null then
			update data.team_member t
			   set staff_id = candidate, phone = coalesce(t.phone, (select s.phone from data.staff s
			       where s.staff_id = candidate))
			 where t.visit_id = visit and t.staff_id = instead_of;
		else
			insert into data.team_member (visit_id, school_urn, position, staff_id, phone)
			select visit, school, 1000, candidate, s.phone from data.staff s where s.staff_id = candidate;
		end if;
		lawful := not exists (select from duty.blockers(visit));
		raise exception using errcode = 'DS001';
	exception when sqlstate 'DS001' then
		return lawful;
	end;
end;
$$;
comment on function duty.lawful_with(bigint, int, bigint,
	bigint) is 'Whether a visit would be lawful with somebody more, or instead of another';

-- Colleagues at the school with nothing else planned or going on then, who
-- would make a visit lawful: as one more, or instead of one who stands in the
-- way.
create function duty.helpers(visit bigint) returns table (staff_id bigint, name text, instead_of bigint)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	v data.visit := (select x from data.visit x where x.visit_id = visit);
begin
	if v.school_urn <> all (auth.schools()) then
		return;
	end if;
	return query
		with free as materialized ( -- before anybody is tried
			select s.staff_id, s.given_name || ' ' || s.family_name as name, i.instead
			  from data.post p join data.staff s using (staff_id),
			       (select null::bigint as instead
			        union all
			        select t.staff_id from data.team_member t
			         where t.visit_id = visit and t.staff_id::text in (select b.part
			             from duty.blockers(visit) b)) as i
			 where p.school_urn = v.school_urn and data.lasts(p.left_on)
			   and not exists (select from data.team_member t where t.visit_id = visit
			       and t.staff_id = s.staff_id)
			   and not exists (select from data.team_member t join data.visit o using (visit_id)
			                    where t.staff_id = s.staff_id and o.visit_id <> visit
			                      and o.state in ('requested', 'approved', 'departed', 'arrived', 'left')
			                      and o.planned_start < v.planned_end
			                      and coalesce(o.return_by, o.planned_end) > v.planned_start
			                          - case when o.departed_at is not null then interval '12 hours' else '0' end)
			 order by i.instead nulls first, s.staff_id limit 60
		)
		select f.* from free f where duty.lawful_with(visit, v.school_urn, f.staff_id, f.instead);
end;
$$;
comment on function duty.helpers(bigint) is 'Free colleagues who would make a visit lawful';

-- What stands against a plan, and what is still to be done for it, as JSON.
create function duty.checked(visit bigint) returns table (blockers jsonb, to_do jsonb)
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	standing data.duty[];
begin
	if not exists (select from data.visit v where v.visit_id = visit and v.school_urn = any (auth.schools())) then
		return;
	end if;
	standing := array(select b from duty.blockers(visit) b);
	return query select duty.told(standing), duty.told(array(
		select u from duty.unmet(visit, '{approve,depart}') u
		 where not exists (select from unnest(standing) s where (s.clause, s.part) = (u.clause, u.part))));
end;
$$;
comment on function duty.checked(bigint) is 'What stands against a visit, and what is still to be done for it';
