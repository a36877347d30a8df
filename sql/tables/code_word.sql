create table data.code_word (
	visit_id   bigint not null constraint code_word_pkey primary key,
	school_urn int not null,
	words      int not null constraint words_is_a_number check (words between 1 and 5),
	salt       bytea not null constraint salt_is_long_enough check (octet_length(salt) = 16),
	hash       bytea not null constraint hash_is_sha256 check (octet_length(hash) = 32),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint code_word_is_of_the_visit foreign key (visit_id, school_urn)
		references data.visit (visit_id, school_urn) on delete restrict
);
comment on table data.code_word is 'The word by which the team of a visit says that help is needed';
comment on column data.code_word.visit_id is 'The visit';
comment on column data.code_word.school_urn is 'School of the visit, for row-level security';
comment on column data.code_word.words is 'Of how many words it is';
comment on column data.code_word.salt is 'Random';
comment on column data.code_word.hash is 'SHA-256 of the salt and the word in small letters';
comment on column data.code_word.created_at is 'When the row was made';
comment on column data.code_word.updated_at is 'When the row last changed';
