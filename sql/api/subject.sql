-- Subject access: a request, what was gathered for it, what is withheld, and its steps.

create view api.subject_request with (security_invoker = true) as
select r.request_id as id, r.subject, r.subject_id, to_json(r.schools) as schools,
       array_to_string(r.schools, '; ') as schools_text, r.state, r.received_on,
       data.subject_due(r.received_on, case when r.extended_on is null then 1 else 3 end) as due_on,
       r.requester, r.note, r.by_staff_id as "by", r.extended_on, r.extended_by, r.extended_why, r.reviewed_at,
       r.reviewed_by, r.released_at, r.released_by, r.withdrawn_at, r.withdrawn_by, r.withdrawn_why, r.version,
       r.created_at, r.updated_at
  from data.subject_request r;
comment on view api.subject_request is 'Requests for subject access as the API shows them';

create function api.subject_list(subject data.subject_kind default null, state data.subject_state default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
	returns setof api.subject_request
language sql stable
begin atomic
	select r.* from api.subject_request r
	 where (subject_list.subject is null or r.subject = subject_list.subject)
	   and (subject_list.state is null or r.state = subject_list.state)
	   and (subject_list.updated_after is null or r.updated_at > subject_list.updated_after)
	   and (after is null or r.id > after)
	 order by r.id limit max_rows;
end;
comment on function api.subject_list(data.subject_kind, data.subject_state, timestamptz, bigint, int)
	is 'Requests for subject access, by id';

create function api.subject_read(request bigint) returns setof api.subject_request
language sql stable
begin atomic
	select r.* from api.subject_request r where r.id = request;
end;
comment on function api.subject_read(bigint) is 'One request for subject access';

-- body: {subject, id, received_on, requester, by, note}.  Gathers and freezes
-- everything.  Fails with DS409 when another school's records belong to it; DS422.
create function api.subject_make(body jsonb) returns setof api.subject_request
language plpgsql volatile
as $$
declare
	who  bigint := (body ->> 'id')::bigint;
	made bigint;
begin
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'by') as p
		union all select api.day_problems(body, 'received_on')
		union all select jsonb_build_object('pointer', '/id', 'detail', 'is nobody of this kind whom this client sees')
		 where not case body ->> 'subject'
		       when 'pupil' then exists (select from data.pupil p where p.pupil_id = who)
		       when 'contact' then exists (select from data.contact c where c.contact_id = who)
		       else exists (select from data.staff s where s.staff_id = who) end) as found));
	perform data.retention_lock(true); -- nothing of it is disposed of meanwhile
	made := data.subject_gather(body);
	return query select r.* from api.subject_request r where r.id = made;
end;
$$;
comment on function api.subject_make(jsonb) is 'Takes on a request for subject access, and freezes everything that is held';

-- A request, locked, in one of these states.  Fails with DS404, DS409.
create function api.subject_locked(request bigint, wanted data.subject_state[], step text) returns data.subject_request
language plpgsql volatile
as $$
declare
	its data.subject_request;
begin
	select r.* into its from data.subject_request r where r.request_id = request for no key update;
	if not found then
		raise exception 'There is no such request.' using errcode = 'DS404';
	elsif its.state <> all (wanted) then
		raise exception 'The request is %: it cannot be % now.', its.state, step using errcode = 'DS409';
	end if;
	return its;
end;
$$;
comment on function api.subject_locked(bigint, data.subject_state[], text) is 'A request in one of some states, locked';

-- Who reviews, releases or fetches a package may read all of it: DS430 otherwise.
create function api.subject_whole(request bigint) returns void
language plpgsql stable
as $$
declare
	missing text[] := data.subject_scopes_missing(request);
begin
	if cardinality(missing) > 0 then
		raise exception 'What was gathered needs scopes that the token lacks: %.', array_to_string(missing, ', ')
			using errcode = 'DS430';
	end if;
end;
$$;
comment on function api.subject_whole(bigint) is 'Fails with DS430 when items need a scope that the token lacks';

-- body: {by, reason}.  While the month runs.  Fails with DS404, DS409, DS422.
create function api.subject_extend(request bigint, body jsonb) returns setof api.subject_request
language plpgsql volatile
as $$
declare
	its data.subject_request := api.subject_locked(request, '{gathered,reviewed}', 'extended');
begin
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	if its.extended_on is not null or data.day_of(now()) > data.subject_due(its.received_on, 1) then
		raise exception 'The time is extended once, within the month.' using errcode = 'DS409';
	end if;
	update data.subject_request r
	   set extended_on = data.day_of(now()), extended_by = (body ->> 'by')::bigint, extended_why = body ->> 'reason'
	 where r.request_id = request;
	return query select r.* from api.subject_request r where r.id = request;
