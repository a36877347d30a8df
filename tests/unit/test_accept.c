#include "core/format.h"
#include "suites.h"

static const struct {
	const char          *accept;
	const struct format *format;
} headers[] = {
	{ NULL, &format_json },
	{ "", &format_json },
	{ " , ", &format_json },
	{ "*/*", &format_json },
	{ "*", &format_json },
	{ "application/json", &format_json },
	{ "APPLICATION/JSON", &format_json },
	{ "application/json; charset=utf-8", &format_json },
	{ "application/x-ndjson", &format_ndjson },
	{ "text/csv", &format_csv },
	{ "text/csv;charset=utf-8;header=present", &format_csv },
	{ "text/*", &format_csv },
	{ "application/*", &format_json },
	{ "application/xml", &format_xml },
	{ "text/html", NULL },
	{ "text/html, text/plain", NULL },
	{ "application", NULL },
	{ "application/js", NULL },
	{ "application/json5", NULL },
	{ "tex/*", NULL },

	/* quality */
	{ "application/json;q=0", NULL },
	{ "*/*;q=0", NULL },
	{ "application/json;q=0.4, text/csv;q=0.5", &format_csv },
	{ "text/csv;q=0.5, application/json;q=0.501", &format_json },
	{ "application/xml, application/json", &format_json },
	{ "text/csv;q=1.000,application/xml;Q=1", &format_csv },
	{ "text/csv ; q=0.2 , application/xml ; q=0.9", &format_xml },
	{ "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", &format_json },
	{ "application/json;q=2, text/csv;q=0.1", &format_csv },
	{ "application/json;q=x, text/csv;q=0.1", &format_csv },
	{ "application/json;q=, text/csv;q=0.1", &format_csv },
	{ "application/json;q=-1, text/csv;q=0.1", &format_csv },

	/* the most specific range decides */
	{ "application/json;q=0, */*", &format_ndjson },
	{ "*/*, application/json;q=0", &format_ndjson },
	{ "application/*;q=0, */*;q=0.1", &format_csv },
	{ "application/*;q=0.9, application/json;q=0.1, text/csv;q=0.5", &format_ndjson },
	{ "*/*;q=1, text/*;q=0.1, application/*;q=0.2, text/csv;q=0.3", &format_csv },
	{ "application/json;q=0.1, application/json;q=0.9, text/csv;q=0.5", &format_json },

	/* as a browser asks */
	{ "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
	  &format_xml },

	/* quoted parameters may hold commas and semicolons */
	{ "text/html;x=\"a,application/xml;q=1\", text/csv;q=0.1", &format_csv },
	{ "text/csv;x=\"a\\\",;\";q=0.5, application/xml;q=0.4", &format_csv },
	{ "text/csv;x=\"open, application/xml", &format_csv },
};

START_TEST(the_best_acceptable_format_is_chosen)
{
	static const struct format *const offered[] = { &format_json, &format_ndjson, &format_csv, &format_xml, NULL };
	const struct format *format = format_by_accept(headers[_i].accept, offered);

	ck_assert_msg(format == headers[_i].format, "<%s>: %s", headers[_i].accept,
		      format ? format->name : "none");
}
END_TEST

static const struct {
	const char          *accept;
	const struct format *format;
	bool                 accepted;
} allowed[] = {
	{ "application/json", &format_json, true },
	{ "text/csv, application/json;q=0.1", &format_json, true },
	{ "application/xml;q=0.9, */*;q=0.8", &format_json, true },
	{ "text/csv", &format_json, false },
	{ "application/json;q=0, */*", &format_json, false },
	{ "", &format_json, true },
};

START_TEST(a_format_is_accepted_when_its_quality_is_not_nought)
{
	const struct format *const offered[] = { allowed[_i].format, NULL };

	ck_assert_msg((format_by_accept(allowed[_i].accept, offered) != NULL) == allowed[_i].accepted, "<%s>",
		      allowed[_i].accept);
}
END_TEST

Suite *accept_suite(void)
{
	Suite *suite = suite_create("accept");
	TCase *tc = tcase_create("accept");

	tcase_add_loop_test(tc, the_best_acceptable_format_is_chosen, 0, COUNT(headers));
	tcase_add_loop_test(tc, a_format_is_accepted_when_its_quality_is_not_nought, 0,
			    COUNT(allowed));
	suite_add_tcase(suite, tc);
	return suite;
}
