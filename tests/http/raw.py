"""HTTP by hand, for what no well-behaved client sends."""

import re
import socket
import time


class RawAnswer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Headers(dict):
    """By name without regard to case; the first of several counts, all() has each."""

    def __init__(self, pairs):
        super().__init__()
        self.pairs = [(name.lower(), value) for name, value in pairs]
        for name, value in reversed(self.pairs):
            dict.__setitem__(self, name, value)

    def __getitem__(self, name):
        return dict.__getitem__(self, name.lower())

    def __contains__(self, name):
        return dict.__contains__(self, name.lower())

    def get(self, name, default=None):
        return dict.get(self, name.lower(), default)

    def all(self, name):
        return [v for n, v in self.pairs if n == name.lower()]


def parse(data):
    """The answers in what a server sent on one connection; bodies by Content-Length or chunked."""
    answers = []
    while data:
        match = re.match(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n", data)
        assert match, f"not an answer: {data[:300]!r}"
        lines = match.group(2).decode("latin-1").split("\r\n")[:-1]
        headers = Headers(tuple(part.strip() for part in line.split(":", 1)) for line in lines)
        data = data[match.end() :]
        if headers.get("transfer-encoding") == "chunked":
            body, data = dechunk(data)
        else:
            length = int(headers.get("content-length", 0))
            body, data = data[:length], data[length:]
        answers.append(RawAnswer(int(match.group(1)), headers, body))
    return answers


def dechunk(data):
    body = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        body, data = body + data[: int(size, 16)], data[int(size, 16) + 2 :]
        if int(size, 16) == 0:
            return body, data


def count_whole(data):
    """How many answers have come with all of their body."""
    try:
        return sum(len(a.body) == int(a.headers.get("content-length", 0)) for a in parse(data))
    except AssertionError:
        return 0


def talk(port, data, timeout=30, enough=None):
    """Sends data and reads until the server closes, the time is up, or enough answers are there."""
    end = time.monotonic() + timeout
    with socket.socket() as s:
        s.settimeout(timeout)
        s.connect(("127.0.0.1", port))
        got = b""
        try:
            s.sendall(data)
            while time.monotonic() < end and not (enough and count_whole(got) >= enough):
                s.settimeout(max(end - time.monotonic(), 0.01))
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
        except (ConnectionError, socket.timeout):
            pass
    return got


def exchange(port, data, **more):
    """The same, as a list of answers."""
    return parse(talk(port, data, **more))
