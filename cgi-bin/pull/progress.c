#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/utf8.h"
#include "core/stop.h"

enum {
	EVERY_MS = 10 * 1000, /* where there is no terminal */
	LINE_MAX_BYTES = 2000,
};

void progress_prepare(struct progress *p, bool quiet)
{
	*p = (struct progress){ .quiet = quiet, .terminal = isatty(STDERR_FILENO) == 1 };
}

/* What others have sent could move the cursor, or pretend to be a line of ours. */
static void tame(char *line)
{
	const char *at = line;

	if (!utf8_valid(line, strlen(line))) {
		for (char *c = line; *c; c++)
			if (*c < ' ' || *c > '~')
				*c = '?';
		return;
	}
	while (*at) {
		char *start = line + (at - line);

		if (utf8_is_control(utf8_next(&at)))
			memset(start, '?', (size_t)(at - start));
	}
}

/* replaces: it stays open, to be rewritten by the next. */
static void tell(struct progress *p, bool replaces, const char *fmt, va_list args)
{
	char line[LINE_MAX_BYTES];

	vsnprintf(line, sizeof(line), fmt, args);
	tame(line);
	fprintf(stderr, "%sdoorstep-pull: %s%s", p->open ? "\r\033[K" : "", line, replaces ? "" : "\n");
	fflush(stderr);
	p->open = replaces;
}

void progress_error(struct progress *p, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(p, false, fmt, args);
	va_end(args);
}

void progress_note(struct progress *p, const char *fmt, ...)
{
	va_list args;

	if (p->quiet)
		return;
	va_start(args, fmt);
	tell(p, false, fmt, args);
	va_end(args);
}

static void state_of_affairs(struct progress *p, bool replaces, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void state_of_affairs(struct progress *p, bool replaces, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tell(p, replaces, fmt, args);
	va_end(args);
}

static double seconds(const struct progress *p)
{
	return (double)(now_ms() - p->started_ms) / 1000;
}

static double rate(const struct progress *p, const struct counts *counts)
{
	const double took = seconds(p);

	return took > 0 ? (double)(counts->rows - p->rows_before) / took : 0;
}

void progress_start(struct progress *p, const char *kind, const struct counts *counts)
{
	p->kind = kind;
	p->started_ms = p->told_ms = now_ms();
	p->rows_before = counts->rows;
	if (counts->pages > 0)
		progress_note(p, "%s: going on after page %lld", kind, counts->pages);
}

void progress_page(struct progress *p, const struct counts *counts)
{
	if (p->quiet || (!p->terminal && now_ms() - p->told_ms < EVERY_MS))
		return;
	p->told_ms = now_ms();
	state_of_affairs(p, p->terminal, "%s: page %lld, %lld rows taken, %lld rejected, %.0f rows/s", p->kind,
			 counts->pages, counts->accepted, counts->rejected, rate(p, counts));
}

void progress_end(struct progress *p, const struct counts *counts, bool whole)
{
	progress_note(p, "%s: %s: %lld pages, %lld rows, %lld taken, %lld rejected; %.1f s", p->kind,
		      whole ? "done" : "so far", counts->pages, counts->rows, counts->accepted, counts->rejected, seconds(p));
}
