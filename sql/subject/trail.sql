-- What of a person stands in the trail alone.

-- What a row said before a change and says no more after it; of a row that has gone, all
-- that it said.  Of the notes on the marks of a day, of which the trail has an entry for all
-- pupils, those of one.  null where nothing was said.
create or replace function data.trail_earlier(before jsonb, after jsonb, pupil bigint) returns jsonb
language sql immutable
return nullif(nullif(case jsonb_typeof(before)
	when 'array' then (select jsonb_agg(e) from jsonb_array_elements(before) as e
		where (e ->> 'pupil_id')::bigint = pupil and (after is null or not after @> jsonb_build_array(e)))
	when 'object' then (select jsonb_object_agg(b.key, b.value) from jsonb_each(before) as b
		where b.value not in ('null', '[]', '""') and (after is null or (after -> b.key) is distinct from b.value)
		  and b.key <> all ('{version,updated_at,page_sha256,manifest_sha256,place_key,person_key,client_id}')) end,
	'{}'), 'null');
comment on function data.trail_earlier(jsonb, jsonb, bigint) is 'What a row said before a change, and says no more';

-- The keys that the trail has for the notes on the marks of a pupil: of every day since the pupil came, for
-- a day when they left may be corrected.  The register begins in 2015.
create or replace function data.mark_note_days(pupil bigint) returns setof jsonb
language sql stable rows 1000
begin atomic
	select jsonb_build_object('school_urn', e.school_urn, 'day', d::date)
	  from data.enrolment e cross join lateral generate_series(greatest(e.admitted_on, '2015-08-01')::timestamp,
	           now()::timestamp + interval '1 day', interval '1 day') as d
	 where e.pupil_id = pupil;
end;
comment on function data.mark_note_days(bigint) is 'The keys in the trail of the notes on the marks of a pupil';

-- A source: rows of a table that have gone and named the person.
create or replace function data.subject_gone(record text, holds text, scopes text)
returns table (place bigint, record text, holds text, at text, scopes text)
language sql immutable rows 1
begin atomic
	select 80::bigint, 'audit.entry', format('r.record = %L and r.action = ''delete'' and %s', subject_gone.record,
		subject_gone.holds), 'r.at', concat_ws(',', 'audit', subject_gone.scopes);
end;
comment on function data.subject_gone(text, text, text) is 'A source of subject access: what has gone of a table';
