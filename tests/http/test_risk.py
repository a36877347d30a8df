"""Risk assessments, and hazards: what happened is for one school, what to do about it for everybody who goes there."""

import pytest

import prepared
import strict_csv
from client import code, pointers
from world import MARKER, SCHOOL_A, SCHOOL_B, SCHOOL_C

ASSESSMENTS, HAZARDS, VISITS = "/api/v1/risk-assessments", "/api/v1/hazards", "/api/v1/visits"
EXPORTS = ["", ".ndjson", ".csv", ".xml"]


@pytest.fixture
def assess(office, world, visit):
    """assess(**more): an assessment of the visit, as answered."""

    def add(expect=201, api=office, **more):
        body = prepared.assessment(world, SCHOOL_A, **{"kind": "visit", **more})
        return api.post(f"{VISITS}/{visit['id']}/risk-assessments", body, expect)

    return add


@pytest.fixture
def general(office, world):
    def add(expect=201, api=office, **more):
        return api.post(ASSESSMENTS, prepared.assessment(world, SCHOOL_A, **{"school_urn": SCHOOL_A, **more}), expect)

    return add


@pytest.fixture
def note(office, world):
    """note(**more): a hazard of school A, as answered."""

    def add(expect=201, api=office, school=SCHOOL_A, **more):
        return api.post(HAZARDS, prepared.hazard(world, school, **more), expect)

    return add


@pytest.fixture
def shared(world, note, office):
    """A place where both schools visit, with a hazard that A noted; and B's visit there."""
    hazard = note(story=f"{MARKER} of A", go_in_pairs=True).json()
    place = {"address": hazard["place"]["address"].upper() + " ", "postcode": "zz99zz"}
    return hazard, world.visit(school=SCHOOL_B, place=place, purpose="welfare")


def duties(query, visit, kind):
    """The duties of a kind that a visit has: (applies, met)."""
    return query(
        "select d.applies, d.met_at is not null from data.duty d join data.clause c using (policy_version_id, clause)"
        " where d.visit_id = %s and c.kind = %s",
        visit["id"],
        kind,
    )


# ---------------------------------------------------------------- assessments


def test_an_assessment_is_answered_as_said_and_listed(office, world, visit, assess):
    rows = [
        {"kind": "car_travel", "level": "low"},
        {"kind": "other", "hazard": "Ice\non the step", "who": "All", "how": "Slip", "level": "high", "success": "Salt"},
    ]
    made = assess(at="2026-01-05T10:00:00Z", review_on="2027-01-05", hazards=rows).json()
    assert made["kind"] == "visit" and made["visit_id"] == visit["id"] and made["school_urn"] == SCHOOL_A
    assert made["at"] == "2026-01-05T10:00:00Z" and made["staff_needed"] == 2 and made["reused"] is False
    assert [{k: v for k, v in row.items() if v is not None} for row in made["hazards"]] == rows
    assert made in list(office.pages(f"{VISITS}/{visit['id']}/risk-assessments"))
    everywhere = next(a for a in office.pages(ASSESSMENTS, school=SCHOOL_A) if a["id"] == made["id"])
    assert everywhere == {name: value for name, value in made.items() if name != "reused"}


def test_hazards_of_the_form_are_words_in_flat_formats(office, visit, assess):
    made = assess(hazards=[{"kind": "other", "hazard": "Ice", "level": "low", "reduction": "Salt"}]).json()
    rows = strict_csv.read_dicts(office.get(f"{VISITS}/{visit['id']}/risk-assessments.csv").content)
    (row,) = [row for row in rows if row["id"] == str(made["id"])]
    assert row["hazards_text"] == "other (Ice): low: reduced by: Salt"


