#include "records/resources.h"

static const struct field pupil_id = { "pupil", .type = FIELD_INT, .min = 1, .doc = "Id of a pupil" };

static const struct field place_fields[] = {
	{ "address", .type = FIELD_TEXT, .required = true, .lines = true, .max = 500, .doc = "Where the visit goes" },
	{ "postcode", .type = FIELD_TEXT, .min = 1, .max = 10, .doc = "Its postcode" },
	{ 0 }
};

static const struct field vehicle_fields[] = {
	{ "make", .type = FIELD_TEXT, .min = 1, .max = 50, .doc = "Make" },
	{ "model", .type = FIELD_TEXT, .min = 1, .max = 50, .doc = "Model" },
	{ "registration", .type = FIELD_TEXT, .min = 1, .max = 15, .doc = "Registration" },
	{ "colour", .type = FIELD_TEXT, .min = 1, .max = 30, .doc = "Colour" },
	{ 0 }
};

static const struct field member_fields[] = {
	{ "staff_id", .type = FIELD_INT, .min = 1, .doc = "Member of staff; or else a name" },
	{ "name", .type = FIELD_TEXT, .min = 1, .max = 200, .doc = "Name; given for an outside professional" },
	{ "organisation", .type = FIELD_TEXT, .min = 1, .max = 200, .doc = "Where an outside professional works" },
	{ "role", .type = FIELD_TEXT, .min = 1, .max = 100, .doc = "What an outside professional is" },
	{ "lead", .type = FIELD_BOOL, .doc = "Whether this one leads; exactly one does" },
	{ "phone", .type = FIELD_TEXT, .min = 1, .max = 30, .doc = "Number of the telephone taken along" },
	{ 0 }
};

static const struct field member = { "member", .type = FIELD_OBJECT, .fields = member_fields,
				     .doc = "Somebody of the team: staff, or an outside professional" };

/* What a plan may say besides its school. */
#define PLAN_FIELDS                                                                                           \
	{ "pupils", .type = FIELD_LIST, .required = true, .min = 1, .max = 50, .item = &pupil_id,             \
	  .doc = "Ids of the pupils whom the visit is about" },                                               \
	{ "purpose", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_purpose, .doc = "Why" }, \
	{ "planned_start", .type = FIELD_TIME, .required = true, .doc = "When the team means to be there" },  \
	{ "planned_end", .type = FIELD_TIME, .required = true,                                                \
	  .doc = "When the team means to leave; after the start, within 24 hours of it" },                    \
	{ "announced", .type = FIELD_BOOL, .required = true, .doc = "Whether the parents know of it beforehand" }, \
	{ "parents_told_by", .type = FIELD_CHOICE, .choices = choices_telling, .doc = "How they were told" }, \
	{ "place", .type = FIELD_OBJECT, .required = true, .fields = place_fields, .doc = "Where" },          \
	{ "team", .type = FIELD_LIST, .required = true, .min = 1, .max = 20, .item = &member, .doc = "Who goes" }, \
	{ "vehicle", .type = FIELD_OBJECT, .fields = vehicle_fields, .doc = "The vehicle taken" }

static const struct field plan_fields[] = {
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "Whose visit it is" },
	PLAN_FIELDS,
	{ 0 }
};

static const struct field change_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	PLAN_FIELDS,
	{ 0 }
};

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	{ "pupil", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only about the pupil with this id" },
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_visit_state, .doc = "Only in this state" },
	{ "purpose", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_visit_purpose, .doc = "Only with this purpose" },
	{ "planned_from", .in = IN_QUERY, .type = FIELD_MOMENT, .doc = "Only planned to start then or later; a day in the United Kingdom or a time" },
	{ "planned_to", .in = IN_QUERY, .type = FIELD_MOMENT, .doc = "Only planned to start then or earlier; a day counts to its end" },
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only visits changed after this time" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ 0 }
};

static const struct field visit[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose visit it is" },
	{ "purpose", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_purpose, .doc = "Why" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "How far it has come; follows from its events" },
	{ "planned_start", .type = FIELD_TIME, .required = true, .doc = "When the team means to be there" },
	{ "planned_end", .type = FIELD_TIME, .required = true, .doc = "When the team means to leave" },
	{ "announced", .type = FIELD_BOOL, .required = true, .doc = "Whether the parents know of it beforehand" },
	{ "parents_told_by", .type = FIELD_CHOICE, .choices = choices_telling, .doc = "How they were told" },
	{ "place", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .required = true, .fields = place_fields, .doc = "Where" },
	{ "address", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .required = true, .lines = true, .doc = "Where" },
	{ "postcode", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Its postcode" },
	{ "pupils", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &pupil_id, .doc = "Ids of the pupils whom it is about" },
	{ "pupil_ids", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Ids of the pupils whom it is about" },
	{ "pupil_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Their names" },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &member, .doc = "Who goes" },
	{ "lead", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Name of who leads" },
	{ "team_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Who goes" },
	{ "phones", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Numbers of the telephones taken along" },
	{ "vehicle", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = vehicle_fields, .doc = "The vehicle taken" },
	{ "vehicle_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The vehicle taken" },
	{ "departed_at", .type = FIELD_TIME, .doc = "When the team left for the visit" },
	{ "arrived_at", .type = FIELD_TIME, .doc = "When the team arrived" },
	{ "left_at", .type = FIELD_TIME, .doc = "When the team left the place" },
	{ "returned_at", .type = FIELD_TIME, .doc = "When the team was back or signed off" },
	{ "cancelled_at", .type = FIELD_TIME, .doc = "When it was cancelled" },
	{ "cancel_reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it was cancelled" },
	RECORD_FIELDS,
	{ 0 }
};

static const int plan_statuses[] = { 409, 422, 0 };
static const int change_statuses[] = { 404, 409, 412, 422, 428, 0 };

const struct route visit_routes[] = {
	{ .method = "GET", .path = "/api/v1/visits", .summary = "List the visits: the visit log",
	  .scope = "visits:read", .fields = list_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_list", .shape = MANY_ROWS },
	{ .method = "POST", .path = "/api/v1/visits", .summary = "Plan a visit",
	  .scope = "visits:write", .fields = plan_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_plan", .status = 201, .location = "/api/v1/visits/%s", .statuses = plan_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}", .summary = "Read a visit",
	  .scope = "visits:read", .fields = read_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_read" },
	{ .method = "PATCH", .path = "/api/v1/visits/{visit}", .summary = "Change a visit that is not over",
	  .scope = "visits:write", .fields = change_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ 0 }
};
