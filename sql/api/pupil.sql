create view api.pupil with (security_invoker = true) as
select p.pupil_id as id, p.upn, p.given_name, p.family_name, p.date_of_birth,
       case when latest.at_home then p.address end as address, case when latest.at_home then p.postcode end as postcode,
       latest.school_urn, latest.year_group, latest.admitted_on, latest.left_on, latest.mis_id,
       (select json_agg(json_build_object('school_urn', e.school_urn, 'year_group', e.year_group,
                   'admitted_on', e.admitted_on, 'left_on', e.left_on, 'mis_id', e.mis_id)
                   order by e.admitted_on, e.school_urn)
          from data.enrolment e where e.pupil_id = p.pupil_id) as enrolments,
       p.version, p.created_at, p.updated_at
  from data.pupil p
       cross join lateral (select e.school_urn, e.year_group, e.admitted_on, e.left_on, e.mis_id,
                                  auth.reaches_family(p.pupil_id, e.left_on) as at_home
                             from data.enrolment e where e.pupil_id = p.pupil_id
                            order by e.left_on desc nulls first, e.admitted_on desc, e.school_urn
                            limit 1) as latest;
comment on view api.pupil is 'Pupils as the API shows them, with their enrolments at the schools that the client sees; school_urn and what follows it are of the latest; no address where another school has the pupil now';

create function api.pupil_list(school int default null, updated_after timestamptz default null,
	after bigint default null, max_rows int default null) returns setof api.pupil
language sql stable
begin atomic
	select p.* from api.pupil p
	 where (school is null or exists (select from data.enrolment e
	                                   where e.pupil_id = p.id and e.school_urn = school))
	   and (pupil_list.updated_after is null or p.updated_at > pupil_list.updated_after)
	   and (after is null or p.id > after)
	 order by p.id limit max_rows;
end;
comment on function api.pupil_list(int, timestamptz, bigint, int) is 'Pupils, by id';

create function api.pupil_read(pupil bigint) returns setof api.pupil
language sql stable
begin atomic
	select p.* from api.pupil p where p.id = pupil;
end;
comment on function api.pupil_read(bigint) is 'One pupil';
