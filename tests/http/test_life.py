"""The life of a visit under each policy: asked for, approved, made, recorded; or refused, declined, broken off."""

import datetime

import pytest

import life
import strict_csv
from client import code, pointers

VISITS = life.VISITS
COURSE = ("departed", "arrived", "left", "returned")
each_policy = pytest.mark.parametrize("policy", life.POLICIES)


def ago(minutes):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def school(schools, policy):
    return schools[policy]


@pytest.fixture
def tkat(schools):
    return schools["tkat"]


# ------------------------------------------------------------------ the course


@each_policy
def test_the_whole_life_of_a_visit(school, stored):
    visit = school.visit()
    assert (visit["state"], visit["policy"]) == ("requested", school.policy)
    before = stored()
    refused = school.event(visit, "departed", expect=409)
    assert code(refused) == "conflict" and stored() == before
    unmet = {(d["clause"], d["part"]) for d in refused.json()["duties"]}
    gated = [d for d in school.duties(visit, strength="must") if d["gate"] and d["state"] in ("due", "late")]
    assert unmet == {(d["clause"], d["part"] or "") for d in gated} != set()
    school.prepare(visit)
    assert {school.kinds[d["clause"]]["kind"] for d in school.asked(visit)} == {"approval"}
    for who in school.approvers(visit):
        assert school.read(visit)["state"] == "requested"
        decided = school.decide(visit, who).json()
    assert decided["visit_state"] == "approved" and school.read(visit)["approved_at"]
    for kind in COURSE:
        assert school.event(visit, kind).json()["visit_state"] == kind
    school.record(visit)
    read = school.read(visit)
    assert read["state"] == "recorded" and read["recorded_at"]
    assert not [d for d in school.duties(visit) if d["gate"] and d["strength"] == "must" and d["state"] == "missed"]


@each_policy
def test_what_is_unmet_says_clause_policy_place_and_what_is_missing(school):
    told = school.asked(school.visit(team=[{"staff_id": school.staff["newcomer"], "lead": True}]))
    for duty in told:
        clause = school.kinds[duty["clause"]]
        assert (duty["policy"], duty["strength"]) == (school.policy, "must")
        assert (duty["place"], duty["words"]) == (clause["place"], clause["words"])
        assert duty["missing"] and duty["version"]
    assert [school.kinds[d["clause"]]["position"] for d in told] == sorted(
        school.kinds[d["clause"]]["position"] for d in told
    )
    assert len({(d["clause"], d["part"]) for d in told}) == len(told)


@each_policy
def test_who_holds_no_role_that_decides_is_403(school, stored):
    visit = school.visit()
    school.prepare(visit)
    before = stored()
    for who in ("third", "clerk"):
        answer = school.decide(visit, who, expect=403)
        assert code(answer) == "forbidden" and "Only these decide" in answer.json()["detail"]
    assert pointers(school.decide(visit, "third", expect=422, **{"for": 999999})) == ["/for"]
    assert stored() == before and school.read(visit)["state"] == "requested"


def test_an_approval_waits_for_what_comes_before_it(tkat, stored):
    visit = tkat.visit()
    before = stored()
    answer = tkat.decide(visit, "head", expect=409)
    assert code(answer) == "conflict" and "risk-assessment" in {d["clause"] for d in answer.json()["duties"]}
    assert stored() == before
    assert not list(tkat.office.pages(f"{VISITS}/{visit['id']}/approvals"))


def test_a_duty_says_who_met_it(tkat):
    visit = tkat.out("arrived", "left", "returned")
    tkat.record(visit)
    met = {(d["clause"], d["part"]): d["met_by"] for d in tkat.duties(visit, state="met")}
    assert met["approval", "headteacher"] == tkat.staff["head"]
    assert met["approval", "dsl"] == tkat.staff["dsl"]
    assert met["well-informed", None] == met["written-record", None] == tkat.staff["first"]
    assert met["risk-assessment", None] == tkat.staff["head"]
    assert met["pair-rule", None] is None, "a matter of how things stand"


