#include "auth/oauth.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/fields.h"
#include "core/hash.h"
#include "core/transaction.h"

/* Who signs in: from HTTP Basic, or else from the form. */
struct credentials {
	const char *client_id, *secret_hash;
};

#define CREDENTIAL_FIELDS                                                                                          \
	{ "client_id", .in = IN_FORM, .type = FIELD_TEXT, .max = 64, .doc = "Id of the client, without HTTP Basic" }, \
	{ "client_secret", .in = IN_FORM, .type = FIELD_TEXT, .max = 200, .doc = "Its secret, without HTTP Basic" }

static const struct field token_fields[] = {
	{ "grant_type", .in = IN_FORM, .type = FIELD_TEXT, .required = true, .doc = "client_credentials" },
	{ "scope", .in = IN_FORM, .type = FIELD_TEXT, .doc = "Scopes, blank-separated; without it all that the client may have" },
	CREDENTIAL_FIELDS,
	{ 0 }
};

static const struct field token_answer[] = {
	{ "access_token", .type = FIELD_TEXT, .required = true, .doc = "The token: Authorization: Bearer …" },
	{ "token_type", .type = FIELD_TEXT, .required = true, .doc = "Bearer" },
	{ "expires_in", .type = FIELD_INT, .required = true, .doc = "Seconds that it holds" },
	{ "scope", .type = FIELD_TEXT, .required = true, .doc = "What it allows" },
	{ 0 }
};

static const struct field revoke_fields[] = {
	{ "token", .in = IN_FORM, .type = FIELD_TEXT, .required = true, .max = 200, .doc = "The token to revoke" },
	{ "token_type_hint", .in = IN_FORM, .type = FIELD_TEXT, .doc = "Accepted and not needed" },
	CREDENTIAL_FIELDS,
	{ 0 }
};

static const struct field revoke_answer[] = { { 0 } };

static enum err read_basic(struct request *r, const char *header, const char **ret_id, const char **ret_secret)
{
	const char *pair = hash_base64_decode(r->arena, header + 6 + strspn(header + 6, " "));
	const char *colon = pair ? strchr(pair, ':') : NULL;

	if (!colon || !utf8_valid(pair, strlen(pair)))
		return request_fail(r, ERR_CLIENT, "The Authorization header is not HTTP Basic.");
	*ret_id = arena_strndup(r->arena, pair, (size_t)(colon - pair));
	*ret_secret = colon + 1;
	return ERR_NONE;
}

static enum err read_credentials(struct request *r, struct credentials *ret)
{
	const char *header = request_header(r, "HTTP_AUTHORIZATION");
	const char *id = fields_value(r, "client_id"), *secret = fields_value(r, "client_secret");
	const bool  basic = header && strncasecmp(header, "Basic ", 6) == 0;
	enum err    err = ERR_NONE;

	if (basic && secret)
		return request_fail(r, ERR_MALFORMED, "Send the secret in one place: HTTP Basic or the form.");
	if (basic)
		err = read_basic(r, header, &id, &secret);
	if (err)
		return err;
	if (!id || !secret)
		return request_fail(r, ERR_CLIENT, "Send client id and secret by HTTP Basic or in the form.");
	*ret = (struct credentials){ id, hash_hex_of(r->arena, secret) };
	return ERR_NONE;
}

struct issue {
	struct credentials  credentials;
	const char         *token, *values[5];
	struct json_object *answer;
};

static bool take_token(void *ctx, const struct row *row)
{
	struct issue *i = ctx;

	json_object_object_add(i->answer, "access_token", json_object_new_string(i->token));
	json_object_object_add(i->answer, "token_type", json_object_new_string(row->values[0]));
	json_object_object_add(i->answer, "expires_in", json_object_new_int64(strtoll(row->values[1], NULL, 10)));
	json_object_object_add(i->answer, "scope", json_object_new_string(row->values[2]));
	return true;
}

static bool attempt_issue(struct transaction *t, void *ctx)
{
	struct issue *i = ctx;

	transaction_add(t, &(struct db_query){ .name = "auth.token_issue",
		.sql = "select token_type, expires_in, granted from auth.token_issue($1, $2, $3, $4, $5)",
		.values = i->values, .count = 5, .on_row = take_token, .ctx = i });
	return transaction_commit(t);
}

static void put_answer(void *ptr)
{
	json_object_put(ptr);
}

static enum err issue_token(struct service *s, struct request *r, struct reply *reply)
{
	struct issue i = { .token = hash_random_token(r->arena), .answer = json_object_new_object() };
	enum err     err;

	arena_defer(r->arena, put_answer, i.answer);
	if (strcmp(fields_value(r, "grant_type"), "client_credentials") != 0)
		return request_fail(r, ERR_GRANT, "Ask with grant_type=client_credentials.");
	err = read_credentials(r, &i.credentials);
	if (err)
		return err;
	i.values[0] = i.credentials.client_id;
	i.values[1] = i.credentials.secret_hash;
	i.values[2] = hash_hex_of(r->arena, i.token);
	i.values[3] = fields_value(r, "scope");
	i.values[4] = arena_printf(r->arena, "%ld", s->settings.token_seconds);
	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, false, attempt_issue, &i);
	if (err)
		return err;
	r->client = i.credentials.client_id;
	output_text(reply->body, json_object_to_json_string_ext(i.answer, JSON_C_TO_STRING_PLAIN));
	output_text(reply->body, "\n");
	return ERR_NONE;
}

static bool attempt_revoke(struct transaction *t, void *ctx)
{
	const char *const *values = ctx;

	transaction_add(t, &(struct db_query){ .name = "auth.token_revoke",
		.sql = "select auth.token_revoke($1, $2, $3)", .values = values, .count = 3 });
	return transaction_commit(t);
}

static enum err revoke_token(struct service *s, struct request *r, struct reply *reply)
{
	struct credentials credentials = { 0 };
	enum err           err = read_credentials(r, &credentials);
	const char        *values[3];

	if (err)
		return err;
	values[0] = credentials.client_id;
	values[1] = credentials.secret_hash;
	values[2] = hash_hex_of(r->arena, fields_value(r, "token"));
	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	err = transaction_attempt(s, r, reply, false, attempt_revoke, values);
	if (err)
		return err;
	r->client = credentials.client_id;
	output_text(reply->body, "{}\n");
	return err;
}

static const int oauth_statuses[] = { 400, 401, 406, 503, 0 };

const struct route oauth_routes[] = {
	{ .method = "POST", .path = "/oauth2/token", .summary = "Get an access token (OAuth 2 client credentials)",
	  .fields = token_fields, .answer = token_answer, .noun = "token", .nouns = "tokens",
	  .handle = issue_token, .statuses = oauth_statuses },
	{ .method = "POST", .path = "/oauth2/revoke", .summary = "Revoke an access token at once",
	  .fields = revoke_fields, .answer = revoke_answer, .noun = "nothing", .nouns = "nothing",
	  .shape = NO_ROW, .handle = revoke_token, .statuses = oauth_statuses },
	{ 0 }
};
