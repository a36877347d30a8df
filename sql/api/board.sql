-- Who is out, and who is to leave within the hour or should have left.  The
-- duties are stored, so this reads what is due next and computes nothing.
create view api.board with (security_invoker = true) as
select v.id, v.school_urn, v.state, v.drill, v.place, v.address, v.postcode, v.team, v.team_names, v.phones,
       v.planned_start, v.planned_end, v.return_by, v.departed_at, v.arrived_at, v.left_at,
       contact.at as last_contact_at, contact.kind as last_contact,
       v.next_due, v.next_due_at, v.next_due_clause, coalesce(v.next_due_at < now(), false)
           or i.departed_at is not null and coalesce(i.return_by, i.planned_end) < now() as late,
       (select json_build_object('id', e.escalation_id, 'cause', e.cause, 'opened_at', data.rfc3339(e.opened_at),
                   'rung', r.position, 'words', r.words, 'due_at', data.rfc3339(r.due_at))
          from data.escalation e left join data.rung r using (escalation_id)
         where e.visit_id = v.id and e.closed_at is null
         order by e.cause desc, r.position desc limit 1) as escalation,
       (select count(*) from data.escalation e where e.visit_id = v.id and e.closed_at is null) as escalations,
       v.policy, v.policy_version,
       api.review_banner(p.next_review, p.next_review_on)
           as policy_banner,
       v.version, v.updated_at
  from data.visit i
       join api.visit v on v.id = i.visit_id
       left join data.policy_version p on p.policy_version_id = i.policy_version_id
       left join lateral (select e.at, e.kind from data.event e
                           where e.visit_id = i.visit_id
                             and e.kind in ('departed', 'arrived', 'left', 'check_in', 'delayed', 'entered')
                           order by e.at desc limit 1) as contact on true
 where (i.departed_at is not null and i.returned_at is null)
    or (i.state in ('requested', 'approved')
        and i.planned_start between now() - interval '12 hours' and now() + interval '1 hour');
comment on view api.board is 'The board of the school office: who is out, and what is due next';

create function api.board_list(school int default null, after bigint default null, max_rows int default null)
returns setof api.board
language sql stable
begin atomic
	select b.* from api.board b
	 where (school is null or b.school_urn = school) and (after is null or b.id > after)
	 order by b.id limit max_rows;
end;
comment on function api.board_list(int, bigint, int) is 'The board, by visit';
