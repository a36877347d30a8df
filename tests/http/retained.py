"""Retention, for the tests of every operation: rules, holds, and visits whose time is over."""

import datetime
import itertools

from world import MARKER, SCHOOL_A, SCHOOL_B

PREFIX = "/api/v1/retention"
RULES, HOLDS, DUE, WHY, DISPOSALS = (f"{PREFIX}/{name}" for name in ("rules", "holds", "due", "why", "disposals"))
_day = itertools.count()


def old_visit(world, school=SCHOOL_A):
    """One of 2012, which nobody wrote up, to a pupil whom nobody is concerned about: its time is over."""
    when = {"planned_start": "2012-01-13T09:30:00Z", "planned_end": "2012-01-13T10:00:00Z"}
    return world.visit(school=school, pupils=[world.pupils[school][-2]], **when)["id"]


def text(school):
    return MARKER if school == SCHOOL_B else "By decision of the board"


def rule(world, school, **more):
    return {
        "record": "export",
        "school_urn": school,
        "from_on": str(datetime.date(2150, 1, 1) + datetime.timedelta(days=next(_day))),
        "starts": "closed",
        "months": 12,
        "what_then": "delete",
        "source": text(school),
        "by": world.staff[school][0],
        **more,
    }


def hold(world, school, **more):
    found = {"subject": "visit", "reason": text(school), "by": world.staff[school][0], **more}
    return found if "id" in found else {"id": world.visit(school=school)["id"], **found}


def request(world, school, **more):
    visit = {"record": "visit", "id": str(old_visit(world, school))}
    return {"records": [visit], "reason": text(school), "by": world.staff[school][0], **more}


def place(world, school, **more):
    return world.office.fork().post(HOLDS, hold(world, school, **more)).json()["id"]


def ask(world, school, approved=False, **more):
    api = world.office.fork()
    number = api.post(DISPOSALS, request(world, school, **more)).json()["id"]
    if approved:
        api.post(f"{DISPOSALS}/{number}/approval", {"by": world.staff[school][1]}, 200)
    return number


def body(route, world, school):
    """The body that a route of these takes, None for other routes."""
    made = {RULES: rule, HOLDS: hold, DISPOSALS: request}.get(route)
    if made:
        return made(world, school)
    if not route.startswith(PREFIX):
        return None
    if route.endswith("/execution"):
        return {"most": 10}
    return {"by": world.staff[school][1], **({} if route.endswith("/approval") else {"reason": text(school)})}


def ids(route, world, school=SCHOOL_A):
    """What stands in a path for a hold or a disposal: one as far as the route takes it."""
    if "{hold}" in route and route.startswith(PREFIX):
        return {"{hold}": place(world, school)}
    if "{disposal}" in route:
        return {"{disposal}": ask(world, school, approved=route.endswith("/execution"))}
    return {}
