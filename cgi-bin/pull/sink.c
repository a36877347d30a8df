#include "sink.h"

#include <json-c/json.h>
#include <string.h>

#include "core/json.h"
#include "pull/address.h"
#include "pull/document.h"
#include "pull/http.h"

enum {
	ANSWER_MAX = 16 * 1024 * 1024, /* it lists up to 10,000 problems */
	TOKEN_MAX = 4096,
	ERRORS_SHOWN = 3,
};

struct sink {
	char token[TOKEN_MAX + 1]; /* "": none yet */
};

struct sink *sink_new(struct arena *a)
{
	return arena_alloc(a, sizeof(struct sink));
}

/* The first of the fields that a problem lists. */
static const char *errors_of(struct arena *a, struct json_object *problem)
{
	struct json_object *errors = NULL;
	const char         *text = "";

	json_object_object_get_ex(problem, "errors", &errors);
	if (!json_object_is_type(errors, json_type_array))
		return text;
	for (size_t i = 0; i < json_object_array_length(errors) && i < ERRORS_SHOWN; i++) {
		struct json_object *error = json_object_array_get_idx(errors, i);
		const char         *where = document_text(error, "pointer"), *detail = document_text(error, "detail");

		where = where ? where : document_text(error, "parameter");
		text = arena_printf(a, "%s; %s: %s", text, where ? where : "-", detail ? detail : "-");
	}
	return text;
}

/* A problem as it is told; what else was answered is of no interest. */
static const char *problem_of(struct arena *a, const struct response *response)
{
	const char         *why;
	struct json_object *problem = json_read(a, response->body, response->size, &why);
	const char         *title, *detail;

	if (!json_object_is_type(problem, json_type_object))
		return "";
	title = document_text(problem, "title");
	detail = document_text(problem, "detail");
	return arena_printf(a, ": %s%s%s%s", title ? title : "", title && detail ? ". " : "", detail ? detail : "",
			    errors_of(a, problem));
}

static bool take_token(struct sink *sink, struct arena *a, const struct response *response)
{
	const char         *why, *token;
	struct json_object *answer = json_read(a, response->body, response->size, &why);

	token = json_object_is_type(answer, json_type_object) ? document_text(answer, "access_token") : NULL;
	if (!token || !*token || strlen(token) > TOKEN_MAX)
		return false;
	for (const char *c = token; *c; c++)
		if (*c < '!' || *c > '~')
			return false;
	stpcpy(sink->token, token);
	return true;
}

static enum outcome sign_in(struct run *run, struct arena *a)
{
	static const char    form[] = "grant_type=client_credentials";
	const struct request request = {
		.who = "Doorstep", .url = address_join(a, run->options->doorstep, "/oauth2/token"),
		.user = run->options->client, .password = run->options->client_secret,
		.media_type = "application/x-www-form-urlencoded",
		.body = form, .size = sizeof(form) - 1, .most = ANSWER_MAX,
	};
	struct response    response;
	const enum outcome outcome = http_call(run, a, &request, &response);

	if (outcome)
		return outcome;
	if (response.status == 200 && take_token(run->sink, a, &response))
		return OUTCOME_DONE;
	if (response.status == 200)
		progress_error(&run->progress, "%s answers no token: look at --doorstep", request.url);
	else
		progress_error(&run->progress, "Doorstep gives the client %s no token, but %ld%s (look at --client and "
			       "its secret)", run->options->client, response.status, problem_of(a, &response));
	return OUTCOME_FAILED;
}

/* An import's number, and it only, goes into what is shown. */
static const char *import_of(struct arena *a, struct json_object *answer)
{
	struct json_object *import = NULL;
	const char         *text;

	json_object_object_get_ex(answer, "import", &import);
	text = import ? json_object_get_string(import) : "";
	return *text && strspn(text, "0123456789") == strlen(text) ? arena_strdup(a, text) : NULL;
}

static bool read_receipt(struct arena *a, const struct response *response, struct receipt *ret)
{
	const char         *why;
	struct json_object *answer = document_read(a, response->body, response->size, &why);

	if (!answer)
		return false;
	*ret = (struct receipt){
		.import = import_of(a, answer),
		.rows = document_count(answer, "rows"),
		.accepted = document_count(answer, "accepted"),
	};
	ret->rejected = ret->rows - ret->accepted;
	json_object_object_get_ex(answer, "rejected", &ret->list);
	if (!json_object_is_type(ret->list, json_type_array))
		ret->list = NULL;
	return ret->import && ret->accepted >= 0 && ret->rejected >= 0;
}

static enum outcome post(struct run *run, struct arena *a, const struct request *request, struct response *ret)
{
	struct request with = *request;
	enum outcome   outcome = *run->sink->token ? OUTCOME_DONE : sign_in(run, a);

	if (outcome)
		return outcome;
	with.bearer = run->sink->token;
	return http_call(run, a, &with, ret);
}

enum outcome sink_post(struct run *run, struct arena *a, const struct kind *kind, const struct page *page,
		       const char *key, struct receipt *ret)
{
	const struct options *o = run->options;
	const struct request  request = {
		.who = "Doorstep", .media_type = "application/json", .key = key, .most = ANSWER_MAX,
		.url = address_join(a, o->doorstep, arena_printf(a, "/api/v1/imports/%s?school=%s&mode=valid", kind->name,
								 o->school)),
		.body = page->body, .size = page->size,
	};
	struct response response;
	enum outcome    outcome = post(run, a, &request, &response);

	if (outcome == OUTCOME_DONE && response.status == 401) {
		run->sink->token[0] = '\0'; /* it has expired, or was revoked: once more with another */
		outcome = post(run, a, &request, &response);
	}
	if (outcome)
		return outcome;
	if (response.status == 200 && read_receipt(a, &response, ret))
		return OUTCOME_DONE;
	if (response.status == 200)
		progress_error(&run->progress, "Doorstep's answer is not that of an import (%s): look at --doorstep",
			       address_shown(a, request.url));
	else
		progress_error(&run->progress, "Doorstep refused a page of %s with %ld%s%s%s", kind->name, response.status,
			       problem_of(a, &response), response.status == 413 ? "; " : "",
			       response.status == 413 ? options_fewer(a, o) : "");
	return OUTCOME_FAILED;
}
