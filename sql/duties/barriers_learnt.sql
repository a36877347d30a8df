-- What keeps the pupil from school is learnt, and support offered.
select duty.kind('barriers_learnt', 'What keeps the pupil from school is learnt, and support offered') \g /dev/null

create function duty.barriers_learnt(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the barriers to attendance, in the record (barriers)', applies => duty.made(v),
			closed_at => (v).recorded_at,
			met_at => (select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id
				and r.barriers ~ '[^[:space:]]'))
		offset 0) as x (f);
end;
$$;
comment on function duty.barriers_learnt(data.visit,
	data.clause) is 'What keeps the pupil from school is learnt, and support offered';
