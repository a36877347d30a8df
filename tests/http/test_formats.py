"""The same list as JSON, NDJSON, CSV and XML; which one a caller gets."""

import gzip
import io
import json
import subprocess
import zipfile
import xml.etree.ElementTree as ElementTree

import hypothesis
import hypothesis.strategies as st
import pytest

import contract
import strict_csv
import workbook
from client import code
from world import SCHOOL_A, SCHOOL_C

VISITS = "/api/v1/visits"
NAMESPACE = "{%s}"
KINDS = ["schools", "staff", "pupils", "contacts", "visits", "events"]
NOUNS = {
    "schools": "school",
    "staff": "member",
    "pupils": "pupil",
    "contacts": "contact",
    "visits": "visit",
    "events": "event",
}
EXPORTS = ["csv", "xml", "ndjson", "xlsx"]
TYPES = {name: media_type.partition(";")[0] for name, media_type in contract.MEDIA_TYPES.items()}


@pytest.fixture(scope="module")
def eventful(world):
    """A visit with every kind of value in it."""
    visit = world.visit(
        parents_told_by="letter",
        vehicle={"make": "Ford", "colour": "red"},
        pupils=world.pupils[SCHOOL_A][:2],
        place={"address": "Flat \"2\", O'Brien's\nÉlan Row", "postcode": None},
    )
    world.event(visit, "departed", "2026-01-13T09:10:00Z", 'a,b\r\n"c"')
    world.event(visit, "note", "2026-01-13T09:15:00Z", "=2+5")
    return visit


@pytest.fixture
def path_of(eventful):
    def path(kind):
        return f"{VISITS}/{eventful['id']}/events" if kind == "events" else f"/api/v1/{kind}"

    return path


def records_of_xml(content, noun):
    root = ElementTree.fromstring(content)
    space = root.tag.partition("}")[0] + "}"
    assert all(item.tag == space + noun for item in root)
    return [{cell.tag.removeprefix(space): cell.text or "" for cell in item} for item in root]