def test_nobody_decides_for_another_where_the_policy_does_not_let_them(tkat):
    visit = tkat.visit()
    tkat.prepare(visit)
    of = {"for": tkat.staff["head"]}
    tkat.decide(visit, "deputy", expect=403, **of)
    body = {"school_urn": tkat.urn, "from": of["for"], "to": tkat.staff["deputy"], "role": "headteacher"}
    tkat.office.post("/api/v1/delegations", {**body, "from_on": "2026-01-01"})
    answer = tkat.decide(visit, "deputy", expect=403, **of)
    assert code(answer) == "forbidden" and "policy" in answer.json()["detail"]
    assert list(tkat.office.pages(f"{VISITS}/{visit['id']}/approvals")) == []


@each_policy
def test_a_refused_visit_does_not_depart_until_it_is_approved(school):
    visit = school.visit()
    school.prepare(visit)
    who = school.approvers(visit)[0]
    assert pointers(school.decide(visit, who, expect=422, decision="refused")) == ["/note"]
    assert school.decide(visit, who, decision="refused", note="Not now").json()["visit_state"] == "refused"
    assert school.read(visit)["refused_at"]
    assert "refused" in school.event(visit, "departed", expect=409).json()["detail"]
    assert "duties" not in school.event(visit, "departed", expect=409).json()
    requests, body = f"{VISITS}/{visit['id']}/requests", {"by": school.staff["first"], "note": "Again"}
    again = school.office.post(requests, body).json()
    assert [r["id"] for r in school.office.pages(requests)][-1] == again["id"]
    for who in school.approvers(visit) or [who]:
        school.decide(visit, who)
    assert school.read(visit)["state"] == "approved"


@each_policy
def test_a_changed_plan_asks_for_another_approval(school):
    visit = school.ready()
    assert school.read(visit)["state"] == "approved"
    end = {"planned_end": "2026-01-13T10:10:00Z"}
    changed = school.office.patch(f"{VISITS}/{visit['id']}", end, "*").json()
    assert changed["state"] == "requested" and changed["approved_at"] is None
    assert "approval" in {school.kinds[d["clause"]]["kind"] for d in school.asked(visit)}


@each_policy
@pytest.mark.parametrize("kind", ["cancelled", "declined"])
def test_a_visit_that_is_not_made(school, kind):
    visit = school.ready()
    reason = {"because": "family_asked"} if kind == "cancelled" else {}
    assert school.event(visit, kind, note="Not today", **reason).json()["visit_state"] == kind
    read = school.read(visit)
    assert read[f"{kind}_at"] and read["end_reason"] == reason.get("because")
    if kind == "cancelled":
        school.decide(visit, "head", expect=409)
        assert "cancelled" in school.event(visit, "departed", expect=409).json()["detail"]


@each_policy
def test_a_visit_that_is_broken_off_is_out_until_all_are_back(school):
    visit = school.out("arrived")
    school.event(visit, "aborted", expect=422)
    made = school.event(visit, "aborted", note="A dog", because="dangerous_animal").json()
    assert made["visit_state"] == "arrived"
    assert school.event(visit, "returned").json()["visit_state"] == "aborted"
    read = school.read(visit)
    assert (read["end_reason"], read["cancel_reason"]) == ("dangerous_animal", "A dog")


def test_what_was_declined_is_not_visited_but_for_safeguarding(tkat):
    visit = tkat.ready()
    tkat.event(visit, "declined")
    assert "right-to-decline" in {d["clause"] for d in tkat.asked(visit)}
    safe = tkat.ready(purpose="safeguarding")
    tkat.event(safe, "declined")
    assert tkat.event(safe, "departed").json()["visit_state"] == "departed"


# ---------------------------------------------------------------- emergencies


def told(school, visit, cause):
    return list(school.office.pages("/api/v1/notifications", visit=visit["id"], cause=cause))


