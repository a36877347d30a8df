/*
 * How a mark looks: whether each of its texts is what it ought to be.
 */
#ifndef DOORSTEP_MARK_CHECK_H
#define DOORSTEP_MARK_CHECK_H

#include <json-c/json.h>

#include "register/mark.h"
#include "register/mark_codes.h"

enum { MARK_SCHOOL_MAX = 8, MARK_UPN_MAX = 13, MARK_MIS_ID_MAX = 50, MARK_COMMENT_MAX = 1000, MARK_MINUTES_MAX = 999 };

/* The date read last: in a file the same one comes many times running. */
struct mark_date {
	char text[11];
	long day;     /* since 1970-01-01 */
	int  weekday; /* 0 Monday */
};

/*
 * NULL when all is well, with the day and the symbol of the code; otherwise
 * what is wrong, [{"field": …, "detail": …}], to be put by the caller.  Texts
 * that the file does not have are "".
 */
struct json_object *mark_check(const struct mark *mark, const struct mark_codes *codes, struct mark_date *date,
			       char *ret_symbol);

#endif
