"""The measures of the starter set on work, skills and young people: our own words, without any £ values.

Each has a code, theme, outcome (1 or 2 of its theme), title, unit, counting rule and evidence; then what
is not usual: a number that adds up, where higher is better, without groups of people, is not said.
"""

from kpis.library.starter_lists import ALL_GROUPS, LEARNERS

PAYROLL = "A payroll extract showing start dates and home postcode districts, with names removed."

# fmt: off
MEASURES = [
    {
        "code": "SV-01", "theme": "WORK", "outcome": 1, "unit": "fte",
        "title": "Local people newly hired to work on this contract",
        "rule": (
            "Count full-time equivalents, in the month they start, for people whose home is in "
            "the council's area and whose job exists because of this contract. Half-time counts "
            "as 0.5. Count a person once, even if they change role. Don't count people who "
            "transferred in with the contract."
        ),
        "evidence": PAYROLL,
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-02", "theme": "WORK", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "latest",
        "title": "Share of the contract's workforce who live locally",
        "above": "people on the contract who live in the council's area",
        "below": "all people on the contract",
        "rule": (
            "On the last working day of the month, count everybody who spends half their working "
            "time or more on this contract. Above the line: those whose home is in the council's "
            "area."
        ),
        "evidence": "A workforce list by postcode district, with names removed.",
    },
    {
        "code": "SV-03", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "our-children",
        "title": "Our Children who started a job",
        "rule": (
            "Count each person in the month they start paid work of 16 hours a week or more, on "
            "this contract or elsewhere with the supplier because of it. Count a person once for "
            "each supplier."
        ),
        "evidence": (
            "The start date and job title, with the leaving care team's confirmation by count. No"
            " names."
        ),
    },
    {
        "code": "SV-04", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "our-children",
        "title": "Our Children still in work after 26 weeks",
        "rule": (
            "Count each person in the month they complete 26 weeks in a job counted when it "
            "started. A break of up to four weeks doesn't restart the count."
        ),
        "evidence": (
            "The supplier's statement of the dates, with the leaving care team's confirmation by "
            "count."
        ),
    },
    {
        "code": "SV-05", "theme": "WORK", "outcome": 1, "unit": "people",
        "cohort": "long-term-unemployed",
        "title": "Long-term unemployed people hired",
        "rule": (
            "Count each person in the month they start a job of 16 hours a week or more that is "
            "meant to last at least 13 weeks, after being out of work for 12 months or more."
        ),
        "evidence": (
            "The referral, or the person's own statement, kept by the supplier; its date and the "
            "job's start."
        ),
    },
    {
        "code": "SV-06", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "disabled-people",
        "title": "Disabled people hired",
        "rule": (
            "Count each person in the month they start a job of any hours because of this "
            "contract, where they have told the supplier they are disabled."
        ),
        "evidence": (
            "The supplier's statement of numbers and start dates. Nobody is asked to prove a "
            "disability."
        ),
    },
    {
        "code": "SV-07", "theme": "WORK", "outcome": 2, "unit": "percent", "kind": "percentage",
        "roll_up": "latest",
        "title": "Share of staff on the contract paid the real living wage or more",
        "above": "staff paid at least the real living wage",
        "below": "all staff working on the contract",
        "rule": (
            "On the month's last pay date, count everybody aged 18 or over working on the "
            "contract, agency staff and subcontractors' staff included. Above the line: those "
            "paid the rate in force for that date or more."
        ),
        "evidence": (
            "A payroll summary by pay band, or the current accreditation certificate with the "
            "subcontractors it covers."
        ),
    },
    {
        "code": "SV-08", "theme": "WORK", "outcome": 2, "unit": "percent", "kind": "percentage",
        "direction": "lower", "roll_up": "latest",
        "title": "Share of staff on the contract on zero-hours terms",
        "above": "staff without guaranteed hours",
        "below": "all staff working on the contract",
        "rule": (
            "On the month's last pay date. Above the line: those whose contract guarantees no "
            "hours and who did not ask for such terms in writing."
        ),
        "evidence": "A summary of contract types from the supplier's staff records.",
    },
    {
        "code": "SV-09", "theme": "SKILLS", "outcome": 1, "unit": "weeks",
        "title": "Weeks of apprenticeship worked",
        "rule": (
            "For each apprentice on an approved standard, count the weeks of the month in which "
            "they worked or trained for this contract. Where time is split between contracts, "
            "count only this contract's share."
        ),
        "evidence": (
            "A list of apprentices by standard, level and weeks, with names removed, and the "
            "training provider's confirmation once a year."
        ),
        "splits": LEARNERS,
    },
    {
        "code": "SV-10", "theme": "SKILLS", "outcome": 1, "unit": "people",
        "title": "Apprenticeships started",
        "rule": (
            "Count each new apprentice in the month they start because of this contract. An "
            "employee who moves on to an apprenticeship counts; a transfer from another employer "
            "doesn't."
        ),
        "evidence": "The start date and standard from the apprenticeship agreement, with names removed.",
        "splits": LEARNERS,
    },
    {
        "code": "SV-11", "theme": "SKILLS", "outcome": 1, "unit": "people",
        "title": "Apprenticeships completed",
        "rule": (
            "Count each apprentice in the month their certificate is awarded, where half the "
            "apprenticeship or more was served on this contract."
        ),
        "evidence": "The certificate's date and standard, with names removed.",
        "splits": LEARNERS,
    },
    {
        "code": "SV-12", "theme": "SKILLS", "outcome": 1, "unit": "people",
        "title": "People who gained a qualification or licence",
        "rule": (
            "Count each person in the month they are awarded a recognised qualification or a "
            "licence to practise paid for by the supplier. Don't count training the law requires "
            "for the job."
        ),
        "evidence": "The awarding body, title and date of each award, with names removed.",
        "splits": LEARNERS,
    },
    {
        "code": "SV-13", "theme": "SKILLS", "outcome": 2, "unit": "weeks",
        "title": "Weeks of work placement provided",
        "rule": (
            "Count each week in which a person on placement attended three days or more. A "
            "placement for under a week counts as a fraction: one day is 0.2. Placements of more "
            "than four weeks must be paid."
        ),
        "evidence": (
            "The placement log: dates, host team and the school, college or agency that referred."
        ),
        "splits": LEARNERS,
    },
    {
        "code": "SV-14", "theme": "SKILLS", "outcome": 2, "unit": "people", "cohort": "our-children",
        "title": "Our Children who took up a work placement or an apprenticeship",
        "rule": (
            "Count each person in the month their placement or apprenticeship starts. Count a "
            "person once a year, even if they start both."
        ),
        "evidence": "Start dates with the leaving care team's confirmation by count. No names.",
    },
    {
        "code": "SV-15", "theme": "SKILLS", "outcome": 2, "unit": "hours",
        "title": "Staff hours given to schools and colleges",
        "rule": (
            "Count hours spent with pupils and students by staff in working time: talks, mock "
            "interviews, site visits, mentoring. Count each member of staff's time; leave out "
            "travel and preparation."
        ),
        "evidence": (
            "A log of date, school or college, activity and hours, confirmed by the school or "
            "college."
        ),
    },
    {
        "code": "SV-16", "theme": "SKILLS", "outcome": 2, "unit": "hours",
        "title": "Hours of one-to-one mentoring or job coaching",
        "rule": "Count hours of arranged sessions with one person at a time, by staff in working time.",
        "evidence": "A session log of date and length, with names removed.",
        "splits": LEARNERS,
    },
]
