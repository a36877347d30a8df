-- Included after the helpers: agreements of school 900001, through its client a, and
-- how they stand.

create function t.promise(kind text, more jsonb) returns jsonb
language sql return jsonb_build_object('side', 'family', 'kind', kind) || more;
create function t.body(pupil bigint, officer bigint, promises jsonb, more jsonb default '{}') returns jsonb
language sql return jsonb_build_object('school_urn', 900001, 'pupil', pupil, 'made_on', '2026-01-02', 'by', officer,
	'made_with', 'Parent Example', 'kept_in', 'attendance_file', 'from_on', '2026-01-05', 'review_on', '2026-07-01',
	'promises', promises || jsonb_build_array(jsonb_build_object('side', 'school', 'kind', 'text',
		'words', 'We arrange a taxi', 'due_on', '2026-01-09', 'owner', officer))) || more;
create function t.agree(pupil bigint, officer bigint, promises jsonb, more jsonb default '{}') returns text
language sql return t.get('a', format('select id from api.agreement_add(%L)', t.body(pupil, officer, promises, more)));
create function t.test(agreement text, until date) returns text
language sql return t.run('a', format('select api.agreement_test(%s, %L)', agreement, jsonb_build_object('as_of', until)));
create function t.stands(agreement text) returns text
language sql return (select a.state || ': ' || string_agg(p.state::text || coalesce(' ' || p.decided_on, ''), ', ' order by p.position)
	from data.agreement a join data.promise p using (agreement_id) where a.agreement_id = agreement::bigint group by a.state);
create function t.steps(agreement text) returns text
language sql return (select string_agg(d.clause || ' ' || duty.state(d, now()), ', ' order by c.position)
	from data.duty d join data.clause c using (policy_version_id, clause) where d.agreement_id = agreement::bigint and d.applies);
create function t.letters(agreement text) returns text
language sql return (select coalesce(string_agg(l.kind || ' ' || l.state, ', ' order by l.letter_id), 'none')
	from data.letter l where l.agreement_id = agreement::bigint);
create function t.send(letter bigint, officer bigint, day date) returns text
language sql return t.get('a', format('select state || $$ $$ || sha256 from api.letter_send(%s, %L, %L)', letter,
	jsonb_build_object('by', officer, 'sent_on', day, 'sent_by', 'post'), '<html>letter</html>'));
create function t.follow(agreement text, pupil bigint, staff bigint, day date default '2026-02-10') returns text
language sql return t.get('a', format('select id from api.visit_plan(%L)', jsonb_build_object('school_urn', 900001, 'purpose', 'attendance',
	'planned_start', day || 'T09:30:00Z', 'planned_end', day || 'T10:00:00Z', 'announced', true, 'necessity', 'x',
	'place', '{"address": "x"}'::jsonb, 'pupils', jsonb_build_array(pupil), 'agreement', agreement::bigint,
	'team', jsonb_build_array(jsonb_build_object('staff_id', staff, 'lead', true)))));
