-- The trail for the program audit, which reads it by these functions alone: of the
-- schools that the client sees.  A client that sees every school reads every entry.
-- What an entry says is told with the scopes alone that open its table; and what is
-- told by a pupil or one of the staff is told to a school of theirs.

-- Whether there may be entries for these filters: of a person whom no school of the client
-- knows there are none.  Fails with DS400 for a number of no kind.
create or replace function audit.filters_fit(record text, id bigint, pupil bigint, staff bigint) returns boolean
language plpgsql stable
as $$
begin
	if id is not null and record is null then
		raise exception 'A number is one of a kind of record.' using errcode = 'DS400', detail = jsonb_build_array(
			jsonb_build_object('pointer', '/record', 'detail', 'is required with a number'))::text;
	end if;
	return auth.has_scope('audit:read')
		and (pupil is null or exists (select from data.enrolment e where e.pupil_id = pupil
		                                 and e.school_urn = any (auth.schools())))
		and (staff is null or exists (select from data.post p where p.staff_id = staff
		                                 and p.school_urn = any (auth.schools())));
end;
$$;
comment on function audit.filters_fit(text, bigint, bigint, bigint) is 'Whether there may be entries of the trail for these filters';

create or replace function audit.entry_list(record text default null, id bigint default null, "table" text default null,
	pupil bigint default null, staff bigint default null, client text default null, kind text default null,
	since text default null, until text default null, after bigint default null, max_rows int default null)
returns table (entry_id bigint, at timestamptz, client_id text, request_id text, db_role text, action text,
	table_name text, key text, school_urn int, state text, was text, is_now text, leaf bigint)
language plpgsql stable rows 1000 security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	all_schools boolean := auth.sees_all_schools();
	schools     int[] := auth.schools();
	opened      text[] := audit.opened();
	its         record;
begin
	if not audit.filters_fit(record, entry_list.id, pupil, staff) then
		return;
	end if;
	select k.record, k.key into its from audit.kinds() k where k.kind = entry_list.record;
	return query
	select e.entry_id, e.at, e.client_id, e.request_id, e.db_role, e.action, e.record, e.key::text, e.school_urn,
	       s.state, case s.state when 'present' then e.before::text end,
	       case s.state when 'present' then e.after::text end,
	       (select l.leaf_index from audit.leaf l where l.entry_id = e.entry_id)
	  from audit.entry e
	       cross join lateral (select case when e.salt is null then 'erased' when e.record = any (opened) then 'present'
	                                  else 'withheld' end as state) as s
	 where (all_schools or audit.is_of(e, schools))
	   and (entry_list.record is null or e.record = its.record)
	   and (entry_list.id is null or e.key = jsonb_build_object(its.key, entry_list.id))
	   and ("table" is null or e.record = "table")
	   and (pupil is null or (e.record, e.key) in (select r.record, r.key from audit.rows_of_pupil(pupil) r)
	        and (e.record <> 'data.register_week' or coalesce(e.after, e.before) ? pupil::text))
	   and (staff is null or (e.record, e.key) in (select r.record, r.key from audit.rows_of_staff(staff) r))
	   and (entry_list.client is null or e.client_id = entry_list.client)
	   and (kind is null or e.action = kind)
	   and (since is null or e.at >= data.moment_first(since))
	   and (until is null or e.at < data.moment_end(until))
	   and (entry_list.after is null or e.entry_id > entry_list.after)
	 order by e.entry_id limit max_rows;
end;
$$;
comment on function audit.entry_list(text, bigint, text, bigint, bigint, text, text, text, text, bigint, int)
	is 'Entries on changes, by number; since and until are days or times, both included';

-- The segment of a path under which records of a kind stand.
create or replace function audit.segment_of(kind text) returns text
language sql immutable
return case kind when 'visit_record' then 'records' when 'notice_to_improve' then 'notices-to-improve'
	else replace(kind, '_', '-') || 's' end;
comment on function audit.segment_of(text) is 'The segment of a path under which records of a kind stand';

create or replace function audit.access_list(record text default null, id bigint default null,
	pupil bigint default null, staff bigint default null, client text default null, kind text default null,
	since text default null, until text default null, after bigint default null, max_rows int default null)
returns table (access_id bigint, at timestamptz, client_id text, request_id text, resource text, state text,
	filters text, format text, row_count bigint, leaf bigint)
language plpgsql stable rows 1000 security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	all_schools boolean := auth.sees_all_schools();
	schools     int[] := auth.schools();
	segment     text := audit.segment_of(access_list.record);
	paths       text[];
