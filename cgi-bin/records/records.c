#include "records/aftermath.h"

static const struct field clause = { "clause", .type = FIELD_TEXT, .min = 1, .max = 60, .doc = "Name of a clause" };

#define KEPT_FIELD .type = FIELD_LIST, .max = 200, .item = &clause, \
	.doc = "The clauses of the visit's policy that the writer confirms to have kept"

#define WRITTEN_FIELDS                                                                                       \
	{ "outcome", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_outcome,               \
	  .doc = "What came of the visit" },                                                                 \
	LONG_TEXT("notes", "What was seen and said: factual"),                                               \
	LONG_TEXT_IF_ANY("family_views", "What the family said itself"),                                     \
	LONG_TEXT_IF_ANY("barriers", "What keeps the pupil from school, as it was learnt"),                  \
	LONG_TEXT_IF_ANY("support", "The support that was offered"),                                         \
	SHORT_TEXT_IF_ANY("spoke_to", "With which adults the team spoke"),                                   \
	{ "pupil_seen", .type = FIELD_BOOL,                                                                  \
	  .doc = "Whether the pupil was seen and spoken with; left out when it did not matter" },            \
	{ "kept_in", .type = FIELD_CHOICE, .required = true, .choices = choices_record_place,                \
	  .doc = "Where the school keeps it" },                                                              \
	SHORT_TEXT_IF_ANY("reference", "Its number there"),                                                  \
	SHORT_TEXT_IF_ANY("shared_with", "With whom it was shared"),                                         \
	{ "next_visit_on", .type = FIELD_DATE, .doc = "When to visit again" }

static const struct field add_fields[] = {
	ADD_HEAD("wrote it"),
	WRITTEN_FIELDS,
	{ "kept", KEPT_FIELD },
	{ 0 }
};

static const struct field record[] = {
	ANSWER_HEAD("wrote it"),
	WRITTEN_FIELDS,
	{ "kept", KEPT_FIELD, .shape = SHAPE_NESTED, .required = true },
	{ "kept_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The same in words" },
	ANSWER_END,
	{ 0 }
};

static const struct field visit_fields[] = { VISIT_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field trust_fields[] = { SCHOOL_FILTER, RECORDED_AFTER_FILTER, LIST_PAGE_FIELDS, { 0 } };

static const int visit_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 409, 422, 0 };

const struct route record_routes[] = {
	{ .method = "GET", .path = "/api/v1/records", .summary = "List the written records of all visits",
	  .scope = "records:read", .fields = trust_fields, .answer = record, .noun = "record", .nouns = "records",
	  .function = "api.record_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/records", .summary = "List the written records of a visit",
	  .scope = "records:read", .fields = visit_fields, .answer = record, .noun = "record", .nouns = "records",
	  .function = "api.visit_record_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/records",
	  .summary = "Write the record of a visit, or a further one that corrects it",
	  .scope = "records:write", .fields = add_fields, .answer = record, .noun = "record", .nouns = "records",
	  .function = "api.record_add", .status = 201, .statuses = add_statuses },
	{ 0 }
};
