#include "auth/session.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "auth/password.h"
#include "core/query.h"
#include "auth/totp.h"
#include "auth/totp_kept.h"
#include "core/caller.h"
#include "core/cookie.h"
#include "core/hash.h"
#include "core/json.h"

#define DEVICE_COOKIE "__Host-doorstep-device"

enum { DEVICE_SECONDS = 34560000 }; /* 400 days, the longest that browsers keep one */

#define PLACE_FIELDS                                                                                         \
	{ "school", .type = FIELD_INT, .min = 100000, .max = 999999, .doc = "URN of the school at which one acts" }, \
	{ "whole_trust", .type = FIELD_BOOL, .doc = "true: one acts for the whole trust" }

static const struct field sign_in_fields[] = {
	{ "login", .type = FIELD_TEXT, .required = true, .min = 1, .max = 254, .doc = "The e-mail address of the account" },
	{ "password", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MAX, .doc = "Its password" },
	{ "code", .type = FIELD_TEXT, .min = TOTP_DIGITS, .max = TOTP_DIGITS,
	  .doc = "The six digits that the person's authenticator shows, where the account has one" },
	PLACE_FIELDS,
	{ 0 }
};

static const struct field place_fields[] = { PLACE_FIELDS, { 0 } };

static const struct field text_item = { "text", .type = FIELD_TEXT };
static const struct field place_members[] = {
	{ "school", .type = FIELD_INT, .doc = "URN of the school; none: the whole trust" },
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "What it is called" },
	{ "roles", .type = FIELD_LIST, .required = true, .item = &text_item, .doc = "The roles that the person holds there" },
	{ 0 }
};
static const struct field place_item = { "place", .type = FIELD_OBJECT, .fields = place_members };

const struct field session_fields[] = {
	{ "login", .type = FIELD_TEXT, .required = true, .doc = "The e-mail address of the account" },
	{ "given_name", .type = FIELD_TEXT, .required = true, .doc = "Given name of the person" },
	{ "family_name", .type = FIELD_TEXT, .required = true, .doc = "Family name" },
	{ "staff", .type = FIELD_INT, .required = true, .doc = "The member of staff" },
	{ "school", .type = FIELD_INT, .doc = "The school at which the person acts, of which alone something is seen" },
	{ "whole_trust", .type = FIELD_BOOL, .required = true, .doc = "Whether the person acts for the whole trust" },
	{ "places", .type = FIELD_LIST, .item = &place_item, .doc = "Where the person may act; at one place at a time" },
	{ "scopes", .type = FIELD_LIST, .required = true, .item = &text_item, .doc = "What the session opens" },
	{ "own_scopes", .type = FIELD_LIST, .required = true, .item = &text_item,
	  .doc = "Those of them that reach no further than the person's own visits" },
	{ "reasoned_scopes", .type = FIELD_LIST, .required = true, .item = &text_item,
	  .doc = "Those of them that want a Doorstep-Reason" },
	{ "formats", .type = FIELD_LIST, .required = true, .item = &text_item, .doc = "In which lists may be had, besides JSON" },
	{ "totp", .type = FIELD_BOOL, .required = true, .doc = "Whether a code is asked for at sign-in" },
	{ "expires_at", .type = FIELD_TIME, .required = true, .doc = "When the session ends, whatever is done in it" },
	{ "csrf_token", .type = FIELD_TEXT, .required = true, .doc = "What is sent as X-CSRF-Token with whatever changes something" },
	{ 0 }
};

static const struct field nothing[] = { { 0 } };

enum err session_device(struct request *r, const char **ret_device)
{
	return cookie_read(r, DEVICE_COOKIE, ret_device);
}

void session_set_device(struct reply *reply, struct arena *a, const char *device)
{
	cookie_set(reply, a, DEVICE_COOKIE, device, "Strict", DEVICE_SECONDS);
}

static void put_object(void *object)
{
	json_object_put(object);
}

enum err session_answer(struct request *r, struct reply *reply, const char *json, const char *token)
{
	struct json_object *session = json_tokener_parse(json);

