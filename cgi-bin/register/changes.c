#include "register/changes.h"

#include "vocabulary.h"

enum { TOKEN_MAX = 60 };

static const struct field page_fields[] = {
	{ "after", .in = IN_QUERY, .type = FIELD_TEXT, .min = 1, .max = TOKEN_MAX, .doc = "Where to go on: a token; without it from the first change that is kept" },
	{ "until", .in = IN_QUERY, .type = FIELD_TEXT, .min = 1, .max = TOKEN_MAX, .doc = "Where to stop: a token, like the ceiling; before \"after\" there is nothing" },
	{ "limit", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .max = 1000, .doc = "Most changes of one page (default 100)" },
	{ "record", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_change_record, .doc = "Only of this kind of records" },
	{ "school", .in = IN_QUERY, .type = FIELD_INT, .min = 100000, .max = 999999, .doc = "Only of the school with this URN" },
	{ 0 }
};

static const struct field no_fields[] = {
	{ 0 }
};

static const struct field school_urn = { "school_urn", .type = FIELD_INT, .doc = "URN of a school" };

static const struct field change_fields[] = {
	{ "token", .type = FIELD_TEXT, .required = true, .doc = "The place after this change" },
	{ "record", .type = FIELD_CHOICE, .required = true, .choices = choices_change_record, .doc = "Kind of the record" },
	{ "action", .type = FIELD_CHOICE, .required = true, .choices = choices_change_action, .doc = "What became of it; updated may be the first that one hears of it, or the last" },
	{ "id", .type = FIELD_INT, .required = true, .doc = "Its number in this API" },
	{ "key", .type = FIELD_OBJECT, .required = true, .doc = "Its natural key: of a pupil upn, of staff staff_code, of a visit school_urn and planned_start; of an agreement school_urn, pupil_id and made_on, of a letter school_urn, pupil_id, kind and created_at, of a referral school_urn, pupil_id and as_of" },
	{ "previous_key", .type = FIELD_OBJECT, .doc = "Its natural key before; null when that is the same" },
	{ "school_urns", .type = FIELD_LIST, .required = true, .item = &school_urn, .doc = "Its schools, before and after, that the client sees" },
	{ "version", .type = FIELD_INT, .required = true, .doc = "Its version, as in its ETag; of what was deleted, the last" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ 0 }
};

static const struct field change = { "change", .type = FIELD_OBJECT, .fields = change_fields,
				     .doc = "A change of a record" };

static const struct field page[] = {
	{ "data", .type = FIELD_LIST, .required = true, .item = &change, .doc = "The changes, in the order in which to apply them" },
	{ "next", .type = FIELD_TEXT, .required = true, .doc = "Path of what follows, now or later" },
	{ "token", .type = FIELD_TEXT, .required = true, .doc = "How far one has come: keep it once the changes are applied" },
	{ "more", .type = FIELD_BOOL, .required = true, .doc = "Whether there is more to read now, even if this page is empty" },
	{ "ceiling", .type = FIELD_TEXT, .required = true, .doc = "The newest place up to which changes can be read now" },
	{ 0 }
};

static const struct field ceiling[] = {
	{ "token", .type = FIELD_TEXT, .required = true, .doc = "The newest place up to which changes can be read now" },
	{ 0 }
};

static const int page_statuses[] = { 410, 0 };

const struct route change_routes[] = {
	{ .method = "GET", .path = "/api/v1/changes", .summary = "Read what changed after a token",
	  .scope = "changes:read", .fields = page_fields, .answer = page, .noun = "changes", .nouns = "changes",
	  .function = "api.change_read", .statuses = page_statuses },
	{ .method = "GET", .path = "/api/v1/changes/ceiling", .summary = "Ask for the newest token, before reading everything",
	  .scope = "changes:read", .fields = no_fields, .answer = ceiling, .noun = "ceiling", .nouns = "ceilings",
	  .function = "api.change_ceiling" },
	{ 0 }
};