def test_an_update_replaces_and_both_stay(office, visit, assess):
    first = assess().json()
    second = assess(replaces=first["id"], level="high").json()
    kept = {a["id"]: a for a in office.pages(f"{VISITS}/{visit['id']}/risk-assessments")}
    assert kept[first["id"]]["replaced_by"] == second["id"] and second["replaces"] == first["id"]
    assert pointers(assess(422, replaces=first["id"])) == ["/replaces"]
    assert pointers(assess(422, kind="discussion", replaces=second["id"])) == ["/replaces"]


def test_all_that_does_not_fit_is_told_at_once(world, assess, stored):
    before = stored()
    answer = assess(
        422,
        by=world.staff[SCHOOL_A][0] + 10**6,
        at="2199-01-01T00:00:00Z",
        review_on="2020-01-01",
        pupil=world.pupils[SCHOOL_A][0],
        replaces=10**9,
        hazards=[{"kind": "animal", "level": "low"}, {"kind": "other", "level": "low"}],
    )
    assert pointers(answer) == ["/at", "/by", "/hazards/1/hazard", "/pupil", "/replaces", "/review_on"]
    assert stored() == before


@pytest.mark.parametrize(
    "more, wanted",
    [
        ({"kind": "general"}, ["/kind"]),
        ({"level": "none"}, ["/level"]),
        ({"staff_needed": 0}, ["/staff_needed"]),
        ({"hazards": [{"kind": "flood", "level": "low"}]}, ["/hazards/0/kind"]),
        ({"hazards": [{"kind": "animal"}]}, ["/hazards/0/level"]),
        ({"proceed": "yes"}, ["/proceed"]),
    ],
)
def test_a_wrong_field_is_400_with_its_pointer(assess, more, wanted):
    assert pointers(assess(400, **more)) == wanted


def test_of_several_pupils_one_is_named(office, world):
    visit = world.visit(pupils=world.pupils[SCHOOL_A][:2])
    body = prepared.assessment(world, SCHOOL_A, kind="first_visit")
    path = f"{VISITS}/{visit['id']}/risk-assessments"
    assert pointers(office.post(path, body, 422)) == ["/pupil"]
    assert office.post(path, {**body, "pupil": world.pupils[SCHOOL_A][1]}).json()["pupil"] == world.pupils[SCHOOL_A][1]


def test_a_later_visit_reuses_the_general_and_the_first_one(office, world, general):
    pupil = world.pupils[SCHOOL_A][5]
    first = world.visit(pupils=[pupil])
    body = prepared.assessment(world, SCHOOL_A, kind="first_visit")
    made = office.post(f"{VISITS}/{first['id']}/risk-assessments", body).json()
    whole = general().json()
    later = world.visit(pupils=[pupil])
    found = {a["id"]: a for a in office.pages(f"{VISITS}/{later['id']}/risk-assessments")}
    assert made["pupil"] == pupil and found[made["id"]]["reused"] and found[whole["id"]]["reused"]
    assert found[whole["id"]]["visit_id"] is None
    stranger = world.visit(pupils=[world.pupils[SCHOOL_A][6]])
    assert made["id"] not in [a["id"] for a in office.pages(f"{VISITS}/{stranger['id']}/risk-assessments")]


def test_filters_of_the_list(office, general, assess):
    due = general(at="2020-01-01T10:00:00Z", review_on="2020-06-01").json()
    own = assess().json()
    assert due["due_for_review"] and not own["due_for_review"]
    found = [a["id"] for a in office.pages(ASSESSMENTS, due_for_review="true", school=SCHOOL_A)]
    assert due["id"] in found and own["id"] not in found
    assert {a["kind"] for a in office.pages(ASSESSMENTS, kind="general")} == {"general"}
    general(replaces=due["id"])
    assert due["id"] not in [a["id"] for a in office.pages(ASSESSMENTS, due_for_review="true")]


def test_a_general_one_is_of_a_school_that_the_client_sees(client_a, general):
    assert pointers(general(422, api=client_a, school_urn=SCHOOL_B)) == ["/school_urn"]


