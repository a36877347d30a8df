-- Imports as they are asked for afterwards, or while they run.

create view api.import with (security_invoker = true) as
select i.import_id as id, i.kind, i.mode, i.dry_run,
       case when i.state = 'running' and not is_there and i.started_at < clock_timestamp() - interval '30 seconds'
            then 'failed' else i.state end::data.import_state as state,
       case when i.state = 'running' then coalesce(live.step, 'beginning') end as step,
       i.row_count as rows, i.accepted, i.report,
       case when i.state = 'running' and not is_there and i.started_at < clock_timestamp() - interval '30 seconds'
            then 'It was broken off, and nothing was stored: send the file again.' else i.problem end as problem,
       i.started_at, i.ended_at
  from data.import i
       cross join lateral (select case when i.state = 'running'
                                  then data.session_step('import ' || i.import_id, session_user) end as step) as live
       cross join lateral (select live.step is not null as is_there) as told;
comment on view api.import is 'Imports as the API shows them; one whose program has gone away has failed';

-- location: where a 202 said that the import could be asked for.
create function api.import_failed(location text) returns boolean
language sql stable
begin atomic
	select exists (select from api.import i
	                where location ~ '^/api/v1/imports/' and i.id = substring(location from '[0-9]+$')::bigint
	                  and i.state = 'failed');
end;
comment on function api.import_failed(text) is 'Whether the import at a location failed, or was broken off';

-- For each kind, as its route asks: the import, and its rejected rows with the
-- columns of that kind, as text, for they are what could not be read as
-- anything else.  Both fail with DS404, or give nothing, for an import of
-- another kind or client.
do $$
declare
	made record;
begin
	for made in
		select kind, string_agg(format('%I text', name), ', ' order by n) as columns,
		       string_agg(format('r.said ->> %L', name), ', ' order by n) as said
		  from (values
			('schools', '{urn,laestab,name,phase,policy,day_starts,day_ends}'::text[]),
			('staff', '{staff_code,school_urn,given_name,family_name,email,phone,roles}'),
			('pupils', '{upn,school_urn,given_name,family_name,date_of_birth,year_group,admitted_on,left_on,address,'
			           'postcode,mis_id}'),
			('contacts', '{upn,mis_id,school_urn,given_name,family_name,relationship,parental_responsibility,phone,'
			             'email,language}'),
			('register', '{school_urn,upn,mis_id,date,session,code,minutes_late,comment}')) as k (kind, names),
			unnest(names) with ordinality as c (name, n)
		 group by kind
	loop
		execute format('create function api.import_%1$s_read("import" bigint) returns setof api.import
			language sql stable
			begin atomic
				select i.* from api.import i where i.id = "import" and i.kind = %1$L;
			end', made.kind);
		execute format($f$
			create function api.import_%1$s_rejected("import" bigint, after bigint default null, max_rows int default null)
			returns table ("position" bigint, line bigint, field text, detail text, %2$s)
			language plpgsql stable
			as $body$
			begin
				if not exists (select from data.import i where i.import_id = "import" and i.kind = %1$L) then
					raise exception 'There is no such import.' using errcode = 'DS404';
				end if;
				return query
				select r."position", r.line, r.field, r.detail, %3$s
				  from data.import_rejection r
				 where r.import_id = "import" and (after is null or r."position" > after)
				 order by r."position" limit max_rows;
			end;
			$body$ $f$, made.kind, made.columns, made.said);
		execute format('comment on function api.import_%1$s_read(bigint) is %2$L', made.kind,
			'One import of ' || made.kind);
		execute format('comment on function api.import_%1$s_rejected(bigint, bigint, int) is %2$L', made.kind,
			'The rejected rows of an import of ' || made.kind);
	end loop;
end;
$$;
