"""A person in a browser: the cookies that it keeps, and what its pages send along."""

import base64
import hashlib
import hmac
import http.cookiejar
import re
import struct
import time

from client import Api

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
