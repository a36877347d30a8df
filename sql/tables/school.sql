create table data.school (
	urn        int not null constraint school_pkey primary key
	           constraint urn_has_six_digits check (urn between 100000 and 999999),
	laestab    text not null constraint laestab_is_unique unique
	           constraint laestab_has_seven_digits check (laestab ~ '^[0-9]{7}$'),
	name       text not null constraint name_is_said check (name ~ '[^[:space:]]'),
	phase      data.school_phase not null,
	day_starts time not null default '08:45',
	day_ends   time not null default '15:30',
	version    bigint not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint day_ends_after_it_starts check (day_ends > day_starts)
);
comment on table data.school is 'A school of the trust';
comment on column data.school.urn is 'Unique reference number, six digits';
comment on column data.school.laestab is 'Local authority (3 digits) and establishment (4 digits), no slash';
comment on column data.school.name is 'Name of the school';
comment on column data.school.phase is 'Phase of education';
comment on column data.school.day_starts is 'When the school day starts, in the United Kingdom';
comment on column data.school.day_ends is 'When the school day ends, in the United Kingdom';
comment on column data.school.version is 'Counts the changes; its ETag';
comment on column data.school.created_at is 'When the row was made';
comment on column data.school.updated_at is 'When the row last changed';