def test_an_assessment_weighs_its_visit(office, world, query):
    visit = world.visit(**prepared.under(world, "tkat"))
    assert duties(query, visit, "risk_assessment") == [(True, False)]
    office.post(f"{VISITS}/{visit['id']}/risk-assessments", prepared.assessment(world, SCHOOL_A, kind="visit"))
    assert duties(query, visit, "risk_assessment") == [(True, True)]


def test_a_general_one_weighs_the_visits_of_its_school(office, world, query):
    visit = world.visit(school=SCHOOL_C, **prepared.under(world, "rookeries", SCHOOL_C))
    assert duties(query, visit, "risk_assessment") == [(True, False)]
    office.post(ASSESSMENTS, prepared.assessment(world, SCHOOL_C, school_urn=SCHOOL_C))
    assert duties(query, visit, "risk_assessment") == [(True, True)]


# -------------------------------------------------------------------- hazards


def test_a_hazard_is_answered_as_noted_and_read(office, note):
    made = note(go_in_pairs=True)
    assert office.get(made.headers["Location"]).json() == made.json()
    assert made.headers["ETag"] == '"1"' and made.json()["go_in_pairs"] and made.json()["ended_on"] is None
    assert made.json() in list(office.pages(HAZARDS, school=SCHOOL_A, kind="animal", review_due="false"))


def test_a_hazard_is_changed_by_who_knows_it_as_it_is(office, note):
    path = note().headers["Location"]
    office.patch(path, {"control": "Ring first"}, None, 428)
    assert code(office.patch(path, {"control": "Ring first"}, '"7"', 412)) == "stale"
    changed = office.patch(path, {"control": "Ring first", "story": None, "ended_on": "2026-01-05"}, '"1"')
    assert changed.headers["ETag"] == '"2"' and changed.json()["story"] is None
    assert (changed.json()["control"], changed.json()["ended_on"]) == ("Ring first", "2026-01-05")
    assert pointers(office.patch(path, {"ended_on": "2199-01-01"}, "*", 422)) == ["/ended_on"]
    assert pointers(office.patch(path, {"control": None, "place": {"address": "x"}}, "*", 400)) == ["/control", "/place"]
    office.patch(f"{HAZARDS}/999999999", {"control": "x"}, "*", 404)


def test_a_hazard_is_of_something_that_the_school_knows(client_a, world, note, office):
    foreign = next(office.pages("/api/v1/contacts", school=SCHOOL_B))["id"]
    assert pointers(note(422, api=client_a, place=None)) == ["/place"]
    assert pointers(note(422, api=client_a, contact=foreign)) == ["/contact"]
    assert pointers(note(422, api=client_a, school=SCHOOL_B)) == ["/by", "/school_urn"]


def test_a_sibling_school_learns_what_to_do_and_nothing_else(client_b, shared):
    hazard, visit = shared
    assert client_b.get(f"{VISITS}/{visit['id']}/hazards").json()["data"] == [
        {
            "id": hazard["id"],
            "kind": "animal",
            "control": hazard["control"],
            "go_in_pairs": True,
            "review_on": "2027-06-01",
            "review_due": False,
            "own": False,
        }
    ]
    client_b.get(f"{HAZARDS}/{hazard['id']}", 404)
    client_b.patch(f"{HAZARDS}/{hazard['id']}", {"control": "x"}, "*", 404)


@pytest.mark.parametrize("suffix", EXPORTS)
def test_the_story_is_in_no_answer_and_no_export_of_another_school(client_b, office, shared, suffix):
    hazard, visit = shared
    for path in (f"{VISITS}/{visit['id']}/hazards", HAZARDS, ASSESSMENTS, f"{VISITS}/{visit['id']}/risk-assessments"):
        assert f"{MARKER} of A" not in client_b.get(path + suffix).text
    assert f"{MARKER} of A" not in office.get(f"{VISITS}/{visit['id']}/hazards{suffix}").text
    assert f"{MARKER} of A" in office.get(HAZARDS + suffix).text


