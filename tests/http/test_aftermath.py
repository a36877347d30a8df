"""What follows a visit: the written record, concerns, referrals, incidents, accidents, interventions, debriefs."""

import datetime
import subprocess

import pytest

import bodies
import strict_csv
from client import code, pointers
from world import MARKER, SCHOOL_A, SCHOOL_B

VISITS = "/api/v1/visits"
DAY = "2025-03-11T"
SCOPES = {
    "records": "records",
    "concerns": "concerns",
    "referrals": "concerns",
    "incidents": "incidents",
    "accidents": "incidents",
    "interventions": "incidents",
    "debriefs": "incidents",
}
OF_THE_TRUST = ["records", "concerns", "incidents"]
each_kind = pytest.mark.parametrize("kind", SCOPES)


def path_of(visit, kind):
    return f"{VISITS}/{visit['id']}/{kind}"


def body_of(world, kind, **more):
    """A body that is taken; None leaves a member out."""
    body = {**bodies.aftermath(kind, world), "at": f"{DAY}11:00:00Z", **more}
    return {name: value for name, value in body.items() if value is not None}


@pytest.fixture
def past(world, query):
    """past(school): a visit of 11 March 2025 from which the team is back."""

    def make(school=SCHOOL_A):
        visit = world.visit(school=school, planned_start=f"{DAY}09:30:00Z", planned_end=f"{DAY}10:00:00Z")
        query(
            "insert into data.event (visit_id, school_urn, kind, at, client_id)"
            " select %s, %s, kind::data.event_kind, at::timestamptz, 'test' from (values"
            " ('departed', '2025-03-11T09:10Z'), ('arrived', '2025-03-11T09:30Z'),"
            " ('left', '2025-03-11T10:00Z'), ('returned', '2025-03-11T10:20Z')) as e (kind, at)",
            visit["id"],
            school,
        )
        return visit

    return make


@pytest.fixture
def back(past):
    return past()


@each_kind
def test_what_is_recorded_is_answered_and_listed_with_both_times(office, world, back, kind):
    sent = body_of(world, kind)
    made = office.post(path_of(back, kind), sent).json()
    assert {name: made[name] for name in sent} == sent
    assert made["visit_id"] == back["id"] and made["school_urn"] == SCHOOL_A
    assert made["at"] < "2025-03-12" < made["recorded_at"]
    again = office.post(path_of(back, kind), sent).json()
    assert again["id"] > made["id"]
    assert list(office.pages(path_of(back, kind), limit=1)) == [made, again]


@each_kind
def test_every_field_of_it_is_kept(office, world, back, kind):
    told = {"told_to": world.staff[SCHOOL_A][1], "told_at": f"{DAY}11:05:00Z"}
    every = {
        "records": {
            "family_views": "Tired",
            "barriers": "The bus",
            "support": "A pass",
            "spoke_to": "The mother",
            "pupil_seen": True,
            "reference": "C-1",
            "shared_with": "The tutor",
            "next_visit_on": "2025-04-01",
            "kept": [],
        },
        "concerns": {**told, "police_at": f"{DAY}09:45:00Z"},
        "referrals": {"reference": "R-1"},
        "incidents": {**told, "nature": "allegation", "route": "Managing allegations", "police_at": f"{DAY}10:00:00Z"},
        "accidents": {"treatment": "A plaster\nand rest"},
        "interventions": {**told, "pupil": world.pupils[SCHOOL_A][0], "injury": "None"},
        "debriefs": {"held_at": f"{DAY}15:00:00Z", "note": "Talked it over"},
    }[kind]
    sent = body_of(world, kind, **every)
    made = office.post(path_of(back, kind), sent).json()
    assert {name: made[name] for name in sent} == sent
    assert set(made) - set(sent) == {"id", "visit_id", "school_urn", "recorded_at"}


