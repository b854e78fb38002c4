"""More measures of the starter set on work and fair pay: our own words, without any £ values.

Each has a code, theme, outcome (1 or 2 of its theme), title, unit, counting rule and evidence; then what
is not usual: a number that adds up, where higher is better, without groups of people, is not said.
"""

from kpis.library.starter_lists import ALL_GROUPS, SENSITIVE_WORKFORCE

STARTERS = "A list of starters by month, hours and postcode district, with names removed."
OWN_WORD = "The supplier's count of starts by month, from what people said of themselves freely."
REFERRED = "The referral's date and source, kept by the supplier, and the start date. No names."

# fmt: off
MEASURES = [
    {
        "code": "SV-38", "theme": "WORK", "outcome": 1, "unit": "fte",
        "title": "Local people kept in their jobs on this contract for a year",
        "rule": (
            "Count full-time equivalents in the month a local person completes a year, two years and "
            "so on in a job on this contract. People who transferred in with the contract count from "
            "their first year here. Half-time counts as 0.5."
        ),
        "evidence": "A payroll extract of service dates and postcode districts, with names removed.",
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-39", "theme": "WORK", "outcome": 1, "unit": "fte",
        "title": "Local people newly hired by subcontractors and suppliers for this contract",
        "rule": (
            "Count as for the supplier's own new local jobs, for firms that work on this contract one "
            "tier or more below. Don't count a job here and under the supplier's own."
        ),
        "evidence": "Each firm's list of starters by month and postcode district, with names removed.",
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-40", "theme": "WORK", "outcome": 1, "unit": "fte", "can_be_negative": True,
        "title": "Jobs gained on this contract, less jobs lost",
        "rule": (
            "Full-time equivalents in post on the last working day of the month, less those in post a "
            "month earlier, agency staff left out. Where more jobs went than came, the figure is below 0."
        ),
        "evidence": "The two headcounts from the payroll, with names removed.",
    },
    {
        "code": "SV-41", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "neet-16-24",
        "title": "Young people hired who were in no work, education or training",
        "rule": (
            "Count each person aged 16 to 24 in the month they start a job of 16 hours a week or more "
            "because of this contract, after at least four weeks in no job, course or training."
        ),
        "evidence": REFERRED,
    },
    {
        "code": "SV-42", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "veterans",
        "title": "Armed forces veterans hired",
        "rule": (
            "Count each person in the month they start a job of any hours because of this contract, "
            "where they have told the supplier that they served."
        ),
        "evidence": OWN_WORD,
    },
    {
        "code": "SV-43", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "ex-offenders",
        "title": "People with convictions hired",
        "rule": (
            "Count each person in the month they start a job of 16 hours a week or more because of this "
            "contract, coming through probation, a prison or a charity that works with them."
        ),
        "evidence": REFERRED,
    },
    {
        "code": "SV-44", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "homeless",
        "title": "People hired who have been homeless",
        "rule": (
            "Count each person in the month they start a job of any hours because of this contract, "
            "coming through the housing service or a homelessness charity."
        ),
        "evidence": REFERRED,
    },
    {
        "code": "SV-45", "theme": "WORK", "outcome": 1, "unit": "people", "cohort": "over-50s",
        "title": "People over 50 hired who were out of work",
        "rule": (
            "Count each person aged 50 or over in the month they start a job of any hours because of "
            "this contract, after 13 weeks or more without one."
        ),
        "evidence": OWN_WORD,
    },
    {
        "code": "SV-46", "theme": "WORK", "outcome": 1, "unit": "people",
        "title": "People who faced barriers to work and are still in their job after 26 weeks",
        "rule": (
            "Count each person in the month they complete 26 weeks in a job that was counted under a "
            "measure for one of the groups when it started. Don't count Our Children here where their "
            "own measure is in the contract."
        ),
        "evidence": "The supplier's statement of start and 26-week dates by group, with names removed.",
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-47", "theme": "WORK", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "latest", "cohort": "disabled-people",
        "title": "Share of the contract's workforce who are disabled",
        "above": "people on the contract who say they are disabled",
        "below": "people on the contract who answered",
        "rule": (
            "On the last working day of the month, from answers people gave freely. Those who did not "
            "answer, or would rather not say, are left out both above and below the line."
        ),
        "evidence": SENSITIVE_WORKFORCE,
    },
    {
        "code": "SV-48", "theme": "WORK", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "latest", "cohort": "minority-ethnic",
        "title": "Share of the contract's workforce from minority ethnic groups",
        "above": "people on the contract from minority ethnic groups",
        "below": "people on the contract who answered",
        "rule": (
            "On the last working day of the month, from answers people gave freely. Those who did not "
            "answer, or would rather not say, are left out both above and below the line."
        ),
        "evidence": SENSITIVE_WORKFORCE,
    },
    {
        "code": "SV-49", "theme": "WORK", "outcome": 1, "unit": "people", "record_only": True,
        "title": "People interviewed because an interview was guaranteed",
        "rule": (
            "Count each person in the month of the interview, where they met the essential requirements "
            "and belong to a group the contract promises interviews to."
        ),
        "evidence": "A list of interviews by date, vacancy and group, with names removed.",
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-50", "theme": "WORK", "outcome": 2, "unit": "people",
        "title": "People on the contract who moved up to a better paid or more senior job",
        "rule": (
            "Count each person in the month the move takes effect, where pay rises by more than the "
            "yearly award or the grade is higher, and the new job is to last six months or longer."
        ),
        "evidence": "The number of moves by month with old and new grade, with names removed.",
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-51", "theme": "WORK", "outcome": 2, "unit": "yes-no", "kind": "yes_no",
        "roll_up": "latest",
        "title": "The supplier has signed the Armed Forces Covenant and acts on it",
        "rule": (
            "Answer yes where the supplier's own pledge is signed and current, and it can name what it "
            "did under it within the last 12 months."
        ),
        "evidence": "The signed pledge and one page on what was done in the year.",
    },
    {
        "code": "SV-52", "theme": "WORK", "outcome": 1, "unit": "pounds-invested", "kind": "money",
        "title": "Money and staff time put into job fairs and hiring events",
        "rule": (
            "Count pounds spent on the event, plus staff hours there at what they cost the supplier, in "
            "the month it takes place. The event must be in the council's area and open to residents."
        ),
        "evidence": "Invoices, and a sheet of staff hours with the hourly cost used.",
    },
    {
        "code": "SV-53", "theme": "WORK", "outcome": 2, "unit": "attendee-hours",
        "title": "Hours of training and checking against modern slavery",
        "rule": (
            "Count hours multiplied by the people who attended, for training on this contract's risks, "
            "site checks and interviews with workers below the first tier."
        ),
        "evidence": "A log of date, subject, length and head count.",
    },
]
