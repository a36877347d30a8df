"""doorstep-pull, cut off anywhere: the next run goes on, no page is left out, and none goes in twice for it."""

import fcntl
import json
import os
import random
import re
import signal
import threading
import time

import pytest

from instance import wait_until
from pulled import GENEROUS, PATHS, FakeDoorstep, FakeSource, Fault, Puller

LATER = 75
PAGES = 3


@pytest.fixture
def source():
    with FakeSource() as made:
        made.unchanged = True
        yield made


@pytest.fixture
def doorstep():
    with FakeDoorstep() as made:
        yield made


@pytest.fixture
def puller(tmp_path, source, doorstep):
    return Puller(tmp_path, source, doorstep)


class Killer:
    """Ends the run at its nth moment: as a request arrives, or when a page was taken and the answer is not sent yet."""

    def __init__(self, puller, at, sign=signal.SIGKILL):
        self.puller, self.left, self.sign = puller, at, sign
        self.process, self.known = None, threading.Event()
        puller.source.moment = puller.doorstep.moment = self.moment

    def moment(self, _what):
        self.left -= 1
        if self.left == 0:
            self.known.wait(GENEROUS)
            self.process.send_signal(self.sign)
            if self.sign == signal.SIGKILL:
                self.process.wait(GENEROUS)

    def run(self, **options):
        self.process = self.puller.start(**options)
        self.known.set()
        done = self.puller.end(self.process)
        self.puller.source.moment = self.puller.doorstep.moment = lambda what: None
        return done


def arrived_whole(puller, kinds=PATHS):
    """Each page is in Doorstep once, in order, whatever was sent twice."""
    assert puller.doorstep.bodies == puller.source.all_bodies(kinds)
    posts = [r.body for r in puller.doorstep.requests if r.path != "/oauth2/token"]
    assert [body for i, body in enumerate(posts) if i == 0 or posts[i - 1] != body] == puller.source.all_bodies(kinds)
    for kind in kinds:
        state = puller.kinds()[kind]
        assert state["updated_after"] and state["under_way"] is None


# ------------------------------------------------------------------------- killed


@pytest.mark.parametrize("at", range(1, 3 * PAGES * len(PATHS) + 1))
def test_killed_at_any_request_it_goes_on(puller, at):
    """Each page has three moments: it is asked for, it arrives at Doorstep, it was taken."""
    assert Killer(puller, at).run().returncode == -signal.SIGKILL
    asked, before = len(puller.source.requests), puller.state.read_text()
    done = puller.pull()
    arrived_whole(puller)
    under_way = [(k, s["under_way"]) for k, s in json.loads(before)["kinds"].items() if s["under_way"]]
    if under_way and under_way[0][1]["pages"]:
        kind, was = under_way[0]
        first = next(r for r in puller.source.requests[asked:] if r.path.endswith(PATHS[kind]))
        assert first.query["page"] == str(was["pages"] + 1), "no page that was acknowledged is asked for again"
        assert f"{kind}: going on after page {was['pages']}" in done.stderr


def test_killed_again_and_again_it_gets_there(puller, source):
    source.pages = dict.fromkeys(PATHS, (1,) * 12)
    dice = random.Random(seed := random.randrange(10**9))
    for run in range(300):
        if Killer(puller, dice.randrange(1, 12)).run().returncode == 0:
            break
        assert run < 299, f"seed {seed}"
    source.unchanged = False
    puller.pull()  # and its state is a good one
    assert puller.doorstep.bodies == source.all_bodies() * 2, f"seed {seed}"


def test_killed_at_any_time_it_gets_there(puller, source):
    """Not at requests, but whenever: also while the state is being written."""
    source.pages = dict.fromkeys(PATHS, (1,) * 12)
    for _ in range(25):
        process = puller.start()
        time.sleep(random.random() * 0.08)
        process.kill()
        puller.end(process)
        if puller.state.exists():
            json.loads(puller.state.read_text())
    puller.pull()
    seen = puller.doorstep.bodies
    assert [b for i, b in enumerate(seen) if b not in seen[:i]] == source.all_bodies()


def test_the_time_that_counts_is_that_of_the_first_run(puller, source):
    source.clock, source.step = 1_900_000_000, 600
    Killer(puller, 5).run(what="pupils")  # page 2 is on its way
    began = puller.kinds()["pupils"]["under_way"]["began"]
    puller.pull(what="pupils")
    assert puller.kinds()["pupils"]["updated_after"] == began


