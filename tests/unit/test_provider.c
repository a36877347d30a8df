#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "sso/provider.h"
#include "suites.h"

static struct request  request;
static struct settings settings;
static const char     *secret;

static const char *kept(const char *text)
{
	char     *path = arena_strdup(request.arena, "/tmp/doorstep-provider.XXXXXX");
	const int fd = mkstemp(path);

	ck_assert(file_write(fd, text, strlen(text)) && fchmod(fd, 0400) == 0 && close(fd) == 0);
	return path;
}

static void set_up(void)
{
	settings = (struct settings){ 0 };
	request = (struct request){ .arena = arena_new(), .settings = &settings };
	secret = kept("a secret\n");
}

static void tear_down(void)
{
	unlink(secret);
	arena_free(request.arena);
}

/* A file of one provider, with these members besides. */
static enum err read_with(const char *members, const struct provider **ret)
{
	size_t   count;
	enum err err;

	settings.sso_file = kept(arena_printf(request.arena,
		"[{\"name\": \"p\", \"title\": \"P\", \"issuer\": \"https://idp.example\", \"client_id\": \"c\","
		" \"secret_file\": \"%s\"%s%s}]", secret, *members ? ", " : "", members));
	err = providers_read(&request, ret, &count);
	unlink(settings.sso_file);
	return err;
}

START_TEST(a_provider_is_read)
{
	const struct provider *p;

	ck_assert_int_eq(read_with("\"find_by\": \"email\", \"claims\": {\"acct\": 0}", &p), ERR_NONE);
	ck_assert_str_eq(p->secret, "a secret");
	ck_assert_int_eq(p->find_by, FIND_BY_EMAIL);
	ck_assert_int_eq(json_object_object_length(p->claims), 1);
	ck_assert_int_eq(read_with("", &p), ERR_NONE);
	ck_assert_int_eq(p->find_by, FIND_BY_SUBJECT);
	ck_assert_ptr_null(p->claims);
}
END_TEST

static const struct {
	const char *members, *log;
} faults[] = {
	{ "\"find_by\": \"name\"", "sso_file: find_by is email, tenant or left out" },
	{ "\"find_by\": \"tenant\"", "sso_file: find_by tenant wants the tenant" },
	{ "\"find_by\": 1", "sso_file: find_by is email, tenant or left out" },
	{ "\"tenant\": 1", "sso_file: tenant is no text" },
	{ "\"tenant\": null, \"find_by\": \"email\"", "sso_file: tenant is no text" },
	{ "\"claim\": {\"acct\": 0}", "sso_file: claim is nothing that a provider has" },
	{ "\"claims\": null", "sso_file: claims is no object" },
	{ "\"claims\": [\"mfa\"]", "sso_file: claims is no object" },
	{ "\"claims\": {\"amr\": [\"mfa\"]}", "sso_file: claims: amr is no text, number or boolean" },
};

START_TEST(a_fault_of_the_file_is_named)
{
	const struct provider *p;

	ck_assert_int_eq(read_with(faults[_i].members, &p), ERR_UNAVAILABLE);
	ck_assert_str_eq(request.log_error, faults[_i].log);
}
END_TEST

Suite *provider_suite(void)
{
	Suite *suite = suite_create("provider");
	TCase *tests = tcase_create("provider");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_provider_is_read);
	tcase_add_loop_test(tests, a_fault_of_the_file_is_named, 0, COUNT(faults));
	suite_add_tcase(suite, tests);
	return suite;
}
