#include <string.h>

#include "core/csv.h"
#include "suites.h"

#define BYTES(literal) literal, sizeof(literal) - 1

/* What a reader saw, a line per record: "2:a|b|(is not valid UTF-8)|-" and a dash for NULL. */
struct seen {
	struct arena *arena;
	const char   *text;
	size_t        records, records_max;
};

static bool see(void *ctx, long line, const struct csv_cell *cells, size_t count)
{
	struct seen *seen = ctx;

	seen->text = arena_printf(seen->arena, "%s%ld:", seen->text, line);
	for (size_t i = 0; i < count; i++) {
		const char *text = cells[i].text;

		ck_assert(!text || !cells[i].problem);
		if (cells[i].problem)
			text = arena_printf(seen->arena, "(%s)", cells[i].problem);
		seen->text = arena_printf(seen->arena, "%s%s%s", seen->text, i ? "|" : "",
					  text ? text : "-");
	}
	seen->text = arena_printf(seen->arena, "%s\n", seen->text);
	return ++seen->records != seen->records_max;
}

/* Feeds the first piece whole, then step bytes at a time; the problem stands last. */
static const char *read_pieces(struct arena *a, enum csv_charset charset, const char *data,
			       size_t size, size_t first, size_t step)
{
	struct seen        seen = { .arena = a, .text = "" };
	struct csv_reader *r = csv_reader_new(a, charset, see, &seen);
	bool               fine = csv_reader_feed(r, data, first);

	for (size_t i = first; fine && i < size; i += step)
		fine = csv_reader_feed(r, data + i, size - i < step ? size - i : step);
	fine = fine && csv_reader_finish(r);
	ck_assert(fine == !csv_reader_problem(r));
	return fine ? seen.text : arena_printf(a, "%s!%s\n", seen.text, csv_reader_problem(r));
}

static const struct {
	enum csv_charset charset;
	const char      *data;
	size_t           size;
	const char      *seen;
} files[] = {
	{ CSV_UTF8, BYTES(""), "" },
	{ CSV_UTF8, BYTES("\n\r\n\n"), "" },
	{ CSV_UTF8, BYTES("a,b\r\n1,2\r\n"), "1:a|b\n2:1|2\n" },
	{ CSV_UTF8, BYTES("a,b\n1,2"), "1:a|b\n2:1|2\n" },
	{ CSV_UTF8, BYTES("a,b\r1,2\r3,4"), "1:a|b\n2:1|2\n3:3|4\n" },
	{ CSV_UTF8, BYTES("\r\n\r\na\r\n   \r\n\nb\r\n"), "3:a\n6:b\n" },
	{ CSV_UTF8, BYTES("a\n\r\nb\r\n\rc"), "1:a\n3:b\n5:c\n" },
	{ CSV_UTF8, BYTES("a,,\n,\n"), "1:a|-|-\n2:-|-\n" },
	{ CSV_UTF8, BYTES("\"\"\n\"\",x\n"), "1:-\n2:-|x\n" },
	{ CSV_UTF8, BYTES("\"a,b\",\"say \"\"yes\"\"\"\r\n"), "1:a,b|say \"yes\"\n" },
	{ CSV_UTF8, BYTES("\"one\r\ntwo\n\nfour\",x\r\ny,z\r\n"),
	  "1:one\r\ntwo\n\nfour|x\n5:y|z\n" },
	{ CSV_UTF8, BYTES("h\n\"a\rb\"\n\n\"c\r\n\",d\nlast\n"),
	  "1:h\n2:a\rb\n5:c\r\n|d\n7:last\n" },
	{ CSV_UTF8, BYTES("  a b  ,\t\" c \" \n"), "1:a b| c \n" },
	{ CSV_UTF8, BYTES("\"\"\"\"\n"), "1:\"\n" },
	{ CSV_UTF8, BYTES("a,b\n\n  \"1\n2\"  ,3\n"), "1:a|b\n3:1\n2|3\n" },
	{ CSV_UTF8, BYTES("a;b\n"), "1:a;b\n" },
	{ CSV_UTF8, BYTES("'a,b'\n"), "1:'a|b'\n" },

	/* charsets and marks */
	{ CSV_UTF8, BYTES("\xef\xbb\xbfid,n\n1,\xc3\xa9\n"), "1:id|n\n2:1|\xc3\xa9\n" },
	{ CSV_UTF8, BYTES("\xef\xbb\xbf"), "" },
	{ CSV_UTF8, BYTES("\xef\xbb\xbf\xef\xbb\xbfx\n"), "1:\xef\xbb\xbfx\n" },
	{ CSV_UTF8, BYTES("\xef\xbb\xbf\"a\"\n"), "1:a\n" },
	{ CSV_UTF8, BYTES("\xef\xbb\xbe,x\n"), "1:\xef\xbb\xbe|x\n" },
	{ CSV_UTF8, BYTES("\xef\xbb"), "1:(is not valid UTF-8)\n" },
	{ CSV_UTF8, BYTES("\xef"), "1:(is not valid UTF-8)\n" },
	{ CSV_UTF8, BYTES("a,\xe9,b\nc\n"), "1:a|(is not valid UTF-8)|b\n2:c\n" },
	{ CSV_UTF8, BYTES("a,b\0c\n"), "1:a|(is not valid UTF-8)\n" },
	{ CSV_UTF8, BYTES("\xed\xa0\x80\n"), "1:(is not valid UTF-8)\n" },
	{ CSV_WINDOWS_1252, BYTES("O\x92" "Brien,Zo\xe9,\x80\n"),
	  "1:O\xe2\x80\x99" "Brien|Zo\xc3\xa9|\xe2\x82\xac\n" },
	{ CSV_WINDOWS_1252, BYTES("a,\x81,b\n\x8d\n\x8f\n\x90\n\x9d\n\xff\n"),
	  "1:a|(is not valid windows-1252)|b\n2:(is not valid windows-1252)\n"
	  "3:(is not valid windows-1252)\n4:(is not valid windows-1252)\n"
	  "5:(is not valid windows-1252)\n6:\xc3\xbf\n" },
	{ CSV_WINDOWS_1252, BYTES("a\0b,c\n"), "1:(is not valid windows-1252)|c\n" },
	{ CSV_WINDOWS_1252, BYTES("\xef\xbb,x\n"), "1:\xc3\xaf\xc2\xbb|x\n" },
	{ CSV_WINDOWS_1252, BYTES("\xef\xbb\xbfid\n"),
	  "!line 1: a mark of UTF-8 begins the file, so it is not windows-1252\n" },

	/* the first thing wrong is what is told */
	{ CSV_UTF8,
	  BYTES(",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,x\"y\n"),
	  "!line 1: there are too many columns\n" },

	/* quotes gone wrong */
	{ CSV_UTF8, BYTES("a,b\n1,\"2\n3\n4"),
	  "1:a|b\n!line 2: a quote in the record that begins here is never closed\n" },
	{ CSV_UTF8, BYTES("\""),
	  "!line 1: a quote in the record that begins here is never closed\n" },
	{ CSV_UTF8, BYTES("a\nb\"c\nd\n"),
	  "1:a\n!line 2: a quote is misplaced: a cell with one is quoted, the quote doubled\n" },
	{ CSV_UTF8, BYTES("a\n\"b\nc\"d\ne\n"),
	  "1:a\n!line 3: a quote is misplaced: a cell with one is quoted, the quote doubled\n" },
};

