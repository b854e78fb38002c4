"""What was asked about a set and answered, as pages and records show it: now, or as it stood at a moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.calendar import today, working_days_between
from govuk import formats
from kpis.approvals.challenges import title_of
from kpis.approvals.models import Challenge
from kpis.proposals.models import KPISet


@dataclass(frozen=True)
class Line:
    """One question with what became of it, in words."""

    challenge: Challenge
    about: str
    asked: str
    # "Colin Reyes answered on 5 May 2026", or "" where nobody had.
    answered: str
    withdrawn: str
    # "Not answered yet, 4 working days", while it waits.
    waits: str

    @property
    def is_open(self) -> bool:
        """Return whether it waits for an answer."""
        return bool(self.waits)


def line_of(one: Challenge, upto: dt.datetime | None = None) -> Line:
    """Return the question as it stands, or as it stood at the moment `upto`."""
    answered = withdrawn = waits = ""
    if one.answered_at and (upto is None or one.answered_at <= upto):
        answered = f"{one.answered_by} answered on {formats.day(one.answered_at)}"
    elif one.withdrawn_at and (upto is None or one.withdrawn_at <= upto):
        withdrawn = f"{one.withdrawn_by} withdrew it on {formats.day(one.withdrawn_at)}"
    elif upto is not None:
        waits = "Not answered then"
    else:
        days = max(0, working_days_between(timezone.localdate(one.asked_at), today()))
        waits = f"Not answered yet, {formats.plural(days, 'working day')}" if days else "Not answered yet"
    return Line(
        one,
        title_of(one),
        f"{one.asked_by} asked on {formats.day(one.asked_at)}",
        answered,
        withdrawn,
        waits,
    )


def lines_of(kpi_set: KPISet, upto: dt.datetime | None = None) -> list[Line]:
    """Return every question about the set in the order asked; with `upto` those asked by then."""
    asked = kpi_set.challenges.select_related(
        "asked_by", "answered_by", "withdrawn_by", "submission", "kpi__measure"
    ).order_by("asked_at", "pk")
    if upto is not None:
        asked = asked.filter(asked_at__lte=upto)
    found = list(asked)
    for one in found:
        one.kpi_set = kpi_set
    return [line_of(one, upto) for one in found]
