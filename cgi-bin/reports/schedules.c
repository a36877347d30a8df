/*
 * Schedules: a report that is made again and again, and put into a folder or told
 * of by e-mail.  The program exports makes them when they are due.
 */
#include "core/answer.h"
#include "records/resources.h"
#include "reports/resources.h"
#include "reports/wanted.h"

#define SCHEDULE_FIELDS                                                                                               \
	{ "path", .type = FIELD_TEXT, .required = true, .min = 1, .max = 2000,                                        \
	  .doc = "The report, with its format and parameters: /api/v1/reports/visit-log.csv?school=900001" },         \
	{ "window", .type = FIELD_CHOICE, .choices = choices_schedule_window,                                         \
	  .doc = "Its window, from the day on which it is made: days that end with the day before; of week and month " \
		 "the last whole one. When left out, what the report does without from and to" },                     \
	{ "every", .type = FIELD_CHOICE, .required = true, .choices = choices_schedule_every,                         \
	  .doc = "How often; weekday: Monday to Friday" },                                                            \
	{ "on_day", .type = FIELD_INT, .min = 1, .max = 31,                                                           \
	  .doc = "Of a week 1 (Monday) to 7; of a month its day, or its last where it has no such day" },             \
	{ "at", .type = FIELD_TEXT, .required = true, .min = 5, .max = 5,                                                  \
	  .doc = "Time of day in the United Kingdom, like 06:30" },                                                   \
	{ "folder", .type = FIELD_TEXT, .min = 1, .max = 60,                                                          \
	  .doc = "Folder that the file is put into, below one of the client's own; or else staff" },                  \
	{ "staff", .type = FIELD_INT, .min = 1,                                                                       \
	  .doc = "Who of the staff is told by e-mail where it can be fetched, after signing in: it is made with what " \
		 "they may read; the e-mail has no data" }

static const struct field add_fields[] = { SCHEDULE_FIELDS, { 0 } };
static const struct field list_fields[] = { LIST_PAGE_FIELDS, { 0 } };
static const struct field read_fields[] = { ID_IN_PATH("schedule", "Number of the schedule"), { 0 } };

static const struct field schedule[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Its number" },
	SCHEDULE_FIELDS,
	{ "next_at", .type = FIELD_TIME, .doc = "When it is made next; null once it has ended" },
	{ "last_export", .type = FIELD_INT, .doc = "The export that was made last" },
	{ "last_state", .type = FIELD_CHOICE, .choices = choices_export_state, .doc = "How far that has come" },
	{ "last_problem", .type = FIELD_TEXT, .doc = "Why that failed, and what to do; before that why the last try went badly" },
	{ "last_at", .type = FIELD_TIME, .doc = "When that ended" },
	{ "created_at", .type = FIELD_TIME, .required = true, .doc = "When it was made" },
	{ "ended_at", .type = FIELD_TIME, .doc = "When it was ended; null while it goes on" },
	{ 0 }
};

static enum err add_schedule(struct service *s, struct request *r, struct reply *reply)
{
	enum err err = wanted_check(s, r, WANTED_REPORT);

	return err ? err : answer_function(s, r, reply);
}

static const int end_statuses[] = { 404, 0 };

#define SCHEDULE .answer = schedule, .noun = "schedule", .nouns = "schedules"

const struct route schedule_routes[] = {
	{ .method = "GET", .path = "/api/v1/schedules", .summary = "List the schedules of reports",
	  .scope = "schedules:read", .fields = list_fields, SCHEDULE, .function = "api.schedule_list", .shape = MANY_ROWS },
	{ .method = "POST", .path = "/api/v1/schedules", .summary = "Have a report made again and again",
	  .scope = "schedules:write", .fields = add_fields, SCHEDULE, .function = "api.schedule_add", .handle = add_schedule,
	  .status = 201, .location = "/api/v1/schedules/%s" },
	{ .method = "GET", .path = "/api/v1/schedules/{schedule}", .summary = "Read a schedule",
	  .scope = "schedules:read", .fields = read_fields, SCHEDULE, .function = "api.schedule_read" },
	{ .method = "POST", .path = "/api/v1/schedules/{schedule}/end", .summary = "End a schedule",
	  .scope = "schedules:write", .fields = read_fields, SCHEDULE, .function = "api.schedule_end",
	  .statuses = end_statuses },
	{ 0 }
};
