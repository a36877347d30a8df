#include "exports/maker.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/asking.h"
#include "core/log.h"
#include "core/route.h"
#include "core/stop.h"
#include "core/supervisor.h"
#include "exports/job.h"
#include "reports/program.h"

enum {
	IDLE_MS = 500,  /* between two looks at what waits */
	CHILD_MS = 100, /* between two looks at the child, at most; most are soon done */
	TELL_MS = 1000, /* between two words of how far it is */
};

struct maker {
	const struct settings *settings;
	struct program         program;
	struct asking          asking, tidying; /* apart: what is wrong with the one does not hold the other up */
	volatile size_t       *progress; /* shared with the child */
};

/* What became of a child. */
enum end { END_WELL, END_BADLY, END_UNWANTED, END_LATE, END_STOPPED };

/* ------------------------------------------------------------ asking the database */

static void call(struct maker *m, struct arena *a, const char *sql, const char *const *values, int count)
{
	const struct db_query query = { .sql = sql, .values = values, .count = count };
	bool                  refused;

	ask(&m->asking, a, &query, &refused);
}

struct claim {
	struct arena *arena;
	struct job    job; /* without an id: none waits */
};

static bool on_claimed(void *ctx, const struct row *row)
{
	struct claim *c = ctx;
	struct arena *a = c->arena;

	c->job = (struct job){ .id = arena_strdup(a, row->values[0]), .path = arena_strdup(a, row->values[1]),
		.token = arena_strdup(a, row->values[2]), .request = arena_strdup(a, row->values[3]),
		.folder = arena_strdup(a, row->values[4]), .client = arena_strdup(a, row->values[5]),
		.schedule = arena_strdup(a, row->values[6]) };
	return true;
}

static bool claim(struct maker *m, struct arena *a, struct job *ret_job)
{
	struct claim          c = { .arena = a };
	const struct db_query query = { .name = "claim", .sql = "select * from data.export_claim()", .on_row = on_claimed,
		.ctx = &c };
	bool                  refused;

	if (!ask(&m->asking, a, &query, &refused))
		return false;
	*ret_job = c.job;
	return c.job.id != NULL;
}

static bool on_wanted(void *ctx, const struct row *row)
{
	*(bool *)ctx = strcmp(row->values[0], "t") == 0;
	return true;
}

/* Says how far it is. False when nobody wants it any more; true when that cannot be told. */
static bool tell(struct maker *m, const struct job *job)
{
	struct arena         *a = arena_new();
	const char *const     values[] = { job->id, arena_printf(a, "%zu rows", *m->progress) };
	bool                  wanted = true, refused;
	const struct db_query query = { .name = "working", .sql = "select data.export_working($1, $2)", .values = values,
		.count = 2, .on_row = on_wanted, .ctx = &wanted };

	ask(&m->asking, a, &query, &refused);
	arena_free(a);
	return wanted;
}

/* Also while one is made, which may take long: what expires is gone at its time. */
static void tidy(struct maker *m)
{
	struct arena         *a = arena_new();
	const struct db_query query = { .name = "tidy", .sql = "select data.exports_tidy()" };
	bool                  refused;

	ask(&m->tidying, a, &query, &refused);
	arena_free(a);
}

/* ------------------------------------------------------------ the child */

static pid_t start(struct maker *m, const struct job *job)
{
	const pid_t parent = getpid();
	pid_t       pid;

	*m->progress = 0;
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(STDERR_FILENO + 1, ~0U, 0); /* the maker's connection is its own */
	stop_prepare(); /* its own end: that of the maker is not told of it */
	_exit(getppid() == parent ? job_make(&m->program, m->settings, job, m->progress) : JOB_AGAIN);
}

static enum end killed(pid_t pid, enum end why)
{
	kill(pid, SIGKILL); /* the server sees that it is gone, and ends its query */
	waitpid(pid, NULL, 0);
	return why;
}

static enum end watch(struct maker *m, const struct job *job, pid_t pid)
{
	const long long until = now_ms() + m->settings->job_deadline_ms;
	long long       next = now_ms() + TELL_MS;
	long            pause = 1;
	int             status;

	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (stop_asked())
			return killed(pid, END_STOPPED);
		if (now_ms() >= until)
			return killed(pid, END_LATE);
		if (now_ms() >= next) {
			supervisor_tell("WATCHDOG=1");
			if (!tell(m, job))
				return killed(pid, END_UNWANTED);
			tidy(m);
			next = now_ms() + TELL_MS;
		}
		stop_wait(pause);
		pause = 2 * pause < CHILD_MS ? 2 * pause : CHILD_MS;
	}
	if (WIFSIGNALED(status))
		log_event("error", "the making of export %s was ended by signal %d", job->id, WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == JOB_ENDED ? END_WELL : END_BADLY;
}

static void note_late(struct maker *m, struct arena *a, const struct job *job)
{
	const char *const values[] = { job->id, arena_printf(a, "It took longer than the %ld seconds that there are: "
		"ask for less.", m->settings->job_deadline_ms / 1000) };

	call(m, a, "select data.export_fail($1, $2)", values, 2);
}

static void make(struct maker *m, struct arena *a, const struct job *job)
{
	const pid_t    pid = start(m, job);
	const enum end end = pid > 0 ? watch(m, job, pid) : END_BADLY;

	m->asking.stop_fd = -1; /* what is to be said of it is said, even now */
	if (end == END_LATE)
		note_late(m, a, job);
	else if (end == END_BADLY || end == END_STOPPED)
		call(m, a, "select data.export_again($1, $2)",
		     (const char *const[]){ job->id, end == END_BADLY ? "It was broken off." : NULL }, 2);
	m->asking.stop_fd = stop_fd();
}

/* ------------------------------------------------------------ the loop */

/* False when nothing waits. */
static bool turn(struct maker *m)
{
	struct arena *a = arena_new();
	struct job    job;
	bool          some;

	tidy(m);
	some = claim(m, a, &job);
	if (some)
		make(m, a, &job);
	arena_free(a);
	return some;
}

int maker_run(const struct settings *settings, bool once)
{
	struct arena *lasting = arena_new();
	struct maker  m = { .settings = settings, .program = reports_program };
	bool          failed;

	m.progress = mmap(NULL, sizeof(*m.progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (m.progress == MAP_FAILED)
		abort();
	/* A report with a fault is told by the program reports. */
	m.program.routes = route_tables_join(lasting, reports_program.routes,
		reports_program.find_routes(lasting, settings, NULL));
	stop_prepare();
	asking_open(&m.asking, settings, "exports", "the maker of exports");
	asking_open(&m.tidying, settings, "exports", "the tidying of exports");
	supervisor_tell("READY=1");
	while (!stop_asked()) {
		const bool some = turn(&m);

		supervisor_tell("WATCHDOG=1");
		if (!some && once)
			break;
		if (!some)
			stop_wait(IDLE_MS);
	}
	failed = m.asking.failed || m.tidying.failed;
	asking_close(&m.asking);
	asking_close(&m.tidying);
	munmap((void *)m.progress, sizeof(*m.progress));
	arena_free(lasting);
	return once && failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
