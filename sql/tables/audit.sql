create table audit.entry (
	entry_id   bigint not null generated always as identity constraint entry_pkey primary key,
	at         timestamptz not null default clock_timestamp(),
	xid        xid8 not null default pg_current_xact_id(),
	client_id  text,
	request_id text,
	db_role    text not null default session_user,
	action     text not null constraint action_is_known check (action in ('insert', 'update', 'delete')),
	record     text not null,
	key        jsonb not null,
	school_urn int,
	before     jsonb,
	after      jsonb,
	constraint before_and_after_fit_the_action check
		((before is null) = (action = 'insert') and (after is null) = (action = 'delete'))
);
create index entry_by_time on audit.entry using brin (at);
create index entry_by_record on audit.entry (record, key);
create index entry_by_request on audit.entry (request_id);
create index entry_gone_of_visit on audit.entry (record, ((before ->> 'visit_id')::bigint), at) where action = 'delete';
create index entry_gone_of_agreement on audit.entry (record, ((before ->> 'agreement_id')::bigint), at)
	where action = 'delete' and before ->> 'agreement_id' is not null;
create index entry_gone_of_pupil on audit.entry (record, (before ->> 'pupil_id'))
	where action = 'delete' and before ->> 'pupil_id' is not null;
comment on table audit.entry is 'Who changed what: one row per changed row, written by trigger in the same transaction';
comment on column audit.entry.entry_id is 'Number of the entry; gaps are rolled-back work';
comment on column audit.entry.at is 'When';
comment on column audit.entry.xid is 'Transaction that made the change';
comment on column audit.entry.client_id is 'Through which client; null for work done by hand in the database';
comment on column audit.entry.request_id is 'Request, as in the X-Request-Id header and the logs';
comment on column audit.entry.db_role is 'Role that was signed in to the database';
comment on column audit.entry.action is 'insert, update or delete';
comment on column audit.entry.record is 'Table, with its schema';
comment on column audit.entry.key is 'Primary key of the row';
comment on column audit.entry.school_urn is 'School of the row, where it has one';
comment on column audit.entry.before is 'The row before, without secrets; null for an insert';
comment on column audit.entry.after is 'The row after, without secrets; null for a delete';

create table audit.access (
	access_id  bigint not null generated always as identity constraint access_pkey primary key,
	at         timestamptz not null default clock_timestamp(),
	client_id  text not null,
	request_id text not null,
	resource   text not null,
	filters    jsonb not null,
	format     text not null,
	row_count  bigint not null
);
create index access_by_time on audit.access using brin (at);
create index access_by_path on audit.access (audit.path_named(resource, filters));
create index access_by_pupil on audit.access ((filters ->> 'pupil'));
comment on table audit.access is 'Who saw what: one row per export, written before its first byte leaves';
comment on column audit.access.access_id is 'Number of the entry';
comment on column audit.access.at is 'When';
comment on column audit.access.client_id is 'Which client';
comment on column audit.access.request_id is 'Request, as in the X-Request-Id header and the logs';
comment on column audit.access.resource is 'What was asked for: the path';
comment on column audit.access.filters is 'With which parameters';
comment on column audit.access.format is 'In which format';
comment on column audit.access.row_count is 'How many rows were handed over';
