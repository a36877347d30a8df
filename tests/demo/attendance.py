"""The register of the demo: two terms or three, up to yesterday.  Part of generate.py.

Most pupils are there most of the time; about one in six is persistently absent.
On top of that there is one of each, at the first school if not said otherwise:
a pupil below 70 % without leave, one below it through illness, one at 70 %
exactly since the beginning of the school year, one of whom it is open because
reasons are not yet established, and one who is taught at two schools
(Puddlewick and Sandpiper Lane).
"""

import datetime
import random

WEEKS_BACK = 26
FULL = datetime.timedelta(days=7)
COLUMNS = "school_urn,upn,date,session,code,minutes_late,comment"
PRESENT = {"AM": "/", "PM": "\\"}
# Codes of absence, how often, and for how many days on end at most.
ABSENCES = [("I", 50, 5), ("M", 14, 1), ("O", 12, 2), ("G", 7, 5), ("U", 4, 1), ("C", 3, 1), ("E", 2, 3), ("C2", 1, 5),
            ("R", 2, 1), ("V", 3, 1), ("B", 2, 2)]
WITHOUT_LEAVE = [("O", 80, 3), ("G", 12, 5), ("U", 8, 1)]
LATE_NOTES = ["The bus was late.", "Overslept.", "Came by taxi.", "", "", "", "", ""]
FIRST_SCHOOL, MAIN_SCHOOL, OTHER_SCHOOL = 900001, 900002, 900004


def monday_of(day):
    return day - datetime.timedelta(days=day.weekday())


def last_monday(year, month):
    return monday_of(datetime.date(year, month + 1, 1) - datetime.timedelta(days=1))


class Year:
    """A school year as the five schools keep it, from the first of September of the year."""

    def __init__(self, year):
        day = datetime.date
        self.begins, self.ends = day(year, 9, 2), day(year + 1, 7, 22)
        christmas, easter = monday_of(day(year, 12, 22)), monday_of(day(year + 1, 4, 6))
        self.closures = [(last_monday(year, 10), 5), (christmas, 12), (monday_of(day(year + 1, 2, 17)), 5),
                         (easter, 12), (monday_of(day(year + 1, 5, 7)), 1), (last_monday(year + 1, 5), 5)]
        self.terms = [self.begins, christmas + 2 * FULL, easter + 2 * FULL]

    def is_closed(self, day):
        return any(first <= day < first + datetime.timedelta(days=days) for first, days in self.closures)


