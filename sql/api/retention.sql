-- Retention: rules, legal holds, what is due, why a record is there.

create view api.retention_rule with (security_invoker = true) as
select r.rule_id as id, r.kind as record, r.school_urn, nullif(r.from_on, '-infinity') as from_on, r.starts,
       r.months, r.year_end, r.what_then, r.source,
       not exists (select from data.retention_rule l where l.kind = r.kind
                      and l.school_urn is not distinct from r.school_urn and l.from_on > r.from_on
                      and l.from_on <= data.day_of(now())) and r.from_on <= data.day_of(now()) as in_force,
       r.by_staff_id as "by", r.set_at
  from data.retention_rule r;
comment on view api.retention_rule is 'Rules of retention as the API shows them';

create function api.retention_rule_list(record data.retention_kind default null, school int default null,
	in_force boolean default null, after bigint default null, max_rows int default null)
	returns setof api.retention_rule
language sql stable
begin atomic
	select r.* from api.retention_rule r
	 where (retention_rule_list.record is null or r.record = retention_rule_list.record)
	   and (school is null or r.school_urn = school)
	   and (retention_rule_list.in_force is null or r.in_force = retention_rule_list.in_force)
	   and (after is null or r.id > after)
	 order by r.id limit max_rows;
end;
comment on function api.retention_rule_list(data.retention_kind, int, boolean, bigint, int) is 'Rules of retention, by id';

-- What is wrong with a rule.
create function api.retention_rule_problems(body jsonb) returns setof jsonb
language sql stable
begin atomic
	select api.staff_problems(body, 'by')
	union all select api.school_problems(body) where body ->> 'school_urn' is not null
	union all select jsonb_build_object('pointer', '/months', 'detail',
		'must be 72 at least: the law has the register kept six years')
	 where body ->> 'record' = 'register' and (body ->> 'months')::int < 72
	union all select jsonb_build_object('pointer', '/from_on', 'detail',
		'is gone by: a rule holds from today at the earliest')
	 where (body ->> 'from_on')::date < data.day_of(now())
	union all select jsonb_build_object('pointer', '/starts', 'detail', format('is no start of such: known are %s',
	       (select string_agg(s.starts::text, ', ' order by s.starts) from data.retention_starts() s
	         where s.kind::text = body ->> 'record')))
	 where not exists (select from data.retention_starts() s where s.kind::text = body ->> 'record'
	                      and s.starts::text = body ->> 'starts');
end;
comment on function api.retention_rule_problems(jsonb) is 'What is wrong with a rule of retention';

-- Whether a school's own rule keeps records as long as that of the trust does by then, and
-- has them looked at where that does.
create function api.retention_rule_is_kept(body jsonb) returns boolean
language sql stable
return exists (select from (
	select u.* from data.retention_rule u
	 where u.kind::text = body ->> 'record' and u.school_urn is null and u.from_on <= (body ->> 'from_on')::date
	 order by u.from_on desc limit 1) as u
	 where u.starts::text = body ->> 'starts' and u.months <= (body ->> 'months')::int
	   and (not u.year_end or (body ->> 'year_end')::boolean) and (u.what_then::text = body ->> 'what_then'
	        or body ->> 'what_then' = 'review'));
comment on function api.retention_rule_is_kept(jsonb) is 'Whether a rule of a school keeps to that of the trust';

-- body: {record, school_urn, from_on, starts, months, year_end, what_then, source, by}.
-- That of the trust, and one that keeps less than it, is set by who sees all of it: DS430.
-- Fails with DS409 when there is one from that day, DS422.
create function api.retention_rule_add(body jsonb) returns setof api.retention_rule
language plpgsql volatile
as $$
declare
	made bigint;
begin
	if body ->> 'school_urn' is null and not auth.sees_all_schools() then
		raise exception 'The rule of the trust is set by who sees the whole trust.' using errcode = 'DS430';
	elsif body ->> 'school_urn' is not null and not auth.sees_all_schools() and not api.retention_rule_is_kept(body) then
		raise exception 'A rule that keeps less than that of the trust, or counts from another day, is set by who sees the '
			'whole trust.' using errcode = 'DS430';
	end if;
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.retention_rule_problems(body) as p));
	insert into data.retention_rule (kind, school_urn, from_on, starts, months, year_end, what_then, source, by_staff_id,
	                                 client_id)
	values ((body ->> 'record')::data.retention_kind, (body ->> 'school_urn')::int, (body ->> 'from_on')::date,
	        (body ->> 'starts')::data.retention_start, (body ->> 'months')::int,
	        coalesce((body ->> 'year_end')::boolean, false), (body ->> 'what_then')::data.retention_then,
	        body ->> 'source',
	        (body ->> 'by')::bigint, auth.client_id())
	on conflict do nothing returning rule_id into made;
	if made is null then
		raise exception 'A rule from that day on is set already: set one from another day.' using errcode = 'DS409';
	end if;
	return query select r.* from api.retention_rule r where r.id = made;
end;
$$;
comment on function api.retention_rule_add(jsonb) is 'Sets a rule of retention from a day on';

create view api.legal_hold with (security_invoker = true) as
select h.hold_id as id, h.subject, h.subject_id, to_json(h.schools) as schools,
       array_to_string(h.schools, '; ') as schools_text, h.reason, h.until_on,
       h.lifted_at is null and coalesce(h.until_on >= data.day_of(now()), true) as stands, h.by_staff_id as "by",
       h.placed_at,
       h.lifted_at, h.lifted_by, h.lifted_why
  from data.legal_hold h;
comment on view api.legal_hold is 'Legal holds as the API shows them';

create function api.legal_hold_list(subject data.hold_subject default null, stands boolean default null,
	after bigint default null, max_rows int default null) returns setof api.legal_hold
