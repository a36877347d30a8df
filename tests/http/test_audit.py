"""No change without its entry in the trail, no export without its entry in the access log."""

import pytest

import workbook

from instance import wait_until
from world import SCHOOL_A, SCHOOL_C, csv_text, pupil_row

VISITS = "/api/v1/visits"


@pytest.fixture
def entries(query):
    """entries(answer): the trail of the request that was answered, as (record, action)."""

    def read(answer):
        return sorted(
            query("select record, action from audit.entry where request_id = %s", answer.headers["X-Request-Id"])
        )

    return read


def test_planning_is_in_the_trail(office, world, entries):
    answer = office.post(VISITS, world.plan())
    assert entries(answer) == [
        ("data.approval_request", "insert"),
        ("data.team_member", "insert"),
        ("data.team_member", "insert"),
        ("data.visit", "insert"),
        ("data.visit_pupil", "insert"),
    ]


def test_a_change_has_exactly_one_entry_with_before_and_after(office, visit, query):
    answer = office.patch(f"{VISITS}/{visit['id']}", {"purpose": "welfare"}, "*")
    ((record, action, client, role, key, school, before, after),) = query(
        "select record, action, client_id, db_role, key, school_urn, before, after"
        " from audit.entry where request_id = %s and record <> 'data.approval_request'",
        answer.headers["X-Request-Id"],
    )
    assert (record, action, client, role, school) == ("data.visit", "update", "office", "doorstep_records", SCHOOL_A)
    assert key == {"visit_id": visit["id"]}
    assert before["purpose"] == "attendance" and after["purpose"] == "welfare"
    assert {k for k in after if after[k] != before[k]} == {"purpose", "plan_changed_at", "version", "updated_at"}


def test_a_change_of_what_was_approved_asks_anew(office, world, visit, entries):
    path = f"{VISITS}/{visit['id']}"
    assert entries(office.patch(path, {"purpose": "meeting"}, "*")) == [("data.visit", "update")]
    office.post(f"{path}/approvals", {"decision": "approved", "by": visit["team"][0]["staff_id"]})
    asked = entries(office.patch(path, {"purpose": "welfare"}, "*"))
    # the change of the plan, and of the state: it is not approved any more
    assert asked == [("data.approval_request", "insert"), ("data.visit", "update"), ("data.visit", "update")]
    assert entries(office.patch(path, {"necessity": "It is"}, "*")) == [("data.visit", "update")]


def test_an_event_and_the_state_that_follows_are_in_the_trail(world, visit, entries):
    answer = world.event(visit, "departed", "2026-01-13T09:00:00Z")
    assert entries(answer) == [("data.event", "insert"), ("data.visit", "update")]


def test_a_new_team_shows_who_was_removed(office, visit, query):
    answer = office.patch(f"{VISITS}/{visit['id']}", {"team": [{"name": "Stand In", "lead": True}]}, "*")
    removed = query(
        "select before ->> 'name', after from audit.entry where request_id = %s and action = 'delete'"
        " and record = 'data.team_member' order by 1",
        answer.headers["X-Request-Id"],
    )
    assert removed == [("Outside Professional", None), (None, None)]


def test_a_key_is_in_the_trail_without_the_answer(office, world, query, fresh_upn):
    answer = office.call("POST", VISITS, json=world.plan(), headers={"Idempotency-Key": fresh_upn()}, expect=201)
    ((after,),) = query(
        "select after from audit.entry where record = 'data.idempotency' and request_id = %s",
        answer.headers["X-Request-Id"],
    )
    assert not {"body", "request_hash"} & set(after)


def test_each_imported_row_has_its_entries(office, entries):
    answer = office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_C) for _ in range(3)]))
    assert entries(answer) == [("data.enrolment", "insert")] * 3 + [("data.pupil", "insert")] * 3


def test_tokens_are_in_the_trail_without_their_hash(office, query):
    office.sign_in()
    (after,) = query("select after from audit.entry where record = 'auth.token' order by entry_id desc limit 1")[0]
    assert after["client_id"] == "office" and "token_hash" not in after


