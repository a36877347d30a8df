#include "records/resources.h"

static const struct field list_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field request_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "by", .type = FIELD_INT, .min = 1, .doc = "Member of staff who asks" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What is to be said" },
	{ "at", .type = FIELD_TIME, .doc = "When it was asked for; now when left out" },
	{ 0 }
};

static const struct field decision_fields[] = {
	ID_IN_PATH("visit", "Id of the visit"),
	{ "decision", .type = FIELD_CHOICE, .required = true, .choices = choices_approval_decision_kind, .doc = "What is decided" },
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Member of staff who decides" },
	{ "role", .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "In which role; the first that fits when left out" },
	{ "for", .type = FIELD_INT, .min = 1, .doc = "Member of staff who delegated the decision" },
	{ "lone", .type = FIELD_BOOL, .doc = "Whether one member of staff may go alone" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What is to be said; of refused, why" },
	{ "emergency", .type = FIELD_BOOL, .doc = "It cannot wait: unmet duties are waived, and the policy's people told" },
	{ "reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it cannot wait" },
	{ "at", .type = FIELD_TIME, .doc = "When it was decided; now when left out" },
	{ 0 }
};

static const struct field request[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "by", .type = FIELD_INT, .doc = "Member of staff who asks" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What was said" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When it was asked for" },
	{ "recorded_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" },
	{ "visit_state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "State of the visit now" },
	{ 0 }
};

static const struct field approval[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },
	{ "request_id", .type = FIELD_INT, .required = true, .doc = "The request that it answers" },
	{ "decision", .type = FIELD_CHOICE, .required = true, .choices = choices_approval_decision_kind, .doc = "What was decided" },
	{ "by", .type = FIELD_INT, .required = true, .doc = "Member of staff who decided" },
	{ "role", .type = FIELD_CHOICE, .required = true, .choices = choices_staff_role, .doc = "In which role" },
	{ "for", .type = FIELD_INT, .doc = "Member of staff who delegated the decision" },
	{ "lone", .type = FIELD_BOOL, .required = true, .doc = "Whether one member of staff may go alone" },
	{ "note", .type = FIELD_TEXT, .lines = true, .doc = "What was said" },
	{ "emergency", .type = FIELD_BOOL, .required = true, .doc = "Whether it could not wait" },
	{ "reason", .type = FIELD_TEXT, .lines = true, .doc = "Why it could not wait" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When it was decided" },
	{ "recorded_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" },
	{ "visit_state", .type = FIELD_CHOICE, .required = true, .choices = choices_visit_state, .doc = "State of the visit now" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 409, 422, 0 };

const struct route approval_routes[] = {
	{ .method = "GET", .path = "/api/v1/visits/{visit}/requests", .summary = "List the requests to approve a visit",
	  .scope = "visits:read", .fields = list_fields, .answer = request, .noun = "request", .nouns = "requests",
	  .function = "api.approval_request_list", .shape = MANY_ROWS, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/requests", .summary = "Ask for approval of a visit, again",
	  .scope = "visits:write", .fields = request_fields, .answer = request, .noun = "request", .nouns = "requests",
	  .function = "api.approval_request_add", .status = 201, .statuses = add_statuses },
	{ .method = "GET", .path = "/api/v1/visits/{visit}/approvals", .summary = "List the decisions on a visit",
	  .scope = "visits:read", .fields = list_fields, .answer = approval, .noun = "approval", .nouns = "approvals",
	  .function = "api.approval_list", .shape = MANY_ROWS, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/visits/{visit}/approvals", .summary = "Approve or refuse a visit",
	  .scope = "approvals:write", .fields = decision_fields, .answer = approval, .noun = "approval", .nouns = "approvals",
	  .function = "api.approval_add", .status = 201, .statuses = add_statuses },
	{ 0 }
};
