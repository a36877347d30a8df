"""doorstep-pull: every page of the source gets into Doorstep as it is, and the next run asks for what has changed since."""

import calendar
import os
import pty
import re
import stat
import subprocess
import threading
import time
from pathlib import Path

import pytest

from instance import BUILD, SRC
from pulled import GENEROUS, NAME, PATHS, SECRET, SOURCE_SCHOOL, TOKEN, FakeDoorstep, FakeSource, Fault, Puller


@pytest.fixture
def source():
    with FakeSource() as made:
        yield made


@pytest.fixture
def doorstep():
    with FakeDoorstep() as made:
        yield made


@pytest.fixture
def puller(tmp_path, source, doorstep):
    return Puller(tmp_path, source, doorstep)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    pem = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", f"{pem}.crt"],
        check=True,
        capture_output=True,
    )
    pem.write_text(pem.read_text() + (pem.parent / "both.pem.crt").read_text())
    return pem


# ------------------------------------------------------------------------- pages


def test_every_page_gets_into_doorstep_byte_by_byte_in_order(puller, source, doorstep):
    done = puller.pull()
    assert doorstep.bodies == source.all_bodies()
    assert [kind for kind, _ in doorstep.imports] == [kind for kind in PATHS for _ in range(3)]
    for kind in PATHS:
        assert re.search(rf"^doorstep-pull: {kind}: done: 3 pages, 5 rows, 5 taken, 0 rejected", done.stderr, re.M)
    assert done.stdout == ""


def test_the_source_is_asked_as_wonde_is(puller, source):
    puller.pull()
    first = [r for r in source.requests if "page" not in r.query]
    assert [r.path for r in first] == [f"/v1.0/schools/{SOURCE_SCHOOL}/{path}" for path in PATHS.values()]
    assert [r.query["include"].split(",")[0] for r in first] == [
        "education_details",
        "contact_details",
        "student.education_details",
    ]
    assert all(set(r.query) == {"include", "per_page"} and r.query["per_page"] == "100" for r in first)
    assert all(r.headers["Authorization"] == f"Bearer {TOKEN}" for r in source.requests)


def test_what_chooses_kinds_and_their_order_is_ours(puller, source, doorstep):
    puller.pull(what="register,pupils")
    assert [kind for kind, _ in doorstep.imports] == ["pupils"] * 3 + ["register"] * 3
    assert puller.kinds()["contacts"] == {"updated_after": None, "under_way": None}


def test_an_empty_page_is_not_sent(puller, source, doorstep):
    source.pages = dict.fromkeys(PATHS, (0,))
    assert "0 rows" in puller.pull().stderr
    assert doorstep.requests == [] and puller.kinds()["register"]["updated_after"]


def test_a_page_without_meta_is_the_last(puller, source, doorstep):
    source.bodies["pupils", 2] = b'{"data": [{"id": "x"}]}'
    puller.pull(what="pupils")
    assert len(doorstep.imports) == 2 and puller.kinds()["pupils"]["under_way"] is None


def test_a_relative_next_is_followed(puller, source, doorstep):
    source.edits["pupils", 1] = {"next": "students?page=3"}
    puller.pull(what="pupils")
    assert doorstep.bodies == [source.body("pupils", 1), source.body("pupils", 3)]


# ------------------------------------------------------------------------- the time of the next pull


