"""Bad requests, above all JSON that json-c would take and RFC 8259 does not: refused, and nothing stored."""

import pytest

from client import code
from instance import PROGRAMS
from raw import exchange

VISITS = "/api/v1/visits"
GOOD = '"kind":"note","note":"x"'

# As bytes where the text is no UTF-8.  Each goes where an object was wanted.
NOT_JSON = {
    "duplicate key": '{"kind":"note","kind":"departed","note":"x"}',
    "duplicate key, escaped": '{"kind":"note","k\\u0069nd":"departed","note":"x"}',
    "duplicate key, nested": '{%s,"extra":{"a":1,"a":2}}' % GOOD,
    "NUL in a key": '{%s,"a\\u0000b":1}' % GOOD,
    "NUL in a key that would be cut to a known one": '{"kind\\u0000x":"note","note":"x"}',
    "NUL in a string": '{"kind":"note","note":"x\\u0000y"}',
    "raw NUL in a string": b'{"kind":"note","note":"x\x00y"}',
    "NUL behind the value": ("{%s}" % GOOD).encode() + b"\x00",
    "single quotes": "{'kind':'note','note':'x'}",
    "NaN": '{%s,"n":NaN}' % GOOD,
    "Infinity": '{%s,"n":Infinity}' % GOOD,
    "-Infinity": '{%s,"n":-Infinity}' % GOOD,
    "1e999": '{%s,"n":1e999}' % GOOD,
    "2^64": '{%s,"n":18446744073709551616}' % GOOD,
    "30 digits": '{%s,"n":123456789012345678901234567890}' % GOOD,
    "-30 digits": '{%s,"n":-123456789012345678901234567890}' % GOOD,
    "overlong slash": b'{"kind":"note","note":"\xc0\xaf"}',
    "overlong NUL": b'{"kind":"note","note":"\xc0\x80"}',
    "surrogate in UTF-8": b'{"kind":"note","note":"\xed\xa0\x80"}',
    "0xff": b'{"kind":"note","note":"\xff"}',
    "cut UTF-8": b'{"kind":"note","note":"\xe2\x82"}',
    "beyond U+10FFFF": b'{"kind":"note","note":"\xf4\x90\x80\x80"}',
    "UTF-16": '{"kind":"note","note":"x"}'.encode("utf-16"),
    "lone high surrogate": '{"kind":"note","note":"\\ud800"}',
    "lone low surrogate": '{"kind":"note","note":"\\udc00"}',
    "surrogates in the wrong order": '{"kind":"note","note":"\\udc00\\ud800"}',
    "raw TAB in a string": '{"kind":"note","note":"a\tb"}',
    "raw newline in a string": '{"kind":"note","note":"a\nb"}',
    "bad escape": '{"kind":"note","note":"\\x41"}',
    "short escape": '{"kind":"note","note":"\\u12"}',
    "trailing data": "{%s} x" % GOOD,
    "two values": "{%s}{%s}" % (GOOD, GOOD),
    "comment": "{%s /* x */}" % GOOD,
    "line comment": "{%s} // x" % GOOD,
    "hash comment": "# x\n{%s}" % GOOD,
    "leading zeros": '{%s,"n":0123}' % GOOD,
    "plus": '{%s,"n":+1}' % GOOD,
    "hexadecimal": '{%s,"n":0x10}' % GOOD,
    "no digit before the point": '{%s,"n":.5}' % GOOD,
    "no digit behind the point": '{%s,"n":5.}' % GOOD,
    "TRUE": '{%s,"n":TRUE}' % GOOD,
    "None": '{%s,"n":None}' % GOOD,
    "undefined": '{%s,"n":undefined}' % GOOD,
    "comma before ]": '{%s,"n":[1,]}' % GOOD,
    "comma before }": "{%s,}" % GOOD,
    "no comma": '{"kind":"note" "note":"x"}',
    "no colon": '{"kind" "note"}',
    "key without quotes": '{kind:"note"}',
    "byte order mark": b"\xef\xbb\xbf" + ("{%s}" % GOOD).encode(),
    "depth 17": '{%s,"n":%s}' % (GOOD, "[" * 16 + "]" * 16),
    "depth 100": "[" * 100 + "]" * 100,
    "depth 100,000": "[" * 100_000,
    "10,001 values": '{%s,"n":[%s]}' % (GOOD, ",".join("1" * 10_001)),
    "empty": "",
    "blank": " \r\n\t ",
    "cut off": '{"kind":"note","note":"x',
    "only an opening brace": "{",
    "word": "hello",
    "form": "kind=note&note=x",
    "XML": "<kind>note</kind>",
    "array": "[{%s}]" % GOOD,
    "string": '"note"',
    "number": "1",
    "null": "null",
    "true": "true",
}


@pytest.fixture
def refused(office, visit, stored):
    """refused(call): what it answers; nothing may be stored."""

    def check(call):
        before = stored()
        answer = call()
        assert stored() == before
        return answer

    return check


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_an_object_of_rfc_8259_is_400(office, visit, refused, body):
    answer = refused(lambda: office.post_text(f"{VISITS}/{visit['id']}/events", body, 400))
    assert code(answer) == "invalid-json"
    assert answer.json()["detail"]
    assert "errors" not in answer.json()