	if (!session)
		return request_fail(r, ERR_INTERNAL, "The session could not be told.");
	arena_defer(r->arena, put_object, session);
	json_put_text(session, "csrf_token", caller_csrf(r->arena, token));
	output_text(reply->body, json_object_to_json_string_ext(session, JSON_C_TO_STRING_PLAIN |
								JSON_C_TO_STRING_NOSLASHESCAPE));
	output_text(reply->body, "\n");
	return ERR_NONE;
}

const char *session_member(struct request *r, const char *name)
{
	const char         *why;
	struct json_object *member = json_object_object_get(json_read(r->arena, r->body, r->body_length, &why), name);

	return member ? arena_strdup(r->arena, json_object_get_string(member)) : NULL;
}

enum err session_wait(struct request *r, struct reply *reply, const char *seconds)
{
	if (!seconds || strcmp(seconds, "0") == 0)
		return ERR_NONE;
	reply_header(reply, "Retry-After", seconds);
	return request_fail(r, ERR_TOO_MANY, "It was tried too often: wait as long as Retry-After says.  Who forgot the "
			    "password asks for a link at /api/v1/session/password-reset.");
}

static const char *hash_or_null(struct request *r, const char *secret)
{
	return secret ? hash_hex_of(r->arena, secret) : NULL;
}

/* Alike, whatever it was that is wrong. */
static enum err refuse(struct request *r)
{
	return request_fail(r, ERR_SIGN_IN, "Send the login and the password of an account, and where it has an "
			    "authenticator, a code that was not used yet.");
}

static enum err check(struct service *s, struct request *r, const struct answered *tried, const char **ret_step)
{
	const char *code = session_member(r, "code"), *hash = tried->columns[1], *kept = tried->columns[2];
	const char *key = kept && code ? totp_open(r->arena, &s->settings, kept) : NULL;
	bool        failed, fits = password_fits(r->arena, &s->settings, hash, session_member(r, "password"), &failed);

	*ret_step = key ? totp_step(r->arena, key, code, time(NULL)) : NULL;
	if (kept && code && !key)
		return request_fail(r, ERR_UNAVAILABLE, "One-time codes cannot be looked at just now: tell who runs this.");
	if (failed)
		return request_fail(r, ERR_UNAVAILABLE, "There is not the memory for it just now: repeat it in a moment.");
	return fits && (!kept || *ret_step) ? ERR_NONE : refuse(r);
}

static enum err open_session(struct service *s, struct request *r, struct reply *reply, const char *device,
			     const struct answered *tried, const char *step)
{
	const char     *token = hash_random_token(r->arena), *new_device = hash_random_token(r->arena);
	const char     *password = session_member(r, "password"), *hash = tried->columns[1];
	const bool      stale = password_is_stale(&s->settings, hash);
	struct answered opened;
	const char *const values[] = {
		session_member(r, "login"), request_header(r, "REMOTE_ADDR"), hash_or_null(r, device),
		hash_hex_of(r->arena, new_device), hash, step,
		stale ? password_hash(r->arena, &s->settings, password) : NULL, hash_hex_of(r->arena, token),
		arena_printf(r->arena, "%ld", s->settings.session_seconds), session_member(r, "school"),
		session_member(r, "whole_trust"), r->token_hash,
	};
	enum err err = query_one(s, r, reply,
		"select auth.sign_in_done($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", 1, values, 12, &opened);

	if (err)
		return err == ERR_SIGN_IN ? refuse(r) : err; /* the code was used */
	caller_set_session(reply, r->arena, token);
	session_set_device(reply, r->arena, new_device);
	return session_answer(r, reply, opened.columns[0], token);
}

static enum err sign_in(struct service *s, struct request *r, struct reply *reply)
{
	const char     *device, *step;
	struct answered tried;
	enum err        err = caller_check_site(r);

