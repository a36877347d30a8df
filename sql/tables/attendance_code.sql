create table data.attendance_code (
	code       text not null,
	valid_from date not null,
	valid_to   date,
	symbol     "char" not null constraint symbol_is_unique unique,
	class      data.attendance_class not null,
	title      text not null,
	constraint attendance_code_pkey primary key (code, valid_from),
	constraint code_has_one_or_two_characters check (code ~ '^[A-Z/\\#][1-9]?$'),
	constraint symbol_is_visible check (symbol::text ~ '^[!-,.-~]$'),
	constraint code_means_one_thing_at_a_time exclude using gist
		(code with =, daterange(valid_from, valid_to, '[]') with &&)
);
comment on table data.attendance_code is 'The codes of the register, dated, those that are no longer used included, for registers are kept at least six years: The School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208), regulation 10';
comment on column data.attendance_code.code is 'The code as it stands in a register';
comment on column data.attendance_code.valid_from is 'First day on which it may be used';
comment on column data.attendance_code.valid_to is 'Last day on which it may be used; null while it is in force';
comment on column data.attendance_code.symbol is 'The one byte that stands for it in data.register_week; blank and - are not codes';
comment on column data.attendance_code.class is 'Its statistical class';
comment on column data.attendance_code.title is 'What it means';
