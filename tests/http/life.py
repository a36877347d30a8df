"""Schools that follow a policy each, with staff in every role, and what takes a visit there through its life."""

import world as w

VISITS = "/api/v1/visits"
POLICIES = ("tkat", "rookeries", "potton", "morecambe", "thomas-more")
ROLES = {
    "head": "headteacher",
    "deputy": "deputy",
    "assistant": "assistant_head",
    "dsl": "dsl;visitor",
    "deputy_dsl": "deputy_dsl",
    "leader": "leadership",
    "clerk": "office",
    "first": "visitor;attendance_officer",
    "second": "visitor",
    "third": "visitor",
    "newcomer": "visitor",  # of whom nothing is on file
}
EQUIPPED = ("first", "second", "third", "dsl")
COURSES = ("home_visiting", "violence_prevention", "attendance_early_help", "cultural_awareness", "safeguarding")
HAZARDS = ("aggression", "car_travel", "medical", "animal", "environment")
START, END = "2026-01-13T09:30:00Z", "2026-01-13T10:00:00Z"  # a Tuesday
PURPOSE = {"rookeries": "welfare"}


class School:
    """One school, made through the API."""

    def __init__(self, office, policy, urn):
        self.office, self.policy, self.urn = office, policy, urn
        self.load()
        self.staff = dict(zip(ROLES, [s["id"] for s in office.pages("/api/v1/staff", school=urn)]))
        self.pupils = [p["id"] for p in office.pages("/api/v1/pupils", school=urn)]
        self.kinds = {c["clause"]: c for c in office.pages(f"/api/v1/policies/{policy}/clauses")}
        for name in EQUIPPED:
            self.equip(self.staff[name])
        for pupil in self.pupils:
            body = {"name": "Sam Worker", "phone": "07700 900555", "from_on": "2025-01-01"}
            office.post(f"/api/v1/pupils/{pupil}/social-workers", body)

    def load(self):
        name = self.policy.title()
        rows = {
            "schools": [w.school_row(self.urn, f"{name} School", policy=self.policy)],
            "staff": [
                w.staff_row(self.urn, n, name, roles=roles, email=f"{who}@{self.policy}.example")
                for n, (who, roles) in enumerate(ROLES.items(), 10)
            ],
            "pupils": [w.pupil_row(self.urn, name=name) for _ in range(3)],
        }
        rows["contacts"] = [w.contact_row(p["upn"], n, name) for p in rows["pupils"] for n in (1, 2)]
        for kind in w.KINDS:
            report = self.office.import_rows(kind, w.csv_text(kind, rows[kind])).json()
            assert report["accepted"] == len(rows[kind]), report

    def equip(self, staff):
        """All that any policy wants to be on file of who visits."""

        def add(what, **body):
            self.office.post(f"/api/v1/staff/{staff}/{what}", body)

        add("checks", level="enhanced", barred_list=True, checked_on="2025-01-06")
        for course in COURSES:
            add("training", course=course, completed_on="2025-01-06")
        add("policy-readings", policy=self.policy, read_on="2026-01-05")
        add("next-of-kin", name="Robin Kin", phone="020 7946 0009", from_on="2025-01-01")

    def plan(self, **more):
        return {
            "school_urn": self.urn,
            "pupils": self.pupils[:1],
            "purpose": PURPOSE.get(self.policy, "attendance"),
            "planned_start": START,
            "planned_end": END,
            "return_by": "2026-01-13T10:30:00Z",
            "announced": True,
            "parents_told_by": "phone",
            "parents_agreed": True,
            "necessity": "Nobody answers the telephone",
            "plan": "attendance",
            "place": {"address": f"{self.urn % 100} Life Street", "postcode": "ZZ3 3ZZ"},
            "team": [
                {"staff_id": self.staff["first"], "lead": True, "phone": "07700 900301"},
                {"staff_id": self.staff["second"], "phone": "07700 900302"},
            ],
            **more,
        }

    def visit(self, **more):
        return self.office.post(VISITS, self.plan(**more)).json()

    def read(self, visit):
        return self.office.get(f"{VISITS}/{visit['id']}").json()

    def event(self, visit, kind, expect=201, api=None, **body):
        return (api or self.office).post(f"{VISITS}/{visit['id']}/events", {"kind": kind, **body}, expect)

    def decide(self, visit, who, expect=201, api=None, decision="approved", **body):
        body = {"decision": decision, "by": self.staff[who], **body}
        return (api or self.office).post(f"{VISITS}/{visit['id']}/approvals", body, expect)

    def duties(self, visit, **filters):
        return list(self.office.pages(f"{VISITS}/{visit['id']}/duties", **filters))

    def holder(self, roles):
        """Who of the staff holds one of the roles."""
        return next(who for who, held in ROLES.items() if set(held.split(";")) & set(roles))

    def asked(self, visit):
        """What the policy still asks for before the team departs."""
        answer = self.event(visit, "departed", expect=(201, 409))
        return answer.json()["duties"] if answer.status_code == 409 else []

    def approvers(self, visit):
        """Who must approve a visit for all of its approvals."""
        found = [d for d in self.duties(visit) if d["kind"] == "approval" and d["state"] == "due"]
        return sorted({self.holder(d["roles"]) for d in found})

    def meet(self, visit, duty):
        """Does what a duty asks for, but for approvals."""
        clause, path = self.kinds[duty["clause"]], f"{VISITS}/{visit['id']}"
        if clause["kind"] == "code_word":
            self.office.post(f"{path}/code-word", {"word": "Purple umbrella"}, 200)
        elif clause["kind"] == "risk_assessment" and clause["parameters"]["assessment"] == "general":
            self.office.post("/api/v1/risk-assessments", {"school_urn": self.urn, **self.assessment(clause)})
        elif clause["kind"] == "risk_assessment":
            body = {"kind": clause["parameters"]["assessment"], **self.assessment(clause)}
            self.office.post(f"{path}/risk-assessments", body)
        elif clause["kind"] not in ("approval", "assessment_hazards", "assessed_team"):  # which come with others
            self.event(visit, "done", clause=duty["clause"], part=duty["part"] or None, by=self.staff["first"])

    def assessment(self, clause):
        by = self.staff[self.holder(clause["parameters"].get("roles") or ["headteacher"])]
        hazards = [{"kind": kind, "level": "low", "who": "Team", "reduction": "Care"} for kind in HAZARDS]
        return {"by": by, "level": "low", "proceed": True, "staff_needed": 2, "hazards": hazards}

    def prepare(self, visit):
        """Everything but the approvals."""
        for state in ("due", "late"):
            for duty in self.duties(visit, state=state):
                if duty["gate"] and duty["strength"] == "must":
                    self.meet(visit, duty)

    def ready(self, **more):
        """A visit that may depart."""
        visit = self.visit(**more)
        self.prepare(visit)
        for who in self.approvers(visit):
            self.decide(visit, who)
        return visit

    def out(self, *kinds, **more):
        """A visit on which these have happened after the departure."""
        visit = self.ready(**more)
        for kind in ("departed", *kinds):
            self.event(visit, kind)
        return visit

    def record(self, visit, expect=201, **more):
        body = {"by": self.staff["first"], "outcome": "seen_family", "notes": "All is well.", "kept_in": "cpoms"}
        return self.office.post(f"{VISITS}/{visit['id']}/records", {**body, **more}, expect)


def schools(office):
    """By policy."""
    return {policy: School(office, policy, 900101 + n) for n, policy in enumerate(POLICIES)}
