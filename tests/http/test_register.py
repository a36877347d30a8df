"""Marks of the register from files of every form: what is taken, what is rejected with its line, what becomes of it."""

import gzip
import json
import os
import signal
import time

import pytest

from client import code, pointers
from instance import BUILD
from raw import exchange
from test_imports import find
from world import MARKER, SCHOOL_A, SCHOOL_B, csv_text, mark_row, pupil_row, upn

NDJSON, XML, JSON = "application/x-ndjson", "application/xml", "application/json"
PATH = "/api/v1/imports/register"
MONDAY = "2025-11-03"


@pytest.fixture
def pupil(office, world):
    """A pupil of school A of the test's own: UPN and id."""
    number = upn()
    office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A, number)]))
    return {"upn": number, "id": find(office, "pupils", upn=number)["id"]}


@pytest.fixture
def weeks(query):
    """weeks(pupil): the weeks of marks that are stored."""

    def of(pupil):
        return dict(
            query("select week::text, marks from data.register_week where pupil_id = %s order by week", pupil["id"])
        )

    return of


def marks(pupil, *codes, day=MONDAY, **more):
    """Rows of consecutive sessions of a day."""
    return [
        mark_row(SCHOOL_A, pupil["upn"], day, session, code, **more) for session, code in zip(("AM", "PM"), codes)
    ]


def send(api, rows, expect=200, query="", **more):
    return api.import_rows("register", csv_text("register", rows), expect, query=query, **more).json()


def problems(answer):
    return [(p["line"], p["field"]) for p in answer["rejected"]]


def finished(api, location):
    """The import, once it has ended."""
    for _ in range(600):
        found = api.get(location).json()
        if found["state"] != "running":
            return found
        time.sleep(0.1)
    raise AssertionError(f"it does not end: {found}")


# ---------------------------------------------------------------------- taken


def test_marks_are_stored_and_counted(office, pupil, weeks):
    report = send(office, marks(pupil, "/", "\\") + marks(pupil, "C1", "Y4", day="2025-11-07"))
    assert {k: v for k, v in report.items() if k != "import"} == {
        "rows": 4, "accepted": 4, "added": 4, "changed": 0, "unchanged": 0, "kept": 0, "rejected": []
    }  # fmt: skip
    assert weeks(pupil) == {MONDAY: "/\\      1d"}


def test_the_same_file_twice_changes_and_audits_nothing(office, pupil, stored):
    rows = marks(pupil, "L", "I", minutes_late="7", comment="Bus") + marks(pupil, "-", "O", day="2025-11-04")
    send(office, rows)
    before = stored()
    report = send(office, rows)
    assert (report["accepted"], report["unchanged"]) == (4, 4)
    assert stored() == before


@pytest.mark.parametrize(
    "media_type, text",
    [
        (NDJSON, '{"school_urn": %(urn)d, "upn": "%(upn)s", "date": "2025-11-03", "session": "AM", "code": "/"}\n'
                 '{"school_urn": %(urn)d, "upn": "%(upn)s", "date": "2025-11-03", "session": "PM", "code": "\\\\"}\n'),
        (NDJSON, '{"school_urn": %(urn)d, "upn": "%(upn)s", "week": "2025-11-03", "marks": "/\\\\"}\n'),
        ("text/csv", "school_urn,upn,week,marks\n%(urn)d,%(upn)s,2025-11-03,/\\\n"),
        ("text/csv", "school_urn,upn,week,mon_am,mon_pm,tue_am\n%(urn)d,%(upn)s,2025-11-03,/,\\,\n"),
        ("text/csv; charset=windows-1252", "code,session,date,upn,school_urn\r\n/,AM,2025-11-03,%(upn)s,%(urn)d\r\n"
                                           "\\,PM,2025-11-03,%(upn)s,%(urn)d\r\n"),
        (XML, "<CTfile><Header><SourceSchool><LEA>%(lea)s</LEA><Estab>%(estab)s</Estab></SourceSchool></Header>"
              "<CTFpupilData><Pupil><UPN>%(upn)s</UPN><Surname>X</Surname><Forename>Y</Forename><DOB>2016-03-04</DOB>"
              "<Attendance><YearData><Year>2025</Year><AttendSessions><AttendanceStartDate>2025-11-03"
              "</AttendanceStartDate><AttendanceMarks>/\\</AttendanceMarks></AttendSessions></YearData></Attendance>"
              "</Pupil></CTFpupilData></CTfile>"),
        (JSON, '{"data": [{"id": "1", "date": {"date": "2025-11-03 00:00:00.000000"}, "session": "AM", "comment": null,'
               '"minutes_late": null, "attendance_code": {"data": {"code": "/"}}, "student": {"data": {"id": "W",'
               '"education_details": {"data": {"upn": "%(upn)s"}}}}}, {"id": "2", "date": "2025-11-03", "session": "PM",'
               '"attendance_code": {"data": {"code": "\\\\"}}, "student": {"data": {"id": "W", "upn": "%(upn)s"}}}],'
               '"meta": {"pagination": {"next": null, "more": false}}}'),
    ],
    ids=["ndjson", "ndjson-week", "week", "columns", "any-order", "ctf", "wonde"],
)  # fmt: skip
def test_every_form_says_the_same(office, world, pupil, weeks, query, media_type, text):
    if media_type == JSON:
        query("update data.enrolment set mis_id = 'W' where pupil_id = %s returning 1", pupil["id"])
    laestab = world.rows["schools"][0]["laestab"]
    body = text % {"urn": SCHOOL_A, "upn": pupil["upn"], "lea": laestab[:3], "estab": laestab[3:]}
    where = f"?school={SCHOOL_A}" if media_type == JSON else ""
    report = office.post_text(PATH + where, body, 200, media_type).json()
    assert (report["accepted"], report["rejected"]) == (2, [])
    assert weeks(pupil) == {MONDAY: "/\\        "}


