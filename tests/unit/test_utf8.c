#include <string.h>

#include "core/utf8.h"
#include "suites.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static const struct {
	const char *what, *bytes;
	size_t      length, span; /* span == length: all valid */
} texts[] = {
	{ "nothing", BYTES(""), 0 },
	{ "ASCII", BYTES("visit\t\n\x7f"), 8 },
	{ "two bytes, first and last", BYTES("\xc2\x80\xdf\xbf"), 4 },
	{ "three bytes, first and last", BYTES("\xe0\xa0\x80\xef\xbf\xbf"), 6 },
	{ "either side of the surrogates", BYTES("\xed\x9f\xbf\xee\x80\x80"), 6 },
	{ "four bytes, first and last", BYTES("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), 8 },
	{ "NUL", BYTES("ab\0c"), 2 },
	{ "overlong slash C0 AF", BYTES("a\xc0\xaf"), 1 },
	{ "overlong C1", BYTES("\xc1\xbf"), 0 },
	{ "overlong NUL", BYTES("\xc0\x80"), 0 },
	{ "overlong three bytes", BYTES("\xe0\x9f\xbf"), 0 },
	{ "overlong four bytes", BYTES("\xf0\x8f\xbf\xbf"), 0 },
	{ "surrogate ED A0 80", BYTES("abc\xed\xa0\x80"), 3 },
	{ "surrogate pair as two", BYTES("\xed\xa0\xbd\xed\xb8\x80"), 0 },
	{ "last surrogate", BYTES("\xed\xbf\xbf"), 0 },
	{ "beyond U+10FFFF", BYTES("\xf4\x90\x80\x80"), 0 },
	{ "F5", BYTES("\xf5\x80\x80\x80"), 0 },
	{ "FF", BYTES("x\xff"), 1 },
	{ "lone continuation", BYTES("\x80"), 0 },
	{ "cut after one of two", BYTES("a\xc3"), 1 },
	{ "cut after two of three", BYTES("a\xe2\x82"), 1 },
	{ "cut after three of four", BYTES("\xf0\x9f\x98"), 0 },
	{ "second byte missing", BYTES("\xc3(") , 0 },
	{ "third byte missing", BYTES("\xe2\x82("), 0 },
	{ "fourth byte missing", BYTES("\xf0\x9f\x98("), 0 },
	{ "windows-1252", BYTES("caf\xe9 au lait"), 3 },
};

START_TEST(exactly_rfc_3629_is_valid)
{
	ck_assert_msg(utf8_span(texts[_i].bytes, texts[_i].length) == texts[_i].span, "%s",
		      texts[_i].what);
	ck_assert_msg(utf8_valid(texts[_i].bytes, texts[_i].length) ==
			      (texts[_i].span == texts[_i].length),
		      "%s", texts[_i].what);
}
END_TEST

static bool survives(uint32_t c)
{
	char        buffer[UTF8_SIZE_MAX];
	const char *at = buffer;
	size_t      size = utf8_encode(buffer, c);

	if (c >= 0xd800 && c <= 0xdfff)
		return !utf8_valid(buffer, size);
	return utf8_valid(buffer, size) && utf8_count(buffer, size) == 1 && utf8_next(&at) == c &&
	       at == buffer + size;
}

START_TEST(every_character_survives_encoding_and_reading)
{
	for (uint32_t c = 1; c <= 0x10ffff; c++)
		if (!survives(c))
			ck_abort_msg("U+%04X", c);
}
END_TEST

START_TEST(characters_are_counted_not_bytes)
{
	ck_assert_uint_eq(utf8_count(BYTES("")), 0);
	ck_assert_uint_eq(utf8_count(BYTES("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80")), 9);
}
END_TEST

static const struct {
	uint32_t c;
	bool     control, blank;
} kinds[] = {
	{ 0x01, true, false },    { '\t', true, true },      { '\n', true, true },
	{ '\r', true, true },     { 0x1f, true, false },     { ' ', false, true },
	{ '!', false, false },    { 'a', false, false },     { '~', false, false },
	{ 0x7f, true, false },    { 0x80, true, false },     { 0x85, true, true },
	{ 0x9f, true, false },    { 0xa0, false, true },     { 0xa1, false, false },
	{ 0xe9, false, false },   { 0x2009, false, true },   { 0x200b, false, true },
	{ 0x2010, false, false }, { 0x2029, false, true },   { 0x3000, false, true },
	{ 0xfeff, false, true },  { 0xfffd, false, false },  { 0x1f600, false, false },
};

START_TEST(controls_and_blanks_are_told_apart)
{
	ck_assert_msg(utf8_is_control(kinds[_i].c) == kinds[_i].control, "U+%04X", kinds[_i].c);
	ck_assert_msg(utf8_is_blank(kinds[_i].c) == kinds[_i].blank, "U+%04X", kinds[_i].c);
}
END_TEST

Suite *utf8_suite(void)
{
	Suite *suite = suite_create("utf8");
	TCase *tc = tcase_create("utf8");

	tcase_add_loop_test(tc, exactly_rfc_3629_is_valid, 0, COUNT(texts));
	tcase_add_test(tc, every_character_survives_encoding_and_reading);
	tcase_add_test(tc, characters_are_counted_not_bytes);
	tcase_add_loop_test(tc, controls_and_blanks_are_told_apart, 0, COUNT(kinds));
	suite_add_tcase(suite, tc);
	return suite;
}