begin
	if not audit.filters_fit(record, access_list.id, pupil, staff) then
		return;
	end if;
	paths := case when pupil is not null then array(select p from audit.paths_of(pupil) as p) end;
	return query
	select a.access_id, a.at, a.client_id, a.request_id, a.resource,
	       case when a.salt is null then 'erased' else 'present' end, a.filters::text, a.format, a.row_count,
	       (select l.leaf_index from audit.leaf l where l.access_id = a.access_id)
	  from audit.access a
	 where (all_schools or audit.access_is_of(a, schools))
	   and (segment is null or a.resource ~ ('/' || segment || '(?:[/.]|$)'))
	   and (access_list.id is null or audit.path_named(a.resource, a.filters)
	                                  = '/api/v1/' || segment || '/' || access_list.id)
	   and (pupil is null or audit.path_named(a.resource, a.filters) = any (paths)
	        or a.filters ->> 'pupil' = pupil::text)
	   and (staff is null or audit.path_named(a.resource, a.filters) = '/api/v1/staff/' || staff
	        or a.filters ->> 'staff' = staff::text)
	   and (access_list.client is null or a.client_id = access_list.client)
	   and (kind is null or a.format = kind)
	   and (since is null or a.at >= data.moment_first(since))
	   and (until is null or a.at < data.moment_end(until))
	   and (after is null or a.access_id > after)
	 order by a.access_id limit max_rows;
end;
$$;
comment on function audit.access_list(text, bigint, bigint, bigint, text, text, text, text, bigint, int)
	is 'Entries on what was read, by number; since and until are days or times, both included';

-- Every leaf, with what is hashed for it, as far as the client may read that: what
-- doorstep-verify(1) checks.  A leaf whose entry the client may not read at all comes
-- alone; one whose entry is gone says so.
create or replace function audit.proof("from" bigint default null, until bigint default null, after bigint default null,
	max_rows int default null)
returns table (leaf bigint, hash text, state text, kind text, id bigint, at text, xid text, client_id text,
	request_id text, db_role text, action text, table_name text, key text, school_urn int, resource text, format text,
	row_count bigint, commitment text, salt text, was text, is_now text, filters text)
language plpgsql stable rows 1000 security definer set search_path = pg_catalog set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	all_schools boolean := auth.sees_all_schools();
	schools     int[] := auth.schools();
	opened      text[] := audit.opened();
begin
	if not auth.has_scope('audit:read') then
		return;
	end if;
	return query
	select l.leaf_index, encode(l.hash, 'hex'), s.state, case when s.seen then case when l.entry_id is null then 'access'
	       else 'entry' end end,
	       case when s.seen then coalesce(l.entry_id, l.access_id) end,
	       case when s.seen then audit.stamp(coalesce(e.at, a.at)) end,
	       case when s.seen then coalesce(e.xid, a.xid)::text end,
	       case when s.seen then coalesce(e.client_id, a.client_id) end,
	       case when s.seen then coalesce(e.request_id, a.request_id) end,
	       case when s.seen then e.db_role end, case when s.seen then e.action end, case when s.seen then e.record end,
	       case when s.seen then e.key::text end, case when s.seen then e.school_urn end,
	       case when s.seen then a.resource end, case when s.seen then a.format end, case when s.seen then a.row_count end,
	       case when s.seen then encode(coalesce(e.commitment, a.commitment), 'hex') end,
	       case s.state when 'present' then encode(coalesce(e.salt, a.salt), 'hex') end,
	       case s.state when 'present' then e.before::text end, case s.state when 'present' then e.after::text end,
	       case s.state when 'present' then a.filters::text end
	  from audit.leaf l
	       left join audit.entry e on e.entry_id = l.entry_id
	       left join audit.access a on a.access_id = l.access_id
	       cross join lateral (select coalesce(e.entry_id, a.access_id) is null as gone, case when all_schools then true
	           when l.entry_id is not null then audit.is_of(e, schools)
	           else audit.access_is_of(a, schools) end as seen) as f
	       cross join lateral (select f.seen and not f.gone as seen, case when f.gone then 'removed'
	           when f.seen and coalesce(e.salt, a.salt) is null then 'erased'
	           when f.seen and (a.access_id is not null or e.record = any (opened)) then 'present'
	           else 'withheld' end as state) as s
	 where ("from" is null or l.leaf_index >= "from")
	   and (until is null or l.leaf_index <= until)
	   and (proof.after is null or l.leaf_index > proof.after)
	 order by l.leaf_index limit max_rows;
end;
$$;
comment on function audit.proof(bigint, bigint, bigint, int) is 'The leaves of the trail, with what they are made of, by place';
