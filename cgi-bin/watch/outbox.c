#include "outbox.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "mail.h"
#include "core/stop.h"
#include "webhook.h"

enum { EMAIL, WEBHOOK, CHANNELS };

enum {
	SLOTS = 10, /* of each channel, so that a slow mail server holds up no webhook */
	CONNECT_MS = 5000,
	WHOLE_MS = 10000,
	TURN_MS = 500,
	ROUND_MS = 60000,
	LEAVE_MS = 500,        /* for what is under way */
	LEAVE_STORING_MS = 300, /* for one result */
	PROBLEM_MAX = CURL_ERROR_SIZE + 32,
};

static const char *const channel_names[CHANNELS] = { "email", "webhook" };

/* One delivery, from its lease until its result is stored. */
struct slot {
	struct arena   *arena; /* NULL: free */
	struct delivery delivery;
	int             channel;
	CURL           *easy;
	bool            over;     /* there is a result */
	bool            arrived;
	char            problem[PROBLEM_MAX]; /* why it did not */
};

struct outbox {
	const struct settings *settings;
	struct arena          *arena;
	CURLM                 *multi;
	struct slot            slots[CHANNELS][SLOTS];
};

struct outbox *outbox_new(const struct settings *settings)
{
	struct arena  *a = arena_new();
	struct outbox *o = arena_alloc(a, sizeof(*o));

	mallopt(M_ARENA_MAX, 1); /* every thread that resolves a name would reserve address space of its own */
	o->arena = a;
	o->settings = settings;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(o->multi = curl_multi_init()))
		abort();
	return o;
}

static void slot_free(struct outbox *o, struct slot *s)
{
	if (s->easy)
		curl_multi_remove_handle(o->multi, s->easy);
	arena_free(s->arena);
	*s = (struct slot){ 0 };
}

static struct slot *each(struct outbox *o, size_t i)
{
	return i < CHANNELS * SLOTS ? &o->slots[i / SLOTS][i % SLOTS] : NULL;
}

void outbox_free(struct outbox *o)
{
	struct slot *s;

	for (size_t i = 0; (s = each(o, i)); i++)
		if (s->arena)
			slot_free(o, s);
	curl_multi_cleanup(o->multi);
	curl_global_cleanup();
	arena_free(o->arena);
}

static size_t under_way(struct outbox *o)
{
	struct slot *s;
	size_t       count = 0;

	for (size_t i = 0; (s = each(o, i)); i++)
		count += s->arena != NULL;
	return count;
}

/* Printable ASCII only, for it goes into the database and the log. */
static void slot_fail(struct slot *s, const char *why)
{
	if (why != s->problem)
		snprintf(s->problem, sizeof(s->problem), "%s", why);
	for (char *c = s->problem; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	s->over = true;
}

static void free_easy(void *easy)
{
	curl_easy_cleanup(easy);
}

static void slot_start(struct outbox *o, struct slot *s)
{
	const char *why;

	s->easy = curl_easy_init();
	if (!s->easy)
		abort();
	arena_defer(s->arena, free_easy, s->easy);
	curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
	curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->problem);
	curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->easy, CURLOPT_QUICK_EXIT, 1L); /* does not wait for a slow resolver */
	curl_easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
	curl_easy_setopt(s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(WHOLE_MS / 1000)); /* the farewell's, too */
	why = s->channel == EMAIL ? mail_prepare(s->arena, s->easy, o->settings, &s->delivery)
	      : webhook_prepare(s->arena, s->easy, &s->delivery);
	if (why)
		slot_fail(s, why);
	else if (curl_multi_add_handle(o->multi, s->easy) != CURLM_OK)
		slot_fail(s, "the transfer could not be started");
}

static void slot_finish(struct slot *s, CURLcode rc)
{
	long status = 0;

	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	s->over = true;
	s->arrived = rc == CURLE_OK && (s->channel == EMAIL || status / 100 == 2);
	if (rc != CURLE_OK)
		slot_fail(s, *s->problem ? s->problem : curl_easy_strerror(rc));
	else if (!s->arrived)
		snprintf(s->problem, sizeof(s->problem), "the receiver answered %ld", status);
}

/* Whether some ended. */
static bool harvest(struct outbox *o)
{
	CURLMsg *message;
	int      running, left;
	bool     some = false;

	curl_multi_perform(o->multi, &running);
	while ((message = curl_multi_info_read(o->multi, &left))) {
		struct slot *s;

		if (message->msg != CURLMSG_DONE || curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &s) != CURLE_OK)
			continue;
		slot_finish(s, message->data.result);
		some = true;
	}
	return some;
}

/* At the first try, and then ever more seldom: it may go on for days. */
static bool is_worth_a_line(const struct slot *s)
{
	const long tries = s->delivery.tries;

	return s->arrived || (tries & (tries - 1)) == 0;
}

static void log_result(const struct slot *s)
{
	if (!is_worth_a_line(s))
		return;
	if (s->arrived)
		log_event("info", "delivery %s (%s) arrived, try %ld", s->delivery.id, channel_names[s->channel], s->delivery.tries);
	else
		log_event("warning", "delivery %s (%s) failed, try %ld: %s", s->delivery.id, channel_names[s->channel],
			  s->delivery.tries, s->problem);
}

