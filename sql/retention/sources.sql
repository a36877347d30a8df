-- What there is to be kept and disposed of: the kinds of records, from when their time
-- is counted, which rows go with them, and what else holds them back.  A test fails when
-- a table is neither a record, nor goes with one, nor is in data.retention_exceptions
-- with its reason.  Rows are called r (the record) and p (what goes with it).

-- The scopes that open what is not every client's to know of.
create or replace function data.retention_scopes() returns table (record text, scope text)
language sql immutable rows 20
begin atomic
	select r, s.scope from (values ('concerns', '{concern,external_referral}'::text[]),
		('incidents', '{incident,accident,intervention,debrief}'),
		('referrals', '{referral,penalty_notice,improvement_notice,evidence_part,evidence_week,evidence_change}'),
		('agreements', '{agreement,letter,promise,promise_test}'), ('risk', '{risk_assessment,risk_hazard,hazard}'),
		('visits', '{visit}'), ('attendance', '{register}'), ('subject', '{subject_request}'), ('pupils', '{pupil}'),
		('staff', '{staff}'), ('checks', '{staff_facts}')) as s (scope, records) cross join lateral unnest(s.records) as r;
end;
comment on function data.retention_scopes() is 'The scopes that open records of which not every client is to know';

-- record: the table.  key: its number; null for a week of the register, which is
-- "school:Monday".  own: which of its rows are records of their own.  schools: whose rules
-- it is under and who must see all of them; that of the row when null.  pupils: whom it is
-- about.  scope: with which it is told of, held and disposed of, besides that for retention.
create or replace function data.retention_kinds() returns table (kind data.retention_kind, record text, key text,
	own text, schools text, pupils text, scope text)
