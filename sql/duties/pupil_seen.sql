-- Where that is safe.
select duty.kind('pupil_seen', 'The pupil is seen and spoken with') \g /dev/null

create function duty.pupil_seen(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('whether the pupil was seen, in the record (pupil_seen)', applies => duty.made(v),
			closed_at => (v).recorded_at,
			met_at => (select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id
				and r.pupil_seen))
		offset 0) as x (f);
end;
$$;
comment on function duty.pupil_seen(data.visit, data.clause) is 'The pupil is seen and spoken with';
