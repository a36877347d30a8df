#include "seal/sealer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/log.h"
#include "core/start.h"
#include "core/stop.h"
#include "core/supervisor.h"
#include "seal/keeper.h"
#include "seal/tree.h"

enum {
	BATCH = 20000,      /* entries that are given leaves at a time */
	REFUSED_MS = 60000, /* before it looks again whether the tree is that which was signed */
	WAIT_MS = 1000,     /* between two tries to take the place of the sealer */
	BREATH_MS = 5000,   /* of REFUSED_MS, between two words to the supervisor */
};

enum state {
	BEGINS,  /* nothing is known of the database */
	WAITS,   /* another has the place */
	SEALS,   /* the tree is that of the database, and what was signed is of it */
	REFUSES, /* it is not */
};

struct sealer {
	const struct settings *settings;
	const struct key      *key;
	struct asking          asking;
	struct keeper          keeper;
	struct arena          *arena; /* of the tree */
	struct merkle         *tree;
	enum state             state;
	unsigned long long     signed_size;
	char                   session[24]; /* of audit.seal; "": not known yet */
	bool                   more; /* to be given leaves */
	bool                   may_begin; /* a file of checkpoints, though there are some */
};

/* ------------------------------------------------------------ states */

static void refuse(struct sealer *s, const char *why)
{
	log_event("error", "refuses to sign: %s", why);
	s->state = REFUSES;
}

/* Forgets what it knows of the database. */
static void begin(struct sealer *s)
{
	if (s->arena)
		arena_free(s->arena);
	s->arena = arena_new();
	s->tree = merkle_new(s->arena);
	s->state = BEGINS;
	s->session[0] = '\0';
}

static enum state after(struct sealer *s, enum found found, const char *why)
{
	if (found == FOUND_WRONG)
		refuse(s, why);
	else if (found == FOUND_UNANSWERED)
		begin(s);
	return s->state;
}

/* ------------------------------------------------------------ signing */

static bool on_answer(void *ctx, const struct row *row)
{
	*(bool *)ctx = strcmp(row->values[0], "t") == 0;
	return true;
}

/* Keeps in the database what the file has already. */
static bool store(struct sealer *s, struct arena *a, unsigned long long size, const unsigned char *root,
		  const char *note)
{
	char              hex[2 * HASH_SIZE + 1];
	const char *const values[] = { arena_printf(a, "%llu", size), hex, note };
	bool              same = false, refused;

	hash_hex_write(hex, root, HASH_SIZE);
	if (!ask(&s->asking, a, &(struct db_query){ .name = "keep", .sql = "select audit.checkpoint_add($1, $2, $3)",
		.values = values, .count = 3, .on_row = on_answer, .ctx = &same }, &refused)) {
		begin(s);
		return false;
	}
	if (!same)
		refuse(s, "the database has another checkpoint of this size");
	return same;
}

static bool append(struct sealer *s, struct arena *a, const char *note)
{
	if (keeper_append(&s->keeper, a, note))
		return true;
	refuse(s, arena_printf(a, "cannot append to %s: %s", s->keeper.path, strerror(errno)));
	return false;
}

static void sign(struct sealer *s, struct arena *a)
{
	unsigned char root[HASH_SIZE];
	const char   *note;

	if (s->tree->size == s->signed_size)
		return;
	merkle_root(s->tree, root);
	note = note_sign(a, s->key, s->tree->size, root);
	if (!append(s, a, note))
		return;
	s->signed_size = s->tree->size;
	store(s, a, s->tree->size, root, note);
}

/* ------------------------------------------------------------ beginning */

static bool take_place(struct sealer *s, struct arena *a)
{
	bool alone = false, refused;

	if (!ask(&s->asking, a, &(struct db_query){ .sql = "select audit.seal_alone()", .on_row = on_answer, .ctx = &alone },
		 &refused))
		return false;
	if (!alone && s->state != WAITS)
		log_event("warning", "another sealer is at work: waiting for its place");
	s->state = alone ? BEGINS : WAITS;
	return alone;
}

/* What one of the two places lacks of the last checkpoint, it is given. */
static bool level(struct sealer *s, struct arena *a, const struct tree_check *check)
{
	struct checkpoint last;

	if (check->size == 0)
		return true;
	if (check->file_has_none && !s->may_begin) {
		refuse(s, arena_printf(a, "the database has checkpoints, and %s has none: put a copy of the file back, or, when "
			"there is none, begin anew with doorstep-seal --new-file", s->keeper.path));
		return false;
	}
	if (check->lacks_it) {
		log_event("warning", "%s lacks the last checkpoint of the database, which is appended", s->keeper.path);
		if (!append(s, a, check->last))
			return false;
	}
	return !note_read(a, check->last, &last) && store(s, a, last.size, last.root, last.note);
}

