"""The database or a program is away: a true status at once, and everything works again by itself."""

import contextlib
import os
import signal

import pytest

import accounted
import bodies
import contract
from instance import wait_until
from ledger import Ledger

VISITS = "/api/v1/visits"
OPERATIONS = sorted(contract.OPERATIONS)


@pytest.fixture
def well(fragile):
    """Waits until all is well again after a test."""
    yield
    fragile.start()
    wait_until(lambda: fragile.office.call("GET", "/readyz").status_code == 200, deadline=60)


def prepare(fragile):
    """By operation: a request that is sent later, when nothing can be made ready for it."""
    visit = fragile.world.visit()
    return {operation: bodies.request(*operation, fragile.world, visit) for operation in OPERATIONS}


def send_all(fragile, requests, parallel):
    """The status and Retry-After of each operation."""

    def one(operation):
        answer = fragile.office.fork().call(**requests[operation])
        return answer.status_code, answer.headers.get("Retry-After")

    # Imports wait for one another, and when some wait the next is told to come back.
    imports = [operation for operation in requests if operation[0] == "POST" and operation[1] in bodies.IMPORTS]
    others = [operation for operation in requests if operation not in imports]
    return {**dict(zip(others, parallel(one, others))), **{operation: one(operation) for operation in imports}}


def unwell(statuses):
    """What is not as on a good day, on which the credentials of bodies.py are wrong, and some of what was prepared
    stands in the way of the rest."""
    return {
        operation: status
        for operation, (status, _) in statuses.items()
        if status not in ((401,) if operation[1].startswith("/oauth2/") else (200, 201, 202, 409))
        and not (accounted.is_own(operation[1]) and status in (401, 403, 404, 410, 429))
    }


def test_without_its_database_every_operation_is_503_and_alive(fragile, parallel, well):
    first = prepare(fragile)
    busy = unwell(send_all(fragile, first, parallel))  # on a machine that has much else to do
    assert set(busy.values()) <= {503}, busy
    assert not unwell(send_all(fragile, {operation: first[operation] for operation in busy}, map))
    left = prepare(fragile)
    fragile.postgres_command("stop", "-m", "fast")
    try:
        found = send_all(fragile, left, parallel)
    finally:
        fragile.postgres_command("start")
    assert found.pop(("GET", "/healthz")) == (200, None)
    assert found.pop(("GET", "/readyz")) == (503, "1")
    assert found.pop(("POST", "/api/v1/session/password-reset")) == (202, None)  # nobody learns what becomes of it
    assert found.pop(("GET", "/api/v1/session/providers")) == (200, None)  # those of a file
    assert found.pop(("GET", "/api/v1/session/sso/{provider}"))[0] == 404  # of which there are none
    assert found.pop(("GET", "/api/v1/session/sso/{provider}/callback"))[0] == 404
    assert found.pop(("GET", "/api/v1/reports")) == (200, None)  # found at start, and no secret
    assert {operation: answer for operation, answer in found.items() if answer != (503, "1")} == {}

    def is_well():
        still = unwell(send_all(fragile, left, parallel))
        for operation in [operation for operation in left if operation not in still]:
            del left[operation]
        return not left

    try:
        wait_until(is_well, deadline=30)
    except AssertionError:
        assert not list(left)
        raise


@pytest.mark.parametrize("suffix", ["csv", "xml", "ndjson", "xlsx"])
def test_without_its_database_an_export_is_503(fragile, well, suffix):
    fragile.postgres_command("stop", "-m", "fast")
    try:
        fragile.office.get(f"{VISITS}.{suffix}", 503)
    finally:
        fragile.postgres_command("start")
    wait_until(lambda: fragile.office.get(f"{VISITS}.{suffix}", (200, 503)).status_code == 200)


AWAY = {"auth": "/oauth2/token", "records": VISITS, "register": "/api/v1/imports/schools", "reports": f"{VISITS}.csv"}


@pytest.mark.parametrize("program", AWAY)
def test_without_a_program_its_paths_are_503_and_no_others(fragile, well, program):
    visit = fragile.world.visit()
    os.kill(fragile.pid(program), signal.SIGTERM)
    wait_until(lambda: not fragile.workers(program))

    def status(path):
        method = "GET" if path.startswith(VISITS) else "POST"
        return bodies.send(
            fragile.office, method, path.partition(".csv")[0], fragile.world, visit, path=path
        ).status_code

    found = {name: status(path) for name, path in AWAY.items()}
    assert found.pop(program) == 503
    assert 503 not in found.values()
    if program == "records":
        fragile.office.get("/healthz", 503)


@pytest.mark.parametrize("fault", ["backend killed", "restart"])
def test_a_restart_of_the_database_under_load_loses_and_doubles_nothing(fragile, well, fault):
    """503 while it lasts, never 500 (client.py sees to that), and recovery without anybody."""
    with Ledger(fragile) as ledger:
        ledger.wait_for(20)
        for _ in range(2):
            if fault == "restart":
                fragile.postgres_command("restart", "-m", "fast")
            else:
                (backend,) = fragile.query(
                    "select pid from pg_stat_activity where usename = 'doorstep_records' order by random() limit 1"
                )
                os.kill(backend[0], signal.SIGKILL)
            ledger.wait_for(20)
    assert set(ledger.statuses) <= {201, 503, 409}
    ledger.check()


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_database_that_does_not_answer_is_503_in_time_and_the_rest_goes_on(fragile, well, method):
    visit = fragile.world.visit()
    path = f"{VISITS}/{visit['id']}"
    with contextlib.closing(fragile.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("begin; lock table data.visit in access exclusive mode")
        bodies.send(fragile.office, method, f"{VISITS}/{{visit}}", fragile.world, visit, expect=503)
        fragile.office.get("/api/v1/pupils")
        cursor.execute("rollback")
    assert fragile.office.get(path).json() == visit


def test_without_room_for_a_connection_it_is_503_and_recovers(fragile, well):
    end = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'doorstep_auth'"
    fragile.query("alter role doorstep_auth connection limit 0")
    try:
        fragile.query(end)
        fragile.office.call(
            "POST", "/oauth2/token", data={"grant_type": "client_credentials"}, auth=("office", "wrong"), expect=503
        )
    finally:
        fragile.query("alter role doorstep_auth connection limit -1")
    wait_until(lambda: fragile.office.sign_in())


@pytest.mark.parametrize("program", AWAY)
def test_a_connection_that_was_ended_is_made_anew_unseen(fragile, program):
    """Between two requests: no caller meets it."""
    visit = fragile.world.visit()
    fragile.query(f"select pg_terminate_backend(pid) from pg_stat_activity where usename = 'doorstep_{program}'")
    method = "GET" if AWAY[program].startswith(VISITS) else "POST"
    for _ in range(8):
        answer = bodies.send(
            fragile.office, method, AWAY[program].partition(".csv")[0], fragile.world, visit, path=AWAY[program]
        )
        assert answer.status_code in (200, 401)
