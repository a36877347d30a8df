"""Reading as at a moment: what was known then, by when it was recorded."""

import csv
import datetime
import io

import pytest

import bodies
import contract
import prepared
from client import pointers
from family import PREFIX, Family
from world import MARKER, SCHOOL_A, SCHOOL_B, csv_text, mark_row

VISITS = f"{PREFIX}/visits"
LONG_AGO = "2020-01-01T00:00:00Z"
BAD = ["2026-01-13", "yesterday", "", "2026-13-01T00:00:00Z", "2026-01-13T09:30:00"]


def has_past(operation):
    return any(p["name"] == "as_of" and p["schema"].get("format") == "date-time" for p in operation["parameters"])


PAST = sorted(path for (method, path), operation in contract.OPERATIONS.items() if method == "GET" and has_past(operation))
OTHERS = sorted(key for key, operation in contract.OPERATIONS.items() if key[0] != "GET" and (("GET", key[1]) in contract.OPERATIONS)
                and has_past(contract.OPERATIONS["GET", key[1]]))


def moment():
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.fixture
def family(office, schools):
    return Family(office, schools["potton"].urn)


@pytest.fixture
def entries(query):
    """entries(): how many access entries there are."""
    return lambda: query("select count(*) from audit.access")[0][0]


@pytest.fixture
def path_of(world, visit):
    """path_of(route, school): the path of a record of the school, school A as a rule."""

    def path(route, school=SCHOOL_A, its=None):
        ids = {"{visit}": (its or visit)["id"], "{pupil}": world.pupils[school][0], **prepared.ids(route, world, school)}
        for name, value in ids.items():
            route = route.replace(name, str(value))
        return route

    return path


def test_these_have_a_past():
    assert {p.removeprefix(PREFIX) for p in PAST} == {
        "/visits", "/visits/{visit}", "/visits/{visit}/events", "/visits/{visit}/duties", "/visits/{visit}/risk-assessments",
        "/agreements", "/agreements/{agreement}", "/agreements/{agreement}/tests", "/agreements/{agreement}/duties",
        "/risk-assessments", "/pupils/{pupil}/attendance", "/pupils/{pupil}/amendments",
    }


@pytest.mark.parametrize("route", PAST)
def test_as_at_now_it_is_what_it_is_now(office, path_of, route):
    path = path_of(route)
    now, then = office.get(path).json(), office.get(path, params={"as_of": moment()}).json()
    for answer in (now, then):  # a cursor is of its filters
        answer.pop("next", None)
    assert now == then


@pytest.mark.parametrize("route", PAST)
def test_before_anything_was_recorded_there_is_nothing(office, path_of, route):
    path = path_of(route)
    answer = office.get(path, expect=404 if "{" in route else 200, params={"as_of": LONG_AGO})
    assert "{" in route or answer.json() == {"data": [], "next": None}


@pytest.mark.parametrize("route", PAST)
def test_what_is_to_come_cannot_be_asked_for(office, path_of, route):
    coming = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert pointers(office.get(path_of(route), expect=400, params={"as_of": coming})) == ["/as_of"]


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("route", PAST[:2])
def test_what_is_no_moment_is_400(office, path_of, route, value):
    assert pointers(office.get(path_of(route), expect=400, params={"as_of": value})) == ["/as_of"]


@pytest.mark.parametrize("method, route", OTHERS)
def test_nothing_is_written_as_at_a_moment(office, world, visit, path_of, stored, method, route):
    before = stored()
    path = f"{path_of(route)}?as_of={moment()}"
    assert pointers(bodies.send(office, method, route, world, visit, path=path, expect=400)) == ["/as_of"]
    assert stored() == before


@pytest.mark.parametrize("path", ["/staff", "/visits/{visit}/records", "/board"])
def test_what_has_no_past_is_not_asked_for_it(office, path_of, path):
    assert pointers(office.get(path_of(PREFIX + path), expect=400, params={"as_of": moment()})) == ["/as_of"]


# ------------------------------------------------------------ what was known


def test_a_visit_is_what_was_recorded_by_then_however_late(office, world, visit):
    path = f"{VISITS}/{visit['id']}"
    planned = moment()
    office.patch(path, {"place": {"address": "2 Other Street"}, "pupils": world.pupils[SCHOOL_A][1:3]}, '"1"')
    changed = moment()
    world.event(visit, "departed", "2026-01-13T09:10:00Z")

    def at(when, more=""):
        return office.get(path + more, params={"as_of": when}).json()

    assert at(planned) == visit
    assert [at(changed)[k] for k in ("state", "version", "pupils")] == ["requested", 2, world.pupils[SCHOOL_A][1:3]]
    assert at(changed, "/events")["data"] == [], "it happened before, and was not known"
    assert at(moment())["state"] == "departed" and [e["kind"] for e in at(moment(), "/events")["data"]] == ["departed"]


def test_a_list_is_filtered_by_what_was_known(office, world, visit):
    known = moment()
    world.event(visit, "cancelled", note="The family is away.")
    asked = {"state": "requested", "school": SCHOOL_A}
    assert visit["id"] not in [v["id"] for v in office.pages(VISITS, **asked)]
    assert visit["id"] in [v["id"] for v in office.pages(VISITS, as_of=known, **asked)]
    counted = office.get(VISITS, params={**asked, "as_of": known, "count": "exact", "limit": 1})
    assert counted.json()["count"] == len(list(office.pages(VISITS, as_of=known, limit=2, **asked)))
    assert "as_of=" in counted.json()["next"]


