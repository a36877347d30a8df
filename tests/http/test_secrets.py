"""When all is done: no secret is stored or logged anywhere, and no child is named in a log."""

import os
import re
import subprocess

import pytest

from world import MARKER

PERSONAL = [MARKER, "O'Brien", "Thistle", "Example Street", "07700 900", "example.org", "1 Race Road", "Smuggled"]


@pytest.fixture(scope="module")
def logs(instance, started):
    """All logs of all instances of the run, together."""
    return "\n".join(path.read_text(errors="replace") for made in started for path in made.logs())


@pytest.fixture(scope="module")
def dump(instance):
    """The whole database as SQL."""
    version = (instance.state / "pg/PG_VERSION").read_text().strip()
    return subprocess.run(
        [f"/usr/lib/postgresql/{version}/bin/pg_dump", "-h", str(instance.state / "run"), "-U", "postgres", "doorstep"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PGPORT": "5432"},
    ).stdout


def found(secrets, text, folder):
    """Those of thousands of secrets that stand in a text of many megabytes, anywhere in it."""
    (folder / "secrets").write_text("".join(f"{secret}\n" for secret in secrets))
    grep = ["grep", "-aoFf", folder / "secrets"]
    done = subprocess.run(grep, input=text, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    assert done.returncode in (0, 1), done.stderr
    return sorted(set(done.stdout.split("\n")) - {""})


def test_there_was_something_to_find(world, secrets, logs, dump, tmp_path):
    assert len(secrets) > 2
    assert all(row["upn"] in dump for row in world.rows["pupils"])
    assert MARKER in dump and '"status":200' in logs
    assert found({"Zoë", "no such"}, "a Zoë.b", tmp_path) == ["Zoë"]


def test_no_token_or_secret_is_in_a_log(secrets, logs, tmp_path):
    assert found(secrets, logs, tmp_path) == []


def test_no_token_or_secret_is_in_the_database(secrets, dump, tmp_path):
    assert found(secrets, dump, tmp_path) == []


def test_no_upn_is_in_a_log(world, instance, logs):
    known = {upn for upn, in instance.query("select upn from data.pupil")}
    assert known & set(re.findall(r"[A-Z][0-9]{11}[0-9A-Z]", logs)) == set()


@pytest.mark.parametrize("text", PERSONAL)
def test_no_name_or_address_is_in_a_log(logs, text):
    assert text not in logs


def test_no_answer_was_500_and_no_worker_crashed(logs):
    assert '"status":500' not in logs
    assert "ERROR: AddressSanitizer" not in logs and "runtime error:" not in logs
