-- Breaches: what of an agreement the family did not keep, round by round.

-- How the promises of the family stand that were found to be broken in a round:
-- those that the register tells by the last test of the round, and those in
-- words by who settled them on a day of it.
create or replace function data.agreement_breaches(agreement bigint, in_round int)
returns table (promise_id bigint, words text, broken_on date, found_at timestamptz, reason text)
language sql stable rows 2
begin atomic
	select p.promise_id, p.words, last.decided_on,
	       (select min(t.tested_at) from data.promise_test t
	         where t.promise_id = p.promise_id and t.round = in_round and t.verdict = 'broken'), last.reason
	  from data.promise p
	       cross join lateral (select t.* from data.promise_test t
	                            where t.promise_id = p.promise_id and t.round = in_round
	                            order by t.test_id desc limit 1) as last
	 where p.agreement_id = agreement and p.side = 'family' and last.verdict = 'broken'
	union all
	select p.promise_id, p.words, p.decided_on, p.updated_at, coalesce(p.note, 'not done')
	  from data.agreement_rounds(agreement) r
	       join data.promise p on p.decided_on >= case r.round when 1 then '-infinity' else r.starts end
	                          and p.decided_on < coalesce(r.ends, 'infinity')
	 where r.round = in_round and p.agreement_id = agreement and p.side = 'family' and p.kind = 'text'
	 	and p.state = 'broken';
end;
comment on function data.agreement_breaches(bigint, int) is 'The promises of a family that were broken in a round';

create or replace function data.agreement_breach_at(agreement bigint, in_round int) returns timestamptz
language sql stable
return (select min(b.found_at) from data.agreement_breaches(agreement, in_round) b);
comment on function data.agreement_breach_at(bigint, int) is 'When the first breach of a round was found; null without one';

-- By when a step is to be taken: so many days after its cause, or as it was put off.
create or replace function data.agreement_due(a data.agreement, c data.clause, since timestamptz) returns timestamptz
language sql stable
return coalesce((select (d.until_on + 1)::timestamp at time zone 'Europe/London' from data.deviation d
	              where d.agreement_id = (a).agreement_id and d.clause = (c).clause and d.kind = 'postponed'
	              order by d.deviation_id desc limit 1),
	since + make_interval(days => coalesce(((c).parameters ->> 'days')::int, 7)));
comment on function data.agreement_due(data.agreement, data.clause, timestamptz) is 'By when a step of the chain is to be taken';