def as_text(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# ------------------------------------------------------------- the four agree


@pytest.mark.parametrize("kind", KINDS)
def test_ndjson_has_the_records_of_the_json_list(office, path_of, kind):
    answer = office.get(path_of(kind) + ".ndjson")
    assert [json.loads(line) for line in answer.content.split(b"\n")[:-1]] == list(office.pages(path_of(kind)))
    assert answer.content.endswith(b"\n")


@pytest.mark.parametrize("kind", KINDS)
def test_csv_is_strict_rfc_4180_and_has_the_same_values(office, path_of, kind):
    rows = strict_csv.read_dicts(office.get(path_of(kind) + ".csv?flavour=machine").content)
    records = list(office.pages(path_of(kind)))
    assert len(rows) == len(records)
    for row, record in zip(rows, records):
        for name in row.keys() & record.keys():
            assert row[name] == as_text(record[name]), name


@pytest.mark.parametrize("kind", KINDS)
def test_xml_fits_the_served_schema_and_has_the_same_values(office, path_of, kind, tmp_path):
    schema, document = tmp_path / "list.xsd", tmp_path / "list.xml"
    schema.write_bytes(office.get(f"/api/v1/{kind}.xsd").content)
    document.write_bytes(office.get(path_of(kind) + ".xml").content)
    done = subprocess.run(
        ["xmllint", "--noout", "--nonet", "--schema", schema, document], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[:2000]
    found, records = records_of_xml(document.read_bytes(), NOUNS[kind]), list(office.pages(path_of(kind)))
    assert len(found) == len(records)
    for item, record in zip(found, records):
        for name in item.keys() & record.keys():
            assert item[name].replace("\r\n", "\n") == as_text(record[name]).replace("\r\n", "\n"), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_the_same_values_each_as_what_it_is(office, path_of, kind):
    title, header, rows = workbook.read(office.get(path_of(kind) + ".xlsx").content)
    records = list(office.pages(path_of(kind)))
    assert title == kind and header == strict_csv.read(office.get(path_of(kind) + ".csv").content)[0]
    assert len(rows) == len(records)
    for row, record in zip(rows, records):
        for name in set(header) & record.keys():
            expected = record[name] or None if isinstance(record[name], str) else record[name]
            found = row.get(name)
            if isinstance(expected, str) and expected.endswith("Z"):
                expected = expected.partition(".")[0].rstrip("Z")
                found = found.partition(".")[0].rstrip("Z")
            assert found == expected and isinstance(found, str) == isinstance(expected, str), name


@pytest.mark.parametrize("kind", KINDS)
def test_csv_and_xml_have_the_same_columns(office, path_of, kind):
    header, *_ = strict_csv.read(office.get(path_of(kind) + ".csv").content)
    for item in records_of_xml(office.get(path_of(kind) + ".xml").content, NOUNS[kind]):
        assert [name for name in header if name in item] == list(item)


def test_flat_columns_say_what_the_nested_ones_do(office, eventful):
    row = next(r for r in strict_csv.read_dicts(office.get(f"{VISITS}.csv").content) if r["id"] == str(eventful["id"]))
    assert row["pupil_ids"] == "; ".join(map(str, eventful["pupils"]))
    assert row["lead"] == eventful["team"][0]["name"]
    assert (
        row["team_names"] == f"{eventful['team'][0]['name']}; Outside Professional (social worker, Children's services)"
    )
    assert row["phones"].lstrip("'") == "07700 900123"
    assert row["vehicle_text"] == "red Ford"
    assert row["address"] == eventful["place"]["address"] and row["postcode"] == ""


def test_an_export_has_no_limit_and_takes_the_filters(office, world):
    pupils = list(office.pages("/api/v1/pupils", school=SCHOOL_C))
    rows = strict_csv.read_dicts(office.get(f"/api/v1/pupils.csv?school={SCHOOL_C}&limit=1").content)
    assert [r["id"] for r in rows] == [str(p["id"]) for p in pupils]


@pytest.mark.parametrize("suffix", EXPORTS)
def test_an_empty_export_is_whole(office, suffix):
    content = office.get(f"{VISITS}.{suffix}?school=999999").content
    if suffix == "csv":
        assert len(strict_csv.read(content)) == 1
    elif suffix == "xlsx":
        assert workbook.read(content)[2] == []
    elif suffix == "xml":
        assert len(ElementTree.fromstring(content)) == 0
    else:
        assert content == b""


# ------------------------------------------------------------------- formulas


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "|x", "%x", " =1", "\u00a0=1", "\uff1d1", "ok\n=1", "ok\r\n@x", "\u200b=1"]
HARMLESS = ["plain", "a=b", "1-2", "O'Brien", "1\n2"]


def note_cells(office, world, notes):
    """The cells of the notes in both flavours."""
    visit = world.visit()
    for note in notes:
        world.event(visit, "note", note=note)
    return [
        [r["note"] for r in strict_csv.read_dicts(office.get(f"{VISITS}/{visit['id']}/events.csv{q}").content)]
        for q in ("", "?flavour=spreadsheet", "?flavour=machine")
    ]


def test_cells_that_a_spreadsheet_would_run_are_guarded(office, world):
    default, named, machine = note_cells(office, world, FORMULAS)
    assert machine == FORMULAS
    assert named == default
    for cell, note in zip(default, FORMULAS):
        assert cell.replace("'", "") == note and cell != note
        assert all(
            line.lstrip(" \u00a0\u200b")[:1] not in ("=", "+", "-", "@", "|", "%", "\uff1d")
            for line in cell.splitlines()
        )


def test_no_cell_of_a_workbook_is_a_formula(office, world):
    visit = world.visit()
    notes = [*FORMULAS, *HARMLESS, "tab\tbed", "x" * 4000]
    for note in notes:
        world.event(visit, "note", note=note)
    content = office.get(f"{VISITS}/{visit['id']}/events.xlsx").content
    assert [row["note"] for row in workbook.read(content)[2]] == notes
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_harmless_cells_are_exact(office, world):
    assert note_cells(office, world, HARMLESS) == [HARMLESS] * 3


def test_times_and_numbers_are_not_guarded(office, eventful):
    row = strict_csv.read_dicts(office.get(f"{VISITS}.csv").content)[0]
    assert row["planned_start"][:4].isdigit() and row["id"].isdigit()


TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc")) | st.sampled_from("\",;'\t\n\r=<>&"), min_size=1, max_size=80
)


@hypothesis.settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(note=TEXT.filter(lambda text: any(c.isalnum() for c in text)))
def test_any_text_comes_back_from_every_format(office, eventful, note):
    path = f"{VISITS}/{eventful['id']}/events"
    made = office.post(path, {"kind": "note", "note": note}).json()
    assert made["note"] == note
    assert json.loads(office.get(f"{path}.ndjson").content.split(b"\n")[-2])["note"] == note
    assert strict_csv.read(office.get(f"{path}.csv?flavour=machine").content)[-1][4] == note
    xml = records_of_xml(office.get(f"{path}.xml").content, "event")[-1]["note"]
    forbidden = {ord(c): "\ufffd" for c in "\ufffe\uffff"}
    assert xml.replace("\r\n", "\n").replace("\r", "\n") == note.translate(forbidden).replace("\r\n", "\n").replace(
        "\r", "\n"
    )


# --------------------------------------------------------------- which format


