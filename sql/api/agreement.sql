-- Agreements with families, their promises, and how these are tested.

create view api.agreement with (security_invoker = true) as
select a.agreement_id as id, a.school_urn, a.pupil_id as pupil, a.visit_id as visit, a.made_on,
	a.made_at_place as place,
       a.by_staff_id as "by", a.made_with, a.barriers, a.support, a.kept_in, a.reference, a.from_on, a.review_on,
       a.state, a.broken_on, a.kept_on, a.tested_to, s.round,
       a.state in ('open', 'broken', 'kept') and a.review_on < data.day_of(now()) as review_due,
       (select json_agg(json_build_object('number', p.position, 'side', p.side, 'kind', p.kind, 'words', p.words,
                   'codes', p.codes, 'days', p.days, 'of_days', p.of_days, 'percent', p.percent, 'until_on', p.until_on,
                   'due_on', p.due_on, 'owner', p.owner_staff_id, 'owner_name', p.owner_name, 'state', p.state,
                   'decided_on', p.decided_on, 'note', p.note, 'settled_by', p.settled_by) order by p.position)
          from data.promise p where p.agreement_id = a.agreement_id) as promises,
       (select string_agg(format('%s. %s: %s [%s]', p.position, p.side, p.words, p.state), '; ' order by p.position)
          from data.promise p where p.agreement_id = a.agreement_id) as promises_text,
       (select json_build_object('clause', d.clause, 'words', d.missing, 'due_at', data.rfc3339(d.due_at), 'roles',
       	d.roles)
          from data.duty d where d.agreement_id = a.agreement_id and d.open and d.due_at is not null
         order by d.due_at, d.duty_id limit 1) as next_step,
       (select d.clause || ': ' || d.missing from data.duty d
         where d.agreement_id = a.agreement_id and d.open and d.due_at is not null
         order by d.due_at, d.duty_id limit 1) as next_step_text,
       a.renews_id as renews, r.agreement_id as renewed_by, a.ended_on, a.end_reason, a.ended_by,
       v.policy_code as policy, v.version as policy_version, a.version, a.created_at, a.updated_at
  from data.agreement a
       left join data.policy_version v using (policy_version_id)
       left join data.agreement r on r.renews_id = a.agreement_id
       left join lateral (select max(t.round) as round from data.promise_test t
                           where t.agreement_id = a.agreement_id) as s on true;
comment on view api.agreement is 'Agreements as the API shows them';

