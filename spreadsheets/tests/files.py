"""Small files made in code, one for each way in which a real one has gone wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl

WANTED = {
    "reference": ["Contract Reference number / ID", "Contract number", "CONTRACT_REF"],
    "title": ["Title of the Agreement", "Title"],
    "supplier": ["Supplier name", "Vendor Name"],
    "start": ["Contract start date", "Start"],
    "end": ["End date", "End"],
    "value": ["Contract value", "Value"],
}
HEAD = "Contract number,Title,Supplier name,Start,End,Contract value\n"
CARE = 'C1,Care homes,Acme Ltd,01/04/2024,31/03/2026,"1,000.00"\n'
BUS = "C2,Bus passes,Beta Ltd,01-Apr-2024,,500\n"


def workbook(fill: Callable[[Any], None]) -> bytes:
    """The bytes of a workbook after fill has written into it."""
    book = openpyxl.Workbook()
    fill(book)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def sheet_of(*rows: list[object]) -> bytes:
    """A workbook of one sheet with these rows."""

    def fill(book: Any) -> None:
        for row in rows:
            book.active.append(row)

    return workbook(fill)


def moment(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """A date and time as a workbook holds them, without a zone."""
    return datetime.combine(date(year, month, day), time(hour))
