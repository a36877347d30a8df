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
       left join lateral (select substr(a.application_name, length(i.import_id::text) + 10) as step
                            from pg_stat_activity a
                           where i.state = 'running' and a.application_name like format('import %s: %%', i.import_id)
                           limit 1) as live on true
       cross join lateral (select live.step is not null as is_there) as told;
comment on view api.import is 'Imports as the API shows them; one whose program has gone away has failed';

create function api.import_read(kind data.import_kind, "import" bigint) returns setof api.import
language sql stable
begin atomic
	select i.* from api.import i where i.id = import_read.import and i.kind = import_read.kind;
end;
comment on function api.import_read(data.import_kind, bigint) is 'One import';
