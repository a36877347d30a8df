"""Reports that are folders: their examples, one that is added without compiling, ones that are broken."""

import json
import os
import re
import shutil
import subprocess

import jsonschema
import pytest

import bodies
import plain_cgi
import workbook

from client import Api
from instance import SRC
from world import SCHOOL_A, SCHOOL_B

REPORTS = SRC / "reports"
FOLDERS = sorted(p.parent.name for p in REPORTS.glob("*/report.json"))
FORMATS = ("json", "ndjson", "csv", "xml", "html")  # a workbook is compared cell by cell
PREFIX = "/api/v1/reports"
# Run once with it set, the examples are written anew; then read what has changed.
WRITES = bool(os.environ.get("DOORSTEP_WRITE_EXAMPLES"))


class Example:
    """A database of its own, and the program reports as plain CGI over it."""

    def __init__(self, instance, database, spool):
        self.instance, self.database, self.spool = instance, database, spool

    def conninfo(self, user="postgres"):
        return self.instance.conninfo(user).replace("dbname=doorstep", f"dbname={self.database}")

    def sql(self, *arguments, **more):
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, text=True, **more)

    def get(self, uri, token="example", reports=REPORTS):
        """(status, headers, body, log)"""
        return plain_cgi.run(
            "reports",
            "GET",
            uri,
            HTTP_AUTHORIZATION=f"Bearer {token}",
            DOORSTEP_DATABASE=self.conninfo("doorstep_reports"),
            DOORSTEP_SPOOL_DIR=str(self.spool),
            DOORSTEP_REPORTS_DIR=str(reports),
        )


@pytest.fixture(scope="session")
def template(instance):
    """A database with the schema, the policies and the helpers of tests/sql, to be copied."""
    name = "example"
    instance.query(f"create database {name}")
    made = Example(instance, name, None)
    made.sql("--single-transaction", "-f", SRC / "sql/install.sql")
    for policy in sorted((SRC / "sql/policies").glob("*.sql")):
        made.sql("--single-transaction", "-f", policy)
    made.sql("-f", SRC / "tests/sql/helpers.sql")
    return name


@pytest.fixture
def example(instance, template, tmp_path):
    """example(report): a database with its fixture, and a client of the whole trust that has the report's scope alone:
    what it comes to must not depend on another."""
    made = []

    def make(report):
        database = f"{template}_{len(made)}"
        instance.query(f"create database {database} template {template}")
        made.append(database)
        here = Example(instance, database, tmp_path)
        scope = json.loads((REPORTS / report / "report.json").read_text())["scope"]
        here.sql("-c", f"select t.client('example', null, array['{scope}'])",
                 "-c", "update auth.token set token_hash = decode(t.hash('example'), 'hex')")
        here.sql("-f", REPORTS / report / "example/fixture.sql")
        return here

    yield make
    for database in made:
        instance.query(f"drop database {database} with (force)")


@pytest.mark.parametrize("report", FOLDERS)
def test_an_example_comes_out_as_expected_in_every_format(example, report, tmp_path):
    folder = REPORTS / report / "example"
    query = (folder / "query").read_text().strip()
    here = example(report)
    for suffix in FORMATS:
        status, headers, body, log = here.get(f"{PREFIX}/{report}.{suffix}?{query}")
        assert status == 200, log
        expected = folder / f"expected.{suffix}"
        if WRITES:
            expected.write_bytes(body)
        assert body == expected.read_bytes(), suffix
        if suffix in ("xml", "html"):
            (tmp_path / f"found.{suffix}").write_bytes(body)
    _, _, schema, _ = here.get(f"{PREFIX}/{report}.xsd")
    (tmp_path / "schema.xsd").write_bytes(schema)
    subprocess.run(["xmllint", "--noout", "--nonet", "--schema", tmp_path / "schema.xsd", tmp_path / "found.xml"],
                   check=True, capture_output=True)
    rows = json.loads((folder / "expected.json").read_text())["data"]
    _, header, cells = workbook.read(here.get(f"{PREFIX}/{report}.xlsx?{query}")[2])
    assert [c["name"] for c in json.loads((REPORTS / report / "report.json").read_text())["columns"]] == header
    assert cells == [{k: v for k, v in row.items() if v not in (None, "")} for row in rows]
    assert rows, "an example shows something"
    assert len(re.findall(r"<tr>", (folder / "expected.html").read_text())) == 1 + len(rows)


