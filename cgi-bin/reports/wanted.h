/*
 * What is to be exported later, named by the path at which it could be fetched now.
 */
#ifndef DOORSTEP_REPORTS_WANTED_H
#define DOORSTEP_REPORTS_WANTED_H

#include "core/service.h"

enum wanted {
	WANTED_ANY,    /* a list or a report, in a format that is a file */
	WANTED_REPORT, /* a report; with a member "window" in the body, one whose "from" and "to" can be given each time */
};

/*
 * Looks at the body's member "path" as at a request that would be answered now, and adds
 * to the body the scope that it asks for.  Fails with ERR_FIELDS.
 */
enum err wanted_check(struct service *s, struct request *r, enum wanted wanted);

#endif
