#include "records/resources.h"

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only pupils changed after this time" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = {
	ID_IN_PATH("pupil", "Id of the pupil"),
	{ 0 }
};

#define STAY_FIELDS                                                                                             \
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "The school" },                             \
	{ "year_group", .type = FIELD_CHOICE, .choices = choices_year_group, .doc = "Year group" },             \
	{ "admitted_on", .type = FIELD_DATE, .required = true, .doc = "First day on roll" },                    \
	{ "left_on", .type = FIELD_DATE, .doc = "Last day on roll; null while on roll" },                        \
	{ "mis_id", .type = FIELD_TEXT, .doc = "Number by which the management information system of the school knows the pupil" }

static const struct field enrolment_fields[] = { STAY_FIELDS, { 0 } };

static const struct field enrolment = { "enrolment", .type = FIELD_OBJECT, .fields = enrolment_fields,
					.doc = "A stay on the roll of a school" };

static const struct field pupil[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "upn", .type = FIELD_TEXT, .required = true, .doc = "Unique pupil number" },
	{ "given_name", .type = FIELD_TEXT, .required = true, .doc = "Given name" },
	{ "family_name", .type = FIELD_TEXT, .required = true, .doc = "Family name" },
	{ "date_of_birth", .type = FIELD_DATE, .required = true, .doc = "Date of birth" },
	{ "address", .type = FIELD_TEXT,
	  .doc = "Home address; null for a former school once another of the trust has had the pupil" },
	{ "postcode", .type = FIELD_TEXT, .doc = "Postcode of the home address; null likewise" },
	STAY_FIELDS,
	{ "enrolments", .type = FIELD_LIST, .shape = SHAPE_NESTED, .item = &enrolment,
	  .doc = "Every stay that the client sees; the fields above are of the latest" },
	RECORD_FIELDS,
	{ 0 }
};

const struct route pupil_routes[] = {
	{ .method = "GET", .path = "/api/v1/pupils", .summary = "List the pupils",
	  .scope = "pupils:read", .fields = list_fields, .answer = pupil, .noun = "pupil", .nouns = "pupils",
	  .function = "api.pupil_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/pupils/{pupil}", .summary = "Read a pupil",
	  .scope = "pupils:read", .fields = read_fields, .answer = pupil, .noun = "pupil", .nouns = "pupils",
	  .function = "api.pupil_read" },
	{ 0 }
};
