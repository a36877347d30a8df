"""The demo's trust can be loaded: it obeys the policies, the imports and the limits of the day."""

import json
import subprocess
import sys

import pytest

import contract
from client import Api
from instance import SRC, Instance


@pytest.fixture(scope="module")
def empty():
    instance = Instance(workers=4)
    yield instance.start()
    instance.remove()


def run(script, *args):
    done = subprocess.run(
        [sys.executable, SRC / "tests/demo" / script, *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.fixture(scope="module")
def loaded(empty, tmp_path_factory):
    """The client that has loaded the trust."""
    tmp_path = tmp_path_factory.mktemp("demo")
    scopes = sorted({s for o in contract.OPERATIONS.values() for r in o["security"] for s in r.get("oauth2", [])})
    secret = empty.make_client("demo-trust", scopes, None)
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps([{"client_id": "demo-trust", "client_secret": secret}]))
    run("generate.py", tmp_path / "demo")
    run("load.py", empty.url, credentials, tmp_path / "demo")
    return Api(empty.url, "demo-trust", secret)


def test_the_demo_loads_and_shows_who_is_out(empty, loaded):
    states = dict(empty.query("select state::text, count(*) from data.visit group by state"))
    assert {"requested", "approved", "refused", "recorded", "cancelled", "declined", "aborted"} <= set(states)
    assert empty.query("select count(*) > 2 from data.visit where departed_at is not null and returned_at is null") == [(True,)]


def test_the_demo_has_a_register_with_what_thresholds_are_about(loaded):
    sums = list(loaded.pages("/api/v1/attendance/summary", by="pupil", limit=1000))
    months = [s for s in sums if s["possible"] >= 60]  # there is little of a school year in September
    assert sums and all(s["attended"] <= s["possible"] for s in sums)
    if not months:
        return
    assert any(10 * s["attended"] == 7 * s["possible"] for s in months), "one is at 70 % exactly"
    assert any(float(s["lowest"]) < 70 <= float(s["highest"]) and s["unresolved"] for s in months), "of one it is open"
    below = [s for s in months if float(s["percentage"]) < 70]
    assert any(s["unauthorised"] > s["authorised"] for s in below), "one is away without leave"
    assert any(s["authorised"] > 9 * s["unauthorised"] for s in below), "one is ill"


def test_the_demo_has_a_pupil_of_two_schools_lates_and_gaps(empty, loaded):
    one = loaded.get("/api/v1/attendance/gaps?limit=1&from=2020-01-01").json()["data"]
    assert one and one[0]["date"]
    dual = empty.query(
        """select pupil_id, min(week) from data.register_week where position('D' in marks) > 0
           group by pupil_id having count(distinct school_urn) = 2"""
    )
    assert len(dual) == 1
    marks = loaded.get(f"/api/v1/pupils/{dual[0][0]}/attendance?from={dual[0][1]}").json()["marks"]
    assert {"D", "/"} <= {m["code"] for m in marks} and len({m["school_urn"] for m in marks}) == 2
    assert empty.query("select count(*) > 100 from data.mark_note where minutes_late > 0") == [(True,)]
    assert empty.query("select count(*) >= 5 from data.school_week where held = 0") == [(True,)], "schools were closed"


def test_the_demo_has_agreements_letters_and_a_referral_when_there_is_a_school_year(loaded):
    report = loaded.get("/api/v1/reports/legal-referral").json()["data"]
    agreements = list(loaded.pages("/api/v1/agreements"))
    if not report:  # in September nobody is below a percentage over three months
        return
    assert agreements and {a["policy"] for a in agreements} <= {"potton", "morecambe"}
    assert all(a["tested_to"] for a in agreements)
    assert loaded.get("/api/v1/referrals").json()["data"]
