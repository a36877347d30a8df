-- Agreements are recorded, and kept where the policy says.
select duty.kind('agreement_recorded', 'Agreements with parents are recorded',
	'{"kept_in": {"type": "places"}}', about => 'agreement', scope => 'agreements') \g /dev/null

create function duty.agreement_recorded(a data.agreement, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (duty.found('the agreement, kept in: ' || coalesce(nullif(array_to_string(
			duty.texts(c, 'kept_in'), ', '), ''), 'the records of the school'),
		due_at => (a).created_at + interval '7 days',
		holds => cardinality(duty.texts(c, 'kept_in')) = 0 or (a).kept_in::text = any (duty.texts(c, 'kept_in')),
		evidence => 'kept in: ' || (a).kept_in, roles => '{attendance_officer}')).*;
end;
$$;
comment on function duty.agreement_recorded(data.agreement, data.clause) is 'Agreements with parents are recorded';
