#include "records/agreements.h"
#include "records/pack.h"

static const struct field missing = { "missing", .type = FIELD_TEXT, .doc = "What is missing" };

static const struct field propose_fields[] = {
	ABOUT_PUPIL("puts the pupil forward"),
	BY_STAFF("puts the pupil forward"),
	LONG_TEXT("reason", "Why"),
	{ "as_of", .type = FIELD_DATE, .doc = "As of which day the rule is met; today when left out" },
	{ "agreement", .type = FIELD_INT, .min = 1, .doc = "Id of the agreement whose breach led to it" },
	{ 0 }
};

#define REFERRAL_IN_PATH ID_IN_PATH("referral", "Id of the referral")
static const struct field read_fields[] = { REFERRAL_IN_PATH, { 0 } };
static const struct field part_fields[] = { REFERRAL_IN_PATH, LIST_PAGE_FIELDS, { 0 } };

static const struct field list_fields[] = {
	SCHOOL_FILTER,
	PUPIL_FILTER,
	{ "state", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_referral_state, .doc = "Only in this state" },
	UPDATED_AFTER_FILTER,
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field decide_fields[] = {
	REFERRAL_IN_PATH,
	{ "decision", .type = FIELD_CHOICE, .required = true, .choices = choices_referral_decision, .doc = "What is decided" },
	BY_STAFF("decides: the headteacher, or who stands in for them"),
	LONG_TEXT("reason", "Why"),
	{ 0 }
};
static const struct field notify_fields[] = {
	REFERRAL_IN_PATH,
	{ "authority", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "Which authority, and whom there" },
	{ "how", .type = FIELD_TEXT, .required = true, .max = 200, .doc = "How it was notified" },
	BY_STAFF("notified it"),
	{ "at", .type = FIELD_TIME, .doc = "When; now when left out" },
	SHORT_TEXT_IF_ANY("reference", "The number that it gave"),
	{ 0 }
};
static const struct field conclude_fields[] = {
	REFERRAL_IN_PATH,
	{ "outcome", .type = FIELD_CHOICE, .required = true, .choices = choices_referral_outcome, .doc = "What came of it" },
	{ "on", .type = FIELD_DATE, .required = true, .doc = "When" },
	LONG_TEXT_IF_ANY("note", "What there is to say of it"),
	{ 0 }
};
static const struct field withdraw_fields[] = { REFERRAL_IN_PATH, BY_STAFF("withdraws it"), LONG_TEXT("reason", "Why"),
	{ 0 } };

static const struct field referral[] = {
	ANSWER_ABOUT_PUPIL,
	{ "agreement", .type = FIELD_INT, .doc = "The agreement whose breach led to it" },
	{ "state", .type = FIELD_CHOICE, .required = true, .choices = choices_referral_state, .doc = "How far it has come" },
	{ "rule", .type = FIELD_TEXT, .required = true, .doc = "The rule that was met, with its figures" },
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that states it; trust-default: the trust" },
	{ "policy", .type = FIELD_TEXT, .doc = "Code of its policy" },
	{ "policy_version", .type = FIELD_TEXT, .doc = "Version of its policy" },
	{ "as_of", .type = FIELD_DATE, .required = true, .doc = "As of which day it was met" },
	{ "window_start", .type = FIELD_DATE, .required = true, .doc = "First day of the window" },
	{ "window_end", .type = FIELD_DATE, .required = true, .doc = "Last day of the window" },
	{ "evidence_from", .type = FIELD_DATE, .required = true,
	  .doc = "First day of the evidence: that of the window; of a falling rule, that of the month before it" },
	FIGURE_FIELDS,
	{ "lane", .type = FIELD_CHOICE, .required = true, .choices = choices_referral_lane,
	  .doc = "legal, or support: without unauthorised absence, or not of compulsory school age" },
	{ "safe_to_refer", .type = FIELD_BOOL, .required = true,
	  .doc = "Whether the rule is met whatever becomes of unresolved and missing marks" },
	{ "missing", .type = FIELD_LIST, .shape = SHAPE_NESTED, .required = true, .item = &missing,
		.doc = "What was still missing" },
	{ "missing_text", .type = FIELD_TEXT, .shape = SHAPE_FLAT, .doc = "What was still missing" },
	{ "proposed_by", .type = FIELD_INT, .required = true, .doc = "Who of the staff put the pupil forward" },
	{ "proposed_at", .type = FIELD_TIME, .required = true, .doc = "When; as of then the evidence is frozen" },
	LONG_TEXT("reason", "Why"),
	{ "manifest_sha256", .type = FIELD_TEXT, .required = true, .doc = "SHA-256 of the manifest of the evidence" },
	{ "evidence_changes", .type = FIELD_INT, .required = true, .doc = "How many frozen marks were changed since" },
	{ "evidence_changed", .type = FIELD_BOOL, .required = true, .doc = "Whether any was" },
	{ "still_met", .type = FIELD_BOOL, .required = true, .doc = "Whether the rule is met with them" },
	{ "lane_now", .type = FIELD_CHOICE, .choices = choices_referral_lane,
	  .doc = "The lane with them; null while the rule is not met" },
	{ "percentage_now", .type = FIELD_DECIMAL, .max = 100, .doc = "The percentage with them" },
	{ "decision", .type = FIELD_CHOICE, .choices = choices_referral_decision, .doc = "What the head decided" },
	{ "decided_by", .type = FIELD_INT, .doc = "Who decided" },
	{ "decided_at", .type = FIELD_TIME, .doc = "When" },
	LONG_TEXT_IF_ANY("decision_reason", "Why"),
	{ "notified_at", .type = FIELD_TIME, .doc = "When the authority was notified" },
	{ "notified_by", .type = FIELD_INT, .doc = "Who notified it" },
	{ "authority", .type = FIELD_TEXT, .doc = "Which authority, and whom there" },
	{ "notified_how", .type = FIELD_TEXT, .doc = "How it was notified" },
	{ "reference", .type = FIELD_TEXT, .doc = "Its number there" },
	{ "outcome", .type = FIELD_CHOICE, .choices = choices_referral_outcome, .doc = "What came of it" },
	{ "outcome_on", .type = FIELD_DATE, .doc = "When" },
	LONG_TEXT_IF_ANY("outcome_note", "What there is to say of it"),
	{ "withdrawn_at", .type = FIELD_TIME, .doc = "When it was withdrawn" },
	{ "withdrawn_by", .type = FIELD_INT, .doc = "Who withdrew it" },
	LONG_TEXT_IF_ANY("withdrawn_why", "Why"),
	RECORD_FIELDS,
	{ 0 }
};

static const struct field evidence[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Place in the pack" },
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "Name of the file" },
	{ "title", .type = FIELD_TEXT, .required = true, .doc = "What it is" },
	{ "size", .type = FIELD_INT, .required = true, .doc = "Bytes" },
	{ "sha256", .type = FIELD_TEXT, .required = true, .doc = "Its SHA-256 when it was frozen" },
	{ 0 }
};

