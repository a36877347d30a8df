-- What stands behind a referral: what was tried, and what is still missing.  Of
-- the records of the school whose row it is, whoever asks.  Rows, not values, so
-- that they become part of the query: one plan for all pupils.

create or replace function data.visits_text(pupil bigint, school int, since date, until date) returns setof text
language sql stable rows 1
begin atomic
	select nullif(concat_ws(': ', count(*),
	              string_agg(concat_ws(' ', data.day_of(v.departed_at), o.outcome), '; ' order by v.departed_at)), '0')
	  from data.visit v join data.visit_pupil p using (visit_id)
	       left join lateral (select r.outcome from data.visit_record r where r.visit_id = v.visit_id
	                           order by r.record_id desc limit 1) as o on true
	 where p.pupil_id = pupil and v.school_urn = school and not v.drill and v.departed_at is not null
	   and data.day_of(v.departed_at) between since and until;
end;
comment on function data.visits_text(bigint, int, date, date) is 'The visits made to a pupil, with their outcomes, in words; null for none';

create or replace function data.agreements_text(pupil bigint, school int, until date) returns setof text
language sql stable rows 1
begin atomic
	select string_agg(format('%s %s', a.made_on, a.state), '; ' order by a.made_on, a.agreement_id)
	  from data.agreement a where a.pupil_id = pupil and a.school_urn = school and a.made_on <= until;
end;
comment on function data.agreements_text(bigint, int, date) is 'The agreements of a pupil and how they stand, in words; null for none';

-- Letters that were sent, and notices.
create or replace function data.letters_text(pupil bigint, school int, until date) returns setof text
language sql stable rows 1
begin atomic
	select string_agg(format('%s %s', f.day, f.what), '; ' order by f.day, f.what) from (
	select l.sent_on as day, replace(l.kind::text, '_', ' ') || ' letter' as what from data.letter l
	 where l.pupil_id = pupil and l.school_urn = school and l.state = 'sent' and l.sent_on <= until
	union all
	select i.issued_on, 'Notice to Improve' from data.improvement_notice i
	 where i.pupil_id = pupil and i.school_urn = school and i.issued_on <= until
	union all
	select n.issued_on, 'penalty notice ' || n.number from data.penalty_notice n
	 where n.pupil_id = pupil and n.school_urn = school and n.issued_on <= until and n.withdrawn_on is null) as f;
end;
comment on function data.letters_text(bigint, int, date) is 'Letters sent about a pupil, and notices, in words; null for none';

-- What authorities ask for and is not there, and what stands in the way.  Of
-- the steps of the policy those that its clauses ask for: kinds, of these.  What was
-- over a year before is not there.
create or replace function data.referral_missing(pupil bigint, school int, until date, kinds text[], unresolved bigint,
	gaps bigint, compulsory boolean, unauthorised bigint) returns table (place int, words text)
language sql stable rows 5
begin atomic
	select 1, 'an agreement with the family'
	 where not exists (select from data.agreement a where a.pupil_id = pupil and a.school_urn = school
	        and a.made_on <= until and coalesce(least(a.ended_on, a.renewed_on), 'infinity') >= until - 365)
	union all
	select 2, 'a reminder letter' where 'agreement_reminder' = any (kinds)
	   and not exists (select from data.letter l where l.pupil_id = pupil and l.school_urn = school
	        and l.kind = 'reminder' and l.sent_on between until - 365 and until)
	union all
	select 3, 'a follow-up visit' where 'agreement_follow_up' = any (kinds)
	   and not exists (select from data.agreement a join data.visit v on v.agreement_id = a.agreement_id
	        where a.pupil_id = pupil and a.school_urn = school and not v.drill
	          and data.day_of(v.departed_at) between until - 365 and until)
	union all
	select 4, 'a home visit' where not exists (select from data.visit v join data.visit_pupil p using (visit_id)
	        where p.pupil_id = pupil and v.school_urn = school and not v.drill
	          and data.day_of(v.departed_at) between until - 365 and until)
	union all
	select 5, format('the outcome of visit %s', v.visit_id) from data.visit v join data.visit_pupil p using (visit_id)
	 where p.pupil_id = pupil and v.school_urn = school and not v.drill
	   and data.day_of(v.departed_at) between until - 365 and until
	   and not exists (select from data.visit_record r where r.visit_id = v.visit_id)
	union all
	select 6, 'a Notice to Improve whose time is over' where not exists (select from data.improvement_notice i
	        where i.pupil_id = pupil and i.school_urn = school and i.ends_on between until - 365 and until)
	union all
	select 7, 'a contact with parental responsibility' where not exists (select from data.contact c
	        where c.pupil_id = pupil and c.parental_responsibility)
	union all
	select 8, format('the reason of %s session%s (N)', unresolved, case when unresolved > 1 then 's' end)
	 where unresolved > 0
	union all
	select 9, format('the marks of %s session%s', gaps, case when gaps > 1 then 's' end) where gaps > 0
	union all
	select 10, 'compulsory school age' where not compulsory
	union all
	select 11, 'unauthorised absence' where unauthorised - unresolved <= 0;
