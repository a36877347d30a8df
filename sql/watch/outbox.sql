-- The outbox: every notification on its way to everybody who must hear of it.
-- Each delivery is leased, sent, and then either delivered or tried again
-- later; it is never given up.  Whoever sends may end at any moment: a lease
-- that runs out makes the delivery due again, so it arrives at least once.

create function watch.unaware(about data.notification) returns bigint[]
language sql stable
return coalesce((select array_agg(t.staff_id) from data.team_member t join data.escalation e using (visit_id)
	where e.escalation_id = (about).escalation_id and e.cause = 'code_word' and t.staff_id is not null), '{}');
comment on function watch.unaware(data.notification)
	is 'Who must not be written to: of a code word, the team, over whose shoulder somebody may look';

-- A delivery to the mailbox of whom it is for alone; or else to each of those who hold one of the roles at the school,
-- or, where nobody does, who lead it or sit in its office; and to each webhook
-- of the school or of all.
create function watch.fan_out() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	if new.staff_id is not null then
		insert into data.delivery (notification_id, school_urn, channel, address)
		select new.notification_id, new.school_urn, 'email', s.email from data.staff s
		 where s.staff_id = new.staff_id and s.email <> ''; -- one without an address any more is told nothing
		return null;
	end if;
	insert into data.delivery (notification_id, school_urn, channel, address)
	select distinct on (lower(s.email)) new.notification_id, new.school_urn, 'email', s.email
	  from data.post p join data.staff s using (staff_id)
	 where p.school_urn = new.school_urn and p.roles && new.roles and s.email <> '' and data.lasts(p.left_on)
	   and p.staff_id <> all (watch.unaware(new))
	 order by lower(s.email), s.staff_id;
	if not found then
		insert into data.delivery (notification_id, school_urn, channel, address)
		select distinct on (lower(s.email)) new.notification_id, new.school_urn, 'email', s.email
		  from data.post p join data.staff s using (staff_id)
		 where p.school_urn = new.school_urn and s.email <> '' and p.staff_id <> all (watch.unaware(new))
		   and data.lasts(p.left_on)
		   and p.roles && case when new.scope is null
		       then '{headteacher,deputy,assistant_head,dsl,leadership,office}'
		                       else '{headteacher,dsl,deputy_dsl}' end::data.staff_role[]
		 order by lower(s.email), s.staff_id;
	end if;
	insert into data.delivery (notification_id, school_urn, channel, address, webhook_id)
	select distinct on (w.url) new.notification_id, new.school_urn, 'webhook', w.url, w.webhook_id
	  from data.webhook w
	 where w.disabled_at is null and (w.school_urn is null or w.school_urn = new.school_urn)
	 order by w.url, w.school_urn nulls last, w.webhook_id;
	return null;
end;
$$;
comment on function watch.fan_out() is 'Trigger: puts a notification into the outbox, once for everybody who must hear of it';
create or replace trigger fan_out after insert on data.notification
	for each row execute function watch.fan_out();

-- Leases up to so many deliveries of a channel that are due, for two minutes,
-- and answers all that is needed to send them.  One at a time to an address:
-- one that answers slowly or not at all holds up nobody else.  under_way:
-- deliveries that the caller is about to send already.  Two callers never get
-- the same.
create function watch.claim(wanted data.delivery_channel, most int, under_way bigint[])
returns table (delivery bigint, link text, try int, recipient text, subject text, body text, secret text)
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	at    timestamptz := clock_timestamp();
	busy  text[] := array(select d.address from data.delivery d where d.delivery_id = any (under_way));
	first bigint[] := array(
		select distinct on (d.address) d.delivery_id
		  from data.delivery d left join data.webhook w using (webhook_id)
		      left join data.notification n using (notification_id)
		 where d.delivered_at is null and d.next_try_at <= at and d.channel = wanted
		   and w.disabled_at is null and d.address <> all (busy)
		 order by d.address, coalesce(n.cause = 'rung' and not n.drill, false) desc,
		     d.delivery_id); -- who may be in trouble comes first
begin
	return query
	with free as materialized (
		select d.delivery_id from data.delivery d
		 where d.delivery_id = any (first) and d.delivered_at is null and d.next_try_at <= at
		 order by d.next_try_at, d.delivery_id limit most for update skip locked),
	leased as (
		update data.delivery d set tries = d.tries + 1, next_try_at = at + interval '2 minutes'
		  from free where d.delivery_id = free.delivery_id
		returning d.*)
	select l.delivery_id, coalesce(watch.link(n), watch.link_made(l.link_id)), l.tries, l.address,
	       coalesce(watch.subject_line(n), 'Doorstep: your password'),
	       case when l.link_id is not null then watch.link_letter(l.link_id) when l.channel = 'email' then watch.letter(n)
	            else watch.webhook_body(n, l.delivery_id) end, w.secret
	  from leased l left join data.notification n using (notification_id) left join data.webhook w using (webhook_id)
	 order by l.delivery_id;
end;
$$;
comment on function watch.claim(data.delivery_channel, int,
	bigint[]) is 'Leases deliveries that are due, with all that is needed to send them';

-- The receiver has taken it.
create function watch.delivered(delivery bigint) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	update data.delivery d set delivered_at = clock_timestamp()
	 where d.delivery_id = delivery and d.delivered_at is null;
end;
comment on function watch.delivered(bigint) is 'Notes that a delivery has arrived';

-- How long after the so-manieth try that went wrong the next comes: twice as long each
-- time, less up to a tenth, so that those that failed together do not all come together.
create function watch.pause(tries int, first interval, most interval) returns interval
language sql volatile
return least(first * 2 ^ least(tries - 1, 10), most) * (1 - random() / 10);
comment on function watch.pause(int, interval, interval) is 'The pause after a try that went wrong';

-- The try went wrong: the next comes after 5 s, 10 s, 20 s … 10 min.
create function watch.failed(delivery bigint, error text) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	update data.delivery d
	   set last_error = error,
	       next_try_at = clock_timestamp() + watch.pause(d.tries, '5 seconds', '10 minutes')
	 where d.delivery_id = delivery and d.delivered_at is null;
end;
comment on function watch.failed(bigint, text) is 'Notes why a try went wrong, and when to try again';

-- Says at the deliveries of a channel that cannot be sent at all why they wait.
create function watch.hold(held data.delivery_channel, reason text) returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	update data.delivery d set last_error = reason
	 where d.channel = held and d.delivered_at is null and d.next_try_at <= clock_timestamp()
	   and d.last_error is distinct from reason;
end;
comment on function watch.hold(data.delivery_channel,
	text) is 'Says at deliveries that cannot be sent at all why they wait';

-- For whoever administers the trust's database, not for programs: makes a
-- webhook and answers the secret of its signatures, which is shown this once.
-- school: null for the notifications of every school.
create or replace function data.webhook_create(url text, school int default null) returns text
language plpgsql volatile set search_path = pg_catalog
as $$
declare
	made text := auth.random_secret();
begin
	insert into data.webhook (url, secret, school_urn) values (url, made, school);
	return made;
end;
$$;
comment on function data.webhook_create(text,
	int) is 'Makes a webhook and answers the secret of its signatures, shown this once';
