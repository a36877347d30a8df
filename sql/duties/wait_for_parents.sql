-- The clock runs from the time that was arranged.  notice: the rule for parents
-- who gave no notice that they are late, who gave it, or any.  It is met when they
-- come and the team enters, or when the visit is cancelled or the team goes.
-- Notice is what they gave before that time.
select duty.kind('wait_for_parents', 'How long the team waits for absent parents',
	'{"minutes": {"type": "int", "required": true, "min": 0, "max": 1440},
	  "notice": {"type": "choice", "required": true, "choices": ["none", "given", "any"]},
	  "prearranged": {"type": "bool"}}') \g /dev/null

create function duty.wait_for_parents(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(format('to end the visit: the parents have not come within %s minutes of the arranged time',
				duty.number(c, 'minutes')),
			applies => duty.made(v) and ((v).announced or not duty.says(c, 'prearranged'))
				and case (c).parameters ->> 'notice'
				    when 'none' then absent is not null and notice is null
				    when 'given' then notice is not null
				    else coalesce(absent, notice) is not null end,
			due_at => (v).planned_start + duty.minutes(c),
			met_at => least((v).cancelled_at, (v).aborted_at, (v).left_at, (v).returned_at,
				duty.first(v, 'entered')),
			evidence => case when duty.first(v, 'entered') is null then 'ended: '
				|| coalesce((v).end_reason::text, 'left')
			                 else 'they came' end)
		  from (select duty.first(v, 'parents_absent') as absent,
		               case when duty.first(v, 'parents_late') <= (v).planned_start
		                    then duty.first(v, 'parents_late') end as notice) as home
		offset 0) as x (f);
end;
$$;
comment on function duty.wait_for_parents(data.visit, data.clause) is 'How long the team waits for absent parents';
