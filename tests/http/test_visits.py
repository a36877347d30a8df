"""Visits: planned, read, changed; every problem of a body in one answer."""

import re

import pytest

from client import code, pointers
from world import SCHOOL_A, SCHOOL_B

VISITS = "/api/v1/visits"


def without(body, *names):
    return {k: v for k, v in body.items() if k not in names}


def refused(office, world, stored, change, status):
    """What a plan with the change is answered; nothing may be stored."""
    before = stored()
    answer = office.post(VISITS, {**world.plan(), **change}, status)
    assert stored() == before
    return answer


def test_the_request_of_the_documentation_works_as_it_stands(office, world):
    body = {
        "school_urn": 900001,
        "pupils": [world.pupils[SCHOOL_A][0]],
        "purpose": "attendance",
        "planned_start": "2026-01-13T09:30:00Z",
        "planned_end": "2026-01-13T10:00:00Z",
        "announced": True,
        "place": {"address": "1 Example Street", "postcode": "ZZ1 1ZZ"},
        "team": [
            {"staff_id": world.staff[SCHOOL_A][0], "lead": True, "phone": "07700 900123"},
            {"name": "Outside Professional", "organisation": "Children's services", "role": "social worker"},
        ],
    }
    made = office.post(VISITS, body)
    visit = made.json()
    assert made.headers["Location"] == f"{VISITS}/{visit['id']}"
    assert made.headers["ETag"] == '"1"' and visit["version"] == 1
    assert visit["state"] == "requested"
    assert visit["pupils"] == body["pupils"] and visit["place"] == body["place"]
    assert [m["lead"] for m in visit["team"]] == [True, False]
    assert visit["team"][0]["name"] and visit["team"][1]["name"] == "Outside Professional"
    assert visit["planned_start"] == "2026-01-13T09:30:00Z"
    read = office.get(made.headers["Location"])
    assert read.json() == visit and read.headers["ETag"] == made.headers["ETag"]


def test_everything_that_a_plan_can_say_is_answered(office, world):
    plan = world.plan(
        pupils=world.pupils[SCHOOL_A][:3],
        parents_told_by="letter",
        vehicle={"make": "Ford", "model": "Ka", "registration": "AB12 CDE", "colour": "silver"},
    )
    plan["place"] = {"address": "Flat 2\nÉlan House\nO'Brien's Row", "postcode": "ZZ1 1ZZ"}
    visit = office.post(VISITS, plan).json()
    for name in ("pupils", "parents_told_by", "vehicle", "place", "purpose", "announced"):
        assert visit[name] == plan[name]


@pytest.mark.parametrize(
    "given, answered",
    [
        ("2027-07-01T10:30:00+01:00", "2027-07-01T09:30:00Z"),
        ("2026-01-13t09:30:00z", "2026-01-13T09:30:00Z"),
        ("2026-01-13T09:30:00.5-00:00", "2026-01-13T09:30:00"),
    ],
)
def test_times_with_an_offset_are_answered_in_utc(office, world, given, answered):
    visit = world.visit(
        planned_start=given, planned_end="2027-07-01T10:00:00Z" if "07-01" in given else "2026-01-13T10:00:00Z"
    )
    assert visit["planned_start"].startswith(answered.rstrip("Z")) and visit["planned_start"].endswith("Z")


def test_leap_day_of_a_leap_year_is_a_day(world):
    assert world.visit(planned_start="2028-02-29T09:00:00Z", planned_end="2028-02-29T10:00:00Z")


