"""What doorstep-pull stands between: a source that speaks as the broker Wonde does, and a Doorstep, both pretended.

A test that takes a real Doorstep instead of FakeDoorstep needs its url, client
and secret only; what has arrived it then asks the API for.
"""

import base64
import email.utils
import http.server
import itertools
import json
import os
import ssl
import subprocess
import threading
import time
from collections import deque
from urllib.parse import parse_qs, urlsplit

from instance import BUILD
from receivers import Server

SCHOOL, SOURCE_SCHOOL = "900801", "A1930499544"
TOKEN, CLIENT, SECRET = "token-of-the-source-5c1d", "demo-mis", "secret-of-the-client-77fe"
PATHS = {"pupils": "students", "contacts": "contacts", "register": "attendance/session"}
NAME = "Zyzzyva"
GENEROUS = 60


class Tls(http.server.ThreadingHTTPServer):
    """Over TLS with the certificate of the class attribute."""

    pem = None

    def get_request(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        sock, address = super().get_request()
        return context.wrap_socket(sock, server_side=True), address

    def handle_error(self, *_):
        pass


class Fault:
    """An answer in place of the right one."""

    def __init__(self, status=None, headers=None, body=b"", cut=None, silent=False, unmeasured=False):
        self.status, self.headers, self.body = status, headers or {}, body
        self.cut, self.silent, self.unmeasured = cut, silent, unmeasured


class Request:
    def __init__(self, handler, body=b""):
        split = urlsplit(handler.path)
        self.path, self.query = split.path, {k: v[0] for k, v in parse_qs(split.query).items()}
        self.headers, self.body, self.at = dict(handler.headers), body, time.monotonic()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every answer waits for the acknowledgement of its head

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(self.server.owner.clock or time.time(), usegmt=True)

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the client was killed, or has had enough

    def respond(self, status, body, headers=(), media_type="application/json"):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **dict(headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def misbehave(self, fault, right):
        """right: the body that would have been sent."""
        if fault.silent:
            self.server.owner.over.wait(GENEROUS)
        elif fault.cut is not None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(right)))
            self.end_headers()
            self.wfile.write(right[: fault.cut])
        elif fault.unmeasured:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(fault.body)
        else:
            return self.respond(fault.status, fault.body, fault.headers)
        self.close_connection = True
        return None


class Peer(Server):
    """requests: all that came; faults: what the next are answered; moment(what): is called, and may kill."""

    def __init__(self, handler, pem=None):
        self.requests, self.faults, self.clock, self.over = [], deque(), None, threading.Event()
        self.moment = lambda what: None
        kind = type("OverTls", (Tls,), {"pem": pem}) if pem else http.server.ThreadingHTTPServer
        self.scheme = "https" if pem else "http"
        super().__init__(kind, handler)

    def __exit__(self, *args):
        self.over.set()
        super().__exit__(*args)

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"


class SourceHandler(Handler):
    def do_GET(self):
        owner, request = self.server.owner, Request(self)
        owner.requests.append(request)
        owner.moment("get")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.respond(401, {"error": "no"})
        kind = {f"/v1.0/schools/{SOURCE_SCHOOL}/{path}": kind for kind, path in PATHS.items()}.get(request.path)
        if kind is None:
            return self.respond(404, {"error": "no such school"})
        body = owner.body(kind, int(request.query.get("page", 1)))
        if owner.unchanged and "updated_after" in request.query:
            body = b'{"data": [], "meta": {"pagination": {"next": null, "more": false}}}'
        if owner.faults:
            fault = owner.faults.popleft()
            if fault:
                return self.misbehave(fault, body)
        self.respond(200, body)
        return owner.tick()


class FakeSource(Peer):
    """pages: kind → how many records each page has; bodies: (kind, page) → bytes in place of a page.

    unchanged: nothing has changed after any time; otherwise everything has.
    """

    def __init__(self, pages=(2, 2, 1), **more):
        self.pages, self.bodies, self.edits = dict.fromkeys(PATHS, pages), {}, {}
        self.step, self.unchanged = 0, False
        super().__init__(SourceHandler, **more)

    def tick(self):
        if self.clock:
            self.clock += self.step

    def body(self, kind, page):
        if (kind, page) in self.bodies:
            return self.bodies[kind, page]
        sizes = self.pages[kind]
        following = f"{self.url}/v1.0/schools/{SOURCE_SCHOOL}/{PATHS[kind]}?per_page=100&page={page + 1}"
        pagination = {
            "next": following if page < len(sizes) else None,
            "previous": None,
            "more": page < len(sizes),
            "per_page": 100,
            "current_page": page,
        }
        pagination.update(self.edits.get((kind, page), {}))
        data = [{"id": f"{kind}-{page}-{i}", "surname": f"{NAME} Größe"} for i in range(sizes[page - 1])]
        return json.dumps({"data": data, "meta": {"pagination": pagination, "includes": []}}, ensure_ascii=False).encode()

    def all_bodies(self, kinds=PATHS):
        return [self.body(kind, page + 1) for kind in kinds for page in range(len(self.pages[kind]))]


