"""The watch: what is raised reaches everybody, whoever is slow, away or killed meanwhile, and nothing gets lost."""

import hashlib
import hmac
import itertools
import json
import os
import signal
import subprocess

import pytest

from instance import BUILD, children_of, free_port, process_fields, wait_until
from receivers import WebhookReceiver

SCHOOL = 900701
PASSWORD = "the password at the mail server"
GENEROUS = 40
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def watched(start_instance, mails):
    """An instance whose watch can send mail, with a school and one who is to be told."""
    made = start_instance(
        workers=1, smtp_url=mails.url, smtp_user="doorstep", smtp_password=PASSWORD, public_url="https://trust.test/d/"
    )
    made.query(
        f"""insert into data.school (urn, laestab, name, phase) values ({SCHOOL}, '8000701', 'Größe School', 'primary');
            begin;
            insert into data.staff (staff_code, given_name, family_name, email)
            values ('W1', 'Watch', 'Lead', 'dsl@school.test');
            insert into data.post (staff_id, school_urn, roles)
            select staff_id, {SCHOOL}, '{{dsl}}' from data.staff where staff_code = 'W1';
            commit"""
    )
    made.secrets = []
    return made


@pytest.fixture
def hook(watched):
    """hook(url): a webhook of all schools, shut off after the test; its secret."""

    def make(url):
        ((secret,),) = watched.query("select data.webhook_create(%s)", url)
        watched.secrets.append(secret)
        return secret

    yield make
    watched.start()
    watched.query("update data.webhook set disabled_at = now() where disabled_at is null")


@pytest.fixture
def receiver():
    with WebhookReceiver() as made:
        yield made


def notify(instance, roles="dsl", drill=False, late=0):
    """Raises a notification as the watch does; its id."""
    ((made,),) = instance.query(
        "insert into data.notification (school_urn, cause, subject, words, roles, due_at, drill) values"
        " (%s, 'duty', %s, 'Ring the team – now', %s, clock_timestamp() - make_interval(secs => %s), %s)"
        " returning notification_id",
        SCHOOL,
        f"test:{next(numbers)}",
        "{%s}" % roles,
        late,
        drill,
    )
    return made


def deliveries(instance, notification, channel="webhook"):
    """Rows of delivery_id, tries, last_error, whether it arrived."""
    return instance.query(
        "select delivery_id, tries, last_error, delivered_at is not null from data.delivery"
        " where notification_id = %s and channel = %s order by 1",
        notification,
        channel,
    )


def arrived(instance, notification, channel="webhook"):
    rows = deliveries(instance, notification, channel)
    return rows and all(row[3] for row in rows) and rows


def failed(instance, notification, channel="webhook"):
    rows = deliveries(instance, notification, channel)
    return rows and all(row[2] for row in rows) and rows


def hurry(instance):
    """As if the pauses and leases were over."""
    instance.query("update data.delivery set next_try_at = clock_timestamp() where delivered_at is null")


def soon(what):
    return wait_until(what, deadline=GENEROUS)


def senders(instance):
    return children_of(instance.pid("watch"))


def is_gone(pid):
    fields = process_fields(pid)
    return fields is None or fields[0] == "Z"


def watch_command(instance, *args):
    copied = instance.state / "programs/doorstep-watch"
    command = [str(copied if copied.exists() else BUILD / "doorstep-watch"), *args]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=www-data", "--regid=www-data", "--init-groups", "--", *command]
    return command


def watch_environment(instance, **settings):
    wanted = ("DOORSTEP_SMTP", "DOORSTEP_PUBLIC", "ASAN", "UBSAN", "LSAN")
    kept = {k: v for k, v in instance.environment.items() if k.startswith(wanted)}
    kept["DOORSTEP_DATABASE"] = f"host='{instance.state}/run' dbname=doorstep user=doorstep_watch"
    return {**kept, "PATH": "/usr/bin:/bin", **settings}


