"""The directory from files: what is taken, what is rejected with its line, what is left alone."""

import gzip

import pytest

from client import code, pointers
from world import (
    COLUMNS,
    KINDS,
    MARKER,
    SCHOOL_A,
    SCHOOL_B,
    SCHOOL_C,
    contact_row,
    csv_text,
    ndjson_text,
    pupil_row,
    school_row,
    staff_row,
    upn,
)

NDJSON = "application/x-ndjson"


def typed(kind, row):
    """A row as NDJSON has it: numbers, booleans, no empty members."""
    row = {k: v for k, v in row.items() if v != ""}
    for name in ("urn", "school_urn"):
        if name in row:
            row[name] = int(row[name])
    if "parental_responsibility" in row:
        row["parental_responsibility"] = row["parental_responsibility"] == "true"
    return row


def find(api, kind, **wanted):
    found = [r for r in api.pages(f"/api/v1/{kind}") if all(r[k] == v for k, v in wanted.items())]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture
def rows(world):
    """Two new good rows of each kind."""
    number, serial = upn(), upn()[-6:]
    urn = 800000 + int(serial) % 100000
    return {
        "schools": [
            school_row(urn, "New School", laestab=f"8{serial}"),
            school_row(urn + 100000, "Newer", laestab=f"7{serial[:2]}/{serial[2:]}"),
        ],
        "staff": [staff_row(SCHOOL_A, number), staff_row(SCHOOL_A, upn(), roles="")],
        "pupils": [pupil_row(SCHOOL_A, number), pupil_row(SCHOOL_A, upn(last="A"))],
        "contacts": [
            contact_row(world.rows["pupils"][0]["upn"], number),
            contact_row(world.rows["pupils"][1]["upn"], number),
        ],
    }


@pytest.fixture
def rejected(office, stored):
    """rejected(kind, text): the problems of a file of which nothing may be stored."""

    def check(kind, text, **more):
        before = stored()
        answer = office.import_rows(kind, text, 422, **more)
        assert stored() == before
        problem = answer.json()
        assert problem["type"] == "/problems#rows-rejected" and problem["accepted"] == 0
        return [(p["line"], p["field"]) for p in problem["rejected"]]

    return check


# ---------------------------------------------------------------------- taken


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_good_rows_are_stored(office, rows, query, kind, form):
    table = f"data.{'staff' if kind == 'staff' else kind[:-1]}"
    before = query(f"select count(*) from {table}")[0][0]
    if form == "csv":
        report = office.import_rows(kind, csv_text(kind, rows[kind])).json()
    else:
        report = office.import_rows(kind, ndjson_text(typed(kind, r) for r in rows[kind]), media_type=NDJSON).json()
    assert report == {"import": report["import"], "rows": 2, "accepted": 2, "rejected": []}
    assert query(f"select count(*) from {table}")[0][0] == before + 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_twice_changes_nothing(office, rows, query, stored, kind):
    text = csv_text(kind, rows[kind])
    office.import_rows(kind, text)
    before = stored()
    assert office.import_rows(kind, text).json()["accepted"] == 2
    assert stored() == before


@pytest.mark.parametrize(
    "kind, column, value",
    [
        ("schools", "name", "Renamed"),
        ("staff", "phone", "01632 960000"),
        ("staff", "roles", "headteacher"),
        ("pupils", "postcode", "ZZ9 9ZZ"),
        ("pupils", "left_on", "2026-07-20"),
        ("contacts", "language", "Polski"),
    ],
)
def test_a_changed_row_changes_its_record_and_no_other(office, rows, query, kind, column, value):
    office.import_rows(kind, csv_text(kind, rows[kind]))
    last = query("select coalesce(max(entry_id), 0) from audit.entry")[0][0]
    rows[kind][1][column] = value
    office.import_rows(kind, csv_text(kind, rows[kind]))
    # By the client: the clock may have work of its own meanwhile.
    by_client = "client_id is not null and record like 'data.%%'"
    changed = query(f"select action from audit.entry where entry_id > %s and {by_client}", last)
    # A stay or a post is a part of its pupil or person, who changes with it.
    assert changed == [("update",)] * (2 if column in ("left_on", "year_group", "roles") else 1)


def test_columns_may_stand_in_any_order_and_optional_ones_be_missing(office):
    number = upn()
    columns = ["family_name", "upn", "given_name", "admitted_on", "school_urn", "date_of_birth"]
    row = {k: v for k, v in pupil_row(SCHOOL_A, number).items() if k in columns}
    office.import_rows("pupils", csv_text("pupils", [row], columns))
    pupil = find(office, "pupils", upn=number)
    assert pupil["address"] is None and pupil["year_group"] is None


