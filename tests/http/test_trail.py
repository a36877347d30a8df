"""The trail is sealed: who changes, removes, inserts or reorders an entry is found out, with the export alone."""

import json
import os
import re
import subprocess

import pytest

from instance import BUILD
from sealed import VERIFY, checkpoints, commitment, export, first_of, leaf, notes_of, rewritten, root, sealed, verify
from sealed import auditor, client_b, instance, office, world  # noqa: F401
from world import SCHOOL_A

WHOLE = re.compile(r"\nwhole\n$")


# ------------------------------------------------------------ the export


def test_a_whole_trail_is_whole(trail, tmp_path, instance):
    status, words = verify(tmp_path, instance, trail)
    assert status == 0 and WHOLE.search(words), words
    assert f"{len(trail)} entries: {len(trail)} present, 0 erased, 0 withheld, 0 failed" in words


def test_the_format_is_as_it_is_described(trail, instance):
    """A second implementation, in Python, comes to the same hashes and roots."""
    lines = [json.loads(line) for line in trail]
    assert [line["leaf"] for line in lines] == list(range(len(lines)))
    assert {line["kind"] for line in lines} == {"entry", "access"}
    for line in lines:
        assert commitment(line) == line["commitment"]
        assert leaf(line) == line["hash"]
    hashes = [bytes.fromhex(line["hash"]) for line in lines]
    signed = [(size, its) for size, its in notes_of(checkpoints(instance)) if size <= len(hashes)]
    assert len(signed) > 2
    for size, its in (signed[0], signed[len(signed) // 2], signed[-1]):
        assert root(hashes[:size]) == its


@pytest.mark.parametrize("of", ["is_now", "key", "at", "client_id", "hash", "commitment", "salt", "leaf", "state"])
def test_one_changed_byte_is_found(trail, tmp_path, instance, of):
    lines = [json.loads(line) for line in trail]
    at, line = next((n, its) for n, its in enumerate(lines) if n > 9 and its["client_id"] and its["is_now"])
    before = f'"{of}":{json.dumps(line[of], ensure_ascii=False)}'
    changed = f'"leaf":{at + 1}' if of == "leaf" else before[:-2] + ("0" if before[-2] != "0" else "1") + '"'
    assert before in trail[at] and changed != before, (before, trail[at])
    trail[at] = trail[at].replace(before, changed)
    status, words = verify(tmp_path, instance, trail)
    assert status == 1 and re.match(rf"leaf {at}\b", first_of(words)), words


@pytest.mark.parametrize("position", [0, 7, -1])
def test_a_removed_entry_is_found(trail, tmp_path, instance, position):
    at = position % len(trail)
    del trail[at]
    status, words = verify(tmp_path, instance, trail)
    assert status == 1 and first_of(words).startswith(f"leaf {at} "), words


def test_a_removed_entry_is_found_though_the_others_are_counted_anew(trail, tmp_path, instance):
    lines = [json.loads(line) for n, line in enumerate(trail) if n != 11]
    renumbered = [json.dumps({**line, "leaf": n}) for n, line in enumerate(lines)]
    status, words = verify(tmp_path, instance, renumbered)
    sizes = [size for size, _ in notes_of(checkpoints(instance))]
    last = max((size for size in sizes if size <= 11), default=0)
    first = min(size for size in sizes if size > 11)
    assert status == 1, words
    assert first_of(words).startswith(f"leaf {last} or one after it, up to {first - 1}, is not as it was signed"), words


def test_swapped_entries_are_found(trail, tmp_path, instance):
    trail[20], trail[21] = trail[21], trail[20]
    status, words = verify(tmp_path, instance, trail)
    assert status == 1 and first_of(words).startswith("leaf 20 "), words


def test_swapped_entries_are_found_in_each_others_place(trail, tmp_path, instance):
    one, other = json.loads(trail[20]), json.loads(trail[21])
    hashes = one["hash"], other["hash"]
    trail[20] = json.dumps({**other, "leaf": 20, "hash": hashes[0]})
    trail[21] = json.dumps({**one, "leaf": 21, "hash": hashes[1]})
    status, words = verify(tmp_path, instance, trail)
    assert status == 1 and first_of(words).startswith("leaf 20 ("), words


def test_an_inserted_entry_is_found(trail, tmp_path, instance):
    status, words = verify(tmp_path, instance, [*trail[:15], trail[3], *trail[15:]])
    assert status == 1 and "here stands leaf 15" in first_of(words), words


def test_a_rewritten_tail_is_found(trail, tmp_path, instance):
    """With every hash made anew, as who has the database in hand would do it."""

    def change(line):
        if line["kind"] == "access":
            line["row_count"] = 0
        line["at"] = line["at"][:-2] + ("1Z" if line["at"][-2] == "0" else "0Z")

    changed = trail
    for at in range(len(trail) - 3, len(trail)):
        changed = rewritten(changed, at, change)
    status, words = verify(tmp_path, instance, changed)
    assert status == 1 and "is not as it was signed" in first_of(words), words


def test_a_tail_that_was_cut_off_is_found(trail, tmp_path, instance):
    status, words = verify(tmp_path, instance, trail[:-5])
    assert status == 1 and f"leaf {len(trail) - 5} and those after it are missing" in words, words


def test_a_forged_signature_is_found(trail, tmp_path, instance):
    notes = instance.notes
    at = notes.rindex("\u2014 ")
    base64_at = notes.index("=", at) - 20
    forged = notes[:base64_at] + ("A" if notes[base64_at] != "A" else "B") + notes[base64_at + 1 :]
    status, words = verify(tmp_path, instance, trail, notes=forged)
    assert status == 1 and "is forged" in first_of(words), words


def test_another_key_signs_nothing(trail, tmp_path, instance):
    other = subprocess.run(
        [BUILD / "doorstep-seal", "--make-key", "doorstep.local/trail"],
        env={**os.environ, "DOORSTEP_SEAL_KEY": str(tmp_path / "private")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert oct((tmp_path / "private").stat().st_mode & 0o777) == "0o400"
    status, words = verify(tmp_path, instance, trail, key=other)
    assert status == 1 and "is signed by none of the keys" in first_of(words), words


def test_without_a_checkpoint_nothing_is_proved(instance, trail, tmp_path):
    status, words = verify(tmp_path, instance, trail, notes="<html>not found</html>\n")
    assert status == 1 and "no checkpoint vouches for any of it" in words, words


@pytest.mark.parametrize("leaf", ["9223372036854775807", "-1", " 3"])
def test_a_leaf_that_there_cannot_be_is_told(instance, trail, tmp_path, leaf):
    status, words = verify(tmp_path, instance, [f'{{"leaf":"{leaf}","hash":"{"0" * 64}","state":"withheld"}}', *trail[1:]])
    assert status == 1 and "where leaf 0 should stand, cannot be read" in first_of(words), words


def test_what_cannot_be_read_is_told(trail, tmp_path, instance):
    status, words = verify(tmp_path, instance, [*trail[:4], trail[4][:-7], *trail[5:]])
    assert status == 1 and "where leaf 4 should stand, cannot be read" in first_of(words), words
    status, words = verify(tmp_path, instance, trail, key="no key\n")
    assert status == 2, words


def test_pieces_of_the_export_are_read_one_after_another(trail, auditor, tmp_path, instance):
    lines = []
    for first in range(0, len(trail), 100):
        last = min(first + 99, len(trail) - 1)
        lines += auditor.get("/api/v1/audit/proof.ndjson", params={"from": first, "until": last}).text.splitlines()
    assert lines == trail
    listed = auditor.get("/api/v1/audit/proof", params={"limit": 3, "from": 5}).json()["data"]
    assert [row["leaf"] for row in listed] == [5, 6, 7]


# ------------------------------------------------------------ who may read what


def test_what_a_client_may_not_read_is_withheld_and_the_tree_is_whole(trail, client_b, tmp_path, instance, query):
    sealed(query)
    lines = export(client_b, instance)
    told = [json.loads(line) for line in lines]
    hidden = [line for line in told if line["kind"] is None]
    assert hidden and all(v is None for line in hidden for k, v in line.items() if k not in ("leaf", "hash", "state"))
    assert {line["school_urn"] for line in told} & {SCHOOL_A} == set()
    status, words = verify(tmp_path, instance, lines, options=["--partial"])
    assert status == 0 and "whole, as far as it is told" in words and f"{len(hidden)} withheld" in words, words
    status, words = verify(tmp_path, instance, lines)
    assert status == 1 and f"{len(hidden)} of the entries are withheld" in words, words


@pytest.mark.parametrize("shown", [True, False], ids=["but its words", "all"])
def test_who_withholds_an_entry_from_an_auditor_is_asked_why(trail, tmp_path, instance, shown):
    """It could be gone, or say something else."""
    entry = json.loads(trail[9])
    hidden = {k: v for k, v in entry.items() if shown and k not in ("salt", "was", "is_now", "filters") or k in ("leaf", "hash")}
    lines = [*trail[:9], json.dumps({**hidden, "state": "withheld"}), *trail[10:]]
    status, words = verify(tmp_path, instance, lines)
    assert status == 1 and "1 of the entries are withheld" in words and "NOT WHOLE" in words, words


def test_a_piece_that_is_no_checkpoint_is_told(trail, tmp_path, instance):
    status, words = verify(tmp_path, instance, trail, notes=instance.notes[:-9] + "\n\n" + instance.notes[:40])
    assert "pieces of" in words and "are no whole checkpoint" in words, words


def test_what_a_record_said_is_told_with_its_scope_alone(office, visit, query):
    sealed(query)
    narrow = office.with_scope("audit:read")
    params = {"record": "visit", "id": visit["id"]}
    (entry,) = narrow.get("/api/v1/audit", params={**params, "kind": "insert"}).json()["data"]
    assert entry["state"] == "withheld" and entry["was"] is None and entry["is_now"] is None
    (entry,) = office.get("/api/v1/audit", params={**params, "kind": "insert"}).json()["data"]
    assert entry["state"] == "present" and json.loads(entry["is_now"])["visit_id"] == visit["id"]
    assert entry["leaf"] is not None
    (line,) = [
        its
        for its in map(json.loads, narrow.get("/api/v1/audit/proof.ndjson", params={"from": entry["leaf"]}).text.splitlines())
        if its["leaf"] == entry["leaf"]
    ]
    assert line["salt"] is None and line["is_now"] is None and leaf(line) == line["hash"]


def test_the_trail_is_filtered(office, world, visit):
    params = {"record": "visit", "id": visit["id"]}
    changed = office.patch(f"/api/v1/visits/{visit['id']}", {"purpose": "welfare"}, "*")
    entries = list(office.pages("/api/v1/audit", **params))
    assert {e["table_name"] for e in entries} == {"data.visit"} and len(entries) >= 2
    assert all(json.loads(e["key"]) == {"visit_id": visit["id"]} for e in entries)
    (update,) = [e for e in entries if e["request_id"] == changed.headers["X-Request-Id"]]
    assert update["action"] == "update" and update["client_id"] == "office"
    assert list(office.pages("/api/v1/audit", **params, kind="delete")) == []
    assert list(office.pages("/api/v1/audit", **params, client="nobody")) == []
    assert list(office.pages("/api/v1/audit", **params, until="2020-01-01")) == []
    assert update in office.pages("/api/v1/audit", **params, since=update["at"][:10])
    assert update in office.pages("/api/v1/audit", pupil=visit["pupils"][0], limit=1000)
    assert not any(e["table_name"] == "data.visit" for e in office.pages("/api/v1/audit", staff=visit["team"][0]["staff_id"]))
    assert {e["table_name"] for e in office.get("/api/v1/audit", params={"table": "auth.client"}).json()["data"]} == {"auth.client"}
    refused = office.get("/api/v1/audit", params={"id": 1}, expect=400)
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/record"]


def test_another_school_reads_nothing_of_it(client_b, visit, query):
    assert list(client_b.pages("/api/v1/audit", record="visit", id=visit["id"])) == []
    assert list(client_b.pages("/api/v1/audit", pupil=visit["pupils"][0])) == []
    assert list(client_b.pages("/api/v1/access", staff=visit["team"][0]["staff_id"])) == []
    assert SCHOOL_A not in {e["school_urn"] for e in client_b.pages("/api/v1/audit", limit=1000)}
    assert {e["client_id"] for e in client_b.pages("/api/v1/access", limit=1000)} <= {"school-b"}


def test_without_the_scope_nobody_reads_it(office):
    other = office.with_scope("visits:read")
    for path in ("/api/v1/audit", "/api/v1/access", "/api/v1/audit/proof", VERIFY, "/api/v1/audit/checkpoint"):
        other.get(path, expect=403)


def test_reading_the_trail_is_in_the_trail(office, visit, query):
    for path, params in (
        ("/api/v1/audit", {"record": "visit", "id": visit["id"]}),
        ("/api/v1/audit.csv", {"table": "data.visit"}),
        ("/api/v1/access", {"client": "office"}),
        ("/api/v1/audit/proof", {"from": 1}),
        (VERIFY, {}),
    ):
        answer = office.get(path, params=params)
        ((resource, filters, kind),) = query(
            "select resource, filters, format from audit.access where request_id = %s", answer.headers["X-Request-Id"]
        )
        assert resource == path and filters == {k: str(v) for k, v in params.items()}
        assert kind == ("csv" if path.endswith(".csv") else "json")


def test_every_read_of_concerns_referrals_and_risk_leaves_an_entry(office, visit, query):
    """With its parameters and how many rows it had; the lists of a visit and single records, too."""
    paths = [
        f"/api/v1/visits/{visit['id']}/{name}" for name in ("concerns", "referrals", "risk-assessments", "hazards")
    ] + ["/api/v1/concerns", "/api/v1/referrals", "/api/v1/risk-assessments", "/api/v1/hazards"]
    for path in paths:
        answer = office.get(path, params={"limit": 7})
        ((resource, filters, rows),) = query(
            "select resource, filters, row_count from audit.access where request_id = %s", answer.headers["X-Request-Id"]
        )
        assert (resource, filters, rows) == (path, {"limit": "7"}, len(answer.json()["data"]))
        found = office.get("/api/v1/access", params={"client": "office", "since": "2020-01-01", "limit": 1000}).json()
        assert found["data"]


def test_reads_are_filtered(office, visit, query):
    answer = office.get(f"/api/v1/visits/{visit['id']}/concerns")
    for params in ({"record": "concern"}, {"record": "visit", "id": visit["id"]}, {"pupil": visit["pupils"][0]}):
        entries = list(office.pages("/api/v1/access", **params, kind="json", limit=1000))
        assert answer.headers["X-Request-Id"] in {e["request_id"] for e in entries}, params
    assert list(office.pages("/api/v1/access", record="visit", id=visit["id"], client="nobody")) == []
