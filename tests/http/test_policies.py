"""Policies, their clauses, and which school follows which."""

import pytest

from client import pointers
from world import SCHOOL_A, SCHOOL_B, SCHOOL_C, csv_text, school_row

POLICIES = "/api/v1/policies"


def of_school(urn):
    return f"/api/v1/schools/{urn}/policies"


@pytest.fixture
def policies(office, world):
    return {p["code"]: p for p in office.pages(POLICIES)}


def test_every_policy_is_listed(policies):
    assert {"tkat", "rookeries", "potton", "morecambe", "thomas-more"} <= set(policies)
    assert all(p["in_force"] and p["signatories"] is not None for p in policies.values())
    assert policies["tkat"]["title"].startswith("The Kemnal") and policies["tkat"]["next_review"] == "Autumn 2026"


def test_the_schools_that_follow_a_policy_today_are_counted(office, client_a, query):
    def counted(api):
        return next(p["schools"] for p in api.pages(POLICIES) if p["code"] == "rookeries")

    before = counted(office)
    today = "(now() at time zone 'Europe/London')::date"
    query(f"insert into data.adoption values ({SCHOOL_C}, {today}, 'rookeries')")
    assert (counted(office), counted(client_a)) == (before + 1, 0)
    query(f"delete from data.adoption where school_urn = {SCHOOL_C} and follows_from = {today}")
    query(f"select duty.weigh_open({SCHOOL_C})")


def test_past_its_review_a_policy_has_a_banner_and_is_counted(office, policies):
    past = {code for code, p in policies.items() if p["past_review"]}
    assert "rookeries" in past and "morecambe" not in past
    assert policies["rookeries"]["banner"] == (
        "The policy was to be reviewed by October 2020: it is past its review date."
    )
    assert policies["morecambe"]["banner"] is None and policies["morecambe"]["next_review_on"] is None
    answer = office.get(f"{POLICIES}?past_review=true&count=exact&limit=1").json()
    assert answer["count"] == len(past) and answer["data"][0]["past_review"]
    assert {p["code"] for p in office.pages(POLICIES, past_review="false")} == set(policies) - past


def test_signatories_are_nested_or_in_words(office, policies):
    signed = [p for p in policies.values() if p["signatories"]]
    assert signed and all(set(s) == {"name", "role", "on"} for p in signed for s in p["signatories"])
    assert signed[0]["signatories"][0]["role"] in office.get(f"{POLICIES}.csv").text


def test_clauses_are_those_of_the_version_in_force(office, query, policies):
    clauses = list(office.pages(f"{POLICIES}/tkat/clauses", limit=7))
    version = policies["tkat"]
    assert len(clauses) == query("select count(*) from data.clause where policy_version_id = %s", version["id"])[0][0]
    assert [c["position"] for c in clauses] == list(range(1, len(clauses) + 1))
    read = next(c for c in clauses if c["clause"] == "linked-policies")
    assert read["kind"] == "linked_policies" and "Code of Conduct" in read["parameters"]["policies"]
    assert read["kind_title"] and read["place"] and read["words"] and "linked-policies" in read["rules"]
    said = office.get(f"{POLICIES}/tkat/clauses", params={"version": version["version"], "limit": 1000}).json()["data"]
    assert said == clauses


def test_clauses_are_flat_in_csv(office):
    text = office.get(f"{POLICIES}/tkat/clauses.csv").text
    assert "parameters_text" in text.partition("\n")[0] and "policies: [" in text


@pytest.mark.parametrize("path", ["none/clauses", "TKAT/clauses", "1/clauses", "tkat/clauses?version=none"])
def test_an_unknown_policy_or_version_is_404(office, path):
    office.get(f"{POLICIES}/{path}", 404)


def test_policies_need_their_scope(office):
    api = office.with_scope("schools:read")
    for path in (POLICIES, f"{POLICIES}/tkat/clauses", of_school(SCHOOL_A)):
        api.get(path, 403)


def test_a_school_follows_one_policy_after_another(office, world):
    made = office.post(of_school(SCHOOL_C), {"policy": "potton", "follows_from": "2190-09-01"}).json()
    assert (made["id"], made["current"], made["policy_version"]) == (21900901, False, "October 2025")
    rows = list(office.pages(of_school(SCHOOL_C), limit=1))
    assert made in rows and [r["id"] for r in rows] == sorted(r["id"] for r in rows)
    assert [r["current"] for r in rows].count(True) <= 1
    again = office.post(of_school(SCHOOL_C), {"policy": "tkat", "follows_from": "2190-09-01"}).json()
    assert again["policy"] == "tkat" and len(list(office.pages(of_school(SCHOOL_C)))) == len(rows)


def test_what_a_school_always_followed_has_no_day(office):
    office.import_rows("schools", csv_text("schools", [school_row(900044, "Always", policy="potton")]))
    (only,) = office.pages(of_school(900044))
    assert (only["id"], only["follows_from"], only["current"], only["policy"]) == (0, None, True, "potton")


def test_visits_from_that_day_on_are_weighed_by_the_other_policy(office, world, query):
    day = {"planned_start": "2191-09-02T09:30:00Z", "planned_end": "2191-09-02T10:00:00Z"}
    before = {"planned_start": "2191-08-31T09:30:00Z", "planned_end": "2191-08-31T10:00:00Z"}
    visits = [world.visit(school=SCHOOL_C, **times) for times in (before, day)]
    office.post(of_school(SCHOOL_C), {"policy": "tkat", "follows_from": "2191-01-01"})
    office.post(of_school(SCHOOL_C), {"policy": "rookeries", "follows_from": "2191-09-01"})
    found = [
        query(
            "select distinct v.policy_code from data.duty d join data.policy_version v using (policy_version_id)"
            " where d.visit_id = %s and d.applies",
            visit["id"],
        )
        for visit in visits
    ]
    assert found == [[("tkat",)], [("rookeries",)]]


def test_a_school_follows_no_policy_that_is_unknown(office, client_a, stored):
    reader = office.with_scope("policies:read")
    body, before = {"policy": "none", "follows_from": "2190-01-01"}, stored()
    assert pointers(office.post(of_school(SCHOOL_A), body, 422)) == ["/policy"]
    assert pointers(office.post(of_school(SCHOOL_A), {"policy": "tkat"}, 400)) == ["/follows_from"]
    client_a.post(of_school(SCHOOL_B), {**body, "policy": "tkat"}, 404)
    client_a.get(of_school(SCHOOL_B), 404)
    reader.post(of_school(SCHOOL_A), body, 403)
    assert stored() == before
