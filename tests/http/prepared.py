"""What a visit is prepared with: bodies that are taken, and records that a path can name."""

import datetime
import itertools
import re

import accounted
import agreed
import alarmed
import exported
import retained
import subjected
from world import MARKER, SCHOOL_A, SCHOOL_B

PREFIX = "/api/v1"
_serial = itertools.count(1)
_school_day = itertools.count()
_year = itertools.count(2130)


def day(after=1950):
    """Another day each time, long gone or yet to come: facts about a person are told apart by theirs."""
    return str(datetime.date(after, 1, 1) + datetime.timedelta(days=next(_serial)))


def school_day():
    """Another school day each time, of the time on roll and gone by."""
    weeks, n = divmod(next(_school_day), 5)
    return str(datetime.date(2021, 9, 6) + datetime.timedelta(days=7 * weeks + n))


def text(school):
    return MARKER if school == SCHOOL_B else "Text"


def assessment(world, school, **more):
    row = {"kind": "animal", "hazard": f"Dog {text(school)}", "who": "Team", "level": "medium", "reduction": "Lead"}
    found = {"by": world.staff[school][0], "level": "low", "proceed": True, "staff_needed": 2, "hazards": [row]}
    return {**found, "notes": text(school), **more}


def hazard(world, school, **more):
    return {
        "school_urn": school,
        "by": world.staff[school][0],
        "kind": "animal",
        "place": {"address": f"{next(_serial)} Kennel Lane {text(school)}", "postcode": "ZZ9 9ZZ"},
        "control": "Ask for the dog to be put away",
        "story": f"It bit {text(school)}",
        "review_on": "2027-06-01",
        **more,
    }


def facts(world, school):
    """Bodies by the end of the path that takes them."""
    staff, name = world.staff[school], text(school)
    return {
        "/visits/{visit}/risk-assessments": assessment(world, school, kind="visit"),
        "/risk-assessments": assessment(world, school, school_urn=school),
        "/hazards": hazard(world, school),
        "/checks": {"level": "enhanced", "barred_list": True, "checked_on": day()},
        "/training": {"course": "home_visiting", "completed_on": day(), "valid_until": "2199-01-01"},
        "/policy-readings": {"policy": "tkat", "read_on": "2026-01-05"},
        "/vehicles": {
            "make": name,
            "model": "Ka",
            "registration": "AB12 CDE",
            "colour": "red",
            "insured_from": day(),
            "insured_until": "2199-01-01",
            "business_use": True,
        },
        "/allergies": {"allergen": name, "from_on": day()},
        "/next-of-kin": {"name": name, "phone": "020 7946 0000", "from_on": day()},
        "/social-workers": {"name": name, "phone": "07700 900000", "from_on": day()},
        "/delegations": {"school_urn": school, "from": staff[0], "to": staff[1], "role": "dsl", "from_on": day()},
        "/schools/{urn}/policies": {"policy": "tkat", "follows_from": day(2100)},
    }


def amendment(world, school):
    return {
        "school_urn": school,
        "date": school_day(),
        "session": "PM",
        "code": "I",
        "reason": f"{text(school)} rang",
        "by": world.staff[school][0],
    }


def under(world, policy, school=SCHOOL_A):
    """When to plan a visit that is under the policy: far away, since nothing else is meant to be under one."""
    year = next(_year)
    world.office.post(f"{PREFIX}/schools/{school}/policies", {"policy": policy, "follows_from": f"{year}-01-01"})
    return {"planned_start": f"{year}-03-02T09:30:00Z", "planned_end": f"{year}-03-02T10:00:00Z"}


CHANGES = {
    "/hazards/{hazard}": {"go_in_pairs": True},
    "/checks/{fact}": {"valid_until": "2199-01-01"},
    "/training/{fact}": {"valid_until": "2199-01-01"},
    "/vehicles/{fact}": {"insured_until": "2199-01-02"},
    "/allergies/{fact}": {"until_on": "2199-01-01"},
    "/next-of-kin/{fact}": {"phone": "020 7946 0001"},
    "/social-workers/{social_worker}": {"until_on": "2199-01-01"},
    "/delegations/{delegation}": {"until_on": "2199-01-01"},
}


def body(method, route, world, school=SCHOOL_A):
    """The body that a route of these takes, None for other routes."""
    ready = agreed.body(method, route, world, school) or exported.body(method, route, school)
    ready = ready or subjected.body(route, world, school) or retained.body(route, world, school)
    if ready := ready or accounted.body(method, route, world, school):
        return ready
    if route.endswith("/amendments"):
        return amendment(world, school)
    bodies = CHANGES if method == "PATCH" else {**facts(world, school), **alarmed.bodies(world, school)}
    return next((bodies[end] for end in bodies if route.endswith(end)), None)


def ids(route, world, school=SCHOOL_A):
    """What stands in a path for the records of these: of the school, made when first asked for."""
    found = {"{policy}": "tkat", **alarmed.ids(route, world, school), **agreed.ids(route, world, school)}
    found |= exported.ids(route, world) | subjected.ids(route, world, school) | accounted.ids(route, world, school)
    found |= retained.ids(route, world, school)
    if "{import}" in route:  # of the office, which loaded the world
        found["{import}"] = world.imports[route.removeprefix(f"{PREFIX}/imports/").partition("/")[0]]
    for name in re.findall(r"{(?:hazard|fact|social_worker|delegation)}", route):
        collection = route[: route.index(f"/{name}")]
        made = world.__dict__.setdefault("prepared", {})
        if (collection, school) not in made:
            path = collection.replace("{staff}", str(world.staff[school][0]))
            path = path.replace("{pupil}", str(world.pupils[school][0]))
            made[collection, school] = world.office.post(path, body("POST", collection, world, school)).json()["id"]
        found[name] = made[collection, school]
    return found