@each_kind
def test_without_a_time_it_was_now(office, world, back, kind):
    made = office.post(path_of(back, kind), body_of(world, kind, at=None)).json()
    at, recorded_at = (datetime.datetime.fromisoformat(made[name][:-1]) for name in ("at", "recorded_at"))
    assert at <= recorded_at and at.year >= 2026


@each_kind
def test_what_it_must_say_is_required(office, back, stored, kind):
    before = stored()
    required = {
        "records": ["/by", "/kept_in", "/notes", "/outcome"],
        "concerns": ["/by", "/pupil", "/serious", "/text"],
        "referrals": ["/agency", "/by", "/pupil", "/text"],
        "incidents": ["/by", "/nature", "/text"],
        "accidents": ["/by", "/text", "/who"],
        "interventions": ["/by", "/text", "/why"],
        "debriefs": ["/by", "/staff"],
    }[kind]
    assert pointers(office.post(path_of(back, kind), {}, 400)) == required
    assert stored() == before


FUTURE = "2199-01-01T00:00:00Z"
UNFIT = [
    *((kind, {"by": 999999, "at": FUTURE}, ["/at", "/by"]) for kind in SCOPES),
    ("records", {"at": f"{DAY}09:09:59Z"}, ["/at"]),
    ("records", {"kept": ["no-such-clause"], "by": 999999}, ["/by", "/kept/0"]),
    ("concerns", {"pupil": 999999}, ["/pupil"]),
    ("concerns", {"told_at": FUTURE, "police_at": FUTURE}, ["/police_at", "/told_at", "/told_to"]),
    ("referrals", {"pupil": 999999}, ["/pupil"]),
    ("incidents", {"told_to": 999999, "route": "A route"}, ["/route", "/told_at", "/told_to"]),
    ("interventions", {"told_at": f"{DAY}11:00:00Z", "pupil": 999999}, ["/pupil", "/told_to"]),
    ("debriefs", {"staff": 999999, "held_at": FUTURE}, ["/held_at", "/staff"]),
]


@pytest.mark.parametrize("kind, more, wanted", UNFIT)
def test_what_does_not_fit_is_422_all_of_it_at_once(office, world, back, stored, kind, more, wanted):
    before = stored()
    assert pointers(office.post(path_of(back, kind), body_of(world, kind, **more), 422)) == wanted
    assert stored() == before


def test_a_pupil_of_another_school_is_none_of_this_one(office, world, back):
    body = body_of(world, "concerns", pupil=world.pupils[SCHOOL_B][0])
    assert pointers(office.post(path_of(back, "concerns"), body, 422)) == ["/pupil"]


@each_kind
def test_of_no_visit_there_is_nothing(office, world, kind):
    office.get(f"{VISITS}/999999/{kind}", 404)
    office.post(f"{VISITS}/999999/{kind}", body_of(world, kind), 404)


@each_kind
def test_another_schools_client_finds_no_visit(client_b, office, world, back, stored, kind):
    office.post(path_of(back, kind), body_of(world, kind))
    before = stored()
    client_b.get(path_of(back, kind), 404)
    client_b.post(path_of(back, kind), body_of(world, kind), 404)
    assert stored() == before


@each_kind
def test_each_scope_opens_its_own_side_only(office, world, back, kind):
    path, body, scope = path_of(back, kind), body_of(world, kind), SCOPES[kind]
    reader, writer = office.with_scope("visits:read", f"{scope}:read"), office.with_scope(f"{scope}:write")
    nobody = office.with_scope("visits:read", "visits:write", "pupils:read", "staff:read")
    made = writer.post(path, body).json()
    assert [r["id"] for r in reader.get(path).json()["data"]] == [made["id"]]
    writer.get(path, 403), reader.post(path, body, 403)
    nobody.get(path, 403), nobody.post(path, body, 403), nobody.get(f"{path}.csv", 403)


@pytest.mark.parametrize("kind", OF_THE_TRUST)
def test_the_list_of_all_visits_needs_the_same_scope(office, kind):
    office.with_scope("visits:read").get(f"/api/v1/{kind}", 403)
    office.with_scope(f"{SCOPES[kind]}:read").get(f"/api/v1/{kind}")


