-- A visit is unannounced only for stated reasons.
select duty.kind('unannounced', 'A visit is unannounced only for stated reasons',
	'{"reasons": {"type": "reasons", "required": true}}') \g /dev/null

create function duty.unannounced(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('to be announced, or one of these reasons (unannounced_reason): '
				|| array_to_string(duty.texts(c, 'reasons'), ', '),
			gate => 'approve', applies => not (v).announced,
			holds => coalesce((v).unannounced_reason::text = any (duty.texts(c, 'reasons')), false),
			evidence => (v).unannounced_reason::text)
		offset 0) as x (f);
end;
$$;
comment on function duty.unannounced(data.visit, data.clause) is 'A visit is unannounced only for stated reasons';