NEW = {
    "title": "Who went",
    "answers": "How many visits has each school planned?",
    "scope": "visits:read",
    "row": "school",
    "rows": "schools",
    "parameters": [{"name": "at_least", "type": "integer", "minimum": 1, "description": "So many, or more"}],
    "columns": [
        {"name": "school_urn", "title": "School", "type": "integer", "required": True, "description": "The school"},
        {"name": "visits", "title": "Visits", "type": "integer", "required": True, "description": "How many"},
    ],
}
NEW_SQL = """select v.school_urn, count(*) as visits from data.visit v group by v.school_urn
having count(*) >= coalesce((select at_least from parameter), 0) order by 1"""
PAGE = (REPORTS / "policy-review/page.xsl").read_text() if FOLDERS else ""


def add(folder, name, report=NEW, sql=NEW_SQL, page=PAGE):
    (folder / name).mkdir()
    for file, text in (("report.json", report), ("report.sql", sql), ("page.xsl", page)):
        if text is not None:
            (folder / name / file).write_text(text if isinstance(text, str) else json.dumps(text))


@pytest.fixture
def folder(tmp_path):
    """The reports, where more may be added."""
    return shutil.copytree(REPORTS, tmp_path / "reports")


def test_a_report_is_added_without_compiling(example, folder):
    add(folder, "who-went")
    here = example("unannounced-visits")
    ask = lambda end: here.get(f"{PREFIX}/who-went{end}", reports=folder)  # noqa: E731
    assert ask(".csv")[2] == b"school_urn,visits\r\n900001,4\r\n"
    assert json.loads(ask("?at_least=5")[2]) == {"data": [], "next": None}
    assert ask("?at_least=0")[0] == 400 and ask("?no_such=1")[0] == 400
    assert b"<td>4</td>" in ask(".html")[2]
    assert b"xs:schema" in ask(".xsd")[2]
    listed = {r["name"]: r for r in json.loads(here.get(PREFIX, reports=folder)[2])["data"]}
    assert set(listed) == {*FOLDERS, "legal-referral", "who-went"}
    assert [p["name"] for p in listed["who-went"]["parameters"]] == ["at_least", "flavour"]
    assert listed["who-went"]["parameters"][0]["type"] == "integer"


BROKEN = {
    "no-json": ({"report": "{"}, "report.json: byte 2"),
    "not-an-object": ({"report": "[]"}, "report.json: is no object"),
    "no-title": ({"report": {k: v for k, v in NEW.items() if k != "title"}}, "report.json: /title"),
    "columns-as-text": ({"report": {**NEW, "columns": "school"}}, "report.json: /columns"),
    "parameters-as-a-number": ({"report": {**NEW, "parameters": 1}}, "report.json: /parameters"),
    "another-member": ({"report": {**NEW, "colour": "red"}}, "report.json: /colour"),
    "no-type": ({"report": {**NEW, "columns": [{**NEW["columns"][0], "type": "money"}]}}, "report.json: /columns/0/type"),
    "quoted-name": ({"report": {**NEW, "columns": [{**NEW["columns"][0], "name": 'a"b'}]}}, "/columns/0/name is no name"),
    "column-twice": ({"report": {**NEW, "columns": [NEW["columns"][0]] * 2}}, "/columns/1/name is there twice"),
    "no-sql": ({"sql": None}, "report.sql: there is none"),
    "empty-sql": ({"sql": ""}, "report.sql: is empty"),
    "no-page": ({"page": None}, "page.xsl"),
    "broken-page": ({"page": PAGE.replace("</xsl:stylesheet>", "")}, "page.xsl"),
    "Capital": ({}, "its name is not of a to z"),
}


def test_a_broken_folder_is_named_with_its_fault_and_the_others_still_serve(example, folder):
    for name, (files, _) in BROKEN.items():
        add(folder, name, **files)
    here = example("policy-review")
    status, _, _, log = here.get(f"{PREFIX}/policy-review", reports=folder)
    assert status == 200
    told = [json.loads(line)["message"] for line in log.splitlines() if '"level":"error"' in line]
    for name, (_, why) in BROKEN.items():
        (line,) = [m for m in told if m.startswith(f"the report {name} is not served: ")]
        assert why in line
        assert here.get(f"{PREFIX}/{name}", reports=folder)[0] == 404
    assert len(told) == len(BROKEN)