static const struct field change[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },
	{ "date", .type = FIELD_DATE, .required = true, .doc = "Day of the mark" },
	{ "session", .type = FIELD_CHOICE, .required = true, .choices = choices_session, .doc = "Session of the mark" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose register" },
	{ "frozen", .type = FIELD_TEXT, .required = true, .doc = "The code as it was frozen; - for none" },
	{ "was", .type = FIELD_TEXT, .required = true, .doc = "The code before the change" },
	{ "is_now", .type = FIELD_TEXT, .required = true, .doc = "The code since" },
	{ "percentage", .type = FIELD_DECIMAL, .max = 100, .doc = "The percentage of the window since" },
	{ "possible", .type = FIELD_INT, .required = true, .doc = "Possible sessions of the window since" },
	{ "attended", .type = FIELD_INT, .required = true, .doc = "Attended sessions of the window since" },
	{ "still_met", .type = FIELD_BOOL, .required = true, .doc = "Whether the rule is still met" },
	{ "lane", .type = FIELD_CHOICE, .choices = choices_referral_lane, .doc = "The lane since; null while it is not" },
	{ "changed_at", .type = FIELD_TIME, .required = true, .doc = "When" },
	{ 0 }
};

static const struct field rule_list_fields[] = { LIST_PAGE_FIELDS, { 0 } };
#define RULE_FIELDS                                                                                           \
	{ "from_on", .type = FIELD_DATE, .required = true, .doc = "First day on which it holds" },            \
	{ "months", .type = FIELD_INT, .required = true, .min = 1, .max = 12, .doc = "Over how many months" }, \
	{ "below_percent", .type = FIELD_INT, .min = 1, .max = 100, .doc = "Below which attendance in percent" }, \
	{ "falling", .type = FIELD_BOOL, .doc = "Whether attendance that falls month by month counts" },      \
	LONG_TEXT("reason", "Why the trust set it")
static const struct field rule_add_fields[] = { RULE_FIELDS, { 0 } };
static const struct field rule[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Its first day as a number" },
	RULE_FIELDS,
	{ "set_at", .type = FIELD_TIME, .required = true, .doc = "When it was set" },
	{ 0 }
};

