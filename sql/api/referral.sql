-- Referrals: proposed, decided by the head, the authority notified, the outcome.

create view api.referral with (security_invoker = true) as
select r.referral_id as id, r.school_urn, r.pupil_id as pupil, r.agreement_id as agreement, r.state, r.rule, r.clause,
       v.policy_code as policy, v.version as policy_version, r.as_of, r.window_start, r.window_end,
       r.evidence_from,
       (r.figures ->> 'possible')::bigint as possible, (r.figures ->> 'attended')::bigint as attended,
       (r.figures ->> 'authorised')::bigint as authorised, (r.figures ->> 'unauthorised')::bigint as unauthorised,
       (r.figures ->> 'unresolved')::bigint as unresolved, (r.figures ->> 'gaps')::bigint as gaps,
       (r.figures ->> 'percentage')::numeric as percentage, (r.figures ->> 'lowest')::numeric as lowest,
       (r.figures ->> 'highest')::numeric as highest, r.lane, r.safe_to_refer, to_json(r.missing) as missing,
       nullif(array_to_string(r.missing, '; '), '') as missing_text, r.proposed_by, r.proposed_at, r.reason,
       encode(r.manifest_sha256, 'hex') as manifest_sha256, c.changes as evidence_changes,
       	c.changes > 0 as evidence_changed,
       c.still_met, case when c.still_met then coalesce(c.lane, r.lane) end as lane_now,
       (c.figures ->> 'percentage')::numeric as percentage_now,
       r.decision, r.decided_by, r.decided_at, r.decision_reason, r.notified_at, r.notified_by, r.authority,
       	r.notified_how,
       r.reference, r.outcome, r.outcome_on, r.outcome_note, r.withdrawn_at, r.withdrawn_by, r.withdrawn_why,
       r.version, r.created_at, r.updated_at
  from data.referral r
       left join data.policy_version v using (policy_version_id)
       left join lateral (select count(*) as changes, coalesce((array_agg(e.still_met order by e.change_no desc))[1],
       	true) as still_met,
                                 coalesce((array_agg(e.figures order by e.change_no desc))[1], r.figures) as figures,
                                 (array_agg(e.lane order by e.change_no desc))[1] as lane
                            from data.evidence_change e where e.referral_id = r.referral_id) as c on true;
comment on view api.referral is 'Referrals as the API shows them';

create function api.referral_list(school int default null, pupil bigint default null,
	state data.referral_state default null, updated_after timestamptz default null, after bigint default null,
	max_rows int default null) returns setof api.referral
language sql stable
begin atomic
	select r.* from api.referral r
	 where (school is null or r.school_urn = school) and (referral_list.pupil is null or r.pupil = referral_list.pupil)
	   and (referral_list.state is null or r.state = referral_list.state)
	   and (referral_list.updated_after is null or r.updated_at > referral_list.updated_after)
	   and (after is null or r.id > after)
	 order by r.id limit max_rows;
end;
comment on function api.referral_list(int, bigint, data.referral_state, timestamptz, bigint, int) is 'Referrals, by id';

create function api.referral_read(referral bigint) returns setof api.referral
language sql stable
begin atomic
	select r.* from api.referral r where r.id = referral;
end;
comment on function api.referral_read(bigint) is 'One referral';

-- The report.  near_misses: instead of those who meet the rule of their school,
-- those who would if the next week were missed.
create function api.legal_referral_list(school int default null, as_of date default null,
	near_misses boolean default null, after bigint default null, max_rows int default null)
returns table (school_urn int, pupil_id bigint, upn text, given_name text, family_name text, rule text, clause text,
	window_start date, window_end date, possible bigint, attended bigint, authorised bigint, unauthorised bigint,
	unresolved bigint, gaps bigint, percentage numeric, lowest numeric, highest numeric, compulsory_school_age boolean,
	lane data.referral_lane, safe_to_refer boolean, visits text, agreements text, letters text, missing text)
language sql stable rows 200
begin atomic
	select r.school_urn, r.pupil_id, r.upn, r.given_name, r.family_name, r.rule, r.clause, r.window_start, r.window_end,
	       r.possible, r.attended, r.authorised, r.unauthorised, r.unresolved, r.gaps, r.percentage, r.lowest, r.highest,
	       r.compulsory_school_age, r.lane, r.safe_to_refer, r.visits, r.agreements, r.letters,
	       nullif(array_to_string(r.missing, '; '), '')
	  from data.legal_referrals_seen(school, null, coalesce(as_of, data.day_of(now())), coalesce(near_misses, false)) r
	 where (select api.school_asked(school)) and (after is null or r.pupil_id > after)
	 order by r.pupil_id limit max_rows;
