-- Idempotency-Key: the answer is kept in the transaction of the work.

-- What a key was used for: a person's request is another one at another place, where the
-- answer may tell what they do not see there.
create function api.request_kept(request_hash text) returns bytea
language sql stable
return case when auth.staff_id() is null then decode(request_hash, 'hex')
	else sha256(decode(request_hash, 'hex') || convert_to((select coalesce(string_agg(s::text, ',' order by s), '')
	                                                         from unnest(auth.schools()) as s), 'UTF8')) end;
comment on function api.request_kept(text) is 'What a key was used for: the request, and of a person the place';

-- The answer that was given under this key, or no row; then the key is the
-- caller's until the transaction ends.  Fails with DS409 while another request
-- holds it, with DS423 when it was used for another request.
create function api.idempotency_claim(key text, request_hash text)
returns table (status int, location text, etag text, body text)
language plpgsql volatile
as $$
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
	if found and kept.status = 202 then -- what was promised, and then failed, can be asked for again
		if api.import_failed(kept.location) then
			delete from data.idempotency i where i.client_id = auth.client_id() and i.key = idempotency_claim.key;
		end if;
		select i.* into kept from data.idempotency i
		 where i.client_id = auth.client_id() and i.key = idempotency_claim.key;
	end if;
	if found and kept.request_hash <> api.request_kept(idempotency_claim.request_hash) then
		raise exception 'This Idempotency-Key was used for another request: take a new one.'
			using errcode = 'DS423';
	end if;
	if found then
		return query select kept.status, kept.location, kept.etag, kept.body;
	end if;
end;
$$;
comment on function api.idempotency_claim(text, text) is 'The answer given under a key, or the key is the caller''s';

create function api.idempotency_keep(key text, request_hash text, status int, location text, etag text, body text)
returns void
language sql volatile
begin atomic
	insert into data.idempotency (client_id, key, request_hash, status, location, etag, body)
	values (auth.client_id(), key, api.request_kept(request_hash), status, location, etag, body);
end;
comment on function api.idempotency_keep(text, text, int, text, text, text) is 'Keeps an answer under its key';
