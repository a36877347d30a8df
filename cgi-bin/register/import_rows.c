#include "register/import_rows.h"

#include <string.h>

#include "core/route.h"

#include "register/import_csv.h"
#include "register/import_ndjson.h"

enum err import_rows_read(struct request *r, struct import_body *body, void *unused, struct import_file *ret_file)
{
	struct output *rows = output_new(r->arena, r->settings->spool_dir);

	(void)unused;
	*ret_file = (struct import_file){ .loads = { { IMPORT_ROWS_COPY, rows } } };
	if (request_media_type_is(r, "text/csv"))
		return import_csv_read(r, body, rows);
	if (request_media_type_is(r, "application/x-ndjson"))
		return import_ndjson_read(r, body, rows);
	return import_rows_other_type(r);
}

enum err import_rows_other_type(struct request *r)
{
	const char *more = "";

	for (const char *const *type = r->route->media_types; type && *type; type++)
		more = arena_printf(r->arena, "%s, %s (%s)", more, *type,
				    strstr(*type, "xml") ? "a Common Transfer File" : "a page of Wonde");
	return request_fail(r, ERR_MEDIA_TYPE, "Send text/csv (charset utf-8 or windows-1252), application/x-ndjson%s.", more);
}
