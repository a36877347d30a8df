#include <stdio.h>
#include <string.h>

#include "core/field.h"
#include "core/json.h"
#include "suites.h"

static const char *const roles[] = { "lead", "second", NULL };

static const struct field person_fields[] = {
	{ "name", .type = FIELD_TEXT, .required = true, .max = 10 },
	{ "role", .type = FIELD_CHOICE, .choices = roles },
	{ 0 }
};
static const struct field person = { "person", .type = FIELD_OBJECT, .fields = person_fields };
static const struct field word = { "word", .type = FIELD_TEXT, .required = true };

static const struct field place_fields[] = {
	{ "street", .type = FIELD_TEXT, .required = true },
	{ "note", .type = FIELD_TEXT },
	{ 0 }
};

static const struct field visit_fields[] = {
	{ "visit", .in = IN_PATH, .type = FIELD_INT, .required = true },
	{ "dry_run", .in = IN_QUERY, .type = FIELD_BOOL },
	{ "purpose", .type = FIELD_TEXT, .required = true },
	{ "day", .type = FIELD_DATE },
	{ "at", .type = FIELD_TIME },
	{ "floor", .type = FIELD_INT, .min = -5, .max = 50 },
	{ "share", .type = FIELD_DECIMAL, .max = 100 },
	{ "safe", .type = FIELD_BOOL },
	{ "after", .type = FIELD_CURSOR },
	{ "team", .type = FIELD_LIST, .item = &person, .min = 1, .max = 3 },
	{ "words", .type = FIELD_LIST, .item = &word, .min = 2 },
	{ "place", .type = FIELD_OBJECT, .fields = place_fields },
	{ 0 }
};

#define NOT_A_SHARE "must be a number from 0 to 100 with at most one place of decimals\n"

static const struct {
	const char *body, *problems; /* of a whole body: "pointer detail", each on a line */
} bodies[] = {
	{ "{\"purpose\":\"x\"}", "" },
	{ "{}", "/purpose is required\n" },
	{ "{\"purpose\":null}", "/purpose must not be null\n" },
	{ "{\"purpose\":\" \"}", "/purpose must not be empty\n" },
	{ "{\"purpose\":7}", "/purpose must be a string\n" },
	{ "{\"purpose\":[\"x\"]}", "/purpose must be a string\n" },
	{ "null", " must be an object\n" },
	{ "[]", " must be an object\n" },
	{ "\"purpose\"", " must be an object\n" },
	{ "{\"purpose\":\"x\",\"colour\":1}", "/colour is not a known field\n" },
	{ "{\"purpose\":\"x\",\"a/b~\":null}", "/a~1b~0 is not a known field\n" },
	{ "{\"purpose\":\"x\",\"visit\":1}", "/visit is not a known field\n" },
	{ "{\"purpose\":\"x\",\"dry_run\":true}", "/dry_run is not a known field\n" },
	{ "{\"purpose\":\"x\",\"day\":null,\"team\":null,\"place\":null,\"safe\":null}", "" },
	{ "{\"purpose\":\"x\",\"day\":\"2028-02-29\"}", "" },
	{ "{\"purpose\":\"x\",\"day\":\"2025-02-29\"}", "/day is not a date like 2026-12-31\n" },
	{ "{\"purpose\":\"x\",\"day\":20250228}", "/day is not a date like 2026-12-31\n" },
	{ "{\"purpose\":\"x\",\"at\":\"2027-01-12T09:30:00Z\"}", "" },
	{ "{\"purpose\":\"x\",\"at\":false}",
	  "/at must be a time with an offset like 2027-01-12T09:30:00Z\n" },
	{ "{\"purpose\":\"x\",\"floor\":-5}", "" },
	{ "{\"purpose\":\"x\",\"floor\":-0}", "" },
	{ "{\"purpose\":\"x\",\"floor\":51}", "/floor must be a whole number from -5 to 50\n" },
	{ "{\"purpose\":\"x\",\"floor\":1.0}", "/floor must be a whole number from -5 to 50\n" },
	{ "{\"purpose\":\"x\",\"floor\":1e1}", "/floor must be a whole number from -5 to 50\n" },
	{ "{\"purpose\":\"x\",\"floor\":\"1\"}", "/floor must be a whole number from -5 to 50\n" },
	{ "{\"purpose\":\"x\",\"floor\":true}", "/floor must be a whole number from -5 to 50\n" },
	{ "{\"purpose\":\"x\",\"share\":69.9}", "" },
	{ "{\"purpose\":\"x\",\"share\":70}", "" },
	{ "{\"purpose\":\"x\",\"share\":69.98}", "/share " NOT_A_SHARE },
	{ "{\"purpose\":\"x\",\"share\":100.1}", "/share " NOT_A_SHARE },
	{ "{\"purpose\":\"x\",\"share\":\"70\"}", "/share " NOT_A_SHARE },
	{ "{\"purpose\":\"x\",\"share\":true}", "/share " NOT_A_SHARE },
	{ "{\"purpose\":\"x\",\"safe\":true}", "" },
	{ "{\"purpose\":\"x\",\"safe\":\"true\"}", "/safe must be true or false\n" },
	{ "{\"purpose\":\"x\",\"safe\":1}", "/safe must be true or false\n" },
	{ "{\"purpose\":\"x\",\"after\":5}", "/after is not a cursor as given in \"next\"\n" },
	{ "{\"purpose\":\"x\",\"team\":[{\"name\":\"A\"},{\"name\":\"B\",\"role\":\"lead\"}]}",
	  "" },
	{ "{\"purpose\":\"x\",\"team\":{}}", "/team must be a list\n" },
	{ "{\"purpose\":\"x\",\"team\":[]}", "/team must not be empty\n" },
	{ "{\"purpose\":\"x\",\"team\":[1,2,3,4]}", "/team must have at most 3 items\n" },
	{ "{\"purpose\":\"x\",\"team\":[null,\"A\"]}",
	  "/team/0 must not be null\n/team/1 must be an object\n" },
	{ "{\"purpose\":\"x\",\"team\":[{\"name\":\"A\",\"phone\":\"1\"}]}",
	  "/team/0/phone is not a known field\n" },
	{ "{\"purpose\":\"x\",\"team\":[{\"name\":\"A\"},{\"role\":\"third\"}]}",
	  "/team/1/name is required\n/team/1/role must be one of: lead, second\n" },
	{ "{\"purpose\":\"x\",\"team\":[{\"name\":\"Bartholomew\"}]}",
	  "/team/0/name must have at most 10 characters\n" },
	{ "{\"purpose\":\"x\",\"words\":[\"a\",\"b\"]}", "" },
	{ "{\"purpose\":\"x\",\"words\":[\"a\"]}", "/words must have at least 2 items\n" },
	{ "{\"purpose\":\"x\",\"words\":[\"a\",\"\",3]}",
	  "/words/1 must not be empty\n/words/2 must be a string\n" },
	{ "{\"purpose\":\"x\",\"place\":{\"street\":\"1 Road\"}}", "" },
	{ "{\"purpose\":\"x\",\"place\":{\"street\":\"1 Road\",\"note\":null}}", "" },
	{ "{\"purpose\":\"x\",\"place\":{\"town\":\"B\"}}",
	  "/place/street is required\n/place/town is not a known field\n" },
	{ "{\"purpose\":\"x\",\"place\":\"1 Road\"}", "/place must be an object\n" },
	{ "{\"day\":\"x\",\"x\":1,\"safe\":2}",
	  "/purpose is required\n/day is not a date like 2026-12-31\n"
	  "/safe must be true or false\n/x is not a known field\n" },
};

