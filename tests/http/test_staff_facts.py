"""Facts about staff, social workers, delegations; the visits that depend on them follow at once."""

import pytest

import prepared
from client import code, pointers
from world import MARKER, SCHOOL_A, SCHOOL_B, SCHOOL_C

FACTS = ["checks", "training", "vehicles", "allergies", "next-of-kin", "policy-readings"]
LISTS = {"checks": "/api/v1/staff-checks", "training": "/api/v1/training", "vehicles": "/api/v1/vehicles"}
ENDS = {"checks": "valid_until", "training": "valid_until", "vehicles": "insured_until"}
DELEGATIONS = "/api/v1/delegations"
each_fact = pytest.mark.parametrize("fact", FACTS)
each_change = pytest.mark.parametrize("fact", FACTS[:-1])


def path_of(world, fact, school=SCHOOL_A, n=0):
    return f"/api/v1/staff/{world.staff[school][n]}/{fact}"


def body_of(world, fact, school=SCHOOL_A, **more):
    return {**prepared.facts(world, school)[f"/{fact}"], **more}


def state(query, visit, kind):
    """How the duties of a kind stand, of those that a visit has."""
    return {
        found
        for found, in query(
            "select duty.state(d, now())::text from data.duty d join data.clause c using (policy_version_id, clause)"
            " where d.visit_id = %s and c.kind = %s and d.applies",
            visit["id"],
            kind,
        )
    }


@each_fact
def test_a_fact_is_answered_as_said_and_listed(office, world, fact):
    body = body_of(world, fact)
    made = office.post(path_of(world, fact), body).json()
    assert {name: made[name] for name in body} == body and made["staff"] == world.staff[SCHOOL_A][0]
    assert made in list(office.pages(path_of(world, fact)))
    assert made not in list(office.pages(path_of(world, fact, n=1)))


@each_change
def test_the_same_is_not_recorded_twice(office, world, stored, fact):
    body = body_of(world, fact)
    office.post(path_of(world, fact), body)
    before = stored()
    assert code(office.post(path_of(world, fact), body, 409)) == "conflict"
    assert stored() == before


@each_change
def test_a_fact_is_renewed_or_ended_by_who_knows_it_as_it_is(office, world, fact):
    made = office.post(path_of(world, fact), body_of(world, fact)).json()
    path, change = f"{path_of(world, fact)}/{made['id']}", prepared.CHANGES[f"/{fact}/{{fact}}"]
    office.patch(path, change, None, 428)
    assert code(office.patch(path, change, '"9"', 412)) == "stale"
    changed = office.patch(path, change, f'"{made["version"]}"')
    assert changed.headers["ETag"] == '"2"' and {name: changed.json()[name] for name in change} == change
    assert changed.json()["updated_at"] >= made["updated_at"]
    office.patch(f"{path_of(world, fact)}/999999999", change, "*", 404)
    office.patch(path_of(world, fact, n=1) + f"/{made['id']}", change, "*", 404)
    office.patch(path, {"staff": 1}, "*", 400)


@pytest.mark.parametrize(
    "fact, more, wanted",
    [
        ("checks", {"checked_on": "2199-01-01"}, ["/checked_on"]),
        ("checks", {"valid_until": "1949-01-01"}, ["/valid_until"]),
        ("training", {"completed_on": "2199-01-03"}, ["/completed_on", "/valid_until"]),
        ("vehicles", {"insured_until": "1949-01-01"}, ["/insured_until"]),
        ("allergies", {"until_on": "1949-01-01"}, ["/until_on"]),
        ("next-of-kin", {"until_on": "1949-01-01"}, ["/until_on"]),
        ("policy-readings", {"policy": "none", "read_on": "2199-01-01"}, ["/policy", "/read_on"]),
        ("policy-readings", {"policy_version": "none"}, ["/policy_version"]),
    ],
)
def test_what_does_not_fit_is_422_with_every_pointer(office, world, stored, fact, more, wanted):
    before = stored()
    assert pointers(office.post(path_of(world, fact), body_of(world, fact, **more), 422)) == wanted
    assert stored() == before


@pytest.mark.parametrize("fact", [f for f in FACTS if f != "policy-readings"])
def test_an_end_before_the_start_is_422(office, world, fact):
    made = office.post(path_of(world, fact), body_of(world, fact)).json()
    (name,) = {"valid_until", "insured_until", "until_on"} & set(made)
    answer = office.patch(f"{path_of(world, fact)}/{made['id']}", {name: "1949-01-01"}, "*", 422)
    assert pointers(answer) == [f"/{name}"]


