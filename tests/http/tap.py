"""pytest plugin: prints TAP as the tests finish, in place of pytest's own report.

    python3 -m pytest -p tap …

A test is one result, named as its node is.  A failure at its teardown, a file
that cannot be collected and a stopped run are failed results too.  What pytest
would have shown of a failure follows as comments.
"""

import os

import pytest

# pytest catches what is written to standard output; this one it knows not of.
OUT = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace", buffering=1)


class Tap:
    def __init__(self):
        self.count = 0
        self.failed = False

    def result(self, good, name, directive="", comment=""):
        self.count += 1
        self.failed = self.failed or not (good or directive)
        name = name.replace("\\", "/").replace("#", "\\#").replace("\n", "\\n")
        directive = " ".join(directive.split())
        OUT.write(f"{'' if good else 'not '}ok {self.count} - {name}{' # ' + directive if directive else ''}\n")
        self.comment(comment)

    @staticmethod
    def comment(text):
        for line in text.splitlines():
            OUT.write(f"# {line}".rstrip() + "\n")

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        name = report.nodeid
        if hasattr(report, "wasxfail"):
            if report.when == "call" or report.skipped:
                self.result(report.passed, name, f"TODO {report.wasxfail}")
        elif report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.result(True, name, "SKIP " + reason.removeprefix("Skipped: "))
        elif report.failed:
            name += "" if report.when == "call" else f" ({report.when})"
            self.result(False, name, comment=self.long_text(report))
        elif report.when == "call":
            self.result(True, name)
        elif report.when == "teardown" and self.failed:
            # What fixtures of the whole run tell at its end: logs, as a rule.
            self.comment("".join(text for title, text in report.sections if title.endswith("teardown")))

    @staticmethod
    def long_text(report):
        parts = [report.longreprtext]
        parts += [f"---- {title}\n{text}" for title, text in report.sections]
        return "\n".join(parts)

    def pytest_collectreport(self, report):
        if report.failed:
            self.result(False, f"{report.nodeid or 'the tests'} (collection)", comment=report.longreprtext)
        elif report.skipped and report.nodeid:
            self.result(True, report.nodeid, f"SKIP {report.longrepr[2]}")

    def pytest_internalerror(self, excrepr):
        self.result(False, "pytest (internal error)", comment=str(excrepr))

    def pytest_keyboard_interrupt(self, excinfo):
        self.result(False, "the run (stopped)", comment=str(excinfo.value))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus):
        if self.count == 0:
            self.result(False, "there are tests")
        elif exitstatus not in (0, 1, 5) and not self.failed:
            self.result(False, f"pytest ends well: it ended with status {int(exitstatus)}")

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        OUT.write(f"1..{self.count}\n")


@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter:
        config.pluginmanager.unregister(reporter)
    config.pluginmanager.register(Tap(), "doorstep-tap")
