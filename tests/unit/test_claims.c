#include <string.h>

#include "core/json.h"
#include "sso/claims.h"
#include "suites.h"

static struct arena *arena;

static void set_up(void)
{
	arena = arena_new();
}

static void tear_down(void)
{
	arena_free(arena);
}

static struct json_object *json(const char *text)
{
	const char         *why = NULL;
	struct json_object *o = json_read(arena, text, strlen(text), &why);

	ck_assert_ptr_null(why);
	return o;
}

#define MADE \
	"{\"acct\": 0, \"hd\": \"trust.example\", \"amr\": [\"pwd\", \"mfa\"], \"level\": 1.5, \"ok\": true, \"none\": null," \
	" \"ids\": [7, [\"x\"], null], \"o\": {\"hd\": \"trust.example\"}, \"empty\": \"\", \"nobody\": []}"

static const struct {
	const char *wanted, *unmet;
} asked[] = {
	{ "{}", NULL },
	{ "{\"acct\": 0}", NULL },
	{ "{\"acct\": 1}", "acct" },
	{ "{\"acct\": \"0\"}", "acct" },
	{ "{\"acct\": false}", "acct" },
	{ "{\"hd\": \"trust.example\"}", NULL },
	{ "{\"hd\": \"Trust.example\"}", "hd" },
	{ "{\"hd\": \"trust.example.org\"}", "hd" },
	{ "{\"hd\": \"trust\"}", "hd" },
	{ "{\"hd\": \"\"}", "hd" },
	{ "{\"HD\": \"trust.example\"}", "HD" },
	{ "{\"amr\": \"mfa\"}", NULL },
	{ "{\"amr\": \"pwd\"}", NULL },
	{ "{\"amr\": \"mf\"}", "amr" },
	{ "{\"ids\": 7}", NULL },
	{ "{\"ids\": \"x\"}", "ids" },
	{ "{\"nobody\": \"mfa\"}", "nobody" },
	{ "{\"level\": 1.5}", NULL },
	{ "{\"level\": 1}", "level" },
	{ "{\"ok\": true}", NULL },
	{ "{\"ok\": false}", "ok" },
	{ "{\"ok\": \"true\"}", "ok" },
	{ "{\"ok\": 1}", "ok" },
	{ "{\"empty\": \"\"}", NULL },
	{ "{\"none\": false}", "none" },
	{ "{\"none\": \"\"}", "none" },
	{ "{\"o\": \"trust.example\"}", "o" },
	{ "{\"absent\": \"\"}", "absent" },
	{ "{\"acct\": 0, \"hd\": \"trust.example\"}", NULL },
	{ "{\"acct\": 0, \"hd\": \"elsewhere.example\"}", "hd" },
	{ "{\"acct\": 1, \"hd\": \"trust.example\"}", "acct" },
};

START_TEST(a_claim_is_made_with_just_that_value_or_as_one_of_a_list)
{
	ck_assert_pstr_eq(claims_unmet(json(asked[_i].wanted), json(MADE)), asked[_i].unmet);
}
END_TEST

START_TEST(where_nothing_is_asked_for_nothing_is_unmet)
{
	ck_assert_ptr_null(claims_unmet(NULL, json(MADE)));
	ck_assert_str_eq(claims_unmet(json("{\"hd\": \"trust.example\"}"), json("{}")), "hd");
}
END_TEST

static const struct {
	const char *wanted, *problem;
} shapes[] = {
	{ "{}", NULL },
	{ "{\"acct\": 0, \"hd\": \"trust.example\", \"ok\": true, \"level\": 1.5}", NULL },
	{ "null", "claims is no object" },
	{ "\"acct\"", "claims is no object" },
	{ "[\"acct\", 0]", "claims is no object" },
	{ "{\"acct\": null}", "claims: acct is no text, number or boolean" },
	{ "{\"hd\": \"trust.example\", \"amr\": [\"mfa\"]}", "claims: amr is no text, number or boolean" },
	{ "{\"o\": {}}", "claims: o is no text, number or boolean" },
};

START_TEST(what_is_asked_for_has_a_shape)
{
	ck_assert_pstr_eq(claims_problem(arena, json(shapes[_i].wanted)), shapes[_i].problem);
}
END_TEST

Suite *claims_suite(void)
{
	Suite *suite = suite_create("claims");
	TCase *tests = tcase_create("claims");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_loop_test(tests, a_claim_is_made_with_just_that_value_or_as_one_of_a_list, 0, COUNT(asked));
	tcase_add_test(tests, where_nothing_is_asked_for_nothing_is_unmet);
	tcase_add_loop_test(tests, what_is_asked_for_has_a_shape, 0, COUNT(shapes));
	suite_add_tcase(suite, tests);
	return suite;
}
