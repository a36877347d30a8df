-- Disposals: asked for by one person, decided by another, carried out part by part.  One
-- that is done is the certificate of what went.

create view api.disposal with (security_invoker = true) as
select d.disposal_id as id, d.state, to_json(d.schools) as schools, array_to_string(d.schools, '; ') as schools_text,
       d.reason, d.by_staff_id as "by", d.requested_at, d.decided_by, d.decided_at, d.refused_why, d.withdrawn_by,
       d.withdrawn_at, d.withdrawn_why, n.records, n.waiting,
       n.disposed, n.kept, d.counts::json as rows, (select string_agg(c.key || ': ' || c.value, '; ' order by c.key)
                                                    from jsonb_each_text(d.counts) c) as rows_text,
       d.erased, d.done_at
  from data.disposal d
       cross join lateral (
           select count(*) as records, count(*) filter (where i.state = 'waiting') as waiting,
                  count(*) filter (where i.state = 'disposed') as disposed,
                  count(*) filter (where i.state = 'kept') as kept
             from data.disposal_item i where i.disposal_id = d.disposal_id) as n;
comment on view api.disposal is 'Disposals and their certificates as the API shows them';

create function api.disposal_list(state data.disposal_state default null, after bigint default null,
	max_rows int default null) returns setof api.disposal
language sql stable
begin atomic
	select d.* from api.disposal d
	 where (disposal_list.state is null or d.state = disposal_list.state) and (after is null or d.id > after)
	 order by d.id limit max_rows;
end;
comment on function api.disposal_list(data.disposal_state, bigint, int) is 'Disposals, by id';

create function api.disposal_read(disposal bigint) returns setof api.disposal
language sql stable
begin atomic
	select d.* from api.disposal d where d.id = disposal;
end;
comment on function api.disposal_read(bigint) is 'One disposal';

-- Fails with DS404.
create function api.disposal_item_list(disposal bigint, after int default null, max_rows int default null)
returns table (id int, record data.retention_kind, record_id text, state data.disposal_item_state, schools json,
	schools_text text, rule bigint, source text, starts data.retention_start, months int, kept_until date,
	kept_why text, ended_at timestamptz)
language plpgsql stable rows 100
as $$
begin
	if not exists (select from data.disposal d where d.disposal_id = disposal) then
		raise exception 'There is no such disposal.' using errcode = 'DS404';
	end if;
	return query
	select i.position, i.kind, i.record_id, i.state, to_json(i.schools), array_to_string(i.schools, '; '),
	       i.rule_id, r.source,
	       r.starts, r.months, i.kept_until, i.kept_why, i.ended_at
	  from data.disposal_item i join data.retention_rule r using (rule_id)
	 where i.disposal_id = disposal and (after is null or i.position > after) order by i.position limit max_rows;
end;
$$;
comment on function api.disposal_item_list(bigint, int, int) is 'The records of a disposal';

-- Which of the records that a body names may not go, and why.
create function api.disposal_problems(body jsonb) returns setof jsonb
language sql stable
begin atomic
	select api.staff_problems(body, 'by')
	union all select jsonb_build_object('pointer', '/record', 'detail',
		'or records: one of them is required, and not both')
	 where (body ->> 'record' is null) = (jsonb_strip_nulls(body) -> 'records' is null)
	union all select jsonb_build_object('pointer', '/school', 'detail', 'is of a whole kind of records')
	 where body ->> 'record' is null and jsonb_strip_nulls(body) ?| '{school,most}'
	union all
	select jsonb_build_object('pointer', '/records/' || w.n - 1, 'detail',
	       case when not y.schools <@ auth.schools() or y.kind is null or y.kind::text <> w.said ->> 'record'
	            then 'is no record of its own of which this client sees all schools'
	            when y.disposal is not null then 'has gone already'
	            when i.disposal_id is not null then format('waits in disposal %s', i.disposal_id)
	            else api.retention_words(y.kept_until, y.what_then, y.held_by, y.rule_id, null) end)
	  from jsonb_array_elements(coalesce(nullif(body -> 'records', 'null'), '[]')) with ordinality as w (said, n)
	       left join lateral data.retention_why_seen(w.said ->> 'record', w.said ->> 'id') y on true
	       left join data.disposal_item i on i.kind = y.kind and i.record_id = y.record_id and i.state = 'waiting'
	 where not coalesce(y.kind::text = w.said ->> 'record' and y.schools <@ auth.schools() and y.disposal is null
	                    and i.disposal_id is null and y.held_by = '{}' and y.kept_until < data.day_of(now()), false);
end;
comment on function api.disposal_problems(jsonb) is 'What is wrong with a request for disposal';

-- body: {record, school, most, records: [{record, id}], reason, by}.  Fails with DS409 when
-- nothing may go, DS422.
create function api.disposal_ask(body jsonb) returns setof api.disposal
language plpgsql volatile
as $$
declare
	made bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.disposal_problems(body) as p));
	made := data.disposal_ask(jsonb_build_object('most', 500) || jsonb_strip_nulls(body));
	if made is null then
		raise exception 'Nothing of this may go now: see what is due.' using errcode = 'DS409';
	end if;
	return query select d.* from api.disposal d where d.id = made;
end;
$$;
comment on function api.disposal_ask(jsonb) is 'Asks for a disposal';

-- body: {by}.  Fails with DS404, DS409, DS422.
create function api.disposal_approve(disposal bigint, body jsonb) returns setof api.disposal
language plpgsql volatile
as $$
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	perform data.disposal_decide(disposal, (body ->> 'by')::bigint, null);
	return query select d.* from api.disposal d where d.id = disposal;
end;
$$;
comment on function api.disposal_approve(bigint, jsonb) is 'Approves a disposal';

-- body: {by, reason}.  Fails with DS404, DS409, DS422.
create function api.disposal_refuse(disposal bigint, body jsonb) returns setof api.disposal
language plpgsql volatile
as $$
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	perform data.disposal_decide(disposal, (body ->> 'by')::bigint, body ->> 'reason');
	return query select d.* from api.disposal d where d.id = disposal;
end;
$$;
comment on function api.disposal_refuse(bigint, jsonb) is 'Refuses a disposal';

-- body: {by, reason}.  Fails with DS404, DS409, DS422.
create function api.disposal_withdraw(disposal bigint, body jsonb) returns setof api.disposal
language plpgsql volatile
as $$
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	perform data.disposal_withdraw(disposal, (body ->> 'by')::bigint, body ->> 'reason');
	return query select d.* from api.disposal d where d.id = disposal;
end;
$$;
comment on function api.disposal_withdraw(bigint, jsonb) is 'Withdraws a disposal';

-- body: {most}.  Fails with DS404, DS409.
create function api.disposal_execute(disposal bigint, body jsonb) returns setof api.disposal
language plpgsql volatile
as $$
begin
	perform data.disposal_run(disposal, coalesce((body ->> 'most')::int, 200));
	return query select d.* from api.disposal d where d.id = disposal;
end;
$$;
comment on function api.disposal_execute(bigint, jsonb) is 'Carries out the next part of an approved disposal';
