"""doorstep-pull between a pretended broker and a real Doorstep: what arrives there, also when it is cut off."""

import json
import signal
import types

import pytest

from instance import BY_REQUESTS
from pulled import PATHS, SOURCE_SCHOOL, FakeSource, Puller
from test_imports import find
from world import SCHOOL_A, upn

PAGES, PER_PAGE = 3, 2
DAYS = ("2025-10-06", "2025-10-07")


class Broker(FakeSource):
    """Students of a school, each with a mother and four marks."""

    def __init__(self):
        self.students = [{"id": f"A{upn()[-9:]}", "upn": upn()} for _ in range(PAGES * PER_PAGE)]
        self.code = "/"
        super().__init__()

    def student(self, student):
        details = {"upn": student["upn"], "current_nc_year": "5", "admission_date": {"date": "2021-09-01 00:00:00.000000"}}
        born = {"date": "2016-03-04 00:00:00.000000", "timezone_type": 3, "timezone": "Europe/London"}
        named = {"id": student["id"], "forename": "Ada", "surname": student["id"], "date_of_birth": born}
        return {**named, "education_details": {"data": details}}

    def items(self, kind, student):
        mother = {"id": f"C{student['id']}", "forename": "Mary", "surname": student["id"]}
        relation = {"relationship": "Mother", "parental_responsibility": True}
        if kind == "pupils":
            return [self.student(student)]
        if kind == "contacts":
            return [{**mother, "relationship": relation, "students": {"data": [self.student(student)]}}]
        return [
            {"id": f"{student['id']}{day}{session}", "date": {"date": f"{day} 00:00:00.000000"}, "session": session,
             "comment": None, "minutes_late": None, "attendance_code": {"data": {"code": self.code}},
             "student": {"data": self.student(student)}}
            for day in DAYS for session in ("AM", "PM")
        ]  # fmt: skip

    def body(self, kind, page):
        of_page = self.students[(page - 1) * PER_PAGE : page * PER_PAGE]
        path = f"/v1.0/schools/{SOURCE_SCHOOL}/{PATHS[kind]}?page={page + 1}"
        following = f"{self.url}{path}" if page < PAGES else None
        pagination = {"next": following, "more": following is not None, "per_page": PER_PAGE, "current_page": page}
        data = [item for student in of_page for item in self.items(kind, student)]
        return json.dumps({"data": data, "meta": {"pagination": pagination}}).encode()


@pytest.fixture
def broker():
    with Broker() as made:
        yield made


@pytest.fixture
def puller(tmp_path, broker, instance, make_client, fresh_upn, world):
    name = f"pull-{fresh_upn()}"
    client = make_client(name, ["pupils:write", "contacts:write", "attendance:write"], [SCHOOL_A])
    doorstep = types.SimpleNamespace(url=instance.url, client=name, secret=client.secret)
    return Puller(tmp_path, broker, doorstep)


def arrived(office, query, broker):
    """What Doorstep has of the broker's students: names of contacts, and weeks of marks."""
    pupils = [find(office, "pupils", upn=student["upn"])["id"] for student in broker.students]
    contacts = query("select count(*) from data.contact where pupil_id = any(%s)", pupils)[0][0]
    weeks = query("select pupil_id, marks from data.register_week where pupil_id = any(%s)", pupils)
    return contacts, sorted(weeks), pupils


def test_a_school_is_brought_in_page_by_page_and_again_without_a_change(puller, broker, office, query):
    done = puller.pull(school=SCHOOL_A)
    assert "0 rejected" in done.stderr
    contacts, weeks, pupils = arrived(office, query, broker)
    assert contacts == len(broker.students)
    assert weeks == [(pupil, "////      ") for pupil in sorted(pupils)]
    changes = f"select count(*) from {BY_REQUESTS} and record <> all (array['data.idempotency', 'auth.token'])"
    before = query(changes)
    puller.pull(school=SCHOOL_A, anew=True)
    assert query(changes) == before


def test_what_was_cut_off_goes_on_and_all_of_it_arrives(puller, broker, office, query):
    seen, killed = 0, 0
    while True:
        process, moments = None, 0

        def moment(_what):
            nonlocal moments
            moments += 1
            if moments == seen % 4 + 1:
                process.send_signal(signal.SIGKILL)

        broker.moment = moment if killed < 6 else lambda _what: None
        process = puller.start(school=SCHOOL_A)
        done = puller.end(process)
        seen += 1
        killed += done.returncode == -signal.SIGKILL
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
    assert killed >= 3
    contacts, weeks, pupils = arrived(office, query, broker)
    assert contacts == len(broker.students) and len(weeks) == len(pupils)


def test_a_mark_that_changes_at_the_source_changes_here(puller, broker, office, query):
    puller.pull(school=SCHOOL_A)
    broker.code = "O"
    puller.pull(school=SCHOOL_A, what="register")
    _, weeks, pupils = arrived(office, query, broker)
    assert weeks == [(pupil, "OOOO      ") for pupil in sorted(pupils)]
    amended = query("select count(*) from data.mark_amendment where pupil_id = any(%s) and was = '/'", pupils)
    assert amended[0][0] == 4 * len(pupils)
