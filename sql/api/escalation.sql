create view api.escalation with (security_invoker = true) as
select e.escalation_id as id, e.visit_id, e.school_urn, e.cause, v.policy_code as policy,
	v.version as policy_version, e.clause,
       e.due_at, e.opened_at, extract(epoch from e.opened_at - e.due_at)::int as late_seconds,
       e.closed_at, e.resolution, e.drill,
       (select json_agg(json_build_object('rung', r.position, 'words', r.words, 'roles', array_to_json(r.roles),
                   'condition', r.condition, 'due_at', data.rfc3339(r.due_at), 'raised_at', data.rfc3339(r.raised_at),
                   'late_seconds', extract(epoch from r.raised_at - r.due_at)::int, 'tried_at',
                       data.rfc3339(r.tried_at),
                   'by', r.by_staff_id, 'result', r.result, 'note', r.note) order by r.position)
          from data.rung r where r.escalation_id = e.escalation_id) as rungs,
       (select max(r.position) from data.rung r where r.escalation_id = e.escalation_id) as rung
  from data.escalation e left join data.policy_version v using (policy_version_id);
comment on view api.escalation is 'Escalations as the API shows them';

create function api.escalation_list(school int default null, visit bigint default null, open boolean default null,
	after bigint default null, max_rows int default null) returns setof api.escalation
language sql stable
begin atomic
	select e.* from api.escalation e
	 where (school is null or e.school_urn = school) and (visit is null or e.visit_id = visit)
	   and (open is null or (e.closed_at is null) = open) and (after is null or e.id > after)
	 order by e.id limit max_rows;
end;
comment on function api.escalation_list(int, bigint, boolean, bigint,
	int) is 'Escalations, by id; open: those that go on, or those that ended';

create function api.escalation_read(escalation bigint) returns setof api.escalation
language sql stable
begin atomic
	select e.* from api.escalation e where e.id = escalation;
end;
comment on function api.escalation_read(bigint) is 'One escalation with its rungs';

-- body: {rung, by, result, note, at}.  Who was reached was heard from: the
-- visit gets a check-in.  Fails with DS404, DS409 (ended, or told already).
create function api.escalation_try(escalation bigint, body jsonb) returns setof api.escalation
language plpgsql volatile
as $$
declare
	its   data.escalation;
	tried data.rung;
begin
	select e.* into its from data.escalation e where e.escalation_id = escalation;
	if not found then
		raise exception 'There is no such escalation.' using errcode = 'DS404';
	end if;
	perform api.visit_locked(its.visit_id);
	perform api.refuse(coalesce((select jsonb_agg(p) from api.staff_problems(body, 'by') p), '[]'));
	select r.* into tried from data.rung r
	 where r.escalation_id = escalation and r.position = (body ->> 'rung')::int for update;
	if not found then
		raise exception 'The escalation has not come to this rung.' using errcode = 'DS409';
	elsif tried.result is not null then
		raise exception 'The result of this rung is recorded already.' using errcode = 'DS409';
	elsif exists (select from data.escalation e where e.escalation_id = escalation and e.closed_at is not null) then
		raise exception 'The escalation has ended: %', its.resolution using errcode = 'DS409';
	end if;
	update data.rung r
	   set tried_at = api.at_of(body), by_staff_id = (body ->> 'by')::bigint,
	       result = (body ->> 'result')::data.rung_result, note = body ->> 'note'
	 where r.escalation_id = escalation and r.position = tried.position;
	if body ->> 'result' = 'team_safe' or body ->> 'result' = 'team_reached' and its.cause in ('overdue',
		'no_answer') then
		perform api.event_append(its.visit_id, jsonb_build_object('kind', 'check_in', 'by', body -> 'by',
			'at', api.at_of(body)));
	end if;
	return query select e.* from api.escalation e where e.id = escalation;
end;
$$;
comment on function api.escalation_try(bigint, jsonb) is 'Records what came of a rung of an escalation';
