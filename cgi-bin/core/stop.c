#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The end that is waited at, and the one that a signal closes; made at start. */
static int ends[2] = { -1, -1 };

static void on_signal(int signal)
{
	const int kept = errno;

	(void)signal;
	shutdown(ends[1], SHUT_WR);
	errno = kept;
}

void stop_prepare(void)
{
	static const int       stops[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (ends[0] >= 0) {
		close(ends[0]);
		close(ends[1]);
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		abort();
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		sigaction(stops[i], &action, NULL);
}

void stop_wait(long milliseconds)
{
	struct pollfd end = { .fd = ends[0], .events = POLLIN };

	poll(&end, 1, (int)milliseconds);
}

bool stop_asked(void)
{
	struct pollfd end = { .fd = ends[0], .events = POLLIN };

	return poll(&end, 1, 0) > 0;
}

int stop_fd(void)
{
	return ends[0];
}

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
