-- A visit is recorded once its first written record is made.  A definer,
-- because who may write records may not say of a visit that it is recorded.
create or replace function data.visit_follows_record() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update data.visit v set recorded_at = new.at where v.visit_id = new.visit_id and v.recorded_at is null;
	return null;
end;
$$;
comment on function data.visit_follows_record() is 'Trigger: carries the first written record over into its visit';

create or replace trigger visit_follows after insert on data.visit_record
	for each row execute function data.visit_follows_record();
