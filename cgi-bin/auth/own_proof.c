#include "auth/own_proof.h"

#include "auth/password.h"
#include "core/query.h"
#include "auth/session.h"

enum err own_proof(struct service *s, struct request *r, struct reply *reply, const char *member, struct proof *ret)
{
	struct answered own;
	bool            failed;
	enum err        err = query_one(s, r, reply, "select wait, password_hash, login, name from auth.own_password()", 4,
					NULL, 0, &own);

	if (!err)
		err = session_wait(r, reply, own.columns[0]);
	if (err)
		return err;
	*ret = (struct proof){ own.columns[1], own.columns[2], own.columns[3] };
	if (password_fits(r->arena, &s->settings, ret->hash, session_member(r, member), &failed))
		return ERR_NONE;
	return failed ? request_fail(r, ERR_UNAVAILABLE, "There is not the memory for it just now: repeat it in a moment.")
		      : request_fail(r, ERR_SIGN_IN, "The password is not the one that the account has.");
}
