#include <string.h>

#include "auth/own.h"
#include "auth/own_proof.h"
#include "auth/password.h"
#include "core/query.h"
#include "auth/session.h"
#include "core/caller.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"

#define NEW_PASSWORD                                                                                          \
	{ "new_password", .type = FIELD_TEXT, .required = true, .min = PASSWORD_MIN, .max = PASSWORD_MAX,      \
	  .doc = "A password that is not easily guessed, without the login and the name in it" }

static const struct field change_fields[] = {
	{ "password", .type = FIELD_TEXT, .required = true, .min = 1, .max = PASSWORD_MAX, .doc = "The password that it has" },
	NEW_PASSWORD,
	{ 0 }
};

static const struct field reset_fields[] = {
	{ "login", .type = FIELD_TEXT, .required = true, .min = 1, .max = 254, .doc = "The e-mail address of the account" },
	{ 0 }
};

static const struct field complete_fields[] = {
	{ "token", .type = FIELD_TEXT, .required = true, .min = 1, .max = 100, .doc = "What the link says behind its #" },
	NEW_PASSWORD,
	{ 0 }
};

static const struct field complete_answer[] = {
	{ "login", .type = FIELD_TEXT, .required = true, .doc = "With what the person signs in" },
	{ 0 }
};

static const struct field nothing[] = { { 0 } };

/* The hash of the new password, where it will do. */
static enum err hash_chosen(struct service *s, struct request *r, const char *login, const char *name,
			    const char **ret_hash)
{
	const char *password = session_member(r, "new_password"), *why = password_problem(r->arena, password, login, name);

	if (why) {
		problems_add(&r->problems, "/new_password", "%s", why);
		return request_fail(r, ERR_RULE, "Choose another password; nothing was changed.");
	}
	*ret_hash = password_hash(r->arena, &s->settings, password);
	return *ret_hash ? ERR_NONE
		: request_fail(r, ERR_UNAVAILABLE, "There is not the memory for it just now: repeat it in a moment.");
}

static enum err change(struct service *s, struct request *r, struct reply *reply)
{
	const char     *token = hash_random_token(r->arena), *values[3];
	struct proof    proof;
	struct answered changed;
	enum err        err = own_proof(s, r, reply, "password", &proof);

	if (!err)
		err = hash_chosen(s, r, proof.login, proof.name, &values[1]);
	if (err)
		return err;
	values[0] = proof.hash;
	values[2] = hash_hex_of(r->arena, token);
	err = query_one(s, r, reply, "select auth.password_change($1, $2, $3)", 1, values, 3, &changed);
	if (err)
		return err;
	caller_set_session(reply, r->arena, token);
	return session_answer(r, reply, changed.columns[0], token);
}

/* Once the answer is sent: how long it takes would tell whether there is such an account. */
static bool mail_link(struct service *s, struct request *r, void *ctx)
{
	const char     *values[] = { ctx };
	struct answered asked;
	struct reply    none;

	reply_init(&none, r);
	if (query_one(s, r, &none, "select auth.reset_ask($1)", 1, values, 1, &asked))
		log_event("warning", "request %s: a link to a new password could not be mailed: %s", r->id,
			  r->log_error ? r->log_error : "the database refused it");
	return false;
}

static enum err reset(struct service *s, struct request *r, struct reply *reply)
{
	enum err err = caller_check_site(r);

	(void)s;
	if (err)
		return err;
	reply->status = 202;
	reply->afterwards = mail_link;
	reply->afterwards_ctx = (void *)session_member(r, "login");
	output_text(reply->body, "{}\n");
	return ERR_NONE;
}

static enum err complete(struct service *s, struct request *r, struct reply *reply)
{
	const char     *device = hash_random_token(r->arena), *values[3];
	struct answered opened, used;
	struct json_object *answer;
	enum err        err = caller_check_site(r);

	values[0] = hash_hex_of(r->arena, session_member(r, "token"));
	if (!err)
		err = query_one(s, r, reply, "select login, name from auth.link_open($1)", 2, values, 1, &opened);
	if (!err)
		err = hash_chosen(s, r, opened.columns[0], opened.columns[1], &values[1]);
	if (err)
		return err;
	values[2] = hash_hex_of(r->arena, device);
	err = query_one(s, r, reply, "select auth.link_use($1, $2, $3)", 1, values, 3, &used);
	if (err)
		return err;
	session_set_device(reply, r->arena, device);
	answer = json_object_new_object();
	json_put_text(answer, "login", used.columns[0]);
	output_text(reply->body, json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN));
	output_text(reply->body, "\n");
	json_object_put(answer);
	return ERR_NONE;
}

static const int change_statuses[] = { 422, 429, 0 };
static const int reset_statuses[] = { 400, 403, 406, 0 };
static const int complete_statuses[] = { 400, 403, 406, 410, 422, 503, 0 };

const struct route own_password_routes[] = {
	{ .method = "POST", .path = "/api/v1/session/password", .summary = "Change one's password; all other sessions end",
	  .scope = ROUTE_SESSION, .fields = change_fields, .answer = session_fields, .noun = "session", .nouns = "sessions",
	  .handle = change, .statuses = change_statuses },
	{ .method = "POST", .path = "/api/v1/session/password-reset",
	  .summary = "Have a link mailed to who forgot the password, if there is such an account", .fields = reset_fields,
	  .answer = nothing, .noun = "nothing", .nouns = "nothing", .shape = NO_ROW, .status = 202, .handle = reset,
	  .statuses = reset_statuses },
	{ .method = "POST", .path = "/api/v1/session/password-reset/complete",
	  .summary = "Set the password by a mailed link; all sessions end", .fields = complete_fields,
	  .answer = complete_answer, .noun = "login", .nouns = "logins", .handle = complete, .statuses = complete_statuses },
	{ 0 }
};