def test_a_page_of_a_broker_brings_pupils_contacts_and_marks(office, world, weeks):
    number, student, contact = upn(), f"A{upn()[-9:]}", "Adult"
    where = f"?school={SCHOOL_A}"
    details = {"upn": number, "admission_date": {"date": "2021-09-01 00:00:00.000000"}, "current_nc_year": "5"}
    people = {"id": student, "forename": "Ada", "surname": "O'Néil", "date_of_birth": {"date": "2016-03-04 00:00:00.000000"}}
    page = {"data": [{**people, "education_details": {"data": details}}], "meta": {"pagination": {"next": None}}}
    assert office.post_text(f"/api/v1/imports/pupils{where}", json.dumps(page), 200, JSON).json()["accepted"] == 1
    pupil = find(office, "pupils", upn=number)
    assert (pupil["family_name"], pupil["mis_id"]) == ("O'Néil", student)
    adult = {"id": "C1", "forename": contact, "surname": "O'Néil",
             "relationship": {"relationship": "Mother", "parental_responsibility": True}}  # fmt: skip
    page = {"data": [{**people, "contacts": {"data": [adult]}}]}
    assert office.post_text(f"/api/v1/imports/contacts{where}", json.dumps(page), 200, JSON).json()["accepted"] == 1
    assert [c["given_name"] for c in office.pages("/api/v1/contacts", pupil=pupil["id"])] == [contact]
    page = {"data": [{"date": MONDAY, "session": "AM", "minutes_late": 12, "comment": "Bus", "student_id": student,
                      "attendance_code": {"data": {"code": "L"}}}]}  # fmt: skip
    assert office.post_text(f"{PATH}{where}", json.dumps(page), 200, JSON).json()["added"] == 1
    assert weeks(pupil) == {MONDAY: "L         "}


def test_a_page_needs_its_school(office):
    answer = office.post_text(PATH, '{"data": []}', 400, JSON)
    assert pointers(answer) == ["/school"]


def test_a_transfer_file_of_another_school_is_rejected(client_a, world):
    laestab = next(s["laestab"] for s in world.rows["schools"] if s["urn"] == SCHOOL_B)
    body = (
        f"<CTfile><Header><SourceSchool><LEA>{laestab[:3]}</LEA><Estab>{laestab[3:]}</Estab></SourceSchool></Header>"
        f"<CTFpupilData><Pupil><UPN>{upn()}</UPN><Surname>X</Surname><Forename>Y</Forename><DOB>2016-03-04</DOB></Pupil>"
        "</CTFpupilData></CTfile>"
    )
    answer = client_a.post_text("/api/v1/imports/pupils", body, 422, XML)
    assert problems(answer.json()) == [(1, "school_urn")]
    assert MARKER not in answer.text


# -------------------------------------------------------------------- rejected


