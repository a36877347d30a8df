/*
 * Imports as they are asked for afterwards, or while they run: what became of
 * each, and its rejected rows as a file that can be mended and sent again.
 */
#include "records/resources.h"
#include "register/resources.h"

static const struct field read_fields[] = {
	ID_IN_PATH("import", "Number of the import"),
	{ 0 }
};

static const struct field list_fields[] = {
	ID_IN_PATH("import", "Number of the import"),
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field import[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Its number" },
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_import_kind, .doc = "What its rows are" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_import_state, .doc = "How far it has come" },
	{ "step", .type = FIELD_TEXT, .doc = "What it is doing just now, while it runs" },
	{ "mode", .type = FIELD_TEXT, .required = true, .doc = "all or valid, as asked for" },
	{ "dry_run", .type = FIELD_BOOL, .required = true, .doc = "Whether it was only tried" },
	{ "rows", .type = FIELD_INT, .doc = "Rows in the file" },
	{ "accepted", .type = FIELD_INT, .doc = "Rows stored, or there already" },
	{ "report", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .doc = "What the import answered, or would have; null until it has ended" },
	{ "problem", .type = FIELD_TEXT, .doc = "Why it failed, and what to do" },
	{ "started_at", .type = FIELD_TIME, .required = true, .doc = "When the file was there" },
	{ "ended_at", .type = FIELD_TIME, .doc = "When it ended" },
	{ 0 }
};

#define SAID(name) { name, .type = FIELD_TEXT, .max = 100000, .lines = true, .doc = "As it stands in the file" }
#define REJECTED_HEAD \
	{ "position", .type = FIELD_INT, .required = true, .doc = "Its place among the rejected rows" }, \
	{ "line", .type = FIELD_INT, .required = true, .doc = "Line of the file, or number of the record, as reported" }, \
	{ "field", .type = FIELD_TEXT, .doc = "The column; null when the row as a whole is meant" }, \
	{ "detail", .type = FIELD_TEXT, .required = true, .doc = "What is wrong with it" }

static const struct field schools[] = {
	REJECTED_HEAD, SAID("urn"), SAID("laestab"), SAID("name"), SAID("phase"), SAID("policy"), SAID("day_starts"),
	SAID("day_ends"), { 0 }
};
static const struct field staff[] = {
	REJECTED_HEAD, SAID("staff_code"), SAID("school_urn"), SAID("given_name"), SAID("family_name"), SAID("email"),
	SAID("phone"), SAID("roles"), { 0 }
};
static const struct field pupils[] = {
	REJECTED_HEAD, SAID("upn"), SAID("school_urn"), SAID("given_name"), SAID("family_name"), SAID("date_of_birth"),
	SAID("year_group"), SAID("admitted_on"), SAID("left_on"), SAID("address"), SAID("postcode"), SAID("mis_id"), { 0 }
};
static const struct field contacts[] = {
	REJECTED_HEAD, SAID("upn"), SAID("mis_id"), SAID("school_urn"), SAID("given_name"), SAID("family_name"),
	SAID("relationship"),
	SAID("parental_responsibility"), SAID("phone"), SAID("email"), SAID("language"), { 0 }
};
static const struct field register_marks[] = {
	REJECTED_HEAD, SAID("school_urn"), SAID("upn"), SAID("mis_id"), SAID("date"), SAID("session"), SAID("code"),
	SAID("minutes_late"), SAID("comment"), { 0 }
};

static const int no_import[] = { 404, 0 };

/* Who may import a kind may ask what became of it; only of its own imports. */
#define LOG_ROUTES(kind_name, its_scope, its_columns) \
	{ .method = "GET", .path = "/api/v1/imports/" kind_name "/{import}", \
	  .summary = "Ask how far an import of this kind has come, or what became of it", .scope = its_scope, \
	  .fields = read_fields, .answer = import, .noun = "import", .nouns = "imports", \
	  .function = "api.import_" kind_name "_read" }, \
	{ .method = "GET", .path = "/api/v1/imports/" kind_name "/{import}/rejected", \
	  .summary = "List the rejected rows of an import, as they stand in the file; kept 30 days", .scope = its_scope, \
	  .fields = list_fields, .answer = its_columns, .noun = "rejected_" kind_name, \
	  .nouns = "rejected_" kind_name "_rows", \
	  .function = "api.import_" kind_name "_rejected", .shape = MANY_ROWS, .sensitive = true, .statuses = no_import }

const struct route import_log_routes[] = {
	LOG_ROUTES("schools", "schools:write", schools),
	LOG_ROUTES("staff", "staff:write", staff),
	LOG_ROUTES("pupils", "pupils:write", pupils),
	LOG_ROUTES("contacts", "contacts:write", contacts),
	LOG_ROUTES("register", "attendance:write", register_marks),
	{ 0 }
};