def moments(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%d %H:%M:%S"))


def test_the_next_run_asks_for_what_has_changed_since_before_this_one_by_the_sources_clock(puller, source):
    source.clock = began = calendar.timegm((2031, 5, 6, 10, 0, 0))
    source.step = 600  # what changes while pages are pulled is not missed
    before = time.monotonic()
    puller.pull()
    took = time.monotonic() - before
    firsts = len(source.requests)
    puller.pull()
    asked = [r.query["updated_after"] for r in source.requests[firsts:] if "updated_after" in r.query]
    assert len(asked) == 3
    for i, text in enumerate(asked):
        first_date = began + i * 3 * source.step
        assert first_date - 60 - took - 2 <= moments(text) <= first_date - 60
    later = [state["updated_after"] for state in puller.kinds().values()]
    assert all(moments(new) > moments(old) for new, old in zip(later, asked))


def test_a_pull_that_failed_leaves_the_time(puller, source):
    puller.pull(what="pupils")
    stored = puller.kinds()["pupils"]["updated_after"]
    source.faults.extend([None, Fault(status=403)])
    puller.pull(what="pupils", expect=1)
    assert puller.kinds()["pupils"]["updated_after"] == stored
    assert puller.kinds()["pupils"]["under_way"]["since"] == stored


def test_since_goes_before_the_stored_time(puller, source):
    puller.pull(what="pupils", since="2026-09-01")
    assert source.requests[0].query["updated_after"] == "2026-09-01 00:00:00"
    puller.pull(what="pupils", since="2026-09-02T07:30:00Z")
    assert source.requests[3].query["updated_after"] == "2026-09-02 07:30:00"


def test_since_begins_anew_what_was_broken_off_since_another_time(puller, source):
    source.faults.extend([None, Fault(status=403)])
    puller.pull(what="pupils", since="2026-09-01", expect=1)
    puller.pull(what="pupils", since="2026-09-01")
    assert [r.query.get("page") for r in source.requests[2:]] == ["2", "3"]
    source.faults.extend([None, Fault(status=403)])
    puller.pull(what="pupils", since="2026-09-01", expect=1)
    count = len(source.requests)
    puller.pull(what="pupils", since="2026-10-01")
    assert source.requests[count].query["updated_after"] == "2026-10-01 00:00:00"


def test_a_later_pull_of_the_same_page_is_another_request(puller, source, doorstep):
    puller.pull()
    puller.pull()
    assert doorstep.bodies == source.all_bodies() * 2, "Doorstep must not answer a new pull from memory"


# ------------------------------------------------------------------------- what the source does wrong


def refused(puller, source, doorstep, words, **options):
    done = puller.pull(what="pupils", expect=1, **options)
    assert re.search(words, done.stderr), done.stderr
    assert "per_page=" not in done.stderr and "include=" not in done.stderr
    return done


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/x?page=2", "//evil.example/x", "http://127.0.0.1:1/x", "http://u:p@127.0.0.1/x", "ftp://x/", 7],
)
def test_a_next_that_leads_elsewhere_is_refused(puller, source, doorstep, following):
    source.edits["pupils", 1] = {"next": following}
    refused(puller, source, doorstep, "leads elsewhere|is no URL")
    assert doorstep.imports == [] and len(source.requests) == 1


def test_a_token_does_not_follow_to_another_port(puller, source, doorstep):
    with FakeSource() as other:
        source.edits["pupils", 1] = {"next": other.url + "/v1.0/x"}
        refused(puller, source, doorstep, "leads elsewhere, where the token must not go")
        assert other.requests == []


def test_a_token_does_not_follow_a_state_that_was_changed(puller, source, doorstep):
    source.faults.extend([None, Fault(status=403)])
    puller.pull(what="pupils", expect=1)
    with FakeSource() as other:
        puller.state.write_text(puller.state.read_text().replace(f":{source.port}/v1.0", f":{other.port}/v1.0"))
        refused(puller, source, doorstep, "the state leads elsewhere than --source")
        assert other.requests == []


@pytest.mark.parametrize("back_to", [2, 3])
def test_a_circle_is_an_error(puller, source, doorstep, back_to):
    source.edits["pupils", 3] = {
        "next": f"{source.url}/v1.0/schools/{SOURCE_SCHOOL}/students?per_page=100&page={back_to}"
    }
    refused(puller, source, doorstep, "leads in a circle")
    assert doorstep.bodies == source.all_bodies(["pupils"])[:2]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(puller, source, doorstep, status):
    with FakeSource() as other:
        source.faults.append(Fault(status=status, headers={"Location": other.url + "/x"}))
        refused(puller, source, doorstep, f"answered {status}: redirects are not followed")
        assert other.requests == [] and len(source.requests) == 1


