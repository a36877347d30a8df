-- Agreements and letters go with the school, and with the scope for them; what
-- they name is of the school, too (named.sql).  Tests, and how promises stand by
-- the register, are written by functions alone.
do $$
declare
	kept record;
begin
	for kept in select * from (values
		('data.agreement', 'agreements'), ('data.promise', 'agreements'), ('data.promise_test', 'agreements'),
		('data.letter', 'agreements'), ('data.referral', 'referrals'), ('data.evidence_part', 'referrals'),
		('data.evidence_change', 'referrals'), ('data.penalty_notice', 'referrals'),
		('data.improvement_notice', 'referrals')) as k (name, scope) loop
		execute format('create policy seen on %s for select to doorstep_records, doorstep_reports
			using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope(%L, %L)))',
			kept.name, kept.scope || ':read', kept.scope || ':write');
	end loop;
	for kept in select * from (values
		('data.agreement', 'agreements'), ('data.promise', 'agreements'), ('data.letter', 'agreements'),
		('data.referral', 'referrals'), ('data.penalty_notice', 'referrals'),
		('data.improvement_notice', 'referrals')) as k (name, scope) loop
		execute format('create policy added on %s for insert to doorstep_records
			with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope(%L)))',
			kept.name, kept.scope || ':write');
		execute format('create policy changed on %s for update to doorstep_records
			using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope(%2$L)))
			with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope(%2$L)))',
			kept.name, kept.scope || ':write');
	end loop;
end;
$$;
-- Who decides on a referral need not be one who may put a pupil forward.
create policy decided on data.referral for update to doorstep_records
	using (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('decisions:write')))
	with check (school_urn = any ((select auth.schools())::int[]) and (select auth.has_scope('decisions:write')));
-- A promise is added to an agreement that one sees.
create policy named_agreement on data.promise as restrictive for insert to doorstep_records
	with check (exists (select from data.agreement a where a.agreement_id = promise.agreement_id
	                                                   and a.school_urn = promise.school_urn));
-- A person says how a promise in words stands; of a measured one the register does.
create policy in_words on data.promise as restrictive for update to doorstep_records using (kind = 'text');
-- The rule of the trust is no secret, but for who is nobody; it is set by who sees all of it.
create policy seen on data.referral_rule for select to doorstep_records, doorstep_reports
	using ((select auth.has_scope('referrals:read', 'referrals:write')));
create policy added on data.referral_rule for insert to doorstep_records
	with check ((select auth.sees_all_schools()) and (select auth.has_scope('referrals:write')));
-- The frozen weeks are the register's, of whichever school: for functions alone.
create policy weighed on data.evidence_week to doorstep_definer using (true) with check (true);
do $$
declare
	weighed regclass;
begin
	foreach weighed in array array['data.agreement', 'data.promise', 'data.promise_test', 'data.letter', 'data.referral',
		'data.evidence_part', 'data.evidence_change', 'data.penalty_notice', 'data.improvement_notice',
		'data.referral_rule']::regclass[] loop
		execute format('create policy weighed on %s to doorstep_definer using (true) with check (true)', weighed);
	end loop;
end;
$$;
