"""The clock: what falls due is told by itself, soon, whoever looks."""

import datetime

import pytest

import life
from client import Api
from instance import wait_until
from world import SCOPES

MANY = 1000
LATEST = 30  # seconds from due to raised; generous, since tests do not depend on speed
SOON = 60  # seconds to wait for what the watch does


def at(minutes=0.0):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module")
def clock(start_instance, secrets):
    """An instance of its own, so that what it tells is about these visits: clock.school(policy)."""
    made = start_instance(rate=100000, workers=2)
    secret = made.make_client("office", SCOPES, None)
    secrets.add(secret)
    made.office = Api(made.url, "office", secret, on_token=secrets.add)
    schools = {}

    def school(policy):
        if policy not in schools:
            schools[policy] = life.School(made.office, policy, 900201 + len(schools))
        return schools[policy]

    made.school = school
    return made


def made_late(school, start, end):
    """A visit planned so many minutes from now, to which the team leaves now."""
    visit = school.visit(planned_start=at(start), planned_end=at(end), return_by=None)
    school.event(visit, "departed", emergency=True, reason="It cannot wait")
    return visit


def test_who_is_overdue_is_looked_for_step_by_step_until_back(clock):
    """Half an hour after the planned end, at once: the ladder of the policy, each step when the one before failed."""
    school = clock.school("tkat")
    visit = made_late(school, -45, -31)

    def escalation():
        return next(iter(school.office.pages("/api/v1/escalations", visit=visit["id"])), None)

    opened = wait_until(escalation, deadline=SOON)
    assert (opened["cause"], opened["clause"], opened["closed_at"]) == ("overdue", "overdue", None)
    assert opened["due_at"] < at() and opened["late_seconds"] < 120
    ladder = school.kinds["overdue"]["parameters"]["ladder"]
    for n, step in enumerate(ladder, 1):
        climbed = wait_until(lambda: e if len((e := escalation())["rungs"] or []) >= n else None, deadline=SOON)
        rung = climbed["rungs"][-1]
        assert len(climbed["rungs"]) == n and (rung["words"], rung["roles"]) == (step["words"], step["roles"])
        if n < len(ladder):
            body = {"rung": n, "by": school.staff["clerk"], "result": "no_answer"}
            school.office.post(f"/api/v1/escalations/{opened['id']}/attempts", body)
    board = next(r for r in school.office.pages("/api/v1/board") if r["id"] == visit["id"])
    assert board["late"] and board["escalation"]["rung"] == len(ladder)
    school.event(visit, "returned")
    ended = escalation()
    assert ended["closed_at"] and ended["resolution"] == "The team is back."
    open_ones = {"visit": visit["id"], "cause": "rung", "open": "true"}
    assert not list(school.office.pages("/api/v1/notifications", **open_ones))


def test_a_check_in_in_time_moves_the_moment_and_a_delay_too(clock):
    school = clock.school("tkat")
    visit = made_late(school, -60, -20)
    due = next(d for d in school.duties(visit) if d["clause"] == "overdue")["due_at"]
    school.event(visit, "delayed", note="Talking still", expected_at=at(15))
    later = next(d for d in school.duties(visit) if d["clause"] == "overdue")["due_at"]
    assert later > due and school.read(visit)["next_due"]
    school.event(visit, "returned")
    assert next(d for d in school.duties(visit) if d["clause"] == "overdue")["state"] == "met"


def test_many_that_fall_due_at_once_are_all_told_soon(clock):
    """As many visits as a large trust has out, each with its check-in call due at the same moment."""
    school = clock.school("potton")
    first = made_late(school, -9.7, 30)
    call = next(d for d in school.duties(first) if d["clause"] == "check-in-call")
    assert call["due_at"] > at(), "it has not fallen due while this was prepared"
    clock.query(
        """
        with made as (
            insert into data.visit (school_urn, purpose, planned_start, planned_end, address, announced)
            select school_urn, purpose, planned_start, planned_end, n || ' Many Road', announced
              from data.visit, generate_series(1, %s) as n where visit_id = %s
            returning visit_id),
        whom as (insert into data.visit_pupil (visit_id, school_urn, pupil_id, position)
                 select m.visit_id, p.school_urn, p.pupil_id, 1 from made m, data.visit_pupil p where p.visit_id = %s),
        team as (insert into data.team_member (visit_id, school_urn, position, name, lead)
                 select m.visit_id, %s, 1, 'Many', true from made m)
        insert into data.duty (visit_id, school_urn, policy_version_id, clause, part, applies, due_at, missing, roles)
        select m.visit_id, d.school_urn, d.policy_version_id, d.clause, d.part, d.applies, d.due_at, d.missing, d.roles
          from made m, data.duty d where d.duty_id = %s""",
        MANY - 1,
        first["id"],
        first["id"],
        school.urn,
        call["id"],
    )

    def told():
        return clock.query(
            "select count(*), count(distinct visit_id), extract(epoch from max(raised_at - due_at))::float,"
            " extract(epoch from min(raised_at - due_at))::float from data.notification where clause = 'check-in-call'"
        )[0]

    wait_until(lambda: told()[0] >= MANY, deadline=LATEST + SOON)
    count, visits, latest, soonest = told()
    print(f"# {count} check-ins due at once: told {soonest:.3f} to {latest:.3f} s after")
    assert count == visits == MANY, "each once"
    assert 0 <= soonest <= latest <= LATEST
    ((delay,),) = clock.query("select delay_max::float from watch.delay()")
    assert abs(delay - latest) < 0.01 or delay > latest, "and the metric says so"


def test_a_watch_that_was_down_tells_what_it_missed(clock):
    school = clock.school("tkat")
    clock.query("select watch.tick()")
    visit = made_late(school, -50, -40)
    opened = wait_until(
        lambda: list(school.office.pages("/api/v1/escalations", visit=visit["id"], open="true")), deadline=SOON
    )
    assert opened[0]["late_seconds"] >= 10 * 60 - 5, "how late it was found is kept"
    clock.query("select watch.tick()")
    assert len(list(school.office.pages("/api/v1/escalations", visit=visit["id"]))) == 1
