"""The report on legal referrals, a referral and its evidence, and notices, from outside."""

import csv
import hashlib
import io
import subprocess
import zipfile

import pytest

from family import PREFIX, Family

REPORT = f"{PREFIX}/reports/legal-referral"
AS_OF = "2026-05-31"
COLUMNS = (
    "school_urn,pupil_id,upn,given_name,family_name,rule,clause,window_start,window_end,possible,attended,authorised,"
    "unauthorised,unresolved,gaps,percentage,lowest,highest,compulsory_school_age,lane,safe_to_refer,visits,agreements,"
    "letters,missing"
).split(",")
MONDAYS = [f"2026-{day}" for day in ("03-02 03-09 03-16 03-23 03-30 04-06 04-13 04-20 04-27 05-04 05-11 05-18 05-25".split())]
# 84 of 120 possible sessions; two codes have two characters, so the codes are set off by ";".
SEVENTY = "/*40 \\*38 L*4 B*2 I*14 C2*2 O*9 N*3 U*2 G*6 Y4*2 #*4"


def codes(said):
    return [code for part in said.split() for code in [part.split("*")[0]] * int(part.split("*")[1])]


def fill(family, said, school=None, mondays=MONDAYS):
    """Session after session from the first Monday on; the last week's rest has no mark of the pupil, nor of anybody."""
    all_codes = codes(said)
    weeks = [all_codes[n : n + 10] for n in range(0, len(all_codes), 10)]
    family.school, own = school or family.school, family.school
    family.marks(*[(monday, ";".join((week + [""] * 10)[:10])) for monday, week in zip(mondays, weeks)])
    family.school = own


def rows(api, **params):
    return {row["pupil_id"]: row for row in api.pages(REPORT, as_of=AS_OF, **params)}


@pytest.fixture(scope="module")
def below(office, schools):
    family = Family(office, schools["potton"].urn)
    fill(family, SEVENTY.replace("\\*38", "\\*37").replace("I*14", "I*15").replace("N*3", "O*3"))
    return family


def test_exactly_the_percentage_is_not_below_it(office, schools, below):
    at = Family(office, below.school)
    fill(at, SEVENTY)
    found = rows(office, school=below.school)
    assert at.id not in found
    row = found[below.id]
    assert (row["attended"], row["possible"], row["percentage"]) == (83, 120, 69.1)
    assert row["rule"] == "below 70 % over 3 months" and row["clause"] == "legal" and row["lane"] == "legal"
    assert (row["window_start"], row["window_end"], row["safe_to_refer"]) == ("2026-03-01", AS_OF, True)
    near = rows(office, school=below.school, near_misses="true")
    assert at.id in near and below.id not in near


def test_illness_is_for_support_and_a_range_is_not_safe(office, schools):
    ill, open_ = (Family(office, schools["potton"].urn) for _ in range(2))
    fill(ill, "/*72 I*48")
    fill(open_, "/*83 O*33 N*4")
    found = rows(office, school=ill.school)
    assert (found[ill.id]["percentage"], found[ill.id]["lane"]) == (60.0, "support")
    assert (found[open_.id]["safe_to_refer"], found[open_.id]["highest"]) == (False, 72.5)
    assert "the reason of 4 sessions (N)" in found[open_.id]["missing"]


def test_a_pupil_who_moved_counts_once_on_all_marks_whoever_asks(office, schools, make_client):
    from world import csv_text, pupil_row

    family = Family(office, schools["morecambe"].urn)
    fill(family, "/*30 O*30")
    old, new = family.school, schools["potton"].urn
    row = pupil_row(old, family.upn, admitted_on="2025-09-01")
    for more in ({"left_on": "2026-04-12"}, {"school_urn": new, "admitted_on": "2026-04-13"}):
        office.import_rows("pupils", csv_text("pupils", [{**row, **more}]))
    fill(family, "/*48 I*12", new, MONDAYS[6:])
    api = make_client("potton-alone", schools=[new])
    for client in (office, api):
        found = [r for r in client.pages(REPORT, as_of=AS_OF) if r["pupil_id"] == family.id]
        assert [(r["school_urn"], r["attended"], r["possible"]) for r in found] == [(new, 78, 120)]


def test_attendance_that_goes_on_falling(office, schools):
    falls, rests = (Family(office, schools["morecambe"].urn) for _ in range(2))
    for family, attended, possible in (
        (falls, (23, 27, 22, 17), (25, 30, 25, 20)),
        (rests, (23, 27, 18, 17), (25, 30, 20, 20)),
    ):
        for start, a, p in zip(("2026-02-02 02-09 02-16", "2026-03-02 03-09 03-16", "2026-04-06 04-13 04-20",
                                "2026-05-04 05-11 05-18"), attended, possible):
            mondays = [day if len(day) > 5 else f"2026-{day}" for day in start.split()]
            fill(family, f"/*{a} O*{p - a} X*{30 - p}", mondays=mondays)
    found = rows(office, school=falls.school)
    assert "falling over 3 months: 92.0, 90.0, 88.0, 85.0 %" == found[falls.id]["rule"]
    assert rests.id not in found


