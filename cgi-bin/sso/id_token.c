#include "sso/id_token.h"

#include <string.h>

#include "core/json.h"
#include "sso/claims.h"
#include "sso/jws.h"

enum { CLOCKS_DIFFER_S = 60, OLDEST_S = 600, SUBJECT_MAX = 255 };

/* The claims of a token that the provider signed; NULL with *ret_why set. */
static struct json_object *signed_claims(struct arena *a, const char *text, const char *keys, const char **ret_why)
{
	const char *claims = jws_claims(a, text, keys, ret_why);

	return claims ? json_read(a, claims, strlen(claims), ret_why) : NULL;
}

static const char *text_claim(struct json_object *claims, const char *name)
{
	struct json_object *claim = json_object_object_get(claims, name);

	return json_object_is_type(claim, json_type_string) ? json_object_get_string(claim) : NULL;
}

static bool claim_is(struct json_object *claims, const char *name, const char *wanted)
{
	const char *text = text_claim(claims, name);

	return text && strcmp(text, wanted) == 0;
}

/* For this client alone: where it is for several, the client is the one that asked for it. */
static bool is_for(struct json_object *claims, const char *client_id)
{
	struct json_object *audience = json_object_object_get(claims, "aud");
	bool                found = claim_is(claims, "aud", client_id);

	if (json_object_object_get_ex(claims, "azp", NULL) && !claim_is(claims, "azp", client_id))
		return false;
	if (!json_object_is_type(audience, json_type_array))
		return found;
	for (size_t i = 0; i < json_object_array_length(audience); i++) {
		struct json_object *one = json_object_array_get_idx(audience, i);

		found = found || (json_object_is_type(one, json_type_string) &&
				  strcmp(json_object_get_string(one), client_id) == 0);
	}
	return found && (json_object_array_length(audience) == 1 || claim_is(claims, "azp", client_id));
}

/* Whether the time lies between; a claim that is none does not. */
static bool is_between(struct json_object *claims, const char *name, time_t first, time_t last)
{
	struct json_object *claim = json_object_object_get(claims, name);
	const int64_t       at = json_object_get_int64(claim);

	return json_object_is_type(claim, json_type_int) && at >= first && at <= last;
}

static const char *found_by(const struct provider *p, struct json_object *claims)
{
	struct json_object *verified = json_object_object_get(claims, "email_verified");

	switch (p->find_by) {
	case FIND_BY_EMAIL:
		return json_object_is_type(verified, json_type_boolean) && json_object_get_boolean(verified)
		       ? text_claim(claims, "email") : NULL;
	case FIND_BY_TENANT:
		return text_claim(claims, "preferred_username");
	case FIND_BY_SUBJECT:
		break;
	}
	return NULL;
}

const char *id_token_check(struct arena *a, const struct provider *p, const char *token, const char *keys,
			   const char *nonce, time_t now, struct vouched *ret)
{
	const time_t        never = (time_t)1 << 40;
	const char         *why = NULL, *unmet;
	struct json_object *claims = signed_claims(a, token, keys, &why);

	if (!claims || why)
		return why;
	if (!claim_is(claims, "iss", p->issuer))
		return "it is of another issuer";
	if (!is_for(claims, p->client_id))
		return "it is for another client";
	if (!is_between(claims, "exp", now - CLOCKS_DIFFER_S, never))
		return "it has expired";
	if (!is_between(claims, "iat", now - OLDEST_S, now + CLOCKS_DIFFER_S))
		return "it is too old, or of the future";
	if (json_object_object_get_ex(claims, "nbf", NULL) && !is_between(claims, "nbf", 0, now + CLOCKS_DIFFER_S))
		return "it does not hold yet";
	if (!claim_is(claims, "nonce", nonce))
		return "it answers another request";
	if (p->tenant && !claim_is(claims, "tid", p->tenant))
		return "it is of another tenant";
	unmet = claims_unmet(p->claims, claims);
	if (unmet)
		return arena_printf(a, "its claim %s is missing, or not what is asked for", unmet);
	ret->subject = text_claim(claims, "sub");
	if (!ret->subject || !*ret->subject || strlen(ret->subject) > SUBJECT_MAX)
		return "it names nobody";
	ret->email = found_by(p, claims);
	return NULL;
}