def test_a_page_that_is_sent_again_has_the_same_key(puller, doorstep):
    Killer(puller, 3).run(what="pupils")
    puller.pull(what="pupils")
    posts = [r for r in doorstep.requests if r.path.endswith("/pupils")]
    assert posts[0].body == posts[1].body != posts[2].body
    keys = [r.headers["Idempotency-Key"] for r in posts]
    assert keys[0] == keys[1] and len(set(keys)) == PAGES and len(keys[0]) <= 200


# ------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    "fault",
    [
        Fault(cut=0),
        Fault(cut=40),
        Fault(status=500),
        Fault(status=502),
        Fault(status=503, headers={"Retry-After": "0"}),
        Fault(status=429),
        Fault(status=408),
        Fault(status=500, body=b"x" * 1_000_000),
    ],
)
@pytest.mark.parametrize("side", ["source", "doorstep"])
def test_what_may_go_well_another_time_is_tried_again(puller, side, fault):
    getattr(puller, side).faults.extend([None, fault, fault, None])
    done = puller.pull()
    arrived_whole(puller)
    assert done.stderr.count("trying again in") == 2


def test_a_page_that_a_killed_run_is_still_importing_is_waited_for(puller, doorstep):
    Killer(puller, 6).run(what="pupils")
    doorstep.faults.extend([Fault(status=409)] * 2)
    assert puller.pull(what="pupils").stderr.count("Doorstep answered 409; trying again") == 2
    arrived_whole(puller, ["pupils"])
    doorstep.faults.extend([Fault(status=409)] * 3)
    puller.pull(what="contacts", expect=LATER)


@pytest.mark.parametrize("side", ["source", "doorstep"])
def test_it_gives_up_after_so_many_tries_and_goes_on_later(puller, side):
    getattr(puller, side).faults.extend([None] + [Fault(status=503)] * 4)
    done = puller.pull(expect=LATER, what="pupils", tries=4)
    assert "given up after 4 tries: run this again later" in done.stderr and "include=" not in done.stderr
    assert "pupils: so far: 1 pages, 2 rows, 2 taken, 0 rejected" in done.stderr
    assert puller.kinds()["pupils"]["under_way"]["pages"] == 1
    done = puller.pull(what="pupils")
    assert "pupils: done: 3 pages, 5 rows, 5 taken, 0 rejected" in done.stderr
    arrived_whole(puller, ["pupils"])


@pytest.mark.parametrize("side", ["source", "doorstep"])
def test_who_is_away_is_asked_another_time(puller, side):
    away = f"http://127.0.0.1:1{'' if side == 'source' else '/'}"
    other = puller.folder / "other.json"
    done = puller.pull(expect=LATER, what="pupils", state=other, **{side: away})
    assert "cannot be asked" in done.stderr and "given up after 3 tries" in done.stderr


def test_retry_after_is_waited_for(puller, source):
    source.faults.append(Fault(status=429, headers={"Retry-After": "2"}))
    puller.pull(what="pupils")
    assert source.requests[1].at - source.requests[0].at >= 2
    arrived_whole(puller, ["pupils"])


def test_who_asks_for_a_long_wait_is_left_alone(puller, source):
    source.faults.append(Fault(status=503, headers={"Retry-After": "3600"}))
    done = puller.pull(expect=LATER, what="pupils")
    assert "asks to wait for 3600 s" in done.stderr and len(source.requests) == 1


@pytest.mark.parametrize("side", ["source", "doorstep"])
def test_silence_is_not_waited_for_without_end(puller, side):
    getattr(puller, side).faults.extend([Fault(silent=True)] * 2)
    done = puller.pull(expect=LATER, what="pupils", tries=2, timeout=1)
    assert done.stderr.count("says nothing for 1 s") >= 2
    getattr(puller, side).faults.clear()
    puller.pull(what="pupils")
    arrived_whole(puller, ["pupils"])


