-- What stands flat for a list or an object is for the formats that have none.
create view api.visit with (security_invoker = true) as
select v.visit_id as id, v.school_urn, v.purpose, v.state, v.planned_start, v.planned_end,
       v.announced, v.parents_told_by,
       json_build_object('address', v.address, 'postcode', v.postcode) as place,
       v.address, v.postcode,
       (select json_agg(p.pupil_id order by p.position)
          from data.visit_pupil p where p.visit_id = v.visit_id) as pupils,
       (select string_agg(p.pupil_id::text, '; ' order by p.position)
          from data.visit_pupil p where p.visit_id = v.visit_id) as pupil_ids,
       (select string_agg(c.given_name || ' ' || c.family_name, '; ' order by p.position)
          from data.visit_pupil p join data.pupil c using (pupil_id) where p.visit_id = v.visit_id) as pupil_names,
       (select json_agg(json_build_object('staff_id', t.staff_id,
                   'name', coalesce(t.name, s.given_name || ' ' || s.family_name),
                   'organisation', t.organisation, 'role', t.role, 'lead', t.lead, 'phone', t.phone)
                   order by t.position)
          from data.team_member t left join data.staff s using (staff_id)
         where t.visit_id = v.visit_id) as team,
       (select coalesce(t.name, s.given_name || ' ' || s.family_name)
          from data.team_member t left join data.staff s using (staff_id)
         where t.visit_id = v.visit_id and t.lead) as lead,
       (select string_agg(coalesce(t.name, s.given_name || ' ' || s.family_name, 'staff ' || t.staff_id)
                   || coalesce(' (' || nullif(concat_ws(', ', t.role, t.organisation), '') || ')', ''), '; '
                   order by t.position)
          from data.team_member t left join data.staff s using (staff_id)
         where t.visit_id = v.visit_id) as team_names,
       (select string_agg(t.phone, '; ' order by t.position)
          from data.team_member t where t.visit_id = v.visit_id) as phones,
       case when num_nonnulls(v.vehicle_make, v.vehicle_model, v.vehicle_registration, v.vehicle_colour) > 0
            then json_build_object('make', v.vehicle_make, 'model', v.vehicle_model,
                     'registration', v.vehicle_registration, 'colour', v.vehicle_colour) end as vehicle,
       nullif(concat_ws(' ', v.vehicle_colour, v.vehicle_make, v.vehicle_model, v.vehicle_registration), '')
           as vehicle_text,
       v.departed_at, v.arrived_at, v.left_at, v.returned_at, v.cancelled_at, v.cancel_reason,
       v.version, v.created_at, v.updated_at
  from data.visit v;
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
comment on function api.visit_list(int, bigint, data.visit_state, data.visit_purpose, text, text, timestamptz, bigint, int)
	is 'The visit log, by id; planned_from and planned_to are days or times of the planned start, both included';

create function api.visit_read(visit bigint) returns setof api.visit
language sql stable
begin atomic
	select v.* from api.visit v where v.id = visit;
end;
comment on function api.visit_read(bigint) is 'One visit';
