"""Retention, from outside: what would go, why something is there, and that two persons let it go, for good."""

import csv
import io

import pytest

from client import code, pointers
from instance import BY_REQUESTS
from retained import DISPOSALS, DUE, HOLDS, RULES, WHY, ask, hold, old_visit, place, request, rule
from world import COLUMNS, MARKER, SCHOOL_A, SCHOOL_B, SCOPES, csv_text, pupil_row, staff_row

VISITS = "/api/v1/visits"


@pytest.fixture
def old(world):
    return old_visit(world)


def why(api, record, number, expect=200):
    return api.get(WHY, expect, params={"record": record, "id": str(number)})


def step(api, world, disposal, name, expect=200, by=1, **more):
    return api.post(f"{DISPOSALS}/{disposal}/{name}", {"by": world.staff[SCHOOL_A][by], **more}, expect)


def run(api, disposal, expect=200, **more):
    return api.post(f"{DISPOSALS}/{disposal}/execution", more or {}, expect)


def due(api, **params):
    return {f"{row['record']}:{row['record_id']}": row for row in api.pages(DUE, **params)}


def test_what_is_due_says_by_which_rule_and_what_holds_it(office, world, old):
    row = due(office, record="visit", school=SCHOOL_A)[f"visit:{old}"]
    assert row["goes"] and row["held_by"] == [] and row["start_on"] == "2012-01-13" and row["kept_until"] == "2018-08-31"
    assert "Default of this system" in row["source"]
    number = place(world, SCHOOL_A, id=old)
    row = due(office, record="visit")[f"visit:{old}"]
    assert not row["goes"] and row["held_by"] == [f"legal hold {number}"]


@pytest.mark.parametrize("suffix", ["csv", "xml", "ndjson"])
def test_what_is_due_comes_in_every_format(office, old, suffix):
    assert "visit" in office.get(f"{DUE}.{suffix}", params={"record": "visit"}).text


def test_pages_of_what_is_due_have_all_of_it(office, world):
    for _ in range(3):
        old_visit(world)
    whole = [int(row["id"]) for row in csv.DictReader(io.StringIO(office.get(f"{DUE}.csv").text))]
    assert whole == sorted(whole) and len(whole) == len(set(whole)) >= 3
    assert [row["id"] for row in office.pages(DUE, limit=2)] == whole


def test_why_is_it_still_here(office, client_b, world, old, visit):
    assert why(office, "visit", old).json()["words"] == "Its time is over: it may go."
    assert why(office, "visit", visit["id"]).json()["words"].startswith("It is kept until 2032-08-31.")
    words = why(office, "pupil", world.pupils[SCHOOL_A][0]).json()["words"]
    assert words.startswith("Its time has not begun. It is held by ") and f"marks at school {SCHOOL_A}" in words
    for record, number in (("visit", 999999), ("visit", "x"), ("no_such", 1), ("register", "x"), ("register", "1:x")):
        why(office, record, number, 404)
    why(client_b, "visit", old, 404)


def test_why_is_told_with_a_reason_where_the_scope_takes_one(make_client, query, old):
    api = make_client("must-say-why")
    query("update auth.token set reasoned_scopes = '{retention:read}' where client_id = 'must-say-why'")
    asked = {"record": "visit", "id": old}
    assert "Say why" in api.get(WHY, 403, params=asked).json()["detail"]
    api.get(WHY, 200, params=asked, headers={"Doorstep-Reason": "A request of the family"})


@pytest.mark.parametrize(
    "more, wanted",
    [
        ({"record": "register", "starts": "recorded", "months": 71}, "/months"),
        ({"starts": "born"}, "/starts"),
        ({"from_on": "2020-01-01"}, "/from_on"),
        ({"by": 999999}, "/by"),
        ({"school_urn": 999999}, "/school_urn"),
    ],
)
def test_a_rule_that_cannot_be_is_422(office, world, more, wanted):
    assert pointers(office.post(RULES, rule(world, SCHOOL_A, **more), 422)) == [wanted]


def test_rules_are_set_from_a_day_on_and_never_changed(office, client_a, world):
    body = rule(world, SCHOOL_A)
    made = office.post(RULES, body).json()
    assert not made["in_force"] and made["months"] == 12
    assert code(office.post(RULES, body, 409)) == "conflict"
    trust = {k: v for k, v in rule(world, SCHOOL_A).items() if k != "school_urn"}
    assert code(client_a.post(RULES, trust, 403)) == "forbidden"
    assert made["id"] in [r["id"] for r in client_a.pages(RULES, school=SCHOOL_A)]
    first = next(r for r in office.pages(RULES, record="register", in_force="true"))
    assert first["months"] == 72 and "2024" in first["source"] and first["from_on"] is None


