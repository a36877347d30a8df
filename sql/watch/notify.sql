-- Notifications: what somebody must be told.  They are told once for a subject
-- and the time at which it fell due, whoever finds it and how often.

create function watch.notify(about data.notification) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	insert into data.notification (school_urn, visit_id, cause, scope, subject, escalation_id, position, duty_id,
	                               policy_version_id, clause, words, roles, due_at, drill, staff_id, export_id)
	values (about.school_urn, about.visit_id, about.cause, about.scope, about.subject, about.escalation_id,
		about.position,
	        about.duty_id, about.policy_version_id, about.clause, about.words, about.roles, about.due_at,
	        coalesce(about.drill, false), about.staff_id, about.export_id)
	    on conflict (subject, due_at) do update -- put off, and back to where it was
	   set resolved_at = null, resolution = null
	 where notification.resolution = 'It was put off.';
	return found;
end;
$$;
comment on function watch.notify(data.notification) is 'Raises a notification, unless it was raised before; answers whether it was new';

-- Whom a policy names for a visit: who approves it.
create function watch.approvers(version bigint) returns data.staff_role[]
language sql stable
begin atomic
	select coalesce(array_agg(distinct role), '{headteacher}')
	  from data.clause c, unnest(duty.roles(c, 'roles')) as role
	 where c.policy_version_id = version and c.kind = 'approval';
end;
comment on function watch.approvers(bigint) is 'The roles that a policy names to approve visits; the headteacher where it names none';

-- What was breached, or waived in an emergency, is told at once to whom the
-- policy names: one notification for all that one request did.  It does not
-- quote the reason, which may name a child.
create or replace function data.tell_of_deviation() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	told record;
begin
	for told in
		select v.visit_id, v.school_urn, v.policy_version_id, v.drill, n.kind, min(n.at) as at,
		       string_agg(n.clause, ', ' order by n.clause, n.part) as clauses,
		       watch.approvers(v.policy_version_id)
		       || array(select distinct r from new_rows m join data.clause c using (clause),
		           unnest(duty.roles(c, 'tell')) r
		                 where m.visit_id = v.visit_id and c.policy_version_id = v.policy_version_id) as roles
		  from new_rows n join data.visit v using (visit_id)
		 where n.kind = 'breached' or n.emergency
		 group by v.visit_id, n.kind
	loop
		perform watch.notify(jsonb_populate_record(null::data.notification, jsonb_build_object(
			'school_urn', told.school_urn, 'visit_id', told.visit_id, 'cause', 'breach', 'drill',
				told.drill,
			'subject', format('%s:visit:%s', told.kind, told.visit_id), 'roles', to_jsonb(told.roles),
			'policy_version_id', told.policy_version_id, 'due_at', told.at,
			'words', format('%s: %s', case told.kind when 'breached'
				then 'The visit went on though these duties were unmet'
				else 'In an emergency these duties were waived' end, told.clauses))));
	end loop;
	return null;
end;
$$;
comment on function data.tell_of_deviation() is 'Trigger: tells whom the policy names of breaches, and of what an emergency waived';

create or replace trigger tell after insert on data.deviation
	referencing new table as new_rows for each statement execute function data.tell_of_deviation();
