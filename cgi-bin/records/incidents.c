#include "records/aftermath.h"

#define INCIDENT_FIELDS                                                                                      \
	{ "nature", .type = FIELD_CHOICE, .required = true, .choices = choices_incident_nature, .doc = "What it was" }, \
	LONG_TEXT("text", "What happened"),                                                                  \
	TOLD_FIELDS,                                                                                         \
	SHORT_TEXT_IF_ANY("route", "Of an allegation: the procedure by which it is dealt with"),             \
	{ "police_at", .type = FIELD_TIME, .doc = "When the police was called" }

#define ACCIDENT_FIELDS                                                                                      \
	{ "who", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "Who was hurt" },                  \
	LONG_TEXT("text", "What happened"),                                                                  \
	LONG_TEXT_IF_ANY("treatment", "What was done for whom")

#define INTERVENTION_FIELDS                                                                                  \
	{ "pupil", .type = FIELD_INT, .min = 1, .doc = "Id of the pupil on whom" },                          \
	LONG_TEXT("text", "What was done"),                                                                  \
	LONG_TEXT("why", "Why nothing else would do, and why no more force than that"),                      \
	LONG_TEXT_IF_ANY("injury", "Who was hurt, and how"),                                                 \
	TOLD_FIELDS

#define DEBRIEF_FIELDS                                                                                       \
	{ "staff", .type = FIELD_INT, .required = true, .min = 1,                                              \
	  .doc = "Id of the member of staff to whom it was offered" },                                       \
	{ "held_at", .type = FIELD_TIME, .doc = "When it was held; left out when it was not wanted, or not yet" }, \
	LONG_TEXT_IF_ANY("note", "What came of it")

static const struct field add_incident_fields[] = { ADD_HEAD("reports it"), INCIDENT_FIELDS, { 0 } };
static const struct field add_accident_fields[] = { ADD_HEAD("wrote it"), ACCIDENT_FIELDS, { 0 } };
static const struct field add_intervention_fields[] = { ADD_HEAD("intervened"), INTERVENTION_FIELDS, { 0 } };
static const struct field add_debrief_fields[] = { ADD_HEAD("offered it"), DEBRIEF_FIELDS, { 0 } };

static const struct field incident[] = { ANSWER_HEAD("reports it"), INCIDENT_FIELDS, ANSWER_END, { 0 } };
static const struct field accident[] = { ANSWER_HEAD("wrote it"), ACCIDENT_FIELDS, ANSWER_END, { 0 } };
static const struct field intervention[] = { ANSWER_HEAD("intervened"), INTERVENTION_FIELDS, ANSWER_END, { 0 } };
static const struct field debrief[] = { ANSWER_HEAD("offered it"), DEBRIEF_FIELDS, ANSWER_END, { 0 } };

static const struct field visit_fields[] = { VISIT_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field trust_fields[] = { SCHOOL_FILTER, RECORDED_AFTER_FILTER, LIST_PAGE_FIELDS, { 0 } };

static const int visit_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 422, 0 };

const struct route incident_routes[] = {
	{ .method = "GET", .path = "/api/v1/incidents", .summary = "List the incidents on all visits",
	  .scope = "incidents:read", .fields = trust_fields, .answer = incident, .noun = "incident", .nouns = "incidents",
	  .function = "api.incident_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/incidents", .summary = "List the incidents on a visit",
	  .scope = "incidents:read", .fields = visit_fields, .answer = incident, .noun = "incident", .nouns = "incidents",
	  .function = "api.visit_incident_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/incidents",
	  .summary = "Record an incident to staff on a visit, or an allegation against them",
	  .scope = "incidents:write", .fields = add_incident_fields, .answer = incident,
	  .noun = "incident", .nouns = "incidents",
	  .function = "api.incident_add", .status = 201, .statuses = add_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/accidents", .summary = "List the accidents on a visit",
	  .scope = "incidents:read", .fields = visit_fields, .answer = accident, .noun = "accident", .nouns = "accidents",
	  .function = "api.accident_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/accidents", .summary = "Record an accident on a visit",
	  .scope = "incidents:write", .fields = add_accident_fields, .answer = accident,
	  .noun = "accident", .nouns = "accidents",
	  .function = "api.accident_add", .status = 201, .statuses = add_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/interventions",
	  .summary = "List the physical interventions on a visit",
	  .scope = "incidents:read", .fields = visit_fields, .answer = intervention,
	  .noun = "intervention", .nouns = "interventions",
	  .function = "api.intervention_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/interventions",
	  .summary = "Record a physical intervention on a visit",
	  .scope = "incidents:write", .fields = add_intervention_fields, .answer = intervention,
	  .noun = "intervention", .nouns = "interventions",
	  .function = "api.intervention_add", .status = 201, .statuses = add_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/debriefs", .summary = "List the debriefs after a visit",
	  .scope = "incidents:read", .fields = visit_fields, .answer = debrief, .noun = "debrief", .nouns = "debriefs",
	  .function = "api.debrief_list", .shape = MANY_ROWS, .sensitive = true, .statuses = visit_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/debriefs",
	  .summary = "Record a debrief that was offered after a visit",
	  .scope = "incidents:write", .fields = add_debrief_fields, .answer = debrief, .noun = "debrief", .nouns = "debriefs",
	  .function = "api.debrief_add", .status = 201, .statuses = add_statuses },
	{ 0 }
};
