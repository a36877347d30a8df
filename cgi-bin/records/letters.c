#include "records/agreements.h"

static const struct field recipient_fields[] = {
	{ "contact", .type = FIELD_INT, .min = 1, .doc = "Id of the contact, where it is one" },
	{ "name", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "Name" },
	{ "relationship", .type = FIELD_TEXT, .min = 1, .max = 100, .doc = "What they are to the pupil" },
	{ "address", .type = FIELD_TEXT, .lines = true, .min = 1, .max = 500, .doc = "Address" },
	{ "postcode", .type = FIELD_TEXT, .min = 1, .max = 10, .doc = "Postcode" },
	{ 0 }
};
static const struct field recipient = { "recipient", .type = FIELD_OBJECT, .fields = recipient_fields,
	.doc = "To whom" };

#define RECIPIENTS .type = FIELD_LIST, .max = 20, .item = &recipient
#define WRITTEN_FIELDS                                                                                        \
	{ "subject", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "Its subject line" },           \
	LONG_TEXT("text", "What it says; an empty line ends a paragraph, lines that begin with \"•\" are a list")

static const struct field add_fields[] = {
	ABOUT_PUPIL("writes"),
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_letter_kind,
	  .doc = "What it is; a reminder is drafted by itself when an agreement is broken" },
	WRITTEN_FIELDS,
	{ "recipients", RECIPIENTS, .doc = "To whom; when left out, the contacts with parental responsibility" },
	{ "by", .type = FIELD_INT, .min = 1, .doc = "Id of who of the staff writes it" },
	{ "agreement", .type = FIELD_INT, .min = 1, .doc = "Id of the agreement that it is about" },
	{ "visit", .type = FIELD_INT, .min = 1, .doc = "Id of the visit that it is about; required for a visit letter" },
	{ 0 }
};

static const struct field change_fields[] = {
	ID_IN_PATH("letter", "Id of the letter"),
	WRITTEN_FIELDS,
	{ "recipients", RECIPIENTS, .required = true, .doc = "To whom" },
	{ "by", .type = FIELD_INT, .min = 1, .doc = "Id of who of the staff writes it" },
	{ 0 }
};

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	PUPIL_FILTER,
	{ "kind", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_letter_kind, .doc = "Only of this kind" },
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_letter_state, .doc = "Only in this state" },
	UPDATED_AFTER_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = { ID_IN_PATH("letter", "Id of the letter"), { 0 } };

static const struct field send_fields[] = {
	ID_IN_PATH("letter", "Id of the letter"),
	BY_STAFF("signs and sends it"),
	{ "sent_by", .type = FIELD_CHOICE, .required = true, .choices = choices_letter_way, .doc = "How it is sent" },
	{ "sent_on", .type = FIELD_DATE, .doc = "When; today when left out" },
	{ 0 }
};

static const struct field withdraw_fields[] = {
	ID_IN_PATH("letter", "Id of the letter"),
	BY_STAFF("puts it away"),
	LONG_TEXT("reason", "Why"),
	{ 0 }
};

static const struct field figures_fields[] = {
	{ "from", .type = FIELD_DATE, .required = true, .doc = "First day" },
	{ "to", .type = FIELD_DATE, .required = true, .doc = "Last day" },
	FIGURE_FIELDS,
	{ 0 }
};

static const struct field letter[] = {
	ANSWER_ABOUT_PUPIL,
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_letter_kind, .doc = "What it is" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_letter_state, .doc = "How far it has come" },
	{ "agreement", .type = FIELD_INT, .doc = "The agreement that it is about" },
	{ "visit", .type = FIELD_INT, .doc = "The visit that it is about" },
	{ "recipients", RECIPIENTS, .shape = SHAPE_NESTED, .required = true, .doc = "To whom" },
	{ "recipients_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "To whom" },
	WRITTEN_FIELDS,
	{ "figures", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .required = true, .fields = figures_fields,
	  .doc = "The figures at the time" },
	{ "percentage", .type = FIELD_DECIMAL, .shape = SHAPE_FLAT, .max = 100, .doc = "Attendance at the time" },
	{ "by", .type = FIELD_INT, .doc = "Who of the staff wrote, sent or withdrew it" },
	{ "sent_on", .type = FIELD_DATE, .doc = "When it was sent" },
	{ "sent_by", .type = FIELD_CHOICE, .choices = choices_letter_way, .doc = "How it was sent" },
	{ "sha256", .type = FIELD_TEXT, .doc = "SHA-256 of the page as it was sent" },
	{ "withdrawn_at", .type = FIELD_TIME, .doc = "When the draft was put away" },
	LONG_TEXT_IF_ANY("withdrawn_why", "Why"),
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy behind it" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	{ "clause", .type = FIELD_TEXT, .doc = "The clause behind it" },
	RECORD_FIELDS,
	{ 0 }
};

/* What is kept is the page itself. */
static const struct field no_columns[] = { { 0 } };

static const int step_statuses[] = { 404, 409, 422, 0 };
static const int change_statuses[] = { 404, 409, 412, 422, 428, 0 };

#define LETTER "/api/v1/letters/{letter}"

const struct route letter_routes[] = {
	{ .method = "GET", .path = "/api/v1/letters", .summary = "List the letters to families",
	  .scope = "agreements:read", .fields = list_fields, .answer = letter, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/letters", .summary = "Draft a letter",
	  .scope = "agreements:write", .fields = add_fields, .answer = letter, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_add", .status = 201, .location = "/api/v1/letters/%s" },
	{ .method = "GET", .path = LETTER, .summary = "Read a letter",
	  .scope = "agreements:read", .fields = read_fields, .answer = letter, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_read", .sensitive = true },
	{ .method = "PATCH", .path = LETTER, .summary = "Change a letter that was not sent yet",
	  .scope = "agreements:write", .fields = change_fields, .answer = letter, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ .method = "POST", .path = LETTER "/sent", .summary = "Send a letter: it is kept as it is from then on",
	  .scope = "agreements:write", .fields = send_fields, .answer = letter, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_send", .page = "letter", .page_function = "api.letter_send_page",
	  	.statuses = step_statuses },
	{ .method = "POST", .path = LETTER "/withdrawn", .summary = "Put away a letter that was not sent",
	  .scope = "agreements:write", .fields = withdraw_fields, .answer = letter, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_withdraw", .statuses = step_statuses },
	{ .method = "GET", .path = LETTER "/page", .summary = "Print a letter: of one that was sent, the page as it was sent",
	  .scope = "agreements:read", .fields = read_fields, .answer = no_columns, .noun = "letter", .nouns = "letters",
	  .function = "api.letter_page", .shape = DOCUMENT, .page = "letter", .sensitive = true },
	{ 0 }
};
