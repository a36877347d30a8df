-- body: a plan, as for POST /visits.  The visit is planned, looked at, and
-- undone, by an error of its own (DS000 would stand for the whole class DS): what
-- is answered is what planning it would meet.  Fails with DS422.
create function api.visit_check(body jsonb) returns table (lawful boolean, blockers jsonb, to_do jsonb,
	colleagues jsonb)
language plpgsql volatile
as $$
declare
	made bigint;
begin
	begin
		made := (select v.id from api.visit_plan(body) v);
		select c.blockers, c.to_do into blockers, to_do from duty.checked(made) c;
		colleagues := coalesce((select jsonb_agg(to_jsonb(h)) from duty.helpers(made) h
		                         where jsonb_array_length(visit_check.blockers) > 0), '[]');
		raise exception using errcode = 'DS001';
	exception when sqlstate 'DS001' then
		lawful := jsonb_array_length(blockers) = 0;
	end;
	return next;
end;
$$;
comment on function api.visit_check(jsonb) is 'Whether these people may make this visit at this time, and who would make it lawful';