def test_the_own_school_knows_it_as_its_own(office, world, note):
    hazard = note().json()
    visit = world.visit(place=hazard["place"])
    assert [h["own"] for h in office.pages(f"{VISITS}/{visit['id']}/hazards")] == [True]
    office.patch(f"{HAZARDS}/{hazard['id']}", {"ended_on": "2026-01-05"}, "*")
    assert list(office.pages(f"{VISITS}/{visit['id']}/hazards")) == []


def test_a_person_is_known_at_every_school(office, client_b, world, note, query):
    """The same parent of pupils of two schools, each with a contact of its own."""
    contacts = [next(office.pages("/api/v1/contacts", school=school)) for school in (SCHOOL_A, SCHOOL_B)]
    query(
        "update data.contact set given_name = 'Shared', family_name = 'Parent', phone = '07700 900777'"
        " where contact_id in (%s, %s)",
        contacts[0]["id"],
        contacts[1]["id"],
    )
    made = note(place=None, contact=contacts[0]["id"]).json()
    visit = world.visit(school=SCHOOL_B, pupils=[contacts[1]["pupil_id"]])
    assert made["id"] in [h["id"] for h in client_b.pages(f"{VISITS}/{visit['id']}/hazards")]


def test_a_hazard_weighs_the_visits_of_every_school_there(query, world, note, office):
    place = {"address": "77 Kennel Lane", "postcode": "ZZ7 7ZZ"}
    pupils = [world.pupils[SCHOOL_B][9]]
    visit = world.visit(school=SCHOOL_B, place=place, pupils=pupils, **prepared.under(world, "potton", SCHOOL_B))
    assert (True, False) not in duties(query, visit, "animals")
    made = note(place=place)
    assert (True, False) in duties(query, visit, "animals")
    office.patch(made.headers["Location"], {"ended_on": "2026-01-05"}, '"1"')
    assert (True, False) not in duties(query, visit, "animals")


# --------------------------------------------------------------------- scopes


def test_who_reads_visits_knows_of_hazards_and_of_nothing_more(office, shared):
    hazard, visit = shared
    api = office.with_scope("visits:read")
    assert api.get(f"{VISITS}/{visit['id']}/hazards").json()["data"]
    for path in (HAZARDS, f"{HAZARDS}/{hazard['id']}", ASSESSMENTS, f"{VISITS}/{visit['id']}/risk-assessments"):
        api.get(path, 403)


def test_reading_risks_is_not_writing_them(office, note, general, assess):
    api = office.with_scope("risk:read")
    path = note().headers["Location"]
    note(403, api=api), general(403, api=api), assess(403, api=api)
    api.patch(path, {"control": "x"}, "*", 403)


@pytest.mark.parametrize("path", ["hazards", "risk-assessments"])
def test_of_a_visit_that_is_not_seen_there_is_no_list(client_a, world, path):
    visit = world.visit(school=SCHOOL_B)
    client_a.get(f"{VISITS}/{visit['id']}/{path}", 404)
    client_a.get(f"{VISITS}/999999999/{path}", 404)


@pytest.mark.parametrize("read", ["list", "record", "of a visit", "assessments", "assessments of a visit"])
def test_every_read_leaves_an_access_entry(office, query, shared, read):
    hazard, visit = shared
    paths = {
        "list": HAZARDS,
        "record": f"{HAZARDS}/{hazard['id']}",
        "of a visit": f"{VISITS}/{visit['id']}/hazards",
        "assessments": ASSESSMENTS,
        "assessments of a visit": f"{VISITS}/{visit['id']}/risk-assessments",
    }
    number = office.get(paths[read]).headers["X-Request-Id"]
    assert query("select resource from audit.access where request_id = %s", number) == [(paths[read],)]
