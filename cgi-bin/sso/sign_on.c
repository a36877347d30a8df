#include "sso/sign_on.h"

#include <string.h>
#include <time.h>

#include "core/caller.h"
#include "core/cookie.h"
#include "core/fields.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/query.h"
#include "sso/fetch.h"
#include "sso/id_token.h"
#include "sso/provider.h"

/* Lax: the person comes back from another site, with which a strict cookie would not be sent. */
#define COOKIE "__Host-doorstep-sso"
#define ARRIVED "/account/signed-in.html"

enum { UNDER_WAY_SECONDS = 600 };

#define PROVIDER_FIELD { "provider", .in = IN_PATH, .type = FIELD_TEXT, .required = true, .max = 40, .doc = "Its name" }
#define SENT_ALONG(name) { (name), .in = IN_QUERY, .type = FIELD_TEXT, .max = 2000, .doc = "Passed over" }

static const struct field begin_fields[] = { PROVIDER_FIELD, { 0 } };

static const struct field return_fields[] = {
	PROVIDER_FIELD,
	{ "state", .in = IN_QUERY, .type = FIELD_TEXT, .required = true, .max = 100, .doc = "What was sent along" },
	{ "code", .in = IN_QUERY, .type = FIELD_TEXT, .max = 4000, .doc = "For which the provider says who it is" },
	{ "iss", .in = IN_QUERY, .type = FIELD_TEXT, .max = 1000, .doc = "The provider (RFC 9207)" },
	{ "error", .in = IN_QUERY, .type = FIELD_TEXT, .max = 200, .doc = "Why the provider refused" },
	SENT_ALONG("error_description"), SENT_ALONG("error_uri"), SENT_ALONG("scope"), SENT_ALONG("authuser"),
	SENT_ALONG("prompt"), SENT_ALONG("hd"), SENT_ALONG("session_state"), SENT_ALONG("client_info"),
	{ 0 }
};

static const struct field provider_members[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .doc = "Its name" },
	{ "title", .type = FIELD_TEXT, .required = true, .doc = "What it is called, for people" },
	{ "path", .type = FIELD_TEXT, .required = true, .doc = "Where a browser goes to sign in by it" },
	{ 0 }
};
static const struct field provider_item = { "provider", .type = FIELD_OBJECT, .fields = provider_members };
static const struct field providers_answer[] = {
	{ "providers", .type = FIELD_LIST, .required = true, .item = &provider_item, .doc = "Those that are set up" },
	{ 0 }
};
static const struct field nothing[] = { { 0 } };

static enum err list(struct service *s, struct request *r, struct reply *reply)
{
	const struct provider *all;
	size_t                 count;
	struct json_object    *answer, *items;
	enum err               err = providers_read(r, &all, &count);

	(void)s;
	if (err)
		return err;
	answer = json_object_new_object();
	items = json_object_new_array();
	json_object_object_add(answer, "providers", items);
	for (size_t i = 0; i < count; i++) {
		struct json_object *item = json_object_new_object();

		json_put_text(item, "name", all[i].name);
		json_put_text(item, "title", all[i].title);
		json_put_text(item, "path", arena_printf(r->arena, "/api/v1/session/sso/%s", all[i].name));
		json_object_array_add(items, item);
	}
	output_text(reply->body, json_object_to_json_string_ext(answer, JSON_C_TO_STRING_PLAIN |
								JSON_C_TO_STRING_NOSLASHESCAPE));
	output_text(reply->body, "\n");
	json_object_put(answer);
	return ERR_NONE;
}

static enum err unreachable(struct request *r, const struct provider *p, const char *why)
{
	r->log_error = arena_printf(r->arena, "provider %s: %s", p->name, why);
	return request_fail(r, ERR_UNAVAILABLE, "The provider cannot be asked just now: try again in a moment.");
}

static enum err refuse(struct request *r, const struct provider *p, const char *why)
{
	r->log_error = arena_printf(r->arena, "provider %s: %s", p->name, why);
	return request_fail(r, ERR_SIGN_IN, "The provider does not vouch for anybody who may sign in here.");
}

/* What the provider says of itself (OpenID Connect Discovery 1.0); it is who it is taken for. */
static enum err discover(struct request *r, const struct provider *p, struct json_object **ret)
{
	const size_t length = strlen(p->issuer);
	const char  *why, *issuer, *url = arena_printf(r->arena, "%.*s/.well-known/openid-configuration",
		(int)(length - (p->issuer[length - 1] == '/')), p->issuer);

