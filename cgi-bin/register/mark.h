/*
 * One mark of a register as a file says it; and what takes marks in.
 */
#ifndef DOORSTEP_MARK_H
#define DOORSTEP_MARK_H

#include <stdbool.h>

struct mark {
	long        line;       /* of the file; of an XML or JSON file where the element or object begins, or its number */
	const char *school_urn; /* or its LAESTAB; each: NULL where the file does not have it, "" where it says it is empty */
	const char *upn;
	const char *mis_id;     /* by which the management information system of the school knows the pupil */
	const char *date, *session, *code, *minutes_late, *comment;
	const char *problem_field, *problem; /* what the reader found wrong with it; NULL where nothing is */
};

/* Takes one mark; what is wrong with it is noted with its line.  False: reading is to stop. */
typedef bool mark_fn(void *ctx, const struct mark *mark);

#endif
