"""doorstep-pull, where Doorstep does not take all: rejected rows come again, and a page too large is asked for anew."""

import re
import threading
from pathlib import Path

import pytest

from instance import BUILD, SRC
from pulled import GENEROUS, SOURCE_SCHOOL, FakeDoorstep, FakeSource, Fault, Puller

REJECTED = 3


@pytest.fixture
def source():
    with FakeSource() as made:
        yield made


@pytest.fixture
def doorstep():
    with FakeDoorstep() as made:
        yield made


@pytest.fixture
def puller(tmp_path, source, doorstep):
    return Puller(tmp_path, source, doorstep)


def asked_after(source, count):
    """What the first pages asked for since so many requests."""
    return [r.query.get("updated_after") for r in source.requests[count:] if "page" not in r.query]


def reject(doorstep, kind):
    doorstep.problems[kind] = [{"line": 1, "field": "upn", "detail": "The check letter is wrong."}]


# ------------------------------------------------------------------------- rejected rows


def test_rows_that_were_rejected_are_asked_for_again_until_none_is(puller, source, doorstep):
    source.clock, source.step = 1_900_000_000, 600
    puller.pull(what="pupils")
    before = puller.kinds()["pupils"]["updated_after"]
    reject(doorstep, "pupils")
    for _ in range(2):
        count = len(source.requests)
        done = puller.pull(what="pupils", expect=REJECTED)
        assert asked_after(source, count) == [before]
        assert puller.kinds()["pupils"] == {"updated_after": before, "under_way": None}
        assert f"pupils: 3 rows were rejected: the next run asks again for what has changed since {before}" in done.stderr
    doorstep.problems.clear()
    count = len(source.requests)
    puller.pull(what="pupils")
    assert asked_after(source, count) == [before]
    assert puller.kinds()["pupils"]["updated_after"] > before


def test_rows_that_the_first_pull_has_rejected_come_again_with_all(puller, source, doorstep):
    reject(doorstep, "pupils")
    done = puller.pull(what="pupils", expect=REJECTED)
    assert "pupils: 3 rows were rejected: the next run asks again for everything" in done.stderr
    assert puller.kinds()["pupils"] == {"updated_after": None, "under_way": None}


def test_the_other_kinds_move_on(puller, source, doorstep):
    reject(doorstep, "contacts")
    puller.pull(expect=REJECTED)
    kinds = puller.kinds()
    assert kinds["pupils"]["updated_after"] and kinds["register"]["updated_after"]
    assert kinds["contacts"]["updated_after"] is None
    assert len(doorstep.imports) == 9


@pytest.mark.parametrize(
    ("stored", "since", "kept"),
    [(False, "2026-09-02", "2026-09-02"), (True, "2026-09-02", "2026-09-02"), (True, "2031-01-01", None)],
)
def test_since_asks_for_them_again_too(puller, source, doorstep, stored, since, kept):
    """The earlier of the two times is what has everything that was rejected after it."""
    source.clock = 1_900_000_000
    if stored:
        puller.pull(what="pupils")
    kept = f"{kept} 00:00:00" if kept else puller.kinds()["pupils"]["updated_after"]
    reject(doorstep, "pupils")
    puller.pull(what="pupils", since=since, expect=REJECTED)
    assert puller.kinds()["pupils"]["updated_after"] == kept


def test_a_row_rejected_before_a_pull_was_broken_off_counts_after_it(puller, source, doorstep):
    reject(doorstep, "pupils")
    source.faults.extend([None, Fault(status=403)])
    puller.pull(what="pupils", expect=1)
    doorstep.problems.clear()
    puller.pull(what="pupils", expect=REJECTED)
    assert puller.kinds()["pupils"] == {"updated_after": None, "under_way": None}
    puller.pull(what="pupils")
    assert puller.kinds()["pupils"]["updated_after"]


def test_what_failed_is_told_before_what_was_rejected(puller, source, doorstep):
    reject(doorstep, "pupils")
    source.faults.extend([None] * 3 + [Fault(status=403)])
    puller.pull(what="pupils,contacts", expect=1)


