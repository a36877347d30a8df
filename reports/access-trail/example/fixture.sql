-- A pupil who was looked up, a list of the school and one of another; by hand, so that the times are those of this file.
select t.school(900001, 'tkat') as school, t.school(900002, 'tkat') as other, t.pupil(1, 900001) as pupil, t.pupil(2, 900001) as mate \gset
select t.client('portal', '{900001}'), t.client('elsewhere', '{900002}') \g /dev/null
alter sequence audit.access_access_id_seq restart 1000;
insert into audit.access (at, client_id, request_id, resource, filters, format, row_count) values
	('2026-01-10T09:00Z', 'portal', 'request-1', '/api/v1/pupils/' || :pupil || '/attendance', '{}', 'json', 1),
	('2026-01-11T09:00Z', 'portal', 'request-2', '/api/v1/visits.csv', '{"school": "900001"}', 'csv', 12),
	('2026-01-12T09:00Z', 'portal', 'request-3', '/api/v1/agreements.csv', jsonb_build_object('pupil', :'pupil'), 'csv', 1),
	('2026-01-13T09:00Z', 'elsewhere', 'request-4', '/api/v1/visits.csv', '{}', 'csv', 3),
	('2026-01-14T09:00Z', 'portal', 'request-5', '/api/v1/pupils/' || :mate || '/attendance', '{}', 'json', 1),
	('2025-01-14T09:00Z', 'portal', 'request-6', '/api/v1/visits.csv', '{}', 'csv', 3);
