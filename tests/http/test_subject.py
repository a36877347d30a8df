"""Subject access, from outside: what is held goes out reviewed, and what is withheld stands nowhere in it."""

import csv
import html
import io
import random
import re
import subprocess
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest

from client import code, pointers
from instance import SRC
from subjected import REQUESTS, days_ago, make
from world import SCHOOL_A, SCHOOL_B, SCOPES, csv_text, pupil_row

NOTE = 'Zuleika Quorn (</script><b>"No. 9") & her son rang: =HYPERLINK("x") ZULEIKA  QUORN; Dr Ypres knows.'
HIDDEN = ["Zuleika Quorn", "Dr Ypres", 'HYPERLINK("x")']
FORMATS = ("xml", "html")


@pytest.fixture
def pupil(office, query):
    """One of the test's own: of those that all tests share there is more held than of anybody real."""
    row = pupil_row(SCHOOL_A)
    office.import_rows("pupils", csv_text("pupils", [row]))
    ((found,),) = query("select pupil_id from data.pupil where upn = %s", row["upn"])
    return found


@pytest.fixture
def about(world, pupil):
    """A request about a pupil, of whose visit something is told."""
    world.event(world.visit(pupils=[pupil]), "note", note=NOTE)
    return make(world, SCHOOL_A, subject="pupil", id=pupil)


def items(api, request, **having):
    return [i for i in api.pages(f"{REQUESTS}/{request}/items") if all(i[k] == v for k, v in having.items())]


def mark(api, world, request, expect=201, **said):
    return api.post(f"{REQUESTS}/{request}/redactions", {"by": world.staff[SCHOOL_A][0], **said}, expect)


def step(api, world, request, name, expect=200, **said):
    return api.post(f"{REQUESTS}/{request}/{name}", {"by": world.staff[SCHOOL_A][0], **said}, expect)


def package(api, request):
    """The package in all its formats, by suffix."""
    found = {f: api.get(f"{REQUESTS}/{request}/package.{f}").text for f in FORMATS}
    for suffix in ("", ".csv", ".xml", ".ndjson"):
        found[f"rows{suffix}"] = api.get(f"{REQUESTS}/{request}/package-rows{suffix}").text
    return found


def test_what_is_withheld_stands_in_no_format(office, world, about, query):
    before = query("select event_id, note from data.event order by 1")
    frozen = query("select item_no, content from data.subject_item order by request_id, 1")
    for words in HIDDEN:
        mark(office, world, about, words=words, reason="third_party", note=f"It names {words}")
    visit = items(office, about, kind="visit")[0]
    mark(office, world, about, item=visit["id"], field="address", reason="serious_harm")
    step(office, world, about, "review")
    for suffix, text in package(office, about).items():
        for words in ("zuleika", "quorn", "ypres", "hyperlink", "it names"):
            assert words not in text.lower(), suffix
        assert "withheld: information about another person" in text
        assert "Schedule 3, paragraph 19" in text
        assert "knows" in text
    assert query("select event_id, note from data.event order by 1") == before
    assert query("select item_no, content from data.subject_item order by request_id, 1") == frozen


@pytest.mark.parametrize("seed", range(3))
def test_random_words_that_are_withheld_stand_nowhere(office, world, about, seed):
    chance = random.Random(seed)
    said = [f["value"] for i in items(office, about) for f in i["fields"]]
    words = {w for value in said for w in re.findall(r"[^\s\[\]]{5,}(?: [^\s\[\]]+)?", value)}
    chosen = chance.sample(sorted(words), min(12, len(words)))
    for w in chosen:
        mark(office, world, about, words=w, reason=chance.choice(["third_party", "crime", "reference"]))
    step(office, world, about, "review")
    rows = list(office.pages(f"{REQUESTS}/{about}/package-rows"))
    document = office.get(f"{REQUESTS}/{about}/package.xml").content
    fields = ElementTree.fromstring(document).iter("{https://doorstep.example/ns/v1/subject-access}field")
    shown = [r["value"] for r in rows if r["item"] > 0] + [f.text or "" for f in fields]  # 0: of the package itself
    for value in shown:
        for part in re.split(r"\[withheld: [a-z ]+\]", value.lower()):
            assert not [w for w in chosen if w.lower() in part]


# Between words, and within them: what nobody sees, or hardly.
UNSEEN = ["\u00a0", "\u202f", "\u2007", "\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e"]


def bare(text):
    """A text as one reads it: composed, without what nobody sees, with one kind of blank."""
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) not in ("Cf", "Mn", "Cc"))
    return re.sub(r"\s+", " ", text).lower()