def test_quiet_says_that_rows_were_rejected_since_that_is_how_it_ends(puller, doorstep):
    reject(doorstep, "pupils")
    done = puller.pull(what="pupils", quiet=True, expect=REJECTED)
    assert re.fullmatch(r"doorstep-pull: pupils: 3 rows were rejected: .*\n", done.stderr)


def test_the_service_does_not_run_again_at_once_for_rejected_rows():
    unit = (SRC / "nginx/systemd/doorstep-pull@.service").read_text()
    assert str(REJECTED) in re.search(r"^RestartPreventExitStatus=(.*)$", unit, re.M).group(1).split()


# ------------------------------------------------------------------------- pages that are too large


def too_large(puller, doorstep, **options):
    doorstep.faults.extend([None, Fault(status=413, body=b'{"title": "The body is too large"}')])
    done = puller.pull(what="pupils", expect=1, **options)
    doorstep.faults.clear()
    return done


def test_a_page_too_large_for_doorstep_is_told_with_what_to_do(puller, doorstep):
    done = too_large(puller, doorstep, per_page=1000)
    assert "with 413: The body is too large; run this again with a --per-page smaller than 1000" in done.stderr


def test_a_smaller_per_page_begins_the_kind_anew(puller, source, doorstep):
    puller.pull(what="pupils")
    stored = puller.kinds()["pupils"]["updated_after"]
    too_large(puller, doorstep, per_page=1000)
    count, taken = len(source.requests), len(doorstep.imports)
    done = puller.pull(what="pupils", per_page=10)
    first = source.requests[count]
    assert (first.query["per_page"], first.query["updated_after"]) == ("10", stored) and "page" not in first.query
    assert "pupils: --per-page has changed to 10: beginning this pull anew" in done.stderr
    assert doorstep.bodies[taken:] == source.all_bodies(["pupils"])


def test_a_pull_that_is_begun_anew_asks_since_the_time_it_was_given(puller, source, doorstep):
    too_large(puller, doorstep, since="2026-09-01")
    count = len(source.requests)
    puller.pull(what="pupils", per_page=10)
    assert source.requests[count].query["updated_after"] == "2026-09-01 00:00:00"


def test_the_same_per_page_goes_on(puller, source, doorstep):
    too_large(puller, doorstep, per_page=50)
    count = len(source.requests)
    done = puller.pull(what="pupils", per_page=50)
    assert source.requests[count].query["page"] == "2" and "anew" not in done.stderr


def test_a_page_too_large_for_this_program_is_told_with_what_to_do(puller, source, doorstep):
    source.bodies["pupils", 1] = b'{"data": ["' + b"x" * (8 * 1024 * 1024) + b'"]}'
    done = puller.pull(what="pupils", expect=1, per_page=1000)
    assert "sends more than 8192 KiB: run this again with a --per-page smaller than 1000" in done.stderr
    assert doorstep.imports == []


def test_the_manual_states_the_limit_of_a_page():
    assert "A page has at most 8 MiB" in (SRC / "cgi-bin/pull/doorstep-pull.1").read_text()


# ------------------------------------------------------------------------- memory


def resident(process):
    return int(re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{process.pid}/status").read_text(), re.M).group(1))


def test_memory_stays_flat_over_many_pages(puller, source):
    if b"__asan_init" in (BUILD / "doorstep-pull").read_bytes():
        pytest.skip("sanitizers keep what was freed")
    pages, sizes, known = 1200, {}, threading.Event()
    source.pages["pupils"] = (0,) * pages
    for page in range(1, pages):
        path = f"/v1.0/schools/{SOURCE_SCHOOL}/students?page={page + 1}&x={'x' * 3900}"
        source.edits["pupils", page] = {"next": source.url + path}

    def measure(_what):
        known.wait(GENEROUS)
        if len(source.requests) in (200, pages):
            sizes[len(source.requests)] = resident(process)

    source.moment = measure
    process = puller.start(what="pupils")
    known.set()
    assert puller.end(process).returncode == 0
    assert sizes[pages] < sizes[200] + 1500, "the URLs alone are 4000 kB"