NAMES = [
    "O'Brien",
    "Zoë Ångström",
    "Siân",
    "李雷",
    "🙂",
    "Anna-Lena",
    '"quoted" \\ back',
    "عربى",
    "</script><b>",
    "=1+1",
    "a\u0301",
    "\u00a0x\u00a0",
    "a" * 200,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_come_back_as_they_were_sent(office, world, name):
    team = [{"staff_id": world.staff[SCHOOL_A][0], "lead": True}, {"name": name}]
    visit = world.visit(team=team)
    assert office.get(f"{VISITS}/{visit['id']}").json()["team"][1]["name"] == name


# --------------------------------------------------------- refused by their form


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"school_urn": None}, "/school_urn"),
        ({"school_urn": "900001"}, "/school_urn"),
        ({"school_urn": 1}, "/school_urn"),
        ({"school_urn": 900001.5}, "/school_urn"),
        ({"pupils": []}, "/pupils"),
        ({"pupils": 1}, "/pupils"),
        ({"pupils": ["1"]}, "/pupils/0"),
        ({"pupils": [None]}, "/pupils/0"),
        ({"pupils": [0]}, "/pupils/0"),
        ({"pupils": [2**53]}, "/pupils/0"),
        ({"pupils": list(range(1, 52))}, "/pupils"),
        ({"purpose": "gossip"}, "/purpose"),
        ({"purpose": ""}, "/purpose"),
        ({"purpose": 1}, "/purpose"),
        ({"planned_start": "2025-02-29T09:00:00Z"}, "/planned_start"),
        ({"planned_start": "2026-01-13T09:30:00"}, "/planned_start"),
        ({"planned_start": "2026-01-13"}, "/planned_start"),
        ({"planned_start": "2027-13-01T09:30:00Z"}, "/planned_start"),
        ({"planned_start": "2026-01-13T24:00:00Z"}, "/planned_start"),
        ({"planned_start": "2026-01-13T09:30:60Z"}, "/planned_start"),
        ({"planned_start": "2026-01-13 09:30:00Z"}, "/planned_start"),
        ({"planned_start": "now"}, "/planned_start"),
        ({"planned_start": 1800000000}, "/planned_start"),
        ({"planned_start": "0000-01-01T00:00:00Z"}, "/planned_start"),
        ({"planned_start": "9999-12-31T23:59:59Z"}, "/planned_start"),
        ({"announced": "true"}, "/announced"),
        ({"announced": 1}, "/announced"),
        ({"parents_told_by": "pigeon"}, "/parents_told_by"),
        ({"place": "1 Example Street"}, "/place"),
        ({"place": {}}, "/place/address"),
        ({"place": {"address": " \n "}}, "/place/address"),
        ({"place": {"address": "x" * 501}}, "/place/address"),
        ({"place": {"address": "x", "postcode": "y" * 11}}, "/place/postcode"),
        ({"place": {"address": "x", "country": "y"}}, "/place/country"),
        ({"place": {"address": "bell \u0007"}}, "/place/address"),
        ({"team": []}, "/team"),
        ({"team": [{"lead": "yes"}]}, "/team/0/lead"),
        ({"team": [{"staff_id": -1, "lead": True}]}, "/team/0/staff_id"),
        ({"team": [{"name": "two\nlines", "lead": True}]}, "/team/0/name"),
        ({"vehicle": {"wheels": 4}}, "/vehicle/wheels"),
        ({"id": 1}, "/id"),
        ({"state": "returned"}, "/state"),
        ({"version": 7}, "/version"),
        ({"created_at": "2026-01-13T09:30:00Z"}, "/created_at"),
        ({"departed_at": "2026-01-13T09:30:00Z"}, "/departed_at"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"": 1}, "/"),
    ],
)
def test_a_wrong_field_is_400_with_its_pointer(office, world, stored, change, pointer):
    answer = refused(office, world, stored, change, 400)
    assert code(answer) == "invalid-fields"
    assert pointers(answer) == [pointer]


@pytest.mark.parametrize(
    "name", ["school_urn", "pupils", "purpose", "planned_start", "planned_end", "announced", "place", "team"]
)
def test_a_missing_field_is_400_with_its_pointer(office, world, stored, name):
    before = stored()
    answer = office.post(VISITS, without(world.plan(), name), 400)
    assert pointers(answer) == [f"/{name}"]
    assert stored() == before


def test_all_field_problems_come_in_one_answer(office, stored):
    before = stored()
    answer = office.post(
        VISITS + "?x=1",
        {
            "school_urn": "x",
            "pupils": [0, "y"],
            "purpose": "z",
            "planned_end": "2025-02-29T00:00:00Z",
            "announced": None,
            "place": {"postcode": 5},
            "team": [{"name": 1}],
            "extra": {},
        },
        400,
    )
    assert pointers(answer) == [
        "/announced",
        "/extra",
        "/place/address",
        "/place/postcode",
        "/planned_end",
        "/planned_start",
        "/pupils/0",
        "/pupils/1",
        "/purpose",
        "/school_urn",
        "/team/0/name",
        "/x",
    ]
    assert stored() == before