static void check_pieces(int i, size_t first, size_t step)
{
	struct arena *a = arena_new();

	ck_assert_str_eq(read_pieces(a, files[i].charset, files[i].data, files[i].size, first,
				     step),
			 files[i].seen);
	arena_free(a);
}

START_TEST(records_and_their_lines_are_read)
{
	check_pieces(_i, files[_i].size, 1);
}
END_TEST

START_TEST(pieces_of_any_size_read_the_same)
{
	for (size_t first = 0; first <= files[_i].size; first++)
		for (size_t step = 1; step <= 3; step++)
			check_pieces(_i, first, step);
}
END_TEST

START_TEST(reading_stops_when_the_callback_says_so)
{
	struct arena      *a = arena_new();
	struct seen        seen = { .arena = a, .text = "", .records_max = 2 };
	struct csv_reader *r = csv_reader_new(a, CSV_UTF8, see, &seen);

	ck_assert(csv_reader_feed(r, BYTES("a\n")));
	ck_assert(!csv_reader_feed(r, BYTES("b\nc\nd\n")));
	ck_assert(!csv_reader_feed(r, BYTES("e\n")));
	ck_assert(!csv_reader_finish(r));
	ck_assert_ptr_null(csv_reader_problem(r));
	ck_assert_str_eq(seen.text, "1:a\n2:b\n");
	arena_free(a);
}
END_TEST

START_TEST(the_last_record_may_stop_reading_too)
{
	struct arena      *a = arena_new();
	struct seen        seen = { .arena = a, .text = "", .records_max = 1 };
	struct csv_reader *r = csv_reader_new(a, CSV_UTF8, see, &seen);

	ck_assert(csv_reader_feed(r, BYTES("a")));
	ck_assert(!csv_reader_finish(r));
	ck_assert_ptr_null(csv_reader_problem(r));
	arena_free(a);
}
END_TEST

/* A record of count cells of size letters each. */
static char *wide(struct arena *a, size_t count, size_t size, char letter)
{
	char *text = arena_alloc(a, count * (size + 1) + 1);

	for (size_t i = 0; i < count; i++) {
		memset(text + i * (size + 1), letter, size);
		text[i * (size + 1) + size] = i + 1 < count ? ',' : '\n';
	}
	return text;
}

struct measure {
	size_t records, cells, bytes, problems;
};