static const struct {
	const char *body, *problems;
} patches[] = {
	{ "{}", "" },
	{ "{\"day\":null}", "" },
	{ "{\"purpose\":null}", "/purpose must not be null\n" },
	{ "{\"purpose\":\"\"}", "/purpose must not be empty\n" },
	{ "{\"day\":\"2026-12-31\",\"colour\":1}", "/colour is not a known field\n" },
	{ "{\"place\":{}}", "" },
	{ "{\"place\":{\"note\":null}}", "" },
	{ "{\"place\":{\"street\":null}}", "/place/street must not be null\n" },
	{ "{\"place\":{\"town\":null}}", "/place/town is not a known field\n" },
	{ "{\"team\":[{}]}", "/team/0/name is required\n" },
	{ "[]", " must be an object\n" },
};

static const char *problems_of(struct arena *a, const char *body, bool patch)
{
	struct problems     problems = { .arena = a };
	const char         *text = "", *why;
	struct json_object *object = json_read(a, body, strlen(body), &why);

	ck_assert_msg(!why, "%s: %s", body, why);
	field_check_body(visit_fields, object, patch, &problems);
	for (const struct problem *p = problems.first; p; p = p->next)
		text = arena_printf(a, "%s%s %s\n", text, p->pointer, p->detail);
	return text;
}

START_TEST(every_problem_of_a_body_is_found_where_it_is)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(problems_of(a, bodies[_i].body, false), bodies[_i].problems);
	arena_free(a);
}
END_TEST

START_TEST(a_patch_needs_nothing_but_within_lists)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(problems_of(a, patches[_i].body, true), patches[_i].problems);
	arena_free(a);
}
END_TEST

START_TEST(a_string_with_nul_inside_is_refused)
{
	struct arena       *a = arena_new();
	struct problems     problems = { .arena = a };
	struct json_object *body = json_object_new_object();

	json_object_object_add(body, "purpose", json_object_new_string_len("a\0b", 3));
	field_check_body(visit_fields, body, false, &problems);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.first->detail, "must not contain control characters");
	json_object_put(body);
	arena_free(a);
}
END_TEST

START_TEST(a_list_without_a_limit_has_at_most_100_items)
{
	static const struct field flag = { "flag", .type = FIELD_BOOL };
	static const struct field fields[] = {
		{ "flags", .type = FIELD_LIST, .item = &flag },
		{ 0 }
	};
	struct arena       *a = arena_new();
	struct problems     problems = { .arena = a };
	struct json_object *body = json_object_new_object(), *flags = json_object_new_array();

	json_object_object_add(body, "flags", flags);
	for (int i = 0; i < 100; i++)
		json_object_array_add(flags, json_object_new_boolean(i % 2));
	field_check_body(fields, body, false, &problems);
	ck_assert_uint_eq(problems.count, 0);
	json_object_array_add(flags, json_object_new_boolean(1));
	field_check_body(fields, body, false, &problems);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.first->pointer, "/flags");
	ck_assert_str_eq(problems.first->detail, "must have at most 100 items");
	json_object_put(body);
	arena_free(a);
}
END_TEST

Suite *field_body_suite(void)
{
	Suite *suite = suite_create("field_body");
	TCase *tc = tcase_create("field_body");

	tcase_add_loop_test(tc, every_problem_of_a_body_is_found_where_it_is, 0, COUNT(bodies));
	tcase_add_loop_test(tc, a_patch_needs_nothing_but_within_lists, 0,
			    COUNT(patches));
	tcase_add_test(tc, a_string_with_nul_inside_is_refused);
	tcase_add_test(tc, a_list_without_a_limit_has_at_most_100_items);
	suite_add_tcase(suite, tc);
	return suite;
}