@pytest.mark.parametrize(
    "accept, wanted",
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("application/*", "json"),
        ("text/csv", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/*", "csv"),
        ("text/csv; charset=utf-8", "csv"),
        ("application/xml", "xml"),
        ("application/x-ndjson", "ndjson"),
        (workbook.MEDIA_TYPE, "xlsx"),
        ("text/csv;q=0.5, application/xml", "xml"),
        ("application/json;q=0.1, text/csv;q=0.9", "csv"),
        ("text/html, */*;q=0.1", "json"),
        ("application/json;q=0, */*", "ndjson"),
        ("text/csv, application/json", "json"),
        ("application/xml;q=0.9,text/html,*/*;q=0.8", "xml"),
    ],
)
def test_accept_chooses_the_format(office, accept, wanted):
    answer = office.get("/api/v1/schools", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == contract.MEDIA_TYPES[wanted]
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "accept",
    ["text/html", "image/*", "application/pdf, text/plain", "text/csv;q=0", "text/xml", "application/problem+json"],
)
def test_a_list_in_no_accepted_format_is_406(office, accept):
    assert code(office.get("/api/v1/schools", 406, headers={"Accept": accept})) == "not-acceptable"


@pytest.mark.parametrize("suffix", ["json", *EXPORTS])
def test_a_suffix_wins_over_accept(office, suffix):
    answer = office.get(f"/api/v1/schools.{suffix}", headers={"Accept": "text/csv, image/png"})
    assert answer.headers["Content-Type"] == contract.MEDIA_TYPES[suffix]


@pytest.mark.parametrize("suffix", EXPORTS)
def test_a_record_is_json_only(office, visit, suffix):
    office.get(f"{VISITS}/{visit['id']}.{suffix}", 406)
    office.get(f"{VISITS}/{visit['id']}", 406, headers={"Accept": TYPES[suffix]})
    accept = f"{TYPES[suffix]}, application/json;q=0.1"
    assert office.get(f"{VISITS}/{visit['id']}", headers={"Accept": accept}).json() == visit
    assert office.get(f"{VISITS}/{visit['id']}.json").json() == visit


@pytest.mark.parametrize("suffix", EXPORTS)
def test_an_export_is_a_file_of_its_name(office, suffix):
    assert (
        office.get(f"/api/v1/schools.{suffix}").headers["Content-Disposition"]
        == f'attachment; filename="schools.{suffix}"'
    )
    assert "Content-Disposition" not in office.get("/api/v1/schools").headers


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_only_reading_has_suffixes_of_exports(office, method):
    office.call(method, f"{VISITS}.csv", expect=(405, 406))


# ---------------------------------------------------------------- on the wire


@pytest.mark.parametrize("suffix", ["", ".json", *(f".{e}" for e in EXPORTS)])
def test_content_length_is_true_and_head_is_get_without_a_body(office, suffix):
    path = f"/api/v1/schools{suffix}"
    got, head = office.get(path), office.call("HEAD", path, expect=200)
    for name in ("Content-Length", "Content-Type"):
        assert head.headers[name] == got.headers[name]
    assert int(got.headers["Content-Length"]) == len(got.content)


def test_head_of_a_record_and_of_a_refusal(office, visit, anyone):
    path = f"{VISITS}/{visit['id']}"
    assert office.call("HEAD", path, expect=200).headers["ETag"] == office.get(path).headers["ETag"]
    office.call("HEAD", f"{VISITS}/999999999", expect=404)
    anyone.call("HEAD", path, expect=401)
    office.call("HEAD", path, expect=304, headers={"If-None-Match": "*"})


@pytest.mark.parametrize("path", ["/api/v1/pupils", "/api/v1/pupils.csv", "/api/v1/pupils.xml", "/api/v1/openapi.json"])
def test_lists_and_exports_are_compressed_on_request(office, path):
    plain = office.get(path)
    answer = office.session.get(
        office.url + path, stream=True, headers={"Accept-Encoding": "gzip", "Authorization": f"Bearer {office.token}"}
    )
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.raw.read(decode_content=False)) == plain.content


def test_a_record_with_an_etag_is_never_compressed(office, world):
    visit = world.visit(
        place={"address": "x" * 500}, team=[{"name": "y" * 200, "lead": True}] + [{"name": "y" * 200}] * 9
    )
    answer = office.get(f"{VISITS}/{visit['id']}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers and answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_served_with_their_type(anyone, kind):
    answer = anyone.get(f"/api/v1/{kind}.xsd")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert ElementTree.fromstring(answer.content).tag == "{http://www.w3.org/2001/XMLSchema}schema"


@pytest.mark.parametrize("suffix", ["", ".csv", ".xml", ".ndjson"])
def test_a_cursor_from_elsewhere_is_refused_in_every_format(office, suffix):
    assert code(office.get(f"{VISITS}{suffix}?after=1-0123456789abcdef", expect=400)) == "invalid-cursor"
