-- In school hours, or so many minutes after them.  outside: what a visit at
-- another time needs: nothing that stops it, a reason, or a reason and a contact
-- who checks on the welfare of the team.
select duty.kind('school_hours', 'The visit is made in school hours',
	'{"minutes_after": {"type": "int", "min": 0, "max": 600},
	  "outside": {"type": "choice", "required": true, "choices": ["advised", "reason",
	      "reason_and_contact"]}}') \g /dev/null

create function duty.school_hours(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(case (c).parameters ->> 'outside'
				when 'advised' then 'a time in school hours'
				when 'reason'
					then 'a time in school hours, or the reason for another (out_of_hours_reason)'
				else 'a time in school hours, or the reason for another and who checks on the team '
				|| '(out_of_hours_reason, responsible_contact)' end,
			gate => 'approve',
			holds => coalesce(duty.in_school_hours(v, duty.minutes(c, 'minutes_after'))
				or (c).parameters ->> 'outside' = 'reason' and (v).out_of_hours_reason ~ '[^[:space:]]'
				or (c).parameters ->> 'outside' = 'reason_and_contact'
					and (v).out_of_hours_reason ~ '[^[:space:]]'
				   and (v).responsible_contact ~ '[^[:space:]]', false),
			evidence => concat_ws('; ', 'planned for ' || data.rfc3339((v).planned_start),
				(v).out_of_hours_reason,
				(v).responsible_contact))
		offset 0) as x (f);
end;
$$;
comment on function duty.school_hours(data.visit, data.clause) is 'The visit is made in school hours';