@pytest.mark.parametrize(
    "call",
    [
        lambda api, world, visit: api.post(VISITS, {}, 400),
        lambda api, world, visit: api.post(VISITS, world.plan(pupils=[999999]), 422),
        lambda api, world, visit: api.patch(f"{VISITS}/{visit['id']}", {"purpose": "welfare"}, '"0"', 412),
        lambda api, world, visit: world.event(visit, "left", expect=409),
        lambda api, world, visit: api.import_rows(
            "pupils", csv_text("pupils", [pupil_row(SCHOOL_A, year_group="x")]), 422
        ),
        lambda api, world, visit: api.import_rows(
            "pupils", csv_text("pupils", [pupil_row(SCHOOL_A)]), query="?dry_run=true"
        ),
        lambda api, world, visit: api.get(f"{VISITS}/{visit['id']}"),
        lambda api, world, visit: api.get(VISITS),
    ],
    ids=["400", "422", "412", "409", "import", "dry run", "read", "list"],
)
def test_what_changes_nothing_has_no_entry(office, world, visit, entries, call):
    assert entries(call(office, world, visit)) == []


@pytest.mark.parametrize("suffix", ["csv", "xml", "ndjson", "xlsx"])
@pytest.mark.parametrize("how", ["suffix", "accept"])
def test_an_export_has_one_access_entry(office, query, suffix, how):
    types = {"csv": "text/csv", "xml": "application/xml", "ndjson": "application/x-ndjson", "xlsx": workbook.MEDIA_TYPE}
    path, headers = (
        (f"/api/v1/pupils.{suffix}", {}) if how == "suffix" else ("/api/v1/pupils", {"Accept": types[suffix]})
    )
    answer = office.get(f"{path}?school={SCHOOL_A}", headers=headers)
    (entry,) = query(
        "select client_id, resource, filters, format, row_count from audit.access where request_id = %s",
        answer.headers["X-Request-Id"],
    )
    rows = office.get(f"/api/v1/pupils?school={SCHOOL_A}&count=exact").json()["count"]
    assert entry == ("office", path, {"school": str(SCHOOL_A)}, suffix, rows)


def test_a_refused_export_has_no_access_entry(office, query):
    answer = office.get("/api/v1/pupils.csv?school=1", 400)
    assert query("select * from audit.access where request_id = %s", answer.headers["X-Request-Id"]) == []


@pytest.fixture
def unable(query):
    """unable(table): from now to the end of the test it takes no row."""
    broken = []

    def breaks(table):
        broken.append(table)
        query(
            "create function audit.fail_for_test() returns trigger language plpgsql as"
            " $$ begin raise 'full' using errcode = '53100'; end $$;"
            f" create trigger fail_for_test before insert on {table} execute function audit.fail_for_test()"
        )

    yield breaks
    for table in broken:
        query(f"drop trigger fail_for_test on {table}; drop function audit.fail_for_test()")


def test_without_its_access_entry_nothing_leaves(office, unable):
    """The entry is committed before the first byte: while it cannot be written there is no export."""
    assert b"upn" in office.get("/api/v1/pupils.csv").content
    unable("audit.access")
    assert b"upn" not in office.get("/api/v1/pupils.csv", 503).content
    office.get("/api/v1/pupils")


def test_without_its_audit_entry_nothing_is_changed(office, world, visit, stored, unable):
    unable("audit.entry")
    before = stored()
    office.post(VISITS, world.plan(), 503)
    world.event(visit, "departed", expect=503)
    assert stored() == before


def test_the_trail_cannot_be_changed_by_a_programs_role(query):
    for table in ("audit.entry", "audit.access"):
        for role in ("auth", "records", "register", "reports"):
            for right in ("select", "update", "delete", "truncate", "insert"):
                assert query("select has_table_privilege(%s, %s, %s)", f"doorstep_{role}", table, right) == [(False,)]


def test_the_request_id_is_in_the_logs_of_nginx_and_the_program(office, world, instance):
    number = office.post(VISITS, world.plan()).headers["X-Request-Id"]
    for name in ("nginx-access", "records"):
        wait_until(lambda: [line for line in instance.log_lines(name) if line.get("request") == number])
        assert len([line for line in instance.log_lines(name) if line.get("request") == number]) == 1


def test_a_request_id_of_the_clients_own_has_no_effect(office, world, query):
    answer = office.call("POST", VISITS, json=world.plan(), headers={"X-Request-Id": "f" * 32}, expect=201)
    assert answer.headers["X-Request-Id"] != "f" * 32
    assert query("select count(*) from audit.entry where request_id = %s", "f" * 32) == [(0,)]
