"""A client sees and changes its own schools, and for all others there is nothing; a token opens its scopes only."""

import functools
import re

import pytest

import bodies
import contract
import exported
import prepared
from client import pointers
from world import KINDS, MARKER, SCHOOL_A, SCHOOL_B, SCOPES, contact_row, csv_text, pupil_row, school_row, staff_row

VISITS = "/api/v1/visits"
OPERATIONS = sorted(contract.SCOPES)
LISTS = ["/api/v1/schools", "/api/v1/staff", "/api/v1/pupils", "/api/v1/contacts", VISITS]


@pytest.fixture(scope="module")
def foreign(world):
    """A visit of school B with events, and the paths of B's records."""
    visit = world.visit(school=SCHOOL_B)
    world.event(visit, "departed", "2026-01-13T09:10:00Z", MARKER)
    contact = next(world.office.pages("/api/v1/contacts", school=SCHOOL_B))
    return {
        "{visit}": visit["id"],
        "{urn}": SCHOOL_B,
        "{staff}": world.staff[SCHOOL_B][0],
        "{pupil}": world.pupils[SCHOOL_B][0],
        "{contact}": contact["id"],
    }


def path_with(route, ids):
    for name, value in ids.items():
        route = route.replace(name, str(value))
    return route


def but_for_the_request(answer):
    """Everything of an answer that could tell one record from another."""
    body = answer.json()
    body.pop("instance")
    headers = {k: v for k, v in answer.headers.items() if k not in ("Date", "X-Request-Id")}
    return answer.status_code, body, headers


# Policies are the trust's.
WITH_RECORDS = [(m, p) for m, p in OPERATIONS if "{" in p and "{policy}" not in p]


@pytest.mark.parametrize("method, route", WITH_RECORDS)
def test_a_record_of_another_school_is_as_one_that_does_not_exist(
    client_a, world, visit, foreign, stored, method, route
):
    theirs = path_with(route, {**foreign, **prepared.ids(route, world, SCHOOL_B)})
    before = stored()
    answers = [
        bodies.send(client_a, method, route, world, visit, path=path, expect=404)
        for path in (theirs, bodies.absent_path(route))
    ]
    assert but_for_the_request(answers[0]) == but_for_the_request(answers[1])
    assert stored() == before


@pytest.mark.parametrize("if_match", ['"1"', '"0"', "*"])
def test_if_match_tells_nothing_of_a_foreign_visit(client_a, foreign, if_match):
    client_a.patch(path_with(f"{VISITS}/{{visit}}", foreign), {"purpose": "welfare"}, if_match, 404)


def test_if_none_match_tells_nothing_of_a_foreign_visit(client_a, foreign):
    client_a.get(path_with(f"{VISITS}/{{visit}}", foreign), 404, headers={"If-None-Match": "*"})


# An import is the client's that sent it, an export and a schedule that of who asked, whatever the school.
@pytest.mark.parametrize("method, route", [(m, p) for m, p in WITH_RECORDS if not re.search("{(import|export|schedule)}", p)])
def test_the_school_itself_sees_it(client_b, world, visit, foreign, method, route):
    path = path_with(route, {**foreign, **prepared.ids(route, world, SCHOOL_B)})
    bodies.send(client_b, method, route, world, visit, path=path, school=SCHOOL_B, expect=(200, 201))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("suffix", ["", ".ndjson", ".csv", ".xml"])
def test_nothing_of_another_school_is_in_a_list_or_export(client_a, client_b, foreign, path, suffix):
    assert MARKER not in client_a.get(path + suffix).content.decode()
    assert MARKER in client_b.get(path + suffix).content.decode()


@pytest.mark.parametrize("path", LISTS[1:])
def test_filters_and_counts_of_another_school_give_nothing(client_a, world, foreign, path):
    answer = client_a.get(path, params={"school": SCHOOL_B, "count": "exact"}).json()
    assert answer == {"data": [], "next": None, "count": 0}


@pytest.mark.parametrize("path", [VISITS, "/api/v1/contacts"])
def test_filter_by_a_foreign_pupil_gives_nothing(client_a, world, foreign, path):
    assert client_a.get(path, params={"pupil": world.pupils[SCHOOL_B][0], "count": "exact"}).json()["count"] == 0


@pytest.mark.parametrize("path", LISTS)
def test_counts_are_of_what_the_client_sees(client_a, path):
    assert client_a.get(path, params={"count": "exact", "limit": 1}).json()["count"] == len(list(client_a.pages(path)))


def test_a_cursor_of_another_client_opens_nothing(client_a, client_b, foreign):
    following = client_b.get(f"{VISITS}?limit=1").json()["next"] or f"{VISITS}?limit=1"
    assert MARKER not in client_a.call("GET", following).text


