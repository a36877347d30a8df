/*
 * The body of an import, read piece by piece as it comes from the gateway and
 * hashed on the way; nothing of it is kept.
 */
#ifndef DOORSTEP_IMPORT_BODY_H
#define DOORSTEP_IMPORT_BODY_H

#include "core/hash.h"
#include "core/request.h"

struct import_body;

/* ERR_TOO_LARGE when it is said to have more than limit bytes. */
enum err import_body_open(struct request *r, uint64_t limit, struct import_body **ret_body);

/* Up to size bytes; 0 at the end; -1 when the sender broke off. */
ssize_t import_body_read(struct import_body *b, void *buffer, size_t size);

/* Hands all of it over piece by piece until fn answers false; false then, and when the sender broke off. */
bool import_body_feed(struct import_body *b, bool (*fn)(void *ctx, const void *data, size_t size), void *ctx);

/*
 * Reads what is left and answers the SHA-256 of the whole in hex; NULL when it
 * broke off before its Content-Length.  Also after a failure: nginx, which is
 * still sending, would take a closed socket for a program that is away.
 */
const char *import_body_end(struct import_body *b);

/* Whether it began as what gzip or zip packs, spreadsheets' own files among them. */
bool import_body_is_packed(const struct import_body *b);

#endif