end;
comment on function api.legal_referral_list(int, date, boolean, bigint, int)
	is 'Who meets the rule by which a school puts pupils forward for legal proceedings to be considered, by pupil';

-- body: {school_urn, pupil, by, reason, as_of, agreement}.  Freezes the evidence.
-- Fails with DS409 when the rule of the school is not met, or a referral of the
-- pupil is open; with DS422.
create function api.referral_propose(body jsonb) returns setof api.referral
language plpgsql volatile
as $$
declare
	said jsonb := jsonb_strip_nulls(body);
	day  date := coalesce((said ->> 'as_of')::date, data.day_of(now()));
	met  record;
	made bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.school_problems(said) as p
		union all select api.staff_problems(said, 'by')
		union all select api.day_problems(said, 'as_of')
		union all select jsonb_build_object('pointer', '/pupil', 'detail', case when exists (select from data.enrolment e
		                     where e.pupil_id = (said ->> 'pupil')::bigint and e.school_urn = (said ->> 'school_urn')::int)
		                     then 'is at another school now, which decides on that' else 'is not a pupil of this school' end)
		           where not auth.school_reaches((said ->> 'pupil')::bigint, (said ->> 'school_urn')::int)
		union all select jsonb_build_object('pointer', '/agreement', 'detail', 'is not an agreement of this school and pupil')
		           where said ? 'agreement' and not exists (select from data.agreement a
		                 where a.agreement_id = (said ->> 'agreement')::bigint and a.pupil_id = (said ->> 'pupil')::bigint
		                   and a.school_urn = (said ->> 'school_urn')::int)) as found));
	perform data.marks_held();
	select r.* into met from data.legal_referrals_seen((said ->> 'school_urn')::int, array[(said ->> 'pupil')::bigint],
		day, false) r;
	if not found then
		raise exception 'The rule by which the school puts pupils forward is not met as of %.', day
			using errcode = 'DS409';
	end if;
	insert into data.referral (school_urn, pupil_id, agreement_id, rule, policy_version_id, clause, as_of, window_start,
	                           window_end, evidence_from, figures, lane, safe_to_refer, missing, proposed_by,
	                           proposed_at, reason, client_id)
	values (met.school_urn, met.pupil_id, (said ->> 'agreement')::bigint, met.rule, met.policy_version_id, met.clause, day,
	        met.window_start, met.window_end, met.evidence_from,
	        data.figures(met.attended, met.authorised, met.unauthorised, met.unresolved, met.gaps), met.lane,
	        met.safe_to_refer, met.missing, (said ->> 'by')::bigint, clock_timestamp(), said ->> 'reason',
	        	auth.client_id())
	on conflict (pupil_id) where open do nothing
	returning referral_id into made;
	if made is null then
		raise exception 'A referral of this pupil is open already, here or at a school that had the pupil before: %',
			'withdraw it there, or let it be concluded.' using errcode = 'DS409';
	end if;
	perform data.referral_freeze(made);
	return query select r.* from api.referral r where r.id = made;
end;
$$;
comment on function api.referral_propose(jsonb) is 'Puts a pupil forward, and freezes the evidence';

-- A referral, locked, in one of these states.  Fails with DS404, DS409.
create function api.referral_locked(referral bigint, wanted data.referral_state[], step text) returns data.referral
language plpgsql volatile
as $$
declare
	its data.referral;
begin
	select r.* into its from data.referral r where r.referral_id = referral for no key update;
	if not found then
		raise exception 'There is no such referral.' using errcode = 'DS404';
	elsif its.state <> all (wanted) then
		raise exception 'The referral is %: it cannot be % now.', its.state, step using errcode = 'DS409';
	end if;
	return its;
end;
$$;
comment on function api.referral_locked(bigint, data.referral_state[], text) is 'A referral in one of some states, locked';

-- Whether somebody is the head of a school, or was given the head's place today.
create function api.is_head(staff bigint, school int) returns boolean
language sql stable
begin atomic
	select exists (select from data.post p where p.staff_id = staff and p.school_urn = school
		and 'headteacher' = any (p.roles) and data.lasts(p.left_on))
	    or exists (select from data.delegation d join data.post p on p.staff_id = d.from_staff_id
	    	and p.school_urn = d.school_urn
	                where d.to_staff_id = staff and d.school_urn = school and d.role = 'headteacher'
	                  and 'headteacher' = any (p.roles) and data.lasts(p.left_on)
	                  and data.day_of(now()) between d.from_on and coalesce(d.until_on, 'infinity'));