@pytest.mark.parametrize(
    "change, wanted",
    [
        (lambda w: {"school_urn": SCHOOL_B}, "/school_urn"),
        (lambda w: {"pupils": [w.pupils[SCHOOL_B][0]]}, "/pupils/0"),
        (lambda w: {"team": [{"staff_id": w.staff[SCHOOL_B][0], "lead": True}]}, "/team/0/staff_id"),
    ],
    ids=["school", "pupil", "staff"],
)
def test_a_visit_cannot_name_what_the_client_does_not_see(client_a, world, visit, stored, change, wanted):
    before = stored()
    assert wanted in pointers(client_a.post(VISITS, {**world.plan(), **change(world)}, 422))
    if "school" not in wanted:
        assert pointers(client_a.patch(f"{VISITS}/{visit['id']}", change(world), "*", 422)) == [wanted]
    assert stored() == before


def test_foreign_and_absent_pupils_are_refused_in_the_same_words(client_a, world):
    details = [
        client_a.post(VISITS, world.plan(pupils=[pupil]), 422).json()["errors"]
        for pupil in (world.pupils[SCHOOL_B][0], 999999)
    ]
    assert details[0] == details[1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_cannot_reach_another_school(client_a, world, query, stored, kind):
    rows = {
        "schools": school_row(SCHOOL_B, "Taken over"),
        "staff": staff_row(SCHOOL_B, 77),
        "pupils": pupil_row(SCHOOL_B),
        "contacts": contact_row(next(r["upn"] for r in world.rows["pupils"] if r["school_urn"] == SCHOOL_B), 9),
    }
    before = stored()
    answer = client_a.import_rows(kind, csv_text(kind, [rows[kind]]), 422, query="?mode=all")
    assert answer.json()["accepted"] == 0 and MARKER not in answer.text
    assert client_a.import_rows(kind, csv_text(kind, [rows[kind]]), query="?mode=valid").json()["accepted"] == 0
    assert stored() == before


def test_a_shared_pupil_shows_each_school_its_own_stay(client_a, client_b, office):
    row = pupil_row(SCHOOL_A, name="Shared", left_on="2024-07-20")
    for school, more in ((SCHOOL_A, {}), (SCHOOL_B, {"admitted_on": "2024-09-01", "left_on": ""})):
        office.import_rows("pupils", csv_text("pupils", [{**row, "school_urn": school, **more}]))
    for api, school in ((client_a, SCHOOL_A), (client_b, SCHOOL_B)):
        pupil = next(p for p in api.pages("/api/v1/pupils") if p["upn"] == row["upn"])
        assert [e["school_urn"] for e in pupil["enrolments"]] == [school] and pupil["school_urn"] == school


def test_colleagues_of_a_shared_visit_keep_to_their_schools(client_b, world, foreign):
    assert {v["school_urn"] for v in client_b.pages(VISITS)} == {SCHOOL_B}


def test_a_school_taken_from_a_client_is_gone_at_once(make_client, world, query):
    api = make_client("moved", schools=[SCHOOL_A])
    assert api.get("/api/v1/schools").json()["data"]
    query("delete from auth.client_school where client_id = 'moved'")
    for _ in range(6):
        assert api.get("/api/v1/schools").json()["data"] == []


def test_a_client_of_no_school_sees_nothing(make_client, world):
    api = make_client("nowhere", schools=[])
    for path in LISTS:
        assert api.get(path, params={"count": "exact"}).json() == {"data": [], "next": None, "count": 0}


# --------------------------------------------------------------------- scopes


@pytest.fixture(scope="module")
def token(office):
    """A client with a token of these scopes; each is made once."""
    return functools.cache(lambda *scopes: office.with_scope(*scopes))


# That all other scopes together do not open it is in test_contract.py.
@pytest.mark.parametrize("method, route", OPERATIONS)
def test_each_operation_opens_to_its_scope_alone(token, world, visit, method, route):
    wanted, beside = contract.SCOPES[method, route], exported.BESIDE.get((method, route), ())
    assert bodies.send(token(wanted, *beside), method, route, world, visit).status_code in (200, 201, 202)


@pytest.mark.parametrize("method, route", exported.BESIDE)
def test_nor_does_it_open_without_the_scope_that_it_wants_beside(token, world, visit, method, route):
    bodies.send(token(contract.SCOPES[method, route]), method, route, world, visit, expect=(403, 404, 409, 422))


@pytest.mark.parametrize("path", [*LISTS, f"{VISITS}/1/events"])
@pytest.mark.parametrize("suffix", ["csv", "xml", "ndjson", "xlsx"])
def test_exports_need_the_scope_of_their_list(token, path, suffix):
    wanted = "visits:read" if path.endswith("events") else f"{path.rpartition('/')[2]}:read"
    token(wanted).get(f"{path}.{suffix}")
    token(*(scope for scope in SCOPES if scope != wanted)).get(f"{path}.{suffix}", 403)


def test_writing_does_not_imply_reading(token, world):
    api = token("visits:write")
    made = api.post(VISITS, world.plan()).json()
    api.get(f"{VISITS}/{made['id']}", 403)
