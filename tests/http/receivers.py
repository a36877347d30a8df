"""A mail server and a receiver of webhooks, in threads of the test, on ports of their own."""

import email
import email.policy
import http.server
import socketserver
import threading


class Server:
    """Runs a socketserver class; as a context it ends with it."""

    def __init__(self, kind, handler, port=0):
        kind.allow_reuse_address = True
        kind.daemon_threads = True
        kind.block_on_close = False
        self.server = kind(("127.0.0.1", port), handler)
        self.server.owner = self
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Received:
    """A webhook's request."""

    def __init__(self, path, headers, body):
        self.path, self.headers, self.body = path, headers, body
        self.delivery = headers["Doorstep-Delivery"]


class WebhookHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        owner = self.server.owner
        body = self.rfile.read(int(self.headers["Content-Length"]))
        owner.received.append(Received(self.path, dict(self.headers), body))
        owner.open.wait(60)
        status = owner.statuses.pop(0) if owner.statuses else 204
        try:
            self.send_response(status)
            if status // 100 == 3:
                self.send_header("Location", f"http://127.0.0.1:{owner.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass  # the watch was killed, or waits no more

    def log_message(self, *_):
        pass


class WebhookReceiver(Server):
    """received: all requests; statuses: the next answers, then 204; hold(): answers nobody until open is set."""

    def __init__(self, port=0):
        self.received, self.statuses, self.open = [], [], threading.Event()
        self.open.set()
        super().__init__(http.server.ThreadingHTTPServer, WebhookHandler, port)

    def hold(self):
        self.open.clear()

    def __exit__(self, *args):
        self.open.set()
        super().__exit__(*args)

    def url(self, path="/hook"):
        return f"http://127.0.0.1:{self.port}{path}"

    def bodies(self, path="/hook"):
        return [r for r in self.received if r.path == path]


class MailHandler(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def read_message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def handle(self):
        owner, to = self.server.owner, []
        self.say("220 test ESMTP")
        while line := self.rfile.readline().decode().strip():
            command = line.upper()
            if command.startswith(("EHLO", "HELO")):
                self.wfile.write(b"250-test\r\n250-AUTH PLAIN\r\n250 SIZE 1000000\r\n")
            elif command.startswith("AUTH"):
                self.say("334 ")
                owner.logins.append(self.rfile.readline())
                self.say("235 welcome")
            elif command.startswith("RCPT TO:"):
                to.append(line[8:].strip().strip("<>"))
                self.say(owner.refusal or "250 fine")
            elif command == "DATA":
                self.say("354 go on")
                message = email.message_from_bytes(self.read_message(), policy=email.policy.default)
                owner.received.append((to[-1], message))
                self.say("250 taken")
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")


class MailServer(Server):
    """received: [(recipient, message)]; logins: what was answered to AUTH; refusal: an answer to every recipient."""

    def __init__(self, port=0):
        self.received, self.logins, self.refusal = [], [], None
        super().__init__(socketserver.ThreadingTCPServer, MailHandler, port)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"
