/*
 * The connection itself; for db.c and db_connection.c only.
 */
#ifndef DOORSTEP_DB_CONNECTION_H
#define DOORSTEP_DB_CONNECTION_H

#include <libpq-fe.h>

#include "db.h"

enum { PREPARED_MAX = 128 };

struct db {
	PGconn     *conn;
	const char *conninfo, *program;
	const char *prepared[PREPARED_MAX]; /* names, on this connection */
	size_t      prepared_count;
	long long   deadline; /* milliseconds of the monotonic clock */
	long long   once_until; /* likewise: until then one try to connect will do, for it was waited in vain */
	int         client_fd;
	bool        warned; /* a WARNING came since the last query was read */
	bool        warned_of_server;
};

/* Milliseconds of the monotonic clock. */
long long db_now(void);

void db_disconnect(struct db *db);

#endif
