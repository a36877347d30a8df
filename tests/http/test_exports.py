"""Exports that are made after they were asked for, and schedules."""

import hashlib
import os
import signal

import pytest

import exported
from client import code, pointers
from exported import EXPORTS, SCHEDULES
from instance import children_of, wait_until
from person import signed_in
from world import SCHOOL_A, SCHOOL_B

LOG = f"/api/v1/reports/visit-log.csv?school={SCHOOL_A}&from=2026-01-01&to=2026-12-31"
FORMATS = ["csv", "csv?flavour=machine", "ndjson", "xml", "xlsx", "html"]


def file_of(api, export, expect=200, **headers):
    return api.get(f"{EXPORTS}/{export}/file", expect, headers={"Accept-Encoding": "identity", **headers})


# ------------------------------------------------------------ made and fetched


@pytest.mark.parametrize("suffix", FORMATS)
def test_it_is_what_would_have_been_answered_at_once(office, visit, suffix):
    path = f"/api/v1/reports/clause-coverage.{suffix}"
    now = office.get(path, headers={"Accept-Encoding": "identity"})
    found = exported.made(office, path)
    answer = file_of(office, found["id"])
    if not suffix.startswith("xlsx"):  # which says when it was made
        assert answer.content == now.content
    assert answer.headers["Content-Type"] == now.headers["Content-Type"]
    assert answer.headers["Content-Disposition"].partition(" ")[2] == now.headers["Content-Disposition"].partition(" ")[2]
    assert found["bytes"] == len(answer.content) and found["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert found["file"] == f"{EXPORTS}/{found['id']}/file" and found["expires_at"] > found["ended_at"]


def test_a_list_can_be_exported_and_counts_its_rows(office, visit):
    found = exported.made(office, "/api/v1/visits.csv")
    assert found["rows"] == office.get("/api/v1/visits?count=exact&limit=1").json()["count"]
    assert file_of(office, found["id"]).text == office.get("/api/v1/visits.csv").text


def test_a_file_of_many_pieces_is_whole(office, visit, query):
    """Of more than two of 256 KiB; also by parts."""
    query(
        "insert into data.event (visit_id, school_urn, kind, at, note, client_id)"
        f" select {visit['id']}, {SCHOOL_A}, 'note', now(), repeat('Long Lane ', 40), 'office' from generate_series(1, 1500)"
    )
    path = f"/api/v1/visits/{visit['id']}/events.ndjson"
    now = office.get(path)
    found = exported.made(office, path)
    answer = file_of(office, found["id"])
    assert len(answer.content) > 600000 and answer.content == now.content
    part = file_of(office, found["id"], 206, Range="bytes=300000-", **{"If-Range": answer.headers["ETag"]})
    assert part.content == answer.content[300000:]


def test_its_making_and_each_fetching_leave_an_access_entry(office, world, query):
    found = exported.made(office, LOG)
    file_of(office, found["id"])
    made = query(
        "select filters from audit.access where resource = '/api/v1/reports/visit-log.csv' and not filters ? 'export' order by 1 desc limit 1"
    )
    assert made[0][0] == {"school": str(SCHOOL_A), "from": "2026-01-01", "to": "2026-12-31"}
    what = (
        "select resource, filters - 'made_at', format, row_count from audit.access where filters ->> 'export' = %s"
        " and filters ? 'made_at'"
    )
    assert query(what, str(found["id"])) == [
        ("/api/v1/reports/visit-log.csv", {**made[0][0], "export": str(found["id"])}, "csv", found["rows"])
    ]


def test_nothing_of_it_lies_about(instance, office):
    exported.made(office, LOG)
    assert not list((instance.state / "spool").iterdir())


# ------------------------------------------------------------ refused

BAD_PATHS = [
    "/api/v1/visits",
    "/api/v1/visits.json",
    "/api/v1/visits/1.csv",
    "/api/v1/nothing.csv",
    "/api/v1/visits.pdf",
    "/api/v1/visits.csv?no_such=1",
    "/api/v1/visits.csv?school=x",
    "/api/v1/visits.csv?school=900001&school=900002",
    "/api/v1/visits.csv?planned_from=%zz",
    "/api/v1/reports/visit-log.csv?from=yesterday",
    "/api/v1/reports/attendance-by-week.csv",
    "/oauth2/token",
    "/healthz",
    "visits.csv",
    "https://elsewhere.test/api/v1/visits.csv",
    "/api/v1/exports/1/file",
    "/api/v1/exports/download?link=x",
    "/api/v1/visits.csv\r\nHTTP_AUTHORIZATION=x",
    "/api/v1/../visits.csv",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_is_no_export_is_refused_and_nothing_is_stored(office, stored, path):
    before = stored()
    assert set(pointers(office.post(EXPORTS, {"path": path}, 400))) == {"/path"}
    assert stored() == before


def test_what_the_token_may_not_read_is_not_exported(office, stored):
    api = office.with_scope("exports:write", "visits:read")
    before = stored()
    assert pointers(api.post(EXPORTS, {"path": "/api/v1/concerns.csv"}, 422)) == ["/path"]
    assert stored() == before


@pytest.mark.parametrize("path, why", [(LOG.replace(str(SCHOOL_A), "999999"), "school"), (LOG.replace("01-01", "12-31", 1).replace("to=2026-12", "to=2026-01"), "")])
def test_what_is_refused_when_it_is_made_says_why(office, path, why):
    found = exported.made(office, path, "failed")
    assert why in found["problem"] and found["file"] is None
    assert code(file_of(office, found["id"], 409)) == "conflict"
    assert code(office.post(f"{EXPORTS}/{found['id']}/link", {}, 409)) == "conflict"


def test_only_who_sees_all_that_is_in_it_gets_it(office, make_client):
    api = make_client("exporter", ("exports:read", "exports:write", "visits:read", "records:read"), [SCHOOL_A, SCHOOL_B])
    found = exported.made(api, "/api/v1/visits.csv")
    file_of(api.with_scope("exports:read"), found["id"], 403)
    file_of(api.with_scope("exports:read", "visits:read"), found["id"], 403)
    file_of(office, found["id"], 404)
    file_of(api, found["id"])


def test_it_expires(office, query):
    found = exported.made(office, LOG)
    query("update data.export set expires_at = now() where export_id = %s", found["id"])
    assert office.get(f"{EXPORTS}/{found['id']}").json()["state"] == "expired"
    assert "expired" in file_of(office, found["id"], 409).json()["detail"]
    wait_until(lambda: not query("select from data.export_piece where export_id = %s", found["id"]), 60)


# ------------------------------------------------------------ the link


def test_a_link_holds_once_and_without_a_token(office, anyone, query):
    found = exported.made(office, LOG)
    url = office.post(f"{EXPORTS}/{found['id']}/link", {}).json()["url"]
    anyone.call("HEAD", url, expect=200)
    assert anyone.get(url).content == file_of(office, found["id"]).content
    assert "ask for another" in anyone.get(url, 404).json()["detail"]
    assert query("select filters ->> 'by' from audit.access where filters ->> 'export' = %s order by 1 limit 1", str(found["id"])) == [("link",)]


def test_only_one_of_many_gets_it_by_the_link(office, anyone, parallel):
    found = exported.made(office, LOG)
    url = office.post(f"{EXPORTS}/{found['id']}/link", {}).json()["url"]
    statuses = parallel(lambda _: anyone.fork().call("GET", url).status_code, range(6))
    assert sorted(statuses) == [200] + [404] * 5


def test_a_link_gives_the_whole_file_or_nothing(office, anyone, query):
    """What a part of it would have used up could not be fetched on."""
    found = exported.made(office, LOG)
    whole = file_of(office, found["id"])
    for headers in ({"Range": "bytes=5-"}, {"Range": "bytes=99999999-"}, {"If-None-Match": whole.headers["ETag"]}):
        url = office.post(f"{EXPORTS}/{found['id']}/link", {}).json()["url"]
        assert anyone.call("HEAD", url, expect=200).headers["Accept-Ranges"] == "none"
        answer = anyone.get(url, 200, headers={"Accept-Encoding": "identity", **headers})
        assert answer.content == whole.content and answer.headers["Accept-Ranges"] == "none"
        assert answer.headers["Repr-Digest"] == whole.headers["Repr-Digest"]


def test_a_link_is_kept_under_no_key(office, anyone, query, fresh_upn):
    found = exported.made(office, LOG)
    before = query("select count(*) from data.idempotency")
    key = {"Idempotency-Key": f"link-{fresh_upn()}"}
    answer = office.call("POST", f"{EXPORTS}/{found['id']}/link", json={}, headers=key, expect=400)
    assert code(answer) == "malformed" and "leave the Idempotency-Key out" in answer.json()["detail"]
    assert query("select count(*) from data.idempotency") == before


def test_several_read_a_file_at_once(office, anyone, instance):
    """And while one reads it, others can make links, and nobody can throw it away."""
    found = exported.made(office, LOG)
    token = hashlib.sha256(office.token.encode()).hexdigest()
    with instance.connect() as connection, connection.cursor() as reader:
        reader.execute("begin")
        reader.execute("select auth.begin(%s, 'exports:read', 'r')", [token])
        reader.execute("select data.export_open(%s)", [found["id"]])
        first = file_of(office, found["id"]).content
        assert anyone.get(office.post(f"{EXPORTS}/{found['id']}/link", {}).json()["url"]).content == first
        office.post(f"{EXPORTS}/{found['id']}/cancellation", {}, 503)
        instance.query("update data.export set expires_at = now() where export_id = %s", found["id"])
        instance.query("select data.exports_tidy()")
        reader.execute("select data.export_pieces(%s)", [found["id"]])
        assert b"".join(bytes(piece) for (piece,) in reader.fetchall()) == first
        reader.execute("commit")
    wait_until(lambda: not instance.query("select from data.export_piece where export_id = %s", found["id"]))


def test_a_link_is_in_no_log(instance, office, anyone):
    found = exported.made(office, LOG)
    url = office.post(f"{EXPORTS}/{found['id']}/link", {}).json()["url"]
    anyone.get(url)
    assert url.rpartition("=")[2] not in "".join(path.read_text(errors="replace") for path in instance.logs())


# ------------------------------------------------------------ an instance of its own, whose maker is hindered


@pytest.fixture(scope="module")
def own(start_with_world, mails):
    made = start_with_world(workers=2, smtp_url=mails.url, public_url="https://trust.test/d/")
    made.world.visit()
    return made


@pytest.fixture
def held(own):
    """held(): an export that has begun and cannot go on before held.let_go()."""
    connection = own.connect()
    cursor = connection.cursor()

    def ask():
        cursor.execute("begin; lock table data.visit in access exclusive mode")
        # The lock is waited for two seconds; that is not what is tried here.
        export = own.office.post(EXPORTS, {"path": "/api/v1/visits.csv"}, 202).json()["id"]
        wait_until(lambda: own.office.get(f"{EXPORTS}/{export}").json()["state"] == "running")
        return export

    own.query("alter role doorstep_exports set lock_timeout = '60s'")
    ask.let_go = lambda: cursor.execute("rollback")
    yield ask
    connection.close()
    own.query("alter role doorstep_exports set lock_timeout = '2s'")


def again(own, export, **more):
    """Its pause is over."""
    for column, value in {**more, "next_try_at": "now"}.items():
        own.query(f"update data.export set {column} = %s where export_id = %s and state = 'waiting'", value, export)


def test_it_is_asked_for_at_once_and_says_how_far_it_is(own, held):
    export = held()
    found = own.office.get(f"{EXPORTS}/{export}").json()
    assert found["state"] == "running" and found["step"] and found["rows"] is None
    assert file_of(own.office, export, 409).json()["detail"].startswith("It is not made yet")
    held.let_go()
    assert exported.ended(own.office, export)["state"] == "done"


def test_called_off_its_query_ends(own, held):
    export = held()
    own.office.post(f"{EXPORTS}/{export}/cancellation", {}, 200)
    busy = "select from pg_stat_activity where usename = 'doorstep_exports' and wait_event_type = 'Lock'"
    wait_until(lambda: not own.query(busy), 6)
    held.let_go()
    assert own.office.get(f"{EXPORTS}/{export}").json()["state"] == "cancelled"
    assert not own.query("select from auth.token where revoked_at is null and issued_at >= (select started_at from data.export"
                         " where export_id = %s) and client_id = 'office' and expires_at > now() + interval '110 minutes'", export)
    assert code(own.office.post(f"{EXPORTS}/{export}/cancellation", {}, 409)) == "conflict"


def test_killed_it_is_taken_up_again(own, held):
    export = held()
    (child,) = wait_until(lambda: children_of(own.pid("exports")))
    os.kill(child, signal.SIGKILL)
    held.let_go()
    found = wait_until(lambda: (f := own.office.get(f"{EXPORTS}/{export}").json())["state"] == "waiting" and f)
    assert found["problem"] == "It was broken off." and found["next_try_at"] > found["started_at"]
    again(own, export)
    found = exported.ended(own.office, export)
    assert found["state"] == "done" and found["problem"] is None and found["next_try_at"] is None
    assert own.query("select tries from data.export where export_id = %s", export) == [(2,)]


def test_it_outlasts_a_restart(own, held):
    export = held()
    os.kill(own.pid("exports"), signal.SIGTERM)
    wait_until(lambda: not os.path.exists(f"/proc/{own.pid('exports')}"), 10)
    held.let_go()
    assert own.office.get(f"{EXPORTS}/{export}").json()["state"] == "waiting"
    own.start()
    assert exported.ended(own.office, export)["state"] == "done"


def test_what_the_end_of_the_database_took_is_made_again(own):
    export = exported.made(own.office, "/api/v1/visits.csv")["id"]
    before = file_of(own.office, export).content
    own.postgres_command("restart", "-m", "immediate")
    wait_until(lambda: own.office.call("GET", "/readyz").status_code == 200, 60)

    def fetched():
        answer = own.office.call("GET", f"{EXPORTS}/{export}/file")
        assert answer.status_code in (200, 409, 503), answer.text
        return answer.status_code == 200 and answer

    assert not own.query("select from data.export_piece") or wait_until(fetched)
    assert wait_until(fetched, 60).content == before


def test_what_cannot_be_tidied_keeps_nothing_from_being_made(own):
    (source,) = own.query("select pg_get_functiondef('data.exports_tidy'::regproc)")[0]
    own.query("create or replace function data.exports_tidy() returns void language plpgsql volatile"
              " set search_path = pg_catalog as 'begin raise ''no''; end'")
    try:
        wait_until(lambda: "the tidying of exports waits" in own.log("exports"))
        exported.made(own.office, LOG)
    finally:
        own.query(source)


def test_ten_wait_and_no_more(own, held):
    held()
    for _ in range(9):
        own.office.post(EXPORTS, {"path": LOG}, 202)
    assert "Ten exports" in own.office.post(EXPORTS, {"path": LOG}, 409).json()["detail"]
    held.let_go()
    wait_until(lambda: not own.query("select from data.export where state in ('waiting', 'running')"), 60)


# ------------------------------------------------------------ schedules


def plan(**more):
    return {"path": f"/api/v1/reports/visit-log.csv?school={SCHOOL_A}", "every": "day", "at": "06:30", **more}


def due(own, schedule):
    own.query("update data.schedule set next_at = now() where schedule_id = %s", schedule)
    return wait_until(lambda: (found := own.office.get(f"{SCHEDULES}/{schedule}").json())["last_at"] and found, 30)


def test_a_scheduled_report_is_put_into_its_folder(own):
    schedule = own.office.post(SCHEDULES, plan(folder="reviews", window="school_year")).json()
    found = due(own, schedule["id"])
    assert found["last_state"] == "done" and found["next_at"] > found["last_at"]
    folder = own.state / "exports/office/reviews"
    (path,) = folder.iterdir()
    export = own.office.get(f"{EXPORTS}/{found['last_export']}").json()
    now = own.office.get(export["path"])
    name, _, suffix = now.headers["Content-Disposition"].split('"')[1].rpartition(".")
    assert path.read_bytes() == now.content and path.name == f"{name}_schedule-{schedule['id']}.{suffix}"
    assert "from-" in path.name and (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o640, 0o750)
    assert "folder" in file_of(own.office, export["id"], 409).json()["detail"]
    due(own, schedule["id"])
    assert list(folder.iterdir()) == [path], "the same again takes its place"
    own.office.post(f"{SCHEDULES}/{schedule['id']}/end", {}, 200)


def test_two_schedules_do_not_take_each_others_place(own):
    """Also where they differ in what the name of a file does not say."""
    folder = own.state / "exports/office/both"
    for _ in range(2):
        due(own, own.office.post(SCHEDULES, plan(folder="both")).json()["id"])
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_cannot_be_had_is_tried_again_and_told_in_the_end(own):
    folder = own.state / "exports/office/taken"
    folder.parent.mkdir(exist_ok=True)
    folder.symlink_to("/tmp")
    schedule = own.office.post(SCHEDULES, plan(folder="taken")).json()["id"]
    own.query("update data.schedule set next_at = now() where schedule_id = %s", schedule)

    def problem(state):
        found = own.office.get(f"{SCHEDULES}/{schedule}").json()
        return found["last_state"] == state and found["last_problem"] and found

    found = wait_until(lambda: problem("waiting"))
    assert found["last_problem"].startswith("It could not be put into the folder taken: ")
    again(own, found["last_export"], tries=8)
    assert "It was tried 9 times" in wait_until(lambda: problem("failed"))["last_problem"]
    told = own.query("select school_urn, roles::text, words from data.notification where export_id = %s", found["last_export"])
    assert told == [(SCHOOL_A, "{compliance_officer,office}", f"The report visit-log.csv of schedule {schedule} could not be made: the client office, whose it is, is told why.")]


def test_a_folder_that_can_be_had_again_has_the_file(own):
    folder = own.state / "exports/office/later"
    folder.parent.mkdir(exist_ok=True)
    folder.symlink_to("/tmp")
    schedule = own.office.post(SCHEDULES, plan(folder="later")).json()["id"]
    own.query("update data.schedule set next_at = now() where schedule_id = %s", schedule)
    found = wait_until(lambda: (f := own.office.get(f"{SCHEDULES}/{schedule}").json())["last_problem"] and f)
    folder.unlink()
    again(own, found["last_export"])
    assert exported.ended(own.office, found["last_export"])["state"] == "done"
    assert len(list(folder.iterdir())) == 1


def test_who_is_named_is_told_by_mail_where_it_is_and_not_what_it_says(own, mails):
    staff, head = signed_in(own, "headteacher", "named")
    own.query("update data.staff set email = 'head@school.test' where staff_id = %s", staff)
    found = due(own, own.office.post(SCHEDULES, plan(staff=staff)).json()["id"])
    mail = wait_until(lambda: next((m for _, m in mails.received if f"export {found['last_export']}" in str(m["Subject"])), None))
    text = mail.get_content().replace("\r\n", "\n")
    assert f"https://trust.test/d/api/v1/exports/{found['last_export']}\n" in text
    assert "Sign in to fetch the report visit-log.csv before" in text and "visit_id" not in text
    assert [e["id"] for e in head.pages(EXPORTS)] == [found["last_export"]]
    assert file_of(head, found["last_export"]).text == head.get(head.get(f"{EXPORTS}/{found['last_export']}").json()["path"]).text
    assert own.query("select client_id from audit.access where filters ->> 'export' = %s", str(found["last_export"])) == [("named",)]
    file_of(signed_in(own, "dsl", "unnamed")[1], found["last_export"], 404)
    assert own.query("select count(*) from data.delivery join data.notification using (notification_id) where export_id = %s", found["last_export"]) == [(1,)]


@pytest.mark.parametrize(
    "more, where",
    [
        ({}, "/folder"),
        ({"folder": "a", "staff": 1}, "/folder"),
        ({"folder": "../a"}, "/folder"),
        ({"folder": "a", "at": "24:00"}, "/at"),
        ({"folder": "a", "every": "week"}, "/on_day"),
        ({"folder": "a", "every": "month", "on_day": 31, "staff": 999999}, "/folder"),
        ({"staff": 999999}, "/staff"),
        ({"staff": 1}, "/staff"),  # who has no account
    ],
)
def test_a_schedule_that_does_not_fit_is_refused(own, more, where):
    assert where in pointers(own.office.post(SCHEDULES, plan(**more), 422))


@pytest.mark.parametrize(
    "path, window",
    [
        ("/api/v1/visits.csv", None),
        ("/api/v1/reports/visit-log", None),
        ("/api/v1/reports/policy-differences.csv", "last_week"),
        ("/api/v1/reports/visit-log.csv?from=2026-01-01", "last_week"),
        ("/api/v1/reports/visit-log.csv?school=x", "last_week"),
    ],
)
def test_what_is_no_report_or_has_no_such_window_is_not_scheduled(own, path, window):
    body = {**plan(folder="a"), "path": path, **({"window": window} if window else {})}
    assert pointers(own.office.post(SCHEDULES, body, 400)) == ["/path"]
