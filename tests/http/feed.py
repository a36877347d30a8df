"""Writers of records that get in each other's way, who know what they have committed, and a copy kept by the feed."""

import contextlib
import itertools
import random
import threading
import time

import psycopg2
import psycopg2.errors

from world import upn

SCHOOLS = (900021, 900022)
KEYS = {"pupil": "upn", "staff": "staff_code"}
_code = itertools.count(1)
# What a writer may run into because of the others; then all that it has done is undone.
LOST = (
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.ForeignKeyViolation,
    psycopg2.errors.LockNotAvailable,
)


class Records:
    """What the writers share: the numbers of records that were committed, and what became of them."""

    def __init__(self, instance):
        self.instance = instance
        self.pupil, self.staff = (instance.query(f"select min({k}_id) from data.{k}")[0][0] for k in KEYS)
        self.lock = threading.Lock()
        self.known = {"pupil": set(), "staff": set(), "visit": set()}
        self.freed = []  # staff codes that nobody has any more
        self.committed = []  # (record, id, version or "deleted"), as the feed must tell it
        self.transactions = 0
        self.stop = threading.Event()
        self.failures = []

    def some(self, kind, rng):
        with self.lock:
            return rng.choice(sorted(self.known[kind])[-6:]) if self.known[kind] else None

    def key(self, kind, rng):
        if kind == "pupil":
            return upn()
        with self.lock:
            if self.freed and rng.random() < 0.5:
                return rng.choice(self.freed[-3:])
        return f"F{next(_code)}"

    def keep(self, touched, freed):
        """A transaction was committed: touched is {(record, id): version or "deleted"}."""
        with self.lock:
            self.transactions += 1
            self.committed += [(*name, outcome) for name, outcome in touched.items()]
            self.freed += freed
            for (kind, number), outcome in touched.items():
                (self.known[kind].discard if outcome == "deleted" else self.known[kind].add)(number)

    def wait_for(self, count):
        """Until so many more transactions are committed."""
        wanted = self.transactions + count
        while self.transactions < wanted and not self.failures and not self.stop.is_set():
            time.sleep(0.005)


class Writer(threading.Thread):
    """One connection; each transaction does a few things to records that others are at, too."""

    def __init__(self, records, seed):
        super().__init__()
        self.records, self.rng = records, random.Random(seed)

    def run(self):
        try:
            with contextlib.closing(psycopg2.connect(self.records.instance.conninfo())) as self.connection:
                while not self.records.stop.is_set():
                    self.transaction()
        except Exception as why:  # noqa: BLE001 - told by the test
            self.records.failures.append(why)

    def query(self, sql, *values):
        self.cursor.execute(sql, values)
        return self.cursor.fetchone() if self.cursor.description else None

    def transaction(self):
        self.touched, self.freed = {}, []
        try:
            with self.connection.cursor() as self.cursor:
                self.query("set local lock_timeout = '2s'")
                self.work()
                self.outcome()
            if self.rng.random() < 0.2:
                self.connection.rollback()
                return
            self.connection.commit()
        except LOST:
            self.connection.rollback()
            return
        self.records.keep(self.touched, self.freed)

    def work(self):
        if self.rng.random() < 0.6:  # a number early, so that the order of ends is another one
            self.query("select pg_current_xact_id()")
        for _ in range(self.rng.randint(1, 4)):
            time.sleep(self.rng.choice((0, 0, 0.002, 0.02)))
            self.rng.choice((self.make, self.change, self.change, self.rename, self.move, self.delete))()

    def outcome(self):
        """What is there now of all that was touched."""
        for kind, number in self.touched:
            row = self.query(f"select version from data.{kind} where {kind}_id = %s", number)
            self.touched[kind, number] = row[0] if row else "deleted"

    def make(self, kind=None):
        kind, school = kind or self.rng.choice(("pupil", "staff", "visit")), self.rng.choice(SCHOOLS)
        if kind == "visit":
            (number,) = self.query(
                "insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced)"
                " select %s, 'other', at, at + interval '1 hour', 'x', true"
                " from (select now() + %s * interval '1 second' as at) as t returning visit_id",
                school,
                self.rng.randint(0, 10**6),
            )
            self.query("insert into data.visit_pupil values (%s, %s, %s, 1)", number, school, self.records.pupil)
            self.query(
                "insert into data.team_member (visit_id, school_urn, position, name, lead) values (%s, %s, 1, 'X', true)",
                number,
                school,
            )
        elif kind == "staff":
            (number,) = self.query("select nextval('data.staff_staff_id_seq')")
            self.query("insert into data.post (staff_id, school_urn) values (%s, %s)", number, school)
            self.query(
                "insert into data.staff (staff_id, staff_code, given_name, family_name) values (%s, %s, 'A', 'B')",
                number,
                self.records.key(kind, self.rng),
            )
        else:
            (number,) = self.query("select nextval('data.pupil_pupil_id_seq')")
            self.query(
                "insert into data.enrolment (pupil_id, school_urn, admitted_on) values (%s, %s, '2020-09-01')",
                number,
                school,
            )
            self.query(
                "insert into data.pupil (pupil_id, upn, given_name, family_name, date_of_birth)"
                " values (%s, %s, 'A', 'B', '2015-01-01')",
                number,
                self.records.key(kind, self.rng),
            )
        self.touched[kind, number] = None
        return number

    def picked(self, kinds=("pupil", "staff", "visit")):
        kind = self.rng.choice(kinds)
        return kind, self.records.some(kind, self.rng)

    def touch(self, kind, number, assignment, *values):
        if number and self.query(
            f"update data.{kind} set {assignment} where {kind}_id = %s returning version", *values, number
        ):
            self.touched[kind, number] = None

    def change(self):
        kind, number = self.picked()
        column = "address" if kind == "visit" else "family_name"
        self.touch(kind, number, f"{column} = %s", f"X{self.rng.random()}")

    def rename(self, kind=None, number=None):
        if not kind:
            kind, number = self.picked()
        if kind == "visit":
            self.touch(kind, number, "planned_start = planned_start - interval '1 minute'")
            return
        column = KEYS[kind]
        old = number and self.query(f"select {column} from data.{kind} where {kind}_id = %s for update", number)
        if old:
            self.touch(kind, number, f"{column} = %s", self.records.key(kind, self.rng))
            self.freed += old if kind == "staff" else ()

    def move(self):
        """To another school, or to one more."""
        kind, number = self.picked(("pupil", "staff"))
        stays, more = ("enrolment", ", admitted_on") if kind == "pupil" else ("post", "")
        if not number or not self.query(f"select 1 from data.{kind} where {kind}_id = %s for update", number):
            return
        moved = 0
        if self.rng.random() < 0.5:
            self.query(f"delete from data.{stays} where {kind}_id = %s and school_urn = %s", number, SCHOOLS[0])
            moved = self.cursor.rowcount
        self.query(
            f"insert into data.{stays} ({kind}_id, school_urn{more})"
            f" select %s, %s{', %s' if more else ''} where not exists"
            f" (select from data.{stays} where {kind}_id = %s and school_urn = %s)",
            *(number, SCHOOLS[1], *(["2020-09-01"] if more else []), number, SCHOOLS[1]),
        )
        if moved + self.cursor.rowcount:
            self.touched[kind, number] = None

    def delete(self):
        if self.rng.random() < 0.5:
            return
        kind, number = self.picked()
        if not number or not self.query(f"select 1 from data.{kind} where {kind}_id = %s for update", number):
            return
        for part in {"pupil": ["enrolment"], "staff": ["post"], "visit": ["visit_pupil", "team_member"]}[kind]:
            self.query(f"delete from data.{part} where {kind}_id = %s", number)
        self.query(f"delete from data.{kind} where {kind}_id = %s", number)
        self.touched[kind, number] = None