def test_a_concern_shows_nowhere_to_who_may_not_read_it(office, world, back):
    office.post(path_of(back, "concerns"), body_of(world, "concerns", text="Qwghlm"))
    others = office.with_scope("visits:read", "records:read", "incidents:read")
    for path in (f"{VISITS}/{back['id']}", path_of(back, "records"), path_of(back, "events"), "/api/v1/incidents"):
        assert "Qwghlm" not in others.get(path).text


@pytest.mark.parametrize("kind", OF_THE_TRUST)
def test_the_list_of_all_visits_has_its_filters(office, world, past, kind):
    first = office.post(path_of(past(), kind), body_of(world, kind)).json()
    visit = past(SCHOOL_B)
    body = {**bodies.aftermath(kind, world, SCHOOL_B), "at": f"{DAY}11:00:00Z"}
    second = office.post(path_of(visit, kind), body).json()
    path = f"/api/v1/{kind}"
    ids = [r["id"] for r in office.pages(path, recorded_after=first["recorded_at"])]
    assert second["id"] in ids and first["id"] not in ids
    assert {r["school_urn"] for r in office.pages(path, school=SCHOOL_B)} == {SCHOOL_B}
    assert not list(office.pages(path, recorded_after=FUTURE))
    assert office.get(path, params={"count": "exact", "limit": 1}).json()["count"] == len(list(office.pages(path)))


def test_concerns_are_filtered_by_pupil(office, world, back):
    pupil = world.pupils[SCHOOL_A][9]
    made = office.post(path_of(back, "concerns"), body_of(world, "concerns", pupil=pupil)).json()
    assert made in list(office.pages("/api/v1/concerns", pupil=pupil))
    assert {c["pupil"] for c in office.pages("/api/v1/concerns", pupil=pupil)} == {pupil}


@pytest.mark.parametrize("kind", OF_THE_TRUST)
def test_nothing_of_another_school_is_in_the_list_of_all(client_a, client_b, office, world, past, kind):
    name = {"records": "notes"}.get(kind, "text")
    body = {**bodies.aftermath(kind, world, SCHOOL_B), name: MARKER, "at": f"{DAY}11:00:00Z"}
    office.post(path_of(past(SCHOOL_B), kind), body)
    for suffix in ("", ".csv", ".xml", ".ndjson"):
        assert MARKER not in client_a.get(f"/api/v1/{kind}{suffix}").text
        assert MARKER in client_b.get(f"/api/v1/{kind}{suffix}").text


@each_kind
def test_exports_have_the_same_rows(office, world, back, kind):
    office.post(path_of(back, kind), body_of(world, kind))
    made = next(office.pages(path_of(back, kind)))
    answer = office.get(f"{path_of(back, kind)}.csv?flavour=machine")
    header, *rows = strict_csv.read(answer.content)
    assert [dict(zip(header, row))["id"] for row in rows] == [str(made["id"])]
    assert dict(zip(header, rows[0]))["by"] == str(made["by"])


@each_kind
def test_xml_fits_the_served_schema(office, world, back, kind, tmp_path):
    office.post(path_of(back, kind), body_of(world, kind))
    schema, document = tmp_path / "list.xsd", tmp_path / "list.xml"
    name = {"referrals": "external-referrals"}.get(kind, kind)
    schema.write_bytes(office.get(f"/api/v1/{name}.xsd").content)
    document.write_bytes(office.get(path_of(back, kind) + ".xml").content)
    command = ["xmllint", "--noout", "--nonet", "--schema", schema, document]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:2000]


@pytest.mark.parametrize("suffix", ["", ".csv"])
@each_kind
def test_every_read_of_it_leaves_an_access_entry(office, world, back, query, kind, suffix):
    office.post(path_of(back, kind), body_of(world, kind))
    answer = office.get(path_of(back, kind) + suffix)
    entries = query(
        "select client_id, resource, row_count from audit.access where request_id = %s", answer.headers["X-Request-Id"]
    )
    assert entries == [("office", path_of(back, kind) + suffix, 1)]


