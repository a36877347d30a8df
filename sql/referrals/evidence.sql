-- The evidence of a referral: frozen when it is proposed, each part with the
-- SHA-256 of its bytes, and the manifest of them with its own.  What changes in
-- the register after that is told beside it, and never in it.
--
-- Parts are XML documents of one namespace, and the pages of letters as they
-- were sent.  Concerns, incidents and the notes of visits are no part of it.

-- XML 1.0 cannot hold control characters: U+FFFD stands for them.
create or replace function data.xml_text(text text) returns text
language sql immutable
return regexp_replace(text, E'[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]', U&'\FFFD', 'g');
comment on function data.xml_text(text) is 'A text without the characters that XML cannot hold';

-- The months that a falling rule compares with one another, oldest first.
create or replace function data.evidence_months(r data.referral) returns xml
language sql stable
return (select xmlelement(name months, xmlagg(xmlelement(name month, xmlattributes(m.begins as "from", m.ends as "to",
		f.figures ->> 'possible' as possible, f.figures ->> 'attended' as attended,
		f.figures ->> 'percentage' as percentage)) order by m.begins))
	  from (select data.months_before((r).as_of, n + 1) as begins,
	               case n when 0 then (r).as_of else data.months_before((r).as_of, n) - 1 end as ends
	          from generate_series(0, 12) as n) as m
	       cross join lateral (select data.figures_of((r).pupil_id, m.begins, m.ends) as figures) as f
	 where m.begins >= (r).evidence_from and (r).evidence_from < (r).window_start);
comment on function data.evidence_months(data.referral) is 'The sums of the months of a falling rule, as XML; none of another rule';

create or replace function data.evidence_attendance(r data.referral) returns xml
language sql stable
return (select xmlelement(name attendance, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns,
		(r).evidence_from as "from", (r).window_end as "to", (r).pupil_id as pupil),
	xmlelement(name sums, xmlattributes((r).window_start as "from", (r).window_end as "to",
		(r).figures ->> 'possible' as possible, (r).figures ->> 'attended' as attended,
		(r).figures ->> 'authorised' as authorised, (r).figures ->> 'unauthorised' as unauthorised,
		(r).figures ->> 'unresolved' as unresolved, (r).figures ->> 'gaps' as gaps,
		(r).figures ->> 'percentage' as percentage, (r).figures ->> 'lowest' as lowest,
			(r).figures ->> 'highest' as highest)),
	data.evidence_months(r),
	xmlelement(name codes, (select xmlagg(xmlelement(name code, xmlattributes(k.code as code, k.class as class,
		k.n as sessions), k.title) order by k.code)
		from (select s.code, s.class, count(*) as n, max(a.title) as title
		        from data.pupil_sessions((r).pupil_id, (r).window_start, (r).window_end) s
		             join data.attendance_code a on a.code = s.code and s.day between a.valid_from and coalesce(a.valid_to,
		             	'infinity')
		       group by s.code, s.class) as k)),
	xmlelement(name marks, (select xmlagg(xmlelement(name mark, xmlattributes(m.day as day, m.session as session,
		m.school_urn as school, coalesce(m.code, '-') as code, m.class as class, m.minutes_late as "minutes-late"),
		data.xml_text(m.comment)) order by m.day, m.session, m.school_urn)
		from (select s.day, s.session, s.school_urn, s.code, s.class, o.minutes_late, o.comment
		        from data.pupil_sessions((r).pupil_id, (r).evidence_from, (r).window_end) s
		             left join data.mark_note o on o.pupil_id = (r).pupil_id and o.day = s.day and o.session = s.session
		                                       and o.school_urn = s.school_urn) as m)),
	xmlelement(name amendments, (select xmlagg(xmlelement(name amendment, xmlattributes(a.day as day, a.session as session,
		a.school_urn as school, a.was as was, a.is_now as "is-now", data.rfc3339(a.amended_at) as at),
		data.xml_text(a.reason)) order by a.amendment_id)
		from data.mark_amendment a where a.pupil_id = (r).pupil_id and a.day between (r).evidence_from and (r).window_end))));