create function api.agreement_list(school int default null, pupil bigint default null,
	state data.agreement_state default null, review_due boolean default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.agreement
language sql stable
begin atomic
	select a.* from api.agreement a
	 where (school is null or a.school_urn = school) and (agreement_list.pupil is null or a.pupil = agreement_list.pupil)
	   and (agreement_list.state is null or a.state = agreement_list.state)
	   and (agreement_list.review_due is null or a.review_due = agreement_list.review_due)
	   and (agreement_list.updated_after is null or a.updated_at > agreement_list.updated_after)
	   and (after is null or a.id > after)
	 order by a.id limit max_rows;
end;
comment on function api.agreement_list(int, bigint, data.agreement_state, boolean, timestamptz, bigint,
	int) is 'Agreements, by id';

create function api.agreement_read(agreement bigint) returns setof api.agreement
language sql stable
begin atomic
	select a.* from api.agreement a where a.id = agreement;
end;
comment on function api.agreement_read(bigint) is 'One agreement';

-- A locked agreement; fails with DS404.
create function api.agreement_locked(agreement bigint) returns data.agreement
language plpgsql volatile
as $$
declare
	its data.agreement;
begin
	select a.* into its from data.agreement a where a.agreement_id = agreement for no key update;
	if not found then
		raise exception 'There is no such agreement.' using errcode = 'DS404';
	end if;
	return its;
end;
$$;
comment on function api.agreement_locked(bigint) is 'An agreement, locked; fails with DS404';

create function api.agreement_is_known(agreement bigint) returns void
language plpgsql stable
as $$
begin
	if not exists (select from data.agreement a where a.agreement_id = agreement) then
		raise exception 'There is no such agreement.' using errcode = 'DS404';
	end if;
end;
$$;
comment on function api.agreement_is_known(bigint) is 'Fails with DS404 when there is no such agreement';

-- What a promise of each kind takes.
create function api.promise_members(kind text) returns text[]
language sql immutable
return case kind when 'no_marks' then '{codes,days}' when 'attendance' then '{percent,until_on}'
	when 'in_on_time' then '{days,of_days}' else '{due_on}' end::text[];
comment on function api.promise_members(text) is 'The members of a promise by which its kind is measured';

-- The codes that a promise may rule out: of absence, or late (L).  N is no
-- answer yet; what nobody could attend is nobody's fault.
create function api.promise_code_known(code text, day date) returns boolean
language sql stable
begin atomic
	select exists (select from data.attendance_code c
	                where c.code = promise_code_known.code and day between c.valid_from and coalesce(c.valid_to,
	                	'infinity')
	                  and (c.class in ('authorised', 'unauthorised') and c.code <> 'N' or c.code = 'L'));
end;
comment on function api.promise_code_known(text, date) is 'Whether a promise may rule a code out';

create function api.promise_problems(promises jsonb, from_on date) returns setof jsonb
language sql stable
begin atomic
	with promise as (
		select p, '/promises/' || n - 1 as pointer, p ->> 'kind' as kind
		  from jsonb_array_elements(promises) with ordinality as given (p, n)
	)
	select jsonb_build_object('pointer', pointer || '/' || m, 'detail', 'is required for a promise of this kind')
	  from promise, unnest(api.promise_members(kind)) as m where not p ? m
	union all
	select jsonb_build_object('pointer', pointer || '/' || m, 'detail', 'is not for a promise of this kind: leave it out')
	  from promise, unnest('{codes,days,of_days,percent,until_on,due_on}'::text[]) as m
	 where p ? m and m <> all (api.promise_members(kind))
	union all
	select jsonb_build_object('pointer', pointer || '/kind', 'detail',
		'must be text: what the school promises is not measured by marks')
	  from promise where p ->> 'side' = 'school' and kind <> 'text'
	union all
	select jsonb_build_object('pointer', pointer || '/words', 'detail', 'is required for a promise in words')
	  from promise where kind = 'text' and not p ? 'words'
	union all
	select jsonb_build_object('pointer', pointer || '/owner', 'detail',
		'is required for a promise in words, or owner_name')
	  from promise where kind = 'text' and not p ?| '{owner,owner_name}'
	union all
	select jsonb_build_object('pointer', pointer || '/owner', 'detail', 'is not a member of staff that this client sees')
	  from promise where p ? 'owner' and not exists (select from data.staff s where s.staff_id = (p ->> 'owner')::bigint)
	union all
	select jsonb_build_object('pointer', pointer || '/days', 'detail', 'must not be more than of_days')
	  from promise where kind = 'in_on_time' and (p ->> 'days')::int > (p ->> 'of_days')::int
	union all
	select jsonb_build_object('pointer', pointer || '/until_on', 'detail', 'must not be before the agreement begins')
	  from promise where (p ->> 'until_on')::date < from_on
	union all
	select jsonb_build_object('pointer', pointer || '/codes/' || c.n - 1, 'detail',
	           'is not a code of absence that is established, nor L')
	  from promise, jsonb_array_elements_text(case when p ? 'codes' then p -> 'codes' else '[]' end) with ordinality
	  	as c (code, n)
	 where not api.promise_code_known(c.code, from_on)
	union all
	select '{"pointer": "/promises", "detail": "needs a promise of the family and one of the school"}'
	 where not (exists (select from promise where p ->> 'side' = 'family')
	            and exists (select from promise where p ->> 'side' = 'school'));
end;
comment on function api.promise_problems(jsonb, date) is 'What is wrong with the promises of an agreement';

create function api.agreement_problems(body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(problem), '[]') from (
		select api.school_problems(body) as problem
		union all select api.staff_problems(body, 'by')
		union all select api.day_problems(body, 'made_on')
		union all select api.span_problems(body, 'made_on', 'from_on')
		union all select api.span_problems(body, 'from_on', 'review_on')
		union all
		select jsonb_build_object('pointer', '/pupil', 'detail', 'is not a pupil of this school on the day it was made')
		 where not exists (select from data.enrolment e where e.pupil_id = (body ->> 'pupil')::bigint
		                      and e.school_urn = (body ->> 'school_urn')::int
		                      and (body ->> 'made_on')::date between e.admitted_on and coalesce(e.left_on, 'infinity'))
		union all
		select jsonb_build_object('pointer', '/visit', 'detail', 'is not a visit of this school to the pupil')
		 where body ? 'visit' and not exists (select from data.visit v join data.visit_pupil p using (visit_id)
		        where v.visit_id = (body ->> 'visit')::bigint and v.school_urn = (body ->> 'school_urn')::int
		          and p.pupil_id = (body ->> 'pupil')::bigint)
		union all
		select jsonb_build_object('pointer', '/renews', 'detail',
		           'is not an agreement of this school and pupil that could be renewed')
		 where body ? 'renews' and not exists (select from data.agreement a
		        where a.agreement_id = (body ->> 'renews')::bigint and a.school_urn = (body ->> 'school_urn')::int
		          and a.pupil_id = (body ->> 'pupil')::bigint and a.state in ('open', 'broken', 'kept'))
		union all
		select api.promise_problems(body -> 'promises', (body ->> 'from_on')::date)) as found;
end;
comment on function api.agreement_problems(jsonb) is 'Everything in which an agreement does not fit the records';

-- A measured promise in words, when nobody said any.
create function api.promise_words(p jsonb) returns text
language sql immutable
return coalesce(p ->> 'words', case p ->> 'kind'
	when 'no_marks' then format('No %s for %s school days', (select string_agg(c, ' or ')
		from jsonb_array_elements_text(p -> 'codes') c),
		p ->> 'days')
	when 'attendance' then format('Attendance of at least %s %% until %s', p ->> 'percent', p ->> 'until_on')
	else format('In before the register closes on %s days of %s', p ->> 'days', p ->> 'of_days') end);
comment on function api.promise_words(jsonb) is 'A promise in words';

create function api.promises_write(agreement bigint, school int, promises jsonb) returns void
language sql volatile
begin atomic
	insert into data.promise (agreement_id, school_urn, position, side, kind, words, codes, days, of_days, percent,
	                          until_on, due_on, owner_staff_id, owner_name)
	select agreement, school, n, (p ->> 'side')::data.promise_side, (p ->> 'kind')::data.promise_kind,
		api.promise_words(p),
	       case when p ? 'codes' then array(select jsonb_array_elements_text(p -> 'codes')) end,
	       (p ->> 'days')::int, (p ->> 'of_days')::int, (p ->> 'percent')::int, (p ->> 'until_on')::date,
	       (p ->> 'due_on')::date, (p ->> 'owner')::bigint, p ->> 'owner_name'
	  from jsonb_array_elements(promises) with ordinality as given (p, n);
end;
comment on function api.promises_write(bigint, int, jsonb) is 'Writes the promises of an agreement';

-- from_on is the day after it was made, unless it is said.  Fails with DS422.
create function api.agreement_add(body jsonb) returns setof api.agreement
language plpgsql volatile
as $$
declare
	said jsonb := jsonb_strip_nulls(body);
	made bigint;
begin
	if not said ? 'from_on' then
		said := said || jsonb_build_object('from_on', (said ->> 'made_on')::date + 1);
	end if;
	said := jsonb_set(said, '{promises}', (select jsonb_agg(jsonb_strip_nulls(p))
		from jsonb_array_elements(said -> 'promises') p));
	perform from data.agreement a where a.agreement_id = (said ->> 'renews')::bigint for no key update;
	perform api.refuse(api.agreement_problems(said));
	insert into data.agreement (school_urn, pupil_id, visit_id, made_on, made_at_place, by_staff_id, made_with, barriers,
	                            support, kept_in, reference, from_on, review_on, renews_id, policy_version_id, client_id)
	values ((said ->> 'school_urn')::int, (said ->> 'pupil')::bigint, (said ->> 'visit')::bigint,
		(said ->> 'made_on')::date,
	        said ->> 'place', (said ->> 'by')::bigint, said ->> 'made_with', said ->> 'barriers', said ->> 'support',
	        (said ->> 'kept_in')::data.record_place, said ->> 'reference', (said ->> 'from_on')::date,
	        (said ->> 'review_on')::date, (said ->> 'renews')::bigint,
	        data.policy_of((said ->> 'school_urn')::int, (said ->> 'made_on')::date), auth.client_id())
	returning agreement_id into made;
	perform api.promises_write(made, (said ->> 'school_urn')::int, said -> 'promises');
	if said ? 'renews' then
		update data.agreement a set renewed_on = (said ->> 'made_on')::date
			where a.agreement_id = (said ->> 'renews')::bigint;
		perform duty.weigh_agreement((said ->> 'renews')::bigint);
	end if;
	perform duty.weigh_agreement(made);
	return query select a.* from api.agreement a where a.id = made;
end;
$$;
comment on function api.agreement_add(jsonb) is 'Records an agreement, or renews one';

-- body: JSON Merge Patch of barriers, support, kept_in, reference, review_on; or
-- its end: ended_on, end_reason, ended_by.  Fails with DS404, DS409, DS412, DS422.
create function api.agreement_change(agreement bigint, if_match text[], body jsonb) returns setof api.agreement
language plpgsql volatile
as $$
declare
	was    data.agreement;
	now_so data.agreement;
begin
	select a.* into was from data.agreement a where a.agreement_id = agreement for no key update;
	perform api.want_version(if_match, was.version);
	if was.state in ('renewed', 'ended') then
		raise exception 'The agreement is % already.', was.state using errcode = 'DS409';
	end if;
	now_so := jsonb_populate_record(was, body);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'ended_by') as p
		union all select api.day_problems(body, 'ended_on')
		union all select jsonb_build_object('pointer', '/review_on', 'detail', 'must not be before from_on')
		           where now_so.review_on < was.from_on
		union all select jsonb_build_object('pointer', '/ended_on', 'detail', 'must not be before it was made')
		           where now_so.ended_on < was.made_on
		union all select jsonb_build_object('pointer', '/' || m, 'detail', 'is required to end an agreement')
		            from unnest('{ended_on,end_reason,ended_by}'::text[]) as m
		           where body ?| '{ended_on,end_reason,ended_by}' and body ->> m is null) as found));
	update data.agreement a
	   set barriers = now_so.barriers, support = now_so.support, kept_in = now_so.kept_in, reference = now_so.reference,
	       review_on = now_so.review_on, ended_on = now_so.ended_on, end_reason = now_so.end_reason,
	       	ended_by = now_so.ended_by
	 where a.agreement_id = agreement;
	perform duty.weigh_agreement(agreement);
	return query select a.* from api.agreement a where a.id = agreement;
