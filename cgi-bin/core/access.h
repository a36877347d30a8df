/*
 * Access entries: who saw what, written before its first byte leaves.
 */
#ifndef DOORSTEP_ACCESS_H
#define DOORSTEP_ACCESS_H

#include "transaction.h"

/* Queues the entry of a read: its path, its parameters as sent, its format, how many rows. */
void access_add(struct transaction *t, size_t rows);

#endif