def once(instance, **settings):
    return subprocess.run(
        watch_command(instance, "--once"),
        env=watch_environment(instance, **settings),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def stopped(watched):
    """Without its watch, until the test is over."""
    os.kill(watched.pid("watch"), signal.SIGTERM)
    pid = watched.pid("watch")
    soon(lambda: is_gone(pid))
    yield watched
    watched.start()


# ------------------------------------------------------------------ it arrives


def test_a_notification_arrives_by_mail(watched, mails):
    notification = notify(watched, late=754)
    ((delivery, *_),) = soon(lambda: arrived(watched, notification, "email"))
    (message,) = [m for _, m in mails.received if m["Message-ID"] == f"<delivery-{delivery}@localhost>"]
    assert message["To"] == "dsl@school.test" and message["From"] == "Doorstep <doorstep@localhost>"
    assert message["Auto-Submitted"] == "auto-generated" and message["Date"].datetime
    assert message["Subject"].startswith(f"Doorstep: school {SCHOOL}: the time of a duty is over, due ")
    text = message.get_content()
    assert "Größe School" in text and "To do: Ring the team – now" in text and "found 12 min later" in text
    assert f"https://trust.test/d/api/v1/notifications/{notification}\n" in text.replace("\r\n", "\n")
    assert mails.logins


def test_a_drill_says_so_in_its_subject(watched, mails):
    notification = notify(watched, drill=True)
    ((delivery, *_),) = soon(lambda: arrived(watched, notification, "email"))
    (message,) = [m for _, m in mails.received if m["Message-ID"] == f"<delivery-{delivery}@localhost>"]
    assert message["Subject"].startswith("DRILL: ") and "DRILL" in message.get_content()


def test_a_notification_arrives_at_a_webhook_signed(watched, hook, receiver):
    secret = hook(receiver.url())
    notification = notify(watched, drill=True, late=3)
    ((delivery, *_),) = soon(lambda: arrived(watched, notification))
    (got,) = receiver.received
    assert got.headers["Content-Type"] == "application/json" and got.delivery == str(delivery)
    signed = got.headers["Doorstep-Timestamp"].encode() + b"." + got.body
    assert got.headers["Doorstep-Signature"] == "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    body = json.loads(got.body)
    assert 3 <= body.pop("late_seconds") < 60 and body.pop("due_at") < body.pop("raised_at")
    assert body == {
        "delivery": delivery,
        "notification": notification,
        "school_urn": SCHOOL,
        "visit": None,
        "cause": "duty",
        "clause": None,
        "policy": None,
        "words": "Ring the team – now",
        "roles": ["dsl"],
        "drill": True,
        "escalation": None,
        "rung": None,
    }


# --------------------------------------------------------------- it is tried again


def test_a_receiver_that_is_down_gets_it_when_it_is_up(watched, hook):
    port = free_port()
    hook(f"http://127.0.0.1:{port}/hook")
    notification = notify(watched)
    ((delivery, *_),) = soon(lambda: failed(watched, notification))
    with WebhookReceiver(port) as receiver:
        hurry(watched)
        ((_, tries, _, _),) = soon(lambda: arrived(watched, notification))
        assert tries > 1
        assert [r.delivery for r in receiver.received] == [str(delivery)]
        hurry(watched)
        other = notify(watched)
        soon(lambda: arrived(watched, other))
        assert len(receiver.received) == 2, "what was taken is not sent again"


@pytest.mark.parametrize("status", [500, 404, 302])
def test_what_is_not_taken_is_sent_again_with_the_same_id(watched, hook, receiver, status):
    hook(receiver.url())
    receiver.statuses = [status, status]
    notification = notify(watched)
    for _ in range(2):
        ((delivery, *_, error, _),) = soon(lambda: failed(watched, notification))
        assert error == f"the receiver answered {status}"
        watched.query("update data.delivery set last_error = null where delivery_id = %s", delivery)
        hurry(watched)
    soon(lambda: arrived(watched, notification))
    assert [r.delivery for r in receiver.received] == [str(delivery)] * 3
    assert receiver.bodies("/elsewhere") == [], "a redirect is not followed"


def test_a_refused_mail_is_tried_again(watched, mails):
    mails.refusal = "450 later"
    try:
        notification = notify(watched)
        ((delivery, *_, error, _),) = soon(lambda: failed(watched, notification, "email"))
        assert "450" in error
    finally:
        mails.refusal = None
    hurry(watched)
    soon(lambda: arrived(watched, notification, "email"))


def test_nothing_leaves_this_machine_in_clear(watched, hook):
    hook("http://school.test/hook")
    notification = notify(watched)
    ((*_, error, _),) = soon(lambda: failed(watched, notification))
    assert "https" in error


def test_a_slow_receiver_delays_nobody(watched, hook, receiver):
    receiver.hold()
    hook(receiver.url())
    with WebhookReceiver() as quick:
        hook(quick.url("/quick"))
        slow = [notify(watched) for _ in range(30)]
        soon(lambda: receiver.received)
        for notification in (*slow, notify(watched)):
            soon(lambda: arrived(watched, notification, "email"))
        soon(lambda: len(quick.received) == 31)
        assert len(receiver.received) < 31
    receiver.open.set()


# ------------------------------------------------------------------ somebody dies


def test_a_watch_killed_in_mid_delivery_loses_nothing(watched, hook, receiver):
    receiver.hold()
    hook(receiver.url())
    notification = notify(watched)
    soon(lambda: receiver.received)
    for pid in (*senders(watched), watched.pid("watch")):
        os.kill(pid, signal.SIGKILL)
    receiver.open.set()
    ((delivery, *_, done),) = deliveries(watched, notification)
    assert not done
    watched.start()
    hurry(watched)
    soon(lambda: arrived(watched, notification))
    assert [r.delivery for r in receiver.received] == [str(delivery)] * 2


def test_a_sender_that_was_killed_is_started_anew(watched, hook, receiver):
    hook(receiver.url())
    (sender,) = senders(watched)
    os.kill(sender, signal.SIGKILL)
    soon(lambda: senders(watched) not in ([], [sender]))
    notification = notify(watched)
    soon(lambda: arrived(watched, notification))


def test_the_sender_goes_with_its_watch(watched, hook):
    senders_before = senders(watched)
    os.kill(watched.pid("watch"), signal.SIGKILL)
    soon(lambda: all(is_gone(pid) for pid in senders_before))


def test_two_watches_send_nothing_twice(watched, hook, receiver):
    hook(receiver.url("/one"))
    hook(receiver.url("/two"))
    with subprocess.Popen(
        watch_command(watched),
        env=watch_environment(watched),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as other:
        try:
            raised = [notify(watched) for _ in range(40)]
            for notification in raised:
                soon(lambda: arrived(watched, notification) and arrived(watched, notification, "email"))
        finally:
            other.terminate()
            other.communicate(timeout=GENEROUS)
    assert other.returncode == 0
    ids = [r.delivery for r in receiver.received]
    assert len(ids) == len(set(ids)) == 80


def test_a_restart_of_the_database_is_survived(watched, hook, receiver):
    hook(receiver.url())
    pid, logged = watched.pid("watch"), len(watched.log_lines("watch"))
    watched.postgres_command("stop", "-m", "fast")
    soon(lambda: len(watched.log_lines("watch")) >= logged + 2)
    watched.postgres_command("start")
    notification = notify(watched)
    soon(lambda: arrived(watched, notification))
    assert watched.pid("watch") == pid and not is_gone(pid)
    soon(lambda: sum("goes on" in line["message"] for line in watched.log_lines("watch")[logged:]) >= 2)
    waits = [line for line in watched.log_lines("watch")[logged:] if "waits for the database" in line["message"]]
    assert len(waits) <= 4, "an outage is logged once by each of the two processes, not at each try"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_when_asked_though_a_delivery_hangs(watched, hook, receiver, sign):
    receiver.hold()
    hook(receiver.url())
    notification = notify(watched)
    soon(lambda: receiver.received)
    pids = [*senders(watched), watched.pid("watch")]
    os.kill(pids[-1], sign)
    wait_until(lambda: all(is_gone(pid) for pid in pids), deadline=5)
    receiver.open.set()
    assert watched.log_lines("watch")[-1]["message"] == "stopped"
    assert not arrived(watched, notification)
    watched.start()
    hurry(watched)
    soon(lambda: arrived(watched, notification))


# ------------------------------------------------------------------------- others


def test_it_beats(watched):
    beats = "select beat_at from data.watch_beat where watch like %s"
    mine = f"%:{watched.pid('watch')}"
    soon(lambda: watched.query(beats, mine))
    ((first,),) = watched.query(beats, mine)
    soon(lambda: watched.query(beats, mine)[0][0] > first)


def test_once_looks_and_sends_and_ends(stopped, hook, receiver):
    hook(receiver.url())
    raised = [notify(stopped) for _ in range(3)]
    done = once(stopped)
    assert done.returncode == 0, done.stderr
    assert all(arrived(stopped, n) and arrived(stopped, n, "email") for n in raised)
    assert len(receiver.received) == 3


def test_without_a_mail_server_mails_wait_and_say_so(stopped):
    notification = notify(stopped)
    assert once(stopped, DOORSTEP_SMTP_URL="").returncode == 0
    ((_, tries, error, done),) = deliveries(stopped, notification, "email")
    assert (tries, done) == (0, False) and "DOORSTEP_SMTP_URL" in error
    assert once(stopped).returncode == 0
    assert arrived(stopped, notification, "email")


def test_it_refuses_a_role_that_row_level_security_does_not_bind(stopped):
    stopped.query("alter role doorstep_watch bypassrls")
    try:
        done = once(stopped)
    finally:
        stopped.query("alter role doorstep_watch nobypassrls")
    assert done.returncode != 0 and "bypasses row-level security" in done.stderr


def test_settings_that_make_no_sense_are_refused(watched):
    for settings in ({"DOORSTEP_SMTP_URL": "http://x"}, {"DOORSTEP_SMTP_FROM": "nobody"}):
        done = once(watched, **settings)
        assert done.returncode == 78 and "smtp_" in done.stderr


def test_no_secret_and_no_address_is_in_a_log(watched):
    logs = "\n".join(path.read_text(errors="replace") for path in watched.logs())
    assert len(watched.secrets) > 5
    assert [s for s in (*watched.secrets, PASSWORD, "dsl@school.test") if s in logs] == []
