-- How a card or badge is shown or worn: at every visit, or the first to a home.
select duty.kind('identification', 'The team is identified as the policy says',
	'{"how": {"type": "text", "required": true},
	  "when": {"type": "choice", "required": true, "choices": ["every", "first"]}}') \g /dev/null

create function duty.identification(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found((c).parameters ->> 'how',
			applies => duty.made(v) and (v).arrived_at is not null
				and ((c).parameters ->> 'when' = 'every' or duty.is_first(v)),
			met_at => duty.confirmed(v, c), closed_at => (v).recorded_at)
		offset 0) as x (f);
end;
$$;
comment on function duty.identification(data.visit, data.clause) is 'The team is identified as the policy says';
