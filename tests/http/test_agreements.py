"""From the promise to the register to the letter: agreements, their tests, the steps that follow a breach."""

import datetime
import re
import subprocess

import pytest

from client import pointers
from family import PREFIX, Family
from instance import SRC


NO_U_OR_O = {"kind": "no_marks", "codes": ["U", "O"], "days": 15}


@pytest.fixture
def family(office, schools):
    return Family(office, schools["potton"].urn)


@pytest.fixture
def broken(family):
    """An agreement that was just broken."""
    family.marks(("2026-01-05", "/\\/\\/\\/\\/\\"), ("2026-01-12", "/\\U\\/\\/\\/\\"))
    agreement = family.agree(NO_U_OR_O)
    return family.test(agreement, "2026-01-16")


def test_a_broken_promise_drafts_a_letter_and_sends_none(family, broken):
    assert broken["state"] == "broken" and broken["broken_on"] == "2026-01-13"
    assert family.steps(broken) == {"agreement": "met", "reminder": "due"}
    (letter,) = family.letters()
    assert (letter["kind"], letter["state"], letter["sent_on"]) == ("reminder", "draft", None)
    assert letter["recipients"][0]["name"] == "Mary O'Brien" and letter["clause"] == "reminder"
    assert "No U or O for 15 school days" in letter["text"] and letter["figures"]["attended"] == 19
    assert broken["next_step"]["clause"] == "reminder"


def test_every_test_is_kept_with_its_marks(family, broken, query):
    family.test(broken, "2026-01-16")
    tests = list(family.office.pages(f"{PREFIX}/agreements/{broken['id']}/tests"))
    assert [t["verdict"] for t in tests] == ["broken", "broken"]
    assert "2026-01-13 U \\" in tests[0]["marks"] and tests[0]["against"] == 1


def test_an_open_n_decides_and_drafts_nothing(family):
    family.marks(("2026-01-05", "/\\U\\N\\/\\/\\"))
    agreement = family.test(family.agree(NO_U_OR_O), "2026-01-09")
    assert (agreement["state"], agreement["promises"][0]["state"]) == ("open", "unresolved")
    assert family.letters() == []
    body = {"school_urn": family.school, "date": "2026-01-07", "session": "AM", "code": "M", "reason": "Dentist",
            "by": family.officer}
    family.office.post(f"{PREFIX}/pupils/{family.id}/amendments", body)
    assert family.test(agreement, "2026-01-09")["state"] == "broken"
    assert len(family.letters()) == 1


def send(family, letter, expect=200, key=None, **more):
    headers = {"Idempotency-Key": key} if key else {}
    body = {"by": family.officer, "sent_by": "post", **more}
    return family.office.post(f"{PREFIX}/letters/{letter['id']}/sent", body, expect, headers=headers)


def page(family, letter, api=None):
    return (api or family.office).get(f"{PREFIX}/letters/{letter['id']}/page.html").content


def test_a_draft_is_changed_by_who_knows_it_and_sent_once(family, broken):
    (letter,) = family.letters()
    path = f"{PREFIX}/letters/{letter['id']}"
    family.office.patch(path, {"subject": "Please talk to us"}, '"99"', 412)
    family.office.patch(path, {"subject": "Please talk to us"}, f'"{letter["version"]}"')
    assert b"DRAFT" in page(family, letter) and b"Please talk to us" in page(family, letter)
    sent = send(family, letter, key=f"send-{letter['id']}").json()
    assert send(family, letter, key=f"send-{letter['id']}").json() == sent
    assert sent["state"] == "sent" and sent["sha256"]
    send(family, letter, 409)
    family.office.patch(path, {"subject": "Another"}, "*", 409)
    assert family.steps(broken)["reminder"] == "met"


def test_a_reprint_gives_the_same_bytes(family, broken, office, query):
    (letter,) = family.letters()
    sent = send(family, letter).json()
    first = page(family, letter)
    assert b"DRAFT" not in first and b"Mary O'Brien" in first
    query("update data.pupil set given_name = 'Changed' where pupil_id = %s", family.id)
    query("update data.school set name = name || ' (renamed)' where urn = %s", family.school)
    assert page(family, letter) == first
    (hashed,) = query("select encode(sha256(%s), 'hex')", first)[0]
    assert hashed == sent["sha256"]


def test_a_page_has_its_own_style_and_its_document_its_schema(family, broken, office, tmp_path):
    (letter,) = family.letters()
    answer = office.get(f"{PREFIX}/letters/{letter['id']}/page.html")
    assert re.match(r"default-src 'none'; style-src 'sha256-", answer.headers["Content-Security-Policy"])
    assert b"<script" not in answer.content and b"http" not in answer.content.split(b"</head>")[1]
    (tmp_path / "letter.xml").write_bytes(office.get(f"{PREFIX}/letters/{letter['id']}/page.xml").content)
    schema = SRC / "reports/letter/letter.xsd"
    subprocess.run(["xmllint", "--noout", "--schema", schema, tmp_path / "letter.xml"], check=True)
    office.get(f"{PREFIX}/letters/{letter['id']}/page.csv", 406)


def test_a_step_is_put_off_or_waived_by_who_may(family, broken, world):
    path = f"{PREFIX}/agreements/{broken['id']}"
    body = {"clause": "reminder", "by": family.officer, "reason": "Grandmother died"}
    family.office.post(f"{path}/waivers", {**body, "by": world.staff[900001][0]}, 403)
    put_off = family.office.post(f"{path}/postponements", {**body, "until_on": "2190-01-01"}).json()
    assert (put_off["state"], put_off["postponed_to"]) == ("due", "2190-01-01")
    assert family.office.post(f"{path}/waivers", body).json()["state"] == "waived"
    assert [letter["state"] for letter in family.letters()] == ["withdrawn"]
    family.office.post(f"{path}/waivers", body, 409)


