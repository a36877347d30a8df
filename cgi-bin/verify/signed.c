#include "verify/signed.h"

#include <stdio.h>
#include <string.h>

/* The next one of a file, whose signature is looked at. */
static void advance(struct signed_trees *s, struct signed_file *f)
{
	const unsigned long long before = f->has_next ? f->next.size : 0;
	enum signature           signature;

	if (f->arena)
		arena_free(f->arena);
	f->arena = arena_new();
	f->has_next = note_next(&f->notes, f->arena, &f->next);
	if (!f->has_next)
		return;
	signature = note_signature(f->arena, &f->next, s->keys, s->key_count);
	if (signature != SIGNATURE_GOOD)
		s->wrong(s->ctx, arena_printf(f->arena, "the checkpoint of %llu leaves in %s %s", f->next.size, f->name,
			signature == SIGNATURE_FORGED ? "is forged" : "is signed by none of the keys"));
	if (f->next.size < before)
		s->wrong(s->ctx, arena_printf(f->arena, "the checkpoints in %s are not in order: one of %llu leaves comes after "
			"one of %llu", f->name, f->next.size, before));
}

void signed_begin(struct signed_trees *s)
{
	for (size_t i = 0; i < s->count; i++)
		advance(s, &s->files[i]);
}

static void compare(struct signed_trees *s, struct signed_file *f, const struct merkle *tree)
{
	unsigned char root[HASH_SIZE];

	merkle_root(tree, root);
	if (memcmp(root, f->next.root, HASH_SIZE) == 0) {
		s->matched++;
		s->last_size = tree->size;
		return;
	}
	s->broken = true;
	s->wrong(s->ctx, arena_printf(f->arena, "leaf %llu or one after it, up to %llu, is not as it was signed: the "
		"checkpoint of %llu leaves in %s has another root", s->last_size, tree->size - 1, tree->size, f->name));
}

void signed_compare(struct signed_trees *s, const struct merkle *tree)
{
	for (size_t i = 0; i < s->count; i++) {
		struct signed_file *f = &s->files[i];

		while (f->has_next && f->next.size <= tree->size) {
			if (f->next.size == tree->size && !s->broken)
				compare(s, f, tree);
			advance(s, f);
		}
	}
}

void signed_end(struct signed_trees *s, const struct merkle *tree)
{
	for (size_t i = 0; i < s->count; i++) {
		struct signed_file *f = &s->files[i];

		if (f->has_next)
			s->wrong(s->ctx, arena_printf(f->arena, "leaf %llu and those after it are missing: a checkpoint in %s "
				"has %llu", tree->size, f->name, f->next.size));
		while (f->has_next)
			advance(s, f);
		if (f->notes.torn > 0)
			printf("%ld pieces of %s are no whole checkpoint, and were passed over\n", f->notes.torn, f->name);
		if (f->arena)
			arena_free(f->arena);
		fclose(f->notes.file);
	}
}
