#include "reading.h"

#include <string.h>

#include "fake_gateway.h"

static const struct settings settings = { .spool_dir = "/tmp" };

static bool go_on(const struct reading *g)
{
	return g->stop_at == 0 || g->count < g->stop_at;
}

static bool take_row(void *ctx, struct import_row *row)
{
	struct reading *g = ctx;
	const char     *problems = json_object_to_json_string_ext(row->problems, JSON_C_TO_STRING_NOSLASHESCAPE);

	g->count++;
	output_text(g->output, arena_printf(g->request.arena, "%ld %s %s\n", row->line, row->text, problems));
	return go_on(g);
}

static void say(struct reading *g, const char *text)
{
	output_text(g->output, " ");
	output_text(g->output, !text ? "-" : *text ? text : "\"\"");
}

static bool take_mark(void *ctx, const struct mark *m)
{
	struct reading *g = ctx;

	g->count++;
	output_text(g->output, arena_printf(g->request.arena, "%ld", m->line));
	say(g, m->school_urn);
	say(g, m->upn);
	say(g, m->mis_id);
	say(g, m->date);
	say(g, m->session);
	say(g, m->code);
	say(g, m->minutes_late);
	say(g, m->comment);
	if (m->problem)
		output_text(g->output, arena_printf(g->request.arena, " [%s %s]", m->problem_field ? m->problem_field : "-",
						    m->problem));
	output_text(g->output, "\n");
	return go_on(g);
}

const char *reading_repeated(struct arena *a, const char *head, const char *thing, size_t times, const char *tail)
{
	const size_t length = strlen(thing);
	char        *text = arena_alloc(a, strlen(head) + times * length + strlen(tail) + 1), *to = stpcpy(text, head);

	for (size_t i = 0; i < times; i++)
		to = stpcpy(to, thing);
	strcpy(to, tail);
	return text;
}

struct import_body *reading_body(struct request *r)
{
	struct import_body *body;

	import_body_open(r, UINT64_MAX, &body);
	return body;
}

static struct import_body *begin(struct reading *g, const char *text, size_t length)
{
	static char *const params[] = { NULL };

	g->request = (struct request){ .arena = arena_new(), .settings = &settings, .content_length = length + g->breaks_off };
	g->request.problems.arena = g->request.arena;
	g->output = output_new(g->request.arena, settings.spool_dir);
	g->count = 0;
	fake_gateway_set(params, text, length);
	if (g->piece > 0)
		fake_gateway_pieces(g->piece);
	if (g->breaks_off)
		fake_gateway_break_off();
	return reading_body(&g->request);
}

void reading_rows(struct reading *g, reading_rows_fn *read, const char *text, size_t length)
{
	struct import_body *body = begin(g, text, length);

	g->err = read(&g->request, body, g->school_urn, take_row, g);
	g->said = g->count > 0 ? output_contents(g->output) : "";
}

void reading_marks(struct reading *g, reading_marks_fn *read, const char *text, size_t length)
{
	struct import_body *body = begin(g, text, length);

	g->err = read(&g->request, body, g->school_urn, take_mark, g);
	g->said = g->count > 0 ? output_contents(g->output) : "";
}

void reading_end(struct reading *g)
{
	arena_free(g->request.arena);
}
