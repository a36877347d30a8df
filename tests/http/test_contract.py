"""The OpenAPI document is sound, true, and every refusal that it declares for an operation can be met.

503 is in test_outage.py; successes are all over the other files.
"""

import json
import re

import pytest
from jsonschema import Draft202012Validator

import accounted
import bodies
import contract
from client import code, pointers
from raw import exchange
from world import SCOPES

STATUS = re.compile(r"^[1-5][0-9][0-9]$")
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
OPERATION_SCHEMA = {
    "type": "object",
    "required": ["operationId", "summary", "responses", "security", "parameters"],
    "properties": {
        "operationId": {"type": "string", "pattern": "^[a-z_]+$"},
        "summary": {"type": "string", "minLength": 1},
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "in", "schema", "required", "description"],
                "properties": {"in": {"enum": ["path", "query", "header"]}, "required": {"type": "boolean"}},
            },
        },
        "requestBody": {
            "type": "object",
            "required": ["content"],
            "properties": {"content": {"$ref": "#/$defs/content"}},
        },
        "responses": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "anyOf": [{"required": ["description"]}, {"required": ["$ref"]}],
                "properties": {"content": {"$ref": "#/$defs/content"}},
            },
        },
        "security": {"type": "array", "items": {"type": "object"}},
    },
    "$defs": {
        "content": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": ["schema"],
                "properties": {"schema": {"type": "object"}},
            },
        }
    },
}
DOCUMENT_SCHEMA = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {
            "type": "object",
            "required": ["title", "version"],
            "properties": {"title": {"type": "string"}, "version": {"type": "string"}},
        },
        "servers": {"type": "array", "items": {"type": "object", "required": ["url"]}},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {"type": "object", "propertyNames": {"enum": sorted(METHODS)}},
        },
        "components": {"type": "object", "required": ["schemas", "responses", "securitySchemes"]},
    },
    "additionalProperties": False,
}
OPERATIONS = sorted(contract.OPERATIONS)


def declaring(status):
    """The operations that declare a refusal."""
    return [
        pytest.param(method, path, id=f"{method} {path}")
        for method, path, declared in sorted(contract.DECLARED)
        if declared == status
    ]


def for_clients(operations):
    """Those that are not about a person's own session, which a program has not."""
    return [o for o in operations if not accounted.is_own(o.values[1])]


def schemas_within(node):
    """Every schema of the document: what stands at a "schema", and the components."""
    if isinstance(node, dict):
        if isinstance(node.get("schema"), dict):
            yield node["schema"]
        for value in node.values():
            yield from schemas_within(value)
    elif isinstance(node, list):
        for value in node:
            yield from schemas_within(value)


