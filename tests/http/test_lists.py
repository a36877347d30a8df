"""Lists: filters, keyset pages, counts."""

import json
import urllib.parse

import pytest

from client import code, pointers
from raw import exchange
from world import SCHOOL_A, SCHOOL_B, SCHOOL_C, csv_text, pupil_row, upn

VISITS = "/api/v1/visits"
LISTS = ["/api/v1/schools", "/api/v1/staff", "/api/v1/pupils", "/api/v1/contacts", VISITS]


def ids(records):
    return [r.get("id", r.get("urn")) for r in records]


@pytest.fixture(scope="module")
def calendar(world):
    """A visit at each of these times, of school C, by its start; around midnights and both clock changes of 2027."""
    starts = [
        "2027-03-27T23:59:59Z",
        "2027-03-28T00:00:00Z",
        "2027-03-28T00:30:00Z",
        "2027-03-28T22:59:59Z",
        "2027-03-28T23:00:00Z",
        "2027-06-14T22:59:59Z",
        "2027-06-14T23:00:00Z",
        "2027-06-15T12:00:00Z",
        "2027-06-15T22:59:59Z",
        "2027-06-15T23:00:00Z",
        "2027-10-30T22:59:59Z",
        "2027-10-30T23:00:00Z",
        "2027-10-31T23:59:59Z",
        "2027-11-01T00:00:00Z",
    ]
    return {
        start: world.visit(school=SCHOOL_C, planned_start=start, planned_end=start[:-1] + ".5Z")["id"]
        for start in starts
    }


# -------------------------------------------------------------------- filters


@pytest.mark.parametrize("path", ["/api/v1/staff", "/api/v1/pupils", "/api/v1/contacts", VISITS])
def test_school_filter_gives_that_school_only(office, world, path):
    world.visit(), world.visit(school=SCHOOL_B)
    pupils = set(world.pupils[SCHOOL_A])
    found = list(office.pages(path, school=SCHOOL_A))
    assert found
    for record in found:
        assert (
            record.get("school_urn") == SCHOOL_A
            or record.get("pupil_id") in pupils
            or SCHOOL_A in [p["school_urn"] for p in record.get("posts", record.get("enrolments", []))]
        )


def test_school_without_anything_gives_an_empty_list(office):
    answer = office.get(VISITS, params={"school": 999999}).json()
    assert answer == {"data": [], "next": None}


def test_filter_by_pupil(office, world):
    pupil = world.pupils[SCHOOL_A][7]
    made = [world.visit(pupils=[pupil])["id"], world.visit(pupils=[world.pupils[SCHOOL_A][8], pupil])["id"]]
    assert ids(office.pages(VISITS, pupil=pupil)) == made
    assert {c["pupil_id"] for c in office.pages("/api/v1/contacts", pupil=pupil)} == {pupil}


def test_filter_by_state_and_purpose(office, world):
    visit = world.visit(purpose="tuition")
    assert visit["id"] in ids(office.pages(VISITS, state="requested", purpose="tuition"))
    world.event(visit, "departed", "2026-01-13T09:00:00Z")
    assert visit["id"] not in ids(office.pages(VISITS, state="requested"))
    assert ids(office.pages(VISITS, state="departed", purpose="tuition")) == [visit["id"]]


def test_filter_by_role(office):
    found = list(office.pages("/api/v1/staff", role="dsl", school=SCHOOL_B))
    assert found and all("dsl" in p["roles"] for s in found for p in s["posts"] if p["school_urn"] == SCHOOL_B)
    assert not list(office.pages("/api/v1/staff", role="compliance_officer"))


def test_updated_after_gives_what_changed_since(office, visit, world):
    since = office.get(f"{VISITS}/{visit['id']}").json()["updated_at"]
    later = world.visit()
    office.patch(f"{VISITS}/{visit['id']}", {"purpose": "exam"}, "*")
    found = ids(office.pages(VISITS, updated_after=since))
    assert visit["id"] in found and later["id"] in found
    assert not list(office.pages(VISITS, updated_after="2199-01-01T00:00:00Z"))


