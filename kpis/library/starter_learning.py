"""More measures of the starter set on skills, young people, health and neighbourhoods: our own words.

Each has a code, theme, outcome (1 or 2 of its theme), title, unit, counting rule and evidence; then what
is not usual: a number that adds up, where higher is better, without groups of people, is not said.
"""

from kpis.library.starter_lists import ALL_GROUPS, LEARNERS

SESSIONS = "A log of sessions: date, place, subject, length and head count, with names removed."

# fmt: off
MEASURES = [
    {
        "code": "SV-54", "theme": "SKILLS", "outcome": 1, "unit": "weeks",
        "title": "Weeks of training towards a qualification, other than apprenticeships",
        "rule": (
            "For each person on a course that ends in a recognised qualification, count the weeks of the "
            "month in which they attended. Half a day a week or less counts as 0.2."
        ),
        "evidence": "The provider's statement of course, level and weeks, with names removed.",
        "splits": LEARNERS,
    },
    {
        "code": "SV-55", "theme": "SKILLS", "outcome": 1, "unit": "attendee-hours",
        "title": "Hours of workshops and short courses attended",
        "rule": (
            "Count the length of each workshop, seminar or short course multiplied by those who attended "
            "to the end. Leave out what the law requires for the job, and inductions."
        ),
        "evidence": SESSIONS,
        "splits": LEARNERS,
    },
    {
        "code": "SV-56", "theme": "SKILLS", "outcome": 1, "unit": "attendee-hours",
        "title": "Hours of help into work for unemployed people aged 25 or over",
        "rule": (
            "Count the length of each session multiplied by those who attended: mentoring, mock "
            "interviews, help with applications, careers advice. The staff must be in working time."
        ),
        "evidence": SESSIONS,
        "splits": ["long-term-unemployed", "over-50s", "disabled-people", "minority-ethnic", "veterans"],
    },
    {
        "code": "SV-57", "theme": "SKILLS", "outcome": 2, "unit": "attendee-hours",
        "title": "Hours of careers help for people under 25",
        "rule": (
            "Count the length of each session multiplied by the young people who attended, outside what "
            "is counted as staff hours given to schools and colleges."
        ),
        "evidence": SESSIONS,
        "splits": LEARNERS,
    },
    {
        "code": "SV-58", "theme": "SKILLS", "outcome": 2, "unit": "weeks",
        "title": "Weeks of paid placement or internship of six weeks or longer",
        "rule": (
            "Count each week of the month worked by a person on a placement of six weeks or longer, paid "
            "the real living wage or more. Don't count these weeks as work placement too."
        ),
        "evidence": "The placement agreement's dates and a pay summary, with names removed.",
        "splits": LEARNERS,
    },
    {
        "code": "SV-59", "theme": "SKILLS", "outcome": 1, "unit": "percent", "kind": "percentage",
        "roll_up": "latest",
        "title": "Share of the contract's workforce in an apprenticeship",
        "above": "apprentices working on the contract",
        "below": "all people on the contract",
        "rule": (
            "On the last working day of the month, count everybody who spends half their working time or "
            "more on this contract. Above the line: those on an approved apprenticeship standard."
        ),
        "evidence": "A workforce list by role and standard, with names removed.",
    },
    {
        "code": "SV-60", "theme": "COMMUNITY", "outcome": 2, "unit": "wellbys", "can_be_negative": True,
        "title": "Wellbeing years gained (WELLBYs)",
        "rule": (
            "Ask people before and after how satisfied they are with their life nowadays, from 0 to 10. "
            "The average change in points, multiplied by the people reached and the years it is expected "
            "to last, is the figure. Count it once, in the month of the second survey, and take off the "
            "change seen among people who were not reached, where that is known. A fall is below 0."
        ),
        "evidence": (
            "The survey's question, dates, numbers asked and answered and average scores, with names "
            "removed, and why the change is thought to last as long as said."
        ),
    },
    {
        "code": "SV-67", "theme": "COMMUNITY", "outcome": 2, "unit": "attendee-hours",
        "title": "Hours of activities that keep people away from crime",
        "rule": (
            "Count the length of each session multiplied by those who attended, for activities agreed "
            "with the community safety team: youth sessions, mentoring, work with people leaving prison."
        ),
        "evidence": SESSIONS,
        "splits": ["our-children", "neet-16-24", "ex-offenders"],
    },
    {
        "code": "SV-68", "theme": "COMMUNITY", "outcome": 2, "unit": "percent", "kind": "percentage",
        "roll_up": "latest",
        "title": "Share of staff on the contract with support for health and wellbeing at work",
        "above": "staff who can use a confidential support service and have had a wellbeing talk this year",
        "below": "all staff working on the contract",
        "rule": (
            "On the last working day of the month, subcontractors' staff included. Above the line: those "
            "to whom both are open, whether or not they used them."
        ),
        "evidence": "The service agreement, the staff it covers, and a count of wellbeing talks held.",
    },
    {
        "code": "SV-69", "theme": "COMMUNITY", "outcome": 2, "unit": "attendee-hours",
        "title": "Hours of company and activity for people who are often alone",
        "rule": (
            "Count the length of each visit, call or group activity multiplied by the residents it was "
            "for. The residents come through a charity, a surgery or the council."
        ),
        "evidence": SESSIONS,
    },
    {
        "code": "SV-70", "theme": "COMMUNITY", "outcome": 1, "unit": "people",
        "title": "Residents helped to use the internet for everyday tasks",
        "rule": (
            "Count each person in the month they can do at least three everyday tasks by themselves that "
            "they could not before, by the trainer's word. Count a person once."
        ),
        "evidence": "The trainer's list of dates and tasks learnt, with names removed.",
        "splits": ALL_GROUPS,
    },
    {
        "code": "SV-71", "theme": "COMMUNITY", "outcome": 1, "unit": "words", "kind": "text",
        "roll_up": "latest",
        "title": "What residents asked for, and what was done about it",
        "rule": (
            "In a few sentences: what people who live near the work or use the service asked for in the "
            "month, what was changed because of it, and what was not and why."
        ),
        "evidence": "Notes of meetings or a log of requests, without anybody's name or address.",
    },
]
