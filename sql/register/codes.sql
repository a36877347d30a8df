-- The attendance codes.  In force since 19 August 2024: SI 2024/208, regulation
-- 10; statistical classes: Department for Education, "Working together to
-- improve school attendance", August 2024.  K, C1, C2, J1, Q and Y1 to Y7 came
-- with it; H, J and Y went.
insert into data.attendance_code (code, valid_from, valid_to, symbol, class, title) values
	('/', '-infinity', null, '/', 'attending', 'Present in the morning'),
	('\', '-infinity', null, '\', 'attending', 'Present in the afternoon'),
	('L', '-infinity', null, 'L', 'attending', 'Late, before the register was closed'),
	('K', '2024-08-19', null, 'K', 'approved_educational_activity', 'Education provision arranged by the local authority'),
	('V', '-infinity', null, 'V', 'approved_educational_activity', 'Educational visit or trip'),
	('P', '-infinity', null, 'P', 'approved_educational_activity', 'Sporting activity'),
	('W', '-infinity', null, 'W', 'approved_educational_activity', 'Work experience'),
	('B', '-infinity', null, 'B', 'approved_educational_activity', 'Other approved educational activity'),
	('J', '-infinity', '2024-08-18', 'J', 'approved_educational_activity', 'Interview'),
	('D', '-infinity', null, 'D', 'not_possible', 'Dual registered: expected at the other school'),
	('C', '-infinity', null, 'C', 'authorised', 'Leave of absence in exceptional circumstances'),
	('C1', '2024-08-19', null, '1', 'authorised', 'Leave for a regulated performance or employment abroad'),
	('C2', '2024-08-19', null, '2', 'authorised', 'Leave: part-time timetable'),
	('E', '-infinity', null, 'E', 'authorised', 'Suspended or excluded, without alternative provision'),
	('H', '-infinity', '2024-08-18', 'H', 'authorised', 'Holiday granted'),
	('I', '-infinity', null, 'I', 'authorised', 'Illness'),
	('J1', '2024-08-19', null, 'j', 'authorised', 'Interview for employment or another school'),
	('M', '-infinity', null, 'M', 'authorised', 'Medical or dental appointment'),
	('R', '-infinity', null, 'R', 'authorised', 'Religious observance'),
	('S', '-infinity', null, 'S', 'authorised', 'Study leave'),
	('T', '-infinity', null, 'T', 'authorised', 'Parent travelling for occupational purposes'),
	('G', '-infinity', null, 'G', 'unauthorised', 'Holiday not granted'),
	('N', '-infinity', null, 'N', 'unauthorised', 'Reason not yet established'),
	('O', '-infinity', null, 'O', 'unauthorised', 'Other, or no reason fits'),
	('U', '-infinity', null, 'U', 'unauthorised', 'Arrived after the register was closed'),
	('Q', '2024-08-19', null, 'Q', 'not_possible', 'Lack of access arrangements'),
	('X', '-infinity', null, 'X', 'not_possible', 'Not of compulsory school age and not required to attend'),
	('Y', '-infinity', '2024-08-18', 'Y', 'not_possible', 'Unable to attend due to exceptional circumstances'),
	('Y1', '2024-08-19', null, 'a', 'not_possible', 'Transport normally provided is not available'),
	('Y2', '2024-08-19', null, 'b', 'not_possible', 'Widespread disruption to travel'),
	('Y3', '2024-08-19', null, 'c', 'not_possible', 'Part of the school premises closed'),
	('Y4', '2024-08-19', null, 'd', 'not_possible', 'Whole school site unexpectedly closed'),
	('Y5', '2024-08-19', null, 'e', 'not_possible', 'In criminal justice detention'),
	('Y6', '2024-08-19', null, 'f', 'not_possible', 'Public health guidance or law'),
	('Y7', '2024-08-19', null, 'g', 'not_possible', 'Any other unavoidable cause'),
	('Z', '-infinity', null, 'Z', 'administrative', 'Prospective pupil, not yet on the register'),
	('#', '-infinity', null, '#', 'administrative', 'Planned whole school closure')
	on conflict (code, valid_from) do update
	set valid_to = excluded.valid_to, symbol = excluded.symbol, class = excluded.class, title = excluded.title
	where (attendance_code.valid_to, attendance_code.symbol, attendance_code.class, attendance_code.title)
	      is distinct from (excluded.valid_to, excluded.symbol, excluded.class, excluded.title);
