"""Single sign-on: only who a provider vouches for, to this client, in this browser, now; and nobody else."""

import json
import os
import pathlib
import pwd
import tempfile
from urllib.parse import urlencode

import pytest

from person import PATH, SESSION, Browser
from provider import Key, Provider
from world import SCHOOL_A, SCHOOL_B

SSO = "__Host-doorstep-sso"
TENANT = "2f1e0000-0000-4000-8000-00000000000a"
DOMAIN = "trust.example"
BEGIN = f"{PATH}/sso"


@pytest.fixture(scope="module")
def provider(secrets):
    with Provider() as made:
        secrets.add(made.secret)
        yield made


@pytest.fixture(scope="module")
def folder():
    """One that the programs can enter, too, whoever they run as."""
    with tempfile.TemporaryDirectory(prefix="dsh", dir="/tmp") as name:
        made = pathlib.Path(name)
        made.chmod(0o755)
        yield made


@pytest.fixture(scope="module")
def trust(start_with_world, provider, folder):
    secret, file = folder / "secret", folder / "providers.json"
    secret.write_text(provider.secret + "\n")
    secret.chmod(0o400)
    if os.geteuid() == 0:
        user = pwd.getpwnam("www-data")
        os.chown(secret, user.pw_uid, user.pw_gid)
    one = {"issuer": provider.issuer, "client_id": provider.client_id, "secret_file": str(secret)}
    file.write_text(
        json.dumps(
            [
                {"name": "google", "title": "Google", "find_by": "email", **one},
                {"name": "microsoft", "title": "Microsoft", "find_by": "tenant", "tenant": TENANT, **one},
                {"name": "known", "title": "By subject", **one},
                {"name": "strict", "title": "Of ours", "find_by": "email", "claims": {"acct": 0, "hd": DOMAIN, "amr": "mfa"}, **one},
            ]
        )
    )
    file.chmod(0o644)
    return start_with_world(workers=2, sso_file=file, public_url="https://trust.test")


@pytest.fixture
def browser(trust, secrets):
    return lambda: Browser(trust.url, secrets)


@pytest.fixture
def hire(trust):
    """hire(posts): a member of staff with an account and no password: their login."""

    def made(name, posts=((SCHOOL_A, "office"),)):
        ((staff,),) = trust.query("select nextval('data.staff_staff_id_seq')")
        login = f"{name}{staff}@example.org"
        for school, role in posts:
            trust.query(
                "with post as (insert into data.post (staff_id, school_urn, roles) values (%s, %s, array[%s::data.staff_role]))"
                " insert into data.staff (staff_id, staff_code, given_name, family_name, email)"
                " values (%s, %s, 'Ada', 'Example', %s) on conflict do nothing",
                staff, school, role, staff, login, login,
            )  # fmt: skip
        trust.query("select auth.account_create(%s)", staff)
        return login

    return made


def begin(browser, name="google"):
    return browser.get(f"{BEGIN}/{name}", 303).headers["Location"]


def come_back(browser, query, name="google", expect=303):
    return browser.get(f"{BEGIN}/{name}/callback?{urlencode(query)}", expect)


def sign_on(browser, provider, name="google", expect=303, **said):
    return come_back(browser, provider.arrive(begin(browser, name), **said), name, expect)


def of_google(login, **more):
    return {"sub": login, "email": login, "email_verified": True, **more}


def test_the_providers_are_told(browser):
    told = browser().get(f"{PATH}/providers").json()["providers"]
    assert told[0] == {"name": "google", "title": "Google", "path": f"{BEGIN}/google"} and len(told) == 4
    browser().get(f"{PATH}/providers", 406, headers={"Accept": "text/csv"})
    browser().get(f"{BEGIN}/none", 404)
    browser().get(f"{BEGIN}/none/callback?state=x", 404)
    browser().get(f"{BEGIN}/google/callback", 400)
    browser().get(f"{BEGIN}/google?more=x", 400)
    for path in (f"{BEGIN}/google", f"{BEGIN}/google/callback?state=x"):
        browser().get(path, 406, headers={"Accept": "text/csv"})


def test_without_a_file_there_are_none(instance):
    assert Browser(instance.url).get(f"{PATH}/providers").json() == {"providers": []}
    Browser(instance.url).get(f"{BEGIN}/google", 404)


def test_a_person_signs_in_by_a_provider(browser, provider, hire, trust):
    login, person = hire("ada"), browser()
    answer = sign_on(person, provider, **of_google(login))
    assert answer.headers["Location"] == "/account/signed-in.html"
    lines = answer.raw.headers.getlist("Set-Cookie")
    assert any(line.startswith(f"{SESSION}=") and line.endswith("; Path=/; Secure; HttpOnly; SameSite=Strict") for line in lines)
    told = person.here().json()
    assert (told["login"], told["school"]) == (login, SCHOOL_A)
    person.get("/api/v1/visits")
    assert trust.query("select subject from auth.identity join auth.account using (client_id) where login = %s", login) == [(login,)]
    again = browser()
    sign_on(again, provider, **of_google(login, email="other@example.org", email_verified=False))
    assert again.here().json()["login"] == login, "known by what the provider calls them"
    form = provider.forms[-1]
    assert form["redirect_uri"] == f"https://trust.test{BEGIN}/google/callback" and len(form["code_verifier"]) >= 43


