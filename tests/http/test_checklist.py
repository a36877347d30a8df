"""What is left to ask of the programs as they run: what they may, where they reach, what a page of theirs may do."""

import contextlib
import copy
import json
import os
import re
import socket
import ssl
import subprocess
import threading

import pytest

import bodies
import contract
from client import Api
from instance import BUILD, PROGRAMS, SRC, children_of, wait_until
from world import SCHOOL_A, contact_row, csv_text, pupil_row, staff_row

ALL_PROGRAMS = (*PROGRAMS, "watch", "exports", "seal")
SANITIZED = b"__asan_init" in (BUILD / "doorstep-records").read_bytes()


# ------------------------------------------------------------ programs as they run


def processes(instance):
    """(program, pid) of all of them."""
    for program in ALL_PROGRAMS:
        first = instance.pid(program)
        for pid in children_of(first) if program in PROGRAMS else [first, *children_of(first)]:
            yield program, pid


def status(pid):
    with open(f"/proc/{pid}/status") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file)


def test_every_program_runs_without_capabilities_and_leaves_no_core(instance):
    seen = set()
    for program, pid in processes(instance):
        found = status(pid)
        limits = open(f"/proc/{pid}/limits").read()
        assert found["NoNewPrivs"] == "1", program
        assert int(found["CapEff"], 16) == int(found["CapPrm"], 16) == 0, program
        assert re.search(r"^Max core file size +0 +0 ", limits, re.M), program
        seen.add(program)
    assert seen == set(ALL_PROGRAMS)


@pytest.mark.skipif(SANITIZED, reason="the sanitizer of leaks must read its own process")
def test_no_program_can_be_read_by_another_of_its_user(instance):
    """What cannot be dumped belongs to root in /proc: memory and environment are closed to others."""
    for program, pid in processes(instance):
        assert os.stat(f"/proc/{pid}/environ").st_uid == 0 or os.geteuid(), program
        if os.geteuid():
            with pytest.raises(PermissionError):
                open(f"/proc/{pid}/environ").read()


@pytest.mark.parametrize("program", ALL_PROGRAMS)
def test_version_tells_the_libraries(program):
    text = subprocess.run([BUILD / f"doorstep-{program}", "--version"], capture_output=True, text=True, check=True).stdout
    first, *libraries = text.splitlines()
    assert first.startswith(f"doorstep-{program} ")
    assert any(re.match(r"^  libpq\.so\.5\.\d+$", line) for line in libraries), text
    assert any(re.match(r"^  libjson-c\.so\.\d+\.\d+", line) for line in libraries), text
    assert libraries == sorted(libraries) and "vdso" not in text


def test_an_old_server_is_named_at_start(instance):
    """Before 15.20 rows could be read past row-level security; still, who upgrades is a person."""
    ((number,),) = instance.query("select current_setting('server_version_num')::int")
    assert ("PostgreSQL is older than 15.20" in instance.log("records")) == (number < 150020)


def test_no_secret_is_on_a_command_line(start_instance, tmp_path, monkeypatch):
    """Anybody on the machine reads command lines: so what starts each program is looked at, however short it lives."""
    seen, setsid = tmp_path / "seen", tmp_path / "setsid"
    setsid.write_text(f"#!/bin/bash\necho \"$*\" >>'{seen}'\nexec /usr/bin/setsid \"$@\"\n")
    setsid.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    made = start_instance(smtp_password="hush-hush-hush", smtp_user="doorstep", workers=1)
    text = seen.read_text()
    assert all(f"doorstep-{program}" in text for program in ALL_PROGRAMS)
    assert "hush" not in text
    if os.geteuid() == 0:
        told = {p for p in ALL_PROGRAMS if "hush-hush-hush" in open(f"/proc/{made.pid(p)}/environ").read()}
        assert told == {"watch"}, "who sends mail is told, and nobody else"


def test_secrets_are_compared_in_constant_time():
    """A look at the text, since a look at the clock would prove nothing here."""
    early = re.compile(r"\b(?:strn?(?:case)?cmp|memcmp)\s*\([^;()]*\b\w*(?:secret|token|csrf|password)\b", re.I)
    found = [f"{path}: {line}" for path in sorted((SRC / "cgi-bin").rglob("*.c")) for line in early.findall(path.read_text())]
    assert found == []


