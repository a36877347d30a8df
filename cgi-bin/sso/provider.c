#include "sso/provider.h"

#include <string.h>

#include "core/file.h"
#include "core/json.h"
#include "sso/claims.h"
#include "watch/url.h"

enum { FILE_MAX = 64 * 1024, SECRET_MAX = 1024 };

static const char *const ways[] = { [FIND_BY_EMAIL] = "email", [FIND_BY_TENANT] = "tenant" };

static const struct {
	const char *name;
	bool        required;
	size_t      at;
} texts[] = {
	{ "name", true, offsetof(struct provider, name) },
	{ "title", true, offsetof(struct provider, title) },
	{ "issuer", true, offsetof(struct provider, issuer) },
	{ "client_id", true, offsetof(struct provider, client_id) },
	{ "tenant", false, offsetof(struct provider, tenant) },
};
static const char *const others[] = { "find_by", "secret_file", "claims" };

static const char *text_of(struct json_object *o, const char *name)
{
	struct json_object *member = json_object_object_get(o, name);

	return json_object_is_type(member, json_type_string) ? json_object_get_string(member) : NULL;
}

static bool is_known(const char *name)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i], name) == 0)
			return true;
	return false;
}

static const char *read_texts(struct arena *a, struct json_object *o, struct provider *p)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *text = text_of(o, texts[i].name);

		if (texts[i].required && (!text || !*text))
			return arena_printf(a, "there is no %s", texts[i].name);
		if (!text && json_object_object_get_ex(o, texts[i].name, NULL))
			return arena_printf(a, "%s is no text", texts[i].name);
		memcpy((char *)p + texts[i].at, &text, sizeof(text));
	}
	/* What keeps people out must not be passed over because it was misspelt. */
	json_object_object_foreach(o, name, value) {
		(void)value;
		if (!is_known(name))
			return arena_printf(a, "%s is nothing that a provider has", name);
	}
	return NULL;
}

static const char *read_find_by(struct json_object *o, struct provider *p)
{
	const char *find_by = text_of(o, "find_by");

	if (find_by && strcmp(find_by, ways[FIND_BY_EMAIL]) == 0)
		p->find_by = FIND_BY_EMAIL;
	else if (find_by && strcmp(find_by, ways[FIND_BY_TENANT]) == 0)
		p->find_by = FIND_BY_TENANT;
	else if (json_object_object_get_ex(o, "find_by", NULL))
		return "find_by is email, tenant or left out";
	return p->find_by == FIND_BY_TENANT && !p->tenant ? "find_by tenant wants the tenant" : NULL;
}

static const char *read_claims(struct arena *a, struct json_object *o, struct provider *p)
{
	/* One that is there and null would otherwise ask for nothing, silently. */
	return json_object_object_get_ex(o, "claims", &p->claims) ? claims_problem(a, p->claims) : NULL;
}

/* The secret is of no use to anybody but the program: the file is its own. */
static const char *read_secret(struct arena *a, const char *path, const char **ret_secret)
{
	const char *why = NULL;
	char       *secret;

	if (!path)
		return "there is no secret_file";
	if (!file_is_private(path))
		return "secret_file is not there, or not the program's alone (0400)";
	secret = arena_strdup(a, file_text(a, path, SECRET_MAX, &why));
	if (!secret)
		return arena_printf(a, "secret_file: %s", why);
	secret[strcspn(secret, "\r\n")] = '\0';
	*ret_secret = secret;
	return NULL;
}

static const char *read_one(struct arena *a, struct json_object *o, struct provider *p)
{
	const char *why = read_texts(a, o, p);

	if (!why)
		why = read_find_by(o, p);
	if (why)
		return why;
	if (strspn(p->name, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(p->name))
		return "name is made of small letters and figures";
	if (url_problem(p->issuer))
		return "issuer is no https address";
	why = read_claims(a, o, p);
	return why ? why : read_secret(a, text_of(o, "secret_file"), &p->secret);
}

static enum err fail(struct request *r, const char *why)
{
	r->log_error = arena_printf(r->arena, "sso_file: %s", why);
	return request_fail(r, ERR_UNAVAILABLE, "Single sign-on is not set up as it should be; sign in with the password.");
}

enum err providers_read(struct request *r, const struct provider **ret_all, size_t *ret_count)
{
	const char         *why = NULL, *text;
	struct json_object *list;
	struct provider    *all;

	*ret_count = 0;
	*ret_all = NULL;
	if (!*r->settings->sso_file)
		return ERR_NONE;
	text = file_text(r->arena, r->settings->sso_file, FILE_MAX, &why);
	if (!text)
		return fail(r, why);
	list = json_read(r->arena, text, strlen(text), &why);
	if (why || !json_object_is_type(list, json_type_array))
		return fail(r, why ? why : "it is no list");
	*ret_count = json_object_array_length(list);
	*ret_all = all = arena_alloc(r->arena, (*ret_count + 1) * sizeof(*all));
	for (size_t i = 0; i < *ret_count && !why; i++)
		why = read_one(r->arena, json_object_array_get_idx(list, i), &all[i]);
	return why ? fail(r, why) : ERR_NONE;
}

enum err provider_find(struct request *r, const char *name, const struct provider **ret)
{
	const struct provider *all;
	size_t                 count;
	enum err               err = providers_read(r, &all, &count);

	for (size_t i = 0; !err && i < count; i++)
		if (strcmp(all[i].name, name) == 0) {
			*ret = &all[i];
			return ERR_NONE;
		}
	return err ? err : request_fail(r, ERR_NOT_FOUND, "There is no such provider.");
}
