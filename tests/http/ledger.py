"""Writers that note what was acknowledged, to be held against the table after a fault."""

import contextlib
import itertools
import threading
import time

import requests

from client import code

WRITERS = 4
_runs = itertools.count(1)


class Ledger:
    """Each writer plans visits one after the other, each under its own key, repeated until it is acknowledged."""

    def __init__(self, instance):
        self.instance, self.world = instance, instance.world
        self.run = f"Ledger {next(_runs)} "
        self.stop = threading.Event()
        self.acknowledged, self.statuses, self.failures = {}, [], []

    def write(self, number):
        api = self.instance.office.fork()
        for n in itertools.count():
            key = f"{self.run}{number}-{n}"
            try:
                self.repeat(api, key)
            except Exception as why:  # noqa: BLE001 - told by check()
                self.failures.append(why)
                return
            if self.stop.is_set():
                return

    def repeat(self, api, key):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                answer = api.call(
                    "POST",
                    "/api/v1/visits",
                    json=self.world.plan(place={"address": key}),
                    headers={"Idempotency-Key": key.replace(" ", "-"), "Connection": "close"},
                )
            except requests.ConnectionError:
                self.statuses.append(None)
                continue
            self.statuses.append(answer.status_code)
            if answer.status_code == 201:
                self.acknowledged[key] = answer.json()["id"]
                return
            assert answer.status_code == 503 or code(answer) == "conflict", answer.text
            time.sleep(0.05)
        raise TimeoutError(f"{key} was never acknowledged")

    def __enter__(self):
        self.threads = [threading.Thread(target=self.write, args=[n]) for n in range(WRITERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, count):
        """Until so many more are acknowledged: the instance is at work (again)."""
        wanted, end = len(self.acknowledged) + count, time.monotonic() + 60
        while len(self.acknowledged) < wanted and not self.failures:
            assert time.monotonic() < end, f"only {len(self.acknowledged)} of {wanted} acknowledged"
            time.sleep(0.02)

    def check(self):
        """Every acknowledged write is there exactly once, nothing else is, and each has its audit entry."""
        assert not self.failures, self.failures
        with contextlib.closing(self.instance.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("select address, visit_id from data.visit where address like %s", [f"{self.run}%"])
            rows = cursor.fetchall()
            cursor.execute(
                "select (key ->> 'visit_id')::bigint from audit.entry where record = 'data.visit' and action = 'insert'"
                " and after ->> 'address' like %s",
                [f"{self.run}%"],
            )
            audited = [number for number, in cursor.fetchall()]
        assert sorted(rows) == sorted(self.acknowledged.items())
        assert sorted(audited) == sorted(self.acknowledged.values())
