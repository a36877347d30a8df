"""What a policy may want to know before a visit is made: of the staff who go, the
families and the places.  Part of generate.py.
"""

import datetime

CARS = [("Vauxhall", "Corsa", "silver"), ("Ford", "Fiesta", "blue"), ("Škoda", "Fabia", "white"),
        ("Renault", "Zoë", "grey"), ("Toyota", "Yaris", "red")]
COURSES = ["home_visiting", "violence_prevention", "attendance_early_help"]
FORM = ["aggression", "car_travel", "medical", "animal", "environment"]  # the rows of Appendix A


def visitors(trust, school):
    """Who goes on visits; the last of them is new and has not been checked or trained for it."""
    holders = trust.holders_of[school["urn"]]
    codes = [*holders["dsl"], *holders["attendance_officer"], *holders["visitor"]]
    return list(dict.fromkeys(codes))


def registration(code):
    """Made of the staff code, so that a visit finds the vehicle of who drives."""
    number = int(code[1:])
    letters = "ABCDEFGHJKLMNPRSTUVWXY"
    return f"ZZ{50 + number % 26} {letters[number % 22]}{letters[number // 22 % 22]}{letters[number // 484 % 22]}"


def vehicle(code):
    """The vehicle of a member of staff, or None: every second one has one."""
    if int(code[1:]) % 2:
        return None
    make, model, colour = CARS[int(code[1:]) % len(CARS)]
    return {"make": make, "model": model, "registration": registration(code), "colour": colour}


def form(trust, level="low"):
    """The rows of a risk assessment: one of the level, the others low."""
    above = trust.random.choice(FORM)
    return [{"kind": kind, "who": "the team", "level": level if kind == above else "low",
             "reduction": "as in the staff handbook", "success": "nothing happened"} for kind in FORM]


class Facts:
    def __init__(self, trust):
        self.trust = trust
        self.lines = []

    def days_ago(self, days):
        return (self.trust.today - datetime.timedelta(days=days)).isoformat()

    def add(self, path, body):
        self.lines.append({"key": f"demo-fact-{len(self.lines) + 1}", "path": path, "body": body})

    def add_member(self, school, code, is_new):
        r = self.trust.random
        of_staff = f"/api/v1/staff/{code}"
        self.add(f"{of_staff}/checks", {"level": "basic" if is_new else "enhanced", "barred_list": not is_new,
                                        "checked_on": self.days_ago(r.randint(100, 900))})
        for course in COURSES[:1] if is_new or school["policy"] != "potton" else COURSES:
            self.add(f"{of_staff}/training", {"course": course, "completed_on": self.days_ago(r.randint(100, 600)),
                                              "valid_until": self.days_ago(-r.randint(60, 500))})
        if not is_new:
            self.add(f"{of_staff}/policy-readings", {"policy": school["policy"], "read_on": self.days_ago(95)})
        self.add(f"{of_staff}/next-of-kin", {"name": " ".join(self.trust.name()), "phone": self.trust.mobile(),
                                             "from_on": self.days_ago(900)})
        if vehicle(code):
            self.add(f"{of_staff}/vehicles", {**vehicle(code), "insured_from": self.days_ago(200), "business_use": True,
                                              "insured_until": self.days_ago(-165)})

    def add_school(self, school):
        holders = self.trust.holders_of[school["urn"]]
        codes = visitors(self.trust, school)
        for code in codes:
            self.add_member(school, code, code == codes[-1])
        if school["policy"] == "rookeries":
            self.add("/api/v1/risk-assessments", {
                "school_urn": school["urn"], "by": holders["headteacher"][0], "level": "low", "proceed": True,
                "notes": "Covers home visits of the school.", "at": f"{self.days_ago(100)}T09:00:00Z",
                "review_on": self.days_ago(-265), "hazards": form(self.trust)})
        if school["policy"] == "tkat":
            self.add(f"/api/v1/staff/{holders['visitor'][2]}/allergies",
                     {"allergen": "cats", "from_on": self.days_ago(900)})

    def add_families(self, siblings):
        for school in (900001, 900005, 900005):
            pupil = self.trust.random.choice(self.trust.pupils_of[school])
            self.add(f"/api/v1/pupils/{pupil['upn']}/social-workers", {
                "name": " ".join(self.trust.name()), "phone": self.trust.mobile(), "from_on": self.days_ago(300)})
            pupil["has_social_worker"] = True
        first = siblings[0]
        self.add("/api/v1/hazards", {
            "school_urn": first["school_urn"], "by": self.trust.holders_of[first["school_urn"]]["dsl"][0],
            "kind": "animal", "place": {"address": first["address"], "postcode": first["postcode"]},
            "go_in_pairs": True,
            "control": "Ring before you go and ask for the dog to be shut away; do not go in while it is loose.",
            "story": "The dog got past the father and bit through a visitor's sleeve.",
            "review_on": self.days_ago(-180)})


def make(trust, schools, siblings):
    facts = Facts(trust)
    for school in schools:
        facts.add_school(school)
    facts.add_families(siblings)
    return facts.lines