def test_continued_breach_asks_for_a_visit_which_names_the_agreement(family, broken, query):
    (letter,) = family.letters()
    # as if it had been drafted and sent then
    query("alter table data.letter disable trigger kept_as_sent")
    query("update data.letter set created_at = '2026-01-17' where letter_id = %s", letter["id"])
    query("alter table data.letter enable trigger kept_as_sent")
    send(family, letter, sent_on="2026-01-18")
    family.marks(("2026-01-19", "/\\O\\/\\/\\/\\"))
    agreement = family.test(broken, "2026-01-23")
    assert family.steps(agreement)["follow-up"] == "due" and agreement["next_step"]["clause"] == "follow-up"
    start = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=1)
    plan = {
        "school_urn": family.school, "pupils": [family.id], "purpose": "attendance", "announced": True,
        "planned_start": start.isoformat().replace("+00:00", "Z"), "necessity": "The agreement was broken again",
        "planned_end": (start + datetime.timedelta(hours=1)).isoformat().replace("+00:00", "Z"),
        "place": {"address": "1 Street"}, "agreement": agreement["id"],
        "team": [{"staff_id": family.officer, "lead": True, "phone": "07700 900123"}],
    }
    visit = family.office.post(f"{PREFIX}/visits", plan).json()
    assert visit["agreement"] == agreement["id"]
    duties = family.office.get(f"{PREFIX}/agreements/{agreement['id']}/duties").json()["data"]
    assert f"visit {visit['id']}" in next(d for d in duties if d["clause"] == "follow-up")["missing"]


def test_a_visit_letter_that_is_given_is_told_to_its_visit(office, schools):
    family = Family(office, schools["thomas-more"].urn)
    plan = {
        "school_urn": family.school, "pupils": [family.id], "purpose": "attendance", "announced": True,
        "planned_start": "2026-01-13T09:30:00Z", "planned_end": "2026-01-13T10:00:00Z",
        "place": {"address": "1 Street"}, "team": [{"staff_id": family.officer, "lead": True}],
    }
    visit = office.post(f"{PREFIX}/visits", plan).json()
    emergency = {"kind": "departed", "at": "2026-01-13T09:10:00Z", "emergency": True, "reason": "Recorded afterwards"}
    office.post(f"{PREFIX}/visits/{visit['id']}/events", emergency)
    body = {"school_urn": family.school, "pupil": family.id, "kind": "visit", "visit": visit["id"],
            "subject": "We called today", "text": "We called today to talk about attendance."}
    letter = office.post(f"{PREFIX}/letters", body).json()
    send(family, letter, sent_by="hand")
    events = office.get(f"{PREFIX}/visits/{visit['id']}/events").json()["data"]
    assert [e["kind"] for e in events][-1] == "letter_given"


def test_what_does_not_fit_is_named(family, stored):
    before = stored()
    body = {
        "school_urn": family.school, "pupil": 999999, "made_on": "2199-01-02", "by": 999999, "made_with": "x",
        "kept_in": "cpoms", "review_on": "2000-01-01", "promises": [
            {"side": "family", "kind": "no_marks", "codes": ["Y1"], "days": 5, "percent": 3},
            {"side": "school", "kind": "attendance", "percent": 90, "until_on": "2026-01-01"},
        ],
    }
    wanted = ["/by", "/made_on", "/promises/0/codes/0", "/promises/0/percent", "/promises/1/kind", "/promises/1/until_on",
              "/pupil", "/review_on"]
    assert pointers(family.office.post(f"{PREFIX}/agreements", body, 422)) == wanted
    assert stored() == before


def test_the_feed_tells_of_agreements_and_letters(family, broken):
    token = family.office.get(f"{PREFIX}/changes/ceiling").json()["token"]
    (letter,) = family.letters()
    send(family, letter)
    page = family.office.get(f"{PREFIX}/changes", params={"after": token, "school": family.school}).json()
    told = {(c["record"], c["id"]) for c in page["data"]}
    assert ("letter", letter["id"]) in told
    assert family.office.get(f"{PREFIX}/agreements.csv?pupil={family.id}").text.count("\r\n") == 2


def test_reading_leaves_an_access_entry(family, broken, query):
    for path in ("agreements", f"agreements/{broken['id']}", "letters", f"agreements/{broken['id']}/tests"):
        answer = family.office.get(f"{PREFIX}/{path}")
        request = answer.headers["X-Request-Id"]
        assert query("select resource from audit.access where request_id = %s", request) == [(f"{PREFIX}/{path}",)]




def test_a_school_has_a_letterhead_of_its_own(family, broken):
    """By a stylesheet named after its URN; what was sent before stays as it was."""
    (letter,) = family.letters()
    own = SRC / "reports/letter" / f"{family.school}.xsl"
    assert b"Own Letterhead" not in page(family, letter)
    try:
        own.write_text(
            "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
            "<xsl:import href='page.xsl'/><xsl:template name='letterhead'><h1>Own Letterhead</h1></xsl:template>"
            "</xsl:stylesheet>"
        )
        assert b"<h1>Own Letterhead</h1>" in page(family, letter)
        send(family, letter)
        sent = page(family, letter)
    finally:
        own.unlink()
    assert page(family, letter) == sent and b"Own Letterhead" in sent
