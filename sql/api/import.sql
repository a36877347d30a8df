-- What every bulk import shares.  The program loads the rows of the file into
-- the temporary table import_row (line in the file, the row as JSON object,
-- and the problems that it found in how the fields look); the import of each
-- kind adds what does not fit the records, and stores what may be stored.
--
-- A member of a row that is null clears what is stored; one that isn't there
-- leaves it as it is.  So every kind carries the row along, as "said".

-- Opens the log of an import; from here on the transaction is about it.
-- Imports wait for one another,
-- and must leave workers for who asks something else: fails with DS503 when as
-- many as most are under way.
create function api.import_open(kind data.import_kind, mode text, dry_run boolean, file_hash text, most int)
returns bigint
language plpgsql volatile
as $$
declare
	made bigint;
begin
	if (select count(*) from pg_stat_activity a
	     where a.application_name ~ '^import [0-9]+: ' and a.datname = current_database()
	       and a.usename = session_user) >= most then
		raise exception 'Other imports are under way: send this one again in a moment.' using errcode = 'DS503';
	end if;
	perform data.forget_rejections();
	insert into data.import (kind, mode, dry_run, client_id, request_id, file_hash)
	values (kind, mode, dry_run, auth.client_id(), current_setting('doorstep.request_id'), decode(file_hash, 'hex'))
	returning import_id into made;
	perform api.import_go_on(made);
	return made;
end;
$$;
comment on function api.import_open(data.import_kind, text, boolean, text,
	int) is 'Opens the log of an import, and answers its number';

-- Fails with DS409 when it has ended: it was stored, though nobody knew.
create function api.import_go_on(number bigint) returns void
language plpgsql volatile
as $$
begin
	if not exists (select from data.import i where i.import_id = number and i.state = 'running') then
		raise exception 'The import has ended.' using errcode = 'DS409';
	end if;
	perform set_config('doorstep.import', number::text, true);
	perform api.import_step('beginning');
end;
$$;
comment on function api.import_go_on(bigint) is 'What this transaction does is this import';

create function api.import_current() returns bigint
language sql stable
return nullif(current_setting('doorstep.import', true), '')::bigint;
comment on function api.import_current() is 'The import that this transaction is about; null when it is about none';

-- Where an import is, for who asks meanwhile: the name of a session is seen at
-- once, what a transaction writes not before its end.
create function api.import_step(words text) returns void
language plpgsql volatile
as $$
begin
	if api.import_current() is not null then
		perform set_config('application_name', format('import %s: %s', api.import_current(), words), true);
	end if;
end;
$$;
comment on function api.import_step(text) is 'Says what the import is doing now';

-- The end of an import, with what was answered, and the rejected rows, each
-- once with all that is wrong with it; of a file with more than 100,000 problems, those first ones.
create function api.import_close(state data.import_state, report json) returns void
language plpgsql volatile
as $$
begin
	update data.import i
	   set state = import_close.state, report = import_close.report, row_count = (import_close.report ->> 'rows')::bigint,
	       accepted = (import_close.report ->> 'accepted')::bigint, ended_at = clock_timestamp()
	 where i.import_id = api.import_current();
	insert into data.import_rejection (import_id, position, line, field, detail, said)
	select api.import_current(), row_number() over (order by p.line, min(p.field)), p.line,
	       case when count(*) = 1 then min(p.field) end,
	       case when count(*) = 1 then min(p.detail)
	            else string_agg(concat_ws(' ', p.field, p.detail), '; ' order by p.field, p.detail) end, p.said
	  from (select o.line, o.field, o.detail, coalesce(o.said, r.row) as said
	          from (select * from pg_temp.import_problem order by line, field limit 100000) as o
	               left join pg_temp.import_row r on o.said is null and r.line = o.line) as p
	 group by p.line, p.said;
end;
$$;
comment on function api.import_close(data.import_state, json) is 'Notes the end of an import, and keeps the rejected rows';

create function api.import_fail(number bigint, problem text) returns void
language sql volatile
begin atomic
	update data.import set state = 'failed', problem = import_fail.problem, ended_at = clock_timestamp()
	 where import_id = number and state = 'running';
end;
comment on function api.import_fail(bigint, text) is 'Notes that an import failed, and why';

create function api.import_begin() returns void
language plpgsql volatile
as $$
begin
	-- One import at a time, the next waiting for it as long as lock_timeout
	-- lets: two at once could both add the same person.
	perform api.import_step('waiting for its turn');
	perform pg_advisory_xact_lock(hashtext('doorstep import'));
	perform api.import_step('loading the rows');
	create temporary table import_row (
		line     bigint not null,
		row      jsonb not null,
		problems jsonb not null -- [{"field": …, "detail": …}]
	) on commit drop;
	create temporary table import_problem (
		line   bigint not null,
		field  text,
		detail text not null,
		said   jsonb -- the row; null for that of import_row on this line
	) on commit drop;
end;
$$;
comment on function api.import_begin() is 'Waits for its turn and makes the temporary tables that an import is loaded into';

-- Called when the file is loaded: from here on import_row is only read.
create function api.import_loaded() returns void
language plpgsql volatile
as $$
begin
	analyze pg_temp.import_row;
	insert into pg_temp.import_problem (line, field, detail, said)
	select r.line, p ->> 'field', p ->> 'detail', r.row
	  from pg_temp.import_row r, jsonb_array_elements(r.problems) as p;
end;
$$;
comment on function api.import_loaded() is 'Takes over the problems that the program found';

-- Whether the import may go on to store its good rows.
create function api.import_may_store(mode text, dry_run boolean) returns boolean
language plpgsql stable
as $$
begin
	return not dry_run and (mode = 'valid' or not exists (select from pg_temp.import_problem));
end;
$$;
comment on function api.import_may_store(text, boolean) is 'Whether the import may go on to store its good rows';

-- rows: of the file; accepted: stored, or with dry_run what would be;
-- rejected: the problems with their lines, the header being line 1 of a CSV;
-- the first 10,000 of them, though rows and accepted count all.
create function api.import_report(mode text, dry_run boolean)
returns table (rows bigint, accepted bigint, rejected json)
language plpgsql stable
as $$
declare
	total bigint := (select count(*) from pg_temp.import_row);
	bad   bigint := (select count(distinct p.line) from pg_temp.import_problem p);
begin
	return query select total, case when mode = 'all' and bad > 0 then 0 else total - bad end,
		coalesce((select json_agg(json_build_object('line', p.line, 'field', p.field, 'detail', p.detail)
		                          order by p.line, p.field)
		            from (select * from pg_temp.import_problem order by line, field limit 10000) as p), '[]');
end;
$$;
comment on function api.import_report(text, boolean) is 'What became of an import';

-- The schools named in the file that the client doesn't see.
create function api.import_check_schools() returns void
language plpgsql volatile
as $$
begin
	insert into pg_temp.import_problem (line, field, detail)
	select r.line, 'school_urn', 'is not a school that this client sees'
	  from pg_temp.import_row r
	 where r.problems = '[]'
	   and not exists (select from data.school s where s.urn = (r.row ->> 'school_urn')::int);
end;
$$;
comment on function api.import_check_schools() is 'Rejects rows of schools that the client does not see';
