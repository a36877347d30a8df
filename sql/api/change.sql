-- The feed of changes (sql/tables/note_changes.sql).  A token is a place in it,
-- "mark-position-number": what follows it, and nothing else, is what its reader
-- has not seen.  Elsewhere than where it was given it means nothing.

create function api.change_token(mark text, place bigint[]) returns text
language sql immutable
return format('%s-%s-%s', mark, place[1], place[2]);
comment on function api.change_token(text, bigint[]) is 'A place in the feed, as its readers keep it';

-- name: of the parameter.  Null without a token.  Fails with DS431 when it is
-- none, with DS410 when it was given before the records were put back, or is
-- beyond all that there is.
create function api.change_place(token text, mark text, newest bigint[], name text) returns bigint[]
language plpgsql immutable
as $$
declare
	part text[] := regexp_match(token, '^([0-9a-f]{12})-([0-9]{1,18})-([0-9]{1,18})$');
begin
	if token is null then
		return null;
	elsif part is null then
		raise exception 'This is no token for "%": take it from "token", "next" or "ceiling" of an answer.', name
			using errcode = 'DS431';
	elsif part[1] <> mark or array[part[2]::bigint, part[3]::bigint] > newest then
		raise exception '"%" is of before the records were restored: %', name,
			'take a ceiling, read all records anew, and go on from there.' using errcode = 'DS410';
	end if;
	return array[part[2]::bigint, part[3]::bigint];
end;
$$;
comment on function api.change_place(text, text, bigint[], text) is 'The place that a token stands for';

-- The changes behind a token, in their order; until, record and school narrow
-- them.  A page looks at no more than some thousand changes, of which the client
-- may see few or none: then it is short, and there is more.
create function api.change_read(after text default null, until text default null,
	record data.change_record default null, school int default null, "limit" int default 100)
returns table (data json, next text, token text, more boolean, ceiling text)
language plpgsql stable
as $$
declare
	wanted constant int := "limit";
	head   constant record := data.change_head();
	mine   constant int[] := auth.schools();
	start  constant bigint[] := coalesce(api.change_place(after, head.mark, head.newest, 'after'), '{0,0}');
	finish constant bigint[] := least(head.newest, api.change_place(until, head.mark, head.newest, 'until'));
	bound  constant bigint[] := least(finish, data.change_ahead(start, 1000 + 20 * wanted));
	given  bigint[];
begin
	with found as (
		select c.*, row_number() over (order by c.position, c.change_id) as n from data.change c
		 where (c.position, c.change_id) > (start[1], start[2]) and (c.position, c.change_id) <= (bound[1], bound[2])
		   and (change_read.record is null or c.record = change_read.record)
		   and (school is null or school = any (c.schools) and school = any (mine))
		 order by c.position, c.change_id limit wanted + 1
	)
	select coalesce(json_agg(json_build_object(
			'token', api.change_token(head.mark, array[f.position, f.change_id]),
			'record', f.record, 'action', f.action, 'id', f.record_id, 'key', f.key, 'previous_key', f.previous_key,
			'school_urns', array(select s from unnest(f.schools) as s where s = any (mine)),
			'version', f.version, 'at', data.rfc3339(f.recorded_at)) order by f.n) filter (where f.n <= wanted), '[]'),
	       max(array[f.position, f.change_id]) filter (where f.n = wanted and m.more), m.more or bound < finish
	  into data, given, more
	  from found f right join (select count(*) > wanted as more from found) as m on true
	 group by m.more;
	token := api.change_token(head.mark, coalesce(given, greatest(start, bound)));
	next := format('/api/v1/changes?after=%s', token) || coalesce('&until=' || until, '')
	        || coalesce('&record=' || change_read.record, '') || coalesce('&school=' || school, '') || '&limit=' || wanted;
	ceiling := api.change_token(head.mark, head.newest);
	return next;
end;
$$;
comment on function api.change_read(text, text, data.change_record, int,
	int) is 'The changes behind a token, in their order, once they are final';

create function api.change_ceiling() returns table (token text)
language sql stable
begin atomic
	select api.change_token(h.mark, h.newest) from data.change_head() as h;
end;
comment on function api.change_ceiling() is 'The newest place up to which changes can be read';
