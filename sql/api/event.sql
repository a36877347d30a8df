create view api.event with (security_invoker = true) as
select e.event_id as id, e.visit_id, e.kind, e.at, e.note, e.by_staff_id as "by", e.means, e.because, e.clause,
       nullif(e.part, '') as part, e.expected_at, e.emergency_reason as reason, e.recorded_at, v.state as visit_state
  from data.event e join data.visit v using (visit_id);
comment on view api.event is 'Events as the API shows them, with the state of the visit now';

-- Fails with DS404 when there is no such visit.
create function api.event_list(visit bigint, after bigint default null, max_rows int default null)
returns setof api.event
language plpgsql stable rows 20
as $$
begin
	perform api.visit_is_known(visit);
	return query select e.* from api.event e
	              where e.visit_id = visit and (after is null or e.id > after)
	              order by e.id limit max_rows;
end;
$$;
comment on function api.event_list(bigint, bigint, int) is 'The events of a visit, in the order of recording';

create function api.event_problems(its data.visit, body jsonb) returns jsonb
language sql stable
begin atomic
	select coalesce(jsonb_agg(problem), '[]') from (
		select api.staff_problems(body, 'by') as problem
		union all
		select jsonb_build_object('pointer', '/' || p.pointer, 'detail', p.detail)
		  from (values
			('note', 'is required: say why the visit is cancelled',
			 body ->> 'kind' = 'cancelled' and coalesce(body ->> 'note', '') !~ '[^[:space:]]'),
			('note', 'is required: say why the visit is broken off',
			 body ->> 'kind' = 'aborted' and coalesce(body ->> 'note', '') !~ '[^[:space:]]'),
			('note', 'is required', body ->> 'kind' = 'note' and coalesce(body ->> 'note',
				'') !~ '[^[:space:]]'),
			('because', 'is for the events cancelled and aborted',
			 body ->> 'because' is not null and body ->> 'kind' not in ('cancelled', 'aborted')),
			('expected_at', 'is for the events delayed and parents_late',
			 body ->> 'expected_at' is not null and body ->> 'kind' not in ('delayed', 'parents_late')),
			('expected_at', 'must be within 24 hours of planned_start',
			 (body ->> 'expected_at')::timestamptz > (its).planned_start + interval '24 hours'),
			('clause', 'is for the event done', body ->> 'clause' is not null
				and body ->> 'kind' <> 'done'),
			('clause', 'is required: the clause whose duty is done', body ->> 'clause' is null
				and body ->> 'kind' = 'done'),
			('clause', 'is not a clause of the policy that this visit is under',
			 body ->> 'clause' is not null and not exists (select from data.clause c
				where c.policy_version_id = (its).policy_version_id
				  and c.clause = body ->> 'clause')),
			('part', 'needs a clause', body ->> 'part' is not null and body ->> 'clause' is null),
			('emergency', 'is for the event departed',
			 (body ->> 'emergency')::boolean and body ->> 'kind' <> 'departed'),
			('reason', 'is required: say why it cannot wait',
			 (body ->> 'emergency')::boolean and coalesce(body ->> 'reason', '') !~ '[^[:space:]]'),
			('reason', 'is for emergencies: set "emergency": true, or say it in note',
			 body ->> 'reason' is not null and not coalesce((body ->> 'emergency')::boolean, false))
		  ) as p (pointer, detail, wrong)
		 where p.wrong) as found;
end;
comment on function api.event_problems(data.visit, jsonb) is 'Everything in which an event does not fit the records';

-- A departure that is about to be made waits for the duties that stand before
-- it: DS409 with all of them.  One that took place, told a minute or more
-- later, or that is an emergency, is recorded; what was unmet is a breach.
create function api.event_departs(its data.visit, body jsonb) returns void
language plpgsql volatile
as $$
declare
	emergency boolean := coalesce((body ->> 'emergency')::boolean, false);
	took_place boolean := coalesce((body ->> 'at')::timestamptz < clock_timestamp() - interval '1 minute', false);
	unmet data.duty[];
begin
	perform duty.weigh(its.visit_id);
	unmet := array(select d from duty.unmet(its.visit_id, '{approve,depart}') d);
	if not emergency and not took_place then
		if its.state in ('cancelled', 'refused') or its.declined_at is not null and not exists (
		      select from data.clause c
		       where c.policy_version_id = its.policy_version_id and c.kind = 'right_to_decline') then
			raise exception 'The visit was %: ask for it anew.', its.state using errcode = 'DS409';
		end if;
		if cardinality(unmet) > 0 then
			raise exception 'The policy asks for more before the team departs: % unmet.', cardinality(unmet)
				using errcode = 'DS409', detail = jsonb_build_object('duties', duty.told(unmet));
		end if;
	end if;
	insert into data.deviation (visit_id, school_urn, clause, part, kind, reason, emergency, at, client_id)
	select its.visit_id, its.school_urn, d.clause, d.part, 'breached',
	       coalesce(body ->> 'reason', body ->> 'note', 'The departure was recorded after it took place.'),
	       emergency, coalesce((body ->> 'at')::timestamptz, now()), auth.client_id()
	  from unnest(unmet) d
	    on conflict (visit_id, clause, part) where kind = 'breached' do nothing;
end;
$$;
comment on function api.event_departs(data.visit,
	jsonb) is 'Lets a visit depart, or refuses with all unmet duties; notes breaches';

-- body: {kind, at, note, …}; at defaults to now.  Fails with DS404, with DS409
-- when it cannot have happened or its duties are unmet, with DS422.
create function api.event_append(visit bigint, body jsonb) returns setof api.event
language plpgsql volatile
as $$
declare
	its  data.visit := api.visit_locked(visit);
	made bigint;
begin
	perform api.refuse(api.event_problems(its, body));
	if body ->> 'kind' = 'done' and not auth.has_scope('approvals:write') and exists (select from data.clause c
	      where c.policy_version_id = its.policy_version_id and c.clause = body ->> 'clause'
	        and c.kind in ('approval', 'dsl_input', 'concerns_discussed')) then
		raise exception 'That somebody knows of, agrees to or has a say in a visit takes the scope approvals:write.'
			using errcode = 'DS430';
	end if;
	if body ->> 'clause' = any (duty.clauses_closed(visit = any (auth.own_visits()))) then
		raise exception 'What is done about a concern or an incident is told with the scope for those.'
			using errcode = 'DS430';
	end if;
	if body ->> 'kind' = 'done' and exists (select from data.clause c where c.policy_version_id = its.policy_version_id
	      and c.clause = body ->> 'clause' and c.kind = 'approval') then
		perform auth.in_own_name((body ->> 'by')::bigint), api.asker_approves(its, (body ->> 'by')::bigint);
	end if;
	if body ->> 'kind' = 'departed' and its.departed_at is null then
		perform api.event_departs(its, body);
	end if;
	insert into data.event (visit_id, school_urn, kind, at, note, by_staff_id, means, because, clause, part,
	                        expected_at, emergency_reason, client_id)
	values (visit, its.school_urn, (body ->> 'kind')::data.event_kind,
	        coalesce((body ->> 'at')::timestamptz, now()), body ->> 'note', (body ->> 'by')::bigint,
	        (body ->> 'means')::data.telling, (body ->> 'because')::data.end_reason, body ->> 'clause',
	        coalesce(body ->> 'part', ''), (body ->> 'expected_at')::timestamptz, body ->> 'reason',
	            auth.client_id())
	returning event_id into made;
	perform duty.weigh(visit);
	return query select e.* from api.event e where e.id = made;
end;
$$;
comment on function api.event_append(bigint, jsonb) is 'Appends an event to a visit';