language sql stable
begin atomic
	select h.* from api.legal_hold h
	 where (legal_hold_list.subject is null or h.subject = legal_hold_list.subject)
	   and (legal_hold_list.stands is null or h.stands = legal_hold_list.stands) and (after is null or h.id > after)
	 order by h.id limit max_rows;
end;
comment on function api.legal_hold_list(data.hold_subject, boolean, bigint, int) is 'Legal holds, by id';

create function api.legal_hold_read(hold bigint) returns setof api.legal_hold
language sql stable
begin atomic
	select h.* from api.legal_hold h where h.id = hold;
end;
comment on function api.legal_hold_read(bigint) is 'One legal hold';

-- body: {subject, id, reason, until_on, by}.  Fails with DS422.
create function api.legal_hold_place(body jsonb) returns setof api.legal_hold
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'by') as p
		union all select jsonb_build_object('pointer', '/until_on', 'detail', 'is gone by')
		 where (body ->> 'until_on')::date < data.day_of(now())) as found));
	made := data.hold_place(body);
	if made is null then
		perform api.refuse(jsonb_build_array(jsonb_build_object('pointer', '/id', 'detail',
			'is nothing of this kind, with a time of its own, that this client sees')));
	end if;
	return query select h.* from api.legal_hold h where h.id = made;
end;
$$;
comment on function api.legal_hold_place(jsonb) is 'Places a legal hold';

-- body: {by, reason}.  By who sees all schools of it: DS430.  Fails with DS404, DS409, DS422.
create function api.legal_hold_lift(hold bigint, body jsonb) returns setof api.legal_hold
language plpgsql volatile
as $$
declare
	its data.legal_hold;
begin
	select h.* into its from data.legal_hold h where h.hold_id = hold;
	if not found then
		raise exception 'There is no such hold.' using errcode = 'DS404';
	elsif not its.schools <@ auth.schools() then
		raise exception 'It is lifted by who sees all schools of it.' using errcode = 'DS430';
	end if;
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	update data.legal_hold h
	   set lifted_at = clock_timestamp(), lifted_by = (body ->> 'by')::bigint, lifted_why = body ->> 'reason'
	 where h.hold_id = hold and h.lifted_at is null;
	if not found then
		raise exception 'The hold is lifted already.' using errcode = 'DS409';
	end if;
	return query select h.* from api.legal_hold h where h.id = hold;
end;
$$;
comment on function api.legal_hold_lift(bigint, jsonb) is 'Lifts a legal hold';

-- In words, until when something is kept, and why it is there still.
create function api.retention_words(kept_until date, what_then data.retention_then, held_by text[], rule bigint,
	disposal bigint) returns text
language sql stable
return case when disposal is not null then format('It has gone, by disposal %s.', disposal)
	when rule is null then 'No rule says how long it is kept.'
	when kept_until is null then 'Its time has not begun.'
	when kept_until >= data.day_of(now()) then format('It is kept until %s.', kept_until)
	when what_then = 'review' then 'Its time is over: a person is to look at it.'
	when held_by <> '{}' then 'Its time is over.'
	else 'Its time is over: it may go.' end
	|| case when held_by <> '{}' then format(' It is held by %s.', array_to_string(held_by, ', ')) else '' end;
comment on function api.retention_words(date, data.retention_then, text[], bigint, bigint) is 'Why a record is there, in words';

create type api.retention_due as (id bigint, record data.retention_kind, record_id text, schools json, schools_text text,
	rule bigint, source text, starts data.retention_start, start_on date, kept_until date, what_then data.retention_then,
	goes boolean, held_by json, held_by_text text);
comment on type api.retention_due is 'A record whose time is over';

create function api.retention_due_list(record data.retention_kind default null, school int default null,
	after bigint default null, max_rows int default null) returns setof api.retention_due
language sql stable rows 100
begin atomic
	select d.place, d.record, d.record_id, to_json(d.schools), array_to_string(d.schools, '; '), d.rule_id,
	       r.source, r.starts,
	       d.start_on, d.kept_until, d.what_then, d.held_by = '{}' and d.what_then = 'delete', to_json(d.held_by),
	       nullif(array_to_string(d.held_by, '; '), '')
	  from data.retention_due_seen(retention_due_list.record, school, after, max_rows) d
	       join data.retention_rule r using (rule_id) order by d.place;
end;
comment on function api.retention_due_list(data.retention_kind, int, bigint, int) is 'What would go, by which rule, and what is held';

-- Fails with DS404.
create type api.retention_why as (record data.retention_kind, record_id text, schools json, schools_text text, rule bigint,
	source text, starts data.retention_start, start_on date, kept_until date, what_then data.retention_then, held_by json,
	held_by_text text, disposal bigint, words text);
comment on type api.retention_why is 'Why a record is there';

create function api.retention_why(record text, id text) returns setof api.retention_why
language sql stable rows 1
begin atomic
	select d.kind, d.record_id, to_json(d.schools), array_to_string(d.schools, '; '), d.rule_id, r.source, r.starts,
	       d.start_on,
	       d.kept_until, d.what_then, to_json(d.held_by), nullif(array_to_string(d.held_by, '; '), ''), d.disposal,
	       case when d.kind::text <> retention_why.record then format('It goes with %s %s. ',
	            replace(d.kind::text, '_', ' '),
	            d.record_id) else '' end
	       || api.retention_words(d.kept_until, d.what_then, d.held_by, d.rule_id, d.disposal)
	  from data.retention_why_seen(retention_why.record, retention_why.id) d
	       left join data.retention_rule r using (rule_id);
end;
comment on function api.retention_why(text, text) is 'Why a record is there: its rule, its time, what holds it';
