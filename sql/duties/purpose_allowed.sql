-- Why a visit may be made: the purposes that the policy lists.
select duty.kind('purpose_allowed', 'The purpose is one that the policy allows',
	'{"purposes": {"type": "purposes", "required": true}}') \g /dev/null

create function duty.purpose_allowed(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('a purpose that the policy allows: ' || array_to_string(duty.texts(c, 'purposes'),
			', '),
			gate => 'approve', holds => (v).purpose::text = any (duty.texts(c, 'purposes')),
			evidence => (v).purpose::text)
		offset 0) as x (f);
end;
$$;
comment on function duty.purpose_allowed(data.visit, data.clause) is 'The purpose is one that the policy allows';
