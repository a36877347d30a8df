#include "records/visits.h"

static const struct field pupil_id = { "pupil", .type = FIELD_INT, .min = 1, .doc = "Id of a pupil" };

const struct field place_fields[] = {
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

const struct field team_member = { "member", .type = FIELD_OBJECT, .fields = member_fields,
				     .doc = "Somebody of the team: staff, or an outside professional" };

static const struct field duty_role = { "role", .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "A role" };

const struct field next_due_fields[] = {
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that asks for it" },
	{ "words", .type = FIELD_TEXT, .required = true, .doc = "What is to be done" },
	{ "due_at", .type = FIELD_TIME, .required = true, .doc = "By when" },
	{ "roles", .type = FIELD_LIST, .required = true, .item = &duty_role, .doc = "Whose it is; empty: of the team" },
	{ 0 }
};

/* What a plan may say besides its school. */
#define PLAN_FIELDS                                                                                           \
	{ "pupils", .type = FIELD_LIST, .required = true, .min = 1, .max = 50, .item = &pupil_id,             \
	  .doc = "Ids of the pupils whom the visit is about" },                                               \
	{ "purpose", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_purpose, .doc = "Why" }, \
	{ "planned_start", .type = FIELD_TIME, .required = true, .doc = "When the team means to be there" },  \
	{ "planned_end", .type = FIELD_TIME, .required = true,                                                \
	  .doc = "When the team means to leave; after the start, within 24 hours of it" },                    \
	{ "return_by", .type = FIELD_TIME, .doc = "When the team agrees to be back" },                        \
	{ "announced", .type = FIELD_BOOL, .required = true, .doc = "Whether the parents know of it beforehand" }, \
	{ "parents_told_by", .type = FIELD_CHOICE, .choices = choices_telling, .doc = "How they were told" }, \
	{ "parents_agreed", .type = FIELD_BOOL, .doc = "Whether they agreed to it" },                         \
	{ "unannounced_reason", .type = FIELD_CHOICE, .choices = choices_unannounced_reason,                  \
	  .doc = "Why they are not told" },                                                                   \
	{ "necessity", .type = FIELD_TEXT, .lines = true, .doc = "Why it is necessary, and best for the child" }, \
	{ "out_of_hours_reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it is made outside school hours" }, \
	{ "responsible_contact", .type = FIELD_TEXT, .max = 200,                                              \
	  .doc = "Outside school hours: who checks on the welfare of the team, and their number" },           \
	{ "plan", .type = FIELD_CHOICE, .choices = choices_plan_link, .doc = "The plan of the pupil of which it is part" }, \
	{ "child_protection", .type = FIELD_BOOL,                                                             \
	  .doc = "Whether it is about a safeguarding concern, or part of a statutory child protection process" }, \
	{ "transports_pupil", .type = FIELD_BOOL, .doc = "Whether a pupil is taken along in the vehicle" },   \
	{ "agreement", .type = FIELD_INT, .min = 1,                                                           \
	  .doc = "Id of the agreement whose breach it follows up" },                                          \
	{ "place", .type = FIELD_OBJECT, .required = true, .fields = place_fields, .doc = "Where" },          \
	{ "team", .type = FIELD_LIST, .required = true, .min = 1, .max = 20, .item = &team_member, .doc = "Who goes" }, \
	{ "vehicle", .type = FIELD_OBJECT, .fields = vehicle_fields, .doc = "The vehicle taken" }

static const struct field plan_fields[] = {
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "Whose visit it is" },
	PLAN_FIELDS,
	{ "drill", .type = FIELD_BOOL, .doc = "Whether it is a drill, to try the escalation" },
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
	AS_OF_FIELD,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	AS_OF_FIELD,
	{ 0 }
};

