-- What has gone of a visit or an agreement is found in the trail by that, as at a
-- moment when it was there still.
--
-- What was released stays as it is: a later change is a migration of its own.

create index entry_gone_of_visit on audit.entry (record, ((before ->> 'visit_id')::bigint), at) where action = 'delete';
create index entry_gone_of_agreement on audit.entry (record, ((before ->> 'agreement_id')::bigint), at)
	where action = 'delete' and before ->> 'agreement_id' is not null;