@pytest.mark.parametrize(
    "name", ["O'Brien", "D\u2019Arcy", "Zoë", "Łukasz", "Nguyễn", "李", "al-Ḥasan", 'say "hi"', "a;b,c", "=cmd()"]
)
def test_names_come_back_as_they_stand_in_the_file(office, name):
    number = upn()
    office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A, number, given_name=name)]))
    assert find(office, "pupils", upn=number)["given_name"] == name


@pytest.mark.parametrize("charset", ["windows-1252", '"windows-1252"', "Windows-1252", "cp1252"])
def test_a_file_in_windows_1252_is_read_as_such(office, charset):
    number = upn()
    text = csv_text(
        "pupils", [pupil_row(SCHOOL_A, number, given_name="Zoë", family_name="O\u2019Nei\u0161", address="€5 – “Élan”")]
    )
    office.import_rows("pupils", text.encode("cp1252"), media_type=f"text/csv; charset={charset}")
    pupil = find(office, "pupils", upn=number)
    assert (pupil["given_name"], pupil["family_name"], pupil["address"]) == ("Zoë", "O\u2019Nei\u0161", "€5 – “Élan”")


@pytest.mark.parametrize(
    "mend",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\r\n", "\n"),
        lambda text: text.replace("\r\n", "\r"),
        lambda text: text.rstrip("\r\n"),
        lambda text: text + "\r\n\r\n",
        lambda text: text.replace("\r\n", "\r\n\r\n"),
        lambda text: text.replace(",", " , "),
    ],
    ids=["mark", "lf", "cr", "no end", "blank end", "blank lines", "blanks"],
)
def test_files_as_other_programs_write_them_are_read(office, mend):
    number = upn()
    office.import_rows("pupils", mend(csv_text("pupils", [pupil_row(SCHOOL_A, number, address="plain")])))
    assert find(office, "pupils", upn=number)["family_name"] == "Pupil"


def test_a_cell_may_have_lines(office):
    number = upn()
    office.import_rows(
        "pupils", csv_text("pupils", [pupil_row(SCHOOL_A, number, address="Flat 1\r\nÉlan House\n2 Road")])
    )
    assert find(office, "pupils", upn=number)["address"] == "Flat 1\r\nÉlan House\n2 Road"


def test_5000_rows_are_taken_at_once(fragile):
    rows = [pupil_row(SCHOOL_C) for _ in range(5000)]
    before = fragile.query("select count(*) from data.pupil")[0][0]
    assert fragile.office.import_rows("pupils", csv_text("pupils", rows)).json()["accepted"] == 5000
    assert fragile.query("select count(*) from data.pupil")[0][0] == before + 5000


def test_a_pupil_who_moves_school_is_one_pupil(office):
    number = upn()
    for school, more in ((SCHOOL_A, {"left_on": "2023-07-20"}), (SCHOOL_C, {"admitted_on": "2023-09-01"})):
        office.import_rows("pupils", csv_text("pupils", [pupil_row(school, number, **more)]))
    assert [e["school_urn"] for e in find(office, "pupils", upn=number)["enrolments"]] == [SCHOOL_A, SCHOOL_C]


def test_a_colleague_at_two_schools_is_one_person(office):
    rows = [
        staff_row(SCHOOL_A, "two", staff_code="TWO", roles="dsl"),
        staff_row(SCHOOL_C, "two", staff_code="TWO", roles="visitor; governor"),
    ]
    office.import_rows("staff", csv_text("staff", rows))
    assert find(office, "staff", staff_code="TWO")["posts"] == [
        {"school_urn": SCHOOL_A, "roles": ["dsl"], "left_on": None},
        {"school_urn": SCHOOL_C, "roles": ["visitor", "governor"], "left_on": None},
    ]


# ------------------------------------------------------------------- rejected


