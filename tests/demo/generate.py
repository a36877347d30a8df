#!/usr/bin/python3
"""Makes the records of a fictional trust of five schools, one per home-visit policy.

    generate.py [--seed N] [--now 2026-11-16T10:00:00Z] FOLDER

writes schools.csv, staff.csv, pupils.csv, contacts.csv, register.csv,
facts.ndjson and visits.ndjson.  The same seed and now give the same files.  Nobody in them
exists: the local authority 999, postcodes that begin with ZZ, addresses at
example.org, and the telephone numbers that Ofcom keeps for drama.

A line of facts.ndjson is what a policy may want to know beforehand: {"key",
"path", "body"}, to be posted.  A line of visits.ndjson is one visit: {"key",
"visit", "steps"}.  "visit" is the body of POST /api/v1/visits; a step is
["events", {…}] or the like, the body of what is then posted to
/api/v1/visits/{id}/events.  UPNs and staff codes stand in place of ids.
"""

import argparse
import csv
import datetime
import json
import pathlib
import random
import unicodedata

import attendance
import facts
import visits

PUPILS_PER_SCHOOL = 400

SCHOOLS = [
    {"urn": 900001, "laestab": "9994001", "name": "Thistledown Example Academy", "phase": "secondary",
     "policy": "tkat", "years": ["7", "8", "9", "10", "11"]},
    {"urn": 900002, "laestab": "9992002", "name": "Puddlewick Example Primary School", "phase": "primary",
     "policy": "rookeries", "years": ["N1", "N2", "R", "1", "2", "3", "4", "5", "6"]},
    {"urn": 900003, "laestab": "9993003", "name": "Marrowby Example Primary School", "phase": "primary",
     "policy": "potton", "years": ["R", "1", "2", "3", "4", "5", "6"]},
    {"urn": 900004, "laestab": "9997004", "name": "Sandpiper Lane Example School", "phase": "special",
     "policy": "morecambe", "years": ["R", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]},
    {"urn": 900005, "laestab": "9994005", "name": "St Quillon's Example Catholic School", "phase": "secondary",
     "policy": "thomas-more", "years": ["7", "8", "9", "10", "11", "12", "13"]},
]

GIVEN_NAMES = """
    Aaliyah Abigail Adé Aisha Aleksander Amélie Amira Anaïs Aoife Arlo Ayaan Beatriz Björn Bronwyn Caleb Callum Chloë
    Ciarán Daniel D'Andre Dawid Delphine Dylan Edie Elif Élodie Emeka Esmé Eva Ezra Fatima Ffion François Freya
    Gethin Grace Hamza Hana Harper Hugo Ibrahim Iñigo Isla Jayden Joaquín José Jürgen Kai Khadija Kofi Lara Leo
    Łukasz Luca Maddison Máire Malachy Mateusz Maya Mia Mohammed Nadia Ngozi Niamh Noah Nuria Oisín Oliver Omar
    Orla Owen Penelope Priya Rafael Renée Reuben Rhys Róisín Ruby Sadie Saoirse Seán Siân Sofía Sorcha Stanisław
    Tamsin T'Shan Theo Tomáš Uma Valentina Wei Wiktoria Xanthe Yusuf Zachary Zainab Zoë
""".split()

FAMILY_NAMES = """
    Applebramble Ashquill Barleymoor Béchamel-Wood Bramblewick Brockleburst Candlefen Cobblepot-Hale Cranefeather
    Crumblehulme D'Amberley D'Thistle Dandelyon Duskwater Ellerbeck-Moss Fábregas-Lune Fennimore-Quill Fiddlewood
    Foxcombe Gastronovich Gooseberrow Grześkowiak-Ash Hartlepip Hazelgrave Heatherlow Inglethorn Inkpenny Jellicoe-Dun
    Kestrelby Kittiwake L'Estrange-Moor Larkspurr Lindenholme Łąkowski MacAwdle Marchpane Marigould McThistle
    Meadowsweet Mockingford Mosswhistle Müllerhazel Nettlefold-Rye Nightjar Núñez-Heron O'Bramble O'Driftwood O'Larkin-Sedge
    Oakapple Otterspool Ødegaard-Fen Paddlestone Pennyfeather Périgord-Lane Pipistrelle Plumtree Puddifoot-Vane Quillfeather
    Quincebury Ravenswold Rookwhistle Rosehip Rushbottom Sallowfield Sandmartin Søndergaard-Elm Snowberrow Sparrowhythe
    Starflower Sweetbriar Tanglewold Teaselby Thimblerigg Thornapple Tumbledown Twelvetrees Umberleigh Valerian-Moss
    Vetchling Wagtailer Waxwing Whimbrel Whortleberry Willowherb Winterbourne-Fay Wrenfield Yaffle Yarrowby Żurawski
""".split()

