-- Asking for a disposal, deciding on it, doing it.  Definers, for a record goes with all
-- that hangs on it, whatever of that the client may read; which schools it must see is
-- looked at here.

-- Holds are placed, and records go, one after another; not while somebody gathers what
-- is held about a person (together).
create or replace function data.retention_lock(together boolean default false) returns void
language plpgsql volatile
as $$
begin
	if together then
		perform pg_advisory_xact_lock_shared(hashtextextended('doorstep retention', 0));
	else
		perform pg_advisory_xact_lock(hashtextextended('doorstep retention', 0));
	end if;
end;
$$;
comment on function data.retention_lock(boolean) is 'Waits for whoever places a hold or disposes of records';

-- By a client that sees a school of what is held; lifted is it by one that sees all of them.
create or replace function data.hold_place(body jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	id    bigint := (body ->> 'id')::bigint;
	its   int[];
	made  bigint;
begin
	perform auth.in_own_name((body ->> 'by')::bigint), data.retention_lock();
	if body ->> 'subject' = 'school' then
		its := array(select s.urn from data.school s where s.urn = id);
	else
		its := (select w.schools from data.retention_weighed((body ->> 'subject')::data.retention_kind, data.day_of(now()),
		        array[id::text]) w where data.retention_opens((body ->> 'subject')::data.retention_kind));
	end if;
	if not coalesce(auth.has_scope('retention:write') and its && auth.schools(), false) then
		return null;
	end if;
	insert into data.legal_hold (subject, subject_id, schools, reason, until_on, by_staff_id, client_id)
	values ((body ->> 'subject')::data.hold_subject, id, its, body ->> 'reason', (body ->> 'until_on')::date,
	        (body ->> 'by')::bigint, auth.client_id())
	returning hold_id into made;
	return made;
end;
$$;
comment on function data.hold_place(jsonb) is 'Places a legal hold; null when the client does not see what is to be held';

-- What may go now of a kind, or of those among ids; in the order of their numbers.
create or replace function data.disposal_candidates(kind data.retention_kind, school int, ids text[], most int)
returns table (record_id text, schools int[], rule_id bigint, kept_until date)
language plpgsql volatile rows 100
as $$
declare
	page  record;
	last  bigint;
	found int := 0;
	seen  int;
begin
	loop
		seen := 0;
		for page in select w.* from data.retention_weighed(kind, data.day_of(now()), ids, auth.schools(), school, true, last,
		                    500) w loop
			seen := seen + 1;
			last := page.record_no;
			continue when page.held_by <> '{}' or ids is null and page.what_then = 'review'
				or exists (select from data.disposal_item i where i.kind = disposal_candidates.kind
				              and i.record_id = page.record_id and i.state = 'waiting');
			exit when found = most;
			found := found + 1;
			record_id := page.record_id;
			schools := page.schools;
			rule_id := page.rule_id;
			kept_until := case when (select r.starts from data.retention_rule r where r.rule_id = page.rule_id) <> 'born'
				then page.kept_until end;
			return next;
		end loop;
		exit when seen < 500 or found = most;
	end loop;
end;
$$;
comment on function data.disposal_candidates(data.retention_kind, int, text[], int) is 'What may go now of a kind';

-- body: {record, school, most} for all of a kind that may go, but what is to be reviewed;
-- or {records: [{record, id}]}; {reason, by}.  Answers null when nothing may go; of
-- records that are named, only when all may.
create or replace function data.disposal_ask(body jsonb) returns bigint
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	wanted data.disposal_item[] := '{}';
	part   record;
	made   bigint;
begin
	if not auth.has_scope('retention:write') then
		return null;
	end if;
	perform auth.in_own_name((body ->> 'by')::bigint), data.retention_lock();
	for part in select (w.said ->> 'record')::data.retention_kind as kind, array_agg(distinct w.said ->> 'id') as ids
	              from jsonb_array_elements(coalesce(nullif(body -> 'records', 'null'), '[]')) as w (said) group by 1
	            union all select (body ->> 'record')::data.retention_kind, null where body ->> 'record' is not null
	            order by 1 loop
		wanted := wanted || array(select row(0, 0, part.kind, c.record_id, c.schools, c.rule_id, c.kept_until,
				part.ids is not null, 'waiting', null, null)::data.disposal_item
			from data.disposal_candidates(part.kind, (body ->> 'school')::int, part.ids, (body ->> 'most')::int) c
			where data.retention_opens(part.kind));
	end loop;
	if cardinality(wanted) = 0 or body ->> 'record' is null and cardinality(wanted) <> (select count(distinct x)
	       from jsonb_array_elements(body -> 'records') x) then
		return null;
	end if;
	insert into data.disposal (schools, reason, by_staff_id, client_id)
	select array_agg(distinct s order by s), body ->> 'reason', (body ->> 'by')::bigint, auth.client_id()
	  from unnest(wanted) as w cross join lateral unnest(w.schools) as s
	returning disposal_id into made;
	insert into data.disposal_item (disposal_id, position, kind, record_id, schools, rule_id, kept_until, named)
	select made, row_number() over (order by w.kind, w.record_id), w.kind, w.record_id, w.schools, w.rule_id,
	       w.kept_until, w.named from unnest(wanted) as w;
	return made;
end;
$$;
comment on function data.disposal_ask(jsonb) is 'Asks for a disposal; null when what is named may not all go, or nothing may';

-- A disposal in one of these states, locked, of which the client sees all and has the scope
-- for the step.  Fails with DS404, DS409, DS430.
create or replace function data.disposal_locked(disposal bigint, wanted data.disposal_state[], step text,
	scope text default 'retention:write') returns data.disposal
language plpgsql volatile
as $$
declare
	its data.disposal;
begin
	perform data.retention_lock();
	select d.* into its from data.disposal d where d.disposal_id = disposal and d.schools <@ auth.schools()
	   and auth.has_scope(scope) and auth.has_scope('retention:read', 'retention:write') for no key update;
	if not found then
		raise exception 'There is no such disposal.' using errcode = 'DS404';
	elsif its.state <> all (wanted) then
		raise exception 'The disposal is %: it cannot be % now.', its.state, step using errcode = 'DS409';
	elsif exists (select from (select distinct i.kind from data.disposal_item i where i.disposal_id = disposal offset 0) k
	           where not data.retention_opens(k.kind)) then
		raise exception 'The token lacks a scope that its records take.' using errcode = 'DS430';
	end if;
	return its;
end;
$$;
comment on function data.disposal_locked(bigint, data.disposal_state[], text, text) is 'A disposal in one of some states, locked';

-- By another person than asked for it; why: null approves.  Fails with DS404, DS409, DS422.
create or replace function data.disposal_decide(disposal bigint, staff bigint, why text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its data.disposal := data.disposal_locked(disposal, '{requested}', case when why is null then 'approved'
		else 'refused' end, 'disposals:write');
begin
	perform auth.in_own_name(staff);
	if its.by_staff_id = staff then
		raise exception 'Some of what was sent does not fit the records.' using errcode = 'DS422',
			detail = '[{"pointer": "/by", "detail": "asked for it: another person decides"}]';
	end if;
	update data.disposal d set decided_at = clock_timestamp(), decided_by = staff, refused_why = why
	 where d.disposal_id = disposal;
	update data.disposal_item i set state = 'kept', kept_why = 'The disposal was refused.', ended_at = clock_timestamp()
	 where i.disposal_id = disposal and why is not null;
end;
$$;
comment on function data.disposal_decide(bigint, bigint, text) is 'Approves or refuses a disposal';

-- What has not gone yet is kept.  By whoever may ask for one.  Fails with DS404, DS409, DS430.
create or replace function data.disposal_withdraw(disposal bigint, staff bigint, why text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform data.disposal_locked(disposal, '{requested,approved}', 'withdrawn'), auth.in_own_name(staff);
	update data.disposal d set withdrawn_at = clock_timestamp(), withdrawn_by = staff, withdrawn_why = why
	 where d.disposal_id = disposal;
	update data.disposal_item i set state = 'kept', kept_why = 'The disposal was withdrawn.', ended_at = clock_timestamp()
	 where i.disposal_id = disposal and i.state = 'waiting';
end;
$$;
comment on function data.disposal_withdraw(bigint, bigint, text) is 'Withdraws a disposal: what has not gone is kept';

-- Of these records of a kind, those that may not go any more are kept.
create or replace function data.disposal_keep(disposal bigint, kind data.retention_kind, ids text[]) returns void
language sql volatile
begin atomic
	update data.disposal_item i
	   set state = 'kept', ended_at = clock_timestamp(),
	       kept_why = case when w.held_by <> '{}' then 'It is held.'
	                       when w.kept_until >= data.day_of(now()) then 'Its time is not over.'
	                       when w.what_then = 'review' and not i.named then 'A person is to look at it.'
	                       else 'It is not there, or its time has begun anew.' end
	  from unnest(ids) as x (id) left join data.retention_weighed(disposal_keep.kind, data.day_of(now()), ids) w
	       on w.record_id = x.id
	 where i.disposal_id = disposal and i.kind = disposal_keep.kind and i.record_id = x.id
	   and (w.record_id is null or w.held_by <> '{}' or w.kept_until is null or w.kept_until >= data.day_of(now())
	        or w.what_then = 'review' and not i.named or not w.schools <@ auth.schools());
end;
comment on function data.disposal_keep(bigint, data.retention_kind, text[]) is 'Keeps those records that may not go any more';

-- These records of a kind go together; where something stands on them that nobody knew
-- of, one by one, and the ones that it stands on are kept.
create or replace function data.disposal_take(disposal bigint, kind data.retention_kind, ids text[]) returns void
language plpgsql volatile
as $$
declare
	did record;
	one text;
begin
	update data.disposal_item i set state = 'disposed', ended_at = clock_timestamp()
	 where i.disposal_id = disposal and i.kind = disposal_take.kind and i.record_id = any (ids);
	select t.* into did from data.retention_take_out(kind, ids, format('Disposal %s', disposal)) t;
	update data.disposal d
	   set erased = d.erased + did.erased,
	       counts = d.counts || (select coalesce(jsonb_object_agg(c.key,
	                             c.value::bigint + coalesce((d.counts ->> c.key)::bigint, 0)),
	                                             '{}') from jsonb_each_text(did.counts) c)
	 where d.disposal_id = disposal;
exception when foreign_key_violation then
	if cardinality(ids) = 1 then
		update data.disposal_item i set state = 'kept', ended_at = clock_timestamp(), kept_why = 'Something stands on it.'
		 where i.disposal_id = disposal and i.kind = disposal_take.kind and i.record_id = any (ids);
		return;
	end if;
	foreach one in array ids loop
		perform data.disposal_take(disposal, kind, array[one]);
	end loop;
end;
$$;
comment on function data.disposal_take(bigint, data.retention_kind, text[]) is 'Disposes of records of a kind';

-- The next records of an approved disposal, most at a time, and no more than two seconds
-- have for: a batch that a deadline cut off would have done nothing.  Fails with DS404, DS409, DS430.
create or replace function data.disposal_run(disposal bigint, most int) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	its  data.disposal := data.disposal_locked(disposal, '{approved}', 'carried out');
	part record;
	ends timestamptz := clock_timestamp() + interval '2 seconds';
	done int := 0;
begin
	update data.disposal d set run_in = pg_current_xact_id() where d.disposal_id = disposal;
	while done < most and clock_timestamp() < ends loop
		select n.kind, array_agg(n.record_id order by n.position) as ids, count(*) as records into part
		  from (select i.*, first_value(i.kind) over (order by i.position) as first from data.disposal_item i
		         where i.disposal_id = disposal and i.state = 'waiting'
		         order by i.position limit least(most - done, 25)) as n where n.kind = n.first group by n.kind;
		exit when not found;
		done := done + part.records;
		perform data.disposal_keep(disposal, part.kind, part.ids);
		part.ids := array(select i.record_id from data.disposal_item i where i.disposal_id = disposal_run.disposal
			and i.kind = part.kind and i.record_id = any (part.ids) and i.state = 'waiting' order by i.position);
		if part.ids <> '{}' then
			perform data.disposal_take(disposal, part.kind, part.ids);
		end if;
	end loop;
	perform data.copies_forget(its.schools);
	update data.disposal d set run_in = null, done_at = case when not exists (select from data.disposal_item i
		where i.disposal_id = disposal and i.state = 'waiting') then clock_timestamp() end
	 where d.disposal_id = disposal;
end;
$$;
comment on function data.disposal_run(bigint, int) is 'Carries out the next part of an approved disposal';
