"""The visits of the demo: each as its plan and the steps that an office records.  Part of generate.py.

Most are in order.  Some go on without what their policy asks for, and of each
thing that can happen to a visit there is one.  Four are out, or about to
leave, at the moment for which they are made.
"""

import datetime
import zoneinfo

import facts

LONDON = zoneinfo.ZoneInfo("Europe/London")
PER_SCHOOL = {"recorded": 7, "returned": 1, "careless": 2, "approved": 3, "requested": 2, "cancelled": 2}

# Who approves, which assessment is made and by whom, where the record is kept, and what visits are for.
POLICIES = {
    "tkat": {"approvers": ["headteacher", "dsl"], "assessment": "visit", "assessor": "dsl", "kept_in": "cpoms",
             "purposes": ["attendance", "school_refusal", "transition", "welfare", "work_delivery", "safeguarding"]},
    "rookeries": {"approvers": ["headteacher"], "assessment": None, "assessor": None, "kept_in": "school_file",
                  "purposes": ["attendance", "school_refusal", "transition", "unexplained_absence", "contact_failed"]},
    "potton": {"approvers": ["headteacher"], "assessment": "visit", "assessor": "headteacher",
               "kept_in": "attendance_file",
               "purposes": ["attendance", "welfare", "early_help", "tuition", "unexplained_absence", "engagement"]},
    "morecambe": {"approvers": ["leadership"], "assessment": "discussion", "assessor": "leadership", "kept_in": "cpoms",
                  "purposes": ["attendance", "crisis", "illness", "intervention", "school_refusal"]},
    "thomas-more": {"approvers": ["deputy"], "assessment": "first_visit", "assessor": None, "kept_in": "school_file",
                    "purposes": ["unexplained_absence", "attendance", "information"]},
}
TOLD_BY = ["letter", "phone", "text", "email", "in_person"]
OUTSIDERS = [("Children's services", "social worker"), ("Example NHS Trust", "school nurse"),
             ("Early Help", "family support worker"), ("Example Police", "neighbourhood officer")]
CODE_WORDS = ["purple folder", "raffle tickets", "blue minibus", "harvest hamper"]
VIEWS = ["\"The mornings are the hardest\", the mother said.", "The father asks for work to be sent home.",
         "The pupil would like to start with afternoons.", "The family was glad of the visit."]
BARRIERS = ["No bus before nine.", "The pupil cares for a younger brother.", "Worry about one lesson.", "Poor sleep."]
SUPPORT = ["A later start for two weeks.", "A place at the breakfast club.", "Talk with the school nurse."]
CANCEL_REASONS = [("not_needed", "The pupil came back to school today."),
                  ("family_asked", "The parent asked for another day."),
                  ("staff_unavailable", "The second member of the team is ill."),
                  ("other", "Snow: the road isn't passable.")]


