"""A client of the API: a session whose every answer is held against contract.py."""

import json
from urllib.parse import urlsplit

import requests

import contract

TIMEOUT = 60


class Api:
    """One client id with its secret; it signs in when it first needs a token."""

    def __init__(self, url, client_id=None, secret=None, token=None, on_token=None):
        self.url, self.client_id, self.secret = url, client_id, secret
        self._token, self.on_token = token, on_token
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Encoding"] = "identity"

    @property
    def token(self):
        if self._token is None and self.client_id:
            self._token = self.sign_in()["access_token"]
        return self._token

    def sign_in(self, scope=None):
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        answer = self.call("POST", "/oauth2/token", data=form, auth=(self.client_id, self.secret), expect=200).json()
        if self.on_token:
            self.on_token(answer["access_token"])
        return answer

    def with_scope(self, *scopes):
        """The same client with a token of these scopes only."""
        return Api(self.url, token=self.sign_in(" ".join(scopes))["access_token"])

    def fork(self):
        """The same token in a session of its own, for another thread."""
        return Api(self.url, token=self.token)

    def call(self, method, path, expect=None, token=None, headers=None, auth=None, **more):
        """token="" sends none.  expect: the status that must come, or several."""
        headers = dict(headers or {})
        bearer = self.token if token is None and auth is None and not path.startswith("/oauth2/") else token
        if bearer and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {bearer}"
        answer = self.session.request(
            method, self.url + path, headers=headers, auth=auth, allow_redirects=False, timeout=TIMEOUT, **more
        )
        contract.check_answer(method, urlsplit(path).path, answer.status_code, answer.headers, answer.content)
        if expect is not None:
            wanted = expect if isinstance(expect, (tuple, set, list)) else (expect,)
            assert answer.status_code in wanted, f"{method} {path}: {answer.status_code} {answer.text[:800]}"
        return answer

    def get(self, path, expect=200, **more):
        return self.call("GET", path, expect=expect, **more)

    def post(self, path, body, expect=201, **more):
        return self.call("POST", path, json=body, expect=expect, **more)

    def post_text(self, path, text, expect, media_type="application/json", headers=None, **more):
        data = text if isinstance(text, bytes) else text.encode()
        return self.call(
            "POST", path, data=data, expect=expect, headers={"Content-Type": media_type, **(headers or {})}, **more
        )

    def patch(self, path, body, if_match, expect=200, headers=None, **more):
        headers = {"Content-Type": "application/merge-patch+json", **(headers or {})}
        if if_match is not None:
            headers["If-Match"] = if_match
        return self.call("PATCH", path, data=json.dumps(body).encode(), headers=headers, expect=expect, **more)

    def import_rows(self, kind, text, expect=200, media_type="text/csv", query="", **more):
        return self.post_text(f"/api/v1/imports/{kind}{query}", text, expect, media_type, **more)

    def pages(self, path, **params):
        """Every record of a list, page by page."""
        answer = self.get(path, params=params)
        while True:
            yield from answer.json()["data"]
            if answer.json()["next"] is None:
                return
            answer = self.get(answer.json()["next"])


def pointers(answer):
    """The pointers of a problem's errors, sorted."""
    return sorted(e["pointer"] for e in answer.json().get("errors", []))


def code(answer):
    """What stands behind /problems# in a problem's type."""
    return answer.json()["type"].partition("#")[2]
