#include "records/resources.h"

#define OPEN_FILTER(text) { "open", .in = IN_QUERY, .type = FIELD_BOOL, .doc = (text) }
#define VISIT_FILTER { "visit", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only of the visit with this id" }

static const struct field escalation_filters[] = {
	SCHOOL_FILTER,
	VISIT_FILTER,
	OPEN_FILTER("true: only those that go on; false: only those that ended"),
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field escalation_id[] = {
	ID_IN_PATH("escalation", "Id of the escalation"),
	{ 0 }
};

static const struct field try_fields[] = {
	ID_IN_PATH("escalation", "Id of the escalation"),
	{ "rung", .type = FIELD_INT, .required = true, .min = 1, .max = 100, .doc = "Which rung was tried" },
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Member of staff who tried it" },
	{ "result", .type = FIELD_CHOICE, .required = true, .choices = choices_rung_result, .doc = "What came of it; team_reached and team_safe are of the team alone" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What is to be said" },
	{ "at", .type = FIELD_TIME, .doc = "When; now when left out" },
	{ 0 }
};

static const struct field role = { "role", .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "A role" };

static const struct field rung_fields[] = {
	{ "rung", .type = FIELD_INT, .required = true, .doc = "Place on the ladder, from 1" },
	{ "words", .type = FIELD_TEXT, .required = true, .doc = "What is to be done" },
	{ "roles", .type = FIELD_LIST, .required = true, .item = &role, .doc = "By whom" },
	{ "condition", .type = FIELD_TEXT, .doc = "Under which condition" },
	{ "due_at", .type = FIELD_TIME, .required = true, .doc = "When it was to be taken" },
	{ "raised_at", .type = FIELD_TIME, .required = true, .doc = "When those who are to take it were told" },
	{ "late_seconds", .type = FIELD_INT, .required = true, .doc = "How late that was" },
	{ "tried_at", .type = FIELD_TIME, .doc = "When it was taken" },
	{ "by", .type = FIELD_INT, .doc = "Member of staff who took it" },
	{ "result", .type = FIELD_CHOICE, .choices = choices_rung_result, .doc = "What came of it" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What was said" },
	{ 0 }
};

static const struct field rung = { "rung", .type = FIELD_OBJECT, .fields = rung_fields, .doc = "A step" };

static const struct field escalation[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose visit it is" },
	{ "cause", .type = FIELD_CHOICE, .required = true, .choices = choices_escalation_cause, .doc = "Why it was opened" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy whose ladder it climbs" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	{ "clause", .type = FIELD_TEXT, .doc = "The clause with the ladder" },
	{ "due_at", .type = FIELD_TIME, .required = true, .doc = "When it was to be opened" },
	{ "opened_at", .type = FIELD_TIME, .required = true, .doc = "When it was opened" },
	{ "late_seconds", .type = FIELD_INT, .required = true, .doc = "How late that was" },
	{ "closed_at", .type = FIELD_TIME, .doc = "When it ended" },
	{ "resolution", .type = FIELD_TEXT, .lines = true, .doc = "How it ended" },
	{ "drill", .type = FIELD_BOOL, .required = true, .doc = "Whether the visit is a drill" },
	{ "rungs", .type = FIELD_LIST, .shape = SHAPE_NESTED, .item = &rung, .doc = "The steps that it has come to" },
	{ "rung", .type = FIELD_INT, .shape = SHAPE_FLAT, .doc = "The rung that it has come to" },
	{ 0 }
};

static const struct field notification_filters[] = {
	SCHOOL_FILTER,
	VISIT_FILTER,
	{ "cause", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_notification_cause, .doc = "Only about this" },
	OPEN_FILTER("true: only those that are not settled; false: only those that are"),
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field notification_id[] = {
	ID_IN_PATH("notification", "Id of the notification"),
	{ 0 }
};

static const struct field accept_fields[] = {
	ID_IN_PATH("notification", "Id of the notification"),
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Member of staff who takes it on" },
	{ 0 }
};

static const struct field resolve_fields[] = {
	ID_IN_PATH("notification", "Id of the notification"),
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Member of staff who settles it" },
	{ "resolution", .type = FIELD_TEXT, .required = true, .min = 1, .lines = true, .doc = "How" },
	{ 0 }
};

static const struct field notification[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "The school" },
	{ "visit_id", .type = FIELD_INT, .doc = "The visit" },
	{ "cause", .type = FIELD_CHOICE, .required = true, .choices = choices_notification_cause, .doc = "What it is about" },
	{ "escalation", .type = FIELD_INT, .doc = "The escalation" },
	{ "rung", .type = FIELD_INT, .doc = "Its rung" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy behind it" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	{ "clause", .type = FIELD_TEXT, .doc = "The clause behind it" },
	{ "words", .type = FIELD_TEXT, .required = true, .lines = true, .max = 20000, .doc = "What is to be done" },
	{ "roles", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &role, .doc = "Who is told" },
	{ "roles_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Who is told" },
	{ "due_at", .type = FIELD_TIME, .required = true, .doc = "When it fell due" },
	{ "raised_at", .type = FIELD_TIME, .required = true, .doc = "When it was found" },
	{ "late_seconds", .type = FIELD_INT, .required = true, .doc = "How late that was" },
	{ "accepted_at", .type = FIELD_TIME, .doc = "When somebody took it on" },
	{ "accepted_by", .type = FIELD_INT, .doc = "Member of staff who took it on" },
	{ "resolved_at", .type = FIELD_TIME, .doc = "When it was settled" },
	{ "resolved_by", .type = FIELD_INT, .doc = "Member of staff who settled it; null: the visit did" },
	{ "resolution", .type = FIELD_TEXT, .lines = true, .doc = "How" },
	{ "drill", .type = FIELD_BOOL, .required = true, .doc = "Whether it is about a drill" },
	{ "version", .type = FIELD_INT, .required = true, .doc = "Counts the changes; quoted, it is the ETag" },
	{ "updated_at", .type = FIELD_TIME, .required = true, .doc = "When it last changed" },
	{ 0 }
};

static const struct field watch[] = {
	{ "seen_at", .type = FIELD_TIME, .doc = "When a watch last looked at the clock; every five seconds it says so" },
	{ "raised", .type = FIELD_INT, .required = true, .doc = "Notifications of the last hour" },
	{ "delay_max_ms", .type = FIELD_INT, .doc = "The longest time from due to raised among them" },
	{ "delay_p95_ms", .type = FIELD_INT, .doc = "What 95 in 100 of them stayed below" },
	{ "untold", .type = FIELD_INT, .required = true, .doc = "Those for which there is no address" },
	{ "undelivered", .type = FIELD_INT, .required = true, .doc = "Deliveries that wait for their receiver" },
	{ "undelivered_seconds", .type = FIELD_INT, .doc = "For how long the first of them" },
	{ "escalations", .type = FIELD_INT, .required = true, .doc = "Escalations that go on" },
	{ 0 }
};

static const struct field no_fields[] = {
	{ 0 }
};

static const int change_statuses[] = { 404, 409, 422, 0 };

const struct route alarm_routes[] = {
	{ .method = "GET", .path = "/api/v1/watch", .summary = "Whether the clock is watched, and how late notifications are",
	  .scope = "alarms:read", .fields = no_fields, .answer = watch, .noun = "watch", .nouns = "watches",
	  .function = "api.watch_read" },
	{ .method = "GET", .path = "/api/v1/escalations", .summary = "List the escalations",
	  .scope = "alarms:read", .fields = escalation_filters, .answer = escalation, .noun = "escalation",
	  .nouns = "escalations", .function = "api.escalation_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/escalations/{escalation}", .summary = "Read an escalation with its rungs",
	  .scope = "alarms:read", .fields = escalation_id, .answer = escalation, .noun = "escalation", .nouns = "escalations",
	  .function = "api.escalation_read" },
	{ .method = "POST", .path = "/api/v1/escalations/{escalation}/attempts", .summary = "Record what came of a rung",
	  .scope = "alarms:write", .fields = try_fields, .answer = escalation, .noun = "escalation", .nouns = "escalations",
	  .function = "api.escalation_try", .status = 201, .statuses = change_statuses },
	{ .method = "GET", .path = "/api/v1/notifications", .summary = "List the notifications",
	  .scope = "alarms:read", .fields = notification_filters, .answer = notification, .noun = "notification",
	  .nouns = "notifications", .function = "api.notification_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/notifications/{notification}", .summary = "Read a notification",
	  .scope = "alarms:read", .fields = notification_id, .answer = notification, .noun = "notification",
	  .nouns = "notifications", .function = "api.notification_read" },
	{ .method = "POST", .path = "/api/v1/notifications/{notification}/acceptance", .summary = "Take a notification on",
	  .scope = "alarms:write", .fields = accept_fields, .answer = notification, .noun = "notification",
	  .nouns = "notifications", .function = "api.notification_accept", .statuses = change_statuses },
	{ .method = "POST", .path = "/api/v1/notifications/{notification}/resolution", .summary = "Settle a notification",
	  .scope = "alarms:write", .fields = resolve_fields, .answer = notification, .noun = "notification",
	  .nouns = "notifications", .function = "api.notification_resolve", .statuses = change_statuses },
	{ 0 }
};