def test_the_report_is_the_same_in_every_format(office, below, tmp_path):
    query = f"?as_of={AS_OF}&school={below.school}"
    found = rows(office, school=below.school)
    table = list(csv.reader(io.StringIO(office.get(f"{REPORT}.csv{query}").text)))
    assert table[0] == COLUMNS and {int(r[1]) for r in table[1:]} == set(found)
    assert len(office.get(f"{REPORT}.ndjson{query}").text.splitlines()) == len(found)
    (tmp_path / "r.xml").write_bytes(office.get(f"{REPORT}.xml{query}").content)
    (tmp_path / "r.xsd").write_bytes(office.get(f"{REPORT}.xsd").content)
    subprocess.run(["xmllint", "--noout", "--schema", tmp_path / "r.xsd", tmp_path / "r.xml"], check=True)
    page = office.get(f"{REPORT}.html{query}")
    assert page.headers["Content-Disposition"].startswith("inline") and below.upn in page.text
    assert "For legal proceedings to be considered" in page.text
    office.get(f"{REPORT}.pdf{query}", 406)
    assert list(found) == sorted(found), "in the order of its pages"
    assert [r["pupil_id"] for r in office.pages(REPORT, as_of=AS_OF, school=below.school, limit=1)] == list(found)


def test_each_look_at_the_report_leaves_an_access_entry(office, below, query):
    for suffix in ("", ".csv", ".html"):
        answer = office.get(f"{REPORT}{suffix}?as_of={AS_OF}")
        entry = query("select resource from audit.access where request_id = %s", answer.headers["X-Request-Id"])
        assert entry == [(f"{REPORT}{suffix}",)]


@pytest.fixture(scope="module")
def referral(office, below):
    body = {"school_urn": below.school, "pupil": below.id, "by": below.officer, "reason": "Nothing helped", "as_of": AS_OF}
    made = office.post(f"{PREFIX}/referrals", body).json()
    office.post(f"{PREFIX}/referrals", body, 409)
    return made


def test_the_head_decides_and_the_authority_is_told(office, below, referral):
    path = f"{PREFIX}/referrals/{referral['id']}"
    assert referral["state"] == "proposed" and referral["manifest_sha256"]
    decision = {"decision": "refer", "reason": "As the file shows", "by": below.officer}
    office.post(f"{path}/decision", decision, 403)
    proposing = office.with_scope("referrals:read", "referrals:write")  # to put forward is not to decide
    assert "decisions:write" in proposing.post(f"{path}/decision", {**decision, "by": below.head}, 403).json()["detail"]
    told = {"authority": "Example Council", "how": "secure e-mail", "by": below.officer}
    office.post(f"{path}/notification", told, 409)
    assert office.post(f"{path}/decision", {**decision, "by": below.head}, 200).json()["state"] == "approved"
    assert office.post(f"{path}/notification", told, 200).json()["state"] == "notified"


def archive(office, referral):
    path = f"{PREFIX}/referrals/{referral['id']}/pack.zip"
    answer = office.get(path, headers={"Accept": "application/zip"})
    assert answer.headers["Content-Type"] == "application/zip"
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    return {name: packed.read(name) for name in packed.namelist()}


def unfit(files):
    """What a verifier who has only the pack finds: files that are not as SHA256SUMS says."""
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert set(sums) == set(files) - {"SHA256SUMS"}
    return sorted(name for name in sums if hashlib.sha256(files[name]).hexdigest() != sums[name])


def test_the_pack_is_whole_and_valid(office, referral, tmp_path):
    files = archive(office, referral)
    assert unfit(files) == []
    assert hashlib.sha256(files["MANIFEST"]).hexdigest() == referral["manifest_sha256"]
    assert b"SHA256SUMS" in files["evidence.html"] and b"<script" not in files["evidence.html"]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    parts = [name for name in files if name.endswith(".xml")]
    check = ["xmllint", "--noout", "--schema", "evidence-pack.xsd", *parts]
    subprocess.run(check, check=True, cwd=tmp_path)
    if sums := subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path).returncode:
        raise AssertionError(sums)
    path = f"{PREFIX}/referrals/{referral['id']}/pack"
    assert "evidence-pack" in office.get(f"{path}.xml").text
    assert office.get(f"{path}.html").text.startswith("<!DOCTYPE html")
    listed = list(office.pages(f"{PREFIX}/referrals/{referral['id']}/evidence"))
    assert {p["name"]: p["sha256"] for p in listed}.items() <= {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }.items()


