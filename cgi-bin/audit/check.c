#include "audit/check.h"

#include <stdlib.h>
#include <string.h>

#include "trail/entry.h"

enum { LATE_SECONDS = 86400 }; /* by which an entry may be older than one sealed before it */

/* ------------------------------------------------------------ what is wrong */

static void fail(struct check *c, unsigned long long leaf, const char *kind, const char *id, const char *problem)
{
	c->failed++;
	if (c->problem)
		return;
	c->leaf = leaf;
	c->kind = arena_strdup(c->arena, kind);
	c->id = arena_strdup(c->arena, id);
	c->problem = arena_strdup(c->arena, problem);
}

/* ------------------------------------------------------------ checkpoints */

static void advance(struct check *c)
{
	if (c->next_arena)
		arena_free(c->next_arena);
	c->next_arena = NULL;
	c->next.size = 0;
	if (!c->file.file)
		return;
	c->next_arena = arena_new();
	if (!note_next(&c->file, c->next_arena, &c->next) || ftell(c->file.file) > c->file_end)
		c->next.size = 0;
}

static void compare(struct check *c, struct arena *a, const struct checkpoint *its, const char *where)
{
	unsigned char root[HASH_SIZE];

	merkle_root(c->tree, root);
	if (its->size != c->tree->size || memcmp(root, its->root, HASH_SIZE) != 0) {
		c->broken = true;
		fail(c, c->signed_size, NULL, NULL, arena_printf(a, "or one after it, up to %llu, is not as it was signed: the "
			"checkpoint of %llu leaves in %s has another root", c->tree->size - 1, c->tree->size, where));
	} else if (c->key_count > 0 && note_signature(a, its, c->keys, c->key_count) != SIGNATURE_GOOD) {
		fail(c, c->tree->size - 1, NULL, NULL,
		     arena_printf(a, "is the last of a checkpoint in %s that is not signed", where));
	} else {
		c->checkpoints++;
	}
}

/* note: of the database; NULL where none ends with this leaf. */
static void compare_all(struct check *c, const char *note)
{
	struct arena     *a;
	struct checkpoint its;

	if (!note && (c->next.size == 0 || c->next.size > c->tree->size))
		return;
	a = arena_new();
	if (note && note_read(a, note, &its))
		fail(c, c->tree->size - 1, NULL, NULL, "is the last of a checkpoint in the database that cannot be read");
	else if (note)
		compare(c, a, &its, "the database");
	for (; !c->broken && c->next.size > 0 && c->next.size <= c->tree->size; advance(c))
		if (c->next.size == c->tree->size)
			compare(c, a, &c->next, "the file");
	if (note && !c->broken)
		c->signed_size = c->tree->size;
	arena_free(a);
}

/* ------------------------------------------------------------ leaves */

enum { LEAF, HASH, NOTE, STATE, PROBLEM, KIND, ID, AT };

/* Who inserts an entry gives it an earlier time. */
static bool is_late(struct check *c, const char *at)
{
	const long long time = at ? strtoll(at, NULL, 10) : c->newest;

	if (time > c->newest)
		c->newest = time;
	return time < c->newest - LATE_SECONDS;
}

static void look(struct check *c, unsigned long long leaf, const char *const *v)
{
	if (v[PROBLEM])
		fail(c, leaf, v[KIND], v[ID], v[PROBLEM]);
	else if (is_late(c, v[AT]))
		fail(c, leaf, v[KIND], v[ID], "was inserted: it is more than a day older than one before it");
	else
		*(strcmp(v[STATE], "erased") == 0 ? &c->erased : &c->present) += 1;
}

bool check_on_leaf(void *ctx, const struct row *row)
{
	struct check            *c = ctx;
	const char *const       *v = row->values;
	const unsigned long long leaf = strtoull(v[LEAF], NULL, 10);
	unsigned char            hash[HASH_SIZE];

	if (!c->broken && (leaf != c->tree->size || !entry_bytes(v[HASH], hash, HASH_SIZE))) {
		c->broken = true; /* no root follows any more */
		fail(c, c->tree->size, NULL, NULL, "was removed from the tree");
	}
	if (!c->broken) {
		merkle_add(c->tree, hash);
		compare_all(c, v[NOTE]);
	}
	if (leaf >= c->from)
		look(c, leaf, v);
	return true;
}

/* ------------------------------------------------------------ the whole */

enum { SIZE, UNSEALED, SINCE, LATE_KIND, LATE_ID };

bool check_on_unsealed(void *ctx, const struct row *row)
{
	struct check *c = ctx;

	c->leaves = strtoull(row->values[SIZE], NULL, 10);
	c->unsealed = strtoull(row->values[UNSEALED], NULL, 10);
	c->unsealed_since = arena_strdup(c->arena, row->values[SINCE]);
	if (row->values[LATE_ID])
		fail(c, c->leaves, row->values[LATE_KIND], row->values[LATE_ID],
		     "has no leaf, though entries an hour newer have: it was inserted");
	return true;
}

static void close_file(void *ptr)
{
	fclose(ptr);
}

static void open_file(struct check *c, const char *folder)
{
	c->file.file = fopen(arena_printf(c->arena, "%s/checkpoints", folder), "re");
	if (!c->file.file)
		return;
	arena_defer(c->arena, close_file, c->file.file);
	fseek(c->file.file, 0, SEEK_END);
	c->file_end = ftell(c->file.file);
	rewind(c->file.file);
	advance(c);
}

void check_begin(struct check *c, struct arena *a, const struct settings *settings, unsigned long long from)
{
	*c = (struct check){ .arena = a, .from = from, .tree = merkle_new(a) };
	if (key_read_file(a, settings->seal_public_key, c->keys, &c->key_count, NOTE_KEYS_MAX))
		c->key_count = 0;
	open_file(c, settings->checkpoint_dir);
}

void check_end(struct check *c)
{
	if (!c->broken && c->tree->size == c->leaves && c->next.size > c->leaves)
		fail(c, c->leaves, NULL, NULL,
		     arena_printf(c->arena, "and those after it were removed: a checkpoint in the file has %llu", c->next.size));
	c->file.file = NULL; /* its arena closes it */
	advance(c);
}
