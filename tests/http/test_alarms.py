"""The board, escalations and notifications: who is out, what is due, and what people did about it."""

import pytest

import life
import strict_csv
from client import code, pointers
from instance import wait_until
from world import MARKER, SCHOOL_B

VISITS = life.VISITS
ESCALATIONS, NOTIFICATIONS, BOARD = "/api/v1/escalations", "/api/v1/notifications", "/api/v1/board"


@pytest.fixture
def tkat(schools):
    return schools["tkat"]


def on_board(api, visit, **filters):
    """The row of a visit, or None."""
    return next((r for r in api.pages(BOARD, **filters) if r["id"] == visit["id"]), None)


def raised(school, visit, path=NOTIFICATIONS, **filters):
    return wait_until(lambda: list(school.office.pages(path, visit=visit["id"], **filters)), deadline=40)


def called(school, visit):
    """The escalation of a call for help; the visit, of a day long gone, has one for being overdue, too."""

    def find():
        return next((e for e in school.office.pages(ESCALATIONS, visit=visit["id"]) if e["cause"] == "help"), None)

    return wait_until(find, deadline=40)


def told_of(school, visit, escalation):
    """What is told of an escalation, once there is any of it."""

    def find():
        told = school.office.pages(NOTIFICATIONS, visit=visit["id"], cause="rung")
        return [n for n in told if n["escalation"] == escalation["id"]]

    return wait_until(find, deadline=40)


@pytest.fixture
def call(tkat):
    """A visit whose team calls for help, and its escalation."""
    visit = tkat.out("arrived")
    tkat.event(visit, "help", note="Come")
    return visit, called(tkat, visit)


def attempt(school, escalation, rung, result, expect=201, **more):
    body = {"rung": rung, "by": school.staff["clerk"], "result": result, **more}
    return school.office.post(f"{ESCALATIONS}/{escalation['id']}/attempts", body, expect)


# ----------------------------------------------------------------------- board


def test_who_is_out_is_on_the_board_until_all_are_back(tkat):
    visit = tkat.ready()
    assert on_board(tkat.office, visit) is None, "long ago, and never departed"
    for kind in ("departed", "arrived", "left"):
        tkat.event(visit, kind)
        row = on_board(tkat.office, visit, school=tkat.urn)
        assert (row["state"], row["last_contact"], row["drill"]) == (kind, kind, False)
    assert [m["phone"] for m in row["team"]] == ["07700 900301", "07700 900302"]
    assert (row["policy"], row["policy_version"]) == ("tkat", "October 2024")
    assert row["place"] == visit["place"] and row["planned_end"] == visit["planned_end"]
    checked = tkat.event(visit, "check_in", note="All well").json()
    row = on_board(tkat.office, visit)
    assert (row["last_contact"], row["last_contact_at"]) == ("check_in", checked["at"])
    assert row["next_due"] == tkat.read(visit)["next_due"]
    tkat.event(visit, "note", note="No contact")
    assert on_board(tkat.office, visit)["last_contact"] == "check_in"
    tkat.event(visit, "returned")
    assert on_board(tkat.office, visit) is None


def test_what_is_late_says_so(tkat, query):
    visit = tkat.out("arrived")
    query("update data.duty set due_at = null where visit_id = %s and open and clause <> 'overdue'", visit["id"])
    move = "update data.duty set due_at = now() + %s::interval where visit_id = %s and clause = 'overdue'"
    for hours, late in (("1 hour", False), ("-1 hour", True)):
        query(move, hours, visit["id"])
        query(
            "update data.visit set planned_end = now() + %s::interval, return_by = null,"
            " planned_start = now() + %s::interval - interval '1 hour' where visit_id = %s",
            hours,
            hours,
            visit["id"],
        )
        row = on_board(tkat.office, visit)
        assert row["late"] is late and row["next_due"]["clause"] == "overdue"


def test_a_drill_is_marked_as_one_everywhere(tkat):
    visit = tkat.out("arrived", drill=True)
    assert on_board(tkat.office, visit)["drill"] is True
    tkat.event(visit, "help", note="Only a drill")
    escalation = called(tkat, visit)
    assert escalation["drill"] is True
    assert {n["drill"] for n in told_of(tkat, visit, escalation)} == {True}


def test_the_escalation_on_the_board_is_for_who_may_read_alarms(tkat, call):
    visit, escalation = call
    row = on_board(tkat.office, visit)
    assert (row["escalation"]["id"], row["escalation"]["cause"]) == (escalation["id"], "help")
    assert row["escalation"]["rung"] == 1 and row["escalation"]["words"] == escalation["rungs"][0]["words"]
    row = on_board(tkat.office.with_scope("visits:read"), visit)
    assert row["escalation"] is None
    tkat.office.with_scope("alarms:read").get(BOARD, 403)


