/*
 * What is on its way to the client: in memory while it is small, in an
 * unlinked file of the spool folder once it outgrows OUTPUT_MEMORY.  So every
 * answer has its length and its true status before the first byte leaves, at
 * constant memory.
 *
 * Writing never fails at the call: the first failure sticks and is asked for
 * once with output_failed().
 */
#ifndef DOORSTEP_OUTPUT_H
#define DOORSTEP_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "hash.h"

enum { OUTPUT_MEMORY = 256 * 1024 };

struct output;

/* spool_dir: where the file is made when one is needed. */
struct output *output_new(struct arena *a, const char *spool_dir);

void output_write(struct output *o, const void *data, size_t size);
void output_text(struct output *o, const char *text);
void output_printf(struct output *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The folder, and an unlinked file of it that is closed with the arena: -1 when there can be none. */
const char *output_folder(const struct output *o);
int         output_file(struct output *o);

/* Notes that something could not be kept. */
void output_fail(struct output *o);

/* Forgets all that was written. */
void output_reset(struct output *o);

uint64_t output_length(const struct output *o);

/* True when something could not be kept (spool folder full): the answer must not be sent. */
bool output_failed(const struct output *o);

/* The SHA-256 of all that was written; nothing can be written after it. */
struct digest output_digest(struct output *o);

/* All that was written as one NUL-terminated text in the arena; NULL when it could not be kept. */
const char *output_contents(struct output *o);

/* Hands over all that was written, piece by piece, in order; stops when fn answers false. */
bool output_replay(struct output *o, bool (*fn)(void *ctx, const void *data, size_t size), void *ctx);

#endif
