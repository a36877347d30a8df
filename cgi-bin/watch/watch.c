#include "watch.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/log.h"
#include "outbox.h"
#include "core/stop.h"
#include "core/supervisor.h"
#include "tick.h"

enum {
	LEAVE_MS = 1000,   /* for the sender to leave */
	RESTART_MS = 1000, /* between two starts of the sender */
};

/* The child that sends. */
struct sender {
	pid_t     pid; /* 0: none */
	long long started_ms;
};

static int send_all(const struct settings *settings)
{
	struct asking  asking;
	struct outbox *outbox;
	sigset_t       none;

	stop_prepare();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	asking_open(&asking, settings, "watch", "the outbox");
	outbox = outbox_new(settings);
	while (!stop_asked())
		outbox_turn(outbox, &asking);
	outbox_leave(outbox, &asking);
	outbox_free(outbox);
	asking_close(&asking);
	return EXIT_SUCCESS;
}

static void sender_start(struct sender *s, const struct settings *settings)
{
	const pid_t clock = getpid();
	sigset_t    all, before;

	/* The child keeps them blocked until it has ends of its own to be stopped by. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	s->started_ms = now_ms();
	s->pid = fork();
	if (s->pid != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	if (s->pid > 0)
		return;
	if (s->pid < 0) {
		log_event("error", "the sender cannot be started");
		s->pid = 0;
		return;
	}
	close_range(STDERR_FILENO + 1, ~0U, 0); /* the clock's connection is its own */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	_exit(getppid() == clock ? send_all(settings) : EXIT_FAILURE);
}

static bool sender_is_gone(const struct sender *s)
{
	return s->pid == 0 || waitpid(s->pid, NULL, WNOHANG) == s->pid;
}

/* Starts it, and again whenever it has ended. */
static void sender_keep(struct sender *s, const struct settings *settings)
{
	if (s->pid > 0 && sender_is_gone(s)) {
		log_event("error", "the sender has ended; starting another");
		s->pid = 0;
	}
	if (s->pid == 0 && now_ms() >= s->started_ms + RESTART_MS)
		sender_start(s, settings);
}

static void sender_stop(const struct sender *s)
{
	const long long until = now_ms() + LEAVE_MS;

	if (s->pid == 0)
		return;
	kill(s->pid, SIGTERM);
	while (!sender_is_gone(s)) {
		if (now_ms() >= until) {
			kill(s->pid, SIGKILL); /* its leases run out */
			waitpid(s->pid, NULL, 0);
			return;
		}
		usleep(10000);
	}
}

int watch_run(const struct settings *settings)
{
	struct sender sender = { .started_ms = now_ms() - RESTART_MS };
	struct asking asking;
	struct tick   tick;

	stop_prepare();
	sender_keep(&sender, settings);
	asking_open(&asking, settings, "watch", "the clock");
	tick_prepare(&tick, settings);
	log_event("info", "watching");
	supervisor_tell("READY=1");
	while (!stop_asked()) {
		const long pause = tick_look(&tick, &asking);

		supervisor_tell("WATCHDOG=1");
		sender_keep(&sender, settings);
		stop_wait(pause);
	}
	sender_stop(&sender);
	asking_close(&asking);
	log_event("info", "stopped");
	return EXIT_SUCCESS;
}

int watch_once(const struct settings *settings)
{
	struct asking  asking;
	struct outbox *outbox = outbox_new(settings);
	struct tick    tick;
	bool           looked;

	stop_prepare();
	asking_open(&asking, settings, "watch", "the watch");
	tick_prepare(&tick, settings);
	tick_look(&tick, &asking);
	looked = !asking.failed;
	if (looked)
		outbox_round(outbox, &asking);
	outbox_leave(outbox, &asking);
	outbox_free(outbox);
	asking_close(&asking);
	return looked ? EXIT_SUCCESS : EXIT_FAILURE;
}
