-- This version of it, on the day of the visit at the latest.
select duty.kind('policy_read', 'Everybody of the staff who goes has read the policy') \g /dev/null

create function duty.policy_read(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(s.name || ' to have read this version of the policy', part => s.part,
			gate => 'depart',
			holds => r.read_on is not null, evidence => format('%s: on %s', s.name, r.read_on))
		  from duty.staff(v) s
		       left join data.policy_reading r on r.staff_id = s.staff_id
		           and r.policy_version_id = (c).policy_version_id
		                                      and r.read_on <= duty.day(v)
		offset 0) as x (f);
end;
$$;
comment on function duty.policy_read(data.visit, data.clause) is 'Everybody of the staff who goes has read the policy';
