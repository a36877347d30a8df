"""An acceptable request for every operation of the API, by (method, route)."""

import json
import re

import exported
import prepared
import world as w
from world import SCHOOL_A

PREFIX = "/api/v1"
IMPORTS = tuple(f"{PREFIX}/imports/{kind}" for kind in (*w.KINDS, "register"))
VISIT = f"{PREFIX}/visits/{{visit}}"


# What a query cannot do without.
REQUIRED = {
    "/attendance/summary": "by=pupil",
    "/callback": "state=x",
    "/attendance-by-week": f"school={SCHOOL_A}",
    "/audit-trail": "record=pupil&id={pupil}",
    "/retention/why": "record=visit&id={visit}",
    "/access-trail": "pupil={pupil}&to=2026-01-31",  # its own reading is in it, today
}


def needed_by(route, world):
    """The parameters that a route cannot do without, as a query; "" for none."""
    if route == f"{exported.EXPORTS}/download":
        return exported.link(world)
    found = next((REQUIRED[end] for end in REQUIRED if route.endswith(end)), "")
    visit = world.visit()["id"] if "{visit}" in found else None
    return found.format(pupil=world.pupils[SCHOOL_A][0], visit=visit)


def record_path(route, world, visit):
    """The route with the ids of records of school A in it."""
    ids = {
        "{urn}": SCHOOL_A,
        "{staff}": world.staff[SCHOOL_A][0],
        "{pupil}": world.pupils[SCHOOL_A][0],
        "{visit}": visit["id"],
        "{contact}": 1,
        "{provider}": "google",
        **prepared.ids(route, world),
    }
    for name, value in ids.items():
        route = route.replace(name, str(value))
    return route


def absent_path(route):
    """The route with an id that no record has."""
    return re.sub(r"{[a-z_]+}", "999999", route)


def aftermath(kind, world, school=SCHOOL_A):
    """What a POST of a record that follows a visit of the school takes."""
    staff, pupil = world.staff[school][0], world.pupils[school][0]
    return {
        "by": staff,
        **{
            "records": {"outcome": "seen_family", "notes": "All is well.", "kept_in": "cpoms"},
            "concerns": {"pupil": pupil, "text": "Bruises", "serious": False},
            "referrals": {"pupil": pupil, "agency": "Children's services", "text": "Neglect"},
            "incidents": {"nature": "threat", "text": "Shouted at"},
            "accidents": {"who": "The visitor", "text": "Fell on the stairs"},
            "interventions": {"text": "Held back", "why": "Ran into the road"},
            "debriefs": {"staff": staff},
        }[kind],
    }


AFTERMATH = ("records", "concerns", "referrals", "incidents", "accidents", "interventions", "debriefs")


def good_body(method, route, world, school=SCHOOL_A):
    """(media type, body) that the operation takes; (None, None) when it takes none."""
    if method in ("GET", "DELETE"):
        return None, None
    if route.startswith("/oauth2/"):
        form = "grant_type=client_credentials" if route.endswith("token") else "token=none"
        return "application/x-www-form-urlencoded", f"{form}&client_id=nobody&client_secret=wrong"
    if route in IMPORTS:
        kind = route.rpartition("/")[2]
        return "text/csv", w.csv_text(kind, world.rows[kind][:1])
    if ready := prepared.body(method, route, world, school):
        media_type = "application/merge-patch+json" if method == "PATCH" else "application/json"
        return media_type, json.dumps(ready)
    if method == "PATCH":
        return "application/merge-patch+json", json.dumps({"necessity": "So that we know"})
    if route.endswith("/events"):
        return "application/json", json.dumps({"kind": "note", "note": "All is well."})
    if route.startswith(f"{VISIT}/") and route.rpartition("/")[2] in AFTERMATH:
        return "application/json", json.dumps(aftermath(route.rpartition("/")[2], world, school))
    return "application/json", json.dumps(world.plan())


REFUSED = (400, 401, 403, 404, 406, 412, 413, 415, 428)


def parts(method, route, world, visit, school, path, refused):
    """Media type, body, path and query of it.  Refused for what it is, a request uses up nothing, and serves again."""
    kept = world.__dict__.setdefault("refused", {})
    key = (method, route, school, path, visit and visit["id"])
    if refused and key in kept:
        return kept[key]
    media_type, body = good_body(method, route, world, school)
    found = media_type, body, path or record_path(route, world, visit), needed_by(route, world)
    if refused:
        kept[key] = found
    return found


def request(method, route, world, visit, refused=False, **more):
    """The acceptable request as Api.call takes it, changed by more: path, school, headers, media_type, body, query."""
    media_type, body, path, needed = parts(
        method, route, world, visit, more.pop("school", SCHOOL_A), more.pop("path", None), refused
    )
    media_type, body, query = more.pop("media_type", media_type), more.pop("body", body), more.pop("query", "")
    headers = {
        **({"Content-Type": media_type} if media_type else {}),
        **({"If-Match": "*"} if method == "PATCH" else {}),
        **more.pop("headers", {}),
    }
    if needed:
        query = f"{query}&{needed}" if query else f"?{needed}"
    return {
        "method": method,
        "path": path + query,
        "headers": {k: v for k, v in headers.items() if v is not None},
        "data": body.encode() if isinstance(body, str) else body,
        **more,
    }


def send(api, method, route, world, visit, refused=None, **more):
    """Sends it; more: what Api.call takes besides, too.  refused: for what it is, whatever it is about."""
    if refused is None:
        refused = more.get("expect") in REFUSED
    return api.call(**request(method, route, world, visit, refused, **more))
