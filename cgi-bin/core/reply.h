/*
 * An answer: status, headers, body.  Nothing of it leaves before it is whole.
 */
#ifndef DOORSTEP_REPLY_H
#define DOORSTEP_REPLY_H

#include "output.h"
#include "request.h"

struct service;

struct reply {
	int            status;
	const char    *content_type;
	struct output *headers; /* "Name: value\r\n" lines, besides those that every answer has */
	struct output *body;
	const char    *file_name; /* of an export; NULL without one */
	size_t         rows;      /* of a list or export */
	bool           whole; /* a file that may be fetched piece by piece: an export, no record or page of a list */
	/* What is done once the answer has been sent, for one that says 202, again and again while true; NULL for nothing. */
	bool         (*afterwards)(struct service *s, struct request *r, void *ctx);
	void          *afterwards_ctx;
};

void reply_init(struct reply *reply, struct request *r);

/* Adds a header; control characters in the value are left out. */
void reply_header(struct reply *reply, const char *name, const char *value);

/*
 * Of a whole answer the digest (RFC 9530), and an ETag made of it: so a part can be asked for
 * later, if it is still of the same.  A client that has it already is told so (304).  Parts are
 * cut by nginx; one that begins behind the end is ERR_RANGE.  What a route gives once is given
 * whole, whatever the client has or asks for.
 */
enum err reply_seal(struct reply *reply, struct request *r);

/* Turns the answer into a problem+json (RFC 9457) about what the request notes. */
void reply_problem(struct reply *reply, struct request *r, enum err err);

/* Sends status, headers and body; false when the client was gone before the end. */
bool reply_send(struct reply *reply, struct request *r);

#endif