language sql immutable rows 21
begin atomic
	with about as (
		select 'array[r.pupil_id]' as one, 'array(select urn from data.school)' as trust,
		       'array(select v.pupil_id from data.visit_pupil v where v.visit_id = r.visit_id)' as visit
	)
	select k.kind::data.retention_kind, 'data.' || k.record, k.key, k.own, coalesce(k.schools, 'array[r.school_urn]'),
	       coalesce(k.pupils, '''{}''::bigint[]'), c.scope
	  from about a cross join lateral (values
		('concern', 'concern', 'concern_id', null, null, a.one),
		('external_referral', 'external_referral', 'referral_id', null, null, a.one),
		('incident', 'incident', 'incident_id', null, null, a.visit),
		('accident', 'accident', 'accident_id', null, null, a.visit),
		('intervention', 'intervention', 'intervention_id', null, null,
			'case when r.pupil_id is null then ' || a.visit || ' else ' || a.one || ' end'),
		('hazard', 'hazard', 'hazard_id', null, null,
			'array(select c.pupil_id from data.contact c where c.contact_id = r.contact_id)'),
		('penalty_notice', 'penalty_notice', 'notice_id', null, null, a.one),
		('improvement_notice', 'improvement_notice', 'notice_id', null, null, a.one),
		('letter', 'letter', 'letter_id', 'num_nonnulls(r.agreement_id, r.visit_id) = 0', null, a.one),
		('referral', 'referral', 'referral_id', null, null, a.one),
		('agreement', 'agreement', 'agreement_id', null, null, a.one),
		('visit', 'visit', 'visit_id', null, null, a.visit),
		('risk_assessment', 'risk_assessment', 'assessment_id', 'r.visit_id is null', null,
			'array_remove(' || a.one || ', null)'),
		('register', 'school_week', null, null, null,
			'array(select w.pupil_id from data.register_week w where w.week = r.week and w.school_urn = r.school_urn)'),
		('subject_request', 'subject_request', 'request_id', null, 'r.schools', 'case r.subject when ''pupil'' then
			array[r.subject_id] when ''contact'' then array(select c.pupil_id from data.contact c
			where c.contact_id = r.subject_id) else ''{}''::bigint[] end'),
		('pupil', 'pupil', 'pupil_id', null,
			'array(select distinct e.school_urn from data.enrolment e where e.pupil_id = r.pupil_id)', a.one),
		('staff_facts', 'staff', 'staff_id', 'exists (select from data.staff_check x where x.staff_id = r.staff_id)
			or exists (select from data.training x where x.staff_id = r.staff_id)
			or exists (select from data.policy_reading x where x.staff_id = r.staff_id)
			or exists (select from data.vehicle x where x.staff_id = r.staff_id)
			or exists (select from data.allergy x where x.staff_id = r.staff_id)
			or exists (select from data.next_of_kin x where x.staff_id = r.staff_id)',
			'array(select o.school_urn from data.post o where o.staff_id = r.staff_id)', null),
		('staff', 'staff', 'staff_id', null,
			'array(select o.school_urn from data.post o where o.staff_id = r.staff_id)', null),
		('import', 'import', 'import_id', null, a.trust, null),
		('schedule', 'schedule', 'schedule_id', null, a.trust, null),
		('export', 'export', 'export_id', 'r.schedule_id is null', a.trust, null)
			) as k (kind, record, key, own, schools, pupils)
	       left join data.retention_scopes() c on c.record = k.kind;
end;
comment on function data.retention_kinds() is 'The kinds of records that rules of retention are about';

-- The day from which the time of a record r is counted, in the United Kingdom; null as
-- long as it has not begun.  An entry of the register is kept from when it was made, a
-- mark that was changed later, or a note on one, from then: the trail knows.  A notice
-- that nobody paid, withdrew or gave a result may go to court while the pupil is at school.
create or replace function data.retention_starts() returns table (kind data.retention_kind, starts data.retention_start,
	day text)
language sql stable rows 60
begin atomic
	select s.kind::data.retention_kind, s.starts::data.retention_start, s.day from (values
		('concern', 'happened', 'data.day_of(r.at)'), ('external_referral', 'happened', 'data.day_of(r.at)'),
		('incident', 'happened', 'data.day_of(r.at)'), ('accident', 'happened', 'data.day_of(r.at)'),
		('intervention', 'happened', 'data.day_of(r.at)'),
		('concern', 'recorded', 'data.day_of(r.recorded_at)'),
		('external_referral', 'recorded', 'data.day_of(r.recorded_at)'),
		('incident', 'recorded', 'data.day_of(r.recorded_at)'), ('accident', 'recorded', 'data.day_of(r.recorded_at)'),
		('intervention', 'recorded', 'data.day_of(r.recorded_at)'),
		('hazard', 'closed', 'r.ended_on'),
		('penalty_notice', 'closed', 'case when num_nonnulls(r.paid_on, r.withdrawn_on) > 0
			then greatest(r.issued_on, r.pay_by, r.paid_on, r.withdrawn_on)
			else (select greatest(r.pay_by, l.day) from data.left_roll(array[r.pupil_id]) as l (day) where l.day is not null)
			end'),
		('improvement_notice', 'closed', 'case when r.result_on is not null then greatest(r.ends_on, r.result_on)
			else (select greatest(r.ends_on, l.day) from data.left_roll(array[r.pupil_id]) as l (day) where l.day is not null)
			end'),
		('letter', 'closed', 'coalesce(r.sent_on, data.day_of(r.withdrawn_at))'),
		('referral', 'closed', 'case when not r.open then coalesce(r.outcome_on, data.day_of(r.withdrawn_at),
			data.day_of(r.decided_at)) end'),
		('agreement', 'closed', 'coalesce(r.renewed_on, r.ended_on, case when r.state = ''kept''
			then greatest(r.kept_on, r.review_on) end)'),
		('visit', 'closed', 'case when r.departed_at is null or r.returned_at is not null
			then data.day_of(greatest(r.planned_end, r.returned_at, r.cancelled_at, r.declined_at,
			r.refused_at, r.recorded_at)) end'),
		('risk_assessment', 'recorded', 'data.day_of(r.recorded_at)'),
		('risk_assessment', 'closed', 'coalesce((select data.day_of(x.recorded_at) from data.risk_assessment x
			where x.replaces = r.assessment_id), data.left_roll(array[r.pupil_id]))'),
		('register', 'recorded', 'greatest(r.week + 4, (select max(data.day_of(e.at)) from audit.entry e
			where e.record = ''data.register_week''
			  and e.key = jsonb_build_object(''school_urn'', r.school_urn, ''week'', r.week)),
			(select max(data.day_of(e.at)) from audit.entry e cross join generate_series(0, 6) as d (n)
			where e.record = ''data.mark_note''
			  and e.key = jsonb_build_object(''school_urn'', r.school_urn, ''day'', r.week + d.n)),
			(select max(data.day_of(m.amended_at)) from data.mark_amendment m
			  where m.school_urn = r.school_urn and m.day between r.week and r.week + 6))'),
		('subject_request', 'closed', 'data.day_of(coalesce(r.released_at, r.withdrawn_at))'),
		('pupil', 'born', 'case when data.left_roll(array[r.pupil_id]) is not null then r.date_of_birth end'),
		('staff_facts', 'left_post', 'data.left_post(r.staff_id)'), ('staff', 'left_post', 'data.left_post(r.staff_id)'),
		('import', 'closed', 'data.day_of(r.ended_at)'), ('schedule', 'closed', 'data.day_of(r.ended_at)'),
		('export', 'closed', 'data.day_of(r.ended_at)')) as s (kind, starts, day)
	union all -- of what is about pupils: the youngest, the last to leave
	select k.kind, s.starts::data.retention_start, format(s.day, k.pupils) from data.retention_kinds() k, (values
		('born', '(select max(y.date_of_birth) from data.pupil y where y.pupil_id = any (%s))'),
		('left_roll', 'data.left_roll(%s)')) as s (starts, day)
	 where k.pupils like '%pupil_id%' and k.kind not in ('register', 'hazard', 'subject_request')
	   and (k.kind, s.starts) <> ('pupil', 'born');
end;
comment on function data.retention_starts() is 'From which day the time of a record can be counted';

-- What goes with a record, in this order; holds: which rows p.  Of a week of the
-- register the trail has an entry for the whole school, so it goes as a whole.
create or replace function data.retention_parts() returns table (kind data.retention_kind, place bigint, record text,
	holds text)
language sql stable rows 60
begin atomic
	with part as (
		select 'visit' as kind, v.place, v.record, v.holds from (values
			(1, 'delivery', 'p.notification_id in (select n.notification_id from data.notification n
				where n.visit_id = r.visit_id)'),
			(2, 'notification', null),
			(3, 'rung', 'p.escalation_id in (select e.escalation_id from data.escalation e where e.visit_id = r.visit_id)'),
			(4, 'escalation', null), (5, 'code_word', null), (6, 'duty', null), (7, 'deviation', null),
			(8, 'approval_decision', null), (9, 'approval_request', null), (10, 'event', null),
			(11, 'risk_hazard', 'p.assessment_id in (select a.assessment_id from data.risk_assessment a
				where a.visit_id = r.visit_id)'),
			(12, 'risk_assessment', null), (13, 'debrief', null), (14, 'visit_record', null),
			(15, 'letter', 'p.visit_id = r.visit_id and p.agreement_id is null'), (16, 'team_member', null),
			(17, 'visit_pupil', null)) as v (place, record, holds)
		union all
		select 'agreement', a.place, a.record, a.holds from (values
			(1, 'delivery', 'p.notification_id in (select n.notification_id from data.notification n join data.duty d
				using (duty_id) where d.agreement_id = r.agreement_id)'),
			(2, 'notification', 'p.duty_id in (select d.duty_id from data.duty d where d.agreement_id = r.agreement_id)'),
			(3, 'duty', null), (4, 'deviation', null), (5, 'letter', null), (6, 'promise_test', null),
			(7, 'promise', null)) as a (place, record, holds)
		union all
		select f.* from (values
			('referral', 1, 'delivery', 'p.notification_id in (select n.notification_id from data.notification n
				where n.subject = ''evidence:'' || r.referral_id)'),
			('referral', 2, 'notification', 'p.subject = ''evidence:'' || r.referral_id'),
			('referral', 3, 'evidence_change', null), ('referral', 4, 'evidence_week', null),
			('referral', 5, 'evidence_part', null),
			('risk_assessment', 1, 'risk_hazard', null),
			('register', 1, 'mark_note', 'p.school_urn = r.school_urn and p.day between r.week and r.week + 6'),
			('register', 2, 'mark_amendment', 'p.school_urn = r.school_urn and p.day between r.week and r.week + 6'),
			('register', 3, 'register_week', 'p.school_urn = r.school_urn and p.week = r.week'),
			('subject_request', 1, 'redaction', null), ('subject_request', 2, 'subject_item', null),
			('pupil', 1, 'import_rejection', 'p.said ->> ''upn'' = r.upn or exists (select from data.enrolment e
				where e.pupil_id = r.pupil_id and p.said ->> ''mis_id'' = e.mis_id
				  and coalesce(p.said ->> ''school_urn'', e.school_urn::text) = e.school_urn::text)'),
			('pupil', 2, 'social_worker', null), ('pupil', 3, 'contact', null), ('pupil', 4, 'enrolment', null),
			('staff', 1, 'import_rejection', 'p.said ->> ''staff_code'' = r.staff_code'),
			('staff', 8, 'delegation', 'r.staff_id in (p.from_staff_id, p.to_staff_id)'), ('staff', 9, 'post', null),
			('staff', 10, 'delivery', 'p.link_id in (select l.link_id from auth.link l join auth.account a using (client_id)
				where a.staff_id = r.staff_id)'),
			('staff', 16, 'auth.account', null), ('staff', 17, 'auth.client', 'p.client_id = ''person.'' || r.staff_id'),
			('import', 1, 'import_rejection', null),
			('export', 1, 'delivery', 'p.notification_id in (select n.notification_id from data.notification n
				where n.export_id = r.export_id)'),
			('export', 2, 'notification', null), ('export', 3, 'export_piece', null),
			('schedule', 1, 'delivery', 'p.notification_id in (select n.notification_id from data.notification n
				join data.export x using (export_id) where x.schedule_id = r.schedule_id)'),
			('schedule', 2, 'notification', 'p.export_id in (select x.export_id from data.export x
				where x.schedule_id = r.schedule_id)'),
			('schedule', 3, 'export_piece', 'p.export_id in (select x.export_id from data.export x
				where x.schedule_id = r.schedule_id)'),
			('schedule', 4, 'export', null)) as f (kind, place, record, holds)
		union all
		select 'staff', 10 + f.n, 'auth.' || f.record, 'p.client_id in (select a.client_id from auth.account a
			where a.staff_id = r.staff_id)' from unnest('{link,device,identity,token}'::text[]) with ordinality as f (record, n)
		union all
		select k, f.place, f.record, null from unnest('{staff,staff_facts}'::text[]) as k, (values (2, 'staff_check'),
			(3, 'training'), (4, 'policy_reading'), (5, 'vehicle'), (6, 'allergy'), (7, 'next_of_kin')) as f (place, record)
	)
	select k.kind, p.place, case when p.record like 'auth.%' then p.record else 'data.' || p.record end,
	       coalesce(p.holds, format('p.%1$I = r.%1$I', k.key))
	  from part p join data.retention_kinds() k on k.kind::text = p.kind
	union all -- holds that are no more: their reasons may name somebody
	select k.kind, 90, 'data.legal_hold', format('p.subject::text = %L and p.subject_id = r.%I', k.kind, k.key)
	  from data.retention_kinds() k where k.kind::text = any (enum_range(null::data.hold_subject)::text[])
	union all
	select k.kind, 99, k.record, case when k.key is null then 'p.school_urn = r.school_urn and p.week = r.week'
	       else format('p.%1$I = r.%1$I', k.key) end
	  from data.retention_kinds() k where k.kind <> 'staff_facts';
end;
comment on function data.retention_parts() is 'The rows that go with a record';

-- A key to what goes that is let go of, instead of holding it: which rows c of the
-- table, and their column.
create or replace function data.retention_let_go() returns table (kind data.retention_kind, record text, "column" text,
	holds text)
language sql immutable rows 3
begin atomic
	select l.kind::data.retention_kind, 'data.' || l.record, l.name, l.holds from (values
		('risk_assessment', 'risk_assessment', 'replaces', 'c.replaces = r.assessment_id'),
		('visit', 'risk_assessment', 'replaces', 'c.visit_id is distinct from r.visit_id and c.replaces in
			(select a.assessment_id from data.risk_assessment a where a.visit_id = r.visit_id)'),
		('agreement', 'visit', 'agreement_id', 'c.agreement_id = r.agreement_id and c.visit_id = r.visit_id')
		) as l (kind, record, name, holds);
end;
comment on function data.retention_let_go() is 'Keys that are let go of when what they name goes';

-- What holds a record r back besides a foreign key to what goes with it: in words; $2 is
-- the day.  A visit for child protection is kept at least as long as a concern would be.
create or replace function data.retention_ties() returns table (kind data.retention_kind, words text)
language sql immutable rows 6
begin atomic
	select t.kind::data.retention_kind, t.words from (values
		('visit', 'select ''child protection'' from data.retention_rules(''concern'', $2) u
			where u.school_urn = r.school_urn and (r.child_protection or ''safeguarding'' in (r.plan::text, r.purpose::text))
			  and coalesce(data.kept_until(case u.starts when ''born'' then (select max(y.date_of_birth) from data.visit_pupil v
			      join data.pupil y using (pupil_id) where v.visit_id = r.visit_id)
			      when ''left_roll'' then data.left_roll(array(select v.pupil_id from data.visit_pupil v
			      where v.visit_id = r.visit_id)) else data.day_of(r.planned_end) end, u.months, u.year_end) >= $2, true)'),
		('register', 'select ''the evidence of referral '' || w.referral_id from data.evidence_week w
			where w.week = r.week and w.school_urn = r.school_urn limit 1'),
		('pupil', 'select ''marks at school '' || w.school_urn from data.register_week w
			where w.pupil_id = r.pupil_id limit 1'),
		('pupil', 'select ''notes on marks at school '' || w.school_urn from data.mark_note w
			where w.pupil_id = r.pupil_id limit 1'),
		('pupil', 'select ''the evidence of referral '' || w.referral_id from data.evidence_week w
			where w.pupil_id = r.pupil_id limit 1'),
		('pupil', 'select ''subject request '' || q.request_id from data.subject_request q where case q.subject
			when ''pupil'' then q.subject_id = r.pupil_id when ''contact'' then exists (select from data.contact c
			where c.contact_id = q.subject_id and c.pupil_id = r.pupil_id) else false end limit 1'),
		('staff', 'select ''subject request '' || q.request_id from data.subject_request q where q.subject = ''staff''
			and q.subject_id = r.staff_id limit 1')) as t (kind, words);
end;
comment on function data.retention_ties() is 'What holds a record back besides foreign keys';

-- Tables of which nothing is disposed of by a rule.
create or replace function data.retention_exceptions() returns table (record text, reason text)
language sql immutable rows 20
begin atomic
	select * from (values
		('data.school', 'about a school'), ('data.adoption', 'about a school'),
		('data.policy', 'a policy'), ('data.policy_version', 'a policy'), ('data.clause_kind', 'a policy'),
		('data.clause', 'a policy'), ('data.rule_left_out', 'a policy'), ('data.referral_rule', 'a rule of the trust'),
		('data.retention_rule', 'a rule of the trust, to which certificates refer'),
		('data.attendance_code', 'a vocabulary'), ('data.migration', 'about the database'),
		('data.watch_beat', 'about a program'), ('data.webhook', 'about a program'),
		('data.idempotency', 'answers that are forgotten after seven days'),
		('data.change', 'numbers; the keys of pupils and staff go with them'),
		('data.change_line', 'about the feed of changes'),
		('data.disposal', 'a certificate'), ('data.disposal_item', 'a certificate'),
		('audit.entry', 'the trail: what an entry says is erased with the row that it is about'),
		('audit.access', 'the trail: it says by numbers what was read'),
		('audit.leaf', 'seals the trail'), ('audit.horizon', 'seals the trail'), ('audit.checkpoint', 'seals the trail'),
		('data.export_opening', 'who is let in to a file: gone with it'),
		('auth.attempt', 'gone within a day'), ('auth.sign_on', 'gone within a day'),
		('auth.client_school', 'a program')
		) as e (record, reason);
end;
comment on function data.retention_exceptions() is 'Tables of which nothing is disposed of by a rule, and why';

-- The day on which the last of some pupils left the last school; null while one is on a roll.
create or replace function data.left_roll(pupils bigint[]) returns date
language sql stable
begin atomic
	select max(e.left_on) from data.enrolment e where e.pupil_id = any (pupils)
	having bool_and(coalesce(e.left_on < data.day_of(now()), false));
end;
comment on function data.left_roll(bigint[]) is 'When the last of some pupils left the last school; null while one is on a roll';

-- The day on which somebody left the last post; null while one is held, or it is not known.
create or replace function data.left_post(staff bigint) returns date
language sql stable
begin atomic
	select max(o.left_on) from data.post o where o.staff_id = staff
	having bool_and(coalesce(o.left_on < data.day_of(now()), false));
end;
comment on function data.left_post(bigint) is 'When somebody left the last post; null while one is held';
