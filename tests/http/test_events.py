"""What happened on a visit, in order or told late; the state follows from it."""

import datetime
import itertools

import pytest

from client import code, pointers

VISITS = "/api/v1/visits"
DAY = "2026-01-13T"
TIMES = {
    "departed": f"{DAY}09:10:00Z",
    "arrived": f"{DAY}09:30:00Z",
    "left": f"{DAY}10:00:00Z",
    "returned": f"{DAY}10:20:00Z",
    "cancelled": f"{DAY}09:00:00Z",
    "note": f"{DAY}09:45:00Z",
}
COURSE = ["departed", "arrived", "left", "returned"]


def moment(minutes):
    """So many minutes from now, to the second."""
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def state(api, visit):
    return api.get(f"{VISITS}/{visit['id']}").json()["state"]


def happen(world, visit, *kinds):
    for kind in kinds:
        answer = world.event(visit, kind, TIMES[kind], "Why" if kind in ("cancelled", "note") else None)
    return answer


@pytest.mark.parametrize(
    "kinds, wanted",
    [
        ([], "requested"),
        (["departed"], "departed"),
        (["departed", "arrived"], "arrived"),
        (["departed", "arrived", "left"], "left"),
        (COURSE, "returned"),
        (["departed", "returned"], "returned"),
        (["departed", "returned", "arrived", "left"], "returned"),
        (["cancelled"], "cancelled"),
        (["note"], "requested"),
        (["departed", "note"], "departed"),
        (["cancelled", "note"], "cancelled"),
        (["cancelled", "departed"], "departed"),
        (["departed", "arrived", "cancelled"], "arrived"),
        ([*COURSE, "note"], "returned"),
    ],
)
def test_state_follows_from_the_events(office, world, visit, kinds, wanted):
    if kinds:
        assert happen(world, visit, *kinds).json()["visit_state"] == wanted
    assert state(office, visit) == wanted


def test_event_is_answered_as_recorded_and_listed(office, world, visit):
    made = world.event(visit, "departed", TIMES["departed"], "Two of us, by car\nBack by ten").json()
    assert made["visit_id"] == visit["id"] and made["at"] == TIMES["departed"]
    assert made["note"] == "Two of us, by car\nBack by ten" and made["recorded_at"]
    note = world.event(visit, "note", note="Traffic").json()
    assert list(office.pages(f"{VISITS}/{visit['id']}/events", limit=1)) == [
        {**made, "visit_state": "departed"},
        {**note, "visit_state": "departed"},
    ]


def test_times_of_the_events_are_those_of_the_visit(office, world, visit):
    happen(world, visit, *COURSE)
    read = office.get(f"{VISITS}/{visit['id']}").json()
    assert {k: read[f"{k}_at"] for k in COURSE} == {k: TIMES[k] for k in COURSE}


def test_reason_of_a_cancellation_is_kept(office, world, visit):
    world.event(visit, "cancelled", TIMES["cancelled"], "The family moved")
    read = office.get(f"{VISITS}/{visit['id']}").json()
    assert (read["cancelled_at"], read["cancel_reason"]) == (TIMES["cancelled"], "The family moved")


def test_an_event_changes_the_etag_of_its_visit(office, world, visit):
    world.event(visit, "departed", TIMES["departed"])
    office.patch(f"{VISITS}/{visit['id']}", {"purpose": "welfare"}, '"1"', 412)


def test_without_a_time_it_happened_now(world, visit):
    made = world.event(visit, "departed").json()
    assert made["at"][:16] == made["recorded_at"][:16]


@pytest.mark.parametrize("kind", [*COURSE, "cancelled"])
def test_what_is_recorded_is_not_recorded_twice(world, visit, stored, kind):
    happen(world, visit, *(COURSE[: COURSE.index(kind) + 1] if kind in COURSE else [kind]))
    before = stored()
    assert code(world.event(visit, kind, f"{DAY}12:00:00Z", "Again", expect=409)) == "conflict"
    assert stored() == before


@pytest.mark.parametrize(
    "before, kind",
    [
        ([], "arrived"),
        ([], "left"),
        ([], "returned"),
        (["departed"], "left"),
        (["cancelled"], "arrived"),
    ],
)
def test_what_cannot_have_happened_is_409(world, visit, stored, before, kind):
    if before:
        happen(world, visit, *before)
    count = stored()
    answer = world.event(visit, kind, TIMES[kind], "Why", expect=409)
    assert code(answer) == "conflict" and answer.json()["detail"]
    assert stored() == count