@pytest.mark.parametrize("unmeasured", [False, True])
def test_a_huge_page_is_refused(puller, source, doorstep, unmeasured):
    huge = b'{"data": ["' + b"x" * (9 * 1024 * 1024) + b'"]}'
    source.faults.append(Fault(status=200, body=huge, unmeasured=unmeasured))
    refused(puller, source, doorstep, "sends more than 8192 KiB")
    assert doorstep.imports == [] and len(source.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Service</html>",
        b"[]",
        b'{"data": {}}',
        b'{"meta": {}}',
        b'{"data": [], "meta": []}',
        b'{"data": [], "meta": {"pagination": "x"}}',
        b'{"data": [], "meta": {"pagination": {"next": null, "more": true}}}',
        b'{"data": []} x',
        b'{"data": ["\xff"]}',
        b'{"data": [' + b"[" * 100 + b"]" * 100 + b"]}",
        b'{"data": ["half',
    ],
)
def test_what_is_no_page_is_refused(puller, source, doorstep, body):
    source.bodies["pupils", 1] = body
    done = refused(puller, source, doorstep, "cannot be used: it")
    assert f"{source.url}/v1.0/schools/{SOURCE_SCHOOL}/students " in done.stderr
    assert doorstep.requests == []


@pytest.mark.parametrize(("status", "words"), [(401, "token is not accepted"), (403, "ask the source"), (404, "--anew")])
def test_a_refusal_says_what_to_do(puller, source, doorstep, status, words):
    source.faults.append(Fault(status=status))
    refused(puller, source, doorstep, words)
    assert len(source.requests) == 1


def test_anew_begins_anew(puller, source, doorstep):
    source.faults.extend([None, Fault(status=410)])
    puller.pull(what="pupils", expect=1)
    puller.pull(what="pupils", anew=True)
    assert doorstep.bodies == [source.body("pupils", 1), *source.all_bodies(["pupils"])]


# ------------------------------------------------------------------------- TLS


@pytest.fixture
def over_tls(tmp_path, certificate, doorstep):
    with FakeSource(pem=certificate) as made:
        yield Puller(tmp_path, made, doorstep)


def test_a_certificate_that_nobody_vouches_for_is_refused(over_tls, source, doorstep):
    done = over_tls.pull(what="pupils", expect=1)
    assert "certificate" in done.stderr and over_tls.source.requests == []


def test_a_certificate_that_is_vouched_for_is_taken(over_tls, certificate, doorstep):
    over_tls.pull(what="pupils", ca_file=f"{certificate}.crt")
    assert doorstep.bodies == over_tls.source.all_bodies(["pupils"])


# ------------------------------------------------------------------------- Doorstep


def test_a_token_that_has_expired_is_renewed(puller, source, doorstep):
    posts = []

    def expire_at_the_second(what):
        posts.append(what)
        if posts.count("post") == 2 and len(doorstep.tokens) == 1:
            doorstep.expire()

    doorstep.moment = expire_at_the_second
    puller.pull(what="pupils")
    assert doorstep.bodies == source.all_bodies(["pupils"]) and len(doorstep.tokens) == 2


def test_a_client_that_doorstep_does_not_know_is_told(puller, source, doorstep):
    puller.secret_file("secret", "wrong")
    done = puller.pull(what="pupils", expect=1)
    assert "401: The client id or secret is wrong" in done.stderr and "(look at --client and its secret)" in done.stderr
    assert len(doorstep.requests) == 1


def test_a_page_that_doorstep_finds_wrong_is_told(puller, source, doorstep):
    errors = b'[{"pointer": "/data/0", "detail": "is no pupil"}, {"parameter": "school", "detail": "is unknown"}, 1]'
    doorstep.faults.append(Fault(status=400, body=b'{"title": "Some fields", "errors": ' + errors + b"}"))
    done = puller.pull(what="pupils", expect=1)
    assert "with 400: Some fields; /data/0: is no pupil; school: is unknown; -: -\n" in done.stderr


