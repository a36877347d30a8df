#include "sso/jws.h"

#include <rhonabwy.h>

bool jws_start(void)
{
	return r_global_init() == RHN_OK;
}

/* Made with a key of the provider's that nobody else has: no secret that is shared, and never "none". */
static const jwa_alg algorithms[] = {
	R_JWA_ALG_RS256, R_JWA_ALG_RS384, R_JWA_ALG_RS512, R_JWA_ALG_PS256, R_JWA_ALG_PS384, R_JWA_ALG_PS512,
	R_JWA_ALG_ES256, R_JWA_ALG_ES384, R_JWA_ALG_ES512, R_JWA_ALG_EDDSA
};

static void free_keys(void *keys)
{
	r_jwks_free(keys);
}

static void free_key(void *key)
{
	r_jwk_free(key);
}

static void free_token(void *token)
{
	r_jwt_free(token);
}

static bool is_allowed(jwa_alg algorithm)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (algorithms[i] == algorithm)
			return true;
	return false;
}

/* That which the token names; where it names none, the only one. */
static jwk_t *key_of(struct arena *a, jwt_t *token, const char *keys)
{
	const char *kid = r_jwt_get_header_str_value(token, "kid");
	jwks_t     *all;
	jwk_t      *key = NULL;

	if (r_jwks_init(&all) != RHN_OK)
		return NULL;
	arena_defer(a, free_keys, all);
	r_jwks_import_from_json_str(all, keys); /* those that it does not know are left out */
	if (kid)
		key = r_jwks_get_by_kid(all, kid);
	else if (r_jwks_size(all) == 1)
		key = r_jwks_get_at(all, 0);
	if (key)
		arena_defer(a, free_key, key);
	return key;
}

const char *jws_claims(struct arena *a, const char *text, const char *keys, const char **ret_why)
{
	jwt_t *token;
	jwk_t *key;
	char  *claims;

	*ret_why = "the token is no signed token";
	if (r_jwt_init(&token) != RHN_OK)
		return NULL;
	arena_defer(a, free_token, token);
	/* Keys that the token brings along are nobody's. */
	if (r_jwt_advanced_parse(token, text, R_PARSE_NONE, R_FLAG_IGNORE_REMOTE) != RHN_OK ||
	    r_jwt_get_type(token) != R_JWT_TYPE_SIGN)
		return NULL;
	*ret_why = "the token is signed in a way that is not accepted";
	if (!is_allowed(r_jwt_get_sign_alg(token)))
		return NULL;
	*ret_why = "the provider has no such key";
	key = key_of(a, token, keys);
	if (!key)
		return NULL;
	*ret_why = "the signature is wrong";
	if (r_jwt_verify_signature(token, key, R_FLAG_IGNORE_REMOTE) != RHN_OK)
		return NULL;
	claims = r_jwt_get_full_claims_str(token);
	if (!claims)
		return NULL;
	arena_defer(a, r_free, claims);
	*ret_why = NULL;
	return claims;
}
