-- Letters: drafted by the clock or by a person, sent by a person, kept as sent.

create view api.letter with (security_invoker = true) as
select l.letter_id as id, l.school_urn, l.pupil_id as pupil, l.kind, l.state, l.agreement_id as agreement,
	l.visit_id as visit,
       l.recipients::json as recipients,
       (select string_agg(r ->> 'name', '; ') from jsonb_array_elements(l.recipients) as r) as recipients_text,
       l.subject, l.text, l.figures::json as figures, (l.figures ->> 'percentage')::numeric as percentage,
       l.by_staff_id as "by", l.sent_on, l.sent_by, encode(l.page_sha256, 'hex') as sha256, l.withdrawn_at,
       	l.withdrawn_why,
       v.policy_code as policy, v.version as policy_version, l.clause, l.version, l.created_at, l.updated_at
  from data.letter l left join data.policy_version v using (policy_version_id);
comment on view api.letter is 'Letters as the API shows them';

create function api.letter_list(school int default null, pupil bigint default null, kind data.letter_kind default null,
	state data.letter_state default null, updated_after timestamptz default null, after bigint default null,
	max_rows int default null) returns setof api.letter
language sql stable
begin atomic
	select l.* from api.letter l
	 where (school is null or l.school_urn = school) and (letter_list.pupil is null or l.pupil = letter_list.pupil)
	   and (letter_list.kind is null or l.kind = letter_list.kind) and (letter_list.state is null
	   	or l.state = letter_list.state)
	   and (letter_list.updated_after is null or l.updated_at > letter_list.updated_after)
	   and (after is null or l.id > after)
	 order by l.id limit max_rows;
end;
comment on function api.letter_list(int, bigint, data.letter_kind, data.letter_state, timestamptz, bigint,
	int) is 'Letters, by id';

create function api.letter_read(letter bigint) returns setof api.letter
language sql stable
begin atomic
	select l.* from api.letter l where l.id = letter;
end;
comment on function api.letter_read(bigint) is 'One letter';

create function api.letter_locked(letter bigint) returns data.letter
language plpgsql volatile
as $$
declare
	its data.letter;
begin
	select l.* into its from data.letter l where l.letter_id = letter for no key update;
	if not found then
		raise exception 'There is no such letter.' using errcode = 'DS404';
	elsif its.state <> 'draft' then
		raise exception 'The letter is % already: it is kept as it is.', its.state using errcode = 'DS409';
	end if;
	return its;
end;
$$;
comment on function api.letter_locked(bigint) is 'A draft, locked; fails with DS404, with DS409 when it is none any more';

create function api.letter_problems(body jsonb, pupil bigint) returns setof jsonb
language sql stable
begin atomic
	select api.staff_problems(body, 'by')
	union all
	select jsonb_build_object('pointer', '/recipients/' || r.n - 1 || '/contact', 'detail',
		'is not a contact of the pupil')
	  from jsonb_array_elements(case when body ? 'recipients' then body -> 'recipients' else '[]' end)
	       with ordinality as r (r, n)
	 where r.r ? 'contact' and not exists (select from data.contact c
	        where c.contact_id = (r.r ->> 'contact')::bigint and c.pupil_id = letter_problems.pupil);
end;
comment on function api.letter_problems(jsonb, bigint) is 'What is wrong with what a letter may say anew';

