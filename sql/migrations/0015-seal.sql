-- The trail is sealed: each entry is committed to by a hash with a salt of its own, so
-- that what it says can be erased and it can be checked nevertheless; leaves and
-- checkpoints of a tree over all entries.  The entries that there are already are
-- committed to as they stand on the day of the upgrade.
--
-- What was released stays as it is: a later change is a migration of its own.

create function pg_temp.field(value text) returns bytea
language sql stable
return coalesce(int4send(octet_length(value)) || convert_to(value, 'UTF8'), '\xffffffff'::bytea);

alter table audit.entry
	add column salt bytea,
	add column commitment bytea,
	drop constraint before_and_after_fit_the_action;
update audit.entry set salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
update audit.entry set commitment = sha256(salt || pg_temp.field(before::text) || pg_temp.field(after::text));
alter table audit.entry
	alter column commitment set not null,
	add constraint commitment_is_sha256 check (octet_length(commitment) = 32),
	add constraint before_and_after_fit_the_action check (case when salt is null then coalesce(before, after) is null
		else (before is null) = (action = 'insert') and (after is null) = (action = 'delete') end);
create index entry_by_xid on audit.entry (xid);
comment on column audit.entry.before is 'The row before, without secrets; null for an insert, and once erased';
comment on column audit.entry.after is 'The row after, without secrets; null for a delete, and once erased';
comment on column audit.entry.salt is 'Random bytes, without which nothing follows from the commitment; null once erased';
comment on column audit.entry.commitment is 'SHA-256 of the salt and of what the row was before and after; stays when those are erased';

alter table audit.access
	add column xid xid8 not null default pg_current_xact_id(),
	add column salt bytea,
	add column commitment bytea;
update audit.access set salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
update audit.access set commitment = sha256(salt || pg_temp.field(filters::text));
alter table audit.access
	alter column filters drop not null,
	alter column commitment set not null,
	add constraint commitment_is_sha256 check (octet_length(commitment) = 32),
	add constraint filters_are_there_until_erased check ((filters is null) = (salt is null));
create index access_by_xid on audit.access (xid);
comment on column audit.access.xid is 'Transaction that it was noted in';
comment on column audit.access.filters is 'With which parameters; null once erased';
comment on column audit.access.salt is 'Random bytes, without which nothing follows from the commitment; null once erased';
comment on column audit.access.commitment is 'SHA-256 of the salt and of the filters; stays when those are erased';

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
