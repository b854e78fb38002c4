"""What worked at the demo council: good practice notes across directorates, and two guidance pages."""

from __future__ import annotations

import datetime as dt

from accounts.calendar import add_working_days
from accounts.models import HistoryRow
from contracts.models import Contract
from kpis.demo.cast import Cast, at
from kpis.library import starter
from kpis.library.models import Measure
from kpis.practice.models import GoodPracticeNote, GuidancePage

# (title, text, measure, contract, days ago). Written by the contract's manager, else by the lead.
NOTES: tuple[tuple[str, str, str | None, str | None, int], ...] = (
    (
        "Name the college in the contract",
        "Finding a college took half a year on our first scheme. On this one the specification named two, with a "
        "person at each. Placements began in the second month.",
        "SV-13", "Highways resurfacing", 74,
    ),
    (
        "One starters' list for all measures about jobs",
        "The supplier keeps one list by start date, postcode district and group, without names. Every jobs figure "
        "comes out of it, so no one is counted twice and the monthly return takes ten minutes.",
        "SV-01", "Town Hall restoration", 131,
    ),
    (
        "Ask schools what they want before promising hours",
        "Two schools had no use for talks but wanted help with a garden wall. Hours given there were welcomed and "
        "still counted. We now ask each spring.",
        "SV-15", "New secondary school", 58,
    ),
    (
        "Weigh at the gate",
        "Carriers' yearly estimates were a third too high. Since the weighbridge tickets come with the return, the "
        "landfill figure is right and the supplier has something to show for its sorting.",
        "SV-34", "Recycling processing", 40,
    ),
    (
        "Meet the leaving care team first",
        "The supplier's team met the young people's advisers before the first vacancy was written. Three of the four "
        "who started are still there.",
        "SV-03", "Home care, north", 95,
    ),
    (
        "Volunteers need a list, not a day",
        "A day a year for everybody brought painters to rooms that needed no paint. A list of small jobs kept by the "
        "centre, taken up when it suits both, gave more hours and better ones.",
        "SV-25", "Community centre management", 22,
    ),
    (
        "Small suppliers can give advice cheaply",
        "Our hosting supplier has nobody here, so placements were out of reach. Four hours a month of advice by video "
        "call to charities worked from the first week.",
        "SV-22", "Data centre and cloud hosting", 112,
    ),
    (
        "A short survey twice a year is enough",
        "Asking after each session tired people out and few answered. Before and after a course, one question, gave "
        "answers from nine in ten.",
        "SV-60", "Mental wellbeing helpline", 17,
    ),
    (
        "Pay dates make the pay figure easy",
        "Take the last pay date of the month, not an average. Agency staff are the ones that are forgotten: ask for "
        "their pay band in the same file.",
        "SV-07", None, 160,
    ),
    (
        "Agree the baseline in the first month",
        "Carbon cut means nothing until both sides agree from where. We wrote the baseline into the first return's "
        "comment and attached the workbook.",
        "SV-72", "Street lighting replacement", 33,
    ),
)  # fmt: skip
WITHDRAWN = (
    "Count visitors by the door counter",
    "The door counter saves the head count.",
    "SV-27", "Leisure centres operation", 205,
)  # fmt: skip

GOOD_KPI = """A good KPI says what somebody will count, by when, and how we will know.

## Before you write it

- Ask what the place needs and what this supplier can really change.
- Take a measure from the [library](/library/). Its counting rule and evidence are agreed already.
- Choose few. Five that are talked about each month do more than fifteen that are filed.

## Writing it

1. Set a target the supplier would miss if it did nothing.
2. Say when it ends. A job for a year is not a job for a week.
3. Spread it over the months as the work is spread: no apprentices start in August.
4. Check that no other KPI of the contract counts the same thing.

## Signs of a weak one

- It promises an effort: "we will try", "where possible".
- It asks for a share and doesn't say of what.
- It could be met on the first day and forgotten.
- Only the supplier could say whether it was met.
"""
EVIDENCE = """Evidence lets somebody who was not there see that the figure is right. It need not be long.

## What is enough

- **Jobs and apprentices**: a list of starts by month, hours and postcode district, without names.
- **Hours**: date, place, what was done, how many people, and a word from whoever received the help.
- **Spend**: an extract of the ledger with payee, date and amount.
- **Carbon and waste**: the calculation with the year of the factors, or the weighbridge tickets.
- **Gifts**: what was given, to whom, and a receipt.

## What is not

- A press release or a photograph alone.
- Last year's file with a new date.
- The same list for two contracts.

## People's details

Never attach names, addresses or case numbers. Counts by group are enough. Where so few people are concerned that they
could be recognised, mark the file as restricted.
"""
PAGES = (
    ("how-to-write-a-good-kpi", "How to write a good KPI", "What to ask for, and how to say it.", GOOD_KPI),
    (
        "what-counts-as-evidence",
        "What counts as evidence",
        "What to attach to a return, and what not.",
        EVIDENCE,
    ),
)


def write_practice(cast: Cast, day: dt.date) -> None:
    """Write the notes, one of them withdrawn since, and the guidance pages, with their history."""
    measures = {one.code: one for one in Measure.objects.filter(framework__key=starter.KEY)}
    contracts = {
        one.title: one for one in Contract.objects.select_related("manager", "commissioner", "directorate")
    }
    history = []
    for title, text, code, about, days in (*NOTES, WITHDRAWN):
        contract = contracts.get(about) if about else None
        by = (contract.manager or contract.commissioner) if contract else cast.lead
        note = GoodPracticeNote.objects.create(
            title=title,
            text=text,
            measure=measures[code] if code else None,
            contract=contract,
            directorate=contract.directorate if contract else None,
            written_by=by,
            written_at=at(add_working_days(day - dt.timedelta(days=days), 0), 15, 20),
        )
        history.append(
            _row(note.written_at, by, "practice.write", note, f"Wrote the good practice note “{note}”")
        )
        if title == WITHDRAWN[0]:
            note.withdrawn_at, note.version = note.written_at + dt.timedelta(days=60), 2
            note.save()
            history.append(
                _row(note.withdrawn_at, by, "practice.withdraw", note,
                     f"Withdrew the good practice note “{note}”", "It counted the staff too.")
            )  # fmt: skip
    written = at(add_working_days(day - dt.timedelta(days=210), 0), 10)
    for position, (slug, title, summary, body) in enumerate(PAGES, start=1):
        page = GuidancePage.objects.create(
            slug=slug, title=title, summary=summary, body=body, position=position, is_published=True,
            changed_by=cast.administrator, changed_at=written, version=2,
        )  # fmt: skip
        by = cast.administrator
        history.append(_row(written, by, "guidance.add", page, f"Wrote the guidance page “{page}”"))
        history.append(_row(written, by, "guidance.publish", page, f"Published the guidance page “{page}”"))
    HistoryRow.objects.bulk_create(history)


def _row(when, by, action: str, subject, summary: str, note: str = "") -> HistoryRow:
    return HistoryRow(
        at=when, actor=by, action=action, subject_type=subject._meta.label_lower, subject_id=subject.pk,
        contract_number=getattr(subject, "contract_id", None), summary=summary, note=note,
    )  # fmt: skip