class LongWriter(Writer):
    """Makes somebody, waits for many others to come and go, then takes over a key of theirs, and only then ends."""

    def work(self):
        number = self.make("staff")
        self.records.wait_for(40)
        self.rename("staff", number)


class ApiWriter(threading.Thread):
    """Plans visits and puts them off, through the API."""

    def __init__(self, records, api):
        super().__init__()
        self.records, self.api = records, api
        self.plan = {
            "school_urn": SCHOOLS[0],
            "pupils": [records.pupil],
            "purpose": "attendance",
            "planned_start": "2026-01-13T09:30:00Z",
            "planned_end": "2026-01-13T10:00:00Z",
            "announced": True,
            "place": {"address": "1 Example Street"},
            "team": [{"staff_id": records.staff, "lead": True}],
        }

    def run(self):
        try:
            for n in itertools.count():
                if self.records.stop.is_set():
                    return
                made = self.keep(self.api.post("/api/v1/visits", self.plan, (201, 503)))
                for minute in range(n % 3 if made else 0):
                    start = {"planned_start": f"2026-01-13T09:{minute:02}:00Z"}
                    self.keep(self.api.patch(f"/api/v1/visits/{made['id']}", start, "*", (200, 404, 503)))
        except Exception as why:  # noqa: BLE001 - told by the test
            self.records.failures.append(why)

    def keep(self, answer):
        if answer.status_code not in (200, 201):
            return None
        visit = answer.json()
        self.records.keep({("visit", visit["id"]): visit["version"]}, [])
        return visit


def place(token):
    """What a token stands for, in the order of the feed."""
    return tuple(int(part) for part in token.split("-")[1:])


class Copy:
    """What a reader of the feed has, who does as it says, one change after the other."""

    def __init__(self):
        self.by_id, self.by_key, self.place, self.told = {}, {}, (0, 0), []

    def apply(self, change):
        assert place(change["token"]) > self.place, f"{change} comes behind {self.place}"
        self.place = place(change["token"])
        name, key = (change["record"], change["id"]), self.key_of(change, change["key"])
        known = self.by_id.pop(name, None)
        if known:
            assert known["version"] < change["version"] or change["action"] == "deleted", f"{change} after {known}"
            assert known["key"] == self.key_of(change, change["previous_key"] or change["key"]), f"{change} after {known}"
            assert self.by_key.pop(known["key"]) == name
        assert (change["action"] == "created") <= (known is None), f"{change} after {known}"
        if change["action"] != "deleted":
            assert change["action"] == "created" or known, f"{change} of what was never created"
            assert key not in self.by_key, f"{change} has the key of {self.by_key.get(key)}"
            self.by_id[name] = {"key": key, "version": change["version"]}
            self.by_key[key] = name
        self.told.append((*name, "deleted" if change["action"] == "deleted" else change["version"]))

    @staticmethod
    def key_of(change, key):
        """Two visits of a school may start at once, so their number belongs to their key."""
        return change["record"], *key.values(), *([change["id"]] if change["record"] == "visit" else [])
