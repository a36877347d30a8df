-- Where something about a person may be held.  A test fails when a table is
-- neither here nor in data.subject_exceptions with its reason.

-- The columns that name one of the staff.
create or replace function data.subject_staff_columns() returns table (record text, name text)
language sql stable rows 50
begin atomic
	select c.conrelid::regclass::text, a.attname::text
	  from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
	 where c.contype = 'f' and c.confrelid = 'data.staff'::regclass and cardinality(c.conkey) = 1
	   and c.conrelid <> all ('{data.subject_request,data.redaction}'::regclass[]);
end;
comment on function data.subject_staff_columns() is 'The columns that name one of the staff';

-- Of a pupil, a contact or a member of staff, in reading order: the table, the
-- condition on its row r ($1: the person; $2: all contacts that are the same
-- person, $3: their names), the time that it is of, and the scope that opens it.  brief: only who
-- of the staff is named, and when; what is written there is about somebody else.
create or replace function data.subject_sources(subject data.subject_kind)
returns table (place bigint, record text, holds text, at text, scope text, brief boolean)
language sql stable rows 50
begin atomic
	with pupils_of as (
		select '(select c.pupil_id from data.contact c where c.contact_id = any ($2))' as them
	), source as (
		select s.* from (values
			(10, 'data.pupil', 'r.pupil_id = $1', 'null', null),
			(11, 'data.enrolment', 'r.pupil_id = $1', 'r.admitted_on', null),
			(12, 'data.contact', 'r.pupil_id = $1', 'null', 'contacts'),
			(13, 'data.social_worker', 'r.pupil_id = $1', 'r.from_on', 'contacts'),
			(40, 'data.agreement', 'r.pupil_id = $1', 'r.made_on', 'agreements'),
			(41, 'data.promise', 'r.agreement_id in (select a.agreement_id from data.agreement a where a.pupil_id = $1)',
				'null', 'agreements'),
			(42, 'data.promise_test', 'r.agreement_id in (select a.agreement_id from data.agreement a where a.pupil_id = $1)',
				'r.tested_at', 'agreements'),
			(43, 'data.letter', 'r.pupil_id = $1', 'r.sent_on', 'agreements'),
			(50, 'data.referral', 'r.pupil_id = $1', 'r.proposed_at', 'referrals'),
			(51, 'data.evidence_part', 'r.referral_id in (select f.referral_id from data.referral f where f.pupil_id = $1)',
				'null', 'referrals'),
			(52, 'data.evidence_week', 'r.pupil_id = $1', 'r.week', 'referrals'),
			(53, 'data.evidence_change', 'r.referral_id in (select f.referral_id from data.referral f where f.pupil_id = $1)',
				'r.changed_at', 'referrals'),
			(54, 'data.penalty_notice', 'r.pupil_id = $1', 'r.issued_on', 'referrals'),
			(55, 'data.improvement_notice', 'r.pupil_id = $1', 'r.issued_on', 'referrals'),
			(60, 'data.register_week', 'r.pupil_id = $1', 'r.week', 'attendance'),
			(61, 'data.mark_note', 'r.pupil_id = $1', 'r.day', 'attendance'),
			(62, 'data.mark_amendment', 'r.pupil_id = $1', 'r.amended_at', 'attendance'),
			(70, 'data.import_rejection', $q$exists (select from data.pupil p where p.pupil_id = $1
				and r.said ->> 'upn' = p.upn) or exists (select from data.enrolment e where e.pupil_id = $1
				and r.said ->> 'mis_id' = e.mis_id
				and coalesce(r.said ->> 'school_urn', e.school_urn::text) = e.school_urn::text)$q$, 'null', 'contacts'),
			(80, 'audit.entry', $q$r.record = 'data.pupil' and r.action = 'update'
				and r.key = jsonb_build_object('pupil_id', $1)$q$, 'r.at', 'audit'),
			(81, 'audit.access', $q$substring(r.resource from '^(/api/v1/[a-z-]+/[0-9]+)(?:[/.]|$)')
				= any (array(select audit.paths_of($1))) or r.filters ->> 'pupil' = $1::text$q$, 'r.at', 'audit')
			) as s (place, record, holds, at, scope)
		 where subject = 'pupil'
		union all
		select s.place, s.record, case when s.more is null then v.holds else format('(%s and %s)', v.holds, s.more) end,
		       s.at, s.scope
		  from (select 'r.visit_id in (select p.visit_id from data.visit_pupil p where p.pupil_id = $1)' as holds) as v
		       cross join (values
			(20, 'data.visit', null, 'r.planned_start', 'visits'),
			(21, 'data.visit_pupil', 'r.pupil_id = $1', 'null', 'visits'),
			(22, 'data.team_member', null, 'null', 'visits'),
			(23, 'data.approval_request', null, 'r.at', 'visits'),
			(24, 'data.approval_decision', null, 'r.at', 'visits'),
			(25, 'data.event', null, 'r.at', 'visits'),
			(26, 'data.duty', null, 'r.due_at', 'visits'),
			(27, 'data.deviation', null, 'r.at', 'visits'),
			(28, 'data.visit_record', null, 'r.at', 'records'),
			(29, 'data.concern', '(r.pupil_id is null or r.pupil_id = $1)', 'r.at', 'concerns'),
			(30, 'data.external_referral', '(r.pupil_id is null or r.pupil_id = $1)', 'r.at', 'concerns'),
			(31, 'data.incident', null, 'r.at', 'incidents'),
			(32, 'data.accident', null, 'r.at', 'incidents'),
			(33, 'data.intervention', '(r.pupil_id is null or r.pupil_id = $1)', 'r.at', 'incidents'),
			(34, 'data.debrief', null, 'r.at', 'incidents'),
			(37, 'data.escalation', null, 'r.due_at', 'alarms'),
			(39, 'data.notification', null, 'r.raised_at', 'alarms')) as s (place, record, more, at, scope)
		 where subject = 'pupil'
		union all
		select s.* from (select $q$(r.visit_id in (select p.visit_id from data.visit_pupil p where p.pupil_id = $1)
		                         or r.pupil_id = $1)$q$ as holds,
		                        $q$(select v.visit_id from data.visit_pupil v where v.pupil_id = $1)$q$ as visits) as q
		       cross join lateral (values
			(35, 'data.risk_assessment', q.holds, 'r.at', 'risk'),
			(36, 'data.risk_hazard', $q$r.assessment_id in (select a.assessment_id from data.risk_assessment a
				where a.pupil_id = $1 or a.visit_id in $q$ || q.visits || ')', 'null', 'risk'),
			(38, 'data.rung', $q$r.escalation_id in (select e.escalation_id from data.escalation e
				where e.visit_id in $q$ || q.visits || ')', 'r.raised_at', 'alarms'),
			(39, 'data.hazard', $q$exists (select from data.pupil p where p.pupil_id = $1
				and data.place_key(p.address, p.postcode) = r.place_key)
				or r.contact_id in (select c.contact_id from data.contact c where c.pupil_id = $1)$q$, 'r.created_at', 'risk')
			) as s (place, record, holds, at, scope)
		 where subject = 'pupil'
		union all
		select s.* from pupils_of cross join lateral (values
			(10, 'data.contact', 'r.contact_id = any ($2)', 'null', 'contacts'),
			(20, 'data.hazard', $q$r.contact_id = any ($2) or r.person_key in (select data.person_key(c.given_name,
				c.family_name, c.phone) from data.contact c where c.contact_id = any ($2))$q$, 'r.created_at', 'risk'),
			(30, 'data.penalty_notice', 'r.contact_id = any ($2)', 'r.issued_on', 'referrals'),
			(40, 'data.agreement', $q$r.pupil_id in $q$ || them || ' and data.says_name(to_jsonb(r), $3)',
				'r.made_on', 'agreements'),
			(41, 'data.promise', $q$r.agreement_id in (select a.agreement_id from data.agreement a where a.pupil_id in $q$
				|| them || ') and data.says_name(to_jsonb(r), $3)', 'null', 'agreements'),
			(42, 'data.letter', $q$r.pupil_id in $q$ || them || ' and data.says_name(to_jsonb(r) - ''page'', $3)',
				'r.sent_on', 'agreements'),
			(80, 'audit.entry', $q$r.record = 'data.contact' and r.action = 'update'
				and (r.key ->> 'contact_id')::bigint = any ($2)$q$, 'r.at', 'audit')
			) as s (place, record, holds, at, scope)
		 where subject = 'contact'
		union all
		select s.place, s.record, $q$r.visit_id in (select p.visit_id from data.visit_pupil p where p.pupil_id in $q$
		       || them || format(') and data.says_name(%s, $3)', s.said), s.at, s.scope
		  from pupils_of cross join (values
			(21, 'data.visit', 'to_jsonb(r)', 'r.planned_start', 'visits'),
			(22, 'data.event', 'jsonb_build_object(''note'', r.note)', 'r.at', 'visits'),
			(23, 'data.visit_record', 'to_jsonb(r)', 'r.at', 'records'),
			(24, 'data.concern', 'to_jsonb(r)', 'r.at', 'concerns'),
			(25, 'data.external_referral', 'to_jsonb(r)', 'r.at', 'concerns'),
			(26, 'data.incident', 'to_jsonb(r)', 'r.at', 'incidents'),
			(27, 'data.accident', 'to_jsonb(r)', 'r.at', 'incidents'),
			(28, 'data.intervention', 'to_jsonb(r)', 'r.at', 'incidents')) as s (place, record, said, at, scope)
		 where subject = 'contact'
		union all
		select s.* from (values
			(10, 'data.staff', 'r.staff_id = $1', 'null', null),
			(11, 'data.post', 'r.staff_id = $1', 'r.created_at', null),
			(12, 'data.staff_check', 'r.staff_id = $1', 'r.checked_on', 'checks'),
			(13, 'data.training', 'r.staff_id = $1', 'r.completed_on', 'checks'),
			(14, 'data.policy_reading', 'r.staff_id = $1', 'r.read_on', 'checks'),
			(15, 'data.vehicle', 'r.staff_id = $1', 'r.insured_from', 'checks'),
			(16, 'data.allergy', 'r.staff_id = $1', 'r.from_on', 'checks'),
			(17, 'data.next_of_kin', 'r.staff_id = $1', 'r.from_on', 'checks'),
			(18, 'data.delegation', '$1 in (r.from_staff_id, r.to_staff_id)', 'r.from_on', null),
			(20, 'data.team_member', 'r.staff_id = $1', 'null', 'visits'),
			(21, 'data.debrief', 'r.staff_id = $1', 'r.at', 'incidents'),
			(22, 'data.import_rejection', $q$exists (select from data.staff s where s.staff_id = $1
				and r.said ->> 'staff_code' = s.staff_code)$q$, 'null', null),
			(80, 'audit.entry', $q$r.record = 'data.staff' and r.action = 'update'
				and r.key = jsonb_build_object('staff_id', $1)$q$, 'r.at', 'audit')
			) as s (place, record, holds, at, scope)
		 where subject = 'staff'
	)
	select s.place::bigint, s.record, s.holds, s.at, s.scope, false from source s
	union all -- who wrote, decided, was told: wherever a table names one of the staff
	select 30 + row_number() over (order by n.record), n.record, n.holds, 'null', n.scope, true
	  from (select t.record, string_agg(format('r.%I = $1', t.name), ' or ' order by t.name) as holds,
	               max(k.scope) as scope
	          from data.subject_staff_columns() t
	               left join (values ('agreements', '{agreement,promise,letter}'::text[]),
	                   ('attendance', '{mark_amendment}'), ('alarms', '{rung,notification}'),
	                   ('concerns', '{concern,external_referral}'),
	                   ('incidents', '{incident,accident,intervention,debrief}'), ('records', '{visit_record}'),
	                   ('referrals', '{referral,penalty_notice,improvement_notice}'), ('risk', '{risk_assessment,hazard}'),
	                   ('visits', '{event,duty,deviation,approval_request,approval_decision}')) as k (scope, tables)
	                   on t.record = any (array(select 'data.' || n from unnest(k.tables) as n))
	         where t.record not in (select s.record from source s where s.record <> 'data.debrief')
	         group by t.record) as n
	 where subject = 'staff';
end;
comment on function data.subject_sources(data.subject_kind) is 'Where something about a person may be held';

-- Tables that hold nothing about a person that the package would lack.
create or replace function data.subject_exceptions() returns table (record text, reason text)
language sql immutable rows 20
begin atomic
	select * from (values
		('data.school', 'about a school'), ('data.adoption', 'about a school'), ('data.school_week', 'about a school'),
		('data.policy', 'a policy'), ('data.policy_version', 'a policy'), ('data.clause_kind', 'a policy'),
		('data.clause', 'a policy'), ('data.rule_left_out', 'a policy'), ('data.referral_rule', 'a rule of the trust'),
		('data.attendance_code', 'a vocabulary'), ('data.migration', 'about the database'),
		('data.code_word', 'a hash of a word that protects the team; never told'),
		('data.watch_beat', 'about a program'), ('data.webhook', 'about a program'),
		('data.delivery', 'copies of what notifications say, on their way'),
		('data.import', 'about a file; its rejected rows are a source'),
		('data.idempotency', 'copies of answers, kept for a day'),
		('data.change', 'the numbers of records that changed'), ('data.change_line', 'about the feed of changes'),
		('data.export', 'what a client asked for'), ('data.export_piece', 'copies of answers, kept for some days at most'),
		('data.export_opening', 'numbers of transactions'),
		('data.subject_request', 'about the request itself, and kept beside the package'),
		('data.subject_item', 'copies of what is a source itself'), ('data.redaction', 'about the package itself')
		) as e (record, reason);
end;
comment on function data.subject_exceptions() is 'Tables that are no source of subject access, and why';
