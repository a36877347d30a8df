-- Guessing is made slow, and nobody can be shut out by it.  A sign-in is counted before
-- it is tried, so that many at once get no further than one after the other, and what is
-- counted is forgotten when it succeeds.  After a few the next has to wait, ever longer,
-- never for good.
--
-- Counted is by login and the address that it came from, and by login alone, of
-- whichever address.  A browser on which the person signed in before has a counter of its
-- own instead (the "device cookie" of OWASP): so who guesses elsewhere never holds up that
-- one, and a person who is held up all the same asks for a link, which makes it such.
-- Logins that do not exist are counted alike.

-- How long to wait after so many failures, of which some are free.
create or replace function auth.wait_after(failures int, free int) returns interval
language sql immutable
return case when failures <= free then interval '0'
            else least(2.0 ^ least(failures - free, 10), 600) * interval '1 second' end;
comment on function auth.wait_after(int, int) is 'How long to wait after so many failures, of which some are free';

-- What is counted as coming from one place: of IPv6 the network of a household.
create or replace function auth.source_of(address text) returns text
language sql immutable
return case when address ~ '^[0-9a-fA-F.:]*:[0-9a-fA-F.:]*$' then host(network(set_masklen(address::inet, 64)))
            else coalesce(address, '') end;
comment on function auth.source_of(text) is 'What is counted as coming from one place';

create or replace function auth.attempt_key(kind text, who text, source text default '') returns bytea
language sql immutable
return sha256(convert_to(concat_ws(E'\n', kind, source, who), 'UTF8'));
comment on function auth.attempt_key(text, text, text) is 'Under which something that is tried is counted';

-- Counts a try under each of the keys, each with its number of free ones, and answers 0;
-- or, where one is to wait still, counts nothing and answers how many seconds.
create or replace function auth.attempt_wait(keys bytea[], free int[]) returns int
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	at      timestamptz := clock_timestamp();
	longest interval;
begin
	insert into auth.attempt (attempt_key) select k from unnest(keys) as k order by k on conflict do nothing;
	perform from auth.attempt a where a.attempt_key = any (keys) order by a.attempt_key for update;
	select max(a.next_at) - at into longest from auth.attempt a
	 where a.attempt_key = any (keys) and a.last_at > at - interval '1 day';
	if longest > interval '0' then
		return ceil(extract(epoch from longest));
	end if;
	update auth.attempt a
	   set failures = n.failures, last_at = at, next_at = at + auth.wait_after(n.failures, f.free)
	  from unnest(keys, free) as f (key, free),
	       lateral (select 1 + case when b.last_at > at - interval '1 day' then b.failures else 0 end as failures
	                  from auth.attempt b where b.attempt_key = f.key) as n
	 where a.attempt_key = f.key;
	perform auth.attempts_tidy();
	return 0;
end;
$$;
comment on function auth.attempt_wait(bytea[], int[]) is 'Counts a try, or answers how many seconds it is to wait';

-- What is a day old is forgotten, some at a time; beyond a hundred thousand, which only
-- somebody who guesses at logins makes, the oldest are.
create or replace function auth.attempts_tidy() returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	delete from auth.attempt a where a.attempt_key in (
		select o.attempt_key from auth.attempt o where o.last_at < now() - interval '1 day'
		 order by o.last_at limit 100 for update skip locked);
	if random() < 0.01 then
		delete from auth.attempt a where a.last_at <= (
			select o.last_at from auth.attempt o order by o.last_at desc offset 100000 limit 1);
	end if;
end;
$$;
comment on function auth.attempts_tidy() is 'Forgets what was tried a day ago';

create or replace function auth.attempts_forget(keys bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	delete from auth.attempt a where a.attempt_key = any (keys);
end;
comment on function auth.attempts_forget(bytea[]) is 'Forgets what was counted under these keys: it succeeded';