static const struct field no_columns[] = { { 0 } };
static const int list_statuses[] = { 404, 0 };
static const int propose_statuses[] = { 409, 422, 0 };
static const int step_statuses[] = { 404, 409, 422, 0 };

#define REFERRAL "/api/v1/referrals/{referral}"
#define ANSWERS_REFERRAL .answer = referral, .noun = "referral", .nouns = "referrals"

const struct route referral_routes[] = {
	{ .method = "GET", .path = "/api/v1/referrals", .summary = "List the referrals for legal proceedings to be considered",
	  .scope = "referrals:read", .fields = list_fields, ANSWERS_REFERRAL, .function = "api.referral_list",
	  .shape = MANY_ROWS, .sensitive = true },
	{ .method = "POST", .path = "/api/v1/referrals", .summary = "Put a pupil forward, and freeze the evidence",
	  .scope = "referrals:write", .fields = propose_fields, ANSWERS_REFERRAL, .function = "api.referral_propose",
	  .status = 201, .location = "/api/v1/referrals/%s", .statuses = propose_statuses },
	{ .method = "GET", .path = REFERRAL, .summary = "Read a referral",
	  .scope = "referrals:read", .fields = read_fields, ANSWERS_REFERRAL, .function = "api.referral_read",
	  	.sensitive = true },
	{ .method = "POST", .path = REFERRAL "/decision", .summary = "Decide on a referral, as the head",
	  .scope = "decisions:write", .fields = decide_fields, ANSWERS_REFERRAL, .function = "api.referral_decide",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REFERRAL "/notification", .summary = "Record that the authority was notified",
	  .scope = "referrals:write", .fields = notify_fields, ANSWERS_REFERRAL, .function = "api.referral_notify",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REFERRAL "/outcome", .summary = "Record what came of a referral",
	  .scope = "referrals:write", .fields = conclude_fields, ANSWERS_REFERRAL, .function = "api.referral_conclude",
	  .statuses = step_statuses },
	{ .method = "POST", .path = REFERRAL "/withdrawal", .summary = "Withdraw a referral",
	  .scope = "referrals:write", .fields = withdraw_fields, ANSWERS_REFERRAL, .function = "api.referral_withdraw",
	  .statuses = step_statuses },
	{ .method = "GET", .path = REFERRAL "/evidence", .summary = "List the frozen parts of the evidence, with their hashes",
	  .scope = "referrals:read", .fields = part_fields, .answer = evidence, .noun = "evidence_part",
	  .nouns = "evidence_parts", .function = "api.evidence_list", .shape = MANY_ROWS, .sensitive = true,
	  .statuses = list_statuses },
	{ .method = "GET", .path = REFERRAL "/evidence-changes", .summary = "List the frozen marks that were changed since",
	  .scope = "referrals:read", .fields = part_fields, .answer = change, .noun = "evidence_change",
	  .nouns = "evidence_changes", .function = "api.evidence_change_list", .shape = MANY_ROWS, .sensitive = true,
	  .statuses = list_statuses },
	{ .method = "GET", .path = REFERRAL "/pack", .summary = "Read the evidence pack: one document, printable as HTML",
	  .scope = "referrals:read", .fields = read_fields, .answer = no_columns, .noun = "evidence-pack",
	  .nouns = "evidence-packs", .function = "api.referral_pack", .shape = DOCUMENT, .page = "evidence-pack",
	  .sensitive = true },
	{ .method = "GET", .path = REFERRAL "/pack.zip",
	  .summary = "Fetch the evidence pack: all its parts, with hashes that sha256sum(1) checks",
	  .scope = "referrals:read", .fields = read_fields, .answer = no_columns, .noun = "evidence-pack",
	  .nouns = "evidence-packs", .function = "api.referral_pack_files", .handle = pack_answer,
	  	.media_type = "application/zip", .sensitive = true,
	  .statuses = list_statuses },
	{ .method = "GET", .path = "/api/v1/referral-rules",
	  .summary = "List the rules of the trust for schools whose policy is silent",
	  .scope = "referrals:read", .fields = rule_list_fields, .answer = rule, .noun = "referral_rule",
	  .nouns = "referral_rules", .function = "api.referral_rule_list", .shape = MANY_ROWS },
	{ .method = "POST", .path = "/api/v1/referral-rules", .summary = "Set the rule of the trust from a day on",
	  .scope = "referrals:write", .fields = rule_add_fields, .answer = rule, .noun = "referral_rule",
	  .nouns = "referral_rules", .function = "api.referral_rule_add", .status = 201, .statuses = propose_statuses },
	{ 0 }
};