end;
comment on function api.is_head(bigint, int) is 'Whether somebody is the head of a school, or stands in for the head today';

-- body: {decision, by, reason}.  By the head: DS430 otherwise.  To refer, the
-- rule must be met as the marks stand now, in the same lane, whatever becomes of
-- those that are open: DS409 otherwise, with what is in the way.
create function api.referral_decide(referral bigint, body jsonb) returns setof api.referral
language plpgsql volatile
as $$
declare
	its data.referral := api.referral_locked(referral, '{proposed}', 'decided');
	met record;
begin
	if not auth.has_scope('decisions:write') then
		raise exception 'The token lacks the scope decisions:write.' using errcode = 'DS403';
	end if;
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	if not api.is_head((body ->> 'by')::bigint, its.school_urn) then
		raise exception 'The headteacher decides on a referral, or who stands in for them.' using errcode = 'DS430';
	end if;
	if body ->> 'decision' = 'refer' then
		if not auth.school_reaches(its.pupil_id, its.school_urn) then
			raise exception 'The pupil is at another school now, which decides on that: withdraw the referral.'
				using errcode = 'DS409';
		end if;
		perform api.asker_is_another(its.proposed_by, (body ->> 'by')::bigint, (select (c.parameters ->> 'own')::boolean
			from data.clause c where c.policy_version_id = its.policy_version_id and c.clause = its.clause));
		select r.* into met from data.legal_referrals_seen(its.school_urn, array[its.pupil_id], its.as_of, false) r;
		if not found then
			raise exception 'The rule is met no more: marks have changed since. Withdraw it.' using errcode = 'DS409';
		elsif not met.safe_to_refer then
			raise exception 'Not safe to refer yet: what is open (% to % %%) decides whether the rule is met.',
				met.lowest, met.highest using errcode = 'DS409';
		elsif met.lane <> its.lane then
			raise exception 'The pupil is in the lane % now, not %: marks have changed since. Withdraw it, and propose anew.',
				met.lane, its.lane using errcode = 'DS409';
		end if;
	end if;
	update data.referral r
	   set decision = (body ->> 'decision')::data.referral_decision, decided_by = (body ->> 'by')::bigint,
	       decided_at = clock_timestamp(), decision_reason = body ->> 'reason'
	 where r.referral_id = referral;
	return query select r.* from api.referral r where r.id = referral;
end;
$$;
comment on function api.referral_decide(bigint, jsonb) is 'Decides on a referral, as the head';

-- body: {authority, how, by, at, reference}.  Fails with DS404, DS409, DS422.
create function api.referral_notify(referral bigint, body jsonb) returns setof api.referral
language plpgsql volatile
as $$
declare
	its data.referral := api.referral_locked(referral, '{approved}', 'notified');
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'by') as p
		union all select jsonb_build_object('pointer', '/at', 'detail', 'is before the head decided')
		           where (body ->> 'at')::timestamptz < its.decided_at) as found));
	update data.referral r
	   set notified_at = api.at_of(body), notified_by = (body ->> 'by')::bigint, authority = body ->> 'authority',
	       notified_how = body ->> 'how', reference = body ->> 'reference'
	 where r.referral_id = referral;
	return query select r.* from api.referral r where r.id = referral;
end;
$$;
comment on function api.referral_notify(bigint, jsonb) is 'Records that the authority was notified';

-- body: {outcome, on, note}.  Fails with DS404, DS409, DS422.
create function api.referral_conclude(referral bigint, body jsonb) returns setof api.referral
language plpgsql volatile
as $$
declare
	its data.referral := api.referral_locked(referral, '{notified}', 'concluded');
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.day_problems(body, 'on') as p
		union all select jsonb_build_object('pointer', '/on', 'detail', 'is before the authority was notified')
		           where (body ->> 'on')::date < data.day_of(its.notified_at)) as found));
	update data.referral r
	   set outcome = (body ->> 'outcome')::data.referral_outcome, outcome_on = (body ->> 'on')::date,
	   	outcome_note = body ->> 'note'
	 where r.referral_id = referral;
	return query select r.* from api.referral r where r.id = referral;
end;
$$;
comment on function api.referral_conclude(bigint, jsonb) is 'Records what came of a referral';

-- body: {by, reason}.  Fails with DS404, DS409, DS422.
create function api.referral_withdraw(referral bigint, body jsonb) returns setof api.referral
language plpgsql volatile
as $$
begin
	perform api.referral_locked(referral, '{proposed,approved,notified}', 'withdrawn');
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	update data.referral r
	   set withdrawn_at = clock_timestamp(), withdrawn_by = (body ->> 'by')::bigint, withdrawn_why = body ->> 'reason'
	 where r.referral_id = referral;
	return query select r.* from api.referral r where r.id = referral;