static const struct field visit[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose visit it is" },
	{ "purpose", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_purpose, .doc = "Why" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "How far it has come; follows from its events" },
	{ "planned_start", .type = FIELD_TIME, .required = true, .doc = "When the team means to be there" },
	{ "planned_end", .type = FIELD_TIME, .required = true, .doc = "When the team means to leave" },
	{ "return_by", .type = FIELD_TIME, .doc = "When the team agreed to be back" },
	{ "announced", .type = FIELD_BOOL, .required = true, .doc = "Whether the parents know of it beforehand" },
	{ "parents_told_by", .type = FIELD_CHOICE, .choices = choices_telling, .doc = "How they were told" },
	{ "parents_agreed", .type = FIELD_BOOL, .required = true, .doc = "Whether they agreed to it" },
	{ "unannounced_reason", .type = FIELD_CHOICE, .choices = choices_unannounced_reason, .doc = "Why they are not told" },
	{ "necessity", .type = FIELD_TEXT, .lines = true, .doc = "Why it is necessary, and best for the child" },
	{ "out_of_hours_reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it is made outside school hours" },
	{ "responsible_contact", .type = FIELD_TEXT, .doc = "Outside school hours: who checks on the welfare of the team" },
	{ "plan", .type = FIELD_CHOICE, .choices = choices_plan_link, .doc = "The plan of the pupil of which it is part" },
	{ "child_protection", .type = FIELD_BOOL, .required = true, .doc = "Whether it is about safeguarding or child protection" },
	{ "transports_pupil", .type = FIELD_BOOL, .required = true, .doc = "Whether a pupil is taken along in the vehicle" },
	{ "drill", .type = FIELD_BOOL, .required = true, .doc = "Whether it is a drill" },
	{ "agreement", .type = FIELD_INT, .doc = "The agreement whose breach it follows up" },
	{ "place", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .required = true, .fields = place_fields, .doc = "Where" },
	{ "address", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .required = true, .lines = true, .doc = "Where" },
	{ "postcode", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Its postcode" },
	{ "pupils", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &pupil_id, .doc = "Ids of the pupils whom it is about" },
	{ "pupil_ids", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Ids of the pupils whom it is about" },
	{ "pupil_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Their names" },
	{ "team", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &team_member, .doc = "Who goes" },
	{ "lead", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Name of who leads" },
	{ "team_names", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Who goes" },
	{ "phones", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "Numbers of the telephones taken along" },
	{ "vehicle", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = vehicle_fields, .doc = "The vehicle taken" },
	{ "vehicle_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The vehicle taken" },
	{ "approved_at", .type = FIELD_TIME, .doc = "When the last approval that its policy asks for was given" },
	{ "refused_at", .type = FIELD_TIME, .doc = "When it was refused" },
	{ "departed_at", .type = FIELD_TIME, .doc = "When the team left for the visit" },
	{ "arrived_at", .type = FIELD_TIME, .doc = "When the team arrived" },
	{ "left_at", .type = FIELD_TIME, .doc = "When the team left the place" },
	{ "returned_at", .type = FIELD_TIME, .doc = "When the team was back or signed off" },
	{ "cancelled_at", .type = FIELD_TIME, .doc = "When it was cancelled" },
	{ "declined_at", .type = FIELD_TIME, .doc = "When the parents declined it" },
	{ "aborted_at", .type = FIELD_TIME, .doc = "When it was broken off" },
	{ "end_reason", .type = FIELD_CHOICE, .choices = choices_end_reason, .doc = "Why it was cancelled or broken off" },
	{ "cancel_reason", .type = FIELD_TEXT, .lines = true, .max = 10000, .doc = "The same in words" },
	{ "recorded_at", .type = FIELD_TIME, .doc = "When its written record was made" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy that it is under" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	{ "next_due", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .fields = next_due_fields, .doc = "What is due next" },
	{ "next_due_at", .type = FIELD_TIME, .shape = SHAPE_FLAT, .doc = "When the next duty is due" },
	{ "next_due_clause", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The clause of that duty" },
	RECORD_FIELDS,
	{ 0 }
};

/* A duty as refusals and checks list it. */
static const struct field listed_fields[] = {
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that asks for it" },
	{ "part", .type = FIELD_TEXT, .required = true, .doc = "Which of several; else empty" },
	{ "policy", .type = FIELD_TEXT, .required = true, .doc = "Code of the policy" },
	{ "version", .type = FIELD_TEXT, .required = true, .doc = "Version of the policy" },
	{ "place", .type = FIELD_TEXT, .required = true, .doc = "Where the policy says so" },
	{ "words", .type = FIELD_TEXT, .required = true, .doc = "What the clause asks for" },
	{ "strength", .type = FIELD_CHOICE, .required = true, .choices = choices_clause_strength, .doc = "How binding it is" },
	{ "missing", .type = FIELD_TEXT, .required = true, .doc = "What is missing" },
	{ 0 }
};

static const struct field listed = { "duty", .type = FIELD_OBJECT, .fields = listed_fields, .doc = "A duty" };

static const struct field colleague_fields[] = {
	{ "staff_id", .type = FIELD_INT, .required = true, .doc = "Who is free and would make the visit lawful" },
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "Name" },
	{ "instead_of", .type = FIELD_INT, .doc = "In whose place; null: besides the team" },
	{ 0 }
};

static const struct field colleague = { "colleague", .type = FIELD_OBJECT, .fields = colleague_fields,
					.doc = "A colleague" };

static const struct field check[] = {
	{ "lawful", .type = FIELD_BOOL, .required = true, .doc = "Whether nothing stands against these people, this time, this purpose" },
	{ "blockers", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &listed, .doc = "All that stands against it" },
	{ "to_do", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &listed, .doc = "What is still to be done before the team departs" },
	{ "colleagues", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &colleague, .doc = "Who is free and would make it lawful" },
	{ 0 }
};

static const int plan_statuses[] = { 409, 422, 0 };
static const int change_statuses[] = { 404, 409, 412, 422, 428, 0 };

const struct route visit_routes[] = {
	{ .method = "GET", .path = "/api/v1/visits", .summary = "List the visits: the visit log",
	  .scope = "visits:read", .fields = list_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_list", .past = "past.visit_list", .shape = MANY_ROWS },
	{ .method = "POST", .path = "/api/v1/visits", .summary = "Plan a visit",
	  .scope = "visits:write", .fields = plan_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_plan", .status = 201, .location = "/api/v1/visits/%s", .statuses = plan_statuses },
	{ .method = "POST", .path = "/api/v1/visits/check",
	  .summary = "Ask whether these people may make this visit; nothing is planned",
	  .scope = "visits:write", .fields = plan_fields, .answer = check, .noun = "check", .nouns = "checks",
	  .function = "api.visit_check", .statuses = plan_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}", .summary = "Read a visit",
	  .scope = "visits:read", .fields = read_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_read", .past = "past.visit_read" },
	{ .method = "PATCH", .path = "/api/v1/visits/{visit}", .summary = "Change a visit that is not over",
	  .scope = "visits:write", .fields = change_fields, .answer = visit, .noun = "visit", .nouns = "visits",
	  .function = "api.visit_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ 0 }
};