class DoorstepHandler(Handler):
    def do_POST(self):
        owner = self.server.owner
        request = Request(self, self.rfile.read(int(self.headers["Content-Length"])))
        owner.requests.append(request)
        if request.path == "/oauth2/token":
            return self.sign_in(owner, request)
        owner.moment("post")
        if owner.faults:
            fault = owner.faults.popleft()
            if fault:
                return self.misbehave(fault, b"{" + b" " * 100 + b"}")
        if request.headers.get("Authorization") not in {f"Bearer {token}" for token in owner.tokens}:
            return self.problem(401, "A valid access token is needed")
        status, answer = owner.take(request)
        owner.moment("taken")
        return self.respond(status, answer)

    def problem(self, status, title):
        return self.respond(status, {"title": title, "status": status}, media_type="application/problem+json")

    def sign_in(self, owner, request):
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}" or request.body != b"grant_type=client_credentials":
            return self.problem(401, "The client id or secret is wrong")
        owner.tokens.append(f"token-of-doorstep-{len(owner.tokens)}-9ab3")
        return self.respond(200, {"access_token": owner.tokens[-1], "token_type": "Bearer", "expires_in": 3600})


class FakeDoorstep(Peer):
    """imports: (kind, body) as they were taken; problems: kind → what is rejected of every page."""

    client, secret = CLIENT, SECRET

    def __init__(self, **more):
        self.tokens, self.imports, self.kept, self.problems = [], [], {}, {}
        self.numbers, self.lock = itertools.count(1), threading.Lock()
        super().__init__(DoorstepHandler, **more)

    def expire(self):
        self.tokens = [f"{token}-expired" for token in self.tokens]

    def take(self, request):
        kind = request.path.removeprefix("/api/v1/imports/")
        assert kind in PATHS and request.query == {"school": SCHOOL, "mode": "valid"}, (request.path, request.query)
        assert request.headers["Content-Type"] == "application/json"
        key = request.headers["Idempotency-Key"]
        with self.lock:  # that of a run that was killed may still be under way
            if key not in self.kept:
                rows, rejected = len(json.loads(request.body)["data"]), self.problems.get(kind, [])
                self.imports.append((kind, request.body))
                self.kept[key] = request.body, {
                    "import": next(self.numbers), "rows": rows, "accepted": rows - len(rejected), "rejected": rejected
                }
            body, answer = self.kept[key]
        return (200, answer) if body == request.body else (422, {"title": "The idempotency key belongs to another request"})

    @property
    def bodies(self):
        return [body for _, body in self.imports]


class Puller:
    """Runs doorstep-pull between the two, with its files in a folder."""

    def __init__(self, folder, source, doorstep):
        self.folder, self.source, self.doorstep = folder, source, doorstep
        self.state, self.said = folder / "state.json", []
        self.secret_file("token", TOKEN)
        self.secret_file("secret", doorstep.secret)

    def secret_file(self, name, text):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    def arguments(self, **options):
        """Every option by its name, "_" for "-"; None leaves it out, True is one without a value."""
        given = {
            "source": self.source.url,
            "source_school": SOURCE_SCHOOL,
            "source_token_file": self.folder / "token",
            "school": SCHOOL,
            "doorstep": self.doorstep.url,
            "client": self.doorstep.client,
            "client_secret_file": self.folder / "secret",
            "state": self.state,
            "tries": 3,
            "pause": 0,
            **options,
        }
        words = [BUILD / "doorstep-pull"]
        for name, value in given.items():
            if value is not None:
                words += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
        return words

    def start(self, env=None, stderr=subprocess.PIPE, **options):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        return subprocess.Popen(
            self.arguments(**options),
            env={**environment, **(env or {})},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )

    def end(self, process):
        out, err = process.communicate(timeout=GENEROUS)
        self.said.append(out + (err or ""))
        done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
        assert "Sanitizer" not in self.said[-1] and "runtime error:" not in self.said[-1], self.said[-1]
        return done

    def run(self, **options):
        return self.end(self.start(**options))

    def pull(self, expect=0, **options):
        done = self.run(**options)
        assert done.returncode == expect, (done.returncode, done.stderr)
        return done

    def kinds(self):
        return json.loads(self.state.read_text())["kinds"]
