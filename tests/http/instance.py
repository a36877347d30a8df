"""A private Doorstep for the tests: nginx/instance in a folder of its own below /tmp."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

SRC = Path(os.environ.get("DOORSTEP_SRC") or Path(__file__).resolve().parents[2])
BUILD = Path(os.environ.get("DOORSTEP_BUILD") or SRC / "build")
PROGRAMS = ("auth", "sso", "records", "register", "reports", "audit")
LOG_TAIL = 200
# What requests added to the trail: the watch and the exports have work of their own, when its time has come.
BY_REQUESTS = "audit.entry where db_role not in ('doorstep_watch', 'doorstep_exports')"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(what, deadline=20.0, pause=0.05):
    """Polls until what() answers something true, which it returns."""
    end = time.monotonic() + deadline
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < end, f"did not come true within {deadline} s: {what}"
        time.sleep(pause)


def process_fields(pid):
    """The fields of /proc/PID/stat behind the name, or None."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def children_of(pid):
    found = []
    for entry in os.listdir("/proc"):
        fields = process_fields(entry) if entry.isdigit() else None
        if fields and fields[0] != "Z" and fields[1] == str(pid):
            found.append(int(entry))
    return found


class Instance:
    """start() makes it, remove() ends its processes and deletes its folder."""

    def __init__(self, **settings):
        self.var = Path(tempfile.mkdtemp(prefix="dsh", dir="/tmp"))
        self.var.chmod(0o755)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "DOORSTEP_"))}
        self.environment.update(DOORSTEP_PORT=str(self.port), DOORSTEP_SRC=str(SRC), DOORSTEP_BUILD=str(BUILD))
        self.environment.update({f"DOORSTEP_{k.upper()}": str(v) for k, v in settings.items()})

    def call(self, command, *args):
        done = subprocess.run(
            [SRC / "nginx/instance", command, self.var, *args],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )
        if done.returncode != 0:
            raise RuntimeError(f"nginx/instance {command} failed:\n{done.stdout}")
        return done.stdout

    def start(self):
        self.call("start")
        return self

    def remove(self):
        self.call("remove")
        shutil.rmtree(self.var, ignore_errors=True)

    @property
    def state(self):
        return self.var.resolve()

    def psql(self, sql):
        return self.call("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql).rstrip("\n")

    def conninfo(self, user="postgres"):
        return f"host='{self.state}/run' port=5432 dbname=doorstep user={user}"

    def connect(self):
        """As the superuser; a connection is no transaction."""
        connection = psycopg2.connect(self.conninfo())
        connection.autocommit = True
        return connection

    def query(self, sql, *args):
        """All rows, on a connection of its own, so that restarts don't matter."""
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(sql, args)
            return cursor.fetchall() if cursor.description else None

    def make_client(self, name, scopes, schools):
        return self.psql(
            "select auth.client_create('%s', '%s', '{%s}', %s)"
            % (name, name, ",".join(scopes), "null" if schools is None else "'{%s}'" % ",".join(map(str, schools)))
        )

    def pid(self, name):
        return int((self.state / "pids" / name).read_text().split()[0])

    def workers(self, program):
        return children_of(self.pid(program))

    def socket_path(self, program):
        return str(self.state / "run" / f"{program}.sock")

    def postgres_command(self, *args):
        """pg_ctl as the user to whom the cluster belongs; then the new pid is recorded for instance."""
        version = (self.state / "pg/PG_VERSION").read_text().strip()
        command = [f"/usr/lib/postgresql/{version}/bin/pg_ctl", "-D", str(self.state / "pg"), "-s", "-w", *args]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", *command]
        with open(self.state / "log/postgresql.log", "a") as log:
            subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True, timeout=90)
        if args[0] in ("start", "restart"):
            pid = (self.state / "pg/postmaster.pid").read_text().split()[0]
            (self.state / "pids/postgres").write_text(f"{pid} {process_fields(pid)[19]}\n")

    def logs(self):
        return sorted(p for p in (self.state / "log").iterdir() if p.is_file())

    def log(self, name):
        return (self.state / "log" / f"{name}.log").read_text(errors="replace")

    def log_lines(self, name):
        """A log of JSON lines, each parsed; without one that is being written just now, and what multiwatch says."""
        text = self.log(name)
        return [
            json.loads(line) for line in text[: text.rfind("\n") + 1].split("\n")[:-1] if not line.startswith("Child[")
        ]

    def log_text(self):
        """The end of each log, for the report of a failed test."""
        parts = []
        for path in self.logs():
            lines = path.read_text(errors="replace").splitlines()[-LOG_TAIL:]
            parts.append(f"==> {path.name}\n" + "\n".join(lines))
        return "\n".join(parts)
