#include "auth/totp_kept.h"

#include <sodium.h>
#include <string.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/log.h"

enum {
	FILE_MAX = 1000,
	KEY_MAX = 64,
	KEPT_MAX = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + KEY_MAX,
};

static const void *fail(const struct settings *settings, const char *why)
{
	log_event("error", "keys of one-time codes are kept with %s, which %s", settings->totp_key, why);
	return NULL;
}

/* 64 hexadecimal digits that nobody else may read. */
static const unsigned char *key_of_file(struct arena *a, const struct settings *settings)
{
	unsigned char *key = arena_alloc(a, crypto_secretbox_KEYBYTES);
	const char    *why, *text = file_text(a, settings->totp_key, FILE_MAX, &why);
	size_t         size;

	if (!text)
		return fail(settings, "cannot be read, or is not there");
	if (!file_is_private(settings->totp_key))
		return fail(settings, "others may read");
	if (sodium_hex2bin(key, crypto_secretbox_KEYBYTES, text, strlen(text), "\n", &size, NULL) != 0
	    || size != crypto_secretbox_KEYBYTES)
		return fail(settings, "is not 64 hexadecimal digits");
	return key;
}

const char *totp_close(struct arena *a, const struct settings *settings, const char *key)
{
	const unsigned char *with = key_of_file(a, settings);
	unsigned char        kept[KEPT_MAX], bytes[KEY_MAX];
	char                *hex;
	size_t               size;

	if (!with || sodium_hex2bin(bytes, sizeof(bytes), key, strlen(key), NULL, &size, NULL) != 0)
		return NULL;
	randombytes_buf(kept, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(kept + crypto_secretbox_NONCEBYTES, bytes, size, kept, with);
	size += crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	hex = arena_alloc(a, 2 * size + 1);
	hash_hex_write(hex, kept, size);
	return hex;
}

const char *totp_open(struct arena *a, const struct settings *settings, const char *kept)
{
	const unsigned char *with = key_of_file(a, settings);
	unsigned char        bytes[KEPT_MAX], key[KEY_MAX];
	const size_t         around = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
	char                *hex;
	size_t               size;

	if (!with)
		return NULL;
	if (sodium_hex2bin(bytes, sizeof(bytes), kept, strlen(kept), NULL, &size, NULL) != 0 || size <= around
	    || crypto_secretbox_open_easy(key, bytes + crypto_secretbox_NONCEBYTES, size - crypto_secretbox_NONCEBYTES, bytes,
					  with) != 0)
		return fail(settings, "is another than that of a key that is kept");
	size -= around;
	hex = arena_alloc(a, 2 * size + 1);
	hash_hex_write(hex, key, size);
	return hex;
}
