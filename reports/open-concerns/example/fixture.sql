-- Of six concerns four are open: the policy of TKAT names the safeguarding lead; that of Thomas More nobody.  One
-- was passed on, and a drill has none.
select t.school(900001, 'tkat') as tkat, t.school(900005, 'thomas-more') as more,
       t.staff('V', 900001) as staff, t.staff('D', 900001, 'Lead', '{dsl}') as dsl, t.staff('W', 900005, 'Other') as other,
       t.pupil(1, 900001) as pupil, t.pupil(2, 900005) as second \gset
select t.visit(:tkat, :pupil, :staff) as visit, t.visit(:tkat, :pupil, :staff) as drill, t.visit(:more, :second, :other) as elsewhere \gset
update data.visit set drill = true where visit_id = :drill;
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, told_staff_id, told_at, client_id)
select :visit, :tkat, :pupil, :staff, now() - age::interval, 'A concern', serious, told, case when told is not null then now() end, 'example'
  from (values ('10 hours', false, null::bigint), ('30 days 1 hour', true, null), ('40 days 1 hour', false, :staff), ('50 days 1 hour', false, :dsl))
       as k (age, serious, told);
insert into data.concern (visit_id, school_urn, pupil_id, by_staff_id, at, text, serious, client_id) values
	(:drill, :tkat, :pupil, :staff, now() - interval '5 days', 'A drill', true, 'example'),
	(:elsewhere, :more, :second, :other, now() - interval '100 days 1 hour', 'A concern', false, 'example');
select duty.weigh(visit_id) from data.visit \g /dev/null