TEXTS = {**NEW, "columns": [{**NEW["columns"][0], "name": "text", "type": "text"}], "parameters": []}


def test_what_a_cell_of_a_workbook_cannot_hold_is_cut_and_said_so(example, folder):
    add(folder, "long", report=TEXTS, sql="""select repeat(u, n) as text from (values (1, 'x', 32767), (2, 'x', 32768),
        (3, U&'\\+01F600', 20000), (4, U&'\\00E9', 10000000), (5, U&'bell\\0007', 1)) as v (i, u, n) order by i""")
    here = example("unannounced-visits")
    _, _, rows = workbook.read(here.get(f"{PREFIX}/long.xlsx", reports=folder)[2])
    whole, *cut, bell = [row["text"] for row in rows]
    assert whole == "x" * 32767 and bell == "bell\x07"
    for text, unit in zip(cut, "x\U0001f600\u00e9"):
        kept, said, _ = text.partition(" … [cut: a cell holds no more]")
        assert said and set(kept) == {unit} and 32700 < len(text.encode("utf-16-le")) // 2 <= 32767


def test_more_rows_than_a_workbook_holds_are_refused(example, folder):
    add(folder, "many", report=TEXTS, sql="select n::text as text from generate_series(1, 1048576) as n")
    here = example("unannounced-visits")
    status, _, body, _ = here.get(f"{PREFIX}/many.xlsx", reports=folder)
    assert status == 406 and b"1048575 rows at most" in body
    assert here.get(f"{PREFIX}/many.csv", reports=folder)[0] == 200


def test_a_report_changes_nothing_and_is_one_select(example, folder):
    add(folder, "two", sql="select 1 as school_urn, 1 as visits) as a; drop table data.visit; select * from (select 1")
    add(folder, "writes", sql="with gone as (delete from data.visit returning 1) select 1 as school_urn, count(*) as visits from gone")
    add(folder, "no-column", sql="select 1 as school_urn")
    here = example("unannounced-visits")
    for name in ("two", "writes", "no-column"):
        status, _, body, log = here.get(f"{PREFIX}/{name}", reports=folder)
        assert status in (500, 403) and b"select" not in body and '"level":"error"' in log, name
    assert json.loads(here.get(f"{PREFIX}/unannounced-visits?from=2026-01-01", reports=folder)[2])["data"]


def test_a_query_with_a_fault_is_named_at_start_and_the_others_still_serve(start_instance, secrets, tmp_path_factory):
    folder = shutil.copytree(REPORTS, tmp_path_factory.mktemp("shared") / "reports")
    faulty = {"no-column": "select 1 as school_urn", "writes": "with gone as (delete from data.visit returning 1) "
              "select 1 as school_urn, count(*) as visits from gone", "two": "select 1 as school_urn, 1 as visits) as a; "
              "drop table data.visit; select * from (select 1",
              "no-table": "select n as school_urn, 1 as visits from no_such"}
    for name, sql in faulty.items():
        add(folder, name, sql=sql)
    add(folder, "sound")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)  # the programs are another user's
    instance = start_instance(workers=1, reports_dir=folder)
    office = Api(instance.url, "office", instance.make_client("office", ["visits:read"], None), on_token=secrets.add)
    office.get(f"{PREFIX}/visit-log.csv")  # it serves, so it has said what it found at start
    told = {json.loads(line)["message"] for line in instance.log("reports").splitlines() if '"level":"error"' in line}
    for name in faulty:
        assert any(m.startswith(f"the report {name} is not served: report.sql: ") for m in told), told
        office.get(f"{PREFIX}/{name}", 404)
    assert len(told) == len(faulty)
    listed = {r["name"] for r in office.get(PREFIX).json()["data"]}
    assert "sound" in listed and not listed & faulty.keys()


WINDOWS = {
    "from=2026-02-01&to=2026-01-31": "must not be after 2026-01-31",
    "to=1926-01-31&from=1926-02-01": "must not be after 1926-01-31",
    "from=1926-01-01": "must be within ten years before the end",
    "from=1926-01-01&to=2026-01-01": "must be within ten years before the end",
    "from=1626-01-01": "is not a date like 2026-12-31",
    "from=2026-02-30": "is not a date like 2026-12-31",
    "to=tomorrow": "is not a date like 2026-12-31",
    "school=1": "must be a whole number from 100000 to 999999",
    "strength=perhaps": "must be one of: must, should, advised",
    "limit=5": "is not a known parameter",
}


