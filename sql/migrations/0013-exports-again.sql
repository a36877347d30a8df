-- Exports: pauses between tries, a token that ends with its job, files that are read by several at once.
--
-- What was released stays as it is: a later change is a migration of its own.

alter table data.export
	add column next_try_at timestamptz not null default clock_timestamp(),
	add column token_hash bytea constraint token_hash_is_sha256 check (octet_length(token_hash) = 32),
	drop column opened_by,
	drop constraint export_by_link,
	drop constraint failure_says_why,
	add constraint failure_says_why check (case when state = 'failed' then problem is not null
		else state in ('waiting', 'running') or problem is null end);
-- Partial, so that a new hash is no new key of the row: who reads its file holds the key.
create unique index export_by_link on data.export (link_hash) where link_hash is not null;
create index export_by_start on data.export (client_id, started_at);
comment on column data.export.tries is 'How often it was begun, but for the times at which the maker was told to stop';
comment on column data.export.next_try_at is 'Until then it is not begun: when the last try went badly, after a pause';
comment on column data.export.token_hash is 'SHA-256 of the token with which it is made, while it is made';
comment on column data.export.problem is 'Why it failed, and what to do; before that why the last try went badly';

create unlogged table data.export_opening (
	export_id bigint not null references data.export on delete cascade,
	opened_by xid8 not null,
	constraint export_opening_pkey primary key (export_id, opened_by)
);
comment on table data.export_opening is 'Who was let in to the file of an export, until it expires; added to only, so that several read at once';
comment on column data.export_opening.export_id is 'The export';
comment on column data.export_opening.opened_by is 'The transaction that may read its pieces';