@pytest.mark.parametrize("suffix", [".json", ".ndjson", ".csv", ".xml", ".xlsx"])
def test_every_format_has_a_past(office, world, visit, suffix):
    then, before = moment(), office.get(f"{VISITS}{suffix}")
    office.patch(f"{VISITS}/{visit['id']}", {"purpose": "welfare"}, '"1"')
    made = world.visit()
    was, now = office.get(f"{VISITS}{suffix}", params={"as_of": then}), office.get(f"{VISITS}{suffix}")
    if suffix not in (".json", ".xlsx"):  # a cursor, and when a workbook was made
        assert was.content == before.content
    assert was.content != now.content
    if suffix == ".csv":
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(was.text))}
        assert rows[str(visit["id"])]["purpose"] == "attendance" and str(made["id"]) not in rows


def test_what_was_is_nothing_to_change_by(office, visit):
    path = f"{VISITS}/{visit['id']}"
    assert "ETag" in office.get(path).headers
    assert "ETag" not in office.get(path, params={"as_of": moment()}).headers
    assert office.get(path, params={"as_of": moment()}, headers={"If-None-Match": "*"}).json() == visit


def test_an_agreement_stands_as_it_stood(office, family):
    family.marks(("2026-01-05", "/\\/\\/\\/\\/\\"), ("2026-01-12", "/\\U\\/\\/\\/\\"))
    agreement = family.agree({"kind": "no_marks", "codes": ["U", "O"], "days": 15})
    path, made = f"{PREFIX}/agreements/{agreement['id']}", moment()
    steps = family.steps(agreement)
    family.test(agreement, "2026-01-16")
    assert office.get(path).json()["state"] == "broken"
    assert office.get(path, params={"as_of": made}).json() == agreement
    assert office.get(f"{path}/tests", params={"as_of": made}).json()["data"] == []
    duties = office.get(f"{path}/duties", params={"as_of": made}).json()["data"]
    assert {d["clause"]: d["state"] for d in duties if d["state"] != "not_applicable"} == steps


def test_marks_are_those_that_were_known(office, family):
    family.marks(("2026-01-05", "/\\O\\/\\/\\N\\"))
    path, asked = f"{PREFIX}/pupils/{family.id}/attendance", {"from": "2026-01-05", "to": "2026-01-09"}
    brought, known = moment(), office.get(path, params=asked).json()
    office.post(f"{PREFIX}/pupils/{family.id}/amendments", {
        "school_urn": family.school, "date": "2026-01-06", "session": "AM", "code": "I", "reason": "A letter came.", "by": family.officer})
    amended, then = moment(), office.get(path, params=asked).json()
    late = mark_row(family.school, family.upn, "2026-01-09", "AM", "L", minutes_late=7)
    office.import_rows("register", csv_text("register", [late]))
    now = office.get(path, params=asked).json()
    assert [a["sums"]["attended"] for a in (known, then, now)] == [8, 8, 9]
    assert [a["marks"][2]["decided"] for a in (known, then)] == [False, True]
    assert office.get(path, params={**asked, "as_of": brought}).json() == known
    assert office.get(path, params={**asked, "as_of": amended}).json() == then
    assert now["marks"][8]["minutes_late"] == 7 and then["marks"][8]["code"] == "N"
    amendments = [office.get(f"{PREFIX}/pupils/{family.id}/amendments", params={"as_of": at}).json()["data"] for at in (brought, amended)]
    assert [len(a) for a in amendments] == [0, 1]


def test_a_window_ends_on_the_day_of_the_moment(office, world):
    answer = office.get(f"{PREFIX}/pupils/{world.pupils[SCHOOL_A][0]}/attendance", params={"as_of": moment()}).json()
    assert answer["to"] == office.get(f"{PREFIX}/pupils/{world.pupils[SCHOOL_A][0]}/attendance").json()["to"]


# ------------------------------------------------------------ who sees it


@pytest.mark.parametrize("route", PAST)
def test_a_client_sees_of_the_past_what_it_sees_of_today(client_a, client_b, world, path_of, route):
    path = path_of(route, SCHOOL_B, world.visit(school=SCHOOL_B))
    client_b.get(path, params={"as_of": moment()})
    answer = client_a.get(path, expect=404 if "{" in route else 200, params={"as_of": moment()})
    assert MARKER not in answer.text


@pytest.mark.parametrize("route", PAST)
def test_a_past_takes_the_scope_of_today(office, path_of, route):
    office.with_scope("staff:read").get(path_of(route), expect=403, params={"as_of": moment()})


def test_a_look_at_the_past_leaves_an_entry_with_its_moment(office, entries, query):
    before, then = entries(), moment()
    office.get(f"{PREFIX}/agreements", params={"as_of": then})
    office.get(f"{VISITS}.csv", params={"as_of": then})
    assert entries() == before + 2
    assert query("select filters ->> 'as_of' from audit.access order by access_id desc limit 2") == [(then,), (then,)]
