#include "records/resources.h"

static const struct field signatory_fields[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "Name" },
	{ "role", .type = FIELD_TEXT, .required = true, .doc = "As what" },
	{ "on", .type = FIELD_TEXT, .doc = "When" },
	{ 0 }
};

static const struct field signatory = { "signatory", .type = FIELD_OBJECT, .fields = signatory_fields,
					.doc = "Who signed" };
static const struct field rule = { "rule", .type = FIELD_TEXT, .doc = "A rule that home-visit policies may state" };

static const struct field list_fields[] = {
	{ "past_review", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "Only those past their review date, or not past it" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field policy[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number of the version in this API" },
	{ "code", .type = FIELD_TEXT, .required = true, .doc = "Short name of the policy" },
	{ "version", .type = FIELD_TEXT, .required = true, .doc = "Its version" },
	{ "title", .type = FIELD_TEXT, .required = true, .doc = "Whose policy it is, and its name" },
	{ "source", .type = FIELD_TEXT, .required = true, .doc = "The document that it was taken from" },
	{ "in_force_from", .type = FIELD_DATE, .required = true, .doc = "First day on which this version holds" },
	{ "in_force", .type = FIELD_BOOL, .required = true, .doc = "Whether it is the version that holds today" },
	{ "reviewed", .type = FIELD_TEXT, .required = true, .doc = "When it was last reviewed, in the words of its source" },
	{ "reviewed_on", .type = FIELD_DATE, .required = true, .doc = "First day that these words can mean" },
	{ "next_review", .type = FIELD_TEXT, .doc = "When it is to be reviewed, in the words of its source" },
	{ "next_review_on", .type = FIELD_DATE, .doc = "Last day that these words can mean" },
	{ "past_review", .type = FIELD_BOOL, .required = true, .doc = "Whether it is in force and past that day" },
	{ "banner", .type = FIELD_TEXT, .doc = "What is to be said about it: that it is past its review date" },
	{ "signatories", .type = FIELD_LIST, .shape = SHAPE_NESTED, .item = &signatory, .doc = "Who signed or reviewed it" },
	{ "signatories_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The same in words" },
	{ "schools", .type = FIELD_INT, .required = true, .doc = "How many schools that the client sees follow it today" },
	{ 0 }
};

static const struct field clause_fields[] = {
	{ "policy", .in = IN_PATH, .type = FIELD_TEXT, .required = true, .max = 40, .doc = "Code of the policy" },
	{ "version", .in = IN_QUERY, .type = FIELD_TEXT, .min = 1, .max = 100, .doc = "Its version; the one in force today when left out" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field clause[] = {
	{ "position", .type = FIELD_INT, .required = true, .doc = "Place in the policy, from 1" },
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "Short name, unique in the policy" },
	{ "place", .type = FIELD_TEXT, .required = true, .doc = "Section of the source that states it" },
	{ "words", .type = FIELD_TEXT, .required = true, .lines = true, .doc = "What it asks for" },
	{ "kind", .type = FIELD_TEXT, .required = true, .doc = "Its kind" },
	{ "kind_title", .type = FIELD_TEXT, .required = true, .doc = "What clauses of this kind ask for" },
	{ "strength", .type = FIELD_CHOICE, .required = true, .choices = choices_clause_strength, .doc = "How binding it is" },
	{ "parameters", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .required = true, .doc = "The parameters of its kind" },
	{ "parameters_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .lines = true, .doc = "The same in words" },
	{ "rules", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &rule, .doc = "The rules that it carries" },
	{ "rules_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The same in a row" },
	{ 0 }
};

#define SCHOOL_IN_PATH \
	{ "urn", .in = IN_PATH, .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = "URN of the school" }

static const struct field school_fields[] = { SCHOOL_IN_PATH, LIST_PAGE_FIELDS, { 0 } };

static const struct field follow_fields[] = {
	SCHOOL_IN_PATH,
	{ "policy", .type = FIELD_TEXT, .required = true, .max = 40, .doc = "Code of the policy" },
	{ "follows_from", .type = FIELD_DATE, .required = true, .doc = "First day on which the school follows it" },
	{ 0 }
};

static const struct field adoption[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "The first day as a number; 0 for what it always followed" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "The school" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of the policy; none: it followed none" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "The version of it that is in force today" },
	{ "follows_from", .type = FIELD_DATE, .doc = "First day on which the school follows it; none: it always did" },
	{ "current", .type = FIELD_BOOL, .required = true, .doc = "Whether it is what the school follows today" },
	{ "created_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" },
	{ "updated_at", .type = FIELD_TIME, .required = true, .doc = "When it last changed" },
	{ 0 }
};

static const int clause_statuses[] = { 404, 0 };
static const int school_statuses[] = { 404, 0 };
static const int follow_statuses[] = { 404, 422, 0 };

const struct route policy_routes[] = {
	{ .method = "GET", .path = "/api/v1/policies", .summary = "List the home-visit policies",
	  .scope = "policies:read", .fields = list_fields, .answer = policy, .noun = "policy", .nouns = "policies",
	  .function = "api.policy_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/policies/{policy}/clauses", .summary = "List what a policy asks for",
	  .scope = "policies:read", .fields = clause_fields, .answer = clause, .noun = "clause", .nouns = "clauses",
	  .function = "api.clause_list", .shape = MANY_ROWS, .statuses = clause_statuses },
	{ .method = "GET", .path = "/api/v1/schools/{urn}/policies", .summary = "List which policy a school follows from when",
	  .scope = "policies:read", .fields = school_fields, .answer = adoption, .noun = "adoption", .nouns = "adoptions",
	  .function = "api.adoption_list", .shape = MANY_ROWS, .statuses = school_statuses },
	{ .method = "POST", .path = "/api/v1/schools/{urn}/policies", .summary = "Let a school follow a policy from a day on",
	  .scope = "schools:write", .fields = follow_fields, .answer = adoption, .noun = "adoption", .nouns = "adoptions",
	  .function = "api.adoption_add", .status = 201, .statuses = follow_statuses },
	{ 0 }
};
