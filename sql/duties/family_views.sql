-- Families are listened to.
select duty.kind('family_views', 'What the family says itself is kept') \g /dev/null

create function duty.family_views(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the views of the family in the record (family_views)', applies => duty.made(v),
			closed_at => (v).recorded_at,
			met_at => (select min(r.at) from data.visit_record r where r.visit_id = (v).visit_id
				and r.family_views ~ '[^[:space:]]'))
		offset 0) as x (f);
end;
$$;
comment on function duty.family_views(data.visit, data.clause) is 'What the family says itself is kept';