@pytest.mark.parametrize("query", WINDOWS)
def test_what_a_report_cannot_take_is_400_with_its_name(office, query):
    answer = office.get(f"{PREFIX}/outside-policy.csv?{query}", 400).json()
    (error,) = answer["errors"]
    assert error["pointer"] in ("/from", "/" + query.partition("=")[0]) and WINDOWS[query] in error["detail"]


# The enum of sql/types/vocabulary.sql that the choices of a parameter are; None: words of the report's own.
CHOICES = {
    ("agreement-outcomes", "state"): "agreement_state",
    ("audit-trail", "record"): None,
    ("letters-sent", "kind"): "letter_kind",
    ("outside-policy", "strength"): "clause_strength",
    ("persistent-absence", "level"): None,
    ("visit-log", "purpose"): "visit_purpose",
}


def test_the_choices_of_a_parameter_are_those_of_the_vocabulary():
    text = (SRC / "sql/types/vocabulary.sql").read_text()
    enums = {name: re.findall("'([^']+)'", values) for name, values in
             re.findall(r"create type data\.(\w+) as enum \((.*)\);", text)}
    found = {(name, p["name"]): p.get("choices") for name in FOLDERS
             for p in json.loads((REPORTS / name / "report.json").read_text()).get("parameters", []) if p["type"] == "text"}
    assert found.keys() == CHOICES.keys()
    for parameter, enum in CHOICES.items():
        assert found[parameter] and (enum is None or found[parameter] == enums[enum]), parameter


def test_a_purpose_that_does_not_exist_is_400_and_not_nothing(office):
    (error,) = office.get(f"{PREFIX}/visit-log.csv?purpose=nosuch", 400).json()["errors"]
    assert error["pointer"] == "/purpose" and "attendance" in error["detail"]
    office.get(f"{PREFIX}/visit-log.csv?purpose=attendance")


@pytest.mark.parametrize("suffix", ["pdf", "xls", "doc"])
def test_a_format_that_does_not_exist_is_told_with_those_that_do(office, suffix):
    types = {"pdf": "application/pdf", "xls": "application/vnd.ms-excel", "doc": "application/msword"}
    answers = [office.call("GET", f"{PREFIX}/outside-policy", headers={"Accept": types[suffix]}, expect=406),
               office.get(f"{PREFIX}/outside-policy.{suffix}", 406), office.get(f"/api/v1/visits.{suffix.upper()}", 406)]  # fmt: skip
    for offered in ("application/json", "application/x-ndjson", "text/csv", "application/xml", workbook.MEDIA_TYPE):
        assert all(offered in answer.json()["detail"] for answer in answers)
    assert "text/html" in answers[1].json()["detail"]
    office.get(f"{PREFIX}/none.{suffix}", 404)


def test_a_file_is_named_after_what_was_asked(example):
    here = example("policy-review")
    _, headers, _, _ = here.get(f"{PREFIX}/policy-review.csv?as_of=2026-01-31&school=900001")
    pattern = r'attachment; filename="policy-review_school-900001_as_of-2026-01-31_made-\d{4}-\d\d-\d\d\.csv"'
    assert re.fullmatch(pattern, headers["Content-Disposition"])


def test_what_was_asked_is_said_as_it_was_taken(example):
    here = example("visit-log")
    path = f"{PREFIX}/visit-log.html?school=900001&to=2026-01-31&purpose=attendance"
    _, headers, page, _ = here.get(path)
    assert 'filename="visit-log_school-900001_from-2025-08-01_to-2026-01-31_' in headers["Content-Disposition"]
    asked = "school 900001, from 2025-08-01, to 2026-01-31, purpose attendance"
    assert sorted(re.search("Asked for: ([^<]*)<", page.decode()).group(1).split(", ")) == sorted(asked.split(", "))


@pytest.mark.parametrize("report", ["legal-referral", "visit-log", "governors", "attendance-by-week"])
def test_a_school_that_the_client_does_not_see_is_told_so(client_a, report):
    for school in (SCHOOL_B, 999999):
        (error,) = client_a.get(f"{PREFIX}/{report}.csv?school={school}", 400).json()["errors"]
        assert error == {"pointer": "/school", "detail": "is not a school that this client sees"}
    client_a.get(f"{PREFIX}/{report}.csv?school={SCHOOL_A}")


