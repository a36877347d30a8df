#include "auth/password.h"

#include <crack.h>
#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "core/utf8.h"

static size_t memory_of(const struct settings *settings)
{
	return (size_t)settings->password_mib * 1024 * 1024;
}

const char *password_hash(struct arena *a, const struct settings *settings, const char *password)
{
	char *hash = arena_alloc(a, crypto_pwhash_STRBYTES);

	if (crypto_pwhash_str_alg(hash, password, strlen(password), (unsigned long long)settings->password_passes,
				  memory_of(settings), crypto_pwhash_ALG_ARGON2ID13) != 0)
		return NULL;
	return hash;
}

/* That of no password at all, which takes as long to compare with. */
static const char *nobodys_hash(struct arena *a, const struct settings *settings)
{
	return arena_printf(a, "$argon2id$v=19$m=%ld,t=%ld,p=1$bm9ib2R5IGhhcyB0aGlzIQ$"
			    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", settings->password_mib * 1024,
			    settings->password_passes);
}

bool password_fits(struct arena *a, const struct settings *settings, const char *hash, const char *password,
		   bool *ret_failed)
{
	bool fits;

	errno = 0;
	fits = crypto_pwhash_str_verify(hash ? hash : nobodys_hash(a, settings), password, strlen(password)) == 0;
	*ret_failed = !fits && errno == ENOMEM;
	return fits && hash;
}

bool password_is_stale(const struct settings *settings, const char *hash)
{
	return crypto_pwhash_str_needs_rehash(hash, (unsigned long long)settings->password_passes,
					      memory_of(settings)) != 0;
}

static bool holds(const char *password, const char *part, size_t length, struct arena *a)
{
	enum { WORTH_LOOKING_FOR = 4 };

	return length >= WORTH_LOOKING_FOR && strcasestr(password, arena_strndup(a, part, length));
}

/* A word with figures around it is guessed like the word. */
static const char *letters_of(struct arena *a, const char *password)
{
	char *letters = arena_alloc(a, strlen(password) + 1), *end = letters;

	for (; *password; password++)
		if (isalpha((unsigned char)*password) || (unsigned char)*password >= 0x80)
			*end++ = *password;
	return letters;
}

const char *password_problem(struct arena *a, const char *password, const char *login, const char *name)
{
	enum { WORTH_LOOKING_UP = 6 }; /* below it cracklib says only that it is short */
	const size_t count = utf8_count(password, strlen(password));
	const char  *letters = letters_of(a, password), *why;

	if (count < PASSWORD_MIN || count > PASSWORD_MAX)
		return arena_printf(a, "must have %d to %d characters", PASSWORD_MIN, PASSWORD_MAX);
	if (holds(password, login, strcspn(login, "@"), a) || holds(password, name, strlen(name), a))
		return "must not hold your login or your name";
	why = FascistCheck(password, GetDefaultCracklibDict());
	if (!why && strlen(letters) >= WORTH_LOOKING_UP)
		why = FascistCheck(letters, GetDefaultCracklibDict());
	return why ? arena_printf(a, "is too easily guessed: %s", why) : NULL;
}
