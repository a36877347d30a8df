"""The trail as an auditor has it: its export, the checkpoints, doorstep-verify; and the tree made again in Python."""

import base64
import hashlib
import json
import subprocess

import pytest

from client import Api
from instance import BUILD, wait_until
from world import SCHOOL_B, SCOPES

PROOF = "/api/v1/audit/proof.ndjson"
VERIFY = "/api/v1/audit/verify"
OF_ENTRY = ("id", "at", "xid", "client_id", "request_id", "db_role", "action", "table_name", "key", "school_urn")
OF_ACCESS = ("id", "at", "xid", "client_id", "request_id", "resource", "format", "row_count")
UNSEALED = """select (select count(*) from audit.entry e where not exists (select from audit.leaf l where l.entry_id = e.entry_id))
     + (select count(*) from audit.access a where not exists (select from audit.leaf l where l.access_id = a.access_id))
     + (select count(*) from audit.leaf) - (select max(size) from audit.checkpoint)"""


@pytest.fixture(scope="module")
def instance(start_with_world):
    """One of its own for a file: the trail of what all tests did would be exported again and again."""
    return start_with_world(workers=2)


@pytest.fixture(scope="module")
def office(instance):
    return instance.office


@pytest.fixture(scope="module")
def world(instance):
    return instance.world


def client_of(instance, secrets, name, schools):
    secret = instance.make_client(name, SCOPES, schools)
    secrets.add(secret)
    return Api(instance.url, name, secret, on_token=secrets.add)


@pytest.fixture(scope="module")
def auditor(instance, secrets):
    return client_of(instance, secrets, "auditor", None)


@pytest.fixture(scope="module")
def client_b(instance, secrets):
    return client_of(instance, secrets, "school-b", [SCHOOL_B])


def sealed(query):
    """Waits until all is sealed and signed that there is."""
    wait_until(lambda: query(UNSEALED) == [(0,)])


def checkpoints(instance):
    return (instance.state / "checkpoints/checkpoints").read_text()


def export(client, instance):
    """With the checkpoints first: that it was exported is noted, and sealed, too."""
    instance.notes = checkpoints(instance)
    answer = client.get(PROOF)
    answer.encoding = "utf-8"  # which is not to be guessed
    return answer.text.splitlines()


def verify(folder, instance, lines, notes=None, key=None, options=()):
    """Status and words of doorstep-verify."""
    (folder / "trail.ndjson").write_text("".join(line + "\n" for line in lines))
    (folder / "checkpoints").write_text(instance.notes if notes is None else notes)
    (folder / "key").write_text((instance.state / "seal.pub").read_text() if key is None else key)
    done = subprocess.run(
        [BUILD / "doorstep-verify", *options, "-k", folder / "key", "-c", folder / "checkpoints", folder / "trail.ndjson"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == "" or done.returncode == 2, done.stderr
    return done.returncode, done.stdout + done.stderr


def field(value):
    data = value if isinstance(value, bytes) else None if value is None else str(value).encode()
    return b"\xff\xff\xff\xff" if data is None else len(data).to_bytes(4, "big") + data


def commitment(line):
    said = (line["was"], line["is_now"]) if line["kind"] == "entry" else (line["filters"],)
    return hashlib.sha256(bytes.fromhex(line["salt"]) + b"".join(map(field, said))).hexdigest()


def leaf(line):
    words = OF_ENTRY if line["kind"] == "entry" else OF_ACCESS
    data = field(line["kind"]) + b"".join(field(line[word]) for word in words) + field(bytes.fromhex(line["commitment"]))
    return hashlib.sha256(b"\0" + data).hexdigest()


def root(hashes):
    """As RFC 6962 splits it."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(hashes[:k]) + root(hashes[k:])).digest()


def notes_of(text):
    """(size, root) of each note of a file."""
    found = []
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if line.startswith("\u2014 "):
            found.append((int(lines[at - 3]), base64.b64decode(lines[at - 2])))
    return found


def rewritten(lines, at, change):
    """The export with one entry changed and all hashes made anew: what who rewrites the whole database would show."""
    line = json.loads(lines[at])
    change(line)
    line["commitment"] = commitment(line)
    line["hash"] = leaf(line)
    return [*lines[:at], json.dumps(line), *lines[at + 1 :]]


def first_of(words):
    return words.splitlines()[0]