def test_the_way_there_tells_no_secret_and_comes_back_in_the_same_browser(browser, provider):
    person = browser()
    answer = person.get(f"{BEGIN}/google", 303)
    (line,) = answer.raw.headers.getlist("Set-Cookie")
    assert line.startswith(f"{SSO}=") and line.endswith("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600")
    assert person.cookies[SSO] not in answer.headers["Location"] and provider.secret not in answer.headers["Location"]


def test_who_is_not_verified_or_not_known_stays_out(browser, provider, hire, trust):
    login = hire("bob")
    for said in (
        {"email_verified": False}, {"email_verified": None}, {"email_verified": "true"}, {"email": None},
        {"email": "stranger@example.org"},
    ):  # fmt: skip
        person = browser()
        sign_on(person, provider, expect=401, **{**of_google(login), "sub": "of bob", **said})
        assert SESSION not in person.cookies
    assert trust.query("select count(*) from auth.identity where subject = 'of bob'") == [(0,)]
    sign_on(browser(), provider, "known", 401, **of_google(login))


@pytest.mark.parametrize(
    "said",
    [
        {"iss": "http://127.0.0.1:1"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": ["doorstep-test", "another"]},
        {"aud": []}, {"azp": "another"}, {"exp": 1}, {"exp": None}, {"exp": "never"}, {"iat": 1}, {"iat": None}, {"iat": 1 << 33},
        {"nbf": 1 << 33}, {"nonce": "another"}, {"nonce": None}, {"sub": None}, {"sub": ""}, {"sub": "x" * 256}, {"sub": 1},
        {"header": {"alg": "none"}}, {"header": {"alg": "HS256"}}, {"header": {"kid": "unknown"}}, {"key": Key("one")},
        {"token": "no token"}, {"token": "e30.e30."}, {"token": ""},
    ],
    ids=str,
)  # fmt: skip
def test_what_the_provider_did_not_say_of_this_person_now_is_refused(browser, provider, hire, said):
    person, login = browser(), hire("carol")
    sign_on(person, provider, expect=401, **{**of_google(login), **said})
    assert SESSION not in person.cookies
    person.here(401)


def test_a_key_that_the_token_brings_along_is_nobodys(browser, provider, hire):
    stranger, login = Key("stranger"), hire("dora")
    for header in (
        {"jwk": stranger.public()}, {"jwk": stranger.public(), "kid": None}, {"jwk": stranger.public(), "kid": "one"},
        {"jku": f"{provider.issuer}/keys", "kid": "stranger"},
    ):  # fmt: skip
        sign_on(browser(), provider, expect=401, key=stranger, header=header, **of_google(login))


def test_keys_rotate(browser, provider, hire):
    login, old, new = hire("eve"), provider.keys[0], Key("two")
    sign_on(browser(), provider, expect=401, key=new, **of_google(login))
    provider.keys = [old, new]
    sign_on(browser(), provider, key=new, **of_google(login))
    sign_on(browser(), provider, key=old, **of_google(login))
    provider.keys = [new]
    sign_on(browser(), provider, expect=401, key=old, **of_google(login))
    sign_on(browser(), provider, key=new, header={"kid": None}, **of_google(login))
    provider.keys = [new, Key("three")]
    sign_on(browser(), provider, expect=401, key=new, header={"kid": None}, **of_google(login))
    provider.keys = [new]


def test_a_return_counts_once_in_time_and_where_it_began(browser, provider, hire, trust):
    login, person, other = hire("fay"), browser(), browser()
    back = provider.arrive(begin(person), **of_google(login))
    begin(other)
    come_back(other, back, expect=410)
    come_back(person, back, expect=410)  # another browser has used it up
    back = provider.arrive(begin(person), **of_google(login))
    come_back(person, {**back, "state": "another"}, expect=410)
    come_back(browser(), back, expect=410)
    back = provider.arrive(begin(person), **of_google(login))
    come_back(person, back, "known", expect=410)
    back = provider.arrive(begin(person), **of_google(login))
    trust.query("update auth.sign_on set expires_at = now() - interval '1 second'")
    come_back(person, back, expect=410)
    back = provider.arrive(begin(person), **of_google(login))
    kept = person.fork()
    come_back(person, back)
    come_back(kept, back, expect=410)
    again = provider.arrive(begin(person), **of_google(login))
    come_back(person, {**again, "code": back["code"]}, expect=401)
    person.here()


def test_a_refusal_of_the_provider_is_one(browser, provider):
    for query in ({"error": "access_denied"}, {"code": None}, {"iss": "http://127.0.0.1:1"}, {"code": "never given"}):
        person = browser()
        back = {**provider.arrive(begin(person)), **query}
        come_back(person, {k: v for k, v in back.items() if v is not None}, expect=401)


def test_of_microsoft_the_tenant_counts(browser, provider, hire):
    login = hire("gus")
    said = {"sub": "ms gus", "preferred_username": login, "tid": TENANT}
    for wrong in ({"tid": "another"}, {"tid": None}, {"preferred_username": None, "email": login, "email_verified": True}):
        sign_on(browser(), provider, "microsoft", 401, **{**said, **wrong})
    person = browser()
    sign_on(person, provider, "microsoft", **said)
    assert person.here().json()["login"] == login


OURS = {"acct": 0, "hd": DOMAIN, "amr": ["pwd", "mfa"]}


@pytest.mark.parametrize(
    ("said", "unmet"),
    [({"acct": 1}, "acct"), ({"acct": "0"}, "acct"), ({"acct": None}, "acct"), ({"hd": "guests.example"}, "hd"), ({"hd": None}, "hd"),
     ({"amr": ["pwd"]}, "amr"), ({"amr": []}, "amr"), ({"amr": "pwd"}, "amr")],
    ids=str,
)  # fmt: skip
def test_who_lacks_a_claim_that_the_file_asks_for_is_refused(trust, browser, provider, hire, said, unmet):
    login, person = hire("gil"), browser()
    sign_on(person, provider, **of_google(login))
    refused = browser()
    answer = sign_on(refused, provider, "strict", 401, **of_google(login, **{**OURS, **said}))
    unknown = sign_on(browser(), provider, expect=401, **of_google("nobody@example.org"))
    assert {**answer.json(), "instance": None} == {**unknown.json(), "instance": None}, "as who is not known"
    assert SESSION not in refused.cookies
    lines = [line["error"] for line in trust.log_lines("sso") if f" claim {unmet} " in (line.get("error") or "")]
    assert lines[-1] == f"provider strict: its claim {unmet} is missing, or not what is asked for"


def test_who_has_every_claim_that_the_file_asks_for_signs_in(browser, provider, hire):
    for amr in (OURS["amr"], "mfa"):
        person, login = browser(), hire("gwen")
        sign_on(person, provider, "strict", **of_google(login, **{**OURS, "amr": amr}))
        assert person.here().json()["login"] == login


def test_no_code_of_ours_is_asked_of_who_signs_in_by_a_provider(browser, provider, hire, trust):
    person, login = browser(), hire("gina")
    trust.query("update auth.account set totp_secret = sha256('of no use'), totp_since = now() where login = %s", login)
    sign_on(person, provider, **of_google(login))
    assert person.here().json()["totp"] is True


def test_with_several_places_a_person_says_where(browser, provider, hire):
    person = browser()
    sign_on(person, provider, **of_google(hire("hal", ((SCHOOL_A, "office"), (SCHOOL_B, "governor")))))
    assert person.here().json()["school"] is None
    person.post(f"{PATH}/place", {"school": SCHOOL_B}, 200)


def test_a_provider_that_is_away_or_not_who_it_was_is_503(browser, provider, hire, trust):
    person, changes = browser(), (
        {"issuer": "http://127.0.0.1:1"}, {"authorization_endpoint": None}, {"issuer": None},
    )  # fmt: skip
    for change in changes:
        provider.changes = change
        person.get(f"{BEGIN}/google", 503)
    for change in ({"jwks_uri": f"{provider.issuer}/none"}, {"jwks_uri": "file:///etc/passwd"}, {"token_endpoint": None}, {"jwks_uri": None}):
        provider.changes = {}
        back = provider.arrive(begin(person), **of_google(hire("ida")))
        provider.changes = change
        come_back(person, back, expect=503)
    provider.changes = {}
    begin(person)


@pytest.mark.parametrize(
    "change",
    [{"issuer": "http://idp.example"}, {"issuer": None}, {"name": "A/b"}, {"find_by": "name"}, {"find_by": "tenant"}, {"client_id": ""},
     {"secret_file": "/none"}, {"secret_file": None}, {"claims": "hd"}, {"claims": {"amr": ["mfa"]}}, {"claims": None}],
)  # fmt: skip
def test_what_is_not_set_up_as_it_should_be_opens_nothing(trust, browser, folder, change):
    file = folder / "providers.json"
    good = file.read_text()
    first, *rest = json.loads(good)
    file.write_text(json.dumps([{**first, **change}, *rest]))
    try:
        for path in (f"{BEGIN}/known", f"{PATH}/providers"):
            assert "Set-Cookie" not in browser().get(path, 503).headers
    finally:
        file.write_text(good)
    begin(browser())


def test_a_secret_that_others_can_read_is_refused(trust, browser, folder):
    (folder / "secret").chmod(0o440)
    try:
        browser().get(f"{BEGIN}/google", 503)
    finally:
        (folder / "secret").chmod(0o400)
    begin(browser())


def test_no_secret_of_it_is_kept_or_logged(trust, provider, secrets):
    logs = "\n".join(path.read_text(errors="replace") for path in trust.logs())
    kept = str(trust.query("select to_jsonb(s) from auth.sign_on s")) + str(trust.query("select to_jsonb(e) from audit.entry e"))
    codes = {form["code"] for form in provider.forms} | {form["code_verifier"] for form in provider.forms}
    found = [s for s in secrets | codes if len(s) > 11 and (s in logs or s in kept)]
    assert found == [] and "example.org" not in logs
