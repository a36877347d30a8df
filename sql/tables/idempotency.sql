create table data.idempotency (
	client_id    text not null,
	key          text not null,
	request_hash bytea not null,
	status       int not null,
	location     text,
	etag         text,
	body         text not null,
	created_at   timestamptz not null default now(),
	constraint idempotency_pkey primary key (client_id, key)
);
create index idempotency_by_age on data.idempotency (client_id, created_at);
comment on table data.idempotency is 'Answers given under an Idempotency-Key, kept seven days, written in the transaction of the work itself';
comment on column data.idempotency.client_id is 'Whose key; two clients may use the same';
comment on column data.idempotency.key is 'The key as sent';
comment on column data.idempotency.request_hash is 'SHA-256 of method, path, query, media type and body; of a person''s request also of the schools seen at their place';
comment on column data.idempotency.status is 'HTTP status of the answer';
comment on column data.idempotency.location is 'Its Location header';
comment on column data.idempotency.etag is 'Its ETag header';
comment on column data.idempotency.body is 'Its body';
comment on column data.idempotency.created_at is 'When it was given';
