/*
 * Passwords of people: hashed with Argon2id by libsodium, so that who steals the hashes
 * guesses slowly; what is too easily guessed is refused by cracklib.
 */
#ifndef DOORSTEP_PASSWORD_H
#define DOORSTEP_PASSWORD_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/settings.h"

enum { PASSWORD_MIN = 12, PASSWORD_MAX = 128 }; /* characters */

/* Its hash, with a salt of its own; NULL when there is not the memory for it. */
const char *password_hash(struct arena *a, const struct settings *settings, const char *password);

/*
 * Whether the password is that of the hash; of a NULL hash it never is, at the same cost.
 * *ret_failed: it could not be told, for want of memory.
 */
bool password_fits(struct arena *a, const struct settings *settings, const char *hash, const char *password,
		   bool *ret_failed);

/* Whether the hash was made with other settings, so that it is to be made anew. */
bool password_is_stale(const struct settings *settings, const char *hash);

/*
 * What is wrong with a new password of who signs in as login and is called name, as in struct
 * problem; NULL: nothing.
 */
const char *password_problem(struct arena *a, const char *password, const char *login, const char *name);

#endif