@pytest.mark.parametrize(
    "change, field",
    [
        ({"code": "F"}, "code"),
        ({"code": "H"}, "code"),
        ({"code": ""}, "code"),
        ({"session": "EV"}, "session"),
        ({"date": "2025-11-09"}, "date"),
        ({"date": "2025-11-08"}, "date"),
        ({"date": "2025-02-30"}, "date"),
        ({"date": "2999-01-01"}, "date"),
        ({"date": "2020-11-03"}, "date"),
        ({"upn": "A801200005001"}, "upn"),
        ({"upn": ""}, "upn"),
        ({"school_urn": "999998"}, "school_urn"),
        ({"minutes_late": "soon"}, "minutes_late"),
        ({"comment": "x" * 1001}, "comment"),
    ],
)
def test_a_bad_mark_is_told_with_its_line_and_nothing_is_stored(office, pupil, stored, weeks, change, field):
    rows = marks(pupil, "/", "\\") + [{**marks(pupil, "/", day="2025-11-04")[0], **change}]
    before = stored()
    refused = send(office, rows, 422)
    assert problems(refused) == [(4, field)] and refused["accepted"] == 0
    assert stored() == before
    report = send(office, rows, query="?mode=valid")
    assert (report["rows"], report["accepted"], problems(report)) == (3, 2, [(4, field)])
    assert weeks(pupil) == {MONDAY: "/\\        "}


def test_two_marks_of_one_session_contradict_each_other(office, pupil, weeks):
    rows = [*marks(pupil, "/", "\\"), *marks(pupil, "O"), *marks(pupil, "/", day="2025-11-05")]
    refused = send(office, rows, 422)
    assert problems(refused) == [(2, "code"), (4, "code")]
    assert send(office, rows, query="?mode=valid")["accepted"] == 2
    assert weeks(pupil) == {MONDAY: " \\  /     "}


def test_rejected_rows_come_back_as_a_file_that_can_be_mended_and_sent(office, pupil, weeks):
    rows = [{**row, "comment": '=a "b",\nc'} for row in marks(pupil, "/", "F") + marks(pupil, "\\", "F", day="2025-11-04")]
    report = send(office, rows, query="?mode=valid")
    where = f"{PATH}/{report['import']}"
    found = office.get(where).json()
    assert (found["state"], found["rows"], found["accepted"]) == ("done", 4, 2)
    assert found["report"] == report
    listed = list(office.pages(f"{where}/rejected", limit=1))
    assert [(r["line"], r["field"], r["code"], r["comment"]) for r in listed] == [
        (4, "code", "F", '=a "b",\nc'), (8, "code", "F", '=a "b",\nc')
    ]  # fmt: skip
    text = office.get(f"{where}/rejected.csv", params={"flavour": "machine"}).text
    assert office.import_rows("register", text.replace(",F,", ",O,")).json()["accepted"] == 2
    assert weeks(pupil) == {MONDAY: "/O\\O      "}


@pytest.mark.parametrize("kind", ["schools", "staff", "pupils", "contacts"])
def test_rejected_rows_of_every_kind_come_back(office, world, kind):
    row = {**world.rows[kind][0], ("name" if kind == "schools" else "given_name"): ""}
    report = office.import_rows(kind, csv_text(kind, [row]), 422).json()
    (found,) = office.pages(f"/api/v1/imports/{kind}/{report['import']}/rejected")
    assert found["field"] in row and found["detail"] == "is required"
    assert all(found[name] == (str(value) or None) for name, value in row.items())
    assert office.get(f"/api/v1/imports/{kind}/{report['import']}").json()["state"] == "refused"


def test_an_import_is_seen_by_its_client_alone(office, client_a, pupil):
    report = send(office, marks(pupil, "/"))
    for path in (f"{PATH}/{report['import']}", f"{PATH}/{report['import']}/rejected"):
        client_a.get(path, 404)
    office.get(f"/api/v1/imports/pupils/{report['import']}", 404)


# ------------------------------------------------------------- files that are none

