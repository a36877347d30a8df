# TAP: installing again changes nothing of the schema and keeps the data.
# Run by ./run, which has made the cluster.
set -u

. "$(dirname "$0")/databases.sh"

echo 1..6
"$pg_bin/createdb" again
install_into again
result $? "installs into an empty database"
dump again --schema-only >"$scratch/schema.1"
$psql_plain -d again <<-'SQL'
	begin;
	insert into data.school (urn, laestab, name, phase) values (900001, '8000001', 'School', 'primary');
	insert into data.enrolment (pupil_id, school_urn, admitted_on) values (1, 900001, '2020-09-01');
	insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth)
	values (1, 'B801200005001', 'Pupil', 'Example', '2015-01-01');
	with v as (insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced)
	           values (900001, 'other', '2026-01-13T09:30Z', '2026-01-13T10:00Z', 'x', true) returning visit_id),
	     p as (insert into data.visit_pupil select visit_id, 900001, 1, 1 from v)
	insert into data.team_member (visit_id, school_urn, position, name, lead) select visit_id, 900001, 1, 'X', true from v;
	insert into data.event (visit_id, school_urn, kind, at, client_id) values (1, 900001, 'departed', '2026-01-13T09:10Z', 'a');
	select auth.client_create('a', 'A', '{visits:read}', '{900001}') \g /dev/null
	commit;
SQL
result $? "takes data"
dump again --data-only 2>/dev/null >"$scratch/data.1"
# What an upgrade must do away with, and what it must bring back.
$psql_plain -d again <<-'SQL'
	create policy forgotten on data.pupil for select to doorstep_auth using (true);
	create policy forgotten on auth.token for select to public using (true);
	grant select on data.pupil, auth.token to doorstep_auth;
	grant execute on function auth.client_create(text, text, text[], int[]) to public;
	alter table data.visit no force row level security;
	drop trigger audit on data.visit;
	drop policy seen on data.visit;
	revoke select on data.visit from doorstep_records;
	create function api.forgotten() returns int language sql return 1;
	create function data.forgotten() returns trigger language plpgsql as 'begin return null; end';
	create trigger forgotten after insert on data.visit for each row execute function data.forgotten();
	create view auth.forgotten as select client_id from auth.client;
	grant select on data.visit to public;
	alter role doorstep_reports bypassrls;
SQL
install_into again
result $? "installs again"
dump again --schema-only >"$scratch/schema.2"
[ -s "$scratch/schema.1" ] && diff "$scratch/schema.1" "$scratch/schema.2"
result $? "the schema is the same, whatever was done to it"
dump again --data-only 2>/dev/null >"$scratch/data.2"
[ -s "$scratch/data.1" ] && diff "$scratch/data.1" "$scratch/data.2"
result $? "the data is the same"
[ "$($psql_plain -d again -c "select count(*) from pg_roles where rolname ~ '^doorstep_' and rolbypassrls")" = 0 ]
result $? "the roles are the same"