def utc(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def minutes(number):
    return datetime.timedelta(minutes=number)


class Visit:
    """One visit in the making."""

    def __init__(self, office, start, length=30, **said):
        self.office, self.start, self.end = office, start, start + minutes(length)
        self.plan = {**office.plan(start, self.end), **said}
        self.lead = self.plan["team"][0]["staff_code"]
        self.steps = []

    def add(self, what, at, by=None, **body):
        self.steps.append([what, {**body, "by": by or self.lead, "at": utc(min(at, self.office.trust.now))}])

    def event(self, kind, at, by=None, **body):
        self.add("events", at, by, kind=kind, **body)

    def prepare(self, careless=False, **decided):
        """Assessment, code word, what the policy asks to be done, and the decision; a careless office does less."""
        office, before = self.office, self.start - minutes(150)
        if office.policy["assessment"] in ("visit", "discussion") and "emergency" not in decided:
            level = office.trust.random.choice(["low", "low", "low", "medium"])
            self.add("risk-assessments", before, office.holder(office.policy["assessor"]), level=level, proceed=True,
                     kind=office.policy["assessment"], hazards=facts.form(office.trust, level))
        if office.code in ("tkat", "potton") and not careless:
            self.steps.append(["code-word", {"word": office.trust.random.choice(CODE_WORDS)}])
        if not careless:
            self.meet(before)
        if not (careless and office.code not in ("tkat", "potton")):
            for role in office.policy["approvers"]:
                self.add("approvals", before + minutes(30), office.holder(role), role=role,
                         decision="approved", **decided)
        if office.code == "thomas-more" and not careless:
            self.meet(before + minutes(40))  # its social workers are told of what is agreed

    def meet(self, at):
        """Everything that the policy asks to be done by then, said to be done."""
        self.add("meet", at)

    def go(self, home=True, **departed):
        """To the door, as the policy asks for it."""
        office = self.office
        self.event("departed", self.start - minutes(10), office.holder("office"), **departed)
        if office.code == "morecambe":
            self.event("check_in", self.start - minutes(5))
        self.event("arrived", self.start)
        if not home:
            return
        self.event("entered", self.start + minutes(1))
        if office.code == "thomas-more":
            self.event("letter_given", self.start + minutes(2))
            self.add("risk-assessments", self.start + minutes(3), kind="first_visit", level="low", proceed=True)
        if office.code == "potton":
            self.event("check_in", self.start + minutes(10), office.holder("office"))

    def come_back(self, left=None):
        left = left or self.end - minutes(5)
        self.event("left", left)
        if self.office.code == "morecambe":
            self.event("check_in", left + minutes(2))
        self.event("returned", left + minutes(12))

    def write_up(self, kept="all", outcome="seen_family"):
        """kept: "all" that there is to confirm, or a list of clauses."""
        r, home = self.office.trust.random, outcome != "nobody_home"
        about = {"family_views": r.choice(VIEWS), "barriers": r.choice(BARRIERS), "support": r.choice(SUPPORT),
                 "spoke_to": "the mother", "pupil_seen": True} if home else {}
        self.add("records", self.end + minutes(90), outcome=outcome, kept=kept, kept_in=self.office.policy["kept_in"],
                 notes="Visited as planned." if home else "Nobody answered. A card was left.",
                 next_visit_on=(self.end + datetime.timedelta(days=14)).date().isoformat(), **about)


class Office:
    """What a school plans visits with."""

    def __init__(self, trust, school):
        self.trust, self.school = trust, school
        self.code, self.policy = school["policy"], POLICIES[school["policy"]]
        self.made = 0

    def holder(self, role):
        return self.trust.holders_of[self.school["urn"]][role][0]

    def time(self, first, last):
        """A time inside the hours of a school day, at least first and at most last days from today."""
        r = self.trust.random
        while True:
            day = self.trust.today + datetime.timedelta(days=r.randint(first, last))
            if day.weekday() < 5:
                at = datetime.time(r.randint(9, 13), r.choice([30, 40, 50]))
                return datetime.datetime.combine(day, at, LONDON)

    def team(self, purpose):
        r = self.trust.random
        able = facts.visitors(self.trust, self.school)[:-1]
        codes = r.sample(able, 1 if self.code not in ("tkat", "potton") and r.random() < 0.3 else 2)
        if purpose == "safeguarding" and self.holder("dsl") not in codes:
            codes.append(self.holder("dsl"))
        team = [{"staff_code": code, "lead": n == 0, "phone": self.trust.mobile()} for n, code in enumerate(codes)]
        if r.random() < 0.2:
            organisation, role = r.choice(OUTSIDERS)
            team.append({"name": " ".join(self.trust.name()), "organisation": organisation, "role": role, "lead": False,
                         "phone": self.trust.mobile()})
        return team

    def pupil(self):
        """At the fifth school, often one whose family has a social worker."""
        pupils = self.trust.pupils_of[self.school["urn"]]
        known = [pupil for pupil in pupils if pupil.get("has_social_worker")]
        return self.trust.random.choice(known if known and self.made % 5 == 0 else pupils)

    def plan(self, start, end):
        r, purpose = self.trust.random, self.policy["purposes"][self.made % len(self.policy["purposes"])]
        pupil, team = self.pupil(), self.team(purpose)
        self.made += 1
        plan = {
            "school_urn": self.school["urn"], "pupils": [pupil["upn"]], "purpose": purpose,
            "planned_start": utc(start), "planned_end": utc(end), "return_by": utc(end + minutes(20)),
            "announced": r.random() < 0.75, "necessity": "Calls and a meeting at school have not helped.",
            "place": {"address": pupil["address"], "postcode": pupil["postcode"]}, "team": team}
        if plan["announced"]:
            plan |= {"parents_told_by": r.choice(TOLD_BY), "parents_agreed": True}
        else:
            plan["unannounced_reason"] = "unexplained_absence"
        if purpose not in ("tuition", "engagement"):
            plan["plan"] = "safeguarding" if purpose == "safeguarding" else "attendance"
        if not datetime.time(9) <= start.astimezone(LONDON).time() < datetime.time(14, 45):
            plan |= {"out_of_hours_reason": "The parents work.", "responsible_contact": "The headteacher, 01632 960001"}
        if facts.vehicle(team[0]["staff_code"]):
            plan["vehicle"] = facts.vehicle(team[0]["staff_code"])
        return plan

    # What becomes of visits

    def recorded(self):
        visit = Visit(self, self.time(-90, -1))
        visit.prepare()
        visit.go()
        visit.come_back()
        visit.write_up()
        return visit

    def returned(self):
        visit = Visit(self, self.time(-3, -1))
        visit.prepare()
        visit.go()
        visit.come_back()
        return visit

    def careless(self):
        """Goes on without what its policy asks for: what it leaves out is a breach."""
        visit = Visit(self, self.time(-90, -1))
        visit.prepare(careless=True)
        visit.go(note="A call from the neighbour: the team left at once.")
        visit.come_back()
        visit.write_up(kept=[])
        return visit

    def requested(self):
        return Visit(self, self.time(1, 30))

    def approved(self):
        visit = Visit(self, self.time(1, 14))
        visit.prepare()
        return visit

    def cancelled(self):
        visit = Visit(self, self.time(-40, 20))
        visit.prepare()
        because, note = self.trust.random.choice(CANCEL_REASONS)
        visit.event("cancelled", visit.start - minutes(60), self.holder("office"), because=because, note=note)
        return visit

    def ordinary(self):
        return [getattr(self, state)() for state, count in PER_SCHOOL.items() for _ in range(count)]


# One of each thing that can happen.

def with_emergency(tkat):
    visit = Visit(tkat, tkat.time(-20, -5), purpose="welfare")
    visit.prepare(emergency=True, reason="The pupil sent a message that frightened her form tutor.")
    visit.go()
    visit.come_back()
    visit.add("concerns", visit.start + minutes(15), pupil=visit.plan["pupils"][0], serious=True,
              text="The pupil was alone at home, and very low.", police_at=utc(visit.start + minutes(16)),
              told_to=tkat.holder("dsl"), told_at=utc(visit.start + minutes(20)))
    visit.write_up()
    return visit


def refused(tkat):
    visit = Visit(tkat, tkat.time(2, 9))
    visit.add("approvals", tkat.trust.now - minutes(60), tkat.holder("headteacher"), decision="refused",
              note="Meet the family at school first.")
    return visit


def declined(tkat):
    visit = Visit(tkat, tkat.time(-12, -2), announced=True, parents_told_by="phone", purpose="transition")
    visit.plan.pop("unannounced_reason", None)
    visit.prepare()
    visit.event("declined", visit.start - minutes(90), tkat.holder("office"), means="phone",
                note="The mother asks for a meeting at school instead.")
    return visit


def broken_off(potton, pupil):
    """Because of the dog that another school of the trust had noted."""
    visit = Visit(potton, potton.time(-15, -4), pupils=[pupil["upn"]],
                  place={"address": pupil["address"], "postcode": pupil["postcode"]})
    visit.prepare()
    visit.go(home=False)
    visit.event("aborted", visit.start + minutes(4), because="dangerous_animal",
                note="The dog was loose in the garden and the family would not shut it away.")
    visit.come_back(visit.start + minutes(5))
    visit.event("done", visit.start + minutes(60), potton.holder("headteacher"), clause="safety-reason", means="email")
    visit.add("incidents", visit.start + minutes(4), nature="animal", text="The dog jumped at the gate.",
              told_to=potton.holder("headteacher"), told_at=utc(visit.start + minutes(50)))
    visit.write_up(outcome="broken_off")
    return visit


def parents_absent(potton):
    visit = Visit(potton, potton.time(-15, -4), announced=True, parents_told_by="text", parents_agreed=True)
    visit.plan.pop("unannounced_reason", None)
    visit.prepare()
    visit.go(home=False)
    visit.event("parents_absent", visit.start + minutes(3))
    visit.event("check_in", visit.start + minutes(10), potton.holder("office"))
    visit.event("cancelled", visit.start + minutes(15), because="parents_absent", note="Nobody came within 15 minutes.")
    visit.come_back(visit.start + minutes(16))
    visit.write_up(outcome="nobody_home")
    return visit


def waived(potton):
    visit = Visit(potton, potton.time(-30, -5))
    visit.prepare()
    visit.steps = [step for step in visit.steps if step[0] != "code-word"]
    visit.add("waivers", visit.start - minutes(100), potton.holder("headteacher"), clause="code-word",
              reason="The visit is to a governor of the school.")
    visit.go()
    visit.come_back()
    visit.write_up()
    return visit


def blocked(potton):
    """Planned with somebody who has neither the check nor the training that the policy asks for."""
    visit = Visit(potton, potton.time(3, 9))
    visit.plan["team"][1:] = [{"staff_code": facts.visitors(potton.trust, potton.school)[-1], "lead": False,
                               "phone": potton.trust.mobile()}]
    return visit


def with_shouting(rookeries):
    visit = rookeries.recorded()
    visit.add("incidents", visit.start + minutes(20), nature="abusive", text="An uncle shouted from the stairs.",
              told_to=rookeries.holder("headteacher"), told_at=utc(visit.end + minutes(60)))
    for member in visit.plan["team"]:
        if "staff_code" in member:
            visit.add("debriefs", visit.end + minutes(120), rookeries.holder("headteacher"), staff=member["staff_code"])
    return visit


def with_concern(office, text):
    visit = office.recorded()
    visit.add("concerns", visit.start + minutes(15), pupil=visit.plan["pupils"][0], serious=False, text=text,
              told_to=office.holder("leadership" if office.code == "morecambe" else "dsl"),
              told_at=utc(visit.end + minutes(20)))
    return visit


def with_referral(thomas_more):
    visit = with_concern(thomas_more, "The pupil has had no lunch since Monday.")
    visit.add("referrals", visit.end + minutes(180), thomas_more.holder("dsl"), pupil=visit.plan["pupils"][0],
              agency="Early Help of Example Council", text="Food and fuel.", reference="EX-2044")
    return visit


# Who is out at the moment for which the visits are made.

def out_in_good_order(potton):
    """The office calls in five minutes."""
    visit = Visit(potton, potton.trust.now - minutes(5))
    visit.prepare()
    visit.go()
    visit.steps = [step for step in visit.steps if step[1].get("kind") != "check_in"]
    return visit


def out_and_late(rookeries):
    """Has not arrived; its policy has no ladder to climb."""
    visit = Visit(rookeries, rookeries.trust.now - minutes(40))
    visit.prepare()
    visit.event("departed", visit.start - minutes(10), rookeries.holder("office"))
    return visit


def drill(thomas_more):
    """Will not be back when agreed, in two minutes: its ladder is climbed, and nobody is in danger."""
    visit = Visit(thomas_more, thomas_more.trust.now - minutes(48), drill=True, purpose="attendance")
    visit.prepare()
    visit.go()
    return visit


def about_to_leave(morecambe):
    visit = Visit(morecambe, morecambe.trust.now + minutes(40))
    visit.prepare()
    return visit


def make(trust, schools, siblings):
    tkat, rookeries, potton, morecambe, thomas_more = offices = [Office(trust, school) for school in schools]
    visits = [out_in_good_order(potton), out_and_late(rookeries), drill(thomas_more), about_to_leave(morecambe)]
    visits += [with_emergency(tkat), refused(tkat), declined(tkat), broken_off(potton, siblings[1]),
               parents_absent(potton), waived(potton), blocked(potton), with_shouting(rookeries),
               with_referral(thomas_more),
               with_concern(tkat, "Bruises on an arm; the explanation did not fit."),
               with_concern(morecambe, "The heating has been off for a week.")]
    for office in offices:
        visits += office.ordinary()
    return [{"key": f"demo-visit-{n}", "visit": visit.plan, "steps": visit.steps}
            for n, visit in enumerate(visits, start=1)]