@each_policy
def test_in_an_emergency_the_approval_waives_and_the_departure_breaches(school):
    visit = school.visit(team=[{"staff_id": school.staff["newcomer"], "lead": True}])
    who = school.approvers(visit)[0]
    first = school.duties(visit, strength="must", state="due")
    gates = {(d["clause"], d["part"]): d for d in first if d["gate"]}
    decided = school.decide(visit, who, emergency=True, reason="The child is alone").json()
    assert decided["emergency"] and decided["reason"] == "The child is alone"
    waived = school.duties(visit, state="waived")
    assert {(d["clause"], d["part"]) for d in waived} == {k for k, d in gates.items() if d["gate"] == "approve"}
    for duty in waived:
        assert (duty["waived_by"], duty["waive_reason"]) == (school.staff[who], "The child is alone")
        assert duty["emergency"] and duty["waived_at"]
    left = {(d["clause"], d["part"]) for d in school.duties(visit, strength="must", state="due") if d["gate"]}
    gone = school.event(visit, "departed", emergency=True, reason="It cannot wait").json()
    assert (gone["visit_state"], gone["reason"]) == ("departed", "It cannot wait")
    breached = {(d["clause"], d["part"]): d for d in school.duties(visit) if d["breached_at"]}
    assert set(breached) == left
    for duty in breached.values():
        assert (duty["breach_reason"], duty["emergency"], duty["state"]) == ("It cannot wait", True, "missed")
    found = told(school, visit, "breach")
    assert len(found) == bool(waived) + bool(breached)
    for notification in found:
        assert notification["roles"] and notification["policy"] == school.policy


def test_an_emergency_needs_its_reason_and_belongs_to_an_approval_or_a_departure(tkat, stored):
    visit = tkat.visit()
    before = stored()
    assert pointers(tkat.decide(visit, "head", expect=422, emergency=True, reason=" ")) == ["/reason"]
    assert pointers(tkat.decide(visit, "head", expect=422, reason="Soon")) == ["/reason"]
    assert pointers(tkat.event(visit, "departed", expect=422, emergency=True)) == ["/reason"]
    assert pointers(tkat.event(visit, "note", expect=422, note="x", emergency=True, reason="y")) == ["/emergency"]
    refusal = {"decision": "refused", "note": "No", "emergency": True, "reason": "y"}
    assert pointers(tkat.decide(visit, "head", expect=422, **refusal)) == ["/emergency"]
    assert stored() == before


def test_a_departure_that_took_place_is_recorded_late_with_both_times(tkat):
    visit = tkat.visit()
    tkat.event(visit, "departed", at=ago(0), expect=409)
    made = tkat.event(visit, "departed", at="2026-01-13T09:10:00Z", note="Forgot to say").json()
    assert made["at"] == "2026-01-13T09:10:00Z" and made["recorded_at"] > ago(10)
    read = tkat.read(visit)
    assert (read["state"], read["departed_at"]) == ("departed", "2026-01-13T09:10:00Z")
    breached = [d for d in tkat.duties(visit) if d["breached_at"]]
    assert breached and {d["breach_reason"] for d in breached} == {"Forgot to say"}
    assert not any(d["emergency"] for d in breached)
    assert len(told(tkat, visit, "breach")) == 1
    decided = tkat.decide(visit, "head", at="2026-01-13T08:00:00Z").json()
    assert decided["at"] == "2026-01-13T08:00:00Z" and decided["recorded_at"] > ago(10)


@pytest.mark.parametrize("kind", ["approvals", "events", "requests", "waivers"])
def test_nothing_is_recorded_of_a_time_to_come(tkat, stored, kind):
    visit, by = tkat.visit(), tkat.staff["head"]
    before = stored()
    body = {
        "approvals": {"decision": "refused", "note": "No", "by": by},
        "events": {"kind": "departed", "emergency": True, "reason": "Now", "by": by},
        "requests": {"by": by},
        "waivers": {"clause": "code-word", "by": by, "reason": "Alone"},
    }[kind]
    answer = tkat.office.post(f"{VISITS}/{visit['id']}/{kind}", {**body, "at": "2199-01-01T00:00:00Z"}, 422)
    assert pointers(answer) == ["/at"] and stored() == before


# --------------------------------------------------------------------- duties


@each_policy
def test_duties_by_state_and_strength(school):
    visit = school.out("arrived")
    everything = school.duties(visit)
    assert {d["clause"] for d in everything} <= set(school.kinds)
    for filters in ({"state": "met"}, {"state": "due"}, {"strength": "must"}, {"strength": "should", "state": "met"}):
        wanted = [d for d in everything if all(d[name] == value for name, value in filters.items())]
        assert [d["id"] for d in school.duties(visit, **filters)] == [d["id"] for d in wanted]
    assert school.duties(visit, limit=1) == everything
    exact = school.office.get(f"{VISITS}/{visit['id']}/duties", params={"count": "exact", "limit": 1}).json()
    assert exact["count"] == len(everything)
    school.office.get(f"{VISITS}/{visit['id']}/duties?state=lost", 400)


