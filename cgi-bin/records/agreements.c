#include "records/agreements.h"

static const char *const choices_settled[] = { "kept", "broken", NULL };

static const struct field code = { "code", .type = FIELD_TEXT, .min = 1, .max = 2, .doc = "An attendance code" };

/* A promise, as it is made and as it is shown. */
#define PROMISE_FIELDS                                                                                        \
	{ "side", .type = FIELD_CHOICE, .required = true, .choices = choices_promise_side, .doc = "Who promises" }, \
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_promise_kind,                    \
	  .doc = "How it is measured: no_marks (codes, days), attendance (percent, until_on), in_on_time (days, " \
		 "of_days), or text: in words (due_on, owner or owner_name); the school promises in words" }, \
	{ "codes", .type = FIELD_LIST, .min = 1, .max = 20, .item = &code,                                    \
	  .doc = "no_marks: the codes that are not to come: of absence, or L" },                              \
	{ "days", .type = FIELD_INT, .min = 1, .max = 200,                                                    \
	  .doc = "no_marks: for so many school days; in_on_time: on so many days" },                          \
	{ "of_days", .type = FIELD_INT, .min = 1, .max = 200, .doc = "in_on_time: of so many school days" },  \
	{ "percent", .type = FIELD_INT, .min = 1, .max = 100, .doc = "attendance: at least so many percent" }, \
	{ "until_on", .type = FIELD_DATE, .doc = "attendance: to the end of this day" },                      \
	{ "due_on", .type = FIELD_DATE, .doc = "text: by when" },                                             \
	{ "owner", .type = FIELD_INT, .min = 1, .doc = "text: id of who of the staff sees to it" },           \
	{ "owner_name", .type = FIELD_TEXT, .min = 1, .max = 200, .doc = "text: who else sees to it" }

static const struct field made_promise_fields[] = {
	PROMISE_FIELDS,
	{ "words", .type = FIELD_TEXT, .lines = true, .min = 1, .max = 1000,
	  .doc = "The promise in words; of a measured one they are made when left out" },
	{ 0 }
};
static const struct field made_promise = { "promise", .type = FIELD_OBJECT, .fields = made_promise_fields,
	.doc = "A promise" };

