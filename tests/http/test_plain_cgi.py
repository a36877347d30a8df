"""Every program as plain CGI: one request, tried from a shell."""

import json
import subprocess

import pytest

import plain_cgi
import strict_csv
from contract import OPERATIONS, check_fits
from instance import BUILD, PROGRAMS
from world import SCHOOL_A, csv_text, pupil_row

VISITS = "/api/v1/visits"


@pytest.fixture
def cgi(instance, tmp_path):
    """cgi(program, method, uri, body, **environment): (status, headers, body)."""

    def run(program, method, uri, body=b"", **environment):
        given = {
            "DOORSTEP_DATABASE": instance.conninfo(f"doorstep_{program}"),
            "DOORSTEP_SPOOL_DIR": str(tmp_path),
            **environment,
        }
        status, headers, content, log = plain_cgi.run(program, method, uri, body, **given)
        for line in log.splitlines():
            json.loads(line)
        assert int(headers["Content-Length"]) == len(content) or method == "HEAD"
        return status, headers, content

    return run


@pytest.fixture
def bearer(office):
    return {"HTTP_AUTHORIZATION": f"Bearer {office.token}"}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_every_program_tells_how_it_is(cgi, program, path):
    status, headers, body = cgi(program, "GET", path)
    assert (status, json.loads(body)) == (200, {"status": "ok"})
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_refuses_what_it_does_not_have(cgi, program):
    for method, uri, wanted in (
        ("GET", "/nothing", 404),
        ("DELETE", "/healthz", 405),
        ("GET", "/healthz?x=1", 400),
        ("GET", "nothing", 400),
    ):
        status, headers, body = cgi(program, method, uri)
        assert status == wanted == json.loads(body)["status"]
        assert headers["Content-Type"] == "application/problem+json"


def test_auth_issues_a_token(cgi, office):
    form = f"grant_type=client_credentials&client_id=office&client_secret={office.secret}".encode()
    status, _, body = cgi("auth", "POST", "/oauth2/token", form, CONTENT_TYPE="application/x-www-form-urlencoded")
    office.on_token(json.loads(body)["access_token"])
    assert status == 200 and json.loads(body)["token_type"] == "Bearer"


def test_records_plans_and_reads_a_visit(cgi, world, bearer):
    body = json.dumps(world.plan()).encode()
    status, headers, made = cgi("records", "POST", VISITS, body, CONTENT_TYPE="application/json", **bearer)
    assert status == 201
    check_fits(
        json.loads(made), OPERATIONS["POST", VISITS]["responses"]["201"]["content"]["application/json"]["schema"]
    )
    status, again, read = cgi("records", "GET", headers["Location"], **bearer)
    assert status == 200 and json.loads(read) == json.loads(made) and again["ETag"] == headers["ETag"]
    assert cgi("records", "HEAD", headers["Location"], **bearer)[2] == b""


def test_register_imports(cgi, world, bearer):
    text = csv_text("pupils", [pupil_row(SCHOOL_A)]).encode()
    status, _, body = cgi("register", "POST", "/api/v1/imports/pupils", text, CONTENT_TYPE="text/csv", **bearer)
    assert status == 200 and json.loads(body)["accepted"] == 1


def test_reports_exports(cgi, world, bearer):
    status, headers, body = cgi("reports", "GET", "/api/v1/schools.csv", **bearer)
    assert status == 200 and headers["Content-Type"] == "text/csv; charset=utf-8"
    assert {row["urn"] for row in strict_csv.read_dicts(body)} >= {str(row["urn"]) for row in world.rows["schools"]}


def test_reports_changes_nothing_whatever_it_is_asked(cgi, world, bearer, stored):
    before = stored()
    status, _, _ = cgi(
        "reports", "POST", VISITS, json.dumps(world.plan()).encode(), CONTENT_TYPE="application/json", **bearer
    )
    assert status == 403
    assert stored() == before


def test_the_programs_keep_the_limits_without_nginx_too(cgi, world, bearer):
    big = b" " * (1024 * 1024 + 1)
    assert cgi("records", "POST", VISITS, big, CONTENT_TYPE="application/json", **bearer)[0] == 413
    assert cgi("records", "GET", "/" + "x" * 2000, **bearer)[0] == 413
    assert cgi("records", "GET", f"{VISITS}?{'x' * 9000}", **bearer)[0] == 413
    assert (
        cgi(
            "register",
            "POST",
            "/api/v1/imports/pupils",
            b"x" * 5000,
            CONTENT_TYPE="text/csv",
            DOORSTEP_IMPORT_KIB="4",
            **bearer,
        )[0]
        == 413
    )


@pytest.mark.parametrize("length", ["100", "-1", "x", "99999999999999999999999"])
def test_a_body_of_another_length_is_400_or_413(cgi, world, bearer, stored, length):
    before = stored()
    body = json.dumps(world.plan()).encode()
    given = str(len(body) + 100) if length == "100" else length
    status, _, _ = cgi("records", "POST", VISITS, body, CONTENT_TYPE="application/json", CONTENT_LENGTH=given, **bearer)
    assert status in (400, 413)
    assert stored() == before


def test_without_a_database_it_is_503(cgi, bearer):
    status, headers, body = cgi("records", "GET", VISITS, DOORSTEP_DATABASE="host=/nonexistent dbname=x", **bearer)
    assert status == 503 and headers["Retry-After"] == "1"
    assert b"nonexistent" not in body


@pytest.mark.parametrize("environment", [{"REQUEST_METHOD": None}, {"REQUEST_URI": None}, {"REQUEST_URI": ""}])
def test_without_what_cgi_gives_it_is_400(cgi, environment):
    assert cgi("records", "GET", VISITS, **environment)[0] == 400


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_describe_themselves(program):
    binary = str(BUILD / f"doorstep-{program}")
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith(f"doorstep-{program} ")
    text = subprocess.run([binary, "--help"], capture_output=True, text=True, check=True).stdout
    assert text.startswith(f"Usage: doorstep-{program}") and "DOORSTEP_DATABASE" in text
    assert subprocess.run([binary, "--nonsense"], capture_output=True).returncode == 1


@pytest.mark.parametrize(
    "name, value",
    [
        ("DOORSTEP_DEADLINE_MS", "soon"),
        ("DOORSTEP_TOKEN_SECONDS", "1"),
        ("DOORSTEP_BODY_KIB", "99999999999999999999"),
        ("DOORSTEP_MEMORY_MIB", "-5"),
    ],
)
def test_a_wrong_setting_keeps_a_program_from_starting(name, value):
    done = subprocess.run(
        [BUILD / "doorstep-records"],
        env={name: value, "REQUEST_METHOD": "GET", "REQUEST_URI": "/healthz"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 78 and name.removeprefix("DOORSTEP_").lower() in done.stderr.lower()
