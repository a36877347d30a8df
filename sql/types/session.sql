-- What a session says that it does, by its name: that is seen at once, what a
-- transaction writes not before its end.

-- work: "import 7"; program: the role that is signed in.  null when no session of it does that.
create or replace function data.session_step(work text, program name) returns text
language sql stable
return (select substr(a.application_name, length(work) + 3) from pg_stat_activity a
	 where a.datname = current_database() and a.usename = program and starts_with(a.application_name, work || ': ')
	 limit 1);
comment on function data.session_step(text, name) is 'How far a session is with some work, as it says; null when none is at it';
