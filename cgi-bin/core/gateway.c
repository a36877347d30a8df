#include "gateway.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "log.h"

enum {
	LISTEN_FD = 0,
	HEADER_SECONDS = 10, /* for the whole of a request's parameters to come in */
	IO_SECONDS = 30,     /* for one read or write on the connection */
	EXHAUSTED_PAUSE_NS = 100 * 1000 * 1000,
};

struct gateway {
	bool         cgi, served;
	char *const *given; /* parameters of a request that nobody sends; NULL: one that came in */
	FCGX_Request fcgx;
	sigset_t     while_waiting; /* the mask in which the stop signals come through */
};

/* The one thing that a signal handler may write. */
static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal)
{
	(void)signal;
	stop_asked = 1;
}

/* QUIT is what multiwatch sends for TERM, USR1 what it sends unasked. */
static void handle_stop(struct gateway *g)
{
	static const int       stops[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1 };
	const struct sigaction action = { .sa_handler = ask_stop };
	sigset_t               blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++) {
		sigaction(stops[i], &action, NULL);
		sigaddset(&blocked, stops[i]);
	}
	sigprocmask(SIG_BLOCK, &blocked, &g->while_waiting);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		sigdelset(&g->while_waiting, stops[i]);
}

struct gateway *gateway_new(void)
{
	struct gateway *g = calloc(1, sizeof(*g));

	/* After an answer libfcgi waits for nginx to hang up: 200 ms are plenty. */
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "200", 1);
	if (!g || FCGX_Init() != 0) {
		free(g);
		return NULL;
	}
	g->cgi = FCGX_IsCGI();
	if (g->cgi)
		return g;
	signal(SIGPIPE, SIG_IGN);
	handle_stop(g);
	fcntl(LISTEN_FD, F_SETFL, fcntl(LISTEN_FD, F_GETFL) | O_NONBLOCK);
	FCGX_InitRequest(&g->fcgx, LISTEN_FD, FCGI_FAIL_ACCEPT_ON_INTR);
	return g;
}

struct gateway *gateway_given(struct arena *a, char *const *params)
{
	struct gateway *g = arena_alloc(a, sizeof(*g));

	g->given = params;
	return g;
}

bool gateway_is_cgi(const struct gateway *g)
{
	return g->cgi;
}

/* Descriptors or memory of the machine are used up: that passes, so wait. */
static bool is_exhausted(int rc)
{
	return rc == -EMFILE || rc == -ENFILE || rc == -ENOMEM || rc == -ENOBUFS;
}

static void limit_io(int fd)
{
	const struct timeval limit = { .tv_sec = IO_SECONDS };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

static enum gateway_event accept_one(struct gateway *g)
{
	int rc;

	alarm(HEADER_SECONDS);
	rc = FCGX_Accept_r(&g->fcgx);
	alarm(0);
	if (rc == 0) {
		limit_io(g->fcgx.ipcFd);
		return GATEWAY_REQUEST;
	}
	if (is_exhausted(rc)) {
		log_event("warning", "no connection can be accepted: %s", strerror(-rc));
		nanosleep(&(struct timespec){ .tv_nsec = EXHAUSTED_PAUSE_NS }, NULL);
	}
	return GATEWAY_AGAIN; /* another worker was faster, or the peer is gone */
}

enum gateway_event gateway_next(struct gateway *g)
{
	struct pollfd listening = { .fd = LISTEN_FD, .events = POLLIN };

	if (g->cgi) {
		bool first = !g->served;

		g->served = true;
		return first ? GATEWAY_REQUEST : GATEWAY_STOP;
	}
	if (stop_asked)
		return GATEWAY_STOP;
	if (ppoll(&listening, 1, NULL, &g->while_waiting) <= 0)
		return stop_asked ? GATEWAY_STOP : GATEWAY_AGAIN;
	return accept_one(g);
}

char *const *gateway_params(const struct gateway *g)
{
	return g->given ? g->given : g->cgi ? environ : g->fcgx.envp;
}

ssize_t gateway_read(struct gateway *g, void *buffer, size_t size)
{
	int n;

	if (g->cgi)
		return read(STDIN_FILENO, buffer, size);
	n = FCGX_GetStr(buffer, (int)size, g->fcgx.in);
	return n == 0 && FCGX_GetError(g->fcgx.in) != 0 ? -1 : n;
}

bool gateway_write(struct gateway *g, const void *data, size_t size)
{
	if (g->cgi)
		return file_write(STDOUT_FILENO, data, size);
	return FCGX_PutStr(data, (int)size, g->fcgx.out) == (int)size;
}

int gateway_client_fd(const struct gateway *g)
{
	return g->cgi || g->given ? -1 : g->fcgx.ipcFd;
}

bool gateway_finish(struct gateway *g)
{
	bool complete;

	if (g->cgi)
		return true;
	complete = FCGX_FFlush(g->fcgx.out) == 0;
	g->fcgx.keepConnection = 0;
	FCGX_Finish_r(&g->fcgx);
	return complete;
}
