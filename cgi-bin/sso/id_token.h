/*
 * What a provider says of a person (OpenID Connect Core 1.0, section 3.1.3.7): a token that it
 * signed.  The signature is checked by librhonabwy.
 */
#ifndef DOORSTEP_ID_TOKEN_H
#define DOORSTEP_ID_TOKEN_H

#include <json-c/json.h>
#include <time.h>

#include "sso/provider.h"

struct vouched {
	const char *subject;
	const char *email; /* by which the person may be found the first time; NULL: by none */
};

/*
 * keys: the provider's, as JSON; nonce: what was sent along.  NULL when all is right, otherwise
 * what is not, for the operator.
 */
const char *id_token_check(struct arena *a, const struct provider *p, const char *token, const char *keys,
			   const char *nonce, time_t now, struct vouched *ret);

#endif
