"""One Doorstep for the whole run, the clients that call it, and the order of the tests."""

import concurrent.futures
import signal

import pytest

pytest.register_assert_rewrite("agreed", "alarmed", "bodies", "client", "contract", "family", "life", "raw", "world")

import life  # noqa: E402
import sealed  # noqa: E402
import world as world_module  # noqa: E402
from client import Api  # noqa: E402
from instance import BUILD, BY_REQUESTS, PROGRAMS, Instance  # noqa: E402
from receivers import MailServer  # noqa: E402
from world import SCHOOL_A, SCHOOL_B, SCOPES, World  # noqa: E402

# Faults come when all else is done; then what is about everything that happened.
LATE_FILES = ("test_faults.py", "test_outage.py", "test_secrets.py", "test_complete.py")


def pytest_collection_modifyitems(items):
    def place(item):
        name = item.path.name
        return LATE_FILES.index(name) + 1 if name in LATE_FILES else 0

    items.sort(key=place)


def pytest_sessionstart(session):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended like that, too, no instance is left behind
    missing = [p for p in (*PROGRAMS, "watch", "exports", "seal", "pull", "verify") if not (BUILD / f"doorstep-{p}").exists()]
    if missing:
        pytest.exit(f"not built in {BUILD}: {', '.join(missing)}; run make, or set DOORSTEP_BUILD", returncode=2)


@pytest.fixture(scope="session")
def started(request):
    """Every instance of the run; they end with it, and their logs are shown when a test failed."""
    made = []
    yield made
    for one in made:
        if request.session.testsfailed:
            print(f"\nlogs of {one.url}:\n{one.log_text()}")
        one.remove()


@pytest.fixture(scope="session")
def start_instance(started):
    """start_instance(rate=…): a running instance."""

    def start(**settings):
        started.append(Instance(**settings))
        return started[-1].start()

    return start


@pytest.fixture(scope="session")
def instance(start_instance):
    return start_instance(rate=100000, workers=4)


@pytest.fixture(scope="session")
def secrets():
    """Every secret and token given out, for test_secrets.py."""
    return set()


@pytest.fixture(scope="session")
def make_client(instance, secrets):
    """make_client(name, scopes, schools): a new client, able to sign in."""

    def make(name, scopes=tuple(SCOPES), schools=None):
        secret = instance.make_client(name, scopes, schools)
        secrets.add(secret)
        made = Api(instance.url, name, secret, on_token=secrets.add)
        assert made.token, "signed in at once, so that no test meets the entry of it in the trail"
        return made

    return make


@pytest.fixture(scope="session")
def office(make_client):
    """All schools, all scopes."""
    return make_client("office")


@pytest.fixture(scope="session")
def world(office, instance):
    made = World(office)
    world_module.adopt(instance.query)
    return made


@pytest.fixture(scope="session")
def schools(office, world):
    """A school under each policy: schools["tkat"]."""
    return life.schools(office)


@pytest.fixture(scope="session")
def client_a(make_client, world):
    """School A only, all scopes."""
    return make_client("school-a", schools=[SCHOOL_A])


@pytest.fixture(scope="session")
def client_b(make_client, world):
    return make_client("school-b", schools=[SCHOOL_B])


@pytest.fixture(scope="session")
def auditor(make_client, world):
    """All schools, all scopes: what is withheld from it is withheld from everybody."""
    return make_client("auditor")


@pytest.fixture(scope="session")
def anyone(instance):
    """Without a token."""
    return Api(instance.url)


@pytest.fixture(scope="module")
def mails():
    with MailServer() as server:
        yield server


@pytest.fixture(scope="session")
def start_with_world(start_instance, secrets):
    """start_with_world(**settings): another instance, with a world and an office of its own."""

    def start(**settings):
        made = start_instance(rate=100000, **settings)
        secret = made.make_client("office", SCOPES, None)
        secrets.add(secret)
        made.office = Api(made.url, "office", secret, on_token=secrets.add)
        made.world = World(made.office)
        world_module.adopt(made.query)
        return made

    return start


@pytest.fixture(scope="session")
def fragile(start_with_world):
    """For tests that break something."""
    return start_with_world(workers=4)


@pytest.fixture
def visit(world):
    """A visit of school A of the test's own."""
    return world.visit()


@pytest.fixture
def trail(auditor, visit, query, instance):
    """The export of the trail, line by line, with something said in it, and all of it signed."""
    auditor.get("/api/v1/visits.csv", params={"school": SCHOOL_A})
    sealed.sealed(query)
    return sealed.export(auditor, instance)


@pytest.fixture
def query(instance):
    """query(sql, *args): all rows, as superuser, whom row-level security does not bind."""
    return instance.query


@pytest.fixture
def stored(query):
    """stored(): how many rows each table has; equal before and after means that nothing was stored.

    Without what the watch finds when its time has come, whatever is asked meanwhile.
    """
    tables = [
        name
        for name, in query(
            "select schemaname || '.' || tablename from pg_tables where schemaname = 'data'"
            " and tablename not in ('escalation', 'rung', 'notification', 'delivery', 'watch_beat')"
            " and tablename not in ('import', 'import_rejection')"  # the log of what was tried
            " and tablename <> 'export_piece'"  # of what was asked for before
            " and left(tablename, 14) <> 'register_week_' order by 1"  # whose rows are the table's
        )
    ] + [BY_REQUESTS]

    def count():
        return query("select " + ", ".join(f"(select count(*) from {name})" for name in tables))[0]

    return count


@pytest.fixture
def parallel():
    """parallel(fn, arguments): fn of each at once; the results in order."""

    def run(fn, arguments):
        arguments = list(arguments)
        with concurrent.futures.ThreadPoolExecutor(len(arguments)) as pool:
            return list(pool.map(fn, arguments))

    return run


@pytest.fixture
def fresh_upn():
    return world_module.upn
