#include "records/aftermath.h"

static const struct field place_fields[] = {
	{ "address", .type = FIELD_TEXT, .required = true, .lines = true, .max = 500, .doc = "Where" },
	{ "postcode", .type = FIELD_TEXT, .min = 1, .max = 10, .doc = "Its postcode" },
	{ 0 }
};

/* What may be said anew. */
#define CHANGING_FIELDS                                                                                      \
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_hazard_kind, .doc = "Its kind" }, \
	{ "control", .type = FIELD_TEXT, .required = true, .lines = true, .max = 2000,                       \
	  .doc = "What to do about it; every school of the trust that visits there sees this" },             \
	{ "story", .type = FIELD_TEXT, .lines = true, .min = 1, .max = 10000,                                \
	  .doc = "What happened; only the school that noted it sees this" },                                 \
	{ "review_on", .type = FIELD_DATE, .required = true, .doc = "When it is to be looked at again" }

static const struct field add_fields[] = {
	SCHOOL_IN_BODY("Which school notes it"),
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who of the staff notes it" },
	{ "place", .type = FIELD_OBJECT, .fields = place_fields, .doc = "The place; a place, a contact or both are said" },
	{ "contact", .type = FIELD_INT, .min = 1, .doc = "Id of the person, a contact of a pupil of the school" },
	CHANGING_FIELDS,
	{ "go_in_pairs", .type = FIELD_BOOL, .doc = "Whether nobody may go there alone; false when left out" },
	{ 0 }
};

static const struct field change_fields[] = {
	ID_IN_PATH("hazard", "Id of the hazard"),
	CHANGING_FIELDS,
	{ "go_in_pairs", .type = FIELD_BOOL, .required = true, .doc = "Whether nobody may go there alone" },
	{ "ended_on", .type = FIELD_DATE, .doc = "When it was found to be no more" },
	{ 0 }
};

static const struct field read_fields[] = { ID_IN_PATH("hazard", "Id of the hazard"), { 0 } };
static const struct field visit_fields[] = { VISIT_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field list_fields[] = {
	SCHOOL_FILTER,
	{ "kind", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_hazard_kind, .doc = "Only of this kind" },
	{ "review_due", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "Only those whose review is due, or is not" },
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only hazards changed after this time" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field hazard[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Which school noted it" },
	{ "by", .type = FIELD_INT, .required = true, .doc = "Id of who of the staff noted it" },
	{ "place", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = place_fields, .doc = "The place" },
	{ "address", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .lines = true, .doc = "The place" },
	{ "postcode", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Its postcode" },
	{ "contact", .type = FIELD_INT, .doc = "Id of the person" },
	CHANGING_FIELDS,
	{ "go_in_pairs", .type = FIELD_BOOL, .required = true, .doc = "Whether nobody may go there alone" },
	{ "review_due", .type = FIELD_BOOL, .required = true, .doc = "Whether it is to be looked at again" },
	{ "ended_on", .type = FIELD_DATE, .doc = "When it was found to be no more" },
	RECORD_FIELDS,
	{ 0 }
};

static const struct field visit_hazard[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_hazard_kind, .doc = "Its kind" },
	{ "control", .type = FIELD_TEXT, .required = true, .lines = true, .doc = "What to do about it" },
	{ "go_in_pairs", .type = FIELD_BOOL, .required = true, .doc = "Whether nobody may go there alone" },
	{ "review_on", .type = FIELD_DATE, .required = true, .doc = "When it is to be looked at again" },
	{ "review_due", .type = FIELD_BOOL, .required = true, .doc = "Whether that day has come" },
	{ "own", .type = FIELD_BOOL, .required = true, .doc = "Whether the school of the visit noted it, not another" },
	{ 0 }
};

static const int visit_statuses[] = { 404, 0 };
static const int change_statuses[] = { 404, 412, 422, 428, 0 };

const struct route hazard_routes[] = {
	{ .method = "GET", .path = "/api/v1/hazards", .summary = "List the hazards of places and people that were noted",
	  .scope = "risk:read", .fields = list_fields, .answer = hazard, .noun = "hazard", .nouns = "hazards",
	  .function = "api.hazard_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/hazards", .summary = "Note a hazard of a place or person",
	  .scope = "risk:write", .fields = add_fields, .answer = hazard, .noun = "hazard", .nouns = "hazards",
	  .function = "api.hazard_add", .status = 201, .location = "/api/v1/hazards/%s" },
	{ .method = "GET", .path = "/api/v1/hazards/{hazard}", .summary = "Read a hazard",
	  .scope = "risk:read", .fields = read_fields, .answer = hazard, .noun = "hazard", .nouns = "hazards",
	  .function = "api.hazard_read", .sensitive = true },
	{ .method = "PATCH", .path = "/api/v1/hazards/{hazard}", .summary = "Change a hazard, or end it",
	  .scope = "risk:write", .fields = change_fields, .answer = hazard, .noun = "hazard", .nouns = "hazards",
	  .function = "api.hazard_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/hazards",
	  .summary = "List what the team of a visit must know of hazards there, whichever school noted them",
	  .scope = "visits:read", .fields = visit_fields, .answer = visit_hazard,
	  .noun = "visit-hazard", .nouns = "visit-hazards",
	  .function = "api.visit_hazard_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ 0 }
};