@pytest.mark.parametrize("kind", OF_THE_TRUST)
def test_a_look_at_the_list_of_all_leaves_one_too(office, query, kind):
    answer = office.get(f"/api/v1/{kind}", params={"limit": 1})
    assert query("select client_id from audit.access where request_id = %s", answer.headers["X-Request-Id"]) == [
        ("office",)
    ]


@each_kind
def test_what_is_written_is_in_the_trail(office, world, back, query, kind):
    answer = office.post(path_of(back, kind), body_of(world, kind))
    table = {"records": "visit_record", "referrals": "external_referral"}.get(kind, kind.removesuffix("s"))
    assert query(
        "select client_id, action from audit.entry where request_id = %s and record = %s",
        answer.headers["X-Request-Id"],
        f"data.{table}",
    ) == [("office", "insert")]


def test_a_visit_that_was_not_made_has_no_record(office, world, visit, stored):
    before = stored()
    answer = office.post(path_of(visit, "records"), body_of(world, "records"), 409)
    assert code(answer) == "conflict" and "record what happened first" in answer.json()["detail"]
    assert stored() == before


def test_a_cancelled_visit_has_one(office, world, visit):
    world.event(visit, "cancelled", note="The family moved")
    office.post(path_of(visit, "records"), body_of(world, "records"))
    assert office.get(f"{VISITS}/{visit['id']}").json()["state"] == "cancelled"


def test_its_record_makes_a_visit_recorded(office, world, back):
    assert office.get(f"{VISITS}/{back['id']}").json()["state"] == "returned"
    office.post(path_of(back, "records"), body_of(world, "records"))
    assert office.get(f"{VISITS}/{back['id']}").json()["state"] == "recorded"


def test_who_writes_it_confirms_clauses_of_the_policy(office, world, past, query):
    query(
        "insert into data.adoption (school_urn, follows_from, policy_code)"
        " values (%s, '2025-03-11', 'tkat'), (%s, '2025-03-12', null)",
        SCHOOL_B,
        SCHOOL_B,
    )
    back = past(SCHOOL_B)
    ((clause,),) = query(
        "select c.clause from data.clause c join data.visit v using (policy_version_id)"
        " where v.visit_id = %s and c.kind = 'conduct' order by c.position limit 1",
        back["id"],
    )
    assert office.post(path_of(back, "records"), body_of(world, "records", kept=[clause])).json()["kept"] == [clause]
    answer = office.post(path_of(back, "records"), body_of(world, "records", kept=[clause, "nothing"]), 422)
    assert pointers(answer) == ["/kept/1"]
    header, *rows = strict_csv.read(office.get(f"{path_of(back, 'records')}.csv?flavour=machine").content)
    assert [dict(zip(header, row))["kept_text"] for row in rows] == [clause]


def test_the_same_key_records_one_concern(office, world, back, fresh_upn):
    send = {"json": body_of(world, "concerns"), "headers": {"Idempotency-Key": fresh_upn()}, "expect": 201}
    assert (
        office.call("POST", path_of(back, "concerns"), **send).content
        == office.call("POST", path_of(back, "concerns"), **send).content
    )
    assert len(list(office.pages(path_of(back, "concerns")))) == 1


def test_parallel_records_are_all_kept_and_the_visit_is_recorded_once(office, world, back, parallel, query):
    body = body_of(world, "records")
    parallel(lambda n: office.fork().post(path_of(back, "records"), body), range(6))
    assert len(list(office.pages(path_of(back, "records")))) == 6
    assert query(
        "select count(*) from audit.entry where record = 'data.visit' and (key ->> 'visit_id')::bigint = %s"
        " and before ->> 'recorded_at' is null and after ->> 'recorded_at' is not null",
        back["id"],
    ) == [(1,)]
