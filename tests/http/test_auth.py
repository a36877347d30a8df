"""OAuth 2 client credentials: who gets a token, what it allows, how it ends."""

import base64

import pytest

from client import Api, code
from world import SCOPES

FORM = "application/x-www-form-urlencoded"
TOKEN, REVOKE = "/oauth2/token", "/oauth2/revoke"


@pytest.fixture(scope="module")
def client(make_client):
    return make_client("auth-client", scopes=["visits:read", "visits:write", "pupils:read"])


def ask(api, expect, auth=None, **form):
    return api.call("POST", TOKEN, data={"grant_type": "client_credentials", **form}, auth=auth, expect=expect)


def basic(text):
    data = text if isinstance(text, bytes) else text.encode()
    return {"Authorization": "Basic " + base64.b64encode(data).decode()}


def test_token_by_http_basic(client):
    answer = ask(client, 200, auth=(client.client_id, client.secret)).json()
    client.on_token(answer["access_token"])
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3600
    assert set(answer["scope"].split()) == {"visits:read", "visits:write", "pupils:read"}


def test_token_by_form(client):
    answer = ask(client, 200, client_id=client.client_id, client_secret=client.secret).json()
    client.on_token(answer["access_token"])
    client.get("/api/v1/visits", token=answer["access_token"])


def test_token_has_256_random_bits(client):
    tokens = {client.sign_in()["access_token"] for _ in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)


def test_only_a_hash_of_token_and_secret_is_stored(client, query):
    token = client.sign_in()["access_token"]
    stored = str(query("select t.*, c.* from auth.token t join auth.client c using (client_id)"))
    assert token not in stored and client.secret not in stored


@pytest.mark.parametrize("scope", ["visits:read", "pupils:read visits:read", " visits:read  "])
def test_scope_can_be_narrowed(client, scope):
    assert client.sign_in(scope)["scope"].split() == scope.split()


@pytest.mark.parametrize(
    "scope", ["schools:write", "visits:read schools:read", "nothing", "VISITS:READ", "visits:read,pupils:read"]
)
def test_scope_cannot_grow(client, scope):
    answer = ask(client, 400, auth=(client.client_id, client.secret), scope=scope)
    assert code(answer) == "invalid-scope"
    assert answer.json()["error"] == "invalid_scope"


@pytest.mark.parametrize(
    "form, error",
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"scope": "x" * 2000}, "invalid_request"),
    ],
)
def test_what_is_not_offered_is_refused_as_rfc_6749_says(client, form, error):
    answer = ask(client, 400, auth=(client.client_id, client.secret), **form)
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


@pytest.mark.parametrize(
    "auth",
    [
        ("auth-client", "wrong"),
        ("nobody", "wrong"),
        ("", ""),
        ("auth-client", ""),
        ("auth-client", "wrong:with:colons"),
        ("auth-client\x00", "x"),
        ("é", "é"),
    ],
)
def test_wrong_credentials_are_401_alike(client, auth):
    answer = client.call(
        "POST", TOKEN, data={"grant_type": "client_credentials"}, expect=401, headers=basic(":".join(auth))
    )
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="doorstep", charset="UTF-8"'


def test_unknown_client_and_wrong_secret_cannot_be_told_apart(client):
    answers = [ask(client, 401, client_id=name, client_secret="wrong").json() for name in ("auth-client", "nobody")]
    for answer in answers:
        del answer["instance"]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ", "Basic ???", "Basic bm9jb2xvbg==", "Basic /w==", "Basic /zp4", "Digest x", "Basic  "]
)
def test_malformed_basic_is_401(client, header):
    client.call("POST", TOKEN, data={"grant_type": "client_credentials"}, headers={"Authorization": header}, expect=401)


def test_secret_in_two_places_is_400(client):
    ask(client, 400, auth=(client.client_id, client.secret), client_secret=client.secret)


@pytest.mark.parametrize("path", [TOKEN, REVOKE])
def test_parameters_in_the_url_are_400(client, path):
    client.call(
        "POST",
        f"{path}?grant_type=client_credentials",
        data={"token": "x"},
        expect=400,
        auth=(client.client_id, client.secret),
    )


@pytest.mark.parametrize(
    "body, pointer",
    [
        ("grant_type=client_credentials&grant_type=client_credentials", "/grant_type"),
        ("scope=visits%3Aread", "/grant_type"),
    ],
)
def test_form_problems_name_their_field(client, body, pointer):
    answer = client.post_text(TOKEN, body, 400, FORM, headers=basic(f"{client.client_id}:{client.secret}"))
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "body",
    [
        "grant_type=%",
        "grant_type=%zz",
        "grant_type=%00",
        "grant_type=%ff",
        "%00=1",
        "&".join(f"a{n}=1" for n in range(70)),
    ],
)
def test_broken_forms_are_400(client, body):
    assert code(client.post_text(TOKEN, body, 400, FORM)) == "malformed"


