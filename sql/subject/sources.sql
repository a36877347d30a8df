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

create or replace function data.subject_sources_of_pupil()
returns table (place bigint, record text, holds text, at text, scopes text, brief boolean)
language sql stable rows 60
begin atomic
	with part as (
		select '(select p.visit_id from data.visit_pupil p where p.pupil_id = $1)' as visits,
		       '(select a.agreement_id from data.agreement a where a.pupil_id = $1)' as agreements,
		       '(select f.referral_id from data.referral f where f.pupil_id = $1)' as referrals
	), own as ( -- rows that name the pupil
		select s.* from (values
			(10, 'data.pupil', 'null', null),
			(11, 'data.enrolment', 'r.admitted_on', null),
			(12, 'data.contact', 'null', 'contacts'),
			(13, 'data.social_worker', 'r.from_on', 'contacts'),
			(21, 'data.visit_pupil', 'null', 'visits'),
			(40, 'data.agreement', 'r.made_on', 'agreements'),
			(43, 'data.letter', 'r.sent_on', 'agreements'),
			(50, 'data.referral', 'r.proposed_at', 'referrals'),
			(52, 'data.evidence_week', 'r.week', 'referrals'),
			(54, 'data.penalty_notice', 'r.issued_on', 'referrals'),
			(55, 'data.improvement_notice', 'r.issued_on', 'referrals'),
			(60, 'data.register_week', 'r.week', 'attendance'),
			(61, 'data.mark_note', 'r.day', 'attendance'),
			(62, 'data.mark_amendment', 'r.amended_at', 'attendance')) as s (place, record, at, scopes)
	), of_visit as ( -- rows that name a visit to the pupil
		select s.*, concat_ws(' and ', 'r.visit_id in ' || part.visits, s.more) as holds from part, (values
			(20, 'data.visit', null, 'r.planned_start', 'visits'),
			(22, 'data.team_member', null, 'null', 'visits'),
			(23, 'data.approval_request', null, 'r.at', 'visits'),
			(24, 'data.approval_decision', null, 'r.at', 'visits'),
			(25, 'data.event', null, 'r.at', 'visits'),
			(26, 'data.duty', null, 'r.due_at', 'visits'),
			(27, 'data.deviation', null, 'r.at', 'visits'),
			(28, 'data.visit_record', null, 'r.at', 'records'),
			(29, 'data.concern', 'r.pupil_id = $1', 'r.at', 'concerns'),
			(30, 'data.external_referral', '(r.pupil_id is null or r.pupil_id = $1)', 'r.at', 'concerns'),
			(31, 'data.incident', null, 'r.at', 'incidents'),
			(32, 'data.accident', null, 'r.at', 'incidents'),
			(33, 'data.intervention', '(r.pupil_id is null or r.pupil_id = $1)', 'r.at', 'incidents'),
			(34, 'data.debrief', null, 'r.at', 'incidents'),
			(37, 'data.escalation', null, 'r.due_at', 'alarms'),
			(39, 'data.notification', null, 'r.raised_at', 'alarms')) as s (place, record, more, at, scopes)
	), source as (
		select o.place, o.record, 'r.pupil_id = $1' as holds, o.at, o.scopes from own o
		union all select v.place, v.record, v.holds, v.at, v.scopes from of_visit v
		union all select s.* from part cross join lateral (values
			(35, 'data.risk_assessment', format('(r.visit_id in %s or r.pupil_id = $1)', part.visits), 'r.at', 'risk'),
			(36, 'data.risk_hazard', format('r.assessment_id in (select a.assessment_id from data.risk_assessment a
				where a.pupil_id = $1 or a.visit_id in %s)', part.visits), 'null', 'risk'),
			(38, 'data.rung', format('r.escalation_id in (select e.escalation_id from data.escalation e
				where e.visit_id in %s)', part.visits), 'r.raised_at', 'alarms'),
			(39, 'data.hazard', $q$exists (select from data.pupil p where p.pupil_id = $1
				and data.place_key(p.address, p.postcode) = r.place_key)
				or r.contact_id in (select c.contact_id from data.contact c where c.pupil_id = $1)$q$,
				'r.created_at', 'risk'),
			(41, 'data.promise', 'r.agreement_id in ' || part.agreements, 'null', 'agreements'),
			(42, 'data.promise_test', 'r.agreement_id in ' || part.agreements, 'r.tested_at', 'agreements'),
			(44, 'data.duty', 'r.agreement_id in ' || part.agreements, 'r.due_at', 'agreements'),
			(45, 'data.deviation', 'r.agreement_id in ' || part.agreements, 'r.at', 'agreements'),
			(46, 'data.notification', format('r.visit_id is null and r.duty_id in (select d.duty_id from data.duty d
				where d.agreement_id in %s)', part.agreements), 'r.raised_at', 'alarms,agreements'),
			(51, 'data.evidence_part', 'r.referral_id in ' || part.referrals, 'null', 'referrals'),
			(53, 'data.evidence_change', 'r.referral_id in ' || part.referrals, 'r.changed_at', 'referrals'),
			(56, 'data.notification', format('r.subject in (select ''evidence:'' || f.referral_id from %s f)',
				part.referrals), 'r.raised_at', 'alarms,referrals'),
			(63, 'data.legal_hold', 'r.subject = ''pupil'' and r.subject_id = $1', 'r.placed_at', 'retention'),
			(70, 'data.import_rejection', $q$upper(btrim(r.said ->> 'upn')) = (select p.upn from data.pupil p
				where p.pupil_id = $1) or exists (select from data.enrolment e where e.pupil_id = $1
				and r.said ->> 'mis_id' = e.mis_id
				and coalesce(r.said ->> 'school_urn', e.school_urn::text) = e.school_urn::text)$q$, 'null', 'contacts'),
			(91, 'audit.access', 'audit.path_named(r.resource, r.filters) = any (array(select audit.paths_of($1)))
				or r.filters ->> ''pupil'' = $1::text', 'r.at', 'audit')) as s (place, record, holds, at, scopes)
	)
	select s.place::bigint, s.record, s.holds, s.at, s.scopes, false from source s
	union all select t.*, false from own o
	       cross join lateral data.subject_gone(o.record, 'r.before ->> ''pupil_id'' = $1::text', o.scopes) t
	union all select t.*, false from of_visit v
	       cross join lateral data.subject_gone(v.record, regexp_replace(v.holds, 'r\.(\w+)',
	           '(r.before ->> ''\1'')::bigint', 'g'), v.scopes) t
	 where v.record not in ('data.duty', 'data.notification') -- which are weighed anew of what is kept
	union all select 80::bigint, 'audit.entry', 'r.record = ''data.mark_note'' and r.action <> ''insert''
		and r.key in (select data.mark_note_days($1)) and data.trail_earlier(r.before, r.after, $1) is not null',
		'r.at', 'audit,attendance', false;
end;
comment on function data.subject_sources_of_pupil() is 'Where something about a pupil may be held';

create or replace function data.subject_sources_of_contact()
returns table (place bigint, record text, holds text, at text, scopes text, brief boolean)
language sql stable rows 30
begin atomic
	with source as (
		select s.* from (values
			(10, 'data.contact', 'r.contact_id = any ($2)', 'null', 'contacts'),
			(20, 'data.hazard', $q$r.contact_id = any ($2) or r.person_key in (select data.person_key(c.given_name,
				c.family_name, c.phone) from data.contact c where c.contact_id = any ($2))$q$, 'r.created_at', 'risk'),
			(35, 'data.penalty_notice', 'r.contact_id = any ($2)', 'r.issued_on', 'referrals')
			) as s (place, record, holds, at, scopes)
		union all -- of the pupils whose contact it is, what names the contact
		select s.place, s.record, format('r.%s and data.says_words(%s, $3)', replace(s.part, 'PUPILS',
			'(select c.pupil_id from data.contact c where c.contact_id = any ($2))'), s.said), s.at, s.scopes
		  from (values ('visit_id in (select p.visit_id from data.visit_pupil p where p.pupil_id in PUPILS)',
		                'agreement_id in (select a.agreement_id from data.agreement a where a.pupil_id in PUPILS)',
		                'pupil_id in PUPILS')) as k (visit, agreement, pupil)
		       cross join lateral (values
			(21, 'data.visit', k.visit, 'to_jsonb(r)', 'r.planned_start', 'visits'),
			(22, 'data.event', k.visit, 'to_jsonb(r.note)', 'r.at', 'visits'),
			(23, 'data.visit_record', k.visit, 'to_jsonb(r)', 'r.at', 'records'),
			(24, 'data.concern', k.visit, 'to_jsonb(r)', 'r.at', 'concerns'),
			(25, 'data.external_referral', k.visit, 'to_jsonb(r)', 'r.at', 'concerns'),
			(26, 'data.incident', k.visit, 'to_jsonb(r)', 'r.at', 'incidents'),
			(27, 'data.accident', k.visit, 'to_jsonb(r)', 'r.at', 'incidents'),
			(28, 'data.intervention', k.visit, 'to_jsonb(r)', 'r.at', 'incidents'),
			(29, 'data.debrief', k.visit, 'to_jsonb(r)', 'r.at', 'incidents'),
			(30, 'data.approval_request', k.visit, 'to_jsonb(r)', 'r.at', 'visits'),
			(31, 'data.approval_decision', k.visit, 'to_jsonb(r)', 'r.at', 'visits'),
			(32, 'data.deviation', k.visit, 'to_jsonb(r)', 'r.at', 'visits'),
			(40, 'data.agreement', k.agreement, 'to_jsonb(r)', 'r.made_on', 'agreements'),
			(41, 'data.promise', k.agreement, 'to_jsonb(r)', 'null', 'agreements'),
			(42, 'data.letter', k.pupil, 'to_jsonb(r) - ''page''', 'r.sent_on', 'agreements'),
			(43, 'data.deviation', k.agreement, 'to_jsonb(r)', 'r.at', 'agreements'),
			(44, 'data.referral', k.pupil, 'to_jsonb(r)', 'r.proposed_at', 'referrals'),
			(45, 'data.improvement_notice', k.pupil, 'to_jsonb(r)', 'r.issued_on', 'referrals'),
			(46, 'data.mark_note', k.pupil, 'to_jsonb(r.comment)', 'r.day', 'attendance'),
			(47, 'data.mark_amendment', k.pupil, 'to_jsonb(r.reason)', 'r.amended_at', 'attendance')
			) as s (place, record, part, said, at, scopes)
	)
	select s.place::bigint, s.record, s.holds, s.at, s.scopes, false from source s;
end;
comment on function data.subject_sources_of_contact() is 'Where something about a contact may be held';

create or replace function data.subject_sources_of_staff()
returns table (place bigint, record text, holds text, at text, scopes text, brief boolean)
language sql stable rows 60
begin atomic
	with source as (
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
			(22, 'data.import_rejection', $q$btrim(r.said ->> 'staff_code') = (select s.staff_code from data.staff s
				where s.staff_id = $1)$q$, 'null', null)) as s (place, record, holds, at, scopes)
	)
	select s.place::bigint, s.record, s.holds, s.at, s.scopes, false from source s
	union all select t.*, false from source s
	       cross join lateral data.subject_gone(s.record, 'r.before ->> ''staff_id'' = $1::text', s.scopes) t
	 where s.holds = 'r.staff_id = $1'
	union all -- who wrote, decided, was told: wherever a table names one of the staff
	select 30 + row_number() over (order by n.record, n.scope), n.record, n.holds, 'null', n.scope, true
	  from (select t.record, concat_ws(' and ', format('(%s)', string_agg(format('r.%I = $1', t.name), ' or '
	                   order by t.name)), k.more) as holds, k.scope
	          from data.subject_staff_columns() t
	               left join (values ('agreements', '{agreement,promise,letter}'::text[], null),
	                   ('attendance', '{mark_amendment}', null), ('alarms', '{rung,notification}', null),
	                   ('concerns', '{concern,external_referral}', null),
	                   ('incidents', '{incident,accident,intervention,debrief}', null),
	                   ('records', '{visit_record}', null), ('retention', '{legal_hold,disposal,retention_rule}', null),
	                   ('referrals', '{referral,penalty_notice,improvement_notice}', null),
	                   ('risk', '{risk_assessment,hazard}', null),
	                   ('visits', '{visit,event,approval_request,approval_decision}', null),
	                   ('visits', '{duty,deviation}', 'r.agreement_id is null'),
	                   ('agreements', '{duty,deviation}', 'r.agreement_id is not null')) as k (scope, tables, more)
	                   on t.record = any (array(select 'data.' || n from unnest(k.tables) as n))
	         where t.record not in (select s.record from source s where s.record <> 'data.debrief')
	         group by t.record, k.scope, k.more) as n;
end;
comment on function data.subject_sources_of_staff() is 'Where something about one of the staff may be held';

-- Of a pupil, a contact or a member of staff, in reading order: the table, the
-- condition on its row r ($1: the person; $2: all contacts that are the same
-- person, $3: their names, as patterns), the time that it is of, and the scopes that
-- open it.  brief: only who of the staff is named, and when; what is written there is
-- about somebody else.  Of what people change, earlier values are a source as well.
create or replace function data.subject_sources(subject data.subject_kind)
returns table (place bigint, record text, holds text, at text, scopes text[], brief boolean)
language sql stable rows 100
begin atomic
	with source as (
		select s.* from data.subject_sources_of_pupil() s where subject = 'pupil'
		union all select s.* from data.subject_sources_of_contact() s where subject = 'contact'
		union all select s.* from data.subject_sources_of_staff() s where subject = 'staff'
	), earlier as (
		select 80::bigint, 'audit.entry', format('r.record = %L and r.action = ''update'' and r.key in (
			select jsonb_build_object(%s) from %s r where %s) and data.trail_earlier(r.before, r.after, $1) is not null',
			s.record, k.keys, s.record, s.holds), 'r.at', concat_ws(',', 'audit', s.scopes), false
		  from source s
		       cross join lateral (select string_agg(format('%L, r.%I', a.attname, a.attname), ', ') as keys
		          from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
		         where i.indrelid = s.record::regclass and i.indisprimary) as k
		 where not s.brief and s.record like 'data.%' and not exists (select from pg_trigger g
		           where g.tgrelid = s.record::regclass and g.tgname = 'append_only')
		   and s.record <> all ('{data.duty,data.notification,data.escalation,data.rung,data.register_week,data.mark_note,
			data.import_rejection}')
	)
	select s.place, s.record, s.holds, s.at, array(select x from unnest(string_to_array(s.scopes, ',')) x order by x),
	       s.brief
	  from (select x.* from source x union all select e.* from earlier e) as s;
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
		('data.disposal_item', 'numbers of records that have gone'),
		('data.subject_request', 'about the request itself, and kept beside the package'),
		('data.subject_item', 'copies of what is a source itself'), ('data.redaction', 'about the package itself')
		) as e (record, reason);
end;
comment on function data.subject_exceptions() is 'Tables that are no source of subject access, and why';
