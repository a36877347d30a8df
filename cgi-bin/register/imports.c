#include "register/imports.h"

#include <string.h>

#include "core/fields.h"
#include "records/resources.h"
#include "register/foreign_rows.h"
#include "register/import_ctf.h"
#include "register/import_wonde.h"
#include "register/mark_rows.h"

static const char *const choices_mode[] = { "all", "valid", NULL };

#define IMPORT_FIELDS \
	{ "mode", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_mode, \
	  .doc = "all (default): every row or none; valid: every good row" }, \
	{ "dry_run", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "true: check and report, store nothing" }

#define FOREIGN_FIELD \
	{ "school", .in = IN_QUERY, .type = FIELD_INT, .min = 100000, .max = 999999, \
	  .doc = "The school of a page of Wonde, which names none; of a Common Transfer File that names none" }

#define PERSON_FIELDS \
	{ "given_name", .type = FIELD_TEXT, .required = true, .max = 100, .doc = "Given name" }, \
	{ "family_name", .type = FIELD_TEXT, .required = true, .max = 100, .doc = "Family name" }

static const struct field school_rows[] = {
	IMPORT_FIELDS,
	{ "urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "Unique reference number" },
	{ "laestab", .type = FIELD_TEXT, .required = true, .max = 8, .doc = "Seven digits, or 123/4567" },
	{ "name", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "Name of the school" },
	{ "phase", .type = FIELD_CHOICE, .required = true, .choices = choices_school_phase, .doc = "Phase of education" },
	{ "policy", .type = FIELD_TEXT, .min = 1, .max = 40, .doc = "Code of its home-visit policy, followed from today on" },
	{ "day_starts", .type = FIELD_TEXT, .min = 5, .max = 5, .doc = "When its school day starts, like 08:45" },
	{ "day_ends", .type = FIELD_TEXT, .min = 5, .max = 5, .doc = "When its school day ends, like 15:30" },
	{ 0 }
};

static const struct field staff_rows[] = {
	IMPORT_FIELDS,
	{ "staff_code", .type = FIELD_TEXT, .required = true, .max = 50, .doc = "The trust's own code for the person" },
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "The school of the post" },
	PERSON_FIELDS,
	{ "email", .type = FIELD_TEXT, .min = 1, .max = 254, .doc = "Work e-mail address" },
	{ "phone", .type = FIELD_TEXT, .min = 1, .max = 30, .doc = "Work telephone number" },
	{ "roles", .type = FIELD_TEXT, .min = 1, .max = 200, .doc = "Roles at this school, joined by ;" },
	{ "left_on", .type = FIELD_DATE, .doc = "Last day in the post" },
	{ 0 }
};

static const struct field pupil_rows[] = {
	IMPORT_FIELDS,
	FOREIGN_FIELD,
	{ "upn", .type = FIELD_TEXT, .required = true, .max = 13, .doc = "Unique pupil number" },
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "The school of the stay" },
	PERSON_FIELDS,
	{ "date_of_birth", .type = FIELD_DATE, .required = true, .doc = "Date of birth" },
	{ "year_group", .type = FIELD_CHOICE, .choices = choices_year_group, .doc = "Year group" },
	{ "admitted_on", .type = FIELD_DATE, .required = true, .doc = "First day on roll" },
	{ "left_on", .type = FIELD_DATE, .doc = "Last day on roll" },
	{ "address", .type = FIELD_TEXT, .min = 1, .lines = true, .max = 500, .doc = "Home address" },
	{ "postcode", .type = FIELD_TEXT, .min = 1, .max = 10, .doc = "Its postcode" },
	{ "mis_id", .type = FIELD_TEXT, .min = 1, .max = 50, .doc = "Number by which the school's management information system knows the pupil" },
	{ 0 }
};

