#include "sqlstate.h"

#include <stddef.h>
#include <string.h>

/* The first prefix that fits counts. */
static const struct {
	const char *prefix;
	enum err    err;
} by_sqlstate[] = {
	{ "DS001", ERR_CLIENT },
	{ "DS002", ERR_SCOPE_ASKED },
	{ "DS003", ERR_SIGN_IN },
	{ "DS400", ERR_FIELDS },     /* parameters that do not go together */
	{ "DS431", ERR_CURSOR },
	{ "DS401", ERR_TOKEN },
	{ "DS403", ERR_SCOPE },
	{ "DS404", ERR_NOT_FOUND },
	{ "DS409", ERR_CONFLICT },
	{ "DS410", ERR_GONE },
	{ "DS412", ERR_STALE },
	{ "DS422", ERR_RULE },
	{ "DS423", ERR_KEY_REUSED },
	{ "DS430", ERR_FORBIDDEN },   /* not this person */
	{ "DS503", ERR_UNAVAILABLE }, /* others are in the way, who will be gone */
	{ "42501", ERR_FORBIDDEN },   /* insufficient_privilege, row-level security included */
	{ "23505", ERR_CONFLICT },    /* unique_violation */
	{ "23P01", ERR_CONFLICT },    /* exclusion_violation */
	{ "23", ERR_RULE },           /* integrity constraints */
	{ "22", ERR_RULE },           /* data exceptions */
	{ "40", ERR_UNAVAILABLE },    /* deadlock, serialization */
	{ "25P03", ERR_UNAVAILABLE }, /* idle_in_transaction_session_timeout */
	{ "53", ERR_UNAVAILABLE },    /* disk full, too many connections */
	{ "54", ERR_RULE },           /* beyond what PostgreSQL can hold */
	{ "55P03", ERR_UNAVAILABLE }, /* lock_not_available */
	{ "57", ERR_UNAVAILABLE },    /* shutdown, recovery, statement_timeout */
	{ "58", ERR_UNAVAILABLE },    /* the system under PostgreSQL */
	{ "08", ERR_UNAVAILABLE },    /* connection */
	{ NULL, ERR_INTERNAL },
};

static bool has_prefix(const char *sqlstate, const char *prefix)
{
	return strncmp(sqlstate, prefix, strlen(prefix)) == 0;
}

enum err sqlstate_err(const char *sqlstate)
{
	size_t i = 0;

	if (!sqlstate)
		return ERR_UNAVAILABLE;
	while (by_sqlstate[i].prefix && !has_prefix(sqlstate, by_sqlstate[i].prefix))
		i++;
	return by_sqlstate[i].err;
}

bool sqlstate_is_ours(const char *sqlstate)
{
	return sqlstate && has_prefix(sqlstate, "DS");
}

bool sqlstate_lost_race(const char *sqlstate)
{
	return sqlstate && has_prefix(sqlstate, "40");
}

bool sqlstate_broken(const char *sqlstate)
{
	return !sqlstate || has_prefix(sqlstate, "08") || has_prefix(sqlstate, "57P0") ||
	       has_prefix(sqlstate, "25P03");
}
