-- What a letter says before a person has changed anything.

-- Whom a school writes to about a pupil: the contacts with parental
-- responsibility, at the home of the pupil; nobody where another school has the pupil now.
create or replace function data.letter_recipients(pupil bigint, school int) returns jsonb
language sql stable
return (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('contact', c.contact_id,
	           'name', c.given_name || ' ' || c.family_name, 'relationship', c.relationship, 'address', p.address,
	           'postcode', p.postcode)) order by c.contact_id), '[]')
	  from data.contact c join data.pupil p using (pupil_id)
	 where c.pupil_id = letter_recipients.pupil and c.parental_responsibility
	   and auth.school_reaches(c.pupil_id, school));
comment on function data.letter_recipients(bigint, int) is 'The contacts with parental responsibility for a pupil, as the recipients of a letter';

create or replace function data.day_words(day date) returns text
language sql stable
return to_char(day, 'FMDD FMMonth YYYY');
comment on function data.day_words(date) is 'A day as a letter writes it';

-- The paragraphs of a reminder: what was agreed and not kept, how attendance
-- stands, what the school promised, and what comes next.
create or replace function data.reminder_text(a data.agreement, figures jsonb) returns text
language sql stable
begin atomic
	select concat_ws(E'\n\n',
		format('On %s we agreed with you how to help %s come to school. We are writing because part of this was not kept:',
			data.day_words((a).made_on), p.given_name),
		(select string_agg(format('• %s (%s; %s)', b.words, data.day_words(b.broken_on), b.reason), E'\n'
			order by b.promise_id)
		   from data.agreement_breaches((a).agreement_id, 1) b),
		case when (figures ->> 'possible')::int > 0 then
			format('From %s to %s %s attended %s of %s sessions (%s %%).', data.day_words((figures ->> 'from')::date),
				data.day_words((figures ->> 'to')::date), p.given_name, figures ->> 'attended', figures ->> 'possible',
				figures ->> 'percentage') end,
		(select E'For our part we promised:\n' || string_agg(format('• %s (%s)', r.words, case r.state when 'kept' then 'done'
			        when 'broken' then 'not done: we are sorry, and will tell you how we mend it'
			        else 'by ' || data.day_words(r.due_on) end), E'\n' order by r.position)
		   from data.promise r where r.agreement_id = (a).agreement_id and r.side = 'school'),
		'If something stands in the way, or if you think that this is not right, please tell us: we want to help.',
		(select 'If the agreement is not kept from now on, we will visit you again.' where exists (
		    select from data.clause c where c.policy_version_id = (a).policy_version_id and c.kind = 'agreement_follow_up')))
	  from data.pupil p where p.pupil_id = (a).pupil_id;
end;
comment on function data.reminder_text(data.agreement, jsonb) is 'The text of a reminder about a broken agreement';

create or replace function data.letter_figures(a data.agreement) returns jsonb
language sql stable
return data.figures_of((a).pupil_id, (a).from_on, least(data.on_roll_until((a).pupil_id, (a).school_urn),
	greatest((a).from_on, coalesce((a).tested_to, data.day_of(now())))));
comment on function data.letter_figures(data.agreement) is 'Attendance since an agreement began, for a letter about it';

-- What a reminder is about, by which it is told whether that is still so.
create or replace function data.reminder_breaches(a data.agreement) returns jsonb
language sql stable
return (select coalesce(jsonb_agg(jsonb_build_object('promise', b.position, 'broken_on', b.broken_on)
	order by b.position), '[]') from data.agreement_breaches((a).agreement_id, 1) b);
comment on function data.reminder_breaches(data.agreement) is 'The promises that a reminder of an agreement is about';

-- Of a draft that no person has changed, the text, the figures and to whom it goes.
create or replace function data.letter_draft_reminder(a data.agreement, reminder data.duty) returns void
language sql volatile
begin atomic
	insert into data.letter as l (school_urn, pupil_id, kind, agreement_id, round, recipients, subject, text, figures,
	                              breaches, policy_version_id, clause, client_id)
	select (a).school_urn, (a).pupil_id, 'reminder', (a).agreement_id, 1,
	       data.letter_recipients((a).pupil_id, (a).school_urn),
	       format('Attendance of %s %s: our agreement of %s', p.given_name, p.family_name, data.day_words((a).made_on)),
	       data.reminder_text(a, f.figures), f.figures, data.reminder_breaches(a), (reminder).policy_version_id,
	       (reminder).clause, auth.client_id()
	  from data.pupil p, lateral (select data.letter_figures(a) as figures) as f
	 where p.pupil_id = (a).pupil_id
	    on conflict (agreement_id, round) where kind = 'reminder' and withdrawn_at is null do update
	   set recipients = excluded.recipients, text = excluded.text, figures = excluded.figures, breaches = excluded.breaches
	 where l.state = 'draft' and not l.edited
	   and (l.recipients, l.text, l.figures, l.breaches)
	       is distinct from (excluded.recipients, excluded.text, excluded.figures, excluded.breaches);