static const struct field contact_rows[] = {
	IMPORT_FIELDS,
	FOREIGN_FIELD,
	{ "upn", .type = FIELD_TEXT, .max = 13, .doc = "Unique pupil number of whose contact it is; or else mis_id" },
	{ "mis_id", .type = FIELD_TEXT, .min = 1, .max = 50, .doc = "Number by which the management information system of the school knows the pupil; with school_urn" },
	{ "school_urn", .type = FIELD_INT, .min = 100000, .max = 999999, .doc = "The school whose number mis_id is" },
	PERSON_FIELDS,
	{ "relationship", .type = FIELD_TEXT, .required = true, .max = 50, .doc = "What the adult is to the pupil" },
	{ "parental_responsibility", .type = FIELD_BOOL, .required = true, .doc = "true or false" },
	{ "phone", .type = FIELD_TEXT, .min = 1, .max = 30, .doc = "Telephone number" },
	{ "email", .type = FIELD_TEXT, .min = 1, .max = 254, .doc = "E-mail address" },
	{ "language", .type = FIELD_TEXT, .min = 1, .max = 50, .doc = "Language to write or speak in" },
	{ 0 }
};

#define SESSION_FIELD(name, text) \
	{ name, .type = FIELD_TEXT, .max = 3, .doc = "In the form of a register: mark of " text }

static const struct field register_rows[] = {
	IMPORT_FIELDS,
	FOREIGN_FIELD,
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "The school whose register it is" },
	{ "upn", .type = FIELD_TEXT, .max = 13, .doc = "Unique pupil number; or else mis_id" },
	{ "mis_id", .type = FIELD_TEXT, .max = 50, .doc = "Number by which the school's management information system knows the pupil" },
	{ "date", .type = FIELD_DATE, .doc = "Day of the mark; with session and code" },
	{ "session", .type = FIELD_CHOICE, .choices = choices_session, .doc = "Morning or afternoon" },
	{ "code", .type = FIELD_TEXT, .max = 3, .doc = "Attendance code; - where no mark was taken" },
	{ "minutes_late", .type = FIELD_INT, .max = 999, .doc = "Minutes late" },
	{ "comment", .type = FIELD_TEXT, .lines = true, .doc = "Comment" },
	{ "week", .type = FIELD_DATE, .doc = "In the form of a register, a row for each pupil and week: its Monday" },
	{ "marks", .type = FIELD_TEXT, .max = 40, .doc = "In that form: ten codes of one character, Monday morning to Friday afternoon, a blank where nothing is known; or any codes with ; between them" },
	SESSION_FIELD("mon_am", "Monday morning"), SESSION_FIELD("mon_pm", "Monday afternoon"),
	SESSION_FIELD("tue_am", "Tuesday morning"), SESSION_FIELD("tue_pm", "Tuesday afternoon"),
	SESSION_FIELD("wed_am", "Wednesday morning"), SESSION_FIELD("wed_pm", "Wednesday afternoon"),
	SESSION_FIELD("thu_am", "Thursday morning"), SESSION_FIELD("thu_pm", "Thursday afternoon"),
	SESSION_FIELD("fri_am", "Friday morning"), SESSION_FIELD("fri_pm", "Friday afternoon"),
	{ 0 }
};

/* ------------------------------------------------------------ the report */

static const struct field rejected_fields[] = {
	{ "line", .type = FIELD_INT, .required = true, .doc = "Line of the file, from 1, the header of a CSV being line 1; of a page, and of pupils of a transfer file, the number of the record" },
	{ "field", .type = FIELD_TEXT, .doc = "The column; null when the row as a whole is meant" },
	{ "detail", .type = FIELD_TEXT, .required = true, .doc = "What is wrong with it" },
	{ 0 }
};

static const struct field rejected = { "problem", .type = FIELD_OBJECT, .fields = rejected_fields, .doc = "A problem" };

#define REPORT_HEAD \
	{ "import", .type = FIELD_INT, .required = true, .doc = "Number of the import, by which it can be asked for" }, \
	{ "rows", .type = FIELD_INT, .required = true, .doc = "Rows in the file; of a register, marks" }, \
	{ "accepted", .type = FIELD_INT, .required = true, .doc = "Rows stored, or there already; with dry_run, rows that would be" }
#define REPORT_END \
	{ "rejected", .type = FIELD_LIST, .required = true, .item = &rejected, .doc = "The problems of the rejected rows, the first 10,000" }

static const struct field report[] = { REPORT_HEAD, REPORT_END, { 0 } };

