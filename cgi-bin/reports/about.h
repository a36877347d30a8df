/*
 * What a printable page of a report says besides its rows.
 */
#ifndef DOORSTEP_REPORTS_ABOUT_H
#define DOORSTEP_REPORTS_ABOUT_H

#include <json-c/json.h>

#include "core/arena.h"

/*
 * <report name="…" title="…" answers="…" serves="…"><column name="…" title="…" type="…" unit="…"/>…
 * from a report.json: the beginning of the document that the page is made of.
 * The rows follow, then the end of the element.
 */
const char *about_report(struct arena *a, const char *name, struct json_object *report);

#endif
