#include <string.h>

#include "core/hash.h"
#include "suites.h"
#include "watch/mail.h"
#include "watch/url.h"
#include "watch/webhook.h"

static const struct settings settings = {
	.smtp_url = "smtp://localhost:25", .smtp_from = "doorstep@trust.test", .public_url = "https://trust.test",
};

static const struct delivery delivery = {
	.id = "7", .link = "api/v1/notifications/3", .address = "dsl@school.test", .subject = "Doorstep: visit 12",
	.body = "School\n\nTo do: ring", .secret = "key", .tries = 1,
};

static const char *header(struct arena *a, const char *message, const char *name)
{
	const char *start = strstr(message, name), *end = start ? strstr(start, "\r\n") : NULL;

	return end ? arena_strndup(a, start, (size_t)(end - start)) : "";
}

/* The text of a message, its lines of base64 joined. */
static const char *text_of(struct arena *a, const char *message)
{
	const char *body = strstr(message, "\r\n\r\n");
	char       *joined = arena_alloc(a, strlen(message) + 1), *end = joined;

	for (body += 4; *body; body++)
		if (*body != '\r' && *body != '\n')
			*end++ = *body;
	return hash_base64_decode(a, joined);
}

START_TEST(a_mail_has_the_headers_that_machines_go_by)
{
	struct arena *a = arena_new();
	const char   *message = mail_message(a, &settings, &delivery, 1799744400);

	ck_assert_str_eq(header(a, message, "From:"), "From: Doorstep <doorstep@trust.test>");
	ck_assert_str_eq(header(a, message, "To:"), "To: <dsl@school.test>");
	ck_assert_str_eq(header(a, message, "Subject:"), "Subject: Doorstep: visit 12");
	ck_assert_str_eq(header(a, message, "Date:"), "Date: Tue, 12 Jan 2027 09:00:00 +0000");
	ck_assert_str_eq(header(a, message, "Message-ID:"), "Message-ID: <delivery-7@trust.test>");
	ck_assert_str_eq(header(a, message, "Auto-Submitted:"), "Auto-Submitted: auto-generated");
	arena_free(a);
}
END_TEST

START_TEST(a_mail_says_its_text_and_a_link)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(text_of(a, mail_message(a, &settings, &delivery, 0)),
			 "School\r\n\r\nTo do: ring\r\n\r\nhttps://trust.test/api/v1/notifications/3\r\n");
	arena_free(a);
}
END_TEST

START_TEST(without_a_public_url_a_mail_has_no_link)
{
	struct arena          *a = arena_new();
	const struct settings  without = { .smtp_from = "a@b", .public_url = "" };

	ck_assert_ptr_null(strstr(text_of(a, mail_message(a, &without, &delivery, 0)), "/api/"));
	arena_free(a);
}
END_TEST

