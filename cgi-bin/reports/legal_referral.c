#include "reports/resources.h"

#include "records/agreements.h"

static const struct field report_fields[] = {
	SCHOOL_FILTER,
	{ "as_of", .in = IN_QUERY, .type = FIELD_DATE, .doc = "As of the end of this day; today when left out" },
	{ "near_misses", .in = IN_QUERY, .type = FIELD_BOOL,
	  .doc = "Instead of those who meet the rule: those who would if the next week were missed" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field legal_referral[] = {
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "The school whose rule is met" },
	{ "pupil_id", .type = FIELD_INT, .required = true, .doc = "The pupil; one row each" },
	{ "upn", .type = FIELD_TEXT, .required = true, .doc = "Unique pupil number" },
	{ "given_name", .type = FIELD_TEXT, .required = true, .doc = "Given name" },
	{ "family_name", .type = FIELD_TEXT, .required = true, .doc = "Family name" },
	{ "rule", .type = FIELD_TEXT, .required = true,
		.doc = "The rule that is met; of one that falls, the month before and each month" },
	{ "clause", .type = FIELD_TEXT, .required = true, .doc = "The clause that states it; trust-default: the trust" },
	{ "window_start", .type = FIELD_DATE, .required = true, .doc = "First day of the window" },
	{ "window_end", .type = FIELD_DATE, .required = true, .doc = "Last day of the window" },
	FIGURE_FIELDS,
	{ "compulsory_school_age", .type = FIELD_BOOL, .required = true,
		.doc = "Whether of compulsory school age on the last day" },
	{ "lane", .type = FIELD_CHOICE, .required = true, .choices = choices_referral_lane,
	  .doc = "legal, or support: without unauthorised absence, or not of compulsory school age" },
	{ "safe_to_refer", .type = FIELD_BOOL, .required = true,
	  .doc = "Whether the rule is met whatever becomes of unresolved and missing marks; false: not safe to refer yet" },
	{ "visits", .type = FIELD_TEXT, .doc = "Visits made in the year before: how many, when, with which outcome" },
	{ "agreements", .type = FIELD_TEXT, .doc = "Agreements and how they stand" },
	{ "letters", .type = FIELD_TEXT, .doc = "Letters sent, and notices" },
	{ "missing", .type = FIELD_TEXT, .doc = "What is still missing for a referral" },
	{ 0 }
};

const struct route legal_referral_routes[] = {
	{ .method = "GET", .path = "/api/v1/reports/legal-referral",
	  .summary = "Report who meets the rule by which a school considers legal proceedings",
	  .scope = "referrals:read", .fields = report_fields, .answer = legal_referral, .noun = "legal_referral",
	  .nouns = "legal_referrals", .function = "api.legal_referral_list", .shape = MANY_ROWS, .key = "pupil_id",
	  .page = "legal-referral", .hidden = true, .sensitive = true },
	{ 0 }
};
