-- The steps that follow a breach, each a duty with its clause: a reminder is
-- drafted, a follow-up visit asked for, a referral.  Nothing is sent by itself.

-- All findings of an agreement: one select for every kind of clause that puts
-- duties on agreements, made here, after the kinds.
do $$
declare
	kinds text := (select string_agg(format(
		'select c.clause, f.* from data.clause c, duty.%1$I(a, c) f'
		' where c.policy_version_id = (a).policy_version_id and c.kind = %1$L', k.kind), E'\nunion all\n' order by k.kind)
		  from data.clause_kind k
		 where to_regprocedure(format('duty.%I(data.agreement, data.clause)', k.kind)) is not null);
begin
	execute format($function$
		create function duty.agreement_findings(a data.agreement)
		returns table (clause text, part text, gate data.duty_gate, applies boolean, due_at timestamptz,
			holds boolean,
			met_at timestamptz, broken_at timestamptz, closed_at timestamptz, evidence text, missing text,
			roles data.staff_role[])
		language plpgsql stable as $body$ begin return query %s; end; $body$ $function$, kinds);
end;
$$;
comment on function duty.agreement_findings(data.agreement) is 'What the clauses of a policy ask of an agreement';

-- The same as it is stored.  An agreement that was ended or renewed asks for no
-- more steps; what was met stays met.
create function duty.agreement_weighed(a data.agreement) returns setof data.duty
language sql stable rows 4
begin atomic
	select d.duty_id, null::bigint, (a).school_urn, c.policy_version_id, c.clause, '', null::data.duty_gate, k.scope,
	       s.applies, f.due_at, s.met_at, null::bigint, case when s.met_at is not null then f.evidence end, f.missing,
	       null::timestamptz, null::timestamptz, f.roles, w.at, null::timestamptz, d.told_due_at, null::boolean,
	       d.created_at, d.updated_at, (a).agreement_id
	  from duty.agreement_findings(a) f
	       join data.clause c on c.policy_version_id = (a).policy_version_id and c.clause = f.clause
	       join data.clause_kind k using (kind)
	       left join data.duty d on d.agreement_id = (a).agreement_id and d.policy_version_id = c.policy_version_id
	                            and d.clause = c.clause
	       left join lateral (select max(w.at) as at from data.deviation w
	            where w.agreement_id = (a).agreement_id and w.clause = c.clause and w.kind = 'waived') as w on true,
	       lateral (select f.applies and (f.met_at is not null or (a).renewed_on is null and (a).ended_on is null
	                                      or k.kind = 'agreement_recorded') as applies,
	                       coalesce(f.met_at, case when f.holds then coalesce(d.met_at,
	                       	clock_timestamp()) end) as met_at) as s;
end;
comment on function duty.agreement_weighed(data.agreement) is 'The duties of an agreement as they stand now';

-- broken_on, kept_on follow from the promises of both sides.  Broken once, an
-- agreement stays so while its promises are tested anew, until they are kept.
create function duty.agreement_decide(agreement bigint) returns void
language sql volatile
begin atomic
	update data.agreement a
	   set broken_on = f.broken_on, kept_on = f.kept_on
	  from (select case when p.broken_on is not null then p.broken_on when p.all_kept then null
	                    when r.rounds > 1 then x.broken_on end as broken_on,
	               case when p.all_kept then p.last_on end as kept_on
	          from data.agreement x,
	               lateral (select min(p.decided_on) filter (where p.state = 'broken') as broken_on,
	                               bool_and(p.state in ('kept', 'untested')) as all_kept, max(p.decided_on) as last_on
	                          from data.promise p where p.agreement_id = agreement) as p,
	               lateral (select count(*) as rounds from data.agreement_rounds(agreement)) as r
	         where x.agreement_id = agreement) as f
	 where a.agreement_id = agreement and (a.broken_on, a.kept_on) is distinct from (f.broken_on, f.kept_on);
end;
comment on function duty.agreement_decide(bigint) is 'Carries how the promises stand over into the agreement';

-- The draft of a reminder is there exactly while it is to be sent, and says what was
-- not kept as it stands: one that a person has changed is put away once that is
-- something else, and drafted anew; any other is written anew.
create function duty.agreement_draft(a data.agreement, reminder data.duty) returns void
language plpgsql volatile
as $$
declare
	wanted constant boolean := (reminder).applies and (reminder).met_at is null and (reminder).waived_at is null;
begin
	update data.letter l
	   set withdrawn_at = clock_timestamp(), withdrawn_why = case
	           when wanted then 'What was not kept is something else now.'
	           when (reminder).waived_at is not null then 'The reminder was waived.'
	           when (a).ended_on is not null or (a).renewed_on is not null then 'The agreement is over.'
	           else 'The breach that it reminded of is no more.' end
	 where l.agreement_id = (a).agreement_id and l.kind = 'reminder' and l.state = 'draft'
	   and (not wanted or l.edited and l.breaches is distinct from data.reminder_breaches(a));
	if wanted then
		perform data.letter_draft_reminder(a, reminder);
	end if;
end;
$$;
comment on function duty.agreement_draft(data.agreement, data.duty) is 'Drafts the reminder of a broken agreement, or puts the draft away';

-- Who has to do with a step hears of it when it comes up, and again, as of every
-- duty, when its time is over; not whenever that time is another.
create function duty.agreement_tell(d data.duty) returns void
language plpgsql volatile
as $$
begin
	if (d).open and (d).due_at is not null and not exists (select from data.notification n
	   where n.subject = 'step:' || (d).duty_id and coalesce(n.resolution, 'It was put off.') = 'It was put off.') then
		perform watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
			'school_urn', (d).school_urn, 'cause', 'agreement', 'scope', (d).scope,
			'subject', 'step:' || (d).duty_id, 'duty_id', (d).duty_id, 'policy_version_id', (d).policy_version_id,
			'clause', (d).clause, 'words', format('Agreement %s: %s', (d).agreement_id, (d).missing),
			'roles', to_jsonb((d).roles), 'due_at', (d).due_at)));
	end if;
end;
$$;
comment on function duty.agreement_tell(data.duty) is 'Tells of a step that has come up';

-- Weighs an agreement: idempotent, and for whoever asks, since it tells nothing.
create function duty.weigh_agreement(agreement bigint) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	a      data.agreement;
	duties data.duty[];
begin
	perform from data.agreement x where x.agreement_id = agreement for no key update;
	perform duty.agreement_decide(agreement);
	select x.* into a from data.agreement x where x.agreement_id = agreement;
	duties := coalesce((select array_agg(d) from duty.agreement_weighed(a) d), '{}');
	perform duty.store(duties);
	perform duty.agreement_draft(a, d), duty.agreement_tell(d)
	   from data.duty d join data.clause c using (policy_version_id, clause)
	  where d.agreement_id = agreement and c.kind = 'agreement_reminder';
	perform duty.agreement_tell(d)
	   from data.duty d join data.clause c using (policy_version_id, clause)
	  where d.agreement_id = agreement and c.kind in ('agreement_follow_up', 'legal_referral');
end;
$$;
comment on function duty.weigh_agreement(bigint) is 'Weighs the duties of an agreement and stores them';
