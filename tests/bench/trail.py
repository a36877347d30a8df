#!/usr/bin/python3
"""What the trail costs, as ratios measured in one run.

    ./autogen.sh bench BENCHES=trail

Prints, as medians of rounds taken in turn,
  a  events (notes) appended through nginx, with the trail as a ratio to without it:
     the triggers that write its entries are taken away, and put back, in turn
  b  the same within the server alone: pgbench with the program's transaction
  c  the change of a visit, likewise; and an entry on a read, with its commitment, as a
     ratio to one in a table like it that has none
  d  many who write: 16 at once, all for one school, as a ratio to 16 for 44 schools; and
     how long the slowest of them took, with the sealer at work; how many of the looks
     at who waits saw one wait for another
  e  sealing: entries a second; how long after its entry a leaf is signed
  f  doorstep-verify, and its memory, for all entries and for a tenth of them; and
     /api/v1/audit/verify

Nothing here fails on a slow machine: figures are for people to read.
"""

import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

from bench import wrk
from instance import BASE, SRC, Instance, get, in_turn, need, say, timed

VISITS = 20000
OUT = 1000
ROUNDS = int(os.environ.get("DOORSTEP_BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("DOORSTEP_BENCH_SECONDS", "4"))
ENTRIES = int(os.environ.get("DOORSTEP_BENCH_ENTRIES", "300000"))
WRITERS = 16
BUILD = pathlib.Path(os.environ.get("DOORSTEP_BUILD", SRC / "build"))

EACH = """
select format('alter table %s {} trigger %I;', g.tgrelid::regclass, g.tgname) from pg_trigger g
 where g.tgfoid::regproc::text ~ '^audit\\.log_' and not g.tgisinternal \\gexec
"""
NOTE = """
\\set visit random({first}, {last})
begin;
select auth.begin(:token, :scope, 'bench');
select id from api.event_append(:visit, '{{"kind": "note", "note": "All is well."}}');
commit;
"""
CHANGE = """
\\set visit random({first}, {last})
\\set house random(1, 100000)
begin;
select auth.begin(:token, :scope, 'bench');
update data.visit set necessity = 'Because of ' || :house where visit_id = :visit;
commit;
"""
LOOKS = """
create temporary table look (waiting int);
select set_config('bench.until', (clock_timestamp() + make_interval(secs => :seconds))::text, false) \\g /dev/null
do $$
begin
	while clock_timestamp() < current_setting('bench.until')::timestamptz loop
		perform pg_stat_clear_snapshot();
		insert into look select count(*) from pg_stat_activity
		 where usename = 'doorstep_records' and wait_event_type = 'Lock' and wait_event <> 'extend';
		perform pg_sleep(0.005);
	end loop;
end;
$$;
select count(*), count(*) filter (where waiting > 0) from look;
"""
ENTRY = """
\\set visit random(1, 100000)
insert into {}.access (client_id, request_id, resource, filters, format, row_count)
values ('bench', 'bench', '/api/v1/visits/' || :visit, '{{"pupil": "17", "limit": "100"}}', 'json', 1);
"""


class Bench:
    def __init__(self, instance):
        self.instance = instance
        instance.sql_of("fill.sql", visits=VISITS)
        instance.sql_of("open.sql", visits=VISITS, open=OUT)
        self.token = instance.client_token("visits:read", "visits:write", "audit:read")
        self.hash = instance.sql(f"select encode(sha256('{self.token}'), 'hex')")
        self.followed = self.visits("school_urn <> 100045")
        self.free = self.visits("school_urn = 100045")

    def visits(self, which):
        said = self.instance.sql(f"select min(visit_id), max(visit_id) from data.visit where visit_id > {VISITS} and {which}")
        first, last = said.split("|")
        return {"first": first, "last": last}

    def with_trail(self, on):
        self.instance.sql(EACH.format("enable" if on else "disable"))

    def pgbench(self, script, *more, role="records", clients=4, seconds=SECONDS):
        path = pathlib.Path(self.instance.var) / "bench.sql"
        path.write_text(script)
        path.chmod(0o644)
        return self.instance.as_program(role, [
            "pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds), "-f", str(path),
            "-D", f"token={self.hash}", "-D", "scope=visits:write", *more, "doorstep"]).stdout

    def rate(self, script, **more):
        return float(re.search(r"tps = ([0-9.]+)", self.pgbench(script, **more)).group(1))

    def by_superuser(self, script, seconds=SECONDS):
        path = pathlib.Path(self.instance.var) / "bench.sql"
        path.write_text(script)
        path.chmod(0o644)
        done = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", "4", "-j", "2", "-T", str(seconds), "-f", str(path),
                               "-h", f"{self.instance.var}/run", "-U", "postgres", "doorstep"],
                              check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return float(re.search(r"tps = ([0-9.]+)", done.stdout).group(1))

    # Seconds a write, with against without

    def compare(self, name, rate):
        def cost(on):
            self.with_trail(on)
            return 1000 / rate()

        in_turn(name, lambda: cost(True), lambda: cost(False), "ms of the machine", ROUNDS)
        self.with_trail(True)

    def through_nginx(self):
        first, last = int(self.free["first"]), int(self.free["last"])
        return wrk('wrk.headers["Content-Type"] = "application/json"\n'
                   'request = function() return wrk.format("POST", "/api/v1/visits/" .. '
                   f'math.random({first}, {last}) .. "/events", nil, '
                   '[[{"kind": "note", "note": "All is well."}]]) end', self.token)

    def writes(self):
        self.compare("a  an event appended through nginx, with the trail, ratio to without (aim: at most 1.5)", self.through_nginx)
        self.compare("b  the same in the server alone", lambda: self.rate(NOTE.format(**self.free)))
        self.compare("c  the change of a visit, in the server alone", lambda: self.rate(CHANGE.format(**self.free)))

        self.instance.sql("create schema bench; create table bench.access (like audit.access including all);"
                          " alter table bench.access alter commitment drop not null,"
                          " drop constraint filters_are_there_until_erased")
        in_turn("   an entry on a read, with its commitment, ratio to without",
                lambda: 1000 / self.by_superuser(ENTRY.format("audit")),
                lambda: 1000 / self.by_superuser(ENTRY.format("bench")), "ms of the machine", ROUNDS)

    # Many writers

    def writers(self, visits):
        """Their rate, how long each write took in ms, and how many looks saw how many of them wait for a lock."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.instance.var))
        folder.chmod(0o777)
        looks = []
        watcher = threading.Thread(target=lambda: looks.append(self.instance.sql(LOOKS, seconds=SECONDS)))
        watcher.start()
        said = self.pgbench(CHANGE.format(**visits), "-l", f"--log-prefix={folder}/log", clients=WRITERS)
        watcher.join()
        taken = [int(line.split()[2]) / 1000 for path in folder.iterdir() for line in path.read_text().splitlines()]
        return {"rate": float(re.search(r"tps = ([0-9.]+)", said).group(1)), "taken": taken,
                "looks": [int(n) for n in looks[0].split("|")]}

    def many(self):
        rounds = [(self.writers(self.free), self.writers(self.followed)) for _ in range(ROUNDS)]
        ratio = statistics.median(one["rate"] / spread["rate"] for one, spread in rounds)
        say(f"d  {WRITERS} who write for one school, ratio of their rate to {WRITERS} for 44 schools: {ratio:.2f}"
            f" ({statistics.median(one['rate'] for one, _ in rounds):.0f}/s against"
            f" {statistics.median(spread['rate'] for _, spread in rounds):.0f}/s)")
        for name, which in (("one school", 0), ("44 schools", 1)):
            every = sorted(n for pair in rounds for n in pair[which]["taken"])
            looks, waiting = (sum(pair[which]["looks"][n] for pair in rounds) for n in range(2))
            say(f"   {name}: {every[len(every) // 2]:.1f} ms (median), {every[len(every) * 99 // 100]:.1f} ms (99 of 100),"
                f" {every[-1]:.1f} ms at most; {waiting} of {looks} looks saw one wait for a lock that another holds")

    # Sealing and verifying

    def sealed(self):
        return self.instance.sql("select coalesce(max(size), 0) from audit.checkpoint")

    def all_sealed(self):
        total = self.instance.sql("select (select count(*) from audit.entry) + (select count(*) from audit.access)")
        while int(self.sealed()) < int(total):
            time.sleep(0.05)
        return int(total)

    def sealing(self):
        self.all_sealed()
        before = int(self.sealed())
        self.instance.sql("insert into audit.access (client_id, request_id, resource, filters, format, row_count)"
                          f" select 'bench', 'bench', '/api/v1/visits/' || n, '{{\"pupil\": \"17\"}}', 'json', 1"
                          f" from generate_series(1, {ENTRIES}) n")
        seconds = timed(self.all_sealed)
        say(f"e  {ENTRIES} entries sealed in {seconds:.1f} s: {(int(self.sealed()) - before) / seconds:.0f}/s")
        delays = []
        for _ in range(10):
            self.instance.sql("insert into audit.access (client_id, request_id, resource, filters, format, row_count)"
                              " values ('bench', 'bench', '/api/v1/visits/1', '{}', 'json', 1)")
            delays.append(timed(self.all_sealed))
            time.sleep(0.13)
        say(f"   signed {statistics.median(delays):.2f} s after its entry (median), {max(delays):.2f} s at most")

    def verified(self, trail):
        done = subprocess.run(["/usr/bin/env", "time", "-f", "%e %M", BUILD / "doorstep-verify",
                               "--partial",  # what the scopes of the client do not open is withheld
                               "-k", f"{self.instance.var}/seal.pub", "-c", trail.parent / "checkpoints", trail],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        seconds, kib = done.stderr.split()[-2:]
        return float(seconds), int(kib), done.stdout.splitlines()[-1]

    def verifying(self):
        self.all_sealed()
        with tempfile.TemporaryDirectory() as folder:
            every, few = pathlib.Path(folder) / "every", pathlib.Path(folder) / "few"
            shutil.copy(f"{self.instance.var}/checkpoints/checkpoints", folder)
            exported = timed(lambda: every.write_bytes(get("/api/v1/audit/proof.ndjson", self.token)))
            lines = every.read_bytes().splitlines(keepends=True)
            few.write_bytes(b"".join(lines[: len(lines) // 10]))
            seconds, kib, said = self.verified(every)
            less, kib_few, _ = self.verified(few)
            say(f"f  {len(lines)} leaves: exported in {exported:.1f} s ({every.stat().st_size / 1e6:.0f} MB), verified in"
                f" {seconds:.2f} s ({said}), {kib} KiB; a tenth in {less:.2f} s, {kib_few} KiB")
        start, looked = 0, 0
        begun = time.monotonic()
        while start is not None:
            answer = json.loads(get(f"/api/v1/audit/verify?from={start}", self.token))
            looked, start = looked + answer["present"], answer["next"]
        say(f"   by /api/v1/audit/verify {looked} in {time.monotonic() - begun:.1f} s, whole: {answer['whole']}")


def main():
    need("wrk", "pgbench", "time")
    with Instance() as instance:
        say(f"filling the log with {VISITS} visits, {2 * OUT} of them out: {BASE}")
        bench = Bench(instance)
        bench.verifying()
        bench.writes()
        bench.many()
        bench.sealing()
        bench.verifying()


if __name__ == "__main__":
    main()
