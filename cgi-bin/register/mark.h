/*
 * One mark of a register as a file says it; and what takes marks in.
 */
#ifndef DOORSTEP_MARK_H
#define DOORSTEP_MARK_H

#include <stdbool.h>

struct mark {
	/*
	 * Of the file; of an XML or JSON file the line where the element or
	 * object begins, or the number of the item, from 1.
	 */
	long        line;
	/* Each: NULL when the file does not have it, "" when it says it is empty. */
	const char *school_urn;
	const char *upn;
	const char *mis_id; /* the number by which the school's MIS knows the pupil */
	const char *date, *session, *code, *minutes_late, *comment;
};

/* Takes one mark; what is wrong with it is noted with its line.  False: reading is to stop. */
typedef bool mark_fn(void *ctx, const struct mark *mark);

#endif
