-- Attendance below a percentage, or falling on, over so many months.  Of an
-- agreement whose follow-up visit was made (or waived): when the rule is met all
-- the same, the pupil is to be put forward.  Who meets it without an agreement
-- is in the report.
select duty.kind('legal_referral', 'When the authorities are told, so that they consider legal proceedings',
	'{"months": {"type": "int", "required": true, "min": 1, "max": 12},
	  "below_percent": {"type": "int", "min": 1, "max": 100},
	  "falling": {"type": "bool"}}', about => 'referral', scope => 'agreements') \g /dev/null

create function duty.legal_referral(a data.agreement, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
declare
	followed date := (data.agreement_steps((a).agreement_id)).followed;
	made     data.referral := (select r from data.referral r where r.pupil_id = (a).pupil_id and r.withdrawn_at is null
	                              and r.proposed_at >= followed order by r.proposed_at limit 1);
	met      boolean := followed is not null and made.referral_id is null and exists (select from data.referral_found(
		array[(a).school_urn], array[(a).pupil_id], coalesce((a).tested_to, data.day_of(now())), 0)
		f where f.school_urn = (a).school_urn and f.clause = (c).clause);
begin
	return query select (duty.found('a referral to be proposed: the rule of the policy is met',
		applies => met or made.referral_id is not null,
		due_at => data.agreement_due(a, c, (followed + 1)::timestamp at time zone 'Europe/London'),
		met_at => made.proposed_at, evidence => 'referral ' || made.referral_id,
		roles => '{headteacher,attendance_officer}')).*;
end;
$$;
comment on function duty.legal_referral(data.agreement, data.clause) is 'When the authorities are told';