end;
$$;
comment on function api.agreement_change(bigint, text[], jsonb) is 'Changes an agreement, or ends it, if it is as the caller knows it';

-- body: {promise, state: kept or broken, by, on, note}: a person's word on a
-- promise in words.  Fails with DS404, DS409 for a measured one, DS422.
create function api.promise_settle(agreement bigint, body jsonb) returns setof api.agreement
language plpgsql volatile
as $$
declare
	its  data.agreement := api.agreement_locked(agreement);
	kind data.promise_kind := (select p.kind from data.promise p
	                            where p.agreement_id = agreement and p.position = (body ->> 'promise')::int);
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'by') as p
		union all select api.day_problems(body, 'on')
		union all select jsonb_build_object('pointer', '/on', 'detail', 'is before the agreement begins')
		           where (body ->> 'on')::date < its.from_on
		union all select jsonb_build_object('pointer', '/promise', 'detail', 'is not a promise of this agreement')
		           where kind is null) as found));
	if kind <> 'text' then
		raise exception 'The register decides on this promise: have it tested.' using errcode = 'DS409';
	elsif its.state in ('renewed', 'ended') then
		raise exception 'The agreement is % already.', its.state using errcode = 'DS409';
	end if;
	update data.promise p
	   set state = (body ->> 'state')::data.promise_state, decided_on = coalesce((body ->> 'on')::date,
	   	data.day_of(now())),
	       note = body ->> 'note', settled_by = (body ->> 'by')::bigint
	 where p.agreement_id = agreement and p.position = (body ->> 'promise')::int;
	perform duty.weigh_agreement(agreement);
	return query select a.* from api.agreement a where a.id = agreement;
