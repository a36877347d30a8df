SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA api;

ALTER SCHEMA api OWNER TO doorstep_owner;

COMMENT ON SCHEMA api IS 'What the programs call: code only, made afresh at every installation';

CREATE SCHEMA audit;

ALTER SCHEMA audit OWNER TO doorstep_owner;

COMMENT ON SCHEMA audit IS 'The trail: who changed what, who saw what';

CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO doorstep_owner;

COMMENT ON SCHEMA auth IS 'Clients, their tokens, and who is asking';

CREATE SCHEMA data;

ALTER SCHEMA data OWNER TO doorstep_owner;

COMMENT ON SCHEMA data IS 'The records: the current truth';

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE TYPE data.event_kind AS ENUM (
    'departed',
    'arrived',
    'left',
    'returned',
    'cancelled',
    'note'
);

ALTER TYPE data.event_kind OWNER TO doorstep_owner;

COMMENT ON TYPE data.event_kind IS 'What can happen on a visit';

CREATE TYPE data.school_phase AS ENUM (
    'nursery',
    'primary',
    'middle',
    'secondary',
    'all_through',
    'sixteen_plus',
    'special'
);

ALTER TYPE data.school_phase OWNER TO doorstep_owner;

COMMENT ON TYPE data.school_phase IS 'Phase of education of a school, as in Get Information about Schools';

CREATE TYPE data.staff_role AS ENUM (
    'headteacher',
    'deputy',
    'dsl',
    'leadership',
    'office',
    'attendance_officer',
    'visitor',
    'governor',
    'compliance_officer'
);

ALTER TYPE data.staff_role OWNER TO doorstep_owner;

COMMENT ON TYPE data.staff_role IS 'What a member of staff may be at a school; dsl is the designated safeguarding lead';

CREATE TYPE data.telling AS ENUM (
    'letter',
    'phone',
    'text',
    'email',
    'in_person'
);

ALTER TYPE data.telling OWNER TO doorstep_owner;

COMMENT ON TYPE data.telling IS 'How parents were told of a visit';

CREATE TYPE data.visit_purpose AS ENUM (
    'attendance',
    'safeguarding',
    'welfare',
    'early_help',
    'school_refusal',
    'unexplained_absence',
    'transition',
    'engagement',
    'illness',
    'medical',
    'tuition',
    'transport',
    'work_delivery',
    'suspected_holiday',
    'exam',
    'meeting',
    'contact_failed',
    'crisis',
    'intervention',
    'information',
    'other'
);

ALTER TYPE data.visit_purpose OWNER TO doorstep_owner;

COMMENT ON TYPE data.visit_purpose IS 'Why a home visit is made';

CREATE TYPE data.visit_state AS ENUM (
    'planned',
    'departed',
    'arrived',
    'left',
    'returned',
    'cancelled'
);

ALTER TYPE data.visit_state OWNER TO doorstep_owner;

COMMENT ON TYPE data.visit_state IS 'How far a visit has come; follows from its events';

CREATE TYPE data.year_group AS ENUM (
    'N1',
    'N2',
    'R',
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
    '11',
    '12',
    '13'
);

ALTER TYPE data.year_group OWNER TO doorstep_owner;

COMMENT ON TYPE data.year_group IS 'National curriculum year group; N1 and N2 are nursery, R is reception';

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE data.contact (
    contact_id bigint NOT NULL,
    pupil_id bigint NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    relationship text NOT NULL,
    parental_responsibility boolean NOT NULL,
    phone text,
    email text,
    language text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT family_name_is_said CHECK ((family_name ~ '[^[:space:]]'::text)),
    CONSTRAINT given_name_is_said CHECK ((given_name ~ '[^[:space:]]'::text)),
    CONSTRAINT relationship_is_said CHECK ((relationship ~ '[^[:space:]]'::text))
);

ALTER TABLE ONLY data.contact FORCE ROW LEVEL SECURITY;

ALTER TABLE data.contact OWNER TO doorstep_owner;

COMMENT ON TABLE data.contact IS 'A parent, carer or other adult of one pupil; parental responsibility is a fact about the pair';

COMMENT ON COLUMN data.contact.contact_id IS 'Number in the API';

COMMENT ON COLUMN data.contact.pupil_id IS 'Whose contact';

COMMENT ON COLUMN data.contact.given_name IS 'Given name';

COMMENT ON COLUMN data.contact.family_name IS 'Family name';

COMMENT ON COLUMN data.contact.relationship IS 'What the adult is to the pupil: mother, foster carer, …';

COMMENT ON COLUMN data.contact.parental_responsibility IS 'Whether the adult has parental responsibility for the pupil';

COMMENT ON COLUMN data.contact.phone IS 'Telephone number';

COMMENT ON COLUMN data.contact.email IS 'E-mail address';

COMMENT ON COLUMN data.contact.language IS 'Language to write or speak in';

COMMENT ON COLUMN data.contact.version IS 'Counts the changes; its ETag';

COMMENT ON COLUMN data.contact.created_at IS 'When the row was made';

COMMENT ON COLUMN data.contact.updated_at IS 'When the row last changed';

CREATE VIEW api.contact WITH (security_invoker='true') AS
 SELECT c.contact_id AS id,
    c.pupil_id,
    c.given_name,
    c.family_name,
    c.relationship,
    c.parental_responsibility,
    c.phone,
    c.email,
    c.language,
    c.version,
    c.created_at,
    c.updated_at
   FROM data.contact c;

ALTER TABLE api.contact OWNER TO doorstep_owner;

COMMENT ON VIEW api.contact IS 'Contacts as the API shows them';

CREATE TABLE data.enrolment (
    pupil_id bigint NOT NULL,
    school_urn integer NOT NULL,
    year_group data.year_group,
    admitted_on date NOT NULL,
    left_on date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT left_after_admitted CHECK ((left_on >= admitted_on))
);

ALTER TABLE ONLY data.enrolment FORCE ROW LEVEL SECURITY;

ALTER TABLE data.enrolment OWNER TO doorstep_owner;

COMMENT ON TABLE data.enrolment IS 'A stay of a pupil on the roll of a school; two schools at once is dual registration';

COMMENT ON COLUMN data.enrolment.pupil_id IS 'Who';

COMMENT ON COLUMN data.enrolment.school_urn IS 'Where';

COMMENT ON COLUMN data.enrolment.year_group IS 'Year group, the latest known of this stay';

COMMENT ON COLUMN data.enrolment.admitted_on IS 'First day on roll';

COMMENT ON COLUMN data.enrolment.left_on IS 'Last day on roll; null while on roll';

COMMENT ON COLUMN data.enrolment.created_at IS 'When the row was made';

COMMENT ON COLUMN data.enrolment.updated_at IS 'When the row last changed';

CREATE FUNCTION api.contact_list(school integer DEFAULT NULL::integer, pupil bigint DEFAULT NULL::bigint, updated_after timestamp with time zone DEFAULT NULL::timestamp with time zone, after bigint DEFAULT NULL::bigint, max_rows integer DEFAULT NULL::integer) RETURNS SETOF api.contact
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT c.id,
     c.pupil_id,
     c.given_name,
     c.family_name,
     c.relationship,
     c.parental_responsibility,
     c.phone,
     c.email,
     c.language,
     c.version,
     c.created_at,
     c.updated_at
    FROM api.contact c
   WHERE (((contact_list.school IS NULL) OR (EXISTS ( SELECT
            FROM data.enrolment e
           WHERE ((e.pupil_id = c.pupil_id) AND (e.school_urn = contact_list.school))))) AND ((contact_list.pupil IS NULL) OR (c.pupil_id = contact_list.pupil)) AND ((contact_list.updated_after IS NULL) OR (c.updated_at > contact_list.updated_after)) AND ((contact_list.after IS NULL) OR (c.id > contact_list.after)))
   ORDER BY c.id
  LIMIT contact_list.max_rows;
END;

