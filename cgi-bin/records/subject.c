#include "records/agreements.h"

static const struct field make_fields[] = {
	{ "subject", .type = FIELD_CHOICE, .required = true, .choices = choices_subject_kind, .doc = "What the person is here" },
	{ "id", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of the pupil, the contact, the member of staff" },
	{ "received_on", .type = FIELD_DATE, .required = true, .doc = "When the request was received" },
	{ "requester", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "Who asks: the person, or who acts for them" },
	BY_STAFF("takes it on"),
	LONG_TEXT_IF_ANY("note", "What there is to say of it"),
	{ 0 }
};

#define REQUEST_IN_PATH ID_IN_PATH("request", "Id of the request")
static const struct field read_fields[] = { REQUEST_IN_PATH, { 0 } };
static const struct field part_fields[] = { REQUEST_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field step_fields[] = { REQUEST_IN_PATH, BY_STAFF("does it"), { 0 } };
static const struct field reason_fields[] = { REQUEST_IN_PATH, BY_STAFF("does it"), LONG_TEXT("reason", "Why"), { 0 } };

static const struct field list_fields[] = {
	{ "subject", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_subject_kind, .doc = "Only about such" },
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_subject_state, .doc = "Only in this state" },
	UPDATED_AFTER_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field redact_fields[] = {
	REQUEST_IN_PATH,
	{ "item", .type = FIELD_INT, .min = 1, .doc = "Which item; all, if words are given and it is left out" },
	{ "field", .type = FIELD_TEXT, .max = 100, .doc = "Which field of it; all of them when left out" },
	LONG_TEXT_IF_ANY("words", "Which words in it, wherever they stand, in capitals or not, with accents or not; "
			 "the whole of it when left out"),
	{ "reason", .type = FIELD_CHOICE, .choices = choices_withheld_reason, .doc = "Why the law lets them be withheld" },
	LONG_TEXT_IF_ANY("note", "What there is to say of it; no part of the package"),
	BY_STAFF("marks it"),
	{ "lifts", .type = FIELD_INT, .min = 1, .doc = "Instead of all these: the redaction that is taken back" },
	{ 0 }
};

static const struct field school_item = { "school", .type = FIELD_INT };
static const struct field request[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "subject", .type = FIELD_CHOICE, .required = true, .choices = choices_subject_kind, .doc = "What the person is here" },
	{ "subject_id", .type = FIELD_INT, .required = true, .doc = "Id of the pupil, the contact, the member of staff" },
	{ "schools", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &school_item,
	  .doc = "The schools that hold something about the person" },
	{ "schools_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .required = true,
	  .doc = "The schools that hold something about the person" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_subject_state, .doc = "How far it has come" },
	{ "received_on", .type = FIELD_DATE, .required = true, .doc = "When it was received" },
	{ "due_on", .type = FIELD_DATE, .required = true,
	  .doc = "Last day to answer: one month from receipt, three if extended; on a weekend, the Monday after it" },
	{ "requester", .type = FIELD_TEXT, .required = true, .doc = "Who asks" },
	LONG_TEXT_IF_ANY("note", "What there is to say of it"),
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who of the staff took it on" },
	{ "extended_on", .type = FIELD_DATE, .doc = "When the time was extended" },
	{ "extended_by", .type = FIELD_INT, .doc = "Who extended it" },
	LONG_TEXT_IF_ANY("extended_why", "Why"),
	{ "reviewed_at", .type = FIELD_TIME, .doc = "When the review was finished" },
	{ "reviewed_by", .type = FIELD_INT, .doc = "Who reviewed it" },
	{ "released_at", .type = FIELD_TIME, .doc = "When the package went out" },
	{ "released_by", .type = FIELD_INT, .doc = "Who released it" },
	{ "withdrawn_at", .type = FIELD_TIME, .doc = "When it was withdrawn" },
	{ "withdrawn_by", .type = FIELD_INT, .doc = "Who recorded that" },
	LONG_TEXT_IF_ANY("withdrawn_why", "Why"),
	RECORD_FIELDS,
	{ 0 }
};

static const struct field said_fields[] = {
	{ "field", .type = FIELD_TEXT, .required = true, .doc = "Name of the field" },
	{ "title", .type = FIELD_TEXT, .required = true, .doc = "What it is" },
	{ "value", .type = FIELD_TEXT, .required = true, .doc = "What it says" },
	{ 0 }
};
static const struct field said = { "field", .type = FIELD_OBJECT, .fields = said_fields };
static const struct field item[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Place in the package" },
	{ "kind", .type = FIELD_TEXT, .required = true, .doc = "What it is" },
	{ "record", .type = FIELD_TEXT, .required = true, .doc = "Which record it is" },
	{ "school_urn", .type = FIELD_INT, .doc = "School of the record" },
	{ "at", .type = FIELD_TIME, .doc = "Of when it is" },
	{ "fields", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &said, .doc = "What it says" },
	{ "text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "What it says" },
	{ "mentions", .type = FIELD_TEXT, .doc = "Other people whom the client sees and whose names stand in it" },
	{ 0 }
};

static const struct field redaction[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "request", .type = FIELD_INT, .required = true, .doc = "The request" },
	{ "item", .type = FIELD_INT, .doc = "The item; null for all items" },
	{ "field", .type = FIELD_TEXT, .doc = "The field; null for all fields of the item" },
	LONG_TEXT_IF_ANY("words", "The words; null for the whole of it"),
	{ "reason", .type = FIELD_CHOICE, .choices = choices_withheld_reason, .doc = "Why; null in a row that lifts another" },
	{ "source", .type = FIELD_TEXT, .doc = "Where the law says so" },
	LONG_TEXT_IF_ANY("note", "What there is to say of it"),
	{ "lifts", .type = FIELD_INT, .doc = "The redaction that is taken back by it" },
	{ "lifted", .type = FIELD_BOOL, .required = true, .doc = "Whether it was taken back" },
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who marked it" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ 0 }
};

static const struct field package_row[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Place in the package" },
	{ "item", .type = FIELD_INT, .required = true, .doc = "The item; 0 for a limit of the whole package" },
	{ "kind", .type = FIELD_TEXT, .doc = "What it is; null when the whole item is withheld" },
	{ "record", .type = FIELD_TEXT, .doc = "Which record it is, by its place in the package" },
	{ "school_urn", .type = FIELD_INT, .doc = "School of the record; null when anything of the item is withheld" },
	{ "at", .type = FIELD_TIME, .doc = "Of when it is; null when anything of the item is withheld" },
	{ "field", .type = FIELD_TEXT, .doc = "Name of the field" },
	{ "title", .type = FIELD_TEXT, .doc = "What the field is" },
	{ "value", .type = FIELD_TEXT, .doc = "What it says; [withheld: ...] stands where something is withheld" },
	{ "withheld", .type = FIELD_BOOL, .required = true, .doc = "Whether something of it is withheld" },
	{ "why", .type = FIELD_TEXT, .doc = "Why, with the source" },
	{ 0 }
};

static const struct field no_columns[] = { { 0 } };
static const int list_statuses[] = { 404, 0 };
static const int make_statuses[] = { 409, 422, 0 };
static const int step_statuses[] = { 404, 409, 422, 0 };
static const int package_statuses[] = { 404, 409, 0 };

#define REQUESTS "/api/v1/subject-requests"
#define REQUEST REQUESTS "/{request}"
#define ANSWERS_REQUEST .answer = request, .noun = "subject_request", .nouns = "subject_requests"

const struct route subject_routes[] = {
	{ .method = "GET", .path = REQUESTS, .summary = "List the requests for subject access",
	  .scope = "subject:read", .fields = list_fields, ANSWERS_REQUEST, .function = "api.subject_list",
	  .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = REQUESTS, .summary = "Take on a request, and freeze everything that is held",
	  .scope = "subject:write", .fields = make_fields, ANSWERS_REQUEST, .function = "api.subject_make",
	  .status = 201, .location = REQUESTS "/%s", .statuses = make_statuses, .takes_long = true },
	{ .method = "GET", .path = REQUEST, .summary = "Read a request for subject access",
	  .scope = "subject:read", .fields = read_fields, ANSWERS_REQUEST, .function = "api.subject_read", .sensitive = true },
	{ .method = "GET", .path = REQUEST "/items", .summary = "List what was gathered, with who else is named in it",
	  .scope = "subject:read", .fields = part_fields, .answer = item, .noun = "subject_item", .nouns = "subject_items",
	  .function = "api.subject_item_list", .shape = MANY_ROWS, .sensitive = true, .statuses = list_statuses },
	{ .method = "GET", .path = REQUEST "/redactions", .summary = "List what is withheld, and why",
	  .scope = "subject:read", .fields = part_fields, .answer = redaction, .noun = "redaction", .nouns = "redactions",
	  .function = "api.redaction_list", .shape = MANY_ROWS, .sensitive = true, .statuses = list_statuses },
	{ .method = "POST", .path = REQUEST "/redactions", .summary = "Mark what is to be withheld, or lift that",
	  .scope = "subject:write", .fields = redact_fields, .answer = redaction, .noun = "redaction", .nouns = "redactions",
	  .function = "api.redaction_add", .status = 201, .statuses = step_statuses, .takes_long = true },
	{ .method = "POST", .path = REQUEST "/extension", .summary = "Extend the time by two months",
	  .scope = "subject:write", .fields = reason_fields, ANSWERS_REQUEST, .function = "api.subject_extend",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REQUEST "/review", .summary = "Finish the review",
	  .scope = "subject:write", .fields = step_fields, ANSWERS_REQUEST, .function = "api.subject_review",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REQUEST "/reopening", .summary = "Take the review up anew",
	  .scope = "subject:write", .fields = step_fields, ANSWERS_REQUEST, .function = "api.subject_reopen",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REQUEST "/release", .summary = "Record that the package went out",
	  .scope = "subject:write", .fields = step_fields, ANSWERS_REQUEST, .function = "api.subject_release",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REQUEST "/withdrawal", .summary = "Withdraw a request",
	  .scope = "subject:write", .fields = reason_fields, ANSWERS_REQUEST, .function = "api.subject_withdraw",
	  .statuses = step_statuses },
	{ .method = "GET", .path = REQUEST "/package", .summary = "Read the package: one document, printable as HTML",
	  .scope = "subject:read", .fields = read_fields, .answer = no_columns, .noun = "subject-access",
	  .nouns = "subject-accesses", .function = "api.subject_package", .shape = DOCUMENT, .page = "subject-access",
	  .sensitive = true, .statuses = package_statuses, .takes_long = true },
	{ .method = "GET", .path = REQUEST "/package-rows", .summary = "Read the package as rows, one a field",
	  .scope = "subject:read", .fields = part_fields, .answer = package_row, .noun = "package_row",
	  .nouns = "package_rows", .function = "api.subject_package_list", .shape = MANY_ROWS, .sensitive = true,
	  .statuses = package_statuses },
	{ 0 }
};
