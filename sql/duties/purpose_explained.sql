-- And the team introduces itself.
select duty.kind('purpose_explained', 'The purpose is explained on arrival') \g /dev/null

create function duty.purpose_explained(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('that the purpose was explained and the team introduced',
			applies => (v).arrived_at is not null
				and (duty.first(v, 'parents_absent') is null or duty.first(v, 'entered') is not null),
			met_at => duty.confirmed(v, c), closed_at => (v).recorded_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.purpose_explained(data.visit, data.clause) is 'The purpose is explained on arrival';
