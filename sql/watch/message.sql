-- What a notification says on its way out.  No child is named in it: it leaves
-- for mailboxes and programs that Doorstep knows nothing of.

-- The subject line of the e-mail, in ASCII.
create function watch.subject_line(n data.notification) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
	select case when n.drill then 'DRILL: ' else '' end || 'Doorstep: '
	       || coalesce('visit ' || n.visit_id, 'export ' || n.export_id, 'school ' || n.school_urn) || ': '
	       || case n.cause when 'rung' then 'step ' || n.position || ' is to be taken now'
	                       when 'duty' then 'the time of a duty is over'
	                       when 'breach' then 'a rule of the policy was broken'
	                       when 'review' then 'a review is to be made'
	                       when 'agreement' then 'an agreement asks for a step'
	                       when 'evidence' then 'the evidence of a referral has changed'
	                       when 'export' then 'a scheduled report' end
	       || ', due ' || to_char(n.due_at at time zone 'Europe/London', 'FMDD Mon HH24:MI');
end;
comment on function watch.subject_line(data.notification) is 'The subject line of the e-mail about a notification';

-- How long after its time a notification was raised, for people: "3 s", "12 min", "5 h 12 min".
create function watch.lateness(n data.notification) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
	select case when late < 60 then late || ' s' when late < 3600 then late / 60 || ' min'
	            else late / 3600 || ' h ' || late % 3600 / 60 || ' min' end
	  from (select greatest(floor(extract(epoch from n.raised_at - n.due_at)), 0)::bigint as late) as found;
end;
comment on function watch.lateness(data.notification) is 'How long after its time a notification was raised, for people';

-- Of a concern or an incident it isn't said what is to be done: that there is
-- one is for those to see who have the scope for it.
create function watch.words(n data.notification) returns text
language sql immutable
return case when n.scope is null then n.words when n.visit_id is not null
            then 'Sign in to see what is to be done about this visit.' else 'Sign in to see what is to be done.' end;
comment on function watch.words(data.notification) is 'What is to be done, as it may leave Doorstep';

-- Where to read more, below the address of Doorstep; nobody reads it without signing in.
create function watch.link(n data.notification) returns text
language sql immutable
return case when n.export_id is not null and n.staff_id is not null then 'api/v1/exports/' || n.export_id
            else 'api/v1/notifications/' || n.notification_id end;
comment on function watch.link(data.notification) is 'Where to read more about a notification';

-- The e-mail itself, lines ended by LF; the program adds the link.
create function watch.letter(n data.notification) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
	select concat_ws(E'\n',
		case when n.drill then E'This is a DRILL: nobody is in danger.\n' end,
		s.name || coalesce(', visit ' || n.visit_id, ''), '',
		'To do: ' || watch.words(n),
		'By: ' || (select string_agg(replace(role::text, '_', ' '), ', ') from unnest(n.roles) as role),
		'Due: ' || to_char(n.due_at at time zone 'Europe/London', 'Dy FMDD Mon YYYY HH24:MI:SS')
			|| ', found ' || watch.lateness(n) || ' later',
		'Policy: ' || v.policy_code || coalesce(', clause ' || case when n.scope is null then n.clause end, ''),
		case when n.resolved_at is not null then E'\nIt has been settled since.' end)
	  from data.school s
	       left join data.policy_version v on v.policy_version_id = n.policy_version_id
	 where s.urn = n.school_urn;
end;
comment on function watch.letter(data.notification) is 'The text of the e-mail about a notification';

-- What a webhook is sent; late_seconds: from due_at to raised_at.
create function watch.webhook_body(n data.notification, delivery bigint) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
	select json_build_object('delivery', delivery, 'notification', n.notification_id,
		'school_urn', n.school_urn, 'visit', n.visit_id, 'cause', n.cause,
		'clause', case when n.scope is null then n.clause end,
		'policy', (select v.policy_code from data.policy_version v
			where v.policy_version_id = n.policy_version_id),
		'words', watch.words(n), 'roles', n.roles,
		'due_at', to_char(n.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'raised_at', to_char(n.raised_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'late_seconds', greatest(round(extract(epoch from n.raised_at - n.due_at), 3), 0),
		'drill', n.drill, 'escalation', n.escalation_id, 'rung', n.position)::text;
end;
comment on function watch.webhook_body(data.notification,
	bigint) is 'What a webhook is sent about a notification, as JSON';

-- What a person's link says is made when its mail is: until then it is nowhere, and after
-- that in the mail alone.  A mail that is sent again has another, and the first one ends.
create function watch.link_made(link bigint) returns text
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	made text := auth.random_secret();
begin
	update auth.link l
	   set token_hash = sha256(convert_to(made, 'UTF8')),
	       expires_at = clock_timestamp()
	           + case l.purpose when 'reset' then interval '30 minutes' else interval '7 days' end
	 where l.link_id = link;
	return 'account/password.html#' || made;
end;
$$;
comment on function watch.link_made(bigint) is 'Where a person sets their password, by a link that is made now';

create function watch.link_letter(link bigint) returns text
language sql stable security definer set search_path = pg_catalog
begin atomic
	select case l.purpose when 'reset' then
		E'Somebody asked to set a new password for your account at Doorstep. The link below does, once, within 30 '
		|| E'minutes.\n\nIf it was not you, do nothing: your password stays as it is.'
	else
		E'You have an account at Doorstep. Choose your password by the link below, within seven days; you sign in '
		|| E'with your e-mail address.' end
	  from auth.link l where l.link_id = link;
end;
comment on function watch.link_letter(bigint) is 'The text of the mail that has a person''s link';
