"""Idempotency-Key: a write repeated under its key is made once."""

import pytest

from client import code
from raw import exchange
from world import SCHOOL_A, SCHOOL_B, csv_text, pupil_row

VISITS = "/api/v1/visits"


@pytest.fixture
def key(fresh_upn):
    return {"Idempotency-Key": f"key-{fresh_upn()}"}


def repeatable(name, world, visit):
    """(method, path, body, headers) of a write."""
    return {
        "plan": ("POST", VISITS, world.plan(), {}),
        "event": ("POST", f"{VISITS}/{visit['id']}/events", {"kind": "departed", "at": "2026-01-13T09:00:00Z"}, {}),
        "change": ("PATCH", f"{VISITS}/{visit['id']}", {"purpose": "welfare"}, {"If-Match": '"1"'}),
    }[name]


@pytest.mark.parametrize("name", ["plan", "event", "change"])
def test_the_same_key_and_body_give_the_same_answer_and_one_write(office, world, visit, stored, key, name):
    method, path, body, headers = repeatable(name, world, visit)
    first = office.call(method, path, json=body, headers={**headers, **key}, expect=(200, 201))
    before = stored()
    for _ in range(4):
        again = office.call(method, path, json=body, headers={**headers, **key}, expect=first.status_code)
        assert again.content == first.content
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.headers["X-Request-Id"] != first.headers["X-Request-Id"]
        for header in ("ETag", "Location", "Content-Type"):
            assert again.headers.get(header) == first.headers.get(header)
    assert "Idempotency-Replayed" not in first.headers
    assert stored() == before


def test_an_import_under_a_key_is_made_once(office, stored, key):
    text = csv_text("pupils", [pupil_row(SCHOOL_A)])
    first = office.import_rows("pupils", text, headers=key)
    before = stored()
    again = office.import_rows("pupils", text, headers=key)
    assert again.json() == first.json() and again.headers["Idempotency-Replayed"] == "true"
    assert stored() == before


@pytest.mark.parametrize(
    "other",
    [
        lambda c: {**c, "json": {**c["json"], "purpose": "exam"}},
        lambda c: {**c, "path": "/api/v1/visits?"},
        lambda c: {**c, "path": "/api/v1/visits.json"},
        lambda c: {**c, "headers": {**c["headers"], "Content-Type": "application/json; charset=utf-8"}},
    ],
    ids=["body", "query", "path", "media type"],
)
def test_the_same_key_for_another_request_is_422(office, world, stored, key, other):
    call = {
        "method": "POST",
        "path": VISITS,
        "json": world.plan(),
        "headers": {**key, "Content-Type": "application/json"},
    }
    office.call(**call, expect=201)
    before = stored()
    changed = other(call)
    answer = office.call(**changed)
    if changed["path"].endswith("?"):
        assert answer.status_code in (201, 422)  # an empty query is none
    else:
        assert answer.status_code == 422 and code(answer) == "key-reused"
    assert stored() == before


def test_fifty_parallel_writes_of_one_key_make_one_row(office, world, key, parallel, query):
    place = {"address": f"{key['Idempotency-Key']} Road"}
    answers = parallel(
        lambda _: office.fork().call("POST", VISITS, json=world.plan(place=place), headers=key, expect=(201, 409)),
        range(50),
    )
    made = {a.json()["id"] for a in answers if a.status_code == 201}
    assert len(made) == 1
    assert query("select visit_id from data.visit where address = %s", place["address"]) == [(made.pop(),)]
    assert all(code(a) == "conflict" for a in answers if a.status_code == 409)
    assert office.call("POST", VISITS, json=world.plan(place=place), headers=key, expect=201).headers[
        "Idempotency-Replayed"
    ]


def test_keys_of_two_clients_are_independent(client_a, client_b, world, key):
    mine = client_a.call("POST", VISITS, json=world.plan(SCHOOL_A), headers=key, expect=201)
    theirs = client_b.call("POST", VISITS, json=world.plan(SCHOOL_B), headers=key, expect=201)
    assert mine.json()["id"] != theirs.json()["id"]
    again = client_a.call("POST", VISITS, json=world.plan(SCHOOL_A), headers=key, expect=201)
    assert again.content == mine.content


def test_another_tokens_of_the_same_client_shares_its_keys(office, world, key):
    first = office.call("POST", VISITS, json=world.plan(), headers=key, expect=201)
    again = office.with_scope("visits:write").call("POST", VISITS, json=world.plan(), headers=key, expect=201)
    assert again.content == first.content


def test_a_replay_needs_the_scope_too(office, world, key):
    office.call("POST", VISITS, json=world.plan(), headers=key, expect=201)
    office.with_scope("visits:read").call("POST", VISITS, json=world.plan(), headers=key, expect=403)


@pytest.mark.parametrize("body, status", [({"purpose": "x"}, 400), ({"pupils": [999999]}, 422)])
def test_a_refusal_does_not_use_up_the_key(office, world, key, body, status):
    office.call("POST", VISITS, json={**world.plan(), **body}, headers=key, expect=status)
    office.call("POST", VISITS, json=world.plan(), headers=key, expect=201)


def test_a_rejected_import_does_not_use_up_the_key(office, key):
    office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A, year_group="99")]), 422, headers=key)
    office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A)]), headers=key)


@pytest.mark.parametrize("value", ["a b", "é", "x" * 300, "tab\there"])
def test_a_key_that_is_none_is_400(office, world, stored, value):
    before = stored()
    answer = office.call("POST", VISITS, json=world.plan(), headers={"Idempotency-Key": value.encode()}, expect=400)
    assert code(answer) == "malformed"
    assert stored() == before


@pytest.mark.parametrize(
    "value", ["x", "8e03978e-40d5-43dd-bc93-6894a57f9324", '"quoted"', "!#$%&'*+-.^_`|~", "x" * 187]
)
def test_any_visible_ascii_is_a_key(office, world, value, fresh_upn):
    value = value + fresh_upn()
    office.call("POST", VISITS, json=world.plan(), headers={"Idempotency-Key": value}, expect=201)


def test_two_keys_are_400(office, world, instance, stored):
    before = stored()
    (answer,) = exchange(
        instance.port,
        (
            f"POST {VISITS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {office.token}\r\nConnection: close\r\n"
            "Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}"
        ).encode(),
    )
    assert answer.status == 400
    assert stored() == before


def test_a_key_on_a_read_has_no_effect(office, visit, key):
    office.get(f"{VISITS}/{visit['id']}", headers=key)
    office.call("POST", VISITS, json={}, headers=key, expect=400)
