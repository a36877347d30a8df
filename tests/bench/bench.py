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
import base64
import datetime
import http.server
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SRC = pathlib.Path(os.environ.get("DOORSTEP_SRC", HERE.parent.parent))
INSTANCE = SRC / "nginx" / "instance"
PORT = int(os.environ.get("DOORSTEP_PORT", "28080"))
BASE = f"http://127.0.0.1:{PORT}"
VISITS = int(os.environ.get("DOORSTEP_BENCH_VISITS", "200000"))
FEW = VISITS // 10
ROUNDS = int(os.environ.get("DOORSTEP_BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("DOORSTEP_BENCH_SECONDS", "4"))
CLIENTS = 4
OUT = 1000
FIRST_SCHOOL, FOLLOWERS = 100001, 44  # as in open.sql


def say(text):
    print(text, flush=True)


class Instance:
    """A private Doorstep, filled straight into the tables."""

    def __init__(self, var):
        self.var = var
        self.environment = {**os.environ, "DOORSTEP_PORT": str(PORT), "DOORSTEP_RATE": "1000000",
                            "DOORSTEP_WORKERS": str(CLIENTS)}

    def run(self, *arguments, **more):
        return subprocess.run([INSTANCE, *arguments], env=self.environment, check=True,
                              text=True, **more)

    def start(self):
        self.run("start", self.var)

    def stop(self):
        self.run("remove", self.var)

    def sql(self, text, **variables):
        set_variables = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
        return self.run("psql", self.var, "-XqAt", "-v", "ON_ERROR_STOP=1", *set_variables,
                        input=text, stdout=subprocess.PIPE).stdout.strip()

    def as_program(self, program, command, **more):
        """Runs a client of PostgreSQL as the user that the program's role is mapped to."""
        wrap = (["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups"]
                if os.geteuid() == 0 else [])
        return subprocess.run([*wrap, *command, "-h", f"{self.var}/run", "-U", f"doorstep_{program}"],
                              check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


def get(path, token, method="GET"):
    request = urllib.request.Request(BASE + path, headers={"Authorization": f"Bearer {token}"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def token_for(client, secret):
    pair = base64.b64encode(f"{client}:{secret}".encode()).decode()
    request = urllib.request.Request(
        f"{BASE}/oauth2/token", headers={"Authorization": f"Basic {pair}"},
        data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["access_token"]


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
    """The median ratio ours / theirs of rounds taken in turn."""
    pairs = []
    for _ in range(ROUNDS):
        pairs.append((ours(), theirs()))
    ratio = statistics.median(a / b for a, b in pairs)
    say(f"{name}: {ratio:.2f}  (medians {statistics.median(a for a, _ in pairs):.2f} {unit} "
        f"against {statistics.median(b for _, b in pairs):.2f} {unit}, {ROUNDS} rounds)")
    return ratio


def quoted(columns):
    return ", ".join(f'"{column}"' for column in columns)


def timed(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


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


def workers_of(instance, program):
    """The worker processes of this instance, and of no other that runs beside it."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (os.path.basename(os.readlink(process / "exe")) == f"doorstep-{program}"
                    and instance.var in (process / "environ").read_text()):
                found.append(process.name)
        except OSError:
            continue
    return found


def peak_memory_kib(instance, export, path):
    """The largest peak among the workers, fresh ones, after an export."""
    before = set(workers_of(instance, "reports"))
    subprocess.run(["kill", *before], check=True)
    while not (fresh := set(workers_of(instance, "reports"))) or fresh & before or len(fresh) < len(before):
        time.sleep(0.1)
    export(path)
    peaks = [int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))
             for pid in fresh]
    return max(peaks)


def bench_memory(instance, export):
    last = instance.sql(f"select planned_start at time zone 'UTC' from data.visit where visit_id = {FEW}")
    few = peak_memory_kib(instance, export, f"/api/v1/visits.csv?planned_to={last.replace(' ', 'T')}Z")
    every = peak_memory_kib(instance, export, "/api/v1/visits.csv")
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
        told = json.loads(instance.sql((HERE / "due.sql").read_text(), due=due.isoformat(), within=within,
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
    for tool in ("wrk", "pgbench", "curl"):
        if not shutil.which(tool):
            sys.exit(f"bench: {tool} is missing; ./autogen.sh bench installs it")
    instance = Instance(tempfile.mkdtemp(prefix="ds-bench."))
    os.chmod(instance.var, 0o755)
    instance.start()
    try:
        say(f"filling the log with {VISITS} visits")
        instance.sql((HERE / "fill.sql").read_text(), visits=VISITS)
        secret = instance.sql("select auth.client_create('bench', 'bench', array['visits:read', 'visits:write'], null)")
        token = token_for("bench", secret)
        token_hash = instance.sql(f"select encode(sha256('{token}'), 'hex')")
        bench_reads(instance, token, token_hash)
        export = bench_export(instance, token, token_hash)
        bench_memory(instance, export)
        start = time.monotonic()
        out = instance.sql((HERE / "open.sql").read_text(), visits=VISITS, open=OUT)
        say(f"{out} visits are out under a policy, {OUT} under none; "
            f"written and weighed in {time.monotonic() - start:.1f} s")
        bench_board(instance, token, token_hash)
        bench_append(token)
        bench_due(instance)
    finally:
        instance.stop()


if __name__ == "__main__":
    main()
