"""What the home page is made of: rows of things to do, gathered for each post a person holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.calendar import today, working_days_between
from govuk.formats import plural

SHOWN = 12

OVERDUE, LOOK, TO_DO, FINE = "behind", "watch", "not_due", "on_track"


@dataclass(frozen=True)
class Row:
    """One thing on the home page: a mark and its word, what it is about, since when, and where it leads."""

    mark: str
    word: str
    title: str
    url: str = ""
    when: str = ""
    detail: str = ""
    action: str = ""
    # Among rows of the same mark: earliest first.
    on: dt.date | None = None

    @property
    def sort_key(self) -> tuple:
        """Return what puts the overdue first, then what was sent back, then what is due soonest."""
        order = (OVERDUE, LOOK, TO_DO, FINE)
        return (order.index(self.mark), self.on or dt.date.max, self.title)


@dataclass(frozen=True)
class Section:
    """A heading's rows; `more` counts those left out."""

    rows: tuple[Row, ...] = ()
    more: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def overdue(self) -> int:
        """Return how many shown rows are overdue."""
        return sum(row.mark == OVERDUE for row in self.rows)


def section(rows: Iterable[Row], shown: int = SHOWN) -> Section:
    """Return the rows in order of urgency, each address once, at most `shown` of them."""
    in_order = sorted(rows, key=lambda row: row.sort_key)
    unique = list({(row.title, row.url): row for row in reversed(in_order)}.values())[::-1]
    return Section(tuple(unique[:shown]), max(len(unique) - shown, 0))


def day_of(moment: dt.datetime | dt.date | None) -> dt.date | None:
    """Return the London day of a moment."""
    return timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment


def short_day(day: dt.date | None) -> str:
    """Return "8 June", with the year where it is not this one."""
    if day is None:
        return ""
    return f"{day.day} {day:%B}" if day.year == today().year else f"{day.day} {day:%B %Y}"


def for_how_long(moment: dt.datetime | dt.date | None) -> str:
    """Return "since today", "for 6 working days", or over a weekend "since 8 May"."""
    day = day_of(moment)
    if day is None:
        return ""
    days = working_days_between(day, today())
    if days:
        return f"for {plural(days, 'working day')}"
    return "since today" if day == today() else f"since {short_day(day)}"
