"""People as the API sees them: each role opens the operations of its scopes and no others, and no further than it reaches."""

import re

import pytest

import bodies
import contract
from person import signed_in
from world import SCHOOL_A, SCHOOL_B

VISITS = "/api/v1/visits"
ROLES = [
    "headteacher", "deputy", "assistant_head", "dsl", "deputy_dsl", "leadership", "office", "attendance_officer",
    "visitor", "governor", "compliance_officer",
]  # fmt: skip
OPERATIONS = sorted(contract.SCOPES)


@pytest.fixture(scope="module")
def person(instance, world):
    """A member of staff with one role at school A, signed in: who they are, and their session."""

    return lambda role, name=None: signed_in(instance, role, name or f"person-{role}")


@pytest.fixture(scope="module")
def people(person):
    return {role: person(role) for role in ROLES}


@pytest.fixture(scope="module")
def rights(instance):
    found = {role: {} for role in ROLES}
    for role, scope, reach, reasoned in instance.query("select role::text, scope, reach, reasoned from auth.rights()"):
        found[role][scope] = (reach, reasoned)
    return found


@pytest.mark.parametrize("method, route", OPERATIONS)
@pytest.mark.parametrize("role", ROLES)
def test_each_operation_opens_to_the_roles_that_have_its_scope(people, rights, world, visit, method, route, role):
    staff, api = people[role]
    wanted = contract.SCOPES[method, route]
    reach, reasoned = rights[role].get(wanted, (None, False))
    status = bodies.send(api, method, route, world, visit, reach is None or reasoned).status_code
    hidden = "404" in contract.OPERATIONS[method, route]["responses"] and "{" not in route
    if reach is None or reasoned:
        assert status == (404 if hidden else 403)
    elif reach == "own" and "{visit}" in route:
        assert status in (403, 404)  # the visit is seen, but what is written of it is not theirs to write
    elif method == "GET" and reach != "own":
        # an import, an export or a schedule is theirs alone who asked for it
        assert status == (404 if re.search("{(import|export|schedule)}", route) else 200)
    else:
        assert status < 500


def test_a_visitor_has_their_own_visits_and_what_is_of_them(people, world):
    staff, api = people["visitor"]
    of_another = world.visit()
    own = api.post(VISITS, world.plan(team=[{"staff_id": staff, "lead": True}])).json()
    listed = [v["id"] for v in api.pages(VISITS)]
    assert own["id"] in listed and of_another["id"] not in listed
    assert [r["by"] for r in api.get(f"{VISITS}/{own['id']}/requests").json()["data"]] == [staff]
    api.get(f"{VISITS}/{own['id']}")
    api.get(f"{VISITS}/{of_another['id']}", 404)
    api.post(f"{VISITS}/{of_another['id']}/events", {"kind": "note", "note": "x"}, 404)
    board = [row["visit_id"] for row in api.get("/api/v1/board").json()["data"]]
    assert of_another["id"] not in board


def test_nobody_decides_in_the_name_of_another_or_on_what_they_asked_for(people, world):
    head, as_head = people["headteacher"]
    visit = as_head.post(VISITS, world.plan()).json()
    path = f"{VISITS}/{visit['id']}/approvals"
    before = as_head.get(path).json()
    as_head.post(path, {"decision": "refused", "note": "x", "by": world.head[SCHOOL_A]}, 403)
    refused = as_head.post(path, {"decision": "approved", "by": head}, 403).json()
    assert "somebody else decides" in refused["detail"]
    assert as_head.get(path).json() == before
    assert people["dsl"][1].post(path, {"decision": "refused", "note": "x", "by": people["dsl"][0]}, 201).json()


def test_concerns_open_to_the_trust_with_a_reason_which_is_kept(people, world, query):
    staff, api = people["compliance_officer"]
    path = f"{VISITS}/{world.visit()['id']}/concerns"
    assert "Doorstep-Reason" in api.get(path, 403).json()["detail"]
    api.get(path, headers={"Doorstep-Reason": "Serious case review 12, née Ångström".encode()})
    ((filters,),) = query("select filters from audit.access where client_id = 'person-compliance_officer' order by access_id desc limit 1")
    assert filters["reason"] == "Serious case review 12, née Ångström"
    for wrong in (b"x" * 501, b"\xff"):
        api.get(path, 400, headers={"Doorstep-Reason": wrong})


def test_a_format_that_the_role_may_not_take_away_is_403(people):
    for role, suffix, status in (
        ("visitor", "csv", 403), ("visitor", "html", 200), ("office", "csv", 200), ("office", "xml", 403),
        ("headteacher", "xml", 200), ("headteacher", "xlsx", 200),
    ):  # fmt: skip
        people[role][1].get(f"/api/v1/reports/visit-log.{suffix}?from=2026-01-01&to=2026-01-31", status)
        if suffix != "html":
            people[role][1].get(f"{VISITS}.{suffix}", status)


REPORTS = [(m, p) for m, p in OPERATIONS if m == "GET" and p.startswith("/api/v1/reports/")]


@pytest.fixture(scope="module")
def xml_only(make_client, instance):
    api = make_client("xml-only")
    instance.query("update auth.client set formats = '{xml}' where client_id = 'xml-only' returning 1")
    return api


@pytest.mark.parametrize("route", [path for _, path in REPORTS])
def test_a_program_takes_away_no_format_but_those_it_may(xml_only, route):
    required = [p["name"] for p in contract.OPERATIONS["GET", route]["parameters"] if p.get("required")]
    values = {"school": SCHOOL_A, "pupil": 1, "record": "visit", "id": 1}
    about = "&".join(f"{name}={values[name]}" for name in required)
    assert "allows JSON, XML" in xml_only.get(f"{route}.csv?{about}", 403).json()["detail"]


def test_governors_have_counts_and_no_names(people):
    api = people["governor"][1]
    window = "from=2026-01-01&to=2026-01-31"
    assert api.get(f"/api/v1/reports/governors?{window}").json()["data"]
    for report in api.get("/api/v1/reports").json()["data"]:
        counted = report["name"] in ("governors", "open-concerns", "policy-differences", "policy-review")
        wanted = {"access-trail": "?pupil=1", "audit-trail": "?record=visit&id=1"}
        about = wanted.get(report["name"], f"?school={SCHOOL_A}" if report["name"] == "attendance-by-week" else "")
        api.get(f"/api/v1/reports/{report['name']}{about}", 200 if counted else 404)


def test_who_acts_at_a_school_sees_no_other(people, world):
    for role in ROLES[:-1]:
        schools = {s["urn"] for s in people[role][1].pages("/api/v1/schools")}
        assert schools == {SCHOOL_A}
    assert {SCHOOL_A, SCHOOL_B} <= {s["urn"] for s in people["compliance_officer"][1].pages("/api/v1/schools")}


def test_whose_role_is_taken_away_is_signed_out_at_once(person, query):
    staff, api = person("office", "person-leaving")
    api.get(VISITS)
    query("update data.post set roles = '{governor}' where staff_id = %s returning 1", staff)
    api.get(VISITS, 401)
