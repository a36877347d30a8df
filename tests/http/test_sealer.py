"""Who edits the trail in the database is found out, and the sealer signs one tree."""

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import time

import pytest

from instance import BUILD, wait_until
from sealed import VERIFY, checkpoints, export, first_of, notes_of, sealed, verify
from sealed import auditor, client_b, instance, office, world  # noqa: F401


# ------------------------------------------------------------ the database


def answer_of(auditor, query, **params):
    sealed(query)
    return auditor.get(VERIFY, params=params).json()


def test_the_database_is_held_against_what_was_signed(auditor, trail, query):
    found = answer_of(auditor, query)
    assert found["whole"] is True and found["first"] is None and found["signatures_checked"] is True
    assert found["leaves"] >= len(trail) and found["present"] + found["erased"] >= len(trail)
    assert found["next"] is None and found["checkpoints"] > 2 and found["unsealed"] == 0
    part = answer_of(auditor, query, **{"from": 10, "until": 19})
    assert part["whole"] is True and part["present"] == 10 and part["next"] == 20


def test_the_checkpoint_is_shown(auditor, trail, query, instance):
    answer = auditor.get("/api/v1/audit/checkpoint")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text in checkpoints(instance)


@contextlib.contextmanager
def unguarded(query, table):
    query(f"alter table {table} disable trigger user")
    try:
        yield
    finally:
        query(f"alter table {table} enable trigger user")