end;
$$;
comment on function api.referral_withdraw(bigint, jsonb) is 'Withdraws a referral';

create function api.referral_is_known(referral bigint) returns void
language plpgsql stable
as $$
begin
	if not exists (select from data.referral r where r.referral_id = referral) then
		raise exception 'There is no such referral.' using errcode = 'DS404';
	end if;
end;
$$;
comment on function api.referral_is_known(bigint) is 'Fails with DS404 when there is no such referral';

create function api.evidence_list(referral bigint, after int default null, max_rows int default null)
returns table (id int, name text, title text, size int, sha256 text)
language plpgsql stable rows 10
as $$
begin
	perform api.referral_is_known(referral);
	return query select p.position, p.name, p.title, octet_length(p.content), encode(p.sha256, 'hex')
	               from data.evidence_part p
	              where p.referral_id = referral and (after is null or p.position > after)
	              order by p.position limit max_rows;
end;
$$;
comment on function api.evidence_list(bigint, int, int) is 'The frozen parts of the evidence of a referral, with their hashes';

create function api.evidence_change_list(referral bigint, after bigint default null, max_rows int default null)
returns table (id bigint, date date, session data.session, school_urn int, frozen text, was text, is_now text,
	percentage numeric, possible bigint, attended bigint, still_met boolean, lane data.referral_lane,
	changed_at timestamptz)
language plpgsql stable rows 10
as $$
begin
	perform api.referral_is_known(referral);
	return query select e.change_no, e.day, e.session, e.register_urn, e.frozen, e.was, e.is_now,
	                    (e.figures ->> 'percentage')::numeric, (e.figures ->> 'possible')::bigint,
	                    (e.figures ->> 'attended')::bigint, e.still_met, e.lane, e.changed_at
	               from data.evidence_change e
	              where e.referral_id = referral and (after is null or e.change_no > after)
	              order by e.change_no limit max_rows;
end;
$$;
comment on function api.evidence_change_list(bigint, bigint, int) is 'The frozen marks of a referral that were changed since';

create function api.staff_name(staff bigint) returns text
language sql stable
begin atomic
	select data.xml_text(s.given_name || ' ' || s.family_name) from data.staff s where s.staff_id = staff;
end;
comment on function api.staff_name(bigint) is 'The name of a member of staff that the client sees';

-- Who decided what, as it stands now.
create function api.referral_decisions(r data.referral) returns xml
language sql stable
return xmlelement(name decisions, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns, (r).state as state),
	xmlelement(name proposed, xmlattributes(data.rfc3339((r).proposed_at) as at, api.staff_name((r).proposed_by) as "by"),
		data.xml_text((r).reason)),
	case when (r).decision is not null then xmlelement(name decided, xmlattributes(data.rfc3339((r).decided_at) as at,
		api.staff_name((r).decided_by) as "by", (r).decision as decision), data.xml_text((r).decision_reason)) end,
	case when (r).notified_at is not null then xmlelement(name notified, xmlattributes(data.rfc3339((r).notified_at) as at,
		api.staff_name((r).notified_by) as "by", data.xml_text((r).authority) as authority,
		data.xml_text((r).notified_how) as how, data.xml_text((r).reference) as reference)) end,
	case when (r).outcome is not null then xmlelement(name outcome, xmlattributes((r).outcome_on as "on",
		(r).outcome as outcome), data.xml_text((r).outcome_note)) end,
	case when (r).withdrawn_at is not null then xmlelement(name withdrawn,
		xmlattributes(data.rfc3339((r).withdrawn_at) as at,
		api.staff_name((r).withdrawn_by) as "by"), data.xml_text((r).withdrawn_why)) end);
comment on function api.referral_decisions(data.referral) is 'Who decided what on a referral, as XML';

create function api.referral_changes(referral bigint) returns xml
language sql stable
return (select xmlelement(name changes, xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns),
	xmlagg(xmlelement(name change, xmlattributes(e.day as day, e.session as session, e.register_urn as school,
		e.frozen as frozen, e.was as was, e.is_now as "is-now", data.rfc3339(e.changed_at) as at,
		e.figures ->> 'possible' as possible, e.figures ->> 'attended' as attended,
		e.figures ->> 'percentage' as percentage, e.still_met as "still-met", e.lane as lane),
		format('evidence changed: was %s, now %s', e.was, e.is_now)) order by e.change_no))
	  from data.evidence_change e where e.referral_id = referral);
