"""A family of a school, and who of its staff deals with them."""

from world import csv_text, pupil_row, staff_row, upn

PREFIX = "/api/v1"


class Family:
    """A pupil of a school under a policy, the mother, and who of the staff deals with them."""

    def __init__(self, office, school, admitted="2025-09-01"):
        self.office, self.school, self.upn = office, school, upn()
        row = pupil_row(school, self.upn, name="O'Brien", admitted_on=admitted, date_of_birth="2015-03-04")
        office.import_rows("pupils", csv_text("pupils", [row]))
        contact = {
            "upn": self.upn, "given_name": "Mary", "family_name": "O'Brien", "relationship": "mother",
            "parental_responsibility": "true", "phone": "07700 900007", "email": "m@example.org", "language": "English",
        }
        office.import_rows("contacts", csv_text("contacts", [contact]))
        code = f"AO{self.upn}"
        people = [
            staff_row(school, 1, staff_code=code, roles="attendance_officer"),
            staff_row(school, 2, staff_code=f"H{self.upn}", roles="headteacher"),
        ]
        office.import_rows("staff", csv_text("staff", people))
        found = {s["staff_code"]: s["id"] for s in office.pages(f"{PREFIX}/staff", school=school)}
        self.officer, self.head = found[code], found[f"H{self.upn}"]
        self.id = next(p["id"] for p in office.pages(f"{PREFIX}/pupils", school=school) if p["upn"] == self.upn)
        self.contact = office.get(f"{PREFIX}/contacts", params={"pupil": self.id}).json()["data"][0]["id"]

    def marks(self, *weeks):
        """(Monday, ten codes of one character)…"""
        rows = [{"school_urn": self.school, "upn": self.upn, "week": w, "marks": m} for w, m in weeks]
        self.office.import_rows("register", csv_text("marks", rows, ["school_urn", "upn", "week", "marks"]))

    def agree(self, *promises, **more):
        family = [{"side": "family", **p} for p in promises]
        taxi = {"side": "school", "kind": "text", "words": "A taxi", "due_on": "2026-01-09", "owner": self.officer}
        body = {
            "school_urn": self.school, "pupil": self.id, "made_on": "2026-01-02", "by": self.officer,
            "made_with": "Mary O'Brien", "kept_in": "attendance_file", "from_on": "2026-01-05",
            "review_on": "2026-07-01", "promises": [*family, taxi], **more,
        }
        return self.office.post(f"{PREFIX}/agreements", body).json()

    def test(self, agreement, day):
        return self.office.post(f"{PREFIX}/agreements/{agreement['id']}/tests", {"as_of": day}, 200).json()

    def steps(self, agreement):
        duties = self.office.get(f"{PREFIX}/agreements/{agreement['id']}/duties").json()["data"]
        return {d["clause"]: d["state"] for d in duties if d["state"] != "not_applicable"}

    def letters(self, **filters):
        return list(self.office.pages(f"{PREFIX}/letters", pupil=self.id, **filters))
