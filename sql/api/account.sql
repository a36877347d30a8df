-- Accounts of people, for who administers them.
create view api.account with (security_invoker = true) as select * from auth.accounts_seen();
comment on view api.account is 'Accounts as the API shows them';

create function api.account_list(after bigint default null, max_rows int default null) returns setof api.account
language sql stable
begin atomic
	select a.* from api.account a where after is null or a.id > after order by a.id limit max_rows;
end;
comment on function api.account_list(bigint, int) is 'Accounts, by id';

create function api.account_read(account bigint) returns setof api.account
language sql stable
begin atomic
	select a.* from api.account a where a.id = account;
end;
comment on function api.account_read(bigint) is 'One account';

-- body: {staff}.  Fails with DS409, DS422.
create function api.account_add(body jsonb) returns setof api.account
language plpgsql volatile
as $$
begin
	perform auth.account_add((body ->> 'staff')::bigint);
	return query select a.* from api.account a where a.id = (body ->> 'staff')::bigint;
end;
$$;
comment on function api.account_add(jsonb) is 'Makes an account, and mails the link to it';

-- Fails with DS404, DS409.
create function api.account_invite(account bigint) returns setof api.account
language plpgsql volatile
as $$
begin
	perform auth.account_invite(account);
	return query select a.* from api.account a where a.id = account;
end;
$$;
comment on function api.account_invite(bigint) is 'Mails a person a new link';

-- Fails with DS404.
create function api.account_disable(account bigint) returns setof api.account
language plpgsql volatile
as $$
begin
	perform auth.account_shut(account, true);
	return query select a.* from api.account a where a.id = account;
end;
$$;
comment on function api.account_disable(bigint) is 'Shuts a person out at once';

-- Fails with DS404.
create function api.account_enable(account bigint) returns setof api.account
language plpgsql volatile
as $$
begin
	perform auth.account_shut(account, false);
	return query select a.* from api.account a where a.id = account;
end;
$$;
comment on function api.account_enable(bigint) is 'Lets a person in again';

-- Fails with DS404.
create function api.account_remove_totp(account bigint) returns setof api.account
language plpgsql volatile
as $$
begin
	perform auth.account_totp_remove(account);
	return query select a.* from api.account a where a.id = account;
end;
$$;
comment on function api.account_remove_totp(bigint) is 'No code is asked of a person any longer';