BAD_CELLS = [
    ("schools", "urn", "99999"),
    ("schools", "urn", ""),
    ("schools", "laestab", "12/3456"),
    ("schools", "phase", "kindergarten"),
    ("schools", "policy", "Not A Code"),
    ("schools", "name", "x" * 201),
    ("staff", "school_urn", "999999"),
    ("staff", "roles", "visitor;wizard"),
    ("staff", "family_name", ""),
    ("staff", "staff_code", "x" * 51),
    ("pupils", "date_of_birth", "2025-02-29"),
    ("pupils", "date_of_birth", "01/02/2016"),
    ("pupils", "date_of_birth", "2199-01-01"),
    ("pupils", "year_group", "14"),
    ("pupils", "left_on", "2020-01-01"),
    ("pupils", "admitted_on", ""),
    ("pupils", "school_urn", "abc"),
    ("pupils", "given_name", " \t "),
    ("pupils", "postcode", "x" * 11),
    ("pupils", "given_name", "bell\a"),
    ("contacts", "upn", "A801400100999"),
    ("contacts", "parental_responsibility", "yes"),
    ("contacts", "relationship", ""),
]


@pytest.mark.parametrize("kind, column, value", BAD_CELLS)
def test_a_bad_cell_is_rejected_with_its_line_and_column(rows, rejected, kind, column, value):
    rows[kind][1][column] = value
    assert rejected(kind, csv_text(kind, rows[kind])) == [(3, column)]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda u: ("B" if u[0] != "B" else "C") + u[1:],
        lambda u: u[:-1],
        lambda u: u + "1",
        lambda u: u.lower(),
        lambda u: "I" + u[1:],
        lambda u: u[:-1] + "O",
        lambda u: u[:-1] + "I",
        lambda u: u[:-1] + "S",
        lambda u: u[:4] + "A" + u[5:],
        lambda u: u[:5] + " " + u[6:],
    ],
)
def test_a_wrong_upn_is_rejected(rejected, wrong):
    text = csv_text("pupils", [pupil_row(SCHOOL_A), {**pupil_row(SCHOOL_A), "upn": wrong(upn())}])
    assert rejected("pupils", text) == [(3, "upn")]


def test_check_letters_of_upns_are_those_of_the_guidance(office):
    """Every letter comes up, and the temporary form is taken."""
    numbers, letters = [], set()
    while len(letters) < 23:
        numbers.append(upn())
        letters.add(numbers[-1][0])
    numbers.append(upn(last="Z"))
    text = csv_text("pupils", [pupil_row(SCHOOL_C, n) for n in numbers])
    assert office.import_rows("pupils", text, query="?dry_run=true").json()["rejected"] == []
    assert letters == set("ABCDEFGHJKLMNPQRTUVWXYZ")


def test_lines_are_those_of_the_file_whatever_the_cells_hold(rejected):
    rows = [
        pupil_row(SCHOOL_A, address="one\r\ntwo\r\nthree"),
        pupil_row(SCHOOL_A, year_group="99"),
        pupil_row(SCHOOL_A, upn()),
    ]
    text = csv_text("pupils", rows).replace("\r\n" + rows[2]["upn"], "\r\n\r\n" + rows[2]["upn"][:-1] + "I")
    assert rejected("pupils", text) == [(5, "year_group"), (7, "upn")]


def test_every_problem_of_every_row_is_told(rejected):
    bad = pupil_row(SCHOOL_A, given_name="", date_of_birth="x", year_group="99")
    found = rejected("pupils", csv_text("pupils", [bad, pupil_row(SCHOOL_A), bad]))
    assert found == [(line, field) for line in (2, 4) for field in ("date_of_birth", "given_name", "year_group")]


@pytest.mark.parametrize(
    "kind, column", [("schools", "urn"), ("staff", "staff_code"), ("pupils", "admitted_on"), ("contacts", "given_name")]
)
def test_a_row_that_is_there_twice_is_rejected(rows, rejected, kind, column):
    assert rejected(kind, csv_text(kind, [rows[kind][0], rows[kind][0]])) == [(3, column)]


@pytest.mark.parametrize("row", ["a,b", "," * 30], ids=["short", "long"])
def test_a_row_of_another_length_is_rejected_as_a_whole(rejected, row):
    assert (2, None) in rejected("pupils", ",".join(COLUMNS["pupils"]) + "\r\n" + row + "\r\n")


@pytest.mark.parametrize(
    "line, field",
    [
        ("{", None),
        ("[]", None),
        ("1", None),
        ('{"upn":"x","upn":"y"}', None),
        ('{"urn":NaN}', None),
        ('{"nothing":1}', "nothing"),
        ('{"upn":1}', "upn"),
        ('{"upn":null}', "upn"),
        ("x" * 70000, None),
        ('{"upn":"\\u0000"}', None),
        ('{"school_urn":"900001"}', "school_urn"),
    ],
)
def test_a_bad_line_of_ndjson_is_rejected_with_its_number(rejected, line, field):
    good = ndjson_text([typed("pupils", pupil_row(SCHOOL_A))])
    assert (3, field) in rejected("pupils", good + "\n" + line + "\n" + good.replace("Ada", "Eve"), media_type=NDJSON)


