-- Name and address of the pupil, and a contact with a number or an address.
select duty.kind('visit_list', 'The list of visits holds how to reach the parents') \g /dev/null

create function duty.visit_list(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a contact of the pupil with a telephone number or e-mail address',
			part => p.pupil_id::text,
			gate => 'depart', holds => exists (select from data.contact k where k.pupil_id = p.pupil_id
				and (k.phone is not null or k.email is not null)))
		  from data.visit_pupil p where p.visit_id = (v).visit_id
		offset 0) as x (f);
end;
$$;
comment on function duty.visit_list(data.visit, data.clause) is 'The list of visits holds how to reach the parents';
