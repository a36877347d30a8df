#include "db.h"
#include "service.h"

static const struct field health_answer[] = {
	{ "status", .type = FIELD_TEXT, .required = true, .doc = "ok" },
	{ 0 }
};

static enum err alive(struct service *s, struct request *r, struct reply *reply)
{
	(void)s;
	(void)r;
	output_text(reply->body, "{\"status\":\"ok\"}\n");
	return ERR_NONE;
}

static enum err ready(struct service *s, struct request *r, struct reply *reply)
{
	struct db_failure failure = { 0 };

	db_deadline(s->db, s->settings.deadline_ms, gateway_client_fd(r->gateway));
	if (db_ready(s->db, r->arena, &failure) &&
	    db_run(s->db, r->arena, &(struct db_query){ .sql = "select 1" }, 1, &failure))
		return alive(s, r, reply);
	r->log_error = failure.log;
	return request_fail(r, ERR_UNAVAILABLE, "The database does not answer.");
}

static const int statuses[] = { 400, 406, 503, 0 };

const struct route health_routes[] = {
	{ .method = "GET", .path = "/healthz", .summary = "Whether the program answers",
	  .answer = health_answer, .noun = "health", .nouns = "health", .handle = alive, .statuses = statuses },
	{ .method = "GET", .path = "/readyz", .summary = "Whether the database answers, too",
	  .answer = health_answer, .noun = "health", .nouns = "health", .handle = ready, .statuses = statuses },
	{ 0 }
};