class Register:
    def __init__(self, trust, seed):
        self.trust = trust
        self.random = random.Random(f"attendance {seed}")
        year = trust.school_year_start()
        self.years = [Year(year - 1), Year(year)]
        back = trust.today - datetime.timedelta(weeks=WEEKS_BACK)
        self.begins = max((term for year in self.years for term in year.terms if term <= back),
                          default=self.years[0].begins)
        self.year_begins = self.years[1].begins
        self.days = [day for day in self.weekdays() if any(y.begins <= day <= y.ends for y in self.years)]
        self.closed = {day for day in self.days if any(year.is_closed(day) for year in self.years)}
        self.rows = []

    def weekdays(self):
        day = self.begins
        while day < self.trust.today:
            if day.weekday() < 5:
                yield day
            day += datetime.timedelta(days=1)

    def days_of(self, pupil):
        left = pupil["left_on"] or "9999-12-31"
        return [day for day in self.days if pupil["admitted_on"] <= day.isoformat() <= left]

    # What a pupil's marks are: {(day, session): code}, the open sessions only

    def present(self, pupil):
        return {(day, session): PRESENT[session] for day in self.days_of(pupil) if day not in self.closed
                for session in ("AM", "PM")}

    def absent(self, marks, rate, absences):
        """So large a share of the sessions away, for some days on end."""
        r, sessions = self.random, list(marks)
        wanted = round(rate * len(sessions))
        while wanted > 0:
            code, _, days = r.choices(absences, [often for _, often, _ in absences])[0]
            first = r.randrange(len(sessions))
            length = min(wanted, 1 if code in ("M", "U") else 2 * r.randint(1, days))
            for session in sessions[first:first + length]:
                if marks[session] in PRESENT.values():
                    marks[session] = code
                    wanted -= 1

    def exactly(self, marks, absences, attended=70):
        """Such a percentage of the sessions of this school year; what ten does not go into is made impossible."""
        for part in (False, True):
            sessions = [session for session in marks if (session[0] >= self.year_begins) == part]
            over = len(sessions) % 10
            for session in sessions[len(sessions) - over:]:
                marks[session] = "Y1"
            sessions = sessions[:len(sessions) - over]
            away = self.random.sample(sessions, len(sessions) * (100 - attended) // 100)
            for n, session in enumerate(away):
                marks[session] = absences[n % len(absences)]

    def ordinary(self, pupil):
        r, marks = self.random, self.present(pupil)
        rate = r.uniform(0.11, 0.35) if r.random() < 0.16 else 0.08 * r.random() ** 1.5
        self.absent(marks, rate, ABSENCES)
        for (day, session), code in marks.items():
            # Reasons come in within days, nearly always; a mark is sometimes forgotten.
            if code == "O" and r.random() < (0.5 if (self.trust.today - day).days < 10 else 0.02):
                marks[day, session] = "N"
            elif code in PRESENT.values() and r.random() < 0.002:
                marks[day, session] = r.choice(["-", ""])
        return marks

    # The rows

    def add(self, pupil, marks, may_be_late=True):
        r = self.random
        is_late = 0.03 if may_be_late and r.random() < 0.3 else 0.004 if may_be_late else 0
        for day in self.days_of(pupil):
            for session in ("AM", "PM"):
                code, minutes, comment = marks.get((day, session), "#"), "", ""
                if code == "/" and r.random() < 2 * is_late:
                    code, minutes, comment = "L", r.randint(2, 29), r.choice(LATE_NOTES)
                if code:
                    self.rows.append((pupil["school_urn"], pupil["upn"], day.isoformat(), session, code, minutes, comment))

    def add_remarkable(self, pupils):
        """One of each; answers their UPNs."""
        without_leave, ill, exact, is_open = [self.present(pupil) for pupil in pupils]
        self.absent(without_leave, 0.38, WITHOUT_LEAVE)
        self.absent(ill, 0.36, [("I", 92, 10), ("M", 8, 1)])
        self.exactly(exact, ["I", "O", "I", "M"])
        self.exactly(is_open, ["N", "I", "O", "I", "O"], attended=67)
        for pupil, marks in zip(pupils, (without_leave, ill, exact, is_open)):
            self.add(pupil, marks, may_be_late=False)
        return {pupil["upn"] for pupil in pupils}

    def add_dual(self, pupil, elsewhere):
        """Thursdays and Fridays at the other school; each marks D for the days at the other."""
        for stay, is_here in ((pupil, lambda day: day.weekday() < 3), (elsewhere, lambda day: day.weekday() >= 3)):
            marks = self.present(stay)
            self.absent(marks, 0.05, ABSENCES)
            for day, session in marks:
                if not is_here(day) and elsewhere["admitted_on"] <= day.isoformat():
                    marks[day, session] = "D"
            self.add(stay, marks)
        return {pupil["upn"]}


def make(trust, seed):
    """Rows of COLUMNS; the stay at the second school is added to the trust's pupils."""
    register = Register(trust, seed)
    settled = {urn: [pupil for pupil in pupils if pupil["admitted_on"] <= register.begins.isoformat()]
               for urn, pupils in trust.pupils_of.items()}
    # The first of a school has siblings; see generate.py.
    told = register.add_remarkable(settled[FIRST_SCHOOL][1:5])
    dual = settled[MAIN_SCHOOL][1]
    elsewhere = {**dual, "school_urn": OTHER_SCHOOL, "admitted_on": register.begins.isoformat()}
    told |= register.add_dual(dual, elsewhere)
    for pupil in trust.pupils:
        if pupil["upn"] not in told:
            register.add(pupil, register.ordinary(pupil))
    trust.pupils.append(elsewhere)
    return register.rows
