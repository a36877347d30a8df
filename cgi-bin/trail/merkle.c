#include "trail/merkle.h"

#include <string.h>

struct merkle *merkle_new(struct arena *a)
{
	struct merkle *m = arena_alloc(a, sizeof(*m));

	m->hash = hash_new(a);
	return m;
}

static void node(struct hash *h, const unsigned char *left, const unsigned char *right, unsigned char *ret_node)
{
	hash_add(h, "\1", 1);
	hash_add(h, left, HASH_SIZE);
	hash_add(h, right, HASH_SIZE);
	hash_bytes(h, ret_node);
}

void merkle_add(struct merkle *m, const unsigned char leaf[HASH_SIZE])
{
	unsigned char root[HASH_SIZE];
	int           level = 0;

	memcpy(root, leaf, HASH_SIZE);
	for (; level < MERKLE_LEVELS - 1 && m->size >> level & 1; level++)
		node(m->hash, m->roots[level], root, root);
	memcpy(m->roots[level], root, HASH_SIZE);
	m->size++;
}

void merkle_root(const struct merkle *m, unsigned char ret_root[HASH_SIZE])
{
	bool some = false;

	for (int level = 0; level < MERKLE_LEVELS; level++) {
		if (!(m->size >> level & 1))
			continue;
		if (some)
			node(m->hash, m->roots[level], ret_root, ret_root);
		else
			memcpy(ret_root, m->roots[level], HASH_SIZE);
		some = true;
	}
	if (!some)
		hash_bytes(m->hash, ret_root);
}