@pytest.mark.parametrize("path", LISTS)
def test_updated_after_of_every_list(office, path):
    assert not list(office.pages(path, updated_after="2199-01-01T00:00:00+01:00"))
    assert list(office.pages(path, updated_after="2001-01-01T00:00:00Z")) == list(office.pages(path))


DAYS = [
    ({"planned_from": "2027-03-28", "planned_to": "2027-03-28"}, "2027-03-28T00:00:00Z", "2027-03-28T22:59:59Z"),
    ({"planned_from": "2027-06-15", "planned_to": "2027-06-15"}, "2027-06-14T23:00:00Z", "2027-06-15T22:59:59Z"),
    ({"planned_from": "2027-10-31", "planned_to": "2027-10-31"}, "2027-10-30T23:00:00Z", "2027-10-31T23:59:59Z"),
    ({"planned_from": "2027-11-01"}, "2027-11-01T00:00:00Z", "9"),
    ({"planned_to": "2027-03-27"}, "0", "2027-03-27T23:59:59Z"),
    (
        {"planned_from": "2027-06-15T12:00:00Z", "planned_to": "2027-06-15T12:00:00Z"},
        "2027-06-15T12:00:00Z",
        "2027-06-15T12:00:00Z",
    ),
    (
        {"planned_from": "2027-06-15T13:00:00+01:00", "planned_to": "2027-06-15"},
        "2027-06-15T12:00:00Z",
        "2027-06-15T22:59:59Z",
    ),
    ({"planned_from": "2027-06-16", "planned_to": "2027-06-14"}, "9", "0"),
]


@pytest.mark.parametrize("filters, first, last", DAYS)
def test_days_are_those_of_the_united_kingdom(office, calendar, filters, first, last):
    wanted = [made for start, made in calendar.items() if first <= start <= last]
    assert ids(office.pages(VISITS, school=SCHOOL_C, **filters)) == wanted


@pytest.mark.parametrize(
    "query, pointer",
    [
        ("school=1", "/school"),
        ("school=abc", "/school"),
        ("school=", "/school"),
        ("school=900001&school=900002", "/school"),
        ("pupil=0", "/pupil"),
        ("pupil=-1", "/pupil"),
        ("pupil=1.0", "/pupil"),
        ("pupil=99999999999999999999", "/pupil"),
        ("state=lost", "/state"),
        ("purpose=x", "/purpose"),
        ("planned_from=2025-02-29", "/planned_from"),
        ("planned_to=12/01/2027", "/planned_to"),
        ("planned_from=2026-01-13T09:30:00", "/planned_from"),
        ("updated_after=2026-01-13", "/updated_after"),
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("limit=1000000000", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=1e3", "/limit"),
        ("limit=+5", "/limit"),
        ("count=yes", "/count"),
        ("flavour=vanilla", "/flavour"),
        ("after=", "/after"),
        ("a%5B%5D=1", "/a[]"),
        ("%3Cscript%3E=1", "/<script>"),
        ("x=1", "/x"),
    ],
)
def test_a_wrong_parameter_is_400_with_its_pointer(office, query, pointer):
    assert pointers(office.get(f"{VISITS}?{query}", expect=400)) == [pointer]


@pytest.mark.parametrize(
    "query",
    [
        "school=%",
        "school=%zz",
        "school=%00",
        "school=%ff",
        "school=%c0%af",
        "school=%ed%a0%80",
        "%ff=1",
        "&".join(f"p{n}=1" for n in range(70)),
    ],
)
def test_broken_queries_are_400(office, instance, query):
    """By hand, for the client library would mend them."""
    (answer,) = exchange(
        instance.port,
        f"GET {VISITS}?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {office.token}\r\n\r\n".encode(),
    )
    assert answer.status == 400
    assert json.loads(answer.body)["type"] == "/problems#malformed"


# ---------------------------------------------------------------------- pages


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 7])
def test_pages_together_are_the_whole_list(office, path, limit):
    whole = list(office.pages(path, limit=1000))
    some = {"updated_after": "2001-01-01T00:00:00Z"}
    if limit == 1 and len(whole) > 30:
        some["school"] = SCHOOL_C
        whole = list(office.pages(path, limit=1000, **some))
    assert list(office.pages(path, limit=limit, **some)) == whole
    assert ids(whole) == sorted(ids(whole))


