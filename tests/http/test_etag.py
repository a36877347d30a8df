"""ETag, If-Match, If-None-Match: no change over one that the caller has not seen."""

import pytest

from client import code
from raw import exchange
from world import SCHOOL_A, csv_text, pupil_row

VISITS = "/api/v1/visits"
CHANGE = {"purpose": "welfare"}


def path_of(visit):
    return f"{VISITS}/{visit['id']}"


@pytest.mark.parametrize("if_match", ['"1"', "*", '"x", "1"', '"1","2"', '"9" , "1" ,"3"', 'W/"2", "1"'])
def test_a_fitting_if_match_lets_the_change_through(office, visit, if_match):
    assert office.patch(path_of(visit), CHANGE, if_match).headers["ETag"] == '"2"'


@pytest.mark.parametrize(
    "if_match", ['"0"', '"2"', 'W/"1"', '"x"', '""', '"1 "', '"W/1"', '"2", "3"', '"{1}"', '"1,2"', '"01"', '"*"']
)
def test_a_stale_if_match_is_412_and_changes_nothing(office, visit, stored, if_match):
    before = stored()
    assert code(office.patch(path_of(visit), CHANGE, if_match, 412)) == "stale"
    assert stored() == before


@pytest.mark.parametrize("if_match", ["1", '"1', '1"', "W/1", '"1" "2"', "*, *", '*, "1"', '"1";'])
def test_a_malformed_if_match_is_400(office, visit, stored, if_match):
    before = stored()
    assert code(office.patch(path_of(visit), CHANGE, if_match, 400)) == "malformed"
    assert stored() == before


@pytest.mark.parametrize("if_match", [None, ""])
def test_no_if_match_is_428_and_changes_nothing(office, visit, stored, if_match):
    before = stored()
    assert code(office.patch(path_of(visit), CHANGE, if_match, 428)) == "if-match-missing"
    assert stored() == before


def test_two_if_match_headers_are_400(office, visit, instance, stored):
    before = stored()
    body = b'{"purpose":"welfare"}'
    (answer,) = exchange(
        instance.port,
        b'PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIf-Match: "1"\r\nIf-Match: "2"\r\n'
        b"Content-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        % (path_of(visit).encode(), office.token.encode(), len(body), body),
    )
    assert answer.status == 400
    assert stored() == before


def test_stale_is_told_before_the_problems_of_the_change(office, visit):
    office.patch(path_of(visit), {"planned_end": "2026-01-13T09:00:00Z"}, '"0"', 412)


def test_if_match_of_a_visit_that_is_not_there_is_404(office):
    office.patch(f"{VISITS}/999999999", CHANGE, "*", 404)


@pytest.mark.parametrize("if_none_match", ['"1"', "*", 'W/"1"', '"x", "1"', '"1", "2"'])
def test_a_reader_who_has_it_gets_304_without_a_body(office, visit, if_none_match):
    answer = office.get(path_of(visit), 304, headers={"If-None-Match": if_none_match})
    assert answer.content == b"" and answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize("if_none_match", ['"2"', '"x"', "1", "W/", '"1'])
def test_a_reader_who_has_another_gets_the_record(office, visit, if_none_match):
    assert office.get(path_of(visit), headers={"If-None-Match": if_none_match}).json() == visit


def test_another_visit_at_the_same_version_is_not_confused(office, world, visit):
    other = world.visit()
    assert office.get(path_of(visit)).headers["ETag"] == office.get(path_of(other)).headers["ETag"]
    assert office.get(path_of(other), headers={"If-None-Match": '"2"'}).json()["id"] == other["id"]


@pytest.mark.parametrize("kind", ["schools", "staff", "pupils", "contacts"])
def test_every_record_has_an_etag_that_is_its_version(office, kind):
    record = office.get(f"/api/v1/{kind}?limit=1").json()["data"][0]
    answer = office.get(f"/api/v1/{kind}/{record.get('id', record.get('urn'))}")
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'


def test_lists_have_no_etag(office):
    assert "ETag" not in office.get(VISITS).headers


def test_of_twenty_parallel_changes_exactly_one_is_made(office, visit, parallel, query):
    change = [{"place": {"address": f"{n} Race Road"}} for n in range(20)]
    statuses = parallel(lambda body: office.fork().patch(path_of(visit), body, '"1"', (200, 412)).status_code, change)
    assert sorted(statuses) == [200] + [412] * 19
    assert office.get(path_of(visit)).json()["version"] == 2
    assert query(
        "select count(*) from audit.entry where record = 'data.visit' and action = 'update'"
        " and key ->> 'visit_id' = %s",
        str(visit["id"]),
    ) == [(1,)]


def test_changes_in_a_row_each_with_the_last_etag(office, visit):
    etag = '"1"'
    for n in range(2, 8):
        etag = office.patch(path_of(visit), {"place": {"postcode": f"ZZ{n} 1ZZ"}}, etag).headers["ETag"]
        assert etag == f'"{n}"'


def test_a_stay_that_changes_makes_another_etag_of_its_pupil(office, world):
    """The pupil's answer holds its stays, so who has the old one must be told of the new."""
    row = pupil_row(SCHOOL_A)
    office.import_rows("pupils", csv_text("pupils", [row]))
    pupil = next(p for p in office.pages("/api/v1/pupils") if p["upn"] == row["upn"])
    path = f"/api/v1/pupils/{pupil['id']}"
    etag = office.get(path).headers["ETag"]
    office.import_rows("pupils", csv_text("pupils", [{**row, "left_on": "2026-07-31"}]))
    answer = office.get(path, headers={"If-None-Match": etag})
    assert answer.json()["left_on"] == "2026-07-31"
    assert answer.headers["ETag"] != etag
    since = pupil["updated_at"]
    assert [p["id"] for p in office.get(f"/api/v1/pupils?updated_after={since}").json()["data"]].count(pupil["id"]) == 1