# ------------------------------------------------------------------------- asked to stop


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("side", ["source", "doorstep"])
def test_asked_to_stop_it_does_though_the_other_side_hangs(puller, side, sign):
    peer = getattr(puller, side)
    peer.faults.extend([None, Fault(silent=True)])
    moment = 4 if side == "source" else 5
    done = Killer(puller, moment, sign).run(what="pupils")
    assert done.returncode == LATER and "asked to stop: run this again to go on" in done.stderr
    assert puller.kinds()["pupils"]["under_way"]["pages"] == 1
    puller.pull(what="pupils")
    arrived_whole(puller, ["pupils"])


def test_asked_to_stop_it_does_while_it_waits(puller, source):
    source.faults.append(Fault(status=503, headers={"Retry-After": "500"}))
    process = puller.start(what="pupils")
    wait_until(lambda: source.requests and not source.faults)
    process.terminate()
    assert puller.end(process).returncode == LATER


@pytest.mark.parametrize("at", range(1, 3 * PAGES + 1))
def test_asked_to_stop_at_any_request_nothing_is_lost(puller, at):
    done = Killer(puller, at, signal.SIGTERM).run(what="pupils")
    assert done.returncode in (0, LATER)
    puller.pull(what="pupils")
    arrived_whole(puller, ["pupils"])


# ------------------------------------------------------------------------- the state


def test_two_runs_do_not_mix(puller, source):
    source.faults.append(Fault(silent=True))
    process = puller.start(what="pupils")
    wait_until(lambda: source.requests)
    done = puller.pull(expect=LATER, what="pupils")
    assert "another run is at work with the state" in done.stderr and len(source.requests) == 1
    process.kill()
    puller.end(process)
    puller.pull(what="pupils")  # the lock went with its holder
    arrived_whole(puller, ["pupils"])


def test_a_lock_of_others_is_heeded(puller, source):
    with open(f"{puller.state}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        puller.pull(expect=LATER)
    assert source.requests == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"doorstep_pull": 2}', pytest.param("x" * 300_000, id="long")])
def test_a_state_that_is_none_is_left_alone(puller, source, text):
    puller.state.write_text(text)
    done = puller.pull(expect=1)
    assert "cannot be used" in done.stderr and "move it away to pull everything again" in done.stderr
    assert puller.state.read_text() == text and source.requests == []


def test_a_state_that_was_cut_off_is_left_alone(puller, source):
    puller.pull(what="pupils")
    whole, asked = puller.state.read_text(), len(source.requests)
    for length in range(0, len(whole.rstrip()), 7):
        puller.state.write_text(whole[:length])
        assert puller.pull(expect=1).returncode == 1
    assert len(source.requests) == asked


@pytest.mark.parametrize(
    "options", [{"school": "900802"}, {"source_school": "A2"}, {"source": "http://127.0.0.1:1"}, {"doorstep": "https://x"}]
)
def test_a_state_of_another_pull_is_left_alone(puller, source, options):
    puller.pull(what="pupils")
    before, asked = puller.state.read_bytes(), len(source.requests)
    assert "is the state of another pull" in puller.pull(expect=2, **options).stderr
    assert puller.state.read_bytes() == before and len(source.requests) == asked


def test_a_slash_at_the_end_of_a_url_makes_no_other_pull(puller, source, doorstep):
    puller.pull(what="pupils", source=source.url + "/", doorstep=doorstep.url + "/")
    puller.pull(what="pupils")
    assert puller.kinds()["pupils"]["updated_after"]


def test_a_state_that_cannot_be_written_is_an_error_before_anything_is_asked(puller, source):
    done = puller.pull(expect=1, state=puller.folder / "nowhere" / "state.json")
    assert re.search(r"state\.json\.lock cannot be made", done.stderr) and source.requests == []


def test_a_link_in_place_of_the_state_is_not_followed(puller, source):
    os.symlink(puller.folder / "token", puller.state)
    assert puller.pull(expect=1).returncode == 1 and source.requests == []
    assert puller.state.is_symlink() and (puller.folder / "token").read_text()


def test_without_state_the_file_is_named_after_the_school(puller):
    puller.pull(state=None, what="pupils")
    assert (puller.folder / "doorstep-pull-900801.json").exists()
    (puller.folder / "there").mkdir()
    puller.pull(state=None, what="pupils", env={"STATE_DIRECTORY": str(puller.folder / "there")})
    assert (puller.folder / "there/doorstep-pull-900801.json").exists()