/* False when the database is to be asked again later. */
static bool store(struct outbox *o, struct slot *s, struct asking *asking)
{
	const char *const     values[] = { s->delivery.id, s->problem };
	const struct db_query arrived = { .name = "delivered", .sql = "select watch.delivered($1)",
					  .values = values, .count = 1 };
	const struct db_query failed = { .name = "failed", .sql = "select watch.failed($1, $2)",
					 .values = values, .count = 2 };
	bool                  refused;

	if (!ask(asking, s->arena, s->arrived ? &arrived : &failed, &refused) && !refused)
		return false;
	log_result(s);
	slot_free(o, s);
	return true;
}

static bool store_results(struct outbox *o, struct asking *asking)
{
	struct slot *s;
	bool         ok = true;

	for (size_t i = 0; ok && (s = each(o, i)); i++)
		if (s->arena && s->over)
			ok = store(o, s, asking);
	return ok;
}

struct claim {
	struct outbox *outbox;
	int            channel;
};

static bool take(void *ctx, const struct row *row)
{
	const struct claim *claim = ctx;
	const char *const  *v = row->values;
	struct slot        *s = claim->outbox->slots[claim->channel];
	struct slot        *end = s + SLOTS;

	while (s < end && s->arena)
		s++;
	if (s == end)
		return false; /* more than was asked for */
	s->arena = arena_new();
	s->channel = claim->channel;
	s->delivery = (struct delivery){
		.id = arena_strdup(s->arena, v[0]), .link = arena_strdup(s->arena, v[1]), .tries = strtol(v[2], NULL, 10),
		.address = arena_strdup(s->arena, v[3]), .subject = arena_strdup(s->arena, v[4]),
		.body = arena_strdup(s->arena, v[5]),
		.secret = arena_strdup(s->arena, v[6]),
	};
	return true;
}

/* An array of bigint, as PostgreSQL reads it, of the deliveries under way; *ret_free: slots left. */
static const char *busy(struct outbox *o, struct arena *a, int channel, int *ret_free)
{
	const char *list = "{";

	*ret_free = 0;
	for (const struct slot *s = o->slots[channel]; s < o->slots[channel] + SLOTS; s++) {
		if (s->arena)
			list = arena_printf(a, "%s%s%s", list, list[1] ? "," : "", s->delivery.id);
		else
			++*ret_free;
	}
	return arena_printf(a, "%s}", list);
}

static void claim(struct outbox *o, struct arena *a, struct asking *asking, int channel)
{
	struct claim          ctx = { .outbox = o, .channel = channel };
	int                   left;
	const char           *list = busy(o, a, channel, &left);
	const char *const     values[] = { channel_names[channel], arena_printf(a, "%d", left), list };
	const struct db_query query = { .name = "claim", .sql = "select * from watch.claim($1, $2, $3)",
					.values = values, .count = 3, .on_row = take, .ctx = &ctx };
	bool                  refused;

	if (left == 0)
		return;
	ask(asking, a, &query, &refused);
	for (struct slot *s = o->slots[channel]; s < o->slots[channel] + SLOTS; s++)
		if (s->arena && !s->easy)
			slot_start(o, s);
}

/* Without a mail server e-mails stay where they are, and say why. */
static void hold_mails(struct arena *a, struct asking *asking)
{
	static const char *const values[] = { "no mail server is set: DOORSTEP_SMTP_URL is empty" };
	const struct db_query    query = { .name = "hold", .sql = "select watch.hold('email', $1)",
					   .values = values, .count = 1 };
	bool                     refused;

	ask(asking, a, &query, &refused);
}

static void exchange(struct outbox *o, struct asking *asking)
{
	struct arena *a = arena_new();

	if (store_results(o, asking)) {
		claim(o, a, asking, WEBHOOK);
		if (*o->settings->smtp_url)
			claim(o, a, asking, EMAIL);
		else
			hold_mails(a, asking);
	}
	arena_free(a);
}

/* Until something has ended. */
static void wait_for_some(struct outbox *o, int stop, long milliseconds)
{
	const long long    until = now_ms() + milliseconds;
	struct curl_waitfd end = { .fd = stop, .events = CURL_WAIT_POLLIN };
	long long          left;

	while (!harvest(o) && (left = until - now_ms()) > 0 && !(stop >= 0 && stop_asked()))
		curl_multi_poll(o->multi, &end, stop >= 0 ? 1 : 0, (int)left, NULL);
}

void outbox_turn(struct outbox *o, struct asking *asking)
{
	exchange(o, asking);
	wait_for_some(o, stop_fd(), TURN_MS);
}

void outbox_round(struct outbox *o, struct asking *asking)
{
	const long long until = now_ms() + ROUND_MS;

	exchange(o, asking);
	while (under_way(o) > 0 && now_ms() < until && !stop_asked()) {
		wait_for_some(o, stop_fd(), TURN_MS);
		exchange(o, asking);
	}
}

void outbox_leave(struct outbox *o, struct asking *asking)
{
	const long long until = now_ms() + LEAVE_MS;
	struct slot    *s;
	size_t          waiting = 1;

	while (waiting > 0 && now_ms() < until) {
		wait_for_some(o, -1, LEAVE_MS / 10);
		waiting = 0;
		for (size_t i = 0; (s = each(o, i)); i++)
			waiting += s->arena && !s->over;
	}
	asking->stop_fd = -1;
	asking->deadline_ms = LEAVE_STORING_MS;
	store_results(o, asking);
}