def test_a_client_that_may_not_import_is_told(puller, source, doorstep):
    doorstep.faults.append(Fault(status=403, body=b'{"title": "The token lacks the scope for this", "detail": "x"}'))
    done = puller.pull(what="pupils", expect=1)
    assert "Doorstep refused a page of pupils with 403: The token lacks the scope for this. x" in done.stderr


@pytest.mark.parametrize("answer", [b"", b"{}", b'{"import": 1}', b'{"import": "x", "rows": 1, "accepted": 1}'])
def test_an_answer_that_is_not_that_of_an_import_is_no_receipt(puller, source, doorstep, answer):
    doorstep.faults.append(Fault(status=200, body=answer))
    assert "not that of an import" in puller.pull(what="pupils", expect=1).stderr
    puller.pull(what="pupils")
    assert doorstep.bodies == source.all_bodies(["pupils"])


def test_rejected_rows_are_counted_and_the_first_are_shown(puller, source, doorstep):
    source.pages["pupils"] = (4, 4, 4)
    doorstep.problems["pupils"] = [
        {"line": n, "field": "upn", "detail": "The check letter\x1b[2J is wrong."} for n in (1, 3)
    ]
    done = puller.pull(what="pupils", expect=3)
    assert len(re.findall(r"pupils: import \d, row [13], upn: The check letter\?\[2J is wrong\.", done.stderr)) == 5
    for number in (1, 2, 3):
        assert f"import {number} rejected 2 rows, all of them at /api/v1/imports/pupils/{number}/rejected" in done.stderr
    assert "3 pages, 12 rows, 6 taken, 6 rejected" in done.stderr and "\x1b" not in done.stderr


def test_quiet_says_nothing_but_errors(puller, source):
    assert puller.pull(quiet=True).stderr == ""
    source.faults.append(Fault(status=403))
    assert len(puller.pull(quiet=True, expect=1).stderr.splitlines()) == 1


def test_a_terminal_has_one_line_that_is_rewritten(puller, source):
    ours, theirs = pty.openpty()
    text = []

    def read():
        try:
            while data := os.read(ours, 4096):
                text.append(data.decode())
        except OSError:
            pass

    process = puller.start(stderr=theirs, what="pupils")
    os.close(theirs)
    reader = threading.Thread(target=read)
    reader.start()
    process.communicate(timeout=GENEROUS)
    reader.join(GENEROUS)
    os.close(ours)
    said = "".join(text)
    assert process.returncode == 0 and said.count("\n") == 1
    assert said.count("\r\x1b[K") == 2 and "pupils: page 2, 4 rows taken, 0 rejected" in said


# ------------------------------------------------------------------------- secrets


def command_lines():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:
            pass  # it has ended


def test_secrets_are_in_no_process_list_state_or_output(puller, source, doorstep):
    seen = []
    source.moment = lambda _: seen.extend(command_lines())
    source.faults.extend([None, Fault(status=500), Fault(status=404)])
    doorstep.problems["pupils"] = [{"line": 1, "field": "upn", "detail": "wrong"}]
    puller.pull(expect=1)
    texts = [*puller.said, puller.state.read_text()]
    assert any(b"doorstep-pull" in commands for commands in seen)
    for secret in (TOKEN, SECRET, *doorstep.tokens):
        assert not any(secret.encode() in commands for commands in seen)
        assert not any(secret in text for text in texts)
    assert not any(NAME in text for text in texts), "no name of a child either"
    assert stat.S_IMODE(puller.state.stat().st_mode) == 0o600


def test_secrets_come_from_the_environment_or_systemd_too(puller, source, doorstep):
    env = {"DOORSTEP_PULL_SOURCE_TOKEN": TOKEN, "DOORSTEP_PULL_CLIENT_SECRET": SECRET}
    puller.pull(what="pupils", env=env, source_token_file=None, client_secret_file=None)
    puller.secret_file("source-token", TOKEN)
    puller.secret_file("client-secret", SECRET)
    env = {"CREDENTIALS_DIRECTORY": str(puller.folder)}
    puller.pull(what="contacts", env=env, source_token_file=None, client_secret_file=None)
    assert doorstep.bodies == source.all_bodies(["pupils", "contacts"])


