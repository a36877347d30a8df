-- The team speaks with who has parental responsibility, or consent.
select duty.kind('spoken_with', 'The team speaks with who has parental responsibility, or consent') \g /dev/null

create function duty.spoken_with(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('with whom the team spoke, in the record (spoke_to)', applies => duty.made(v),
			closed_at => (v).recorded_at,
			met_at => (select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id
				and r.spoke_to ~ '[^[:space:]]'))
		offset 0) as x (f);
end;
$$;
comment on function duty.spoken_with(data.visit,
	data.clause) is 'The team speaks with who has parental responsibility, or consent';