comment on function data.evidence_attendance(data.referral) is 'The attendance print of a referral: every mark with its comment, and of the window the sum of every code';

create or replace function data.evidence_visits(r data.referral) returns xml
language sql stable
return (select xmlelement(name visits, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns),
	xmlagg(xmlelement(name visit, xmlattributes(v.visit_id as id, v.purpose as purpose, v.state as state,
		data.rfc3339(v.departed_at) as departed, data.rfc3339(v.returned_at) as returned, v.announced as announced,
		v.agreement_id as "follows-agreement"),
		(select xmlagg(xmlelement(name record, xmlattributes(data.rfc3339(o.at) as at, o.outcome as outcome,
			o.pupil_seen as "pupil-seen"), xmlforest(data.xml_text(o.spoke_to) as "spoke-to",
			data.xml_text(o.barriers) as barriers, data.xml_text(o.support) as support)) order by o.record_id)
			from data.visit_record o where o.visit_id = v.visit_id)) order by v.departed_at))
	  from data.visit v join data.visit_pupil p using (visit_id)
	 where p.pupil_id = (r).pupil_id and v.school_urn = (r).school_urn and not v.drill
	   and data.day_of(v.departed_at) >= (r).window_end - 365 and v.departed_at <= (r).proposed_at);
comment on function data.evidence_visits(data.referral) is 'The visits of the year before a referral, with their outcomes';

create or replace function data.evidence_agreements(r data.referral) returns xml
language sql stable
return (select xmlelement(name agreements, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns),
	xmlagg(xmlelement(name agreement, xmlattributes(a.agreement_id as id, a.made_on as "made-on", a.from_on as "from",
		a.review_on as "review-on", a.state as state, a.broken_on as "broken-on", a.ended_on as "ended-on"),
		xmlforest(data.xml_text(a.made_with) as "made-with", data.xml_text(a.barriers) as barriers,
			data.xml_text(a.support) as support),
		(select xmlagg(xmlelement(name promise, xmlattributes(p.position as number, p.side as side, p.kind as kind,
			p.state as state, p.decided_on as "decided-on"), xmlforest(data.xml_text(p.words) as words,
			data.xml_text(p.note) as note),
			(select xmlagg(xmlelement(name test, xmlattributes(t.test_id as id, t.round as round, t.first_day as "from",
				t.last_day as "to", t.verdict as verdict, data.rfc3339(t.tested_at) as at, t.reason as reason), t.marks)
				order by t.test_id)
				from (select distinct on (x.round, x.verdict) x.* from data.promise_test x
				       where x.promise_id = p.promise_id order by x.round, x.verdict, x.test_id) as t))
			order by p.position) from data.promise p where p.agreement_id = a.agreement_id)) order by a.agreement_id))
	  from data.agreement a where a.pupil_id = (r).pupil_id and a.school_urn = (r).school_urn);
comment on function data.evidence_agreements(data.referral)
	is 'The agreements of a pupil with their promises, and of each promise the first test of every round that found what it found';

create or replace function data.evidence_letters(r data.referral) returns xml
language sql stable
return (select xmlelement(name letters, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns),
	xmlagg(xmlelement(name letter, xmlattributes(l.letter_id as id, l.kind as kind, l.sent_on as "sent-on",
		l.sent_by as "sent-by", 'letter-' || l.letter_id || '.html' as file, encode(l.page_sha256, 'hex') as sha256),
		xmlelement(name subject, data.xml_text(l.subject)),
		(select xmlagg(xmlelement(name recipient, data.xml_text(t ->> 'name'))) from jsonb_array_elements(l.recipients) as t),
		xmlelement(name text, data.xml_text(l.text))) order by l.sent_on, l.letter_id))
	  from data.letter l where l.pupil_id = (r).pupil_id and l.school_urn = (r).school_urn and l.state = 'sent');
comment on function data.evidence_letters(data.referral) is 'The letters that were sent about a pupil';

