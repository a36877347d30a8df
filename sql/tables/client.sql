create table auth.client (
	client_id   text not null constraint client_pkey primary key
	            constraint client_id_is_plain check (client_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
	title       text not null,
	secret_hash bytea constraint secret_hash_is_sha256 check (octet_length(secret_hash) = 32),
	scopes      text[] not null,
	all_schools boolean not null,
	created_at  timestamptz not null default now(),
	disabled_at timestamptz,
	formats     text[]
);
comment on table auth.client is 'Who calls the API: a program, or a person with an account';
comment on column auth.client.client_id is 'Its id';
comment on column auth.client.title is 'What it is, for people';
comment on column auth.client.secret_hash is 'SHA-256 of its secret, which has 244 random bits; null: it is a person, who signs in otherwise';
comment on column auth.client.scopes is 'The scopes that it may ask for';
comment on column auth.client.all_schools is 'Whether it sees every school of the trust; otherwise those in auth.client_school';
comment on column auth.client.created_at is 'When it was made';
comment on column auth.client.disabled_at is 'When it was shut out; null while it may sign in';
comment on column auth.client.formats is 'The formats that it may have besides JSON; null: all.  Of a person, their roles say it';

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
	revoked_at timestamptz,
	acting_at       int references data.school on delete cascade,
	whole_trust     boolean not null default false,
	own_scopes      text[] not null default '{}',
	reasoned_scopes text[] not null default '{}',
	formats         text[],
	constraint acts_at_one_school_or_for_the_trust check (acting_at is null or not whole_trust)
);
create index token_by_client on auth.token (client_id, expires_at);
comment on table auth.token is 'An access token given out; the token itself is nowhere, only its hash';
comment on column auth.token.token_hash is 'SHA-256 of the token, which has 256 random bits';
comment on column auth.token.client_id is 'To whom it was given';
comment on column auth.token.scopes is 'What it allows';
comment on column auth.token.issued_at is 'When it was given';
comment on column auth.token.expires_at is 'When it ends';
comment on column auth.token.revoked_at is 'When it was revoked; null while it holds';
comment on column auth.token.acting_at is 'Of a person: the school at which they act, and which alone they see; null: the schools of the client';
comment on column auth.token.whole_trust is 'Of a person: whether they act for the whole trust, whose every school they see';
comment on column auth.token.own_scopes is 'Those of its scopes that open no more than what is about the person''s own visits';
comment on column auth.token.reasoned_scopes is 'Those of its scopes that open nothing in a request that does not say why';
comment on column auth.token.formats is 'The formats that it allows besides JSON; null: all';