static bool measure(void *ctx, long line, const struct csv_cell *cells, size_t count)
{
	struct measure *m = ctx;

	(void)line;
	m->records++;
	m->cells += count;
	for (size_t i = 0; i < count; i++) {
		m->bytes += cells[i].text ? strlen(cells[i].text) : 0;
		m->problems += cells[i].problem != NULL;
	}
	return true;
}

static const struct {
	const char      *what;
	enum csv_charset charset;
	char             letter;
	size_t           count, size;
	struct measure   measure;
	const char      *problem;
} limits[] = {
	{ "as many columns as may be", CSV_UTF8, 'x', CSV_COLUMNS_MAX, 1,
	  { 1, CSV_COLUMNS_MAX, CSV_COLUMNS_MAX, 0 }, NULL },
	{ "a column more", CSV_UTF8, 'x', CSV_COLUMNS_MAX + 1, 1,
	  { 0 }, "line 1: there are too many columns" },
	{ "the longest cell", CSV_UTF8, 'x', 1, CSV_CELL_MAX,
	  { 1, 1, CSV_CELL_MAX, 0 }, NULL },
	{ "a cell too long", CSV_UTF8, 'x', 2, CSV_CELL_MAX + 1,
	  { 1, 2, 0, 2 }, NULL },
	{ "the longest record", CSV_UTF8, 'x', 16, CSV_CELL_MAX - 1,
	  { 1, 16, 16 * (size_t)(CSV_CELL_MAX - 1), 0 }, NULL },
	{ "a record too long", CSV_UTF8, 'x', 17, CSV_CELL_MAX - 1, { 0 },
	  "line 1: the record that begins here is too long; is a quote left open?" },
	{ "a record too long by a byte", CSV_UTF8, 'x', 16, CSV_CELL_MAX, { 0 },
	  "line 1: the record that begins here is too long; is a quote left open?" },
	{ "a record that grows too long as UTF-8", CSV_WINDOWS_1252, '\x80', 8, CSV_CELL_MAX, { 0 },
	  "line 1: the record that begins here is too long; is a quote left open?" },
	{ "a cell that grows within limits", CSV_WINDOWS_1252, '\x80', 2, CSV_CELL_MAX,
	  { 1, 2, 6 * (size_t)CSV_CELL_MAX, 0 }, NULL },
	{ "a cell beyond all measure", CSV_UTF8, 'x', 1, 3 * (size_t)CSV_RECORD_MAX, { 0 },
	  "line 1: the record that begins here is too long; is a quote left open?" },
};

START_TEST(cells_columns_and_records_have_limits)
{
	struct arena      *a = arena_new();
	struct measure     m = { 0 };
	struct csv_reader *r = csv_reader_new(a, limits[_i].charset, measure, &m);
	const char        *text = wide(a, limits[_i].count, limits[_i].size, limits[_i].letter);

	if (csv_reader_feed(r, text, strlen(text)))
		csv_reader_finish(r);
	ck_assert_pstr_eq(csv_reader_problem(r), limits[_i].problem);
	ck_assert_msg(m.records == limits[_i].measure.records &&
			      m.cells == limits[_i].measure.cells &&
			      m.bytes == limits[_i].measure.bytes &&
			      m.problems == limits[_i].measure.problems,
		      "%s: %zu records, %zu cells, %zu bytes, %zu problems", limits[_i].what,
		      m.records, m.cells, m.bytes, m.problems);
	arena_free(a);
}
END_TEST

START_TEST(an_open_quote_does_not_swallow_the_whole_file)
{
	struct arena      *a = arena_new();
	struct measure     m = { 0 };
	struct csv_reader *r = csv_reader_new(a, CSV_UTF8, measure, &m);
	size_t             fed = 0;

	ck_assert(csv_reader_feed(r, BYTES("id,note\n1,\"open\n")));
	while (fed < 100000 && csv_reader_feed(r, BYTES("2,a line like any other, and so on\n")))
		fed++;
	ck_assert_uint_lt(fed, 2 * CSV_RECORD_MAX / 35);
	ck_assert_str_eq(csv_reader_problem(r), "line 2: the record that begins here is too long; "
						"is a quote left open?");
	arena_free(a);
}
END_TEST

Suite *csv_suite(void)
{
	Suite *suite = suite_create("csv");
	TCase *tc = tcase_create("csv");

	tcase_add_loop_test(tc, records_and_their_lines_are_read, 0, COUNT(files));
	tcase_add_loop_test(tc, pieces_of_any_size_read_the_same, 0, COUNT(files));
	tcase_add_test(tc, reading_stops_when_the_callback_says_so);
	tcase_add_test(tc, the_last_record_may_stop_reading_too);
	tcase_add_loop_test(tc, cells_columns_and_records_have_limits, 0, COUNT(limits));
	tcase_add_test(tc, an_open_quote_does_not_swallow_the_whole_file);
	suite_add_tcase(suite, tc);
	return suite;
}
