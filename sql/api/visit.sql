-- What stands flat for a list or an object is for the formats that have none.
-- The laterals make it in one pass each; a query that doesn't ask for it
-- doesn't run them.
create view api.visit with (security_invoker = true) as
select v.visit_id as id, v.school_urn, v.purpose, v.state, v.planned_start, v.planned_end, v.return_by,
       v.announced, v.parents_told_by, v.parents_agreed, v.unannounced_reason, v.necessity,
       v.out_of_hours_reason, v.responsible_contact, v.plan, v.child_protection, v.transports_pupil, v.drill,
       v.agreement_id as agreement,
       json_build_object('address', v.address, 'postcode', v.postcode) as place,
       v.address, v.postcode,
       (select json_agg(p.pupil_id order by p.position)
          from data.visit_pupil p where p.visit_id = v.visit_id) as pupils,
       pupil.ids as pupil_ids, pupil.names as pupil_names,
       (select json_agg(json_build_object('staff_id', t.staff_id,
                   'name', coalesce(t.name, s.given_name || ' ' || s.family_name),
                   'organisation', t.organisation, 'role', t.role, 'lead', t.lead, 'phone', t.phone)
                   order by t.position)
          from data.team_member t left join data.staff s using (staff_id)
         where t.visit_id = v.visit_id) as team,
       team.lead, team.names as team_names, team.phones,
       case when num_nonnulls(v.vehicle_make, v.vehicle_model, v.vehicle_registration, v.vehicle_colour) > 0
            then json_build_object('make', v.vehicle_make, 'model', v.vehicle_model,
                     'registration', v.vehicle_registration, 'colour', v.vehicle_colour) end as vehicle,
       nullif(concat_ws(' ', v.vehicle_colour, v.vehicle_make, v.vehicle_model, v.vehicle_registration), '')
           as vehicle_text,
       v.approved_at, v.refused_at, v.departed_at, v.arrived_at, v.left_at, v.returned_at,
       v.cancelled_at, v.declined_at, v.aborted_at, v.end_reason, v.cancel_reason, v.recorded_at,
       policy.policy_code as policy, policy.version as policy_version,
       (select json_build_object('clause', d.clause, 'words', d.missing, 'due_at', data.rfc3339(d.due_at),
                   'roles', d.roles)
          from data.duty d where d.visit_id = v.visit_id and d.open and d.due_at is not null
         order by d.due_at, d.duty_id limit 1) as next_due,
       (select min(d.due_at) from data.duty d
         where d.visit_id = v.visit_id and d.open and d.due_at is not null) as next_due_at,
       (select d.clause from data.duty d where d.visit_id = v.visit_id and d.open and d.due_at is not null
         order by d.due_at, d.duty_id limit 1) as next_due_clause,
       v.version, v.created_at, v.updated_at
  from data.visit v
       left join lateral (
           select string_agg(p.pupil_id::text, '; ') as ids,
                  string_agg(p.given_name || ' ' || p.family_name, '; ') as names
             from (select p.pupil_id, c.given_name, c.family_name
                     from data.visit_pupil p left join data.pupil c using (pupil_id)
                    where p.visit_id = v.visit_id order by p.position) as p) as pupil on true
       left join lateral (
           select max(t.name) filter (where t.lead) as lead,
                  string_agg(t.name || coalesce(' (' || nullif(concat_ws(', ', t.role, t.organisation), '') || ')', ''),
                      '; ') as names,
                  string_agg(t.phone, '; ') as phones
             from (select t.lead, t.phone, t.role, t.organisation,
                          coalesce(t.name, s.given_name || ' ' || s.family_name, 'staff ' || t.staff_id) as name
                     from data.team_member t left join data.staff s using (staff_id)
                    where t.visit_id = v.visit_id order by t.position) as t) as team on true
       left join data.policy_version policy on policy.policy_version_id = v.policy_version_id;
comment on view api.visit is 'The visit log as the API shows it';

create function api.visit_list(school int default null, pupil bigint default null,
	state data.visit_state default null, purpose data.visit_purpose default null,
	planned_from text default null, planned_to text default null,
	updated_after timestamptz default null, after bigint default null, max_rows int default null)
returns setof api.visit
language sql stable
begin atomic
	select v.* from api.visit v
	 where (school is null or v.school_urn = school)
	   and (pupil is null or exists (select from data.visit_pupil p
	                                  where p.visit_id = v.id and p.pupil_id = pupil))
	   and (visit_list.state is null or v.state = visit_list.state)
	   and (visit_list.purpose is null or v.purpose = visit_list.purpose)
	   and (planned_from is null or v.planned_start >= data.moment_first(planned_from))
	   and (planned_to is null or v.planned_start < data.moment_end(planned_to))
	   and (visit_list.updated_after is null or v.updated_at > visit_list.updated_after)
	   and (after is null or v.id > after)
	 order by v.id limit max_rows;
end;
comment on function api.visit_list(int, bigint, data.visit_state, data.visit_purpose, text, text, timestamptz,
	bigint, int)
	is 'The visit log, by id; planned_from and planned_to are days or times of the planned start, both included';

create function api.visit_read(visit bigint) returns setof api.visit
language sql stable
begin atomic
	select v.* from api.visit v where v.id = visit;
end;
comment on function api.visit_read(bigint) is 'One visit';
