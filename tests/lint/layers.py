"""cgi-bin/core knows nothing of the programs above it, nor a noun of theirs."""

import os
import pathlib
import re
import sys

CORE = pathlib.Path("cgi-bin/core")
PROGRAMS = ["auth", "sso", "records", "register", "reports", "exports", "audit", "trail", "seal", "verify", "watch", "pull", "describe"]
NOUNS = re.compile(r"visit|pupil|staff|school|contact|enrolment|\burn\b|\bupn\b", re.IGNORECASE)
# openapi.c: the title of the API's own description.
ALLOWED = {("openapi.c", "Home visits of a trust of schools: the records and their exports.")}
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def without_comments(text):
    """The text with its comments blanked, line by line."""
    def blank(match):
        token = match.group()
        return re.sub(r"[^\n]", " ", token) if token.startswith("/") else token
    return TOKEN.sub(blank, text)


def core_files():
    return sorted(path for path in CORE.rglob("*") if path.suffix in (".c", ".h", ".def"))


def includes(files, wanted):
    for path in files:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if found and wanted(path, found.group(1)):
                yield f"{path}:{number}: {line.strip()}"


def upward(_path, included):
    return included.split("/")[0] in PROGRAMS or ".." in included


def outside_core(path, included):
    """Neither beside the file nor below cgi-bin/core."""
    return not (path.parent / included).exists() and not (CORE.parent / included).resolve().is_relative_to(CORE.resolve())


def nouns(files):
    for path in files:
        for number, line in enumerate(without_comments(path.read_text()).splitlines(), 1):
            rest = line
            for name, text in ALLOWED:
                if path.name == name:
                    rest = rest.replace(text, "")
            for found in NOUNS.finditer(rest):
                yield f"{path}:{number}: {found.group()}: {line.strip()}"


def main():
    os.chdir(os.environ["DOORSTEP_SRC"])
    core = core_files()
    lints = [
        ("core includes nothing of the programs", includes(core, upward)),
        ("core includes its own headers only", includes(core, outside_core)),
        ("no noun of the domain is in core", nouns(core)),
    ]
    bad = 0
    print(f"1..{len(lints)}")
    for number, (name, offenders) in enumerate(lints, 1):
        offenders = list(offenders)
        print(f"{'not ' if offenders else ''}ok {number} - {name}")
        for offender in offenders:
            print(f"# {offender}")
        bad += bool(offenders)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
