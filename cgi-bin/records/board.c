#include "records/visits.h"

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field escalation_fields[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "The escalation" },
	{ "cause", .type = FIELD_CHOICE, .required = true, .choices = choices_escalation_cause, .doc = "Why it was opened" },
	{ "opened_at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ "rung", .type = FIELD_INT, .doc = "The rung that it has come to" },
	{ "words", .type = FIELD_TEXT, .doc = "What is to be done" },
	{ "due_at", .type = FIELD_TIME, .doc = "Since when" },
	{ 0 }
};

static const struct field row[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose visit it is" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "How far it has come" },
	{ "drill", .type = FIELD_BOOL, .required = true, .doc = "Whether it is a drill" },
	{ "place", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .required = true, .fields = place_fields, .doc = "Where" },
	{ "address", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .required = true, .lines = true, .doc = "Where" },
	{ "postcode", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Its postcode" },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &team_member, .doc = "Who is out, and their numbers" },
	{ "team_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Who is out" },
	{ "phones", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Their numbers" },
	{ "planned_start", .type = FIELD_TIME, .required = true, .doc = "When the team means to be there" },
	{ "planned_end", .type = FIELD_TIME, .required = true, .doc = "When it means to leave" },
	{ "return_by", .type = FIELD_TIME, .doc = "When it agreed to be back" },
	{ "departed_at", .type = FIELD_TIME, .doc = "When it left for the visit" },
	{ "arrived_at", .type = FIELD_TIME, .doc = "When it arrived" },
	{ "left_at", .type = FIELD_TIME, .doc = "When it left the place" },
	{ "last_contact_at", .type = FIELD_TIME, .doc = "When it was last heard from" },
	{ "last_contact", .type = FIELD_CHOICE, .choices = choices_event_kind, .doc = "What that was" },
	{ "next_due", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = next_due_fields, .doc = "What is due next" },
	{ "next_due_at", .type = FIELD_TIME, .shape = SHAPE_FLAT, .doc = "When the next duty is due" },
	{ "next_due_clause", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The clause of that duty" },
	{ "late", .type = FIELD_BOOL, .required = true, .doc = "Whether its time is over, or the team should be back" },
	{ "escalation", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = escalation_fields, .doc = "The escalation that goes on; with the scope alarms:read" },
	{ "escalations", .type = FIELD_INT, .shape = SHAPE_FLAT, .required = true, .doc = "How many escalations go on; with the scope alarms:read" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy that it is under" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	{ "policy_banner", .type = FIELD_TEXT, .doc = "What is to be said about the policy: that it is past its review date" },
	{ "version", .type = FIELD_INT, .required = true, .doc = "Counts the changes of the visit" },
	{ "updated_at", .type = FIELD_TIME, .required = true, .doc = "When the visit last changed" },
	{ 0 }
};

const struct route board_routes[] = {
	{ .method = "GET", .path = "/api/v1/board", .summary = "Who is out or about to leave, and what is due next",
	  .scope = "visits:read", .fields = list_fields, .answer = row, .noun = "board_row", .nouns = "board",
	  .function = "api.board_list", .shape = MANY_ROWS },
	{ 0 }
};
