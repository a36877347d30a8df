#include "http.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "pull/address.h"
#include "pull/retry.h"
#include "core/stop.h"
#include "watch/url.h"

enum {
	CONNECT_S = 20,
	WHOLE_FACTOR = 4, /* times the longest silence: who drips is not waited for without end */
	POLL_MS = 1000,
	GRACE_MS = 1000,  /* for what is on its way to Doorstep when asked to stop */
	FIRST_ROOM = 16 * 1024,
};

struct http {
	CURLM      *multi;
	const char *ca_file;
	long        timeout_s;
};

/* One try. */
struct try {
	struct arena *arena;
	CURL         *easy;
	char         *body;
	size_t        size, room, most;
	const char   *fewer;
	bool          too_large, silent;
	curl_off_t    moved;    /* bytes, both ways */
	long long     moved_ms; /* when the last of them did */
	long          timeout_s;
	char          problem[CURL_ERROR_SIZE];
};

static void http_free(void *ctx)
{
	struct http *h = ctx;

	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
}

struct http *http_new(struct arena *a, const struct options *options)
{
	struct http *h = arena_alloc(a, sizeof(*h));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(h->multi = curl_multi_init()))
		abort();
	h->ca_file = options->ca_file;
	h->timeout_s = options->timeout_s;
	arena_defer(a, http_free, h);
	return h;
}

static size_t take(char *data, size_t size, size_t count, void *ctx)
{
	struct try  *t = ctx;
	const size_t more = size * count;

	if (more > t->most - t->size) {
		t->too_large = true;
		return 0;
	}
	if (t->size + more + 1 > t->room) {
		char *body;

		t->room = 2 * (t->size + more) + FIRST_ROOM;
		body = arena_alloc(t->arena, t->room);
		memcpy(body, t->body, t->size);
		t->body = body;
	}
	memcpy(t->body + t->size, data, more);
	t->size += more;
	t->body[t->size] = '\0';
	return more;
}

static void free_easy(void *easy)
{
	curl_easy_cleanup(easy);
}

static void free_list(void *list)
{
	curl_slist_free_all(list);
}

static void add_headers(struct try *t, const struct request *request)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");

	headers = curl_slist_append(headers, "Accept: application/json");
	if (request->bearer)
		headers = curl_slist_append(headers, arena_printf(t->arena, "Authorization: Bearer %s", request->bearer));
	if (request->media_type)
		headers = curl_slist_append(headers, arena_printf(t->arena, "Content-Type: %s", request->media_type));
	if (request->key)
		headers = curl_slist_append(headers, arena_printf(t->arena, "Idempotency-Key: %s", request->key));
	arena_defer(t->arena, free_list, headers);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, headers);
}

/* Ends what has been silent for too long. (CURLOPT_LOW_SPEED_TIME takes a while to forget what was sent before.) */
static int look(void *ctx, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct try *t = ctx;

	(void)down_all;
	(void)up_all;
	if (down + up != t->moved) {
		t->moved = down + up;
		t->moved_ms = now_ms();
	}
	t->silent = now_ms() - t->moved_ms > t->timeout_s * 1000LL;
	return t->silent;
}

static void bound(struct try *t, const struct http *h)
{
	curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->easy, CURLOPT_QUICK_EXIT, 1L); /* does not wait for a slow resolver */
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION, look);
	curl_easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT, WHOLE_FACTOR * h->timeout_s);
	curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	if (h->ca_file)
		curl_easy_setopt(t->easy, CURLOPT_CAINFO, h->ca_file);
}

static void prepare(struct try *t, const struct http *h, const struct request *request)
{
	t->easy = curl_easy_init();
	if (!t->easy)
		abort();
	arena_defer(t->arena, free_easy, t->easy);
	bound(t, h);
	add_headers(t, request);
	curl_easy_setopt(t->easy, CURLOPT_URL, request->url);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, "Doorstep/" PACKAGE_VERSION);
	curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->problem);
	curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	if (url_is_local(request->url))
		curl_easy_setopt(t->easy, CURLOPT_PROXY, ""); /* what is in clear stays on this machine */
	if (request->user) {
		curl_easy_setopt(t->easy, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(t->easy, CURLOPT_PASSWORD, request->password);
	}
	if (request->body) {
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->size);
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, request->body);
	}
}

