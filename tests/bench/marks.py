"""The marks of a trust, as CSV; the same ones at every run.

The pupils are those of fill.sql.  A year has 190 days in 38 weeks, with the
holidays between them.
"""

import datetime
import random

HEADER = "school_urn,upn,date,session,code,minutes_late,comment\r\n"
SCHOOLS = 45
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # A = 0; I, O and S are left out
TODAY = datetime.date.today()
YEAR = TODAY.year - (1 if TODAY >= datetime.date(TODAY.year, 9, 1) else 2)  # the latest that is over
WEEKS = 38
HOLIDAY_AFTER = {7: 1, 15: 2, 20: 1, 26: 2, 31: 1}  # weeks of school: weeks without

# Absences: code, and how often of a hundred.
ABSENCES = [("I", 50), ("M", 12), ("O", 12), ("G", 8), ("C", 3), ("C1", 1), ("C2", 1), ("E", 2), ("X", 2), ("Y4", 1),
            ("Y6", 1), ("N", 7)]
RENEWED = datetime.date(2024, 8, 19)
BEFORE = {"C1": "C", "C2": "C", "Y4": "Y", "Y6": "Y"}  # codes that came then
LATE = range(1, 31)
LATE_SHARE = 0.01
COMMENT_SHARE = 0.1  # of those who are late


class Kind:
    """What a mark can be: 0 present, then the absences, then late by so many minutes, then late with a comment."""

    absences = [n for n, (_, share) in enumerate(ABSENCES, start=1) for _ in range(share)]
    late = len(ABSENCES) + 1
    told = late + len(LATE)

    @staticmethod
    def cells(day, session):
        yield f"{session},{'/' if session == 'AM' else chr(92)},,"
        for code, _ in ABSENCES:
            yield f"{session},{code if day >= RENEWED else BEFORE.get(code, code)},,"
        for minutes in LATE:
            yield f"{session},L,{minutes},"
        for minutes in LATE:
            yield f'{session},L,{minutes},"Bus late, told by phone."'


def upn(number):
    body = f"900{number // 1000:04}20{number % 1000:03}"
    return UPN_LETTERS[sum(weight * int(digit) for weight, digit in enumerate(body, start=2)) % 23] + body


def school_of(number):
    return 100001 + number % SCHOOLS


def pupils(count):
    """Numbers of pupils, school by school."""
    return sorted(range(1, count + 1), key=lambda number: (number % SCHOOLS, number))


def first_monday(year):
    first = datetime.date(year, 9, 1)
    return first + datetime.timedelta(days=-first.weekday() % 7)


def weeks(year):
    monday = first_monday(year)
    for n in range(1, WEEKS + 1):
        yield monday
        monday += datetime.timedelta(weeks=1 + HOLIDAY_AFTER.get(n, 0))


def days(year):
    return [monday + datetime.timedelta(days=n) for monday in weeks(year) for n in range(5)]


def cells_of(sessions):
    """For each session the ends of the lines, by kind of mark."""
    return [[f",{day},{cell}\r\n" for cell in Kind.cells(day, session)] for day, session in sessions]


def marks_of(chance, rate, count):
    """The kinds of the marks of one pupil, who is absent at this rate, mostly for some days at a time."""
    kinds = [0] * count
    for _ in range(int(rate * count / 4 + chance.random())):
        at, kind = chance.randrange(count), chance.choice(Kind.absences)
        for n in range(at, min(at + chance.randint(1, 7), count)):
            kinds[n] = kind
    for _ in range(int(LATE_SHARE * count + chance.random())):
        at = chance.randrange(0, count, 2)
        kinds[at] = (Kind.told if chance.random() < COMMENT_SHARE else Kind.late) + chance.randrange(len(LATE))
    return kinds


def write(path, count, days, seed, by_day=False):
    """The marks of so many pupils on these days: pupil by pupil, or day by day.  Answers how many they are."""
    chance = random.Random(seed)
    sessions = [(day, session) for day in days for session in ("AM", "PM")]
    cells = cells_of(sessions)
    rows = []
    with open(path, "w", newline="") as file:
        file.write(HEADER)
        for number in pupils(count):
            who = f"{school_of(number)},{upn(number)}"
            kinds = marks_of(chance, 0.02 + 0.3 * chance.random() ** 4, len(sessions))
            if by_day:
                rows.append((who, bytes(kinds)))
            else:
                file.write(who + who.join([cell[kind] for cell, kind in zip(cells, kinds)]))
        for n in range(0, len(sessions) if by_day else 0, 2):
            am, pm = cells[n], cells[n + 1]
            file.write("".join([f"{who}{am[kinds[n]]}{who}{pm[kinds[n + 1]]}" for who, kinds in rows]))
    return count * len(sessions)
