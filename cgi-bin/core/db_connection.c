#include "db_connection.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"

enum {
	RECONNECT_MS = 2000,     /* in all */
	RECONNECT_FIRST_MS = 10, /* doubles */
	RECONNECT_PAUSE_MAX_MS = 500,
	RECONNECT_ONCE_MS = 2000, /* after that was in vain: who waits in the queue is told at once */
	SERVER_SOUND = 150020, /* before it, rows can be read past row-level security (plans kept from another role) */
};

long long db_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

struct db *db_new(const char *conninfo, const char *program)
{
	struct db *db = calloc(1, sizeof(*db));

	if (!db)
		abort();
	db->conninfo = conninfo;
	db->program = program;
	db->client_fd = -1;
	return db;
}

void db_disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->prepared_count = 0;
}

void db_free(struct db *db)
{
	db_disconnect(db);
	free(db);
}

void db_deadline(struct db *db, long milliseconds, int client_fd)
{
	db->deadline = db_now() + milliseconds;
	db->client_fd = client_fd;
}

/*
 * "committed locally, but might not have been replicated" is a mere WARNING
 * beside COMMIT: whoever counted that as success could lose the write.
 */
static void on_notice(void *ctx, const PGresult *notice)
{
	struct db  *db = ctx;
	const char *severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (severity && strcmp(severity, "WARNING") == 0)
		db->warned = true;
}

/*
 * What makes the promises hold: row-level security, and commits that last.  A
 * program that would run without them does not run.
 */
static const char *unsafe_setting(PGconn *conn)
{
	static const char *const reasons[] = {
		"the role is a superuser or bypasses row-level security", "fsync is off",
		"synchronous_commit is off", "full_page_writes is off"
	};
	const char *why = NULL;
	PGresult   *res = PQexecParams(conn,
		"select rolsuper or rolbypassrls, not current_setting('fsync')::bool, "
		"current_setting('synchronous_commit') = 'off', not current_setting('full_page_writes')::bool "
		"from pg_roles where rolname = current_user", 0, NULL, NULL, NULL, NULL, 0);

	if (PQresultStatus(res) != PGRES_TUPLES_OK || PQntuples(res) != 1)
		why = "the server's settings cannot be read";
	for (int i = 0; !why && i < PQnfields(res); i++)
		if (strcmp(PQgetvalue(res, 0, i), "t") == 0)
			why = reasons[i];
	PQclear(res);
	return why;
}

/* A warning, once: when to upgrade is a person's decision, and until then visits go on. */
static void warn_of_old_server(struct db *db)
{
	if (!db->warned_of_server && PQserverVersion(db->conn) < SERVER_SOUND)
		log_event("warning", "PostgreSQL is older than 15.20, which mends row-level security: upgrade it");
	db->warned_of_server = true;
}

static bool connect_once(struct db *db)
{
	const char *const names[] = { "dbname", "application_name", "connect_timeout", "client_encoding", NULL };
	char              program[64] = "doorstep-";
	const char       *unsafe;
	const char *const values[] = { db->conninfo, program, "2", "UTF8", NULL };

	strncat(program, db->program, sizeof(program) - strlen(program) - 1);
	db_disconnect(db);
	db->conn = PQconnectdbParams(names, values, 1);
	if (PQstatus(db->conn) != CONNECTION_OK)
		return false;
	unsafe = unsafe_setting(db->conn);
	if (unsafe) {
		log_event("error", "the database is not safe to use: %s", unsafe);
		return false;
	}
	warn_of_old_server(db);
	PQsetNoticeReceiver(db->conn, on_notice, db);
	PQsetnonblocking(db->conn, 1);
	return true;
}

/* A connection that the server closed while it was idle shows as readable. */
static bool is_alive(struct db *db)
{
	struct pollfd idle;

	if (!db->conn || PQstatus(db->conn) != CONNECTION_OK)
		return false;
	idle = (struct pollfd){ .fd = PQsocket(db->conn), .events = POLLIN | POLLRDHUP };
	return poll(&idle, 1, 0) == 0 || (PQconsumeInput(db->conn) && !(idle.revents & (POLLRDHUP | POLLHUP | POLLERR)));
}

bool db_ready(struct db *db, struct arena *a, struct db_failure *ret_failure)
{
	const long long now = db_now(), most = now < db->once_until ? now : now + RECONNECT_MS;
	const long long until = most < db->deadline ? most : db->deadline;
	long            pause = RECONNECT_FIRST_MS;

	if (is_alive(db))
		return true;
	while (!connect_once(db)) {
		if (db_now() + pause > until) {
			*ret_failure = (struct db_failure){ .err = ERR_UNAVAILABLE,
				.log = arena_strdup(a, PQerrorMessage(db->conn)) };
			db_disconnect(db);
			if (most > now)
				db->once_until = db_now() + RECONNECT_ONCE_MS;
			return false;
		}
		nanosleep(&(struct timespec){ .tv_nsec = pause * 1000000 }, NULL);
		pause = pause * 2 < RECONNECT_PAUSE_MAX_MS ? pause * 2 : RECONNECT_PAUSE_MAX_MS;
	}
	db->once_until = 0;
	return true;
}
