#include "records/resources.h"
#include "register/resources.h"

#define PUPIL_IN_PATH ID_IN_PATH("pupil", "Id of the pupil")

static const struct field list_fields[] = {
	PUPIL_IN_PATH,
	{ "from", .in = IN_QUERY, .type = FIELD_DATE, .doc = "Only marks of this day or later" },
	{ "to", .in = IN_QUERY, .type = FIELD_DATE, .doc = "Only marks of this day or earlier" },
	AS_OF_FIELD,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field amend_fields[] = {
	PUPIL_IN_PATH,
	SCHOOL_IN_BODY("In whose register"),
	{ "date", .type = FIELD_DATE, .required = true, .doc = "Day of the mark" },
	{ "session", .type = FIELD_CHOICE, .required = true, .choices = choices_session, .doc = "Session of the mark" },
	{ "code", .type = FIELD_TEXT, .required = true, .min = 1, .max = 2, .doc = "The code that it is to be; - to take it back" },
	{ "reason", .type = FIELD_TEXT, .required = true, .lines = true, .doc = "Why" },
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Who amends it" },
	{ 0 }
};

static const struct field amendment[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "pupil", .type = FIELD_INT, .required = true, .doc = "Whose mark" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "In whose register" },
	{ "date", .type = FIELD_DATE, .required = true, .doc = "Day of the mark" },
	{ "session", .type = FIELD_CHOICE, .required = true, .choices = choices_session, .doc = "Session of the mark" },
	{ "was", .type = FIELD_TEXT, .required = true, .doc = "The code before; - where no mark had been taken" },
	{ "is_now", .type = FIELD_TEXT, .required = true, .doc = "The code since; - where the mark was taken back" },
	{ "reason", .type = FIELD_TEXT, .lines = true, .doc = "Why, when a person amended it" },
	{ "by", .type = FIELD_INT, .doc = "Who amended it; none: an import did" },
	{ "import", .type = FIELD_INT, .doc = "The import that brought another mark" },
	{ "amended_at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int amend_statuses[] = { 404, 409, 422, 0 };

const struct route amendment_routes[] = {
	{ .method = "GET", .path = "/api/v1/pupils/{pupil}/amendments", .summary = "List the amended marks of a pupil",
	  .scope = "attendance:read", .fields = list_fields, .answer = amendment, .noun = "amendment", .nouns = "amendments",
	  .function = "api.amendment_list", .past = "past.amendment_list",
	  .shape = MANY_ROWS, .sensitive = true, .statuses = list_statuses },
	{ .method = "POST", .path = "/api/v1/pupils/{pupil}/amendments", .summary = "Amend a mark of a pupil",
	  .scope = "attendance:write", .fields = amend_fields, .answer = amendment, .noun = "amendment", .nouns = "amendments",
	  .function = "api.amend", .status = 201, .statuses = amend_statuses },
	{ 0 }
};
