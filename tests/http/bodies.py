"""An acceptable request for every operation of the API, by (method, route)."""

import json

import world as w
from world import SCHOOL_A

PREFIX = "/api/v1"
IMPORTS = tuple(f"{PREFIX}/imports/{kind}" for kind in w.KINDS)
VISIT = f"{PREFIX}/visits/{{visit}}"


def record_path(route, world, visit):
    """The route with the ids of records of school A in it."""
    ids = {
        "{urn}": SCHOOL_A,
        "{staff}": world.staff[SCHOOL_A][0],
        "{pupil}": world.pupils[SCHOOL_A][0],
        "{visit}": visit["id"],
        "{contact}": 1,
    }
    for name, value in ids.items():
        route = route.replace(name, str(value))
    return route


def absent_path(route):
    """The route with an id that no record has."""
    for name in ("{urn}", "{staff}", "{pupil}", "{visit}", "{contact}"):
        route = route.replace(name, "999999")
    return route


def good_body(method, route, world):
    """(media type, body) that the operation takes; (None, None) when it takes none."""
    if method == "GET":
        return None, None
    if route.startswith("/oauth2/"):
        form = "grant_type=client_credentials" if route.endswith("token") else "token=none"
        return "application/x-www-form-urlencoded", f"{form}&client_id=nobody&client_secret=wrong"
    if route in IMPORTS:
        kind = route.rpartition("/")[2]
        return "text/csv", w.csv_text(kind, world.rows[kind][:1])
    if method == "PATCH":
        return "application/merge-patch+json", json.dumps({"purpose": "welfare"})
    if route.endswith("/events"):
        return "application/json", json.dumps({"kind": "note", "note": "All is well."})
    return "application/json", json.dumps(world.plan())


def send(api, method, route, world, visit, **more):
    """The acceptable request, changed by more: path, headers, media_type, body, token, query."""
    media_type, body = good_body(method, route, world)
    media_type, body = more.pop("media_type", media_type), more.pop("body", body)
    headers = {
        **({"Content-Type": media_type} if media_type else {}),
        **({"If-Match": "*"} if method == "PATCH" else {}),
        **more.pop("headers", {}),
    }
    headers = {k: v for k, v in headers.items() if v is not None}
    path = more.pop("path", None) or record_path(route, world, visit)
    data = body.encode() if isinstance(body, str) else body
    return api.call(method, path + more.pop("query", ""), headers=headers, data=data, **more)