create or replace function data.evidence_notices(r data.referral) returns xml
language sql stable
return (select xmlelement(name notices, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns),
	(select xmlagg(xmlelement(name "notice-to-improve", xmlattributes(i.notice_id as id, i.issued_on as "issued-on",
		i.ends_on as "ends-on", i.result as result, i.result_on as "result-on"), xmlforest(data.xml_text(i.record) as record,
		data.xml_text(i.support) as support, data.xml_text(i.further_support) as "further-support",
		data.xml_text(i.improvement) as improvement)) order by i.issued_on, i.notice_id)
		from data.improvement_notice i where i.pupil_id = (r).pupil_id and i.school_urn = (r).school_urn),
	(select xmlagg(xmlelement(name "penalty-notice", xmlattributes(n.notice_id as id, n.issued_on as "issued-on",
		n.number as number, n.sessions as sessions, n.first_week as "first-week", n.last_week as "last-week",
		n.amount as amount, n.paid_on as "paid-on", n.withdrawn_on as "withdrawn-on"),
		data.xml_text(c.given_name || ' ' || c.family_name)) order by n.issued_on, n.notice_id)
		from data.penalty_notice n join data.contact c using (contact_id)
		where n.pupil_id = (r).pupil_id and n.school_urn = (r).school_urn)));
comment on function data.evidence_notices(data.referral) is 'The notices about a pupil';

-- Where the family lives and how it is reached only while the school reaches it.
create or replace function data.evidence_people(r data.referral) returns xml
language sql stable
return (select xmlelement(name people, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns),
	xmlelement(name pupil, xmlattributes(p.pupil_id as id, p.upn as upn, p.date_of_birth as "date-of-birth",
		data.compulsory_age(p.date_of_birth, (r).as_of) as "compulsory-school-age"),
		xmlforest(data.xml_text(p.given_name) as "given-name", data.xml_text(p.family_name) as "family-name",
			case when reached then data.xml_text(p.address) end as address,
			case when reached then data.xml_text(p.postcode) end as postcode)),
	(select xmlagg(xmlelement(name enrolment, xmlattributes(e.school_urn as school, s.name as name,
		e.admitted_on as "admitted-on", e.left_on as "left-on")) order by e.admitted_on, e.school_urn)
		from data.enrolment e join data.school s on s.urn = e.school_urn
		where e.pupil_id = p.pupil_id and (e.left_on is null or e.left_on >= (r).evidence_from)),
	(select xmlagg(xmlelement(name contact, xmlattributes(c.contact_id as id, c.relationship as relationship,
		c.parental_responsibility as "parental-responsibility"), xmlforest(
		data.xml_text(c.given_name || ' ' || c.family_name) as name, data.xml_text(c.phone) as phone,
		data.xml_text(c.email) as email, data.xml_text(c.language) as language)) order by c.contact_id)
		from data.contact c where c.pupil_id = p.pupil_id and c.parental_responsibility and reached))
	  from data.pupil p
	       cross join auth.school_reaches((r).pupil_id, (r).school_urn) as reached
	 where p.pupil_id = (r).pupil_id);
comment on function data.evidence_people(data.referral) is 'The pupil, where on roll, and the contacts with parental responsibility';

create or replace function data.evidence_policy(r data.referral) returns xml
language sql stable
return (select xmlelement(name policy, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns,
		v.policy_code as code, v.version as version, v.reviewed as reviewed, encode(v.hash, 'hex') as sha256,
		(r).clause as clause, (r).as_of as "as-of", (r).window_start as "from", (r).window_end as "to", (r).lane as lane,
		(r).safe_to_refer as "safe-to-refer"),
	xmlforest(coalesce(p.title, 'Rule of the trust') as title, v.source as source, c.place as place, coalesce(c.words,
		t.reason) as words,
		(r).rule as rule),
	(select xmlagg(xmlelement(name missing, m)) from unnest((r).missing) as m))
	  from (select 1) as one
	       left join data.policy_version v on v.policy_version_id = (r).policy_version_id
	       left join data.policy p on p.code = v.policy_code
	       left join data.clause c on c.policy_version_id = v.policy_version_id and c.clause = (r).clause
	       left join lateral (select t.reason from data.referral_rule t where v.policy_version_id is null
	       	and t.from_on <= (r).as_of
	                           order by t.from_on desc limit 1) as t on true);
