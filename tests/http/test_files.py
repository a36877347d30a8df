"""Exports and reports as files: their length and digest, and fetched on from where it broke off."""

import base64
import hashlib

import pytest

import bodies
import contract

PLAIN = {"Accept-Encoding": "identity"}
FILES = [
    "/api/v1/visits.csv",
    "/api/v1/visits.ndjson",
    "/api/v1/visits.xml",
    "/api/v1/reports/visit-log.csv",
    "/api/v1/reports/visit-log.json",
    "/api/v1/reports/visit-log.html",
    "/api/v1/reports/clause-coverage.xml",
]


def fetch(api, path, expect=200, **headers):
    return api.call("GET", path, headers=PLAIN | {k.replace("_", "-"): v for k, v in headers.items()}, expect=expect)


def digest_of(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


@pytest.fixture(scope="module", autouse=True)
def some(office, world):
    for _ in range(3):
        office.post("/api/v1/visits", world.plan(), 201)


@pytest.mark.parametrize("path", FILES)
def test_a_file_has_its_length_and_its_digest(office, path):
    answer = fetch(office, path)
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 0
    assert answer.headers["Repr-Digest"] == digest_of(answer.content)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_fetched_on_from_where_it_broke_off(office, path):
    whole = fetch(office, path)
    half = len(whole.content) // 2
    rest = fetch(office, path, 206, Range=f"bytes={half}-", If_Range=whole.headers["ETag"])
    assert rest.content == whole.content[half:]
    assert rest.headers["Content-Range"] == f"bytes {half}-{len(whole.content) - 1}/{len(whole.content)}"
    assert rest.headers["Repr-Digest"] == whole.headers["Repr-Digest"]


def suffix_of(operation):
    content = operation["responses"]["200"]["content"]
    return "" if {"application/zip", "*/*", "text/plain"} & content.keys() else ".xml" if "application/json" not in content else ".csv"


@pytest.mark.parametrize("route", [r for (m, r), o in contract.OPERATIONS.items() if m == "GET" and "206" in o["responses"]])
def test_every_export_can_be_fetched_by_parts(office, world, visit, route):
    """And is not sent to who has it."""

    # That the trail was read is in the trail: what is over of it stays as it is.
    over = {"/api/v1/audit": "?until=2020-01-01", "/api/v1/access": "?until=2020-01-01", "/api/v1/audit/proof": "?until=9"}
    path = bodies.record_path(route, world, visit) + suffix_of(contract.OPERATIONS["GET", route]) + over.get(route, "")

    def ask(expect, **headers):
        return bodies.send(office, "GET", route, world, visit, path=path, headers={**PLAIN, **headers}, expect=expect)

    whole = ask(200)
    assert ask(206, Range="bytes=0-9").content == whole.content[:10]
    assert ask(304, **{"If-None-Match": whole.headers["ETag"]}).content == b""


def test_what_has_changed_since_is_sent_from_the_beginning(office, world):
    path = "/api/v1/visits.csv"
    before = fetch(office, path)
    office.post("/api/v1/visits", world.plan(), 201)
    after = fetch(office, path, 200, Range="bytes=100-", If_Range=before.headers["ETag"])
    assert len(after.content) > len(before.content) and after.headers["ETag"] != before.headers["ETag"]


def test_a_part_that_is_not_there_is_416(office):
    answer = fetch(office, "/api/v1/visits.csv", 416, Range="bytes=99999999-")
    assert "it may be another than it was" in answer.json()["detail"] and "Content-Disposition" not in answer.headers
    assert answer.headers["Content-Range"].startswith("bytes */")
    fetch(office, "/api/v1/visits.csv", 200, Range="bytes=99999999-", If_Range='"another"')


def test_who_has_the_file_is_told_so(office):
    path = "/api/v1/reports/visit-log.csv"
    etag = fetch(office, path).headers["ETag"]
    answer = fetch(office, path, 304, If_None_Match=etag)
    assert answer.content == b"" and answer.headers["ETag"] == etag


def test_of_a_compressed_file_no_digest_is_told_that_is_not_its_own(office):
    answer = office.call("GET", "/api/v1/reports/policy-differences.html", headers={"Accept-Encoding": "gzip"}, expect=200)
    assert answer.headers["Content-Encoding"] == "gzip" and "Repr-Digest" not in answer.headers
    assert answer.headers["ETag"].startswith('W/"')


def test_a_page_of_a_list_and_a_record_are_no_files(office):
    for path in ("/api/v1/visits", office.get("/api/v1/visits").json()["data"][0]["id"]):
        path = path if isinstance(path, str) else f"/api/v1/visits/{path}"
        assert "Repr-Digest" not in fetch(office, path).headers


def test_an_error_has_no_digest(office):
    answer = fetch(office, "/api/v1/reports/visit-log.csv?from=yesterday", 400)
    assert "Repr-Digest" not in answer.headers and "ETag" not in answer.headers