static void look(struct sealer *s, struct arena *a)
{
	struct tree_check check = { .key = s->key };
	enum found        found;

	begin(s);
	check.file = fopen(s->keeper.path, "re");
	if (!check.file && errno != ENOENT) {
		refuse(s, "the file of checkpoints cannot be read");
		return;
	}
	found = tree_read(&s->asking, a, s->tree, &check);
	if (check.file)
		fclose(check.file);
	if (after(s, found, check.why) != BEGINS || found != FOUND_WHOLE || !level(s, a, &check))
		return;
	s->signed_size = check.size;
	s->state = SEALS;
	log_event("info", "sealing: %llu entries have a leaf, %llu are signed", s->tree->size, s->signed_size);
}

/* ------------------------------------------------------------ sealing */

enum { SESSION, SIZE, MORE };

struct sealing {
	struct sealer *sealer;
	bool           same; /* session as before */
};

static bool on_sealed(void *ctx, const struct row *row)
{
	struct sealing *sealing = ctx;
	struct sealer  *s = sealing->sealer;

	sealing->same = s->session[0] == '\0' || strcmp(s->session, row->values[SESSION]) == 0;
	strncpy(s->session, row->values[SESSION], sizeof(s->session) - 1);
	s->more = strcmp(row->values[MORE], "t") == 0;
	return true;
}

static void seal(struct sealer *s, struct arena *a)
{
	const char *const values[] = { arena_printf(a, "%d", BATCH) };
	struct sealing    sealing = { .sealer = s };
	const char       *why;
	bool              refused;

	if (!ask(&s->asking, a, &(struct db_query){ .name = "seal", .sql = "select * from audit.seal($1)",
		.values = values, .count = 1, .on_row = on_sealed, .ctx = &sealing }, &refused) || !sealing.same) {
		begin(s);
		return;
	}
	if (after(s, tree_grow(&s->asking, s->tree, &why), why) == SEALS)
		sign(s, a);
}

/* Answers how long to wait for the next turn. */
static long turn(struct sealer *s)
{
	struct arena *a = arena_new();

	if (s->state != SEALS && take_place(s, a))
		look(s, a);
	if (s->state == SEALS)
		seal(s, a);
	arena_free(a);
	if (s->asking.failed)
		return s->asking.again_ms > now_ms() ? (long)(s->asking.again_ms - now_ms()) : 0;
	return s->state == REFUSES ? REFUSED_MS : s->state == SEALS ? (s->more ? 0 : s->settings->seal_ms) : WAIT_MS;
}

static void wait_well(long milliseconds)
{
	for (; milliseconds > 0 && !stop_asked(); milliseconds -= BREATH_MS) {
		supervisor_tell("WATCHDOG=1");
		stop_wait(milliseconds < BREATH_MS ? milliseconds : BREATH_MS);
	}
}

static const struct key *own_key(struct arena *a, const struct settings *settings, const char **ret_why)
{
	const char       *line = file_text(a, settings->seal_key, KEY_TEXT_MAX, ret_why);
	const struct key *key = line ? key_read(a, line, ret_why) : NULL;

	if (key && (!key->is_private || !file_is_private(settings->seal_key))) {
		*ret_why = "is no private key, or others may read it";
		return NULL;
	}
	return key;
}

int sealer_run(const struct settings *settings, bool once, bool may_begin)
{
	struct arena *lasting = arena_new();
	struct sealer s = { .settings = settings, .may_begin = may_begin };
	const char   *why = "";
	bool          whole;

	s.key = own_key(lasting, settings, &why);
	if (!s.key)
		return cannot_start(arena_printf(lasting, "the key %s: %s", settings->seal_key, why));
	stop_prepare();
	asking_open(&s.asking, settings, "seal", "the sealer");
	s.asking.deadline_ms = settings->job_deadline_ms; /* the first time it seals whatever there is */
	keeper_open(&s.keeper, lasting, settings->checkpoint_dir);
	begin(&s);
	supervisor_tell("READY=1");
	while (!stop_asked()) {
		const long pause = turn(&s);

		if (once && !(s.state == SEALS && s.more))
			break;
		wait_well(pause);
		supervisor_tell("WATCHDOG=1");
	}
	whole = s.state == SEALS && s.signed_size == s.tree->size;
	asking_close(&s.asking);
	arena_free(s.arena);
	arena_free(lasting);
	return once && !whole ? EXIT_FAILURE : EXIT_SUCCESS;
}