end;
$$;
comment on function api.promise_settle(bigint, jsonb) is 'Says whether a promise in words was kept';

create view api.promise_test with (security_invoker = true) as
select t.test_id as id, t.agreement_id as agreement, p.position as promise, p.words, t.round, t.first_day, t.last_day,
       t.verdict, t.decided_on, t.reason, t.possible, t.attended, t.counted, t.against, t.unresolved, t.gaps, t.marks,
       t.tested_at
  from data.promise_test t join data.promise p using (promise_id);
comment on view api.promise_test is 'Tests of promises as the API shows them';

create function api.promise_test_list(agreement bigint, after bigint default null, max_rows int default null)
returns setof api.promise_test
language plpgsql stable
as $$
begin
	perform api.agreement_is_known(agreement);
	return query select t.* from api.promise_test t
	              where t.agreement = promise_test_list.agreement and (after is null or t.id > after)
	              order by t.id limit max_rows;
end;
$$;
comment on function api.promise_test_list(bigint, bigint, int) is 'The tests of the promises of an agreement, in their order';

-- body: {as_of}: the last day to look at, yesterday when it is not said and at the
-- latest, since today's register may not be whole.  Fails with DS404, DS409, DS422.
create function api.agreement_test(agreement bigint, body jsonb) returns setof api.agreement
language plpgsql volatile
as $$
declare
	its   data.agreement := api.agreement_locked(agreement);
	until date := coalesce((body ->> 'as_of')::date, data.day_of(now()) - 1);
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select jsonb_build_object('pointer', '/as_of', 'detail', 'must be a day before today: its register may not be whole')
		           as p where until >= data.day_of(now())) as found));
	if its.state in ('renewed', 'ended') then
		raise exception 'The agreement is % already.', its.state using errcode = 'DS409';
	elsif until < its.tested_to then
		raise exception 'The agreement was tested to % already, and is not tested back.',
			its.tested_to using errcode = 'DS409';
	end if;
	perform data.agreement_test(agreement, until);
	return query select a.* from api.agreement a where a.id = agreement;
