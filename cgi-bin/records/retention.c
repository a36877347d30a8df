#include "records/agreements.h"

#define RECORD_CHOICE(given, text) \
	{ "record", .in = (given), .type = FIELD_CHOICE, .choices = choices_retention_kind, .doc = (text) }
#define KIND_ANSWER(text) \
	{ "record", .type = FIELD_CHOICE, .required = true, .choices = choices_retention_kind, .doc = (text) }
#define NUMBER_ANSWER { "record_id", .type = FIELD_TEXT, .required = true, \
	.doc = "Its number in this API; of a week of the register, school:Monday" }
#define ID_ANSWER { "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" }

static const struct field school_item = { "school", .type = FIELD_INT };
#define SCHOOLS_ANSWER                                                                                       \
	{ "schools", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &school_item,      \
	  .doc = "The schools that it hangs on" },                                                           \
	{ "schools_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "The schools that it hangs on" }

#define RULE_SAYS                                                                                            \
	{ "starts", .type = FIELD_CHOICE, .required = true, .choices = choices_retention_start,              \
	  .doc = "From what the time is counted" },                                                          \
	{ "months", .type = FIELD_INT, .required = true, .min = 1, .max = 1200, .doc = "How long, in months" }, \
	{ "year_end", .type = FIELD_BOOL, .doc = "Whether it is counted from the end of the school year, 31 August" }, \
	{ "what_then", .type = FIELD_CHOICE, .required = true, .choices = choices_retention_then,            \
	  .doc = "What then; review: a person looks at each, and it goes when it is named" },                \
	LONG_TEXT("source", "Which law or guidance says so, or who decided it")

static const struct field rule_list_fields[] = {
	RECORD_CHOICE(IN_QUERY, "Only about such"),
	SCHOOL_FILTER,
	{ "in_force", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "Only those that hold today, or do not" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field rule_add_fields[] = {
	{ "record", .type = FIELD_CHOICE, .required = true, .choices = choices_retention_kind, .doc = "About which records" },
	{ "school_urn", .type = FIELD_INT, .min = 100000, .max = 999999, .doc = "Of which school; of the trust when left out" },
	{ "from_on", .type = FIELD_DATE, .required = true, .doc = "First day on which it holds, until the next one does" },
	RULE_SAYS,
	BY_STAFF("sets it"),
	{ 0 }
};

static const struct field rule[] = {
	ID_ANSWER,
	KIND_ANSWER("About which records"),
	{ "school_urn", .type = FIELD_INT, .doc = "Of which school; null for the trust" },
	{ "from_on", .type = FIELD_DATE, .doc = "First day on which it holds; null for one that always did" },
	RULE_SAYS,
	{ "in_force", .type = FIELD_BOOL, .required = true, .doc = "Whether no later one takes its place today" },
	{ "by", .type = FIELD_INT, .doc = "Who of the staff set it; null for what came with Doorstep" },
	{ "set_at", .type = FIELD_TIME, .required = true, .doc = "When it was set" },
	{ 0 }
};

#define HOLD_IN_PATH ID_IN_PATH("hold", "Id of the hold")
static const struct field hold_read_fields[] = { HOLD_IN_PATH, { 0 } };
static const struct field hold_lift_fields[] = { HOLD_IN_PATH, BY_STAFF("lifts it"), LONG_TEXT("reason", "Why"),
	{ 0 } };

static const struct field hold_list_fields[] = {
	{ "subject", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_hold_subject, .doc = "Only on such" },
	{ "stands", .in = IN_QUERY, .type = FIELD_BOOL, .doc = "Only those that stand, or do not" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field hold_place_fields[] = {
	{ "subject", .type = FIELD_CHOICE, .required = true, .choices = choices_hold_subject, .doc = "On what" },
	{ "id", .type = FIELD_INT, .required = true, .min = 1, .doc = "Its id; of a school, its URN" },
	LONG_TEXT("reason", "Why"),
	{ "until_on", .type = FIELD_DATE, .doc = "Last day on which it holds; until it is lifted when left out" },
	BY_STAFF("places it"),
	{ 0 }
};

static const struct field hold[] = {
	ID_ANSWER,
	{ "subject", .type = FIELD_CHOICE, .required = true, .choices = choices_hold_subject, .doc = "What is held" },
	{ "subject_id", .type = FIELD_INT, .required = true, .doc = "Its id; of a school, its URN" },
	SCHOOLS_ANSWER,
	LONG_TEXT("reason", "Why"),
	{ "until_on", .type = FIELD_DATE, .doc = "Last day on which it holds; null until it is lifted" },
	{ "stands", .type = FIELD_BOOL, .required = true, .doc = "Whether it holds today" },
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who of the staff placed it" },
	{ "placed_at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ "lifted_at", .type = FIELD_TIME, .doc = "When it was lifted" },
	{ "lifted_by", .type = FIELD_INT, .doc = "Who lifted it" },
	LONG_TEXT_IF_ANY("lifted_why", "Why"),
	{ 0 }
};

static const struct field held = { "held", .type = FIELD_TEXT, .doc = "Something that holds it" };
#define WEIGHED(wanted)                                                                                      \
	SCHOOLS_ANSWER,                                                                                      \
	{ "rule", .type = FIELD_INT, .required = (wanted), .doc = "The rule by which it is kept longest" },  \
	{ "source", .type = FIELD_TEXT, .lines = true, .required = (wanted), .doc = "Who says so" },         \
	{ "starts", .type = FIELD_CHOICE, .required = (wanted), .choices = choices_retention_start,          \
	  .doc = "From what its time is counted" },                                                          \
	{ "start_on", .type = FIELD_DATE, .required = (wanted), .doc = "From when it is counted" },          \
	{ "kept_until", .type = FIELD_DATE, .required = (wanted), .doc = "Last day on which it is kept" },   \
	{ "what_then", .type = FIELD_CHOICE, .required = (wanted), .choices = choices_retention_then, .doc = "What then" }
#define HELD_BY                                                                                              \
	{ "held_by", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &held, .max = 1000, \
	  .doc = "What holds it nevertheless: holds, open cases, records that stand on it" },                \
	{ "held_by_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "What holds it nevertheless" }

static const struct field due_fields[] = {
	RECORD_CHOICE(IN_QUERY, "Only such"),
	SCHOOL_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field due[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Place in the list" },
	KIND_ANSWER("What it is"),
	NUMBER_ANSWER,
	WEIGHED(true),
	{ "goes", .type = FIELD_BOOL, .required = true, .doc = "Whether a disposal of its kind would take it now" },
	HELD_BY,
	{ 0 }
};

static const struct field why_fields[] = {
	{ "record", .in = IN_QUERY, .type = FIELD_TEXT, .required = true, .max = 40,
	  .doc = "What: a kind of records, or what goes with one, event say" },
	{ "id", .in = IN_QUERY, .type = FIELD_TEXT, .required = true, .max = 40,
	  .doc = "Its id; of a week of the register, school:Monday" },
	{ 0 }
};

static const struct field why[] = {
	KIND_ANSWER("What it is, or goes with"),
	NUMBER_ANSWER,
	WEIGHED(false),
	HELD_BY,
	{ "disposal", .type = FIELD_INT, .doc = "By which disposal it has gone" },
	{ "words", .type = FIELD_TEXT, .required = true, .doc = "Why it is there still" },
	{ 0 }
};

#define DISPOSAL_IN_PATH ID_IN_PATH("disposal", "Id of the disposal")
static const struct field disposal_read_fields[] = { DISPOSAL_IN_PATH, { 0 } };
static const struct field disposal_part_fields[] = { DISPOSAL_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field approve_fields[] = { DISPOSAL_IN_PATH, BY_STAFF("approves it: another person"), { 0 } };
static const struct field refuse_fields[] = { DISPOSAL_IN_PATH, BY_STAFF("refuses it: another person"),
	LONG_TEXT("reason", "Why; it is kept, so it names nobody"), { 0 } };
static const struct field withdraw_fields[] = { DISPOSAL_IN_PATH, BY_STAFF("withdraws it"),
	LONG_TEXT("reason", "Why; it is kept, so it names nobody"), { 0 } };
static const struct field execute_fields[] = {
	DISPOSAL_IN_PATH,
	{ "most", .type = FIELD_INT, .min = 1, .max = 200, .doc = "How many records at most; no more than two seconds have for" },
	{ 0 }
};

static const struct field disposal_list_fields[] = {
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_disposal_state, .doc = "Only in this state" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field named_fields[] = {
	{ "record", .type = FIELD_CHOICE, .required = true, .choices = choices_retention_kind, .doc = "What it is" },
	{ "id", .type = FIELD_TEXT, .required = true, .max = 40, .doc = "Its id; of a week of the register, school:Monday" },
	{ 0 }
};
static const struct field named = { "record", .type = FIELD_OBJECT, .fields = named_fields, .doc = "A record" };

static const struct field ask_fields[] = {
	RECORD_CHOICE(IN_BODY, "All of this kind that may go, but what is to be reviewed"),
	{ "school", .type = FIELD_INT, .min = 100000, .max = 999999, .doc = "Of these, only of the school with this URN" },
	{ "most", .type = FIELD_INT, .min = 1, .max = 1000, .doc = "Of these, at most so many, 500 when left out" },
	{ "records", .type = FIELD_LIST, .min = 1, .max = 500, .item = &named, .doc = "Instead: these, reviewed or not" },
	LONG_TEXT("reason", "Why, and by which decision; it is kept, so it names nobody"),
	BY_STAFF("asks for it"),
	{ 0 }
};

static const struct field disposal[] = {
	ID_ANSWER,
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_disposal_state, .doc = "How far it has come" },
	SCHOOLS_ANSWER,
	LONG_TEXT("reason", "Why"),
	{ "by", .type = FIELD_INT, .required = true, .doc = "Who of the staff asked for it" },
	{ "requested_at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ "decided_by", .type = FIELD_INT, .doc = "Who approved or refused it" },
	{ "decided_at", .type = FIELD_TIME, .doc = "When" },
	LONG_TEXT_IF_ANY("refused_why", "Why it was refused"),
	{ "withdrawn_by", .type = FIELD_INT, .doc = "Who withdrew it: what had not gone was kept" },
	{ "withdrawn_at", .type = FIELD_TIME, .doc = "When" },
	LONG_TEXT_IF_ANY("withdrawn_why", "Why it was withdrawn"),
	{ "records", .type = FIELD_INT, .required = true, .doc = "How many records it is about" },
	{ "waiting", .type = FIELD_INT, .required = true, .doc = "How many of them wait" },
	{ "disposed", .type = FIELD_INT, .required = true, .doc = "How many have gone" },
	{ "kept", .type = FIELD_INT, .required = true, .doc = "How many were kept" },
	{ "rows", .type = FIELD_OBJECT, .shape = SHAPE_NESTED, .required = true, .doc = "How many rows of which tables have gone" },
	{ "rows_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "How many rows of which tables have gone" },
	{ "erased", .type = FIELD_INT, .required = true, .doc = "Of how many entries of the trail what they said was erased" },
	{ "done_at", .type = FIELD_TIME, .doc = "When all was done" },
	{ 0 }
};

static const struct field item[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Place in the disposal" },
	KIND_ANSWER("What it was"),
	NUMBER_ANSWER,
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_disposal_item_state, .doc = "What became of it" },
	SCHOOLS_ANSWER,
	{ "rule", .type = FIELD_INT, .required = true, .doc = "The rule by which it was kept longest" },
	{ "source", .type = FIELD_TEXT, .lines = true, .required = true, .doc = "Who says so" },
	{ "starts", .type = FIELD_CHOICE, .required = true, .choices = choices_retention_start, .doc = "From what its time was counted" },
	{ "months", .type = FIELD_INT, .required = true, .doc = "How long, in months" },
	{ "kept_until", .type = FIELD_DATE, .doc = "Last day on which it was kept; null where that would tell of a birth" },
	{ "kept_why", .type = FIELD_TEXT, .doc = "Why it was kept nevertheless" },
	{ "ended_at", .type = FIELD_TIME, .doc = "When it went, or was kept" },
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int set_statuses[] = { 409, 422, 0 };
static const int place_statuses[] = { 422, 0 };
static const int step_statuses[] = { 404, 409, 422, 0 };
static const int execute_statuses[] = { 404, 409, 0 };

#define RETENTION "/api/v1/retention"
#define HOLD RETENTION "/holds/{hold}"
#define DISPOSAL RETENTION "/disposals/{disposal}"
#define ANSWERS_RULE .answer = rule, .noun = "retention_rule", .nouns = "retention_rules"
#define ANSWERS_HOLD .answer = hold, .noun = "legal_hold", .nouns = "legal_holds"
#define ANSWERS_DISPOSAL .answer = disposal, .noun = "disposal", .nouns = "disposals"

const struct route retention_routes[] = {
	{ .method = "GET", .path = RETENTION "/rules", .summary = "List the rules on how long records are kept",
	  .scope = "retention:read", .fields = rule_list_fields, ANSWERS_RULE, .function = "api.retention_rule_list",
	  .shape = MANY_ROWS },
	{ .method = "POST", .path = RETENTION "/rules", .summary = "Set how long records of a kind are kept, from a day on",
	  .scope = "retention:write", .fields = rule_add_fields, ANSWERS_RULE, .function = "api.retention_rule_add",
	  .status = 201, .statuses = set_statuses },
	{ .method = "GET", .path = RETENTION "/holds", .summary = "List the legal holds",
	  .scope = "retention:read", .fields = hold_list_fields, ANSWERS_HOLD, .function = "api.legal_hold_list",
	  .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = RETENTION "/holds", .summary = "Place a legal hold",
	  .scope = "retention:write", .fields = hold_place_fields, ANSWERS_HOLD, .function = "api.legal_hold_place",
	  .status = 201, .location = RETENTION "/holds/%s", .statuses = place_statuses },
	{ .method = "GET", .path = HOLD, .summary = "Read a legal hold",
	  .scope = "retention:read", .fields = hold_read_fields, ANSWERS_HOLD, .function = "api.legal_hold_read",
	  .sensitive = true },
	{ .method = "POST", .path = HOLD "/lifting", .summary = "Lift a legal hold",
	  .scope = "retention:write", .fields = hold_lift_fields, ANSWERS_HOLD, .function = "api.legal_hold_lift",
	  .statuses = step_statuses },
	{ .method = "GET", .path = RETENTION "/due",
	  .summary = "List the records whose time is over: which would go, what holds the others",
	  .scope = "retention:read", .fields = due_fields, .answer = due, .noun = "due_record", .nouns = "due_records",
	  .function = "api.retention_due_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = RETENTION "/why", .summary = "Ask why a record is there still",
	  .scope = "retention:read", .fields = why_fields, .answer = why, .noun = "kept_record", .nouns = "kept_records",
	  .function = "api.retention_why", .hidden = true, .sensitive = true, .statuses = list_statuses },
	{ .method = "GET", .path = RETENTION "/disposals",
	  .summary = "List the disposals, and the certificates of those that are done",
	  .scope = "retention:read", .fields = disposal_list_fields, ANSWERS_DISPOSAL, .function = "api.disposal_list",
	  .shape = MANY_ROWS },
	{ .method = "POST", .path = RETENTION "/disposals", .summary = "Ask for records to be disposed of",
	  .scope = "retention:write", .fields = ask_fields, ANSWERS_DISPOSAL, .function = "api.disposal_ask", .status = 201,
	  .location = RETENTION "/disposals/%s", .statuses = set_statuses },
	{ .method = "GET", .path = DISPOSAL, .summary = "Read a disposal: once it is done, the certificate",
	  .scope = "retention:read", .fields = disposal_read_fields, ANSWERS_DISPOSAL, .function = "api.disposal_read" },
	{ .method = "GET", .path = DISPOSAL "/items", .summary = "List the records of a disposal, by number",
	  .scope = "retention:read", .fields = disposal_part_fields, .answer = item, .noun = "disposal_item",
	  .nouns = "disposal_items", .function = "api.disposal_item_list", .shape = MANY_ROWS, .statuses = list_statuses },
	{ .method = "POST", .path = DISPOSAL "/approval", .summary = "Approve a disposal that another person asked for",
	  .scope = "disposals:write", .fields = approve_fields, ANSWERS_DISPOSAL, .function = "api.disposal_approve",
	  .statuses = step_statuses },
	{ .method = "POST", .path = DISPOSAL "/refusal", .summary = "Refuse a disposal that another person asked for",
	  .scope = "disposals:write", .fields = refuse_fields, ANSWERS_DISPOSAL, .function = "api.disposal_refuse",
	  .statuses = step_statuses },
	{ .method = "POST", .path = DISPOSAL "/withdrawal", .summary = "Withdraw a disposal: what has not gone yet is kept",
	  .scope = "retention:write", .fields = withdraw_fields, ANSWERS_DISPOSAL, .function = "api.disposal_withdraw",
	  .statuses = step_statuses },
	{ .method = "POST", .path = DISPOSAL "/execution", .summary = "Carry out the next part of an approved disposal",
	  .scope = "retention:write", .fields = execute_fields, ANSWERS_DISPOSAL, .function = "api.disposal_execute",
	  .statuses = execute_statuses },
	{ 0 }
};