TAMPERING = {
    "a change": (
        "audit.entry",
        "update audit.entry set after = after || '{{\"purpose\": \"other\"}}' where entry_id = {id}",
        "was changed in what it says",
    ),
    "a change of who": ("audit.entry", "update audit.entry set client_id = 'another' where entry_id = {id}", "was changed"),
    "a removal": ("audit.entry", "delete from audit.entry where entry_id = {id}", "was removed"),
    "a swap": (
        "audit.leaf",
        "update audit.leaf l set hash = o.hash from audit.leaf o"
        " where l.leaf_index in ({leaf}, {leaf} + 1) and o.leaf_index in ({leaf}, {leaf} + 1) and o.leaf_index <> l.leaf_index",
        "was changed",
    ),
    "an erasure without an entry": (
        "audit.entry",
        "update audit.entry set before = null, after = null, salt = null where entry_id = {id}",
        "was erased without an entry that says so",
    ),
    "a leaf made anew": (
        "audit.entry, audit.leaf",
        "update audit.entry set client_id = 'another' where entry_id = {id};"
        " update audit.leaf l set hash = audit.entry_leaf(e) from audit.entry e where e.entry_id = {id} and l.entry_id = {id}",
        "not as it was signed",
    ),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_a_superuser_who_edits_the_trail_is_found_out(auditor, trail, query, tmp_path, instance, kind):
    tables, edit, problem = TAMPERING[kind]
    ((its_id, its_leaf),) = query(
        "select entry_id, leaf_index from audit.entry join audit.leaf using (entry_id)"
        " where record = 'data.visit' and action = 'insert' order by 1 desc limit 1"
    )
    query("drop table if exists kept_entry, kept_leaf")
    query("create table kept_entry as select * from audit.entry")
    query("create table kept_leaf as select * from audit.leaf")
    with contextlib.ExitStack() as stack:
        for table in ("audit.entry", "audit.leaf"):
            stack.enter_context(unguarded(query, table))
        try:
            query(edit.format(id=its_id, leaf=its_leaf))
            found = auditor.get(VERIFY).json()
            status, words = verify(tmp_path, instance, export(auditor, instance))
        finally:
            query("delete from audit.entry where entry_id = %s", its_id)
            query("insert into audit.entry overriding system value select * from kept_entry where entry_id = %s", its_id)
            query("update audit.leaf l set hash = k.hash from kept_leaf k where k.leaf_index = l.leaf_index and k.hash <> l.hash")
            query("drop table kept_entry, kept_leaf")
    assert found["whole"] is False and found["failed"] >= 1
    assert problem in found["first"]["problem"], found
    assert status == 1, words
    if kind == "a leaf made anew":
        assert found["first"]["leaf"] <= its_leaf and "not as it was signed" in first_of(words)
    else:
        assert (found["first"]["leaf"], found["first"]["id"]) == (its_leaf, its_id)
        assert first_of(words).startswith(f"leaf {its_leaf} "), words
    assert auditor.get(VERIFY).json()["whole"] is True, "it is as it was"


def test_an_entry_that_was_inserted_is_found(auditor, trail, query, tmp_path, instance):
    """Given the time and the transaction of others, so that it seems to be as old."""
    ((its_id,),) = query(
        "insert into audit.entry (at, xid, action, record, key, after)"
        " select at - interval '2 days', xid, 'insert', 'data.visit', '{}', '{}' from audit.entry where entry_id = 5"
        " returning entry_id"
    )
    try:
        found = auditor.get(VERIFY).json()
        assert found["whole"] is False
        assert (found["first"]["kind"], found["first"]["id"]) == ("entry", its_id) and "inserted" in found["first"]["problem"]
    finally:
        with unguarded(query, "audit.entry"):
            query("delete from audit.entry where entry_id = %s", its_id)
    assert auditor.get(VERIFY).json()["whole"] is True


def test_erasure_keeps_the_trail_whole(auditor, office, visit, query, tmp_path, instance):
    ((erased,),) = query(
        "select audit.erase('data.visit', array[jsonb_build_object('visit_id', %s)], 'retention of visits')", visit["id"]
    )
    assert erased > 0
    found = answer_of(auditor, query)
    assert found["whole"] is True and found["erased"] >= erased
    lines = export(auditor, instance)
    assert len([1 for line in lines if json.loads(line)["state"] == "erased"]) == found["erased"]
    status, words = verify(tmp_path, instance, lines)
    assert status == 0 and f"{found['erased']} erased" in words, words
    entries = list(auditor.pages("/api/v1/audit", record="visit", id=visit["id"]))
    assert entries and {(e["state"], e["was"], e["is_now"]) for e in entries} == {("erased", None, None)}


# ------------------------------------------------------------ the sealer


class Sealer:
    """doorstep-seal by hand, for a database of the instance."""

    def __init__(self, instance, folder, database="doorstep"):
        self.folder = folder
        self.environment = {
            "DOORSTEP_DATABASE": instance.conninfo("doorstep_seal").replace("dbname=doorstep", f"dbname={database}"),
            "DOORSTEP_SEAL_KEY": str(instance.state / "seal/key"),
            "DOORSTEP_CHECKPOINT_DIR": str(folder),
            "DOORSTEP_SEAL_MS": "10",
        }

    def start(self):
        return subprocess.Popen([BUILD / "doorstep-seal"], env=self.environment, stderr=subprocess.PIPE, text=True)

    def once(self, option="--once"):
        done = subprocess.run(
            [BUILD / "doorstep-seal", option], env=self.environment, stderr=subprocess.PIPE, text=True, timeout=60
        )
        return done.returncode, done.stderr

    def notes(self):
        return (self.folder / "checkpoints").read_text()


@pytest.fixture(scope="module")
def unsealed(start_with_world):
    """An instance whose own sealer was told to go."""
    made = start_with_world(workers=2)
    made.auditor = made.office
    os.kill(made.pid("seal"), signal.SIGTERM)
    wait_until(lambda: made.query("select count(*) from pg_stat_activity where usename = 'doorstep_seal'") == [(0,)])
    return made


def test_a_sealer_that_is_killed_again_and_again_signs_one_tree(unsealed, tmp_path):
    folder = unsealed.state / "checkpoints"
    sealer = Sealer(unsealed, folder)
    ends = random.Random(32)
    for n in range(30):
        process = sealer.start()
        until = time.monotonic() + ends.uniform(0.02, 0.12)
        while time.monotonic() < until:
            unsealed.office.get("/api/v1/visits.csv")
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
        unsealed.world.visit() if n % 10 == 0 else None
    status, words = sealer.once()
    assert status == 0, words
    signed = notes_of(sealer.notes())
    assert len({size for size, _ in signed}) == len(set(signed)) and len(signed) > 5, "no two roots for one size"
    assert [size for size, _ in signed] == sorted(size for size, _ in signed)
    status, words = verify(tmp_path, unsealed, export(unsealed.auditor, unsealed))
    assert status == 0, words


def test_there_is_one_sealer(unsealed):
    sealer = Sealer(unsealed, unsealed.state / "checkpoints")
    process = sealer.start()
    try:
        wait_until(
            lambda: unsealed.query("select count(*) from pg_locks where locktype = 'advisory' and granted") != [(0,)]
        )
        status, words = sealer.once()
        assert status == 1 and "another sealer is at work" in words
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def test_a_database_that_was_restored_is_not_signed(unsealed):
    """And what was lost of it is told by the checkpoints elsewhere."""
    folder = unsealed.state / "checkpoints"
    unsealed.world.visit()
    assert Sealer(unsealed, folder).once()[0] == 0
    dump = subprocess.run(
        ["pg_dump", "-Fc", "-h", unsealed.state / "run", "-U", "postgres", "doorstep"], capture_output=True, check=True
    ).stdout
    unsealed.query("create database old")
    subprocess.run(
        ["pg_restore", "-e", "-h", unsealed.state / "run", "-U", "postgres", "-d", "old"],
        input=dump,
        check=True,
    )
    # The copy is whole, and can be gone on with from where it was signed.
    assert Sealer(unsealed, folder, "old").once()[0] == 0
    unsealed.world.visit()
    assert Sealer(unsealed, folder).once()[0] == 0
    notes = checkpoints(unsealed)
    status, words = Sealer(unsealed, folder, "old").once()
    assert status == 1 and "refuses to sign" in words and "fewer leaves than a checkpoint" in words
    assert checkpoints(unsealed) == notes, "nothing was signed"


def test_what_was_rewritten_is_not_signed(unsealed):
    folder = unsealed.state / "checkpoints"
    sealer = Sealer(unsealed, folder)
    assert sealer.once()[0] == 0
    notes = checkpoints(unsealed)
    ((kept,),) = unsealed.query("select encode(hash, 'hex') from audit.leaf where leaf_index = 30")
    with unguarded(unsealed.query, "audit.leaf"):
        unsealed.query("update audit.leaf set hash = sha256('x') where leaf_index = 30")
    unsealed.world.visit()
    status, words = sealer.once()
    assert status == 1 and "refuses to sign" in words and checkpoints(unsealed) == notes
    unsealed.office.get("/readyz")
    with unguarded(unsealed.query, "audit.leaf"):
        unsealed.query(f"update audit.leaf set hash = '\\x{kept}' where leaf_index = 30")
    assert sealer.once()[0] == 0
    forged = re.sub("(?m)^[A-Za-z0-9+/]{43}=$", "A" * 43 + "=", notes, count=1)
    (folder / "checkpoints").write_text(forged)
    status, words = sealer.once()
    (folder / "checkpoints").write_text(notes)
    assert status == 1 and "a checkpoint of the file is forged" in words
    assert sealer.once()[0] == 0


def test_where_the_checkpoint_cannot_be_kept_nothing_is_signed(unsealed, tmp_path):
    status, words = Sealer(unsealed, tmp_path / "nowhere").once("--new-file")
    assert status == 1 and "cannot append" in words


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "emptied"])
def test_without_its_file_it_signs_nothing_until_it_is_told_to_begin_anew(unsealed, tmp_path, lost):
    """Otherwise who takes the file away could have another trail signed."""
    assert Sealer(unsealed, unsealed.state / "checkpoints").once()[0] == 0
    if not lost:
        (tmp_path / "checkpoints").write_text("")
    status, words = Sealer(unsealed, tmp_path).once()
    assert status == 1 and "refuses to sign" in words and "--new-file" in words, words
    status, words = Sealer(unsealed, tmp_path).once("--new-file")
    assert status == 0 and "lacks the last checkpoint" in words, words
    assert notes_of((tmp_path / "checkpoints").read_text())[0] == notes_of(checkpoints(unsealed))[-1]
