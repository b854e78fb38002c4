"""The demo council's library: its priorities, two editions of a framework it made up, what it retired."""

from __future__ import annotations

import datetime as dt

from django.apps import apps

from accounts.calendar import add_months, first_of_month
from accounts.models import HistoryRow
from contracts.models import Contract
from kpis.demo.cast import Cast, at
from kpis.library import starter
from kpis.library.choice_verbs import CHOSEN
from kpis.library.filling import fill_framework
from kpis.library.models import CouncilPriority, Framework, FrameworkChoice, Measure

MADE_UP = "Made up for this demonstration"
NAME = "Calderbeck measures"
# (title, about, a priority today, measures of the starter set that point to it)
PRIORITIES = (
    ("A good start for every child", "No young person leaves school or care without somewhere to go next.", True,
     "03 04 09 10 13 14 15 16 41 57 58"),
    ("Work that pays", "Jobs in the borough that people can live on, and a way in for those without one.", True,
     "01 02 05 06 07 08 12 38 39 40 50 54"),
    ("Neighbourhoods to be proud of", "Places that are looked after by the people who live there.", True,
     "18 23 24 25 26 27 36 80 84"),
    ("Net zero by 2038", "Less carbon from what the council does and buys.", True, "31 32 34 35 72 73 74 78 79"),
    ("Drying out after the floods", "Help for the streets that were under water.", False, "23 25"),
)  # fmt: skip

_RULE = "Count {what} in the month it took place, where it was open to residents and cost them nothing."
_LOG = "A log of date, place and number, confirmed by whoever runs the room."


def _measure(code: str, title: str, unit: str, what: str, outcome: int = 1) -> dict:
    rule = _RULE.format(what=what)
    return {"code": code, "theme": "TOGETHER", "outcome": outcome, "title": title, "unit": unit, "rule": rule,
            "evidence": _LOG}  # fmt: skip


# Same codes, one reworded, one worth another sum (see values.py), one dropped, one new; and one not ready.
EDITIONS = {
    "2023": [
        _measure("CM-01", "Warm evenings held in community rooms", "activities", "each evening of two hours or more"),
        _measure("CM-02", "Repair café hours", "hours", "each hour of each member of staff who repaired things", 2),
        _measure("CM-03", "Holiday meals cooked for children", "items", "each meal handed out in a school holiday"),
        _measure("CM-04", "Bikes repaired and given away", "items", "each bike that found a new owner", 2),
    ],
    "2025": [
        _measure("CM-01", "Warm evenings held in community rooms", "activities", "each evening of two hours or more"),
        _measure("CM-02", "Hours given at repair cafés, by staff and by volunteers they taught", "hours",
                 "each hour of each person who repaired things, staff and the volunteers they taught alike", 2),
        _measure("CM-03", "Holiday meals cooked for children", "items", "each meal handed out in a school holiday"),
        _measure("CM-05", "Hours of led walks and rides", "attendee-hours",
                 "the length of each walk or ride multiplied by those who came"),
        _measure("CM-06", "Toys lent by toy libraries", "items", "each loan of a toy", 2),
    ],
}  # fmt: skip
DRAFT = ("2025", "CM-06")
# Contract -> the edition it was tendered under: both of one directorate.
ON_EDITIONS = {"Allotments improvement": "2023", "Community centre management": "2025"}
# Code -> (code of what replaces it, why).
RETIRED = {
    "SV-21": ("SV-64", "Organisations met said little. What was put into meeting them says more."),
    "SV-33": (None, "The carbon figure covers it. Contracts that have it keep it until they end."),
    "SV-85": (None, "The council no longer pays for the visits."),
}


def make_library(cast: Cast, day: dt.date) -> None:
    """Write priorities and the two editions, and retire what the council no longer proposes."""
    month = first_of_month(day)
    history = _priorities(cast, add_months(month, -25)) + _editions(cast, month)
    history += _retire(cast, add_months(month, -3) + dt.timedelta(days=8))
    HistoryRow.objects.bulk_create(history)


