"""Workers killed, descriptors and disk used up, clients gone, nginx reloaded: nothing acknowledged is lost."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import threading
import time

import pytest
import requests

import fastcgi
from instance import BUILD, wait_until
from ledger import Ledger
from world import SCHOOL_A, csv_text, pupil_row

VISITS = "/api/v1/visits"
ROWS, TEXT = 4000, 4000


@pytest.fixture(scope="module")
def big(fragile):
    """With visits enough for an export that outgrows every buffer on its way."""
    fragile.query(
        f"""
        with made as (
            insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced)
            select {SCHOOL_A}, 'other', '2026-01-01', '2026-01-01 01:00',
                   repeat(n || ' Long Road ', {TEXT // 14}), false
              from generate_series(1, {ROWS}) as n
            returning visit_id),
        whom as (insert into data.visit_pupil (visit_id, school_urn, pupil_id, position)
                 select visit_id, {SCHOOL_A}, {fragile.world.pupils[SCHOOL_A][0]}, 1 from made)
        insert into data.team_member (visit_id, school_urn, position, name, lead)
        select visit_id, {SCHOOL_A}, 1, 'Long', true from made"""
    )
    return fragile


@pytest.fixture
def well(fragile):
    yield
    fragile.start()
    wait_until(lambda: fragile.office.call("GET", "/readyz").status_code == 200, deadline=60)


# --------------------------------------------------------------------- killed


def test_killing_workers_under_load_loses_and_doubles_nothing(fragile, well):
    with Ledger(fragile) as ledger:
        ledger.wait_for(10)
        for _ in range(12):
            victim = random.choice(wait_until(lambda: fragile.workers("records")))
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            ledger.wait_for(5)
    assert set(ledger.statuses) <= {201, 503, 409}
    assert ledger.statuses.count(503) <= 12, "a killed worker costs at most its own request"
    ledger.check()
    wait_until(lambda: len(fragile.workers("records")) == 4)


def test_stopping_workers_under_load_costs_no_request(fragile, well):
    """SIGTERM: what a worker has taken it answers; the queue is the supervisor's."""
    with Ledger(fragile) as ledger:
        ledger.wait_for(10)
        for _ in range(8):
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(wait_until(lambda: fragile.workers("records"))), signal.SIGTERM)
            ledger.wait_for(5)
    assert set(ledger.statuses) == {201}
    ledger.check()


def export_request(fragile):
    return fastcgi.request(
        fastcgi.parameters("GET", f"{VISITS}.csv", HTTP_AUTHORIZATION=f"Bearer {fragile.office.token}")
    )


