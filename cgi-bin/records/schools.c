#include "records/resources.h"

static const struct field list_fields[] = {
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only schools changed after this time" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = {
	{ "urn", .in = IN_PATH, .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "Unique reference number" },
	{ 0 }
};

static const struct field school[] = {
	{ "urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "Unique reference number" },
	{ "laestab", .type = FIELD_TEXT, .required = true, .doc = "Local authority and establishment number, seven digits" },
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "Name of the school" },
	{ "phase", .type = FIELD_CHOICE, .required = true, .choices = choices_school_phase, .doc = "Phase of education" },
	{ "day_starts", .type = FIELD_TEXT, .required = true, .doc = "When its school day starts, in the United Kingdom" },
	{ "day_ends", .type = FIELD_TEXT, .required = true, .doc = "When its school day ends" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the home-visit policy that the school follows today" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of that policy" },
	{ "policy_banner", .type = FIELD_TEXT, .doc = "What is to be said about it: that it is past its review date" },
	RECORD_FIELDS,
	{ 0 }
};

const struct route school_routes[] = {
	{ .method = "GET", .path = "/api/v1/schools", .summary = "List the schools",
	  .scope = "schools:read", .fields = list_fields, .answer = school, .noun = "school", .nouns = "schools",
	  .function = "api.school_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/schools/{urn}", .summary = "Read a school",
	  .scope = "schools:read", .fields = read_fields, .answer = school, .noun = "school", .nouns = "schools",
	  .function = "api.school_read" },
	{ 0 }
};
