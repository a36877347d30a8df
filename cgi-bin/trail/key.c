#include "trail/key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/hash.h"

enum { ED25519 = 1 }; /* the kind of key, as signed notes number them */

static const char private_start[] = "PRIVATE+KEY+";

static void key_cleanse(void *ptr)
{
	OPENSSL_cleanse(ptr, sizeof(struct key));
}

static struct key *key_new(struct arena *a)
{
	struct key *key = arena_alloc(a, sizeof(*key));

	arena_defer(a, key_cleanse, key);
	return key;
}

static bool name_can_be(const char *name, size_t length)
{
	if (length == 0 || length > KEY_NAME_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)name[i] <= ' ' || (unsigned char)name[i] >= 0x7f || name[i] == '+')
			return false;
	return true;
}

/* The first bytes of the SHA-256 of the name, the kind and the public key. */
static void identify(struct arena *a, struct key *key)
{
	struct hash  *h = hash_new(a);
	unsigned char digest[HASH_SIZE];

	hash_add(h, key->name, strlen(key->name));
	hash_add(h, "\n\1", 2);
	hash_add(h, key->public, KEY_SIZE);
	hash_bytes(h, digest);
	memcpy(key->id, digest, KEY_ID_SIZE);
}

/* Memory has run out, or OpenSSL lacks Ed25519: nothing could be signed or checked. */
static EVP_PKEY *needed(EVP_PKEY *pkey)
{
	if (!pkey)
		abort();
	return pkey;
}

static EVP_PKEY *private_of(const struct key *key)
{
	return needed(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->private, KEY_SIZE));
}

static void derive_public(struct key *key)
{
	EVP_PKEY *pkey = private_of(key);
	size_t    size = KEY_SIZE;

	if (!EVP_PKEY_get_raw_public_key(pkey, key->public, &size) || size != KEY_SIZE)
		abort();
	EVP_PKEY_free(pkey);
}

struct key *key_make(struct arena *a, const char *name, const char **ret_why)
{
	struct key *key = key_new(a);
	EVP_PKEY   *pkey;
	size_t      size = KEY_SIZE;

	if (!name_can_be(name, strlen(name))) {
		*ret_why = "the name of a key has from 1 to 200 letters, without blanks or plus signs";
		return NULL;
	}
	pkey = needed(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	if (!EVP_PKEY_get_raw_private_key(pkey, key->private, &size) || size != KEY_SIZE)
		abort();
	EVP_PKEY_free(pkey);
	key->name = arena_strdup(a, name);
	key->is_private = true;
	derive_public(key);
	identify(a, key);
	return key;
}

/* The kind and the bytes, in base64. */
static bool read_bytes(struct arena *a, const char *text, unsigned char *ret_bytes)
{
	const size_t   length = strlen(text);
	unsigned char *bytes = arena_alloc(a, length + 1);
	bool           good;

	good = length == 44 && EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length) == 33 && bytes[0] == ED25519;
	if (good)
		memcpy(ret_bytes, bytes + 1, KEY_SIZE);
	OPENSSL_cleanse(bytes, length + 1);
	return good;
}

struct key *key_read(struct arena *a, const char *line, const char **ret_why)
{
	struct key *key = key_new(a);
	char       *text = arena_strndup(a, line, strcspn(line, "\n")), *id, *bytes, hex[2 * KEY_ID_SIZE + 1];

	*ret_why = "is no Ed25519 key for signed notes";
	key->is_private = strncmp(text, private_start, strlen(private_start)) == 0;
	if (key->is_private)
		text += strlen(private_start);
	id = strchr(text, '+');
	bytes = id ? strchr(id + 1, '+') : NULL;
	if (!bytes || !name_can_be(text, (size_t)(id - text)))
		return NULL;
	*id++ = *bytes++ = '\0';
	key->name = text;
	if (!read_bytes(a, bytes, key->is_private ? key->private : key->public))
		return NULL;
	if (key->is_private)
		derive_public(key);
	identify(a, key);
	hash_hex_write(hex, key->id, KEY_ID_SIZE);
	return strcmp(hex, id) == 0 ? key : NULL;
}

const char *key_read_file(struct arena *a, const char *path, const struct key **keys, size_t *count, size_t room)
{
	const char *why = NULL, *line = file_text(a, path, KEY_FILE_MAX, &why);

	for (; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (*count == room)
			return "there are too many keys";
		keys[*count] = key_read(a, line, &why);
		if (!keys[*count])
			return why;
		++*count;
	}
	return line ? NULL : why;
}

static const char *key_line(struct arena *a, const struct key *key, const char *start, const unsigned char *half)
{
	unsigned char bytes[1 + KEY_SIZE] = { ED25519 };
	char          hex[2 * KEY_ID_SIZE + 1];

	memcpy(bytes + 1, half, KEY_SIZE);
	hash_hex_write(hex, key->id, KEY_ID_SIZE);
	return arena_printf(a, "%s%s+%s+%s\n", start, key->name, hex, hash_base64(a, bytes, sizeof(bytes)));
}

const char *key_public_line(struct arena *a, const struct key *key)
{
	return key_line(a, key, "", key->public);
}

const char *key_private_line(struct arena *a, const struct key *key)
{
	return key_line(a, key, private_start, key->private);
}

void key_sign(const struct key *key, const void *text, size_t size, unsigned char ret_signature[SIGNATURE_SIZE])
{
	EVP_PKEY   *pkey = private_of(key);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	size_t      length = SIGNATURE_SIZE;

	if (!context || EVP_DigestSignInit(context, NULL, NULL, NULL, pkey) != 1
	    || EVP_DigestSign(context, ret_signature, &length, text, size) != 1 || length != SIGNATURE_SIZE)
		abort();
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
}

bool key_has_signed(const struct key *key, const void *text, size_t size,
		    const unsigned char signature[SIGNATURE_SIZE])
{
	EVP_PKEY   *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->public, KEY_SIZE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const bool  signed_it = pkey && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1
		&& EVP_DigestVerify(context, signature, SIGNATURE_SIZE, text, size) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pkey);
	return signed_it;
}
