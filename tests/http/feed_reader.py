"""A reader of the feed of changes, as a process that can be killed: python3 feed_reader.py URL LOG LIMIT [UNTIL].

Its access token comes from the environment.  Each page that it has read
becomes one line of the log, written at once; what a kill has left of a line is
cut off, and it goes on after the last whole one.  With UNTIL, a token, it ends
there; else it reads for ever.
"""

import json
import os
import sys
import time
from pathlib import Path

import requests


def whole_lines(path):
    """The pages in a log."""
    text = path.read_bytes() if path.exists() else b""
    return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]


def read(url, log, limit, until=None):
    log = Path(log)
    pages = whole_lines(log)
    log.write_bytes(b"".join(json.dumps(page).encode() + b"\n" for page in pages))
    after = pages[-1]["token"] if pages else None
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {os.environ['FEED_TOKEN']}"
    with open(log, "ab", buffering=0) as out:
        while True:
            asked = {"limit": limit, **({"after": after} if after else {}), **({"until": until} if until else {})}
            answer = session.get(f"{url}/api/v1/changes", params=asked, timeout=60)
            answer.raise_for_status()
            page = answer.json()
            after = page["token"]
            if page["data"]:
                out.write(json.dumps({"token": after, "data": page["data"]}).encode() + b"\n")
            if not page["more"]:
                if until:
                    return
                time.sleep(0.01)


if __name__ == "__main__":
    read(*sys.argv[1:])