def test_a_hold_is_placed_and_lifted_once(office, client_a, client_b, world, visit):
    path = f"{HOLDS}/{place(world, SCHOOL_A, id=visit['id'])}"
    assert client_a.get(path).json()["stands"]
    assert path.rpartition("/")[2] in [str(h["id"]) for h in office.pages(HOLDS, subject="visit", stands="true")]
    body = {"by": world.staff[SCHOOL_A][0], "reason": "Settled"}
    assert pointers(office.post(f"{path}/lifting", {**body, "by": 999999}, 422)) == ["/by"]
    assert not client_a.post(f"{path}/lifting", body, 200).json()["stands"]
    client_a.post(f"{path}/lifting", body, 409)
    client_b.get(path, 404)


@pytest.mark.parametrize("more", [{"subject": "visit", "id": 999999}, {"subject": "letter", "id": 999999}, {"until_on": "2020-01-01"}])
def test_a_hold_on_what_is_not_there_is_422(office, world, more):
    office.post(HOLDS, hold(world, SCHOOL_A, **more), 422)


def test_nobody_holds_what_they_do_not_see(client_b, world, visit):
    assert pointers(client_b.post(HOLDS, {**hold(world, SCHOOL_B), "id": visit["id"]}, 422)) == ["/id"]


def test_two_persons_let_a_record_go_for_good(office, world, query):
    pupil = pupil_row(SCHOOL_A, name="Quorn")
    office.import_rows("pupils", csv_text("pupils", [pupil]))
    ((number,),) = query("select pupil_id from data.pupil where upn = %s", pupil["upn"])
    place_of = {"address": "7 Quorn Lane", "postcode": "ZZ1 1ZZ"}
    when = {"planned_start": "2012-02-13T09:30:00Z", "planned_end": "2012-02-13T10:00:00Z"}
    visit = world.visit(pupils=[number], place=place_of, **when)["id"]
    world.event({"id": visit}, "note", note="Zuleika Quorn rang")
    disposal = ask(world, SCHOOL_A, records=[{"record": "visit", "id": str(visit)}])
    run(office, disposal, 409)
    assert pointers(step(office, world, disposal, "approval", 422, by=0)) == ["/by"]
    assert step(office, world, disposal, "approval").json()["state"] == "approved"
    assert code(step(office, world, disposal, "approval", 409)) == "conflict"
    done = run(office, disposal).json()
    assert (done["state"], done["disposed"], done["kept"], done["waiting"]) == ("done", 1, 0, 0)
    assert done["rows"]["data.visit"] == 1 and done["erased"] > 3
    run(office, disposal, 409)
    office.get(f"{VISITS}/{visit}", 404)
    assert why(office, "visit", visit).json()["disposal"] == disposal
    (item,) = office.pages(f"{DISPOSALS}/{disposal}/items")
    assert (item["record"], item["record_id"], item["state"], item["months"]) == ("visit", str(visit), "disposed", 72)
    said = "select count(*) from {} t where t::text ~ 'Quorn (Lane|rang)'"
    for table in ("data.visit", "data.event", "audit.entry", "data.change", "data.duty"):
        assert query(said.format(table)) == [(0,)], table
    for suffix in ("csv", "xml", "ndjson"):
        assert str(visit) in office.get(f"{DISPOSALS}/{disposal}/items.{suffix}").text
    as_of = {"as_of": "2026-11-01T00:00:00Z"}
    office.get(f"{VISITS}/{visit}", 404, params=as_of)
    office.get(VISITS, params=as_of)


def test_a_disposal_goes_on_batch_by_batch(office, world):
    visits = [{"record": "visit", "id": str(old_visit(world))} for _ in range(5)]
    disposal = ask(world, SCHOOL_A, approved=True, records=visits)
    assert run(office, disposal, most=2).json()["waiting"] == 3
    key = {"Idempotency-Key": f"batch-{disposal}"}
    for _ in range(2):  # said again, it is not done again
        answer = office.call("POST", f"{DISPOSALS}/{disposal}/execution", json={"most": 2}, headers=key, expect=200)
        assert answer.json()["waiting"] == 1
    assert run(office, disposal).json()["state"] == "done"


def test_a_batch_that_fails_does_nothing(office, world, query):
    visits = [{"record": "visit", "id": str(old_visit(world))} for _ in range(2)]
    disposal = ask(world, SCHOOL_A, approved=True, records=visits)
    tables = ("data.visit", "data.team_member", BY_REQUESTS)
    count = "select " + ", ".join(f"(select count(*) from {table})" for table in tables)
    query("create function data.stop() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = 'DS409'; end $$")
    query(f"create trigger stop before delete on data.visit for each row when (old.visit_id = {visits[1]['id']}) execute function data.stop()")
    try:
        before = query(count)
        run(office, disposal, 409)
        assert query(count) == before
    finally:
        query("drop function data.stop() cascade")
    assert run(office, disposal).json()["disposed"] == 2


def test_what_is_held_meanwhile_is_kept(office, world, old):
    disposal = ask(world, SCHOOL_A, approved=True, records=[{"record": "visit", "id": str(old)}])
    number = place(world, SCHOOL_A, id=old)
    assert run(office, disposal).json()["kept"] == 1
    (item,) = office.pages(f"{DISPOSALS}/{disposal}/items")
    assert item["kept_why"] == "It is held."
    assert why(office, "visit", old).json()["held_by"] == [f"legal hold {number}"]
    office.get(f"{VISITS}/{old}")