def test_the_version_read_is_the_one_in_force_that_day(office, world):
    made = office.post(path_of(world, "policy-readings"), {"policy": "potton", "read_on": "2026-01-06"}).json()
    assert made["policy_version"] == "October 2025"
    again = {"policy": "potton", "policy_version": "October 2025", "read_on": "2026-01-02"}
    assert office.post(path_of(world, "policy-readings"), again).json() == {**made, "read_on": "2026-01-02"}
    office.call("PATCH", f"{path_of(world, 'policy-readings')}/{made['id']}", expect=404)


@each_fact
def test_another_schools_staff_are_none(client_a, client_b, world, fact):
    theirs, absent = path_of(world, fact, SCHOOL_B), f"/api/v1/staff/999999/{fact}"
    for path in (theirs, absent):
        client_a.get(path, 404)
        client_a.post(path, body_of(world, fact), 404)
    made = client_b.post(theirs, body_of(world, fact, SCHOOL_B)).json()
    if fact != "policy-readings":
        change = prepared.CHANGES[f"/{fact}/{{fact}}"]
        client_a.patch(f"{theirs}/{made['id']}", change, "*", 404)


@each_fact
def test_facts_need_their_scope(office, world, fact):
    reader, other = office.with_scope("checks:read"), office.with_scope("staff:read", "visits:write")
    reader.get(path_of(world, fact)), reader.post(path_of(world, fact), body_of(world, fact), 403)
    other.get(path_of(world, fact), 403), other.post(path_of(world, fact), body_of(world, fact), 403)


@pytest.mark.parametrize("fact", LISTS)
def test_what_ends_is_found_across_the_trust(office, client_a, world, fact):
    body = body_of(world, fact, SCHOOL_C, **{ENDS[fact]: "2100-06-01"})
    made = office.post(path_of(world, fact, SCHOOL_C), body).json()
    found = list(office.pages(LISTS[fact], school=SCHOOL_C, expires_before="2100-06-02"))
    assert made in found and {f["staff"] for f in found} <= set(world.staff[SCHOOL_C])
    assert made not in list(office.pages(LISTS[fact], expires_before="2100-06-01"))
    assert made not in list(client_a.pages(LISTS[fact]))
    assert client_a.get(LISTS[fact], params={"school": SCHOOL_C, "count": "exact"}).json()["count"] == 0
    for suffix in (".csv", ".xml", ".ndjson"):
        assert "2100-06-01" in office.get(f"{LISTS[fact]}{suffix}?school={SCHOOL_C}").text
    office.with_scope("staff:read").get(LISTS[fact], 403)


# ------------------------------------------------------------------- weighing


def test_a_check_meets_vetting_and_an_insurance_that_ends_blocks(office, world, query):
    vehicle = {"make": "Ford", "model": "Ka", "registration": "cd34efg", "colour": "red"}
    team = [{"staff_id": world.staff[SCHOOL_C][3], "lead": True}]
    visit = world.visit(school=SCHOOL_C, vehicle=vehicle, team=team, **prepared.under(world, "morecambe", SCHOOL_C))
    assert (state(query, visit, "vetting"), state(query, visit, "vehicle_insured")) == ({"due"}, {"due"})
    office.post(path_of(world, "checks", SCHOOL_C, 3), body_of(world, "checks"))
    assert state(query, visit, "vetting") == {"met"}
    body = body_of(world, "vehicles", registration="CD34 EFG")
    made = office.post(path_of(world, "vehicles", SCHOOL_C, 3), body).json()
    assert state(query, visit, "vehicle_insured") == {"met"}
    path = f"{path_of(world, 'vehicles', SCHOOL_C, 3)}/{made['id']}"
    office.patch(path, {"insured_until": "2026-01-12"}, '"1"')
    assert state(query, visit, "vehicle_insured") == {"due"}


def test_who_has_read_the_policy_may_go(office, world, query):
    team = [{"staff_id": world.staff[SCHOOL_C][2], "lead": True}]
    visit = world.visit(school=SCHOOL_C, team=team, **prepared.under(world, "tkat", SCHOOL_C))
    assert state(query, visit, "policy_read") == {"due"}
    office.post(path_of(world, "policy-readings", SCHOOL_C, 2), body_of(world, "policy-readings"))
    assert state(query, visit, "policy_read") == {"met"}