end;
$$;
comment on function api.subject_extend(bigint, jsonb) is 'Extends the time of a request by two months';

-- body: {by}.  Fails with DS404, DS409, DS422, DS430.
create function api.subject_review(request bigint, body jsonb) returns setof api.subject_request
language plpgsql volatile
as $$
begin
	perform api.subject_locked(request, '{gathered}', 'reviewed');
	perform api.subject_whole(request);
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	update data.subject_request r set reviewed_at = clock_timestamp(), reviewed_by = (body ->> 'by')::bigint
	 where r.request_id = request;
	return query select r.* from api.subject_request r where r.id = request;
end;
$$;
comment on function api.subject_review(bigint, jsonb) is 'Finishes the review of a request';

-- body: {by}.  Fails with DS404, DS409, DS422.
create function api.subject_reopen(request bigint, body jsonb) returns setof api.subject_request
language plpgsql volatile
as $$
begin
	perform api.subject_locked(request, '{reviewed}', 'taken up anew');
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	update data.subject_request r set reviewed_at = null, reviewed_by = null where r.request_id = request;
	return query select r.* from api.subject_request r where r.id = request;
end;
$$;
comment on function api.subject_reopen(bigint, jsonb) is 'Takes the review of a request up anew';

-- body: {by}.  Fails with DS404, DS409, DS422, DS430.
create function api.subject_release(request bigint, body jsonb) returns setof api.subject_request
language plpgsql volatile
as $$
begin
	perform api.subject_locked(request, '{reviewed}', 'released');
	perform api.subject_whole(request);
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	update data.subject_request r set released_at = clock_timestamp(), released_by = (body ->> 'by')::bigint
	 where r.request_id = request;
	return query select r.* from api.subject_request r where r.id = request;
end;
$$;
comment on function api.subject_release(bigint, jsonb) is 'Records that a package went out';

-- body: {by, reason}.  Fails with DS404, DS409, DS422.
create function api.subject_withdraw(request bigint, body jsonb) returns setof api.subject_request
language plpgsql volatile
as $$
begin
	perform api.subject_locked(request, '{gathered,reviewed}', 'withdrawn');
	perform auth.in_own_name((body ->> 'by')::bigint);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	update data.subject_request r
	   set withdrawn_at = clock_timestamp(), withdrawn_by = (body ->> 'by')::bigint, withdrawn_why = body ->> 'reason'
	 where r.request_id = request;
	return query select r.* from api.subject_request r where r.id = request;
end;
$$;
comment on function api.subject_withdraw(bigint, jsonb) is 'Withdraws a request for subject access';

create function api.subject_is_known(request bigint) returns void
language plpgsql stable
as $$
begin
	if not exists (select from data.subject_request r where r.request_id = request) then
		raise exception 'There is no such request.' using errcode = 'DS404';
	end if;
end;
$$;
comment on function api.subject_is_known(bigint) is 'Fails with DS404 when there is no such request';

-- mentions: other people whom the client sees and whose given and family name
-- stand in it, to help the reviewer; nothing is withheld by it.
create function api.subject_item_list(request bigint, after int default null, max_rows int default null)
returns table (id int, kind text, record text, school_urn int, at timestamptz, fields json, text text, mentions text)
language plpgsql stable rows 100
as $$
begin
	perform api.subject_is_known(request);
	return query
	with page as materialized (
		select i.* from data.subject_item i
		 where i.request_id = request and (after is null or i.item_no > after) order by i.item_no limit max_rows
	), word as materialized (
		select distinct p.item_no, w
		  from page p cross join lateral jsonb_array_elements(p.content) as f
		       cross join lateral regexp_split_to_table(data.words_bare(f ->> 'value'), '[^[:alnum:]''-]+') as w where w <> ''
	), person as (
		select x.given_name, x.family_name from data.pupil x, data.subject_request r
		 where r.request_id = request and not (r.subject = 'pupil' and r.subject_id = x.pupil_id)
		union select x.given_name, x.family_name from data.contact x, data.subject_request r
		 where r.request_id = request and not (r.subject = 'contact' and r.subject_id = x.contact_id)
		union select x.given_name, x.family_name from data.staff x, data.subject_request r
		 where r.request_id = request and not (r.subject = 'staff' and r.subject_id = x.staff_id)
	), named as (
		select g.item_no, string_agg(distinct n.given_name || ' ' || n.family_name, '; ') as people
		  from person n join word g on g.w = data.words_bare(n.given_name)
		       join word f on f.w = data.words_bare(n.family_name) and f.item_no = g.item_no
		 group by g.item_no
	)
	select p.item_no, p.kind, p.record, p.school_urn, p.at, p.content::json,
	       (select string_agg((f.said ->> 'field') || ': ' || (f.said ->> 'value'), E'\n' order by f.n)
	          from jsonb_array_elements(p.content) with ordinality as f (said, n)), n.people
	  from page p left join named n using (item_no) order by p.item_no;
