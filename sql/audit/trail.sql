-- The trail.  Every table of data and auth has the trigger below; it writes in
-- the transaction of the change, so that neither can be without the other.

-- Arguments: the columns of the primary key, comma-separated; then the columns
-- that are secret and are left out, likewise.
create or replace function audit.log_change() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
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
comment on function audit.log_change() is 'Trigger: writes the audit entry of a changed row';

-- Notes an export before its first byte leaves.  filters: the parameters as sent.
create or replace function audit.access_append(resource text, filters jsonb, format text, row_count bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	insert into audit.access (client_id, request_id, resource, filters, format, row_count)
	values (auth.client_id(), current_setting('doorstep.request_id'), resource, filters, format, row_count);
end;
$$;
comment on function audit.access_append(text, jsonb, text, bigint) is 'Notes an export before its first byte leaves';
