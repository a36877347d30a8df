"""What every answer must be: the rules of the API and its OpenAPI document.

SEEN collects (method, route, status) of all answers, so that a test at the end
can tell what was declared and never exercised.
"""

import datetime
import json
import re

from jsonschema import Draft202012Validator, FormatChecker

from instance import BUILD

SUFFIXES = (".json", ".ndjson", ".csv", ".xml", ".xlsx", ".html")
MEDIA_TYPES = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "zip": "application/zip",
    "problem": "application/problem+json",
}
# nginx answers these to any path, before a route is known.
ANYWHERE = {405, 408, 411, 414, 416, 421, 429, 431, 501}
STATIC = re.compile(r"^/(problems|api/v1/(openapi|report\.schema)\.json|account/[a-z-]+\.(html|js|css)|api/v1/(reports/)?[a-z_-]+\.xsd)$")
SECURITY_HEADERS = {
    "Server": "nginx",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
# A page has a style of its own, and no other.
PAGE_POLICY = re.compile(r"^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; frame-ancestors 'none'$")
formats = FormatChecker(formats=())


@formats.checks("date", raises=ValueError)
def is_date(value):
    return not isinstance(value, str) or bool(datetime.date.fromisoformat(value))


@formats.checks("date-time", raises=ValueError)
def is_utc_time(value):
    if not isinstance(value, str):
        return True
    return value.endswith("Z") and "T" in value and bool(datetime.datetime.fromisoformat(value[:-1]))


def load_document():
    return json.loads((BUILD / "html/api/v1/openapi.json").read_text())


DOCUMENT = load_document()
OPERATIONS = {
    (method.upper(), path): operation for path, item in DOCUMENT["paths"].items() for method, operation in item.items()
}
DECLARED = {
    (method, path, int(status)) for (method, path), operation in OPERATIONS.items() for status in operation["responses"]
}
# Those that a program's token opens, by what they want; the others are about a person's own session, or open to all.
SCOPES = {
    key: need["oauth2"][0] for key, operation in OPERATIONS.items() for need in operation["security"] if "oauth2" in need
}
SEEN = set()
_routes = [
    (re.compile("^" + re.sub(r"\\{[a-z_]+\\}", "[^/]+", re.escape(path)) + "$"), path)
    for path in sorted(DOCUMENT["paths"], key=lambda p: p.count("{"))
]
_validators = {}


def route_of(path):
    """The declared path that a path stands for, or None."""
    for suffix in SUFFIXES:
        if path.endswith(suffix):
            path = path[: -len(suffix)]
            break
    return next((route for pattern, route in _routes if pattern.match(path)), None)


def fits(route, path):
    """Whether a path, or another route, is one that the route stands for."""
    return any(pattern.match(path) for pattern, known in _routes if known == route)


def validator(schema):
    """Of a schema of the document, whose components it may refer to."""
    key = json.dumps(schema, sort_keys=True)
    if key not in _validators:
        _validators[key] = Draft202012Validator(
            {**schema, "components": DOCUMENT["components"]}, format_checker=formats
        )
    return _validators[key]


def check_fits(instance, schema):
    errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in validator(schema).iter_errors(instance)]
    assert not errors, f"off the schema: {errors[:5]} in {str(instance)[:500]}"


def check_problem(status, headers, body):
    """RFC 9457, and the headers that go with a status."""
    assert headers["Content-Type"] == MEDIA_TYPES["problem"]
    problem = json.loads(body)
    check_fits(problem, {"$ref": "#/components/schemas/problem"})
    assert problem["status"] == status
    assert problem["instance"] == headers["X-Request-Id"]
    assert re.match(r"^/problems#[a-z-]+$", problem["type"]), problem
    check_problem_headers(status, headers)
    return problem


def check_problem_headers(status, headers):
    assert ("Retry-After" in headers) == (status in (429, 503)), headers
    assert ("Allow" in headers) == (status == 405), headers
    if status in (429, 503):
        assert int(headers["Retry-After"]) >= 1
    if status == 401:
        assert headers["WWW-Authenticate"].startswith(("Bearer ", "Basic "))


def check_headers(status, headers):
    assert re.match(r"^[0-9a-f]{32}$", headers["X-Request-Id"]), headers
    for name, value in SECURITY_HEADERS.items():
        if name == "Content-Security-Policy" and headers.get("Content-Type") == MEDIA_TYPES["html"]:
            assert PAGE_POLICY.match(headers[name]) or headers[name] == value, headers[name]
        else:
            assert headers.get(name) == value, f"{name}: {headers.get(name)}"
    if status == 304:
        assert "Content-Type" not in headers


def check_declared(method, path, status):
    """An answer is one that the document declares; paths and methods that it does not have get 404 and 405."""
    route = route_of(path)
    if route is None:
        of_no_format = re.fullmatch(r"(.*)\.[A-Za-z][^./]*", path)
        if status == 406 and of_no_format:
            return check_declared(method, of_no_format.group(1), status)
        assert STATIC.match(path) or status in {400, 404} | ANYWHERE, f"{status} of {path}"
        return None
    if (method, route) not in OPERATIONS:
        assert status in {400} | ANYWHERE, f"{status} of {method} {route}, which has no such method"
        return None
    SEEN.add((method, route, status))
    assert (method, route, status) in DECLARED or status in ANYWHERE, f"{method} {route} does not declare {status}"
    return OPERATIONS[method, route]


def check_success(operation, status, headers, body):
    content = operation["responses"][str(status)]["content"]
    media_type = headers["Content-Type"]
    assert media_type in MEDIA_TYPES.values(), media_type
    if "*/*" in content:  # what was kept, of whatever type
        return
    assert media_type.partition(";")[0] in content, media_type
    schema = content[media_type.partition(";")[0]]["schema"]
    if media_type == MEDIA_TYPES["json"]:
        check_fits(json.loads(body), schema)
    elif media_type == MEDIA_TYPES["ndjson"]:
        for line in body.decode().split("\n")[:-1]:
            check_fits(json.loads(line), schema)
    elif media_type not in (MEDIA_TYPES["zip"], MEDIA_TYPES["xlsx"]):
        body.decode()


def check_answer(method, path, status, headers, body):
    """All that holds for an answer of nginx or a program; path without its query, headers without regard to case."""
    assert status < 500 or status == 503, f"{status} of {method} {path}: {body[:500]}"
    head = method == "HEAD"
    operation = check_declared("GET" if head else method, path, status)
    check_headers(status, headers)
    if "Content-Length" in headers and "Content-Encoding" not in headers and not head:
        assert int(headers["Content-Length"]) == len(body)
    if head or status == 304:
        assert body == b""
    elif status == 206:
        assert headers["Content-Range"].startswith("bytes ")
    elif status >= 400:
        check_problem(status, headers, body)
    elif operation:
        check_success(operation, status, headers, body)