def references_within(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references_within(value)
    elif isinstance(node, list):
        for value in node:
            yield from references_within(value)


# ------------------------------------------------------------ the document


def test_document_is_served_as_built(anyone):
    assert anyone.get("/api/v1/openapi.json").json() == contract.DOCUMENT


def test_document_has_the_form_of_openapi_3_1():
    Draft202012Validator(DOCUMENT_SCHEMA).validate(contract.DOCUMENT)


@pytest.mark.parametrize("method, path", OPERATIONS)
def test_operation_has_the_form_of_openapi_3_1(method, path):
    operation = contract.OPERATIONS[method, path]
    Draft202012Validator(OPERATION_SCHEMA).validate(operation)
    assert all(STATUS.match(status) for status in operation["responses"])
    assert any(status.startswith("2") or status == "303" for status in operation["responses"])
    in_path = [p["name"] for p in operation["parameters"] if p["in"] == "path"]
    assert sorted(in_path) == sorted(re.findall(r"\{([a-z_]+)\}", path))
    assert all(p["required"] for p in operation["parameters"] if p["in"] == "path")
    names = [(p["in"], p["name"]) for p in operation["parameters"]]
    assert len(names) == len(set(names))


def test_every_schema_is_a_schema():
    found = [*schemas_within(contract.DOCUMENT["paths"]), *contract.DOCUMENT["components"]["schemas"].values()]
    assert found
    for schema in found:
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere():
    for reference in set(references_within(contract.DOCUMENT)):
        node = contract.DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
        assert node


def test_operation_ids_are_unique():
    ids = [operation["operationId"] for operation in contract.OPERATIONS.values()]
    assert len(ids) == len(set(ids))


def test_scopes_of_the_operations_are_those_of_the_security_scheme():
    flow = contract.DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    asked = {
        scope
        for operation in contract.OPERATIONS.values()
        for need in operation["security"]
        for scope in need.get("oauth2", [])
    }
    assert asked == set(flow["scopes"]) == set(SCOPES)
    assert flow["tokenUrl"] == "/oauth2/token"


def test_lists_of_what_is_sent_take_no_null():
    """As the programs do: null in a list is refused."""
    plan = contract.OPERATIONS["POST", "/api/v1/visits"]["requestBody"]["content"]["application/json"]["schema"]
    for name in ("pupils", "team"):
        assert "null" not in plan["properties"][name]["items"]["type"]


def test_problem_codes_are_explained_on_the_page_that_type_leads_to(anyone):
    page = anyone.get("/problems").text
    for known in ("malformed", "not-found", "too-many-requests", "too-slow", "stale"):
        assert f'id="{known}"' in page, known


# ------------------------------------------------- what every operation says


@pytest.mark.parametrize("method, path", declaring(400))
def test_unknown_parameter_is_400(office, world, visit, method, path):
    answer = bodies.send(office, method, path, world, visit, query="?no_such=1", expect=400)
    if not path.startswith("/oauth2/"):
        assert pointers(answer) == ["/no_such"]


@pytest.mark.parametrize("method, path", [o for o in declaring(401) if contract.OPERATIONS[tuple(o.values)]["security"] or o.values[1].startswith("/oauth2/")])
@pytest.mark.parametrize("token", ["", "not-a-token"])
def test_no_or_a_bad_token_is_401(anyone, world, visit, method, path, token):
    answer = bodies.send(anyone, method, path, world, visit, token=token, expect=401)
    if not path.startswith("/oauth2/"):
        wanted = 'Bearer realm="doorstep"' + (', error="invalid_token"' if token else "")
        assert answer.headers["WWW-Authenticate"] == wanted


@pytest.mark.parametrize("method, path", [o for o in declaring(404) if "{" in o.values[1]])
def test_no_such_record_is_404(office, world, visit, method, path):
    assert (
        code(bodies.send(office, method, path, world, visit, path=bodies.absent_path(path), expect=404)) == "not-found"
    )


@pytest.mark.parametrize("method, path", OPERATIONS)
def test_a_method_that_is_not_offered_is_405_with_allow(office, world, visit, method, path):
    offered = {m for m, p in OPERATIONS if contract.fits(p, path)}
    for wrong in sorted({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"} - offered):
        answer = office.call(wrong, bodies.record_path(path, world, visit), expect=405)
        if wrong not in ("TRACE", "FOO"):
            allowed = set(answer.headers["Allow"].split(", "))
            assert allowed == offered | ({"HEAD"} if "GET" in offered else set())


@pytest.mark.parametrize("method, path", declaring(406))
@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "text/html, application/pdf"])
def test_a_format_that_is_not_offered_is_406(office, world, visit, method, path, accept):
    if "text/html" in contract.OPERATIONS[method, path]["responses"].get("200", {}).get("content", {}):
        accept = accept.replace("text/html", "text/plain")  # it has a printable page
    assert (
        code(bodies.send(office, method, path, world, visit, headers={"Accept": accept}, expect=406))
        == "not-acceptable"
    )


def takes_key(operation):
    return any(p["name"] == "Idempotency-Key" for p in contract.OPERATIONS[tuple(operation.values)]["parameters"])


# What cannot be fetched yet, or any more, is in test_exports.py and test_subject.py.
@pytest.mark.parametrize("method, path", [o for o in for_clients(declaring(409)) if takes_key(o)])
def test_a_key_that_is_in_use_is_409(office, world, visit, instance, fresh_upn, method, path):
    key = f"in-use-{fresh_upn()}"
    with instance.connect() as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [f"office {key}"])
        answer = bodies.send(office, method, path, world, visit, headers={"Idempotency-Key": key}, expect=409)
        cursor.execute("select pg_advisory_unlock_all()")
    assert code(answer) == "conflict"
    bodies.send(office, method, path, world, visit, headers={"Idempotency-Key": key}, expect=(200, 201, 202))


@pytest.mark.parametrize("method, path", declaring(412))
def test_a_stale_etag_is_412(office, world, visit, method, path):
    assert code(bodies.send(office, method, path, world, visit, headers={"If-Match": '"0"'}, expect=412)) == "stale"


@pytest.mark.parametrize("method, path", declaring(413))
def test_a_body_over_the_limit_is_413(office, world, visit, instance, method, path):
    if path == "/api/v1/imports/register":  # a gigabyte, so it is only announced
        head = f"POST {path} HTTP/1.1\r\nHost: doorstep\r\nAuthorization: Bearer {office.token}\r\nContent-Length: {2**30 + 1}\r\n\r\n"
        (answer,) = exchange(instance.port, head.encode(), enough=1)
        contract.check_answer(method, path, answer.status, answer.headers, answer.body)
        assert answer.status == 413
        return
    megabytes = 65 if path in bodies.IMPORTS else 2
    answer = bodies.send(office, method, path, world, visit, body=b" " * megabytes * 1024 * 1024, expect=413)
    assert code(answer) == "too-large"


