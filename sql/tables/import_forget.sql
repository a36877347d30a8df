-- Rejected rows are full of people, and kept a month, whoever sent them.
create or replace function data.forget_rejections() returns void
language sql volatile security definer set search_path = pg_catalog
begin atomic
	delete from data.import_rejection r using data.import i
	 where r.import_id = i.import_id and i.started_at < now() - interval '30 days';
end;
comment on function data.forget_rejections() is 'Forgets the rejected rows of imports of more than 30 days ago';