# ------------------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def secure(start_instance, tmp_path_factory):
    """An instance behind TLS, with a certificate of its own making."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=doorstep", "-addext",
         "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    made = start_instance(rate=1000, workers=1, tls_cert=cert, tls_key=key)
    made.cert = str(cert)
    return made


def shake_hands(secure, versions, ciphers="ALL:@SECLEVEL=0"):
    """The version and cipher agreed on."""
    context = ssl.create_default_context(cafile=secure.cert)
    context.minimum_version, context.maximum_version = versions
    context.set_ciphers(ciphers)
    with socket.create_connection(("127.0.0.1", secure.port), 30) as s, context.wrap_socket(s, server_hostname="127.0.0.1") as t:
        return t.version(), t.cipher()[0]


V = ssl.TLSVersion


@pytest.mark.parametrize("version", [V.TLSv1_2, V.TLSv1_3])
def test_tls_1_2_and_1_3_are_spoken(secure, version):
    assert shake_hands(secure, (version, version))[0] == version.name.replace("_", ".")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [V.TLSv1, V.TLSv1_1])
def test_older_tls_is_not(secure, version):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake_hands(secure, (version, version))


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA384", "aNULL"])
def test_without_forward_secrecy_or_authentication_nothing_is_agreed(secure, ciphers):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake_hands(secure, (V.TLSv1_2, V.TLSv1_2), f"{ciphers}:@SECLEVEL=0")


def over_tls(secure):
    api = Api(secure.url.replace("http:", "https:"))
    api.session.verify = secure.cert
    return api


@pytest.mark.parametrize("path, expect", [("/healthz", 200), ("/api/v1/visits", 401), ("/nothing", 404), ("/%00", 400), ("/problems", 200)])
def test_every_answer_over_tls_asks_for_tls_from_now_on(secure, path, expect):
    answer = over_tls(secure).get(path, expect)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_in_clear_nothing_is_answered_and_nobody_is_led_elsewhere(secure, instance, anyone):
    answer = Api(secure.url).get("/api/v1/visits", 400)
    assert "Location" not in answer.headers and answer.json()["type"] == "/problems#malformed"
    assert "Strict-Transport-Security" not in anyone.get("/healthz").headers


# --------------------------------------------------------------- where text leads


class Door:
    """Listens, and counts who comes."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.came = self.socket.getsockname()[1], 0
        threading.Thread(target=self.wait, daemon=True).start()

    def wait(self):
        with contextlib.suppress(OSError):
            while True:
                self.socket.accept()[0].close()
                self.came += 1


@pytest.fixture(scope="module")
def door():
    made = Door()
    yield made
    made.socket.close()


