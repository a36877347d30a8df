#include <check.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/db.h"
#include "core/db_connection.h"
#include "fake_pq.h"
#include "suites.h"

static struct db        *db;
static struct arena     *arena;
static struct db_failure failure;
static int               rows;

static bool count_row(void *ctx, const struct row *row)
{
	(void)ctx, (void)row;
	rows++;
	return true;
}

static void set_up(void)
{
	arena = arena_new();
	db = db_new("", "test");
	db_deadline(db, 50, -1);
	failure = (struct db_failure){ 0 };
	rows = 0;
}

static void tear_down(void)
{
	db_free(db);
	arena_free(arena);
}

#define END { .what = FAKE_END }
#define SYNC { .status = PGRES_PIPELINE_SYNC }
#define DONE(command) { .status = PGRES_COMMAND_OK, .tag = command }

static bool run_write(void)
{
	const struct db_query queries[] = {
		{ .sql = "begin" }, { .sql = "select write()", .on_row = count_row }, { .sql = "commit" }
	};

	return db_ready(db, arena, &failure) && db_run(db, arena, queries, 3, &failure);
}

START_TEST(a_write_that_committed_succeeds)
{
	const struct fake_result ok[] = {
		DONE("BEGIN"), END, { .status = PGRES_SINGLE_TUPLE, .value = "1" },
		{ .status = PGRES_TUPLES_OK }, END, DONE("COMMIT"), END, SYNC
	};

	fake_pq_script(ok);
	ck_assert(run_write());
	ck_assert_int_eq(rows, 1);
	ck_assert_int_eq(fake_pq_sent(), 3);
}
END_TEST

START_TEST(a_commit_that_answers_rollback_is_no_success)
{
	const struct fake_result rolled_back[] = {
		DONE("BEGIN"), END, { .status = PGRES_TUPLES_OK }, END, DONE("ROLLBACK"), END, SYNC
	};

	fake_pq_script(rolled_back);
	ck_assert(!run_write());
	ck_assert_int_eq(failure.err, ERR_UNAVAILABLE);
	ck_assert(failure.in_doubt);
}
END_TEST

START_TEST(a_commit_with_a_warning_is_in_doubt)
{
	const struct fake_result warned[] = {
		DONE("BEGIN"), END, { .status = PGRES_TUPLES_OK }, END,
		{ .status = PGRES_COMMAND_OK, .tag = "COMMIT", .warning = true }, END, SYNC
	};

	fake_pq_script(warned);
	ck_assert(!run_write());
	ck_assert(failure.in_doubt);
}
END_TEST

START_TEST(a_connection_lost_during_commit_is_in_doubt)
{
	const struct fake_result lost[] = {
		DONE("BEGIN"), END, { .status = PGRES_TUPLES_OK }, END, { .what = FAKE_LOST }
	};

	fake_pq_script(lost);
	ck_assert(!run_write());
	ck_assert_int_eq(failure.err, ERR_UNAVAILABLE);
	ck_assert(failure.in_doubt);
	ck_assert(!failure.can_repeat);
}
END_TEST

START_TEST(a_commit_that_was_answered_holds_though_the_connection_breaks)
{
	const struct fake_result lost[] = {
		DONE("BEGIN"), END, { .status = PGRES_TUPLES_OK }, END, DONE("COMMIT"), END, { .what = FAKE_LOST }
	};

	fake_pq_script(lost);
	ck_assert(run_write());
}
END_TEST

START_TEST(a_server_that_ends_beside_commit_leaves_it_in_doubt)
{
	const struct fake_result ended[] = {
		DONE("BEGIN"), END, { .status = PGRES_TUPLES_OK }, END,
		{ .status = PGRES_FATAL_ERROR, .sqlstate = "57P01", .message = "terminating" }, END, { .what = FAKE_LOST }
	};

	fake_pq_script(ended);
	ck_assert(!run_write());
	ck_assert(failure.in_doubt);
	ck_assert(!failure.can_repeat);
}
END_TEST

START_TEST(a_server_that_ends_before_commit_may_be_asked_again)
{
	const struct fake_result ended[] = {
		DONE("BEGIN"), END,
		{ .status = PGRES_FATAL_ERROR, .sqlstate = "57P01", .message = "terminating" }, END, { .what = FAKE_LOST }
	};

	fake_pq_script(ended);
	ck_assert(!run_write());
	ck_assert(failure.can_repeat);
}
END_TEST

START_TEST(silence_ends_at_the_deadline)
{
	const struct fake_result silence[] = { DONE("BEGIN"), END, { .what = FAKE_SILENCE } };

	fake_pq_script(silence);
	ck_assert(!run_write());
	ck_assert_int_eq(failure.err, ERR_UNAVAILABLE);
	ck_assert(!failure.can_repeat);
}
END_TEST

START_TEST(a_client_that_hangs_up_ends_the_query)
{
	const struct fake_result silence[] = { DONE("BEGIN"), END, { .what = FAKE_SILENCE } };
	int                      client[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, client), 0);
	close(client[1]);
	db_deadline(db, 60000, client[0]);
	fake_pq_script(silence);
	ck_assert(!run_write());
	ck_assert_str_eq(failure.log, "the client hung up");
	ck_assert(!failure.can_repeat);
	close(client[0]);
}
END_TEST

