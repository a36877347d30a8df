-- One letter that was sent, and a draft, which is not shown.
select t.school(900001, 'potton') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
insert into data.letter (letter_id, school_urn, pupil_id, kind, recipients, subject, text, figures, by_staff_id, sent_on, sent_by, page, page_sha256, client_id)
values (1, :school, :pupil, 'other', '[{"name": "Parent Example"}]', 'Attendance', 'Please come and see us.', '{}', :staff, '2026-01-14', 'post', 'A page.',
	sha256('A page.'), 'example');
insert into data.letter (letter_id, school_urn, pupil_id, kind, recipients, subject, text, figures, client_id)
values (2, :school, :pupil, 'other', '[]', 'Attendance', 'Please come and see us.', '{}', 'example');