end;
$$;
comment on function api.subject_item_list(bigint, int, int) is 'What was gathered for a request, by place';

create view api.redaction with (security_invoker = true) as
select r.redaction_id as id, r.request_id as request, r.item_no as item, r.field, r.words, r.reason,
       data.withheld_source(r.reason) as source, r.note, r.lifts,
       exists (select from data.redaction l where l.lifts = r.redaction_id) as lifted, r.by_staff_id as "by", r.at
  from data.redaction r;
comment on view api.redaction is 'Redactions as the API shows them';

create function api.redaction_list(request bigint, after bigint default null, max_rows int default null)
	returns setof api.redaction
language plpgsql stable
as $$
begin
	perform api.subject_is_known(request);
	return query select r.* from api.redaction r
	              where r.request = redaction_list.request and (after is null or r.id > after)
	              order by r.id limit max_rows;
end;
$$;
comment on function api.redaction_list(bigint, bigint, int) is 'The redactions of a request, by id';

-- What is wrong with a redaction of a request.
create function api.redaction_problems(request bigint, body jsonb) returns setof jsonb
language sql stable
begin atomic
	with said as (
		select i.item_no, f ->> 'field' as field, f ->> 'value' as value
		  from data.subject_item i cross join lateral jsonb_array_elements(i.content) as f
		 where i.request_id = request and i.item_no = coalesce((body ->> 'item')::int, i.item_no)
		   and f ->> 'field' = coalesce(body ->> 'field', f ->> 'field')
	)
	select api.staff_problems(body, 'by')
	union all select jsonb_build_object('pointer', '/lifts', 'detail', 'is no redaction of this request that stands')
	 where body ->> 'lifts' is not null and not exists (select from data.redactions_standing(request) r
	                                                    where r.redaction_id = (body ->> 'lifts')::bigint)
	union all select jsonb_build_object('pointer', '/lifts', 'detail', 'stands alone, without item, field, words, reason')
	 where body ->> 'lifts' is not null and jsonb_strip_nulls(body) ?| '{item,field,words,reason}'
	union all select jsonb_build_object('pointer', '/reason', 'detail', 'is required')
	 where body ->> 'lifts' is null and body ->> 'reason' is null
	union all select jsonb_build_object('pointer', '/item', 'detail', 'is required, unless there are words for all items')
	 where body ->> 'lifts' is null and body ->> 'item' is null
	   and (body ->> 'words' is null or body ->> 'field' is not null)
	union all select jsonb_build_object('pointer', '/item', 'detail', 'is no item that this client may read')
	 where body ->> 'item' is not null and not exists (select from data.subject_item i where i.request_id = request
	                                                   and i.item_no = (body ->> 'item')::int)
	union all select jsonb_build_object('pointer', '/field', 'detail', 'is no field of the item')
	 where body ->> 'field' is not null and not exists (select from said)
	union all select jsonb_build_object('pointer', '/words', 'detail', 'stand nowhere there')
	 where body ->> 'words' is not null and not exists (select from said s
	           where data.words_plain(s.value) ~* data.words_pattern(body ->> 'words'));
end;
comment on function api.redaction_problems(bigint, jsonb) is 'What is wrong with a redaction of a request';

-- body: {item, field, words, reason, note, by, lifts}.  Fails with DS404, DS409, DS422; with
-- DS430 when words are for all items, of which the client may not read some.
create function api.redaction_add(request bigint, body jsonb) returns setof api.redaction
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.subject_locked(request, '{gathered}', 'redacted');
	if body ->> 'item' is null and body ->> 'words' is not null then
		perform api.subject_whole(request);
	end if;
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.redaction_problems(request, body) as p));
	insert into data.redaction (request_id, item_no, field, words, reason, note, lifts, by_staff_id, client_id)
	values (request, (body ->> 'item')::int, body ->> 'field', body ->> 'words',
	        (body ->> 'reason')::data.withheld_reason, body ->> 'note', (body ->> 'lifts')::bigint,
	        (body ->> 'by')::bigint, auth.client_id())
	returning redaction_id into made;
	return query select r.* from api.redaction r where r.id = made;
end;
$$;
comment on function api.redaction_add(bigint, jsonb) is 'Marks what is withheld from a package, or lifts that';