def test_a_program_that_is_stopped_sends_its_export_to_the_end(big, well):
    """Straight from the program, which nginx's buffers would relieve; read slowly, so that it is still sending."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(60)
        s.connect(big.socket_path("reports"))
        s.sendall(export_request(big))
        data = s.recv(4096)
        os.kill(big.pid("reports"), signal.SIGTERM)
        time.sleep(0.5)
        data += fastcgi.read_all(s)
    (answer,) = fastcgi.answers(data)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    assert len(body) == length > ROWS * TEXT // 2
    wait_until(lambda: not big.workers("reports"))


def test_an_export_through_nginx_arrives_whole_though_its_program_is_stopped(big, well):
    answer = big.office.session.get(
        f"{big.url}{VISITS}.csv", headers={"Authorization": f"Bearer {big.office.token}"}, stream=True, timeout=60
    )
    data = answer.raw.read(4096)
    os.kill(big.pid("reports"), signal.SIGTERM)
    time.sleep(0.5)
    assert len(data + answer.raw.read()) == int(answer.headers["Content-Length"]) > ROWS * TEXT // 2


def test_an_idle_program_stops_with_all_its_workers(fragile, well):
    workers = fragile.workers("register")
    os.kill(fragile.pid("register"), signal.SIGTERM)
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers))


def test_the_death_of_a_supervisor_ends_its_workers(fragile, well):
    workers = fragile.workers("register")
    assert workers
    os.kill(fragile.pid("register"), signal.SIGKILL)
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers))


# --------------------------------------------------------------------- used up


def status_of(pid, name):
    """The first number of a line of /proc/PID/status."""
    with open(f"/proc/{pid}/status") as status:
        return int(next(line for line in status if line.startswith(f"{name}:")).split()[1])


def limit_descriptors(pids, soft):
    """As the user of the processes, which needs no privilege."""
    for pid in pids:
        user = ["setpriv", f"--reuid={status_of(pid, 'Uid')}", f"--regid={status_of(pid, 'Gid')}", "--clear-groups"]
        command = ["prlimit", "--pid", str(pid), f"--nofile={soft}:"]
        subprocess.run(command if os.geteuid() else user + command, check=True)


def test_workers_without_descriptors_wait_and_go_on(fragile):
    fragile.office.get(VISITS)
    workers, answers = fragile.workers("records"), []
    try:
        limit_descriptors(workers, 3)
        thread = threading.Thread(target=lambda: answers.append(fragile.office.fork().get(VISITS)))
        thread.start()
        wait_until(lambda: "no connection can be accepted" in fragile.log("records"))
    finally:
        limit_descriptors(workers, 64)
    thread.join()
    assert [a.status_code for a in answers] == [200]
    assert fragile.workers("records") == workers


@contextlib.contextmanager
def unwritable(spool):
    spool.chmod(0o500)
    try:
        yield
    finally:
        spool.chmod(0o700)


@contextlib.contextmanager
def gone(spool):
    away = spool.rename(spool.with_name("elsewhere"))
    try:
        yield
    finally:
        away.rename(spool)


@contextlib.contextmanager
def full(spool):
    owner = spool.stat()
    command = [
        "mount",
        "-t",
        "tmpfs",
        "-o",
        f"size=64k,mode=0700,uid={owner.st_uid},gid={owner.st_gid}",
        "tmpfs",
        str(spool),
    ]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(spool)], check=True)


@pytest.mark.parametrize("trouble", [unwritable, gone, full])
def test_a_spool_that_takes_nothing_makes_exports_503_and_no_more(big, trouble):
    rows = csv_text("pupils", [pupil_row(SCHOOL_A, address="x" * 400) for _ in range(1500)])
    with trouble(big.state / "spool"):
        for suffix in ("csv", "xml", "ndjson"):
            big.office.get(f"{VISITS}.{suffix}", 503)
        big.office.import_rows("pupils", rows, 503)
        big.office.get("/api/v1/schools.csv")
        big.world.event(big.world.visit(), "departed")
    assert len(big.office.get(f"{VISITS}.csv").content) > ROWS * TEXT // 2
    big.office.import_rows("pupils", rows, query="?dry_run=true")


def test_an_export_that_failed_has_no_access_entry(big):
    before = big.query("select count(*) from audit.access")
    with unwritable(big.state / "spool"):
        big.office.get(f"{VISITS}.csv", 503)
    assert big.query("select count(*) from audit.access") == before


def test_a_big_export_leaves_nothing_in_the_spool(big):
    big.office.get(f"{VISITS}.xml")
    assert list((big.state / "spool").iterdir()) == []


# ------------------------------------------------------------------ clients gone


def active(instance, program):
    return instance.query(
        "select count(*) from pg_stat_activity where usename = %s and state <> 'idle'", f"doorstep_{program}"
    )[0][0]


@pytest.mark.parametrize("program, path", [("reports", f"{VISITS}.csv"), ("records", VISITS)])
def test_the_query_of_a_client_that_hung_up_is_cancelled(fragile, program, path):
    """It waits for a lock; the deadline of an export is two minutes, so only the hanging up ends it in time."""
    with contextlib.closing(fragile.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("begin; lock table data.visit in access exclusive mode")
        with socket.socket() as s:
            s.connect(("127.0.0.1", fragile.port))
            s.sendall(
                f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {fragile.office.token}\r\n\r\n".encode()
            )
            wait_until(lambda: active(fragile, program))
        wait_until(lambda: not active(fragile, program), deadline=15)
        cursor.execute("rollback")
    fragile.office.get(path)


def test_a_client_that_reads_slowly_holds_no_transaction(big):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(big.socket_path("reports"))
        s.sendall(export_request(big))
        assert s.recv(1)
        assert active(big, "reports") == 0


def test_a_client_that_leaves_an_export_frees_its_worker(big):
    for _ in range(6):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(big.socket_path("reports"))
            s.sendall(export_request(big))
            s.recv(1)
    big.office.get("/api/v1/schools.csv")
    assert "the client was gone before the end" in big.log("reports")


def test_memory_of_the_workers_does_not_grow_with_an_export(big):
    if b"__asan_init" in (BUILD / "doorstep-reports").read_bytes():
        pytest.skip("sanitizers keep what was freed")
    big.office.get(f"{VISITS}.csv")
    assert max(status_of(pid, "VmHWM") for pid in big.workers("reports")) < 64 * 1024


# ------------------------------------------------------------------------ nginx


def test_nginx_reloads_under_load_without_a_failure(fragile):
    with Ledger(fragile) as ledger:
        ledger.wait_for(10)
        for _ in range(6):
            os.kill(fragile.pid("nginx"), signal.SIGHUP)
            ledger.wait_for(10)
    assert set(ledger.statuses) == {201}
    ledger.check()


def test_nginx_reloads_while_exports_run_and_each_arrives_whole(big):
    """An nginx worker that is told to quit serves what it has begun, to the end."""
    headers = {"Authorization": f"Bearer {big.office.token}", "Accept-Encoding": "identity", "Connection": "close"}
    lengths = []
    for n in range(12):
        os.kill(big.pid("nginx"), signal.SIGHUP)
        time.sleep(0.01 * n)
        answer = requests.get(f"{big.url}{VISITS}.csv", headers=headers, timeout=60)
        lengths.append((len(answer.content), int(answer.headers["Content-Length"])))
    assert [got for got, sent in lengths] == [sent for got, sent in lengths]