ALTER FUNCTION api.contact_list(school integer, pupil bigint, updated_after timestamp with time zone, after bigint, max_rows integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.contact_list(school integer, pupil bigint, updated_after timestamp with time zone, after bigint, max_rows integer) IS 'Contacts, by id';

CREATE FUNCTION api.contact_read(contact bigint) RETURNS SETOF api.contact
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT c.id,
     c.pupil_id,
     c.given_name,
     c.family_name,
     c.relationship,
     c.parental_responsibility,
     c.phone,
     c.email,
     c.language,
     c.version,
     c.created_at,
     c.updated_at
    FROM api.contact c
   WHERE (c.id = contact_read.contact);
END;

ALTER FUNCTION api.contact_read(contact bigint) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.contact_read(contact bigint) IS 'One contact';

CREATE TABLE data.event (
    event_id bigint NOT NULL,
    visit_id bigint NOT NULL,
    school_urn integer NOT NULL,
    kind data.event_kind NOT NULL,
    at timestamp with time zone NOT NULL,
    note text,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    client_id text NOT NULL,
    CONSTRAINT cancelled_says_why CHECK (((kind <> ALL (ARRAY['cancelled'::data.event_kind, 'note'::data.event_kind])) OR (note ~ '[^[:space:]]'::text)))
);

ALTER TABLE ONLY data.event FORCE ROW LEVEL SECURITY;

ALTER TABLE data.event OWNER TO doorstep_owner;

COMMENT ON TABLE data.event IS 'What happened on a visit; only ever appended to';

COMMENT ON COLUMN data.event.event_id IS 'Number in the API, in the order of recording';

COMMENT ON COLUMN data.event.visit_id IS 'The visit';

COMMENT ON COLUMN data.event.school_urn IS 'School of the visit, for row-level security';

COMMENT ON COLUMN data.event.kind IS 'What happened; every kind but note once at most';

COMMENT ON COLUMN data.event.at IS 'When it happened, as reported';

COMMENT ON COLUMN data.event.note IS 'What was said; of a cancelled visit, why';

COMMENT ON COLUMN data.event.recorded_at IS 'When it was recorded';

COMMENT ON COLUMN data.event.client_id IS 'Through which client';

CREATE TABLE data.visit (
    visit_id bigint NOT NULL,
    school_urn integer NOT NULL,
    purpose data.visit_purpose NOT NULL,
    planned_start timestamp with time zone NOT NULL,
    planned_end timestamp with time zone NOT NULL,
    address text NOT NULL,
    postcode text,
    announced boolean NOT NULL,
    parents_told_by data.telling,
    vehicle_make text,
    vehicle_model text,
    vehicle_registration text,
    vehicle_colour text,
    state data.visit_state DEFAULT 'planned'::data.visit_state NOT NULL,
    departed_at timestamp with time zone,
    arrived_at timestamp with time zone,
    left_at timestamp with time zone,
    returned_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    cancel_reason text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT address_is_said CHECK ((address ~ '[^[:space:]]'::text)),
    CONSTRAINT cancelled_with_a_reason CHECK (((cancelled_at IS NULL) = (cancel_reason IS NULL))),
    CONSTRAINT ends_after_it_starts CHECK ((planned_end > planned_start)),
    CONSTRAINT ends_within_a_day CHECK ((planned_end <= (planned_start + '24:00:00'::interval))),
    CONSTRAINT unannounced_means_not_told CHECK ((announced OR (parents_told_by IS NULL)))
);

ALTER TABLE ONLY data.visit FORCE ROW LEVEL SECURITY;

ALTER TABLE data.visit OWNER TO doorstep_owner;

COMMENT ON TABLE data.visit IS 'A home visit of a school';

COMMENT ON COLUMN data.visit.visit_id IS 'Number in the API';

COMMENT ON COLUMN data.visit.school_urn IS 'The school whose visit it is';

COMMENT ON COLUMN data.visit.purpose IS 'Why it is made';

COMMENT ON COLUMN data.visit.planned_start IS 'When the team means to be there';

COMMENT ON COLUMN data.visit.planned_end IS 'When the team means to leave; at most 24 hours after the start';

COMMENT ON COLUMN data.visit.address IS 'Where';

COMMENT ON COLUMN data.visit.postcode IS 'Postcode of the place';

COMMENT ON COLUMN data.visit.announced IS 'Whether the parents know of it beforehand';

COMMENT ON COLUMN data.visit.parents_told_by IS 'How they were told; null when not or not yet';

COMMENT ON COLUMN data.visit.vehicle_make IS 'Make of the vehicle taken';

COMMENT ON COLUMN data.visit.vehicle_model IS 'Model of the vehicle taken';

COMMENT ON COLUMN data.visit.vehicle_registration IS 'Registration of the vehicle taken';

COMMENT ON COLUMN data.visit.vehicle_colour IS 'Colour of the vehicle taken';

COMMENT ON COLUMN data.visit.state IS 'How far it has come; kept by the trigger on data.event';

COMMENT ON COLUMN data.visit.departed_at IS 'When the team left for the visit; from its event';

COMMENT ON COLUMN data.visit.arrived_at IS 'When the team arrived; from its event';

COMMENT ON COLUMN data.visit.left_at IS 'When the team left the place; from its event';

COMMENT ON COLUMN data.visit.returned_at IS 'When the team was back or signed off; from its event';

COMMENT ON COLUMN data.visit.cancelled_at IS 'When it was cancelled; from its event';

COMMENT ON COLUMN data.visit.cancel_reason IS 'Why it was cancelled: the note of that event';

COMMENT ON COLUMN data.visit.version IS 'Counts the changes; its ETag';

COMMENT ON COLUMN data.visit.created_at IS 'When the row was made';

COMMENT ON COLUMN data.visit.updated_at IS 'When the row last changed';

CREATE VIEW api.event WITH (security_invoker='true') AS
 SELECT e.event_id AS id,
    e.visit_id,
    e.kind,
    e.at,
    e.note,
    e.recorded_at,
    v.state AS visit_state
   FROM (data.event e
     JOIN data.visit v USING (visit_id));

ALTER TABLE api.event OWNER TO doorstep_owner;

COMMENT ON VIEW api.event IS 'Events as the API shows them, with the state of the visit now';

CREATE FUNCTION api.event_append(visit bigint, body jsonb) RETURNS SETOF api.event
    LANGUAGE plpgsql
    AS $$
declare
	its data.visit;
	made bigint;
begin
	select v.* into its from data.visit v where v.visit_id = visit for update;
	if not found then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	if body ->> 'kind' in ('cancelled', 'note') and coalesce(body ->> 'note', '') !~ '[^[:space:]]' then
		perform api.refuse(jsonb_build_array(jsonb_build_object('pointer', '/note', 'detail',
			case body ->> 'kind' when 'cancelled' then 'is required: say why the visit is cancelled'
			     else 'is required' end)));
	end if;
	insert into data.event (visit_id, school_urn, kind, at, note, client_id)
	values (visit, its.school_urn, (body ->> 'kind')::data.event_kind,
	        coalesce((body ->> 'at')::timestamptz, now()), body ->> 'note', auth.client_id())
	returning event_id into made;
	return query select e.* from api.event e where e.id = made;
end;
$$;

ALTER FUNCTION api.event_append(visit bigint, body jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.event_append(visit bigint, body jsonb) IS 'Appends an event to a visit';

CREATE FUNCTION api.event_list(visit bigint, after bigint DEFAULT NULL::bigint, max_rows integer DEFAULT NULL::integer) RETURNS SETOF api.event
    LANGUAGE plpgsql STABLE ROWS 20
    AS $$
begin
	if not exists (select from data.visit v where v.visit_id = visit) then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	return query select e.* from api.event e
	              where e.visit_id = visit and (after is null or e.id > after)
	              order by e.id limit max_rows;
end;
$$;

ALTER FUNCTION api.event_list(visit bigint, after bigint, max_rows integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.event_list(visit bigint, after bigint, max_rows integer) IS 'The events of a visit, in the order of recording';

CREATE FUNCTION api.idempotency_claim(key text, request_hash text) RETURNS TABLE(status integer, location text, etag text, body text)
    LANGUAGE plpgsql
    AS $$
declare
	kept data.idempotency;
begin
	if not pg_try_advisory_xact_lock(hashtextextended(auth.client_id() || ' ' || key, 0)) then
		raise exception 'A request with this Idempotency-Key is under way: repeat it in a moment.'
			using errcode = 'DS409';
	end if;
	-- Neither waiting for nor blocking others of the same client, who clean up, too.
	delete from data.idempotency i
	 where i.client_id = auth.client_id()
	   and i.key = any (array(select o.key from data.idempotency o
	                           where o.client_id = auth.client_id() and o.key <> idempotency_claim.key
	                             and o.created_at < now() - interval '7 days'
	                           order by o.created_at limit 100 for update skip locked));
	delete from data.idempotency i
	 where i.client_id = auth.client_id() and i.key = idempotency_claim.key
	   and i.created_at < now() - interval '7 days';
	select i.* into kept from data.idempotency i
	 where i.client_id = auth.client_id() and i.key = idempotency_claim.key;
	if found and kept.request_hash <> decode(idempotency_claim.request_hash, 'hex') then
		raise exception 'This Idempotency-Key was used for another request: take a new one.'
			using errcode = 'DS423';
	end if;
	if found then
		return query select kept.status, kept.location, kept.etag, kept.body;
	end if;
end;
$$;

ALTER FUNCTION api.idempotency_claim(key text, request_hash text) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.idempotency_claim(key text, request_hash text) IS 'The answer given under a key, or the key is the caller''s';

CREATE FUNCTION auth.client_id() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
	return (select t.client_id from auth.token t
	         where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex'));
end;
$$;

ALTER FUNCTION auth.client_id() OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.client_id() IS 'The client whose token the transaction carries; null without one';

CREATE TABLE data.idempotency (
    client_id text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    location text,
    etag text,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY data.idempotency FORCE ROW LEVEL SECURITY;

ALTER TABLE data.idempotency OWNER TO doorstep_owner;

COMMENT ON TABLE data.idempotency IS 'Answers given under an Idempotency-Key, kept seven days, written in the transaction of the work itself';

COMMENT ON COLUMN data.idempotency.client_id IS 'Whose key; two clients may use the same';

COMMENT ON COLUMN data.idempotency.key IS 'The key as sent';

COMMENT ON COLUMN data.idempotency.request_hash IS 'SHA-256 of method, path, query, media type and body';

COMMENT ON COLUMN data.idempotency.status IS 'HTTP status of the answer';

COMMENT ON COLUMN data.idempotency.location IS 'Its Location header';

COMMENT ON COLUMN data.idempotency.etag IS 'Its ETag header';

COMMENT ON COLUMN data.idempotency.body IS 'Its body';

COMMENT ON COLUMN data.idempotency.created_at IS 'When it was given';

CREATE FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO data.idempotency (client_id, key, request_hash, status, location, etag, body)
   VALUES (auth.client_id(), idempotency_keep.key, decode(idempotency_keep.request_hash, 'hex'::text), idempotency_keep.status, idempotency_keep.location, idempotency_keep.etag, idempotency_keep.body);
END;

ALTER FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) IS 'Keeps an answer under its key';

CREATE FUNCTION api.import_begin() RETURNS void
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION api.import_begin() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_begin() IS 'Waits for its turn and makes the temporary tables that an import is loaded into';

CREATE FUNCTION api.import_check_schools() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	insert into pg_temp.import_problem (line, field, detail)
	select r.line, 'school_urn', 'is not a school that this client sees'
	  from pg_temp.import_row r
	 where r.problems = '[]'
	   and not exists (select from data.school s where s.urn = (r.row ->> 'school_urn')::int);
end;
$$;

ALTER FUNCTION api.import_check_schools() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_check_schools() IS 'Rejects rows of schools that the client does not see';

CREATE FUNCTION api.import_contacts(mode text, dry_run boolean) RETURNS TABLE(rows bigint, accepted bigint, rejected json)
    LANGUAGE plpgsql
    AS $$
begin
	perform api.import_loaded();
	create temporary table contact_in on commit drop as
	select r.line, r.row as said, i.*, p.pupil_id
	  from pg_temp.import_row r
	       cross join jsonb_to_record(r.row) as i (upn text, given_name text, family_name text, relationship text,
	                                               parental_responsibility boolean, phone text, email text, language text)
	       left join data.pupil p on p.upn = i.upn
	            and ((select auth.sees_all_schools()) or exists (
	                    select from data.enrolment e where e.pupil_id = p.pupil_id
	                       and (e.left_on is null or e.left_on >= current_date)))
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'upn', coalesce(data.upn_problem(upn),
	           'is not the UPN of a pupil on the roll of a school that this client sees')
	  from contact_in where pupil_id is null
	union all
	select line, 'given_name', 'is in the file twice with this relationship to this pupil'
	  from (select *, row_number() over (partition by pupil_id, lower(given_name), lower(family_name),
	                                     lower(relationship) order by line) as n
	          from contact_in where pupil_id is not null) as i where n > 1;

	if api.import_may_store(mode, dry_run) then
		delete from contact_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		update data.contact c
		   set given_name = i.given_name, family_name = i.family_name, relationship = i.relationship,
		       parental_responsibility = i.parental_responsibility,
		       phone = case when i.said ? 'phone' then i.phone else c.phone end,
		       email = case when i.said ? 'email' then i.email else c.email end,
		       language = case when i.said ? 'language' then i.language else c.language end
		  from contact_in i
		 where c.pupil_id = i.pupil_id and lower(c.given_name) = lower(i.given_name)
		   and lower(c.family_name) = lower(i.family_name) and lower(c.relationship) = lower(i.relationship)
		   and (c.given_name, c.family_name, c.relationship, c.parental_responsibility, c.phone, c.email, c.language)
		       is distinct from
		       (i.given_name, i.family_name, i.relationship, i.parental_responsibility,
		        case when i.said ? 'phone' then i.phone else c.phone end,
		        case when i.said ? 'email' then i.email else c.email end,
		        case when i.said ? 'language' then i.language else c.language end);
		insert into data.contact (pupil_id, given_name, family_name, relationship, parental_responsibility,
		                          phone, email, language)
		select i.pupil_id, i.given_name, i.family_name, i.relationship, i.parental_responsibility,
		       i.phone, i.email, i.language
		  from contact_in i
		 where not exists (select from data.contact c
		                    where c.pupil_id = i.pupil_id and lower(c.given_name) = lower(i.given_name)
		                      and lower(c.family_name) = lower(i.family_name)
		                      and lower(c.relationship) = lower(i.relationship))
		 order by i.line;
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;

ALTER FUNCTION api.import_contacts(mode text, dry_run boolean) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_contacts(mode text, dry_run boolean) IS 'Imports contacts of pupils, one row per adult and pupil';

CREATE FUNCTION api.import_loaded() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	analyze pg_temp.import_row;
	insert into pg_temp.import_problem (line, field, detail)
	select r.line, p ->> 'field', p ->> 'detail'
	  from pg_temp.import_row r, jsonb_array_elements(r.problems) as p;
end;
$$;

ALTER FUNCTION api.import_loaded() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_loaded() IS 'Takes over the problems that the program found';

CREATE FUNCTION api.import_may_store(mode text, dry_run boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return not dry_run and (mode = 'valid' or not exists (select from pg_temp.import_problem));
end;
$$;

ALTER FUNCTION api.import_may_store(mode text, dry_run boolean) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_may_store(mode text, dry_run boolean) IS 'Whether the import may go on to store its good rows';

CREATE FUNCTION api.import_pupils(mode text, dry_run boolean) RETURNS TABLE(rows bigint, accepted bigint, rejected json)
    LANGUAGE plpgsql
    AS $$
begin
	perform api.import_loaded();
	perform api.import_check_schools();
	create temporary table pupil_in on commit drop as
	select r.line, r.row as said, i.*, null::bigint as pupil_id, false as is_new,
	       -- a stay that ends before it begins is rejected for that; here it must not fail
	       case when i.left_on >= i.admitted_on or i.left_on is null
	            then daterange(i.admitted_on, i.left_on, '[]') else 'empty' end as stay
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (upn text, school_urn int, given_name text, family_name text,
	                                    date_of_birth date, year_group data.year_group, admitted_on date,
	                                    left_on date, address text, postcode text)
	 where r.problems = '[]';
	update pupil_in i set pupil_id = p.pupil_id from data.pupil p where p.upn = i.upn;
	-- A file that doesn't say when somebody left means the stay as it is known.
	update pupil_in i set left_on = e.left_on, stay = daterange(e.admitted_on, e.left_on, '[]')
	  from data.enrolment e
	 where not i.said ? 'left_on' and e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	   and e.admitted_on = i.admitted_on;
	perform api.import_pupils_check();

	if api.import_may_store(mode, dry_run) then
		delete from pupil_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		perform api.import_pupils_store();
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;

ALTER FUNCTION api.import_pupils(mode text, dry_run boolean) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_pupils(mode text, dry_run boolean) IS 'Imports pupils, one row per pupil and stay on the roll of a school';

CREATE FUNCTION api.import_pupils_check() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	insert into pg_temp.import_problem (line, field, detail)
	select line, 'upn', data.upn_problem(upn) from pupil_in where data.upn_problem(upn) is not null
	union all
	select line, 'left_on', 'is before admitted_on' from pupil_in where left_on < admitted_on
	union all
	select line, 'date_of_birth', 'is not before admitted_on' from pupil_in where date_of_birth >= admitted_on
	union all
	select line, 'upn', 'stands for a pupil of another name or date of birth on an earlier line'
	  from (select *, first_value(lower(family_name)) over same as name, first_value(date_of_birth) over same as birth
	          from pupil_in window same as (partition by upn order by line)) as i
	 where lower(family_name) <> name or date_of_birth <> birth
	union all
	select line, 'upn', 'belongs to somebody at another school of the trust: '
	                   'a client that sees the whole trust can add them here'
	  from pupil_in i
	 where pupil_id is null
	   and upn in (select data.pupils_known((select array_agg(upn) from pupil_in where pupil_id is null)));

	insert into pg_temp.import_problem (line, field, detail)
	select i.line, 'admitted_on', format('overlaps the stay at this school on line %s', min(other.line))
	  from pupil_in i join pupil_in other
	       on other.upn = i.upn and other.school_urn = i.school_urn and other.line < i.line
	      and other.stay && i.stay
	 group by i.line
	union all
	select i.line, 'admitted_on', format('overlaps %s stays already on the roll of this school', count(*))
	  from pupil_in i join data.enrolment e
	       on e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	      and daterange(e.admitted_on, e.left_on, '[]') && i.stay
	 group by i.line having count(*) > 1;

	-- Last, for a row that is rejected brings nobody back.
	insert into pg_temp.import_problem (line, field, detail)
	select i.line, 'upn', 'has left this school: a client that sees the whole trust can change their particulars'
	  from pupil_in i join data.pupil p using (pupil_id)
	 where not (select auth.sees_all_schools())
	   and (p.given_name, p.family_name, p.date_of_birth, p.address, p.postcode) is distinct from
	       (i.given_name, i.family_name, i.date_of_birth,
	        case when i.said ? 'address' then i.address else p.address end,
	        case when i.said ? 'postcode' then i.postcode else p.postcode end)
	   and not exists (select from data.enrolment e
	                    where e.pupil_id = i.pupil_id and (e.left_on is null or e.left_on >= current_date))
	   and not exists (select from pupil_in back
	                    where back.pupil_id = i.pupil_id
	                      and (upper_inf(back.stay) or upper(back.stay) > current_date)
	                      and (back.line = i.line
	                           or not exists (select from pg_temp.import_problem b where b.line = back.line))
	                      -- it says so, or else is no correction of a stay that has ended
	                      and (back.said ? 'left_on'
	                           or not exists (select from data.enrolment e
	                                           where e.pupil_id = back.pupil_id and e.school_urn = back.school_urn
	                                             and daterange(e.admitted_on, e.left_on, '[]') && back.stay)));
end;
$$;

ALTER FUNCTION api.import_pupils_check() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_pupils_check() IS 'Rejects rows of pupil_in that do not fit the records';

CREATE FUNCTION api.import_pupils_particulars() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	update data.pupil p
	   set given_name = i.given_name, family_name = i.family_name, date_of_birth = i.date_of_birth,
	       address = case when i.said ? 'address' then i.address else p.address end,
	       postcode = case when i.said ? 'postcode' then i.postcode else p.postcode end
	  from (select distinct on (pupil_id) * from pg_temp.pupil_in where not is_new order by pupil_id, line desc) as i
	 where p.pupil_id = i.pupil_id
	   and (p.given_name, p.family_name, p.date_of_birth, p.address, p.postcode) is distinct from
	       (i.given_name, i.family_name, i.date_of_birth,
	        case when i.said ? 'address' then i.address else p.address end,
	        case when i.said ? 'postcode' then i.postcode else p.postcode end);
end;
$$;

ALTER FUNCTION api.import_pupils_particulars() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_pupils_particulars() IS 'Stores the particulars of known pupils';

CREATE FUNCTION api.import_pupils_store() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	update pupil_in i set pupil_id = made.pupil_id, is_new = true
	  from (select upn, nextval('data.pupil_pupil_id_seq') as pupil_id
	          from (select upn from pupil_in where pupil_id is null
	                 group by upn order by min(line)) as fresh) as made
	 where made.upn = i.upn;

	perform api.import_pupils_particulars(); -- while who leaves with this file is still here
	update data.enrolment e
	   set year_group = case when i.said ? 'year_group' then i.year_group else e.year_group end,
	       admitted_on = i.admitted_on,
	       left_on = case when i.said ? 'left_on' then i.left_on else e.left_on end
	  from pupil_in i
	 where e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	   and daterange(e.admitted_on, e.left_on, '[]') && i.stay
	   and (e.year_group, e.admitted_on, e.left_on) is distinct from
	       (case when i.said ? 'year_group' then i.year_group else e.year_group end, i.admitted_on,
	        case when i.said ? 'left_on' then i.left_on else e.left_on end);
	insert into data.enrolment (pupil_id, school_urn, year_group, admitted_on, left_on)
	select i.pupil_id, i.school_urn, i.year_group, i.admitted_on, i.left_on
	  from pupil_in i
	 where not exists (select from data.enrolment e
	                    where e.pupil_id = i.pupil_id and e.school_urn = i.school_urn
	                      and e.admitted_on = i.admitted_on)
	 order by i.line;
	perform api.import_pupils_particulars(); -- now who comes with it is here, too

	insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth, address, postcode)
	select distinct on (pupil_id) pupil_id, upn, given_name, family_name, date_of_birth, address, postcode
	  from pupil_in where is_new order by pupil_id, line desc;
end;
$$;

ALTER FUNCTION api.import_pupils_store() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_pupils_store() IS 'Stores the good rows of pupil_in';

CREATE FUNCTION api.import_report(mode text, dry_run boolean) RETURNS TABLE(rows bigint, accepted bigint, rejected json)
    LANGUAGE plpgsql STABLE
    AS $$
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

ALTER FUNCTION api.import_report(mode text, dry_run boolean) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_report(mode text, dry_run boolean) IS 'What became of an import';

CREATE FUNCTION api.import_schools(mode text, dry_run boolean) RETURNS TABLE(rows bigint, accepted bigint, rejected json)
    LANGUAGE plpgsql
    AS $_$
begin
	perform api.import_loaded();
	create temporary table school_in on commit drop as
	select r.line, r.row as said, i.urn, replace(i.laestab, '/', '') as laestab, i.name, i.phase, i.policy
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (urn int, laestab text, name text, phase data.school_phase, policy text)
	 where r.problems = '[]';

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'laestab', 'is not seven digits, or 123/4567'
	  from school_in where laestab !~ '^[0-9]{7}$'
	union all
	select line, 'policy', 'is not a policy code like tkat or thomas-more'
	  from school_in where policy !~ '^[a-z][a-z0-9-]{1,39}$'
	union all
	select line, 'urn', 'is in the file twice'
	  from (select *, row_number() over (partition by urn order by line) as n from school_in) as i where n > 1
	union all
	select line, 'laestab', 'is in the file twice'
	  from (select *, row_number() over (partition by laestab order by line) as n,
	               row_number() over (partition by urn order by line) as same
	          from school_in) as i where n > 1 and same = 1
	union all
	select line, 'laestab', 'belongs to another school'
	  from school_in i join data.schools_known((select array_agg(laestab) from school_in)) as k using (laestab)
	 where k.urn <> i.urn
	union all
	select line, 'urn', 'is not a school that this client sees'
	  from school_in i where not (select auth.sees_all_schools())
	   and not exists (select from data.school s where s.urn = i.urn);

	if api.import_may_store(mode, dry_run) then
		delete from school_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		update data.school s
		   set laestab = i.laestab, name = i.name, phase = i.phase,
		       policy = case when i.said ? 'policy' then i.policy else s.policy end
		  from school_in i
		 where s.urn = i.urn
		   and (s.laestab, s.name, s.phase, s.policy) is distinct from
		       (i.laestab, i.name, i.phase, case when i.said ? 'policy' then i.policy else s.policy end);
		insert into data.school (urn, laestab, name, phase, policy)
		select i.urn, i.laestab, i.name, i.phase, i.policy
		  from school_in i
		 where not exists (select from data.school s where s.urn = i.urn)
		 order by i.line;
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$_$;

ALTER FUNCTION api.import_schools(mode text, dry_run boolean) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_schools(mode text, dry_run boolean) IS 'Imports schools; only who sees the whole trust adds one';

CREATE FUNCTION api.import_staff(mode text, dry_run boolean) RETURNS TABLE(rows bigint, accepted bigint, rejected json)
    LANGUAGE plpgsql
    AS $$
begin
	perform api.import_loaded();
	perform api.import_check_schools();
	create temporary table staff_in on commit drop as
	select r.line, r.row as said, i.*,
	       string_to_array(regexp_replace(coalesce(i.roles, ''), '\s', '', 'g'), ';') as role_names,
	       '{}'::data.staff_role[] as held, null::bigint as staff_id, false as is_new
	  from pg_temp.import_row r,
	       jsonb_to_record(r.row) as i (staff_code text, school_urn int, given_name text, family_name text,
	                                    email text, phone text, roles text)
	 where r.problems = '[]';
	update staff_in i set staff_id = s.staff_id from data.staff s where s.staff_code = i.staff_code;

	insert into pg_temp.import_problem (line, field, detail)
	select line, 'roles', format('has the unknown role %s: known are %s', role,
	           array_to_string(enum_range(null::data.staff_role), ', '))
	  from staff_in, unnest(role_names) as role
	 where role <> '' and role <> all (enum_range(null::data.staff_role)::text[])
	union all
	select line, 'staff_code', 'is in the file twice for this school'
	  from (select *, row_number() over (partition by staff_code, school_urn order by line) as n
	          from staff_in) as i where n > 1
	union all
	select line, 'staff_code', 'stands for a person of another name on an earlier line'
	  from (select *, first_value(lower(family_name)) over (partition by staff_code order by line) as name
	          from staff_in) as i where lower(family_name) <> name
	union all
	select line, 'staff_code', 'belongs to somebody at another school of the trust: '
	                   'a client that sees the whole trust can add them here'
	  from staff_in
	 where staff_id is null
	   and staff_code in (select data.staff_known((select array_agg(staff_code) from staff_in where staff_id is null)));

	if api.import_may_store(mode, dry_run) then
		delete from staff_in i where exists (select from pg_temp.import_problem p where p.line = i.line);
		perform api.import_staff_store();
	end if;
	return query select * from api.import_report(mode, dry_run);
end;
$$;

ALTER FUNCTION api.import_staff(mode text, dry_run boolean) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_staff(mode text, dry_run boolean) IS 'Imports staff with their roles per school, one row per person and school';

CREATE FUNCTION api.import_staff_store() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	update staff_in i set staff_id = made.staff_id, is_new = true
	  from (select staff_code, nextval('data.staff_staff_id_seq') as staff_id
	          from (select staff_code from staff_in where staff_id is null
	                 group by staff_code order by min(line)) as fresh) as made
	 where made.staff_code = i.staff_code;

	-- A person with several rows in the file takes the last one's particulars;
	-- what the file doesn't say stays.
	update data.staff s
	   set given_name = i.given_name, family_name = i.family_name,
	       email = case when i.said ? 'email' then i.email else s.email end,
	       phone = case when i.said ? 'phone' then i.phone else s.phone end
	  from (select distinct on (staff_id) * from staff_in where not is_new order by staff_id, line desc) as i
	 where s.staff_id = i.staff_id
	   and (s.given_name, s.family_name, s.email, s.phone) is distinct from
	       (i.given_name, i.family_name, case when i.said ? 'email' then i.email else s.email end,
	        case when i.said ? 'phone' then i.phone else s.phone end);

	update staff_in set held = array(select distinct role::data.staff_role from unnest(role_names) as role
	                                  where role <> '' order by 1);
	update data.post p set roles = i.held
	  from staff_in i
	 where p.staff_id = i.staff_id and p.school_urn = i.school_urn and p.roles <> i.held and i.said ? 'roles';
	insert into data.post (staff_id, school_urn, roles)
	select i.staff_id, i.school_urn, i.held
	  from staff_in i
	 where not exists (select from data.post p where p.staff_id = i.staff_id and p.school_urn = i.school_urn)
	 order by i.line;

	insert into data.staff (staff_id, staff_code, given_name, family_name, email, phone)
	select distinct on (staff_id) staff_id, staff_code, given_name, family_name, email, phone
	  from staff_in where is_new order by staff_id, line desc;
end;
$$;

ALTER FUNCTION api.import_staff_store() OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.import_staff_store() IS 'Stores the good rows of staff_in';

CREATE FUNCTION api.merge_patch(target jsonb, patch jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    AS $$
declare
	merged jsonb := case when jsonb_typeof(target) = 'object' then target else '{}' end;
	member record;
begin
	if jsonb_typeof(patch) <> 'object' then
		return patch;
	end if;
	for member in select * from jsonb_each(patch) loop
		merged := case when jsonb_typeof(member.value) = 'null' then merged - member.key
			else merged || jsonb_build_object(member.key,
				api.merge_patch(merged -> member.key, member.value)) end;
	end loop;
	return merged;
end;
$$;

ALTER FUNCTION api.merge_patch(target jsonb, patch jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.merge_patch(target jsonb, patch jsonb) IS 'JSON Merge Patch (RFC 7396)';

CREATE FUNCTION data.upn_check_letter(upn text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT substr('ABCDEFGHJKLMNPQRTUVWXYZ'::text, (((sum((n.n * CASE WHEN ((substr(upn_check_letter.upn, n.n, 1) >= '0'::text) AND (substr(upn_check_letter.upn, n.n, 1) <= '9'::text)) THEN (substr(upn_check_letter.upn, n.n, 1))::integer ELSE (strpos('ABCDEFGHJKLMNPQRTUVWXYZ'::text, substr(upn_check_letter.upn, n.n, 1)) - 1) END)) % (23)::bigint))::integer + 1), 1) AS substr FROM generate_series(2, 13) n(n));

ALTER FUNCTION data.upn_check_letter(upn text) OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.upn_check_letter(upn text) IS 'The check letter that a well-formed UPN ought to begin with';

CREATE FUNCTION data.upn_problem(upn text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (upn !~ '^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$'::text) THEN 'is not a UPN: a letter, eleven digits, then a digit or (temporary) a letter; I, O and S are not used'::text WHEN ("left"(upn, 1) <> data.upn_check_letter(upn)) THEN 'is not a UPN: its check letter is wrong'::text ELSE NULL::text END;

ALTER FUNCTION data.upn_problem(upn text) OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.upn_problem(upn text) IS 'Why a text is not a valid UPN; null when it is one';

CREATE TABLE data.pupil (
    pupil_id bigint NOT NULL,
    upn text NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    date_of_birth date NOT NULL,
    address text,
    postcode text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT family_name_is_said CHECK ((family_name ~ '[^[:space:]]'::text)),
    CONSTRAINT given_name_is_said CHECK ((given_name ~ '[^[:space:]]'::text)),
    CONSTRAINT upn_is_valid CHECK ((data.upn_problem(upn) IS NULL))
);

ALTER TABLE ONLY data.pupil FORCE ROW LEVEL SECURITY;

ALTER TABLE data.pupil OWNER TO doorstep_owner;

COMMENT ON TABLE data.pupil IS 'A child, once in the trust; when and where on roll is in data.enrolment';

COMMENT ON COLUMN data.pupil.pupil_id IS 'Number in the API; the UPN stays out of URLs and logs';

COMMENT ON COLUMN data.pupil.upn IS 'Unique pupil number, check letter verified; permanent or temporary';

COMMENT ON COLUMN data.pupil.given_name IS 'Given name';

COMMENT ON COLUMN data.pupil.family_name IS 'Family name';

COMMENT ON COLUMN data.pupil.date_of_birth IS 'Date of birth';

COMMENT ON COLUMN data.pupil.address IS 'Home address';

COMMENT ON COLUMN data.pupil.postcode IS 'Postcode of the home address';

COMMENT ON COLUMN data.pupil.version IS 'Counts the changes; its ETag';

COMMENT ON COLUMN data.pupil.created_at IS 'When the row was made';

COMMENT ON COLUMN data.pupil.updated_at IS 'When the row last changed';

CREATE VIEW api.pupil WITH (security_invoker='true') AS
 SELECT p.pupil_id AS id,
    p.upn,
    p.given_name,
    p.family_name,
    p.date_of_birth,
    p.address,
    p.postcode,
    latest.school_urn,
    latest.year_group,
    latest.admitted_on,
    latest.left_on,
    ( SELECT json_agg(json_build_object('school_urn', e.school_urn, 'year_group', e.year_group, 'admitted_on', e.admitted_on, 'left_on', e.left_on) ORDER BY e.admitted_on, e.school_urn) AS json_agg
           FROM data.enrolment e
          WHERE (e.pupil_id = p.pupil_id)) AS enrolments,
    p.version,
    p.created_at,
    p.updated_at
   FROM (data.pupil p
     CROSS JOIN LATERAL ( SELECT e.pupil_id,
            e.school_urn,
            e.year_group,
            e.admitted_on,
            e.left_on,
            e.created_at,
            e.updated_at
           FROM data.enrolment e
          WHERE (e.pupil_id = p.pupil_id)
          ORDER BY e.left_on DESC, e.admitted_on DESC, e.school_urn
         LIMIT 1) latest);

ALTER TABLE api.pupil OWNER TO doorstep_owner;

COMMENT ON VIEW api.pupil IS 'Pupils as the API shows them, with their enrolments at the schools that the client sees; school_urn and what follows it are of the latest';

CREATE FUNCTION api.pupil_list(school integer DEFAULT NULL::integer, updated_after timestamp with time zone DEFAULT NULL::timestamp with time zone, after bigint DEFAULT NULL::bigint, max_rows integer DEFAULT NULL::integer) RETURNS SETOF api.pupil
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT p.id,
     p.upn,
     p.given_name,
     p.family_name,
     p.date_of_birth,
     p.address,
     p.postcode,
     p.school_urn,
     p.year_group,
     p.admitted_on,
     p.left_on,
     p.enrolments,
     p.version,
     p.created_at,
     p.updated_at
    FROM api.pupil p
   WHERE (((pupil_list.school IS NULL) OR (EXISTS ( SELECT
            FROM data.enrolment e
           WHERE ((e.pupil_id = p.id) AND (e.school_urn = pupil_list.school))))) AND ((pupil_list.updated_after IS NULL) OR (p.updated_at > pupil_list.updated_after)) AND ((pupil_list.after IS NULL) OR (p.id > pupil_list.after)))
   ORDER BY p.id
  LIMIT pupil_list.max_rows;
END;

ALTER FUNCTION api.pupil_list(school integer, updated_after timestamp with time zone, after bigint, max_rows integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.pupil_list(school integer, updated_after timestamp with time zone, after bigint, max_rows integer) IS 'Pupils, by id';

CREATE FUNCTION api.pupil_read(pupil bigint) RETURNS SETOF api.pupil
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT p.id,
     p.upn,
     p.given_name,
     p.family_name,
     p.date_of_birth,
     p.address,
     p.postcode,
     p.school_urn,
     p.year_group,
     p.admitted_on,
     p.left_on,
     p.enrolments,
     p.version,
     p.created_at,
     p.updated_at
    FROM api.pupil p
   WHERE (p.id = pupil_read.pupil);
END;

ALTER FUNCTION api.pupil_read(pupil bigint) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.pupil_read(pupil bigint) IS 'One pupil';

CREATE FUNCTION api.refuse(problems jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
	if jsonb_array_length(problems) > 0 then
		raise exception 'Some of what was sent does not fit the records.'
			using errcode = 'DS422', detail = problems::text;
	end if;
end;
$$;

ALTER FUNCTION api.refuse(problems jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.refuse(problems jsonb) IS 'Fails with DS422 when there are problems';

CREATE TABLE data.school (
    urn integer NOT NULL,
    laestab text NOT NULL,
    name text NOT NULL,
    phase data.school_phase NOT NULL,
    policy text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT laestab_has_seven_digits CHECK ((laestab ~ '^[0-9]{7}$'::text)),
    CONSTRAINT name_is_said CHECK ((name ~ '[^[:space:]]'::text)),
    CONSTRAINT policy_is_a_code CHECK ((policy ~ '^[a-z][a-z0-9-]{1,39}$'::text)),
    CONSTRAINT urn_has_six_digits CHECK (((urn >= 100000) AND (urn <= 999999)))
);

ALTER TABLE ONLY data.school FORCE ROW LEVEL SECURITY;

ALTER TABLE data.school OWNER TO doorstep_owner;

COMMENT ON TABLE data.school IS 'A school of the trust';

COMMENT ON COLUMN data.school.urn IS 'Unique reference number, six digits';

COMMENT ON COLUMN data.school.laestab IS 'Local authority (3 digits) and establishment (4 digits), no slash';

COMMENT ON COLUMN data.school.name IS 'Name of the school';

COMMENT ON COLUMN data.school.phase IS 'Phase of education';

COMMENT ON COLUMN data.school.policy IS 'Code of the home-visit policy that the school follows';

COMMENT ON COLUMN data.school.version IS 'Counts the changes; its ETag';

COMMENT ON COLUMN data.school.created_at IS 'When the row was made';

COMMENT ON COLUMN data.school.updated_at IS 'When the row last changed';

CREATE VIEW api.school WITH (security_invoker='true') AS
 SELECT s.urn,
    s.laestab,
    s.name,
    s.phase,
    s.policy,
    s.version,
    s.created_at,
    s.updated_at
   FROM data.school s;

ALTER TABLE api.school OWNER TO doorstep_owner;

COMMENT ON VIEW api.school IS 'Schools as the API shows them';

CREATE FUNCTION api.school_list(updated_after timestamp with time zone DEFAULT NULL::timestamp with time zone, after bigint DEFAULT NULL::bigint, max_rows integer DEFAULT NULL::integer) RETURNS SETOF api.school
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.urn,
     s.laestab,
     s.name,
     s.phase,
     s.policy,
     s.version,
     s.created_at,
     s.updated_at
    FROM api.school s
   WHERE (((school_list.updated_after IS NULL) OR (s.updated_at > school_list.updated_after)) AND ((school_list.after IS NULL) OR (s.urn > school_list.after)))
   ORDER BY s.urn
  LIMIT school_list.max_rows;
END;

ALTER FUNCTION api.school_list(updated_after timestamp with time zone, after bigint, max_rows integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.school_list(updated_after timestamp with time zone, after bigint, max_rows integer) IS 'Schools, by URN';

CREATE FUNCTION api.school_read(urn integer) RETURNS SETOF api.school
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.urn,
     s.laestab,
     s.name,
     s.phase,
     s.policy,
     s.version,
     s.created_at,
     s.updated_at
    FROM api.school s
   WHERE (s.urn = school_read.urn);
END;

ALTER FUNCTION api.school_read(urn integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.school_read(urn integer) IS 'One school';

CREATE TABLE data.post (
    staff_id bigint NOT NULL,
    school_urn integer NOT NULL,
    roles data.staff_role[] DEFAULT '{}'::data.staff_role[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY data.post FORCE ROW LEVEL SECURITY;

ALTER TABLE data.post OWNER TO doorstep_owner;

COMMENT ON TABLE data.post IS 'A member of staff at a school, with the roles held there';

COMMENT ON COLUMN data.post.staff_id IS 'Who';

COMMENT ON COLUMN data.post.school_urn IS 'Where';

COMMENT ON COLUMN data.post.roles IS 'The roles held there, none twice';

COMMENT ON COLUMN data.post.created_at IS 'When the row was made';

COMMENT ON COLUMN data.post.updated_at IS 'When the row last changed';

CREATE TABLE data.staff (
    staff_id bigint NOT NULL,
    staff_code text NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    email text,
    phone text,
    version bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT family_name_is_said CHECK ((family_name ~ '[^[:space:]]'::text)),
    CONSTRAINT given_name_is_said CHECK ((given_name ~ '[^[:space:]]'::text)),
    CONSTRAINT staff_code_is_said CHECK ((staff_code ~ '[^[:space:]]'::text))
);

ALTER TABLE ONLY data.staff FORCE ROW LEVEL SECURITY;

ALTER TABLE data.staff OWNER TO doorstep_owner;

COMMENT ON TABLE data.staff IS 'A member of staff of the trust; what they are at which school is in data.post';

COMMENT ON COLUMN data.staff.staff_id IS 'Number in the API';

COMMENT ON COLUMN data.staff.staff_code IS 'The trust''s own code for the person, unique in the trust';

COMMENT ON COLUMN data.staff.given_name IS 'Given name';

COMMENT ON COLUMN data.staff.family_name IS 'Family name';

COMMENT ON COLUMN data.staff.email IS 'Work e-mail address';

COMMENT ON COLUMN data.staff.phone IS 'Work telephone number';

COMMENT ON COLUMN data.staff.version IS 'Counts the changes; its ETag';

COMMENT ON COLUMN data.staff.created_at IS 'When the row was made';

COMMENT ON COLUMN data.staff.updated_at IS 'When the row last changed';

CREATE VIEW api.staff WITH (security_invoker='true') AS
 SELECT s.staff_id AS id,
    s.staff_code,
    s.given_name,
    s.family_name,
    s.email,
    s.phone,
    ( SELECT json_agg(json_build_object('school_urn', p.school_urn, 'roles', p.roles) ORDER BY p.school_urn) AS json_agg
           FROM data.post p
          WHERE (p.staff_id = s.staff_id)) AS posts,
    ( SELECT string_agg(((p.school_urn || ': '::text) || array_to_string(p.roles, ' '::text)), '; '::text ORDER BY p.school_urn) AS string_agg
           FROM data.post p
          WHERE (p.staff_id = s.staff_id)) AS posts_text,
    s.version,
    s.created_at,
    s.updated_at
   FROM data.staff s;

ALTER TABLE api.staff OWNER TO doorstep_owner;

COMMENT ON VIEW api.staff IS 'Members of staff as the API shows them, with their posts at the schools that the client sees';

CREATE FUNCTION api.staff_list(school integer DEFAULT NULL::integer, role data.staff_role DEFAULT NULL::data.staff_role, updated_after timestamp with time zone DEFAULT NULL::timestamp with time zone, after bigint DEFAULT NULL::bigint, max_rows integer DEFAULT NULL::integer) RETURNS SETOF api.staff
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.id,
     s.staff_code,
     s.given_name,
     s.family_name,
     s.email,
     s.phone,
     s.posts,
     s.posts_text,
     s.version,
     s.created_at,
     s.updated_at
    FROM api.staff s
   WHERE ((((staff_list.school IS NULL) AND (staff_list.role IS NULL)) OR (EXISTS ( SELECT
            FROM data.post p
           WHERE ((p.staff_id = s.id) AND ((staff_list.school IS NULL) OR (p.school_urn = staff_list.school)) AND ((staff_list.role IS NULL) OR (staff_list.role = ANY (p.roles))))))) AND ((staff_list.updated_after IS NULL) OR (s.updated_at > staff_list.updated_after)) AND ((staff_list.after IS NULL) OR (s.id > staff_list.after)))
   ORDER BY s.id
  LIMIT staff_list.max_rows;
END;

ALTER FUNCTION api.staff_list(school integer, role data.staff_role, updated_after timestamp with time zone, after bigint, max_rows integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.staff_list(school integer, role data.staff_role, updated_after timestamp with time zone, after bigint, max_rows integer) IS 'Members of staff, by id';

CREATE FUNCTION api.staff_read(staff bigint) RETURNS SETOF api.staff
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT s.id,
     s.staff_code,
     s.given_name,
     s.family_name,
     s.email,
     s.phone,
     s.posts,
     s.posts_text,
     s.version,
     s.created_at,
     s.updated_at
    FROM api.staff s
   WHERE (s.id = staff_read.staff);
END;

ALTER FUNCTION api.staff_read(staff bigint) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.staff_read(staff bigint) IS 'One member of staff';

CREATE TABLE data.team_member (
    visit_id bigint NOT NULL,
    school_urn integer NOT NULL,
    "position" integer NOT NULL,
    staff_id bigint,
    name text,
    organisation text,
    role text,
    lead boolean DEFAULT false NOT NULL,
    phone text,
    CONSTRAINT name_is_said CHECK ((name ~ '[^[:space:]]'::text)),
    CONSTRAINT only_outsiders_have_an_organisation CHECK (((staff_id IS NULL) OR ((organisation IS NULL) AND (role IS NULL)))),
    CONSTRAINT staff_or_outside_professional CHECK (((staff_id IS NULL) <> (name IS NULL)))
);

ALTER TABLE ONLY data.team_member FORCE ROW LEVEL SECURITY;

ALTER TABLE data.team_member OWNER TO doorstep_owner;

COMMENT ON TABLE data.team_member IS 'Somebody of the team of a visit: staff, or an outside professional';

COMMENT ON COLUMN data.team_member.visit_id IS 'The visit';

COMMENT ON COLUMN data.team_member.school_urn IS 'School of the visit, for row-level security';

COMMENT ON COLUMN data.team_member."position" IS 'Place in the list as given, from 1';

COMMENT ON COLUMN data.team_member.staff_id IS 'Member of staff; null for an outside professional';

COMMENT ON COLUMN data.team_member.name IS 'Name of the outside professional';

COMMENT ON COLUMN data.team_member.organisation IS 'Where the outside professional works';

COMMENT ON COLUMN data.team_member.role IS 'What the outside professional is: social worker, school nurse, …';

COMMENT ON COLUMN data.team_member.lead IS 'Whether this one leads; exactly one of a team does';

COMMENT ON COLUMN data.team_member.phone IS 'Number of the telephone taken along';

CREATE TABLE data.visit_pupil (
    visit_id bigint NOT NULL,
    school_urn integer NOT NULL,
    pupil_id bigint NOT NULL,
    "position" integer NOT NULL
);

ALTER TABLE ONLY data.visit_pupil FORCE ROW LEVEL SECURITY;

ALTER TABLE data.visit_pupil OWNER TO doorstep_owner;

COMMENT ON TABLE data.visit_pupil IS 'A pupil whom a visit is about';

COMMENT ON COLUMN data.visit_pupil.visit_id IS 'The visit';

COMMENT ON COLUMN data.visit_pupil.school_urn IS 'School of the visit, for row-level security';

COMMENT ON COLUMN data.visit_pupil.pupil_id IS 'The pupil';

COMMENT ON COLUMN data.visit_pupil."position" IS 'Place in the list as given, from 1';

CREATE FUNCTION api.visit_body(visit data.visit) RETURNS jsonb
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT jsonb_strip_nulls(jsonb_build_object('school_urn', (visit).school_urn, 'purpose', (visit).purpose, 'planned_start', (visit).planned_start, 'planned_end', (visit).planned_end, 'announced', (visit).announced, 'parents_told_by', (visit).parents_told_by, 'place', jsonb_build_object('address', (visit).address, 'postcode', (visit).postcode), 'vehicle', jsonb_build_object('make', (visit).vehicle_make, 'model', (visit).vehicle_model, 'registration', (visit).vehicle_registration, 'colour', (visit).vehicle_colour), 'pupils', ( SELECT jsonb_agg(p.pupil_id ORDER BY p."position") AS jsonb_agg
            FROM data.visit_pupil p
           WHERE (p.visit_id = (visit_body.visit).visit_id)), 'team', ( SELECT jsonb_agg(jsonb_build_object('staff_id', t.staff_id, 'name', t.name, 'organisation', t.organisation, 'role', t.role, 'lead', t.lead, 'phone', t.phone) ORDER BY t."position") AS jsonb_agg
            FROM data.team_member t
           WHERE (t.visit_id = (visit_body.visit).visit_id)))) AS jsonb_strip_nulls;
END;

ALTER FUNCTION api.visit_body(visit data.visit) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_body(visit data.visit) IS 'A visit as the body that would plan it';

CREATE VIEW api.visit WITH (security_invoker='true') AS
 SELECT v.visit_id AS id,
    v.school_urn,
    v.purpose,
    v.state,
    v.planned_start,
    v.planned_end,
    v.announced,
    v.parents_told_by,
    json_build_object('address', v.address, 'postcode', v.postcode) AS place,
    v.address,
    v.postcode,
    ( SELECT json_agg(p.pupil_id ORDER BY p."position") AS json_agg
           FROM data.visit_pupil p
          WHERE (p.visit_id = v.visit_id)) AS pupils,
    pupil.ids AS pupil_ids,
    pupil.names AS pupil_names,
    ( SELECT json_agg(json_build_object('staff_id', t.staff_id, 'name', COALESCE(t.name, ((s.given_name || ' '::text) || s.family_name)), 'organisation', t.organisation, 'role', t.role, 'lead', t.lead, 'phone', t.phone) ORDER BY t."position") AS json_agg
           FROM (data.team_member t
             LEFT JOIN data.staff s USING (staff_id))
          WHERE (t.visit_id = v.visit_id)) AS team,
    team.lead,
    team.names AS team_names,
    team.phones,
        CASE
            WHEN (num_nonnulls(v.vehicle_make, v.vehicle_model, v.vehicle_registration, v.vehicle_colour) > 0) THEN json_build_object('make', v.vehicle_make, 'model', v.vehicle_model, 'registration', v.vehicle_registration, 'colour', v.vehicle_colour)
            ELSE NULL::json
        END AS vehicle,
    NULLIF(concat_ws(' '::text, v.vehicle_colour, v.vehicle_make, v.vehicle_model, v.vehicle_registration), ''::text) AS vehicle_text,
    v.departed_at,
    v.arrived_at,
    v.left_at,
    v.returned_at,
    v.cancelled_at,
    v.cancel_reason,
    v.version,
    v.created_at,
    v.updated_at
   FROM ((data.visit v
     LEFT JOIN LATERAL ( SELECT string_agg((p.pupil_id)::text, '; '::text) AS ids,
            string_agg(((p.given_name || ' '::text) || p.family_name), '; '::text) AS names
           FROM ( SELECT p_1.pupil_id,
                    c.given_name,
                    c.family_name
                   FROM (data.visit_pupil p_1
                     LEFT JOIN data.pupil c USING (pupil_id))
                  WHERE (p_1.visit_id = v.visit_id)
                  ORDER BY p_1."position") p) pupil ON (true))
     LEFT JOIN LATERAL ( SELECT max(t.name) FILTER (WHERE t.lead) AS lead,
            string_agg((t.name || COALESCE(((' ('::text || NULLIF(concat_ws(', '::text, t.role, t.organisation), ''::text)) || ')'::text), ''::text)), '; '::text) AS names,
            string_agg(t.phone, '; '::text) AS phones
           FROM ( SELECT t_1.lead,
                    t_1.phone,
                    t_1.role,
                    t_1.organisation,
                    COALESCE(t_1.name, ((s.given_name || ' '::text) || s.family_name), ('staff '::text || t_1.staff_id)) AS name
                   FROM (data.team_member t_1
                     LEFT JOIN data.staff s USING (staff_id))
                  WHERE (t_1.visit_id = v.visit_id)
                  ORDER BY t_1."position") t) team ON (true));

ALTER TABLE api.visit OWNER TO doorstep_owner;

COMMENT ON VIEW api.visit IS 'The visit log as the API shows it';

CREATE FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) RETURNS SETOF api.visit
    LANGUAGE plpgsql
    AS $$
declare
	was   data.visit;
	known jsonb;
	plan  jsonb;
begin
	select v.* into was from data.visit v where v.visit_id = visit for update;
	if not found then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	if not if_match && array['*', was.version::text] then
		raise exception 'The visit has changed since it was read: read it again.' using errcode = 'DS412';
	end if;
	if was.state in ('returned', 'cancelled') then
		raise exception 'The visit is over: add a note instead.' using errcode = 'DS409';
	end if;
	known := api.visit_body(was);
	plan := jsonb_strip_nulls(api.merge_patch(known, body));
	plan := plan || jsonb_build_object('team', api.visit_team_normal(plan -> 'team'));
	perform api.refuse(api.visit_problems(plan, known));
	update data.visit v
	   set purpose = (plan ->> 'purpose')::data.visit_purpose,
	       planned_start = (plan ->> 'planned_start')::timestamptz,
	       planned_end = (plan ->> 'planned_end')::timestamptz,
	       address = plan #>> '{place,address}', postcode = plan #>> '{place,postcode}',
	       announced = (plan ->> 'announced')::boolean,
	       parents_told_by = (plan ->> 'parents_told_by')::data.telling,
	       vehicle_make = plan #>> '{vehicle,make}', vehicle_model = plan #>> '{vehicle,model}',
	       vehicle_registration = plan #>> '{vehicle,registration}',
	       vehicle_colour = plan #>> '{vehicle,colour}'
	 where v.visit_id = visit;
	if plan -> 'pupils' is distinct from known -> 'pupils' then
		delete from data.visit_pupil p where p.visit_id = visit;
		perform api.visit_pupils_write(visit, was.school_urn, plan -> 'pupils');
	end if;
	if plan -> 'team' is distinct from known -> 'team' then
		delete from data.team_member t where t.visit_id = visit;
		perform api.visit_team_write(visit, was.school_urn, plan -> 'team');
	end if;
	return query select * from api.visit_read(visit);
end;
$$;

ALTER FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) IS 'Changes a visit by JSON Merge Patch, if it is as the caller knows it';

CREATE FUNCTION data.moment_end(moment text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (length(moment) = 10) THEN ((((moment)::date + 1))::timestamp without time zone AT TIME ZONE 'Europe/London'::text) ELSE ((moment)::timestamp with time zone + '00:00:00.000001'::interval) END;

ALTER FUNCTION data.moment_end(moment text) OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.moment_end(moment text) IS 'The instant before which a day or time given as a filter ends';

CREATE FUNCTION data.moment_first(moment text) RETURNS timestamp with time zone
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (length(moment) = 10) THEN (((moment)::date)::timestamp without time zone AT TIME ZONE 'Europe/London'::text) ELSE (moment)::timestamp with time zone END;

ALTER FUNCTION data.moment_first(moment text) OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.moment_first(moment text) IS 'The first instant of a day or time given as a filter';

CREATE FUNCTION api.visit_list(school integer DEFAULT NULL::integer, pupil bigint DEFAULT NULL::bigint, state data.visit_state DEFAULT NULL::data.visit_state, purpose data.visit_purpose DEFAULT NULL::data.visit_purpose, planned_from text DEFAULT NULL::text, planned_to text DEFAULT NULL::text, updated_after timestamp with time zone DEFAULT NULL::timestamp with time zone, after bigint DEFAULT NULL::bigint, max_rows integer DEFAULT NULL::integer) RETURNS SETOF api.visit
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT v.id,
     v.school_urn,
     v.purpose,
     v.state,
     v.planned_start,
     v.planned_end,
     v.announced,
     v.parents_told_by,
     v.place,
     v.address,
     v.postcode,
     v.pupils,
     v.pupil_ids,
     v.pupil_names,
     v.team,
     v.lead,
     v.team_names,
     v.phones,
     v.vehicle,
     v.vehicle_text,
     v.departed_at,
     v.arrived_at,
     v.left_at,
     v.returned_at,
     v.cancelled_at,
     v.cancel_reason,
     v.version,
     v.created_at,
     v.updated_at
    FROM api.visit v
   WHERE (((visit_list.school IS NULL) OR (v.school_urn = visit_list.school)) AND ((visit_list.pupil IS NULL) OR (EXISTS ( SELECT
            FROM data.visit_pupil p
           WHERE ((p.visit_id = v.id) AND (p.pupil_id = visit_list.pupil))))) AND ((visit_list.state IS NULL) OR (v.state = visit_list.state)) AND ((visit_list.purpose IS NULL) OR (v.purpose = visit_list.purpose)) AND ((visit_list.planned_from IS NULL) OR (v.planned_start >= data.moment_first(visit_list.planned_from))) AND ((visit_list.planned_to IS NULL) OR (v.planned_start < data.moment_end(visit_list.planned_to))) AND ((visit_list.updated_after IS NULL) OR (v.updated_at > visit_list.updated_after)) AND ((visit_list.after IS NULL) OR (v.id > visit_list.after)))
   ORDER BY v.id
  LIMIT visit_list.max_rows;
END;

ALTER FUNCTION api.visit_list(school integer, pupil bigint, state data.visit_state, purpose data.visit_purpose, planned_from text, planned_to text, updated_after timestamp with time zone, after bigint, max_rows integer) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_list(school integer, pupil bigint, state data.visit_state, purpose data.visit_purpose, planned_from text, planned_to text, updated_after timestamp with time zone, after bigint, max_rows integer) IS 'The visit log, by id; planned_from and planned_to are days or times of the planned start, both included';

CREATE FUNCTION api.visit_plan(body jsonb) RETURNS SETOF api.visit
    LANGUAGE plpgsql
    AS $$
declare
	plan jsonb := jsonb_strip_nulls(body) || jsonb_build_object('team', api.visit_team_normal(body -> 'team'));
	made bigint;
begin
	perform api.refuse(api.visit_problems(plan));
	insert into data.visit (school_urn, purpose, planned_start, planned_end, address, postcode, announced,
	                        parents_told_by, vehicle_make, vehicle_model, vehicle_registration, vehicle_colour)
	values ((plan ->> 'school_urn')::int, (plan ->> 'purpose')::data.visit_purpose,
	        (plan ->> 'planned_start')::timestamptz, (plan ->> 'planned_end')::timestamptz,
	        plan #>> '{place,address}', plan #>> '{place,postcode}',
	        (plan ->> 'announced')::boolean, (plan ->> 'parents_told_by')::data.telling,
	        plan #>> '{vehicle,make}', plan #>> '{vehicle,model}',
	        plan #>> '{vehicle,registration}', plan #>> '{vehicle,colour}')
	returning visit_id into made;
	perform api.visit_pupils_write(made, (plan ->> 'school_urn')::int, plan -> 'pupils'),
	        api.visit_team_write(made, (plan ->> 'school_urn')::int, plan -> 'team');
	return query select * from api.visit_read(made);
end;
$$;

ALTER FUNCTION api.visit_plan(body jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_plan(body jsonb) IS 'Plans a visit; fails with DS422 and every problem';

CREATE FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) RETURNS SETOF jsonb
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT jsonb_build_object('pointer', ('/pupils/'::text || (p.n - 1)), 'detail',
         CASE
             WHEN (p.n > p.first) THEN 'is in the list twice'::text
             ELSE 'is not a pupil of this school'::text
         END) AS jsonb_build_object
    FROM ( SELECT given.id,
             given.n,
             min(given.n) OVER (PARTITION BY given.id) AS first,
             (EXISTS ( SELECT
                    FROM data.enrolment e
                   WHERE ((e.pupil_id = (given.id)::bigint) AND (e.school_urn = visit_pupil_problems.school)))) AS known
            FROM jsonb_array_elements_text(visit_pupil_problems.pupils) WITH ORDINALITY given(id, n)) p
   WHERE ((NOT p.known) OR (p.n > p.first))
   ORDER BY p.n;
END;

ALTER FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) IS 'What is wrong with the pupils of a visit';

CREATE FUNCTION api.visit_team_problems(team jsonb) RETURNS SETOF jsonb
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH member AS (
          SELECT given.m,
             given.n,
             ((given.m ->> 'staff_id'::text))::bigint AS staff_id,
             ('/team/'::text || (given.n - 1)) AS pointer
            FROM jsonb_array_elements(visit_team_problems.team) WITH ORDINALITY given(m, n)
         ), problem(n, pointer, detail) AS (
          SELECT member.n,
             (member.pointer || '/staff_id'::text) AS "?column?",
             'is not a member of staff that this client sees'::text AS "?column?"
            FROM member
           WHERE ((member.staff_id IS NOT NULL) AND (NOT (EXISTS ( SELECT
                    FROM data.staff s
                   WHERE (s.staff_id = member.staff_id)))))
         UNION ALL
          SELECT member.n,
             (member.pointer || '/staff_id'::text),
             'is in the team twice'::text
            FROM member
           WHERE (EXISTS ( SELECT
                    FROM member other
                   WHERE ((other.staff_id = member.staff_id) AND (other.n < member.n))))
         UNION ALL
          SELECT member.n,
             member.pointer,
             'needs a staff_id, or the name of an outside professional'::text
            FROM member
           WHERE ((member.staff_id IS NULL) AND (NOT (member.m ? 'name'::text)))
         UNION ALL
          SELECT member.n,
             (member.pointer || '/name'::text),
             'must not be empty'::text
            FROM member
           WHERE ((member.m ->> 'name'::text) !~ '[^[:space:]]'::text)
         UNION ALL
          SELECT member.n,
             ((member.pointer || '/'::text) || key.key),
             'is for outside professionals: leave it out beside a staff_id'::text
            FROM member,
             unnest(ARRAY['organisation'::text, 'role'::text]) key(key)
           WHERE ((member.staff_id IS NOT NULL) AND (member.m ? key.key))
         UNION ALL
          SELECT 0,
             '/team'::text,
             'needs exactly one member with "lead": true'::text
           WHERE (( SELECT count(*) AS count
                    FROM member
                   WHERE ((member.m ->> 'lead'::text))::boolean) <> 1)
         )
  SELECT jsonb_build_object('pointer', problem.pointer, 'detail', problem.detail) AS jsonb_build_object
    FROM problem
   ORDER BY problem.n, problem.pointer;
END;

ALTER FUNCTION api.visit_team_problems(team jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_team_problems(team jsonb) IS 'What is wrong with the team of a visit';

CREATE FUNCTION api.visit_problems(body jsonb, known jsonb DEFAULT NULL::jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT COALESCE(jsonb_agg(found.problem), '[]'::jsonb) AS "coalesce"
    FROM ( SELECT jsonb_build_object('pointer', '/school_urn', 'detail', 'is not a school that this client sees') AS problem
           WHERE (NOT (EXISTS ( SELECT
                    FROM data.school s
                   WHERE (s.urn = ((visit_problems.body ->> 'school_urn'::text))::integer))))
         UNION ALL
          SELECT jsonb_build_object('pointer', '/planned_end', 'detail', 'must be after planned_start') AS jsonb_build_object
           WHERE (((visit_problems.body ->> 'planned_end'::text))::timestamp with time zone <= ((visit_problems.body ->> 'planned_start'::text))::timestamp with time zone)
         UNION ALL
          SELECT jsonb_build_object('pointer', '/planned_end', 'detail', 'must be within 24 hours of planned_start') AS jsonb_build_object
           WHERE (((visit_problems.body ->> 'planned_end'::text))::timestamp with time zone > (((visit_problems.body ->> 'planned_start'::text))::timestamp with time zone + '24:00:00'::interval))
         UNION ALL
          SELECT jsonb_build_object('pointer', '/parents_told_by', 'detail', 'is for announced visits only') AS jsonb_build_object
           WHERE ((NOT ((visit_problems.body ->> 'announced'::text))::boolean) AND (visit_problems.body ? 'parents_told_by'::text))
         UNION ALL
          SELECT api.visit_pupil_problems(((visit_problems.body ->> 'school_urn'::text))::integer, (visit_problems.body -> 'pupils'::text)) AS visit_pupil_problems
           WHERE ((visit_problems.body -> 'pupils'::text) IS DISTINCT FROM (visit_problems.known -> 'pupils'::text))
         UNION ALL
          SELECT api.visit_team_problems((visit_problems.body -> 'team'::text)) AS visit_team_problems
           WHERE ((visit_problems.body -> 'team'::text) IS DISTINCT FROM (visit_problems.known -> 'team'::text))) found;
END;

ALTER FUNCTION api.visit_problems(body jsonb, known jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_problems(body jsonb, known jsonb) IS 'Everything in which a visit does not fit the records, as JSON array of {pointer, detail}';

CREATE FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO data.visit_pupil (visit_id, school_urn, pupil_id, "position")  SELECT visit_pupils_write.visit AS visit,
             visit_pupils_write.school AS school,
             (p.id)::bigint AS id,
             p.n
            FROM jsonb_array_elements_text(visit_pupils_write.pupils) WITH ORDINALITY p(id, n);
END;

ALTER FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) IS 'Writes the pupils of a visit';

CREATE FUNCTION api.visit_read(visit bigint) RETURNS SETOF api.visit
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT v.id,
     v.school_urn,
     v.purpose,
     v.state,
     v.planned_start,
     v.planned_end,
     v.announced,
     v.parents_told_by,
     v.place,
     v.address,
     v.postcode,
     v.pupils,
     v.pupil_ids,
     v.pupil_names,
     v.team,
     v.lead,
     v.team_names,
     v.phones,
     v.vehicle,
     v.vehicle_text,
     v.departed_at,
     v.arrived_at,
     v.left_at,
     v.returned_at,
     v.cancelled_at,
     v.cancel_reason,
     v.version,
     v.created_at,
     v.updated_at
    FROM api.visit v
   WHERE (v.id = visit_read.visit);
END;

ALTER FUNCTION api.visit_read(visit bigint) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_read(visit bigint) IS 'One visit';

CREATE FUNCTION api.visit_team_normal(team jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    BEGIN ATOMIC
 SELECT COALESCE(jsonb_agg(('{"lead": false}'::jsonb ||
         CASE
             WHEN (t.m ? 'staff_id'::text) THEN (t.m - 'name'::text)
             ELSE t.m
         END) ORDER BY t.n), '[]'::jsonb) AS "coalesce"
    FROM jsonb_array_elements(jsonb_strip_nulls(visit_team_normal.team)) WITH ORDINALITY t(m, n);
END;

ALTER FUNCTION api.visit_team_normal(team jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_team_normal(team jsonb) IS 'A team without names beside staff, and with lead said';

CREATE FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) RETURNS void
    LANGUAGE sql
    BEGIN ATOMIC
 INSERT INTO data.team_member (visit_id, school_urn, "position", staff_id, name, organisation, role, lead, phone)  SELECT visit_team_write.visit AS visit,
             visit_team_write.school AS school,
             t.n,
             ((t.m ->> 'staff_id'::text))::bigint AS int8,
             (t.m ->> 'name'::text),
             (t.m ->> 'organisation'::text),
             (t.m ->> 'role'::text),
             COALESCE(((t.m ->> 'lead'::text))::boolean, false) AS "coalesce",
             (t.m ->> 'phone'::text)
            FROM jsonb_array_elements(visit_team_write.team) WITH ORDINALITY t(m, n);
END;

ALTER FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) OWNER TO doorstep_owner;

COMMENT ON FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) IS 'Writes the team of a visit';

CREATE FUNCTION audit.access_append(resource text, filters jsonb, format text, row_count bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
	insert into audit.access (client_id, request_id, resource, filters, format, row_count)
	values (auth.client_id(), current_setting('doorstep.request_id'), resource, filters, format, row_count);
end;
$$;

ALTER FUNCTION audit.access_append(resource text, filters jsonb, format text, row_count bigint) OWNER TO doorstep_definer;

COMMENT ON FUNCTION audit.access_append(resource text, filters jsonb, format text, row_count bigint) IS 'Notes an export before its first byte leaves';

CREATE FUNCTION audit.log_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
	secret  text[] := string_to_array(coalesce(tg_argv[1], ''), ',');
	earlier jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - secret end;
	later   jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - secret end;
	row_now jsonb := coalesce(later, earlier);
begin
	if tg_op = 'UPDATE' and old is not distinct from new then
		return null;
	end if;
	insert into audit.entry (client_id, request_id, action, record, key, school_urn, before, after)
	values (auth.client_id(), nullif(current_setting('doorstep.request_id', true), ''),
	        lower(tg_op), tg_table_schema || '.' || tg_table_name,
	        (select coalesce(jsonb_object_agg(k, row_now -> k), '{}')
	           from unnest(string_to_array(tg_argv[0], ',')) k),
	        coalesce(row_now ->> 'school_urn', row_now ->> 'urn')::int, earlier, later);
	return null;
end;
$$;

ALTER FUNCTION audit.log_change() OWNER TO doorstep_definer;

COMMENT ON FUNCTION audit.log_change() IS 'Trigger: writes the audit entry of a changed row';

CREATE FUNCTION auth.begin(token_hash text, scope text, request_id text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
	holder record;
begin
	select t.client_id, t.scopes into holder
	  from auth.token t join auth.client c using (client_id)
	 where t.token_hash = decode("begin".token_hash, 'hex')
	   and t.revoked_at is null and t.expires_at > now() and c.disabled_at is null;
	if not found then
		raise exception 'The token is unknown, expired or revoked: get a new one from /oauth2/token.'
			using errcode = 'DS401';
	end if;
	if scope <> all (holder.scopes) then
		raise exception 'The token lacks the scope %.', scope using errcode = 'DS403';
	end if;
	perform set_config('doorstep.token', token_hash, true),
	        set_config('doorstep.request_id', request_id, true);
	return holder.client_id;
end;
$$;

ALTER FUNCTION auth.begin(token_hash text, scope text, request_id text) OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.begin(token_hash text, scope text, request_id text) IS 'Opens a request: checks token and scope and binds them to the transaction';

CREATE FUNCTION auth.client_authenticate(client_id text, secret_hash text) RETURNS text[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
	found_scopes text[];
begin
	select c.scopes into found_scopes from auth.client c
	 where c.client_id = client_authenticate.client_id
	   and c.secret_hash = decode(client_authenticate.secret_hash, 'hex') and c.disabled_at is null;
	if not found then
		raise exception 'The client is unknown or its secret is wrong.' using errcode = 'DS001';
	end if;
	return found_scopes;
end;
$$;

ALTER FUNCTION auth.client_authenticate(client_id text, secret_hash text) OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.client_authenticate(client_id text, secret_hash text) IS 'The scopes of a client whose id and secret are right';

CREATE FUNCTION auth.client_create(client_id text, title text, scopes text[], schools integer[]) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
declare
	random bytea := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
	secret text := translate(encode(random, 'base64'), '+/=', '-_');
begin
	insert into auth.client (client_id, title, secret_hash, scopes, all_schools)
	values (client_id, title, sha256(convert_to(secret, 'UTF8')), scopes, schools is null);
	insert into auth.client_school (client_id, school_urn)
	select client_create.client_id, urn from unnest(schools) as urn;
	return secret;
end;
$$;

ALTER FUNCTION auth.client_create(client_id text, title text, scopes text[], schools integer[]) OWNER TO doorstep_owner;

COMMENT ON FUNCTION auth.client_create(client_id text, title text, scopes text[], schools integer[]) IS 'Makes a client and answers its secret, shown this once';

CREATE FUNCTION auth.schools() RETURNS integer[]
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
	client auth.client;
begin
	select c.* into client
	  from auth.token t join auth.client c using (client_id)
	 where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex');
	if client.all_schools then
		return coalesce((select array_agg(s.urn) from data.school s), '{}');
	end if;
	return coalesce((select array_agg(s.school_urn) from auth.client_school s
	                  where s.client_id = client.client_id), '{}');
end;
$$;

ALTER FUNCTION auth.schools() OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.schools() IS 'The URNs of the schools that the client may see; empty without a token';

CREATE FUNCTION auth.sees_all_schools() RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
	return coalesce((select c.all_schools from auth.token t join auth.client c using (client_id)
	                  where t.token_hash = decode(nullif(current_setting('doorstep.token', true), ''), 'hex')), false);
end;
$$;

ALTER FUNCTION auth.sees_all_schools() OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.sees_all_schools() IS 'Whether the client sees every school, those to come included';

CREATE FUNCTION auth.token_issue(client_id text, secret_hash text, token_hash text, scope text, seconds integer) RETURNS TABLE(token_type text, expires_in integer, granted text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
	allowed text[] := auth.client_authenticate(client_id, secret_hash);
	asked   text[] := coalesce(regexp_split_to_array(nullif(btrim(scope), ''), ' +'), allowed);
begin
	if not asked <@ allowed then
		raise exception 'The client may not have the scope %.',
			(select string_agg(s, ' ') from unnest(asked) s where s <> all (allowed))
			using errcode = 'DS002';
	end if;
	perform set_config('doorstep.token', token_hash, true);
	insert into auth.token (token_hash, client_id, scopes, expires_at)
	values (decode(token_issue.token_hash, 'hex'), token_issue.client_id, asked,
	        now() + make_interval(secs => seconds));
	delete from auth.token t
	 where t.client_id = token_issue.client_id and t.expires_at < now() - interval '1 day';
	return query select 'Bearer', seconds, array_to_string(asked, ' ');
end;
$$;

ALTER FUNCTION auth.token_issue(client_id text, secret_hash text, token_hash text, scope text, seconds integer) OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.token_issue(client_id text, secret_hash text, token_hash text, scope text, seconds integer) IS 'Stores a new token for a client';

CREATE FUNCTION auth.token_revoke(client_id text, secret_hash text, token_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
	perform auth.client_authenticate(client_id, secret_hash),
	        set_config('doorstep.token', token_hash, true); -- for the trail
	update auth.token t set revoked_at = now()
	 where t.token_hash = decode(token_revoke.token_hash, 'hex')
	   and t.client_id = token_revoke.client_id and t.revoked_at is null;
end;
$$;

ALTER FUNCTION auth.token_revoke(client_id text, secret_hash text, token_hash text) OWNER TO doorstep_definer;

COMMENT ON FUNCTION auth.token_revoke(client_id text, secret_hash text, token_hash text) IS 'Revokes a token of the client';

CREATE FUNCTION data.event_is_possible() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	needed   data.event_kind := case new.kind
		when 'arrived' then 'departed' when 'left' then 'arrived' when 'returned' then 'departed' end;
	disorder record;
begin
	if new.kind <> 'note' and exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = new.kind) then
		raise exception 'The event "%" is recorded already: add a note to correct it.', new.kind
			using errcode = 'DS409';
	end if;
	if needed is not null and not exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = needed) then
		raise exception 'The event "%" needs the event "%" before it: record that first, with the time when it happened.',
			new.kind, needed using errcode = 'DS409';
	end if;
	if new.kind = 'cancelled' and exists (select from data.event e
	    where e.visit_id = new.visit_id and e.kind = 'returned') then
		raise exception 'The visit is over: it cannot be cancelled any more.' using errcode = 'DS409';
	end if;
	select e.kind, e.at into disorder
	  from data.event e
	 where e.visit_id = new.visit_id and new.kind <= 'returned' and e.kind <= 'returned'
	   and ((e.kind < new.kind and e.at > new.at) or (e.kind > new.kind and e.at < new.at))
	 limit 1;
	if found then
		raise exception 'The time does not fit the other events.' using errcode = 'DS422',
			detail = jsonb_build_array(jsonb_build_object('pointer', '/at', 'detail',
				format('is %s the visit was %s, at %s',
					case when disorder.kind < new.kind then 'before' else 'after' end,
					disorder.kind, data.rfc3339(disorder.at))));
	end if;
	return new;
end;
$$;

ALTER FUNCTION data.event_is_possible() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.event_is_possible() IS 'Trigger: refuses an event that cannot have happened';

CREATE FUNCTION data.pupils_known(upns text[]) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
	select p.upn from data.pupil p where p.upn = any (upns);
$$;

ALTER FUNCTION data.pupils_known(upns text[]) OWNER TO doorstep_definer;

COMMENT ON FUNCTION data.pupils_known(upns text[]) IS 'Which of these UPNs are taken in the trust';

CREATE FUNCTION data.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	raise exception 'Rows of % are only ever appended.', tg_table_name using errcode = 'DS409';
end;
$$;

ALTER FUNCTION data.refuse_change() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.refuse_change() IS 'Trigger: refuses updates, deletes and truncation of append-only rows';

CREATE FUNCTION data.rfc3339(at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN to_char((at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'::text);

ALTER FUNCTION data.rfc3339(at timestamp with time zone) OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.rfc3339(at timestamp with time zone) IS 'A time in UTC as RFC 3339, to the second';

CREATE FUNCTION data.schools_known(laestabs text[]) RETURNS TABLE(laestab text, urn integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
	select s.laestab, s.urn from data.school s where s.laestab = any (laestabs);
$$;

ALTER FUNCTION data.schools_known(laestabs text[]) OWNER TO doorstep_definer;

COMMENT ON FUNCTION data.schools_known(laestabs text[]) IS 'Schools of the trust with these LAESTABs, seen by the client or not';

CREATE FUNCTION data.staff_known(codes text[]) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
	select s.staff_code from data.staff s where s.staff_code = any (codes);
$$;

ALTER FUNCTION data.staff_known(codes text[]) OWNER TO doorstep_definer;

COMMENT ON FUNCTION data.staff_known(codes text[]) IS 'Which of these staff codes are taken in the trust';

CREATE FUNCTION data.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	new.updated_at := clock_timestamp();
	return new;
end;
$$;

ALTER FUNCTION data.touch() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.touch() IS 'Trigger: sets updated_at';

CREATE FUNCTION data.touch_pupil() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
	update data.pupil p set updated_at = clock_timestamp() where p.pupil_id in (old.pupil_id, new.pupil_id);
	return null;
end;
$$;

ALTER FUNCTION data.touch_pupil() OWNER TO doorstep_definer;

COMMENT ON FUNCTION data.touch_pupil() IS 'Trigger: a change of an enrolment is one of its pupil';

CREATE FUNCTION data.touch_staff() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
	update data.staff s set updated_at = clock_timestamp() where s.staff_id in (old.staff_id, new.staff_id);
	return null;
end;
$$;

ALTER FUNCTION data.touch_staff() OWNER TO doorstep_definer;

COMMENT ON FUNCTION data.touch_staff() IS 'Trigger: a change of a post is one of its person';

CREATE FUNCTION data.touch_version() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	new.version := old.version + 1;
	new.updated_at := clock_timestamp();
	return new;
end;
$$;

ALTER FUNCTION data.touch_version() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.touch_version() IS 'Trigger: counts the version up and sets updated_at';

CREATE FUNCTION data.visit_follows_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	update data.visit v
	   set departed_at   = case new.kind when 'departed'  then new.at else v.departed_at end,
	       arrived_at    = case new.kind when 'arrived'   then new.at else v.arrived_at end,
	       left_at       = case new.kind when 'left'      then new.at else v.left_at end,
	       returned_at   = case new.kind when 'returned'  then new.at else v.returned_at end,
	       cancelled_at  = case new.kind when 'cancelled' then new.at else v.cancelled_at end,
	       cancel_reason = case new.kind when 'cancelled' then new.note else v.cancel_reason end
	 where v.visit_id = new.visit_id;
	return null;
end;
$$;

ALTER FUNCTION data.visit_follows_event() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.visit_follows_event() IS 'Trigger: carries an event over into its visit';

CREATE FUNCTION data.visit_is_whole() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	this_visit bigint := case tg_op when 'DELETE' then old.visit_id else new.visit_id end;
begin
	if not exists (select from data.visit v where v.visit_id = this_visit) then
		return null;
	end if;
	if not exists (select from data.visit_pupil p where p.visit_id = this_visit)
	   or not exists (select from data.team_member t where t.visit_id = this_visit and t.lead) then
		raise exception 'A visit needs a pupil, a team and one who leads it.' using errcode = 'DS422';
	end if;
	return null;
end;
$$;

ALTER FUNCTION data.visit_is_whole() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.visit_is_whole() IS 'Constraint trigger: a visit has a pupil, a team and one who leads it';

CREATE FUNCTION data.visit_state_of(departed_at timestamp with time zone, arrived_at timestamp with time zone, left_at timestamp with time zone, returned_at timestamp with time zone, cancelled_at timestamp with time zone) RETURNS data.visit_state
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (CASE WHEN ((departed_at IS NULL) AND (cancelled_at IS NOT NULL)) THEN 'cancelled'::text WHEN (departed_at IS NULL) THEN 'planned'::text WHEN ((returned_at IS NOT NULL) AND (cancelled_at >= departed_at)) THEN 'cancelled'::text WHEN (returned_at IS NOT NULL) THEN 'returned'::text WHEN (left_at IS NOT NULL) THEN 'left'::text WHEN (arrived_at IS NOT NULL) THEN 'arrived'::text ELSE 'departed'::text END)::data.visit_state;

ALTER FUNCTION data.visit_state_of(departed_at timestamp with time zone, arrived_at timestamp with time zone, left_at timestamp with time zone, returned_at timestamp with time zone, cancelled_at timestamp with time zone) OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.visit_state_of(departed_at timestamp with time zone, arrived_at timestamp with time zone, left_at timestamp with time zone, returned_at timestamp with time zone, cancelled_at timestamp with time zone) IS 'The state of a visit from the times of its events';

CREATE FUNCTION data.visit_takes_state() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	new.state := data.visit_state_of(new.departed_at, new.arrived_at, new.left_at, new.returned_at,
	                                 new.cancelled_at);
	return new;
end;
$$;

ALTER FUNCTION data.visit_takes_state() OWNER TO doorstep_owner;

COMMENT ON FUNCTION data.visit_takes_state() IS 'Trigger: the state follows from the times';

CREATE TABLE audit.access (
    access_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    client_id text NOT NULL,
    request_id text NOT NULL,
    resource text NOT NULL,
    filters jsonb NOT NULL,
    format text NOT NULL,
    row_count bigint NOT NULL
);

ALTER TABLE ONLY audit.access FORCE ROW LEVEL SECURITY;

ALTER TABLE audit.access OWNER TO doorstep_owner;

COMMENT ON TABLE audit.access IS 'Who saw what: one row per export, written before its first byte leaves';

COMMENT ON COLUMN audit.access.access_id IS 'Number of the entry';

COMMENT ON COLUMN audit.access.at IS 'When';

COMMENT ON COLUMN audit.access.client_id IS 'Which client';

COMMENT ON COLUMN audit.access.request_id IS 'Request, as in the X-Request-Id header and the logs';

COMMENT ON COLUMN audit.access.resource IS 'What was asked for: the path';

COMMENT ON COLUMN audit.access.filters IS 'With which parameters';

COMMENT ON COLUMN audit.access.format IS 'In which format';

COMMENT ON COLUMN audit.access.row_count IS 'How many rows were handed over';

ALTER TABLE audit.access ALTER COLUMN access_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.access_access_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE audit.entry (
    entry_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    client_id text,
    request_id text,
    db_role text DEFAULT SESSION_USER NOT NULL,
    action text NOT NULL,
    record text NOT NULL,
    key jsonb NOT NULL,
    school_urn integer,
    before jsonb,
    after jsonb,
    CONSTRAINT action_is_known CHECK ((action = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text]))),
    CONSTRAINT before_and_after_fit_the_action CHECK ((((before IS NULL) = (action = 'insert'::text)) AND ((after IS NULL) = (action = 'delete'::text))))
);

ALTER TABLE ONLY audit.entry FORCE ROW LEVEL SECURITY;

ALTER TABLE audit.entry OWNER TO doorstep_owner;

COMMENT ON TABLE audit.entry IS 'Who changed what: one row per changed row, written by trigger in the same transaction';

COMMENT ON COLUMN audit.entry.entry_id IS 'Number of the entry; gaps are rolled-back work';

COMMENT ON COLUMN audit.entry.at IS 'When';

COMMENT ON COLUMN audit.entry.xid IS 'Transaction that made the change';

COMMENT ON COLUMN audit.entry.client_id IS 'Through which client; null for work done by hand in the database';

COMMENT ON COLUMN audit.entry.request_id IS 'Request, as in the X-Request-Id header and the logs';

COMMENT ON COLUMN audit.entry.db_role IS 'Role that was signed in to the database';

COMMENT ON COLUMN audit.entry.action IS 'insert, update or delete';

COMMENT ON COLUMN audit.entry.record IS 'Table, with its schema';

COMMENT ON COLUMN audit.entry.key IS 'Primary key of the row';

COMMENT ON COLUMN audit.entry.school_urn IS 'School of the row, where it has one';

COMMENT ON COLUMN audit.entry.before IS 'The row before, without secrets; null for an insert';

COMMENT ON COLUMN audit.entry.after IS 'The row after, without secrets; null for a delete';

ALTER TABLE audit.entry ALTER COLUMN entry_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME audit.entry_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE auth.client (
    client_id text NOT NULL,
    title text NOT NULL,
    secret_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    all_schools boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    disabled_at timestamp with time zone,
    CONSTRAINT client_id_is_plain CHECK ((client_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'::text)),
    CONSTRAINT secret_hash_is_sha256 CHECK ((octet_length(secret_hash) = 32))
);

ALTER TABLE ONLY auth.client FORCE ROW LEVEL SECURITY;

ALTER TABLE auth.client OWNER TO doorstep_owner;

COMMENT ON TABLE auth.client IS 'A program that calls the API';

COMMENT ON COLUMN auth.client.client_id IS 'Its id';

COMMENT ON COLUMN auth.client.title IS 'What it is, for people';

COMMENT ON COLUMN auth.client.secret_hash IS 'SHA-256 of its secret, which has 244 random bits';

COMMENT ON COLUMN auth.client.scopes IS 'The scopes that it may ask for';

COMMENT ON COLUMN auth.client.all_schools IS 'Whether it sees every school of the trust; otherwise those in auth.client_school';

COMMENT ON COLUMN auth.client.created_at IS 'When it was made';

COMMENT ON COLUMN auth.client.disabled_at IS 'When it was shut out; null while it may sign in';

CREATE TABLE auth.client_school (
    client_id text NOT NULL,
    school_urn integer NOT NULL
);

ALTER TABLE ONLY auth.client_school FORCE ROW LEVEL SECURITY;

ALTER TABLE auth.client_school OWNER TO doorstep_owner;

COMMENT ON TABLE auth.client_school IS 'A school that a client may see';

COMMENT ON COLUMN auth.client_school.client_id IS 'The client';

COMMENT ON COLUMN auth.client_school.school_urn IS 'The school';

CREATE TABLE auth.token (
    token_hash bytea NOT NULL,
    client_id text NOT NULL,
    scopes text[] NOT NULL,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT token_hash_is_sha256 CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY auth.token FORCE ROW LEVEL SECURITY;

ALTER TABLE auth.token OWNER TO doorstep_owner;

COMMENT ON TABLE auth.token IS 'An access token given out; the token itself is nowhere, only its hash';

COMMENT ON COLUMN auth.token.token_hash IS 'SHA-256 of the token, which has 256 random bits';

COMMENT ON COLUMN auth.token.client_id IS 'To whom it was given';

COMMENT ON COLUMN auth.token.scopes IS 'What it allows';

COMMENT ON COLUMN auth.token.issued_at IS 'When it was given';

COMMENT ON COLUMN auth.token.expires_at IS 'When it ends';

COMMENT ON COLUMN auth.token.revoked_at IS 'When it was revoked; null while it holds';

ALTER TABLE data.contact ALTER COLUMN contact_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME data.contact_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.event ALTER COLUMN event_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME data.event_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.pupil ALTER COLUMN pupil_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME data.pupil_pupil_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.staff ALTER COLUMN staff_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME data.staff_staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE data.visit ALTER COLUMN visit_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME data.visit_visit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY audit.access
    ADD CONSTRAINT access_pkey PRIMARY KEY (access_id);

ALTER TABLE ONLY audit.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (entry_id);

ALTER TABLE ONLY auth.client
    ADD CONSTRAINT client_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY auth.client_school
    ADD CONSTRAINT client_school_pkey PRIMARY KEY (client_id, school_urn);

ALTER TABLE ONLY auth.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (contact_id);

ALTER TABLE ONLY data.enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (pupil_id, school_urn, admitted_on);

ALTER TABLE ONLY data.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY data.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (client_id, key);

ALTER TABLE ONLY data.school
    ADD CONSTRAINT laestab_is_unique UNIQUE (laestab);

ALTER TABLE ONLY data.enrolment
    ADD CONSTRAINT on_roll_once_at_a_time EXCLUDE USING gist (pupil_id WITH =, school_urn WITH =, daterange(admitted_on, left_on, '[]'::text) WITH &&);

ALTER TABLE ONLY data.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (staff_id, school_urn);

ALTER TABLE ONLY data.pupil
    ADD CONSTRAINT pupil_pkey PRIMARY KEY (pupil_id);

ALTER TABLE ONLY data.school
    ADD CONSTRAINT school_pkey PRIMARY KEY (urn);

ALTER TABLE ONLY data.staff
    ADD CONSTRAINT staff_code_is_unique UNIQUE (staff_code);

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT staff_once_in_a_team UNIQUE (visit_id, staff_id);

ALTER TABLE ONLY data.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT team_member_pkey PRIMARY KEY (visit_id, "position");

ALTER TABLE ONLY data.pupil
    ADD CONSTRAINT upn_is_unique UNIQUE (upn);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_belongs_to_its_school UNIQUE (visit_id, school_urn);

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (visit_id);

ALTER TABLE ONLY data.visit_pupil
    ADD CONSTRAINT visit_pupil_pkey PRIMARY KEY (visit_id, pupil_id);

CREATE INDEX access_by_time ON audit.access USING brin (at);

CREATE INDEX entry_by_record ON audit.entry USING btree (record, key);

CREATE INDEX entry_by_request ON audit.entry USING btree (request_id);

CREATE INDEX entry_by_time ON audit.entry USING brin (at);

CREATE INDEX token_by_client ON auth.token USING btree (client_id, expires_at);

CREATE UNIQUE INDEX contact_is_named_once ON data.contact USING btree (pupil_id, lower(given_name), lower(family_name), lower(relationship));

CREATE INDEX enrolment_by_school ON data.enrolment USING btree (school_urn, pupil_id);

CREATE INDEX event_by_visit ON data.event USING btree (visit_id, event_id);

CREATE UNIQUE INDEX event_once_of_a_kind ON data.event USING btree (visit_id, kind) WHERE (kind <> 'note'::data.event_kind);

CREATE INDEX idempotency_by_age ON data.idempotency USING btree (client_id, created_at);

CREATE UNIQUE INDEX one_leads ON data.team_member USING btree (visit_id) WHERE lead;

CREATE INDEX post_by_school ON data.post USING btree (school_urn, staff_id);

CREATE INDEX team_member_by_staff ON data.team_member USING btree (staff_id, visit_id);

CREATE INDEX visit_by_planned_start ON data.visit USING btree (planned_start);

CREATE INDEX visit_by_school ON data.visit USING btree (school_urn, visit_id);

CREATE INDEX visit_by_updated_at ON data.visit USING btree (updated_at);

CREATE INDEX visit_pupil_by_pupil ON data.visit_pupil USING btree (pupil_id, visit_id);

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.access FOR EACH ROW EXECUTE FUNCTION data.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.entry FOR EACH ROW EXECUTE FUNCTION data.refuse_change();

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit.access FOR EACH STATEMENT EXECUTE FUNCTION data.refuse_change();

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION data.refuse_change();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON auth.client FOR EACH ROW EXECUTE FUNCTION audit.log_change('client_id', 'secret_hash');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON auth.client_school FOR EACH ROW EXECUTE FUNCTION audit.log_change('client_id,school_urn');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON auth.token FOR EACH ROW EXECUTE FUNCTION audit.log_change('client_id,issued_at', 'token_hash');

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON data.event FOR EACH ROW EXECUTE FUNCTION data.refuse_change();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.contact FOR EACH ROW EXECUTE FUNCTION audit.log_change('contact_id');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.enrolment FOR EACH ROW EXECUTE FUNCTION audit.log_change('pupil_id,school_urn,admitted_on');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.event FOR EACH ROW EXECUTE FUNCTION audit.log_change('event_id');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.idempotency FOR EACH ROW EXECUTE FUNCTION audit.log_change('client_id,key', 'request_hash,body');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.post FOR EACH ROW EXECUTE FUNCTION audit.log_change('staff_id,school_urn');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.pupil FOR EACH ROW EXECUTE FUNCTION audit.log_change('pupil_id');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.school FOR EACH ROW EXECUTE FUNCTION audit.log_change('urn');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.staff FOR EACH ROW EXECUTE FUNCTION audit.log_change('staff_id');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.team_member FOR EACH ROW EXECUTE FUNCTION audit.log_change('visit_id,position');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.visit FOR EACH ROW EXECUTE FUNCTION audit.log_change('visit_id');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON data.visit_pupil FOR EACH ROW EXECUTE FUNCTION audit.log_change('visit_id,pupil_id');

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON data.event FOR EACH STATEMENT EXECUTE FUNCTION data.refuse_change();

CREATE TRIGGER possible BEFORE INSERT ON data.event FOR EACH ROW EXECUTE FUNCTION data.event_is_possible();

CREATE TRIGGER state BEFORE INSERT OR UPDATE ON data.visit FOR EACH ROW EXECUTE FUNCTION data.visit_takes_state();

CREATE TRIGGER touch BEFORE UPDATE ON data.contact FOR EACH ROW EXECUTE FUNCTION data.touch_version();

CREATE TRIGGER touch BEFORE UPDATE ON data.enrolment FOR EACH ROW EXECUTE FUNCTION data.touch();

CREATE TRIGGER touch BEFORE UPDATE ON data.post FOR EACH ROW EXECUTE FUNCTION data.touch();

CREATE TRIGGER touch BEFORE UPDATE ON data.pupil FOR EACH ROW EXECUTE FUNCTION data.touch_version();

CREATE TRIGGER touch BEFORE UPDATE ON data.school FOR EACH ROW EXECUTE FUNCTION data.touch_version();

CREATE TRIGGER touch BEFORE UPDATE ON data.staff FOR EACH ROW EXECUTE FUNCTION data.touch_version();

CREATE TRIGGER touch BEFORE UPDATE ON data.visit FOR EACH ROW EXECUTE FUNCTION data.touch_version();

CREATE TRIGGER touch_pupil AFTER INSERT OR DELETE OR UPDATE ON data.enrolment FOR EACH ROW EXECUTE FUNCTION data.touch_pupil();

CREATE TRIGGER touch_staff AFTER INSERT OR DELETE OR UPDATE ON data.post FOR EACH ROW EXECUTE FUNCTION data.touch_staff();

CREATE TRIGGER visit_follows AFTER INSERT ON data.event FOR EACH ROW EXECUTE FUNCTION data.visit_follows_event();

CREATE CONSTRAINT TRIGGER whole AFTER DELETE OR UPDATE ON data.team_member DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data.visit_is_whole();

CREATE CONSTRAINT TRIGGER whole AFTER INSERT ON data.visit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data.visit_is_whole();

CREATE CONSTRAINT TRIGGER whole AFTER DELETE ON data.visit_pupil DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION data.visit_is_whole();

ALTER TABLE ONLY auth.client_school
    ADD CONSTRAINT client_school_client_id_fkey FOREIGN KEY (client_id) REFERENCES auth.client(client_id) ON DELETE CASCADE;

ALTER TABLE ONLY auth.client_school
    ADD CONSTRAINT client_school_school_urn_fkey FOREIGN KEY (school_urn) REFERENCES data.school(urn) ON DELETE CASCADE;

ALTER TABLE ONLY auth.token
    ADD CONSTRAINT token_client_id_fkey FOREIGN KEY (client_id) REFERENCES auth.client(client_id) ON DELETE CASCADE;

ALTER TABLE ONLY data.contact
    ADD CONSTRAINT contact_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES data.pupil(pupil_id) ON DELETE RESTRICT;

ALTER TABLE ONLY data.enrolment
    ADD CONSTRAINT enrolment_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES data.pupil(pupil_id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY data.enrolment
    ADD CONSTRAINT enrolment_school_urn_fkey FOREIGN KEY (school_urn) REFERENCES data.school(urn) ON DELETE RESTRICT;

ALTER TABLE ONLY data.event
    ADD CONSTRAINT event_is_of_the_visit FOREIGN KEY (visit_id, school_urn) REFERENCES data.visit(visit_id, school_urn) ON DELETE RESTRICT;

ALTER TABLE ONLY data.post
    ADD CONSTRAINT post_school_urn_fkey FOREIGN KEY (school_urn) REFERENCES data.school(urn) ON DELETE RESTRICT;

ALTER TABLE ONLY data.post
    ADD CONSTRAINT post_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES data.staff(staff_id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT team_member_is_of_the_visit FOREIGN KEY (visit_id, school_urn) REFERENCES data.visit(visit_id, school_urn) ON DELETE RESTRICT;

ALTER TABLE ONLY data.team_member
    ADD CONSTRAINT team_member_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES data.staff(staff_id) ON DELETE RESTRICT;

ALTER TABLE ONLY data.visit_pupil
    ADD CONSTRAINT visit_pupil_is_of_the_visit FOREIGN KEY (visit_id, school_urn) REFERENCES data.visit(visit_id, school_urn) ON DELETE RESTRICT;

ALTER TABLE ONLY data.visit_pupil
    ADD CONSTRAINT visit_pupil_pupil_id_fkey FOREIGN KEY (pupil_id) REFERENCES data.pupil(pupil_id) ON DELETE RESTRICT;

ALTER TABLE ONLY data.visit
    ADD CONSTRAINT visit_school_urn_fkey FOREIGN KEY (school_urn) REFERENCES data.school(urn) ON DELETE RESTRICT;

ALTER TABLE audit.access ENABLE ROW LEVEL SECURITY;

CREATE POLICY appended ON audit.access FOR INSERT TO doorstep_definer WITH CHECK (true);

CREATE POLICY appended ON audit.entry FOR INSERT TO doorstep_definer WITH CHECK (true);

ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.client ENABLE ROW LEVEL SECURITY;

ALTER TABLE auth.client_school ENABLE ROW LEVEL SECURITY;

CREATE POLICY definer ON auth.client FOR SELECT TO doorstep_definer USING (true);

CREATE POLICY definer ON auth.client_school FOR SELECT TO doorstep_definer USING (true);

CREATE POLICY definer ON auth.token TO doorstep_definer USING (true) WITH CHECK (true);

ALTER TABLE auth.token ENABLE ROW LEVEL SECURITY;

CREATE POLICY added ON data.contact FOR INSERT TO doorstep_register WITH CHECK ((( SELECT auth.sees_all_schools() AS sees_all_schools) OR (EXISTS ( SELECT
   FROM data.enrolment e
  WHERE ((e.pupil_id = contact.pupil_id) AND ((e.left_on IS NULL) OR (e.left_on >= CURRENT_DATE)))))));

CREATE POLICY added ON data.enrolment FOR INSERT TO doorstep_register WITH CHECK ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY added ON data.event FOR INSERT TO doorstep_records WITH CHECK (((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])) AND (EXISTS ( SELECT
   FROM data.visit v
  WHERE (v.visit_id = event.visit_id)))));

CREATE POLICY added ON data.post FOR INSERT TO doorstep_register WITH CHECK ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY added ON data.pupil FOR INSERT TO doorstep_register WITH CHECK ((EXISTS ( SELECT
   FROM data.enrolment e
  WHERE (e.pupil_id = pupil.pupil_id))));

CREATE POLICY added ON data.school FOR INSERT TO doorstep_register WITH CHECK (( SELECT auth.sees_all_schools() AS sees_all_schools));

CREATE POLICY added ON data.staff FOR INSERT TO doorstep_register WITH CHECK ((EXISTS ( SELECT
   FROM data.post p
  WHERE (p.staff_id = staff.staff_id))));

CREATE POLICY added ON data.team_member FOR INSERT TO doorstep_records WITH CHECK (((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])) AND (EXISTS ( SELECT
   FROM data.visit v
  WHERE (v.visit_id = team_member.visit_id))) AND ((staff_id IS NULL) OR (EXISTS ( SELECT
   FROM data.post p
  WHERE (p.staff_id = team_member.staff_id))))));

CREATE POLICY added ON data.visit FOR INSERT TO doorstep_records WITH CHECK ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY added ON data.visit_pupil FOR INSERT TO doorstep_records WITH CHECK (((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])) AND (EXISTS ( SELECT
   FROM data.visit v
  WHERE (v.visit_id = visit_pupil.visit_id))) AND (EXISTS ( SELECT
   FROM data.enrolment e
  WHERE ((e.pupil_id = visit_pupil.pupil_id) AND (e.school_urn = visit_pupil.school_urn))))));

CREATE POLICY changed ON data.contact FOR UPDATE TO doorstep_register USING ((( SELECT auth.sees_all_schools() AS sees_all_schools) OR (EXISTS ( SELECT
   FROM data.enrolment e
  WHERE ((e.pupil_id = contact.pupil_id) AND ((e.left_on IS NULL) OR (e.left_on >= CURRENT_DATE))))))) WITH CHECK ((( SELECT auth.sees_all_schools() AS sees_all_schools) OR (EXISTS ( SELECT
   FROM data.enrolment e
  WHERE ((e.pupil_id = contact.pupil_id) AND ((e.left_on IS NULL) OR (e.left_on >= CURRENT_DATE)))))));

CREATE POLICY changed ON data.enrolment FOR UPDATE TO doorstep_register USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[]))) WITH CHECK ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY changed ON data.post FOR UPDATE TO doorstep_register USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[]))) WITH CHECK ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY changed ON data.pupil FOR UPDATE TO doorstep_register USING ((( SELECT auth.sees_all_schools() AS sees_all_schools) OR (EXISTS ( SELECT
   FROM data.enrolment e
  WHERE ((e.pupil_id = pupil.pupil_id) AND ((e.left_on IS NULL) OR (e.left_on >= CURRENT_DATE))))))) WITH CHECK ((EXISTS ( SELECT
   FROM data.enrolment e
  WHERE (e.pupil_id = pupil.pupil_id))));

CREATE POLICY changed ON data.school FOR UPDATE TO doorstep_register USING ((urn = ANY (( SELECT auth.schools() AS schools)::integer[]))) WITH CHECK ((urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY changed ON data.staff FOR UPDATE TO doorstep_register USING ((EXISTS ( SELECT
   FROM data.post p
  WHERE (p.staff_id = staff.staff_id)))) WITH CHECK ((EXISTS ( SELECT
   FROM data.post p
  WHERE (p.staff_id = staff.staff_id))));

CREATE POLICY changed ON data.visit FOR UPDATE TO doorstep_records USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[]))) WITH CHECK ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

ALTER TABLE data.contact ENABLE ROW LEVEL SECURITY;

CREATE POLICY definer ON data.pupil FOR SELECT TO doorstep_definer USING (true);

CREATE POLICY definer ON data.school FOR SELECT TO doorstep_definer USING (true);

CREATE POLICY definer ON data.staff FOR SELECT TO doorstep_definer USING (true);

ALTER TABLE data.enrolment ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.event ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.idempotency ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON data.idempotency TO doorstep_records, doorstep_register USING ((client_id = ( SELECT auth.client_id() AS client_id))) WITH CHECK ((client_id = ( SELECT auth.client_id() AS client_id)));

ALTER TABLE data.post ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.pupil ENABLE ROW LEVEL SECURITY;

CREATE POLICY removed ON data.team_member FOR DELETE TO doorstep_records USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY removed ON data.visit_pupil FOR DELETE TO doorstep_records USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

ALTER TABLE data.school ENABLE ROW LEVEL SECURITY;

CREATE POLICY seen ON data.contact FOR SELECT TO doorstep_records, doorstep_register, doorstep_reports USING ((EXISTS ( SELECT
   FROM data.enrolment e
  WHERE (e.pupil_id = contact.pupil_id))));

CREATE POLICY seen ON data.enrolment FOR SELECT TO doorstep_records, doorstep_register, doorstep_reports USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY seen ON data.event FOR SELECT TO doorstep_records, doorstep_reports USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY seen ON data.post FOR SELECT TO doorstep_records, doorstep_register, doorstep_reports USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY seen ON data.pupil FOR SELECT TO doorstep_records, doorstep_register, doorstep_reports USING ((EXISTS ( SELECT
   FROM data.enrolment e
  WHERE (e.pupil_id = pupil.pupil_id))));

CREATE POLICY seen ON data.school FOR SELECT TO doorstep_records, doorstep_register, doorstep_reports USING ((( SELECT auth.sees_all_schools() AS sees_all_schools) OR (urn = ANY (( SELECT auth.schools() AS schools)::integer[]))));

CREATE POLICY seen ON data.staff FOR SELECT TO doorstep_records, doorstep_register, doorstep_reports USING ((EXISTS ( SELECT
   FROM data.post p
  WHERE (p.staff_id = staff.staff_id))));

CREATE POLICY seen ON data.team_member FOR SELECT TO doorstep_records, doorstep_reports USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY seen ON data.visit FOR SELECT TO doorstep_records, doorstep_reports USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

CREATE POLICY seen ON data.visit_pupil FOR SELECT TO doorstep_records, doorstep_reports USING ((school_urn = ANY (( SELECT auth.schools() AS schools)::integer[])));

ALTER TABLE data.staff ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.team_member ENABLE ROW LEVEL SECURITY;

CREATE POLICY touched ON data.pupil FOR UPDATE TO doorstep_definer USING (true) WITH CHECK (true);

CREATE POLICY touched ON data.staff FOR UPDATE TO doorstep_definer USING (true) WITH CHECK (true);

ALTER TABLE data.visit ENABLE ROW LEVEL SECURITY;

ALTER TABLE data.visit_pupil ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA api TO doorstep_records;
GRANT USAGE ON SCHEMA api TO doorstep_register;
GRANT USAGE ON SCHEMA api TO doorstep_reports;

GRANT USAGE ON SCHEMA audit TO doorstep_definer;
GRANT USAGE ON SCHEMA audit TO doorstep_records;
GRANT USAGE ON SCHEMA audit TO doorstep_reports;

GRANT USAGE ON SCHEMA auth TO doorstep_definer;
GRANT USAGE ON SCHEMA auth TO doorstep_auth;
GRANT USAGE ON SCHEMA auth TO doorstep_records;
GRANT USAGE ON SCHEMA auth TO doorstep_register;
GRANT USAGE ON SCHEMA auth TO doorstep_reports;

GRANT USAGE ON SCHEMA data TO doorstep_definer;
GRANT USAGE ON SCHEMA data TO doorstep_records;
GRANT USAGE ON SCHEMA data TO doorstep_register;
GRANT USAGE ON SCHEMA data TO doorstep_reports;

GRANT SELECT ON TABLE data.contact TO doorstep_records;
GRANT SELECT ON TABLE data.contact TO doorstep_register;
GRANT SELECT ON TABLE data.contact TO doorstep_reports;

GRANT INSERT(pupil_id) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(given_name),UPDATE(given_name) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(family_name),UPDATE(family_name) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(relationship),UPDATE(relationship) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(parental_responsibility),UPDATE(parental_responsibility) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(phone),UPDATE(phone) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(email),UPDATE(email) ON TABLE data.contact TO doorstep_register;

GRANT INSERT(language),UPDATE(language) ON TABLE data.contact TO doorstep_register;

GRANT SELECT ON TABLE api.contact TO doorstep_records;
GRANT SELECT ON TABLE api.contact TO doorstep_reports;

GRANT SELECT ON TABLE data.enrolment TO doorstep_records;
GRANT SELECT ON TABLE data.enrolment TO doorstep_register;
GRANT SELECT ON TABLE data.enrolment TO doorstep_reports;

GRANT INSERT(pupil_id) ON TABLE data.enrolment TO doorstep_register;

GRANT INSERT(school_urn) ON TABLE data.enrolment TO doorstep_register;

GRANT INSERT(year_group),UPDATE(year_group) ON TABLE data.enrolment TO doorstep_register;

GRANT INSERT(admitted_on),UPDATE(admitted_on) ON TABLE data.enrolment TO doorstep_register;

GRANT INSERT(left_on),UPDATE(left_on) ON TABLE data.enrolment TO doorstep_register;

REVOKE ALL ON FUNCTION api.contact_list(school integer, pupil bigint, updated_after timestamp with time zone, after bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_list(school integer, pupil bigint, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.contact_list(school integer, pupil bigint, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.contact_list(school integer, pupil bigint, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.contact_read(contact bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.contact_read(contact bigint) TO doorstep_records;
GRANT ALL ON FUNCTION api.contact_read(contact bigint) TO doorstep_register;
GRANT ALL ON FUNCTION api.contact_read(contact bigint) TO doorstep_reports;

GRANT SELECT ON TABLE data.event TO doorstep_records;
GRANT SELECT ON TABLE data.event TO doorstep_reports;

GRANT INSERT(visit_id) ON TABLE data.event TO doorstep_records;

GRANT INSERT(school_urn) ON TABLE data.event TO doorstep_records;

GRANT INSERT(kind) ON TABLE data.event TO doorstep_records;

GRANT INSERT(at) ON TABLE data.event TO doorstep_records;

GRANT INSERT(note) ON TABLE data.event TO doorstep_records;

GRANT INSERT(client_id) ON TABLE data.event TO doorstep_records;

GRANT SELECT ON TABLE data.visit TO doorstep_records;
GRANT SELECT ON TABLE data.visit TO doorstep_reports;

GRANT INSERT(school_urn) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(purpose),UPDATE(purpose) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(planned_start),UPDATE(planned_start) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(planned_end),UPDATE(planned_end) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(address),UPDATE(address) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(postcode),UPDATE(postcode) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(announced),UPDATE(announced) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(parents_told_by),UPDATE(parents_told_by) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(vehicle_make),UPDATE(vehicle_make) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(vehicle_model),UPDATE(vehicle_model) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(vehicle_registration),UPDATE(vehicle_registration) ON TABLE data.visit TO doorstep_records;

GRANT INSERT(vehicle_colour),UPDATE(vehicle_colour) ON TABLE data.visit TO doorstep_records;

GRANT UPDATE(departed_at) ON TABLE data.visit TO doorstep_records;

GRANT UPDATE(arrived_at) ON TABLE data.visit TO doorstep_records;

GRANT UPDATE(left_at) ON TABLE data.visit TO doorstep_records;

GRANT UPDATE(returned_at) ON TABLE data.visit TO doorstep_records;

GRANT UPDATE(cancelled_at) ON TABLE data.visit TO doorstep_records;

GRANT UPDATE(cancel_reason) ON TABLE data.visit TO doorstep_records;

GRANT SELECT ON TABLE api.event TO doorstep_records;
GRANT SELECT ON TABLE api.event TO doorstep_reports;

REVOKE ALL ON FUNCTION api.event_append(visit bigint, body jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.event_append(visit bigint, body jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.event_append(visit bigint, body jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.event_append(visit bigint, body jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.event_list(visit bigint, after bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.event_list(visit bigint, after bigint, max_rows integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.event_list(visit bigint, after bigint, max_rows integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.event_list(visit bigint, after bigint, max_rows integer) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.idempotency_claim(key text, request_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.idempotency_claim(key text, request_hash text) TO doorstep_records;
GRANT ALL ON FUNCTION api.idempotency_claim(key text, request_hash text) TO doorstep_register;
GRANT ALL ON FUNCTION api.idempotency_claim(key text, request_hash text) TO doorstep_reports;

REVOKE ALL ON FUNCTION auth.client_id() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.client_id() TO doorstep_records;
GRANT ALL ON FUNCTION auth.client_id() TO doorstep_register;
GRANT ALL ON FUNCTION auth.client_id() TO doorstep_reports;

GRANT SELECT,DELETE ON TABLE data.idempotency TO doorstep_records;
GRANT SELECT,DELETE ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(client_id) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(client_id) ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(key) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(key) ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(request_hash) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(request_hash) ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(status) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(status) ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(location) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(location) ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(etag) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(etag) ON TABLE data.idempotency TO doorstep_register;

GRANT INSERT(body) ON TABLE data.idempotency TO doorstep_records;
GRANT INSERT(body) ON TABLE data.idempotency TO doorstep_register;

GRANT UPDATE(created_at) ON TABLE data.idempotency TO doorstep_records;
GRANT UPDATE(created_at) ON TABLE data.idempotency TO doorstep_register;

REVOKE ALL ON FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) FROM PUBLIC;
GRANT ALL ON FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) TO doorstep_records;
GRANT ALL ON FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) TO doorstep_register;
GRANT ALL ON FUNCTION api.idempotency_keep(key text, request_hash text, status integer, location text, etag text, body text) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_begin() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_begin() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_begin() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_begin() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_check_schools() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_check_schools() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_check_schools() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_check_schools() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_contacts(mode text, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_contacts(mode text, dry_run boolean) TO doorstep_records;
GRANT ALL ON FUNCTION api.import_contacts(mode text, dry_run boolean) TO doorstep_register;
GRANT ALL ON FUNCTION api.import_contacts(mode text, dry_run boolean) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_loaded() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_loaded() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_loaded() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_loaded() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_may_store(mode text, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_may_store(mode text, dry_run boolean) TO doorstep_records;
GRANT ALL ON FUNCTION api.import_may_store(mode text, dry_run boolean) TO doorstep_register;
GRANT ALL ON FUNCTION api.import_may_store(mode text, dry_run boolean) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_pupils(mode text, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_pupils(mode text, dry_run boolean) TO doorstep_records;
GRANT ALL ON FUNCTION api.import_pupils(mode text, dry_run boolean) TO doorstep_register;
GRANT ALL ON FUNCTION api.import_pupils(mode text, dry_run boolean) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_pupils_check() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_pupils_check() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_pupils_check() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_pupils_check() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_pupils_particulars() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_pupils_particulars() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_pupils_particulars() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_pupils_particulars() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_pupils_store() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_pupils_store() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_pupils_store() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_pupils_store() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_report(mode text, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_report(mode text, dry_run boolean) TO doorstep_records;
GRANT ALL ON FUNCTION api.import_report(mode text, dry_run boolean) TO doorstep_register;
GRANT ALL ON FUNCTION api.import_report(mode text, dry_run boolean) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_schools(mode text, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_schools(mode text, dry_run boolean) TO doorstep_records;
GRANT ALL ON FUNCTION api.import_schools(mode text, dry_run boolean) TO doorstep_register;
GRANT ALL ON FUNCTION api.import_schools(mode text, dry_run boolean) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_staff(mode text, dry_run boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_staff(mode text, dry_run boolean) TO doorstep_records;
GRANT ALL ON FUNCTION api.import_staff(mode text, dry_run boolean) TO doorstep_register;
GRANT ALL ON FUNCTION api.import_staff(mode text, dry_run boolean) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.import_staff_store() FROM PUBLIC;
GRANT ALL ON FUNCTION api.import_staff_store() TO doorstep_records;
GRANT ALL ON FUNCTION api.import_staff_store() TO doorstep_register;
GRANT ALL ON FUNCTION api.import_staff_store() TO doorstep_reports;

REVOKE ALL ON FUNCTION api.merge_patch(target jsonb, patch jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.merge_patch(target jsonb, patch jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.merge_patch(target jsonb, patch jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.merge_patch(target jsonb, patch jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION data.upn_check_letter(upn text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.upn_check_letter(upn text) TO doorstep_definer;
GRANT ALL ON FUNCTION data.upn_check_letter(upn text) TO doorstep_register;

REVOKE ALL ON FUNCTION data.upn_problem(upn text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.upn_problem(upn text) TO doorstep_definer;
GRANT ALL ON FUNCTION data.upn_problem(upn text) TO doorstep_register;

GRANT SELECT ON TABLE data.pupil TO doorstep_definer;
GRANT SELECT ON TABLE data.pupil TO doorstep_records;
GRANT SELECT ON TABLE data.pupil TO doorstep_register;
GRANT SELECT ON TABLE data.pupil TO doorstep_reports;

GRANT INSERT(pupil_id) ON TABLE data.pupil TO doorstep_register;

GRANT INSERT(upn) ON TABLE data.pupil TO doorstep_register;

GRANT INSERT(given_name),UPDATE(given_name) ON TABLE data.pupil TO doorstep_register;

GRANT INSERT(family_name),UPDATE(family_name) ON TABLE data.pupil TO doorstep_register;

GRANT INSERT(date_of_birth),UPDATE(date_of_birth) ON TABLE data.pupil TO doorstep_register;

GRANT INSERT(address),UPDATE(address) ON TABLE data.pupil TO doorstep_register;

GRANT INSERT(postcode),UPDATE(postcode) ON TABLE data.pupil TO doorstep_register;

GRANT UPDATE(updated_at) ON TABLE data.pupil TO doorstep_definer;

GRANT SELECT ON TABLE api.pupil TO doorstep_records;
GRANT SELECT ON TABLE api.pupil TO doorstep_reports;

REVOKE ALL ON FUNCTION api.pupil_list(school integer, updated_after timestamp with time zone, after bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.pupil_list(school integer, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.pupil_list(school integer, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.pupil_list(school integer, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.pupil_read(pupil bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.pupil_read(pupil bigint) TO doorstep_records;
GRANT ALL ON FUNCTION api.pupil_read(pupil bigint) TO doorstep_register;
GRANT ALL ON FUNCTION api.pupil_read(pupil bigint) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.refuse(problems jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.refuse(problems jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.refuse(problems jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.refuse(problems jsonb) TO doorstep_reports;

GRANT SELECT ON TABLE data.school TO doorstep_definer;
GRANT SELECT ON TABLE data.school TO doorstep_records;
GRANT SELECT ON TABLE data.school TO doorstep_register;
GRANT SELECT ON TABLE data.school TO doorstep_reports;

GRANT INSERT(urn) ON TABLE data.school TO doorstep_register;

GRANT INSERT(laestab),UPDATE(laestab) ON TABLE data.school TO doorstep_register;

GRANT INSERT(name),UPDATE(name) ON TABLE data.school TO doorstep_register;

GRANT INSERT(phase),UPDATE(phase) ON TABLE data.school TO doorstep_register;

GRANT INSERT(policy),UPDATE(policy) ON TABLE data.school TO doorstep_register;

GRANT SELECT ON TABLE api.school TO doorstep_records;
GRANT SELECT ON TABLE api.school TO doorstep_reports;

REVOKE ALL ON FUNCTION api.school_list(updated_after timestamp with time zone, after bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.school_list(updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.school_list(updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.school_list(updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.school_read(urn integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.school_read(urn integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.school_read(urn integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.school_read(urn integer) TO doorstep_reports;

GRANT SELECT ON TABLE data.post TO doorstep_records;
GRANT SELECT ON TABLE data.post TO doorstep_register;
GRANT SELECT ON TABLE data.post TO doorstep_reports;

GRANT INSERT(staff_id) ON TABLE data.post TO doorstep_register;

GRANT INSERT(school_urn) ON TABLE data.post TO doorstep_register;

GRANT INSERT(roles),UPDATE(roles) ON TABLE data.post TO doorstep_register;

GRANT SELECT ON TABLE data.staff TO doorstep_definer;
GRANT SELECT ON TABLE data.staff TO doorstep_records;
GRANT SELECT ON TABLE data.staff TO doorstep_register;
GRANT SELECT ON TABLE data.staff TO doorstep_reports;

GRANT INSERT(staff_id) ON TABLE data.staff TO doorstep_register;

GRANT INSERT(staff_code) ON TABLE data.staff TO doorstep_register;

GRANT INSERT(given_name),UPDATE(given_name) ON TABLE data.staff TO doorstep_register;

GRANT INSERT(family_name),UPDATE(family_name) ON TABLE data.staff TO doorstep_register;

GRANT INSERT(email),UPDATE(email) ON TABLE data.staff TO doorstep_register;

GRANT INSERT(phone),UPDATE(phone) ON TABLE data.staff TO doorstep_register;

GRANT UPDATE(updated_at) ON TABLE data.staff TO doorstep_definer;

GRANT SELECT ON TABLE api.staff TO doorstep_records;
GRANT SELECT ON TABLE api.staff TO doorstep_reports;

REVOKE ALL ON FUNCTION api.staff_list(school integer, role data.staff_role, updated_after timestamp with time zone, after bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.staff_list(school integer, role data.staff_role, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.staff_list(school integer, role data.staff_role, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.staff_list(school integer, role data.staff_role, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.staff_read(staff bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.staff_read(staff bigint) TO doorstep_records;
GRANT ALL ON FUNCTION api.staff_read(staff bigint) TO doorstep_register;
GRANT ALL ON FUNCTION api.staff_read(staff bigint) TO doorstep_reports;

GRANT SELECT,DELETE ON TABLE data.team_member TO doorstep_records;
GRANT SELECT ON TABLE data.team_member TO doorstep_reports;

GRANT INSERT(visit_id) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(school_urn) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT("position") ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(staff_id) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(name) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(organisation) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(role) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(lead) ON TABLE data.team_member TO doorstep_records;

GRANT INSERT(phone) ON TABLE data.team_member TO doorstep_records;

GRANT SELECT,DELETE ON TABLE data.visit_pupil TO doorstep_records;
GRANT SELECT ON TABLE data.visit_pupil TO doorstep_reports;

GRANT INSERT(visit_id) ON TABLE data.visit_pupil TO doorstep_records;

GRANT INSERT(school_urn) ON TABLE data.visit_pupil TO doorstep_records;

GRANT INSERT(pupil_id) ON TABLE data.visit_pupil TO doorstep_records;

GRANT INSERT("position") ON TABLE data.visit_pupil TO doorstep_records;

REVOKE ALL ON FUNCTION api.visit_body(visit data.visit) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_body(visit data.visit) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_body(visit data.visit) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_body(visit data.visit) TO doorstep_reports;

GRANT SELECT ON TABLE api.visit TO doorstep_records;
GRANT SELECT ON TABLE api.visit TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_change(visit bigint, if_match text[], body jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION data.moment_end(moment text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.moment_end(moment text) TO doorstep_records;
GRANT ALL ON FUNCTION data.moment_end(moment text) TO doorstep_reports;

REVOKE ALL ON FUNCTION data.moment_first(moment text) FROM PUBLIC;
GRANT ALL ON FUNCTION data.moment_first(moment text) TO doorstep_records;
GRANT ALL ON FUNCTION data.moment_first(moment text) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_list(school integer, pupil bigint, state data.visit_state, purpose data.visit_purpose, planned_from text, planned_to text, updated_after timestamp with time zone, after bigint, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_list(school integer, pupil bigint, state data.visit_state, purpose data.visit_purpose, planned_from text, planned_to text, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_list(school integer, pupil bigint, state data.visit_state, purpose data.visit_purpose, planned_from text, planned_to text, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_list(school integer, pupil bigint, state data.visit_state, purpose data.visit_purpose, planned_from text, planned_to text, updated_after timestamp with time zone, after bigint, max_rows integer) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_plan(body jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_plan(body jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_plan(body jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_plan(body jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_pupil_problems(school integer, pupils jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_team_problems(team jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_team_problems(team jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_team_problems(team jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_team_problems(team jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_problems(body jsonb, known jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_problems(body jsonb, known jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_problems(body jsonb, known jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_problems(body jsonb, known jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_pupils_write(visit bigint, school integer, pupils jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_read(visit bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_read(visit bigint) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_read(visit bigint) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_read(visit bigint) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_team_normal(team jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_team_normal(team jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_team_normal(team jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_team_normal(team jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) TO doorstep_records;
GRANT ALL ON FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) TO doorstep_register;
GRANT ALL ON FUNCTION api.visit_team_write(visit bigint, school integer, team jsonb) TO doorstep_reports;

REVOKE ALL ON FUNCTION audit.access_append(resource text, filters jsonb, format text, row_count bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION audit.access_append(resource text, filters jsonb, format text, row_count bigint) TO doorstep_records;
GRANT ALL ON FUNCTION audit.access_append(resource text, filters jsonb, format text, row_count bigint) TO doorstep_reports;

REVOKE ALL ON FUNCTION audit.log_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION auth.begin(token_hash text, scope text, request_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.begin(token_hash text, scope text, request_id text) TO doorstep_records;
GRANT ALL ON FUNCTION auth.begin(token_hash text, scope text, request_id text) TO doorstep_register;
GRANT ALL ON FUNCTION auth.begin(token_hash text, scope text, request_id text) TO doorstep_reports;

REVOKE ALL ON FUNCTION auth.client_authenticate(client_id text, secret_hash text) FROM PUBLIC;

REVOKE ALL ON FUNCTION auth.client_create(client_id text, title text, scopes text[], schools integer[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION auth.schools() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.schools() TO doorstep_records;
GRANT ALL ON FUNCTION auth.schools() TO doorstep_register;
GRANT ALL ON FUNCTION auth.schools() TO doorstep_reports;

REVOKE ALL ON FUNCTION auth.sees_all_schools() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.sees_all_schools() TO doorstep_records;
GRANT ALL ON FUNCTION auth.sees_all_schools() TO doorstep_register;
GRANT ALL ON FUNCTION auth.sees_all_schools() TO doorstep_reports;

REVOKE ALL ON FUNCTION auth.token_issue(client_id text, secret_hash text, token_hash text, scope text, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.token_issue(client_id text, secret_hash text, token_hash text, scope text, seconds integer) TO doorstep_auth;

REVOKE ALL ON FUNCTION auth.token_revoke(client_id text, secret_hash text, token_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.token_revoke(client_id text, secret_hash text, token_hash text) TO doorstep_auth;

REVOKE ALL ON FUNCTION data.event_is_possible() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.pupils_known(upns text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.pupils_known(upns text[]) TO doorstep_register;

REVOKE ALL ON FUNCTION data.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.rfc3339(at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION data.rfc3339(at timestamp with time zone) TO doorstep_records;
GRANT ALL ON FUNCTION data.rfc3339(at timestamp with time zone) TO doorstep_reports;

REVOKE ALL ON FUNCTION data.schools_known(laestabs text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.schools_known(laestabs text[]) TO doorstep_register;

REVOKE ALL ON FUNCTION data.staff_known(codes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION data.staff_known(codes text[]) TO doorstep_register;

REVOKE ALL ON FUNCTION data.touch() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.touch_pupil() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.touch_staff() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.touch_version() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.visit_follows_event() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.visit_is_whole() FROM PUBLIC;

REVOKE ALL ON FUNCTION data.visit_state_of(departed_at timestamp with time zone, arrived_at timestamp with time zone, left_at timestamp with time zone, returned_at timestamp with time zone, cancelled_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION data.visit_state_of(departed_at timestamp with time zone, arrived_at timestamp with time zone, left_at timestamp with time zone, returned_at timestamp with time zone, cancelled_at timestamp with time zone) TO doorstep_records;

REVOKE ALL ON FUNCTION data.visit_takes_state() FROM PUBLIC;

GRANT INSERT(client_id) ON TABLE audit.access TO doorstep_definer;

GRANT INSERT(request_id) ON TABLE audit.access TO doorstep_definer;

GRANT INSERT(resource) ON TABLE audit.access TO doorstep_definer;

GRANT INSERT(filters) ON TABLE audit.access TO doorstep_definer;

GRANT INSERT(format) ON TABLE audit.access TO doorstep_definer;

GRANT INSERT(row_count) ON TABLE audit.access TO doorstep_definer;

GRANT INSERT(client_id) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(request_id) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(action) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(record) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(key) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(school_urn) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(before) ON TABLE audit.entry TO doorstep_definer;

GRANT INSERT(after) ON TABLE audit.entry TO doorstep_definer;

GRANT SELECT ON TABLE auth.client TO doorstep_definer;

GRANT SELECT ON TABLE auth.client_school TO doorstep_definer;

GRANT SELECT,DELETE ON TABLE auth.token TO doorstep_definer;

GRANT INSERT(token_hash) ON TABLE auth.token TO doorstep_definer;

GRANT INSERT(client_id) ON TABLE auth.token TO doorstep_definer;

GRANT INSERT(scopes) ON TABLE auth.token TO doorstep_definer;

GRANT INSERT(expires_at) ON TABLE auth.token TO doorstep_definer;

GRANT UPDATE(revoked_at) ON TABLE auth.token TO doorstep_definer;

GRANT USAGE ON SEQUENCE data.pupil_pupil_id_seq TO doorstep_register;

GRANT USAGE ON SEQUENCE data.staff_staff_id_seq TO doorstep_register;