comment on function data.evidence_policy(data.referral) is 'The clause, its policy and version, and the rule that was met';

-- The parts in their order.
create or replace function data.evidence_parts(r data.referral) returns table (name text, title text, content text)
language sql stable rows 12
begin atomic
	select 'policy.xml', 'The rule that was met', data.evidence_policy(r)::text
	union all select 'people.xml', 'The pupil and who has parental responsibility', data.evidence_people(r)::text
	union all select 'attendance.xml', 'Attendance print', data.evidence_attendance(r)::text
	union all select 'visits.xml', 'Home visits', data.evidence_visits(r)::text
	union all select 'agreements.xml', 'Agreements and their tests', data.evidence_agreements(r)::text
	union all select 'letters.xml', 'Letters', data.evidence_letters(r)::text
	union all select 'notices.xml', 'Notices', data.evidence_notices(r)::text
	union all (select 'letter-' || l.letter_id || '.html', format('%s, sent %s', l.subject, l.sent_on), l.page
	             from data.letter l
	            where l.pupil_id = (r).pupil_id and l.school_urn = (r).school_urn and l.state = 'sent'
	            order by l.sent_on, l.letter_id);
end;
comment on function data.evidence_parts(data.referral) is 'The parts of the evidence of a referral as they are now';

-- The manifest in the form of sha256sum(1): a line for each part.
create or replace function data.evidence_manifest(referral bigint) returns text
language sql stable
return (select string_agg(encode(p.sha256, 'hex') || '  ' || p.name || E'\n', '' order by p.position)
	  from data.evidence_part p where p.referral_id = referral);
comment on function data.evidence_manifest(bigint) is 'The hashes of the frozen parts, as sha256sum(1) writes them';

-- Holds all marks until the transaction ends: what is about to be changed or to come
-- is waited for, and what is changed or comes after it finds the evidence there.
-- Whoever writes marks holds the same lock with the others who do.
create or replace function data.marks_held() returns void
language sql volatile
begin atomic
	select pg_advisory_xact_lock(hashtextextended('marks', 0));
end;
comment on function data.marks_held() is 'Keeps marks from being written until the transaction ends';

create or replace function data.marks_written() returns trigger
language plpgsql volatile
as $$
begin
	perform pg_advisory_xact_lock_shared(hashtextextended('marks', 0));
	return null;
end;
$$;
comment on function data.marks_written() is 'Trigger: waits for evidence that is being frozen';
create or replace trigger evidence_waited_for before insert or update on data.register_week
	for each statement execute function data.marks_written();