	*ret = fetch_json(r->arena, p->issuer, url, NULL, &why);
	if (!*ret)
		return unreachable(r, p, why);
	issuer = json_object_get_string(json_object_object_get(*ret, "issuer"));
	return issuer && strcmp(issuer, p->issuer) == 0 ? ERR_NONE : unreachable(r, p, "it calls itself otherwise");
}

/* An address of the provider's; NULL when it tells none. */
static const char *address(struct json_object *about, const char *name)
{
	struct json_object *member = json_object_object_get(about, name);

	return json_object_is_type(member, json_type_string) ? json_object_get_string(member) : NULL;
}

/* Made of the cookie, so that neither is kept anywhere. */
static const char *made_of(struct request *r, const char *cookie, const char *label)
{
	return hash_hmac_hex(r->arena, cookie, strlen(cookie), label, strlen(label));
}

static const char *nonce_of(struct request *r, const char *cookie)
{
	return made_of(r, cookie, "doorstep: nonce");
}

static const char *verifier_of(struct request *r, const char *cookie)
{
	return made_of(r, cookie, "doorstep: code verifier");
}

/* S256 of RFC 7636: base64url without padding. */
static const char *challenge_of(struct request *r, const char *verifier)
{
	char *challenge = arena_strdup(r->arena, hash_sha256_base64(r->arena, verifier, strlen(verifier)));

	for (char *c = challenge; *c; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c);
	return challenge;
}

static const char *redirect_uri(struct request *r, const struct provider *p)
{
	const char  *base = r->settings->public_url;
	const size_t length = strlen(base);

	return arena_printf(r->arena, "%s%sapi/v1/session/sso/%s/callback", base,
			    length > 0 && base[length - 1] == '/' ? "" : "/", p->name);
}

static void send_to(struct request *r, struct reply *reply, const struct provider *p, const char *endpoint,
		    const char *state, const char *cookie)
{
	struct arena *a = r->arena;

	reply_header(reply, "Location", arena_printf(a,
		"%s%sresponse_type=code&client_id=%s&redirect_uri=%s&scope=openid%%20email%%20profile&state=%s&nonce=%s"
		"&code_challenge=%s&code_challenge_method=S256", endpoint, strchr(endpoint, '?') ? "&" : "?",
		fetch_escaped(a, p->client_id), fetch_escaped(a, redirect_uri(r, p)), state, nonce_of(r, cookie),
		challenge_of(r, verifier_of(r, cookie))));
	reply->status = 303;
	output_text(reply->body, "{}\n");
}

static enum err begin(struct service *s, struct request *r, struct reply *reply)
{
	const char            *state = hash_random_token(r->arena), *cookie = hash_random_token(r->arena), *endpoint = NULL;
	const struct provider *p;
	struct json_object    *about;
	struct answered        begun;
	enum err               err = provider_find(r, fields_value(r, "provider"), &p);

	if (!err)
		err = discover(r, p, &about);
	if (!err) {
		const char *const values[] = { hash_hex_of(r->arena, state), hash_hex_of(r->arena, cookie), p->name,
					       arena_printf(r->arena, "%d", UNDER_WAY_SECONDS) };

		endpoint = address(about, "authorization_endpoint");
		err = endpoint ? query_one(s, r, reply, "select auth.sign_on_begin($1, $2, $3, $4)", 1, values, 4, &begun)
			       : unreachable(r, p, "it does not say where people sign in");
	}
	if (err)
		return err;
	cookie_set(reply, r->arena, COOKIE, cookie, "Lax", UNDER_WAY_SECONDS);
	send_to(r, reply, p, endpoint, state, cookie);
	return ERR_NONE;
}

/* Exchanges the code for what the provider says of the person. */
static enum err exchange(struct request *r, const struct provider *p, struct json_object *about, const char *cookie,
			 const char **ret_token)
{
	struct arena       *a = r->arena;
	const char         *why, *endpoint = address(about, "token_endpoint");
	struct json_object *answer;
	const char         *form = arena_printf(a,
		"grant_type=authorization_code&code=%s&redirect_uri=%s&client_id=%s&client_secret=%s&code_verifier=%s",
		fetch_escaped(a, fields_value(r, "code")), fetch_escaped(a, redirect_uri(r, p)),
		fetch_escaped(a, p->client_id), fetch_escaped(a, p->secret), verifier_of(r, cookie));

	if (!endpoint)
		return unreachable(r, p, "it does not say where a code is exchanged");
	answer = fetch_json(a, p->issuer, endpoint, form, &why);
	if (!answer)
		return refuse(r, p, arena_printf(a, "the code was not exchanged: %s", why));
	*ret_token = address(answer, "id_token");
	return *ret_token ? ERR_NONE : refuse(r, p, "it says nothing of who it is");
}

