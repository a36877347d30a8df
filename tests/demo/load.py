#!/usr/bin/python3
"""Loads what generate.py made, through the API and nothing else.

    load.py [--client demo-trust] URL CREDENTIALS FOLDER

CREDENTIALS is a JSON list of {client_id, client_secret, ...}.  Stops at the
first refusal and shows it.  Every change carries an Idempotency-Key, so a load
that broke off is simply started again with the same files.
"""

import argparse
import base64
import http.client
import json
import pathlib
import ssl
import sys
import time
import urllib.parse

IMPORTS = ["schools", "staff", "pupils", "contacts"]
RETRIES = 60
TIMEOUT = 150


class Refused(Exception):
    pass


class Api:
    """One connection, opened again when the server has closed it."""

    def __init__(self, url):
        self.url = urllib.parse.urlsplit(url)
        self.connection = None
        self.token = None

    def connect(self):
        if self.url.scheme == "https":
            context = ssl.create_default_context()
            if self.url.hostname == "127.0.0.1":  # this machine, whose certificate is its own
                context = ssl._create_unverified_context()
            return http.client.HTTPSConnection(self.url.hostname, self.url.port, timeout=TIMEOUT, context=context)
        return http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=TIMEOUT)

    def send(self, method, path, body, headers):
        try:
            if self.connection is None:
                self.connection = self.connect()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer, answer.read()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = None
            raise

    def request(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        for attempt in range(RETRIES):
            try:
                answer, text = self.send(method, path, body, headers)
            except (http.client.RemoteDisconnected, ConnectionError) as problem:
                # All that changes something has a key, or does the same when done again.
                if attempt >= 3:
                    raise Refused(f"{method} {path}: {problem}") from problem
                continue
            if answer.status in (429, 503):
                time.sleep(float(answer.headers.get("Retry-After", "1")))
                continue
            break
        if answer.status >= 400:
            raise Refused(f"{method} {path} was refused with {answer.status}:\n{pretty(text)}")
        return json.loads(text) if text else None

    def sign_in(self, client):
        pair = f"{client['client_id']}:{client['client_secret']}".encode()
        answer = self.request("POST", "/oauth2/token", "grant_type=client_credentials",
                              Authorization="Basic " + base64.b64encode(pair).decode(),
                              Content_Type="application/x-www-form-urlencoded")
        self.token = answer["access_token"]

    def post(self, path, body, key):
        return self.request("POST", path, json.dumps(body, ensure_ascii=False).encode(),
                            Content_Type="application/json", Idempotency_Key=key)

    def list(self, path):
        while path:
            page = self.request("GET", path)
            yield from page["data"]
            path = page["next"]


def pretty(text):
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text.decode(errors="replace")[:2000]


def say(text, again=False):
    """A line; on a terminal, one that is to be written over."""
    if again and not sys.stdout.isatty():
        return
    print(f"\r    {text}" if sys.stdout.isatty() else f"    {text}", end="" if again else "\n", flush=True)


def load_file(api, kind, folder):
    body = (folder / f"{kind}.csv").read_bytes()
    report = api.request("POST", f"/api/v1/imports/{kind}?mode=all", body, Content_Type="text/csv; charset=utf-8")
    if report["rejected"]:
        raise Refused(f"{kind}.csv: {len(report['rejected'])} rows were rejected, the first:\n"
                      f"{json.dumps(report['rejected'][:5], indent=2)}")
    say(f"{kind} {report['accepted']}/{report['rows']}")


def ids(api, kind, key, schools):
    found = {}
    for school in schools:
        for row in api.list(f"/api/v1/{kind}?school={school}&limit=1000"):
            found[row[key]] = row["id"]
    return found


def with_ids(visit, pupils, staff):
    """The body as the API takes it: ids for UPNs and staff codes."""
    team = [{("staff_id" if name == "staff_code" else name): (staff[value] if name == "staff_code" else value)
             for name, value in member.items()} for member in visit["team"]]
    return {**visit, "pupils": [pupils[upn] for upn in visit["pupils"]], "team": team}


def load_visits(api, folder):
    lines = [json.loads(line) for line in open(folder / "visits.ndjson", encoding="utf-8")]
    schools = sorted({line["visit"]["school_urn"] for line in lines})
    pupils, staff = ids(api, "pupils", "upn", schools), ids(api, "staff", "staff_code", schools)
    for n, line in enumerate(lines, start=1):
        visit = api.post("/api/v1/visits", with_ids(line["visit"], pupils, staff), line["key"])
        for m, event in enumerate(line["events"], start=1):
            api.post(f"/api/v1/visits/{visit['id']}/events", event, f"{line['key']}-event-{m}")
        step = n == len(lines) or (not sys.stdout.isatty() and n % 60 == 0)
        say(f"visits {n}/{len(lines)}", again=not step)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", default="demo-trust")
    parser.add_argument("url")
    parser.add_argument("credentials", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    given = parser.parse_args()
    client = next(c for c in json.loads(given.credentials.read_text()) if c["client_id"] == given.client)
    api = Api(given.url)
    try:
        api.sign_in(client)
        for kind in IMPORTS:
            load_file(api, kind, given.folder)
        load_visits(api, given.folder)
    except (Refused, OSError) as problem:
        print(f"\nload: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