def test_evidence_that_changed_is_told_and_worked_out_anew(office, below, referral, query):
    body = {"school_urn": below.school, "date": "2026-05-18", "session": "AM", "code": "I", "by": below.officer,
            "reason": "Doctor's note"}
    was = next(m for m in office.get(f"{PREFIX}/pupils/{below.id}/attendance?from=2026-05-18&to=2026-05-18").json()["marks"]
               if m["session"] == "AM")["code"]
    office.post(f"{PREFIX}/pupils/{below.id}/amendments", body)
    changes = list(office.pages(f"{PREFIX}/referrals/{referral['id']}/evidence-changes"))
    assert [(c["frozen"], c["was"], c["is_now"], c["still_met"]) for c in changes] == [(was, was, "I", True)]
    now = office.get(f"{PREFIX}/referrals/{referral['id']}").json()
    assert now["evidence_changed"] and now["attended"] == 83
    told = query("select words from data.notification where subject = %s", f"evidence:{referral['id']}")
    assert f"2026-05-18 AM was {was}, now I" in told[0][0]
    files = archive(office, referral)
    assert unfit(files) == [], "the frozen parts stay as they were"
    assert f"evidence changed: was {was}, now I".encode() in files["changes.xml"]
    assert b"Evidence changed since it was frozen" in files["evidence.html"]
    # The next week from the MIS, all present.
    below.marks(("2026-05-11", "/\\/\\/\\/\\/\\"))
    assert len(list(office.pages(f"{PREFIX}/referrals/{referral['id']}/evidence-changes"))) > 1
    assert office.get(f"{PREFIX}/referrals/{referral['id']}").json()["still_met"] is False


def test_a_part_that_was_tampered_with_is_seen_by_who_has_only_the_pack(office, referral, query):
    change = "update data.evidence_part set content = replace(content, %s, %s) where referral_id = %s and name = 'attendance.xml'"
    query("alter table data.evidence_part disable trigger append_only")
    try:
        query(change, 'attended="83"', 'attended="93"', referral["id"])
        assert unfit(archive(office, referral)) == ["attendance.xml"]
    finally:
        query(change, 'attended="93"', 'attended="83"', referral["id"])
        query("alter table data.evidence_part enable trigger append_only")
    assert unfit(archive(office, referral)) == []


def test_what_is_not_safe_is_not_referred(office, schools):
    family = Family(office, schools["potton"].urn)
    fill(family, "/*83 O*33 N*4")
    body = {"school_urn": family.school, "pupil": family.id, "by": family.officer, "reason": "x", "as_of": AS_OF}
    made = office.post(f"{PREFIX}/referrals", body).json()
    decision = {"decision": "refer", "reason": "x", "by": family.head}
    answer = office.post(f"{PREFIX}/referrals/{made['id']}/decision", decision, 409).json()
    assert answer["detail"].startswith("Not safe to refer yet")


def test_penalty_notices_keep_to_the_national_framework(office, schools):
    family = Family(office, schools["potton"].urn, admitted="2024-09-01")
    body = {"school_urn": family.school, "pupil": family.id, "contact": family.contact, "by": family.officer}
    path = f"{PREFIX}/penalty-notices"
    family.marks(("2024-09-09", "OOOOOOOOO/"))
    assert "ten unauthorised sessions" in office.post(path, {**body, "issued_on": "2024-09-16"}, 409).json()["detail"]
    family.marks(("2024-09-16", "G/\\/\\/\\/\\/"))
    first = office.post(path, {**body, "issued_on": "2024-09-20"}).json()
    assert (first["number"], first["amount"], first["reduced"]) == (1, 160, 80)
    assert (first["reduced_by"], first["pay_by"]) == ("2024-10-11", "2024-10-18")
    family.marks(("2025-03-03", "UUUUUUUUUU"), ("2026-03-02", "OOOOOOOOOO"))
    second = office.post(path, {**body, "issued_on": "2025-03-10"}).json()
    assert (second["number"], second["amount"], second["reduced"]) == (2, 160, None)
    assert "a third is not allowed" in office.post(path, {**body, "issued_on": "2026-03-09"}, 409).json()["detail"]


def test_a_notice_to_improve_runs_three_to_six_weeks(office, schools, below):
    words = {name: "x" for name in ("record", "support", "further_support", "improvement")}
    body = {"school_urn": below.school, "pupil": below.id, "by": below.officer, "issued_on": "2026-01-05", **words}
    for ends_on, status in (("2026-01-25", 422), ("2026-01-26", 201), ("2026-02-16", 201), ("2026-02-17", 422)):
        office.post(f"{PREFIX}/notices-to-improve", {**body, "ends_on": ends_on}, status)
