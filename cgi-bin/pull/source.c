#include "source.h"

#include "pull/address.h"
#include "pull/clock.h"
#include "pull/http.h"

const char *source_first(struct arena *a, const struct options *o, const struct kind *kind, const char *since)
{
	const char *url = address_join(a, o->source, arena_printf(a, "/v1.0/schools/%s/%s", o->source_school, kind->path));

	url = address_with(a, url, arena_printf(a, "include=%s", kind->include));
	url = address_with(a, url, arena_printf(a, "per_page=%ld", o->per_page));
	return since ? address_with(a, url, arena_printf(a, "updated_after=%s", since)) : url;
}

/* What the operator can do about a refusal. */
static const char *advice(long status)
{
	switch (status) {
	case 401:
		return "the token is not accepted: put the right one into its file";
	case 403:
		return "the token does not open this: ask the source for access";
	case 400:
	case 404:
	case 410:
		return "if the page is too old to go on with, run this with --anew; else look at --source-school";
	default:
		return status / 100 == 3 ? "redirects are not followed: look at --source" : "it cannot be pulled";
	}
}

enum outcome source_get(struct run *run, struct arena *a, const char *url, struct page *ret, time_t *ret_before)
{
	const struct request request = {
		.who = "the source", .url = url, .bearer = run->options->source_token, .most = SOURCE_PAGE_MAX,
		.fewer = options_fewer(a, run->options),
	};
	struct response response;
	const char     *why;
	enum outcome    outcome;

	if (!address_same_origin(run->options->source, url)) {
		progress_error(&run->progress, "the state leads elsewhere than --source, where the token must not go: %s; "
			       "run this with --anew", address_shown(a, url));
		return OUTCOME_FAILED;
	}
	outcome = http_call(run, a, &request, &response);
	if (outcome)
		return outcome;
	if (response.status != 200) {
		progress_error(&run->progress, "the source answered %ld: %s (%s)", response.status, advice(response.status),
			       address_shown(a, url));
		return OUTCOME_FAILED;
	}
	why = page_read(a, url, response.body, response.size, ret);
	if (why) {
		progress_error(&run->progress, "the page %s cannot be used: %s", address_shown(a, url), why);
		return OUTCOME_FAILED;
	}
	*ret_before = clock_before(response.date, response.sent_at, response.took_ms);
	return OUTCOME_DONE;
}
