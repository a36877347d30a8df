-- Notes each change of a record that others keep a copy of, in the transaction
-- of the change, so that neither can be without the other.
--
-- Transactions end in another order than they begin in, so neither the time
-- nor a sequence tells a reader how far it may go: a row with a lower number
-- may appear behind it.  So a row has a position, which is not before its own
-- transaction; once every transaction up to a position has ended, what stands
-- up to there is final (data.change_head).  And it is not before any that had
-- ended when it was written either, so that what came of another change, of
-- the same record or not, comes after it.

-- Where transaction numbers have this meaning: this cluster, on its timeline,
-- this database, which may be a copy of another, and this table, which a
-- restored dump makes anew.
create or replace function data.change_mark() returns text
language sql stable
return (select left(encode(sha256(convert_to(concat_ws(' ', s.system_identifier,
		left(pg_walfile_name(pg_current_wal_lsn()), 8), d.oid, 'data.change'::regclass::oid), 'UTF8')), 'hex'), 12)
	  from pg_control_system() as s, pg_database as d where d.datname = current_database());
comment on function data.change_mark() is 'What tells this cluster, timeline, database and table from others';

-- What is added to the number of a transaction.  The first change after a
-- restore begins a line beyond all that the dump held.
create or replace function data.change_begins() returns bigint
language plpgsql volatile
as $$
declare
	its    text := data.change_mark();
	begins bigint := (select l.begins from data.change_line l where l.mark = its);
begin
	if begins is null then
		insert into data.change_line (mark, begins)
		select its, coalesce(max(c.position) + 1, 0) from data.change c
		on conflict (mark) do nothing;
		begins := (select l.begins from data.change_line l where l.mark = its);
	end if;
	return begins;
end;
$$;
comment on function data.change_begins() is 'What is added to the number of a transaction to have its position';

create or replace function data.change_schools(record data.change_record, id bigint) returns int[]
language sql stable
return case record
	when 'pupil' then array(select e.school_urn from data.enrolment e where e.pupil_id = id)
	when 'staff' then array(select p.school_urn from data.post p where p.staff_id = id) end;
comment on function data.change_schools(data.change_record,
	bigint) is 'The schools of a record whose row has no school_urn';