comment on function api.referral_changes(bigint) is 'The frozen marks that were changed since, as XML';

-- The evidence pack as one document: the manifest, the frozen parts as they
-- were, and beside them who decided what and what has changed since.
create function api.referral_pack(referral bigint) returns table (document text, page text, variant int)
language sql stable rows 1
begin atomic
	select xmlelement(name "evidence-pack", xmlattributes('https://doorstep.example/ns/v1/evidence' as xmlns,
	           r.referral_id as referral, r.school_urn as school, s.name as "school-name", r.state as state,
	           data.rfc3339(r.proposed_at) as frozen, encode(r.manifest_sha256, 'hex') as "manifest-sha256"),
	       (select xmlelement(name manifest, xmlagg(xmlelement(name part, xmlattributes(p.name as name,
	               octet_length(p.content) as size, encode(p.sha256, 'hex') as sha256), p.title) order by p.position))
	          from data.evidence_part p where p.referral_id = r.referral_id),
	       (select xmlagg(p.content::xml order by p.position) from data.evidence_part p
	         where p.referral_id = r.referral_id and p.name like '%.xml'),
	       api.referral_decisions(r), api.referral_changes(r.referral_id))::text, null::text, r.school_urn
	  from data.referral r join data.school s on s.urn = r.school_urn
	 where r.referral_id = referral and r.manifest_sha256 is not null;
end;
comment on function api.referral_pack(bigint) is 'The evidence pack of a referral as one XML document';

-- The files of the pack, in order: the frozen ones with the hash of when they
-- were frozen, the manifest of these, and what is of now with the hash of now.
create function api.referral_pack_files(referral bigint)
returns table (name text, content text, hash text)
language sql stable rows 12
begin atomic
	with pack as (
		select k.document from api.referral_pack(referral) k
	), file as (
		select p.position, p.name, p.content, p.sha256 from data.evidence_part p where p.referral_id = referral
		union all
		select 1001, 'MANIFEST', data.evidence_manifest(referral), null from pack
		union all
		select 1002, 'decisions.xml', api.referral_decisions(r)::text, null from data.referral r, pack
			where r.referral_id = referral
		union all
		select 1003, 'changes.xml', api.referral_changes(referral)::text, null from pack
		union all
		select 1004, 'evidence.xml', k.document, null from pack k
	)
	select f.name, f.content, encode(coalesce(f.sha256, sha256(convert_to(f.content, 'UTF8'))), 'hex')
	  from file f order by f.position;
end;
comment on function api.referral_pack_files(bigint) is 'The files of the evidence pack of a referral, with their hashes';

-- The rule of the trust for schools whose policy is silent.
create view api.referral_rule with (security_invoker = true) as
select to_char(r.from_on, 'YYYYMMDD')::int as id, r.from_on, r.months, r.below_percent, r.falling, r.reason, r.set_at
  from data.referral_rule r;
comment on view api.referral_rule is 'Rules of the trust on legal referrals as the API shows them';

create function api.referral_rule_list(after int default null, max_rows int default null)
	returns setof api.referral_rule
language sql stable
begin atomic
	select r.* from api.referral_rule r where after is null or r.id > after order by r.id limit max_rows;
end;
comment on function api.referral_rule_list(int, int) is 'The rules of the trust on legal referrals, by day';

-- body: {from_on, months, below_percent, falling, reason}.  By a client that
-- sees the whole trust: DS430.  Fails with DS409 when that day has a rule, DS422.
create function api.referral_rule_add(body jsonb) returns setof api.referral_rule
language plpgsql volatile
as $$
begin
	if not auth.sees_all_schools() then
		raise exception 'The rule of the trust is set by who sees the whole trust.' using errcode = 'DS430';
	end if;
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select jsonb_build_object('pointer', '/below_percent', 'detail', 'is required, or falling') as p
		 where body ->> 'below_percent' is null and not coalesce((body ->> 'falling')::boolean, false)) as found));
	insert into data.referral_rule (from_on, months, below_percent, falling, reason, client_id)
	values ((body ->> 'from_on')::date, (body ->> 'months')::int, (body ->> 'below_percent')::int,
	        coalesce((body ->> 'falling')::boolean, false), body ->> 'reason', auth.client_id())
	on conflict (from_on) do nothing;
	if not found then
		raise exception 'A rule from that day on is set already: set one from another day.' using errcode = 'DS409';
	end if;
	return query select r.* from api.referral_rule r where r.from_on = (body ->> 'from_on')::date;
end;
$$;
comment on function api.referral_rule_add(jsonb) is 'Sets the rule of the trust from a day on';
