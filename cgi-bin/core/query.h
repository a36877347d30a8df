/*
 * One function of the database, called in a transaction of its own.
 */
#ifndef DOORSTEP_QUERY_H
#define DOORSTEP_QUERY_H

#include "reply.h"
#include "service.h"

enum { QUERY_COLUMNS_MAX = 4 };

/* What it answered: the columns of its row as text, NULL for null. */
struct answered {
	const char *columns[QUERY_COLUMNS_MAX];
};

/* A select of so many columns, with count values.  Without a row they are all NULL. */
enum err query_one(struct service *s, struct request *r, struct reply *reply, const char *sql, int columns,
		   const char *const *values, int count, struct answered *ret);

#endif
