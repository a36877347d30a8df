-- One visit under the policy of Morecambe Road, instead of which the school follows Potton's since.
select t.school(900001, 'morecambe') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) \g /dev/null
select duty.weigh(visit_id) from data.visit \g /dev/null
insert into data.adoption (school_urn, follows_from, policy_code) values (:school, '2026-01-20', 'potton');
