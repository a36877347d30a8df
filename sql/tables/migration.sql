create table if not exists data.migration (
	number     int not null constraint migration_pkey primary key,
	applied_at timestamptz not null default now()
);
comment on table data.migration is 'The migrations that this database has had, or did not need because it is younger';
comment on column data.migration.number is 'Number of the file in sql/migrations';
comment on column data.migration.applied_at is 'When';
