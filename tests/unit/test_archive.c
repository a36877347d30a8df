#include <string.h>

#include "core/archive.h"
#include "core/hash.h"
#include "suites.h"

static bool add_piece(void *ctx, const void *data, size_t size)
{
	hash_add(ctx, data, size);
	return true;
}

static const char *packed(struct arena *a, bool *ret_begins_as_zip)
{
	struct output         *out = output_new(a, "/tmp");
	struct archive_writer *w = archive_new(a, out);
	struct hash           *h = hash_new(a);

	archive_add(w, "empty.txt", "", 0);
	archive_add(w, "a.xml", "<a/>", 4);
	ck_assert(archive_end(w));
	*ret_begins_as_zip = memcmp(output_contents(out), "PK\3\4", 4) == 0;
	ck_assert(output_replay(out, add_piece, h));
	return hash_hex(h);
}

START_TEST(the_same_files_give_the_same_archive)
{
	struct arena *a = arena_new();
	bool          is_zip;
	const char   *first = packed(a, &is_zip);

	ck_assert(is_zip);
	ck_assert_str_eq(packed(a, &is_zip), first);
	arena_free(a);
}
END_TEST

Suite *archive_suite(void)
{
	Suite *suite = suite_create("archive");
	TCase *tc = tcase_create("archive");

	tcase_add_test(tc, the_same_files_give_the_same_archive);
	suite_add_tcase(suite, tc);
	return suite;
}
