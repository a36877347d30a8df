-- What every bulk import shares.  The program loads the rows of the file into
-- the temporary table import_row (line in the file, the row as JSON object,
-- and the problems that it found in how the fields look); the import of each
-- kind adds what does not fit the records, and stores what may be stored.
--
-- A member of a row that is null clears what is stored; one that isn't there
-- leaves it as it is.  So every kind carries the row along, as "said".

create function api.import_begin() returns void
language plpgsql volatile
as $$
begin
	-- One import at a time, the next waiting for it as long as lock_timeout
	-- lets: two at once could both add the same person.
	perform pg_advisory_xact_lock(hashtext('doorstep import'));
	create temporary table import_row (
		line     bigint not null,
		row      jsonb not null,
		problems jsonb not null -- [{"field": …, "detail": …}]
	) on commit drop;
	create temporary table import_problem (
		line   bigint not null,
		field  text,
		detail text not null
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
	insert into pg_temp.import_problem (line, field, detail)
	select r.line, p ->> 'field', p ->> 'detail'
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