-- Freezes the evidence: the parts, the weeks of the register, the manifest.
create or replace function data.referral_freeze(referral bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	r data.referral := (select x from data.referral x where x.referral_id = referral and x.manifest_sha256 is null);
begin
	if r.school_urn = any (auth.schools()) then
		insert into data.evidence_part (referral_id, school_urn, position, name, title, content, sha256)
		select referral, r.school_urn, row_number() over (), p.name, p.title, p.content, sha256(convert_to(p.content, 'UTF8'))
		  from data.evidence_parts(r) p;
		-- Every week on roll, since marks of one that nobody knows of yet are a change too.
		insert into data.evidence_week (referral_id, pupil_id, week, school_urn, marks, sessions)
		select referral, r.pupil_id, m.week, e.school_urn, coalesce(max(w.marks), '          '), bit_or(k.roll)
		  from data.enrolment e
		       cross join (select n::date as week from generate_series(data.monday_of(r.evidence_from)::timestamp,
		                       r.window_end::timestamp, '7 days') as n) as m
		       cross join lateral (select data.sessions_between(m.week, greatest(e.admitted_on, r.evidence_from),
		                               least(e.left_on, r.window_end))::int as roll) as k
		       left join data.register_week w on w.pupil_id = e.pupil_id and w.week = m.week and w.school_urn = e.school_urn
		 where e.pupil_id = r.pupil_id and k.roll <> 0 group by m.week, e.school_urn;
		update data.referral x set manifest_sha256 = sha256(convert_to(data.evidence_manifest(referral), 'UTF8'))
		 where x.referral_id = referral;
	end if;
end;
$$;
comment on function data.referral_freeze(bigint) is 'Freezes the evidence of a referral, once';

-- A frozen mark that is changed: told, with the figures as they are since, to
-- everyone who has to do with the referral.
create or replace function data.evidence_changed(week data.evidence_week, was text, is_now text) returns void
language plpgsql volatile
as $$
declare
	r       data.referral := (select x from data.referral x where x.referral_id = (week).referral_id);
	figures jsonb := data.figures_of((week).pupil_id, r.window_start, r.window_end);
	-- The lane of the rule as it was met, by its policy, of the window that was frozen; null when it is met no more.
	lane    data.referral_lane := (select f.lane from data.legal_referrals(array[r.school_urn],
	                array[r.pupil_id], r.as_of, false) f);
	told    text;
begin
	with made as (
		insert into data.evidence_change (referral_id, school_urn, day, session, register_urn, frozen, was, is_now, figures,
		                                  still_met, lane, client_id)
		select r.referral_id, r.school_urn, data.session_day((week).week, n), data.session_of(n), (week).school_urn,
		       coalesce(data.code_of(substr((week).marks, n + 1, 1)), '-'), coalesce(data.code_of(substr(was, n + 1, 1)),
		       	'-'),
		       coalesce(data.code_of(substr(is_now, n + 1, 1)), '-'), figures, lane is not null, lane,
		       auth.client_id()
		  from generate_series(0, 9) as n
		 where translate(substr(was, n + 1, 1), ' ', '-') <> translate(substr(is_now, n + 1, 1), ' ', '-')
		   and (week).sessions & (1 << n) <> 0 order by n
		returning *
	)
	select string_agg(format('%s %s was %s, now %s', m.day, m.session, m.was, m.is_now), '; ' order by m.change_no)
	  into told from made m;
	if told is not null then
		perform watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
			'school_urn', r.school_urn, 'cause', 'evidence', 'scope', 'referrals', 'subject', 'evidence:' || r.referral_id,
			'policy_version_id', r.policy_version_id, 'clause', case when r.policy_version_id is not null then r.clause end,
			'words', format('Referral %s: evidence changed: %s%s', r.referral_id, told,
				case when lane is null then '; the rule is met no more'
				     when lane <> r.lane then format('; in the lane %s now, not %s', lane, r.lane) else '' end),
			'roles', '["headteacher", "deputy", "attendance_officer"]'::jsonb, 'due_at', clock_timestamp())));
	end if;
end;
$$;
comment on function data.evidence_changed(data.evidence_week, text, text) is 'Tells of changes to a frozen week';

create or replace function data.watch_evidence() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if not exists (select from data.evidence_week) then
		return null;
	end if;
	if tg_op = 'INSERT' then
		perform data.evidence_changed(e, '          ', n.marks)
		   from later n join data.evidence_week e using (pupil_id, week, school_urn)
		        join data.referral r using (referral_id)
		  where r.state not in ('refused', 'withdrawn') order by e.referral_id, e.week;
	else
		perform data.evidence_changed(e, o.marks, n.marks)
		   from later n join earlier o using (pupil_id, week, school_urn)
		        join data.evidence_week e using (pupil_id, week, school_urn) join data.referral r using (referral_id)
		  where n.marks <> o.marks and r.state not in ('refused', 'withdrawn') order by e.referral_id, e.week;
	end if;
	return null;
end;
$$;
comment on function data.watch_evidence() is 'Trigger: sees when a mark is changed that a referral stands on';
create or replace trigger evidence_inserted after insert on data.register_week referencing new table as later
	for each statement execute function data.watch_evidence();
create or replace trigger evidence_updated after update
	on data.register_week referencing old table as earlier new table as later
	for each statement execute function data.watch_evidence();
