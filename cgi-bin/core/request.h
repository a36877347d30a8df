/*
 * A request, taken in within limits: method, path, parameters, body.
 */
#ifndef DOORSTEP_REQUEST_H
#define DOORSTEP_REQUEST_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "gateway.h"
#include "output.h"
#include "problem.h"
#include "settings.h"

struct format;
struct route;

enum {
	REQUEST_PATH_MAX = 1024,
	REQUEST_QUERY_MAX = 8 * 1024,
	REQUEST_PARAMS_MAX = 64,
};

struct param {
	const char *name, *value;
};

struct request {
	struct arena          *arena;
	struct gateway        *gateway;
	const struct settings *settings;

	const char *id;     /* X-Request-Id */
	const char *method; /* HEAD is served as GET */
	bool        head;
	const char *path;   /* as asked for, no query */
	const char *query;  /* raw, "" when there is none */

	const struct route  *route;
	const char         **values; /* by the route's fields: path, query, form; NULL when not given */
	const struct format *format;
	const char          *client; /* client_id, once the token was seen */
	/* Of the headers, which are gone once the answer is sent: see caller.h. */
	const char          *token_hash; /* of the access token or the session, in hex */
	const char          *reason;     /* why it is asked; NULL when that is not said */

	struct param  params[REQUEST_PARAMS_MAX];
	size_t        param_count;
	uint64_t      content_length;
	const char   *body; /* read by request_body() */
	size_t        body_length;

	/* What went wrong, for the problem+json. */
	struct problems problems;
	const char     *detail;
	struct json_object *extension; /* members that the problem has besides those of RFC 9457 */
	const char     *log_error; /* for the operator's log only */
};

/* Takes in parameters; the body is left for later.  Fails with ERR_MALFORMED, ERR_TOO_LARGE. */
enum err request_read(struct request *r);

/*
 * A request header by its CGI name ("HTTP_IF_MATCH"), or another parameter of
 * the gateway; NULL when it was not sent.  Sent twice counts as malformed for
 * the headers that decide something; request_read() has seen to that.
 */
const char *request_header(const struct request *r, const char *name);

/* True when Content-Type is this media type; parameters such as charset aside. */
bool request_media_type_is(const struct request *r, const char *media_type);

/* The value of a parameter of Content-Type such as "charset"; NULL when there is none. */
const char *request_media_parameter(const struct request *r, const char *name);

/* Reads the body whole into memory, up to limit bytes. */
enum err request_body(struct request *r, uint64_t limit);

/* A parameter of query or form by its name; NULL when it was not given. */
const char *request_param(const struct request *r, const char *name);

/* Parses a=b&c=d (query, form) into params.  Adds a problem for each name given twice. */
enum err request_parse_pairs(struct request *r, const char *text);

/* Notes why, for the client, and answers err: return request_fail(r, ERR_…, "…"). */
enum err request_fail(struct request *r, enum err err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
