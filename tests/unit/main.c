#include <stdlib.h>

#include "suites.h"

static Suite *(*const suites[])(void) = {
	arena_suite, output_suite,      err_suite,        problem_suite,    utf8_suite,
	field_suite, field_body_suite,  json_suite,       csv_suite,        format_suite,
	accept_suite, format_json_suite, format_csv_suite, format_xml_suite, xsd_suite,
	db_suite,    etag_suite,        hash_suite,       import_suite,     marks_suite,      request_suite,
	route_suite, watch_suite,       ctf_suite,        ctf_bad_suite,    wonde_suite,
	pull_suite,  ctf_pupil_suite,   page_suite,       archive_suite,    caller_suite,
	trail_suite, password_suite, totp_suite, claims_suite, provider_suite,
};

int main(void)
{
	SRunner *runner = srunner_create(NULL);
	int      failed;

	for (size_t i = 0; i < COUNT(suites); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
