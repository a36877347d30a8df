-- Marks of the register from a file.  The program gathers the marks of a pupil
-- and week that stand together in the file into one row of register_row, so a
-- year of a trust, ten million marks, comes as a million rows.
--
-- A mark stands for itself: a row here can be good in part.  What is counted is
-- marks, and a problem is told with the line of its mark.

create function api.import_register_begin() returns void
language plpgsql volatile
as $$
begin
	perform api.import_begin();
	create temporary table register_row (
		line   bigint not null,   -- of its first mark
		step   int not null,      -- from one mark to the next: 1 line, or 0 where all stand on one
		slots  text not null,     -- the sessions in the order of the file: 0 Monday morning … 9 Friday afternoon
		school text not null,     -- URN, LAESTAB or LAESTAB with its slash
		upn    text not null,     -- empty where the file has none
		mis_id text not null,     -- likewise
		week   date not null,
		marks  text not null      -- as in data.register_week
	) on commit drop;
	create temporary table register_note (
		line         bigint not null,
		school       text not null,
		upn          text not null,
		mis_id       text not null,
		day          date not null,
		session      data.session not null,
		minutes_late smallint,
		comment      text,
		says_minutes boolean not null, -- if only that there are none
		says_comment boolean not null
	) on commit drop;
end;
$$;
comment on function api.import_register_begin() is 'Waits for its turn and makes the temporary tables that marks are loaded into';

-- What the program needs to read marks: the codes with the symbols that stand
-- for them in a week, and the last day of which there can be marks.
create function api.import_register_codes()
returns table (code text, symbol text, valid_from date, valid_to date, today date)
language sql stable
begin atomic
	select c.code, c.symbol::text, nullif(c.valid_from, '-infinity'), c.valid_to, data.day_of(now())
	  from data.attendance_code c order by c.code, c.valid_from;
end;
comment on function api.import_register_codes() is 'The attendance codes as the import reads them';

-- The marks of a row, each with its line and as it was said in the file.
create function api.register_marks(line bigint, step int, slots text, school text, upn text, mis_id text, week date,
	marks text)
returns table (n int, symbol text, mark_line bigint, said jsonb)
language sql stable
begin atomic
	select s.n, substr(marks, s.n + 1, 1), line + step * (s.place - 1),
	       jsonb_strip_nulls(jsonb_build_object('school_urn', school, 'upn', nullif(upn, ''),
	           'mis_id', nullif(mis_id, ''), 'date', data.session_day(week, s.n), 'session', data.session_of(s.n),
	           'code', data.code_of(substr(marks, s.n + 1, 1))))
	  from (select ordinality as place, slot::int as n
	          from unnest(string_to_array(slots, null)) with ordinality as t (slot, ordinality)) as s;
end;
comment on function api.register_marks(bigint, int, text, text, text, text, date,
	text) is 'The marks of a row of an import, each with its line';

-- mode, dry_run: as every import.  says_minutes, says_comment: whether every mark
-- of the file says its minutes, its comment; where one does and there are none,
-- what is stored is cleared.  added, changed, unchanged, kept: of codes.
create function api.import_register(mode text, dry_run boolean, says_minutes boolean, says_comment boolean)
returns table (rows bigint, accepted bigint, added bigint, changed bigint, unchanged bigint, kept bigint, rejected json)
language plpgsql volatile set work_mem = '128MB'
as $$
declare
	total bigint;
	bad   bigint;
	fate  record;
begin
	perform api.import_loaded();
	analyze pg_temp.register_row;
	select count(*) + (select coalesce(sum(length(r.slots)), 0) from pg_temp.register_row r) into total
	  from pg_temp.import_row;
	perform api.import_step('finding the pupils');
	perform api.import_register_keys();
	perform api.import_step('checking the marks');
	bad := (select count(*) from pg_temp.import_row) + api.import_register_check();
	perform api.import_step('comparing with the register');
	select * into fate from api.import_register_compare();
	if api.import_may_store(mode, dry_run) then
		perform api.import_step('storing the marks');
		perform api.import_register_store();
		perform api.import_step('storing what they say besides');
		perform api.import_register_notes(says_minutes, says_comment);
		perform api.import_step('working out when the schools were open');
		perform api.import_school_weeks();
	end if;
	if mode = 'all' and bad > 0 then -- none is stored for one
		return query select total, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, r.rejected
		               from api.import_report(mode, dry_run) as r;
	else
		return query select total, total - bad, fate.added, fate.changed, fate.unchanged, fate.kept, r.rejected
		               from api.import_report(mode, dry_run) as r;
	end if;
end;
$$;
comment on function api.import_register(text, boolean, boolean, boolean) is 'Imports marks of the register';