-- body: {school_urn, pupil, kind, subject, text, by, agreement, visit,
-- recipients}.  Without recipients those with parental responsibility.  Reminders
-- are drafted by the chain of their agreement.  Fails with DS422.
create function api.letter_add(body jsonb) returns setof api.letter
language plpgsql volatile
as $$
declare
	said  jsonb := jsonb_strip_nulls(body);
	pupil bigint := (said ->> 'pupil')::bigint;
	its   data.agreement := (select a from data.agreement a where a.agreement_id = (said ->> 'agreement')::bigint);
	made  bigint;
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.school_problems(said) as p
		union all select api.letter_problems(said, (said ->> 'pupil')::bigint)
		union all select jsonb_build_object('pointer', '/pupil', 'detail', 'is not a pupil of this school')
		           where not exists (select from data.enrolment e where e.pupil_id = (said ->> 'pupil')::bigint
		                                and e.school_urn = (said ->> 'school_urn')::int)
		union all select jsonb_build_object('pointer', '/kind', 'detail', 'is drafted by itself when an agreement is broken')
		           where said ->> 'kind' = 'reminder'
		union all select jsonb_build_object('pointer', '/visit', 'detail', 'is required for a visit letter')
		           where said ->> 'kind' = 'visit' and not said ? 'visit'
		union all select jsonb_build_object('pointer', '/visit', 'detail', 'is not a visit of this school to the pupil')
		           where said ? 'visit' and not exists (select from data.visit v join data.visit_pupil q using (visit_id)
		                 where v.visit_id = (said ->> 'visit')::bigint and v.school_urn = (said ->> 'school_urn')::int
		                   and q.pupil_id = (said ->> 'pupil')::bigint)
		union all select jsonb_build_object('pointer', '/agreement', 'detail', 'is not an agreement of this school and pupil')
		           where said ? 'agreement' and (its.pupil_id, its.school_urn)
		                 is distinct from ((said ->> 'pupil')::bigint, (said ->> 'school_urn')::int)) as found));
	insert into data.letter (school_urn, pupil_id, kind, agreement_id, visit_id, recipients, subject, text, figures,
	                         by_staff_id, client_id)
	values ((said ->> 'school_urn')::int, pupil, (said ->> 'kind')::data.letter_kind, its.agreement_id,
	        (said ->> 'visit')::bigint,
	        coalesce(said -> 'recipients', data.letter_recipients(pupil, (said ->> 'school_urn')::int)),
	        said ->> 'subject', said ->> 'text', data.letter_figures_seen(pupil, (said ->> 'school_urn')::int),
	        (said ->> 'by')::bigint,
	        auth.client_id())
	returning letter_id into made;
	return query select l.* from api.letter l where l.id = made;
end;
$$;
comment on function api.letter_add(jsonb) is 'Drafts a letter';

-- body: JSON Merge Patch of subject, text, recipients, by.  Fails with DS404,
-- DS409 when it is no draft any more, DS412, DS422.
create function api.letter_change(letter bigint, if_match text[], body jsonb) returns setof api.letter
language plpgsql volatile
as $$
declare
	was data.letter;
begin
	select l.* into was from data.letter l where l.letter_id = letter for no key update;
	perform api.want_version(if_match, was.version);
	perform api.letter_locked(letter);
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.letter_problems(jsonb_strip_nulls(body),
		was.pupil_id) p));
	update data.letter l
	   set subject = coalesce(body ->> 'subject', was.subject), text = coalesce(body ->> 'text', was.text),
	       recipients = coalesce(nullif(jsonb_strip_nulls(body -> 'recipients'), 'null'), was.recipients),
	       by_staff_id = case when body ? 'by' then (body ->> 'by')::bigint else was.by_staff_id end,
	       edited = was.edited or body ?| '{subject,text,recipients}'
	 where l.letter_id = letter;
	return query select l.* from api.letter l where l.id = letter;
end;
$$;
comment on function api.letter_change(bigint, text[], jsonb) is 'Changes a draft, if it is as the caller knows it';

-- What a page of a letter is made of.  "on", "by": of one that is about to be sent.
create function api.letter_document(letter bigint, sender bigint default null, sent_on date default null)
returns text
language sql stable
return (select xmlelement(name letter, xmlattributes('https://doorstep.example/ns/v1/letter' as xmlns,
	l.letter_id as id,
		l.kind as kind, case when letter_document.sent_on is not null then 'sent' else l.state::text end as state),
	xmlelement(name school, xmlattributes(s.urn as urn), data.xml_text(s.name)),
	xmlelement(name pupil, xmlforest(data.xml_text(p.given_name) as "given-name",
		data.xml_text(p.family_name) as "family-name")),
	xmlelement(name recipients, (select xmlagg(xmlelement(name recipient, xmlforest(data.xml_text(r ->> 'name') as name,
		data.xml_text(r ->> 'relationship') as relationship, data.xml_text(r ->> 'address') as address,
		data.xml_text(r ->> 'postcode') as postcode)) order by n)
		from jsonb_array_elements(l.recipients) with ordinality as t (r, n))),
	xmlforest(data.day_words(coalesce(letter_document.sent_on, l.sent_on)) as "sent-on",
		data.xml_text(l.subject) as subject),
	xmlelement(name text, (select xmlagg(xmlelement(name p, data.xml_text(paragraph)) order by n)
		from regexp_split_to_table(l.text, E'\\n[ \\t]*\\n+') with ordinality as t (paragraph, n))),
	xmlelement(name figures, xmlattributes(l.figures ->> 'from' as "from", l.figures ->> 'to' as "to",
		l.figures ->> 'possible' as possible, l.figures ->> 'attended' as attended,
		l.figures ->> 'percentage' as percentage)),
	(select xmlelement(name sender, xmlforest(data.xml_text(f.given_name || ' ' || f.family_name) as name,
		(select string_agg(replace(role::text, '_', ' '), ', ') from unnest(o.roles) as role) as role,
		data.xml_text(f.phone) as phone, data.xml_text(f.email) as email))
		from data.staff f left join data.post o on o.staff_id = f.staff_id and o.school_urn = l.school_urn
		where f.staff_id = coalesce(sender, l.by_staff_id)))::text
	  from data.letter l join data.school s on s.urn = l.school_urn join data.pupil p using (pupil_id)
	 where l.letter_id = letter);