def texts_of(value, path=()):
    """The paths of all texts in a body."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts_of(part, (*path, key))


def replaced(body, path, text):
    body = copy.deepcopy(body)
    at = body
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = text
    return body


@pytest.fixture(scope="module")
def hostile(door):
    return f"http://127.0.0.1:{door.port}/\"onx='<script>alert(1)</script>"


WRITING = [(m, r) for m, r in sorted(contract.SCOPES) if m in ("POST", "PATCH") and "/imports/" not in r]


def import_people(office, world, hostile):
    """Everybody that a file can bring, with the text in every column that may have any."""
    named = {"given_name": hostile, "family_name": hostile}
    pupil = pupil_row(SCHOOL_A, address=hostile, **named)
    files = {
        "staff": staff_row(SCHOOL_A, 900, **named),
        "pupils": pupil,
        "contacts": contact_row(pupil["upn"], relationship=hostile[:40], language=hostile[:40], **named),
    }
    for kind, row in files.items():
        office.import_rows(kind, csv_text(kind, [row]), (200, 422))
    who = next(p["id"] for p in office.pages("/api/v1/pupils") if p["upn"] == pupil["upn"])
    return office.post("/api/v1/visits", world.plan(pupils=[who])).json()


@pytest.fixture(scope="module")
def trust(start_with_world):
    """With records that no other test wants to meet."""
    return start_with_world(workers=2)


@pytest.fixture(scope="module")
def planted(trust, hostile):
    """The text in each field of each operation that takes one, one at a time; which of them were taken."""
    office, world = trust.office, trust.world
    visit, taken = import_people(office, world, hostile), set()
    for method, route in WRITING:
        sent = bodies.good_body(method, route, world)[1]
        for path in texts_of(json.loads(sent)):
            body = replaced(json.loads(bodies.good_body(method, route, world)[1]), path, hostile)
            answer = bodies.send(office, method, route, world, visit, body=json.dumps(body))
            assert answer.status_code < 500
            if answer.status_code in (200, 201, 202):
                taken.add((method, route, path))
    return taken


def tcp_of(pid):
    """What TCP sockets a process has."""
    known = {line.split()[9] for name in ("tcp", "tcp6") for line in open(f"/proc/{pid}/net/{name}").readlines()[1:]}
    links = []
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(entry.path))
    return [link for link in links if link.startswith("socket:[") and link[8:-1] in known]


def test_no_text_makes_a_program_open_a_connection(trust, planted, hostile, door):
    office = trust.office
    assert len(planted) > 20, "many fields take any text"
    for header in ("Referer", "Origin", "X-Forwarded-Host", "Forwarded", "X-Callback-Url", "Destination", "Link"):
        office.get("/api/v1/visits", (200, 403), headers={header: hostile})
    for query in ("url", "callback", "redirect_uri", "next", "after", "updated_after"):
        office.get("/api/v1/visits", 400, params={query: hostile})
    xml = f'<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:{door.port}/b">]><a>&b;</a>'
    office.import_rows("register", xml, (400, 415, 422), media_type="application/xml")
    socket.create_connection(("127.0.0.1", door.port)).close()
    wait_until(lambda: door.came)
    assert door.came == 1, "who came before would have been let in before"
    if os.geteuid() == 0:
        assert {program: tcp_of(pid) for program, pid in processes(trust) if tcp_of(pid)} == {}


@pytest.fixture(scope="module")
def shown():
    """The routes of the pages on which the text stood."""
    return set()


def parameters(method, route):
    return {p["name"] for p in contract.OPERATIONS[method, route].get("parameters", ()) if p["in"] == "query"}


PAGES = [
    route for (method, route), o in sorted(contract.OPERATIONS.items())
    if method == "GET" and "text/html" in o["responses"].get("200", {}).get("content", ())
]  # fmt: skip


@pytest.mark.parametrize("route", PAGES)
def test_a_page_shows_a_script_as_text(trust, planted, hostile, shown, route):
    visit = {"id": trust.query("select min(visit_id) from data.visit")[0][0]}
    path = bodies.record_path(route, trust.world, visit)
    windowed = {"from", "to"} <= parameters("GET", route) and not bodies.needed_by(route, trust.world)
    query = "?from=2025-09-01&to=2026-08-31" if windowed else ""
    text = bodies.send(trust.office, "GET", route, trust.world, visit, path=f"{path}.html", query=query, expect=200).text
    assert not re.search(r"<script|<[^>]*\son[a-z]+\s*=|href=\"?(?:javascript|data):", text, re.I)
    if "&lt;script&gt;" in text:
        shown.add(route)


def test_pages_that_show_free_text_showed_it(shown):
    """Most reports count, and show none; of a request for subject access test_subject.py asks the same."""
    assert {"/api/v1/letters/{letter}/page", "/api/v1/referrals/{referral}/pack"} <= shown


@pytest.mark.parametrize("name", ["password", "signed-in"])
def test_pages_of_files_run_nothing_inline(anyone, name):
    page = anyone.session.get(f"{anyone.url}/account/{name}.html", timeout=30)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script>|<style>|\sstyle=|\son[a-z]+=|https?://", page.text)


# ------------------------------------------------------------------- a long time


OF_DAYS = [route for method, route in sorted(contract.OPERATIONS) if method == "GET" and {"from", "to"} <= parameters(method, route)]


@pytest.mark.parametrize("route", OF_DAYS)
def test_a_hundred_years_are_refused_or_answered_within_bounds(trust, route):
    visit = {"id": trust.query("select min(visit_id) from data.visit")[0][0]}
    request = bodies.request("GET", route, trust.world, visit)
    path = re.sub(r"&(?:from|to)=[^&]*", "", request["path"].replace("?", "?&"))
    request["path"] = f"{path}{'&' if '?' in path else '?'}from=1926-01-01&to=2025-12-31".replace("?&", "?")
    trust.office.call(**request, expect=(200, 400))
    if not SANITIZED:
        most = {int(status(pid)["VmHWM"].split()[0]) for _, pid in processes(trust)}
        assert max(most) < 128 * 1024, "KiB"


# --------------------------------------------------------------- what went wrong


@pytest.fixture
def talkative(trust):
    """A database whose error tells more than anybody is to know."""
    trust.query(
        "create function data.fail_for_test() returns trigger language plpgsql as $$ begin"
        " raise 'Quibblesome at /var/lib/postgresql' using errcode = '53100', detail = 'Quibblesome row', hint = 'Quibblesome'; end $$;"
        " create trigger fail_for_test before insert on data.visit execute function data.fail_for_test()"
    )
    yield
    trust.query("drop trigger fail_for_test on data.visit; drop function data.fail_for_test()")


def test_an_error_of_the_database_is_told_without_its_words(trust, talkative):
    number = trust.query("select count(*) from data.visit")
    answer = trust.office.post("/api/v1/visits", trust.world.plan(), 503)
    assert not re.search(r"Quibblesome|/var|sql|plpgsql|data\.|trigger|PL/", answer.text)
    assert trust.query("select count(*) from data.visit") == number
    trust.office.get("/api/v1/visits")
    logs = "".join(path.read_text(errors="replace") for path in trust.logs())
    assert "Quibblesome row" not in logs, "what rows hold is in no log"
