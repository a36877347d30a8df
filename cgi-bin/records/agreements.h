/*
 * What agreements, letters, referrals and notices have in common.
 */
#ifndef DOORSTEP_AGREEMENTS_H
#define DOORSTEP_AGREEMENTS_H

#include "records/aftermath.h"

#define PUPIL_FILTER \
	{ "pupil", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only about the pupil with this id" }
#define UPDATED_AFTER_FILTER \
	{ "updated_after", .in = IN_QUERY, .type = FIELD_TIME, .doc = "Only those changed after this time" }

/* Which school, about which pupil, and who of the staff. */
#define ABOUT_PUPIL(what)                                                                                    \
	SCHOOL_IN_BODY("Which school " what),                                                                \
	{ "pupil", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of the pupil" }
#define ANSWER_ABOUT_PUPIL                                                                                   \
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },                          \
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "The school" },                          \
	{ "pupil", .type = FIELD_INT, .required = true, .doc = "The pupil" }
#define BY_STAFF(what) \
	{ "by", .type = FIELD_INT, .required = true, .min = 1, .doc = "Id of who of the staff " what }

/* The sums of a window, possible to highest, as attendance has them. */
#define FIGURE_FIELDS                                                                                        \
	{ "possible", .type = FIELD_INT, .required = true, .doc = "Sessions on roll that were attended or missed" }, \
	{ "attended", .type = FIELD_INT, .required = true, \
		.doc = "Of these: attended, or at an approved educational activity" }, \
	{ "authorised", .type = FIELD_INT, .required = true, .doc = "Of these: authorised absence" },        \
	{ "unauthorised", .type = FIELD_INT, .required = true, .doc = "Of these: unauthorised absence" },    \
	{ "unresolved", .type = FIELD_INT, .required = true, .doc = "Of the unauthorised: reason not yet established (N)" }, \
	{ "gaps", .type = FIELD_INT, .required = true, .doc = "Sessions on roll that were held and have no mark" }, \
	{ "percentage", .type = FIELD_DECIMAL, .max = 100, .doc = "Attended of possible, rounded down" },    \
	{ "lowest", .type = FIELD_DECIMAL, .max = 100, .doc = "The same if all gaps turn out absent" },      \
	{ "highest", .type = FIELD_DECIMAL, .max = 100,                                                      \
	  .doc = "The same if all gaps and all that is unresolved turn out attended" }

#endif
