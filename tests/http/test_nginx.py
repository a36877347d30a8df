"""What nginx itself does: it refuses what is malformed, keeps limits, and lets no request hide in another."""

import json
import os
import socket
import stat

import pytest

import contract
import fastcgi
from client import Api, code
from instance import PROGRAMS, wait_until
from raw import exchange, parse, talk
from world import SCHOOL_A

VISITS = "/api/v1/visits"
CLOSE = "Host: x\r\nConnection: close\r\n"
POST = f"POST {VISITS} HTTP/1.1\r\n{CLOSE}"


def checked(answer):
    """The problem of an answer that nginx made, held against the rules of every answer."""
    contract.check_headers(answer.status, answer.headers)
    return contract.check_problem(answer.status, answer.headers, answer.body)


@pytest.fixture
def ask(instance):
    """ask(text): the answers to what is sent as it stands."""
    return lambda data, **more: exchange(
        instance.port, data if isinstance(data, bytes) else data.encode("latin-1"), **more
    )


# --------------------------------------------------------- malformed requests


MALFORMED = {
    "no HTTP": "HELLO\r\n\r\n",
    "version 3": f"GET / HTTP/3.0\r\n{CLOSE}\r\n",
    "no Host": "GET /healthz HTTP/1.1\r\n\r\n",
    "two Hosts": f"GET /healthz HTTP/1.1\r\nHost: y\r\n{CLOSE}\r\n",
    "lower-case method": f"get /healthz HTTP/1.1\r\n{CLOSE}\r\n",
    "length and chunked": f"{POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": f"{POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}",
    "negative length": f"{POST}Content-Length: -1\r\n\r\n",
    "length of letters": f"{POST}Content-Length: abc\r\n\r\n",
    "length beyond 2^63": f"{POST}Content-Length: 99999999999999999999\r\n\r\n",
    "bad chunk": f"{POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "control character in a header": f"GET /healthz HTTP/1.1\r\n{CLOSE}X-Y: a\x00b\r\n\r\n",
    "blank before the colon": f"GET /healthz HTTP/1.1\r\n{CLOSE}X-Y : a\r\n\r\n",
    "bare CR in a header": f"GET /healthz HTTP/1.1\r\n{CLOSE}X-Y: a\rX-Z: b\r\n\r\n",
    "the same length twice": f"{POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}",
    "folded header": f"GET /healthz HTTP/1.1\r\n{CLOSE}X-Y: a\r\n b\r\n\r\n",
    "two Authorizations": f"GET {VISITS} HTTP/1.1\r\n{CLOSE}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    "two Content-Types": f"{POST}Content-Type: text/csv\r\nContent-Type: text/csv\r\nContent-Length: 2\r\n\r\n{{}}",
    "NUL in the path": f"GET /api/v1/vis\x00its HTTP/1.1\r\n{CLOSE}\r\n",
    "a byte over 127 in the path": f"GET /api/v1/vis\xefts HTTP/1.1\r\n{CLOSE}\r\n",
    "blank in the path": f"GET /api/v1/vis its HTTP/1.1\r\n{CLOSE}\r\n",
}
ODD_PATHS = [
    "/api/v1/%2e%2e/admin",
    "/api/v1/%2E%2E/",
    "/api/v1%2fvisits",
    "/api/v1/%76isits",
    "//api/v1/visits",
    "/api//v1/visits",
    "/api/v1/./visits",
    "/api/v1/../v1/visits",
    "/../../etc/passwd",
    "/api/v1/visits;x=1",
    "/api/v1/visits%00",
    "/api/v1/visits%",
    "/api/v1/%c0%af",
    "/api/v1/%ed%a0%80",
    "/api/v1/visits/.git",
    "/.env",
    "/api/v1/visits\\x",
    "/api/v1/vis'its",
    "/api/v1/<b>",
    "/api/v1/visits/1|2",
    "/api/v1/visits/{1}",
    "/api/v1/visits/*",
    "/api/v1/visits/1,2",
    "/healthz%0d%0aX: y",
]


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_400_as_a_problem(ask, data):
    answer = ask(data)[0]
    assert answer.status in (400, 405, 501, 505)
    assert len(ask(data)) == 1
    checked(answer)


@pytest.mark.parametrize("path", ODD_PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_odd_path_is_400(ask, office, method, path):
    (answer,) = ask(
        f"{method} {path} HTTP/1.1\r\n{CLOSE}Authorization: Bearer {office.token}\r\nContent-Length: 0\r\n\r\n"
    )
    assert answer.status == 400
    assert checked(answer)["type"] == "/problems#malformed"


@pytest.mark.parametrize(
    "path", ["/api/v1/visits.", "/api/v1/visits~", "/API/v1/visits", "/api/v1/visits/1.2", "/healthz/", "/problems/"]
)
def test_a_plain_path_that_leads_nowhere_is_404(office, path):
    office.get(path, 404)


def test_http_0_9_gets_nothing_of_an_answer(instance):
    assert b'"ok"' not in talk(instance.port, b"GET /healthz\r\n")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "FOO", "PROPFIND", "PATCHX"])
