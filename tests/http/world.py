"""The small trust that the tests work on: three schools, loaded through the import API.

School B carries MARKER in every text that it can: whoever may not see B must
never meet the marker.
"""

import csv
import io
import itertools
import json

MARKER = "Zyzzyva"
SCHOOL_A, SCHOOL_B, SCHOOL_C = 900001, 900002, 900003
PUPILS_PER_SCHOOL = 12
KINDS = ("schools", "staff", "pupils", "contacts")
SCOPES = [
    "accounts:read",
    "accounts:write",
    "audit:read",
    "exports:read",
    "exports:write",
    "schedules:read",
    "schedules:write",
    "schools:read",
    "schools:write",
    "staff:read",
    "staff:write",
    "pupils:read",
    "pupils:write",
    "contacts:read",
    "contacts:write",
    "visits:read",
    "visits:write",
    "records:read",
    "records:write",
    "concerns:read",
    "concerns:write",
    "incidents:read",
    "incidents:write",
    "risk:read",
    "risk:write",
    "checks:read",
    "checks:write",
    "approvals:write",
    "policies:read",
    "alarms:read",
    "alarms:write",
    "attendance:read",
    "attendance:write",
    "agreements:read",
    "agreements:write",
    "referrals:read",
    "referrals:write",
    "decisions:write",
    "changes:read",
    "counts:read",
    "subject:read",
    "subject:write",
    "retention:read",
    "retention:write",
    "disposals:write",
]
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
COLUMNS = {
    "schools": "urn,laestab,name,phase,policy",
    "staff": "staff_code,school_urn,given_name,family_name,email,phone,roles",
    "pupils": "upn,school_urn,given_name,family_name,date_of_birth,year_group,admitted_on,left_on,address,postcode",
    "contacts": "upn,given_name,family_name,relationship,parental_responsibility,phone,email,language",
    "register": "school_urn,upn,date,session,code,minutes_late,comment",
}
COLUMNS = {kind: names.split(",") for kind, names in COLUMNS.items()}
_serial = itertools.count(1)


def check_letter(tail):
    """DfE: the twelve characters weighted 2 to 13, modulo 23."""
    total = sum(weight * (int(c) if c.isdigit() else LETTERS.index(c)) for weight, c in enumerate(tail, 2))
    return LETTERS[total % 23]


def upn(serial=None, last=None):
    """A valid UPN that no other test has; with last, a letter, a temporary one."""
    n = next(_serial) if serial is None else serial
    tail = f"{801 + n // 1_000_000:03}4001{n // 1000 % 100:02}{n % 1000:03}"
    if last:
        tail = tail[:-1] + last
    return check_letter(tail) + tail