def choose_editions(day: dt.date) -> None:
    """Say when procurements began, where known, and put two contracts on the editions they were tendered under."""
    contracts = list(Contract.objects.filter(starts_on__isnull=False).order_by("number"))
    for contract in contracts:
        if contract.pk % 3 and contract.starts_on:
            contract.procurement_began_on = contract.starts_on - dt.timedelta(days=240)
    Contract.objects.bulk_update(contracts, ["procurement_began_on"])
    editions = {one.edition: one for one in Framework.objects.filter(name=NAME)}
    starter_set = Framework.objects.get(key=starter.KEY)
    for contract in Contract.objects.filter(title__in=ON_EDITIONS).select_related("commissioner"):
        chosen = [editions[ON_EDITIONS[contract.title]], starter_set]
        # As early as the register knows of it.
        tendered = (contract.starts_on or day) - dt.timedelta(days=85)
        when = at(max(tendered, add_months(first_of_month(day), -25)), 11)
        FrameworkChoice.objects.bulk_create(
            [
                FrameworkChoice(
                    contract=contract, framework=one, chosen_by=contract.commissioner, chosen_at=when
                )
                for one in chosen
            ]
        )
        HistoryRow.objects.create(
            at=when,
            actor=contract.commissioner,
            action=CHOSEN,
            subject_type="contracts.contract",
            subject_id=contract.pk,
            contract_number=contract.pk,
            summary="Chose the frameworks its KPIs may come from",
            after={"Frameworks": " and ".join(str(one) for one in chosen)},
            note="As the invitation to tender said.",
        )


def _priorities(cast: Cast, since: dt.date) -> list[HistoryRow]:
    measures = {one.code: one for one in Measure.objects.filter(framework__key=starter.KEY)}
    rows = []
    link = Measure.priorities.through
    links = []
    for position, (title, about, is_active, numbers) in enumerate(PRIORITIES, start=1):
        priority = CouncilPriority.objects.create(
            title=title, about=about, is_active=is_active, position=position
        )
        links += [
            link(measure_id=measures[f"SV-{number}"].pk, councilpriority_id=priority.pk)
            for number in numbers.split()
        ]
        rows.append(
            _row(at(since, 10), cast, "library.add_priority", priority, f"Added the priority {title}")
        )
    link.objects.bulk_create(links)
    return rows


def _editions(cast: Cast, month: dt.date) -> list[HistoryRow]:
    rows: list[HistoryRow] = []
    before = None
    for edition, measures in EDITIONS.items():
        year = int(edition)
        filled = _edition(edition, measures)
        filled.previous = before
        filled.procured_from = dt.date(year, 1, 1)
        filled.procured_until = dt.date(year + 1, 12, 31) if before is None else None
        filled.save()
        before = filled
        when = at(add_months(month, -26 if edition == "2023" else -14), 10)
        rows.append(_row(when, cast, "library.add_framework", filled, f"Added {filled}"))
    edition, code = DRAFT
    Measure.objects.filter(framework__name=NAME, framework__edition=edition, code=code).update(status="draft")
    return rows


def _edition(edition: str, measures: list[dict]) -> Framework:
    """Return the edition with its theme and measures, as if the council had typed them in: without a key."""
    words = {
        "key": f"demo-{edition}",
        "name": NAME,
        "edition": edition,
        "facts": {
            "about": "The council's own measures for community rooms and open spaces, made up for this demonstration.",
            "source": MADE_UP,
            "licence": "Made up: anybody's to use",
            "offered": "by_date",
        },
        "themes": [
            (
                "TOGETHER", "Doing things together", "What residents do with and for each other.",
                ["More people have somewhere to go", "Things are mended, lent and shared"],
            )
        ],
        "measures": measures,
    }  # fmt: skip
    filled = fill_framework(apps, words)
    assert filled is not None
    framework = filled[0]
    framework.key = ""
    return framework


def _retire(cast: Cast, on: dt.date) -> list[HistoryRow]:
    measures = {one.code: one for one in Measure.objects.filter(framework__key=starter.KEY)}
    rows = []
    for code, (instead, why) in RETIRED.items():
        measure, other = measures[code], measures[instead] if instead else None
        measure.status, measure.replaced_by = Measure.Status.RETIRED, other
        measure.save(update_fields=["status", "replaced_by"])
        rows.append(
            _row(at(on, 14), cast, "library.retire", measure, f"Retired {measure}", note=why,
                 after={"Replaced by": str(other)} if other else {})
        )  # fmt: skip
    return rows


def _row(when, cast: Cast, action: str, subject, summary: str, *, note="", after=None) -> HistoryRow:
    return HistoryRow(
        at=when, actor=cast.lead, action=action, subject_type=subject._meta.label_lower,
        subject_id=subject.pk, summary=summary, note=note, after=after or {},
    )  # fmt: skip
