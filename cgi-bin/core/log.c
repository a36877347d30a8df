#include "log.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Set once by log_start(), before the first request. */
static const char *program_name = "doorstep";

void log_start(const char *program)
{
	program_name = program;
}

static void add_text(struct json_object *line, const char *name, const char *text)
{
	if (text)
		json_object_object_add(line, name, json_object_new_string(text));
}

static struct json_object *line_new(const char *level)
{
	struct json_object *line = json_object_new_object();
	struct timespec     now;
	struct tm           utc;
	char                at[32], full[48];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(full, sizeof(full), "%s.%03ldZ", at, now.tv_nsec / 1000000);
	add_text(line, "at", full);
	add_text(line, "level", level);
	add_text(line, "program", program_name);
	return line;
}

/* In one write, so that lines of several workers don't mix; a full log disk stops nothing. */
static void line_write(struct json_object *line)
{
	const char *text = json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	char        buffer[4096];
	int         n = snprintf(buffer, sizeof(buffer), "%s\n", text);

	if (n >= (int)sizeof(buffer)) {
		n = sizeof(buffer) - 1;
		buffer[n - 1] = '\n';
	}
	(void)!write(STDERR_FILENO, buffer, (size_t)n);
	json_object_put(line);
}

void log_request(const struct log_request *r)
{
	struct json_object *line = line_new(r->status >= 500 ? "error" : "info");

	add_text(line, "request", r->id);
	add_text(line, "client", r->client);
	add_text(line, "method", r->method);
	add_text(line, "route", r->route);
	json_object_object_add(line, "status", json_object_new_int(r->status));
	json_object_object_add(line, "us", json_object_new_int64(r->microseconds));
	json_object_object_add(line, "bytes", json_object_new_int64((int64_t)r->bytes));
	add_text(line, "error", r->error);
	line_write(line);
}

void log_event(const char *level, const char *fmt, ...)
{
	struct json_object *line = line_new(level);
	char                text[1024];
	va_list             args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add_text(line, "message", text);
	line_write(line);
}