def test_the_number_of_a_social_worker_is_at_hand_once_it_is_known(office, world, query):
    pupil = world.pupils[SCHOOL_C][4]
    visit = world.visit(school=SCHOOL_C, pupils=[pupil], **prepared.under(world, "thomas-more", SCHOOL_C))
    assert state(query, visit, "social_worker_number") == set()
    path = f"/api/v1/pupils/{pupil}/social-workers"
    made = office.post(path, {"name": "W. Worker", "from_on": "2025-01-01"}).json()
    assert state(query, visit, "social_worker_number") == {"due"}
    office.patch(f"{path}/{made['id']}", {"phone": "07700 900111"}, '"1"')
    assert state(query, visit, "social_worker_number") == {"met"}


# ------------------------------------------------------------- social workers


def test_a_social_worker_goes_with_the_pupil(office, client_a, client_b, world):
    path = f"/api/v1/pupils/{world.pupils[SCHOOL_B][1]}/social-workers"
    body = prepared.facts(world, SCHOOL_B)["/social-workers"]
    made = client_b.post(path, body).json()
    assert list(client_b.pages(path)) == [made] and {name: made[name] for name in body} == body
    client_a.get(path, 404), client_a.post(path, body, 404)
    client_a.patch(f"{path}/{made['id']}", {"until_on": "2199-01-01"}, "*", 404)
    client_b.patch(f"{path}/{made['id']}", {"until_on": "2199-01-01"}, None, 428)
    client_b.patch(f"{path}/{made['id']}", {"until_on": "2199-01-01"}, '"5"', 412)
    assert pointers(client_b.patch(f"{path}/{made['id']}", {"until_on": "1949-01-01"}, "*", 422)) == ["/until_on"]
    assert client_b.patch(f"{path}/{made['id']}", {"until_on": "2199-01-01"}, '"1"').json()["version"] == 2
    assert code(client_b.post(path, body, 409)) == "conflict"
    assert MARKER in client_b.get(path + ".csv").text
    office.with_scope("pupils:read").get(path, 403)


# ---------------------------------------------------------------- delegations


def test_a_delegation_is_made_listed_and_ended(office, client_a, client_b, world):
    body = prepared.facts(world, SCHOOL_B)["/delegations"]
    made = client_b.post(DELEGATIONS, body).json()
    assert {name: made[name] for name in body} == body and made["until_on"] is None
    assert made in list(office.pages(DELEGATIONS, school=SCHOOL_B))
    assert made not in list(client_a.pages(DELEGATIONS))
    path = f"{DELEGATIONS}/{made['id']}"
    client_a.patch(path, {"until_on": "2199-01-01"}, "*", 404)
    client_b.patch(path, {"until_on": "2199-01-01"}, None, 428)
    client_b.patch(path, {"until_on": "2199-01-01"}, '"2"', 412)
    assert pointers(client_b.patch(path, {"until_on": "1949-01-01"}, "*", 422)) == ["/until_on"]
    assert client_b.patch(path, {"until_on": "2199-01-01"}, '"1"').json()["until_on"] == "2199-01-01"


@pytest.mark.parametrize(
    "more, wanted",
    [
        (lambda w: {"role": "headteacher"}, ["/from"]),
        (lambda w: {"from": w.staff[SCHOOL_B][0]}, ["/from"]),
        (lambda w: {"to": w.staff[SCHOOL_B][0]}, ["/to"]),
        (lambda w: {"to": w.staff[SCHOOL_A][0]}, ["/to"]),
        (lambda w: {"until_on": "1949-01-01"}, ["/until_on"]),
        (lambda w: {"school_urn": SCHOOL_B}, ["/from", "/school_urn", "/to"]),
    ],
)
def test_a_delegation_that_does_not_fit_is_422(client_a, world, stored, more, wanted):
    before = stored()
    body = {**prepared.facts(world, SCHOOL_A)["/delegations"], **more(world)}
    assert pointers(client_a.post(DELEGATIONS, body, 422)) == wanted
    assert stored() == before


def test_who_may_see_staff_does_not_delegate(office, world):
    api = office.with_scope("staff:read")
    api.get(DELEGATIONS), api.post(DELEGATIONS, prepared.facts(world, SCHOOL_A)["/delegations"], 403)