static const struct field promise_fields[] = {
	{ "number", .type = FIELD_INT, .required = true, .doc = "Its number in the agreement, from 1" },
	PROMISE_FIELDS,
	{ "words", .type = FIELD_TEXT, .required = true, .lines = true, .doc = "The promise in words" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_promise_state,
	  .doc = "How it stands; unresolved: nothing is decided while a reason is not established (N)" },
	{ "decided_on", .type = FIELD_DATE, .doc = "The day that decided it" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What a person said when settling it" },
	{ "settled_by", .type = FIELD_INT, .doc = "Id of who of the staff settled it; null when the register did" },
	{ 0 }
};
static const struct field promise = { "promise", .type = FIELD_OBJECT, .fields = promise_fields, .doc = "A promise" };

/* What may be said anew. */
#define CHANGING_FIELDS                                                                                       \
	LONG_TEXT_IF_ANY("barriers", "What keeps the pupil from school"),                                     \
	LONG_TEXT_IF_ANY("support", "The support that was agreed on"),                                        \
	{ "kept_in", .type = FIELD_CHOICE, .required = true, .choices = choices_record_place,                 \
	  .doc = "Where the school keeps it" },                                                               \
	SHORT_TEXT_IF_ANY("reference", "Its number there"),                                                   \
	{ "review_on", .type = FIELD_DATE, .required = true, .doc = "When it is to be reviewed" }

static const struct field add_fields[] = {
	SCHOOL_IN_BODY("Which school makes it"),
	{ "pupil", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of the pupil" },
	{ "visit", .type = FIELD_INT, .min = 1, .doc = "Id of the visit at which it was made; left out when elsewhere" },
	{ "made_on", .type = FIELD_DATE, .required = true, .doc = "When it was made" },
	SHORT_TEXT_IF_ANY("place", "Where it was made, when not at a visit"),
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who of the staff made it" },
	{ "made_with", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "With whom of the family" },
	CHANGING_FIELDS,
	{ "from_on", .type = FIELD_DATE,
		.doc = "First day on which the promises count; the day after it was made when left out" },
	{ "renews", .type = FIELD_INT, .min = 1, .doc = "Id of the agreement whose place it takes" },
	{ "promises", .type = FIELD_LIST, .required = true, .min = 2, .max = 20, .item = &made_promise,
	  .doc = "What the family and what the school promises, at least one each" },
	{ 0 }
};

static const struct field change_fields[] = {
	ID_IN_PATH("agreement", "Id of the agreement"),
	CHANGING_FIELDS,
	{ "ended_on", .type = FIELD_DATE, .doc = "When it was ended; with end_reason and ended_by" },
	LONG_TEXT_IF_ANY("end_reason", "Why it was ended"),
	{ "ended_by", .type = FIELD_INT, .min = 1, .doc = "Id of who of the staff ended it" },
	{ 0 }
};

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	PUPIL_FILTER,
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_agreement_state, .doc = "Only in this state" },
	{ "review_due", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "Only those whose review is due, or is not" },
	UPDATED_AFTER_FILTER,
	AS_OF_FIELD,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = { ID_IN_PATH("agreement", "Id of the agreement"), AS_OF_FIELD, { 0 } };
static const struct field part_fields[] = { ID_IN_PATH("agreement", "Id of the agreement"), AS_OF_FIELD,
	LIST_PAGE_FIELDS, { 0 } };

static const struct field role = { "role", .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "A role" };
static const struct field next_step_fields[] = {
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that asks for it" },
	{ "words", .type = FIELD_TEXT, .required = true, .doc = "What is to be done" },
	{ "due_at", .type = FIELD_TIME, .required = true, .doc = "By when" },
	{ "roles", .type = FIELD_LIST, .required = true, .item = &role, .doc = "Whose it is" },
	{ 0 }
};

static const struct field agreement[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Which school made it" },
	{ "pupil", .type = FIELD_INT, .required = true, .doc = "The pupil" },
	{ "visit", .type = FIELD_INT, .doc = "The visit at which it was made" },
	{ "made_on", .type = FIELD_DATE, .required = true, .doc = "When it was made" },
	{ "place", .type = FIELD_TEXT, .doc = "Where it was made, when not at a visit" },
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who of the staff made it" },
	{ "made_with", .type = FIELD_TEXT, .required = true, .doc = "With whom of the family" },
	CHANGING_FIELDS,
	{ "from_on", .type = FIELD_DATE, .required = true, .doc = "First day on which the promises count" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_agreement_state, .doc = "How it stands" },
	{ "broken_on", .type = FIELD_DATE, .doc = "When it was broken" },
	{ "kept_on", .type = FIELD_DATE, .doc = "When all of it was kept" },
	{ "tested_to", .type = FIELD_DATE, .doc = "The last day that its promises were tested to" },
	{ "round", .type = FIELD_INT, .doc = "Of testing: 1 as agreed, 2 since the reminder, 3 since the follow-up visit" },
	{ "review_due", .type = FIELD_BOOL, .required = true, .doc = "Whether its review is due" },
	{ "promises", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &promise, .doc = "Its promises" },
	{ "promises_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .lines = true, .doc = "Its promises and how they stand" },
	{ "next_step", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = next_step_fields,
		.doc = "What its policy asks for next" },
	{ "next_step_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "What its policy asks for next" },
	{ "renews", .type = FIELD_INT, .doc = "The agreement whose place it takes" },
	{ "renewed_by", .type = FIELD_INT, .doc = "The agreement that took its place" },
	{ "ended_on", .type = FIELD_DATE, .doc = "When it was ended" },
	LONG_TEXT_IF_ANY("end_reason", "Why it was ended"),
	{ "ended_by", .type = FIELD_INT, .doc = "Who of the staff ended it" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy that it is under" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	RECORD_FIELDS,
	{ 0 }
};

static const struct field settle_fields[] = {
	ID_IN_PATH("agreement", "Id of the agreement"),
	{ "promise", .type = FIELD_INT, .required = true, .min = 1, .max = 20, .doc = "Number of the promise, one in words" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_settled, .doc = "Whether it was kept" },
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who of the staff says so" },
	{ "on", .type = FIELD_DATE, .doc = "When it was kept or broken; today when left out" },
	LONG_TEXT_IF_ANY("note", "What there is to say of it"),
	{ 0 }
};

static const struct field test_fields[] = {
	ID_IN_PATH("agreement", "Id of the agreement"),
	{ "as_of", .type = FIELD_DATE, .doc = "Last day of the register to look at, before today; yesterday when left out" },
	{ 0 }
};

static const struct field test[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "agreement", .type = FIELD_INT, .required = true, .doc = "The agreement" },
	{ "promise", .type = FIELD_INT, .required = true, .doc = "Number of the promise" },
	{ "words", .type = FIELD_TEXT, .required = true, .lines = true, .doc = "The promise in words" },
	{ "round", .type = FIELD_INT, .required = true,
		.doc = "1 as agreed, 2 since the reminder, 3 since the follow-up visit" },
	{ "first_day", .type = FIELD_DATE, .required = true, .doc = "First day that was looked at" },
	{ "last_day", .type = FIELD_DATE, .required = true, .doc = "Last day that was looked at" },
	{ "verdict", .type = FIELD_CHOICE, .required = true, .choices = choices_promise_state, .doc = "What was found" },
	{ "decided_on", .type = FIELD_DATE, .doc = "The day that decided it" },
	{ "reason", .type = FIELD_TEXT, .required = true, .doc = "The same in words" },
	{ "possible", .type = FIELD_INT, .required = true, .doc = "Sessions that were a possible attendance" },
	{ "attended", .type = FIELD_INT, .required = true, .doc = "Of these: attended" },
	{ "counted", .type = FIELD_INT, .required = true,
		.doc = "School days that count to the promise; of attendance, sessions" },
	{ "against", .type = FIELD_INT, .required = true, .doc = "What counts against the family" },
	{ "unresolved", .type = FIELD_INT, .required = true, .doc = "Sessions whose reason is not established (N)" },
	{ "gaps", .type = FIELD_INT, .required = true, .doc = "Sessions without a mark; they count against nobody" },
	{ "marks", .type = FIELD_TEXT, .required = true, .max = 100000,
	  .doc = "The marks that it stood on: each day with its morning and afternoon; - none taken, . not held" },
	{ "tested_at", .type = FIELD_TIME, .required = true, .doc = "When it was tested" },
	{ 0 }
};

static const struct field duty[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "agreement", .type = FIELD_INT, .required = true, .doc = "The agreement" },
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that asks for it" },
	{ "strength", .type = FIELD_CHOICE, .required = true, .choices = choices_clause_strength, .doc = "How binding it is" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_duty_state, .doc = "How it stands" },
	{ "words", .type = FIELD_TEXT, .required = true, .lines = true, .doc = "What the clause asks for" },
	{ "missing", .type = FIELD_TEXT, .required = true, .doc = "What is to be done" },
	{ "kind", .type = FIELD_TEXT, .required = true, .doc = "Kind of the clause" },
	{ "place", .type = FIELD_TEXT, .required = true, .doc = "Where the policy says so" },
	{ "policy", .type = FIELD_TEXT, .required = true, .doc = "Code of the policy" },
	{ "policy_version", .type = FIELD_TEXT, .required = true, .doc = "Version of the policy" },
	{ "due_at", .type = FIELD_TIME, .doc = "By when; null: not asked for, or no clock runs" },
	{ "met_at", .type = FIELD_TIME, .doc = "When it was met" },
	{ "evidence", .type = FIELD_TEXT, .doc = "What met it" },
	{ "roles", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &role, .doc = "Whose it is" },
	{ "roles_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Whose it is" },
	{ "waived_at", .type = FIELD_TIME, .doc = "When it was waived" },
	{ "waived_by", .type = FIELD_INT, .doc = "Member of staff who waived it" },
	{ "waive_reason", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "Why it was waived" },
	{ "postponed_to", .type = FIELD_DATE, .doc = "To which day it was put off" },
	{ "postponed_by", .type = FIELD_INT, .doc = "Member of staff who put it off" },
	{ "postpone_reason", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "Why it was put off" },
	{ 0 }
};

#define STEP_FIELDS                                                                                           \
	ID_IN_PATH("agreement", "Id of the agreement"),                                                       \
	{ "clause", .type = FIELD_TEXT, .required = true, .max = 60, .doc = "The clause that asks for the step" }, \
	{ "by", .type = FIELD_INT, .required = true, .min = 1,                                                \
	  .doc = "Id of who of the staff decides: who leads the school, or is its attendance officer" },      \
	LONG_TEXT("reason", "Why")

static const struct field waive_fields[] = { STEP_FIELDS, { 0 } };
static const struct field postpone_fields[] = {
	STEP_FIELDS,
	{ "until_on", .type = FIELD_DATE, .required = true, .doc = "To the end of which day" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int step_statuses[] = { 404, 409, 422, 0 };
static const int change_statuses[] = { 404, 409, 412, 422, 428, 0 };

#define AGREEMENT "/api/v1/agreements/{agreement}"

const struct route agreement_routes[] = {
	{ .method = "GET", .path = "/api/v1/agreements", .summary = "List the agreements with families",
	  .scope = "agreements:read", .fields = list_fields, .answer = agreement, .noun = "agreement", .nouns = "agreements",
	  .function = "api.agreement_list", .past = "past.agreement_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/agreements", .summary = "Record an agreement, or renew one",
	  .scope = "agreements:write", .fields = add_fields, .answer = agreement, .noun = "agreement", .nouns = "agreements",
	  .function = "api.agreement_add", .status = 201, .location = "/api/v1/agreements/%s" },
	{ .method = "GET", .path = AGREEMENT, .summary = "Read an agreement",
	  .scope = "agreements:read", .fields = read_fields, .answer = agreement, .noun = "agreement", .nouns = "agreements",
	  .function = "api.agreement_read", .past = "past.agreement_read", .sensitive = true },
	{ .method = "PATCH", .path = AGREEMENT, .summary = "Change an agreement, or end it",
	  .scope = "agreements:write", .fields = change_fields, .answer = agreement, .noun = "agreement",
	  	.nouns = "agreements",
	  .function = "api.agreement_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ .method = "POST", .path = AGREEMENT "/outcomes", .summary = "Say whether a promise in words was kept",
	  .scope = "agreements:write", .fields = settle_fields, .answer = agreement, .noun = "agreement",
	  	.nouns = "agreements",
	  .function = "api.promise_settle", .statuses = step_statuses },
	{ .method = "GET", .path = AGREEMENT "/tests",
		.summary = "List the tests of an agreement, with the marks that they stood on",
	  .scope = "agreements:read", .fields = part_fields, .answer = test, .noun = "promise_test", .nouns = "promise_tests",
	  .function = "api.promise_test_list", .past = "past.promise_test_list",
	  .shape = MANY_ROWS, .sensitive = true, .statuses = list_statuses },
	{ .method = "POST", .path = AGREEMENT "/tests", .summary = "Test the promises of an agreement now",
	  .scope = "agreements:write", .fields = test_fields, .answer = agreement, .noun = "agreement", .nouns = "agreements",
	  .function = "api.agreement_test", .statuses = step_statuses },
	{ .method = "GET", .path = AGREEMENT "/duties", .summary = "List the steps that its policy asks of an agreement",
	  .scope = "agreements:read", .fields = part_fields, .answer = duty, .noun = "step", .nouns = "steps",
	  .function = "api.agreement_duty_list", .past = "past.agreement_duty_list",
	  .shape = MANY_ROWS, .sensitive = true, .statuses = list_statuses },
	{ .method = "POST", .path = AGREEMENT "/waivers", .summary = "Waive a step of an agreement, with a reason",
	  .scope = "agreements:write", .fields = waive_fields, .answer = duty, .noun = "step", .nouns = "steps",
	  .function = "api.agreement_waive", .status = 201, .statuses = step_statuses },
	{ .method = "POST", .path = AGREEMENT "/postponements", .summary = "Put a step of an agreement off, with a reason",
	  .scope = "agreements:write", .fields = postpone_fields, .answer = duty, .noun = "step", .nouns = "steps",
	  .function = "api.agreement_postpone", .status = 201, .statuses = step_statuses },
	{ 0 }
};
