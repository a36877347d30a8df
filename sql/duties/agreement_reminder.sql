-- A broken agreement is followed by a letter: due so many days after the breach
-- was found (7 where the clause does not say).  It is drafted by itself and sent
-- by a person.
select duty.kind('agreement_reminder', 'A broken agreement is followed by a letter',
	'{"days": {"type": "int", "min": 1, "max": 60}}', about => 'agreement', scope => 'agreements') \g /dev/null

create function duty.agreement_reminder(a data.agreement, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
declare
	breach timestamptz := data.agreement_breach_at((a).agreement_id, 1);
	sent   data.letter := (select l from data.letter l where l.agreement_id = (a).agreement_id
	                          and l.kind = 'reminder' and l.state = 'sent' order by l.sent_on limit 1);
begin
	return query select (duty.found('the reminder letter to be sent',
		applies => breach is not null or sent.letter_id is not null,
		due_at => data.agreement_due(a, c, breach, 7),
		met_at => sent.sent_on::timestamp at time zone 'Europe/London',
		evidence => 'letter ' || sent.letter_id, roles => '{attendance_officer}')).*;
end;
$$;
comment on function duty.agreement_reminder(data.agreement, data.clause) is 'A broken agreement is followed by a letter';
