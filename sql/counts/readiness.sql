-- Whether staff and policies are up to date: what the reports on them and the
-- page for governors go by.

-- Of each fact the one that holds longest; valid_until: infinity when it has no end.
create or replace function data.staff_facts() returns table (staff_id bigint, kind text, what text, valid_until date)
language sql stable rows 1000
begin atomic
	select f.staff_id, f.kind, f.what, max(coalesce(f.valid_until, 'infinity')) from (
	select c.staff_id, 'check' as kind, 'DBS check, ' || c.level as what, c.valid_until from data.staff_check c
	union all
	select t.staff_id, 'training', 'training: ' || replace(t.course::text, '_', ' '), t.valid_until from data.training t
	union all
	select v.staff_id, 'insurance', 'insurance of ' || v.registration, v.insured_until from data.vehicle v) as f
	 group by f.staff_id, f.kind, f.what;
end;
comment on function data.staff_facts() is 'The checks, trainings and insurances of staff, and until when each holds';

create or replace function data.policy_reviews(day date)
returns table (school_urn int, policy_version_id bigint, days_over int)
language sql stable rows 50
begin atomic
	select s.urn, v.policy_version_id, day - v.next_review_on
	  from data.school s join data.policy_version v on v.policy_version_id = data.policy_of(s.urn, day);
end;
comment on function data.policy_reviews(date) is 'The version that each school follows on a day, and how many days its review is over; null for a version without one';
