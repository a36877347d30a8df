#include "pull.h"

#include <json-c/json.h>
#include <string.h>

#include "core/hash.h"
#include "pull/address.h"
#include "pull/clock.h"
#include "pull/document.h"
#include "pull/http.h"
#include "pull/run.h"
#include "pull/sink.h"
#include "pull/source.h"
#include "pull/state.h"
#include "core/stop.h"

enum { SHOWN_MAX = 5 }; /* rejected rows of a kind */

/* The pull of a kind, as far as this run is concerned. */
struct pull {
	struct run         *run;
	struct arena       *arena; /* of the run, as the texts of the state are, but for the URL to go on with */
	struct arena       *next;  /* of that, once there was a page; one page's after the other's */
	const struct kind  *kind;
	struct state       *state;
	struct state_kind  *at;
	struct json_object *seen;  /* hashes of the URLs that were asked for */
	int                 shown;
};

static void put_object(void *object)
{
	json_object_put(object);
}

static void free_next(void *pull)
{
	struct pull *p = pull;

	if (p->next)
		arena_free(p->next);
	p->next = NULL;
}

static enum outcome keep(struct pull *p, struct arena *a)
{
	const char *why = state_write(a, p->run->options, p->state);

	if (!why)
		return OUTCOME_DONE;
	progress_error(&p->run->progress, "%s", why);
	return OUTCOME_FAILED;
}

static bool same(const char *x, const char *y)
{
	return x && y ? strcmp(x, y) == 0 : x == y;
}

/*
 * Goes on with a pull that was broken off, or begins one.  The URL to go on
 * with asks for as many records as the first did: to ask for fewer is to begin
 * anew, or a page that is too large would stay so.
 */
static enum outcome begin(struct pull *p)
{
	const struct options *o = p->run->options;
	const bool            goes_on = p->at->under_way && !o->anew && (!o->since || same(o->since, p->at->since));
	const char           *since = o->since ? o->since : goes_on ? p->at->since : p->at->updated_after;

	if (goes_on && p->at->per_page == o->per_page)
		return OUTCOME_DONE;
	if (goes_on)
		progress_note(&p->run->progress, "%s: --per-page has changed to %ld: beginning this pull anew",
			      p->kind->name, o->per_page);
	*p->at = (struct state_kind){
		.updated_after = p->at->updated_after, .under_way = true, .since = since, .per_page = o->per_page,
		.pull = hash_random_token(p->arena), .next = source_first(p->arena, o, p->kind, since),
	};
	return keep(p, p->arena);
}

static bool seen_before(struct pull *p, struct arena *a, const char *url)
{
	const char *hash = hash_hex_of(a, url);

	if (json_object_object_get_ex(p->seen, hash, NULL))
		return true;
	json_object_object_add(p->seen, hash, NULL);
	return false;
}

/*
 * The pull is part of it, since Doorstep answers a key from memory for days:
 * a page that is in a later pull what it was in an earlier one, but not in
 * between, has to be imported again.
 */
static const char *key_of(const struct pull *p, struct arena *a, const struct page *page)
{
	struct hash *h = hash_new(a);

	hash_add_text(h, p->at->pull);
	hash_add_text(h, p->at->next);
	hash_add(h, page->body, page->size);
	return arena_printf(a, "pull-%s", hash_hex(h));
}

static void show_rejected(struct pull *p, const struct receipt *receipt)
{
	const size_t count = receipt->list ? json_object_array_length(receipt->list) : 0;

	for (size_t i = 0; i < count && p->shown < SHOWN_MAX; i++, p->shown++) {
		struct json_object *row = json_object_array_get_idx(receipt->list, i);
		const char         *field = document_text(row, "field"), *detail = document_text(row, "detail");

		progress_note(&p->run->progress, "%s: import %s, row %lld, %s: %s", p->kind->name, receipt->import,
			      document_count(row, "line"), field ? field : "-", detail ? detail : "-");
	}
	if (receipt->rejected > 0)
		progress_note(&p->run->progress, "%s: import %s rejected %lld rows, all of them at "
			      "/api/v1/imports/%s/%s/rejected", p->kind->name, receipt->import, receipt->rejected,
			      p->kind->name, receipt->import);
}

/* An empty page is not sent: there is nothing to import. */
static enum outcome hand_over(struct pull *p, struct arena *a, const struct page *page)
{
	struct receipt receipt = { 0 };
	enum outcome   outcome;

	if (page->rows > 0) {
		outcome = sink_post(p->run, a, p->kind, page, key_of(p, a, page), &receipt);
		if (outcome)
			return outcome;
		show_rejected(p, &receipt);
	}
	p->at->counts.pages++;
	p->at->counts.rows += receipt.rows;
	p->at->counts.accepted += receipt.accepted;
	p->at->counts.rejected += receipt.rejected;
	return OUTCOME_DONE;
}

