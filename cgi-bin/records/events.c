#include "records/resources.h"

static const struct field list_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	AS_OF_FIELD,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field append_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_event_kind, .doc = "What happened" },
	{ "at", .type = FIELD_TIME, .doc = "When it happened; now when left out" },
	{ "note", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "What is to be said; of cancelled and aborted, the reason" },
	{ "by", .type = FIELD_INT, .min = 1, .doc = "Member of staff who did it, or was told" },
	{ "means", .type = FIELD_CHOICE, .choices = choices_telling, .doc = "How it was told" },
	{ "because", .type = FIELD_CHOICE, .choices = choices_end_reason, .doc = "Of cancelled and aborted: the kind of reason" },
	{ "clause", .type = FIELD_TEXT, .max = 60, .doc = "Of done: the clause whose duty it meets" },
	{ "part", .type = FIELD_TEXT, .max = 60, .doc = "Of done: the part of the duty, where the clause puts several" },
	{ "expected_at", .type = FIELD_TIME, .doc = "Of delayed: the new end; of parents_late: when they mean to come" },
	{ "emergency", .type = FIELD_BOOL, .doc = "Of departed: it cannot wait for the duties that are unmet" },
	{ "reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it cannot wait" },
	{ 0 }
};

static const struct field event[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API, in the order of recording" },
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "kind", .type = FIELD_CHOICE, .required = true, .choices = choices_event_kind, .doc = "What happened" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When it happened" },
	{ "note", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "What was said" },
	{ "by", .type = FIELD_INT, .doc = "Member of staff who did it, or was told" },
	{ "means", .type = FIELD_CHOICE, .choices = choices_telling, .doc = "How it was told" },
	{ "because", .type = FIELD_CHOICE, .choices = choices_end_reason, .doc = "Of cancelled and aborted: the kind of reason" },
	{ "clause", .type = FIELD_TEXT, .doc = "Of done: the clause whose duty it meets" },
	{ "part", .type = FIELD_TEXT, .doc = "Of done: the part of the duty" },
	{ "expected_at", .type = FIELD_TIME, .doc = "Of delayed: the new end; of parents_late: when they mean to come" },
	{ "reason", .type = FIELD_TEXT, .lines = true, .doc = "Of departed in an emergency: why it could not wait" },
	{ "recorded_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" },
	{ "visit_state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "State of the visit now" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int append_statuses[] = { 404, 409, 422, 0 };

const struct route event_routes[] = {
	{ .method = "GET", .path = "/api/v1/visits/{visit}/events", .summary = "List what happened on a visit",
	  .scope = "visits:read", .fields = list_fields, .answer = event, .noun = "event", .nouns = "events",
	  .function = "api.event_list", .past = "past.event_list", .shape = MANY_ROWS, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/events",
	  .summary = "Record what happened on a visit, at the time or late",
	  .scope = "visits:write", .fields = append_fields, .answer = event, .noun = "event", .nouns = "events",
	  .function = "api.event_append", .status = 201, .statuses = append_statuses },
	{ 0 }
};