/* The keys are asked for each time: a new one counts at once, one that was withdrawn no more. */
static enum err vouch(struct request *r, const struct provider *p, const char *cookie, struct vouched *ret)
{
	const char         *token, *why, *url;
	struct json_object *about, *keys;
	enum err            err = discover(r, p, &about);

	if (!err)
		err = exchange(r, p, about, cookie, &token);
	if (err)
		return err;
	url = address(about, "jwks_uri");
	keys = url ? fetch_json(r->arena, p->issuer, url, NULL, &why) : NULL;
	if (!keys)
		return unreachable(r, p, url ? why : "it does not say where its keys are");
	why = id_token_check(r->arena, p, token, json_object_to_json_string(keys), nonce_of(r, cookie), time(NULL), ret);
	return why ? refuse(r, p, why) : ERR_NONE;
}

/* That who comes back was sent from here, in this browser; once. */
static enum err take_back(struct service *s, struct request *r, struct reply *reply, const struct provider *p,
			  const char *cookie)
{
	const char *const values[] = { hash_hex_of(r->arena, fields_value(r, "state")),
				       cookie ? hash_hex_of(r->arena, cookie) : NULL, p->name };
	struct answered   taken;
	enum err          err = query_one(s, r, reply, "select auth.sign_on_take($1, $2, $3)", 1, values, 3, &taken);

	if (!err && strcmp(taken.columns[0], "t") != 0)
		err = request_fail(r, ERR_GONE, "This sign-in was not begun in this browser, or too long ago: begin again.");
	return err;
}

static enum err check_answer(struct request *r, const struct provider *p)
{
	const char *issuer = fields_value(r, "iss");

	if (issuer && strcmp(issuer, p->issuer) != 0)
		return refuse(r, p, "another issuer answered");
	if (fields_value(r, "error"))
		return refuse(r, p, "it refused");
	return fields_value(r, "code") ? ERR_NONE : refuse(r, p, "it sent no code");
}

static enum err open_session(struct service *s, struct request *r, struct reply *reply, const struct provider *p,
			     const struct vouched *person)
{
	const char       *token = hash_random_token(r->arena);
	const char *const values[] = { p->issuer, person->subject, person->email, hash_hex_of(r->arena, token),
				       arena_printf(r->arena, "%ld", s->settings.session_seconds), r->token_hash };
	struct answered   opened;
	enum err          err = query_one(s, r, reply, "select auth.sign_on_done($1, $2, $3, $4, $5, $6)", 1, values, 6,
					  &opened);

	if (err)
		return err == ERR_SIGN_IN ? refuse(r, p, "nobody here is known by that account") : err;
	caller_set_session(reply, r->arena, token);
	cookie_set(reply, r->arena, COOKIE, NULL, "Lax", 0);
	reply_header(reply, "Location", ARRIVED);
	reply->status = 303;
	output_text(reply->body, "{}\n");
	return ERR_NONE;
}

static enum err come_back(struct service *s, struct request *r, struct reply *reply)
{
	const char            *cookie;
	const struct provider *p;
	struct vouched         person;
	enum err               err = provider_find(r, fields_value(r, "provider"), &p);

	if (!err)
		err = cookie_read(r, COOKIE, &cookie);
	if (!err)
		err = take_back(s, r, reply, p, cookie);
	if (!err)
		err = check_answer(r, p);
	if (!err)
		err = vouch(r, p, cookie, &person);
	return err ? err : open_session(s, r, reply, p, &person);
}

static const int begin_statuses[] = { 400, 404, 406, 503, 0 };
static const int return_statuses[] = { 400, 401, 404, 406, 410, 503, 0 };
static const int list_statuses[] = { 406, 503, 0 };

const struct route sign_on_routes[] = {
	{ .method = "GET", .path = "/api/v1/session/providers", .summary = "By whom people may sign in, besides by password",
	  .answer = providers_answer, .noun = "sign_on_providers", .nouns = "sign_on_providers", .handle = list,
	  .statuses = list_statuses },
	{ .method = "GET", .path = "/api/v1/session/sso/{provider}",
	  .summary = "Send a browser to a provider, to sign in there (OpenID Connect)", .fields = begin_fields,
	  .answer = nothing, .noun = "nothing", .nouns = "nothing", .shape = NO_ROW, .status = 303, .handle = begin,
	  .statuses = begin_statuses },
	{ .method = "GET", .path = "/api/v1/session/sso/{provider}/callback",
	  .summary = "Where the provider sends the browser back to, which is signed in then", .fields = return_fields,
	  .answer = nothing, .noun = "nothing", .nouns = "nothing", .shape = NO_ROW, .status = 303, .handle = come_back,
	  .statuses = return_statuses },
	{ 0 }
};