end;
comment on function data.referral_missing(bigint, int, date, text[], bigint, bigint, boolean,
	bigint) is 'What is still missing for a referral';

-- One row of the report.
create or replace function data.referral_lane(compulsory boolean, unauthorised bigint, unresolved bigint)
returns data.referral_lane
language sql immutable
return case when compulsory and unauthorised - unresolved > 0 then 'legal' else 'support' end::data.referral_lane;
comment on function data.referral_lane(boolean, bigint, bigint)
	is 'legal: of compulsory school age, with unauthorised absence that is established (Education Act 1996, section 444)';

-- Who does not meet the rule, but would if the next week were missed: ten sessions
-- more in the window that ends a week later, whatever the register has of that week
-- already; figures are of the window as it is.
create or replace function data.referral_near(schools int[], pupils bigint[], as_of date)
returns table (pupil_id bigint, school_urn int, rule text, policy_version_id bigint, clause text, window_start date,
	evidence_from date, attended bigint, authorised bigint, unauthorised bigint, unresolved bigint, gaps bigint)
language plpgsql stable rows 200 set work_mem = '64MB' set jit = off set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	since date     := (select min(data.months_before(as_of, r.months)) from data.referral_rules(schools, as_of + 7) r);
	near  bigint[] := array(select n.pupil_id from data.referral_found(schools, pupils, as_of, 1) n);
begin
	near := array(select n from unnest(near) as n
	              except select m.pupil_id from data.referral_found(schools, near, as_of, 0) m);
	return query
	with found as materialized (
		select n.* from data.referral_found(schools, near, as_of, 1) n
	), summed as (
		select n.pupil_id, coalesce(sum(data.session_count(w.attended & k.sessions)), 0) as attended,
		       coalesce(sum(data.session_count(w.authorised & k.sessions)), 0) as authorised,
		       coalesce(sum(data.session_count(w.unauthorised & k.sessions)), 0) as unauthorised,
		       coalesce(sum(data.session_count(w.unresolved & k.sessions)), 0) as unresolved,
		       coalesce(sum(data.session_count(w.gaps & k.sessions)), 0) as gaps
		  from found n
		       left join data.pupil_weeks(since, as_of, near) w on w.pupil_id = n.pupil_id
		       cross join lateral (select data.sessions_between(w.week, n.window_start, as_of)::int as sessions) as k
		 group by n.pupil_id
	)
	select n.pupil_id, n.school_urn, data.referral_rule_words(n.months, n.below_percent, n.monthly)
	           || ', if the next week is missed' || case when n.monthly is null then format(': %s %%',
	           data.percentage(n.attended, n.attended + n.authorised + n.unauthorised + 10)) else '' end,
	       n.policy_version_id, n.clause, n.window_start, n.evidence_from, s.attended, s.authorised,
	       s.unauthorised, s.unresolved, s.gaps
	  from found n join summed s on s.pupil_id = n.pupil_id;
end;
$$;
comment on function data.referral_near(int[], bigint[], date) is 'Who would meet the rule of a school if the next week were missed';

