/*
 * AttendanceMarks of a Common Transfer File: one string for many sessions.
 *
 * Read as: from AttendanceStartDate on, every day of the calendar in turn,
 * Saturdays and Sundays too, each a mark for the morning and one for the
 * afternoon.  What the string holds for a weekend is passed over where it is
 * '#', '-' or a blank, and handed over like any other mark where it is not: a
 * string laid out in another way shows by that.
 *
 * One character is one mark.  The codes of two characters that came in August
 * 2024 (C1, C2, J1, Y1 … Y7) are read where they stand: no code is a digit, so
 * a letter and the digit after it are one mark.
 */
#ifndef DOORSTEP_CTF_MARKS_H
#define DOORSTEP_CTF_MARKS_H

#include "core/arena.h"
#include "register/mark.h"

/*
 * who: line, school and pupil of each.  text: as it stands in the file; blanks
 * around it are of the string unless there are line breaks among them.  A
 * start date that is missing or none is handed over once, with no session.
 * Answers false when take did.
 */
bool ctf_marks_give(struct arena *a, const struct mark *who, const char *start, const char *text, mark_fn *take,
		    void *ctx);

#endif