def test_a_name_in_disguise_is_withheld(office, world, pupil):
    visit = world.visit(pupils=[pupil])
    for c in UNSEEN:
        world.event(visit, "note", note=f"Before Zuleika{c}Quorn, Zo\u00eb and O\u2019Neill\u2011Ypres after")
    for c in UNSEEN[3:]:
        world.event(visit, "note", note=f"Before Zul{c}eika Qu{c}orn{c}, Zoe\u0308 and O'Neill-Yp{c}res after")
    request = make(world, SCHOOL_A, subject="pupil", id=pupil)
    for words in ("zuleika quorn", "Zoe", "O'Neill-Ypres"):
        mark(office, world, request, words=words, reason="third_party")
    step(office, world, request, "review")
    for suffix, text in package(office, request).items():
        for words in ("zuleika", "quorn", "zoe", "neill", "ypres"):
            assert words not in bare(text), suffix
        assert "Before" in text and "after" in text


def shown(api, request):
    """What goes out of a request in each format, but for words of the program's own."""
    found = package(api, request)
    space = "{https://doorstep.example/ns/v1/subject-access}"
    document = ElementTree.fromstring(found["xml"].encode())
    told = [v for i in document.iter(f"{space}item") for k, v in i.attrib.items() if k in ("school", "at")]
    yield "xml", told + [f.text or "" for f in document.iter(f"{space}field")] + [document.get("subject-id", "")]
    rows = [r for r in csv.DictReader(io.StringIO(found["rows.csv"].lstrip("\ufeff"))) if r["item"] != "0"]
    yield "csv", [r[k] for r in rows for k in ("school_urn", "at", "value")]
    heads = re.findall(r"<h2>\s*\d+\.\s*[a-z ]+(.*?)</h2>", found["html"], re.S)
    yield "html", [html.unescape(x) for x in re.findall(r"<dd>(.*?)</dd>", found["html"], re.S) + heads]


@pytest.mark.parametrize("seed", range(2))
def test_no_value_that_is_withheld_stands_in_any_format(office, world, about, seed):
    values = sorted({f["value"] for i in items(office, about) for f in i["fields"] if f["value"].strip()})
    for words in random.Random(seed).sample(values, 12):
        made = mark(office, world, about, words=words, reason="third_party").json()["id"]
        step(office, world, about, "review")
        for suffix, texts in shown(office, about):
            assert texts
            for text in texts:
                for part in re.split(r"\[withheld: [a-z ]+\]", text):
                    assert bare(words) not in bare(part), (suffix, words)
        step(office, world, about, "reopening")
        mark(office, world, about, lifts=made)


def test_the_package_says_what_it_does_not_have(office, world, about):
    step(office, world, about, "review")
    for suffix, text in package(office, about).items():
        assert "were not searched for the name of the pupil" in text, suffix


def test_gathering_has_the_time_of_an_export(fragile):
    """Longer than any other request of the program: of somebody of whom there is much."""
    fragile.query(
        "create function public.slowly() returns trigger language plpgsql as "
        "$$ begin perform pg_sleep(6); return new; end $$; create trigger slowly before insert on data.subject_request "
        "for each row execute function public.slowly()"
    )
    try:
        assert make(fragile.world, SCHOOL_A)
    finally:
        fragile.query("drop trigger slowly on data.subject_request; drop function public.slowly()")


def test_an_item_that_is_withheld_tells_neither_what_it_is_nor_when(office, world, about):
    event = next(i for i in items(office, about, kind="event") if "Zuleika" in str(i["fields"]))
    mark(office, world, about, item=event["id"], reason="child_abuse")
    step(office, world, about, "review")
    rows = [r for r in office.pages(f"{REQUESTS}/{about}/package-rows") if r["item"] == event["id"]]
    assert len(rows) == 1 and rows[0]["withheld"]
    assert all(rows[0][k] is None for k in ("kind", "record", "school_urn", "at", "field", "title"))
    assert event["record"] not in {r["record"] for r in office.pages(f"{REQUESTS}/{about}/package-rows")}
    assert f'record="{event["record"]}"' not in office.get(f"{REQUESTS}/{about}/package.xml").text


def test_the_package_is_what_its_schema_says(office, world, about, tmp_path):
    mark(office, world, about, words="Zuleika", reason="crime")
    step(office, world, about, "review")
    (tmp_path / "package.xml").write_text(office.get(f"{REQUESTS}/{about}/package.xml").text)
    schema = Path(SRC) / "reports/subject-access/subject-access.xsd"
    subprocess.run(["xmllint", "--noout", "--schema", schema, tmp_path / "package.xml"], check=True)


def test_a_spreadsheet_runs_nothing_of_it(office, world, pupil):
    world.event(world.visit(pupils=[pupil]), "note", note='=HYPERLINK("http://x")')
    request = make(world, SCHOOL_A, reviewed=True, subject="pupil", id=pupil)
    text = office.get(f"{REQUESTS}/{request}/package-rows.csv").text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells) and not any(cell.startswith("=") for cell in cells)
    html = office.get(f"{REQUESTS}/{make(world, SCHOOL_A, reviewed=True)}/package.html").text
    assert "<script" not in html


