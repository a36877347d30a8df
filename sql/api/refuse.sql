-- How the functions of this schema refuse: with an SQLSTATE of class DS, which
-- the programs turn into a problem+json of the same meaning (DS404, DS409,
-- DS412, DS422), a message meant for the client, and for DS422 the problems as
-- [{"pointer": "/team/0", "detail": "…"}].

create function api.refuse(problems jsonb) returns void
language plpgsql immutable
as $$
begin
	if jsonb_array_length(problems) > 0 then
		raise exception 'Some of what was sent does not fit the records.'
			using errcode = 'DS422', detail = problems::text;
	end if;
end;
$$;
comment on function api.refuse(jsonb) is 'Fails with DS422 when there are problems';

-- JSON Merge Patch, RFC 7396.
create function api.merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable
as $$
declare
	merged jsonb := case when jsonb_typeof(target) = 'object' then target else '{}' end;
	member record;
begin
	if jsonb_typeof(patch) <> 'object' then
		return patch;
	end if;
	for member in select * from jsonb_each(patch) loop
		merged := case when jsonb_typeof(member.value) = 'null' then merged - member.key
			else merged || jsonb_build_object(member.key,
				api.merge_patch(merged -> member.key, member.value)) end;
	end loop;
	return merged;
end;
$$;
comment on function api.merge_patch(jsonb, jsonb) is 'JSON Merge Patch (RFC 7396)';