def test_bytes_that_are_not_utf_8_are_rejected_in_their_cell(rejected):
    text = csv_text("pupils", [pupil_row(SCHOOL_A, given_name="Zo@")]).encode().replace(b"@", b"\xeb")
    assert rejected("pupils", text) == [(2, "given_name")]
    assert rejected("pupils", text.replace(b"\xeb", b"\x81"), media_type="text/csv; charset=windows-1252") == [
        (2, "given_name")
    ]


def test_a_pupil_of_another_name_under_a_known_upn_is_not_taken_over(client_a, world, stored):
    """From a client that does not see the pupil: no name, no birthday, no address gets out or is changed."""
    known = next(r for r in world.rows["pupils"] if r["school_urn"] == SCHOOL_B)
    before = stored()
    answer = client_a.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A, known["upn"], "Somebody")]), 422)
    assert [(p["line"], p["field"]) for p in answer.json()["rejected"]] == [(2, "upn")]
    assert MARKER not in answer.text
    assert stored() == before


@pytest.mark.parametrize("right", [True, False])
def test_a_guess_at_a_hidden_pupil_tells_nothing(client_a, world, stored, right):
    """With the right name and birthday the answer is the same as with wrong ones, and nothing is linked."""
    known = next(r for r in world.rows["pupils"] if r["school_urn"] == SCHOOL_B)
    names = ("given_name", "family_name", "date_of_birth")
    guess = {**pupil_row(SCHOOL_A, known["upn"]), **({name: known[name] for name in names} if right else {})}
    before = stored()
    for query in ("?dry_run=true", "?mode=valid"):
        problem = client_a.import_rows("pupils", csv_text("pupils", [guess]), 200, query=query).json()
        assert problem["accepted"] == 0
        assert [(p["field"], "another school" in p["detail"]) for p in problem["rejected"]] == [("upn", True)]
    assert stored() == before


def test_what_a_file_does_not_say_stays_and_what_it_empties_goes(office):
    row = {**pupil_row(SCHOOL_A), "address": "9 Stay Street", "postcode": "ZZ9 9ZZ", "year_group": "4"}
    office.import_rows("pupils", csv_text("pupils", [row]))
    few = ["upn", "school_urn", "given_name", "family_name", "date_of_birth", "admitted_on", "postcode"]
    fewer = {**{name: row[name] for name in few}, "postcode": ""}
    office.import_rows("pupils", csv_text("pupils", [fewer], few))
    pupil = find(office, "pupils", upn=row["upn"])
    assert (pupil["address"], pupil["year_group"], pupil["postcode"]) == ("9 Stay Street", "4", None)


def test_a_file_of_nothing_but_bad_rows_is_given_up(office, stored):
    before = stored()
    text = csv_text("pupils", []) + "x\r\n" * 20_000
    answer = office.import_rows("pupils", text, 400)
    assert code(answer) == "malformed" and "10000 rows" in answer.json()["detail"]
    assert stored() == before


# ------------------------------------------------------------- mode and dry run


def mixed():
    return [
        pupil_row(SCHOOL_C),
        pupil_row(SCHOOL_C, year_group="99"),
        pupil_row(SCHOOL_C),
        {**pupil_row(SCHOOL_C), "upn": "X"},
    ]


def test_mode_valid_stores_the_good_rows(office, query):
    rows = mixed()
    report = office.import_rows("pupils", csv_text("pupils", rows), query="?mode=valid").json()
    assert (report["rows"], report["accepted"], [p["line"] for p in report["rejected"]]) == (4, 2, [3, 5])
    known = query("select upn from data.pupil where upn = any(%s)", [r["upn"] for r in rows])
    assert sorted(known) == sorted([(rows[0]["upn"],), (rows[2]["upn"],)])


@pytest.mark.parametrize("mode", ["", "&mode=all"])
def test_mode_all_stores_every_row_or_none(rejected, mode):
    assert rejected("pupils", csv_text("pupils", mixed()), query="?dry_run=false" + mode) == [
        (3, "year_group"),
        (5, "upn"),
    ]


@pytest.mark.parametrize("mode, accepted", [("all", 0), ("valid", 2)])
def test_a_dry_run_reports_and_stores_nothing(office, stored, mode, accepted):
    before = stored()
    report = office.import_rows("pupils", csv_text("pupils", mixed()), query=f"?dry_run=true&mode={mode}").json()
    assert (report["rows"], report["accepted"], len(report["rejected"])) == (4, accepted, 2)
    assert stored() == before