comment on function api.letter_document(bigint, bigint, date) is 'A letter as XML, of which its page is made';

create function api.letter_page(letter bigint) returns table (document text, page text, variant int)
language sql stable rows 1
begin atomic
	select api.letter_document(letter), l.page, l.school_urn from data.letter l where l.letter_id = letter;
end;
comment on function api.letter_page(bigint) is 'A letter as XML; of one that was sent, its page as it was sent';

-- The draft as it will be when it is sent: body as for api.letter_send, checked as there.
create function api.letter_send_page(letter bigint, body jsonb) returns table (document text, variant int)
language plpgsql volatile rows 1
as $$
declare
	its data.letter := api.letter_locked(letter);
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from (
		select api.staff_problems(body, 'by') as p
		union all select api.day_problems(body, 'sent_on')
		union all select jsonb_build_object('pointer', '/sent_on', 'detail', 'is before it was drafted')
		           where its.kind = 'reminder' and (body ->> 'sent_on')::date < data.day_of(its.created_at)) as found));
	if its.recipients = '[]' then
		raise exception 'The letter goes to nobody: say to whom (recipients) before it is sent.' using errcode = 'DS409';
	elsif its.kind = 'reminder' and not data.reminder_holds(letter) then
		raise exception 'The register was amended since this was drafted, and what it says was not kept is not so any more. '
			'Have the agreement tested, and look at the draft again.' using errcode = 'DS409';
	end if;
	return query select api.letter_document(letter, (body ->> 'by')::bigint,
		coalesce((body ->> 'sent_on')::date, data.day_of(now()))), its.school_urn;
end;
$$;
comment on function api.letter_send_page(bigint, jsonb) is 'A draft as XML, as it will be when it is sent';

-- body: {by, sent_on, sent_by}; page: made of api.letter_send_page.  Of a visit
-- letter the visit hears: given, or posted.  Fails with DS404, DS409, DS422.
create function api.letter_send(letter bigint, body jsonb, page text) returns setof api.letter
language plpgsql volatile
as $$
declare
	its data.letter := api.letter_locked(letter);
begin
	update data.letter l
	   set by_staff_id = (body ->> 'by')::bigint, sent_on = coalesce((body ->> 'sent_on')::date, data.day_of(now())),
	       sent_by = (body ->> 'sent_by')::data.letter_way, page = letter_send.page
	 where l.letter_id = letter;
	if its.kind = 'visit' and body ->> 'sent_by' in ('hand', 'post') and exists (select from data.visit v
	   where v.visit_id = its.visit_id and v.departed_at is not null) then
		perform api.event_append(its.visit_id, jsonb_build_object('kind',
			case body ->> 'sent_by' when 'hand' then 'letter_given' else 'letter_posted' end, 'by', body -> 'by',
			'note', format('Letter %s', letter)));
	end if;
	return query select l.* from api.letter l where l.id = letter;
end;
$$;
comment on function api.letter_send(bigint, jsonb, text) is 'Sends a letter: it is kept as it is from then on';

-- body: {by, reason}.  A reminder is not withdrawn: its step is waived, or put
-- off.  Fails with DS404, DS409, DS422.
create function api.letter_withdraw(letter bigint, body jsonb) returns setof api.letter
language plpgsql volatile
as $$
declare
	its data.letter := api.letter_locked(letter);
begin
	perform api.refuse((select coalesce(jsonb_agg(p), '[]') from api.staff_problems(body, 'by') as p));
	if its.kind = 'reminder' then
		raise exception 'A reminder is a step of its agreement: waive that step, or put it off.' using errcode = 'DS409';
	end if;
	update data.letter l
	   set withdrawn_at = clock_timestamp(), withdrawn_why = body ->> 'reason', by_staff_id = (body ->> 'by')::bigint
	 where l.letter_id = letter;
	return query select l.* from api.letter l where l.id = letter;
end;
$$;
comment on function api.letter_withdraw(bigint, jsonb) is 'Puts a draft away';