static const struct field register_report[] = {
	REPORT_HEAD,
	{ "added", .type = FIELD_INT, .required = true, .doc = "Marks that were not there; with dry_run, here and below, that would be" },
	{ "changed", .type = FIELD_INT, .required = true, .doc = "Marks that were others" },
	{ "unchanged", .type = FIELD_INT, .required = true, .doc = "Marks that were there already" },
	{ "kept", .type = FIELD_INT, .required = true, .doc = "Marks that differ from what the school decided itself, which stands" },
	REPORT_END,
	{ 0 }
};

/* ------------------------------------------------------------ the kinds */

static const char *const no_types[] = { NULL };
static const char *const foreign_types[] = { "application/xml", "application/json", NULL };
static const char *const page_types[] = { "application/json", NULL };

static void *ask_for_codes(struct transaction *t)
{
	return mark_codes_ask(t);
}

static enum err read_pupils(struct request *r, struct import_body *body, void *schools, struct import_file *ret_file)
{
	return foreign_rows_read(r, body, schools, import_ctf_pupils, import_wonde_pupils, ret_file);
}

static enum err read_contacts(struct request *r, struct import_body *body, void *schools, struct import_file *ret_file)
{
	return foreign_rows_read(r, body, schools, NULL, import_wonde_contacts, ret_file);
}

/* In a string of marks a blank is a session of which nothing is known. */
static bool take_known(void *ctx, const struct mark *mark)
{
	return (mark->code && !*mark->code) || marks_take(ctx, mark);
}

static enum err read_register(struct request *r, struct import_body *body, void *codes, struct import_file *ret_file)
{
	struct marks *m = marks_new(r, codes);
	enum err      err, end;

	if (request_media_type_is(r, "text/csv"))
		err = mark_rows_read_csv(r, body, m);
	else if (request_media_type_is(r, "application/x-ndjson"))
		err = mark_rows_read_ndjson(r, body, m);
	else if (foreign_is_ctf(r))
		err = import_ctf_marks(r, body, fields_value(r, "school"), take_known, m);
	else if (foreign_is_page(r))
		err = foreign_page_school(r) ? import_wonde_marks(r, body, foreign_page_school(r), marks_take, m) : ERR_FIELDS;
	else
		return import_rows_other_type(r);
	end = marks_finish(m, ret_file);
	return err ? err : end;
}

#define ROWS_KIND(kind) { kind, "select api.import_begin()", NULL, import_rows_read }

static const struct import_kind kinds[] = {
	ROWS_KIND("schools"), ROWS_KIND("staff"),
	{ "pupils", "select api.import_begin()", foreign_schools_ask, read_pupils },
	{ "contacts", "select api.import_begin()", foreign_schools_ask, read_contacts },
	{ "register", "select api.import_register_begin()", ask_for_codes, read_register },
};

static enum err import_file(struct service *s, struct request *r, struct reply *reply)
{
	const char               *name = strrchr(r->route->path, '/') + 1;
	const struct import_kind *kind = kinds;

	while (strcmp(kind->name, name) != 0)
		kind++;
	return import_run(s, r, reply, kind);
}

static const int statuses[] = { 422, 0 };

#define IMPORT_ROUTE(kind, its_scope, about, rows, its_types, its_report) \
	{ .method = "POST", .path = "/api/v1/imports/" kind, .summary = "Import " about " from a file", \
	  .scope = its_scope, .fields = rows, .answer = its_report, .noun = kind "_import", .nouns = "imports", \
	  .function = "api.import_" kind, .body = BODY_ROWS, .media_types = its_types, .goes_on = true, \
	  .handle = import_file, .statuses = statuses }

const struct route import_routes[] = {
	IMPORT_ROUTE("schools", "schools:write", "schools", school_rows, no_types, report),
	IMPORT_ROUTE("staff", "staff:write", "staff and their posts", staff_rows, no_types, report),
	IMPORT_ROUTE("pupils", "pupils:write", "pupils and their enrolments", pupil_rows, foreign_types, report),
	IMPORT_ROUTE("contacts", "contacts:write", "contacts of pupils", contact_rows, page_types, report),
	IMPORT_ROUTE("register", "attendance:write", "marks of the register", register_rows, foreign_types, register_report),
	{ 0 }
};
