#include <stdio.h>
#include <string.h>

#include "suites.h"
#include "trail/entry.h"
#include "trail/key.h"
#include "trail/merkle.h"
#include "trail/note.h"
#include "verify/lines.h"

static const char *hex_of(struct arena *a, const unsigned char *bytes, size_t size)
{
	char *hex = arena_alloc(a, 2 * size + 1);

	hash_hex_write(hex, bytes, size);
	return hex;
}

/* ------------------------------------------------------------ the tree */

/* Inputs and roots of the reference implementation of RFC 6962. */
static const struct {
	const char *data; /* of the leaf that is added, in hex */
	size_t      size;
	const char *root; /* then */
} rfc6962[] = {
	{ "", 0, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
	{ "00", 1, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
	{ "10", 1, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
	{ "2021", 2, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "3031", 2, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
	{ "40414243", 4, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
	{ "5051525354555657", 8, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ "606162636465666768696a6b6c6d6e6f", 16, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};

START_TEST(roots_are_those_of_rfc_6962)
{
	struct arena  *a = arena_new();
	struct merkle *m = merkle_new(a);
	struct hash   *h = hash_new(a);
	unsigned char  data[16], leaf[HASH_SIZE], root[HASH_SIZE];

	merkle_root(m, root);
	ck_assert_str_eq(hex_of(a, root, HASH_SIZE), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (size_t i = 0; i < COUNT(rfc6962); i++) {
		ck_assert(entry_bytes(rfc6962[i].data, data, rfc6962[i].size));
		hash_add(h, "", 1);
		hash_add(h, data, rfc6962[i].size);
		hash_bytes(h, leaf);
		merkle_add(m, leaf);
		merkle_root(m, root);
		ck_assert_str_eq(hex_of(a, root, HASH_SIZE), rfc6962[i].root);
	}
	arena_free(a);
}
END_TEST

/* As RFC 6962 defines it, by splitting. */
static void split_root(struct hash *h, const unsigned char (*leaves)[HASH_SIZE], size_t count, unsigned char *ret_root)
{
	unsigned char left[HASH_SIZE], right[HASH_SIZE];
	size_t        k = 1;

	if (count == 1) {
		memcpy(ret_root, leaves[0], HASH_SIZE);
		return;
	}
	while (2 * k < count)
		k *= 2;
	split_root(h, leaves, k, left);
	split_root(h, leaves + k, count - k, right);
	hash_add(h, "\1", 1);
	hash_add(h, left, HASH_SIZE);
	hash_add(h, right, HASH_SIZE);
	hash_bytes(h, ret_root);
}

START_TEST(a_tree_that_grows_is_the_tree_that_is_split)
{
	static unsigned char leaves[300][HASH_SIZE];
	struct arena        *a = arena_new();
	struct merkle       *m = merkle_new(a);
	struct hash         *h = hash_new(a);
	unsigned char        root[HASH_SIZE], wanted[HASH_SIZE];

	for (size_t i = 0; i < COUNT(leaves); i++) {
		hash_add(h, &i, sizeof(i));
		hash_bytes(h, leaves[i]);
		merkle_add(m, leaves[i]);
		merkle_root(m, root);
		split_root(h, (const unsigned char(*)[HASH_SIZE])leaves, i + 1, wanted);
		ck_assert_mem_eq(root, wanted, HASH_SIZE);
	}
	ck_assert_uint_eq(m->size, COUNT(leaves));
	arena_free(a);
}
END_TEST

START_TEST(a_field_has_its_length_and_nothing_is_no_empty_field)
{
	struct arena     *a = arena_new();
	struct hash      *h = hash_new(a);
	const char *const words[] = { "a", NULL, "", "\xc3\xa9" };
	unsigned char     hash[HASH_SIZE], wanted[HASH_SIZE];

	entry_commitment(h, (const unsigned char *)"salt", 4, words, 4, hash);
	hash_add(h, "salt\0\0\0\1a\xff\xff\xff\xff\0\0\0\0\0\0\0\2\xc3\xa9", 23);
	hash_bytes(h, wanted);
	ck_assert_mem_eq(hash, wanted, HASH_SIZE);
	arena_free(a);
}
END_TEST

/* ------------------------------------------------------------ keys */

/* The key and the note of the documentation of golang.org/x/mod/sumdb/note. */
static const char peter[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char peter_private[] = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

START_TEST(a_key_is_that_of_others)
{
	struct arena     *a = arena_new();
	const char       *why;
	const struct key *public = key_read(a, peter, &why), *private = key_read(a, peter_private, &why);

	ck_assert_ptr_nonnull(public);
	ck_assert_ptr_nonnull(private);
	ck_assert_str_eq(arena_printf(a, "%s\n", peter), key_public_line(a, public));
	ck_assert_str_eq(arena_printf(a, "%s\n", peter), key_public_line(a, private));
	ck_assert_str_eq(arena_printf(a, "%s\n", peter_private), key_private_line(a, private));
	arena_free(a);
}
END_TEST

static const char *const no_keys[] = { "", "x", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	"PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4",
	"PRIVATE+KEY+PeterNeumann+c74f20a3" };

START_TEST(what_is_no_key_is_refused)
{
	struct arena *a = arena_new();
	const char   *why = NULL;

	ck_assert_ptr_null(key_read(a, no_keys[_i], &why));
	ck_assert_ptr_nonnull(why);
	arena_free(a);
}
END_TEST

START_TEST(a_new_key_comes_back_and_is_never_the_same)
{
	struct arena     *a = arena_new();
	const char       *why;
	const struct key *one = key_make(a, "doorstep.example/trail", &why), *other = key_make(a, "doorstep.example/trail", &why);
	const struct key *again = key_read(a, key_private_line(a, one), &why);

	ck_assert_str_ne(key_public_line(a, one), key_public_line(a, other));
	ck_assert_str_eq(key_public_line(a, one), key_public_line(a, again));
	ck_assert_ptr_null(key_make(a, "two words", &why));
	ck_assert_ptr_null(key_make(a, "", &why));
	arena_free(a);
}
END_TEST

/* ------------------------------------------------------------ notes */

START_TEST(a_note_says_what_was_signed)
{
	struct arena           *a = arena_new();
	const char             *why;
	const struct key *const keys[] = { key_make(a, "other", &why), key_read(a, peter_private, &why) };
	unsigned char           root[HASH_SIZE] = "a root of thirty-two letters....";
	const char             *note = note_sign(a, keys[1], 12345, root);
	struct checkpoint       its;

	ck_assert_int_eq(strncmp(note, "PeterNeumann\n12345\nYSByb290IG9mIHRoaXJ0eS10d28gbGV0dGVycy4uLi4=\n\n\xe2\x80\x94 PeterNeumann x08go", 86), 0);
	ck_assert_ptr_null(note_read(a, note, &its));
	ck_assert_str_eq(its.name, "PeterNeumann");
	ck_assert_uint_eq(its.size, 12345);
	ck_assert_mem_eq(its.root, root, HASH_SIZE);
	ck_assert_int_eq(note_signature(a, &its, keys, 2), SIGNATURE_GOOD);
	ck_assert_int_eq(note_signature(a, &its, keys, 1), SIGNATURE_OF_NONE);
	ck_assert_str_eq(note, note_sign(a, keys[1], 12345, root));
	arena_free(a);
}
END_TEST

START_TEST(a_note_of_which_one_byte_is_another_is_none_or_forged)
{
	struct arena           *a = arena_new();
	const char             *why;
	const struct key *const keys[] = { key_read(a, peter_private, &why) };
	unsigned char           root[HASH_SIZE] = { 0 };
	const char             *note = note_sign(a, keys[0], 7, root);
	struct checkpoint       its;

	for (size_t i = 0; note[i]; i++) {
		char *changed = arena_strdup(a, note);

		changed[i] = (char)(changed[i] ^ 1);
		if (!note_read(a, changed, &its))
			ck_assert_int_ne(note_signature(a, &its, keys, 1), SIGNATURE_GOOD);
	}
	arena_free(a);
}
END_TEST

/* A signature by the right key, on a tree of another name. */
START_TEST(a_key_signs_its_own_tree_alone)
{
	struct arena           *a = arena_new();
	const char             *why;
	struct key             *key = key_read(a, peter_private, &why);
	const struct key *const keys[] = { key_read(a, peter, &why) };
	unsigned char           root[HASH_SIZE] = { 0 };
	struct checkpoint       its;
	const char             *note;

	key->name = "another";
	note = note_sign(a, key, 7, root);
	note = arena_printf(a, "%.*s\xe2\x80\x94 PeterNeumann%s", (int)(strstr(note, "\n\n") + 2 - note), note, strrchr(note, ' '));
	ck_assert_ptr_null(note_read(a, note, &its));
	ck_assert_int_eq(note_signature(a, &its, keys, 1), SIGNATURE_FORGED);
	arena_free(a);
}
END_TEST

static const char *const no_notes[] = { "", "\n", "a\n1\n\n", "a\n1\n", "a\n0\nAAAA\n\n", "a\n01\nAAAA\n\n",
	"a\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n", "a\n1x\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
	"a\n18446744073709551616\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n", "a\n1\nAAAA\n\n",
	"a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n\n", "a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" };

START_TEST(what_is_no_checkpoint_is_refused)
{
	struct arena     *a = arena_new();
	struct checkpoint its;

	ck_assert_ptr_nonnull(note_read(a, no_notes[_i], &its));
	arena_free(a);
}
END_TEST

/* A file of three, of which the writer of the second was ended at each byte once. */
START_TEST(a_torn_note_hides_none_of_the_others)
{
	struct arena     *a = arena_new();
	const char       *why;
	const struct key *key = key_read(a, peter_private, &why);
	unsigned char     root[HASH_SIZE] = { 0 };
	const char       *torn = note_sign(a, key, 2, root);
	struct checkpoint its;

	for (int i = 1; i < (int)strlen(torn); i++) {
		const char      *text = arena_printf(a, "%s\n%.*s\n\n%s\n", note_sign(a, key, 1, root), i, torn, note_sign(a, key, 3, root));
		struct note_file file = { .file = fmemopen((char *)text, strlen(text), "r") };

		ck_assert(note_next(&file, a, &its) && its.size == 1);
		ck_assert(note_next(&file, a, &its));
		if (its.size == 2) /* but for the end of its line all of it was written */
			ck_assert(i == (int)strlen(torn) - 1 && note_next(&file, a, &its));
		ck_assert_uint_eq(its.size, 3);
		ck_assert(!note_next(&file, a, &its));
		ck_assert_int_eq(file.torn > 0, i < (int)strlen(torn) - 1);
		fclose(file.file);
	}
	arena_free(a);
}
END_TEST

/* ------------------------------------------------------------ lines */

/* Of lengths around those of the buffer; the last without its end. */
START_TEST(lines_come_whole_however_long_they_are)
{
	static const size_t lengths[] = { 0, 1, 262142, 3, 262143, 262144, 5, 262145, 1000000, 0, 7 };
	struct arena       *a = arena_new();
	FILE               *file = tmpfile();
	struct lines        lines;
	size_t              length;
	char               *text = arena_alloc(a, 1000001);

	for (size_t i = 0; i < COUNT(lengths); i++) {
		memset(text, 'a' + (int)i, lengths[i]);
		fwrite(text, 1, lengths[i], file);
		if (i + 1 < COUNT(lengths))
			fputc('\n', file);
	}
	rewind(file);
	lines_open(&lines, file);
	for (size_t i = 0; i < COUNT(lengths); i++) {
		const char *line = lines_next(&lines, &length);

		ck_assert_ptr_nonnull(line);
		ck_assert_uint_eq(length, lengths[i]);
		ck_assert_uint_eq(strlen(line), lengths[i]);
		ck_assert_uint_eq(strspn(line, (const char[]){ (char)('a' + i), '\0' }), length);
	}
	ck_assert_ptr_null(lines_next(&lines, &length));
	lines_close(&lines);
	fclose(file);
	arena_free(a);
}
END_TEST

START_TEST(an_empty_file_has_no_line)
{
	FILE        *file = tmpfile();
	struct lines lines;
	size_t       length;

	lines_open(&lines, file);
	ck_assert_ptr_null(lines_next(&lines, &length));
	lines_close(&lines);
	fclose(file);
}
END_TEST

Suite *trail_suite(void)
{
	Suite *s = suite_create("trail");
	TCase *tree = tcase_create("tree"), *key = tcase_create("key"), *note = tcase_create("note"), *line = tcase_create("lines");

	tcase_add_test(tree, roots_are_those_of_rfc_6962);
	tcase_add_test(tree, a_tree_that_grows_is_the_tree_that_is_split);
	tcase_add_test(tree, a_field_has_its_length_and_nothing_is_no_empty_field);
	tcase_add_test(key, a_key_is_that_of_others);
	tcase_add_loop_test(key, what_is_no_key_is_refused, 0, COUNT(no_keys));
	tcase_add_test(key, a_new_key_comes_back_and_is_never_the_same);
	tcase_add_test(note, a_note_says_what_was_signed);
	tcase_add_test(note, a_note_of_which_one_byte_is_another_is_none_or_forged);
	tcase_add_test(note, a_key_signs_its_own_tree_alone);
	tcase_add_loop_test(note, what_is_no_checkpoint_is_refused, 0, COUNT(no_notes));
	tcase_add_test(note, a_torn_note_hides_none_of_the_others);
	tcase_add_test(line, lines_come_whole_however_long_they_are);
	tcase_add_test(line, an_empty_file_has_no_line);
	suite_add_tcase(s, line);
	suite_add_tcase(s, tree);
	suite_add_tcase(s, key);
	suite_add_tcase(s, note);
	return s;
}