def test_a_secret_may_come_through_a_pipe(puller, source, doorstep):
    os.mkfifo(puller.folder / "pipe")
    process = puller.start(what="pupils", source_token_file=puller.folder / "pipe")
    with open(puller.folder / "pipe", "w", encoding="ascii") as pipe:
        pipe.write(TOKEN[:5])
        pipe.flush()
        pipe.write(TOKEN[5:] + "\n")
    assert puller.end(process).returncode == 0 and doorstep.bodies == source.all_bodies(["pupils"])


@pytest.mark.parametrize("text", ["", "two\nlines", "a b", "tab\there", "größe"])
def test_what_is_no_secret_is_refused(puller, source, text):
    puller.secret_file("token", text)
    done = puller.pull(expect=2)
    assert "token" in done.stderr and source.requests == []
    assert not text or text not in done.stderr


def test_a_secret_that_anybody_can_read_is_refused(puller, source):
    (puller.folder / "token").chmod(0o644)
    assert "chmod 600" in puller.pull(expect=2).stderr and source.requests == []


# ------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"source": None}, "--source is missing"),
        ({"source": "wonde"}, "--source is no URL"),
        ({"source": "ftp://x"}, "--source is no URL"),
        ({"source": "http://api.wonde.com"}, "--source would send secrets in clear: use https"),
        ({"source": "https://me:secret@api.wonde.com"}, "--source holds a user or password"),
        ({"source": "https://api.wonde.com/?a=b"}, "--source has a query"),
        ({"doorstep": None}, "--doorstep is missing"),
        ({"doorstep": "http://doorstep.example"}, "--doorstep would send secrets in clear"),
        ({"school": None}, "--school is missing"),
        ({"school": "12345"}, "--school must be a URN"),
        ({"source_school": "../x"}, "--source-school must be"),
        ({"client": None}, "--client is missing"),
        ({"client": "a:b"}, "--client must be"),
        ({"what": "pupils,marks"}, "--what must be"),
        ({"what": ""}, "--what must be"),
        ({"since": "yesterday"}, "--since must be"),
        ({"since": "2026-02-31"}, "--since must be"),
        ({"per_page": "0"}, "--per-page must be"),
        ({"tries": "0"}, "--tries must be"),
        ({"pause": "-1"}, "--pause must be"),
        ({"timeout": "1x"}, "--timeout must be"),
        ({"state": ""}, "--state must name a file"),
        ({"source_token_file": None}, "the token of the source is missing: name its file with --source-token-file"),
        ({"client_secret_file": "/nowhere"}, "/nowhere cannot be read: No such file"),
        ({"token": "abc"}, "--token is no option|abc is no option"),
    ],
)
def test_an_option_that_is_no_good_is_refused(puller, source, options, words):
    done = puller.pull(expect=2, **options)
    assert re.search(words, done.stderr), done.stderr
    assert "me:secret" not in done.stderr and source.requests == [] and not puller.state.exists()


def test_help_and_version_need_nothing():
    for option, words in (("--help", "Exit status: 0 all was pulled"), ("--version", "doorstep-pull ")):
        done = subprocess.run([BUILD / "doorstep-pull", option], capture_output=True, text=True, check=True)
        assert words in done.stdout and done.stderr == ""


def test_the_manual_has_every_option_of_the_help():
    done = subprocess.run([BUILD / "doorstep-pull", "--help"], capture_output=True, text=True, check=True)
    manual = (SRC / "cgi-bin/pull/doorstep-pull.1").read_text().replace("Fl Fl ", "--")
    options = set(re.findall(r"--([a-z][a-z-]+)", done.stdout))
    assert len(options) > 15 and [o for o in options if f"--{o}" not in manual] == []
