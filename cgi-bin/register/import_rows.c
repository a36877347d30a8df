#include "register/import_rows.h"

#include "register/import_csv.h"
#include "register/import_ndjson.h"

enum err import_rows_read(struct request *r, struct output *body, struct output **ret_rows)
{
	struct output *rows = output_new(r->arena, r->settings->spool_dir);
	enum err       err;

	*ret_rows = rows;
	if (request_media_type_is(r, "text/csv"))
		err = import_csv_read(r, body, rows);
	else if (request_media_type_is(r, "application/x-ndjson"))
		err = import_ndjson_read(r, body, rows);
	else
		return request_fail(r, ERR_MEDIA_TYPE, "Send text/csv (charset utf-8 or windows-1252) or "
				    "application/x-ndjson.");
	if (!err && output_failed(rows))
		return request_fail(r, ERR_UNAVAILABLE, "There is no room to take the file in.");
	return err;
}
