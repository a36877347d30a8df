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
	salt       bytea,
	commitment bytea not null constraint commitment_is_sha256 check (octet_length(commitment) = 32),
	constraint before_and_after_fit_the_action check (case when salt is null then coalesce(before, after) is null
		else (before is null) = (action = 'insert') and (after is null) = (action = 'delete') end)
);
create index entry_by_xid on audit.entry (xid);
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
comment on column audit.entry.before is 'The row before, without secrets; null for an insert, and once erased';
comment on column audit.entry.after is 'The row after, without secrets; null for a delete, and once erased';
comment on column audit.entry.salt is 'Random bytes, without which nothing follows from the commitment; null once erased';
comment on column audit.entry.commitment is 'SHA-256 of the salt and of what the row was before and after; stays when those are erased';

create table audit.access (
	access_id  bigint not null generated always as identity constraint access_pkey primary key,
	at         timestamptz not null default clock_timestamp(),
	xid        xid8 not null default pg_current_xact_id(),
	client_id  text not null,
	request_id text not null,
	resource   text not null,
	filters    jsonb,
	format     text not null,
	row_count  bigint not null,
	salt       bytea,
	commitment bytea not null constraint commitment_is_sha256 check (octet_length(commitment) = 32),
	constraint filters_are_there_until_erased check ((filters is null) = (salt is null))
);
create index access_by_xid on audit.access (xid);
create index access_by_time on audit.access using brin (at);
create index access_by_path on audit.access (audit.path_named(resource, filters));
create index access_by_pupil on audit.access ((filters ->> 'pupil'));
comment on table audit.access is 'Who saw what: one row per export, written before its first byte leaves';
comment on column audit.access.access_id is 'Number of the entry';
comment on column audit.access.at is 'When';
comment on column audit.access.xid is 'Transaction that it was noted in';
comment on column audit.access.client_id is 'Which client';
comment on column audit.access.request_id is 'Request, as in the X-Request-Id header and the logs';
comment on column audit.access.resource is 'What was asked for: the path';
comment on column audit.access.filters is 'With which parameters; null once erased';
comment on column audit.access.format is 'In which format';
comment on column audit.access.row_count is 'How many rows were handed over';
comment on column audit.access.salt is 'Random bytes, without which nothing follows from the commitment; null once erased';
comment on column audit.access.commitment is 'SHA-256 of the salt and of the filters; stays when those are erased';

-- The tree that seals both: RFC 6962, a leaf for every entry whose transaction is over.
-- No foreign key: that an entry was taken out is to be seen, not to be prevented.
create table audit.leaf (
	leaf_index bigint not null constraint leaf_pkey primary key constraint counted_from_0 check (leaf_index >= 0),
	entry_id   bigint constraint leaf_of_entry unique,
	access_id  bigint constraint leaf_of_access unique,
	hash       bytea not null constraint hash_is_sha256 check (octet_length(hash) = 32),
	constraint of_one_entry check (num_nonnulls(entry_id, access_id) = 1)
);
comment on table audit.leaf is 'The leaves of the tree that seals the trail, one an entry; only ever appended to';
comment on column audit.leaf.leaf_index is 'Place in the tree, from 0 without gaps';
comment on column audit.leaf.entry_id is 'Entry of audit.entry that it seals';
comment on column audit.leaf.access_id is 'Entry of audit.access that it seals';
comment on column audit.leaf.hash is 'SHA-256 of a zero byte and of the entry, with its commitment in place of what it says';

create table audit.horizon (
	one     boolean not null default true constraint horizon_pkey primary key constraint there_is_one check (one),
	cluster bigint not null,
	xid     xid8 not null
);
comment on table audit.horizon is 'Up to where all is sealed: no older transaction has an entry without its leaf, or will have';
comment on column audit.horizon.one is 'There is one';
comment on column audit.horizon.cluster is 'The cluster whose transactions are counted, as its control file names it: a copy elsewhere counts its own';
comment on column audit.horizon.xid is 'The first transaction that may have such an entry';

create table audit.checkpoint (
	size bigint not null constraint checkpoint_pkey primary key constraint of_some_leaves check (size > 0),
	root bytea not null constraint root_is_sha256 check (octet_length(root) = 32),
	note text not null,
	at   timestamptz not null default clock_timestamp()
);
comment on table audit.checkpoint is 'What the sealer signed: the root of the tree at a size; only ever appended to';
comment on column audit.checkpoint.size is 'How many leaves the tree had';
comment on column audit.checkpoint.root is 'Its root';
comment on column audit.checkpoint.note is 'The signed note, as it is kept elsewhere, too';
comment on column audit.checkpoint.at is 'When';
