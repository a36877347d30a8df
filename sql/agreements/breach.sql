-- Breaches: what of an agreement the family did not keep, round by round, and the
-- steps that answered them.
--
-- A promise is tested in rounds: as it was agreed (1); anew, for as long again,
-- from the day after the reminder was sent (2); anew from the day after the
-- follow-up visit (3).  So what was answered by a letter does not count a second
-- time.  Of a policy without reminders the visit follows the first breach.

-- How the promises of the family stand that were found to be broken in a round:
-- those that the register tells by the last test of the round, found with the first
-- test since which they were broken all the time; and those in words by who settled
-- them on one of its days.  starts null: the first day of all.
create or replace function data.agreement_breaches_of(agreement bigint, in_round int, starts date, ends date)
returns table (promise_id bigint, "position" int, words text, broken_on date, found_at timestamptz, reason text)
language sql stable rows 2
begin atomic
	select p.promise_id, p.position, p.words, last.decided_on,
	       (select min(t.tested_at) from data.promise_test t
	         where t.promise_id = p.promise_id and t.round = in_round and t.test_id > coalesce((
	               select max(b.test_id) from data.promise_test b
	                where b.promise_id = p.promise_id and b.round = in_round and b.verdict <> 'broken'), 0)),
	       last.reason
	  from data.promise p
	       cross join lateral (select t.* from data.promise_test t
	                            where t.promise_id = p.promise_id and t.round = in_round
	                            order by t.test_id desc limit 1) as last
	 where p.agreement_id = agreement and p.side = 'family' and last.verdict = 'broken'
	union all
	select p.promise_id, p.position, p.words, p.decided_on, p.updated_at, coalesce(p.note, 'not done')
	  from data.promise p
	 where p.agreement_id = agreement and p.side = 'family' and p.kind = 'text' and p.state = 'broken'
	   and p.decided_on >= coalesce(starts, '-infinity') and p.decided_on < coalesce(ends, 'infinity');
end;
comment on function data.agreement_breaches_of(bigint, int, date, date)
	is 'The promises of a family that were broken in a round, which is of these days';

-- The breach that a follow-up visit answers: that after the reminder.
create or replace function data.agreement_followed_round(a data.agreement) returns int
language sql stable
return case when exists (select from data.clause c where c.policy_version_id = (a).policy_version_id
	                                                   and c.kind = 'agreement_reminder') then 2 else 1 end;
comment on function data.agreement_followed_round(data.agreement) is 'The round whose breach is followed by a visit: 2; 1 of a policy without reminders';

-- When a step was waived, first.
create or replace function data.agreement_waived(a data.agreement, kind text) returns date
language sql stable
return (select min(data.day_of(d.at)) from data.deviation d
	           join data.clause c on c.policy_version_id = (a).policy_version_id and c.clause = d.clause
	     where d.agreement_id = (a).agreement_id and d.kind = 'waived' and c.kind = agreement_waived.kind);
comment on function data.agreement_waived(data.agreement, text) is 'When a step of an agreement was waived; null for never';

-- When the steps of the chain were taken: sent, visited, or waived.  A visit is the
-- follow-up when it names the agreement and was made once that was broken (again):
-- one before that is no answer to it.  A drill is none.
create or replace function data.agreement_steps(agreement bigint,
	out reminded date, out followed date, out visit bigint)
language sql stable
begin atomic
	select s.reminded, least(data.day_of(v.departed_at), data.agreement_waived(a, 'agreement_follow_up')), v.visit_id
	  from data.agreement a
	       cross join lateral (select data.agreement_followed_round(a) as round, least((select min(l.sent_on)
	                 from data.letter l where l.agreement_id = a.agreement_id and l.kind = 'reminder'),
	              data.agreement_waived(a, 'agreement_reminder')) as reminded) as s
	       left join lateral (select min(b.broken_on) as on from data.agreement_breaches_of(a.agreement_id, s.round,
	                 case s.round when 2 then s.reminded + 1 end, null) b
	                           where s.round = 1 or s.reminded is not null) as broken on true
	       left join lateral (select v.visit_id, v.departed_at from data.visit v
	                           where v.agreement_id = a.agreement_id and not v.drill
	                             and data.day_of(v.departed_at) >= broken.on
	                           order by v.departed_at limit 1) as v on true
	 where a.agreement_id = agreement;
end;
comment on function data.agreement_steps(bigint) is 'When a reminder was sent and a follow-up visit made, or waived; which visit; null for never';

-- The rounds that have begun, each with its first day and the first day of the next.
create or replace function data.agreement_rounds(agreement bigint) returns table (round int, starts date, ends date)
language sql stable rows 3
begin atomic
	with taken as (
		select s.* from data.agreement_steps(agreement) s
	), step as (
		select 1 as round, a.from_on as starts from data.agreement a where a.agreement_id = agreement
		union all
		select 2, t.reminded + 1 from taken t where t.reminded is not null
		union all
		select 3, t.followed + 1 from taken t where t.followed is not null
	)
	select s.round, s.starts, lead(s.starts) over (order by s.round) from step s;
end;
comment on function data.agreement_rounds(bigint) is 'The rounds of testing that have begun, in order';

create or replace function data.agreement_breaches(agreement bigint, in_round int)
returns table (promise_id bigint, "position" int, words text, broken_on date, found_at timestamptz, reason text)
language sql stable rows 2
begin atomic
	select b.* from data.agreement_rounds(agreement) r
	       cross join lateral data.agreement_breaches_of(agreement, in_round,
	                  case when r.round > 1 then r.starts end, r.ends) b
	 where r.round = in_round;
end;
comment on function data.agreement_breaches(bigint, int) is 'The promises of a family that were broken in a round';

create or replace function data.agreement_breach_at(agreement bigint, in_round int) returns timestamptz
language sql stable
return (select min(b.found_at) from data.agreement_breaches(agreement, in_round) b);
comment on function data.agreement_breach_at(bigint, int) is 'When the first breach of a round was found; null without one';

-- By when a step is to be taken: so many days after its cause was found, or as it was
-- put off since.
create or replace function data.agreement_due(a data.agreement, c data.clause, since timestamptz, days int)
returns timestamptz
language sql stable
return coalesce((select (d.until_on + 1)::timestamp at time zone 'Europe/London' from data.deviation d
	              where d.agreement_id = (a).agreement_id and d.clause = (c).clause and d.kind = 'postponed'
	                and d.at >= since
	              order by d.deviation_id desc limit 1),
	since + make_interval(days => coalesce(((c).parameters ->> 'days')::int, days)));
comment on function data.agreement_due(data.agreement, data.clause, timestamptz, int)
	is 'By when a step of the chain is to be taken; days: how many there are for it where the clause does not say';
