-- By which the team can say that help is needed without others noticing.
select duty.kind('code_word', 'A code word is agreed') \g /dev/null

create function duty.code_word(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a code word', gate => 'depart',
			met_at => (select w.created_at from data.code_word w where w.visit_id = (v).visit_id))
		offset 0) as x (f);
end;
$$;
comment on function duty.code_word(data.visit, data.clause) is 'A code word is agreed';
