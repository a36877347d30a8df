/*
 * Structured logs: one JSON object per line on stderr.  Never a name, a token,
 * a UPN, a body or a query string: those are personal data or secrets.
 */
#ifndef DOORSTEP_LOG_H
#define DOORSTEP_LOG_H

struct log_request {
	const char *id, *client, *method, *route; /* route: the pattern, not the path with its ids */
	int         status;
	long long   microseconds;
	unsigned long long bytes;
	const char *error; /* for the operator; NULL when there is nothing to say */
};

void log_start(const char *program);
void log_request(const struct log_request *r);

/* level: "info", "warning", "error". */
void log_event(const char *level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