def test_link_header_says_next_as_the_body_does(office):
    answer = office.get("/api/v1/pupils?limit=5")
    assert answer.headers["Link"] == f'<{answer.json()["next"]}>; rel="next"'
    assert len(answer.json()["data"]) == 5
    assert "Link" not in office.get("/api/v1/pupils?limit=1000").headers


def test_next_keeps_filters_and_limit(office):
    following = urllib.parse.urlsplit(office.get(f"/api/v1/pupils?limit=5&school={SCHOOL_A}").json()["next"])
    query = dict(urllib.parse.parse_qsl(following.query))
    assert (
        following.path == "/api/v1/pupils" and query.pop("after") and query == {"limit": "5", "school": str(SCHOOL_A)}
    )


def test_a_full_last_page_has_no_next(office):
    total = len(list(office.pages("/api/v1/staff")))
    assert office.get(f"/api/v1/staff?limit={total}").json()["next"] is None


def test_without_a_limit_a_page_has_100(office, world, visit):
    rows = [pupil_row(SCHOOL_C) for _ in range(120)]
    office.import_rows("pupils", csv_text("pupils", rows))
    assert len(office.get("/api/v1/pupils").json()["data"]) == 100


def test_pages_are_complete_under_inserts(office, world):
    """Nothing that was there at the start is missed or told twice while others write."""
    before = ids(office.pages(VISITS, limit=1000))
    found, answer = [], office.get(f"{VISITS}?limit=5")
    while True:
        world.visit()
        found += ids(answer.json()["data"])
        if answer.json()["next"] is None or len(found) > 3 * len(before):
            break
        answer = office.get(answer.json()["next"])
        if len(found) > len(before):
            break
    assert found[: len(before)] == before[: len(found)] and len(found) == len(set(found))


def cursor(office, query):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(office.get(query).json()["next"]).query)["after"][0]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "/api/v1/staff?limit=1&after={}",
        "/api/v1/pupils?limit=1&school=900001&after={}",
        "/api/v1/pupils.json?limit=1&after={}",
        "/api/v1/pupils?limit=1&updated_after=2001-01-01T00:00:00Z&after={}",
    ],
)
def test_a_cursor_from_elsewhere_is_400(office, elsewhere):
    taken = cursor(office, "/api/v1/pupils?limit=1")
    assert code(office.get(elsewhere.format(taken), expect=400)) == "invalid-cursor"
    office.get(f"/api/v1/pupils?limit=2&after={taken}")


@pytest.mark.parametrize(
    "forged", ["1", "1-", "-", "1-0000000000000000", "99999999999999999999-x", "1;drop", "%27", "x" * 1000]
)
def test_a_forged_cursor_is_400(office, forged):
    assert code(office.get(f"/api/v1/pupils?after={forged}", expect=400)) == "invalid-cursor"


def test_count_comes_on_request_only(office):
    total = len(list(office.pages("/api/v1/pupils", school=SCHOOL_B)))
    assert office.get(f"/api/v1/pupils?school={SCHOOL_B}&count=exact&limit=3").json()["count"] == total
    assert "count" not in office.get(f"/api/v1/pupils?school={SCHOOL_B}").json()


def test_count_is_of_the_whole_list_on_every_page(office):
    first = office.get("/api/v1/pupils?count=exact&limit=3").json()
    assert office.get(first["next"]).json()["count"] == first["count"]


def test_a_pupil_at_two_schools_is_in_both_lists_and_once_in_all(office):
    number = upn()
    rows = [pupil_row(SCHOOL_A, number, left_on="2024-07-20"), pupil_row(SCHOOL_C, number, admitted_on="2024-09-01")]
    office.import_rows("pupils", csv_text("pupils", rows))
    for filters in ({}, {"school": SCHOOL_A}, {"school": SCHOOL_C}):
        assert [p["upn"] for p in office.pages("/api/v1/pupils", **filters)].count(number) == 1
    pupil = next(p for p in office.pages("/api/v1/pupils", school=SCHOOL_C) if p["upn"] == number)
    assert pupil["school_urn"] == SCHOOL_C and [e["school_urn"] for e in pupil["enrolments"]] == [SCHOOL_A, SCHOOL_C]