@pytest.mark.parametrize(
    "said, wanted",
    [
        ({"words": "stand nowhere", "reason": "crime"}, "/words"),
        ({"item": 999999, "reason": "crime"}, "/item"),
        ({"item": 1, "field": "none", "reason": "crime"}, "/field"),
        ({"field": "note", "words": "x", "reason": "crime"}, "/item"),
        ({"reason": "crime"}, "/item"),
        ({"item": 1}, "/reason"),
        ({"lifts": 999999}, "/lifts"),
        ({"lifts": 999999, "item": 1}, "/lifts"),
    ],
)
def test_a_redaction_of_what_is_not_there_is_422(office, world, about, said, wanted):
    assert wanted in pointers(mark(office, world, about, 422, **said))


@pytest.mark.parametrize("said", [{"words": "a\x01b"}, {"words": " "}, {"reason": "because"}, {"item": 0}])
def test_a_redaction_out_of_form_is_400(office, world, about, said):
    mark(office, world, about, 400, **{"reason": "crime", **said})


def test_ten_redactions_and_one_lifted(office, world, about):
    words = ["Zuleika", "Quorn", "son", "rang", "Ypres", "knows", "her", "No. 9", "script", "Dr"]
    made = [mark(office, world, about, words=w, reason="third_party").json()["id"] for w in words]
    mark(office, world, about, lifts=made[5])
    mark(office, world, about, 422, lifts=made[5])
    assert [r["lifted"] for r in office.pages(f"{REQUESTS}/{about}/redactions")] == [n == 5 for n in range(11)]
    step(office, world, about, "review")
    text = office.get(f"{REQUESTS}/{about}/package.xml").text
    assert "knows" in text and "Ypres" not in text and "Zuleika" not in text


def test_steps_are_in_their_order(office, world, about):
    path = f"{REQUESTS}/{about}"
    for end in ("package.xml", "package.html", "package-rows", "package-rows.csv"):
        assert code(office.get(f"{path}/{end}", 409)) == "conflict"
    step(office, world, about, "release", 409)
    step(office, world, about, "reopening", 409)
    step(office, world, about, "review")
    step(office, world, about, "review", 409)
    mark(office, world, about, 409, item=1, reason="crime")
    assert step(office, world, about, "reopening").json()["state"] == "gathered"
    mark(office, world, about, item=1, reason="crime")
    step(office, world, about, "review")
    assert step(office, world, about, "release").json()["state"] == "released"
    for name in ("release", "reopening", "review"):
        step(office, world, about, name, 409)
    step(office, world, about, "withdrawal", 409, reason="Too late")
    office.get(f"{path}/package.xml")


def test_the_time_is_extended_once_within_the_month(office, world):
    request = make(world, SCHOOL_A)
    first = office.get(f"{REQUESTS}/{request}").json()["due_on"]
    assert step(office, world, request, "extension", reason="Many records").json()["due_on"] > first
    step(office, world, request, "extension", 409, reason="More")
    step(office, world, make(world, SCHOOL_A, received_on=days_ago(60)), "extension", 409, reason="Late")


@pytest.mark.parametrize("subject", ["pupil", "contact", "staff"])
def test_who_is_not_there_cannot_be_asked_for(client_a, world, subject):
    body = {"subject": subject, "received_on": days_ago(1), "requester": "x", "by": world.staff[SCHOOL_A][0]}
    assert pointers(client_a.post(REQUESTS, {**body, "id": 999999}, 422)) == ["/id"]
    foreign = {"pupil": world.pupils, "staff": world.staff}.get(subject)
    if foreign:
        assert pointers(client_a.post(REQUESTS, {**body, "id": foreign[SCHOOL_B][0]}, 422)) == ["/id"]


def test_nobody_reviews_or_fetches_what_they_may_not_read(office, world, pupil):
    visit, staff = world.visit(pupils=[pupil]), world.staff[SCHOOL_A][0]
    concern = {"by": staff, "pupil": pupil, "text": "Bruises", "serious": False}
    office.post(f"/api/v1/visits/{visit['id']}/concerns", concern)
    request = make(world, SCHOOL_A, subject="pupil", id=pupil)
    less = office.with_scope(*(s for s in SCOPES if not s.startswith("concerns:")))
    assert items(office, request, kind="concern") and not items(less, request, kind="concern")
    answer = step(less, world, request, "review", 403)
    assert "concerns:read" in answer.json()["detail"]
    step(office, world, request, "review")
    for end in ("package.xml", "package-rows.csv"):
        less.get(f"{REQUESTS}/{request}/{end}", 403)


def test_every_look_leaves_an_entry(office, world, about, query):
    step(office, world, about, "review")
    package(office, about)
    path = f"{REQUESTS}/{about}/package"
    ((count,),) = query("select count(*) from audit.access where starts_with(resource, %s)", path)
    assert count == 6