def test_nothing_of_another_school_is_on_the_board_or_among_its_alarms(tkat, call, client_a, client_b, world):
    theirs = world.visit(school=SCHOOL_B)
    world.event(theirs, "departed"), world.event(theirs, "help", note=MARKER)
    wait_until(lambda: list(client_b.pages(ESCALATIONS, visit=theirs["id"])))
    for path in (BOARD, ESCALATIONS, NOTIFICATIONS):
        for suffix in ("", ".csv", ".xml", ".ndjson"):
            text = client_a.get(path + suffix).text
            assert MARKER not in text and str(tkat.urn) not in text
        assert not list(client_a.pages(path, school=SCHOOL_B))
    assert on_board(client_b, theirs) and not on_board(client_a, theirs)


@pytest.mark.parametrize("path", [BOARD, ESCALATIONS, NOTIFICATIONS])
def test_exports_have_the_rows_of_the_list(tkat, call, path):
    visit, _ = call
    of = {"school": tkat.urn} if path == BOARD else {"visit": visit["id"]}
    query = "&".join(f"{name}={value}" for name, value in of.items())
    rows = strict_csv.read_dicts(tkat.office.get(f"{path}.csv?flavour=machine&{query}").content)
    records = list(tkat.office.pages(path, **of))
    assert [r["id"] for r in rows] == [str(r["id"]) for r in records] != []
    assert tkat.office.get(f"{path}.xml?{query}").text.count("<id>") == len(records)
    assert len(tkat.office.get(f"{path}.ndjson?{query}").text.splitlines()) == len(records)


@pytest.mark.parametrize("kind", ["requests", "approvals", "duties"])
@pytest.mark.parametrize("suffix", ["csv", "xml", "ndjson"])
def test_lists_of_a_visit_are_exported(tkat, client_a, kind, suffix):
    visit = tkat.ready()
    path = f"{VISITS}/{visit['id']}/{kind}"
    records = list(tkat.office.pages(path))
    text = tkat.office.get(f"{path}.{suffix}").text
    assert records and all(str(record["id"]) in text for record in records)
    client_a.get(f"{path}.{suffix}", 404)
    tkat.office.with_scope("alarms:read").get(f"{path}.{suffix}", 403)


# ----------------------------------------------------------------- escalations


def test_a_call_for_help_climbs_the_ladder_of_the_policy(tkat, call):
    visit, escalation = call
    assert (escalation["cause"], escalation["clause"], escalation["policy"]) == ("help", "emergency", "tkat")
    ladder = tkat.kinds["emergency"]["parameters"]["ladder"]
    for n, rung in enumerate(ladder, 1):
        rungs = wait_until(lambda: r if len(r := read(tkat, escalation)["rungs"]) >= n else None, deadline=40)
        assert (rungs[-1]["words"], rungs[-1]["roles"]) == (rung["words"], rung["roles"])
        after = attempt(tkat, escalation, n, "no_answer", note=f"Try {n}").json()
        tried = after["rungs"][n - 1]
        assert (tried["result"], tried["note"], tried["by"]) == ("no_answer", f"Try {n}", tkat.staff["clerk"])
        assert tried["tried_at"] and tried["late_seconds"] >= 0
    told = told_of(tkat, visit, escalation)
    assert [n["rung"] for n in told] == list(range(1, len(ladder) + 1))
    assert {(n["clause"], n["policy"]) for n in told} == {("emergency", "tkat")}


def read(school, escalation):
    return school.office.get(f"{ESCALATIONS}/{escalation['id']}").json()


@pytest.mark.parametrize("result, ends", [("team_safe", True), ("team_reached", False), ("concern", False)])
def test_in_an_emergency_only_safe_ends_it(tkat, call, result, ends):
    visit, escalation = call
    after = attempt(tkat, escalation, 1, result, note="Spoke to them").json()
    assert (after["closed_at"] is not None) == ends
    if ends:
        assert "Spoke to them" in after["resolution"]
        assert all(n["resolved_at"] for n in told_of(tkat, visit, escalation))
    contact = on_board(tkat.office, visit)["last_contact"]
    assert contact == ("check_in" if result == "team_safe" else "arrived"), "who answers may not be free"


def test_being_back_does_not_end_a_call_for_help(tkat, call):
    visit, escalation = call
    tkat.event(visit, "returned")
    assert read(tkat, escalation)["closed_at"] is None


def test_what_cannot_be_tried_is_409(tkat, call, stored):
    _, escalation = call
    assert code(attempt(tkat, escalation, 4, "done", expect=409)) == "conflict"
    attempt(tkat, escalation, 1, "concern")
    before = stored()
    assert "recorded already" in attempt(tkat, escalation, 1, "team_safe", expect=409).json()["detail"]
    assert pointers(attempt(tkat, escalation, 2, "team_safe", expect=422, by=999999)) == ["/by"]
    assert pointers(attempt(tkat, escalation, 2, "gone", expect=400)) == ["/result"]
    attempt(tkat, {"id": 999999}, 1, "team_safe", expect=404)
    assert stored() == before