/*
 * What the next pull asks for.  What was rejected comes again only if that is
 * no later than what this one has asked for; to import the rest again changes
 * nothing.
 */
static const char *next_time(const struct state_kind *at)
{
	if (at->counts.rejected == 0)
		return at->began;
	return !at->updated_after || !at->since || strcmp(at->since, at->updated_after) < 0 ? at->since : at->updated_after;
}

/* The page is in Doorstep: the next run goes on after it, or asks for what has changed since this pull began. */
static enum outcome advance(struct pull *p, struct arena *a, const char *next)
{
	if (next) {
		free_next(p);
		p->next = arena_new();
		p->at->next = arena_strdup(p->next, next);
		progress_page(&p->run->progress, &p->at->counts);
	} else {
		*p->at = (struct state_kind){ .updated_after = next_time(p->at), .counts = p->at->counts };
	}
	return keep(p, a);
}

static enum outcome pull_page(struct pull *p, struct arena *a)
{
	struct page  page;
	time_t       before;
	enum outcome outcome = source_get(p->run, a, p->at->next, &page, &before);

	if (outcome)
		return outcome;
	seen_before(p, a, p->at->next);
	if (page.next && seen_before(p, a, page.next)) {
		progress_error(&p->run->progress, "the source leads in a circle: the page %s names as next one that "
			       "was there already", address_shown(a, p->at->next));
		return OUTCOME_FAILED;
	}
	if (!p->at->began)
		p->at->began = clock_text(p->arena, before);
	outcome = hand_over(p, a, &page);
	return outcome ? outcome : advance(p, a, page.next);
}

/* An error, and told as one: what the source has is not all in Doorstep. */
static void end_rejected(struct pull *p)
{
	const char *after = p->at->updated_after;

	if (p->at->counts.rejected == 0)
		return;
	p->run->rejected = true;
	progress_error(&p->run->progress, "%s: %lld rows were rejected: the next run asks again for %s%s", p->kind->name,
		       p->at->counts.rejected, after ? "what has changed since " : "everything", after ? after : "");
}

static enum outcome pull_kind(struct run *run, struct arena *a, struct state *state, int i)
{
	struct pull *p = arena_alloc(a, sizeof(*p));
	enum outcome outcome;

	*p = (struct pull){ .run = run, .arena = a, .kind = &kinds[i], .state = state, .at = &state->kinds[i],
			    .seen = json_object_new_object() };
	arena_defer(a, put_object, p->seen);
	arena_defer(a, free_next, p);
	outcome = begin(p);
	if (outcome)
		return outcome;
	progress_start(&run->progress, p->kind->name, &p->at->counts);
	while (outcome == OUTCOME_DONE && p->at->under_way) {
		struct arena *page = arena_new();

		outcome = pull_page(p, page);
		arena_free(page);
	}
	progress_end(&run->progress, &p->at->counts, outcome == OUTCOME_DONE);
	if (outcome == OUTCOME_DONE)
		end_rejected(p);
	return outcome;
}

static enum outcome pull_kinds(struct run *run, struct state *state)
{
	enum outcome outcome = OUTCOME_DONE;

	for (int i = 0; i < KIND_COUNT && outcome == OUTCOME_DONE; i++)
		if (run->options->what[i])
			outcome = pull_kind(run, run->arena, state, i);
	return outcome;
}

/* The exit status when the state can't be had; PULL_DONE when it can. */
static int take_state(struct run *run, struct state *ret)
{
	bool             busy;
	const char      *why = state_lock(run->arena, run->options, &busy);
	enum state_found found;

	if (why) {
		progress_error(&run->progress, "%s", why);
		return busy ? PULL_LATER : PULL_FAILED;
	}
	found = state_read(run->arena, run->options, ret, &why);
	if (found != STATE_FOUND)
		progress_error(&run->progress, "%s", why);
	return found == STATE_FOUND ? PULL_DONE : found == STATE_OTHERS ? PULL_USAGE : PULL_FAILED;
}

int pull_run(struct arena *a, const struct options *o)
{
	static const int ends[] = { [OUTCOME_DONE] = PULL_DONE, [OUTCOME_FAILED] = PULL_FAILED, [OUTCOME_LATER] = PULL_LATER };
	struct run       run = { .options = o, .arena = a };
	struct state     state;
	enum outcome     outcome;
	int              status;

	progress_prepare(&run.progress, o->quiet);
	stop_prepare();
	status = take_state(&run, &state);
	if (status)
		return status;
	run.http = http_new(a, o);
	run.sink = sink_new(a);
	outcome = pull_kinds(&run, &state);
	return outcome == OUTCOME_DONE && run.rejected ? PULL_REJECTED : ends[outcome];
}
