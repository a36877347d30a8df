#include <time.h>

#include "auth/own.h"
#include "auth/own_proof.h"
#include "auth/password.h"
#include "core/query.h"
#include "auth/session.h"
#include "auth/totp.h"
#include "auth/totp_kept.h"
#include "core/json.h"

static const struct field password_fields[] = {
	{ "password", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MAX, .doc = "The password of the account" },
	{ 0 }
};

static const struct field code_fields[] = {
	{ "code", .type = FIELD_TEXT, .required = true, .min = TOTP_DIGITS, .max = TOTP_DIGITS,
	  .doc = "The six digits that the authenticator shows" },
	{ 0 }
};

static const struct field key_answer[] = {
	{ "secret", .type = FIELD_TEXT, .required = true, .doc = "The key, in base32; it is told this once" },
	{ "uri", .type = FIELD_TEXT, .required = true, .doc = "The same as otpauth://…, of which a code for cameras is made" },
	{ 0 }
};

static const struct field nothing[] = { { 0 } };

static enum err unkept(struct request *r)
{
	return request_fail(r, ERR_UNAVAILABLE, "One-time codes cannot be had just now: tell who runs this.");
}

static enum err begin(struct service *s, struct request *r, struct reply *reply)
{
	const char         *key = totp_key(r->arena);
	struct proof        proof;
	struct answered     begun;
	struct json_object *answer;
	enum err            err = own_proof(s, r, reply, "password", &proof);

	if (!err) {
		const char *const values[] = { proof.hash, totp_close(r->arena, &s->settings, key) };

		err = !values[1] ? unkept(r) : query_one(s, r, reply, "select auth.totp_begin($1, $2)", 1, values, 2, &begun);
	}
	if (err)
		return err;
	answer = json_object_new_object();
	json_put_text(answer, "secret", totp_base32(r->arena, key));
	json_put_text(answer, "uri", totp_uri(r->arena, key, begun.columns[0]));
	output_text(reply->body, json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN |
								JSON_C_TO_STRING_NOSLASHESCAPE));
	output_text(reply->body, "\n");
	json_object_put(answer);
	return ERR_NONE;
}

static enum err confirm(struct service *s, struct request *r, struct reply *reply)
{
	const char     *values[2], *key;
	struct answered waiting, confirmed;
	enum err        err = query_one(s, r, reply, "select auth.totp_waiting()", 1, NULL, 0, &waiting);

	if (err)
		return err;
	values[0] = waiting.columns[0];
	if (!values[0])
		return request_fail(r, ERR_CONFLICT, "There is no key of which a code is to be shown.");
	key = totp_open(r->arena, &s->settings, values[0]);
	if (!key)
		return unkept(r);
	values[1] = totp_step(r->arena, key, session_member(r, "code"), time(NULL));
	if (!values[1]) {
		problems_add(&r->problems, "/code", "is not what the key gives now");
		return request_fail(r, ERR_RULE, "Look whether the clock of the authenticator is right; no code is asked for yet.");
	}
	err = query_one(s, r, reply, "select auth.totp_confirm($1, $2)", 1, values, 2, &confirmed);
	if (!err)
		output_text(reply->body, "{}\n");
	return err;
}

static enum err remove_key(struct service *s, struct request *r, struct reply *reply)
{
	struct proof    proof;
	struct answered removed;
	enum err        err = own_proof(s, r, reply, "password", &proof);

	if (!err)
		err = query_one(s, r, reply, "select auth.totp_remove($1)", 1, &proof.hash, 1, &removed);
	if (!err)
		output_text(reply->body, "{}\n");
	return err;
}

static const int begin_statuses[] = { 409, 429, 0 };
static const int confirm_statuses[] = { 409, 422, 0 };
static const int remove_statuses[] = { 429, 0 };

const struct route own_totp_routes[] = {
	{ .method = "POST", .path = "/api/v1/session/totp", .summary = "Begin to use one-time codes (RFC 6238): a new key",
	  .scope = ROUTE_SESSION, .fields = password_fields, .answer = key_answer, .noun = "totp_key", .nouns = "totp_keys",
	  .handle = begin, .statuses = begin_statuses },
	{ .method = "POST", .path = "/api/v1/session/totp/confirm",
	  .summary = "Show a code of the key; one is asked for at sign-in from then on", .scope = ROUTE_SESSION,
	  .fields = code_fields, .answer = nothing, .noun = "nothing", .nouns = "nothing", .shape = NO_ROW,
	  .handle = confirm, .statuses = confirm_statuses },
	{ .method = "POST", .path = "/api/v1/session/totp/removal", .summary = "Use one-time codes no longer",
	  .scope = ROUTE_SESSION, .fields = password_fields, .answer = nothing, .noun = "nothing", .nouns = "nothing",
	  .shape = NO_ROW, .handle = remove_key, .statuses = remove_statuses },
	{ 0 }
};
