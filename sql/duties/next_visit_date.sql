-- Where one is wanted.
select duty.kind('next_visit_date', 'A date for the next visit is set') \g /dev/null

create function duty.next_visit_date(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a date for the next visit in the record (next_visit_on)',
			applies => duty.made(v), closed_at => (v).recorded_at,
			met_at => (select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id
				and r.next_visit_on is not null))
		offset 0) as x (f);
end;
$$;
comment on function duty.next_visit_date(data.visit, data.clause) is 'A date for the next visit is set';
