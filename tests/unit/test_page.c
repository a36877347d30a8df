#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/page.h"
#include "suites.h"

#define SHEET(import, body)                                                                                \
	"<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>" import               \
	"<xsl:output method='html'/><xsl:template match='/a'>" body "</xsl:template></xsl:stylesheet>"

static char            folder[] = "/tmp/doorstep-page.XXXXXX";
static struct arena   *arena;
static struct settings settings;
static const char     *problem;

static void write_sheet(const char *name, const char *text)
{
	FILE *file = fopen(arena_printf(arena, "%s/letter/%s", folder, name), "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void set_up(void)
{
	arena = arena_new();
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(mkdir(arena_printf(arena, "%s/letter", folder), 0700), 0);
	settings.reports_dir = folder;
	settings.spool_dir = "/tmp";
	problem = NULL;
}

static void tear_down(void)
{
	static const char *const names[] = { "page.xsl", "900001.xsl", "frame.xsl", "secret.xml" };

	for (size_t i = 0; i < COUNT(names); i++)
		unlink(arena_printf(arena, "%s/letter/%s", folder, names[i]));
	rmdir(arena_printf(arena, "%s/letter", folder));
	rmdir(folder);
	arena_free(arena);
}

/* The page, or NULL when there is none and a problem was told. */
static const char *rendered(const char *variant, const char *xml)
{
	struct output *out = output_new(arena, "/tmp");
	enum err       err = page_render(arena, &settings, "letter", variant, xml, out, &problem);

	ck_assert_int_eq(err, problem ? ERR_INTERNAL : ERR_NONE);
	if (err)
		ck_assert_uint_eq(output_length(out), 0);
	return err ? NULL : output_contents(out);
}

START_TEST(the_same_gives_the_same_bytes)
{
	const char *first;

	write_sheet("page.xsl", SHEET("", "<p>Dear <xsl:value-of select='.'/></p>"));
	first = rendered(NULL, "<a>O'Brien &lt; É</a>");
	ck_assert_str_eq(first, "<p>Dear O'Brien &lt; É</p>\n");
	ck_assert_str_eq(rendered(NULL, "<a>O'Brien &lt; É</a>"), first);
}
END_TEST

START_TEST(a_variant_takes_the_place_of_the_common_page_where_there_is_one)
{
	write_sheet("page.xsl", SHEET("", "<p>common</p>"));
	write_sheet("900001.xsl", SHEET("", "<p>own</p>"));
	ck_assert_str_eq(rendered("900001", "<a/>"), "<p>own</p>\n");
	ck_assert_str_eq(rendered("900002", "<a/>"), "<p>common</p>\n");
}
END_TEST

START_TEST(a_frame_is_imported_with_its_parameters)
{
	write_sheet("frame.xsl", "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
		"<xsl:template name='frame'><xsl:param name='title'/><h1><xsl:value-of select='$title'/></h1></xsl:template>"
		"</xsl:stylesheet>");
	write_sheet("page.xsl", SHEET("<xsl:import href='frame.xsl'/>",
		"<xsl:call-template name='frame'><xsl:with-param name='title' select='.'/></xsl:call-template>"));
	ck_assert_str_eq(rendered(NULL, "<a>x</a>"), "<h1>x</h1>\n");
}
END_TEST

START_TEST(a_changed_stylesheet_is_noticed)
{
	write_sheet("page.xsl", SHEET("", "<p>1</p>"));
	ck_assert_str_eq(rendered(NULL, "<a/>"), "<p>1</p>\n");
	write_sheet("page.xsl", SHEET("", "<p>2</p>"));
	ck_assert_str_eq(rendered(NULL, "<a/>"), "<p>2</p>\n");
}
END_TEST

static const struct {
	const char *sheet, *xml;
} bad[] = {
	{ NULL, "<a/>" },                                         /* there is none */
	{ "<xsl:stylesheet", "<a/>" },                            /* no XML */
	{ "<p/>", "<a/>" },                                       /* no stylesheet */
	{ SHEET("", "<xsl:value-of select='$nothing'/>"), "<a/>" },
	{ SHEET("", "<xsl:call-template name='nothing'/>"), "<a/>" },
	{ SHEET("", "<xsl:message terminate='yes'>no</xsl:message>"), "<a/>" },
	{ SHEET("", "<p/>"), "<a>" },                             /* the document is none */
	{ SHEET("<xsl:import href='http://127.0.0.1:9/x.xsl'/>", "<p/>"), "<a/>" },
};

START_TEST(what_cannot_be_made_is_told_with_its_file)
{
	if (bad[_i].sheet)
		write_sheet("page.xsl", bad[_i].sheet);
	ck_assert_ptr_null(rendered(NULL, bad[_i].xml));
	ck_assert_ptr_nonnull(strstr(problem, "letter/page.xsl"));
}
END_TEST

START_TEST(nothing_else_is_read)
{
	static const char *const reading[] = {
		SHEET("", "<p><xsl:copy-of select=\"document('secret.xml')\"/></p>"),
		SHEET("", "<p><xsl:copy-of select=\"document('/etc/passwd')\"/></p>"),
	};
	const char *page;

	write_sheet("secret.xml", "<secret>SECRET</secret>");
	write_sheet("page.xsl", reading[_i]);
	page = rendered(NULL, "<a/>");
	ck_assert(!page || !strstr(page, "SECRET"));
	problem = NULL;
	write_sheet("page.xsl", SHEET("", "<p><xsl:value-of select='.'/></p>"));
	page = rendered(NULL, arena_printf(arena,
		"<!DOCTYPE a [<!ENTITY s SYSTEM '%s/letter/secret.xml'>]><a>&s;</a>", folder));
	ck_assert(!page || !strstr(page, "SECRET"));
}
END_TEST

START_TEST(the_policy_allows_the_style_of_the_page_alone)
{
	ck_assert_str_eq(page_policy(arena, "<p>no style</p>"), "default-src 'none'; frame-ancestors 'none'");
	ck_assert_str_eq(page_policy(arena, "<style>p { color: red }</style>"), "default-src 'none'; style-src "
		"'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='; frame-ancestors 'none'");
}
END_TEST

Suite *page_suite(void)
{
	Suite *suite = suite_create("page");
	TCase *tc = tcase_create("page");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, the_same_gives_the_same_bytes);
	tcase_add_test(tc, a_variant_takes_the_place_of_the_common_page_where_there_is_one);
	tcase_add_test(tc, a_frame_is_imported_with_its_parameters);
	tcase_add_test(tc, a_changed_stylesheet_is_noticed);
	tcase_add_loop_test(tc, what_cannot_be_made_is_told_with_its_file, 0, COUNT(bad));
	tcase_add_loop_test(tc, nothing_else_is_read, 0, 2);
	tcase_add_test(tc, the_policy_allows_the_style_of_the_page_alone);
	suite_add_tcase(suite, tc);
	return suite;
}
