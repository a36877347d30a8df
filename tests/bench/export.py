#!/usr/bin/python3
"""Exports and reports of a log of 1,000,000 visits, as ratios measured in one run.

    ./autogen.sh bench BENCHES=export

Prints, each as the median of several rounds taken in turn:
  a  the whole log as CSV through nginx, as a ratio to psql's \\copy of the same
     query; and as XML
  b  peak memory of the program at 20,000 and at all rows, as CSV, XML and XLSX
  c  the first byte of a report of up to 5,000 rows: as CSV, as JSON, as a page
  d  check-ins written one after another under a policy, while ten exports are
     drawn at once and again and again: the 99th percentile against that without
     them, and the median
  e  how long the query of an export goes on after its client has hung up

Nothing here fails on a slow machine: figures are for people to read.
"""
import http.client
import itertools
import json
import os
import statistics
import subprocess
import threading
import time

from instance import BASE, PORT, Instance, get, in_turn, need, peak_memory_kib, say, timed

VISITS = int(os.environ.get("DOORSTEP_BENCH_VISITS", "1000000"))
FEW = 20_000
ROUNDS = int(os.environ.get("DOORSTEP_BENCH_ROUNDS", "5"))
OUT = 1000
CHECK_INS = 1000
EXPORTS = 10


def draw(token, path, said=None):
    """Fetches it to nowhere; said: what curl is to tell of it."""
    more = ["-w", said] if said else []
    return subprocess.run(["curl", "-sf", "-o", "/dev/null", *more, "-H", f"Authorization: Bearer {token}", BASE + path],
                          check=True, stdout=subprocess.PIPE, text=True).stdout


def bench_formats(instance, token, token_hash):
    head = get("/api/v1/visits.csv?planned_to=2024-01-01", token).decode().splitlines()[0]
    columns = ", ".join(f'"{column}"' for column in head.split(","))
    copy = (f"begin; select auth.begin('{token_hash}', 'visits:read', 'bench') \\g /dev/null\n"
            f"\\copy (select {columns} from api.visit_list()) to '/dev/null' csv header\n")

    def by_psql():
        instance.as_program("reports", ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", "doorstep"], input=copy)

    for suffix, aim in (("csv", 1.1), ("xml", 1.6)):
        in_turn(f"a  the whole log as {suffix.upper()}, ratio to \\copy (aim: at most {aim})",
                lambda: timed(lambda: draw(token, f"/api/v1/visits.{suffix}")), lambda: timed(by_psql), "s", ROUNDS)


def bench_memory(instance, token):
    last = instance.sql(f"select planned_start at time zone 'UTC' from data.visit where visit_id = {FEW}")
    few = f"?planned_to={last.replace(' ', 'T')}Z"
    for suffix in ("csv", "xml", "xlsx"):
        peaks = []
        for query in (few, ""):
            fresh = instance.fresh_workers("reports")
            draw(token, f"/api/v1/visits.{suffix}{query}")
            peaks.append(peak_memory_kib(fresh))
        say(f"b  peak memory as {suffix.upper()}: {peaks[0]} KiB at {FEW} rows, {peaks[1]} KiB at {VISITS} rows, "
            f"difference {abs(peaks[1] - peaks[0])} KiB (aim: at most 2048)")


def bench_first_byte(token):
    window = "from=2024-02-01&to=2024-02-17"
    rows = len(json.loads(get(f"/api/v1/reports/visit-log.json?{window}", token))["data"])
    for suffix in ("csv", "json", "html"):
        taken = [1000 * float(draw(token, f"/api/v1/reports/visit-log.{suffix}?{window}", "%{time_starttransfer}"))
                 for _ in range(20)]
        say(f"c  first byte of a report of {rows} rows as {suffix.upper()}: {statistics.median(taken):.0f} ms "
            f"({min(taken):.0f} to {max(taken):.0f}; aim: at most 50)")


def check_ins(token, first):
    """How long each took, in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    taken = []
    for visit, _ in zip(itertools.cycle(range(first + 1, first + OUT)), range(CHECK_INS)):
        start = time.monotonic()
        connection.request("POST", f"/api/v1/visits/{visit}/events", '{"kind": "check_in"}', headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 201, answer.status
        taken.append(time.monotonic() - start)
    return taken


def percentile(taken, share):
    return 1000 * sorted(taken)[int(share * len(taken))]


def while_exports_run(token, action):
    """There are fewer workers than exports: those that wait for longer than nginx does are answered 503, and come again."""
    over = threading.Event()

    def again():
        while not over.is_set():
            client = subprocess.Popen(["curl", "-s", "-o", "/dev/null", "-H", f"Authorization: Bearer {token}",
                                       f"{BASE}/api/v1/visits.csv"])
            while client.poll() is None and not over.wait(0.1):
                pass
            client.kill()
            client.wait()

    threads = [threading.Thread(target=again) for _ in range(EXPORTS)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    try:
        return action()
    finally:
        over.set()
        for thread in threads:
            thread.join()


def bench_check_ins(instance, token):
    instance.sql_of("open.sql", visits=VISITS, open=OUT)
    alone, beside = [], []
    for _ in range(3):
        alone.append(check_ins(token, VISITS))
        beside.append(while_exports_run(token, lambda: check_ins(token, VISITS)))
    ratios = [percentile(b, 0.99) / percentile(a, 0.99) for a, b in zip(alone, beside)]
    say(f"d  check-ins while {EXPORTS} exports run: 99th percentile {statistics.median(ratios):.2f} times that without "
        f"(aim: at most 2); medians of 3 rounds: "
        f"{statistics.median(percentile(b, 0.99) for b in beside):.0f} against "
        f"{statistics.median(percentile(a, 0.99) for a in alone):.0f} ms, the median check-in "
        f"{statistics.median(percentile(b, 0.5) for b in beside):.0f} against "
        f"{statistics.median(percentile(a, 0.5) for a in alone):.0f} ms")


def bench_hang_up(instance, token):
    def active():
        return instance.sql("select count(*) from pg_stat_activity where usename = 'doorstep_reports' "
                            "and state <> 'idle'") != "0"

    def hang_up():
        client = subprocess.Popen(["curl", "-s", "-o", "/dev/null", "-H", f"Authorization: Bearer {token}",
                                   f"{BASE}/api/v1/visits.xml"])
        while not active():
            time.sleep(0.01)
        client.kill()
        client.wait()
        start = time.monotonic()
        while active():
            time.sleep(0.01)
        return time.monotonic() - start

    taken = [hang_up() for _ in range(ROUNDS)]
    say(f"e  a query goes on {statistics.median(taken):.2f} s after its client hung up, {max(taken):.2f} s at most "
        "(aim: at most 2)")


def main():
    need("curl")
    with Instance(DOORSTEP_EXPORT_DEADLINE_MS="600000") as instance:
        say(f"filling the log with {VISITS} visits")
        instance.sql_of("fill.sql", visits=VISITS)
        token = instance.client_token("visits:read", "visits:write")
        token_hash = instance.sql(f"select encode(sha256('{token}'), 'hex')")
        bench_formats(instance, token, token_hash)
        bench_memory(instance, token)
        bench_first_byte(token)
        bench_check_ins(instance, token)
        bench_hang_up(instance, token)


if __name__ == "__main__":
    main()