LAUGHS = "".join(f'<!ENTITY l{n} "{("&l%d;" % (n - 1)) * 10 if n else "ha"}">' for n in range(9))
BROKEN = {
    "gzip": ("text/csv", gzip.compress(b"school_urn,upn,date,session,code\r\n"), "malformed"),
    "gzip as ndjson": (NDJSON, gzip.compress(b"{}\n"), "malformed"),
    "zip": ("text/csv", b"PK\x03\x04\x14\x00\x06\x00", "malformed"),
    "empty": ("text/csv", b"", "malformed"),
    "no header": ("text/csv", b"900001,A801200005001,2025-11-03,AM,/\r\n", "fields"),
    "unknown column": ("text/csv", b"school_urn,upn,date,session,code,colour\r\n", "fields"),
    "open quote": ("text/csv", b'school_urn,upn,date,session,code\r\n900001,"A,2025-11-03,AM,/\r\n', "malformed"),
    "external entity": (
        XML, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><CTfile>&e;</CTfile>', "malformed"),
    "laughs": (XML, f"<!DOCTYPE x [{LAUGHS}]><CTfile>&l8;</CTfile>".encode(), "malformed"),
    "half a transfer file": (XML, b"<CTfile><Header/><CTFpupilData><Pupil><UPN>A80", "malformed"),
    "another document": (XML, b"<html/>", "malformed"),
    "half a page": (f"{JSON}", b'{"data": [{"id": 1', "json"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_none_is_refused_whole(office, stored, name):
    media_type, body, problem = BROKEN[name]
    before = stored()
    answer = office.post_text(f"{PATH}?school={SCHOOL_A}&mode=valid", body, 400, media_type)
    assert "passwd" not in answer.text and "root:" not in answer.text
    assert code(answer) in (problem, f"{problem}-invalid", f"invalid-{problem}") or answer.json()["detail"]
    assert stored() == before


def test_an_upload_that_breaks_off_is_no_import(office, instance, pupil, stored):
    text = csv_text("register", marks(pupil, "/", "\\"))
    head = (
        f"POST {PATH}?mode=valid HTTP/1.1\r\nHost: doorstep\r\nAuthorization: Bearer {office.token}\r\n"
        f"Content-Type: text/csv\r\nConnection: close\r\nContent-Length: {len(text) + 5}\r\n\r\n{text}"
    )
    before = stored()
    assert [a.status for a in exchange(instance.port, head.encode(), timeout=1)] in ([], [400], [408])
    assert stored() == before


def test_a_file_of_too_many_bad_marks_is_given_up(office, pupil, stored):
    before = stored()
    send(office, marks(pupil, "F") * 10001, 400, query="?mode=valid")
    assert stored() == before


# ----------------------------------------------------- answered first, stored after

ASYNC = {"Prefer": "respond-async"}


def test_a_client_may_go_and_ask_later(office, pupil, weeks):
    answer = office.import_rows("register", csv_text("register", marks(pupil, "/", "\\")), 202, headers=ASYNC)
    accepted = answer.json()
    assert answer.headers["Location"] == accepted["location"] == f"{PATH}/{accepted['import']}"
    assert answer.headers["Preference-Applied"] == "respond-async"
    found = finished(office, accepted["location"])
    assert (found["state"], found["rows"], found["accepted"], found["step"]) == ("done", 2, 2, None)
    assert found["report"]["added"] == 2 and found["ended_at"] >= found["started_at"]
    assert weeks(pupil) == {MONDAY: "/\\        "}


@pytest.mark.parametrize("kind", ["schools", "staff", "pupils", "contacts"])
def test_so_it_is_with_every_kind(office, world, kind):
    answer = office.import_rows(kind, csv_text(kind, world.rows[kind]), 202, headers=ASYNC)
    assert finished(office, answer.headers["Location"])["accepted"] == len(world.rows[kind])


def test_what_is_refused_is_told_later_too(office, pupil, weeks):
    text = csv_text("register", marks(pupil, "/") + [mark_row(SCHOOL_A, upn(), MONDAY)])
    found = finished(office, office.import_rows("register", text, 202, headers=ASYNC).headers["Location"])
    assert (found["state"], found["accepted"], problems(found["report"])) == ("refused", 0, [(3, "upn")])
    assert weeks(pupil) == {}


def test_the_same_key_is_the_same_import(office, pupil, fresh_upn):
    text, headers = csv_text("register", marks(pupil, "/")), {**ASYNC, "Idempotency-Key": f"later-{fresh_upn()}"}
    answers = [office.import_rows("register", text, 202, headers=headers).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert finished(office, answers[0]["location"])["state"] == "done"


def test_an_import_whose_program_went_away_has_failed(office, world, query):
    (number,) = query(
        "insert into data.import (kind, mode, dry_run, client_id, request_id, file_hash, started_at)"
        " values ('register', 'all', false, 'office', 'r', sha256('x'), now() - interval '1 minute') returning import_id"
    )[0]
    found = office.get(f"{PATH}/{number}").json()
    assert found["state"] == "failed" and "send the file again" in found["problem"]


def test_where_it_is_can_be_asked_meanwhile_and_more_than_two_do_not_go_on_at_once(office, pupil, instance):
    text, also = csv_text("register", marks(pupil, "/")), csv_text("register", marks(pupil, "/", day="2025-11-04"))
    with instance.connect() as connection, connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtext('doorstep import'))")
        where = office.import_rows("register", text, 202, headers=ASYNC).headers["Location"]
        for _ in range(100):
            found = office.get(where).json()
            if found["step"] == "waiting for its turn":
                break
            time.sleep(0.05)
        other = office.import_rows("register", also, 202, headers=ASYNC).headers["Location"]
        for _ in range(100):
            if office.get(other).json()["step"] == "waiting for its turn":
                break
            time.sleep(0.05)
        assert "Two imports" in office.import_rows("register", text, 503, headers=ASYNC).json()["detail"]
        cursor.execute("select pg_advisory_unlock_all()")
    assert finished(office, other)["state"] == "done"
    assert (found["state"], found["step"]) == ("running", "waiting for its turn")
    assert finished(office, where)["state"] == "done"


# ------------------------------------------------------------------------ faults


def test_an_import_that_is_killed_leaves_nothing_half_done(fragile):
    """All the workers die while one of them stores marks."""
    office, rows = fragile.office, fragile.world.rows["pupils"]
    days = [f"2025-{month:02}-{day:02}" for month, day in ((9, 1), (9, 8), (9, 15), (9, 22), (9, 29), (10, 6), (10, 13))]
    text = csv_text(
        "register",
        [mark_row(r["school_urn"], r["upn"], day, s, "/") for r in rows for day in days for s in ("AM", "PM")],
    )
    for _ in range(5):
        where = office.import_rows("register", text, 202, headers=ASYNC).headers["Location"]
        for pid in fragile.workers("register"):
            os.kill(pid, signal.SIGKILL)
        for _ in range(100):
            if office.get(where, (200, 503)).status_code == 200:
                break
            time.sleep(0.1)
        stored = fragile.query("select count(*) from data.register_week where week < '2025-11-01'")[0][0]
        assert stored in (0, len(rows) * len(days))
        assert fragile.query("select count(*) from data.school_week where week < '2025-11-01'")[0][0] in (0, 21)
    office.import_rows("register", text)
    assert fragile.query("select count(*) from data.register_week where week < '2025-11-01'")[0][0] == len(rows) * len(days)


def test_an_amendment_during_an_import_is_not_lost(office, world, pupil, parallel, weeks, query):
    """Both at once, many times: the decision of the school stands in the end."""
    path, staff = f"/api/v1/pupils/{pupil['id']}/amendments", world.staff[SCHOOL_A][0]
    days = [f"2025-11-{n:02}" for n in range(3, 8)]

    def amend(api, day):
        body = {"school_urn": SCHOOL_A, "date": day, "session": "AM", "code": "M", "reason": "Letter", "by": staff}
        return api.post(path, body, expect=201)

    def act(what):
        api = office.fork()
        return amend(api, what) if isinstance(what, str) else send(api, what)

    rows = [marks(pupil, code, code, day=day) for code in "ION" for day in days]
    parallel(act, [*rows[:5], *days, *rows[5:]][:12])
    for day in days:
        if query("select count(*) from data.mark_amendment where pupil_id = %s and day = %s and by_staff_id is not null",
                 pupil["id"], day)[0][0] == 0:  # fmt: skip
            amend(office, day)
    assert weeks(pupil)[MONDAY][::2] == "MMMMM"
    kept = query("select count(*) from data.mark_amendment where pupil_id = %s and by_staff_id is not null", pupil["id"])
    assert kept[0][0] == 5


def test_memory_stays_flat_whatever_the_length(office, world, instance, pupil):
    day_texts = [f"2025-{month:02}-{day:02}" for month, day in ((9, 1), (9, 2), (9, 3), (9, 4), (9, 5))]
    rows = [mark_row(SCHOOL_A, r["upn"], day, s, "/") for r in world.rows["pupils"][:12] for day in day_texts for s in ("AM", "PM")]
    text = csv_text("register", rows)
    head, body = text.split("\r\n", 1)
    report = office.import_rows("register", f"{head}\r\n{body * 2500}").json()
    assert report["rows"] == report["accepted"] == 300000

    def peak(pid):
        with open(f"/proc/{pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmHWM:")).split()[1])

    if b"__asan_init" not in (BUILD / "doorstep-register").read_bytes():  # sanitizers keep what was freed
        assert max(peak(pid) for pid in instance.workers("register")) < 64 * 1024
