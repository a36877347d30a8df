#!/usr/bin/python3
"""The register of a trust of 45 schools, 27,000 pupils and 3 years: speed, room
and memory as ratios measured in one run.

    ./autogen.sh bench BENCHES=register

A year is 10,260,000 marks, as CSV.  Prints
  a  one year through POST /api/v1/imports/register, as a ratio to psql's \\copy
     of the same file into a table with a row for each mark and a primary key
     (upn, date, session) in the same server; the median of rounds taken in turn,
     with the seconds of CPU that each took besides
  b  bytes on disk for each mark, indexes included, likewise; beside it those of
     the audit trail
  c  peak memory of the program while it imports
  d  how much longer it takes to read the board with 1,000 visits out while a
     day's marks of the whole trust are imported: by one reader and by four, each
     reading all the time, imports and pauses taken in turn; days of a week that
     has marks already, and of one that has none
  e  for the record: the same file again, and one whose marks lie day by day; the
     earlier years, through the API too; sums by school over one year and over all

DOORSTEP_BENCH_PUPILS, DOORSTEP_BENCH_YEARS and DOORSTEP_BENCH_REGISTER_ROUNDS
make it smaller; DOORSTEP_BENCH_ONLY=d runs that part only (a has b and c in it).
Nothing here fails on a slow machine: figures are for people to read.
"""

import contextlib
import datetime
import http.client
import json
import multiprocessing
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

import marks
from instance import BASE, PORT, Instance, in_turn, need, peak_memory_kib, say, timed
from marks import YEAR

PUPILS = int(os.environ.get("DOORSTEP_BENCH_PUPILS", "27000"))
YEARS = int(os.environ.get("DOORSTEP_BENCH_YEARS", "3"))
ROUNDS = int(os.environ.get("DOORSTEP_BENCH_REGISTER_ROUNDS", "3"))
ONLY = os.environ.get("DOORSTEP_BENCH_ONLY", "ade")
VISITS = 10000
OUT = 1000
READERS = (1, 4)
WEEKS_OF_D = 2
PAUSE = 2.0
PARTS = {"nginx": "nginx", "register": "program", "postgres": "database"}

EMPTY = """
set session_replication_role = replica;
truncate data.register_week, data.mark_note, data.mark_amendment, data.school_week, audit.entry;
"""
PLAIN = """
create schema bench;
create table bench.plain (
	school_urn int not null, upn text not null, date date not null, session text not null, code text not null,
	minutes_late smallint, comment text, primary key (upn, date, session));
"""
SIZES = """
select (select sum(pg_total_relation_size(relid)) from pg_partition_tree('data.register_week')),
       pg_total_relation_size('data.mark_note'), pg_total_relation_size('data.school_week'),
       pg_total_relation_size('bench.plain'), pg_total_relation_size('audit.entry');
"""


class Trust:
    """An instance with the pupils, a folder for its files, and how marks get into it."""

    def __init__(self, instance):
        self.instance = instance
        self.path = pathlib.Path(instance.var) / "marks.csv"
        say(f"filling the directory, and the log with {VISITS} visits")
        instance.sql_of("fill.sql", visits=VISITS)
        instance.sql(PLAIN)
        self.token = instance.client_token("visits:read", "attendance:read", "attendance:write")

    def write(self, days, seed, by_day=False):
        return marks.write(self.path, PUPILS, days, seed, by_day)

    def post(self, path=None):
        """Imports the file as it lies there.  Answers the report."""
        done = subprocess.run(
            ["curl", "-s", "-T", str(path or self.path), "-X", "POST", "-H", f"Authorization: Bearer {self.token}",
             "-H", "Content-Type: text/csv", BASE + "/api/v1/imports/register"],
            check=True, stdout=subprocess.PIPE)
        report = json.loads(done.stdout)
        if "accepted" not in report:
            sys.exit(f"the import was refused: {done.stdout.decode()[:1000]}")
        return report

    def copy(self):
        self.instance.sql(f"\\copy bench.plain from '{self.path}' csv header")

    def empty(self):
        self.instance.sql(EMPTY + "vacuum full data.import, audit.entry; checkpoint;")

    def empty_plain(self):
        self.instance.sql("truncate bench.plain; checkpoint;")

    @contextlib.contextmanager
    def measured(self):
        """Yields a dictionary that holds the seconds that went by then, and those of CPU by part."""
        def now():
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return {"client": used.ru_utime + used.ru_stime,
                    **{part: self.instance.cpu_seconds(name) for name, part in PARTS.items()}}

        measure, before, start = {}, now(), time.monotonic()
        yield measure
        measure["seconds"] = time.monotonic() - start
        measure["cpu"] = {part: value - before[part] for part, value in now().items()}


def cpu(measure):
    return ", ".join(f"{part} {value:.1f}" for part, value in measure["cpu"].items() if value >= 0.05)


def bench_year(trust, count):
    """a, b and c, all of one year."""
    peaks, measures = [], {"import": [], "copy": []}

    def ours():
        trust.empty()
        fresh = trust.instance.fresh_workers("register")
        with trust.measured() as measure:
            trust.post()
        peaks.append(peak_memory_kib(fresh))
        measures["import"].append(measure)
        return measure["seconds"]

    def theirs():
        trust.empty_plain()
        with trust.measured() as measure:
            trust.copy()
        measures["copy"].append(measure)
        return measure["seconds"]

    in_turn(f"a  {count} marks as CSV, ratio to \\copy (aim: at most 0.6)", ours, theirs, "s", ROUNDS)
    for name, taken in measures.items():
        say(f"   CPU seconds of each {name}: " + "; ".join(cpu(measure) for measure in taken))
    ratio = statistics.median(sum(a["cpu"].values()) / sum(b["cpu"].values())
                              for a, b in zip(measures["import"], measures["copy"]))
    say(f"   ratio of all CPU seconds: {ratio:.2f}")
    weeks, notes, schools, plain, audit = map(int, trust.instance.sql(SIZES).split("|"))
    ours = weeks + notes + schools
    say(f"b  bytes on disk for a mark: {ours / count:.1f} against {plain / count:.1f}, ratio {ours / plain:.3f} "
        f"(aim: at most 0.2); weeks {weeks / count:.1f}, notes {notes / count:.1f}, the audit trail "
        f"{audit / count:.1f} more")
    say(f"c  peak memory of the program: {max(peaks)} KiB (aim: at most 65536)")


