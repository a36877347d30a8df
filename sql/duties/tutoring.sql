-- Of visits for tuition: what is done before, and what is kept there.
select duty.kind('tutoring', 'Tutoring at home',
	'{"about": {"type": "choices", "required": true, "choices": ["briefed", "adult_present", "open_door",
	  "parents_told", "schedule_told", "sanctions_agreed", "misbehaviour"]}}') \g /dev/null

create function duty.tutoring(v data.visit, c data.clause) returns setof duty.finding
language plpgsql stable rows 1
as $$
begin
	return query select (x.f).* from (
		select duty.found(t.words, part => t.about, gate => t.gate::data.duty_gate,
			applies => (v).purpose = 'tuition' and (t.gate is not null or (v).arrived_at is not null),
			met_at => duty.confirmed(v, c, t.about), closed_at => case when t.gate is null
				then (v).recorded_at end)
		  from (values
			('briefed', 'depart', 'that the tutor was told of special needs, medical needs and behaviour'),
			('parents_told', 'depart', 'that the parents were told what is expected'),
			('sanctions_agreed', 'depart', 'that sanctions were agreed with the parents'),
			('adult_present', null, 'that an adult was present'),
			('open_door', null, 'that it was not in a bedroom, or the door was kept open'),
			('schedule_told', null, 'that the parents were told of any change of the schedule'),
			('misbehaviour', null, 'that misbehaviour, if any, was recorded and reported')) as t (about,
				gate, words)
		 where t.about = any (duty.texts(c, 'about'))
		offset 0) as x (f);
end;
$$;
comment on function duty.tutoring(data.visit, data.clause) is 'Tutoring at home';
