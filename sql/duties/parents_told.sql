-- Of an announced visit; with agreement also that they agree to it.
select duty.kind('parents_told', 'The parents are told of the visit',
	'{"agreement": {"type": "bool"}}') \g /dev/null

create function duty.parents_told(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('how the parents were told (parents_told_by)'
				|| case when duty.says(c, 'agreement') then ', and that they agree (parents_agreed)'
					else '' end,
			gate => 'depart', applies => (v).announced,
			holds => (v).parents_told_by is not null and ((v).parents_agreed or not duty.says(c,
				'agreement')),
			evidence => 'told by ' || (v).parents_told_by)
		offset 0) as x (f);
end;
$$;
comment on function duty.parents_told(data.visit, data.clause) is 'The parents are told of the visit';
