"""A person in a browser: the cookies that it keeps, and what its pages send along."""

import base64
import hashlib
import hmac
import http.cookiejar
import re
import secrets
import struct
import time

from client import Api
from world import SCHOOL_A

SESSION, DEVICE = "__Host-doorstep", "__Host-doorstep-device"
PASSWORD = "quiet otter marmalade 7"
PATH = "/api/v1/session"


def code_of(secret, steps=0):
    """The one-time code of a key in base32, so many steps from now (RFC 6238)."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    number = struct.unpack(">I", digest[digest[-1] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


class Browser(Api):
    """As Api, but by cookie.  cookies: what it keeps, by name; seen: every secret that it was told."""

    def __init__(self, url, seen=None, source=None):
        super().__init__(url)
        self.session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self.cookies, self.csrf, self.seen = {}, None, seen if seen is not None else set()

    def call(self, method, path, expect=None, headers=None, **more):
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        headers = {k: v for k, v in {**sent, **(headers or {})}.items() if v is not None}
        answer = super().call(method, path, expect=expect, headers=headers, token="", **more)
        for line in answer.raw.headers.getlist("Set-Cookie"):
            self.keep(line)
        if "json" in answer.headers.get("Content-Type", "") and answer.content and answer.status_code == 200:
            body = answer.json()
            if "csrf_token" in body:
                self.csrf = body["csrf_token"]
                self.seen.add(self.csrf)
        return answer

    def keep(self, line):
        name, value, attributes = re.match(r"([^=]+)=([^;]*);(.*)$", line).groups()
        if "Max-Age=0" in attributes:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value
            self.seen.add(value)

    def enter(self, login, password=PASSWORD, expect=200, **more):
        return self.post(PATH, {"login": login, "password": password, **more}, expect)

    def here(self, expect=200):
        return self.get(PATH, expect)

    def fork(self):
        """Another with the same cookies."""
        other = Browser(self.url, self.seen)
        other.cookies, other.csrf = dict(self.cookies), self.csrf
        return other


def signed_in(instance, role, name):
    """A new member of staff with one role at school A, signed in without a browser: who they are, and their session."""
    token, query = secrets.token_urlsafe(32), instance.query
    place = None if role == "compliance_officer" else SCHOOL_A
    ((staff,),) = query(
        """with made as (select nextval('data.staff_staff_id_seq') as id),
                post as (insert into data.post (staff_id, school_urn, roles) select id, %s, %s::data.staff_role[] from made)
           insert into data.staff (staff_id, staff_code, given_name, family_name) select id, %s, 'Person', %s from made
           returning staff_id""",
        SCHOOL_A, [role], name, role,
    )  # fmt: skip
    query("insert into auth.client (client_id, title, scopes, all_schools) values (%s, 'A person', '{}', false) returning 1", name)
    query("insert into auth.account (client_id, staff_id, login) values (%s, %s, %s) returning 1", name, staff, f"{name}@example.org")
    query(
        """insert into auth.token (token_hash, client_id, scopes, own_scopes, reasoned_scopes, formats, acting_at,
                                   whole_trust, expires_at)
           select %s, %s, r.scopes, r.own_scopes, r.reasoned_scopes, r.formats, %s, %s, now() + interval '1 hour'
             from auth.rights_of(%s, %s) r returning 1""",
        hashlib.sha256(token.encode()).digest(), name, place, place is None, staff, place,
    )  # fmt: skip
    return staff, Api(instance.url, token=token)
