#include "records/aftermath.h"

static const struct field hazard_fields[] = {
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_hazard_kind, .doc = "Its kind" },
	{ "hazard", .type = FIELD_TEXT, .lines = true, .min = 1, .doc = "What it is; required of the kind other" },
	{ "who", .type = FIELD_TEXT, .lines = true, .min = 1, .doc = "Who might be harmed" },
	{ "how", .type = FIELD_TEXT, .lines = true, .min = 1, .doc = "How they might be harmed" },
	{ "level", .type = FIELD_CHOICE, .required = true, .choices = choices_risk_level, .doc = "How great the risk is" },
	{ "reduction", .type = FIELD_TEXT, .lines = true, .min = 1, .doc = "What is done to reduce it" },
	{ "success", .type = FIELD_TEXT, .lines = true, .min = 1, .doc = "How one knows that this is successful" },
	{ 0 }
};

static const struct field hazard = { "hazard", .type = FIELD_OBJECT, .fields = hazard_fields,
				     .doc = "A row of the form" };

/* What is found; of a visit or of all. */
#define FOUND_FIELDS                                                                                         \
	{ "level", .type = FIELD_CHOICE, .required = true, .choices = choices_risk_level,                    \
	  .doc = "How great the risk is with the measures taken" },                                          \
	{ "staff_needed", .type = FIELD_INT, .min = 1, .max = 20, .doc = "How many people it asks for; 1 when left out" }, \
	{ "proceed", .type = FIELD_BOOL, .required = true, .doc = "Whether it finds the visit safe to make" }, \
	LONG_TEXT_IF_ANY("notes", "What else was found"),                                                    \
	{ "review_on", .type = FIELD_DATE, .doc = "When it is to be looked at again" },                      \
	{ "replaces", .type = FIELD_INT, .min = 1, .doc = "Id of the assessment of the same kind that it updates" }

#define MADE_FIELDS                                                                                          \
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who of the staff made it" },    \
	{ "at", .type = FIELD_TIME, .doc = "When it was made; now when left out" }

#define HAZARDS_FIELD { "hazards", .type = FIELD_LIST, .max = 50, .item = &hazard, .doc = "The hazards looked at" }

static const char *const choices_of_a_visit[] = { "visit", "first_visit", "discussion", "lone_working", NULL };

static const struct field of_visit_fields[] = {
	VISIT_IN_PATH,
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_of_a_visit, .doc = "What it covers" },
	MADE_FIELDS,
	FOUND_FIELDS,
	{ "pupil", .type = FIELD_INT, .min = 1, .doc = "Of a first visit: whose home it is; the only pupil when left out" },
	{ "staff", .type = FIELD_INT, .min = 1, .doc = "Of lone working: who goes alone; the only one when left out" },
	HAZARDS_FIELD,
	{ 0 }
};

static const struct field general_fields[] = {
	SCHOOL_IN_BODY("Of whose visits it is"),
	MADE_FIELDS,
	FOUND_FIELDS,
	HAZARDS_FIELD,
	{ 0 }
};

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	{ "kind", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_assessment_kind, .doc = "Only of this kind" },
	{ "due_for_review", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "Only those whose review is due, or is not" },
	AS_OF_FIELD,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field visit_list_fields[] = { VISIT_IN_PATH, AS_OF_FIELD, LIST_PAGE_FIELDS, { 0 } };

#define ASSESSMENT_FIELDS                                                                                    \
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API, in the order of recording" }, \
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose it is" },                         \
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_assessment_kind, .doc = "What it covers" }, \
	{ "visit_id", .type = FIELD_INT, .doc = "For which visit it was made; none for a general one" },     \
	{ "pupil", .type = FIELD_INT, .doc = "Of a first visit: whose home it is" },                         \
	{ "staff", .type = FIELD_INT, .doc = "Of lone working: who goes alone" },                            \
	{ "by", .type = FIELD_INT, .required = true, .doc = "Id of who of the staff made it" },              \
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When it was made" },                           \
	FOUND_FIELDS,                                                                                        \
	{ "due_for_review", .type = FIELD_BOOL, .required = true, .doc = "Whether it is to be looked at again" }, \
	{ "replaced_by", .type = FIELD_INT, .doc = "The assessment that updates it" },                       \
	{ "hazards", .type = FIELD_LIST, .shape = SHAPE_NESTED, .item = &hazard, .doc = "The hazards looked at" }, \
	{ "hazards_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .lines = true, .doc = "The same in words" }, \
	ANSWER_END

static const struct field assessment[] = { ASSESSMENT_FIELDS, { 0 } };
static const struct field visit_assessment[] = {
	ASSESSMENT_FIELDS,
	{ "reused", .type = FIELD_BOOL, .required = true, .doc = "Whether it was made for all visits, or for the first one" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 422, 0 };

const struct route risk_assessment_routes[] = {
	{ .method = "GET", .path = "/api/v1/risk-assessments", .summary = "List the risk assessments",
	  .scope = "risk:read", .fields = list_fields, .answer = assessment,
	  .noun = "risk-assessment", .nouns = "risk-assessments",
	  .function = "api.risk_assessment_list", .past = "past.risk_assessment_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/risk-assessments", .summary = "Add a risk assessment of all visits of a school",
	  .scope = "risk:write", .fields = general_fields, .answer = assessment,
	  .noun = "risk-assessment", .nouns = "risk-assessments",
	  .function = "api.general_assessment_add", .status = 201 },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/risk-assessments",
	  .summary = "List the risk assessments of a visit, those that it reuses among them",
	  .scope = "risk:read", .fields = visit_list_fields, .answer = visit_assessment,
	  .noun = "visit-assessment", .nouns = "visit-assessments",
	  .function = "api.visit_assessment_list", .past = "past.visit_assessment_list",
	  .shape = MANY_ROWS, .sensitive = true, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/risk-assessments", .summary = "Add a risk assessment of a visit",
	  .scope = "risk:write", .fields = of_visit_fields, .answer = visit_assessment,
	  .noun = "visit-assessment", .nouns = "visit-assessments",
	  .function = "api.visit_assessment_add", .status = 201, .statuses = add_statuses },
	{ 0 }
};
