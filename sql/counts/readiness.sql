-- Whether staff and policies are up to date: what the reports on them and the
-- page for governors go by.

-- What of each kind somebody had by a day, judged as duty.vetting, duty.training and
-- duty.vehicle_insured judge it: a check counts for those of a lower level and for
-- those without the barred list, an insurance for driving for the school for one
-- without, and a registration is the same in spaces and capitals of any kind.  Periods that follow
-- one another without a gap are one, those to come included; what begins after the
-- day holds nothing on it.
--
-- valid_until: the last day of the period of that day, or of the latest before it;
-- infinity when it has no end.  Where a stronger fact ends on the same day, that
-- alone is told.
create or replace function data.staff_facts(day date)
returns table (staff_id bigint, kind text, what text, valid_until date)
language sql stable rows 1000
begin atomic
	with fact (staff_id, kind, about, level, more, what, held) as (
		select c.staff_id, 'check', '', array_position(enum_range(null::data.dbs_level), c.level), c.barred_list,
		       'DBS check, ' || c.level || case when c.barred_list then ', with the barred list' else '' end,
		       daterange(c.checked_on, c.valid_until, '[]')
		  from data.staff_check c
		union all
		select t.staff_id, 'training', t.course::text, 0, false, 'training: ' || replace(t.course::text, '_', ' '),
		       daterange(t.completed_on, t.valid_until, '[]')
		  from data.training t
		union all
		select v.staff_id, 'insurance', upper(replace(v.registration, ' ', '')), 0, v.business_use,
		       'insurance of ' || v.registration || case when v.business_use then ', for driving for the school' else '' end,
		       daterange(v.insured_from, v.insured_until, '[]')
		  from data.vehicle v
	), held as ( -- by itself and all that is stronger
		select f.*, case when f.more then range_agg(f.held) filter (where f.more) over stronger
		                 else range_agg(f.held) over stronger end as periods
		  from fact f
		window stronger as (partition by f.staff_id, f.kind, f.about order by f.level desc)
	), had as ( -- in the words of the latest
		select distinct on (h.staff_id, h.kind, h.about, h.level, h.more) h.*
		  from held h where lower(h.held) <= day
		 order by h.staff_id, h.kind, h.about, h.level, h.more, lower(h.held) desc
	), ends as (
		select h.*, u.valid_until, max(h.level) over together as top,
		       max(h.level) filter (where h.more) over together as top_more
		  from had h
		       cross join lateral (select coalesce(upper(p) - 1, 'infinity') as valid_until from unnest(h.periods) as p
		                            where lower(p) <= day order by lower(p) desc limit 1) as u
		window together as (partition by h.staff_id, h.kind, h.about, u.valid_until)
	)
	select e.staff_id, e.kind, e.what, e.valid_until
	  from ends e
	 where case when e.more then e.level = e.top_more else e.level = e.top and e.level > coalesce(e.top_more, -1) end;
end;
comment on function data.staff_facts(date) is 'The checks, trainings and insurances that staff had by a day, and until when each holds, or held last';

create or replace function data.policy_reviews(day date)
returns table (school_urn int, policy_version_id bigint, days_over int)
language sql stable rows 50
begin atomic
	select s.urn, v.policy_version_id, day - v.next_review_on
	  from data.school s join data.policy_version v on v.policy_version_id = data.policy_of(s.urn, day);
end;
comment on function data.policy_reviews(date) is 'The version that each school follows on a day, and how many days its review is over; null for a version without one';
