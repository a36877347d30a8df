#include "records/aftermath.h"

#define PUPIL_FIELD \
	{ "pupil", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of the child, a pupil of the school" }

#define CONCERN_FIELDS                                                                                       \
	PUPIL_FIELD,                                                                                         \
	LONG_TEXT("text", "What it is"),                                                                     \
	{ "serious", .type = FIELD_BOOL, .required = true,                                                   \
	  .doc = "Whether the child was in immediate danger or left alone" },                                \
	TOLD_FIELDS,                                                                                         \
	{ "police_at", .type = FIELD_TIME, .doc = "When the police or an agency was called" }

#define REFERRAL_FIELDS                                                                                      \
	PUPIL_FIELD,                                                                                         \
	{ "agency", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "To which agency" },            \
	LONG_TEXT("text", "Why"),                                                                            \
	SHORT_TEXT_IF_ANY("reference", "Its number there")

static const struct field add_concern_fields[] = { ADD_HEAD("noticed it"), CONCERN_FIELDS, { 0 } };
static const struct field add_referral_fields[] = { ADD_HEAD("made it"), REFERRAL_FIELDS, { 0 } };

static const struct field concern[] = { ANSWER_HEAD("noticed it"), CONCERN_FIELDS, ANSWER_END, { 0 } };
static const struct field referral[] = { ANSWER_HEAD("made it"), REFERRAL_FIELDS, ANSWER_END, { 0 } };

static const struct field visit_fields[] = { VISIT_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field trust_fields[] = {
	SCHOOL_FILTER,
	{ "pupil", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only about the pupil with this id" },
	RECORDED_AFTER_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const int visit_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 422, 0 };

const struct route concern_routes[] = {
	{ .method = "GET", .path = "/api/v1/concerns", .summary = "List the safeguarding concerns that visits gave",
	  .scope = "concerns:read", .fields = trust_fields, .answer = concern, .noun = "concern", .nouns = "concerns",
	  .function = "api.concern_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/concerns",
	  .summary = "List the safeguarding concerns that a visit gave",
	  .scope = "concerns:read", .fields = visit_fields, .answer = concern, .noun = "concern", .nouns = "concerns",
	  .function = "api.visit_concern_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/concerns",
	  .summary = "Record a safeguarding concern that a visit gave",
	  .scope = "concerns:write", .fields = add_concern_fields, .answer = concern, .noun = "concern", .nouns = "concerns",
	  .function = "api.concern_add", .status = 201, .statuses = add_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/referrals",
	  .summary = "List the referrals to agencies after a visit",
	  .scope = "concerns:read", .fields = visit_fields, .answer = referral,
	  .noun = "external-referral", .nouns = "external-referrals",
	  .function = "api.external_referral_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/referrals",
	  .summary = "Record a referral to an agency after a visit",
	  .scope = "concerns:write", .fields = add_referral_fields, .answer = referral,
	  .noun = "external-referral", .nouns = "external-referrals",
	  .function = "api.external_referral_add", .status = 201, .statuses = add_statuses },
	{ 0 }
};
