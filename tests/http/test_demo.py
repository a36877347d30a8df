"""The demo's trust can be loaded: it obeys the policies, the imports and the limits of the day."""

import json
import subprocess
import sys

import pytest

import contract
from instance import SRC, Instance


@pytest.fixture(scope="module")
def empty():
    instance = Instance(workers=4)
    yield instance.start()
    instance.remove()


def run(script, *args):
    done = subprocess.run(
        [sys.executable, SRC / "tests/demo" / script, *map(str, args)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_demo_loads_and_shows_who_is_out(empty, tmp_path):
    scopes = sorted({s for o in contract.OPERATIONS.values() for r in o["security"] for s in r.get("oauth2", [])})
    secret = empty.make_client("demo-trust", scopes, None)
    credentials = tmp_path / "credentials.json"
    credentials.write_text(json.dumps([{"client_id": "demo-trust", "client_secret": secret}]))
    run("generate.py", tmp_path / "demo")
    run("load.py", empty.url, credentials, tmp_path / "demo")
    states = dict(empty.query("select state::text, count(*) from data.visit group by state"))
    assert {"requested", "approved", "refused", "recorded", "cancelled", "declined", "aborted"} <= set(states)
    assert empty.query("select count(*) > 2 from data.visit where departed_at is not null and returned_at is null") == [(True,)]
