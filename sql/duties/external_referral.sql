-- Where one was made.
select duty.kind('external_referral', 'Referrals to agencies are recorded', scope => 'concerns') \g /dev/null

create function duty.external_referral(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the referral on record', part => r.referral_id::text, met_at => r.at)
		  from data.external_referral r where r.visit_id = (v).visit_id
		offset 0) as x (f);
end;
$$;
comment on function duty.external_referral(data.visit, data.clause) is 'Referrals to agencies are recorded';
