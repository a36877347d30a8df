#include "query.h"

#include "transaction.h"

struct asked {
	struct db_query  query;
	struct answered *answered;
	int              columns;
	struct arena    *arena;
};

static bool take_row(void *ctx, const struct row *row)
{
	struct asked *asked = ctx;

	for (int i = 0; i < asked->columns; i++)
		asked->answered->columns[i] = arena_strdup(asked->arena, row->values[i]);
	return true;
}

static bool attempt(struct transaction *t, void *ctx)
{
	struct asked *asked = ctx;

	*asked->answered = (struct answered){ 0 };
	transaction_add(t, &asked->query);
	return transaction_commit(t);
}

enum err query_one(struct service *s, struct request *r, struct reply *reply, const char *sql, int columns,
		   const char *const *values, int count, struct answered *ret)
{
	struct asked asked = { .answered = ret, .columns = columns, .arena = r->arena };

	asked.query = (struct db_query){ .sql = sql, .values = values, .count = count, .on_row = take_row, .ctx = &asked };
	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	return transaction_attempt(s, r, reply, false, attempt, &asked);
}
