#include "records/resources.h"

static const struct field list_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_duty_state, .doc = "Only in this state" },
	{ "strength", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_clause_strength, .doc = "Only of this strength" },
	AS_OF_FIELD,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field waive_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "clause", .type = FIELD_TEXT, .required = true, .min = 1, .max = 60, .doc = "The clause" },
	{ "part", .type = FIELD_TEXT, .max = 60, .doc = "Which of its duties, where it puts several" },
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Member of staff who waives it: who may approve the visit" },
	{ "reason", .type = FIELD_TEXT, .required = true, .min = 1, .lines = true, .doc = "Why" },
	{ "at", .type = FIELD_TIME, .doc = "When; now when left out" },
	{ 0 }
};

static const struct field word_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "word", .type = FIELD_TEXT, .required = true, .min = 3, .max = 100, .doc = "The word, or up to five: kept only as a salted hash" },
	{ 0 }
};

static const struct field role = { "role", .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "A role" };

static const struct field duty[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that puts it" },
	{ "part", .type = FIELD_TEXT, .doc = "Which of several that the clause puts" },
	{ "strength", .type = FIELD_CHOICE, .required = true, .choices = choices_clause_strength, .doc = "How binding it is" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_duty_state, .doc = "How it stands now" },
	{ "words", .type = FIELD_TEXT, .required = true, .doc = "What the clause asks for" },
	{ "missing", .type = FIELD_TEXT, .required = true, .doc = "What is to be done" },
	{ "kind", .type = FIELD_TEXT, .required = true, .doc = "Kind of the clause" },
	{ "place", .type = FIELD_TEXT, .required = true, .doc = "Where the policy says so" },
	{ "policy", .type = FIELD_TEXT, .required = true, .doc = "Code of the policy" },
	{ "policy_version", .type = FIELD_TEXT, .required = true, .doc = "Version of the policy" },
	{ "gate", .type = FIELD_CHOICE, .choices = choices_duty_gate, .doc = "The step that it stands before, where its strength is must" },
	{ "due_at", .type = FIELD_TIME, .doc = "By when; null: no clock runs" },
	{ "met_at", .type = FIELD_TIME, .doc = "When it was met" },
	{ "met_by", .type = FIELD_INT, .doc = "Member of staff who met it, where somebody is named" },
	{ "met_late", .type = FIELD_BOOL, .required = true, .doc = "Whether that was later than it was due" },
	{ "evidence", .type = FIELD_TEXT, .lines = true, .doc = "What met it" },
	{ "broken_at", .type = FIELD_TIME, .doc = "When something was done that it forbids" },
	{ "roles", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &role, .doc = "Whose it is; empty: of the team" },
	{ "roles_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Whose it is" },
	{ "waived_at", .type = FIELD_TIME, .doc = "When it was waived" },
	{ "waived_by", .type = FIELD_INT, .doc = "Member of staff who waived it" },
	{ "waive_reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it was waived" },
	{ "breached_at", .type = FIELD_TIME, .doc = "When the visit went on though it was unmet" },
	{ "breach_reason", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "Why it went on" },
	{ "emergency", .type = FIELD_BOOL, .doc = "Whether it could not wait" },
	{ 0 }
};

static const struct field code_word[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "code_word", .type = FIELD_BOOL, .required = true, .doc = "That one is set" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 409, 422, 0 };

const struct route duty_routes[] = {
	{ .method = "GET", .path = "/api/v1/visits/{visit}/duties", .summary = "List what its policy asks of a visit",
	  .scope = "visits:read", .fields = list_fields, .answer = duty, .noun = "duty", .nouns = "duties",
	  .function = "api.duty_list", .past = "past.duty_list", .shape = MANY_ROWS, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/waivers", .summary = "Waive a duty of a visit, with a reason",
	  .scope = "approvals:write", .fields = waive_fields, .answer = duty, .noun = "duty", .nouns = "duties",
	  .function = "api.duty_waive", .status = 201, .statuses = add_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/code-word", .summary = "Set the code word of a visit",
	  .scope = "visits:write", .fields = word_fields, .answer = code_word, .noun = "code_word", .nouns = "code_words",
	  .function = "api.code_word_set", .statuses = add_statuses },
	{ 0 }
};