@pytest.mark.parametrize(
    "parameter, pointer",
    [("mode=some", "/mode"), ("dry_run=yes", "/dry_run"), ("dry_run=1", "/dry_run"), ("limit=1", "/limit")],
)
def test_a_wrong_parameter_is_400(office, stored, parameter, pointer):
    before = stored()
    assert pointers(office.import_rows("pupils", csv_text("pupils", mixed()), 400, query=f"?{parameter}")) == [pointer]
    assert stored() == before


# --------------------------------------------------------------- files not read


@pytest.mark.parametrize(
    "header, wanted",
    [
        ("upn,school_urn,given_name,family_name,admitted_on", ["/date_of_birth"]),
        ("upn,school_urn,given_name,family_name,date_of_birth,admitted_on,colour", ["/colour"]),
        ("upn,upn,school_urn,given_name,family_name,date_of_birth,admitted_on", ["/upn"]),
        ("UPN,school_urn,given_name,family_name,date_of_birth,admitted_on", ["/UPN", "/upn"]),
        ("upn,school_urn,given_name,family_name,date_of_birth,admitted_on,", ["/"]),
        ("upn;school_urn;given_name;family_name;date_of_birth;admitted_on", None),
        ("mode,upn,school_urn,given_name,family_name,date_of_birth,admitted_on", ["/mode"]),
    ],
)
def test_a_wrong_header_is_400_with_the_columns(office, stored, header, wanted):
    before = stored()
    found = pointers(office.import_rows("pupils", header + "\r\n1,2,3\r\n", 400))
    assert found == wanted or wanted is None and len(found) == 7
    assert stored() == before


@pytest.mark.parametrize("text", ["", "\r\n\r\n", 'a"b,c\r\n', '"never closed', b"\x00", "\ufeff", "x," * 100])
def test_a_file_that_is_no_csv_is_400(office, stored, text):
    before = stored()
    office.import_rows("pupils", text, 400)
    assert stored() == before


def test_a_truncated_file_is_400_and_nothing_is_stored(office, stored):
    text = csv_text("pupils", [pupil_row(SCHOOL_A, address='"' + "x" * 100) for _ in range(3)]).encode()
    before = stored()
    answer = office.import_rows("pupils", text[:-60], 400, query="?mode=valid")
    assert code(answer) == "malformed" and "line 4" in answer.json()["detail"]
    assert stored() == before


def test_an_empty_ndjson_file_is_400(office):
    office.import_rows("pupils", "", 400, media_type=NDJSON)


def test_a_gzipped_file_is_415(office, stored):
    before = stored()
    data = gzip.compress(csv_text("pupils", [pupil_row(SCHOOL_A)]).encode())
    office.import_rows("pupils", data, 415, headers={"Content-Encoding": "gzip"})
    office.import_rows("pupils", data, 415, media_type="application/gzip")
    office.import_rows("pupils", data, 400)
    assert stored() == before


@pytest.mark.parametrize(
    "media_type", ["text/csv; charset=utf-16", "text/csv; charset=latin1", "application/pdf", "text/csvx", "text"]
)
def test_another_media_type_or_charset_is_415(office, stored, media_type):
    before = stored()
    office.import_rows("pupils", csv_text("pupils", [pupil_row(SCHOOL_A)]), 415, media_type=media_type)
    assert stored() == before


def test_only_who_sees_the_whole_trust_adds_a_school(client_a, rows, stored):
    before = stored()
    answer = client_a.import_rows("schools", csv_text("schools", rows["schools"][:1]), 422)
    assert [p["field"] for p in answer.json()["rejected"]] == ["urn"]
    assert stored() == before


def test_parallel_imports_of_the_same_file_leave_each_row_once(office, query, parallel):
    rows = [pupil_row(SCHOOL_C) for _ in range(50)]
    text = csv_text("pupils", rows)
    statuses = parallel(lambda _: office.fork().import_rows("pupils", text, (200, 409, 503)).status_code, range(6))
    assert 200 in statuses
    assert query(
        "select count(*), count(distinct upn) from data.pupil where upn = any(%s)", [r["upn"] for r in rows]
    ) == [(50, 50)]
    assert query(
        "select count(*) from data.enrolment e join data.pupil p using (pupil_id) where upn = any(%s)",
        [r["upn"] for r in rows],
    ) == [(50,)]