def test_an_escalation_that_ended_takes_no_more(tkat, call):
    _, escalation = call
    attempt(tkat, escalation, 1, "no_answer")
    wait_until(lambda: len(read(tkat, escalation)["rungs"]) == 2, deadline=40)
    assert pointers(attempt(tkat, escalation, 2, "team_safe", expect=422, at="2199-01-01T00:00:00Z")) == ["/at"]
    attempt(tkat, escalation, 2, "team_safe")
    answer = attempt(tkat, escalation, 2, "team_safe", expect=409)
    assert code(answer) == "conflict"


def test_escalations_that_go_on_and_that_ended(tkat, call):
    visit, escalation = call
    of = {"visit": visit["id"], "school": tkat.urn}
    assert escalation["id"] in [e["id"] for e in tkat.office.pages(ESCALATIONS, open="true", **of)]
    attempt(tkat, escalation, 1, "team_safe")
    assert escalation["id"] not in [e["id"] for e in tkat.office.pages(ESCALATIONS, open="true", **of)]
    assert escalation["id"] in [e["id"] for e in tkat.office.pages(ESCALATIONS, open="false", **of)]


def test_two_who_record_the_same_rung_at_once_leave_one(tkat, call, parallel):
    _, escalation = call
    body = {"rung": 1, "by": tkat.staff["clerk"], "result": "no_answer"}
    path = f"{ESCALATIONS}/{escalation['id']}/attempts"
    statuses = parallel(lambda _: tkat.office.fork().post(path, body, (201, 409)).status_code, range(6))
    assert sorted(statuses) == [201] + [409] * 5


# --------------------------------------------------------------- notifications


def settle(school, notification, step, expect=200, **more):
    body = {"by": school.staff["head"], **more}
    return school.office.post(f"{NOTIFICATIONS}/{notification['id']}/{step}", body, expect)


def test_a_notification_is_taken_on_and_settled_once(tkat, call):
    visit, _ = call
    (notification, *_) = told_of(tkat, visit, call[1])
    etag = tkat.office.get(f"{NOTIFICATIONS}/{notification['id']}").headers["ETag"]
    taken = settle(tkat, notification, "acceptance")
    assert taken.json()["accepted_by"] == tkat.staff["head"] and taken.json()["accepted_at"]
    assert taken.headers["ETag"] != etag
    assert code(settle(tkat, notification, "acceptance", 409)) == "conflict"
    done = settle(tkat, notification, "resolution", resolution="They are at the gate").json()
    assert (done["resolved_by"], done["resolution"]) == (tkat.staff["head"], "They are at the gate")
    assert code(settle(tkat, notification, "resolution", 409, resolution="Again")) == "conflict"
    assert code(settle(tkat, notification, "acceptance", 409)) == "conflict"
    ended = [n["id"] for n in tkat.office.pages(NOTIFICATIONS, visit=visit["id"], open="false")]
    assert notification["id"] in ended


def test_what_does_not_fit_settles_nothing(tkat, call, query):
    visit, _ = call
    (notification, *_) = told_of(tkat, visit, call[1])
    assert pointers(settle(tkat, notification, "acceptance", 422, by=999999)) == ["/by"]
    assert pointers(settle(tkat, notification, "resolution", 400)) == ["/resolution"]
    settle(tkat, {"id": 999999}, "acceptance", 404)
    assert tkat.office.get(f"{NOTIFICATIONS}/{notification['id']}").json()["accepted_at"] is None


def test_of_those_who_take_it_on_at_once_one_does(tkat, call, parallel):
    visit, _ = call
    (notification, *_) = told_of(tkat, visit, call[1])
    path = f"{NOTIFICATIONS}/{notification['id']}/acceptance"
    body = {"by": tkat.staff["head"]}
    statuses = parallel(lambda _: tkat.office.fork().post(path, body, (200, 409)).status_code, range(6))
    assert sorted(statuses) == [200] + [409] * 5


def test_what_was_told_of_a_duty_is_settled_when_it_is_met(schools):
    school = schools["potton"]
    visit = school.out("arrived")
    told = raised(school, visit, cause="duty")
    (notification,) = [n for n in told if n["clause"] == "check-in-call"]
    assert notification["late_seconds"] > 0
    school.event(visit, "check_in")
    path = f"{NOTIFICATIONS}/{notification['id']}"
    ended = wait_until(lambda: n if (n := school.office.get(path).json())["resolved_at"] else None, deadline=40)
    assert (ended["resolution"], ended["resolved_by"]) == ("It was done.", None)
