#include "seal/tree.h"

#include <stdlib.h>
#include <string.h>

#include "core/supervisor.h"
#include "trail/entry.h"

enum { CHUNK = 50000 }; /* leaves that are asked for at a time */

static const char gap[] = "a leaf is missing";

/* What comes by while leaves are read. */
struct reading {
	struct merkle     *tree;
	struct note_file   file;
	struct arena      *arena; /* of what lasts */
	struct arena      *notes; /* of the last checkpoint that the file gave */
	struct tree_check *check; /* NULL: there is nothing to hold it against */
	struct checkpoint  next;  /* of the file */
	bool               has_next;
	struct checkpoint  kept; /* the last of the database; size 0: none */
	size_t             rows;
	const char        *why;
};

static void say(struct reading *r, const char *what, unsigned long long size)
{
	r->why = arena_printf(r->arena, "%s, of %llu leaves", what, size);
}

/* Goes to the next checkpoint of the file; false when something is wrong with it. */
static bool advance(struct reading *r)
{
	const unsigned long long before = r->has_next ? r->next.size : 0;
	struct arena            *a = arena_new();

	r->has_next = r->file.file && note_next(&r->file, a, &r->next);
	if (!r->has_next) {
		arena_free(a);
		return true;
	}
	if (note_signature(a, &r->next, &r->check->key, 1) == SIGNATURE_FORGED)
		say(r, "a checkpoint of the file is forged", r->next.size);
	else if (r->next.size < before)
		say(r, "the checkpoints of the file are not in order: there is one", r->next.size);
	r->check->last = arena_strdup(a, r->next.note);
	r->check->size = r->next.size;
	if (r->notes)
		arena_free(r->notes);
	r->notes = a;
	return !r->why;
}

/* Holds the tree as it is now against what was signed of that size. */
static void compare(struct reading *r)
{
	unsigned char root[HASH_SIZE];

	if (!(r->has_next && r->next.size == r->tree->size) && r->kept.size != r->tree->size)
		return;
	merkle_root(r->tree, root);
	if (r->kept.size == r->tree->size && memcmp(root, r->kept.root, HASH_SIZE) != 0)
		say(r, "the trail is not that of the last checkpoint of the database", r->kept.size);
	while (!r->why && r->has_next && r->next.size == r->tree->size) {
		if (memcmp(root, r->next.root, HASH_SIZE) != 0)
			say(r, "the trail is not that of a checkpoint of the file", r->next.size);
		else
			advance(r);
	}
}

static bool on_leaf(void *ctx, const struct row *row)
{
	struct reading *r = ctx;
	unsigned char   leaf[HASH_SIZE];

	r->rows++;
	if (r->why)
		return true; /* the rest is passed over */
	if (strtoull(row->values[0], NULL, 10) != r->tree->size || !entry_bytes(row->values[1], leaf, HASH_SIZE)) {
		r->why = gap;
		return true;
	}
	merkle_add(r->tree, leaf);
	if (r->check)
		compare(r);
	return true;
}

static enum found read_leaves(struct asking *asking, struct reading *r)
{
	struct arena *a;
	bool          answered, refused;

	do {
		a = arena_new();
		r->rows = 0;
		answered = ask(asking, a, &(struct db_query){ .name = "leaves", .sql = "select * from audit.leaves($1, $2)",
			.values = (const char *const[]){ arena_printf(a, "%llu", r->tree->size), arena_printf(a, "%d", CHUNK) },
			.count = 2, .on_row = on_leaf, .ctx = r }, &refused);
		arena_free(a);
		supervisor_tell("WATCHDOG=1");
	} while (answered && !r->why && r->rows == CHUNK);
	return r->why ? FOUND_WRONG : answered ? FOUND_WHOLE : FOUND_UNANSWERED;
}

enum found tree_grow(struct asking *asking, struct merkle *tree, const char **ret_why)
{
	struct reading r = { .tree = tree };
	const enum found found = read_leaves(asking, &r);

	*ret_why = r.why;
	return found;
}

static bool on_kept(void *ctx, const struct row *row)
{
	struct reading *r = ctx;
	const char     *note = arena_strdup(r->arena, row->values[1]);

	if (note_read(r->arena, note, &r->kept) || r->kept.size != strtoull(row->values[0], NULL, 10)
	    || note_signature(r->arena, &r->kept, &r->check->key, 1) == SIGNATURE_FORGED)
		say(r, "the last checkpoint of the database is forged", strtoull(row->values[0], NULL, 10));
	return true;
}

enum found tree_read(struct asking *asking, struct arena *a, struct merkle *tree, struct tree_check *check)
{
	struct reading r = { .tree = tree, .arena = a, .check = check, .file.file = check->file };
	enum found     found;
	bool           refused;

	check->last = "";
	check->size = 0;
	check->lacks_it = false;
	if (!ask(asking, a, &(struct db_query){ .name = "last", .sql = "select * from audit.checkpoint_last()",
		.on_row = on_kept, .ctx = &r }, &refused))
		return FOUND_UNANSWERED;
	found = !r.why && advance(&r) ? read_leaves(asking, &r) : FOUND_WRONG;
	if (found == FOUND_WHOLE && r.has_next)
		say(&r, "the database has fewer leaves than a checkpoint of the file", r.next.size);
	else if (found == FOUND_WHOLE && r.kept.size > tree->size)
		say(&r, "the database has fewer leaves than its last checkpoint", r.kept.size);
	if (r.kept.size > check->size) {
		check->last = r.kept.note;
		check->size = r.kept.size;
		check->lacks_it = true;
	}
	check->file_has_none = check->lacks_it && !r.notes;
	check->last = arena_strdup(a, check->last);
	if (r.notes)
		arena_free(r.notes);
	check->why = r.why;
	return r.why ? FOUND_WRONG : found;
}
