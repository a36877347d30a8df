create table auth.client (
	client_id   text not null constraint client_pkey primary key
	            constraint client_id_is_plain check (client_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
	title       text not null,
	secret_hash bytea not null constraint secret_hash_is_sha256 check (octet_length(secret_hash) = 32),
	scopes      text[] not null,
	all_schools boolean not null,
	created_at  timestamptz not null default now(),
	disabled_at timestamptz
);
comment on table auth.client is 'A program that calls the API';
comment on column auth.client.client_id is 'Its id';
comment on column auth.client.title is 'What it is, for people';
comment on column auth.client.secret_hash is 'SHA-256 of its secret, which has 244 random bits';
comment on column auth.client.scopes is 'The scopes that it may ask for';
comment on column auth.client.all_schools is 'Whether it sees every school of the trust; otherwise those in auth.client_school';
comment on column auth.client.created_at is 'When it was made';
comment on column auth.client.disabled_at is 'When it was shut out; null while it may sign in';

create table auth.client_school (
	client_id  text not null references auth.client on delete cascade,
	school_urn int not null references data.school on delete cascade,
	constraint client_school_pkey primary key (client_id, school_urn)
);
comment on table auth.client_school is 'A school that a client may see';
comment on column auth.client_school.client_id is 'The client';
comment on column auth.client_school.school_urn is 'The school';

create table auth.token (
	token_hash bytea not null constraint token_pkey primary key
	           constraint token_hash_is_sha256 check (octet_length(token_hash) = 32),
	client_id  text not null references auth.client on delete cascade,
	scopes     text[] not null,
	issued_at  timestamptz not null default now(),
	expires_at timestamptz not null,
	revoked_at timestamptz
);
create index token_by_client on auth.token (client_id, expires_at);
comment on table auth.token is 'An access token given out; the token itself is nowhere, only its hash';
comment on column auth.token.token_hash is 'SHA-256 of the token, which has 256 random bits';
comment on column auth.token.client_id is 'To whom it was given';
comment on column auth.token.scopes is 'What it allows';
comment on column auth.token.issued_at is 'When it was given';
comment on column auth.token.expires_at is 'When it ends';
comment on column auth.token.revoked_at is 'When it was revoked; null while it holds';