@each_policy
def test_duties_as_csv_and_xml_say_the_same(school):
    visit = school.ready()
    path = f"{VISITS}/{visit['id']}/duties"
    rows = strict_csv.read_dicts(school.office.get(f"{path}.csv?flavour=machine").content)
    duties = school.duties(visit)
    told = [(str(d["id"]), d["clause"], d["state"]) for d in duties]
    assert [(r["id"], r["clause"], r["state"]) for r in rows] == told
    assert [r["roles_text"] for r in rows] == ["; ".join(d["roles"]) for d in duties]
    xml = school.office.get(f"{path}.xml").text
    assert xml.count("</duty>") == len(duties)
    assert school.office.get(f"{path}.csv?state=met").text.count("\r\n") >= len(school.duties(visit, state="met"))


def test_a_duty_is_waived_once_by_who_may_approve(tkat, stored):
    visit = tkat.visit()
    path, by = f"{VISITS}/{visit['id']}/waivers", {"by": tkat.staff["head"], "reason": "They go together"}
    before = stored()
    tkat.office.post(path, {**by, "clause": "code-word", "by": tkat.staff["third"]}, 403)
    assert pointers(tkat.office.post(path, {**by, "clause": "code-word", "by": 999999}, 422)) == ["/by"]
    assert code(tkat.office.post(path, {**by, "clause": "no-such-clause"}, 409)) == "conflict"
    assert stored() == before
    waived = tkat.office.post(path, {**by, "clause": "code-word"}).json()
    assert (waived["state"], waived["waived_by"]) == ("waived", tkat.staff["head"])
    assert waived["waive_reason"] == "They go together" and not waived["emergency"]
    tkat.office.post(path, {**by, "clause": "code-word"}, 409)
    assert "code-word" not in {d["clause"] for d in tkat.asked(visit)}


@each_policy
def test_what_is_due_next_is_the_same_wherever_it_is_read(school, query):
    visit = school.out("arrived")
    read = school.read(visit)
    due = query(
        "select clause, missing, data.rfc3339(due_at) from data.duty"
        " where visit_id = %s and open and due_at is not null order by due_at, duty_id limit 1",
        visit["id"],
    )
    following = read["next_due"] and (read["next_due"]["clause"], read["next_due"]["words"], read["next_due"]["due_at"])
    assert [following] == (due or [None])
    in_list = next(v for v in school.office.pages(VISITS, school=school.urn, state="arrived") if v["id"] == visit["id"])
    on_board = next(v for v in school.office.pages("/api/v1/board", school=school.urn) if v["id"] == visit["id"])
    assert in_list["next_due"] == on_board["next_due"] == read["next_due"]
    rows = strict_csv.read_dicts(school.office.get(f"{VISITS}.csv?flavour=machine&school={school.urn}").content)
    row = next(r for r in rows if r["id"] == str(visit["id"]))
    assert row["next_due_clause"] == (due[0][0] if due else "")


# ------------------------------------------------------------------- at once


def test_two_who_approve_at_once_both_count(tkat, parallel):
    visit = tkat.visit()
    tkat.prepare(visit)
    assert tkat.approvers(visit) == ["dsl", "head"]
    parallel(lambda who: tkat.decide(visit, who, api=tkat.office.fork()), ["dsl", "head"])
    assert tkat.read(visit)["state"] == "approved"
    assert len(list(tkat.office.pages(f"{VISITS}/{visit['id']}/approvals"))) == 2


def test_of_parallel_departures_one_is_made(tkat, parallel):
    visit = tkat.ready()
    statuses = parallel(
        lambda _: tkat.event(visit, "departed", api=tkat.office.fork(), expect=(201, 409)).status_code, range(8)
    )
    assert sorted(statuses) == [201] + [409] * 7
    assert tkat.read(visit)["state"] == "departed"


def test_of_parallel_emergencies_each_duty_is_breached_once(tkat, parallel, query):
    visit = tkat.visit()
    body = {"emergency": True, "reason": "Now"}
    statuses = parallel(
        lambda _: tkat.event(visit, "departed", api=tkat.office.fork(), expect=(201, 409), **body).status_code, range(6)
    )
    assert sorted(statuses) == [201] + [409] * 5
    assert len(told(tkat, visit, "breach")) == 1
