"""Exports that are made after they were asked for, and schedules, for the tests of every operation."""

from instance import wait_until
from world import MARKER, SCHOOL_A, SCHOOL_B

PREFIX = "/api/v1"
EXPORTS, SCHEDULES = f"{PREFIX}/exports", f"{PREFIX}/schedules"
# The scopes that operations want beside their own.  What is exported asks for one of its own, to be
# asked for and to be fetched; so do holds, disposals, and why a record is there still.  Who decides
# reads what it is about.
_DISPOSAL = f"{PREFIX}/retention/disposals/{{disposal}}"
BESIDE = dict.fromkeys(
    [
        ("POST", EXPORTS),
        ("POST", SCHEDULES),
        ("POST", f"{EXPORTS}/{{export}}/link"),
        ("GET", f"{EXPORTS}/{{export}}/file"),
        ("GET", f"{PREFIX}/retention/why"),
        ("POST", f"{PREFIX}/retention/holds"),
        ("GET", f"{PREFIX}/retention/holds/{{hold}}"),
        ("POST", f"{PREFIX}/retention/holds/{{hold}}/lifting"),
        ("POST", f"{PREFIX}/retention/disposals"),
        ("POST", f"{_DISPOSAL}/execution"),
        ("POST", f"{_DISPOSAL}/withdrawal"),
    ],
    ("visits:read",),
)
BESIDE |= dict.fromkeys([("POST", f"{_DISPOSAL}/{step}") for step in ("approval", "refusal")], ("visits:read", "retention:read"))
BESIDE["POST", f"{PREFIX}/referrals/{{referral}}/decision"] = ("referrals:read",)


def body(method, route, school=SCHOOL_A):
    if (method, route) == ("POST", EXPORTS):
        return {"path": f"{PREFIX}/visits.csv?school={school}"}
    if (method, route) == ("POST", SCHEDULES):
        folder = MARKER.lower() if school == SCHOOL_B else "reviews"
        path = f"{PREFIX}/reports/visit-log.csv?school={school}"
        return {"path": path, "window": "last_week", "every": "week", "on_day": 1, "at": "06:30", "folder": folder}
    return None


def ended(api, export, deadline=30):
    """The export once it is made, or has failed."""
    return wait_until(
        lambda: (found := api.get(f"{EXPORTS}/{export}").json())["state"] not in ("waiting", "running") and found, deadline
    )


def made(api, path, expect="done"):
    """Asks for an export, and waits for it."""
    found = ended(api, api.post(EXPORTS, {"path": path}, 202).json()["id"])
    assert found["state"] == expect, found
    return found


def link(world):
    """The query of a link, another each time, for it holds once."""
    return world.office.post(f"{EXPORTS}/{kept(world)}/link", {}).json()["url"].partition("?")[2]


def kept(world):
    """An export that is there: a disposal takes the files that there are."""
    cache = world.__dict__.setdefault("exported", {})
    its = cache.get("{export}")
    if its is None or world.office.get(f"{EXPORTS}/{its}").json()["state"] != "done":
        api = world.office.with_scope("visits:read", "exports:read", "exports:write")
        cache["{export}"] = made(api, f"{PREFIX}/visits.csv")["id"]
    return cache["{export}"]


def ids(route, world):
    """What stands in a path: where it is ended, another each time."""
    found, cache = {}, world.__dict__.setdefault("exported", {})
    if route.endswith("/cancellation"):
        # Ten may wait; a test may ask faster than they are made.
        answer = wait_until(lambda: (a := world.office.post(EXPORTS, body("POST", EXPORTS), (202, 409))).status_code == 202 and a)
        found["{export}"] = answer.json()["id"]
    elif "{export}" in route:
        found["{export}"] = kept(world)
    if "{schedule}" in route:
        if route.endswith("/end") or "{schedule}" not in cache:
            cache["{schedule}"] = world.office.post(SCHEDULES, body("POST", SCHEDULES)).json()["id"]
        found["{schedule}"] = cache["{schedule}"]
    return found
