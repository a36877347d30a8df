/*
 * The providers of single sign-on: a file names them, which the setting sso_file says where
 * to find.  None by default.  A member of another name, or of another shape, is a fault.
 *
 *   [{"name": "google", "title": "Google", "issuer": "https://accounts.google.com",
 *     "client_id": "…", "secret_file": "/etc/doorstep/sso/google", "find_by": "email",
 *     "claims": {"hd": "trust.example"}}]
 */
#ifndef DOORSTEP_PROVIDER_H
#define DOORSTEP_PROVIDER_H

#include "core/request.h"

/* By what a person is found the first time; from then on by issuer and subject. */
enum find_by {
	FIND_BY_SUBJECT = 0, /* by nothing else: who is not known yet stays out */
	FIND_BY_EMAIL,       /* an address that the provider says it has verified (Google) */
	FIND_BY_TENANT,      /* the name by which one signs in to this tenant (Microsoft), whose names are the trust's */
};

struct provider {
	const char  *name, *title;
	const char  *issuer; /* as it names itself, letter by letter */
	const char  *client_id, *secret;
	const char  *tenant; /* tid that Microsoft must say; NULL: none is asked for */
	enum find_by find_by;
	struct json_object *claims; /* what it must say besides (claims.h); NULL: nothing more is asked for */
};

/* All of them; *ret_count: how many.  Fails with ERR_UNAVAILABLE, and the operator's log says why. */
enum err providers_read(struct request *r, const struct provider **ret_all, size_t *ret_count);

/* Fails with ERR_NOT_FOUND, too. */
enum err provider_find(struct request *r, const char *name, const struct provider **ret);

#endif