@pytest.mark.parametrize("kind", ["cancelled", "declined", "aborted"])
def test_a_visit_does_not_end_twice(world, visit, stored, kind):
    happen(world, visit, *COURSE)
    before = stored()
    assert code(world.event(visit, kind, f"{DAY}10:20:01Z", "Why", expect=409)) == "conflict"
    assert stored() == before


@pytest.mark.parametrize("kind", ["cancelled", "declined", "aborted"])
def test_that_it_ended_on_the_way_may_be_told_when_all_are_back(office, world, visit, kind):
    happen(world, visit, *COURSE)
    assert world.event(visit, kind, f"{DAY}09:20:00Z", "Why").json()["visit_state"] == kind
    assert state(office, visit) == kind


def test_what_has_not_come_yet_is_422_at_at(world, visit, stored):
    """But for five minutes, by which clocks may differ."""
    before = stored()
    for kind in ("departed", "note", "cancelled", "help", "check_in"):
        assert pointers(world.event(visit, kind, moment(6), "Why", expect=422)) == ["/at"]
    assert stored() == before
    soon = moment(4)
    assert world.event(visit, "departed", soon).json()["at"] == soon


@pytest.mark.parametrize(
    "before, kind, at",
    [
        (["departed"], "arrived", f"{DAY}09:09:59Z"),
        (["departed", "arrived"], "left", f"{DAY}09:29:00Z"),
        (["departed", "arrived", "left"], "returned", f"{DAY}09:59:00Z"),
        (["departed", "returned"], "arrived", f"{DAY}10:20:01Z"),
    ],
)
def test_times_that_run_backwards_are_422_at_at(world, visit, stored, before, kind, at):
    happen(world, visit, *before)
    count = stored()
    assert pointers(world.event(visit, kind, at, expect=422)) == ["/at"]
    assert stored() == count


@pytest.mark.parametrize("order", list(itertools.permutations(["arrived", "left", "returned"])))
def test_late_records_are_taken_whenever_their_foregoer_is_there(office, world, visit, order):
    """arrived needs departed, left needs arrived, returned needs departed; told in any order otherwise."""
    told = ["departed"]
    happen(world, visit, *told)
    for kind in order:
        possible = kind != "left" or "arrived" in told
        world.event(visit, kind, TIMES[kind], expect=201 if possible else 409)
        told += [kind] if possible else []
    assert state(office, visit) == "returned"


@pytest.mark.parametrize(
    "body, wanted",
    [
        ({}, ["/kind"]),
        ({"kind": "flown"}, ["/kind"]),
        ({"kind": None}, ["/kind"]),
        ({"kind": "departed", "at": "yesterday"}, ["/at"]),
        ({"kind": "departed", "at": "2026-01-13"}, ["/at"]),
        ({"kind": "departed", "note": 1}, ["/note"]),
        ({"kind": "note", "note": "x" * 10001}, ["/note"]),
        ({"kind": "departed", "recorded_at": "2026-01-13T09:10:00Z"}, ["/recorded_at"]),
        ({"kind": "departed", "visit_id": 1, "id": 1}, ["/id", "/visit_id"]),
    ],
)
def test_a_wrong_field_of_an_event_is_400_with_its_pointer(office, visit, stored, body, wanted):
    before = stored()
    assert pointers(office.post(f"{VISITS}/{visit['id']}/events", body, 400)) == wanted
    assert stored() == before


@pytest.mark.parametrize("kind", ["cancelled", "note"])
@pytest.mark.parametrize("note", [None, " \n\t "])
def test_a_cancellation_needs_its_reason_and_a_note_its_words(world, visit, stored, kind, note):
    before = stored()
    assert pointers(world.event(visit, kind, TIMES[kind], note, expect=422)) == ["/note"]
    assert stored() == before


def test_a_note_may_be_long_and_of_any_script(office, world, visit):
    text = "Zoë — 李雷 🙂\r\n\t" + "x" * 9980
    world.event(visit, "note", note=text)
    assert next(office.pages(f"{VISITS}/{visit['id']}/events"))["note"] == text


def test_parallel_departures_leave_one(office, world, visit, parallel):
    statuses = parallel(
        lambda n: world.event(visit, "departed", TIMES["departed"], api=office.fork(), expect=(201, 409)).status_code,
        range(12),
    )
    assert sorted(statuses) == [201] + [409] * 11
    assert len(list(office.pages(f"{VISITS}/{visit['id']}/events"))) == 1
