/*
 * What the records that follow a visit have in common.  Each is declared as
 * its own fields, once, which stand between these in what a POST takes and in
 * what is answered.
 */
#ifndef DOORSTEP_AFTERMATH_H
#define DOORSTEP_AFTERMATH_H

#include "records/resources.h"

#define VISIT_IN_PATH ID_IN_PATH("visit", "Id of the visit")

/* What a POST begins with, and what an answer begins and ends with. */
#define ADD_HEAD(what)                                                                                       \
	VISIT_IN_PATH, { "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who of the staff " what }, \
	{ "at", .type = FIELD_TIME, .doc = "When; now when left out" }
#define ANSWER_HEAD(what)                                                                                    \
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API, in the order of recording" }, \
	{ "visit_id", .type = FIELD_INT, .required = true, .doc = "The visit" },                             \
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "Whose visit it was" },                  \
	{ "by", .type = FIELD_INT, .required = true, .doc = "Id of who of the staff " what },                \
	{ "at", .type = FIELD_TIME, .required = true, .doc = "When" }
#define ANSWER_END \
	{ "recorded_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" }

/* A text of some length; what is required must say something. */
#define LONG_TEXT(name, text) \
	{ (name), .type = FIELD_TEXT, .required = true, .lines = true, .max = 10000, .doc = (text) }
#define LONG_TEXT_IF_ANY(name, text) \
	{ (name), .type = FIELD_TEXT, .lines = true, .min = 1, .max = 10000, .doc = (text) }
#define SHORT_TEXT_IF_ANY(name, text) \
	{ (name), .type = FIELD_TEXT, .min = 1, .max = 200, .doc = (text) }

/* Who was told of it, and when. */
#define TOLD_FIELDS                                                                                          \
	{ "told_to", .type = FIELD_INT, .min = 1, .doc = "Id of who of the staff was told; with told_at" },  \
	{ "told_at", .type = FIELD_TIME, .doc = "When; with told_to" }

/* The filters of a list of all visits. */
#define RECORDED_AFTER_FILTER \
	{ "recorded_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only what was recorded after this time" }

#endif
