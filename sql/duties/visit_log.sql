-- Time, place and people; the log is what is planned here.
select duty.kind('visit_log', 'The visit is in the log before it is made') \g /dev/null

create function duty.visit_log(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the log before departure', due_at => (v).departed_at, met_at => (v).created_at,
			evidence => 'logged at ' || data.rfc3339((v).created_at))
		offset 0) as x (f);
end;
$$;
comment on function duty.visit_log(data.visit, data.clause) is 'The visit is in the log before it is made';
