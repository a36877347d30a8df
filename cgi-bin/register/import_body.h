/*
 * The body of an import, read piece by piece as it comes from the gateway,
 * hashed on the way; nothing of it is kept.
 */
#ifndef DOORSTEP_IMPORT_BODY_H
#define DOORSTEP_IMPORT_BODY_H

#include "core/hash.h"
#include "core/request.h"

struct import_body;

/* Never NULL; sets up hashing. */
struct import_body *import_body_new(struct request *r, uint64_t limit);

/* Up to size bytes; 0 at the end; -1 when the sender broke off or it is longer than allowed. */
ssize_t import_body_read(struct import_body *b, void *buffer, size_t size);

#endif
