-- A check that has expired and was renewed, a training that has expired, an insurance that soon will, one that holds;
-- and the training of somebody who has left.
select t.school(900001, 'tkat') as school, t.staff('V', 900001, 'Lapsed') as lapsed, t.staff('W', 900001, 'Ready') as ready,
       t.staff('X', 900001, 'Left') as gone \gset
update data.post set left_on = '2026-01-30' where staff_id = :gone;
insert into data.staff_check (staff_id, level, barred_list, checked_on, valid_until) values
	(:ready, 'enhanced', true, '2022-01-10', '2025-01-10'), (:ready, 'enhanced', true, '2025-01-10', '2028-01-10');
insert into data.training (staff_id, course, completed_on, valid_until) values (:lapsed, 'home_visiting', '2023-01-10', '2026-01-10'),
	(:gone, 'home_visiting', '2023-01-10', '2026-01-10');
insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until, business_use) values
	(:lapsed, 'Ford', 'Ka', 'AB12 CDE', 'red', '2025-03-01', '2026-02-28', true);
