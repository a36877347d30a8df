-- Rules of retention to begin with, of the whole trust; loaded by psql -f, as often as
-- one likes: where a kind has a rule of the trust already, that stands.
--
-- The Information Management Toolkit for Schools of the Information and Records
-- Management Society (IRMS) is guidance and no law.  Where no source is named, the time
-- is a default of this system, for the trust to decide.
insert into data.retention_rule (kind, from_on, starts, months, year_end, what_then, source)
select d.kind::data.retention_kind, '-infinity', d.starts::data.retention_start, d.months, d.year_end,
       d.what_then::data.retention_then, d.source
  from (values
	('register', 'recorded', 72, false, 'delete',
		'School Attendance (Pupil Registration) (England) Regulations 2024: at least six years from the date of an entry'),
	('concern', 'born', 300, false, 'review',
		'IRMS toolkit, child protection files: date of birth + 25 years, then review'),
	('external_referral', 'born', 300, false, 'review',
		'IRMS toolkit, child protection files: date of birth + 25 years, then review'),
	('intervention', 'born', 300, false, 'review', 'Default of this system, as for child protection files'),
	('incident', 'happened', 120, false, 'review',
		'Keeping children safe in education, part four: allegations ten years, or to pension age: a person looks'),
	('accident', 'born', 300, false, 'delete',
		'IRMS toolkit, accidents of children: date of birth (of the youngest pupil of the visit) + 25 years'),
	('visit', 'closed', 72, true, 'delete', 'Default of this system: current school year + 6 years'),
	('risk_assessment', 'closed', 72, false, 'delete', 'Default of this system'),
	('hazard', 'closed', 72, false, 'delete', 'Default of this system'),
	('agreement', 'closed', 72, true, 'delete', 'Default of this system: current school year + 6 years'),
	('letter', 'closed', 72, true, 'delete', 'Default of this system: current school year + 6 years'),
	('referral', 'closed', 72, false, 'delete', 'Default of this system: end of the case + 6 years'),
	('penalty_notice', 'closed', 72, false, 'delete', 'Default of this system: end of the case + 6 years'),
	('improvement_notice', 'closed', 72, false, 'delete', 'Default of this system: end of the case + 6 years'),
	('pupil', 'born', 300, false, 'delete', 'IRMS toolkit, the pupil''s educational record: date of birth + 25 years'),
	('staff_facts', 'left_post', 72, false, 'delete',
		'IRMS toolkit, personal files of staff: end of employment + 6 years'),
	('staff', 'left_post', 72, false, 'delete', 'IRMS toolkit, personal files of staff: end of employment + 6 years'),
	('subject_request', 'closed', 36, false, 'delete', 'Default of this system'),
	('import', 'closed', 72, false, 'delete', 'Default of this system: as the register that it brought'),
	('schedule', 'closed', 12, false, 'delete', 'Default of this system'),
	('export', 'closed', 12, false, 'delete', 'Default of this system')
	) as d (kind, starts, months, year_end, what_then, source)
 where not exists (select from data.retention_rule r where r.kind = d.kind::data.retention_kind
                      and r.school_urn is null);
