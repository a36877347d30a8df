#!/usr/bin/python3
"""Loads what generate.py made, through the API and nothing else.

    load.py [--client demo-trust] URL CREDENTIALS FOLDER

CREDENTIALS is a JSON list of {client_id, client_secret, ...}.  Stops at the
first refusal and shows it.  Every change carries an Idempotency-Key, so a load
that broke off is simply started again with the same files.

A step of a visit is posted as it stands, but for two that depend on what the
policy asks for: "meet" says of every duty that people meet by doing something
that it is done, and a record with "kept": "all" confirms all that can be
confirmed.
"""

import argparse
import base64
import concurrent.futures
import http.client
import json
import pathlib
import ssl
import sys
import threading
import time
import urllib.parse

import agreements

IMPORTS = ["schools", "staff", "pupils", "contacts"]
RETRIES = 60
TIMEOUT = 150
CONNECTIONS = 4  # as many as the workers of a program

# The kinds of clause whose duties are met by saying that they are done, and those that the writer of a record confirms.
DONE = {"allergies", "alternative_considered", "animals", "briefing", "concerns_discussed", "dsl_input",
        "lone_sensitivity", "other_contact_tried", "phone", "social_worker_told", "tutoring"}
CONFIRMED = {"both_present", "conduct", "identification", "purpose_explained", "tutoring"}
PEOPLE = {"by", "told_to", "staff", "staff_id"}


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


def load_register(api, folder):
    """Half a million marks: answered at once and asked for until they are stored."""
    path = "/api/v1/imports/register"
    number = api.request("POST", path, (folder / "register.csv").read_bytes(), Content_Type="text/csv; charset=utf-8",
                         Prefer="respond-async")["import"]
    while (done := api.request("GET", f"{path}/{number}"))["state"] == "running":
        say(f"register: {done['step'] or 'beginning'}".ljust(60), again=True)
        time.sleep(0.2)
    if done["state"] != "done":
        rejected = api.request("GET", f"{path}/{number}/rejected?limit=5")["data"] if done["report"] else done["problem"]
        raise Refused(f"register.csv {done['state']}:\n{json.dumps(rejected, indent=2)}")
    say(f"register {done['accepted']}/{done['rows']}".ljust(60 if sys.stdout.isatty() else 0))


class Directory:
    """The ids of people, by staff code and UPN, and who holds which role."""

    def __init__(self, api):
        schools = [school["urn"] for school in api.list("/api/v1/schools?limit=1000")]
        self.staff, self.pupils, self.holders = {}, {}, {}
        for school in schools:
            for member in api.list(f"/api/v1/staff?school={school}&limit=1000"):
                self.staff[member["staff_code"]] = member["id"]
                for post in member["posts"]:
                    for role in post["roles"]:
                        self.holders.setdefault((post["school_urn"], role), member["id"])
            for pupil in api.list(f"/api/v1/pupils?school={school}&limit=1000"):
                self.pupils[pupil["upn"]] = pupil["id"]

    def with_ids(self, body):
        """The body as the API takes it: ids for UPNs and staff codes."""
        known = {}
        for name, value in body.items():
            if name == "team":
                value = [self.with_ids(member) for member in value]
            elif name == "pupils":
                value = [self.pupils[upn] for upn in value]
            elif name == "pupil":
                value = self.pupils[value]
            elif name in PEOPLE:
                value = self.staff[value]
            elif name == "staff_code":
                name, value = "staff_id", self.staff[value]
            known[name] = value
        return known

    def path(self, path):
        return "/".join(str(self.staff.get(part) or self.pupils.get(part) or part) for part in path.split("/"))


def lines_of(folder, name):
    return [json.loads(line) for line in open(folder / f"{name}.ndjson", encoding="utf-8")]


def duties_of(api, visit, kinds):
    """The duties of these kinds that the policy puts on the visit."""
    return [duty for duty in api.list(f"/api/v1/visits/{visit['id']}/duties?limit=1000")
            if duty["kind"] in kinds and duty["state"] != "not_applicable"]


def meet(api, directory, visit, body, key):
    for duty in duties_of(api, visit, DONE):
        part = duty.get("part")
        if duty["state"] not in ("due", "late") or duty["kind"] == "phone" and part not in ("charged", "numbers"):
            continue
        by = next((holder for role in duty["roles"] if (holder := directory.holders.get((visit["school_urn"], role)))),
                  body["by"])
        event = {"kind": "done", "clause": duty["clause"], "by": by, "at": body["at"]}
        if part:
            event["part"] = part
        api.post(f"/api/v1/visits/{visit['id']}/events", event, f"{key}-{duty['clause']}-{part or ''}")


def load_visit(api, directory, line):
    visit = api.post("/api/v1/visits", directory.with_ids(line["visit"]), line["key"])
    for n, (what, body) in enumerate(line["steps"], start=1):
        key, body = f"{line['key']}-step-{n}", directory.with_ids(body)
        if what == "meet":
            meet(api, directory, visit, body, key)
            continue
        if body.get("kept") == "all":
            body["kept"] = sorted({duty["clause"] for duty in duties_of(api, visit, CONFIRMED)})
        api.post(f"/api/v1/visits/{visit['id']}/{what}", body, key)


def load_lines(api, name, lines, load):
    """Several at once, each over a connection of its own; says how far it has come."""
    here = threading.local()

    def load_one(line):
        if not hasattr(here, "api"):
            here.api = Api(api.url.geturl())
            here.api.token = api.token
        load(here.api, line)

    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        under_way = [pool.submit(load_one, line) for line in lines]
        try:
            for n, done in enumerate(under_way, start=1):
                done.result()
                say(f"{name} {n}/{len(lines)}", again=n < len(lines))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


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
        load_register(api, given.folder)
        directory = Directory(api)
        load_lines(api, "facts", lines_of(given.folder, "facts"), lambda its_api, fact: its_api.post(
            directory.path(fact["path"]), directory.with_ids(fact["body"]), fact["key"]))
        load_lines(api, "visits", lines_of(given.folder, "visits"),
                   lambda its_api, visit: load_visit(its_api, directory, visit))
        agreements.load(api, directory, say)
    except (Refused, OSError) as problem:
        print(f"\nload: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
