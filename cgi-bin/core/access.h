/*
 * Access entries: who saw what, written before its first byte leaves.
 */
#ifndef DOORSTEP_ACCESS_H
#define DOORSTEP_ACCESS_H

#include "transaction.h"

/*
 * Queues the entry of a read: its path, its parameters as sent, its format, how many rows.
 * *ret_day, unless it is NULL: the day in the United Kingdom on which it is made, like "2026-11-26".
 */
void access_add(struct transaction *t, size_t rows, const char **ret_day);

#endif
