/*
 * The route tables of the program records, one file each, and what their rows
 * have in common.  The program reports serves the lists among them, too.
 */
#ifndef DOORSTEP_RESOURCES_H
#define DOORSTEP_RESOURCES_H

#include "core/route.h"
#include "vocabulary.h"

extern const struct route school_routes[], staff_routes[], pupil_routes[], contact_routes[],
	visit_routes[], event_routes[], approval_routes[], duty_routes[], board_routes[], record_routes[],
	concern_routes[], incident_routes[], risk_assessment_routes[], hazard_routes[], staff_fact_routes[],
	delegation_routes[], policy_routes[], alarm_routes[], agreement_routes[], letter_routes[],
	referral_routes[], notice_routes[], subject_routes[], retention_routes[], account_routes[];

/* All of them, as the lists of the programs and of the description name them. */
#define RESOURCE_ROUTES \
	school_routes, staff_routes, pupil_routes, contact_routes, visit_routes, event_routes, \
	approval_routes, duty_routes, board_routes, record_routes, concern_routes, incident_routes, \
	risk_assessment_routes, hazard_routes, staff_fact_routes, delegation_routes, policy_routes, \
	alarm_routes, agreement_routes, letter_routes, referral_routes, notice_routes, subject_routes, \
	retention_routes, account_routes

extern const char *const choices_count[], *const choices_flavour[];

/* What everything that is answered as CSV takes. */
#define FLAVOUR_FIELD                                                                                     \
	{ "flavour", .in = IN_QUERY, .type = FIELD_CHOICE, .internal = true, .choices = choices_flavour,  \
	  .doc = "Of CSV: spreadsheet (default) guards cells that a spreadsheet would run, machine is exact" }

/* What everything takes that has a past. */
#define AS_OF_FIELD                                                                                       \
	{ "as_of", .in = IN_QUERY, .type = FIELD_TIME, .internal = true,                                  \
	  .doc = "As at this time: what was recorded by then, however late, and nothing that was recorded later" }

/* What every list takes besides its filters. */
#define LIST_PAGE_FIELDS                                                                                  \
	{ "limit", .in = IN_QUERY, .type = FIELD_INT, .internal = true, .min = 1, .max = 1000,            \
	  .doc = "Rows of one page (default 100); CSV, XML and NDJSON have no pages" },                   \
	{ "after", .in = IN_QUERY, .type = FIELD_CURSOR, .doc = "Where the page starts: from \"next\"" }, \
	{ "count", .in = IN_QUERY, .type = FIELD_CHOICE, .internal = true, .choices = choices_count,      \
	  .doc = "exact: count all that the filters select, too" },                                       \
	FLAVOUR_FIELD

/* What every record ends with. */
#define RECORD_FIELDS                                                                                        \
	{ "version", .type = FIELD_INT, .required = true, .doc = "Counts the changes; quoted, it is the ETag" }, \
	{ "created_at", .type = FIELD_TIME, .required = true, .doc = "When it was made" },                   \
	{ "updated_at", .type = FIELD_TIME, .required = true, .doc = "When it last changed" }

/* The number of a record in the path, and of a school in a filter. */
#define ID_IN_PATH(name, text) \
	{ (name), .in = IN_PATH, .type = FIELD_INT, .required = true, .min = 1, .doc = (text) }
#define SCHOOL_IN_BODY(text) \
	{ "school_urn", .type = FIELD_INT, .required = true, .min = 100000, .max = 999999, .doc = (text) }
#define SCHOOL_FILTER \
	{ "school", .in = IN_QUERY, .type = FIELD_INT, .min = 100000, .max = 999999, .doc = "Only of the school with this URN" }

#endif
