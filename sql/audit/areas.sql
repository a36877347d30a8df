-- Which scopes open what the trail says of a table: of each of these areas the one to
-- read or the one to write.  Without an area: the scope audit:read alone.
create or replace function audit.areas() returns table (record text, areas text[])
language sql immutable rows 70
begin atomic
	select t.record, a.areas
	  from (values
		('{visits}'::text[], '{data.visit,data.visit_pupil,data.team_member,data.approval_request,
			data.approval_decision,data.code_word}'::text[]),
		('{visits,agreements,concerns,incidents,referrals}', '{data.duty,data.deviation}'),
		('{visits,concerns,incidents}', '{data.event}'), -- what was done about those
		('{alarms}', '{data.escalation,data.rung,data.webhook,data.delivery}'),
		('{alarms,agreements,concerns,incidents,referrals}', '{data.notification}'),
		('{risk}', '{data.risk_assessment,data.risk_hazard,data.hazard}'),
		('{records}', '{data.visit_record}'),
		('{concerns}', '{data.concern,data.external_referral}'),
		('{incidents}', '{data.incident,data.accident,data.intervention,data.debrief}'),
		('{agreements}', '{data.agreement,data.promise,data.promise_test,data.letter}'),
		('{referrals}', '{data.referral,data.referral_rule,data.evidence_part,data.evidence_week,
			data.evidence_change,data.penalty_notice,data.improvement_notice}'),
		('{subject}', '{data.subject_request,data.subject_item,data.redaction}'),
		('{pupils}', '{data.pupil,data.enrolment}'), ('{contacts}', '{data.contact,data.social_worker}'),
		('{staff}', '{data.staff,data.post,data.delegation}'),
		('{checks}', '{data.staff_check,data.training,data.policy_reading,data.vehicle,data.allergy,data.next_of_kin}'),
		('{schools}', '{data.school,data.adoption}'),
		('{policies}', '{data.policy,data.policy_version,data.clause_kind,data.clause,data.rule_left_out}'),
		('{attendance}', '{data.attendance_code,data.register_week,data.mark_note,data.mark_amendment,data.school_week}'),
		('{schedules}', '{data.export,data.schedule}'), -- exports:read is everybody's, of their own
		('{retention}', '{data.retention_rule,data.legal_hold,data.disposal,data.disposal_item}'),
		('{accounts}', '{auth.account,auth.device,auth.link,auth.identity}'),
		('{}', '{data.migration,data.change_line,data.idempotency,auth.client,auth.client_school,auth.token,
			audit.erasure}')) as a (areas, records)
	       cross join lateral unnest(a.records) as t (record);
end;
comment on function audit.areas() is 'Which scopes open what the trail says of a table';

-- The tables of which this token opens what the trail says.
create or replace function audit.opened() returns text[]
language sql stable
return (select array_agg(a.record) from audit.areas() a, auth.kinds_opened() as open where a.areas <@ open);
comment on function audit.opened() is 'The tables of which the token opens what the trail says';

-- Whether an entry is of one of these schools: by its own, or as one about a pupil or
-- one of the staff of theirs.  What is written of a pupil and the family is of a school that
-- reaches the family still; of a former one while it had the pupil.  What is written of staff is of a school that keeps
-- it still; of a former one up to its last day.
create or replace function audit.is_of(e audit.entry, schools int[]) returns boolean
language sql stable
return case when e.school_urn is not null then e.school_urn = any (schools)
	else exists (select from data.enrolment n where n.school_urn = any (schools)
	               and n.pupil_id = coalesce(e.key ->> 'pupil_id', e.after ->> 'pupil_id',
	                                         e.before ->> 'pupil_id')::bigint
	               and (auth.reaches_family(n.pupil_id, n.left_on)
	                    or data.day_of(e.at) between n.admitted_on and n.left_on))
	  or exists (select from data.post p where p.school_urn = any (schools)
	               and p.staff_id = coalesce(e.key ->> 'staff_id', e.after ->> 'staff_id',
	                                         e.before ->> 'staff_id')::bigint
	               and (auth.keeps_staff(p.staff_id, p.left_on) or data.day_of(e.at) <= p.left_on)) end;
comment on function audit.is_of(audit.entry, int[]) is 'Whether an entry is of one of these schools';

-- Whether an entry on what was read is of one of these schools: by the client, which sees
-- no other, or the place at which a person acted; by the filter; or by the record that the
-- path names.
create or replace function audit.access_is_of(a audit.access, schools int[]) returns boolean
language sql stable
return coalesce(array[a.filters ->> 'school', a.filters ->> 'acting_at'] && schools::text[], false)
	or exists (select from auth.client c where c.client_id = a.client_id and not c.all_schools
	              and exists (select from auth.client_school s where s.client_id = c.client_id)
	              and not exists (select from auth.client_school s where s.client_id = c.client_id
	                                 and s.school_urn <> all (schools)))
	or exists (select from regexp_matches(a.resource, '^/api/v1/([a-z-]+)/([0-9]{1,18})(?:[/.]|$)') as m where case m[1]
		when 'pupils' then exists (select from data.enrolment n where n.pupil_id = m[2]::bigint
		                              and n.school_urn = any (schools))
		when 'staff' then exists (select from data.post p where p.staff_id = m[2]::bigint and p.school_urn = any (schools))
		when 'visits' then exists (select from data.visit v where v.visit_id = m[2]::bigint and v.school_urn = any (schools))
		when 'agreements' then exists (select from data.agreement g where g.agreement_id = m[2]::bigint
		                                  and g.school_urn = any (schools))
		when 'letters' then exists (select from data.letter l where l.letter_id = m[2]::bigint
		                               and l.school_urn = any (schools))
		when 'referrals' then exists (select from data.referral r where r.referral_id = m[2]::bigint
		                                 and r.school_urn = any (schools))
		else false end);
comment on function audit.access_is_of(audit.access, int[]) is 'Whether an entry on what was read is of one of these schools';

-- The keys of the rows about a pupil, as the trail has them.
create or replace function audit.rows_of_pupil(pupil bigint) returns table (record text, key jsonb)
language sql stable rows 200
begin atomic
	with its (visit_id) as (select v.visit_id from data.visit_pupil v where v.pupil_id = pupil)
	select 'data.pupil', jsonb_build_object('pupil_id', pupil)
	union all select 'data.enrolment', jsonb_build_object('pupil_id', pupil, 'school_urn', e.school_urn, 'admitted_on',
	                  e.admitted_on) from data.enrolment e where e.pupil_id = pupil
	union all select 'data.contact', jsonb_build_object('contact_id', c.contact_id)
	            from data.contact c where c.pupil_id = pupil
	union all select 'data.social_worker', jsonb_build_object('social_worker_id', w.social_worker_id)
	            from data.social_worker w where w.pupil_id = pupil
	union all select 'data.visit', jsonb_build_object('visit_id', i.visit_id) from its i
	union all select 'data.visit_pupil', jsonb_build_object('visit_id', i.visit_id, 'pupil_id', pupil) from its i
	union all select 'data.event', jsonb_build_object('event_id', e.event_id) from data.event e join its i using (visit_id)
	union all select 'data.visit_record', jsonb_build_object('record_id', r.record_id)
	            from data.visit_record r join its i using (visit_id)
	union all select 'data.concern', jsonb_build_object('concern_id', c.concern_id)
	            from data.concern c join its i using (visit_id)
	           where c.pupil_id = pupil or c.pupil_id is null
	union all select 'data.incident', jsonb_build_object('incident_id', c.incident_id)
	            from data.incident c join its i using (visit_id)
	union all select 'data.risk_assessment', jsonb_build_object('assessment_id', r.assessment_id)
	            from data.risk_assessment r join its i using (visit_id)
	union all select 'data.external_referral', jsonb_build_object('referral_id', r.referral_id)
	            from data.external_referral r join its i using (visit_id)
	union all select 'data.agreement', jsonb_build_object('agreement_id', g.agreement_id)
	            from data.agreement g where g.pupil_id = pupil
	union all select 'data.promise', jsonb_build_object('promise_id', p.promise_id)
	            from data.promise p join data.agreement g using (agreement_id) where g.pupil_id = pupil
	union all select 'data.letter', jsonb_build_object('letter_id', l.letter_id)
	            from data.letter l where l.pupil_id = pupil
	union all select 'data.referral', jsonb_build_object('referral_id', r.referral_id)
	            from data.referral r where r.pupil_id = pupil
	union all select 'data.penalty_notice', jsonb_build_object('notice_id', p.notice_id)
	            from data.penalty_notice p where p.pupil_id = pupil
	union all select 'data.improvement_notice', jsonb_build_object('notice_id', p.notice_id)
	            from data.improvement_notice p where p.pupil_id = pupil
	union all select 'data.mark_amendment', jsonb_build_object('amendment_id', m.amendment_id)
	            from data.mark_amendment m where m.pupil_id = pupil
	union all select 'data.register_week', jsonb_build_object('school_urn', w.school_urn, 'week', w.week)
	            from data.register_week w where w.pupil_id = pupil;
end;
comment on function audit.rows_of_pupil(bigint) is 'The keys of the rows about a pupil, as the trail has them';

create or replace function audit.rows_of_staff(staff bigint) returns table (record text, key jsonb)
language sql stable rows 50
begin atomic
	select 'data.staff', jsonb_build_object('staff_id', staff)
	union all select 'data.post', jsonb_build_object('staff_id', staff, 'school_urn', p.school_urn)
	            from data.post p where p.staff_id = staff
	union all select 'data.delegation', jsonb_build_object('delegation_id', d.delegation_id)
	            from data.delegation d where staff in (d.from_staff_id, d.to_staff_id)
	union all select 'data.staff_check', jsonb_build_object('check_id', c.check_id)
	            from data.staff_check c where c.staff_id = staff
	union all select 'data.training', jsonb_build_object('training_id', t.training_id)
	            from data.training t where t.staff_id = staff
	union all select 'data.policy_reading', jsonb_build_object('reading_id', r.reading_id)
	            from data.policy_reading r where r.staff_id = staff
	union all select 'data.vehicle', jsonb_build_object('vehicle_id', v.vehicle_id)
	            from data.vehicle v where v.staff_id = staff
	union all select 'data.allergy', jsonb_build_object('allergy_id', a.allergy_id)
	            from data.allergy a where a.staff_id = staff
	union all select 'data.next_of_kin', jsonb_build_object('kin_id', k.kin_id)
	            from data.next_of_kin k where k.staff_id = staff
	union all select 'data.team_member', jsonb_build_object('visit_id', m.visit_id, 'position', m.position)
	            from data.team_member m where m.staff_id = staff;
end;
comment on function audit.rows_of_staff(bigint) is 'The keys of the rows about one of the staff, as the trail has them';