end;
$$;
comment on function api.agreement_test(bigint, jsonb) is 'Tests the promises of an agreement now';

-- The steps that its policy asks for.
create view api.agreement_duty with (security_invoker = true) as
select d.duty_id as id, d.agreement_id as agreement, d.clause, c.strength, duty.state(d, now()) as state, c.words,
	d.missing,
       c.kind, c.place, v.policy_code as policy, v.version as policy_version, d.due_at, d.met_at, d.evidence,
       array_to_json(d.roles) as roles, array_to_string(d.roles, '; ') as roles_text,
       d.waived_at, w.by_staff_id as waived_by, w.reason as waive_reason,
       p.until_on as postponed_to, p.by_staff_id as postponed_by, p.reason as postpone_reason
  from data.duty d
       join data.clause c using (policy_version_id, clause)
       join data.policy_version v using (policy_version_id)
       left join lateral (select w.by_staff_id, w.reason from data.deviation w
                           where w.agreement_id = d.agreement_id and w.clause = d.clause and w.kind = 'waived'
                           order by w.deviation_id desc limit 1) as w on true
       left join lateral (select p.until_on, p.by_staff_id, p.reason from data.deviation p
                           where p.agreement_id = d.agreement_id and p.clause = d.clause and p.kind = 'postponed'
                           order by p.deviation_id desc limit 1) as p on true
 where d.agreement_id is not null;
