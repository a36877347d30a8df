"""What follows a visit when it comes to attendance: agreements, letters, referrals, notices, for the tests of every operation.

Schools A and B follow Potton's policy in February 2022 (world.adopt); the last
pupil of each was hardly there before.
"""

import datetime
import itertools
import re

from world import MARKER, SCHOOL_A, SCHOOL_B, csv_text

PREFIX = "/api/v1"
MADE_ON, AS_OF = "2022-02-01", "2022-02-25"
_serial = itertools.count(1)
STEPS = ("decision", "notification", "outcome", "withdrawal")


def days_ago(days):
    return str(datetime.date.today() - datetime.timedelta(days=days))


def text(school):
    return MARKER if school == SCHOOL_B else "Text"


def absent(world, school):
    """The pupil, with marks below 70 % in 2022 and ten sessions of unauthorised absence in 2024."""
    made = world.__dict__.setdefault("absent", {})
    if school not in made:
        upn = [p["upn"] for p in world.rows["pupils"] if p["school_urn"] == school][-1]
        weeks = ("2022-01-10", "2022-01-17", "2022-01-24", "2022-02-07", "2024-09-09")
        rows = [{"school_urn": school, "upn": upn, "week": week, "marks": "OOOOOOOOOO"} for week in weeks]
        rows.append({"school_urn": school, "upn": upn, "week": "2022-02-14", "marks": "/\\/\\/\\/\\/\\"})
        world.office.fork().import_rows("register", csv_text("marks", rows, ["school_urn", "upn", "week", "marks"]))
        made[school] = world.pupils[school][-1]
    return made[school]


def agreement(world, school, **more):
    promises = [
        {"side": "family", "kind": "no_marks", "codes": ["U", "O"], "days": 15},
        {"side": "school", "kind": "text", "words": f"A taxi {text(school)}", "due_on": "2022-02-04", "owner_name": "Office"},
    ]
    return {
        "school_urn": school,
        "pupil": absent(world, school),
        "made_on": MADE_ON,
        "by": world.staff[school][0],
        "made_with": f"Mother {text(school)}",
        "kept_in": "cpoms",
        "review_on": "2040-07-01",
        "promises": promises,
        **more,
    }


def letter(world, school, **more):
    return {
        "school_urn": school,
        "pupil": absent(world, school),
        "kind": "other",
        "subject": f"Attendance {text(school)}",
        "text": "Dear parents,\n\nplease come and see us.",
        **more,
    }


def referral(world, school):
    return {
        "school_urn": school,
        "pupil": absent(world, school),
        "by": world.staff[school][0],
        "reason": text(school),
        "as_of": AS_OF,
    }


def penalty(world, school):
    contact = world.office.fork().get(f"{PREFIX}/contacts", params={"pupil": absent(world, school)}).json()["data"][0]
    return {
        "school_urn": school,
        "pupil": absent(world, school),
        "contact": contact["id"],
        "issued_on": "2024-09-20",
        "by": world.staff[school][0],
    }


def improvement(world, school):
    words = {name: text(school) for name in ("record", "support", "further_support", "improvement")}
    about = {"school_urn": school, "pupil": absent(world, school), "by": world.staff[school][0]}
    return {**about, "issued_on": "2024-10-01", "ends_on": "2024-10-29", **words}


MAKING = {
    "agreements": agreement,
    "letters": letter,
    "referrals": referral,
    "penalty-notices": penalty,
    "notices-to-improve": improvement,
}


def leave_room(world, school, collection):
    """A pupil has one open referral, and a parent one first notice: what there is, is withdrawn."""
    api, who = world.office.fork(), world.staff[school][0]
    if collection == "referrals":
        for state in ("proposed", "approved", "notified"):
            for found in api.pages(f"{PREFIX}/referrals", school=school, state=state):
                path = f"{PREFIX}/referrals/{found['id']}/withdrawal"
                api.post(path, {"by": who, "reason": "Make room"}, 200)
    if collection == "penalty-notices":
        for found in api.pages(f"{PREFIX}/penalty-notices", school=school):
            if not found["withdrawn_on"]:
                gone = {"withdrawn_on": found["issued_on"], "withdrawn_why": "Make room"}
                api.patch(f"{PREFIX}/penalty-notices/{found['id']}", gone, "*")


