/*
 * A report is a folder of reports_dir, found at start; no compiling:
 *
 *   report.json   what it answers, what it takes, its columns, the scope that it asks for
 *   report.sql    one select of just those columns, in the order of the rows
 *   page.xsl      its printable page, which imports ../table.xsl
 *
 * report.sql asks for a parameter by its name: (select "school" from parameter);
 * null when it was not given.  Two that are called from and to, both dates, are a
 * window: api.window_of has said what they are, and refused what is none; "since" and
 * "until" are the times from which and before which that is, for an index; a school
 * that the client does not see is refused, too.  It is run with the rights of the
 * program reports, which can change nothing, and sees what the client may see.
 */
#ifndef DOORSTEP_REPORTS_FOLDER_H
#define DOORSTEP_REPORTS_FOLDER_H

#include "core/route.h"
#include "core/settings.h"

/* Tells of a folder that cannot be served, and why. */
typedef void folder_fault(const char *name, const char *why);

/* A route for each folder with a report.json, by name; ends in { 0 }.  Those with a fault are told and left out. */
struct route *folder_routes(struct arena *a, const struct settings *settings, folder_fault *fault);

/* A route for the schema of each of these, at its path with ".xsd"; ends in { 0 }. */
const struct route *folder_schemas(struct arena *a, const struct route *reports);

/* What a report.json holds, for its JSON Schema. */
extern const struct field folder_fields[];

#endif
