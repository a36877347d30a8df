#include "fake_pq.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct pg_conn {
	PQnoticeReceiver receiver;
	void            *receiver_ctx;
	bool             lost;
};

struct pg_result {
	const struct fake_result *r;
	bool                      settings; /* answers the check of the server's settings */
};

static const struct fake_result *script;
static int                       sent, connected, refusals, silent_pipe[2] = { -1, -1 } /* readable once the connection is lost */;

void fake_pq_script(const struct fake_result *results)
{
	script = results;
	sent = connected = refusals = 0;
	if (silent_pipe[0] < 0 && pipe(silent_pipe) != 0)
		abort();
}

int fake_pq_sent(void)
{
	return sent;
}

int fake_pq_connected(void)
{
	return connected;
}

void fake_pq_refuse(int attempts)
{
	refusals = attempts;
}

static PGresult *result_new(const struct fake_result *r)
{
	PGresult *res = calloc(1, sizeof(*res));

	res->r = r;
	return res;
}

PGconn *PQconnectdbParams(const char *const *names, const char *const *values, int expand)
{
	PGconn *conn = calloc(1, sizeof(*conn));

	(void)names, (void)values, (void)expand;
	connected++;
	conn->lost = refusals > 0 && refusals--;
	return conn;
}

void PQfinish(PGconn *conn)
{
	free(conn);
}

ConnStatusType PQstatus(const PGconn *conn)
{
	return conn && !conn->lost ? CONNECTION_OK : CONNECTION_BAD;
}

char *PQerrorMessage(const PGconn *conn)
{
	(void)conn;
	return (char *)"the connection is lost";
}

int PQserverVersion(const PGconn *conn)
{
	(void)conn;
	return 150020;
}

int PQsocket(const PGconn *conn)
{
	(void)conn;
	return silent_pipe[0];
}

PGresult *PQexecParams(PGconn *conn, const char *sql, int n, const Oid *types, const char *const *values,
		       const int *lengths, const int *formats, int format)
{
	static const struct fake_result safe = { .status = PGRES_TUPLES_OK, .value = "f" };
	PGresult                       *res = result_new(&safe);

	(void)conn, (void)sql, (void)n, (void)types, (void)values, (void)lengths, (void)formats, (void)format;
	res->settings = true;
	return res;
}

static int send_one(void)
{
	sent++;
	return 1;
}

int PQsendQueryParams(PGconn *conn, const char *sql, int n, const Oid *types, const char *const *values,
		      const int *lengths, const int *formats, int format)
{
	(void)conn, (void)sql, (void)n, (void)types, (void)values, (void)lengths, (void)formats, (void)format;
	return send_one();
}

int PQsendPrepare(PGconn *conn, const char *name, const char *sql, int n, const Oid *types)
{
	(void)conn, (void)name, (void)sql, (void)n, (void)types;
	return send_one();
}

int PQsendQueryPrepared(PGconn *conn, const char *name, int n, const char *const *values, const int *lengths,
			const int *formats, int format)
{
	(void)conn, (void)name, (void)n, (void)values, (void)lengths, (void)formats, (void)format;
	return send_one();
}

int PQisBusy(PGconn *conn)
{
	if (script->what == FAKE_LOST && write(silent_pipe[1], "x", 1) != 1)
		abort();
	(void)conn;
	return script->what == FAKE_SILENCE || script->what == FAKE_LOST;
}

int PQconsumeInput(PGconn *conn)
{
	conn->lost = script->what == FAKE_LOST;
	return !conn->lost;
}

PGresult *PQgetResult(PGconn *conn)
{
	const struct fake_result *r = script++;

	if (r->what == FAKE_END)
		return NULL;
	if (r->warning) {
		PGresult *notice = result_new(r);

		conn->receiver(conn->receiver_ctx, notice);
		PQclear(notice);
	}
	return result_new(r);
}

char *PQresultErrorField(const PGresult *res, int field)
{
	switch (field) {
	case PG_DIAG_SQLSTATE: return (char *)res->r->sqlstate;
	case PG_DIAG_MESSAGE_PRIMARY: return (char *)res->r->message;
	case PG_DIAG_MESSAGE_DETAIL: return (char *)res->r->detail;
	case PG_DIAG_SEVERITY_NONLOCALIZED: return (char *)(res->r->warning ? "WARNING" : "ERROR");
	default: return NULL;
	}
}

PQnoticeReceiver PQsetNoticeReceiver(PGconn *conn, PQnoticeReceiver receiver, void *ctx)
{
	conn->receiver = receiver;
	conn->receiver_ctx = ctx;
	return NULL;
}

ExecStatusType PQresultStatus(const PGresult *res)
{
	return res ? res->r->status : PGRES_FATAL_ERROR;
}

char *PQresultErrorMessage(const PGresult *res)
{
	(void)res;
	return (char *)"";
}

char *PQcmdStatus(PGresult *res)
{
	return (char *)(res->r->tag ? res->r->tag : "");
}

int PQntuples(const PGresult *res)
{
	return res->r->value ? 1 : 0;
}

int PQnfields(const PGresult *res)
{
	return res->settings ? 4 : 1;
}

int PQgetisnull(const PGresult *res, int row, int column)
{
	(void)row, (void)column;
	return res->r->value == NULL;
}

char *PQgetvalue(const PGresult *res, int row, int column)
{
	(void)row, (void)column;
	return (char *)res->r->value;
}

int PQgetlength(const PGresult *res, int row, int column)
{
	(void)row, (void)column;
	return (int)strlen(res->r->value);
}

void PQclear(PGresult *res)
{
	free(res);
}

PGTransactionStatusType PQtransactionStatus(const PGconn *conn)
{
	(void)conn;
	return PQTRANS_IDLE;
}

/* What always goes well here. */
#define SUCCEEDS(name)            \
	int name(PGconn *conn)    \
	{                         \
		(void)conn;       \
		return 1;         \
	}
SUCCEEDS(PQenterPipelineMode)
SUCCEEDS(PQexitPipelineMode)
SUCCEEDS(PQpipelineSync)
SUCCEEDS(PQsetSingleRowMode)

int PQflush(PGconn *conn)
{
	(void)conn;
	return 0;
}

int PQsetnonblocking(PGconn *conn, int on)
{
	(void)conn, (void)on;
	return 0;
}

int PQputCopyData(PGconn *conn, const char *data, int size)
{
	(void)conn, (void)data, (void)size;
	return 1;
}

int PQputCopyEnd(PGconn *conn, const char *why)
{
	(void)conn, (void)why;
	return 1;
}
