-- What a package does not have, in the words that it says so.
create or replace function data.subject_limits(subject data.subject_kind) returns table (place bigint, words text)
language sql immutable rows 5
begin atomic
	select row_number() over (order by l.n), l.words from (values
		(1, null::data.subject_kind, 'This is what Doorstep holds. Other systems of the school or the trust '
			'were not searched for it.'),
		(2, 'pupil', 'Records of visits to other pupils, and of their agreements and referrals, '
			'were not searched for the name of the pupil.'),
		(2, 'contact', 'The name of the contact was looked for in what is written of visits to the pupils whose contact '
			'it is, of their agreements, letters, referrals and attendance. Nothing else was searched for it.'),
		(2, 'staff', 'What is written was not searched for the name of the member of staff. Of what they wrote '
			'about somebody else, it is told that they did, and when.'),
		(3, null, 'Of what was changed or taken away, earlier values are given as the trail has them, for records that '
			'are given themselves. Of duties, alarms and notifications it is given how they stand now.'),
		(4, 'pupil', 'Of a visit from which the pupil was taken off, it is given that they were on it, and no more.'),
		(4, 'contact', 'What was taken away, or stood otherwise before, was not searched for the name of the contact.'),
		(5, null, 'Pages of letters and files of evidence are left out, for what they say is given as text; '
			'so are copies on their way to somebody, and in backups.')) as l (n, of, words)
	 where l.of is null or l.of = subject;
end;
comment on function data.subject_limits(data.subject_kind) is 'What a package of subject access does not have';
