/*
 * Run by the build: writes what nginx serves of the API's description, made
 * from the same rows as the programs.
 *
 *   doorstep-describe FOLDER REPORTS
 *
 * makes FOLDER/api/v1/openapi.json, an XSD for each list and report,
 * FOLDER/problems.html, and FOLDER/api/v1/report.schema.json of what a report.json is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/resources.h"
#include "auth/oauth.h"
#include "auth/own.h"
#include "auth/session.h"
#include "core/err.h"
#include "core/format.h"
#include "core/openapi.h"
#include "core/openapi_schema.h"
#include "core/service.h"
#include "records/resources.h"
#include "register/changes.h"
#include "register/imports.h"
#include "register/resources.h"
#include "reports/folder.h"
#include "reports/resources.h"
#include "sso/sign_on.h"

static const struct route *const routes[] = {
	health_routes, oauth_routes, session_routes, own_password_routes, own_totp_routes, sign_on_routes, RESOURCE_ROUTES,
	REGISTER_ROUTES, REPORT_ROUTES, import_routes, change_routes, AUDIT_ROUTES, NULL
};

static void refuse(const char *name, const char *why)
{
	fprintf(stderr, "doorstep-describe: the report %s: %s\n", name, why);
	exit(EXIT_FAILURE);
}

static void write_file(struct arena *a, const char *folder, const char *name, const char *text)
{
	const char *path = arena_printf(a, "%s/%s", folder, name);
	FILE       *file = fopen(path, "w");

	if (!file || fputs(text, file) == EOF || fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

/* Those of the programs, and first the reports that are folders. */
static const struct route *const *all_routes(struct arena *a, const char *folder, const char *reports)
{
	const struct settings settings = { .reports_dir = reports, .spool_dir = folder };

	return route_tables_join(a, (const struct route *[]){ folder_routes(a, &settings, refuse), NULL }, routes);
}

static void write_openapi(struct arena *a, const char *folder, const struct route *const *tables)
{
	struct json_object *document = openapi_document(a, tables);

	write_file(a, folder, "api/v1/openapi.json",
		   json_object_to_json_string_ext(document, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(document);
}

/* A report has its own path, lists of the same records may have several. */
static const char *name_of(const struct route *route)
{
	static const char prefix[] = "/api/v1/", reports[] = "reports/";
	const char *name = route->path + sizeof(prefix) - 1;

	return strncmp(name, reports, sizeof(reports) - 1) == 0 ? name : route->nouns;
}

static void write_report_schema(struct arena *a, const char *folder)
{
	struct json_object *schema = schema_of_fields(folder_fields, SCHEMA_SENT);

	json_object_object_add(schema, "$schema", json_object_new_string("https://json-schema.org/draft/2020-12/schema"));
	write_file(a, folder, "api/v1/report.schema.json",
		   json_object_to_json_string_ext(schema, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(schema);
}

static void write_xsd(struct arena *a, const char *folder, const struct route *route)
{
	struct output *out = output_new(a, folder);

	format_xsd(out, route->answer, route->noun, route->nouns);
	write_file(a, folder, arena_printf(a, "api/v1/%s.xsd", name_of(route)), output_contents(out));
}

static void write_problems(struct arena *a, const char *folder)
{
	struct output *out = output_new(a, folder);

	output_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Problems</title>\n"
		    "<h1>Problems</h1>\n<p>What the \"type\" of a problem+json stands for.</p>\n<dl>\n");
	for (enum err err = ERR_NONE + 1; err < ERR_COUNT; err++)
		output_printf(out, "<dt id=\"%s\">%s (%d)</dt>\n<dd>%s</dd>\n", err_code(err), err_code(err),
			      err_status(err), err_title(err));
	output_text(out, "</dl>\n</html>\n");
	write_file(a, folder, "problems.html", output_contents(out));
}

int main(int argc, char **argv)
{
	struct arena              *a = arena_new();
	const struct route *const *tables;

	if (argc != 3) {
		fprintf(stderr, "Usage: doorstep-describe FOLDER REPORTS\n");
		return EXIT_FAILURE;
	}
	tables = all_routes(a, argv[1], argv[2]);
	write_openapi(a, argv[1], tables);
	write_report_schema(a, argv[1]);
	for (const struct route *const *table = tables; *table; table++)
		for (const struct route *route = *table; route->method; route++)
			if (route->shape == MANY_ROWS)
				write_xsd(a, argv[1], route);
	write_problems(a, argv[1]);
	arena_free(a);
	return EXIT_SUCCESS;
}