comment on view api.agreement_duty is 'Duties of agreements as the API shows them';

create function api.agreement_duty_list(agreement bigint, after bigint default null, max_rows int default null)
returns setof api.agreement_duty
language plpgsql stable rows 4
as $$
begin
	perform api.agreement_is_known(agreement);
	return query select d.* from api.agreement_duty d
	              where d.agreement = agreement_duty_list.agreement and (after is null or d.id > after)
	              order by d.id limit max_rows;
end;
$$;
comment on function api.agreement_duty_list(bigint, bigint, int) is 'What its policy asks of an agreement';

-- Waives a step, or with until_on puts it off.  body: {clause, by, reason,
-- until_on}.  By whoever leads the school or sees to attendance: DS430.  Fails
-- with DS404, DS409 when there is no such step open, DS422.
create function api.agreement_deviate(agreement bigint, body jsonb) returns setof api.agreement_duty
language plpgsql volatile
as $$
declare
	its  data.agreement := api.agreement_locked(agreement);
	step data.duty;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'by') as p
		union all select jsonb_build_object('pointer', '/until_on', 'detail', 'must be a day to come')
		           where (body ->> 'until_on')::date <= data.day_of(now())) as found));
	if not exists (select from data.post p where p.staff_id = (body ->> 'by')::bigint and p.school_urn = its.school_urn
	                  and data.lasts(p.left_on)
	                  and p.roles && '{headteacher,deputy,assistant_head,dsl,leadership,attendance_officer}') then
		raise exception 'Only who leads the school or is its attendance officer waives a step or puts it off.'
			using errcode = 'DS430';
	end if;
	select d.* into step from data.duty d where d.agreement_id = agreement and d.clause = body ->> 'clause' and d.open;
	if not found then
		raise exception 'The agreement asks for no such step, or it is not open any more.' using errcode = 'DS409';
	end if;
	insert into data.deviation (agreement_id, school_urn, clause, kind, by_staff_id, reason, until_on, at, client_id)
	values (agreement, its.school_urn, step.clause, case when body ->> 'until_on' is null then 'waived' else 'postponed'
	        end::data.deviation_kind, (body ->> 'by')::bigint, body ->> 'reason', (body ->> 'until_on')::date,
	        clock_timestamp(), auth.client_id());
	perform duty.weigh_agreement(agreement);
	return query select d.* from api.agreement_duty d where d.id = step.duty_id;
end;
$$;
comment on function api.agreement_deviate(bigint, jsonb) is 'Waives a step of an agreement, or puts it off';

-- body: {clause, by, reason}.  Fails as the function above.
create function api.agreement_waive(agreement bigint, body jsonb) returns setof api.agreement_duty
language sql volatile
begin atomic
	select d.* from api.agreement_deviate(agreement, body - 'until_on') d;
end;
comment on function api.agreement_waive(bigint, jsonb) is 'Waives a step of an agreement';

-- body: {clause, by, reason, until_on}.  Fails as the function above.
create function api.agreement_postpone(agreement bigint, body jsonb) returns setof api.agreement_duty
language sql volatile
begin atomic
	select d.* from api.agreement_deviate(agreement, body) d;
end;
comment on function api.agreement_postpone(bigint, jsonb) is 'Puts a step of an agreement off';
