"""People sign in with a password, act at one place at a time, and sign out; nobody guesses, forges, or shuts others out."""

import base64
import re

import pytest

import accounted
from instance import wait_until
from person import DEVICE, PASSWORD, PATH, SESSION, Browser, code_of
from world import SCHOOL_A, SCHOOL_B

RESET, COMPLETE, TOTP = f"{PATH}/password-reset", f"{PATH}/password-reset/complete", f"{PATH}/totp"
CHANGE, PLACE = f"{PATH}/password", f"{PATH}/place"
OTHER = "seven brown kettles sing"


@pytest.fixture(scope="module")
def trust(start_with_world, mails):
    return start_with_world(
        workers=3, smtp_url=mails.url, public_url="https://trust.test/",
        password_mib=8, password_passes=1,
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser(trust, secrets):
    """browser(): one that nobody knows."""
    return lambda: Browser(trust.url, secrets)


@pytest.fixture(scope="module")
def hire(trust, mails, browser, secrets):
    """hire(name, {school: roles}): a member of staff with an account and a password: their login."""
    number = iter(range(1, 1000))

    def made(name, posts, account=True):
        login = f"{name}{next(number)}@example.org"
        ((staff,),) = trust.query("select nextval('data.staff_staff_id_seq')")
        values = ",".join("(%d, %d, '{%s}')" % (staff, school, ",".join(roles)) for school, roles in posts.items())
        trust.query(
            f"with post as (insert into data.post (staff_id, school_urn, roles) values {values})"
            " insert into data.staff (staff_id, staff_code, given_name, family_name, email) values (%s, %s, %s, 'Example', %s)",
            staff, login, name.title(), login.title(),
        )  # fmt: skip
        if account:
            trust.query("select auth.account_create(%s)", staff)
            token = link(mails, login, secrets)
            browser().post(COMPLETE, {"token": token, "new_password": PASSWORD}, 200)
            secrets.add(PASSWORD)
        return login

    return made


def letters(mails, login):
    return [message for to, message in list(mails.received) if to == login]


def link(mails, login, secrets, number=1):
    """What the link in so manieth mail to the login says."""
    wait_until(lambda: len(letters(mails, login)) >= number)
    text = letters(mails, login)[number - 1].get_content()
    (token,) = re.findall(r"^https://trust\.test/account/password\.html#([A-Za-z0-9_-]{43,})\s*$", text, re.M)
    secrets.add(token)
    return token


@pytest.fixture(scope="module")
def head(hire):
    return hire("head", {SCHOOL_A: ["headteacher"]})


# ---------------------------------------------------------------- signing in


def test_a_person_signs_in_and_sees_what_their_roles_open(browser, head, trust):
    person = browser()
    answer = person.enter(head)
    told = answer.json()
    assert (told["school"], told["whole_trust"], told["totp"]) == (SCHOOL_A, False, False)
    assert {"pupils:read", "accounts:write", "session"} <= set(told["scopes"])
    assert person.here().json() == told
    assert {s["urn"] for s in person.pages("/api/v1/schools")} == {SCHOOL_A}
    visit = person.post("/api/v1/visits", trust.world.plan()).json()
    assert trust.query("select planned_by from data.visit where visit_id = %s", visit["id"]) == [(told["staff"],)]


def test_cookies_are_kept_from_scripts_and_from_other_sites(browser, head):
    lines = {line.split("=")[0]: line for line in browser().enter(head).raw.headers.getlist("Set-Cookie")}
    assert set(lines) == {SESSION, DEVICE}
    for line in lines.values():
        assert re.fullmatch(r"[\w-]+=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict(; Max-Age=34560000)?", line)
    assert "Max-Age" not in lines[SESSION], "ends with the browser, at the latest"
    assert "Domain" not in str(lines)


def test_what_is_wrong_is_not_told(browser, head, hire):
    shut, told = hire("shut", {SCHOOL_A: ["office"]}), []
    chief = browser()
    chief.enter(head)
    number = next(a["id"] for a in chief.pages("/api/v1/accounts") if a["login"] == shut)
    chief.post(f"/api/v1/accounts/{number}/disable", None, 200)
    for login, password in ((head, "wrong"), ("nobody@example.org", PASSWORD), (shut, PASSWORD), (shut, "wrong")):
        problem = browser().enter(login, password, 401).json()
        problem.pop("instance")
        told.append(problem)
    assert all(problem == told[0] for problem in told)
    chief.post(f"/api/v1/accounts/{number}/enable", None, 200)
    browser().enter(shut)


@pytest.mark.parametrize(
    "body, status",
    [({}, 400), ({"login": "a@b.c"}, 400), ({"login": 1, "password": "x"}, 400), ({"login": "a@b.c", "password": "x", "more": 1}, 400),
     ({"login": "a@b.c", "password": "x" * 129}, 400), ({"login": "a@b.c", "password": "x", "code": "1"}, 400),
     ({"login": "a\nb", "password": "x"}, 400)],
)  # fmt: skip
def test_what_is_no_sign_in_is_refused(browser, body, status):
    browser().post(PATH, body, status)


def test_a_session_is_new_each_time(browser, head):
    person = browser()
    person.enter(head)
    first = person.fork()
    person.enter(head)
    assert person.cookies[SESSION] != first.cookies[SESSION] and person.csrf != first.csrf
    first.here(401)
    planted = browser()
    planted.cookies[SESSION] = "A" * 43
    planted.enter(head)
    assert planted.cookies[SESSION] != "A" * 43
    planted.cookies[SESSION] = "A" * 43
    planted.here(401)


def test_a_session_ends(browser, head, trust):
    person = browser()
    person.enter(head)
    trust.query("update auth.token set expires_at = now() where acting_at is not null")
    person.here(401)


# ---------------------------------------------------------------- whose page it is


def test_a_change_needs_what_the_pages_of_the_session_know(browser, head, trust):
    person, plan = browser(), trust.world.plan()
    person.enter(head)
    other = browser()
    other.enter(head)
    for sent in (None, "", "x", other.csrf, person.csrf[:-1], person.csrf.upper()):
        answer = person.post("/api/v1/visits", plan, 403, headers={"X-CSRF-Token": sent}).json()
        assert answer["type"] == "/problems#foreign-page"
        person.call("DELETE", PATH, 403, headers={"X-CSRF-Token": sent})
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert person.post("/api/v1/visits", plan, 403, headers=headers).json()["type"] == "/problems#foreign-page"
    own = {"Origin": trust.url, "Sec-Fetch-Site": "same-origin"}
    person.post("/api/v1/visits", plan, headers=own)
    person.here()


def test_no_other_site_signs_anybody_in(browser, head):
    for path, body in (
        (PATH, {"login": head, "password": PASSWORD}), (RESET, {"login": head}), (COMPLETE, {"token": "x", "new_password": OTHER})
    ):  # fmt: skip
        browser().post(path, body, 403, headers={"Origin": "https://evil.example"})
        browser().post(path, body, 403, headers={"Sec-Fetch-Site": "cross-site"})
        browser().post_text(path, "login=x", 415, "application/x-www-form-urlencoded")


def test_token_and_cookie_together_are_refused(browser, head, trust):
    person = browser()
    person.enter(head)
    for token in (trust.office.token, "x"):
        person.get("/api/v1/visits", 400, headers={"Authorization": f"Bearer {token}"})
    person.get("/api/v1/visits", 400, headers={"Cookie": f"{SESSION}=a; {SESSION}=b"})


def test_a_program_has_no_session(trust):
    for method, path in (("GET", PATH), ("DELETE", PATH), ("DELETE", "/api/v1/sessions")):
        trust.office.call(method, path, 403)
    for path, body in accounted.OWN.items():
        if path and not path.startswith("/password-reset"):
            trust.office.post(PATH + path, body, 403)


# ---------------------------------------------------------------- places


def test_at_each_school_a_person_has_what_they_are_there(browser, hire):
    person = browser()
    told = person.enter(hire("two", {SCHOOL_A: ["headteacher"], SCHOOL_B: ["governor"]})).json()
    assert told["school"] is None and told["scopes"] == ["session"]
    assert [(p["school"], p["roles"]) for p in told["places"]] == [(SCHOOL_A, ["headteacher"]), (SCHOOL_B, ["governor"])]
    person.get("/api/v1/pupils", 403)
    before = person.fork()
    assert person.post(PLACE, {"school": SCHOOL_A}, 200).json()["school"] == SCHOOL_A
    before.here(401)
    assert {s["urn"] for s in person.pages("/api/v1/schools")} == {SCHOOL_A}
    assert {row["id"] for row in person.pages("/api/v1/pupils")}
    person.post(PLACE, {"school": SCHOOL_B}, 200)
    assert {s["urn"] for s in person.pages("/api/v1/schools")} == {SCHOOL_B}
    person.get("/api/v1/pupils", 403)
    for body, status in (
        ({"school": 999999}, 422), ({"whole_trust": True}, 422), ({}, 400), ({"school": SCHOOL_A, "whole_trust": True}, 400),
        ({"whole_trust": False}, 400), ({"school": 1}, 400),
    ):  # fmt: skip
        person.post(PLACE, body, status)
    assert person.here().json()["school"] == SCHOOL_B


def test_the_place_may_be_said_at_sign_in(browser, hire):
    login = hire("both", {SCHOOL_A: ["office"], SCHOOL_B: ["office", "compliance_officer"]})
    assert browser().enter(login, school=SCHOOL_B).json()["school"] == SCHOOL_B
    told = browser().enter(login, whole_trust=True).json()
    assert told["whole_trust"] and "audit:read" in told["scopes"] and "visits:write" not in told["scopes"]
    browser().enter(login, expect=422, school=999999)


def test_whose_roles_change_is_signed_out(browser, hire, trust):
    login = hire("moving", {SCHOOL_A: ["headteacher"], SCHOOL_B: ["office"]})
    here, there = browser(), browser()
    here.enter(login, school=SCHOOL_A), there.enter(login, school=SCHOOL_B)
    trust.query("update data.post set roles = '{visitor}' where school_urn = %s and staff_id = %s", SCHOOL_A, here.here().json()["staff"])
    here.here(401)
    here.get("/api/v1/visits", 401)
    there.here()
    assert "accounts:write" not in here.enter(login, school=SCHOOL_A).json()["scopes"]


# ---------------------------------------------------------------- signing out


def test_signing_out_ends_this_session_or_all_at_once(browser, head):
    one, two, three = browser(), browser(), browser()
    for person in (one, two, three):
        person.enter(head)
    copy = one.fork()
    answer = one.call("DELETE", PATH, 200)
    assert SESSION not in one.cookies and "Max-Age=0" in answer.headers["Set-Cookie"]
    copy.here(401)
    two.here()
    two.call("DELETE", "/api/v1/sessions", 200)
    three.here(401)
    two.here(401)


# ---------------------------------------------------------------- guessing


def test_guessing_waits_and_shuts_nobody_out(browser, hire, trust):
    login, known = hire("guessed", {SCHOOL_A: ["office"]}), browser()
    known.enter(login)
    known.call("DELETE", PATH, 200)
    statuses = [browser().enter(login, "wrong", (401, 429)).status_code for _ in range(10)]
    assert statuses == [401] * 6 + [429] * 4
    refused = browser().enter(login, expect=429)
    assert int(refused.headers["Retry-After"]) >= 1
    known.enter(login)
    trust.query("update auth.attempt set next_at = now()")
    browser().enter(login)
    assert [browser().enter(login, "wrong", (401, 429)).status_code for _ in range(5)] == [401] * 5, "forgotten by then"


def test_who_does_not_exist_waits_alike(browser, trust):
    statuses = [browser().enter("ghost@example.org", "wrong", (401, 429)).status_code for _ in range(8)]
    assert statuses == [401] * 6 + [429] * 2
    assert trust.query("select count(*) from auth.device where device_hash is null") == [(0,)]


def test_many_guesses_at_once_get_no_further(browser, hire, parallel):
    login = hire("raced", {SCHOOL_A: ["office"]})
    statuses = parallel(lambda _: browser().enter(login, "wrong", (401, 429)).status_code, range(20))
    assert 1 <= statuses.count(401) <= 6


def test_a_known_browser_guesses_no_further_either(browser, hire):
    login, known = hire("stolen", {SCHOOL_A: ["office"]}), browser()
    known.enter(login)
    assert [known.enter(login, "wrong", (401, 429)).status_code for _ in range(8)] == [401] * 6 + [429] * 2
    browser().enter(login)


# ---------------------------------------------------------------- passwords


def test_a_password_is_changed_and_the_other_sessions_end(browser, hire, secrets):
    login, person, other = hire("changing", {SCHOOL_A: ["office"]}), browser(), browser()
    person.enter(login), other.enter(login)
    before = person.fork()
    person.post(CHANGE, {"password": "wrong", "new_password": OTHER}, 401)
    person.post(CHANGE, {"password": PASSWORD, "new_password": OTHER}, 200)
    secrets.add(OTHER)
    person.here()
    before.here(401)
    other.here(401)
    other.enter(login, expect=401)
    other.enter(login, OTHER)


@pytest.mark.parametrize(
    "new, status",
    [("short", 400), ("x" * 129, 400), ("password12345", 422), ("aaaaaaaaaaaaaa", 422), ("abcdefghijklmnop", 422),
     ("xyz choosing9 zyx", 422), ("My Choosing Example!", 422)],
)  # fmt: skip
def test_a_password_that_is_easily_guessed_is_refused(choosing, new, status):
    answer = choosing.post(CHANGE, {"password": PASSWORD, "new_password": new}, status).json()
    assert [e["pointer"] for e in answer["errors"]] == ["/new_password"]
    choosing.enter(choosing.login)


@pytest.fixture(scope="module")
def choosing(browser, hire, trust):
    person = browser()
    person.login = hire("choosing", {SCHOOL_A: ["office"]})
    trust.query("update auth.account set login = 'choosing9@example.org' where login = %s", person.login)
    person.login = "choosing9@example.org"
    person.enter(person.login)
    return person


def test_guessing_the_password_within_a_session_waits_too(browser, hire):
    person = browser()
    person.enter(hire("inside", {SCHOOL_A: ["office"]}))
    body = {"password": "wrong", "new_password": OTHER}
    assert [person.post(CHANGE, body, (401, 429)).status_code for _ in range(8)] == [401] * 6 + [429] * 2
    person.post(TOTP, {"password": PASSWORD}, 429)
    person.post(f"{TOTP}/removal", {"password": PASSWORD}, 429)


def test_a_password_is_hashed_anew_when_the_cost_changed(browser, hire, trust):
    login = hire("older", {SCHOOL_A: ["office"]})
    ((good,),) = trust.query("select password_hash from auth.account where login = %s", login)
    assert good.startswith("$argon2id$v=19$m=8192,t=1,p=1$")
    weaker = "$argon2id$v=19$m=16,t=1,p=1$" + good.split("$", 4)[4]
    trust.query("update auth.account set password_hash = %s where login = %s", weaker, login)
    browser().enter(login, expect=401)
    trust.query("update auth.account set password_hash = %s where login = %s", good, login)
    browser().enter(login)
    assert trust.query("select password_hash from auth.account where login = %s", login) == [(good,)]


# ---------------------------------------------------------------- links


def test_a_forgotten_password_is_set_by_a_link_once(browser, hire, mails, secrets, trust):
    login, person = hire("forgetful", {SCHOOL_A: ["office"]}), browser()
    person.enter(login)
    for asked in (login, login.upper(), "nobody@example.org"):
        answer = browser().post(RESET, {"login": asked}, 202)
        assert answer.json() == {} and "Set-Cookie" not in answer.headers
    token = link(mails, login, secrets, 2)
    person.here()
    fresh = browser()
    fresh.post(COMPLETE, {"token": token, "new_password": "password12345"}, 422)
    assert fresh.post(COMPLETE, {"token": token, "new_password": OTHER}, 200).json() == {"login": login}
    person.here(401)
    assert set(fresh.cookies) == {DEVICE}
    browser().post(COMPLETE, {"token": token, "new_password": PASSWORD}, 410)
    browser().post(COMPLETE, {"token": "x" * 43, "new_password": PASSWORD}, 410)
    for _ in range(8):
        browser().enter(login, "wrong", (401, 429))
    browser().enter(login, OTHER, 429)
    fresh.enter(login, OTHER)
    assert len(letters(mails, login)) == 2, "one was asked for twice"
    assert trust.query("select count(*) from auth.link where token_hash is null and used_at is null") == [(0,)]


def test_an_account_is_made_for_staff_of_the_own_school(browser, head, hire, mails, secrets, trust):
    chief, login = browser(), hire("new", {SCHOOL_A: ["visitor"]}, account=False)
    chief.enter(head)
    ((staff,),) = trust.query("select staff_id from data.staff where lower(email) = %s", login)
    made = chief.post("/api/v1/accounts", {"staff": staff}).json()
    assert (made["id"], made["login"], made.get("password_set_at")) == (staff, login, None)
    chief.post("/api/v1/accounts", {"staff": staff}, 409)
    chief.post("/api/v1/accounts", {"staff": trust.world.staff[SCHOOL_B][0]}, 422)
    browser().enter(login, expect=401)
    chief.post(f"/api/v1/accounts/{staff}/invite", None, 200)
    token = link(mails, login, secrets, len(letters(mails, login)) or 1)
    wait_until(lambda: trust.query("select count(*) from data.delivery where link_id is not null and delivered_at is null") == [(0,)])
    token = link(mails, login, secrets, len(letters(mails, login)))
    browser().post(COMPLETE, {"token": token, "new_password": PASSWORD}, 200)
    person = browser()
    person.enter(login)
    person.get("/api/v1/accounts", 403)
    chief.post(f"/api/v1/accounts/{staff}/disable", None, 200)
    person.here(401)
    person.enter(login, expect=401)
    chief.post(f"/api/v1/accounts/{staff}/enable", None, 200)
    person.enter(login)
    assert chief.get(f"/api/v1/accounts/{staff}").json()["signed_in_at"]
    chief.get("/api/v1/accounts/999999", 404)
    for verb in ("invite", "disable", "enable", "totp-removal"):
        chief.post(f"/api/v1/accounts/999999/{verb}", None, 404)


def test_the_page_of_the_link_loads_nothing_from_elsewhere(browser):
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none';"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    for name, kind in (("password.html", "text/html"), ("password.js", "text/javascript"), ("account.css", "text/css")):
        answer = browser().session.get(f"{browser().url}/account/{name}")
        assert answer.status_code == 200 and answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer.headers["Content-Security-Policy"] == policy
        assert not re.search(r"https?://|<script>|<style>| style=| on[a-z]+=", answer.text)
    assert browser().session.get(f"{browser().url}/account/none.html").status_code == 404


# ---------------------------------------------------------------- codes


def test_codes_are_asked_for_once_one_was_shown(browser, hire, secrets, trust):
    login, person = hire("careful", {SCHOOL_A: ["office"]}), browser()
    person.enter(login)
    person.post(f"{TOTP}/confirm", {"code": "000000"}, 409)
    person.post(TOTP, {"password": "wrong"}, 401)
    key = person.post(TOTP, {"password": PASSWORD}, 200).json()
    assert key["uri"] == f"otpauth://totp/Doorstep:{login.replace('@', '%40')}?secret={key['secret']}&issuer=Doorstep"
    assert len(base64.b32decode(key["secret"])) == 20
    secrets.add(key["secret"])
    ((kept,),) = trust.query("select totp_secret from auth.account where login = %s", login)
    assert base64.b32decode(key["secret"]) not in bytes(kept), "a copy of the database gives no codes"
    browser().enter(login)
    wrong = f"{(int(code_of(key['secret'])) + 1) % 10**6:06}"
    person.post(f"{TOTP}/confirm", {"code": wrong if wrong not in near(key["secret"]) else "000000"}, (422,))
    shown = code_of(key["secret"], -1)
    person.post(f"{TOTP}/confirm", {"code": shown}, 200)
    person.post(TOTP, {"password": PASSWORD}, 409)
    assert person.here().json()["totp"]
    plain = browser().enter(login, expect=401).json()
    used = browser().enter(login, code=shown, expect=401).json()
    assert plain["detail"] == used["detail"], "nobody learns that the password is right"
    code = code_of(key["secret"], 1)
    browser().enter(login, code=code)
    browser().enter(login, code=code, expect=401)
    person.post(f"{TOTP}/removal", {"password": "wrong"}, 401)
    person.post(f"{TOTP}/removal", {"password": PASSWORD}, 200)
    browser().enter(login)


def test_without_its_key_codes_are_not_passed_over(browser, hire, trust):
    login, person = hire("unlucky", {SCHOOL_A: ["office"]}), browser()
    person.enter(login)
    key = person.post(TOTP, {"password": PASSWORD}, 200).json()
    person.post(f"{TOTP}/confirm", {"code": code_of(key["secret"], -1)}, 200)
    file = trust.state / "seal/totp"
    file.rename(file.with_suffix(".away"))
    try:
        browser().enter(login, code=code_of(key["secret"]), expect=503)
        browser().enter(login, expect=401)
    finally:
        file.with_suffix(".away").rename(file)
    browser().enter(login, code=code_of(key["secret"]))


def near(secret):
    return [code_of(secret, steps) for steps in (-1, 0, 1)]


def test_a_head_ends_codes_for_who_lost_them(browser, hire, head):
    login, person, chief = hire("lost", {SCHOOL_A: ["office"]}), browser(), browser()
    staff = person.enter(login).json()["staff"]
    key = person.post(TOTP, {"password": PASSWORD}, 200).json()
    person.post(f"{TOTP}/confirm", {"code": code_of(key["secret"])}, 200)
    chief.enter(head)
    assert chief.post(f"/api/v1/accounts/{staff}/totp-removal", None, 200).json()["totp"] is False
    person.here(401)
    browser().enter(login)


# ---------------------------------------------------------------- what is kept


def test_no_secret_is_kept_or_logged(trust, secrets, browser, head):
    person = browser()
    person.enter(head)
    person.get("/api/v1/visits")
    logs = "\n".join(path.read_text(errors="replace") for path in trust.logs())
    assert "example.org" not in logs
    dump = "\n".join(
        str(row)
        for name, in trust.query(
            "select schemaname || '.' || tablename from pg_tables where schemaname in ('auth', 'audit', 'data')"
        )
        for row in trust.query(f"select to_jsonb(t)::text from {name} t")
    )
    assert head in dump
    found = [s for s in secrets if len(s) > 11 and (s in logs or s in dump)]
    assert found == []