def test_methods_that_nobody_offers_are_405_or_400(ask, office, method):
    (answer,) = ask(f"{method} {VISITS} HTTP/1.1\r\n{CLOSE}Authorization: Bearer {office.token}\r\n\r\n")
    assert answer.status in (400, 405)
    assert office.token.encode() not in answer.body
    checked(answer)


def test_an_unknown_transfer_coding_is_refused(ask):
    answer = ask(f"{POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")[0]
    assert answer.status in (400, 501)
    checked(answer)


# --------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    "sent, status",
    [
        (f"GET /api/v1/visits?{'x' * 9000} HTTP/1.1\r\n{CLOSE}\r\n", 414),
        (f"GET /{'x' * 9000} HTTP/1.1\r\n{CLOSE}\r\n", 414),
        (f"GET /healthz HTTP/1.1\r\n{CLOSE}X-Long: {'x' * 9000}\r\n\r\n", 431),
        (f"GET /healthz HTTP/1.1\r\n{CLOSE}" + "".join(f"X-{n}: {'x' * 7000}\r\n" for n in range(6)) + "\r\n", 431),
    ],
    ids=["query", "path", "one header", "all headers"],
)
def test_a_head_over_the_limit_is_refused(ask, sent, status):
    answer = ask(sent)[0]
    assert answer.status == status
    assert checked(answer)["type"] == "/problems#too-large"


@pytest.mark.parametrize(
    "path, limit",
    [
        ("/oauth2/token", 16 * 1024),
        ("/oauth2/revoke", 16 * 1024),
        (VISITS, 1024 * 1024),
        ("/api/v1/imports/pupils", 64 * 1024 * 1024),
        ("/api/v1/imports/register", 1024 * 1024 * 1024),
        ("/api/v1/imports/register", 2 * 1024 * 1024 * 1024),
    ],
)
def test_a_declared_body_over_the_limit_is_413_before_it_is_sent(ask, office, path, limit):
    head = f"POST {path} HTTP/1.1\r\n{CLOSE}Authorization: Bearer {office.token}\r\nContent-Type: text/plain\r\n"
    (answer,) = ask(f"{head}Content-Length: {limit + 1}\r\n\r\n", enough=1)
    assert answer.status == 413
    assert checked(answer)["type"] == "/problems#too-large"


def test_nobody_without_a_token_has_a_large_file_taken_in(ask):
    head = f"POST /api/v1/imports/register HTTP/1.1\r\n{CLOSE}Content-Type: text/csv\r\n"
    (answer,) = ask(f"{head}Content-Length: {2**20 + 1}\r\n\r\n", enough=1)
    assert answer.status == 413
    (answer,) = ask(f"{head}Content-Length: 1\r\n\r\nx", enough=1)
    assert answer.status == 401


