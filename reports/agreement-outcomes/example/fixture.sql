-- An agreement that the family has broken while the school has kept its promise.
select t.school(900001, 'potton') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
begin;
insert into data.agreement (agreement_id, school_urn, pupil_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, broken_on, client_id)
values (1, :school, :pupil, '2026-01-13', :staff, 'The mother', 'cpoms', '2026-01-14', '2026-02-13', '2026-01-20', 'example');
insert into data.promise (agreement_id, school_urn, position, side, kind, words, codes, days, due_on, owner_name, state, decided_on) values
	(1, :school, 1, 'family', 'no_marks', 'In on time', '{U}', 15, null, null, 'broken', '2026-01-20'),
	(1, :school, 2, 'family', 'text', 'The GP is asked', null, null, '2026-02-01', 'The mother', 'open', null),
	(1, :school, 3, 'school', 'text', 'A taxi', null, null, '2026-01-15', 'The office', 'kept', '2026-01-15');
commit;
