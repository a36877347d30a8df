-- Who has an allergy has asked the home.  It isn't said who that is.
select duty.kind('allergies', 'Who has an allergy has asked the home') \g /dev/null

create function duty.allergies(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that the home was asked about allergies', gate => 'depart',
			met_at => duty.done(v, c),
			applies => exists (select from duty.staff(v) s join data.allergy a using (staff_id)
			                    where a.from_on <= duty.day(v) and coalesce(a.until_on,
			                        'infinity') >= duty.day(v)))
		offset 0) as x (f);
end;
$$;
comment on function duty.allergies(data.visit, data.clause) is 'Who has an allergy has asked the home';
