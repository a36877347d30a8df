#include "records/resources.h"

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	{ "pupil", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only of the pupil with this id" },
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only contacts changed after this time" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field read_fields[] = {
	ID_IN_PATH("contact", "Id of the contact"),
	{ 0 }
};

static const struct field contact[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "pupil_id", .type = FIELD_INT, .required = true, .doc = "Whose contact" },
	{ "given_name", .type = FIELD_TEXT, .required = true, .doc = "Given name" },
	{ "family_name", .type = FIELD_TEXT, .required = true, .doc = "Family name" },
	{ "relationship", .type = FIELD_TEXT, .required = true, .doc = "What the adult is to the pupil" },
	{ "parental_responsibility", .type = FIELD_BOOL, .required = true, .doc = "Whether the adult has it for this pupil" },
	{ "phone", .type = FIELD_TEXT, .doc = "Telephone number" },
	{ "email", .type = FIELD_TEXT, .doc = "E-mail address" },
	{ "language", .type = FIELD_TEXT, .doc = "Language to write or speak in" },
	RECORD_FIELDS,
	{ 0 }
};

const struct route contact_routes[] = {
	{ .method = "GET", .path = "/api/v1/contacts", .summary = "List the contacts of pupils",
	  .scope = "contacts:read", .fields = list_fields, .answer = contact, .noun = "contact", .nouns = "contacts",
	  .function = "api.contact_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/contacts/{contact}", .summary = "Read a contact",
	  .scope = "contacts:read", .fields = read_fields, .answer = contact, .noun = "contact", .nouns = "contacts",
	  .function = "api.contact_read" },
	{ 0 }
};
