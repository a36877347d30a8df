"""A program as plain CGI: one request, answered by a process of its own."""

import os
import subprocess

from instance import BUILD
from raw import Headers


def run(program, method, uri, body=b"", **environment):
    """(status, headers, body, log); a variable that is None is not set."""
    given = {
        "PATH": os.environ["PATH"],
        "REQUEST_METHOD": method,
        "REQUEST_URI": uri,
        "CONTENT_LENGTH": str(len(body)),
        **{name: value for name, value in os.environ.items() if name.startswith(("ASAN_", "UBSAN_", "LSAN_"))},
        **environment,
    }
    done = subprocess.run(
        [BUILD / f"doorstep-{program}"],
        env={k: v for k, v in given.items() if v is not None},
        input=body,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = Headers(tuple(line.split(": ", 1)) for line in head.decode().split("\r\n"))
    return int(headers["Status"].split()[0]), headers, content, done.stderr.decode()
