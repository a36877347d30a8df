-- Safeguarding concerns that are open, counted for those who may not read them.
--
-- A concern is never closed here: once it is passed on, it goes on in the file of
-- the safeguarding lead, and Doorstep does not hear of its end.  So open is one that
-- is not passed on: a duty that it gave (concern_to_dsl, serious_concern) is neither
-- met nor waived.  A referral of the child to an agency since stands for the call to
-- the police or an agency.  Under a policy that asks for neither it is open as long as
-- nobody was told or called and the child is not referred.  days: whole ones, of 24
-- hours, since it was noticed.
create or replace function data.concerns_open()
returns table (concern_id bigint, school_urn int, serious boolean, days int)
language sql stable rows 100
begin atomic
	select k.concern_id, k.school_urn, k.serious, floor(extract(epoch from now() - k.at) / 86400)::int
	  from data.concern k join data.visit v on v.visit_id = k.visit_id and not v.drill
	       cross join lateral (select exists (select from data.external_referral r where r.visit_id = k.visit_id
	                                             and r.pupil_id = k.pupil_id and r.at >= k.at) as made) as referral
	       cross join lateral (
	            select count(*) as asked, count(*) filter (where d.open
	                       and not (referral.made and d.part = k.concern_id || '-police')) as open
	              from data.duty d join data.clause c using (policy_version_id, clause)
	             where d.visit_id = k.visit_id and d.applies and c.kind in ('concern_to_dsl', 'serious_concern')
	               and split_part(d.part, '-', 1) = k.concern_id::text) as duties
	 where duties.open > 0
	    or duties.asked = 0 and k.told_at is null and k.police_at is null and not referral.made;
end;
comment on function data.concerns_open() is 'The safeguarding concerns that are not passed on as they ought to be, and their age in days';

create or replace function data.age_words(days int) returns text
language sql immutable
return case when days < 1 then 'under a day' when days <= 7 then '1 to 7 days' when days <= 28 then '8 to 28 days'
            when days <= 90 then '29 to 90 days' else 'over 90 days' end;
comment on function data.age_words(int) is 'The band of ages that an age in days is of';

-- For a client with the scope for visits, of the schools that it sees (null: all of
-- these).  A definer, as concerns are hidden from it: counts go out and nothing else.
create or replace function data.concerns_open_seen(school int)
returns table (school_urn int, age text, concerns bigint, serious bigint, oldest int)
language plpgsql stable rows 20 security definer set search_path = pg_catalog
as $$
begin
	return query
	select k.school_urn, data.age_words(k.days), count(*), count(*) filter (where k.serious), max(k.days)
	  from data.concerns_open() k
	 where (select auth.has_scope('counts:read')) and k.school_urn = any ((select auth.schools())::int[])
	   and (concerns_open_seen.school is null or k.school_urn = concerns_open_seen.school)
	 group by k.school_urn, data.age_words(k.days);
end;
$$;
comment on function data.concerns_open_seen(int) is 'How many safeguarding concerns are open, by school and age, and how many of them are serious';
