#include "records/resources.h"

#define UNTIL_FIELD { "until_on", .type = FIELD_DATE, .doc = "Last day; none until it is ended" }

#define DELEGATION_FIELDS                                                                                    \
	{ "from", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who delegates, who holds the role" }, \
	{ "to", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of to whom, who has a post there, too" }, \
	{ "role", .type = FIELD_CHOICE, .required = true, .choices = choices_staff_role,                     \
	  .doc = "The role in which that one may decide" },                                                  \
	{ "from_on", .type = FIELD_DATE, .required = true, .doc = "First day" },                             \
	UNTIL_FIELD

static const struct field list_fields[] = { SCHOOL_FILTER, LIST_PAGE_FIELDS, { 0 } };
static const struct field add_fields[] = { SCHOOL_IN_BODY("At which school"), DELEGATION_FIELDS, { 0 } };
static const struct field change_fields[] = { ID_IN_PATH("delegation", "Id of the delegation"), UNTIL_FIELD, { 0 } };

static const struct field delegation[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "At which school" },
	DELEGATION_FIELDS,
	RECORD_FIELDS,
	{ 0 }
};

static const int change_statuses[] = { 404, 412, 422, 428, 0 };

const struct route delegation_routes[] = {
	{ .method = "GET", .path = "/api/v1/delegations", .summary = "List who may decide in whose place",
	  .scope = "staff:read", .fields = list_fields, .answer = delegation, .noun = "delegation", .nouns = "delegations",
	  .function = "api.delegation_list", .shape = MANY_ROWS },
	{ .method = "POST", .path = "/api/v1/delegations", .summary = "Let somebody decide in the place of another",
	  .scope = "approvals:write", .fields = add_fields, .answer = delegation, .noun = "delegation", .nouns = "delegations",
	  .function = "api.delegation_add", .status = 201 },
	{ .method = "PATCH", .path = "/api/v1/delegations/{delegation}", .summary = "End a delegation, or let it go on",
	  .scope = "approvals:write", .fields = change_fields, .answer = delegation, .noun = "delegation",
	  .nouns = "delegations",
	  .function = "api.delegation_change", .body = BODY_PATCH, .statuses = change_statuses },
	{ 0 }
};
