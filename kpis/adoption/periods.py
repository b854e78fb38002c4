"""Which months a heading or a cell names: "Apr-26", "2026-05", "Q1 2026/27", "2025/26", "May 2026"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from accounts.calendar import add_months, first_of_month
from spreadsheets.values import CellError, read_date
from spreadsheets.workbooks import Cell

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?" \
        r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"  # fmt: skip
_YEAR = r"(?P<year>(?:20)?[0-9]{2})"
_AROUND = re.compile(
    r"\b(actuals?|results?|delivered|delivery|achieved|figures?|outturn|reported|performance|total"
    r"|month ending|month|fy|financial year)\b|[:()]",
    re.IGNORECASE,
)
_NAMED = re.compile(_NAME.format("month") + r"[\s\-/.,']*" + _YEAR, re.IGNORECASE)
_SPAN = re.compile(
    _NAME.format("first") + r"\s*(?:-|–|to)\s*" + _NAME.format("last") + r"[\s\-/.,']*" + _YEAR, re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?P<year>20[0-9]{2})[-/.](?P<month>0?[1-9]|1[0-2])(?:[-/.](?P<day>[0-9]{1,2}))?(?:[T ].*)?"
)
_MONTH_FIRST = re.compile(r"(?P<month>0?[1-9]|1[0-2])[-/.](?P<year>20[0-9]{2})")
_FINANCIAL = r"(?P<year>20[0-9]{2}|[0-9]{2})\s*[-/–]\s*(?:20)?(?P<next>[0-9]{2})"
_QUARTER = re.compile(r"(?:q|quarter\s*)(?P<part>[1-4])[\s,\-]*" + _FINANCIAL, re.IGNORECASE)
_QUARTER_LAST = re.compile(_FINANCIAL + r"[\s,\-]*(?:q|quarter\s*)(?P<part>[1-4])", re.IGNORECASE)
_HALF = re.compile(r"(?:h|half\s*)(?P<part>[12])[\s,\-]*" + _FINANCIAL, re.IGNORECASE)
_WHOLE = re.compile(_FINANCIAL)


@dataclass(frozen=True)
class Span:
    """First and last month of a figure, both included."""

    first: dt.date
    last: dt.date


def _year(text: str) -> int:
    year = int(text)
    return year if year > 99 else 2000 + year


def _number(name: str) -> int:
    return MONTHS.index(name[:3].lower()) + 1


def span_of(text: object) -> Span | None:
    """Return the months a heading names, None where it names none. Quarters are those of April to March.

    “Q1 2026” alone names no months: it could be of either kind of year.
    """
    said = " ".join(_AROUND.sub(" ", str(text or "")).split()).strip(" -–,.")
    if not said:
        return None
    if match := _NUMBERED.fullmatch(said) or _MONTH_FIRST.fullmatch(said):
        month = dt.date(int(match["year"]), int(match["month"]), 1)
        return Span(month, month)
    if match := _NAMED.fullmatch(said):
        month = dt.date(_year(match["year"]), _number(match["month"]), 1)
        return Span(month, month)
    if match := _SPAN.fullmatch(said):
        last = dt.date(_year(match["year"]), _number(match["last"]), 1)
        first = _number(match["first"])
        return Span(dt.date(last.year - (first > last.month), first, 1), last)
    for pattern, months in ((_QUARTER, 3), (_QUARTER_LAST, 3), (_HALF, 6), (_WHOLE, 12)):
        match = pattern.fullmatch(said)
        if match and (_year(match["year"]) + 1) % 100 == int(match["next"]):
            part = int(match["part"]) if months < 12 else 1
            begins = add_months(dt.date(_year(match["year"]), 4, 1), (part - 1) * months)
            return Span(begins, add_months(begins, months - 1))
    return None


def span_of_cell(cell: Cell) -> Span | None:
    """Return the months a cell names: a date is its month. Raises CellError where it names none."""
    if cell is None:
        return None
    found = span_of(cell) if isinstance(cell, str) else None
    if found is not None:
        return found
    try:
        day = read_date(cell)
    except CellError:
        raise CellError(f"“{cell}” names no month. Write it like May 2026 or Q1 2026/27.") from None
    return Span(first_of_month(day), first_of_month(day)) if day else None


def month_of_cell(cell: Cell, *, last: bool = False) -> dt.date | None:
    """Return the month a cell names (of several, the first or the last). Raises CellError."""
    span = span_of_cell(cell)
    if span is None:
        return None
    return span.last if last else span.first
