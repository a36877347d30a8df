#!/usr/bin/python3
"""The report on legal referrals of a trust of 45 schools, 27,000 pupils and 10
million marks a year, as ratios measured in one run.

    ./autogen.sh bench BENCHES=referral

Prints, as medians of rounds taken in turn, each the second run of its session,
  a  the report of the whole trust, 3 years of marks held, as a ratio to the plain
     query on one row for each mark, with an index on the day, in the same server,
     which takes as many processes as it likes, and by one process: what
     api.legal_referral_list takes as the program runs it.  Half of the schools follow
     Potton, four Morecambe; the others state no rule, once without a rule of the
     trust, and once with one
  b  what it takes with 1, 3 and 6 years held; and the median of the ratios
  c  for the record: of one school, and the near misses

Years are taken away within a transaction that is rolled back, so that all is
measured in turn.  DOORSTEP_BENCH_REFERRAL_ROUNDS sets the rounds.  Nothing here
fails on a slow machine: figures are for people to read.
"""

import os
import re
import statistics

import marks
from instance import Instance, need, say
from marks import YEAR

ROUNDS = int(os.environ.get("DOORSTEP_BENCH_REFERRAL_ROUNDS", "7"))
HELD = (1, 3, 6)
COMPARED = 3
VISITS = 10000
AS_OF = marks.days(YEAR)[-1]

PLAIN = """
select m.pupil_id from bench.mark m
 where m.day between data.months_before(:'as_of', 3) and :'as_of'
 group by m.pupil_id having 100 * count(*) filter (where m.attended) < 70 * count(*) filter (where m.possible);
"""
REPORT = "select r.* from api.legal_referral_list(as_of => :'as_of'{}) as r;"
ALONE = "set local max_parallel_workers_per_gather = 0;"
TRUST_RULE = """
insert into data.referral_rule (from_on, months, below_percent, reason, client_id)
values ('2020-01-01', 3, 70, 'The bench', 'bench');
"""
LESS = """
truncate {};
delete from data.school_week where week < :'first';
delete from data.enrolment where left_on < :'first';
"""
AS_PROGRAM = """
set session authorization doorstep_reports;
set search_path = pg_catalog;
select auth.begin(:'token', 'referrals:read', 'bench');
"""


class Register:
    """An instance with all the years, and how long a query takes in it."""

    def __init__(self, instance):
        self.instance = instance
        self.years = [list(marks.weeks(year)) for year in range(YEAR - max(HELD) + 1, YEAR + 1)]
        say(f"filling the register with {max(HELD)} years, and the table of marks with {COMPARED}")
        instance.sql_of("fill.sql", visits=VISITS)
        weeks = ",".join(str(week) for year in self.years for week in year)
        instance.sql_of("referral.sql", weeks="{" + weeks + "}", year=YEAR, as_of=AS_OF, first=self.first(COMPARED))
        token = instance.client_token("visits:read", "referrals:read")
        self.token = instance.sql(f"select encode(sha256('{token}'), 'hex')")

    def first(self, held):
        return self.years[-held][0]

    def milliseconds(self, query, before=""):
        """Of the second run, in a session and a transaction of its own, which is rolled back."""
        said = self.instance.sql(
            f"begin;\n{before}\n\\o /dev/null\n{query}\n\\timing on\n{query}\n\\timing off\nrollback;",
            as_of=AS_OF, token=self.token, first=self.first(1))
        return float(re.search(r"Time: ([0-9.]+) ms", said).group(1))

    def without_all_but(self, held):
        if held == len(self.years):
            return ""
        gone = range(YEAR - len(self.years) + 1, YEAR - held + 1)
        return LESS.format(", ".join(f"data.register_week_{year}" for year in gone)).replace(
            ":'first'", f"'{self.first(held)}'")

    def report(self, held=COMPARED, more="", trust_rule=True):
        return self.milliseconds(REPORT.format(more), "set local session_replication_role = replica;"
                                 + (TRUST_RULE if trust_rule else "") + self.without_all_but(held) + AS_PROGRAM)

    def count(self, query, before=""):
        return int(self.instance.sql(f"begin; {before} select count(*) from ({query.strip().rstrip(';')}) as q; rollback;",
                                     as_of=AS_OF, token=self.token).splitlines()[-1])


def spread(taken):
    return f"{statistics.median(taken):.0f} ms ({min(taken):.0f} to {max(taken):.0f})"


def ratio(ours, theirs):
    return statistics.median(a / b for a, b in zip(ours, theirs))


def main():
    need("curl")
    with Instance() as instance:
        register = Register(instance)
        ways = {"plain": lambda: register.milliseconds(PLAIN),
                "alone": lambda: register.milliseconds(PLAIN, ALONE),
                "silent": lambda: register.report(trust_rule=False),
                **{held: lambda held=held: register.report(held) for held in HELD},
                "school": lambda: register.report(more=", school => 100001"),
                "near": lambda: register.report(more=", near_misses => true")}
        taken = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                taken[name].append(way())
        say(f"a  the report of the trust, {COMPARED} years held (aim: at most 0.2 of the plain query); {ROUNDS} rounds")
        for name, what, rule in (("silent", "no rule of the trust", ""), (COMPARED, "with a rule of the trust", TRUST_RULE)):
            found = register.count(REPORT.format(""), rule + AS_PROGRAM)
            say(f"   {what}: {ratio(taken[name], taken['plain']):.2f}, of it by one process "
                f"{ratio(taken[name], taken['alone']):.2f}; {spread(taken[name])}, {found} pupils")
        say(f"   plain {spread(taken['plain'])}, by one process {spread(taken['alone'])}, {register.count(PLAIN)} pupils")
        say("b  with a rule of the trust (aim: within 15 %): "
            + "; ".join(f"{held} year{'s' if held > 1 else ''} held {spread(taken[held])}, "
                        f"{ratio(taken[held], taken[HELD[0]]):.2f}" for held in HELD))
        say(f"c  of one school {spread(taken['school'])}; near misses {spread(taken['near'])}")


if __name__ == "__main__":
    main()