def test_more_problems_than_anyone_reads_are_cut_at_100(office):
    assert len(office.post(VISITS, {f"f{n}": 1 for n in range(500)}, 400).json()["errors"]) == 100


def test_a_key_of_100_kb_is_named(office):
    assert ["/" + "k" * 100_000] == [p for p in pointers(office.post(VISITS, {"k" * 100_000: 1}, 400)) if "kk" in p]


# ------------------------------------------------------ refused by the records


@pytest.mark.parametrize(
    "change, wanted",
    [
        ({"planned_end": "2026-01-13T09:30:00Z"}, ["/planned_end"]),
        ({"planned_end": "2026-01-13T08:00:00Z"}, ["/planned_end"]),
        ({"planned_end": "2026-01-14T09:30:01Z"}, ["/planned_end"]),
        ({"announced": False, "parents_told_by": "phone"}, ["/parents_told_by"]),
        ({"pupils": [999999]}, ["/pupils/0"]),
        ({"pupils": ["A", "A"]}, ["/pupils/1"]),
        ({"pupils": ["B"]}, ["/pupils/0"]),
        ({"school_urn": 999999}, ["/pupils/0", "/school_urn"]),
        ({"team": [{"staff_id": 999999, "lead": True}]}, ["/team/0/staff_id"]),
        ({"team": [{"name": "A"}]}, ["/team"]),
        ({"team": [{"name": "A", "lead": True}, {"name": "B", "lead": True}]}, ["/team"]),
        ({"team": [{"phone": "1", "lead": True}]}, ["/team/0"]),
        (
            {"team": [{"staff_id": "A", "name": "x", "role": "y", "organisation": "z", "lead": True}]},
            ["/team/0/organisation", "/team/0/role"],
        ),
        ({"team": [{"staff_id": "A", "lead": True}, {"staff_id": "A"}]}, ["/team/1/staff_id"]),
        (
            {"planned_end": "2026-01-13T08:00:00Z", "pupils": [999999], "team": [{"name": "A"}]},
            ["/planned_end", "/pupils/0", "/team"],
        ),
    ],
)
def test_what_does_not_fit_the_records_is_422_with_every_pointer(office, world, stored, change, wanted):
    ids = {"A": SCHOOL_A, "B": SCHOOL_B}
    change = dict(change)
    if "pupils" in change:
        change["pupils"] = [world.pupils[ids[p]][0] if p in ids else p for p in change["pupils"]]
    if "team" in change:
        change["team"] = [
            {**m, "staff_id": world.staff[ids[m["staff_id"]]][0]} if m.get("staff_id") in ids else m
            for m in change["team"]
        ]
    answer = refused(office, world, stored, change, 422)
    assert code(answer) == "rule-broken"
    assert pointers(answer) == wanted


def test_nulls_stand_for_what_is_left_out(office, world):
    visit = world.visit(vehicle=None, parents_told_by=None, place={"address": "x", "postcode": None})
    assert visit["vehicle"] is None and visit["place"]["postcode"] is None


# -------------------------------------------------------------------- changes


@pytest.mark.parametrize(
    "patch",
    [
        {"purpose": "welfare"},
        {"planned_start": "2027-02-01T09:00:00Z", "planned_end": "2027-02-01T10:00:00Z"},
        {"announced": False},
        {"parents_told_by": "phone"},
        {"place": {"address": "2 Other Road", "postcode": "ZZ2 2ZZ"}},
        {"vehicle": {"make": "Ford", "model": None, "registration": "AB12 CDE", "colour": "red"}},
    ],
)
def test_a_change_changes_what_it_names_and_nothing_else(office, visit, patch):
    path = f"{VISITS}/{visit['id']}"
    answer = office.patch(path, patch, '"1"')
    changed = answer.json()
    assert answer.headers["ETag"] == '"2"' and changed["version"] == 2
    for name in set(visit) - {"version", "updated_at"}:
        assert changed[name] == patch.get(name, visit[name]), name
    assert changed["updated_at"] >= visit["updated_at"]
    assert office.get(path).json() == changed


