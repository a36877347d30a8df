#include "core/etag.h"
#include "suites.h"

static const struct {
	const char *if_match, *array;
} arrays[] = {
	{ "*", "{*}" },
	{ "\"3\"", "{3}" },
	{ "\"3\", \"4\"", "{3,4}" },
	{ "\"3\",\"4\"", "{3,4}" },
	{ "W/\"3\"", "{}" },
	{ "W/\"3\", \"5\"", "{5}" },
	{ "\"a,b\"", "{}" },
	{ "\"\"", "{}" },
	{ "\"{}\"", "{}" },
	{ "3", NULL },
	{ "\"3", NULL },
	{ "\"3\" \"4\"", NULL },
	{ "w/\"3\"", NULL },
	{ "*, \"3\"", NULL },
};

START_TEST(only_strong_tags_are_kept)
{
	struct arena *a = arena_new();

	ck_assert_pstr_eq(etag_array(a, arrays[_i].if_match), arrays[_i].array);
	arena_free(a);
}
END_TEST

static const struct {
	const char *if_none_match;
	bool        matches;
} known[] = {
	{ "\"3\"", true },   { "W/\"3\"", true }, { "*", true },       { "\"2\", \"3\"", true },
	{ "\"33\"", false }, { "\"2\"", false },  { "rubbish", false }, { "", false },
};

START_TEST(who_has_the_record_is_told_so)
{
	ck_assert(etag_matches(known[_i].if_none_match, "\"3\"") == known[_i].matches);
}
END_TEST

Suite *etag_suite(void)
{
	Suite *suite = suite_create("etag");
	TCase *tests = tcase_create("etag");

	tcase_add_loop_test(tests, only_strong_tags_are_kept, 0, COUNT(arrays));
	tcase_add_loop_test(tests, who_has_the_record_is_told_so, 0, COUNT(known));
	suite_add_tcase(suite, tests);
	return suite;
}
