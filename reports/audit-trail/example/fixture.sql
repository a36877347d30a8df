-- A visit that was planned, and moved to another day; by hand, so that the times of the trail are those of this file.
select t.school(900001, 'tkat') as school \gset
alter sequence audit.entry_entry_id_seq restart 1000;
insert into audit.entry (at, client_id, request_id, action, record, key, school_urn, before, after) values
	('2026-01-10T09:00Z', 'office', 'request-1', 'insert', 'data.visit', '{"visit_id": 7}', :school, null,
	 '{"visit_id": 7, "school_urn": 900001, "purpose": "attendance", "address": "1 Example Street", "departed_at": null, "version": 1}'),
	('2026-01-11T10:30Z', 'office', 'request-2', 'update', 'data.visit', '{"visit_id": 7}', :school,
	 '{"visit_id": 7, "school_urn": 900001, "purpose": "attendance", "address": "1 Example Street", "departed_at": null, "version": 1}',
	 '{"visit_id": 7, "school_urn": 900001, "purpose": "welfare", "address": "2 Example Street", "departed_at": null, "version": 2}'),
	('2026-01-12T10:30Z', 'office', 'request-3', 'update', 'data.visit', '{"visit_id": 8}', :school, '{"address": "x"}', '{"address": "y"}');