def test_place_is_merged_not_replaced(office, visit):
    changed = office.patch(f"{VISITS}/{visit['id']}", {"place": {"address": "2 Other Road"}}, "*").json()
    assert changed["place"] == {"address": "2 Other Road", "postcode": "ZZ1 1ZZ"}


def test_null_removes_what_may_be_missing(office, world):
    visit = world.visit(parents_told_by="phone", vehicle={"make": "Ford"})
    changed = office.patch(
        f"{VISITS}/{visit['id']}", {"parents_told_by": None, "vehicle": None, "place": {"postcode": None}}, "*"
    ).json()
    assert changed["parents_told_by"] is None and changed["vehicle"] is None and changed["place"]["postcode"] is None


def test_lists_are_replaced_whole(office, world, visit):
    pupils = world.pupils[SCHOOL_A][2:5]
    team = [{"name": "Somebody Else", "lead": True}]
    changed = office.patch(f"{VISITS}/{visit['id']}", {"pupils": pupils, "team": team}, "*").json()
    assert changed["pupils"] == pupils
    assert [m["name"] for m in changed["team"]] == ["Somebody Else"] and changed["team"][0]["organisation"] is None


@pytest.mark.parametrize(
    "patch, status, wanted",
    [
        ({"purpose": None}, 400, ["/purpose"]),
        ({"pupils": None}, 400, ["/pupils"]),
        ({"pupils": []}, 400, ["/pupils"]),
        ({"school_urn": 900002}, 400, ["/school_urn"]),
        ({"state": "cancelled"}, 400, ["/state"]),
        ({"id": 1}, 400, ["/id"]),
        ({"place": {"address": None}}, 400, ["/place/address"]),
        ({"planned_end": "2026-01-13T09:00:00Z"}, 422, ["/planned_end"]),
        ({"planned_start": "2026-01-13T11:00:00Z"}, 422, ["/planned_end"]),
        ({"pupils": [999999]}, 422, ["/pupils/0"]),
        ({"team": [{"name": "Nobody leads"}]}, 422, ["/team"]),
    ],
)
def test_a_change_that_does_not_fit_is_refused_and_changes_nothing(office, visit, stored, patch, status, wanted):
    before = stored()
    answer = office.patch(f"{VISITS}/{visit['id']}", patch, "*", status)
    assert pointers(answer) == wanted
    assert stored() == before
    assert office.get(f"{VISITS}/{visit['id']}").json() == visit


@pytest.mark.parametrize("ending", ["returned", "cancelled"])
def test_a_visit_that_is_over_takes_no_change(office, world, visit, ending):
    if ending == "returned":
        world.event(visit, "departed", "2026-01-13T09:00:00Z")
    world.event(visit, ending, "2026-01-13T11:00:00Z", "Nobody was in")
    answer = office.patch(f"{VISITS}/{visit['id']}", {"purpose": "welfare"}, "*", 409)
    assert code(answer) == "conflict"
    assert re.search("over", answer.json()["detail"])


def test_an_empty_change_is_answered_with_the_visit(office, visit):
    assert office.patch(f"{VISITS}/{visit['id']}", {}, '"1"').json()["id"] == visit["id"]


def test_a_visit_as_read_can_be_sent_back(office, world):
    """Read, change a word, send the whole: what GET answers, PATCH takes."""
    visit = world.visit()
    names = ("purpose", "planned_start", "planned_end", "announced", "parents_told_by", "place", "pupils", "team", "vehicle")
    body = {name: visit[name] for name in names}
    changed = office.patch(f"{VISITS}/{visit['id']}", body, '"1"').json()
    assert {name: changed[name] for name in names} == body


@pytest.mark.parametrize("name", ["", " ", "\u00a0"])
def test_a_professional_without_a_name_is_refused(office, world, stored, name):
    before = stored()
    answer = office.post(VISITS, world.plan(team=[{"name": name, "organisation": "x", "lead": True}]), (400, 422))
    assert pointers(answer) == ["/team/0/name"]
    assert stored() == before