def make(world, school, collection, **more):
    leave_room(world, school, collection)
    body = {**MAKING[collection](world, school), **more}
    return world.office.fork().post(f"{PREFIX}/{collection}", body).json()["id"]


def take_to(world, school, number, step):
    """A referral as far as the step before this."""
    who, api = {"by": world.head[school]}, world.office.fork()
    if step in ("notification", "outcome"):
        decided = {**who, "decision": "refer", "reason": "As the file shows"}
        api.post(f"{PREFIX}/referrals/{number}/decision", decided, 200)
    if step == "outcome":
        told = {**who, "authority": "Example Council", "how": "by e-mail"}
        api.post(f"{PREFIX}/referrals/{number}/notification", told, 200)


def bodies(world, school, method):
    """By the end of the path that takes them."""
    who = {"by": world.staff[school][0]}
    if method == "PATCH":
        return {
            "/agreements/{agreement}": {"reference": f"R {text(school)}"},
            "/letters/{letter}": {"subject": f"Attendance again {text(school)}"},
            "/penalty-notices/{notice}": {"reference": f"P {text(school)}"},
            "/notices-to-improve/{notice}": {"result_note": text(school)},
        }
    since = str(datetime.date(2050, 1, 1) + datetime.timedelta(days=next(_serial)))
    return {
        "/agreements/{agreement}/outcomes": {**who, "promise": 2, "state": "kept"},
        "/agreements/{agreement}/tests": {"as_of": days_ago(1)},
        "/agreements/{agreement}/waivers": {**who, "clause": "agreement", "reason": "It is here"},
        "/agreements/{agreement}/postponements": {
            **who, "clause": "agreement", "reason": "Soon", "until_on": "2199-01-01"
        },
        "/letters/{letter}/sent": {**who, "sent_by": "post"},
        "/letters/{letter}/withdrawn": {**who, "reason": "Not needed"},
        "/referrals/{referral}/decision": {"by": world.head[school], "decision": "refer", "reason": "As the file shows"},
        "/referrals/{referral}/notification": {**who, "authority": "Example Council", "how": "by e-mail"},
        "/referrals/{referral}/outcome": {"outcome": "support", "on": days_ago(0)},
        "/referrals/{referral}/withdrawal": {**who, "reason": "They moved"},
        "/referral-rules": {"from_on": since, "months": 3, "below_percent": 1, "reason": "To try"},
    }


def body(method, route, world, school):
    """The body that a route of these takes, None for other routes."""
    route = route.removeprefix(PREFIX)
    collection = route.strip("/")
    if method == "POST" and collection in MAKING:
        leave_room(world, school, collection)
        return MAKING[collection](world, school)
    return bodies(world, school, method).get(route)


def made(world, school, collection):
    """One that is read and changed again and again."""
    kept = world.__dict__.setdefault("agreed", {})
    if (school, collection) not in kept:
        kept[school, collection] = make(world, school, collection)
    return kept[school, collection]


def ids(route, world, school=SCHOOL_A):
    """What stands in a path for the records of these."""
    for name, collection in (("{agreement}", "agreements"), ("{letter}", "letters"), ("{referral}", "referrals")):
        if name not in route or "/visits/" in route:
            continue
        end = route.rpartition("/")[2]
        if end in STEPS:
            number = make(world, school, collection)
            take_to(world, school, number, end)
            return {name: number}
        anew = end in ("waivers", "sent", "withdrawn")
        return {name: make(world, school, collection) if anew else made(world, school, collection)}
    if "{notice}" in route:
        return {"{notice}": made(world, school, re.match(f"{PREFIX}/([a-z-]+)/", route)[1])}
    return {}
