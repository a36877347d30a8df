"""A provider of single sign-on (OpenID Connect) on this machine, which says of a person whatever a test wants."""

import base64
import hashlib
import http.server
import json
import time
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from receivers import Server


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n):
    return base64url(n.to_bytes((n.bit_length() + 7) // 8, "big"))


class Key:
    def __init__(self, kid):
        self.kid, self.private = kid, rsa.generate_private_key(65537, 2048)

    def public(self):
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": number(numbers.n), "e": number(numbers.e)}

    def sign(self, claims, **header):
        """A token; header: alg none and HS256 (by the public key, as of old), too."""
        header = {k: v for k, v in {"alg": "RS256", "typ": "JWT", "kid": self.kid, **header}.items() if v is not None}
        signed = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
        if header["alg"] == "none":
            return signed + "."
        if header["alg"] == "HS256":
            mac = hmac.HMAC(json.dumps(self.public()).encode(), hashes.SHA256())
            mac.update(signed.encode())
            return f"{signed}.{base64url(mac.finalize())}"
        signature = self.private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{base64url(signature)}"


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body, status=200):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        owner = self.server.owner
        owner.asked.append(self.path)
        if self.path == "/.well-known/openid-configuration":
            self.answer(owner.about())
        elif self.path == "/keys":
            self.answer({"keys": [key.public() for key in owner.keys]})
        else:
            self.answer({}, 404)

    def do_POST(self):
        owner = self.server.owner
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        owner.asked.append(self.path)
        owner.forms.append(form)
        grant = owner.grants.pop(form.get("code"), None)
        verifier = base64url(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            not grant
            or form.get("grant_type") != "authorization_code"
            or (form.get("client_id"), form.get("client_secret")) != (owner.client_id, owner.secret)
            or form.get("redirect_uri") != grant["redirect_uri"]
            or verifier != grant["code_challenge"]
        ):
            self.answer({"error": "invalid_grant"}, 400)
            return
        # An access token that looks like a signed one and is for others, as Microsoft's is.
        self.answer({"token_type": "Bearer", "access_token": "eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "expires_in": 3600, "id_token": grant["token"]})

    def log_message(self, *_):
        pass


class Provider(Server):
    """keys: those that it shows; arrive() is what a browser does there."""

    client_id, secret = "doorstep-test", "the provider's secret, 5f0c"

    def __init__(self):
        self.keys, self.grants, self.asked, self.forms, self.changes = [Key("one")], {}, [], [], {}
        super().__init__(http.server.ThreadingHTTPServer, Handler)
        self.issuer = f"http://127.0.0.1:{self.port}"

    def about(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.changes,
        }

    def claims(self, asked, **more):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.client_id, "sub": "1", "iat": now, "exp": now + 300, "nonce": asked["nonce"], **more}
        return {k: v for k, v in claims.items() if v is not None}

    def arrive(self, location, key=None, header=None, token=None, **claims):
        """The person signs in: the query with which the browser is sent back."""
        target = urlsplit(location)
        assert f"{target.scheme}://{target.netloc}{target.path}" == f"{self.issuer}/authorize"
        asked = {name: values[0] for name, values in parse_qs(target.query, strict_parsing=True).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256" and {"openid", "email"} <= set(asked["scope"].split())
        code = f"code-{len(self.forms)}-{len(self.grants)}"
        if token is None:
            token = (key or self.keys[0]).sign(self.claims(asked, **claims), **(header or {}))
        self.grants[code] = {**asked, "token": token}
        return {"code": code, "state": asked["state"], "session_state": "x", "iss": self.issuer}
