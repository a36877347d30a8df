"""A private Doorstep for the benches, and how they ask it and measure it."""

import base64
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
SRC = pathlib.Path(os.environ.get("DOORSTEP_SRC", HERE.parent.parent))
INSTANCE = SRC / "nginx" / "instance"
PORT = int(os.environ.get("DOORSTEP_PORT", "28080"))
BASE = f"http://127.0.0.1:{PORT}"
WORKERS = 4
TICKS = os.sysconf("SC_CLK_TCK")


def say(text):
    print(text, flush=True)


def timed(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def in_turn(name, ours, theirs, unit, rounds):
    """The median ratio ours / theirs of rounds taken in turn."""
    pairs = []
    for _ in range(rounds):
        pairs.append((ours(), theirs()))
    ratio = statistics.median(a / b for a, b in pairs)
    say(f"{name}: {ratio:.2f}  (medians {statistics.median(a for a, _ in pairs):.2f} {unit} "
        f"against {statistics.median(b for _, b in pairs):.2f} {unit}, {rounds} rounds)")
    return ratio


def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            sys.exit(f"bench: {tool} is missing; ./autogen.sh bench installs it")


class Instance:
    """A private Doorstep, filled straight into the tables."""

    def __init__(self, **settings):
        self.var = tempfile.mkdtemp(prefix="ds-bench.")
        os.chmod(self.var, 0o755)
        self.environment = {**os.environ, "DOORSTEP_PORT": str(PORT), "DOORSTEP_RATE": "1000000",
                            "DOORSTEP_WORKERS": str(WORKERS), **settings}

    def __enter__(self):
        self.run("start", self.var)
        return self

    def __exit__(self, *_):
        self.run("remove", self.var)

    def run(self, *arguments, **more):
        return subprocess.run([INSTANCE, *arguments], env=self.environment, check=True,
                              text=True, **more)

    def sql(self, text, **variables):
        set_variables = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
        return self.run("psql", self.var, "-XqAt", "-v", "ON_ERROR_STOP=1", *set_variables,
                        input=text, stdout=subprocess.PIPE).stdout.strip()

    def sql_of(self, name, **variables):
        return self.sql((HERE / name).read_text(), **variables)

    def as_program(self, program, command, **more):
        """Runs a client of PostgreSQL as the user that the program's role is mapped to."""
        wrap = (["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups"]
                if os.geteuid() == 0 else [])
        return subprocess.run([*wrap, *command, "-h", f"{self.var}/run", "-U", f"doorstep_{program}"],
                              check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)

    def client_token(self, *scopes):
        """The token of a client of the whole trust with these scopes."""
        listed = ", ".join(f"'{scope}'" for scope in scopes)
        return token_for("bench", self.sql(f"select auth.client_create('bench', 'bench', array[{listed}], null)"))

    # Its processes

    def workers_of(self, program):
        """The worker processes of this instance, and of no other that runs beside it."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (os.path.basename(os.readlink(process / "exe")) == f"doorstep-{program}"
                        and self.var in (process / "environ").read_text()):
                    found.append(process.name)
            except OSError:
                continue
        return found

    def fresh_workers(self, program):
        """Workers of the program that have done nothing yet, in place of those that there were."""
        before = set(self.workers_of(program))
        subprocess.run(["kill", *before], check=True)
        while not (fresh := set(self.workers_of(program))) or fresh & before or len(fresh) < len(before):
            time.sleep(0.1)
        return fresh

    def cpu_seconds(self, name):
        """What a part of it (postgres, nginx, a program) has taken so far, with all processes that have ended."""
        root = (pathlib.Path(self.var) / "pids" / name).read_text().split()[0]
        children = {}
        times = {}
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(fields[1], []).append(process.name)
            times[process.name] = sum(map(int, fields[11:15])) / TICKS
        total, left = 0, [root]
        while left:
            process = left.pop()
            total += times.get(process, 0)
            left += children.get(process, [])
        return total


def peak_memory_kib(workers):
    """The largest peak among the workers."""
    return max(int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))
               for pid in workers)


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