/* False: asked to stop before it was over. */
static bool transfer(const struct http *h, const struct try *t, bool grace, CURLcode *ret)
{
	struct curl_waitfd stop = { .fd = stop_fd(), .events = CURL_WAIT_POLLIN };
	long long          until = 0; /* set once asked */
	CURLMsg           *message;
	int                running, left;

	if (curl_multi_add_handle(h->multi, t->easy) != CURLM_OK)
		abort();
	do {
		curl_multi_perform(h->multi, &running);
		if (running > 0)
			curl_multi_poll(h->multi, &stop, until ? 0 : 1, until ? GRACE_MS / 10 : POLL_MS, NULL);
		if (running > 0 && !until && stop_asked())
			until = now_ms() + (grace ? GRACE_MS : 0);
	} while (running > 0 && (!until || now_ms() < until));
	message = curl_multi_info_read(h->multi, &left);
	*ret = message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_OK;
	curl_multi_remove_handle(h->multi, t->easy);
	return running == 0;
}

static time_t date_of(const struct try *t)
{
	struct curl_header *header;
	time_t              date;

	if (curl_easy_header(t->easy, "Date", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return 0;
	date = curl_getdate(header->value, NULL);
	return date > 0 ? date : 0;
}

static void take_answer(struct try *t, struct response *ret)
{
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->body = t->body;
	ret->size = t->size;
	ret->date = date_of(t);
}

/* What went wrong with a try, for the operator. */
static const char *why_not(const struct try *t, CURLcode rc, long status)
{
	if (rc == CURLE_OK)
		return arena_printf(t->arena, "answered %ld", status);
	if (t->silent)
		return arena_printf(t->arena, "says nothing for %ld s", t->timeout_s);
	if (t->too_large)
		return arena_printf(t->arena, "sends more than %zu KiB%s%s", t->most / 1024, t->fewer ? ": " : "",
				    t->fewer ? t->fewer : "");
	return arena_printf(t->arena, "cannot be asked: %s", *t->problem ? t->problem : curl_easy_strerror(rc));
}

/* After a try that may go well another time: waits, unless it was the last. */
static bool wait_for_next(struct run *run, const struct try *t, const struct request *request, int tried,
			  const char *why)
{
	const struct options *o = run->options;
	const char           *where = address_shown(t->arena, request->url);
	curl_off_t            after = 0;
	long                  wait;

	curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &after);
	wait = retry_wait_ms(tried, o->pause_ms, after);
	if (wait < 0) {
		progress_error(&run->progress, "%s %s and asks to wait for %lld s: run this again then (%s)",
			       request->who, why, (long long)after, where);
		return false;
	}
	if (tried >= o->tries) {
		progress_error(&run->progress, "%s %s; given up after %d tries: run this again later (%s)", request->who,
			       why, tried, where);
		return false;
	}
	progress_note(&run->progress, "%s %s; trying again in %.1f s (%d of %ld)", request->who, why, (double)wait / 1000,
		      tried + 1, o->tries);
	stop_wait(wait);
	return true;
}

static enum outcome stopped(struct run *run)
{
	progress_error(&run->progress, "asked to stop: run this again to go on");
	return OUTCOME_LATER;
}

static void free_arena(void *arena)
{
	arena_free(arena);
}

/* One try, whose memory is kept when it was answered for good. */
static enum outcome attempt(struct run *run, struct arena *a, const struct request *request, int tried,
			    struct response *ret, bool *ret_again)
{
	struct arena   *own = arena_new();
	struct try     *t = arena_alloc(own, sizeof(*t));
	const long long began = now_ms();
	enum outcome    outcome = OUTCOME_LATER;
	CURLcode        rc;

	*t = (struct try){ .arena = own, .body = arena_alloc(own, FIRST_ROOM), .room = FIRST_ROOM, .most = request->most,
			  .fewer = request->fewer, .moved_ms = began, .timeout_s = run->http->timeout_s };
	*ret = (struct response){ .sent_at = time(NULL) };
	*ret_again = false;
	prepare(t, run->http, request);
	if (!transfer(run->http, t, request->key != NULL, &rc)) {
		*ret_again = true; /* and there it is seen that the run is to stop */
	} else {
		take_answer(t, ret);
		ret->took_ms = now_ms() - began;
		if (retry_helps(rc, ret->status, request->key != NULL)) {
			*ret_again = wait_for_next(run, t, request, tried, why_not(t, rc, ret->status));
		} else if (rc == CURLE_OK) {
			arena_defer(a, free_arena, own);
			return OUTCOME_DONE;
		} else {
			progress_error(&run->progress, "%s %s (%s)", request->who, why_not(t, rc, ret->status),
				       address_shown(own, request->url));
			outcome = OUTCOME_FAILED;
		}
	}
	arena_free(own);
	return outcome;
}

enum outcome http_call(struct run *run, struct arena *a, const struct request *request, struct response *ret)
{
	bool again = true;

	for (int tried = 1; again && !stop_asked(); tried++) {
		const enum outcome outcome = attempt(run, a, request, tried, ret, &again);

		if (!again)
			return outcome;
	}
	return stopped(run);
}
