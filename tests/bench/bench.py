#!/usr/bin/python3
"""Speed and memory as ratios measured in one run, on a log of 200,000 visits.

    ./autogen.sh bench

Prints, each as the median of several rounds taken in turn:
  a  one visit by id through nginx, as a share of pgbench with the same
     pipelined transaction on the same server
  b  a list of 50, likewise
  c  the whole log as CSV through nginx, as a ratio to psql's \\copy of the same
     query
  d  peak memory of the program in c at 20,000 and at all rows
and then, with 1,000 visits out under a policy (potton, which has the office
call ten minutes after the scheduled start):
  e  the board through nginx, of the whole trust and of one school, as a share of
     pgbench as in a and b
  f  events (notes) appended through nginx to visits under that policy, whose
     duties are weighed each time, as a share of those to visits under none
  g  how long after its time a check-in call is told, with the instance's own
     watch: when the calls fall due one after another within a minute, and all
     at once.  Told is what another connection sees as committed, looking every
     20 ms; beside it, when a webhook on this machine has it, to which the sender
     delivers one at a time

The visits that are out are written straight into the tables and weighed by
duty.weigh; for g their duties are then moved to the moment that is measured.

Nothing here fails on a slow machine: figures are for people to read.
"""
import datetime
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

from instance import BASE, WORKERS as CLIENTS, Instance, get, need, peak_memory_kib, say, timed
from instance import in_turn as in_turns

