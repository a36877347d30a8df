"""What the register says, as JSON and as exports, and amending a mark."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest

import contract
from client import code, pointers
from world import MARKER, SCHOOL_A, SCHOOL_B, csv_text, pupil_row, upn

ATTENDANCE = "/api/v1/attendance"
LISTS = {
    "summary": {"by": "pupil"},
    "absence": {},
    "penalties": {"as_of": "2025-12-31"},
    "sickness": {},
    "unresolved": {"as_of": "2025-12-31"},
    "gaps": {},
}
WINDOW = {"from": "2025-09-01", "to": "2025-12-31"}
WEEKS = ("2025-09-08", "2025-09-15", "2025-09-22", "2025-09-29", "2025-10-06", "2025-10-13")
FULL = "/\\/\\/\\/\\/\\"


def params(name, **more):
    """Of a list, with a window where it has one."""
    return {**({} if "as_of" in LISTS[name] else WINDOW), **LISTS[name], **more}


def store(query, pupil, school, weeks):
    """Weeks of marks by their Mondays, as an import leaves them."""
    for monday, marks in weeks.items():
        query(
            "insert into data.register_week (pupil_id, week, school_urn, marks, attended, authorised, unauthorised,"
            " unresolved, not_possible, administrative)"
            " select %s, %s, %s, s.* from data.mark_sessions(array[%s]) s",
            pupil, monday, school, marks.ljust(10),
        )  # fmt: skip
        query("select api.school_weeks_renew(array[%s], array[%s::date])", school, monday)


@pytest.fixture(scope="module")
def register(office, world, instance):
    """A pupil of schools A and B each, absent a lot, and one who is always there."""
    made = {}
    for school in (SCHOOL_A, SCHOOL_B):
        for name in ("absent", "there"):
            row = pupil_row(school, upn(), name=MARKER if school == SCHOOL_B else name)
            office.import_rows("pupils", csv_text("pupils", [row]))
            found = [p for p in office.pages("/api/v1/pupils", school=school) if p["upn"] == row["upn"]]
            made[school, name] = found[0]["id"]
        store(instance.query, made[school, "there"], school, {week: FULL for week in WEEKS})
        absent = {week: "IIIIIIIIII" for week in WEEKS[:3]} | {WEEKS[3]: "GGGGGGGGGG", WEEKS[4]: "NN/-\\ L2/"}
        store(instance.query, made[school, "absent"], school, absent)
        instance.query(
            "insert into data.mark_note (pupil_id, day, session, school_urn, minutes_late, comment)"
            " values (%s, '2025-10-09', 'AM', %s, 12, %s)",
            made[school, "absent"], school, MARKER if school == SCHOOL_B else "Bus",
        )  # fmt: skip
    return made


@pytest.fixture
def entries(query):
    """entries(): how many access entries there are."""
    return lambda: query("select count(*) from audit.access")[0][0]


# ------------------------------------------------------------------ of a pupil


def test_the_register_of_a_pupil(office, register):
    answer = office.get(f"/api/v1/pupils/{register[SCHOOL_A, 'absent']}/attendance", params=WINDOW).json()
    assert answer["sums"] == {
        "possible": 47, "attended": 4, "authorised": 31, "unauthorised": 12, "unresolved": 2,
        "not_possible": 0, "gaps": 13, "percentage": 8.5, "lowest": 6.6, "highest": 31.6,
    }  # fmt: skip
    marks = {(m["date"], m["session"]): m for m in answer["marks"]}
    assert marks["2025-10-06", "AM"]["code"] == "N" and marks["2025-10-06", "AM"]["class"] == "unauthorised"
    assert marks["2025-10-07", "PM"]["code"] == "-" and marks["2025-10-07", "PM"]["class"] is None
    assert marks["2025-10-08", "AM"]["code"] == "\\"
    assert marks["2025-10-08", "PM"]["code"] is None, "the school was open, and nothing is known"
    late = marks["2025-10-09", "AM"]
    assert (late["code"], late["minutes_late"], late["comment"]) == ("L", 12, "Bus")
    assert marks["2025-10-09", "PM"]["code"] == "C2"
    assert {m["school_urn"] for m in answer["marks"]} == {SCHOOL_A}


def test_the_register_of_a_pupil_defaults_to_the_academic_year(office, register):
    answer = office.get(f"/api/v1/pupils/{register[SCHOOL_A, 'absent']}/attendance", params={"to": "2026-02-01"}).json()
    assert (answer["from"], answer["to"]) == ("2025-08-01", "2026-02-01")


@pytest.mark.parametrize(
    "window, pointer",
    [
        ({"from": "2025-09-02", "to": "2025-09-01"}, "/from"),
        ({"from": "2199-01-01"}, "/from"),
        ({"from": "2010-01-01", "to": "2025-09-01"}, "/from"),
        ({"from": "2025-9-1"}, "/from"),
        ({"to": "2025-02-29"}, "/to"),
    ],
)
def test_a_window_that_cannot_be_is_400(office, register, window, pointer):
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'absent']}/attendance"
    assert pointers(office.get(path, 400, params=window)) == [pointer]
    answer = office.get(f"{ATTENDANCE}/summary.csv", 400, params={"by": "trust", **window})
    assert pointers(answer) == [pointer] and code(answer) == "invalid-fields"


# ----------------------------------------------------------------------- lists


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_the_same_in_every_format(office, register, name):
    rows = list(office.pages(f"{ATTENDANCE}/{name}", **params(name, school=SCHOOL_A)))
    assert rows
    path = f"{ATTENDANCE}/{name}"
    lines = office.get(f"{path}.ndjson", params=params(name, school=SCHOOL_A)).text.splitlines()
    assert [json.loads(line) for line in lines] == rows
    text = office.get(f"{path}.csv", params=params(name, school=SCHOOL_A, flavour="machine")).content.decode()
    table = list(csv.DictReader(io.StringIO(text)))
    plain = {True: "true", False: "false", None: ""}
    assert [list(r.values()) for r in table] == [
        [plain[v] if v is None or isinstance(v, bool) else str(v) for v in row.values()] for row in rows
    ]
    root = ElementTree.fromstring(office.get(f"{path}.xml", params=params(name, school=SCHOOL_A)).content)
    assert len(root) == len(rows)
    ids = [e.text for e in root.iter() if e.tag.endswith("}id")]
    assert ids == [str(row["id"]) for row in rows]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_goes_page_by_page(office, register, name):
    short = {"from": "2025-10-08"} if name == "gaps" else {}
    whole = office.get(f"{ATTENDANCE}/{name}", params=params(name, limit=1000, count="exact", **short)).json()
    assert whole["count"] == len(whole["data"]) and whole["next"] is None
    assert [row["id"] for row in whole["data"]] == sorted({row["id"] for row in whole["data"]})
    assert list(office.pages(f"{ATTENDANCE}/{name}", **params(name, limit=7, **short))) == whole["data"]


@pytest.mark.parametrize("by", ["trust", "school", "year_group", "pupil"])
def test_a_summary_adds_up_whatever_it_is_by(office, register, by):
    rows = list(office.pages(f"{ATTENDANCE}/summary", by=by, limit=2, **WINDOW))
    trust = office.get(f"{ATTENDANCE}/summary", params={"by": "trust", **WINDOW}).json()["data"][0]
    for name in ("possible", "attended", "authorised", "unauthorised", "unresolved", "gaps"):
        assert sum(row[name] for row in rows) == trust[name]
    assert (trust["school_urn"], trust["pupil"], trust["upn"]) == (None, None, None)


def test_a_summary_says_by_what(office, register):
    assert pointers(office.get(f"{ATTENDANCE}/summary", 400)) == ["/by"]
    assert pointers(office.get(f"{ATTENDANCE}/summary?by=class", 400)) == ["/by"]


def test_who_is_absent_is_listed(office, register):
    pupil = register[SCHOOL_A, "absent"]
    absent = {row["pupil"]: row for row in office.pages(f"{ATTENDANCE}/absence", school=SCHOOL_A, **WINDOW)}
    assert absent[pupil]["level"] == "severe" and register[SCHOOL_A, "there"] not in absent
    (penalty,) = [r for r in office.pages(f"{ATTENDANCE}/penalties", as_of="2025-12-31") if r["pupil"] == pupil]
    assert (penalty["sessions"], penalty["unresolved"], penalty["reached_without_unresolved"]) == (12, 2, True)
    (ill,) = [r for r in office.pages(f"{ATTENDANCE}/sickness", **WINDOW) if r["pupil"] == pupil]
    assert (ill["days"], ill["longest_run"], ill["run_from"]) == (15.0, 15.0, "2025-09-08")
    late = [r for r in office.pages(f"{ATTENDANCE}/unresolved", as_of="2025-12-31") if r["pupil"] == pupil]
    assert [(r["date"], r["session"], r["school_days"]) for r in late] == [
        ("2025-10-06", "AM", 9),
        ("2025-10-06", "PM", 9),
    ]
    gaps = [r for r in office.pages(f"{ATTENDANCE}/gaps", **WINDOW) if r["pupil"] == pupil and r["said"]]
    assert [(r["date"], r["session"]) for r in gaps] == [("2025-10-07", "PM")]


def test_codes_are_those_of_their_day(office):
    def codes(**filters):
        return {row["code"] for row in office.pages(f"{ATTENDANCE}/codes", **filters)}

    assert {"/", "\\", "C2", "H", "#"} <= codes()
    assert codes(day="2024-08-18") - codes(day="2024-08-19") == {"H", "J", "Y"}
    assert {"C1", "C2", "J1", "K", "Q", "Y1", "Y7"} <= codes(day="2024-08-19") - codes(day="2024-08-18")


# ---------------------------------------------------------- who sees, and when


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("suffix", ["", ".csv", ".xml", ".ndjson"])
def test_a_client_never_meets_another_schools_children(client_a, office, register, name, suffix):
    theirs = {p["upn"] for p in office.pages("/api/v1/pupils", school=SCHOOL_B)}
    text = client_a.get(f"{ATTENDANCE}/{name}{suffix}", params=params(name)).text
    assert not any(one in text for one in theirs) and str(SCHOOL_B) not in text and MARKER not in text
    filtered = client_a.get(f"{ATTENDANCE}/{name}.ndjson", params=params(name, school=SCHOOL_B)).text
    assert filtered == ""


def test_a_pupil_of_another_school_is_404(client_a, register):
    for end in ("attendance", "amendments"):
        client_a.get(f"/api/v1/pupils/{register[SCHOOL_B, 'absent']}/{end}", 404)


@pytest.mark.parametrize("name", LISTS)
def test_no_look_at_children_goes_without_an_entry(office, register, entries, query, name):
    before = entries()
    office.get(f"{ATTENDANCE}/{name}", params=params(name, limit=2))
    office.get(f"{ATTENDANCE}/{name}.csv", params=params(name))
    assert entries() == before + 2
    last = query("select resource, format, client_id from audit.access order by access_id desc limit 2")
    assert last == [(f"{ATTENDANCE}/{name}.csv", "csv", "office"), (f"{ATTENDANCE}/{name}", "json", "office")]


def test_nor_does_a_look_at_one(office, register, entries):
    before = entries()
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'absent']}"
    office.get(f"{path}/attendance")
    office.get(f"{path}/amendments")
    office.get(f"{path}/amendments.csv")
    assert entries() == before + 3
    office.get(f"{ATTENDANCE}/codes")
    assert entries() == before + 3, "codes are about nobody"


def test_reading_does_not_imply_amending(office, register, world):
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'there']}/amendments"
    office.with_scope("attendance:read").post(path, body(world), 403)
    office.with_scope("attendance:write").get(path, 403)


# ------------------------------------------------------------------ amendments


def body(world, **more):
    return {
        "school_urn": SCHOOL_A,
        "date": "2025-09-09",
        "session": "AM",
        "code": "I",
        "reason": "The mother rang",
        "by": world.staff[SCHOOL_A][0],
        **more,
    }


def test_an_amended_mark_is_kept_with_its_original(office, register, world):
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'there']}"
    made = office.post(f"{path}/amendments", body(world)).json()
    assert (made["was"], made["is_now"], made["by"]) == ("/", "I", world.staff[SCHOOL_A][0])
    assert made in list(office.pages(f"{path}/amendments"))
    marks = office.get(f"{path}/attendance", params=WINDOW).json()["marks"]
    (mark,) = [m for m in marks if (m["date"], m["session"]) == ("2025-09-09", "AM")]
    assert mark["code"] == "I" and mark["decided"]
    assert code(office.post(f"{path}/amendments", body(world), 409)) == "conflict"


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"date": "2025-09-13"}, "/date"),
        ({"date": "2199-01-07"}, "/date"),
        ({"date": "2019-09-09"}, "/date"),
        ({"code": "H"}, "/code"),
        ({"code": "\u00c4"}, "/code"),
        ({"by": 999999}, "/by"),
        ({"school_urn": SCHOOL_B}, "/date"),
    ],
)
def test_an_amendment_that_does_not_fit_is_422(office, register, world, stored, change, pointer):
    before = stored()
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'there']}/amendments"
    assert pointer in pointers(office.post(path, body(world, **change), 422))
    assert stored() == before


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"session": "am"}, "/session"),
        ({"code": "C12"}, "/code"),
        ({"code": ""}, "/code"),
        ({"reason": " "}, "/reason"),
        ({"date": "2025-02-30"}, "/date"),
    ],
)
def test_an_amendment_that_cannot_be_is_400(office, register, world, change, pointer):
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'there']}/amendments"
    assert pointers(office.post(path, body(world, **change), 400)) == [pointer]


def test_amendments_at_once_follow_one_another(office, register, world, parallel):
    """None is lost, and each knows the mark that it found."""
    path = f"/api/v1/pupils/{register[SCHOOL_A, 'there']}/amendments"
    codes = ["I", "M", "G", "O", "U", "L", "B", "V"]
    made = parallel(
        lambda c: office.fork().post(path, body(world, date="2025-09-23", session="PM", code=c)).json(), codes
    )
    chain = sorted(made, key=lambda a: a["id"])
    assert [a["was"] for a in chain] == ["\\"] + [a["is_now"] for a in chain[:-1]]


def test_amendments_of_a_new_week_at_once_all_stand(office, world, query, parallel):
    """Of several pupils: the school held what any of them attended."""
    pupils = world.pupils[SCHOOL_A][:8]
    days = ["2023-03-06", "2023-03-07", "2023-03-08", "2023-03-09"] * 2

    def amend(n):
        change = body(world, date=days[n], session="AM" if n < 4 else "PM", code="O")
        return office.fork().post(f"/api/v1/pupils/{pupils[n]}/amendments", change)

    parallel(amend, range(8))
    assert query("select held from data.school_week where school_urn = %s and week = '2023-03-06'", SCHOOL_A) == [(255,)]


def test_the_document_declares_decimals_as_numbers():
    schema = contract.DOCUMENT["components"]["schemas"]["attendance_sum"]["properties"]["percentage"]
    assert schema["type"] == ["number", "null"]
