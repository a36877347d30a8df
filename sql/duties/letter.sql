-- The letter of the visit: given to the parents; with posted_if_absent, the
-- rule for when nobody is at home or answers: that it is posted.
select duty.kind('letter', 'A letter is given or posted',
	'{"posted_if_absent": {"type": "bool"}}') \g /dev/null

create function duty.letter(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(case when duty.says(c, 'posted_if_absent')
			then 'the letter to be posted: nobody was at home'
				else 'the letter to be given to the parents' end,
			applies => ((v).arrived_at is not null or duty.first(v, 'parents_absent') is not null)
				and absent = duty.says(c, 'posted_if_absent'),
			due_at => coalesce((v).left_at, (v).returned_at),
			met_at => case when duty.says(c, 'posted_if_absent') then duty.first(v, 'letter_posted')
			               else duty.first(v, 'letter_given', 'letter_posted') end,
			closed_at => (v).recorded_at)
		  from (select duty.first(v, 'parents_absent') is not null and duty.first(v, 'entered') is null
		               or exists (select from data.visit_record r
		                           where r.visit_id = (v).visit_id
		                               and r.outcome = 'nobody_home') as absent) as home
		offset 0) as x (f);
end;
$$;
comment on function duty.letter(data.visit, data.clause) is 'A letter is given or posted';