STREETS = """Acorn Bulrush Catkin Dabchick Elderflower Fernlea Goldcrest Harebell Imaginary Juniper Kingcup Ladybird
    Make-Believe Nowhere Orchard Pretend Quince Redstart St_Nobody's Teasel Unreal Vervain Wheatear Yarrow""".split()
STREET_KINDS = ["Street", "Road", "Lane", "Close", "Avenue", "Court"]

LANGUAGES = ["English"] * 12 + ["Polish", "Romanian", "Urdu", "Arabic", "Portuguese", "Welsh", "British Sign Language"]
GUARDIANS = [("mother", True)] * 6 + [("father", True)] * 5 + [
    ("grandmother", False), ("aunt", False), ("step-father", False), ("foster carer", False),
    ("special guardian", True), ("social worker", False)]

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"  # A = 0; I, O and S are left out


def upn(body):
    """The twelve characters with the check letter that they ask for."""
    total = 0
    for weight, character in enumerate(body, start=2):
        value = int(character) if character.isdigit() else UPN_LETTERS.index(character)
        total += weight * value
    return UPN_LETTERS[total % 23] + body


def plain(text):
    """For e-mail addresses: ASCII letters only."""
    text = text.translate(str.maketrans("łŁøØ", "lLoO"))
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isascii() and c.isalpha()).lower()


