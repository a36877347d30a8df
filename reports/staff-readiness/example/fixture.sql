-- A training that has expired, an insurance that soon will, one that holds; a check that was renewed, one that a higher one
-- holds, one with the barred list that was renewed without; a vehicle insured again under another spelling, one in a gap, one
-- insured on from the day after; what begins after the day; and the training of somebody who has left.  At a
-- school whose policy is to be read: who has read it, who has read a former version or reads this one later, and who has left;
-- no clause of the other school's asks for that.
select t.school(900001, 'thomas-more') as school, t.staff('V', 900001, 'Lapsed') as lapsed, t.staff('W', 900001, 'Ready') as ready,
       t.staff('X', 900001, 'Left') as gone, t.staff('Y', 900001, 'Barred') as barred, t.staff('Z', 900001, 'Gap') as gap \gset
update data.post set left_on = '2026-01-30' where staff_id = :gone;
insert into data.staff_check (staff_id, level, barred_list, checked_on, valid_until) values
	(:ready, 'enhanced', true, '2022-01-10', '2025-01-10'), (:ready, 'enhanced', true, '2025-01-10', '2028-01-10'),
	(:ready, 'basic', false, '2020-01-10', '2023-01-10'),
	(:barred, 'enhanced', true, '2022-01-10', '2025-01-10'), (:barred, 'enhanced', false, '2025-01-10', '2028-01-10');
insert into data.training (staff_id, course, completed_on, valid_until) values (:lapsed, 'home_visiting', '2023-01-10', '2026-01-10'),
	(:lapsed, 'home_visiting', '2026-02-10', '2029-02-10'), (:gone, 'home_visiting', '2023-01-10', '2026-01-10');
insert into data.vehicle (staff_id, make, model, registration, colour, insured_from, insured_until, business_use) values
	(:lapsed, 'Ford', 'Ka', 'AB12 CDE', 'red', '2025-03-01', '2026-02-28', true),
	(:ready, 'Ford', 'Ka', 'CD34 EFG', 'blue', '2024-03-01', '2025-02-28', true), (:ready, 'Ford', 'Ka', 'cd34efg', 'blue', '2025-03-01', '2026-12-31', true),
	(:ready, 'Ford', 'Ka', 'HJ56 KLM', 'green', '2025-02-01', '2026-01-31', true), (:ready, 'Ford', 'Ka', 'HJ56 KLM', 'green', '2026-02-01', '2027-01-31', true),
	(:gap, 'Ford', 'Ka', 'NP78 RST', 'white', '2025-01-31', '2026-01-30', true), (:gap, 'Ford', 'Ka', 'NP78 RST', 'white', '2026-02-01', '2027-01-31', true);
select t.school(900002, 'tkat') as reads, t.staff('R', 900002, 'Read') as has_read, t.staff('U', 900002, 'Unread') as unread,
       t.staff('L', 900002, 'Later') as later, t.staff('F', 900002, 'Former') as former, t.staff('G', 900002, 'Left') as gone \gset
update data.post set left_on = '2026-01-30' where staff_id = :gone;
insert into data.policy_version (policy_code, version, source, in_force_from, reviewed, reviewed_on, hash)
values ('tkat', 'A former one', 'A test', '2020-01-01', '2020', '2020-01-01', '\x00');
insert into data.policy_reading (staff_id, policy_version_id, read_on)
select s.staff, v.policy_version_id, s.read_on
  from (values (:has_read::bigint, 'October 2024', date '2026-01-31'), (:later, 'October 2024', '2026-02-01'),
               (:former, 'A former one', '2024-01-10')) as s (staff, version, read_on)
       join data.policy_version v on v.policy_code = 'tkat' and v.version = s.version;
