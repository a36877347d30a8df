-- A change is told to who sees a school of its record, and may read such
-- records.
create policy seen on data.change for select to doorstep_register
	using (schools && (select auth.schools())::int[]
	       and case record when 'visit' then (select auth.has_scope('visits:read'))
	                       when 'pupil' then (select auth.has_scope('pupils:read'))
	                       when 'staff' then (select auth.has_scope('staff:read'))
	                       when 'agreement' then (select auth.has_scope('agreements:read'))
	                       when 'letter' then (select auth.has_scope('agreements:read'))
	                       when 'referral' then (select auth.has_scope('referrals:read')) else false end);
create policy noted on data.change to doorstep_definer using (true) with check (true);
create policy begun on data.change_line to doorstep_definer using (true) with check (true);
