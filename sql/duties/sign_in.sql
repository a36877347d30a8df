-- Or tells by telephone that it is not coming back to school.
select duty.kind('sign_in', 'The team signs in when it is back') \g /dev/null

create function duty.sign_in(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to sign in, or tell that the visit is over', applies => duty.made(v),
			roles => '{office}',
			due_at => greatest((v).return_by, duty.expected_end(v)), met_at => (v).returned_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.sign_in(data.visit, data.clause) is 'The team signs in when it is back';
