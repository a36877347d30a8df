#include "records/agreements.h"

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	PUPIL_FILTER,
	UPDATED_AFTER_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};
static const struct field read_fields[] = { ID_IN_PATH("notice", "Id of the notice"), { 0 } };

static const struct field add_penalty_fields[] = {
	ABOUT_PUPIL("asks for it"),
	{ "contact", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of the parent, a contact of the pupil" },
	{ "issued_on", .type = FIELD_DATE, .doc = "When it was issued; today when left out" },
	BY_STAFF("asked for it"),
	SHORT_TEXT_IF_ANY("reference", "Its number at the authority"),
	{ 0 }
};

#define PENALTY_CHANGES                                                                                       \
	SHORT_TEXT_IF_ANY("reference", "Its number at the authority"),                                        \
	{ "paid_on", .type = FIELD_DATE, .doc = "When it was paid" },                                         \
	{ "withdrawn_on", .type = FIELD_DATE, .doc = "When it was withdrawn; with withdrawn_why" },           \
	LONG_TEXT_IF_ANY("withdrawn_why", "Why it was withdrawn")

static const struct field change_penalty_fields[] = { ID_IN_PATH("notice", "Id of the notice"), PENALTY_CHANGES,
	{ 0 } };

static const struct field penalty[] = {
	ANSWER_ABOUT_PUPIL,
	{ "contact", .type = FIELD_INT, .required = true, .doc = "The parent" },
	{ "issued_on", .type = FIELD_DATE, .required = true, .doc = "When it was issued" },
	{ "number", .type = FIELD_INT, .required = true,
	  .doc = "The how manieth to this parent for this child of the three years that run from the first" },
	{ "first_week", .type = FIELD_DATE, .required = true, .doc = "Monday of the first of the ten school weeks" },
	{ "last_week", .type = FIELD_DATE, .required = true, .doc = "Monday of the last" },
	{ "sessions", .type = FIELD_INT, .required = true, .doc = "Unauthorised sessions in them" },
	{ "unresolved", .type = FIELD_INT, .required = true, .doc = "Of these: reason not yet established (N)" },
	{ "amount", .type = FIELD_INT, .required = true, .doc = "What is to be paid, in pounds" },
	{ "reduced", .type = FIELD_INT, .doc = "What is to be paid if it is paid by reduced_by, in pounds" },
	{ "pay_by", .type = FIELD_DATE, .required = true, .doc = "Last day to pay" },
	{ "reduced_by", .type = FIELD_DATE, .doc = "Last day to pay the reduced sum" },
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who of the staff asked for it" },
	PENALTY_CHANGES,
	RECORD_FIELDS,
	{ 0 }
};

#define IMPROVEMENT_FIELDS                                                                                    \
	{ "issued_on", .type = FIELD_DATE, .required = true, .doc = "When it was issued" },                   \
	{ "ends_on", .type = FIELD_DATE, .required = true, .doc = "When its time is over: three to six weeks later" }, \
	LONG_TEXT("record", "The attendance record that it names"),                                           \
	LONG_TEXT("support", "The support given so far"),                                                     \
	LONG_TEXT("further_support", "The support to come"),                                                  \
	LONG_TEXT("improvement", "What sufficient improvement is")

#define IMPROVEMENT_CHANGES                                                                                   \
	{ "letter", .type = FIELD_INT, .min = 1, .doc = "Id of the letter by which it was given" },           \
	{ "result", .type = FIELD_CHOICE, .choices = choices_improvement_result, .doc = "What came of it; with result_on" }, \
	{ "result_on", .type = FIELD_DATE, .doc = "When that was found" },                                    \
	LONG_TEXT_IF_ANY("result_note", "What there is to say of it")

static const struct field add_improvement_fields[] = {
	ABOUT_PUPIL("issues it"),
	IMPROVEMENT_FIELDS,
	{ "letter", .type = FIELD_INT, .min = 1, .doc = "Id of the letter by which it is given" },
	BY_STAFF("issues it"),
	{ 0 }
};
static const struct field change_improvement_fields[] = {
	ID_IN_PATH("notice", "Id of the notice"), IMPROVEMENT_CHANGES, { 0 }
};
static const struct field improvement[] = {
	ANSWER_ABOUT_PUPIL,
	IMPROVEMENT_FIELDS,
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who of the staff issued it" },
	IMPROVEMENT_CHANGES,
	RECORD_FIELDS,
	{ 0 }
};

static const int change_statuses[] = { 404, 412, 422, 428, 0 };
static const int penalty_statuses[] = { 409, 422, 0 };

#define PENALTY .answer = penalty, .noun = "penalty_notice", .nouns = "penalty_notices"
#define IMPROVEMENT .answer = improvement, .noun = "improvement_notice", .nouns = "improvement_notices"

const struct route notice_routes[] = {
	{ .method = "GET", .path = "/api/v1/penalty-notices", .summary = "List the penalty notices",
	  .scope = "referrals:read", .fields = list_fields, PENALTY,
	  .function = "api.penalty_notice_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/penalty-notices",
	  .summary = "Record a penalty notice, where the national framework allows one",
	  .scope = "referrals:write", .fields = add_penalty_fields, PENALTY, .function = "api.penalty_notice_add",
	  	.status = 201,
	  .location = "/api/v1/penalty-notices/%s", .statuses = penalty_statuses },
	{ .method = "GET", .path = "/api/v1/penalty-notices/{notice}", .summary = "Read a penalty notice",
	  .scope = "referrals:read", .fields = read_fields, PENALTY, .function = "api.penalty_notice_read",
	  	.sensitive = true },
	{ .method = "PATCH", .path = "/api/v1/penalty-notices/{notice}",
		.summary = "Say that a penalty notice was paid or withdrawn",
	  .scope = "referrals:write", .fields = change_penalty_fields, PENALTY, .function = "api.penalty_notice_change",
	  .body = BODY_PATCH, .statuses = change_statuses },
	{ .method = "GET", .path = "/api/v1/notices-to-improve", .summary = "List the Notices to Improve",
	  .scope = "referrals:read", .fields = list_fields, IMPROVEMENT,
	  .function = "api.improvement_notice_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/notices-to-improve", .summary = "Record a Notice to Improve",
	  .scope = "referrals:write", .fields = add_improvement_fields, IMPROVEMENT, .function = "api.improvement_notice_add",
	  .status = 201, .location = "/api/v1/notices-to-improve/%s" },
	{ .method = "GET", .path = "/api/v1/notices-to-improve/{notice}", .summary = "Read a Notice to Improve",
	  .scope = "referrals:read", .fields = read_fields, IMPROVEMENT, .function = "api.improvement_notice_read",
	  .sensitive = true },
	{ .method = "PATCH", .path = "/api/v1/notices-to-improve/{notice}", .summary = "Say what came of a Notice to Improve",
	  .scope = "referrals:write", .fields = change_improvement_fields, IMPROVEMENT,
	  .function = "api.improvement_notice_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ 0 }
};
