/*
 * A program: its routes, and the pipeline that every request goes through,
 * top to bottom (service.c):
 *
 *   request   parameters and body, within limits              400 413 415
 *   route     method and path → one row of a route table      404 405
 *   format    suffix or Accept                                406
 *   token     there is one, where the route asks for it       401
 *   field     every declared field, every problem             400
 *   answer    one transaction: token, function, commit        401 403 404 409 412 422 428 503
 *   send      only now the first byte leaves
 */
#ifndef DOORSTEP_SERVICE_H
#define DOORSTEP_SERVICE_H

#include "db.h"
#include "gateway.h"
#include "reply.h"
#include "request.h"
#include "route.h"
#include "settings.h"

struct program {
	const char                *name;   /* "records": in logs, and its database role doorstep_records */
	const struct route *const *routes; /* tables; ends in NULL */
	/* Further tables, found once at start; ends in NULL.  NULL: none.  db: to try them; NULL: for one request only. */
	const struct route *const *(*find_routes)(struct arena *a, const struct settings *settings, struct db *db);
};

struct service {
	const struct program *program;
	struct settings       settings;
	struct gateway       *gateway;
	struct db            *db;
	volatile size_t      *progress; /* counts the rows of a list while they come, for who watches; NULL for nobody */
};

/* What main() of every program is: serves until asked to stop. The exit status. */
int program_main(const struct program *program, int argc, char **argv);

/*
 * Takes a request in, up to its route and its fields: nothing is asked of the database.
 * A token is wanted where the route asks for one, unless without_token.
 */
enum err service_read(struct service *s, struct request *r, struct reply *reply, bool without_token);

/* Takes a request through the pipeline up to its whole answer, which is not sent. */
enum err service_answer(struct service *s, struct request *r, struct reply *reply);

/* Takes one request through the pipeline. */
void service_serve(struct service *s);

/* /healthz (the program answers) and /readyz (the database does, too). */
extern const struct route health_routes[];

#endif
