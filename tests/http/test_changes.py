"""The feed of changes: no change is missed, none comes out of order, and each client is told of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import feed
from client import Api, code, pointers
from feed_reader import whole_lines
from instance import wait_until
from world import MARKER, SCHOOL_A, SCHOOL_B, SCOPES, csv_text, pupil_row, staff_row

CHANGES = "/api/v1/changes"
CEILING = "/api/v1/changes/ceiling"
VISITS = "/api/v1/visits"
WRITERS, KILLS, PAGES_PER_LIFE = 8, 6, 12


def ceiling(api):
    return api.get(CEILING).json()["token"]


def since(api, token, **params):
    """All that a client is told after a token, page by page."""
    page = api.get(CHANGES, params={"after": token, **params}).json()
    found = page["data"]
    while page["more"]:
        page = api.get(page["next"]).json()
        found += page["data"]
    return found


def brief(changes):
    return [(c["action"], c["record"], c["id"]) for c in changes]


# ------------------------------------------------------ nothing missed, all in order


@pytest.fixture(scope="module")
def busy(start_instance, secrets):
    """An instance of its own, with two schools and somebody to visit."""
    made = start_instance(rate=100000, workers=4)
    secret = made.make_client("office", SCOPES, None)
    secrets.add(secret)
    made.office = Api(made.url, "office", secret, on_token=secrets.add)
    for urn in feed.SCHOOLS:
        made.query(
            "insert into data.school (urn, laestab, name, phase) values (%s, %s, 'School', 'primary')", urn, f"8{urn}"
        )
    return made


class Reader:
    """The process of feed_reader.py, which can be killed and started again."""

    def __init__(self, instance, log):
        self.instance, self.log, self.process = instance, log, None

    def start(self, *until):
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).parent / "feed_reader.py", self.instance.url, self.log, "5", *until],
            env={**os.environ, "FEED_TOKEN": self.instance.office.token},
        )

    def pages(self):
        return self.log.read_bytes().count(b"\n") if self.log.exists() else 0

    def live(self, pages):
        """Until it has read so many more pages; then it is killed, whatever it is at."""
        wanted = self.pages() + pages
        self.start()
        try:
            wait_until(lambda: self.pages() >= wanted or self.process.poll() is not None, deadline=120, pause=0.001)
        finally:
            self.process.send_signal(signal.SIGKILL)
        assert self.process.wait() == -signal.SIGKILL, "it did not end by itself"

    def finish(self, until):
        self.start(until)
        assert self.process.wait(timeout=120) == 0
        return [change for page in whole_lines(self.log) for change in page["data"]]


def tables(instance):
    """What a copy must hold."""
    rows = instance.query(
        "select 'pupil', pupil_id, version, array[upn] from data.pupil"
        " union all select 'staff', staff_id, version, array[staff_code] from data.staff"
        " union all select 'visit', visit_id, version, array[school_urn::text,"
        " replace(to_jsonb(planned_start at time zone 'UTC') #>> '{}', ' ', 'T') || 'Z'] from data.visit"
    )
    return {
        (kind, number): (version, [str(part) for part in key]) for kind, number, version, key in rows
    }


def test_no_change_is_missed_and_none_is_out_of_order(busy, tmp_path):
    """Eight writers and two with long transactions, a client of the API, and a reader that is killed again and again."""
    busy.office.import_rows("pupils", csv_text("pupils", [pupil_row(feed.SCHOOLS[0])]))
    busy.office.import_rows("staff", csv_text("staff", [staff_row(feed.SCHOOLS[0], 1)]))
    records = feed.Records(busy)
    records.committed += [("pupil", records.pupil, 1), ("staff", records.staff, 1)]
    reader = Reader(busy, tmp_path / "pages")
    threads = [feed.Writer(records, seed) for seed in range(WRITERS)]
    threads += [feed.LongWriter(records, seed) for seed in (100, 101)]
    threads.append(feed.ApiWriter(records, busy.office.fork()))
    for thread in threads:
        thread.start()
    try:
        for life in range(KILLS):
            reader.live(PAGES_PER_LIFE + life)
    finally:
        records.stop.set()
        for thread in threads:
            thread.join()
    assert not records.failures, records.failures
    told = reader.finish(ceiling(busy.office))

    copy = feed.Copy()
    for change in told:
        copy.apply(change)
    assert len(told) > KILLS * PAGES_PER_LIFE
    assert sorted(map(str, copy.told)) == sorted(map(str, records.committed)), "told is what was committed, each once"
    assert {
        name: (kept["version"], [str(part) for part in kept["key"][1:]][: 2 if name[0] == "visit" else 1])
        for name, kept in copy.by_id.items()
    } == tables(busy)


# ------------------------------------------------------------- what is told


@pytest.fixture
def start(office, world):
    """Where the feed is when a test begins."""
    return ceiling(office)


def test_a_visit_is_told_as_it_is_made_and_changed(office, world, start):
    visit = world.visit(planned_start="2026-02-03T09:30:00.25Z", planned_end="2026-02-03T10:00:00Z")
    (made,) = since(office, start)
    key = {"school_urn": SCHOOL_A, "planned_start": visit["planned_start"]}
    assert made.pop("at") >= visit["created_at"][:19] and feed.place(made.pop("token")) > feed.place(start)
    assert made == {
        "record": "visit",
        "action": "created",
        "id": visit["id"],
        "key": key,
        "previous_key": None,
        "school_urns": [SCHOOL_A],
        "version": visit["version"],
    }
    token = ceiling(office)
    later = office.patch(f"{VISITS}/{visit['id']}", {"planned_start": "2026-02-03T09:00:00Z"}, "*").json()
    (changed,) = since(office, token)
    assert (changed["action"], changed["version"], changed["previous_key"]) == ("updated", later["version"], key)
    assert changed["key"] == {**key, "planned_start": later["planned_start"]}


def test_an_import_tells_who_is_new_once_and_the_same_file_again_nothing(office, world, start):
    pupil, person = pupil_row(SCHOOL_A), staff_row(SCHOOL_A, 501)
    for _ in range(2):
        office.import_rows("pupils", csv_text("pupils", [pupil, {**pupil, "school_urn": SCHOOL_B}]))
        office.import_rows("staff", csv_text("staff", [person]))
    told = since(office, start)
    assert [(c["action"], c["key"]) for c in told] == [
        ("created", {"upn": pupil["upn"]}),
        ("created", {"staff_code": person["staff_code"]}),
    ]
    assert told[0]["school_urns"] == [SCHOOL_A, SCHOOL_B]


def test_a_refused_or_repeated_request_is_told_once_at_most(office, world, start):
    office.post(VISITS, world.plan(pupils=[999999]), 422)
    headers = {"Idempotency-Key": f"feed-{start}"}
    made = [office.post(VISITS, world.plan(), headers=headers).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    assert brief(since(office, start)) == [("created", "visit", made[0])]


def test_a_change_of_nothing_is_not_told(office, visit):
    token = ceiling(office)
    answer = office.patch(f"{VISITS}/{visit['id']}", {"purpose": visit["purpose"], "team": visit["team"]}, "*")
    assert answer.json()["version"] == visit["version"]
    assert since(office, token) == []


def test_what_is_not_ended_holds_back_what_ended_after_it(office, world, instance, start):
    with instance.connect() as connection, connection.cursor() as cursor:
        cursor.execute("begin; select pg_current_xact_id()")
        visit = world.visit()
        page = office.get(CHANGES, params={"after": start}).json()
        assert (page["data"], page["more"]) == ([], False)
        cursor.execute("rollback")
    assert brief(since(office, page["token"])) == [("created", "visit", visit["id"])]


# --------------------------------------------------------- pages, tokens, filters


def test_pages_follow_one_another_without_gap(office, world, start):
    made = [world.visit()["id"] for _ in range(5)]
    page = office.get(CHANGES, params={"after": start, "limit": 2, "record": "visit", "school": SCHOOL_A}).json()
    assert [c["id"] for c in page["data"]] == made[:2] and page["more"]
    assert page["token"] == page["data"][-1]["token"]
    assert feed.place(page["token"]) < feed.place(page["ceiling"])
    for filters in ("limit=2", "record=visit", f"school={SCHOOL_A}", f"after={page['token']}"):
        assert filters in page["next"]
    following = office.get(page["next"]).json()
    assert [c["id"] for c in following["data"]] == made[2:4]
    last = office.get(following["next"]).json()
    assert [c["id"] for c in last["data"]] == made[4:] and not last["more"]
    assert office.get(last["next"]).json()["data"] == []
    later = world.visit()
    assert [c["id"] for c in office.get(last["next"]).json()["data"]] == [later["id"]]


def test_a_reader_can_stop_at_a_ceiling(office, world, start):
    first = world.visit()
    until = ceiling(office)
    second = world.visit()
    page = office.get(CHANGES, params={"after": start, "until": until}).json()
    assert brief(page["data"]) == [("created", "visit", first["id"])] and not page["more"]
    assert page["token"] == until and feed.place(until) < feed.place(page["ceiling"]) and f"until={until}" in page["next"]
    assert office.get(page["next"]).json()["data"] == []
    beyond = office.get(CHANGES, params={"after": ceiling(office), "until": until})
    assert beyond.json()["data"] == [] and not beyond.json()["more"]
    assert brief(since(office, until)) == [("created", "visit", second["id"])]


def test_without_a_token_the_feed_begins_at_its_beginning(office, world):
    assert office.get(CHANGES, params={"limit": 1}).json()["data"][0]["action"] == "created"


def test_filters_narrow_the_feed(office, world, start):
    office.import_rows("staff", csv_text("staff", [staff_row(SCHOOL_B, 502)]))
    visit = world.visit()
    assert [c["record"] for c in since(office, start)] == ["staff", "visit"]
    assert [c["record"] for c in since(office, start, record="staff")] == ["staff"]
    assert brief(since(office, start, school=SCHOOL_A)) == [("created", "visit", visit["id"])]
    assert since(office, start, school=999999) == []


@pytest.mark.parametrize("name", ["after", "until"])
@pytest.mark.parametrize("token", ["x", "1-2", "0123456789ab--1", "0123456789ab-1-9999999999999999999", "%00"])
def test_what_is_no_token_is_400(office, name, token):
    answer = office.get(f"{CHANGES}?{name}={token}", 400)
    assert code(answer) in ("invalid-cursor", "malformed", "invalid-fields")


@pytest.mark.parametrize("name", ["after", "until"])
def test_a_token_of_another_database_is_410_and_says_what_to_do(office, busy, name):
    answer = office.get(CHANGES, 410, params={name: ceiling(busy.office)})
    assert code(answer) == "start-anew" and "anew" in answer.json()["detail"] and name in answer.json()["detail"]


@pytest.mark.parametrize(
    "query, pointer",
    [
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("record=clause", "/record"),
        ("school=1", "/school"),
        ("after=", "/after"),
        ("until=" + "1" * 61, "/until"),
        ("count=exact", "/count"),
    ],
)
def test_bad_parameters_are_named(office, query, pointer):
    assert pointers(office.get(f"{CHANGES}?{query}", 400)) == [pointer]


@pytest.mark.parametrize("path", [CHANGES, CEILING])
def test_the_feed_is_json_only(office, path):
    assert office.get(path + ".json").headers["Content-Type"] == "application/json"
    for suffix in (".csv", ".xml", ".ndjson"):
        office.get(path + suffix, 406)
    office.get(path, 406, headers={"Accept": "text/csv"})


# ------------------------------------------------------------------- confinement


def test_a_client_is_told_of_its_schools_alone(office, client_a, client_b, world, start):
    theirs, ours = world.visit(school=SCHOOL_B), world.visit()
    both = pupil_row(SCHOOL_A)
    office.import_rows("pupils", csv_text("pupils", [both, {**both, "school_urn": SCHOOL_B}]))
    office.import_rows("staff", csv_text("staff", [staff_row(SCHOOL_B, 503, MARKER, staff_code=f"{MARKER}-503")]))
    answer = client_a.get(CHANGES, params={"after": start})
    assert [(c["record"], c["school_urns"]) for c in answer.json()["data"]] == [
        ("visit", [SCHOOL_A]),
        ("pupil", [SCHOOL_A]),
    ]
    assert answer.json()["data"][0]["id"] == ours["id"]
    assert MARKER not in answer.text and str(SCHOOL_B) not in answer.text
    assert since(client_a, start, school=SCHOOL_B) == []
    told = since(client_b, start)
    assert brief(told)[0] == ("created", "visit", theirs["id"]) and told[-1]["key"] == {"staff_code": f"{MARKER}-503"}


@pytest.mark.parametrize("scope, record", [("visits:read", "visit"), ("pupils:read", "pupil"), ("staff:read", "staff")])
def test_what_may_not_be_read_is_not_told(office, start, scope, record, world):
    world.visit()
    office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A)]))
    office.import_rows("staff", csv_text("staff", [staff_row(SCHOOL_A, 510, staff_code=start)]))
    assert {c["record"] for c in since(office.with_scope("changes:read", scope), start)} == {record}
    assert since(office.with_scope("changes:read"), start) == []


def test_no_key_is_in_a_log(office, world, instance, start):
    row = pupil_row(SCHOOL_A)
    office.import_rows("pupils", csv_text("pupils", [row]))
    assert since(office, start)[0]["key"] == {"upn": row["upn"]}
    assert all(row["upn"] not in path.read_text(errors="replace") for path in instance.logs())
