#include "records/resources.h"

static const struct field list_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field append_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_event_kind, .doc = "What happened" },
	{ "at", .type = FIELD_TIME, .doc = "When it happened; now when left out" },
	{ "note", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "What is to be said; of cancelled, the reason" },
	{ 0 }
};

static const struct field event[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API, in the order of recording" },
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_event_kind, .doc = "What happened" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When it happened" },
	{ "note", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "What was said" },
	{ "recorded_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" },
	{ "visit_state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "State of the visit now" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int append_statuses[] = { 404, 409, 422, 0 };

const struct route event_routes[] = {
	{ .method = "GET", .path = "/api/v1/visits/{visit}/events", .summary = "List what happened on a visit",
	  .scope = "visits:read", .fields = list_fields, .answer = event, .noun = "event", .nouns = "events",
	  .function = "api.event_list", .shape = MANY_ROWS, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/events",
	  .summary = "Record what happened on a visit, at the time or late",
	  .scope = "visits:write", .fields = append_fields, .answer = event, .noun = "event", .nouns = "events",
	  .function = "api.event_append", .status = 201, .statuses = append_statuses },
	{ 0 }
};
