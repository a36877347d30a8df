-- Installs Doorstep's schema into a database, or brings it up to date; run by
-- a superuser, in one transaction, as often as one likes:
--
--   psql -X -v ON_ERROR_STOP=1 --single-transaction -d doorstep -f sql/install.sql
--
-- Tables hold the truth and are made once.  Everything else (functions, views,
-- triggers, row-level security, grants) is said afresh each time.

set client_min_messages = warning;
select pg_advisory_xact_lock(hashtext('doorstep install')) \g /dev/null
select to_regnamespace('data') is null as fresh \gset

\ir roles.sql
\if :fresh
create extension if not exists btree_gist;
create schema data authorization doorstep_owner;
create schema auth authorization doorstep_owner;
create schema audit authorization doorstep_owner;
comment on schema data is 'The records: the current truth';
comment on schema auth is 'Clients, their tokens, and who is asking';
comment on schema audit is 'The trail: who changed what, who saw what';
\ir types/vocabulary.sql
\endif

\ir types/upn.sql
\ir types/time.sql

\if :fresh
\ir tables/school.sql
\ir tables/staff.sql
\ir tables/pupil.sql
\ir tables/contact.sql
\ir tables/visit.sql
\ir tables/event.sql
\ir tables/idempotency.sql
\ir tables/client.sql
\ir tables/audit.sql
\endif

drop schema if exists api cascade;
create schema api authorization doorstep_owner;
comment on schema api is 'What the programs call: code only, made afresh at every installation';
\ir access/reset.sql

\ir auth/context.sql
\ir auth/oauth.sql
\ir audit/trail.sql
\ir audit/triggers.sql
\ir tables/touch.sql
\ir tables/event_order.sql

\ir api/refuse.sql
\ir api/idempotency.sql
\ir api/school.sql
\ir api/staff.sql
\ir api/pupil.sql
\ir api/contact.sql
\ir api/visit.sql
\ir api/visit_write.sql
\ir api/event.sql
\ir api/import.sql
\ir api/import_schools.sql
\ir api/import_staff.sql
\ir api/import_pupils.sql
\ir api/import_contacts.sql

\ir access/owners.sql
\ir access/school.sql
\ir access/staff.sql
\ir access/pupil.sql
\ir access/contact.sql
\ir access/visit.sql
\ir access/event.sql
\ir access/idempotency.sql
\ir access/client.sql
\ir access/audit.sql
\ir access/roles/doorstep_definer.sql
\ir access/roles/doorstep_auth.sql
\ir access/roles/doorstep_records.sql
\ir access/roles/doorstep_register.sql
\ir access/roles/doorstep_reports.sql
select current_database() as db \gset
revoke create, temporary on database :"db" from public;
grant temporary on database :"db" to doorstep_register;
revoke create on schema public from public;
