#include "audit/resources.h"
#include "records/resources.h"

/* As audit.kinds() names them. */
static const char *const kinds[] = { "visit", "visit_record", "concern", "incident", "risk_assessment", "agreement",
	"letter", "referral", "penalty_notice", "notice_to_improve", "pupil", NULL };
static const char *const actions[] = { "insert", "update", "delete", NULL };
static const char *const states[] = { "present", "erased", "withheld", "removed", NULL };
static const char *const entry_kinds[] = { "entry", "access", NULL };

enum { TABLE_MAX = 63, CLIENT_MAX = 100, SAID_MAX = 1000000000 };

#define TRAIL_FILTERS                                                                                          \
	{ "record", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = kinds, .doc = "Only of this kind of record" }, \
	{ "id", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Of that kind, only of the record with this number" }, \
	{ "pupil", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only about the pupil with this id" },   \
	{ "staff", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only about who of the staff has this id" }, \
	{ "client", .in = IN_QUERY, .type = FIELD_TEXT, .min = 1, .max = CLIENT_MAX, .doc = "Only by this client" }, \
	{ "since", .in = IN_QUERY, .type = FIELD_MOMENT, .doc = "Only since this day or time" },               \
	{ "until", .in = IN_QUERY, .type = FIELD_MOMENT, .doc = "Only up to this day or time" }

static const struct field entry_fields[] = {
	TRAIL_FILTERS,
	{ "table", .in = IN_QUERY, .type = FIELD_TEXT, .min = 1, .max = TABLE_MAX,
	  .doc = "Only of rows of this table, with its schema: auth.client" },
	{ "kind", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = actions, .doc = "Only changes of this kind" },
	LIST_PAGE_FIELDS,
	{ 0 }
};
static const struct field access_fields[] = {
	TRAIL_FILTERS,
	{ "kind", .in = IN_QUERY, .type = FIELD_TEXT, .min = 1, .max = 10, .doc = "Only in this format: json, csv, xml, …" },
	LIST_PAGE_FIELDS,
	{ 0 }
};
static const struct field proof_fields[] = {
	{ "from", .in = IN_QUERY, .type = FIELD_INT, .doc = "From this leaf on" },
	{ "until", .in = IN_QUERY, .type = FIELD_INT, .doc = "Up to this leaf" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

#define REQUEST_FIELD                                                                                          \
	{ "request_id", .type = FIELD_TEXT, .doc = "Request, as in the X-Request-Id header and the logs" }
#define LEAF_FIELD                                                                                             \
	{ "leaf", .type = FIELD_INT, .doc = "Its place in the tree that seals the trail; null until it has one" }
#define SAID(name, text) { (name), .type = FIELD_TEXT, .lines = true, .max = SAID_MAX, .doc = (text) }

static const struct field entry[] = {
	{ "entry_id", .type = FIELD_INT, .required = true, .doc = "Number of the entry; gaps are work that was rolled back" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ "client_id", .type = FIELD_TEXT, .doc = "Through which client; null for the clock, and for work by hand in the database" },
	REQUEST_FIELD,
	{ "db_role", .type = FIELD_TEXT, .required = true, .doc = "Role that was signed in to the database" },
	{ "action", .type = FIELD_CHOICE, .required = true, .choices = actions, .doc = "What was done to the row" },
	{ "table_name", .type = FIELD_TEXT, .required = true, .doc = "Table of the row, with its schema" },
	SAID("key", "Primary key of the row, as JSON"),
	{ "school_urn", .type = FIELD_INT, .doc = "School of the row, where it has one" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = states,
	  .doc = "present; erased, by a rule or a decision; withheld, without the scopes that open the row" },
	SAID("was", "The row before, as JSON; null of a new one"),
	SAID("is_now", "The row after, as JSON; null of one that was deleted"),
	LEAF_FIELD,
	{ 0 }
};
static const struct field accesses[] = {
	{ "access_id", .type = FIELD_INT, .required = true, .doc = "Number of the entry; gaps are work that was rolled back" },
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ "client_id", .type = FIELD_TEXT, .required = true, .doc = "Which client" },
	REQUEST_FIELD,
	{ "resource", .type = FIELD_TEXT, .required = true, .max = 8192, .doc = "What was asked for: the path" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = states, .doc = "present; erased, by a rule or a decision" },
	SAID("filters", "With which parameters, as JSON"),
	{ "format", .type = FIELD_TEXT, .required = true, .doc = "In which format" },
	{ "row_count", .type = FIELD_INT, .required = true, .doc = "How many rows were handed over" },
	LEAF_FIELD,
	{ 0 }
};
static const struct field proof[] = {
	{ "leaf", .type = FIELD_INT, .required = true, .doc = "Place in the tree, from 0" },
	{ "hash", .type = FIELD_TEXT, .required = true, .doc = "The hash of the leaf, in hex" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = states,
	  .doc = "present; erased; withheld from this client; removed: its entry is gone" },
	{ "kind", .type = FIELD_CHOICE, .choices = entry_kinds,
	  .doc = "entry of a change, or access; null, as all that follows, where the client may not read the entry" },
	{ "id", .type = FIELD_INT, .doc = "Number of the entry" },
	{ "at", .type = FIELD_TEXT, .doc = "When, as it is hashed" },
	{ "xid", .type = FIELD_TEXT, .doc = "Transaction in the database" },
	{ "client_id", .type = FIELD_TEXT, .doc = "Through which client" },
	REQUEST_FIELD,
	{ "db_role", .type = FIELD_TEXT, .doc = "Of a change: role that was signed in to the database" },
	{ "action", .type = FIELD_CHOICE, .choices = actions, .doc = "Of a change: what was done to the row" },
	{ "table_name", .type = FIELD_TEXT, .doc = "Of a change: table of the row, with its schema" },
	SAID("key", "Of a change: primary key of the row, as it is hashed"),
	{ "school_urn", .type = FIELD_INT, .doc = "Of a change: school of the row" },
	{ "resource", .type = FIELD_TEXT, .max = 8192, .doc = "Of an access: what was asked for" },
	{ "format", .type = FIELD_TEXT, .doc = "Of an access: in which format" },
	{ "row_count", .type = FIELD_INT, .doc = "Of an access: how many rows were handed over" },
	{ "commitment", .type = FIELD_TEXT, .doc = "SHA-256 of the salt and of what follows it, in hex" },
	{ "salt", .type = FIELD_TEXT, .doc = "The salt, in hex; null, as all that follows, unless present" },
	SAID("was", "Of a change: the row before, as it is hashed"),
	SAID("is_now", "Of a change: the row after, as it is hashed"),
	SAID("filters", "Of an access: with which parameters, as it is hashed"),
	{ 0 }
};

/* Whoever reads the trail is in it. */
#define TRAIL_LIST .scope = "audit:read", .shape = MANY_ROWS, .sensitive = true

const struct route trail_routes[] = {
	{ .method = "GET", .path = "/api/v1/audit", .summary = "List the changes: who changed what, when, from what to what",
	  .fields = entry_fields, .answer = entry, .noun = "audit_entry", .nouns = "audit_entries",
	  .function = "audit.entry_list", TRAIL_LIST },
	{ .method = "GET", .path = "/api/v1/access", .summary = "List the reads of what is sensitive, and the exports",
	  .fields = access_fields, .answer = accesses, .noun = "access_entry", .nouns = "access_entries",
	  .function = "audit.access_list", TRAIL_LIST },
	{ .method = "GET", .path = "/api/v1/audit/proof",
	  .summary = "List the leaves of the tree that seals the trail, for doorstep-verify",
	  .fields = proof_fields, .answer = proof, .noun = "leaf", .nouns = "leaves", .function = "audit.proof", TRAIL_LIST },
	{ 0 }
};
