#include "service.h"

#include <ctype.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "document.h"
#include "fields.h"
#include "format.h"
#include "log.h"
#include "transaction.h"

/* The path without the suffix of its last part, a word, and which that is; NULL: it has none. */
static const char *without_suffix(struct request *r, const char **ret_suffix)
{
	const char *dot = strrchr(r->path, '.'), *slash = strrchr(r->path, '/');

	if (!dot || dot < slash || !isalpha((unsigned char)dot[1]))
		return NULL;
	*ret_suffix = dot + 1;
	return arena_strndup(r->arena, r->path, (size_t)(dot - r->path));
}

/*
 * "/api/v1/visits.csv" is the list "/api/v1/visits" as CSV.  Answers the path
 * without its suffix and sets the format that the suffix names.
 */
static const char *strip_suffix(struct request *r)
{
	const char *suffix, *path = without_suffix(r, &suffix);

	r->format = path ? format_by_name(suffix) : NULL;
	return r->format ? path : r->path;
}

/* "application/json, text/csv and application/xml" */
static const char *list_of_types(struct arena *a, const struct format *const *offered)
{
	const char *list = "";

	for (const struct format *const *f = offered; *f; f++)
		list = arena_printf(a, "%s%s%.*s", list, f == offered ? "" : f[1] ? ", " : " and ",
				    (int)strcspn((*f)->media_type, ";"), (*f)->media_type);
	return list;
}

/* Of a route that answers a type of its own, that alone. */
static const struct format *const *offered_by(struct request *r)
{
	const struct format **own;
	struct format        *format;

	if (!r->route->media_type)
		return route_formats(r->route);
	own = arena_alloc(r->arena, 2 * sizeof(*own));
	format = arena_alloc(r->arena, sizeof(*format));
	format->name = format->media_type = r->route->media_type;
	own[0] = format;
	return own;
}

static enum err refuse_format(struct request *r)
{
	const struct format *const *offered = offered_by(r);

	return request_fail(r, ERR_FORMAT, "Offered %s %s.", offered[1] ? "are" : "is", list_of_types(r->arena, offered));
}

static enum err choose_format(struct request *r)
{
	const struct format *const *offered = offered_by(r), *const *f = offered;

	if (route_is_of_any_type(r->route))
		r->format = offered[0];
	if (!r->format)
		r->format = format_by_accept(request_header(r, "HTTP_ACCEPT"), offered);
	while (*f && *f != r->format)
		f++;
	return *f ? ERR_NONE : refuse_format(r);
}

static enum err find_route(struct service *s, struct request *r, struct reply *reply, struct segment *segments)
{
	const char *path = strip_suffix(r), *suffix, *allow;
	enum err    err = route_find(r->arena, s->program->routes, r->method, path, &r->route, segments, &allow);

	if (err == ERR_METHOD) {
		reply_header(reply, "Allow", allow);
		return request_fail(r, err, "Offered here: %s.", allow);
	}
	if (!err)
		return choose_format(r);
	path = r->format ? NULL : without_suffix(r, &suffix);
	if (path && route_find(r->arena, s->program->routes, r->method, path, &r->route, segments, &allow) == ERR_NONE)
		return refuse_format(r);
	return request_fail(r, err, "There is nothing at this path.");
}

enum err service_read(struct service *s, struct request *r, struct reply *reply, bool without_token)
{
	struct segment segments[ROUTE_SEGMENTS_MAX];
	enum err       err = request_read(r);

	if (!err)
		err = find_route(s, r, reply, segments);
	if (!err && !without_token)
		err = transaction_want_token(r);
	return err ? err : fields_read(r, segments);
}

static enum err run(struct service *s, struct request *r, struct reply *reply)
{
	enum err err = service_read(s, r, reply, false);

	if (err)
		return err;
	if (r->route->handle)
		return r->route->handle(s, r, reply);
	return r->route->shape == DOCUMENT ? document_answer(s, r, reply) : answer_function(s, r, reply);
}

enum err service_answer(struct service *s, struct request *r, struct reply *reply)
{
	enum err err = run(s, r, reply);

	return err ? err : reply_seal(reply, r);
}

static long long microseconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000000LL + (now.tv_nsec - start->tv_nsec) / 1000;
}

static void log_served(const struct request *r, const struct reply *reply, const struct timespec *start,
		       bool complete)
{
	log_request(&(struct log_request){
		.id = r->id, .client = r->client, .method = r->method,
		.route = r->route ? r->route->path : NULL, .status = reply->status,
		.microseconds = microseconds_since(start), .bytes = output_length(reply->body),
		.error = r->log_error ? r->log_error : complete ? NULL : "the client was gone before the end",
	});
}

/*
 * Every wait has a deadline of its own; should one not hold, the alarm ends
 * the worker, and its supervisor starts another.
 */
static void watch(const struct settings *settings)
{
	enum { MARGIN_SECONDS = 120 };

	alarm((unsigned)(settings->export_deadline_ms / 1000) + MARGIN_SECONDS);
}

void service_serve(struct service *s)
{
	struct request  r = { .arena = arena_new(), .gateway = s->gateway, .settings = &s->settings };
	struct reply    reply;
	struct timespec start;
	enum err        err;
	bool            complete;

	clock_gettime(CLOCK_MONOTONIC, &start);
	watch(&s->settings);
	reply_init(&reply, &r);
	err = service_answer(s, &r, &reply);
	if (err)
		reply_problem(&reply, &r, err);
	complete = reply_send(&reply, &r);
	complete = gateway_finish(s->gateway) && complete;
	alarm(0);
	log_served(&r, &reply, &start, complete);
	for (bool again = reply.afterwards; again;) {
		watch(&s->settings);
		again = reply.afterwards(s, &r, reply.afterwards_ctx);
		alarm(0);
	}
	arena_free(r.arena);
}
