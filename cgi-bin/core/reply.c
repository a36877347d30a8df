#include "reply.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "etag.h"
#include "json.h"
#include "route.h"

static const struct {
	int         status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 303, "See Other" }, { 304, "Not Modified" }, { 400, "Bad Request" },
	{ 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" }, { 409, "Conflict" }, { 410, "Gone" }, { 412, "Precondition Failed" },
	{ 413, "Content Too Large" }, { 415, "Unsupported Media Type" }, { 416, "Range Not Satisfiable" },
	{ 422, "Unprocessable Content" },
	{ 428, "Precondition Required" }, { 429, "Too Many Requests" }, { 500, "Internal Server Error" }, { 503, "Service Unavailable" },
	{ 0 }
};

void reply_init(struct reply *reply, struct request *r)
{
	reply->status = 200;
	reply->whole = false;
	reply->file_name = NULL;
	reply->rows = 0;
	reply->afterwards = NULL;
	reply->content_type = "application/json";
	reply->headers = output_new(r->arena, r->settings->spool_dir);
	reply->body = output_new(r->arena, r->settings->spool_dir);
}

void reply_header(struct reply *reply, const char *name, const char *value)
{
	output_text(reply->headers, name);
	output_text(reply->headers, ": ");
	for (; *value; value++)
		if ((unsigned char)*value >= ' ' && *value != 0x7f)
			output_write(reply->headers, value, 1);
	output_text(reply->headers, "\r\n");
}

/* nginx would send a 416 with the headers of the file. */
static enum err check_range(struct reply *reply, struct request *r, const char *etag)
{
	const char *range = request_header(r, "HTTP_RANGE"), *if_range = request_header(r, "HTTP_IF_RANGE");
	const char *begin = range && strncmp(range, "bytes=", 6) == 0 ? range + 6 : "";

	if (!isdigit((unsigned char)*begin) || strchr(begin, ',') || (if_range && strcmp(if_range, etag) != 0) ||
	    strtoull(begin, NULL, 10) < output_length(reply->body))
		return ERR_NONE;
	output_reset(reply->headers);
	reply_header(reply, "Content-Range", arena_printf(r->arena, "bytes */%llu",
		(unsigned long long)output_length(reply->body)));
	return request_fail(r, ERR_RANGE, "It has %llu bytes; it may be another than it was: send If-Range with the ETag.",
			    (unsigned long long)output_length(reply->body));
}

enum err reply_seal(struct reply *reply, struct request *r)
{
	const char   *if_none_match = request_header(r, "HTTP_IF_NONE_MATCH"), *etag;
	struct digest digest;

	if (!reply->whole || reply->status != 200)
		return ERR_NONE;
	digest = output_digest(reply->body);
	etag = etag_of_version(r->arena, digest.hex);
	if (!r->route->once && check_range(reply, r, etag))
		return ERR_RANGE;
	reply_header(reply, "ETag", etag);
	reply_header(reply, "Repr-Digest", arena_printf(r->arena, "sha-256=:%s:", digest.base64));
	if (r->route->once)
		return ERR_NONE;
	if (if_none_match && etag_matches(if_none_match, etag))
		reply->status = 304;
	return ERR_NONE;
}

static struct json_object *problem_list(const struct problems *problems)
{
	struct json_object *list = json_object_new_array();

	for (const struct problem *p = problems->first; p; p = p->next) {
		struct json_object *item = json_object_new_object();

		json_put_text(item, "pointer", p->pointer);
		json_put_text(item, "detail", p->detail);
		json_object_array_add(list, item);
	}
	return list;
}

/* What clients of RFC 6749 and RFC 6750 look for. */
static const char *oauth_error(enum err err)
{
	switch (err) {
	case ERR_CLIENT: return "invalid_client";
	case ERR_GRANT: return "unsupported_grant_type";
	case ERR_SCOPE_ASKED: return "invalid_scope";
	case ERR_TOKEN: return "invalid_token";
	case ERR_SCOPE: return "insufficient_scope";
	default: return "invalid_request";
	}
}

static void challenge(struct reply *reply, struct request *r, enum err err)
{
	if (err == ERR_CLIENT)
		reply_header(reply, "WWW-Authenticate", "Basic realm=\"doorstep\", charset=\"UTF-8\"");
	else if (err == ERR_SIGN_IN || (err == ERR_TOKEN && !request_header(r, "HTTP_AUTHORIZATION")))
		reply_header(reply, "WWW-Authenticate", "Bearer realm=\"doorstep\"");
	else if (err == ERR_TOKEN || err == ERR_SCOPE)
		reply_header(reply, "WWW-Authenticate",
			     arena_printf(r->arena, "Bearer realm=\"doorstep\", error=\"%s\"", oauth_error(err)));
}

static void add_extension(struct json_object *body, struct json_object *extension)
{
	if (!extension)
		return;
	json_object_object_foreach(extension, name, value)
		json_object_object_add(body, name, json_object_get(value));
}

void reply_problem(struct reply *reply, struct request *r, enum err err)
{
	struct json_object *body = json_object_new_object();

	reply->status = err_status(err);
	reply->content_type = "application/problem+json";
	output_reset(reply->body);
	json_put_text(body, "type", arena_printf(r->arena, "/problems#%s", err_code(err)));
	json_put_text(body, "title", err_title(err));
	json_object_object_add(body, "status", json_object_new_int(reply->status));
	if (r->detail)
		json_put_text(body, "detail", r->detail);
	json_put_text(body, "instance", r->id ? r->id : "");
	if (r->problems.count > 0)
		json_object_object_add(body, "errors", problem_list(&r->problems));
	add_extension(body, r->extension);
	if (r->path && strncmp(r->path, "/oauth2/", 8) == 0) {
		json_put_text(body, "error", oauth_error(err));
		json_put_text(body, "error_description", err_title(err)); /* plain ASCII: RFC 6749 section 5.2 */
	}
	output_text(reply->body, json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN |
								      JSON_C_TO_STRING_NOSLASHESCAPE));
	output_text(reply->body, "\n");
	json_object_put(body);
	challenge(reply, r, err);
	if (err == ERR_UNAVAILABLE)
		reply_header(reply, "Retry-After", "1");
}

static const char *phrase_of(int status)
{
	size_t i = 0;

	while (phrases[i].status && phrases[i].status != status)
		i++;
	return phrases[i].status ? phrases[i].phrase : "Unknown";
}

static bool send_piece(void *ctx, const void *data, size_t size)
{
	return gateway_write(ctx, data, size);
}

bool reply_send(struct reply *reply, struct request *r)
{
	const bool  has_body = reply->status != 304;
	const char *head = arena_printf(r->arena,
		"Status: %d %s\r\n"
		"X-Request-Id: %s\r\n",
		reply->status, phrase_of(reply->status), r->id ? r->id : "");

	if (!gateway_write(r->gateway, head, strlen(head)) ||
	    !output_replay(reply->headers, send_piece, r->gateway))
		return false;
	head = !has_body ? "\r\n" : arena_printf(r->arena, "Content-Type: %s\r\nContent-Length: %llu\r\n\r\n",
		reply->content_type, (unsigned long long)output_length(reply->body));
	if (!gateway_write(r->gateway, head, strlen(head)))
		return false;
	return !has_body || r->head || output_replay(reply->body, send_piece, r->gateway);
}
