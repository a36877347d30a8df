-- Attendance below a percentage, or falling on, over so many months.  Of an
-- agreement whose follow-up visit was made (or waived): when the rule is met all
-- the same, the pupil is to be put forward.  A referral that is open, or was
-- proposed since that visit, meets it, whatever comes of it.  Who meets the rule
-- without an agreement is in the report.  own: whether who proposes a referral may
-- decide on it; nobody may where it is not said.
select duty.kind('legal_referral', 'When the authorities are told, so that they consider legal proceedings',
	'{"months": {"type": "int", "required": true, "min": 1, "max": 12},
	  "below_percent": {"type": "int", "min": 1, "max": 100},
	  "falling": {"type": "bool"}, "own": {"type": "bool"}}', about => 'referral', scope => 'agreements') \g /dev/null

-- Within seven days of when that was found, which is what the duty says of itself
-- while it applies; or as it was put off.
create function duty.legal_referral_due(a data.agreement, c data.clause) returns timestamptz
language sql stable
return coalesce(
	(select p.until from (select (d.until_on + 1)::timestamp at time zone 'Europe/London' as until from data.deviation d
	     where d.agreement_id = (a).agreement_id and d.clause = (c).clause and d.kind = 'postponed'
	     order by d.deviation_id desc limit 1) as p where p.until > now()),
	(select d.due_at from data.duty d
	  where d.agreement_id = (a).agreement_id and d.policy_version_id = (c).policy_version_id
	    and d.clause = (c).clause and d.applies),
	now() + interval '7 days');
comment on function duty.legal_referral_due(data.agreement, data.clause) is 'By when a pupil is to be put forward, once the rule is met';

create function duty.legal_referral(a data.agreement, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
declare
	followed date := (data.agreement_steps((a).agreement_id)).followed;
	made     data.referral := (select r from data.referral r
	                            where followed is not null and r.pupil_id = (a).pupil_id and r.withdrawn_at is null
	                              and (r.open or r.proposed_at >= followed) order by r.proposed_at limit 1);
	met      boolean := followed is not null and made.referral_id is null and exists (select from data.referral_found(
		array[(a).school_urn], array[(a).pupil_id], coalesce((a).tested_to, data.day_of(now())), 0)
		f where f.school_urn = (a).school_urn and f.clause = (c).clause);
begin
	return query select (duty.found('a referral to be proposed: the rule of the policy is met',
		applies => met or made.referral_id is not null,
		due_at => case when met or made.referral_id is not null then duty.legal_referral_due(a, c) end,
		met_at => made.proposed_at, evidence => 'referral ' || made.referral_id,
		roles => '{headteacher,attendance_officer}')).*;
end;
$$;
comment on function duty.legal_referral(data.agreement, data.clause) is 'When the authorities are told';
