#include "auth/totp.h"

#include <ctype.h>
#include <inttypes.h>
#include <liboath/oath.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"

enum { KEY_BYTES = 20, KEY_BYTES_MAX = 64, WINDOW = 1 };

const char *totp_key(struct arena *a)
{
	unsigned char random[KEY_BYTES];
	char         *hex = arena_alloc(a, 2 * KEY_BYTES + 1);

	if (RAND_bytes(random, sizeof(random)) != 1)
		abort();
	hash_hex_write(hex, random, sizeof(random));
	return hex;
}

/* The bytes of a key; 0 when it is none. */
static size_t bytes_of(const char *key, char bytes[KEY_BYTES_MAX])
{
	size_t size = KEY_BYTES_MAX;

	return oath_hex2bin(key, bytes, &size) == OATH_OK ? size : 0;
}

const char *totp_base32(struct arena *a, const char *key)
{
	char   bytes[KEY_BYTES_MAX], *encoded;
	size_t length;

	if (oath_base32_encode(bytes, bytes_of(key, bytes), &encoded, &length) != OATH_OK)
		abort();
	arena_defer(a, free, encoded);
	return encoded;
}

static const char *percent_encoded(struct arena *a, const char *text)
{
	const char *encoded = "";

	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		encoded = arena_printf(a, isalnum(*c) || strchr("-._~", *c) ? "%s%c" : "%s%%%02X", encoded, *c);
	return encoded;
}

const char *totp_uri(struct arena *a, const char *key, const char *login)
{
	return arena_printf(a, "otpauth://totp/Doorstep:%s?secret=%s&issuer=Doorstep", percent_encoded(a, login),
			    totp_base32(a, key));
}

const char *totp_step(struct arena *a, const char *key, const char *code, time_t at)
{
	char     bytes[KEY_BYTES_MAX];
	size_t   size = bytes_of(key, bytes);
	uint64_t step;

	if (size == 0 || strlen(code) != TOTP_DIGITS ||
	    oath_totp_validate4(bytes, size, at, OATH_TOTP_DEFAULT_TIME_STEP_SIZE, OATH_TOTP_DEFAULT_START_TIME, WINDOW,
				NULL, &step, 0, code) < 0)
		return NULL;
	return arena_printf(a, "%" PRIu64, step);
}
