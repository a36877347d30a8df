/*
 * A delivery as the database leases it (watch.claim).
 */
#ifndef DOORSTEP_DELIVERY_H
#define DOORSTEP_DELIVERY_H

struct delivery {
	const char *id;           /* digits; the same at every try */
	const char *link;         /* path where there is more to read, without its first / */
	const char *address;      /* e-mail address, or URL */
	const char *subject;      /* of an e-mail */
	const char *body;         /* text of an e-mail with LF, or JSON */
	const char *secret;       /* of a webhook's signature; NULL for an e-mail */
	long        tries;        /* this one included */
};

#endif
