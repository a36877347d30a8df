-- The register: codes, weeks of marks, their amendments; and the log of imports.
--
-- What was released stays as it is: a later change is a migration of its own.

create type data.session as enum ('AM', 'PM');
create type data.attendance_class as enum ('attending', 'approved_educational_activity', 'authorised', 'unauthorised', 'not_possible', 'administrative');
create type data.import_kind as enum ('schools', 'staff', 'pupils', 'contacts', 'register');
create type data.import_state as enum ('running', 'done', 'refused', 'failed');
comment on type data.session is 'A school day has two sessions';
comment on type data.attendance_class is 'What a code of the register counts as in the statistics of the Department for Education';
comment on type data.import_kind is 'What the rows of an imported file are';
comment on type data.import_state is 'How far an import has come; refused: not every row was good, and nothing was stored';

alter table data.enrolment add column mis_id text;
comment on column data.enrolment.mis_id is 'Number by which the management information system of the school knows the pupil';
create index enrolment_by_mis_id on data.enrolment (school_urn, mis_id) where mis_id is not null;

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

-- A week of a pupil at a school is one row, with a symbol for each session:
-- ten times fewer rows, and a tenth of the room, of a row for each mark.
create table data.register_week (
	pupil_id       bigint not null,
	week           date not null constraint week_begins_on_monday check ((week - date '2015-08-03') % 7 = 0),
	school_urn     int not null,
	marks          text not null constraint marks_are_ten check (octet_length(marks) = 10),
	attended       smallint not null,
	authorised     smallint not null,
	unauthorised   smallint not null,
	unresolved     smallint not null,
	not_possible   smallint not null,
	administrative smallint not null,
	decided        smallint not null default 0,
	constraint register_week_pkey primary key (pupil_id, week, school_urn)
) partition by range (week);
comment on table data.register_week is 'The register: the marks of a pupil at a school in a week, one partition an academic year (August to July)';
comment on column data.register_week.pupil_id is 'Who';
comment on column data.register_week.week is 'The Monday of the week';
comment on column data.register_week.school_urn is 'At which school; two at once is dual registration';
comment on column data.register_week.marks is 'Ten symbols of data.attendance_code, Monday morning to Friday afternoon; - where no mark was taken, a blank where nothing is known';
comment on column data.register_week.attended is 'Sessions attended, one bit each: 1 Monday morning to 512 Friday afternoon. Attending, or at an approved educational activity';
comment on column data.register_week.authorised is 'Sessions of authorised absence, likewise';
comment on column data.register_week.unauthorised is 'Sessions of unauthorised absence, likewise; these count to the national penalty-notice threshold';
comment on column data.register_week.unresolved is 'Those of the unauthorised whose reason is not yet established (code N), likewise';
comment on column data.register_week.not_possible is 'Sessions that are not a possible attendance, likewise';
comment on column data.register_week.administrative is 'Sessions with an administrative code, likewise';
comment on column data.register_week.decided is 'Sessions whose mark the school decided itself, likewise: no import changes them';

