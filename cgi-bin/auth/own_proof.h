/*
 * Before something that matters is changed, the person shows that it is them: by the password.
 */
#ifndef DOORSTEP_OWN_PROOF_H
#define DOORSTEP_OWN_PROOF_H

#include "core/reply.h"
#include "core/service.h"

struct proof {
	const char *hash;        /* of the password, which was found right */
	const char *login, *name; /* of who it is */
};

/* member: of the body, where the password stands.  Fails with ERR_SIGN_IN, ERR_TOO_MANY. */
enum err own_proof(struct service *s, struct request *r, struct reply *reply, const char *member, struct proof *ret);

#endif
