"""Lists of this room as files."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase

from accounts.calendar import today
from govuk.formats import day
from spreadsheets.writing import csv_response, xlsx_response

# Header, kind of column, what stands in it.
Column = tuple[str, str, Callable[[Any], object]]


def as_file(
    title: str, columns: Sequence[Column], rows: Iterable[Any], kind: str, notes: Sequence[str] = ()
) -> HttpResponseBase:
    """Return the rows as "csv" or "xlsx", the file named by the title and today."""
    headers = [header for header, _, _ in columns]
    lines = ([cell(row) for _, _, cell in columns] for row in rows)
    name = f"{title} {today():%Y-%m-%d}"
    if kind == "csv":
        return csv_response(name, headers, lines)
    return xlsx_response(
        name, title[:31], headers, lines, kinds=[column for _, column, _ in columns],
        notes=[f"As at {day(today())}.", *notes],
    )  # fmt: skip