def test_a_withdrawn_disposal_keeps_what_has_not_gone(office, world):
    visits = [{"record": "visit", "id": str(old_visit(world))} for _ in range(2)]
    disposal = ask(world, SCHOOL_A, approved=True, records=visits)
    run(office, disposal, most=1)
    assert pointers(step(office, world, disposal, "withdrawal", 400, by=0, reason=None)) == ["/reason"]
    office.post(f"{DISPOSALS}/{disposal}/withdrawal", {"by": 999999, "reason": "x"}, 422)
    found = step(office, world, disposal, "withdrawal", by=0, reason="A claim was made").json()
    assert (found["state"], found["disposed"], found["kept"], found["waiting"]) == ("withdrawn", 1, 1, 0)
    step(office, world, disposal, "withdrawal", 409, reason="Again")
    run(office, disposal, 409)


def test_a_refused_disposal_does_nothing(office, world, old):
    disposal = ask(world, SCHOOL_A, records=[{"record": "visit", "id": str(old)}])
    assert pointers(step(office, world, disposal, "refusal", 422, by=0, reason="x")) == ["/by"]
    assert step(office, world, disposal, "refusal", reason="Not yet").json()["refused_why"] == "Not yet"
    step(office, world, disposal, "refusal", 409, reason="Again")
    run(office, disposal, 409)
    assert due(office, record="visit")[f"visit:{old}"]["goes"]


def test_what_may_not_go_is_not_asked_for(office, client_b, world, visit, old):
    def asked(api=office, school=SCHOOL_A, expect=422, **more):
        body = {"reason": "x", "by": world.staff[school][0], **more}
        return pointers(api.post(DISPOSALS, body, expect)) if expect == 422 else api.post(DISPOSALS, body, expect)

    assert asked() == ["/record"]
    assert asked(record="visit", records=[{"record": "visit", "id": str(old)}]) == ["/record"]
    assert asked(records=[{"record": "visit", "id": str(visit["id"])}]) == ["/records/0"]
    assert asked(records=[{"record": "visit", "id": str(old)}, {"record": "visit", "id": "x"}]) == ["/records/1"]
    assert asked(client_b, SCHOOL_B, records=[{"record": "visit", "id": str(old)}]) == ["/records/0"]
    asked(record="pupil", school=SCHOOL_A, expect=409)


def test_a_whole_kind_of_a_school_goes_in_pieces(office, world):
    mine = {f"visit:{old_visit(world, SCHOOL_B)}" for _ in range(3)}
    body = {"record": "visit", "school": SCHOOL_B, "most": 2, "reason": MARKER, "by": world.staff[SCHOOL_B][0]}
    made = office.post(DISPOSALS, body).json()
    assert made["records"] == 2 and made["schools"] == [SCHOOL_B]
    rest = office.post(DISPOSALS, {**body, "most": 1000}).json()
    assert rest["records"] >= 1
    assert mine <= set(due(office, record="visit", school=SCHOOL_B))
    office.post(DISPOSALS, body, 409)
    for number in (made["id"], rest["id"]):
        office.post(f"{DISPOSALS}/{number}/refusal", {"by": world.staff[SCHOOL_B][1], "reason": MARKER}, 200)


def test_without_the_scope_there_is_nothing(office, old):
    less = office.with_scope(*(s for s in SCOPES if not s.startswith("retention:")))
    for path in (RULES, HOLDS, DUE, DISPOSALS):
        less.get(path, 403)
    why(less, "visit", old, 404)


def test_every_look_at_what_is_due_leaves_an_entry(office, old, query):
    ((before,),) = query("select count(*) from audit.access where starts_with(resource, '/api/v1/retention/')")
    office.get(DUE)
    why(office, "visit", old)
    ((after,),) = query("select count(*) from audit.access where starts_with(resource, '/api/v1/retention/')")
    assert after == before + 2


def test_when_a_post_was_left_comes_with_the_import_of_staff(office):
    columns = [*COLUMNS["staff"], "left_on"]

    def left(**more):
        row = staff_row(SCHOOL_A, 99, "Leaver", **more)
        kept = columns if "left_on" in more else None
        assert office.import_rows("staff", csv_text("staff", [row], kept)).json()["accepted"] == 1
        (member,) = [m for m in office.pages("/api/v1/staff", school=SCHOOL_A) if m["staff_code"] == row["staff_code"]]
        return member["id"], member["posts"][0]["left_on"]

    number, last = left(left_on="2012-03-04")
    assert last == "2012-03-04"
    found = why(office, "staff", number).json()
    assert (found["start_on"], found["kept_until"]) == ("2012-03-04", "2018-03-04")
    assert left() == (number, "2012-03-04"), "a file without the column leaves it"
    assert left(left_on="") == (number, None), "an empty cell clears it"
