"""Writing tables as CSV and XLSX that open safely: text stays text, dates and figures stay real."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import xlsxwriter

if TYPE_CHECKING:
    from django.http import HttpResponse, StreamingHttpResponse

LONDON = ZoneInfo("Europe/London")
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_DANGEROUS = re.compile(r"^'*\s*[=+\-@\t\r＝＋－＠]")
_FORMATS = {
    "money": "#,##0.00",
    "number": "#,##0.######",
    "whole": "#,##0",
    "percent": "0.0#",
    "date": "d mmm yyyy",
    "datetime": "d mmm yyyy hh:mm",
    "month": "mmm yyyy",
}
_WIDTHS = {"money": 16, "number": 12, "whole": 10, "percent": 10, "date": 13, "datetime": 18, "month": 11}

Kinds = Sequence[str] | Mapping[int, str]


def safe_text(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula.

    spreadsheets.reading takes the apostrophe off again.
    """
    return "'" + text if _DANGEROUS.match(text) else text


def csv_cell(value: object) -> str:
    """A value as a CSV cell: blank for None, Yes or No, ISO dates, figures without commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, datetime):
        return f"{_local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return safe_text(str(value))


def csv_lines(headers: Sequence[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a CSV file one by one, the first with the mark Excel knows UTF-8 by."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    for row in itertools.chain([headers], rows):
        writer.writerow([csv_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_text(headers: Sequence[object], rows: Iterable[Iterable[object]]) -> str:
    """A whole CSV file as text; encode it as UTF-8."""
    return "".join(csv_lines(headers, rows))


def csv_response(
    name: str, headers: Sequence[object], rows: Iterable[Iterable[object]]
) -> StreamingHttpResponse:
    """A CSV file to download, sent row by row; name without or with .csv."""
    from django.http import StreamingHttpResponse

    content = (line.encode("utf-8") for line in csv_lines(headers, rows))
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _disposition(name, ".csv")
    return response


def xlsx_response(
    name: str,
    sheet_title: str,
    headers: Sequence[object],
    rows: Iterable[Iterable[object]],
    *,
    kinds: Kinds | None = None,
    notes: Sequence[str] = (),
) -> HttpResponse:
    """An XLSX file to download; kinds and notes as for xlsx_bytes."""
    from django.http import HttpResponse

    response = HttpResponse(
        xlsx_bytes(sheet_title, headers, rows, kinds=kinds, notes=notes), content_type=XLSX
    )
    response["Content-Disposition"] = _disposition(name, ".xlsx")
    return response


def xlsx_bytes(
    sheet_title: str,
    headers: Sequence[object],
    rows: Iterable[Iterable[object]],
    *,
    kinds: Kinds | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """A workbook of one table, and a sheet About with the notes if there are any.

    kinds says how columns are shown (money, number, whole, percent, date, datetime, month, text);
    values of None stay blank. Text over 32,767 characters, the most a cell holds, ends in a
    remark that says so. Raises ValueError above 1,048,575 rows.
    """
    output = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(output, options) as book:
        sheet = book.add_worksheet(sheet_name(sheet_title))
        _fill(book, sheet, headers, rows, _kinds(kinds, len(headers)))
        if notes:
            taken = sheet_name(sheet_title).casefold() == "about"
            about = book.add_worksheet("About this file" if taken else "About")
            about.set_column(0, 0, 100)
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            for number, note in enumerate(notes):
                about.write_string(number, 0, _cut(str(note)), wrapped)
    return output.getvalue()


def sheet_name(title: str) -> str:
    """The title as Excel allows it: 31 characters, without []:*?/\\ and outer apostrophes."""
    name = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split())[:31].strip(" '")
    return name if name and name.casefold() != "history" else "Table"


def _fill(
    book: Any,
    sheet: Any,
    headers: Sequence[object],
    rows: Iterable[Iterable[object]],
    kinds: list[str | None],
) -> None:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in _FORMATS.items()
    }
    formats["text"] = book.add_format({"valign": "top"})
    formats["long"] = book.add_format({"valign": "top", "text_wrap": True})
    rows = iter(tuple(row) for row in rows)
    first = list(itertools.islice(rows, 100))
    for column, header in enumerate(headers):
        sheet.set_column(column, column, _width(column, str(header), kinds, first))
    sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, _cut(str(header)), bold)
    count = 0
    for count, row in enumerate(itertools.chain(first, rows), start=1):
        if count > MOST_ROWS:
            raise ValueError("A sheet holds 1,048,575 rows at most.")
        for column, value in enumerate(row):
            _write(sheet, count, column, value, kinds[column] if column < len(kinds) else None, formats)
    if headers:
        sheet.autofilter(0, 0, count, len(headers) - 1)


def _write(
    sheet: Any, row: int, column: int, value: object, kind: str | None, formats: Mapping[str, Any]
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "Yes" if value else "No", formats["text"])
    elif isinstance(value, (int, float, Decimal)) and kind != "text" and _fits_a_number(value):
        fallback = "whole" if isinstance(value, int) else "number"
        sheet.write_number(row, column, value, formats[kind if kind in _FORMATS else fallback])
    elif isinstance(value, datetime):
        shown = kind if kind in {"date", "month"} else "datetime"
        sheet.write_datetime(row, column, _local(value), formats[shown])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats["month" if kind == "month" else "date"])
    else:
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        sheet.write_string(
            row, column, _cut(text), formats["long" if len(text) > 60 or "\n" in text else "text"]
        )


def _fits_a_number(value: int | float | Decimal) -> bool:
    """Whether Excel, which keeps 15 digits, holds the number exactly."""
    exact = Decimal(str(value))
    return exact.is_finite() and len(exact.normalize().as_tuple().digits) <= 15


def _kinds(kinds: Kinds | None, width: int) -> list[str | None]:
    if kinds is None:
        return [None] * width
    listed: list[str | None] = (
        [kinds.get(i) for i in range(width)] if isinstance(kinds, Mapping) else list(kinds)
    )
    unknown = {kind for kind in listed if kind and kind != "text"} - set(_FORMATS)
    if unknown:
        raise ValueError(f"Unknown kinds of column: {sorted(unknown)}")
    return listed


def _width(column: int, header: str, kinds: Sequence[str | None], first: Sequence[Sequence[object]]) -> int:
    kind = kinds[column] if column < len(kinds) else None
    if kind in _WIDTHS:
        return max(_WIDTHS[kind], min(len(header) + 3, 20))
    longest = max((len(csv_cell(row[column])) for row in first if column < len(row)), default=0)
    return max(8, min(max(longest, len(header)) + 3, 60))


def _cut(text: str) -> str:
    if len(text) <= LONGEST_CELL:
        return text
    remark = " [cut here: a cell holds 32,767 characters]"
    return text[: LONGEST_CELL - len(remark)] + remark


def _local(value: datetime) -> datetime:
    return value.astimezone(LONDON).replace(tzinfo=None) if value.tzinfo else value


def _disposition(name: str, ending: str) -> str:
    from django.utils.http import content_disposition_header

    clean = re.sub(r"[\x00-\x1f/\\]+", " ", name).strip() or "table"
    full = clean if clean.lower().endswith(ending) else clean + ending
    return content_disposition_header(True, full) or "attachment"