def test_schools_that_follow_one_policy_do_not_differ_from_one_that_follows_none(example):
    here = example("policy-differences")
    here.sql("-c", "update data.adoption set policy_code = 'tkat' where policy_code is not null")
    rows = lambda query: json.loads(here.get(f"{PREFIX}/policy-differences?as_of=2026-01-31{query}")[2])["data"]  # noqa: E731
    assert rows("&differing=true") == []
    assert {(r["policy"], r["schools"], r["differs"]) for r in rows("")} == {("tkat", 5, False)}


def test_a_client_sees_its_schools_alone(example):
    here = example("policy-review")
    here.sql("-c", "select t.client('one', '{900003}', '{policies:read}')",
             "-c", "update auth.token set token_hash = decode(t.hash('one'), 'hex') where client_id = 'one'")
    rows = json.loads(here.get(f"{PREFIX}/policy-review", token="one")[2])["data"]
    assert [r["school_urn"] for r in rows] == [900003]
    assert here.get(f"{PREFIX}/late-records", token="one")[0] == 404


def test_what_somebody_read_before_going_to_another_school_is_not_said_to_be_unread(example):
    """Once they have gone, the former school does not see it any more: their post of then is no reason to miss it."""
    here = example("staff-readiness")
    here.sql("-c", "select t.client('one', '{900002}', '{checks:read}')",
             "-c", "update auth.token set token_hash = decode(t.hash('one'), 'hex') where client_id = 'one'",
             "-c", "update data.post set left_on = '2026-02-27' where staff_id in (select staff_id from data.staff "
                   "where family_name in ('Read', 'Unread'))",
             "-c", "insert into data.post (staff_id, school_urn, roles) select staff_id, 900001, '{visitor}' from data.staff "
                   "where family_name = 'Read'")
    rows = json.loads(here.get(f"{PREFIX}/staff-readiness?as_of=2026-01-31", token="one")[2])["data"]
    assert [r["family_name"] for r in rows if r["state"] == "unread"] == ["Former", "Later", "Unread"]


def test_what_a_client_may_not_see_is_not_said_to_be_missing(example):
    """Clauses about concerns and incidents are left out for who may not read these, not shown as never met."""
    here = example("clause-coverage")

    def clauses():
        answer = here.get(f"{PREFIX}/clause-coverage?from=2026-01-01&to=2026-01-31")
        return {row["kind"] for row in json.loads(answer[2])["data"]}

    without = clauses()
    more = "array['concerns:read', 'incidents:read']"
    here.sql("-c", f"update auth.client set scopes = scopes || {more}", "-c", f"update auth.token set scopes = scopes || {more}")
    assert "emergency" in without and clauses() - without and not without - clauses()


# What the page for governors counts, and the rows of which report it must come to: of visits each once.
AGREES = {
    "Visits made": ("visits-by-outcome", lambda rows: sum(r["visits"] for r in rows)),
    "Visits where somebody was seen": (
        "visits-by-outcome",
        lambda rows: sum(r["visits"] for r in rows if r["outcome"] in ("seen_family", "seen_pupil", "spoke_at_door")),
    ),
    "Visits made by one alone": ("lone-visits", lambda rows: len({r["visit_id"] for r in rows if r["made"]})),
    "Visits made unannounced": ("unannounced-visits", lambda rows: len({r["visit_id"] for r in rows if r["made"]})),
    "Visits outside policy on a must": (
        "outside-policy",
        lambda rows: len({r["visit_id"] for r in rows if r["strength"] == "must"}),
    ),
    "Visits cancelled or broken off for safety": ("cancelled-for-safety", len),
    "Visits written up late, or not yet": ("late-records", lambda rows: len({r["visit_id"] for r in rows})),
    "Calls for help": (
        "escalations",
        lambda rows: len([r for r in rows if not r["drill"] and r["cause"] in ("help", "code_word")]),
    ),
    "Teams overdue, or not answering": (
        "escalations",
        lambda rows: len([r for r in rows if not r["drill"] and r["cause"] in ("overdue", "no_answer")]),
    ),
    "Time to reach a human, worst": (
        "escalations",
        lambda rows: max(r["reached"] for r in rows if not r["drill"] and r["reached"] is not None),
    ),
    "Drills with an alarm": ("escalations", lambda rows: len({r["visit_id"] for r in rows if r["drill"]})),
    "Staff whose vetting or training has expired": (
        "staff-readiness",
        lambda rows: len({r["staff_id"] for r in rows if r["state"] == "expired" and "insurance" not in r["what"]}),
    ),
    "Policies past their review": (
        "policy-review",
        lambda rows: len([r for r in rows if r["days_over"] is not None and r["days_over"] > 0]),
    ),
    "Agreements made": ("agreement-outcomes", len),
    "Agreements made, and kept": ("agreement-outcomes", lambda rows: len([r for r in rows if r["state"] == "kept"])),
    "Agreements made, and broken": ("agreement-outcomes", lambda rows: len([r for r in rows if r["state"] == "broken"])),
    "Letters sent": ("letters-sent", len),
}