START_TEST(our_own_refusal_reaches_the_client_with_its_words)
{
	const struct fake_result refused[] = {
		DONE("BEGIN"), END,
		{ .status = PGRES_FATAL_ERROR, .sqlstate = "DS409", .message = "It is over.", .detail = "[]" }, END,
		{ .status = PGRES_PIPELINE_ABORTED }, END, SYNC
	};

	fake_pq_script(refused);
	ck_assert(!run_write());
	ck_assert_int_eq(failure.err, ERR_CONFLICT);
	ck_assert_str_eq(failure.message, "It is over.");
	ck_assert_str_eq(failure.detail, "[]");
}
END_TEST

START_TEST(postgresqls_own_words_stay_inside)
{
	const struct fake_result refused[] = {
		DONE("BEGIN"), END,
		{ .status = PGRES_FATAL_ERROR, .sqlstate = "23505", .message = "duplicate key", .detail = "Key (upn)=(X)" }, END,
		{ .status = PGRES_PIPELINE_ABORTED }, END, SYNC
	};

	fake_pq_script(refused);
	ck_assert(!run_write());
	ck_assert_int_eq(failure.err, ERR_CONFLICT);
	ck_assert_ptr_null(failure.message);
	ck_assert_ptr_null(failure.detail);
}
END_TEST

START_TEST(a_lost_race_may_be_repeated)
{
	const struct fake_result deadlock[] = {
		DONE("BEGIN"), END, { .status = PGRES_FATAL_ERROR, .sqlstate = "40P01", .message = "deadlock" }, END,
		{ .status = PGRES_PIPELINE_ABORTED }, END, SYNC
	};

	fake_pq_script(deadlock);
	ck_assert(!run_write());
	ck_assert(failure.can_repeat);
	ck_assert(!failure.in_doubt);
}
END_TEST

START_TEST(a_statement_is_prepared_once_per_connection)
{
	const struct fake_result twice[] = {
		DONE("PREPARE"), END, { .status = PGRES_TUPLES_OK }, END, SYNC,
		{ .status = PGRES_TUPLES_OK }, END, SYNC
	};
	const struct db_query query = { .name = "q", .sql = "select 1" };

	fake_pq_script(twice);
	ck_assert(db_ready(db, arena, &failure));
	ck_assert(db_run(db, arena, &query, 1, &failure));
	ck_assert_int_eq(fake_pq_sent(), 2);
	ck_assert(db_run(db, arena, &query, 1, &failure));
	ck_assert_int_eq(fake_pq_sent(), 3);
}
END_TEST

START_TEST(it_connects_again_until_the_server_is_back)
{
	fake_pq_script(NULL);
	fake_pq_refuse(2);
	db_deadline(db, 2000, -1);
	ck_assert(db_ready(db, arena, &failure));
	ck_assert_int_eq(fake_pq_connected(), 3);
}
END_TEST

START_TEST(it_gives_up_at_the_deadline)
{
	fake_pq_script(NULL);
	fake_pq_refuse(1000);
	ck_assert(!db_ready(db, arena, &failure));
	ck_assert_int_eq(failure.err, ERR_UNAVAILABLE);
}
END_TEST

START_TEST(having_waited_in_vain_it_tells_the_next_at_once)
{
	fake_pq_script(NULL);
	fake_pq_refuse(1000);
	db_deadline(db, 100, -1);
	ck_assert(!db_ready(db, arena, &failure));
	ck_assert_int_gt(fake_pq_connected(), 1);
	fake_pq_script(NULL);
	fake_pq_refuse(1000);
	db_deadline(db, 2000, -1);
	ck_assert(!db_ready(db, arena, &failure));
	ck_assert_int_eq(fake_pq_connected(), 1);
	fake_pq_refuse(0);
	ck_assert(db_ready(db, arena, &failure));
	db_disconnect(db);
	fake_pq_script(NULL);
	fake_pq_refuse(2);
	ck_assert(db_ready(db, arena, &failure));
}
END_TEST

Suite *db_suite(void)
{
	Suite *suite = suite_create("db");
	TCase *tests = tcase_create("db");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, a_write_that_committed_succeeds);
	tcase_add_test(tests, a_commit_that_answers_rollback_is_no_success);
	tcase_add_test(tests, a_commit_with_a_warning_is_in_doubt);
	tcase_add_test(tests, a_connection_lost_during_commit_is_in_doubt);
	tcase_add_test(tests, a_commit_that_was_answered_holds_though_the_connection_breaks);
	tcase_add_test(tests, a_server_that_ends_beside_commit_leaves_it_in_doubt);
	tcase_add_test(tests, a_server_that_ends_before_commit_may_be_asked_again);
	tcase_add_test(tests, silence_ends_at_the_deadline);
	tcase_add_test(tests, a_client_that_hangs_up_ends_the_query);
	tcase_add_test(tests, our_own_refusal_reaches_the_client_with_its_words);
	tcase_add_test(tests, postgresqls_own_words_stay_inside);
	tcase_add_test(tests, a_lost_race_may_be_repeated);
	tcase_add_test(tests, a_statement_is_prepared_once_per_connection);
	tcase_add_test(tests, it_connects_again_until_the_server_is_back);
	tcase_add_test(tests, it_gives_up_at_the_deadline);
	tcase_add_test(tests, having_waited_in_vain_it_tells_the_next_at_once);
	suite_add_tcase(suite, tests);
	return suite;
}
