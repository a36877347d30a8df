-- A visit comes after other means of contact have failed.
select duty.kind('other_contact_tried', 'Other means of contact were tried before') \g /dev/null

create function duty.other_contact_tried(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that other means of contact were tried before', gate => 'approve',
			met_at => duty.done(v, c))
		offset 0) as x (f);
end;
$$;
comment on function duty.other_contact_tried(data.visit, data.clause) is 'Other means of contact were tried before';