@pytest.mark.parametrize("method, path", declaring(415))
@pytest.mark.parametrize("media_type", ["text/plain", "image/png", None])
def test_a_wrong_media_type_is_415(office, world, visit, method, path, media_type):
    answer = bodies.send(office, method, path, world, visit, media_type=media_type, expect=415)
    assert code(answer) == "media-type"


@pytest.mark.parametrize("method, path", declaring(415))
def test_a_coded_body_is_415(office, world, visit, method, path):
    bodies.send(office, method, path, world, visit, headers={"Content-Encoding": "gzip"}, expect=415)


@pytest.mark.parametrize("method, path", for_clients(declaring(422)))
def test_a_key_of_another_request_is_422(office, world, visit, fresh_upn, method, path):
    key = {"Idempotency-Key": f"reused-{fresh_upn()}"}
    bodies.send(office, method, path, world, visit, headers=key, expect=(200, 201, 202))
    _, body = bodies.good_body(method, path, world)
    other = {"body": body + " \n"} if "requestBody" in contract.OPERATIONS[method, path] else {"path": bodies.absent_path(path)}
    answer = bodies.send(office, method, path, world, visit, headers=key, expect=422, **other)
    assert code(answer) == "key-reused"


@pytest.mark.parametrize("method, path", declaring(428))
def test_a_change_without_if_match_is_428(office, world, visit, method, path):
    answer = bodies.send(office, method, path, world, visit, headers={"If-Match": None}, expect=428)
    assert code(answer) == "if-match-missing"


# Of exports in test_files.py.
@pytest.mark.parametrize("method, path", [o for o in declaring(304) if o not in declaring(206)])
def test_a_record_that_the_client_has_is_304(office, world, visit, method, path):
    etag = bodies.send(office, method, path, world, visit, expect=200).headers["ETag"]
    answer = bodies.send(office, method, path, world, visit, headers={"If-None-Match": etag}, expect=304)
    assert answer.headers["ETag"] == etag


RUN_BY_SCOPE = [o for o in declaring(404) if "{" not in o.values[1] and tuple(o.values) in contract.SCOPES]
HIDDEN = {tuple(o.values) for o in RUN_BY_SCOPE}


@pytest.mark.parametrize("method, path", [o for o in for_clients(declaring(403)) if tuple(o.values) not in HIDDEN])
def test_a_missing_scope_is_403(office, world, visit, method, path):
    wanted = contract.SCOPES[method, path]
    api = office.with_scope(*(scope for scope in SCOPES if scope != wanted))
    answer = bodies.send(api, method, path, world, visit, expect=403)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="doorstep", error="insufficient_scope"'


@pytest.mark.parametrize("method, path", RUN_BY_SCOPE)
def test_what_may_not_be_run_without_its_scope_is_as_if_it_were_not_there(office, world, visit, method, path):
    wanted = contract.SCOPES[method, path]
    api = office.with_scope(*(scope for scope in SCOPES if scope != wanted))
    answer = bodies.send(api, method, path, world, visit, expect=404)
    assert code(answer) == "not-found" and "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize("method, path", [o for o in OPERATIONS if not o[1].startswith("/oauth2/") and not accounted.is_own(o[1])])
def test_success_is_as_declared(office, world, visit, method, path):
    bodies.send(office, method, path, world, visit, expect=(200, 201, 202))


def test_every_path_outside_the_document_is_404(office):
    for path in (
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/visits",
        "/api/v1/nothing",
        "/api/v1/visits/",
        "/oauth2",
        "/api/v1/visits/1/nothing",
        "/api/v1/visits/abc",
        "/api/v1/visits/0",
        "/api/v1/visits/01",
        "/api/v1/schools/1",
        "/api/v1/imports",
        "/api/v1/imports/registers",
        "/api/v1/imports/register/0",
        "/api/v1/attendance",
        "/api/v1/changes/",
        "/oauth2/",
        "/oauth2/authorize",
        "/_export",
        "/_list",
        "/_import",
        "/_error",
        "/index.html",
        "/api/v1/nothing.xsd",
        "/api/v1/nothing.pdf",
    ):
        answer = office.call("GET", path, expect=404)
        assert code(answer) == "not-found", path
        assert json.loads(answer.content)["status"] == 404