-- Empty until they are needed; so that a program, which can make no table, never lacks one.
do $$
begin
	for year in 2015..2044 loop
		execute format('create table data.register_week_%s partition of data.register_week
			for values from (%L) to (%L)', year, make_date(year, 8, 1), make_date(year + 1, 8, 1));
	end loop;
end;
$$;

create table data.mark_note (
	pupil_id     bigint not null references data.pupil on delete restrict,
	day          date not null,
	session      data.session not null,
	school_urn   int not null references data.school on delete restrict,
	minutes_late smallint constraint minutes_are_of_a_day check (minutes_late between 0 and 999),
	comment      text,
	constraint mark_note_pkey primary key (pupil_id, day, session, school_urn),
	constraint note_says_something check (num_nonnulls(minutes_late, comment) > 0)
);
comment on table data.mark_note is 'What a mark says besides its code';
comment on column data.mark_note.pupil_id is 'Who';
comment on column data.mark_note.day is 'Day of the mark';
comment on column data.mark_note.session is 'Session of the mark';
comment on column data.mark_note.school_urn is 'School of the mark';
comment on column data.mark_note.minutes_late is 'How many minutes late';
comment on column data.mark_note.comment is 'Comment';

create table data.mark_amendment (
	amendment_id  bigint not null generated by default as identity constraint mark_amendment_pkey primary key,
	pupil_id      bigint not null references data.pupil on delete restrict,
	school_urn    int not null references data.school on delete restrict,
	day           date not null,
	session       data.session not null,
	was           text not null,
	is_now        text not null,
	reason        text constraint reason_is_said check (reason ~ '[^[:space:]]'),
	by_staff_id   bigint references data.staff on delete restrict,
	import_id     bigint,
	client_id     text not null,
	amended_at    timestamptz not null default clock_timestamp(),
	constraint amended_by_a_person_with_a_reason_or_by_an_import
		check ((import_id is null) = (by_staff_id is not null) and (import_id is null) = (reason is not null))
);
create index mark_amendment_by_pupil on data.mark_amendment (pupil_id, day);
comment on table data.mark_amendment is 'A mark that was changed: regulation 10 asks that the original, the amended entry, the reason, the date and the person be kept; only ever appended to';
comment on column data.mark_amendment.amendment_id is 'Number in the API';
comment on column data.mark_amendment.pupil_id is 'Whose mark';
comment on column data.mark_amendment.school_urn is 'At which school';
comment on column data.mark_amendment.day is 'Day of the mark';
comment on column data.mark_amendment.session is 'Session of the mark';
comment on column data.mark_amendment.was is 'The code before; - where no mark had been taken';
comment on column data.mark_amendment.is_now is 'The code since; - where the mark was taken back';
comment on column data.mark_amendment.reason is 'Why, when a person of the school amended it';
comment on column data.mark_amendment.by_staff_id is 'Who amended it; null for an import';
comment on column data.mark_amendment.import_id is 'The import that brought another mark; null for a person';
comment on column data.mark_amendment.client_id is 'Through which client';
comment on column data.mark_amendment.amended_at is 'When';

create table data.school_week (
	school_urn int not null references data.school on delete restrict,
	week       date not null,
	held       smallint not null,
	constraint school_week_pkey primary key (school_urn, week)
);
comment on table data.school_week is 'When a school was open, as its register tells';
comment on column data.school_week.school_urn is 'The school';
comment on column data.school_week.week is 'The Monday of the week';
comment on column data.school_week.held is 'Sessions that some pupil could attend, one bit each as in data.register_week';

create table data.import (
	import_id   bigint not null generated by default as identity constraint import_pkey primary key,
	kind        data.import_kind not null,
	state       data.import_state not null default 'running',
	mode        text not null,
	dry_run     boolean not null,
	client_id   text not null,
	request_id  text not null,
	file_hash   bytea not null constraint file_hash_is_sha256 check (octet_length(file_hash) = 32),
	row_count   bigint,
	accepted    bigint,
	report      jsonb,
	problem     text,
	started_at  timestamptz not null default clock_timestamp(),
	ended_at    timestamptz,
	constraint import_ends_once check ((state = 'running') = (ended_at is null))
);
comment on table data.import is 'A file that was imported, or refused: the log of imports';
comment on column data.import.import_id is 'Number in the API';
comment on column data.import.kind is 'What it holds';
comment on column data.import.state is 'How far it has come';
comment on column data.import.mode is 'all: every row or none; valid: every good row';
comment on column data.import.dry_run is 'Whether it was only tried';
comment on column data.import.client_id is 'Who sent it, and sees it';
comment on column data.import.request_id is 'Request, as in the X-Request-Id header and the logs';
comment on column data.import.file_hash is 'SHA-256 of the file';
comment on column data.import.row_count is 'Rows in the file';
comment on column data.import.accepted is 'Rows stored, or with dry_run those that would be';
comment on column data.import.report is 'What became of it, as answered';
comment on column data.import.problem is 'Why it failed';
comment on column data.import.started_at is 'When the file was there';
comment on column data.import.ended_at is 'When it ended';

create table data.import_rejection (
	import_id bigint not null references data.import on delete cascade,
	position  bigint not null,
	line      bigint not null,
	field     text,
	detail    text not null,
	said      jsonb,
	constraint import_rejection_pkey primary key (import_id, position)
);
comment on table data.import_rejection is 'A row of a file that was rejected; kept 30 days, so that it can be fetched and mended';
comment on column data.import_rejection.import_id is 'The import';
comment on column data.import_rejection.position is 'Its place among the rejected ones';
comment on column data.import_rejection.line is 'Line in the file; the header of a CSV is line 1';
comment on column data.import_rejection.field is 'The column; null when the row as a whole is meant';
comment on column data.import_rejection.detail is 'What is wrong with it';
comment on column data.import_rejection.said is 'The row as it stands in the file, as JSON object; null where it could not be read';