def test_empty_form_is_400(client):
    client.post_text(TOKEN, "", 400, FORM)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer " + "A" * 43,
        "Bearer " + "é" * 10,
        "bearer x",
        "Basic eDp5",
        "Token x",
        "Bearer ' or 1=1--",
        "Bearer " + "A" * 5000,
    ],
)
def test_anything_but_a_valid_token_is_401(anyone, world, authorization):
    answer = anyone.call(
        "GET", "/api/v1/visits", headers={"Authorization": authorization.encode()}, token="", expect=401
    )
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_is_not_case_sensitive(client, scheme):
    client.get("/api/v1/visits", headers={"Authorization": f"{scheme} {client.token}"})


def test_token_in_the_url_is_not_taken(client):
    client.call("GET", f"/api/v1/visits?access_token={client.token}", token="", expect=(400, 401))


def test_expired_token_is_401(client, query):
    token = client.sign_in()["access_token"]
    client.get("/api/v1/visits", token=token)
    query("update auth.token set expires_at = now() - interval '1 second' where token_hash = sha256(%s::bytea)", token)
    answer = client.call("GET", "/api/v1/visits", token=token, expect=401)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_token_of_a_client_that_is_shut_out_is_401(make_client, query):
    api = make_client("shut-out", scopes=["visits:read"])
    api.get("/api/v1/visits")
    query("update auth.client set disabled_at = now() where client_id = 'shut-out'")
    api.call("GET", "/api/v1/visits", expect=401)
    ask(api, 401, auth=(api.client_id, api.secret))


def revoke(api, token, expect=200, **more):
    return api.call("POST", REVOKE, data={"token": token, **more}, auth=(api.client_id, api.secret), expect=expect)


def test_revoked_token_is_401_at_once(client):
    token = client.sign_in()["access_token"]
    client.get("/api/v1/visits", token=token)
    assert revoke(client, token, token_type_hint="access_token").json() == {}
    for _ in range(8):  # whichever worker
        client.call("GET", "/api/v1/visits", token=token, expect=401)


def test_revoking_twice_or_nothing_is_200(client):
    token = client.sign_in()["access_token"]
    for value in (token, token, "never-issued"):
        revoke(client, value)


def test_another_clients_token_is_left_alone(client, make_client):
    other = make_client("auth-other", scopes=["visits:read"])
    revoke(client, other.token)
    other.get("/api/v1/visits")


def test_revoking_needs_the_secret(client):
    token = client.sign_in()["access_token"]
    client.call("POST", REVOKE, data={"token": token}, auth=(client.client_id, "wrong"), expect=401)
    client.get("/api/v1/visits", token=token)


@pytest.mark.parametrize("form", [{}, {"token": ""}, {"token": "x" * 300}])
def test_malformed_revocation_is_400(client, form):
    client.call(
        "POST",
        REVOKE,
        data=form,
        headers={"Content-Type": FORM, **basic(f"{client.client_id}:{client.secret}")},
        expect=400,
    )


def test_token_of_one_scope_opens_what_it_says_and_nothing_else(client):
    api = client.with_scope("pupils:read")
    api.get("/api/v1/pupils")
    assert code(api.call("GET", "/api/v1/visits", expect=403)) == "insufficient-scope"


def test_scopes_taken_from_a_client_are_not_given_out_any_more(make_client, query):
    api = make_client("fewer-scopes")
    query("update auth.client set scopes = '{visits:read}' where client_id = 'fewer-scopes'")
    assert api.sign_in()["scope"] == "visits:read"
    assert len(SCOPES) > 1


def test_sessions_do_not_mix(client, anyone, instance, parallel):
    """Two tokens in turns on the same connection: each answer is for the token that was sent."""
    reader = client.with_scope("pupils:read")
    shared = Api(instance.url)
    for _ in range(10):
        shared.call("GET", "/api/v1/visits", token=reader.token, expect=403)
        shared.call("GET", "/api/v1/visits", token=client.token, expect=200)
        shared.call("GET", "/api/v1/visits", token="", expect=401)


def test_what_is_not_known_in_the_form_is_passed_over(client):
    """RFC 6749 section 3.2: so clients that send more, such as an audience, are served."""
    ask(client, 200, auth=(client.client_id, client.secret), audience="x", client_secret="")


@pytest.mark.parametrize("path", ["/api/v1/visits", "/api/v1/visits/1/events", "/api/v1/imports/pupils"])
@pytest.mark.parametrize("body", [b"", b"{", b"{}"])
def test_without_a_token_nothing_is_told_of_the_body(anyone, path, body):
    answer = anyone.call("POST", path, data=body, headers={"Content-Type": "application/json"}, token="", expect=401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