def tell(trust, name, count):
    with trust.measured() as measure:
        report = trust.post()
    told = ", ".join(f"{report[what]} {what}" for what in ("added", "changed", "unchanged") if report[what])
    say(f"   {name}: {measure['seconds']:.1f} s ({told}; CPU: {cpu(measure)})")
    assert report["accepted"] == count, report


def bench_record(trust, days):
    tell(trust, "the same file again", PUPILS * 2 * len(days))
    trust.empty()
    count = trust.write(days, YEAR, by_day=True)
    tell(trust, "the same marks, day by day instead of pupil by pupil", count)
    for year in range(YEAR - YEARS + 1, YEAR):
        count = trust.write(marks.days(year), year)
        tell(trust, f"the year {year}/{year + 1 - 2000}", count)
    trust.instance.sql("vacuum analyze;")
    for years in sorted({1, YEARS}):
        path = (f"/api/v1/attendance/summary?by=school&from={YEAR - years + 1}-09-01&to={YEAR + 1}-07-31&limit=1000")
        seconds = statistics.median(timed(lambda: read(trust.token, path)) for _ in range(3))
        say(f"   sums by school over {years} year{'s' if years > 1 else ''}: {seconds:.2f} s, the median of 3")


# ---------------------------------------------------------------- reading while importing

def read(token, path, connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path} was answered with {answer.status}: {body[:500]}")
    return body


def read_all_the_time(token, stop, pipe):
    """Sends [(start, seconds)] of every read."""
    reads, connection = [], http.client.HTTPConnection("127.0.0.1", PORT)
    while not stop.is_set():
        start = time.monotonic()
        read(token, f"/api/v1/board?limit={OUT}", connection)
        reads.append((start, time.monotonic() - start))
    pipe.send(reads)


def three(seconds):
    ordered = sorted(seconds)
    return [1000 * ordered[min(len(ordered) * place // 1000, len(ordered) - 1)] for place in (500, 990, 1000)]


def compare(name, quiet, busy):
    alone, beside = three(quiet), three(busy)
    say(f"   {name}: " + ", ".join(
        f"{what} {b:.0f} ms against {a:.0f} ms ({b - a:+.0f})" for what, a, b in
        zip(("median", "99 of 100", "most"), alone, beside)) + f"; {len(busy)} and {len(quiet)} reads")


def write_days(trust, days):
    """A file for each day, beforehand: making them would slow the reads that are compared with."""
    for day in days:
        marks.write(trust.path.with_name(f"{day}.csv"), PUPILS, [day], day.toordinal())


def import_days(trust, days, spans):
    """Imports one day after another, with pauses; notes (is the week new, begin, end) of each import."""
    for day in days:
        time.sleep(PAUSE)
        begin = time.monotonic()
        trust.post(trust.path.with_name(f"{day}.csv"))
        spans.append((day.weekday() == 0, begin, time.monotonic()))
    time.sleep(PAUSE)


def bench_reads(trust):
    trust.instance.sql_of("open.sql", visits=VISITS, open=OUT)
    monday = marks.days(YEAR)[-1] + datetime.timedelta(days=3)
    weeks = [[monday + datetime.timedelta(days=7 * n + day) for day in range(5)] for n in range(WEEKS_OF_D * len(READERS))]
    write_days(trust, [day for week in weeks for day in week])
    for readers in READERS:
        stop, pipes, processes, reads, spans = multiprocessing.Event(), [], [], [], []
        for _ in range(readers):
            ours, its = multiprocessing.Pipe(False)
            pipes.append(ours)
            processes.append(multiprocessing.Process(target=read_all_the_time, args=(trust.token, stop, its)))
            processes[-1].start()
        import_days(trust, [day for _ in range(WEEKS_OF_D) for day in weeks.pop(0)], spans)
        stop.set()
        for pipe, process in zip(pipes, processes):
            reads += pipe.recv()
            process.join()
        took = statistics.median(end - begin for _, begin, end in spans)
        say(f"d  the board read all the time by {readers}, while days of {2 * PUPILS} marks are imported, in "
            f"{took:.1f} s each (aim: no read more than 50 ms slower)")
        overlap = [(seconds, {is_new for is_new, begin, end in spans if start < end and start + seconds > begin})
                   for start, seconds in reads]
        quiet = [seconds for seconds, during in overlap if not during]
        compare("into a new week", quiet, [seconds for seconds, during in overlap if True in during])
        compare("into a week with marks", quiet, [seconds for seconds, during in overlap if False in during])


def main():
    need("curl")
    with Instance(DOORSTEP_EXPORT_DEADLINE_MS="600000") as instance:
        trust = Trust(instance)
        days = marks.days(YEAR)
        count = trust.write(days, YEAR)
        if "a" in ONLY:
            bench_year(trust, count)
        else:
            trust.post()
        if "e" in ONLY:
            bench_record(trust, days)
        if "d" in ONLY:
            bench_reads(trust)


if __name__ == "__main__":
    main()