-- The report, of these schools and pupils (null for all), or that of the near misses.
create or replace function data.legal_referrals(schools int[], pupils bigint[], as_of date, near boolean)
returns table (school_urn int, pupil_id bigint, upn text, given_name text, family_name text, rule text, clause text,
	window_start date, window_end date, possible bigint, attended bigint, authorised bigint, unauthorised bigint,
	unresolved bigint, gaps bigint, percentage numeric, lowest numeric, highest numeric, compulsory_school_age boolean,
	lane data.referral_lane, safe_to_refer boolean, visits text, agreements text, letters text, missing text[],
	policy_version_id bigint, evidence_from date)
language plpgsql stable rows 200
as $$
#variable_conflict use_column
begin
	return query
	with school as materialized (
		select u.urn, array(select c.kind from data.clause c where c.policy_version_id = u.version) as kinds
		  from (select n as urn, data.policy_of(n, as_of) as version from unnest(schools) as n offset 0) as u
	), shown as (
		select m.pupil_id, m.school_urn, data.referral_rule_words(m.months, m.below_percent, m.monthly) as rule,
		       m.policy_version_id, m.clause, m.window_start, m.evidence_from, m.attended, m.authorised,
		       m.unauthorised, m.unresolved,
		       m.gaps, m.safe
		  from data.referral_found(schools, pupils, as_of, 0) m where not near
		union all
		select n.*, false from data.referral_near(schools, pupils, as_of) n where near
	)
	select s.school_urn, s.pupil_id, p.upn, p.given_name, p.family_name, s.rule, s.clause, s.window_start, as_of,
	       k.possible, s.attended, s.authorised, s.unauthorised, s.unresolved, s.gaps,
	       data.percentage(s.attended, k.possible), data.percentage(s.attended, k.possible + s.gaps),
	       data.percentage(s.attended + s.unresolved + s.gaps, k.possible + s.gaps), k.compulsory,
	       data.referral_lane(k.compulsory, s.unauthorised, s.unresolved), s.safe, v.words, a.words, l.words,
	       array(select m.words from data.referral_missing(s.pupil_id, s.school_urn, as_of, c.kinds, s.unresolved, s.gaps,
	                 k.compulsory, s.unauthorised) m order by m.place, m.words),
	       s.policy_version_id, s.evidence_from
	  from shown s join data.pupil p using (pupil_id) join school c on c.urn = s.school_urn
	       cross join lateral (select s.attended + s.authorised + s.unauthorised as possible,
	                                  data.compulsory_age(p.date_of_birth, as_of) as compulsory offset 0) as k
	       cross join lateral data.visits_text(s.pupil_id, s.school_urn, as_of - 365, as_of) as v (words)
	       cross join lateral data.agreements_text(s.pupil_id, s.school_urn, as_of) as a (words)
	       cross join lateral data.letters_text(s.pupil_id, s.school_urn, as_of) as l (words);
end;
$$;
comment on function data.legal_referrals(int[], bigint[], date, boolean)
	is 'Who meets the rule of a school, or would if the next week were missed, with all that a referral rests on';

-- The same for a client with the scope, of the schools that it sees.  A definer,
-- so that the figures are those of all marks, whichever schools the client sees.
create or replace function data.legal_referrals_seen(school int, pupils bigint[], as_of date, near boolean)
returns table (school_urn int, pupil_id bigint, upn text, given_name text, family_name text, rule text, clause text,
	window_start date, window_end date, possible bigint, attended bigint, authorised bigint, unauthorised bigint,
	unresolved bigint, gaps bigint, percentage numeric, lowest numeric, highest numeric, compulsory_school_age boolean,
	lane data.referral_lane, safe_to_refer boolean, visits text, agreements text, letters text, missing text[],
	policy_version_id bigint, evidence_from date)
language plpgsql stable rows 200 security definer set search_path = pg_catalog
as $$
begin
	return query
	select r.* from data.legal_referrals(array(select s from unnest(auth.schools()) as s
	                                            where legal_referrals_seen.school is null
	                                               or s = legal_referrals_seen.school),
	                                     pupils, as_of, near) r
	 where auth.has_scope('referrals:read', 'referrals:write');
end;
$$;
comment on function data.legal_referrals_seen(int, bigint[], date, boolean) is 'The report on legal referrals as a client may see it';