START_TEST(no_line_of_a_mail_is_too_long_and_none_is_a_lone_dot)
{
	struct arena    *a = arena_new();
	struct delivery  d = delivery;
	char             body[4000];
	const char      *line;

	memset(body, '.', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	d.body = body;
	line = mail_message(a, &settings, &d, 0);
	for (const char *end; (end = strstr(line, "\r\n")); line = end + 2) {
		ck_assert_uint_le((size_t)(end - line), 78);
		ck_assert(strncmp(line, ".\r\n", 3) != 0);
	}
	ck_assert_str_eq(line, "");
	arena_free(a);
}
END_TEST

START_TEST(a_subject_that_is_not_ascii_is_encoded_between_characters)
{
	struct arena    *a = arena_new();
	struct delivery  d = delivery;
	const char      *message;

	d.subject = "Größe – Größe – Größe – Größe – Größe";
	message = mail_message(a, &settings, &d, 0);
	ck_assert_str_eq(header(a, message, "Subject:"),
			 "Subject: =?UTF-8?B?R3LDtsOfZSDigJMgR3LDtsOfZSDigJMgR3LDtsOfZSDigJMgR3LDtsOf?=");
	ck_assert_ptr_nonnull(strstr(message, "\r\n =?UTF-8?B?ZSDigJMgR3LDtsOfZQ==?=\r\n"));
	arena_free(a);
}
END_TEST

START_TEST(a_subject_cannot_add_a_header)
{
	struct arena    *a = arena_new();
	struct delivery  d = delivery;

	d.subject = "a\r\nBcc: other@school.test";
	ck_assert_ptr_null(strstr(mail_message(a, &settings, &d, 0), "Bcc:"));
	arena_free(a);
}
END_TEST

static const struct {
	const char *address;
	bool        good;
} addresses[] = {
	{ "a@b", true }, { "o.brien@school.example", true }, { "o'brien+x@school.example", true },
	{ "", false }, { "a", false }, { "a@", false }, { "@b", false }, { "a@b\r\nRCPT TO:<c@d>", false },
	{ "a@b,c@d", false }, { "a b@c", false }, { "<a@b>", false }, { "a@b\x01", false },
};

START_TEST(an_address_is_one_address)
{
	ck_assert_int_eq(mail_address_problem(addresses[_i].address) == NULL, addresses[_i].good);
}
END_TEST

static const struct {
	const char *url;
	bool        good;
} urls[] = {
	{ "https://school.example/hook", true }, { "https://203.0.113.7:8443/", true },
	{ "http://localhost:8080/hook", true }, { "http://127.0.0.1/", true }, { "http://127.9.9.9:1/", true },
	{ "http://[::1]:9/", true }, { "HTTP://LOCALHOST/", true },
	{ "http://school.example/hook", false }, { "http://localhost.example/", false }, { "http://10.0.0.1/", false },
	{ "http://127.0.0.1@school.example/", false }, { "http://128.0.0.1/", false }, { "http://[2001:db8::1]/", false },
	{ "ftp://localhost/", false }, { "file:///etc/passwd", false }, { "gopher://localhost/", false },
	{ "", false }, { "school.example", false }, { "http://", false },
};

START_TEST(a_webhook_is_reached_over_tls_or_on_this_machine)
{
	ck_assert_int_eq(url_problem(urls[_i].url) == NULL, urls[_i].good);
}
END_TEST

START_TEST(a_signature_is_over_time_and_body)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(webhook_signature(a, "key", "1799744400", "{\"a\":1}"),
			 hash_hmac_hex(a, "key", 3, "1799744400.{\"a\":1}", 18));
	arena_free(a);
}
END_TEST

static const struct {
	const char *url, *from;
	bool        good;
} mail_settings[] = {
	{ "", "no address", true }, { "smtp://host:25", "a@b", true }, { "smtps://host", "a@b", true },
	{ "http://host", "a@b", false }, { "host", "a@b", false }, { "smtp://host", "a", false },
};

START_TEST(settings_that_no_mail_could_leave_with_are_refused)
{
	const struct settings tried = { .smtp_url = mail_settings[_i].url, .smtp_from = mail_settings[_i].from };

	ck_assert_int_eq(mail_settings_problem(&tried) == NULL, mail_settings[_i].good);
}
END_TEST

Suite *watch_suite(void)
{
	Suite *suite = suite_create("watch");
	TCase *tests = tcase_create("watch");

	tcase_add_test(tests, a_mail_has_the_headers_that_machines_go_by);
	tcase_add_test(tests, a_mail_says_its_text_and_a_link);
	tcase_add_test(tests, without_a_public_url_a_mail_has_no_link);
	tcase_add_test(tests, no_line_of_a_mail_is_too_long_and_none_is_a_lone_dot);
	tcase_add_test(tests, a_subject_that_is_not_ascii_is_encoded_between_characters);
	tcase_add_test(tests, a_subject_cannot_add_a_header);
	tcase_add_loop_test(tests, an_address_is_one_address, 0, COUNT(addresses));
	tcase_add_loop_test(tests, a_webhook_is_reached_over_tls_or_on_this_machine, 0, COUNT(urls));
	tcase_add_test(tests, a_signature_is_over_time_and_body);
	tcase_add_loop_test(tests, settings_that_no_mail_could_leave_with_are_refused, 0, COUNT(mail_settings));
	suite_add_tcase(suite, tests);
	return suite;
}
