"""Before a team leaves: the check of a plan, which stores nothing, and the code word, which shows nowhere."""

import statistics
import time

import pytest

import life
from client import code, pointers
from instance import wait_until

VISITS = life.VISITS
WORD = "Quixotic umbrella"


@pytest.fixture
def tkat(schools):
    return schools["tkat"]


# ----------------------------------------------------------------------- check


def check(school, expect=200, **more):
    return school.office.post(f"{VISITS}/check", school.plan(**more), expect)


@pytest.mark.parametrize("policy", life.POLICIES)
def test_a_plan_that_is_sound_has_no_blockers_and_says_what_is_to_do(schools, policy, stored):
    school = schools[policy]
    before = stored()
    found = check(school).json()
    assert (found["lawful"], found["blockers"], found["colleagues"]) == (True, [], [])
    assert stored() == before
    visit = school.visit()
    assert {(d["clause"], d["part"]) for d in found["to_do"]} == {(d["clause"], d["part"]) for d in school.asked(visit)}


def test_all_that_stands_against_a_plan_comes_at_once(tkat, stored):
    lone = [{"staff_id": tkat.staff["newcomer"], "lead": True}]
    before = stored()
    found = check(
        tkat,
        team=lone,
        necessity=None,
        planned_start="2026-01-13T19:00:00Z",
        planned_end="2026-01-13T19:30:00Z",
        return_by=None,
    ).json()
    assert stored() == before
    assert not found["lawful"]
    blockers = {d["clause"] for d in found["blockers"]}
    assert {"pair-rule", "policy-read", "no-evenings", "essential"} <= blockers
    for duty in found["blockers"] + found["to_do"]:
        assert (duty["policy"], duty["strength"]) == ("tkat", "must") and duty["missing"] and duty["place"]
    told = [(d["clause"], d["part"]) for d in found["blockers"] + found["to_do"]]
    assert len(set(told)) == len(told)
    assert not found["colleagues"], "nobody turns the evening into the morning"


def test_a_colleague_who_would_make_a_pair_is_named(tkat):
    team = [{"staff_id": tkat.staff["first"], "lead": True, "phone": "07700 900301"}]
    day = {"planned_start": "2026-01-20T09:30:00Z", "planned_end": "2026-01-20T10:00:00Z", "return_by": None}
    found = check(tkat, team=team, **day).json()
    assert [d["clause"] for d in found["blockers"]] == ["pair-rule"]
    beside = {c["staff_id"] for c in found["colleagues"] if c["instead_of"] is None}
    assert tkat.staff["second"] in beside and tkat.staff["newcomer"] not in beside
    assert all(c["name"] for c in found["colleagues"])
    tkat.visit(team=[{"staff_id": tkat.staff["second"], "lead": True}], **day)
    free = {c["staff_id"] for c in check(tkat, team=team, **day).json()["colleagues"]}
    assert tkat.staff["second"] not in free and tkat.staff["third"] in free


def test_a_colleague_is_named_instead_of_who_stands_in_the_way(tkat):
    team = [
        {"staff_id": tkat.staff["first"], "lead": True, "phone": "07700 900301"},
        {"staff_id": tkat.staff["newcomer"], "phone": "07700 900302"},
    ]
    day = {"planned_start": "2026-01-22T09:30:00Z", "planned_end": "2026-01-22T10:00:00Z", "return_by": None}
    found = check(tkat, team=team, **day).json()
    assert {d["part"] for d in found["blockers"]} == {str(tkat.staff["newcomer"])}
    assert (tkat.staff["third"], tkat.staff["newcomer"]) in {
        (c["staff_id"], c["instead_of"]) for c in found["colleagues"]
    }


def test_a_plan_that_cannot_be_is_refused_by_the_check_as_by_the_planning(tkat, stored):
    before = stored()
    wrong = {"pupils": [999999], "team": [{"name": "A"}], "planned_end": life.START}
    checked, planned = check(tkat, 422, **wrong), tkat.office.post(VISITS, tkat.plan(**wrong), 422)
    assert checked.json()["errors"] == planned.json()["errors"]
    assert pointers(checked) == ["/planned_end", "/pupils/0", "/team"]
    assert pointers(check(tkat, 400, purpose="gossip")) == ["/purpose"]
    assert stored() == before


def test_colleagues_of_another_school_are_nobodys_business(client_b, schools):
    plan = schools["tkat"].plan()
    answer = client_b.post(f"{VISITS}/check", plan, 422)
    assert "/school_urn" in pointers(answer) and "colleagues" not in answer.json()


# ------------------------------------------------------------------- code word


@pytest.fixture
def out(tkat):
    """A visit on which the team has arrived; its code word is WORD."""
    visit = tkat.visit()
    tkat.office.post(f"{VISITS}/{visit['id']}/code-word", {"word": WORD}, 200)
    tkat.event(visit, "departed", emergency=True, reason="Now")
    tkat.event(visit, "arrived")
    return visit


def test_the_answer_does_not_show_the_word(tkat):
    visit = tkat.visit()
    answer = tkat.office.post(f"{VISITS}/{visit['id']}/code-word", {"word": WORD}, 200)
    assert answer.json() == {"id": visit["id"], "code_word": True}
    again = tkat.office.post(f"{VISITS}/{visit['id']}/code-word", {"word": "Another one"}, 200)
    assert again.json() == answer.json()


@pytest.mark.parametrize("word", ["..", "a b c d e f", "  -  "])
def test_what_is_no_word_is_refused_without_repeating_it(tkat, stored, word):
    visit = tkat.visit()
    before = stored()
    answer = tkat.office.post(f"{VISITS}/{visit['id']}/code-word", {"word": word}, (400, 422))
    assert pointers(answer) == ["/word"] and stored() == before


