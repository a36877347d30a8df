"""Requests for subject access, for the tests of every operation: about one of the staff, whom hardly a record names."""

import datetime

from world import MARKER, SCHOOL_A, SCHOOL_B

PREFIX = "/api/v1"
REQUESTS = f"{PREFIX}/subject-requests"
STEPS = ("review", "reopening", "release", "withdrawal", "extension")


def days_ago(days):
    return str(datetime.date.today() - datetime.timedelta(days=days))


def request(world, school, **more):
    return {
        "subject": "staff",
        "id": world.staff[school][-2],
        "received_on": days_ago(3),
        "requester": MARKER if school == SCHOOL_B else "The person",
        "by": world.staff[school][0],
        **more,
    }


def make(world, school, reviewed=False, **more):
    api = world.office.fork()
    number = api.post(REQUESTS, request(world, school, **more)).json()["id"]
    if reviewed:
        api.post(f"{REQUESTS}/{number}/review", {"by": world.staff[school][0]}, 200)
    return number


def body(route, world, school):
    """The body that a route of these takes, None for other routes."""
    if route == REQUESTS:
        return request(world, school)
    if not route.startswith(f"{REQUESTS}/"):
        return None
    who = {"by": world.staff[school][0]}
    if route.endswith("/redactions"):
        return {**who, "item": 1, "reason": "third_party"}
    return {**who, "reason": "Told on the telephone"} if route.endswith(("/extension", "/withdrawal")) else who


def ids(route, world, school=SCHOOL_A):
    """What stands in a path for a request: one as far as the route takes it."""
    if not route.startswith(f"{REQUESTS}/"):
        return {}
    end = route.rpartition("/")[2]
    reviewed = end in ("package", "package-rows", "reopening", "release")
    if end in STEPS:
        return {"{request}": make(world, school, reviewed)}
    kept = world.__dict__.setdefault("subjected", {})
    if (school, reviewed) not in kept:
        kept[school, reviewed] = make(world, school, reviewed)
    return {"{request}": kept[school, reviewed]}