def csv_text(kind, rows, columns=None):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or COLUMNS[kind], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def ndjson_text(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def school_row(urn, name, **more):
    return {"urn": urn, "laestab": f"899{urn % 10000:04}", "name": name, "phase": "primary", "policy": "", **more}


def staff_row(school, n, name="Staff", **more):
    return {
        "staff_code": f"T{school}-{n}",
        "school_urn": school,
        "given_name": f"Given{n}",
        "family_name": f"{name}{n}",
        "email": f"t{n}@example.org",
        "phone": f"020 7946 0{n:03}",
        "roles": "visitor;dsl",
        **more,
    }


def pupil_row(school, number=None, name="Pupil", **more):
    number = number or upn()
    return {
        "upn": number,
        "school_urn": school,
        "given_name": "Ada",
        "family_name": name,
        "date_of_birth": "2016-03-04",
        "year_group": "5",
        "admitted_on": "2021-09-01",
        "left_on": "",
        "address": f"{number[-3:]} Example Street",
        "postcode": "ZZ1 1ZZ",
        **more,
    }


def contact_row(number, n=1, name="Contact", **more):
    return {
        "upn": number,
        "given_name": f"Adult{n}",
        "family_name": name,
        "relationship": "mother",
        "parental_responsibility": "true",
        "phone": "07700 900001",
        "email": f"adult{n}@example.org",
        "language": "English",
        **more,
    }


def mark_row(school, number, date="2026-01-05", session="AM", code="/", **more):
    return {"school_urn": school, "upn": number, "date": date, "session": session, "code": code, **more}


def directory():
    """The rows of the four files."""
    names = {SCHOOL_A: "O'Brien's Élan", SCHOOL_B: MARKER, SCHOOL_C: "Thistle"}
    schools = [school_row(urn, f"{name} School") for urn, name in names.items()]
    roles = {4: "headteacher;dsl"}
    staff = [
        staff_row(urn, n, name, roles=roles.get(n, "visitor;dsl")) for urn, name in names.items() for n in range(1, 5)
    ]
    pupils = [
        pupil_row(urn, name=name, address=f"{n} {name} Street")
        for urn, name in names.items()
        for n in range(1, PUPILS_PER_SCHOOL + 1)
    ]
    contacts = [contact_row(p["upn"], n, p["family_name"]) for p in pupils for n in (1, 2)]
    return dict(zip(KINDS, (schools, staff, pupils, contacts)))


class World:
    """What was loaded, and how to make more of it."""

    def __init__(self, office):
        self.office = office
        self.rows = directory()
        self.rows["register"] = [mark_row(row["school_urn"], row["upn"]) for row in self.rows["pupils"]]
        self.imports = {}
        for kind in (*KINDS, "register"):
            report = office.import_rows(kind, csv_text(kind, self.rows[kind])).json()
            assert report["accepted"] == len(self.rows[kind]), report
            self.imports[kind] = report["import"]
        self.pupils = {
            urn: [p["id"] for p in office.pages("/api/v1/pupils", school=urn)] for urn in (SCHOOL_A, SCHOOL_B, SCHOOL_C)
        }
        for urn in (SCHOOL_A, SCHOOL_B):  # under a policy from then on, so that what waits for one can be tried
            office.post(f"/api/v1/schools/{urn}/policies", {"policy": "tkat", "follows_from": "2040-01-01"})
        self.staff = {
            urn: [s["id"] for s in office.pages("/api/v1/staff", school=urn)] for urn in (SCHOOL_A, SCHOOL_B, SCHOOL_C)
        }
        self.head = {urn: ids[-1] for urn, ids in self.staff.items()}

    def plan(self, school=SCHOOL_A, **more):
        """A body that plans a visit."""
        text = f" {MARKER}" if school == SCHOOL_B else ""
        return {
            "school_urn": school,
            "pupils": [self.pupils[school][0]],
            "purpose": "attendance",
            "planned_start": "2026-01-13T09:30:00Z",
            "planned_end": "2026-01-13T10:00:00Z",
            "announced": True,
            "place": {"address": f"1 Example Street{text}", "postcode": "ZZ1 1ZZ"},
            "team": [
                {"staff_id": self.staff[school][0], "lead": True, "phone": "07700 900123"},
                {"name": f"Outside Professional{text}", "organisation": "Children's services", "role": "social worker"},
            ],
            **more,
        }

    def visit(self, api=None, school=SCHOOL_A, **more):
        """A planned visit, as answered."""
        return (api or self.office).post("/api/v1/visits", self.plan(school, **more)).json()

    def event(self, visit, kind, at=None, note=None, api=None, expect=201):
        body = {"kind": kind, **({"at": at} if at else {}), **({"note": note} if note else {})}
        return (api or self.office).post(f"/api/v1/visits/{visit['id']}/events", body, expect)


def adopt(query):
    """Schools A and B follow Potton's policy in February 2022, and none before and after."""
    for school in (SCHOOL_A, SCHOOL_B):
        for day, policy in (("2022-02-01", "potton"), ("2022-03-01", None)):
            query(
                "insert into data.adoption (school_urn, follows_from, policy_code) values (%s, %s, %s)", school, day, policy
            )