end;
comment on function data.letter_draft_reminder(data.agreement, data.duty)
	is 'Drafts the reminder of a broken agreement, or writes the draft anew';

-- Whether the promises that a reminder names are broken by the register as it is
-- now, which may have been amended since the agreement was tested.  A definer: marks
-- of all schools count.
create or replace function data.reminder_holds(letter bigint) returns boolean
language sql stable security definer set search_path = pg_catalog
return (select bool_and(p.kind = 'text' or (data.promise_try(p, a, 1, a.from_on, a.tested_to)).verdict = 'broken')
	  from data.letter l
	       join data.agreement a using (agreement_id)
	       cross join lateral jsonb_to_recordset(l.breaches) as b (promise int)
	       join data.promise p on p.agreement_id = l.agreement_id and p.position = b.promise
	 where l.letter_id = letter and l.school_urn = any (auth.schools()));
comment on function data.reminder_holds(bigint) is 'Whether what a reminder says was not kept is so by the register as it is now; null of one that the client does not see';

-- Attendance of the school year so far, or until the pupil left, for a letter that
-- somebody writes; of a pupil of the school that the client sees.  A definer: marks
-- of all schools count.
create or replace function data.letter_figures_seen(pupil bigint, school int) returns jsonb
language sql stable security definer set search_path = pg_catalog
return (select data.figures_of(pupil, data.school_year_of(t.day), t.day)
	  from (select least(data.day_of(now()), data.on_roll_until(pupil, school)) as day) as t
	 where school = any (auth.schools()) and data.on_roll_until(pupil, school) > '-infinity');
comment on function data.letter_figures_seen(bigint, int) is 'Attendance of a pupil in the school year so far; null of one that the client does not see';

-- A letter that was sent is kept as it was; only a draft is changed or put away.  It goes
-- in a disposal alone.
create or replace function data.refuse_sent() returns trigger
language plpgsql volatile
as $$
begin
	if tg_op = 'DELETE' then
		if data.disposing() then
			return old;
		end if;
	end if;
	if tg_op = 'DELETE' or tg_op = 'TRUNCATE' then
		raise exception 'Letters are never deleted.' using errcode = 'DS409';
	elsif old.state <> 'draft' then
		raise exception 'The letter is % already: it is kept as it is.', old.state using errcode = 'DS409';
	end if;
	new.page_sha256 := sha256(convert_to(new.page, 'UTF8'));
	return new;
end;
$$;
comment on function data.refuse_sent() is 'Trigger: refuses changes of a letter that is no draft any more; hashes the page of one that is sent';
create or replace trigger kept_as_sent before update or delete on data.letter
	for each row execute function data.refuse_sent();
create or replace trigger never_emptied before truncate on data.letter
	for each statement execute function data.refuse_sent();

-- What the steps of an agreement depend on besides its promises: the letters and
-- visits that name it, or did, and any referral of the pupil.
create or replace function data.weigh_agreement_of() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform duty.weigh_agreement(a)
	   from unnest(array[new.agreement_id, case tg_op when 'UPDATE' then old.agreement_id end]) as a
	  where a is not null group by a order by a;
	return null;
end;
$$;
comment on function data.weigh_agreement_of() is 'Trigger: weighs the agreement that a row names, and that which it named';
create or replace function data.weigh_agreements_of_pupil() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	perform duty.weigh_agreement(a.agreement_id)
	   from data.agreement a where a.pupil_id = new.pupil_id order by a.agreement_id;
	return null;
end;
$$;
comment on function data.weigh_agreements_of_pupil() is 'Trigger: weighs the agreements of the pupil whom a row is about';
create or replace trigger weigh_agreement after insert or update of agreement_id, departed_at, state, planned_start
	on data.visit
	for each row execute function data.weigh_agreement_of();
create or replace trigger weigh_agreement after update on data.letter
	for each row when (new.agreement_id is not null and new.state = 'sent') execute function data.weigh_agreement_of();
create or replace trigger weigh_agreement after insert or update on data.referral
	for each row execute function data.weigh_agreements_of_pupil();
