-- Cluster-wide roles.  doorstep_owner owns the schema and nobody logs in as
-- it; doorstep_definer owns the few security definer functions and may do just
-- what they need, doorstep_past the views of rows as they were; every program has a login role of its own.

do $$
declare
	wanted record;
begin
	for wanted in
		select * from (values
			('doorstep_owner', false), ('doorstep_definer', false), ('doorstep_past', false),
			('doorstep_auth', true), ('doorstep_sso', true), ('doorstep_records', true),
			('doorstep_register', true), ('doorstep_reports', true), ('doorstep_exports', true),
			('doorstep_watch', true), ('doorstep_seal', true), ('doorstep_audit', true)) as r (name, logs_in)
	loop
		if not exists (select from pg_roles where rolname = wanted.name) then
			execute format('create role %I noinherit', wanted.name);
		end if;
		-- Left alone where it is so: an installation that changes nothing leaves the catalog as it is.
		continue when exists (select from pg_roles r
			where r.rolname = wanted.name and r.rolcanlogin = wanted.logs_in
			  and not (r.rolsuper or r.rolbypassrls or r.rolcreatedb or r.rolcreaterole));
		execute format('alter role %I %s nosuperuser nobypassrls nocreatedb nocreaterole',
			wanted.name, case when wanted.logs_in then 'login' else 'nologin' end);
	end loop;
	-- Deadlines: a statement, a lock and an open transaction each have an end.
	for wanted in
		select * from (values
			('doorstep_auth', '5s', '2s'), ('doorstep_sso', '5s', '2s'), ('doorstep_records', '5s', '2s'),
			('doorstep_watch', '5s', '2s'),
			('doorstep_register', '120s', '60s'), -- imports queue
			('doorstep_reports', '120s', '2s'),
			('doorstep_audit', '120s', '2s'), ('doorstep_seal', '1h', '2s'), -- the first time it seals whatever there is
			('doorstep_exports', '1h', '2s')) as r (name, statement_timeout, lock_timeout)
	loop
		execute format('alter role %I set statement_timeout = %L', wanted.name, wanted.statement_timeout);
		execute format('alter role %I set lock_timeout = %L', wanted.name, wanted.lock_timeout);
		-- A program that gives up hangs up; its query must not run on.
		execute format('alter role %I set client_connection_check_interval = %L', wanted.name, '1s');
		execute format('alter role %I set idle_in_transaction_session_timeout = %L', wanted.name, '10s');
		execute format('alter role %I set timezone = %L', wanted.name, 'UTC');
		execute format('alter role %I set datestyle = %L', wanted.name, 'ISO, YMD');
		execute format('alter role %I set search_path = %L', wanted.name, 'pg_catalog');
	end loop;
	-- What it makes is what reports would answer.
	grant doorstep_reports to doorstep_exports;
	if not (select rolinherit from pg_roles where rolname = 'doorstep_exports') then
		alter role doorstep_exports inherit;
	end if;
end;
$$;
