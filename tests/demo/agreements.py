"""What comes of absence in the demo: agreements with families of pupils who are hardly there, a letter, a referral."""

import datetime

PATH = "/api/v1"
FAMILIES = 4  # of each school whose policy has a rule for it


def agreement(school, pupil, officer, today):
    made_on = today - datetime.timedelta(days=35)
    return {
        "school_urn": school, "pupil": pupil, "made_on": str(made_on), "by": officer, "made_with": "the mother",
        "kept_in": "attendance_file", "place": "at home", "barriers": "The mornings are hard since the family moved.",
        "support": "Breakfast club, and a taxi in the first week", "review_on": str(made_on + datetime.timedelta(days=84)),
        "promises": [
            {"side": "family", "kind": "no_marks", "codes": ["O", "U"], "days": 15},
            {"side": "family", "kind": "in_on_time", "days": 9, "of_days": 10},
            {"side": "family", "kind": "attendance", "percent": 92,
             "until_on": str(made_on + datetime.timedelta(days=28))},
            {"side": "school", "kind": "text", "words": "We arrange a taxi for the first week.", "owner": officer,
             "due_on": str(made_on + datetime.timedelta(days=3))},
        ],
    }


def families(api, today):
    """Of each school some who meet its rule: rows of the report."""
    chosen = {}
    for row in api.list(f"{PATH}/reports/legal-referral?as_of={today}&limit=1000"):
        chosen.setdefault(row["school_urn"], []).append(row)
    return [row for rows in chosen.values() for row in rows[:FAMILIES]]


def load(api, directory, say):
    today = datetime.date.today() - datetime.timedelta(days=1)
    rows = families(api, today)
    for n, row in enumerate(rows):
        school, pupil = row["school_urn"], row["pupil_id"]
        officer = directory.holders.get((school, "attendance_officer")) or directory.holders[school, "headteacher"]
        key = f"agreement-{pupil}"
        made = api.post(f"{PATH}/agreements", agreement(school, pupil, officer, today), key)
        path = f"{PATH}/agreements/{made['id']}"
        api.post(f"{path}/outcomes", {"promise": 4, "state": "kept", "by": officer}, f"{key}-taxi")
        api.post(f"{path}/tests", {}, f"{key}-test")
        drafts = list(api.list(f"{PATH}/letters?pupil={pupil}&state=draft"))
        if n % FAMILIES == 0 and drafts:
            sent = {"by": officer, "sent_by": "post"}
            api.post(f"{PATH}/letters/{drafts[0]['id']}/sent", sent, f"{key}-letter")
        if n % FAMILIES == 1:
            reason = "Neither visits nor the agreement have helped."
            body = {"school_urn": school, "pupil": pupil, "by": officer, "reason": reason, "as_of": str(today)}
            api.post(f"{PATH}/referrals", body, f"{key}-referral")
    say(f"agreements {len(rows)}/{len(rows)}")
