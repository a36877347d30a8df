#include "records/resources.h"

static const struct field list_fields[] = { LIST_PAGE_FIELDS, { 0 } };
static const struct field one_field[] = { ID_IN_PATH("account", "The member of staff whose account it is"), { 0 } };
static const struct field add_fields[] = {
	{ "staff", .type = FIELD_INT, .required = true, .min = 1,
	  .doc = "Id of the member of staff, to whose e-mail address the link is mailed" },
	{ 0 }
};

static const struct field account[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "The member of staff whose account it is" },
	{ "login", .type = FIELD_TEXT, .required = true, .doc = "With what they sign in: an e-mail address" },
	{ "given_name", .type = FIELD_TEXT, .required = true, .doc = "Given name" },
	{ "family_name", .type = FIELD_TEXT, .required = true, .doc = "Family name" },
	{ "password_set_at", .type = FIELD_TIME, .doc = "When they last set their password; none: they have not yet" },
	{ "totp", .type = FIELD_BOOL, .required = true, .doc = "Whether a one-time code is asked of them" },
	{ "invited_at", .type = FIELD_TIME, .doc = "When they were last mailed a link to begin with" },
	{ "signed_in_at", .type = FIELD_TIME, .doc = "When they last signed in with their password; forgotten with their browsers" },
	{ "created_at", .type = FIELD_TIME, .required = true, .doc = "When it was made" },
	{ "disabled_at", .type = FIELD_TIME, .doc = "When they were shut out; none while they may sign in" },
	{ 0 }
};

#define ACCOUNT .answer = account, .noun = "account", .nouns = "accounts"

static const int change_statuses[] = { 404, 0 };

const struct route account_routes[] = {
	{ .method = "GET", .path = "/api/v1/accounts", .summary = "List the accounts of people", .scope = "accounts:read",
	  .fields = list_fields, ACCOUNT, .function = "api.account_list", .shape = MANY_ROWS },
	{ .method = "GET", .path = "/api/v1/accounts/{account}", .summary = "Read one account", .scope = "accounts:read",
	  .fields = one_field, ACCOUNT, .function = "api.account_read" },
	{ .method = "POST", .path = "/api/v1/accounts", .summary = "Give a member of staff an account, and mail them the link",
	  .scope = "accounts:write", .fields = add_fields, ACCOUNT, .function = "api.account_add",
	  .location = "/api/v1/accounts/%s", .status = 201 },
	{ .method = "POST", .path = "/api/v1/accounts/{account}/invite",
	  .summary = "Mail a person a new link, to the address that they have today", .scope = "accounts:write",
	  .fields = one_field, ACCOUNT, .function = "api.account_invite", .statuses = change_statuses },
	{ .method = "POST", .path = "/api/v1/accounts/{account}/disable", .summary = "Shut a person out at once",
	  .scope = "accounts:write", .fields = one_field, ACCOUNT, .function = "api.account_disable",
	  .statuses = change_statuses },
	{ .method = "POST", .path = "/api/v1/accounts/{account}/enable", .summary = "Let a person in again",
	  .scope = "accounts:write", .fields = one_field, ACCOUNT, .function = "api.account_enable",
	  .statuses = change_statuses },
	{ .method = "POST", .path = "/api/v1/accounts/{account}/totp-removal",
	  .summary = "Ask no code of a person who lost what makes them, and sign them out", .scope = "accounts:write",
	  .fields = one_field, ACCOUNT, .function = "api.account_remove_totp", .statuses = change_statuses },
	{ 0 }
};
