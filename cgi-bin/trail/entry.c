#include "trail/entry.h"

#include <openssl/crypto.h>
#include <string.h>

void entry_add(struct hash *h, const void *bytes, size_t size)
{
	const size_t        length = bytes ? size : 0xffffffff;
	const unsigned char big_endian[] = { (unsigned char)(length >> 24), (unsigned char)(length >> 16),
		(unsigned char)(length >> 8), (unsigned char)length };

	hash_add(h, big_endian, sizeof(big_endian));
	if (bytes)
		hash_add(h, bytes, size);
}

static void add_words(struct hash *h, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		entry_add(h, words[i], words[i] ? strlen(words[i]) : 0);
}

void entry_leaf(struct hash *h, const char *const *words, size_t count, const unsigned char commitment[HASH_SIZE],
		unsigned char ret_leaf[HASH_SIZE])
{
	hash_add(h, "", 1);
	add_words(h, words, count);
	entry_add(h, commitment, HASH_SIZE);
	hash_bytes(h, ret_leaf);
}

void entry_commitment(struct hash *h, const unsigned char *salt, size_t salt_size, const char *const *said,
		      size_t count, unsigned char ret_commitment[HASH_SIZE])
{
	hash_add(h, salt, salt_size);
	add_words(h, said, count);
	hash_bytes(h, ret_commitment);
}

bool entry_bytes(const char *hex, unsigned char *ret_bytes, size_t size)
{
	size_t length;

	return hex && strlen(hex) == 2 * size && OPENSSL_hexstr2buf_ex(ret_bytes, size, &length, hex, '\0')
		&& length == size;
}
