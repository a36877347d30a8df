-- A client sees its own exports and schedules, a member of staff those that are made for
-- them, and nobody else's; their files are read by functions alone, which let in who may.
create policy own on data.export for select to doorstep_reports
	using (client_id = (select auth.client_id())
	       or schedule_id = any (array(select s.schedule_id from data.schedule s
	                                    where s.staff_id = (select auth.staff_id()))));
create policy own on data.schedule for select to doorstep_reports
	using (client_id = (select auth.client_id()) or staff_id = (select auth.staff_id()));
create policy definer on data.export to doorstep_definer using (true) with check (true);
create policy definer on data.schedule to doorstep_definer using (true) with check (true);
create policy definer on data.export_piece to doorstep_definer using (true) with check (true);
create policy definer on data.export_opening to doorstep_definer using (true) with check (true);
