-- The record that a look was at: the path that names it; of a look at its trail, which
-- names it by the parameters record and id, the path that it has or would have.  null
-- where none is named.
create or replace function audit.path_named(resource text, filters jsonb) returns text
language sql immutable parallel safe
return coalesce(substring(resource from '^(/api/v1/[a-z-]+/[0-9]+)(?:[/.]|$)'),
	'/api/v1/' || case filters ->> 'record' when 'notice_to_improve' then 'notices-to-improve'
		else replace(filters ->> 'record', '_', '-') || 's' end || '/' || (filters ->> 'id'));
comment on function audit.path_named(text, jsonb) is 'The record that a look was at, as a path';
