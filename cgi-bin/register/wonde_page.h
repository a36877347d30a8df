/*
 * One page of Wonde's JSON, read whole.
 */
#ifndef DOORSTEP_WONDE_PAGE_H
#define DOORSTEP_WONDE_PAGE_H

#include "register/import_body.h"

struct wonde_page {
	struct json_object *items; /* an array, or the one item */
	struct json_object *codes; /* the text of the codes in attendance_codes, by their id */
};

/* The page is a's, which may go before the request does.  Fails as import_wonde.h says. */
enum err wonde_page_read(struct request *r, struct arena *a, struct import_body *body, struct wonde_page *ret);

#endif
