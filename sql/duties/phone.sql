-- number: the office holds the number of each, or of one.  charged: that it is
-- fully charged, and numbers: that the relevant numbers are in it, is confirmed.
select duty.kind('phone', 'A telephone is taken along',
	'{"who": {"type": "choice", "required": true, "choices": ["each", "one"]},
	  "number": {"type": "bool"},
	  "charged": {"type": "bool"},
	  "numbers": {"type": "bool"}}') \g /dev/null

create function duty.phone(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found('the number of the telephone that ' || s.name || ' takes along', part => s.part,
			gate => 'depart',
			holds => s.phone is not null, evidence => s.name || ': ' || s.phone)
		  from duty.staff(v) s where (c).parameters ->> 'who' = 'each' and duty.says(c, 'number')
		union all
		select duty.found('the number of a telephone that the team takes along', gate => 'depart',
			holds => bool_or(t.phone is not null), evidence => string_agg(t.phone, '; '
				order by t.position))
		  from data.team_member t
		 where t.visit_id = (v).visit_id and (c).parameters ->> 'who' = 'one' and duty.says(c,
		     'number') having count(*) > 0
		union all
		select duty.found(a.words, part => a.part, gate => 'depart', met_at => duty.done(v, c, a.part))
		  from (values ('charged', 'that the telephone is fully charged'),
		               ('numbers', 'that the relevant numbers are in the telephone')) as a (part, words)
		 where duty.says(c, a.part)
		offset 0) as x (f);
end;
$$;
comment on function duty.phone(data.visit, data.clause) is 'A telephone is taken along';
