#include "asking.h"

#include "log.h"
#include "stop.h"

enum {
	PAUSE_FIRST_MS = 250,
	PAUSE_MAX_MS = 5000,
	CONNECT_MS = 1, /* one try to connect: the next comes after a pause */
};

void asking_open(struct asking *asking, const struct settings *settings, const char *program, const char *purpose)
{
	*asking = (struct asking){
		.db = db_new(settings->database, program), .purpose = purpose,
		.deadline_ms = settings->deadline_ms, .stop_fd = stop_fd(), .pause_ms = PAUSE_FIRST_MS,
	};
}

void asking_close(struct asking *asking)
{
	db_free(asking->db);
}

static void note_failure(struct asking *asking, const struct db_failure *failure)
{
	const char *why = failure->log ? failure->log : failure->message;

	if (!asking->failed && !stop_asked())
		log_event("error", "%s waits for the database: %s", asking->purpose, why && *why ? why : "it is not safe to use");
	asking->failed = true;
	asking->again_ms = now_ms() + asking->pause_ms;
	asking->pause_ms = asking->pause_ms * 2 < PAUSE_MAX_MS ? asking->pause_ms * 2 : PAUSE_MAX_MS;
}

static void note_success(struct asking *asking)
{
	if (asking->failed)
		log_event("info", "%s goes on", asking->purpose);
	asking->failed = false;
	asking->again_ms = 0;
	asking->pause_ms = PAUSE_FIRST_MS;
}

bool ask(struct asking *asking, struct arena *a, const struct db_query *query, bool *ret_refused)
{
	const struct db_query queries[] = { { .sql = "begin" }, *query, { .sql = "commit" } };
	struct db_failure     failure = { 0 };
	bool                  ok;

	*ret_refused = false;
	if (now_ms() < asking->again_ms)
		return false;
	db_deadline(asking->db, CONNECT_MS, asking->stop_fd);
	ok = db_ready(asking->db, a, &failure);
	db_deadline(asking->db, asking->deadline_ms, asking->stop_fd);
	ok = ok && db_run(asking->db, a, queries, 3, &failure);
	if (ok) {
		note_success(asking);
		return true;
	}
	*ret_refused = failure.err != ERR_UNAVAILABLE;
	note_failure(asking, &failure);
	return false;
}