@pytest.mark.parametrize(
    "name", ["duplicate key", "NUL in a key", "NaN", "2^64", "overlong slash", "raw TAB in a string"]
)
@pytest.mark.parametrize("method, path", [("POST", VISITS), ("PATCH", f"{VISITS}/{{}}")])
def test_and_so_for_every_route_that_takes_json(office, visit, refused, method, path, name):
    body = NOT_JSON[name]
    answer = refused(
        lambda: office.call(
            method,
            path.format(visit["id"]),
            data=body if isinstance(body, bytes) else body.encode(),
            headers={"Content-Type": "application/json", "If-Match": "*"},
            expect=400,
        )
    )
    assert code(answer) == "invalid-json"


def test_a_long_duplicate_key_keeps_the_problem_within_its_schema(office, visit, refused):
    key = "k" * 5000
    refused(lambda: office.post_text(f"{VISITS}/{visit['id']}/events", f'{{"{key}":1,"{key}":2}}', 400))


def test_a_wrong_escape_does_not_split_the_log(office, visit, instance):
    """What a client sends never makes a line of its own in a log."""
    office.post(f"{VISITS}/{visit['id']}/events", {"kind": 'note\n{"level":"error"}\x1b[31m', "note": "x"}, 400)
    for name in (*PROGRAMS, "nginx-access"):
        assert all(line["at"] for line in instance.log_lines(name))


GOOD_EDGES = {
    "depth 16 is taken and told to be unknown": ('{%s,"n":%s}' % (GOOD, "[" * 15 + "]" * 15), "/n"),
    "2^63-1": ('{%s,"n":9223372036854775807}' % GOOD, "/n"),
    "-2^63": ('{%s,"n":-9223372036854775808}' % GOOD, "/n"),
}


@pytest.mark.parametrize("body, pointer", GOOD_EDGES.values(), ids=GOOD_EDGES.keys())
def test_json_within_the_limits_is_judged_by_its_fields(office, visit, body, pointer):
    answer = office.post_text(f"{VISITS}/{visit['id']}/events", body, 400)
    assert code(answer) == "invalid-fields" and answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "text, value",
    [
        ('"\\ud83d\\ude42"', "🙂"),
        ('"\\u00e9"', "é"),
        ('"\\/"', "/"),
        ('"\\b\\f"', None),
        ('"\\t\\n\\r"', "\t\n\r."),
        ('"\u007f"', None),
        ('"x\u2028y"', "x\u2028y"),
        ('"a\\u0301"', "a\u0301"),
    ],
)
def test_escapes_mean_what_rfc_8259_says(office, visit, text, value):
    body = '{"kind":"note","note":%s}' % text.replace('\\r"', '\\r."')
    answer = office.post_text(f"{VISITS}/{visit['id']}/events", body, 201 if value else 400)
    if value:
        assert answer.json()["note"] == value


# -------------------------------------------------- the list of the issue, once


@pytest.mark.parametrize(
    "given, status, wanted",
    [
        ({"body": "{"}, 400, "invalid-json"),
        ({"body": '{"kind":5}'}, 400, "invalid-fields"),
        ({"body": '{"kind":"note","note":"x","more":1}'}, 400, "invalid-fields"),
        ({"body": '{"kind":"departed","at":"2025-02-29T09:00:00Z"}'}, 400, "invalid-fields"),
        ({"body": " " * 2_000_000}, 413, "too-large"),
        ({"media_type": "application/xml"}, 415, "media-type"),
        ({"media_type": "application/json; charset=latin1"}, 415, "media-type"),
        ({"media_type": "application/jsonp"}, 415, "media-type"),
        ({"path": f"{VISITS}/1/nothing"}, 404, "not-found"),
        ({"path": f"{VISITS}/999999999/events"}, 404, "not-found"),
        ({"method": "DELETE"}, 405, "method-not-allowed"),
        ({"token": ""}, 401, "invalid-token"),
        ({"token": "x"}, 401, "invalid-token"),
        ({"headers": {"Idempotency-Key": "a b"}}, 400, "malformed"),
        ({"headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
    ],
)
def test_bad_requests_get_their_status_and_store_nothing(office, visit, refused, given, status, wanted):
    given = dict(given)
    method, path = given.pop("method", "POST"), given.pop("path", f"{VISITS}/{visit['id']}/events")
    body, media_type = given.pop("body", "{%s}" % GOOD), given.pop("media_type", "application/json")
    headers = {"Content-Type": media_type, **given.pop("headers", {})}
    answer = refused(lambda: office.call(method, path, data=body.encode(), headers=headers, expect=status, **given))
    assert code(answer) == wanted


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "Application/JSON", "application/json;charset=utf-8", 'application/json; charset="UTF-8"'],
)
def test_the_media_type_may_be_written_in_any_right_way(office, visit, media_type):
    office.post_text(f"{VISITS}/{visit['id']}/events", "{%s}" % GOOD, 201, media_type)


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(instance, office, visit, refused):
    head = (
        f"POST {VISITS}/{visit['id']}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {office.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{%s}" % GOOD
    ).encode()
    assert refused(lambda: exchange(instance.port, head, timeout=1)) == []


def test_a_chunked_body_is_read(instance, office, visit):
    body = ("{%s}" % GOOD).encode()
    head = (
        f"POST {VISITS}/{visit['id']}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {office.token}\r\n"
        "Connection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    (answer,) = exchange(instance.port, head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
    assert answer.status == 201