def test_the_word_is_kept_nowhere(tkat, out, instance, query, fresh_upn):
    word = "zyxxyz" + fresh_upn().lower()
    path = f"{VISITS}/{out['id']}/code-word"
    tkat.office.call("POST", path, json={"word": word}, headers={"Idempotency-Key": f"w-{fresh_upn()}"}, expect=200)
    names = query(
        "select schemaname || '.' || tablename from pg_tables where schemaname in ('data', 'audit', 'auth') order by 1"
    )
    for (name,) in names:
        assert query(f"select count(*) from {name} t where t::text ilike %s", f"%{word}%") == [(0,)], name
    assert word not in "".join(path.read_text(errors="replace").lower() for path in instance.logs())
    for listed in (VISITS, f"{VISITS}/{out['id']}", f"{VISITS}/{out['id']}/duties", "/api/v1/board"):
        assert word not in tkat.office.get(listed).text.lower()


def shape_of(answer):
    """What a bystander sees of an answer, but for the words themselves."""
    body = answer.json()
    headers = {k: v for k, v in answer.headers.items() if k not in ("Date", "X-Request-Id")}
    kinds = {name: type(value) for name, value in body.items()}
    return answer.status_code, headers, kinds, {k: body[k] for k in ("kind", "by", "visit_state")}


def visible(tkat, visit):
    """What GET tells of a visit, but for numbers and times of its own."""
    read = tkat.read(visit)
    return {k: v for k, v in read.items() if not k.endswith("_at") and k not in ("id", "next_due", "place")}, read[
        "next_due"
    ] and read["next_due"]["clause"]


def test_a_check_in_with_the_word_looks_like_any_other_and_opens_the_emergency(tkat, query):
    quiet, loud = tkat.out("arrived"), tkat.out("arrived")
    for visit in (quiet, loud):
        tkat.office.post(f"{VISITS}/{visit['id']}/code-word", {"word": WORD}, 200)
    same = len(WORD) * "x"
    answers = [
        tkat.event(visit, "check_in", note=f"All well, {words}!", by=tkat.staff["clerk"])
        for visit, words in ((quiet, same), (loud, WORD.upper()))
    ]
    numbers = ("id", "visit_id", "at", "recorded_at")
    lengths = [len(a.content) - sum(len(str(a.json()[name])) for name in numbers) for a in answers]
    shapes = [shape_of(a) for a in answers]
    for shape in shapes:
        shape[1].pop("Content-Length")
    assert shapes[0] == shapes[1] and lengths[0] == lengths[1]
    assert visible(tkat, quiet) == visible(tkat, loud)
    listed = [list(tkat.office.pages(f"{VISITS}/{v['id']}/events"))[-1] for v in (quiet, loud)]
    assert [set(e) for e in listed] == [set(answers[0].json())] * 2
    assert [d["state"] for d in tkat.duties(quiet)] == [d["state"] for d in tkat.duties(loud)]
    opened = "select 1 from data.escalation where visit_id = %s and cause = 'code_word'"
    wait_until(lambda: query(opened, loud["id"]), deadline=30)
    assert not query(opened, quiet["id"])
    assert visible(tkat, quiet) == visible(tkat, loud), "nor does the watch change what is seen"
    entries = query("select count(*) from audit.entry where record = 'data.event' and after ? 'duress'")
    assert entries == [(0,)]


def test_the_word_is_heard_in_any_event_and_writing_but_not_in_part(tkat, query):
    for note, heard in (
        ("quixotic, UMBRELLA", True),
        ("my quixotic   umbrella.", True),
        ("quixotic", False),
        ("quixotic red umbrella", False),
        ("quixotics umbrella", False),
    ):
        visit = tkat.out("arrived")
        tkat.office.post(f"{VISITS}/{visit['id']}/code-word", {"word": WORD}, 200)
        tkat.event(visit, "note", note=note)
        assert query("select duress from data.event where visit_id = %s and kind = 'note'", visit["id"]) == [(heard,)]


def test_an_emergency_is_not_on_the_board_of_who_may_not_read_alarms(tkat, out, query):
    tkat.event(out, "check_in", note=WORD)
    wait_until(lambda: query("select 1 from data.escalation where visit_id = %s", out["id"]), deadline=30)
    others = tkat.office.with_scope("visits:read", "visits:write")
    (row,) = [r for r in others.pages("/api/v1/board", school=tkat.urn) if r["id"] == out["id"]]
    assert row["escalation"] is None
    others.get("/api/v1/escalations", 403)
    (row,) = [r for r in tkat.office.pages("/api/v1/board", school=tkat.urn) if r["id"] == out["id"]]
    assert row["escalation"]["cause"] == "code_word"


def test_the_word_takes_no_longer_than_another(tkat, out):
    """Generously: the medians of interleaved requests are of the same order."""
    taken = {WORD: [], "x" * len(WORD): []}
    for _ in range(30):
        for words, times in taken.items():
            start = time.perf_counter()
            tkat.event(out, "check_in", note=f"Well, {words}")
            times.append(time.perf_counter() - start)
    one, other = (statistics.median(times) for times in taken.values())
    assert 1 / 5 < one / other < 5


def test_a_code_word_of_a_foreign_visit_is_none(client_b, tkat, stored):
    visit = tkat.visit()
    before = stored()
    answers = [
        client_b.post(f"{VISITS}/{number}/code-word", {"word": WORD}, 404) for number in (visit["id"], 999999)
    ]
    assert answers[0].json()["detail"] == answers[1].json()["detail"] and stored() == before
    assert code(answers[0]) == "not-found"
