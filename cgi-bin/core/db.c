#include "db.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "db_connection.h"
#include "sqlstate.h"

static bool fail(struct db_failure *ret, struct arena *a, enum err err, const char *log)
{
	*ret = (struct db_failure){ .err = err, .log = arena_strdup(a, log) };
	return false;
}

/* Why there was no use in waiting longer, though the connection holds. */
static const char late[] = "the database did not answer in time", gone[] = "the client hung up";

/* Waits for the server. NULL, or why there is no use in waiting longer. */
static const char *wait_for_server(struct db *db, bool to_write)
{
	struct pollfd fds[2] = {
		{ .fd = PQsocket(db->conn), .events = (short)(POLLIN | (to_write ? POLLOUT : 0)) },
		{ .fd = db->client_fd, .events = POLLRDHUP },
	};
	long long left = db->deadline - db_now();
	int       n = left > 0 ? poll(fds, 2, (int)left) : 0;

	if (n < 0 && errno != EINTR)
		return "waiting for the database failed";
	if (n == 0)
		return late;
	if (n > 0 && fds[1].revents)
		return gone;
	return NULL;
}

/* Pushes out what is queued, taking in what comes meanwhile. */
static const char *flush(struct db *db)
{
	int         left;
	const char *why = NULL;

	while (!why && (left = PQflush(db->conn)) == 1) {
		why = wait_for_server(db, true);
		if (!why && !PQconsumeInput(db->conn))
			why = PQerrorMessage(db->conn);
	}
	return why ? why : left < 0 ? PQerrorMessage(db->conn) : NULL;
}

/* The next result, NULL at the end of a query; *ret_why is set when the connection is of no more use. */
static PGresult *next_result(struct db *db, const char **ret_why)
{
	*ret_why = NULL;
	while (PQisBusy(db->conn)) {
		*ret_why = wait_for_server(db, false);
		if (!*ret_why && !PQconsumeInput(db->conn))
			*ret_why = PQerrorMessage(db->conn);
		if (*ret_why)
			return NULL;
	}
	return PQgetResult(db->conn);
}

static bool is_prepared(const struct db *db, const char *name)
{
	for (size_t i = 0; i < db->prepared_count; i++)
		if (strcmp(db->prepared[i], name) == 0)
			return true;
	return false;
}

/* Once the connection has as many as it may, further statements go unprepared. */
static bool goes_by_name(const struct db *db, const struct db_query *q)
{
	return q->name && (is_prepared(db, q->name) || db->prepared_count < PREPARED_MAX);
}

static bool send_query(struct db *db, const struct db_query *q)
{
	if (!goes_by_name(db, q))
		return PQsendQueryParams(db->conn, q->sql, q->count, NULL, q->values, NULL, NULL, 0);
	if (!is_prepared(db, q->name) && !PQsendPrepare(db->conn, q->name, q->sql, 0, NULL))
		return false;
	return PQsendQueryPrepared(db->conn, q->name, q->count, q->values, NULL, NULL, 0);
}

/* What the server said against a query. */
static void note_failure(struct arena *a, const PGresult *res, struct db_failure *ret)
{
	const char *sqlstate = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);

	*ret = (struct db_failure){
		.err = sqlstate_err(sqlstate),
		.can_repeat = sqlstate_lost_race(sqlstate) || sqlstate_broken(sqlstate),
	};
	if (sqlstate_is_ours(sqlstate)) {
		ret->message = arena_strdup(a, message);
		ret->detail = arena_strdup(a, detail);
	} else {
		ret->log = arena_printf(a, "%s %s", sqlstate ? sqlstate : "-----", message ? message : PQresultErrorMessage(res));
	}
}

static bool hand_over(const struct db_query *q, const PGresult *res)
{
	const char *values[DB_COLUMNS_MAX];
	int         lengths[DB_COLUMNS_MAX], columns = PQnfields(res);

	if (columns > DB_COLUMNS_MAX)
		abort();
	for (int row = 0; row < PQntuples(res); row++) {
		for (int i = 0; i < columns; i++) {
			values[i] = PQgetisnull(res, row, i) ? NULL : PQgetvalue(res, row, i);
			lengths[i] = PQgetlength(res, row, i);
		}
		if (!q->on_row(q->ctx, &(struct row){ values, lengths }))
			return false;
	}
	return true;
}

/* A failed block answers COMMIT with the tag ROLLBACK and no error. */
static bool commit_is_certain(struct db *db, const PGresult *res)
{
	return strcmp(PQcmdStatus((PGresult *)res), "COMMIT") == 0 && !db->warned;
}

struct reading {
	struct db         *db;
	struct arena      *arena;
	struct db_failure *failure;
	bool               failed;
	bool               committed; /* for certain, whatever becomes of the connection */
	const char        *why;       /* the connection is of no more use */
};

static bool is_commit(const struct db_query *q)
{
	return strcmp(q->sql, "commit") == 0;
}

/* An error beside COMMIT from a server that goes away leaves open what became of the commit. */
static void read_failure(struct reading *r, const struct db_query *q, const PGresult *res)
{
	if (!r->failed)
		note_failure(r->arena, res, r->failure);
	if (!r->failed && is_commit(q) && sqlstate_broken(PQresultErrorField(res, PG_DIAG_SQLSTATE))) {
		r->failure->in_doubt = true;
		r->failure->can_repeat = false;
	}
	r->failed = true;
}