VISITS = int(os.environ.get("DOORSTEP_BENCH_VISITS", "200000"))
FEW = VISITS // 10
ROUNDS = int(os.environ.get("DOORSTEP_BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("DOORSTEP_BENCH_SECONDS", "4"))
OUT = 1000
FIRST_SCHOOL, FOLLOWERS = 100001, 44  # as in open.sql


def pipelined(token_variable, query):
    return (f"\\startpipeline\nbegin read only;\n"
            f"select auth.begin({token_variable}, :scope, :request);\n{query};\ncommit;\n\\endpipeline\n")


def pgbench(instance, script, token_hash, mode):
    path = pathlib.Path(instance.var) / "bench.sql"
    path.write_text(script)
    path.chmod(0o644)
    done = instance.as_program("records", [
        "pgbench", "-n", "-M", mode, "-c", str(CLIENTS), "-j", "1", "-T", str(SECONDS), "-f", str(path),
        "-D", f"token={token_hash}", "-D", "scope=visits:read", "-D", "request=bench", "doorstep"])
    return float(re.search(r"tps = ([0-9.]+)", done.stdout).group(1))


def wrk(script, token):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(f'wrk.headers["Authorization"] = "Bearer {token}"\n{script}')
        lua.flush()
        done = subprocess.run(["wrk", "-t1", f"-c{CLIENTS * 2}", f"-d{SECONDS}s", "-s", lua.name, BASE],
                              check=True, text=True, stdout=subprocess.PIPE)
    if "Non-2xx" in done.stdout:
        sys.exit(f"not every answer was a success:\n{done.stdout}")
    return float(re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout).group(1))


def in_turn(name, ours, theirs, unit):
    return in_turns(name, ours, theirs, unit, ROUNDS)


def quoted(columns):
    return ", ".join(f'"{column}"' for column in columns)


def bench_reads(instance, token, token_hash):
    columns = quoted(json.loads(get("/api/v1/visits/1", token)).keys())
    one = (f"\\set id random(1, {VISITS})\n"
           + pipelined(":token", f"select {columns} from api.visit_read(visit => :id)"))
    page = (f"\\set id random(1, {VISITS - 1000})\n"
            + pipelined(":token", f"select {columns} from api.visit_list(after => :id, max_rows => 51)"))
    in_turn("a  one visit by id, share of pgbench (aim: at least 0.25)",
            lambda: wrk('request = function() return wrk.format("GET", "/api/v1/visits/" .. '
                        f'math.random({VISITS})) end', token),
            lambda: pgbench(instance, one, token_hash, "prepared"), "/s")
    # The cursor's mark is of the list, so one page's cursor serves for any other place in it.
    mark = json.loads(get("/api/v1/visits?limit=50", token))["next"].split("after=")[1].split("&")[0].split("-")[1]
    # Planned for its values, as the program does: the prepared plan of a list is several times slower.
    in_turn("b  a list of 50, share of pgbench (aim: at least 0.6)",
            lambda: wrk('request = function() return wrk.format("GET", "/api/v1/visits?limit=50&after=" .. '
                        f'math.random({VISITS - 1000}) .. "-{mark}") end', token),
            lambda: pgbench(instance, page, token_hash, "extended"), "/s")


def bench_export(instance, token, token_hash):
    def export(path="/api/v1/visits.csv"):
        subprocess.run(["curl", "-sf", "-o", "/dev/null", "-H", f"Authorization: Bearer {token}", BASE + path],
                       check=True)

    head = get("/api/v1/visits.csv?planned_to=2024-01-01", token).decode().splitlines()[0]
    copy = (f"begin; select auth.begin('{token_hash}', 'visits:read', 'bench') \\g /dev/null\n"
            f"\\copy (select {quoted(head.split(','))} from api.visit_list()) to '/dev/null' csv header\n")

    def by_psql():
        instance.as_program("reports", ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", "doorstep"], input=copy)

    in_turn("c  the whole log as CSV, ratio to \\copy (aim: at most 1.5)",
            lambda: timed(export), lambda: timed(by_psql), "s")
    return export


def peak_of_export(instance, export, path):
    fresh = instance.fresh_workers("reports")
    export(path)
    return peak_memory_kib(fresh)


def bench_memory(instance, export):
    last = instance.sql(f"select planned_start at time zone 'UTC' from data.visit where visit_id = {FEW}")
    few = peak_of_export(instance, export, f"/api/v1/visits.csv?planned_to={last.replace(' ', 'T')}Z")
    every = peak_of_export(instance, export, "/api/v1/visits.csv")
    say(f"d  peak memory of the export: {few} KiB at {FEW} rows, {every} KiB at {VISITS} rows, "
        f"difference {abs(every - few)} KiB (aim: at most 2048)")


def bench_board(instance, token, token_hash):
    columns = quoted(json.loads(get("/api/v1/board?limit=1", token))["data"][0].keys())
    trust = pipelined(":token", f"select {columns} from api.board_list(max_rows => {OUT + 1})")
    school = (f"\\set school random({FIRST_SCHOOL}, {FIRST_SCHOOL + FOLLOWERS - 1})\n"
              + pipelined(":token", f"select {columns} from api.board_list(school => :school, max_rows => 101)"))
    in_turn(f"e  the board of the whole trust, all {OUT} rows, share of pgbench",
            lambda: wrk(f'request = function() return wrk.format("GET", "/api/v1/board?limit={OUT}") end', token),
            lambda: pgbench(instance, trust, token_hash, "extended"), "/s")
    in_turn(f"   of one school, {OUT // FOLLOWERS} rows, likewise",
            lambda: wrk('request = function() return wrk.format("GET", "/api/v1/board?school=" .. '
                        f'{FIRST_SCHOOL - 1} + math.random({FOLLOWERS})) end', token),
            lambda: pgbench(instance, school, token_hash, "extended"), "/s")


def bench_append(token):
    def append(first):
        return wrk('wrk.headers["Content-Type"] = "application/json"\n'
                   'request = function() return wrk.format("POST", "/api/v1/visits/" .. '
                   f'{first} + math.random({OUT}) .. "/events", nil, '
                   '[[{"kind": "note", "note": "All is well."}]]) end', token)

    in_turn("f  an event appended under a policy, share of one under none",
            lambda: append(VISITS), lambda: append(VISITS + OUT), "/s")


class Receiver(http.server.BaseHTTPRequestHandler):
    """A webhook that notes how long after its time each duty arrives."""
    protocol_version = "HTTP/1.1"
    delays = {}

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        due = datetime.datetime.fromisoformat(told["due_at"].replace("Z", "+00:00"))
        delay = datetime.datetime.now(datetime.timezone.utc) - due
        self.delays.setdefault(told["notification"], delay.total_seconds())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def spread(delays):
    ordered = sorted(delays)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100], ordered[-1]


def bench_due(instance):
    receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    instance.sql(f"select data.webhook_create('http://127.0.0.1:{receiver.server_port}/')")
    for name, within in (("one after another within a minute", 60), ("all at once", 0)):
        Receiver.delays.clear()
        due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=5)
        told = json.loads(instance.sql_of("due.sql", due=due.isoformat(), within=within,
                                       visits=VISITS, open=OUT))
        until = time.monotonic() + 120
        while len(Receiver.delays) < told["told"] and time.monotonic() < until:
            time.sleep(0.1)
        say(f"g  {OUT} calls due {name}: {told['told']} told, after {told['median']:.2f} s (median), "
            f"{told['p95']:.2f} s (95 of 100), {told['most']:.2f} s at most (aim: at most 2)")
        if Receiver.delays:
            say("   {} at the webhook, after {:.2f} s, {:.2f} s, {:.2f} s at most".format(
                len(Receiver.delays), *spread(Receiver.delays.values())))
    receiver.shutdown()


def main():
    need("wrk", "pgbench", "curl")
    with Instance() as instance:
        say(f"filling the log with {VISITS} visits")
        instance.sql_of("fill.sql", visits=VISITS)
        token = instance.client_token("visits:read", "visits:write")
        token_hash = instance.sql(f"select encode(sha256('{token}'), 'hex')")
        bench_reads(instance, token, token_hash)
        export = bench_export(instance, token, token_hash)
        bench_memory(instance, export)
        start = time.monotonic()
        out = instance.sql_of("open.sql", visits=VISITS, open=OUT)
        say(f"{out} visits are out under a policy, {OUT} under none; "
            f"written and weighed in {time.monotonic() - start:.1f} s")
        bench_board(instance, token, token_hash)
        bench_append(token)
        bench_due(instance)


if __name__ == "__main__":
    main()