-- names: as the trigger below is told them.
create or replace function data.change_key(its jsonb, names text) returns jsonb
language sql stable strict set timezone = 'UTC'
return (select jsonb_object_agg(split_part(n, ':', 1), case when n like '%:time'
		then to_jsonb(replace(to_jsonb((its ->> split_part(n, ':', 1))::timestamptz) #>> '{}', '+00:00', 'Z'))
		else its -> n end)
	  from unnest(string_to_array(names, ',')) as n);
comment on function data.change_key(jsonb, text) is 'The natural key of a row, null of none; times as the API writes them';

create or replace function data.change_union(one int[], other int[]) returns int[]
language sql immutable
return array(select distinct s from unnest(one || other) as s where s is not null order by s);
comment on function data.change_union(int[], int[]) is 'Schools of the one and of the other';

-- Arguments: the kind of record, as in data.change_record; the column of its
-- number; those of its natural key, comma-separated, a time with ":time"
-- behind it.  What a transaction does to a record is one change, its last; made
-- and deleted in one, it is told as deleted.
create or replace function data.note_change() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	earlier jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	later   jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	its     jsonb := coalesce(later, earlier);
	kind    data.change_record := tg_argv[0];
	id      bigint := its ->> tg_argv[1];
	-- Beforehand, or the plan below would be made anew each time.
	named   jsonb := data.change_key(its, tg_argv[2]);
	was     jsonb := nullif(data.change_key(earlier, tg_argv[2]), named);
	seen_by int[] := data.change_union(array[(later ->> 'school_urn')::int, (earlier ->> 'school_urn')::int],
	                                   data.change_schools(kind, id));
	did     data.change_action := case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'updated' else 'deleted' end;
	begins  bigint;
begin
	if tg_op = 'UPDATE' and old is not distinct from new then
		return null;
	end if;
	begins := data.change_begins();
	insert into data.change as c (position, made_in, record, record_id, action, key, previous_key, schools, version)
	values (begins + greatest(pg_current_xact_id()::text::bigint,
	                          pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1),
	        begins + pg_current_xact_id()::text::bigint, kind, id,
	        did, named, was, seen_by, (its ->> 'version')::bigint)
	on conflict (record_id, record, made_in) do update
	   set change_id = excluded.change_id, position = excluded.position, recorded_at = excluded.recorded_at,
	       action = case when excluded.action <> 'deleted' and c.action = 'created' then 'created'
	                     when excluded.action = 'created' then 'updated' else excluded.action end,
	       key = excluded.key,
	       previous_key = case when c.action <> 'created' then nullif(coalesce(c.previous_key, c.key), excluded.key) end,
	       schools = data.change_union(c.schools, excluded.schools), version = excluded.version;
	return null;
end;
$$;
comment on function data.note_change() is 'Trigger: notes the change of a record for the feed';

-- Who can no longer see a record since this transaction hears of it once more.
create or replace function data.change_concerns(kind data.change_record, id bigint, school int) returns void
language plpgsql volatile
as $$
declare
	ours constant bigint := data.change_begins() + pg_current_xact_id()::text::bigint;
begin
	update data.change c set schools = data.change_union(c.schools, array[school])
	 where c.record = kind and c.record_id = id and c.made_in = ours and school <> all (c.schools);
end;
$$;
comment on function data.change_concerns(data.change_record, bigint,
	int) is 'Adds a school to those of the change that this transaction made to a record';

create or replace function data.refuse_old_change() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if old.made_in <> data.change_begins() + pg_current_xact_id()::text::bigint then
		raise exception 'Rows of % are only ever appended.', tg_table_name using errcode = 'DS409';
	end if;
	return new;
end;
$$;
comment on function data.refuse_old_change() is 'Trigger: refuses updates of changes that another transaction made';

create or replace trigger append_only before update on data.change
	for each row execute function data.refuse_old_change();
create or replace trigger never_deleted before delete on data.change
	for each row execute function data.refuse_change();
create or replace trigger never_emptied before truncate on data.change
	for each statement execute function data.refuse_change();

create or replace trigger note_change after insert or update or delete on data.visit
	for each row execute function data.note_change('visit', 'visit_id', 'school_urn,planned_start:time');
create or replace trigger note_change after insert or update or delete on data.pupil
	for each row execute function data.note_change('pupil', 'pupil_id', 'upn');
create or replace trigger note_change after insert or update or delete on data.staff
	for each row execute function data.note_change('staff', 'staff_id', 'staff_code');
create or replace trigger note_change after insert or update or delete on data.agreement
	for each row execute function data.note_change('agreement', 'agreement_id', 'school_urn,pupil_id,made_on');
create or replace trigger note_change after insert or update or delete on data.letter
	for each row execute function data.note_change('letter', 'letter_id', 'school_urn,pupil_id,kind,created_at:time');
create or replace trigger note_change after insert or update or delete on data.referral
	for each row execute function data.note_change('referral', 'referral_id', 'school_urn,pupil_id,as_of');

-- Reading.  Up to here, and without it, what stands is final: every transaction
-- before it has ended, and one to come gets a greater number.  Stable: it must
-- look at the very moment at which the rows are read.  The place is that of a
-- change, not merely of a transaction that has ended: a crash may forget that
-- one without a trace was there, and give its number to another.
create or replace function data.change_head(out mark text, out newest bigint[])
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
	ceiling bigint;
begin
	mark := data.change_mark();
	ceiling := coalesce((select l.begins from data.change_line l where l.mark = change_head.mark),
	                    (select max(c.position) + 1 from data.change c), 0)
	           + pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
	newest := coalesce((select array[c.position, c.change_id] from data.change c where c.position < ceiling
	                     order by c.position desc, c.change_id desc limit 1), '{0,0}');
end;
$$;
comment on function data.change_head() is 'The mark of the line, and the place of the newest change that is final';

-- The place so many changes behind another, whoever may see them; null when
-- there are fewer.  So a reader of few of them can be told how far it has come,
-- without looking at all that there are.
create or replace function data.change_ahead(place bigint[], rows int) returns bigint[]
language sql stable security definer set search_path = pg_catalog
begin atomic
	select array[c.position, c.change_id] from data.change c
	 where (c.position, c.change_id) > (place[1], place[2])
	 order by c.position, c.change_id offset rows - 1 limit 1;
end;
comment on function data.change_ahead(bigint[], int) is 'The place so many changes behind another';
