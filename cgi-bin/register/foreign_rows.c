#include "register/foreign_rows.h"

#include <string.h>

#include "core/fields.h"
#include "core/route.h"

enum { LAESTAB_SIZE = 8 };

struct school {
	struct school *next;
	char           laestab[LAESTAB_SIZE];
	long long      urn;
};

struct schools {
	struct arena  *arena;
	struct school *first;
};

struct rows {
	struct request *request;
	struct schools *schools;
	struct output  *out;
	long            count, bad;
};

bool foreign_is_ctf(const struct request *r)
{
	return request_media_type_is(r, "application/xml") || request_media_type_is(r, "text/xml");
}

bool foreign_is_page(const struct request *r)
{
	return request_media_type_is(r, "application/json");
}

const char *foreign_page_school(struct request *r)
{
	const char *school = fields_value(r, "school");

	if (!school) {
		problems_add(&r->problems, "/school", "is required with a page of Wonde, which names no school");
		request_fail(r, ERR_FIELDS, "Say whose page it is: ?school=URN");
	}
	return school;
}

static bool keep_school(void *ctx, const struct row *row)
{
	struct schools *schools = ctx;
	struct school  *school = arena_alloc(schools->arena, sizeof(*school));

	strncpy(school->laestab, row->values[0], LAESTAB_SIZE - 1);
	school->urn = strtoll(row->values[1], NULL, 10);
	school->next = schools->first;
	schools->first = school;
	return true;
}

void *foreign_schools_ask(struct transaction *t)
{
	struct schools *schools = arena_alloc(t->request->arena, sizeof(*schools));

	schools->arena = t->request->arena;
	transaction_add(t, &(struct db_query){ .name = "api.school_laestabs",
		.sql = "select laestab, urn from api.school_list()", .on_row = keep_school, .ctx = schools });
	return schools;
}

/* "801/4001" → the URN of that school; 0 when the client sees none such. */
static long long urn_of(const struct schools *schools, const char *laestab)
{
	for (const struct school *s = schools->first; s; s = s->next)
		if (strncmp(s->laestab, laestab, 3) == 0 && laestab[3] == '/' && strcmp(s->laestab + 3, laestab + 4) == 0)
			return s->urn;
	return 0;
}

/* The school by its URN, as the import has it, instead of by the LAESTAB. */
static void name_school(struct rows *rows, struct json_object *object, struct import_row *row)
{
	const char *laestab = json_object_get_string(json_object_object_get(object, "laestab"));
	long long   urn = laestab ? urn_of(rows->schools, laestab) : 0;

	if (!laestab)
		return;
	json_object_object_del(object, "laestab");
	if (urn)
		json_object_object_add(object, "school_urn", json_object_new_int64(urn));
	else
		import_row_problem(row, "school_urn", "is not a school that this client sees: the file is of another one");
}

static bool take(void *ctx, struct import_row *row)
{
	struct rows        *rows = ctx;
	struct arena       *a = arena_new();
	struct problems     problems = { .arena = a };
	struct json_object *object = json_tokener_parse(row->text);
	const bool          known = object && json_object_array_length(row->problems) == 0;

	row->line = ++rows->count;
	if (known) {
		name_school(rows, object, row);
		if (json_object_array_length(row->problems) == 0)
			field_check_body(rows->request->route->fields, object, false, &problems);
		row->text = arena_strdup(a, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	}
	for (const struct problem *p = problems.first; p; p = p->next)
		import_row_problem(row, import_row_field(p->pointer), p->detail);
	import_row_write(row, rows->out, &rows->bad);
	json_object_put(object);
	arena_free(a);
	return !output_failed(rows->out) && rows->bad <= IMPORT_BAD_ROWS_MAX;
}

enum err foreign_rows_read(struct request *r, struct import_body *body, void *schools, foreign_read *ctf,
			   foreign_read *page, struct import_file *ret_file)
{
	struct rows rows = { .request = r, .schools = schools, .out = output_new(r->arena, r->settings->spool_dir) };
	enum err    err;

	if (ctf && foreign_is_ctf(r))
		err = ctf(r, body, fields_value(r, "school"), take, &rows);
	else if (foreign_is_page(r))
		err = foreign_page_school(r) ? page(r, body, fields_value(r, "school"), take, &rows) : ERR_FIELDS;
	else
		return import_rows_read(r, body, NULL, ret_file);
	*ret_file = (struct import_file){ .loads = { { IMPORT_ROWS_COPY, rows.out } } };
	return rows.bad > IMPORT_BAD_ROWS_MAX ? import_row_too_many(r) : err;
}