static void read_result(struct reading *r, const struct db_query *q, const PGresult *res)
{
	switch (PQresultStatus(res)) {
	case PGRES_PIPELINE_ABORTED:
		r->failed = true;
		break;
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
		if (!r->failed && q->on_row && !hand_over(q, res))
			r->why = "the answer could not be kept";
		break;
	case PGRES_COMMAND_OK:
		if (!is_commit(q))
			break;
		r->committed = commit_is_certain(r->db, res);
		if (!r->committed)
			*r->failure = (struct db_failure){ .err = ERR_UNAVAILABLE, .in_doubt = true,
				.log = "COMMIT came with a warning, or was none" };
		r->failed = !r->committed;
		break;
	default:
		read_failure(r, q, res);
	}
}

static void read_results(struct reading *r, const struct db_query *q)
{
	PGresult *res;

	r->db->warned = false;
	while (!r->why && (res = next_result(r->db, &r->why))) {
		read_result(r, q, res);
		PQclear(res);
	}
}

static void read_query(struct reading *r, const struct db_query *q)
{
	if (goes_by_name(r->db, q) && !is_prepared(r->db, q->name)) {
		read_results(r, &(struct db_query){ .sql = q->sql });
		if (!r->why && !r->failed)
			r->db->prepared[r->db->prepared_count++] = q->name;
	}
	if (!r->why && q->on_row)
		PQsetSingleRowMode(r->db->conn);
	if (!r->why)
		read_results(r, q);
}

static void read_sync(struct reading *r)
{
	PGresult *res = r->why ? NULL : next_result(r->db, &r->why);

	if (!r->why && PQresultStatus(res) != PGRES_PIPELINE_SYNC)
		r->why = "the pipeline is out of step";
	PQclear(res);
}

/*
 * The connection broke, or is left: nobody knows how far a commit had come.
 * Asking the server to cancel could hang as the query does; a server that has
 * lost its client ends the query by itself (client_connection_check_interval).
 */
static bool broken(struct reading *r, bool with_commit)
{
	struct db_failure *f = r->failure;

	if (!r->failed)
		*f = (struct db_failure){ .err = ERR_UNAVAILABLE, .can_repeat = !with_commit && r->why != late && r->why != gone,
			.in_doubt = with_commit, .log = arena_strdup(r->arena, r->why) };
	db_disconnect(r->db);
	return false;
}

bool db_run(struct db *db, struct arena *a, const struct db_query *queries, size_t count,
	    struct db_failure *ret_failure)
{
	struct reading r = { .db = db, .arena = a, .failure = ret_failure };
	bool           sent = PQenterPipelineMode(db->conn), with_commit = false;

	for (size_t i = 0; sent && i < count; i++)
		sent = send_query(db, &queries[i]);
	for (size_t i = 0; i < count; i++)
		with_commit = with_commit || is_commit(&queries[i]);
	r.why = sent && PQpipelineSync(db->conn) ? flush(db) : PQerrorMessage(db->conn);
	for (size_t i = 0; !r.why && i < count; i++)
		read_query(&r, &queries[i]);
	read_sync(&r);
	if (!r.why && !PQexitPipelineMode(db->conn))
		r.why = "the pipeline has results left";
	if (r.why)
		return broken(&r, with_commit) || r.committed;
	if (r.failed)
		db_rollback(db);
	return !r.failed;
}

/* One statement without parameters, outside a pipeline. Its last status. */
static ExecStatusType run_plain(struct db *db, struct arena *a, const char *sql, struct db_failure *ret_failure)
{
	ExecStatusType status = PGRES_FATAL_ERROR;
	const char    *why = PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0) ? flush(db)
			     : PQerrorMessage(db->conn);
	PGresult      *res;

	while (!why && (res = next_result(db, &why))) {
		status = PQresultStatus(res);
		if (status == PGRES_FATAL_ERROR)
			note_failure(a, res, ret_failure);
		PQclear(res);
		if (status == PGRES_COPY_IN)
			break;
	}
	if (why) {
		fail(ret_failure, a, ERR_UNAVAILABLE, why);
		db_disconnect(db);
		return PGRES_FATAL_ERROR;
	}
	return status;
}

void db_rollback(struct db *db)
{
	struct arena     *a;
	struct db_failure ignored;

	if (!db->conn || PQtransactionStatus(db->conn) == PQTRANS_IDLE)
		return;
	a = arena_new();
	if (run_plain(db, a, "rollback", &ignored) != PGRES_COMMAND_OK)
		db_disconnect(db);
	arena_free(a);
}

bool db_copy_start(struct db *db, struct arena *a, const char *sql, struct db_failure *ret_failure)
{
	return run_plain(db, a, sql, ret_failure) == PGRES_COPY_IN;
}

bool db_copy_data(struct db *db, const char *data, size_t size)
{
	/* Without the flush libpq would keep the whole file. */
	return PQputCopyData(db->conn, data, (int)size) == 1 && !flush(db);
}

bool db_copy_end(struct db *db, struct arena *a, bool whole, struct db_failure *ret_failure)
{
	const char *why = NULL;
	PGresult   *res;
	bool        ok = true;
	int         rc;

	while (!why && (rc = PQputCopyEnd(db->conn, whole ? NULL : "broken off")) == 0)
		why = wait_for_server(db, true);
	why = why ? why : rc < 0 ? PQerrorMessage(db->conn) : flush(db);
	while (!why && (res = next_result(db, &why))) {
		if (PQresultStatus(res) == PGRES_FATAL_ERROR) {
			note_failure(a, res, ret_failure);
			ok = false;
		}
		PQclear(res);
	}
	if (!why)
		return ok && whole;
	fail(ret_failure, a, ERR_UNAVAILABLE, why);
	db_disconnect(db);
	return false;
}