class Trust:
    def __init__(self, seed, now):
        self.random = random.Random(seed)
        self.now = now
        self.today = now.date()
        self.staff, self.pupils, self.contacts = [], [], []
        self.holders_of, self.pupils_of = {}, {}

    # People

    def name(self):
        return self.random.choice(GIVEN_NAMES), self.random.choice(FAMILY_NAMES)

    def mobile(self):
        return f"07700 900{self.random.randrange(1000):03}"

    def landline(self):
        return f"01632 960{self.random.randrange(1000):03}"

    def address(self):
        street = self.random.choice(STREETS).replace("_", " ")
        flat = f"Flat {self.random.randrange(1, 20)}, " if self.random.random() < 0.15 else ""
        address = f"{flat}{self.random.randrange(1, 200)} {street} {self.random.choice(STREET_KINDS)}, Exampleton"
        letters = self.random.sample("ABDEFGHJLNPQRSTUWXYZ", 2)
        return address, f"ZZ{self.random.randrange(1, 100)} {self.random.randrange(1, 10)}{''.join(letters)}"

    # Staff

    def add_staff(self, code, school, roles, name=None):
        given, family = name or self.name()
        self.staff.append({
            "staff_code": code, "school_urn": school["urn"], "given_name": given, "family_name": family,
            "email": f"{plain(given)}.{plain(family)}.{code.lower()}@example.org",
            "phone": self.mobile(), "roles": ";".join(roles)})

    def make_staff(self):
        trust_officer = self.name()
        trust_phone = self.mobile()
        for school in SCHOOLS:
            roles = [["headteacher", "leadership"], ["deputy", "leadership"], ["dsl", "leadership"],
                     ["deputy_dsl", "visitor"], ["leadership"], ["attendance_officer", "visitor"], ["attendance_officer"],
                     ["office"], ["office"], ["office", "visitor"], ["governor"], ["governor"]]
            roles += [["visitor"]] * 6
            codes = [f"{school['policy'][0].upper()}{school['urn'] % 10}{n:03}" for n in range(1, len(roles) + 1)]
            holders = self.holders_of[school["urn"]] = {}
            for code, its_roles in zip(codes, roles):
                self.add_staff(code, school, its_roles)
                for role in its_roles:
                    holders.setdefault(role, []).append(code)
            self.add_staff("TRUST01", school, ["compliance_officer"], trust_officer)
            self.staff[-1]["phone"] = trust_phone

    # Pupils and their contacts

    def school_year_start(self):
        first_of_september = datetime.date(self.today.year, 9, 1)
        return self.today.year if self.today >= first_of_september else self.today.year - 1

    def make_pupils(self):
        for school in SCHOOLS:
            serials = {}
            self.pupils_of[school["urn"]] = []
            households = []
            for n in range(PUPILS_PER_SCHOOL):
                year_group = school["years"][n % len(school["years"])]
                self.add_pupil(school, year_group, serials, households)

    def add_pupil(self, school, year_group, serials, households):
        r = self.random
        age_at_start = {"N1": 2, "N2": 3, "R": 4}.get(year_group) or 4 + int(year_group)
        year = self.school_year_start()
        born = datetime.date(year - age_at_start - 1, 9, 1) + datetime.timedelta(days=r.randrange(365))
        place_in_school = school["years"].index(year_group)
        admitted = datetime.date(year - r.randint(0, place_in_school), 9, r.randint(1, 6))
        left = None
        if r.random() < 0.03:
            left = self.today - datetime.timedelta(days=r.randrange(1, 60))
            admitted = min(admitted, left - datetime.timedelta(days=r.randrange(30, 300)))
        elif admitted > self.today:
            admitted = self.today
        # Most first got their number in reception; a number is temporary until the old one is found.
        allocated = year - max(age_at_start - 4, 0)
        serials[allocated] = serials.get(allocated, 0) + 1
        serial = f"{serials[allocated]:03}"
        if r.random() < 0.02:
            serial = serial[:2] + UPN_LETTERS[int(serial[2])]
        number = upn(f"{school['laestab']}{allocated % 100:02}{serial}")
        given, family = self.name()
        if households and r.random() < 0.12:
            family, address, postcode = r.choice(households)
        else:
            address, postcode = self.address()
            households.append((family, address, postcode))
        pupil = {"upn": number, "school_urn": school["urn"], "given_name": given, "family_name": family,
                 "date_of_birth": born.isoformat(), "year_group": year_group, "admitted_on": admitted.isoformat(),
                 "left_on": left.isoformat() if left else "", "address": address, "postcode": postcode}
        self.pupils.append(pupil)
        if not left:
            self.pupils_of[school["urn"]].append(pupil)
        for _ in range(r.choice([1, 2, 2])):
            self.add_contact(pupil)

    def add_contact(self, pupil):
        r = self.random
        taken = {c["relationship"] for c in self.contacts[-2:] if c["upn"] == pupil["upn"]}
        relationship, responsible = r.choice([g for g in GUARDIANS if g[0] not in taken])
        given, family = self.name()
        if relationship in ("mother", "father", "grandmother") and r.random() < 0.8:
            family = pupil["family_name"]
        self.contacts.append({
            "upn": pupil["upn"], "given_name": given, "family_name": family, "relationship": relationship,
            "parental_responsibility": "true" if responsible else "false",
            "phone": self.mobile() if r.random() < 0.8 else self.landline(),
            "email": f"{plain(given)}.{plain(family)}@example.org" if r.random() < 0.7 else "",
            "language": r.choice(LANGUAGES)})

    def make_siblings(self, first_school, second_school):
        """A pupil of the one school moves in with one of the other, who has one at home."""
        first, second = self.pupils_of[first_school][0], self.pupils_of[second_school][0]
        for what in ("family_name", "address", "postcode"):
            second[what] = first[what]
        return first, second


def write_csv(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split(","), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", help="the moment around which the visits lie (default: the present)")
    parser.add_argument("folder", type=pathlib.Path)
    given = parser.parse_args()
    now = datetime.datetime.now(datetime.timezone.utc)
    if given.now:
        now = datetime.datetime.fromisoformat(given.now.replace("Z", "+00:00")).astimezone(datetime.timezone.utc)
    trust = Trust(given.seed, now.replace(second=0, microsecond=0))
    trust.make_staff()
    trust.make_pupils()
    siblings = trust.make_siblings(900001, 900003)
    marks = attendance.make(trust, given.seed)
    folder = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "schools.csv", "urn,laestab,name,phase,policy", SCHOOLS)
    write_csv(folder / "staff.csv", "staff_code,school_urn,given_name,family_name,email,phone,roles", trust.staff)
    write_csv(folder / "pupils.csv", "upn,school_urn,given_name,family_name,date_of_birth,year_group,admitted_on,"
                                     "left_on,address,postcode", trust.pupils)
    write_csv(folder / "contacts.csv", "upn,given_name,family_name,relationship,parental_responsibility,phone,email,"
                                       "language", trust.contacts)
    with open(folder / "register.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([attendance.COLUMNS.split(","), *marks])
    write_lines(folder / "facts.ndjson", facts.make(trust, SCHOOLS, siblings))
    write_lines(folder / "visits.ndjson", visits.make(trust, SCHOOLS, siblings))


if __name__ == "__main__":
    main()
