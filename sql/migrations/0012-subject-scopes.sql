-- Subject access: an item may take several scopes; who looked at a trail is found
-- by the record that was asked for; what has gone of a pupil by the pupil.
--
-- What was released stays as it is: a later change is a migration of its own.

-- A duty or a notification that takes a scope of its own takes that of its source besides.
alter table data.subject_item alter column scope type text[] using case
	when scope is null then '{}'
	when kind = 'duty' and scope <> 'visits' and content @> '[{"field": "visit_id"}]' then array[scope, 'visits']
	when kind = 'notification' and scope <> 'alarms' then array[scope, 'alarms']
	else array[scope] end;
alter table data.subject_item rename column scope to scopes;
alter table data.subject_item alter column scopes set default '{}', alter column scopes set not null;
comment on column data.subject_item.scopes is 'It is read with all of these scopes, too';

alter table data.subject_request add column scopes text[] not null default '{}';
comment on column data.subject_request.scopes is 'The scopes of all its items: who has them all reads the whole';
update data.subject_request r
   set scopes = array(select distinct s from data.subject_item i cross join lateral unnest(i.scopes) as s
                       where i.request_id = r.request_id order by s);

drop index audit.access_by_path;
create index access_by_path on audit.access (audit.path_named(resource, filters));
create index entry_gone_of_pupil on audit.entry (record, (before ->> 'pupil_id'))
	where action = 'delete' and before ->> 'pupil_id' is not null;
