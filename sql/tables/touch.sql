-- Keeps updated_at, and where there is one the version (the ETag), true.

create or replace function data.touch() returns trigger
language plpgsql volatile
as $$
begin
	new.updated_at := clock_timestamp();
	return new;
end;
$$;
comment on function data.touch() is 'Trigger: sets updated_at';

create or replace function data.touch_version() returns trigger
language plpgsql volatile
as $$
begin
	new.version := old.version + 1;
	new.updated_at := clock_timestamp();
	return new;
end;
$$;
comment on function data.touch_version() is 'Trigger: counts the version up and sets updated_at';

create or replace trigger touch before update on data.school
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.staff
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.post
	for each row execute function data.touch();
create or replace trigger touch before update on data.pupil
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.enrolment
	for each row execute function data.touch();
create or replace trigger touch before update on data.contact
	for each row execute function data.touch_version();
create or replace trigger touch before update on data.visit
	for each row execute function data.touch_version();