	if (!err)
		err = session_device(r, &device);
	if (!err) {
		const char *const values[] = { session_member(r, "login"), request_header(r, "REMOTE_ADDR"),
					       hash_or_null(r, device) };

		err = query_one(s, r, reply, "select wait, password_hash, totp_secret from auth.sign_in_try($1, $2, $3)",
				3, values, 3, &tried);
	}
	if (!err)
		err = session_wait(r, reply, tried.columns[0]);
	if (!err)
		err = check(s, r, &tried, &step);
	return err ? err : open_session(s, r, reply, device, &tried, step);
}

static enum err see(struct service *s, struct request *r, struct reply *reply)
{
	struct answered seen;
	const char     *token;
	enum err        err = cookie_read(r, CALLER_SESSION_COOKIE, &token);

	if (!err)
		err = query_one(s, r, reply, "select auth.session_seen()", 1, NULL, 0, &seen);
	if (!err && !token)
		err = request_fail(r, ERR_TOKEN, "A session is told by its cookie.");
	return err ? err : session_answer(r, reply, seen.columns[0], token);
}

static enum err move(struct service *s, struct request *r, struct reply *reply)
{
	const char       *token = hash_random_token(r->arena);
	const char *const values[] = { session_member(r, "school"), session_member(r, "whole_trust"),
				       hash_hex_of(r->arena, token) };
	struct answered   moved;
	enum err          err;

	if (!values[0] == !(values[1] && strcmp(values[1], "true") == 0)) {
		problems_add(&r->problems, "/school", "name a school, or whole_trust: true");
		return request_fail(r, ERR_FIELDS, "Name one place.");
	}
	err = query_one(s, r, reply, "select auth.session_move($1, $2, $3)", 1, values, 3, &moved);
	if (err)
		return err;
	caller_set_session(reply, r->arena, token);
	return session_answer(r, reply, moved.columns[0], token);
}

static enum err end(struct service *s, struct request *r, struct reply *reply, const char *sql)
{
	struct answered ended;
	enum err        err = query_one(s, r, reply, sql, 1, NULL, 0, &ended);

	if (err)
		return err;
	caller_set_session(reply, r->arena, NULL);
	output_text(reply->body, "{}\n");
	return ERR_NONE;
}

static enum err sign_out(struct service *s, struct request *r, struct reply *reply)
{
	return end(s, r, reply, "select auth.session_end()");
}

static enum err sign_out_everywhere(struct service *s, struct request *r, struct reply *reply)
{
	return end(s, r, reply, "select auth.sessions_end()");
}

static const int sign_in_statuses[] = { 400, 401, 403, 406, 422, 429, 503, 0 };
static const int move_statuses[] = { 422, 0 };

const struct route session_routes[] = {
	{ .method = "POST", .path = "/api/v1/session", .summary = "Sign in: a person, with their password",
	  .fields = sign_in_fields, .answer = session_fields, .noun = "session", .nouns = "sessions", .handle = sign_in,
	  .statuses = sign_in_statuses },
	{ .method = "GET", .path = "/api/v1/session", .summary = "Who is signed in, where, and what it opens",
	  .scope = ROUTE_SESSION, .answer = session_fields, .noun = "session", .nouns = "sessions", .handle = see },
	{ .method = "DELETE", .path = "/api/v1/session", .summary = "Sign out", .scope = ROUTE_SESSION, .answer = nothing,
	  .noun = "nothing", .nouns = "nothing", .shape = NO_ROW, .handle = sign_out },
	{ .method = "POST", .path = "/api/v1/session/place", .summary = "Go on at another place at which one may act",
	  .scope = ROUTE_SESSION, .fields = place_fields, .answer = session_fields, .noun = "session", .nouns = "sessions",
	  .handle = move, .statuses = move_statuses },
	{ .method = "DELETE", .path = "/api/v1/sessions", .summary = "Sign out everywhere", .scope = ROUTE_SESSION,
	  .answer = nothing, .noun = "nothing", .nouns = "nothing", .shape = NO_ROW, .handle = sign_out_everywhere },
	{ 0 }
};
