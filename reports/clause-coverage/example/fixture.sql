-- One visit under the policy of Morecambe Road.
select t.school(900001, 'morecambe') as school, t.staff('V', 900001) as staff, t.pupil(1, 900001) as pupil \gset
select t.visit(:school, :pupil, :staff) \g /dev/null
select duty.weigh(visit_id) from data.visit \g /dev/null
