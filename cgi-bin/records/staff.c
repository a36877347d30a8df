#include "records/resources.h"

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	{ "role", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "Only who holds this role" },
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only staff changed after this time" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = {
	ID_IN_PATH("staff", "Id of the member of staff"),
	{ 0 }
};

static const struct field role = { "role", .type = FIELD_CHOICE, .choices = choices_staff_role, .doc = "A role" };

static const struct field post_fields[] = {
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "The school" },
	{ "roles", .type = FIELD_LIST, .required = true, .item = &role, .doc = "The roles held there" },
	{ "left_on", .type = FIELD_DATE, .doc = "Last day in the post" },
	{ 0 }
};

static const struct field post = { "post", .type = FIELD_OBJECT, .fields = post_fields, .doc = "A post" };

static const struct field member[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "staff_code", .type = FIELD_TEXT, .required = true, .doc = "The trust's own code for the person" },
	{ "given_name", .type = FIELD_TEXT, .required = true, .doc = "Given name" },
	{ "family_name", .type = FIELD_TEXT, .required = true, .doc = "Family name" },
	{ "email", .type = FIELD_TEXT, .doc = "Work e-mail address" },
	{ "phone", .type = FIELD_TEXT, .doc = "Work telephone number" },
	{ "posts", .type = FIELD_LIST, .shape = SHAPE_NESTED, .item = &post, .doc = "What the person is at which school" },
	{ "posts_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The same in words" },
	RECORD_FIELDS,
	{ 0 }
};

const struct route staff_routes[] = {
	{ .method = "GET", .path = "/api/v1/staff", .summary = "List the members of staff",
	  .scope = "staff:read", .fields = list_fields, .answer = member, .noun = "member", .nouns = "staff",
	  .function = "api.staff_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/staff/{staff}", .summary = "Read a member of staff",
	  .scope = "staff:read", .fields = read_fields, .answer = member, .noun = "member", .nouns = "staff",
	  .function = "api.staff_read" },
	{ 0 }
};
