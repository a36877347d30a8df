-- One school and a January in which a bit of everything happened.  Of two visits that were made one was announced, made by
-- two and written up; the other was for one person alone, unannounced, went ahead without its approval, was broken off because
-- of a dog and is not written up.  A third is planned, for one alone; a fourth is a drill, a fifth of March.  A team was overdue
-- and reached after 13 minutes, help was called and it was safe after 4, one did not answer and came back by itself.
select t.school(900001, 'thomas-more') as school, t.staff('H', 900001, 'Head', '{headteacher}') as head, t.staff('V', 900001, 'Visitor') as staff,
       t.staff('W', 900001, 'Second') as second, t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as other \gset
select t.visit(:school, :pupil, :staff) as made, t.visit(:school, :pupil, :staff) as dog, t.visit(:school, :other, :staff) as planned,
       t.visit(:school, :other, :staff) as drill, t.visit(:school, :other, :staff) as march \gset
insert into data.team_member (visit_id, school_urn, position, staff_id) values (:made, :school, 2, :second);
update data.visit set announced = false, unannounced_reason = 'emergency' where visit_id = :dog;
update data.visit set drill = true where visit_id = :drill;
update data.visit set planned_start = '2026-03-03T09:30Z', planned_end = '2026-03-03T10:00Z' where visit_id = :march;
insert into data.event (visit_id, school_urn, kind, at, client_id, because, note) values
	(:made, :school, 'departed', '2026-01-13T09:10Z', 'example', null, null), (:made, :school, 'arrived', '2026-01-13T09:30Z', 'example', null, null),
	(:made, :school, 'left', '2026-01-13T10:00Z', 'example', null, null), (:made, :school, 'returned', '2026-01-13T10:20Z', 'example', null, null),
	(:dog, :school, 'departed', '2026-01-13T09:10Z', 'example', null, null), (:dog, :school, 'arrived', '2026-01-13T09:30Z', 'example', null, null),
	(:dog, :school, 'aborted', '2026-01-13T09:35Z', 'example', 'dangerous_animal', 'A dog at the gate'),
	(:dog, :school, 'returned', '2026-01-13T10:20Z', 'example', null, null);
insert into data.deviation (visit_id, school_urn, clause, kind, reason, emergency, at, client_id) values
	(:dog, :school, 'agreed', 'breached', 'It could not wait', true, '2026-01-13T09:10Z', 'example');
insert into data.visit_record (visit_id, school_urn, by_staff_id, at, outcome, notes, kept_in, client_id, recorded_at) values
	(:made, :school, :staff, '2026-01-13T11:20Z', 'nobody_home', 'Nobody was there.', 'school_file', 'example', '2026-01-13T11:20Z'),
	(:made, :school, :staff, '2026-01-13T11:30Z', 'seen_pupil', 'The pupil was there.', 'school_file', 'example', '2026-01-13T11:30Z');
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id) values
	(:made, :school, :pupil, :staff, '2026-01-13T09:50Z', 'A concern', false, 'example'), (:drill, :school, :other, :staff, '2026-01-13T09:50Z', 'A drill', true, 'example');
insert into data.escalation (escalation_id, visit_id, school_urn, cause, due_at, opened_at, closed_at, resolution, drill) values
	(1, :made, :school, 'overdue', '2026-01-13T10:30Z', '2026-01-13T10:30Z', '2026-01-13T10:43Z', 'The team was reached', false),
	(2, :dog, :school, 'help', '2026-01-13T10:30Z', '2026-01-13T10:30Z', '2026-01-13T10:43Z', 'The team is safe', false),
	(3, :dog, :school, 'no_answer', '2026-01-13T10:30Z', '2026-01-13T10:30Z', '2026-01-13T10:43Z', 'The team is back.', false),
	(4, :drill, :school, 'help', '2026-01-14T10:30Z', '2026-01-14T10:30Z', '2026-01-14T10:36Z', 'The team was reached', true);
insert into data.rung (escalation_id, position, school_urn, words, roles, due_at, raised_at, tried_at, by_staff_id, result) values
	(1, 1, :school, 'Call the team', '{office}', '2026-01-13T10:30Z', '2026-01-13T10:30Z', '2026-01-13T10:43Z', :staff, 'team_reached'),
	(2, 1, :school, 'Call the police', '{office}', '2026-01-13T10:30Z', '2026-01-13T10:30Z', '2026-01-13T10:34Z', :staff, 'team_safe'),
	(4, 1, :school, 'Call the team', '{office}', '2026-01-14T10:30Z', '2026-01-14T10:30Z', '2026-01-14T10:36Z', :staff, 'team_reached');
insert into data.staff_check (staff_id, level, barred_list, checked_on, valid_until) values (:staff, 'enhanced', true, '2023-01-10', '2026-01-10');
insert into data.training (staff_id, course, completed_on, valid_until) values (:staff, 'home_visiting', '2023-01-10', '2026-01-10'),
	(:second, 'home_visiting', '2023-01-10', '2026-01-10');
update data.post set left_on = '2026-01-30' where staff_id = :second; -- who has left is not counted
begin;
insert into data.agreement (agreement_id, school_urn, pupil_id, made_on, by_staff_id, made_with, kept_in, from_on, review_on, broken_on, kept_on, client_id) values
	(1, :school, :pupil, '2026-01-13', :staff, 'The mother', 'cpoms', '2026-01-14', '2026-02-13', '2026-01-20', null, 'example'),
	(2, :school, :other, '2026-01-13', :staff, 'The father', 'cpoms', '2026-01-14', '2026-02-13', null, '2026-01-30', 'example');
insert into data.promise (agreement_id, school_urn, position, side, kind, words, due_on, owner_name, state, decided_on) values
	(1, :school, 1, 'family', 'text', 'The GP is asked', '2026-01-19', 'The mother', 'broken', '2026-01-20'),
	(1, :school, 2, 'school', 'text', 'A taxi', '2026-01-15', 'The office', 'kept', '2026-01-15'),
	(2, :school, 1, 'family', 'text', 'The GP is asked', '2026-01-30', 'The father', 'kept', '2026-01-30'),
	(2, :school, 2, 'school', 'text', 'A taxi', '2026-01-15', 'The office', 'kept', '2026-01-15');
commit;
insert into data.letter (school_urn, pupil_id, kind, recipients, subject, text, figures, by_staff_id, sent_on, sent_by, page, page_sha256, client_id)
values (:school, :pupil, 'other', '[{"name": "Parent Example"}]', 'Attendance', 'Please come and see us.', '{}', :staff, '2026-01-14', 'post', 'A page.',
	sha256('A page.'), 'example');
insert into data.referral (school_urn, pupil_id, rule, clause, as_of, window_start, window_end, evidence_from, figures, lane, safe_to_refer, missing,
	proposed_by, proposed_at, reason, decision, decided_by, decided_at, decision_reason, notified_at, notified_by, authority, notified_how, client_id)
select :school, p, 'below 70 % over 3 months', 'legal', '2026-01-20', '2025-10-21', '2026-01-20', '2025-10-21', '{}', 'legal', true, '{}', :staff,
       '2026-01-21T09:00Z', 'All else was tried', d, case when d is not null then :head end, case when d is not null then timestamptz '2026-01-22T09:00Z' end,
       case when d is not null then 'Agreed' end, case when d is not null then timestamptz '2026-01-23T09:00Z' end, case when d is not null then :head end,
       case when d is not null then 'The council' end, case when d is not null then 'e-mail' end, 'example'
  from (values (:pupil, 'refer'::data.referral_decision), (:other, null)) as r (p, d);
select duty.weigh(visit_id) from data.visit \g /dev/null
