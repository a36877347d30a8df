/*
 * What an SQLSTATE means to a client: one table.
 */
#ifndef DOORSTEP_SQLSTATE_H
#define DOORSTEP_SQLSTATE_H

#include <stdbool.h>

#include "err.h"

/* NULL stands for a connection that broke. */
enum err sqlstate_err(const char *sqlstate);

/* True for our own class, whose message and detail are meant for the client. */
bool sqlstate_is_ours(const char *sqlstate);

/* True when the transaction lost to another one and may simply be run again. */
bool sqlstate_lost_race(const char *sqlstate);

/* True when the connection cannot be used any more. */
bool sqlstate_broken(const char *sqlstate);

#endif