def test_the_page_for_governors_agrees_with_the_reports_and_says_the_same_to_everybody(example):
    here = example("governors")

    def rows(report):
        window = "as_of=2026-01-31" if report in ("staff-readiness", "policy-review") else "from=2026-01-01&to=2026-01-31"
        return json.loads(here.get(f"{PREFIX}/{report}?{window}")[2])["data"]

    page = rows("governors")
    scopes = {json.loads((REPORTS / report / "report.json").read_text())["scope"] for report, _ in AGREES.values()}
    more = f"array{sorted(scopes | {'concerns:read', 'incidents:read', 'counts:read'})}"
    here.sql("-c", f"update auth.client set scopes = {more}", "-c", f"update auth.token set scopes = {more}, revoked_at = null")
    assert rows("governors") == page
    counted = {r["measure"]: r["value"] for r in page}
    for measure, (report, count) in AGREES.items():
        assert counted[measure] == count(rows(report)), measure
    assert [m for m in AGREES if not counted[m]] == [], "the example has one of each"


def test_a_report_of_days_begins_with_the_school_year_of_its_last_one(example):
    """What is left out is that of api.window_of, as in the register: not the beginning of this year, after that day."""
    here = example("unannounced-visits")
    here.sql("-c", "update data.visit set planned_start = planned_start - interval '10 years', planned_end = planned_end - interval '10 years'")
    ask = lambda query: here.get(f"{PREFIX}/unannounced-visits?{query}")  # noqa: E731
    assert [r["day"] for r in json.loads(ask("to=2016-01-31")[2])["data"]] == ["2016-01-13"]
    status, _, body, _ = ask("from=2006-01-01&to=2016-01-31")
    assert status == 400 and json.loads(body)["errors"][0]["pointer"] == "/from"


def test_each_report_fits_the_schema_that_is_served(anyone):
    schema = anyone.get("/api/v1/report.schema.json").json()
    for name in FOLDERS:
        jsonschema.validate(json.loads((REPORTS / name / "report.json").read_text()), schema)
    for name, (files, _) in BROKEN.items():
        if name in ("no-title", "another-member", "no-type"):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(files["report"], schema)


def test_reports_are_listed_with_what_they_take(anyone, office, world):
    listed = anyone.get(PREFIX).json()["data"]
    assert [r["name"] for r in listed] == sorted([*FOLDERS, "legal-referral"])
    for report in listed:
        needed = bodies.needed_by(f"/{report['name']}", world)
        assert all(f"{p['name']}=" in needed for p in report["parameters"] if p["required"])
        answer = office.get(f"{PREFIX}/{report['name']}?{needed}")
        assert answer.json()["next"] is None or report["name"] == "legal-referral"


def test_a_look_at_a_report_leaves_an_access_entry(office, query):
    for suffix in FORMATS:
        path = f"{PREFIX}/clause-coverage.{suffix}"
        request = office.get(f"{path}?to=2026-01-31").headers["X-Request-Id"]
        assert query("select resource, filters->>'to', format from audit.access where request_id = %s", request) == [
            (path, "2026-01-31", suffix)
        ]


def test_every_file_of_a_report_is_in_the_makefile():
    named = (REPORTS / "Makefile.inc").read_text()
    files = [p.relative_to(REPORTS) for name in FOLDERS for p in sorted((REPORTS / name).rglob("*")) if p.is_file()]
    assert [str(f) for f in files if f"%D%/{f} " not in named.replace("\n", " ")] == []
