#include "register/imports.h"

#include "register/import.h"
#include "vocabulary.h"

static const char *const choices_mode[] = { "all", "valid", NULL };

#define IMPORT_FIELDS                                                                                             \
	{ "mode", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_mode,                                  \
	  .doc = "all (default): every row or none; valid: every good row" },                                     \
	{ "dry_run", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "true: check and report, store nothing" }

#define PERSON_FIELDS                                                                                          \
	{ "given_name", .type = FIELD_TEXT, .required = true, .max = 100, .doc = "Given name" },               \
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
	{ 0 }
};

static const struct field pupil_rows[] = {
	IMPORT_FIELDS,
	{ "upn", .type = FIELD_TEXT, .required = true, .max = 13, .doc = "Unique pupil number" },
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "The school of the stay" },
	PERSON_FIELDS,
	{ "date_of_birth", .type = FIELD_DATE, .required = true, .doc = "Date of birth" },
	{ "year_group", .type = FIELD_CHOICE, .choices = choices_year_group, .doc = "Year group" },
	{ "admitted_on", .type = FIELD_DATE, .required = true, .doc = "First day on roll" },
	{ "left_on", .type = FIELD_DATE, .doc = "Last day on roll" },
	{ "address", .type = FIELD_TEXT, .min = 1, .lines = true, .max = 500, .doc = "Home address" },
	{ "postcode", .type = FIELD_TEXT, .min = 1, .max = 10, .doc = "Its postcode" },
	{ 0 }
};

static const struct field contact_rows[] = {
	IMPORT_FIELDS,
	{ "upn", .type = FIELD_TEXT, .required = true, .max = 13, .doc = "Unique pupil number of whose contact it is" },
	PERSON_FIELDS,
	{ "relationship", .type = FIELD_TEXT, .required = true, .max = 50, .doc = "What the adult is to the pupil" },
	{ "parental_responsibility", .type = FIELD_BOOL, .required = true, .doc = "true or false" },
	{ "phone", .type = FIELD_TEXT, .min = 1, .max = 30, .doc = "Telephone number" },
	{ "email", .type = FIELD_TEXT, .min = 1, .max = 254, .doc = "E-mail address" },
	{ "language", .type = FIELD_TEXT, .min = 1, .max = 50, .doc = "Language to write or speak in" },
	{ 0 }
};

static const int import_statuses[] = { 422, 0 };

const struct route import_routes[] = {
	{ .method = "POST", .path = "/api/v1/imports/schools", .summary = "Import schools from a file",
	  .scope = "schools:write", .fields = school_rows, .answer = import_report, .noun = "import", .nouns = "imports",
	  .function = "api.import_schools", .body = BODY_ROWS, .handle = import_file, .statuses = import_statuses },
	{ .method = "POST", .path = "/api/v1/imports/staff", .summary = "Import staff and their posts from a file",
	  .scope = "staff:write", .fields = staff_rows, .answer = import_report, .noun = "import", .nouns = "imports",
	  .function = "api.import_staff", .body = BODY_ROWS, .handle = import_file, .statuses = import_statuses },
	{ .method = "POST", .path = "/api/v1/imports/pupils", .summary = "Import pupils and their enrolments from a file",
	  .scope = "pupils:write", .fields = pupil_rows, .answer = import_report, .noun = "import", .nouns = "imports",
	  .function = "api.import_pupils", .body = BODY_ROWS, .handle = import_file, .statuses = import_statuses },
	{ .method = "POST", .path = "/api/v1/imports/contacts", .summary = "Import contacts of pupils from a file",
	  .scope = "contacts:write", .fields = contact_rows, .answer = import_report, .noun = "import", .nouns = "imports",
	  .function = "api.import_contacts", .body = BODY_ROWS, .handle = import_file, .statuses = import_statuses },
	{ 0 }
};
