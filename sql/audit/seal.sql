-- How an entry of the trail is committed to, and what its leaf in the tree is.  The
-- bytes are those that `doorstep-verify` hashes: see doorstep-verify(1).

-- A field: its length in four bytes, then its bytes; for nothing, four bytes of ones.
create or replace function audit.field(value text) returns bytea
language sql stable parallel safe
return coalesce(int4send(octet_length(value)) || convert_to(value, 'UTF8'), '\xffffffff');
comment on function audit.field(text) is 'A field of what is hashed: its length, then its bytes';

-- Fills in the salt of a new entry, and the commitment to what it says.  An entry that
-- brings its own comes from a copy of the trail.
create or replace function audit.commit_to_entry() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if new.commitment is null then
		new.salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
		new.commitment := sha256(new.salt || audit.field(new.before::text) || audit.field(new.after::text));
	end if;
	return new;
end;
$$;
comment on function audit.commit_to_entry() is 'Trigger: commits a new entry to what it says of a change';

create or replace function audit.commit_to_access() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if new.commitment is null then
		new.salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
		new.commitment := sha256(new.salt || audit.field(new.filters::text));
	end if;
	return new;
end;
$$;
comment on function audit.commit_to_access() is 'Trigger: commits a new entry to what was asked for';

create or replace trigger committed before insert on audit.entry
	for each row execute function audit.commit_to_entry();
create or replace trigger committed before insert on audit.access
	for each row execute function audit.commit_to_access();

create or replace function audit.stamp(at timestamptz) returns text
language sql stable parallel safe
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function audit.stamp(timestamptz) is 'A time as it is hashed: RFC 3339 in UTC, to the microsecond';

-- The leaf of an entry: what it says itself is in it by its commitment alone.
create or replace function audit.entry_leaf(e audit.entry) returns bytea
language sql stable
return sha256('\x00' || audit.field('entry') || audit.field(e.entry_id::text) || audit.field(audit.stamp(e.at))
	|| audit.field(e.xid::text) || audit.field(e.client_id) || audit.field(e.request_id) || audit.field(e.db_role)
	|| audit.field(e.action) || audit.field(e.record) || audit.field(e.key::text) || audit.field(e.school_urn::text)
	|| '\x00000020' || e.commitment);
comment on function audit.entry_leaf(audit.entry) is 'The leaf of an entry on a change';

create or replace function audit.access_leaf(a audit.access) returns bytea
language sql stable
return sha256('\x00' || audit.field('access') || audit.field(a.access_id::text) || audit.field(audit.stamp(a.at))
	|| audit.field(a.xid::text) || audit.field(a.client_id) || audit.field(a.request_id) || audit.field(a.resource)
	|| audit.field(a.format) || audit.field(a.row_count::text) || '\x00000020' || a.commitment);
comment on function audit.access_leaf(audit.access) is 'The leaf of an entry on what was read';