@pytest.mark.parametrize("path, limit", [("/oauth2/token", 16 * 1024), (VISITS, 1024 * 1024)])
def test_a_chunked_body_over_the_limit_is_413(instance, office, path, limit):
    head = f"POST {path} HTTP/1.1\r\n{CLOSE}Authorization: Bearer {office.token}\r\n".encode()
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    answer = exchange(instance.port, head + chunk * (limit // 0x4000 + 2))[0]
    assert answer.status == 413
    checked(answer)


@pytest.mark.parametrize("path, limit", [("/oauth2/token", 16 * 1024), (VISITS, 1024 * 1024)])
def test_a_body_at_the_limit_is_read(office, path, limit):
    answer = office.post_text(
        path, b" " * limit, None, "text/plain", headers={"Authorization": f"Bearer {office.token}"}
    )
    assert answer.status_code == 415


@pytest.fixture(scope="module")
def slow_door(start_instance):
    """An instance that lets one request a second through."""
    return start_instance(rate=1, workers=1)


@pytest.mark.parametrize("method, path", [("GET", "/healthz"), ("GET", VISITS), ("POST", "/oauth2/token")])
def test_beyond_the_rate_is_429_and_passes(slow_door, method, path):
    api = Api(slow_door.url)
    form = (
        {"data": {"grant_type": "client_credentials", "client_id": "x", "client_secret": "guess"}}
        if method == "POST"
        else {}
    )
    answers = [api.call(method, path, **form) for _ in range(8)]
    refused = [a for a in answers if a.status_code == 429]
    assert refused and all(code(a) == "too-many-requests" for a in refused)
    wait_until(lambda: api.call(method, path, **form).status_code != 429, pause=0.5)


def token_from(address, slow_door, secret):
    """The status of a request for a token that comes from an address of this machine; and Retry-After."""
    form = f"grant_type=client_credentials&client_id=guessed&client_secret={secret}"
    with socket.create_connection(("127.0.0.1", slow_door.port), 30, (address, 0)) as s:
        s.sendall(
            f"POST /oauth2/token HTTP/1.1\r\n{CLOSE}Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(form)}\r\n\r\n{form}".encode()
        )
        (answer,) = parse(s.makefile("rb").read())
    return answer.status, checked(answer)["status"] if answer.status != 200 else None


def test_who_guesses_secrets_is_slowed_down_and_nobody_else(slow_door, secrets):
    secret = slow_door.make_client("guessed", ["visits:read"], None)
    secrets.add(secret)
    statuses = [token_from("127.0.0.3", slow_door, f"guess-{n}")[0] for n in range(200)]  # from where nobody asked before
    assert set(statuses) == {401, 429} and statuses.count(401) < statuses.count(429)
    assert token_from("127.0.0.2", slow_door, secret)[0] == 200


# ------------------------------------------------------- headers with no effect


@pytest.mark.parametrize(
    "header",
    [
        "Proxy: http://127.0.0.1:9/",
        "X-Forwarded-For: 203.0.113.7",
        "X-Real-IP: 203.0.113.7",
        "X_Real_IP: 203.0.113.7",
        "Forwarded: for=203.0.113.7",
        "X-HTTP-Method-Override: DELETE",
        "X-Original-URL: /api/v1/pupils",
        "X-Rewrite-URL: /api/v1/pupils",
        "Remote-User: postgres",
        "X-Request-Id: " + "f" * 32,
        "Request-Id: " + "f" * 32,
        "X-Accel-Redirect: /etc/passwd",
        "X-Forwarded-Host: evil.example",
        "Content-Length: 0",
        "Expect: 100-continue",
        "Range: bytes=0-1",
        "Upgrade: h2c",
        "Cookie: a=b",
    ],
)
def test_a_header_changes_nothing(ask, office, visit, instance, header):
    path = f"{VISITS}/{visit['id']}"
    answer = ask(f"GET {path} HTTP/1.1\r\n{CLOSE}Authorization: Bearer {office.token}\r\n{header}\r\n\r\n")[-1]
    assert answer.status == 200 and json.loads(answer.body) == visit
    number = answer.headers["X-Request-Id"]
    assert number != "f" * 32
    wait_until(lambda: number in instance.log("nginx-access"))
    (line,) = (line for line in instance.log_lines("nginx-access") if line["request"] == number)
    assert line["address"] == "127.0.0.1" and line["path"] == path and line["method"] == "GET"


def test_the_access_log_is_ascii_whatever_was_asked_for(ask, instance):
    ask(f'GET /api/v1/vis\xefts\x7f"\\ HTTP/1.1\r\n{CLOSE}\r\n')
    (instance.state / "log/nginx-access.log").read_bytes().decode("ascii")


def test_the_access_log_has_no_query_and_no_header(office, instance):
    office.get(f"{VISITS}?school={SCHOOL_A}&planned_from=2027-01-13")
    wait_until(lambda: f'"path":"{VISITS}"' in instance.log("nginx-access"))
    log = instance.log("nginx-access")
    assert "planned_from" not in log and office.token not in log and "python-requests" not in log


# ------------------------------------------------------------------- smuggling


def records_of_a_visit(office, world):
    """FastCGI records that a program would take for the planning of a visit."""
    body = json.dumps(world.plan(place={"address": "Smuggled"})).encode()
    return fastcgi.request(
        fastcgi.parameters(
            "POST", VISITS, len(body), CONTENT_TYPE="application/json", HTTP_AUTHORIZATION=f"Bearer {office.token}"
        ),
        body,
        keep=True,
    )


def http_of_a_visit(office, world):
    body = json.dumps(world.plan(place={"address": "Smuggled"}))
    return (
        f"POST {VISITS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {office.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


UNREAD = [
    ("POST", VISITS, "application/json", "", 401),
    ("GET", VISITS, "application/json", "", 401),
    ("POST", VISITS, "text/plain", "TOKEN", 415),
    ("POST", "/api/v1/nothing", "text/plain", "TOKEN", 404),
    ("PUT", VISITS, "text/plain", "TOKEN", 405),
    ("GET", f"{VISITS}/999999999", "text/plain", "TOKEN", 404),
    ("POST", "/oauth2/token", "text/plain", "", 415),
    ("POST", "/api/v1/imports/pupils", "text/plain", "TOKEN", 415),
    ("POST", "/api/v1/imports/pupils", "text/csv", "", 401),
    ("GET", "/healthz", "text/plain", "", 200),
]


@pytest.mark.parametrize("method, path, media_type, token, status", UNREAD)
@pytest.mark.parametrize("hidden", [records_of_a_visit, http_of_a_visit])
def test_an_unread_body_is_never_run_as_a_request(
    ask, office, world, query, hidden, method, path, media_type, token, status
):
    body = hidden(office, world)
    if path == "/oauth2/token":
        body = body[: 16 * 1024]
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n"
        + (f"Authorization: Bearer {office.token}\r\n" if token else "")
        + "\r\n"
    )
    found = ask(head.encode() + body + f"GET /healthz HTTP/1.1\r\n{CLOSE}\r\n".encode())
    assert [a.status for a in found] == [status, 200]
    assert query("select count(*) from data.visit where address = 'Smuggled'") == [(0,)]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_keeps_no_connection_even_if_asked(instance, office, world, query, program):
    """With FCGI_KEEP_CONN libfcgi would read the rest of the connection as the next request."""
    first = fastcgi.head(fastcgi.parameters("POST", "/nothing", 100_000), keep=True)
    data = fastcgi.talk(instance.socket_path(program), first + records_of_a_visit(office, world))
    assert len(fastcgi.answers(data)) <= 1
    assert query("select count(*) from data.visit where address = 'Smuggled'") == [(0,)]


def test_a_pipelined_request_behind_a_413_is_not_run(ask, office, world, query):
    head = (
        f"POST {VISITS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {office.token}\r\nContent-Length: 2000000\r\n\r\n"
    )
    found = ask(head.encode() + http_of_a_visit(office, world), timeout=2)
    assert [a.status for a in found] == [413]
    assert query("select count(*) from data.visit where address = 'Smuggled'") == [(0,)]


def test_pipelined_requests_have_their_own_rights_each(ask, office, world):
    get = f"GET {VISITS}?limit=1 HTTP/1.1\r\nHost: x\r\n"
    bearer = f"Authorization: Bearer {office.token}\r\n"
    data = f"{get}{bearer}\r\n{get}\r\n{get}{bearer}Connection: close\r\n\r\n"
    assert [a.status for a in ask(data)] == [200, 401, 200]


def test_a_request_of_another_protocol_version_is_answered_in_kind(ask):
    (answer,) = ask("GET /healthz HTTP/1.0\r\n\r\n")
    assert answer.status == 200 and answer.headers["Connection"] == "close"


# ----------------------------------------------------------- slow and silent


def test_who_sends_too_slowly_is_cut_off_and_nothing_is_stored(instance, office, visit, parallel, stored):
    """client_header_timeout and client_body_timeout: 10 s each; no worker waits for it meanwhile."""
    before = stored()
    head = f"POST {VISITS}/{visit['id']}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {office.token}\r\n"
    sent = [head.encode(), (head + 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"kind":').encode()]
    got = parallel(lambda data: talk(instance.port, data, timeout=40), sent * 8)
    assert all(data == b"" or data.startswith(b"HTTP/1.1 408 ") for data in got)
    office.get(VISITS)
    assert stored() == before


def test_half_a_fastcgi_header_frees_its_worker(instance, office):
    """Only nginx may reach the socket; still, whoever else does, does not pin a worker for ever."""
    before = set(instance.workers("auth"))
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(instance.socket_path("auth"))
        s.sendall(b"\x01\x01\x00")
        wait_until(lambda: set(instance.workers("auth")) - before, deadline=40)
    office.sign_in()


# -------------------------------------------------------------------- surroundings


def test_sockets_and_folders_are_closed_to_others(instance):
    for program in PROGRAMS:
        assert stat.S_IMODE(os.stat(instance.socket_path(program)).st_mode) == 0o660
    for folder, mode in (("run", 0o750), ("spool", 0o700), ("pg", 0o700)):
        assert stat.S_IMODE((instance.state / folder).stat().st_mode) == mode


@pytest.mark.parametrize(
    "path, media_type",
    [
        ("/api/v1/openapi.json", "application/json"),
        ("/problems", "text/html; charset=utf-8"),
        ("/api/v1/visits.xsd", "application/xml; charset=utf-8"),
    ],
)
def test_static_pages_have_type_and_headers(anyone, path, media_type):
    answer = anyone.get(path)
    assert answer.headers["Content-Type"] == media_type
    assert anyone.call("HEAD", path, expect=200).headers["Content-Length"] == answer.headers["Content-Length"]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert anyone.call(method, path, expect=405).headers["Allow"] == "GET, HEAD"
