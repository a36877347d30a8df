/*
 * Unit tests with Check: one suite per module, all run by main.c.
 */
#ifndef DOORSTEP_SUITES_H
#define DOORSTEP_SUITES_H

#include <check.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

Suite *archive_suite(void);
Suite *caller_suite(void);
Suite *claims_suite(void);
Suite *arena_suite(void);
Suite *output_suite(void);
Suite *err_suite(void);
Suite *problem_suite(void);
Suite *totp_suite(void);
Suite *utf8_suite(void);
Suite *field_suite(void);
Suite *field_body_suite(void);
Suite *json_suite(void);
Suite *csv_suite(void);
Suite *ctf_suite(void);
Suite *ctf_bad_suite(void);
Suite *ctf_pupil_suite(void);
Suite *format_suite(void);
Suite *accept_suite(void);
Suite *format_json_suite(void);
Suite *format_csv_suite(void);
Suite *format_xml_suite(void);
Suite *xsd_suite(void);
Suite *db_suite(void);
Suite *etag_suite(void);
Suite *hash_suite(void);
Suite *import_suite(void);
Suite *marks_suite(void);
Suite *page_suite(void);
Suite *password_suite(void);
Suite *provider_suite(void);
Suite *pull_suite(void);
Suite *request_suite(void);
Suite *route_suite(void);
Suite *trail_suite(void);
Suite *watch_suite(void);
Suite *wonde_suite(void);

#endif
