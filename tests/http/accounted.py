"""Accounts of people, for the tests of every operation; and what the routes of a person's own session take."""

import itertools

import world as w
from world import SCHOOL_A

PREFIX = "/api/v1"
ACCOUNTS, SESSION = f"{PREFIX}/accounts", f"{PREFIX}/session"
_number = itertools.count(100)
# Of a session's own routes, the first two of which take none: as a program sends them, who has no session.
OWN = {
    "": {"login": "nobody@example.org", "password": "wrong"},
    "/place": {"school": SCHOOL_A},
    "/password": {"password": "wrong", "new_password": "quiet otter marmalade"},
    "/password-reset": {"login": "nobody@example.org"},
    "/password-reset/complete": {"token": "none", "new_password": "quiet otter marmalade"},
    "/totp": {"password": "wrong"},
    "/totp/confirm": {"code": "000000"},
    "/totp/removal": {"password": "wrong"},
}


def is_own(route):
    """Whether it is about a person's own session: tested in test_sessions.py."""
    return route in (SESSION, f"{SESSION}s") or route.startswith(f"{SESSION}/")


def hired(world, school):
    """A new member of staff, who has no account."""
    code = f"Account-{next(_number)}"
    row = w.staff_row(school, 1, "Account", staff_code=code, email=f"{code}@example.org")
    world.office.fork().import_rows("staff", w.csv_text("staff", [row]))
    return max(s["id"] for s in world.office.fork().pages(f"{PREFIX}/staff", school=school))


def body(method, route, world, school):
    """The body that a route of these takes, None for other routes."""
    if method == "POST" and is_own(route):
        return OWN[route.removeprefix(SESSION)]
    return {"staff": hired(world, school)} if (method, route) == ("POST", ACCOUNTS) else None


def ids(route, world, school):
    if "{account}" not in route:
        return {}
    kept = world.__dict__.setdefault("accounted", {})
    if school not in kept:
        kept[school] = world.office.fork().post(ACCOUNTS, {"staff": hired(world, school)}).json()["id"]
    return {"{account}": kept[school]}
