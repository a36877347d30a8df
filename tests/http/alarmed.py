"""What goes on around a visit: bodies of decisions and alarms, and visits that can take them, one after another."""

from instance import wait_until
from world import SCHOOL_A

VISITS = "/api/v1/visits"
FAR = {"planned_start": "2040-03-06T10:00:00Z", "planned_end": "2040-03-06T11:00:00Z"}  # under a policy: world.py
DECIDED = ("requests", "approvals", "waivers", "code-word")


def bodies(world, school):
    """By the end of the path that takes them."""
    who = {"by": world.staff[school][0]}
    return {
        "/requests": {**who, "note": "Once more"},
        "/approvals": {**who, "decision": "approved"},
        "/waivers": {**who, "clause": "code-word", "reason": "They go together"},
        "/code-word": {"word": "Purple umbrella"},
        "/attempts": {**who, "rung": 1, "result": "no_answer"},
        "/acceptance": who,
        "/resolution": {**who, "resolution": "Called them"},
    }


def kept(world, key, is_usable, make):
    """What was made last, as long as it is usable; also when nobody can tell, since the database is away."""
    made = world.__dict__.setdefault("alarmed", {})
    if key not in made or not is_usable(made[key]):
        made[key] = make() or made[key]
    return made[key]


def planned(world, school, **when):
    """A visit before all decisions; None when the database is away."""
    answer = world.office.fork().post(VISITS, world.plan(school, **when), (201, 503))
    return answer.json()["id"] if answer.status_code == 201 else None


def cancelled(world, school):
    """A visit of which a record can be written, again and again."""
    answer = world.office.fork().post(VISITS, world.plan(school))
    world.event(answer.json(), "cancelled", note="The family moved", api=world.office.fork())
    return answer.json()["id"]


def alarm(world, school):
    """A visit whose team has called for help: {"escalations": …, "notifications": …}, the first of each."""
    api = world.office.fork()
    answer = api.post(VISITS, world.plan(school), (201, 503))
    if answer.status_code == 503:
        return None
    path = f"{VISITS}/{answer.json()['id']}/events"
    api.post(path, {"kind": "departed"}), api.post(path, {"kind": "help"})

    def raised(kind):
        return api.get(f"/api/v1/{kind}", params={"visit": answer.json()["id"]}).json()["data"]

    return {kind: wait_until(lambda k=kind: raised(k))[0]["id"] for kind in ("escalations", "notifications")}


def is_untouched(world, collection, number):
    """Whether nobody has dealt with it yet; so it is, too, while the database is away."""
    answer = world.office.fork().get(f"/api/v1/{collection}/{number}", (200, 503))
    if answer.status_code == 503:
        return True
    if collection == "escalations":
        return answer.json()["closed_at"] is None and answer.json()["rungs"][0]["result"] is None
    return answer.json()["accepted_at"] is None and answer.json()["resolved_at"] is None


def ids(route, world, school=SCHOOL_A):
    """What stands in a path for the records of these: of the school, and not dealt with yet."""
    if route.startswith(f"{VISITS}/{{visit}}/") and route.rpartition("/")[2] in DECIDED:
        when = FAR if route.endswith("/waivers") else {}
        return {"{visit}": kept(world, (route, school), lambda _: False, lambda: planned(world, school, **when))}
    if route == f"{VISITS}/{{visit}}/records":
        return {"{visit}": kept(world, (route, school), lambda _: True, lambda: cancelled(world, school))}
    for name, collection in (("{escalation}", "escalations"), ("{notification}", "notifications")):
        if name in route:
            found = kept(
                world,
                (route, school),
                lambda made, c=collection: is_untouched(world, c, made[c]),
                lambda: alarm(world, school),
            )
            return {name: found[collection]}
    return {}
