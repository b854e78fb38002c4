"""Reading one sheet of an .xlsx workbook into plain cells, without trusting what it says of itself."""

from __future__ import annotations

import io
import re
import warnings as python_warnings
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from .errors import BrokenFile, EmptyFile, NeedsSheet, NotASpreadsheet, OldExcel, TooBig
from .mapping import letter

Cell = str | int | Decimal | bool | date | datetime | None

ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?hidden="(?:1|true)"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s(?=[^>]*?hidden="(?:1|true)")[^>]*>')
_SPAN = re.compile(rb'\b(min|max)="([0-9]+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*?)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_COORDINATE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Sheet:
    """A sheet's records (cells trimmed at the right), merged ranges and what to warn of."""

    name: str
    sheets: tuple[str, ...]
    records: list[list[Cell]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Each (first row, first column, last row, last column), rows from 1, columns from 0."""
    # Each (row, sentence, column): row None for the whole sheet, column (from 0) of one cell, else None.
    warnings: list[tuple[int | None, str, int | None]] = field(default_factory=list)
    # Cells (row from 1, column from 0) of formulas that were never worked out.
    unworked: list[tuple[int, int]] = field(default_factory=list)


def check_archive(data: bytes, *, most_bytes: int) -> None:
    """Refuse an archive that is not a workbook, or that unpacks to more than most_bytes."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except Exception as error:
        raise BrokenFile(
            "This file is damaged or incomplete. Save it again and upload the new copy."
        ) from error
    names = {entry.filename for entry in entries}
    if "xl/workbook.bin" in names:
        raise OldExcel(
            "This is a binary Excel workbook (.xlsb). Save it as .xlsx or CSV and upload it again."
        )
    if "content.xml" in names and "mimetype" in names:
        raise NotASpreadsheet("This is an OpenDocument file. Save it as .xlsx or CSV and upload it again.")
    if any(name.startswith("word/") for name in names):
        raise NotASpreadsheet("This is a Word document. Copy the table into a spreadsheet and upload that.")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise NotASpreadsheet(
            "This is a zip archive, not a spreadsheet. Unpack it and upload the file inside."
        )
    if len(entries) > 5000 or sum(entry.file_size for entry in entries) > most_bytes:
        raise TooBig(
            "This workbook is too large when unpacked. Save only the sheet you need and upload that."
        )
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(entry) as part:
                start = part.read(2048)
        except Exception as error:
            raise BrokenFile("This workbook is damaged. Save it again and upload the new copy.") from error
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise NotASpreadsheet(
                "This workbook holds something no spreadsheet program writes, so it was not read."
            )


def read_sheet(data: bytes, sheet: str | None, *, most_cells: int, most_bytes: int) -> Sheet:
    """Read the sheet named, or the only visible one with something in it.

    Raises NeedsSheet when several qualify or the named one is missing; EmptyFile when none does.
    Formulas give the value last worked out; dates at midnight are dates; numbers are exact, as
    the spreadsheet shows them (15 digits).
    """
    check_archive(data, most_bytes=most_bytes)
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except Exception as error:
            raise BrokenFile("This workbook is damaged. Save it again and upload the new copy.") from error
        try:
            return _read(book, data, sheet, most_cells)
        except (NeedsSheet, EmptyFile, TooBig):
            raise
        except Exception as error:
            raise BrokenFile("This workbook is damaged. Save it again and upload the new copy.") from error
        finally:
            book.close()


def _read(book: Any, data: bytes, name: str | None, most_cells: int) -> Sheet:
    worksheets = list(book.worksheets)
    for worksheet in worksheets:
        worksheet.reset_dimensions()
    filled = [w for w in worksheets if w.sheet_state == "visible" and _has_something(w)]
    hidden = [w.title for w in worksheets if w.sheet_state != "visible" and _has_something(w)]
    titles = tuple(w.title for w in filled)
    if name is not None:
        chosen = next((w for w in worksheets if w.title == name), None)
        if chosen is None:
            raise NeedsSheet(
                titles, f"There is no sheet called “{name}” in this workbook. Choose the one to read."
            )
    elif len(filled) > 1:
        raise NeedsSheet(titles)
    elif filled:
        chosen = filled[0]
    elif hidden:
        raise NeedsSheet(hidden, "Only hidden sheets of this workbook hold anything. Choose the one to read.")
    else:
        raise EmptyFile("There is nothing in this workbook. Check that you chose the right file.")
    result = Sheet(chosen.title, titles, [])
    left_out = [title for title in hidden if title != chosen.title]
    if left_out:
        result.warnings.append((None, f"Hidden sheets were not read: {', '.join(left_out)}.", None))
    _read_cells(chosen, result, most_cells)
    _read_markup(chosen, data, result)
    return result


def _has_something(worksheet: Any) -> bool:
    return any(
        value is not None and str(value).strip()
        for row in worksheet.iter_rows(values_only=True)
        for value in row
    )


def _read_cells(worksheet: Any, result: Sheet, most_cells: int) -> None:
    cells = 0
    for number, row in enumerate(worksheet.iter_rows(), start=1):
        record: list[Cell] = [plain(cell) for cell in row]
        while record and record[-1] is None:
            record.pop()
        cells += len(record)
        if cells > most_cells:
            raise TooBig(f"This sheet has more than {most_cells:,} cells. Split it and upload the parts.")
        for index, value in enumerate(record):
            if value.__class__ is str and value in ERRORS:
                sentence = (
                    f"Cell {letter(index)}{number} holds the error {value}. Correct it in the spreadsheet."
                )
                result.warnings.append((number, sentence, index))
        result.records.append(record)


def plain(cell: Any) -> Cell:
    """The value of an openpyxl cell in our own types: no floats, no midnight datetimes."""
    value: object = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        if "_x" in value:
            value = _ESCAPE.sub(lambda match: chr(int(match.group(1), 16)), value).replace("\r\n", "\n")
        return None if not value or value.isspace() else value
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.date() if value.time() == time(0) else value
    if isinstance(value, (date, Decimal)):
        return value
    if isinstance(value, (time, timedelta)):
        return str(value)
    return str(value)


def _number(value: int | float, shown_as: str) -> Cell:
    exact: int | Decimal = value if isinstance(value, int) else Decimal(f"{value:.15g}")
    if isinstance(exact, Decimal) and not exact.is_finite():
        return str(value)
    if shown_as == "General":
        return exact
    if "%" in shown_as:
        return f"{(Decimal(exact) * 100).normalize():f}%"
    if exact == int(exact) and re.fullmatch(r"0{2,}", shown_as):
        return str(int(exact)).zfill(len(shown_as))
    if isinstance(exact, Decimal) and (shown := re.fullmatch(r"0[.](0+)", shown_as)):
        # With the zeros that are seen: a reference 1.10 is another than 1.1.
        seen = exact.quantize(Decimal(1).scaleb(-len(shown[1])))
        return seen if seen == exact else exact
    return exact


def _read_markup(worksheet: Any, data: bytes, result: Sheet) -> None:
    """What openpyxl's quick reader does not tell: merges, formulas never worked out, hidden rows."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        path = str(worksheet._worksheet_path).lstrip("/")
        markup = archive.read(path)
    for match in _MERGE.finditer(markup):
        left, top, right, bottom = range_boundaries(match.group(1).decode("ascii"))
        if None not in (left, top, right, bottom):
            result.merges.append((int(top), int(left) - 1, int(bottom), int(right) - 1))
    hidden = len(_HIDDEN_ROW.findall(markup))
    if hidden:
        result.warnings.append(
            (
                None,
                "1 row is hidden in the spreadsheet; it was read all the same."
                if hidden == 1
                else f"{hidden:,} rows are hidden in the spreadsheet; they were read all the same.",
                None,
            )
        )
    if letters := _hidden_columns(markup, max(map(len, result.records), default=0)):
        said = "Column {} is" if len(letters) == 1 else "Columns {} are"
        sentence = f"{said.format(', '.join(letters))} hidden in the spreadsheet; read all the same."
        result.warnings.append((None, sentence, None))
    if b"<f" not in markup and b":f" not in markup:
        return
    for match in _FORMULA.finditer(markup):
        attributes, empty_value = match.groups()
        coordinate = _COORDINATE.search(attributes)
        if coordinate is None or (empty_value and b't="str"' in attributes):
            continue
        column, row = coordinate_from_string(coordinate.group(1).decode("ascii"))
        result.unworked.append((row, column_index_from_string(column) - 1))


def _hidden_columns(markup: bytes, width: int) -> list[str]:
    """The letters of hidden columns among the first `width`; those beyond hold nothing."""
    found = []
    for match in _HIDDEN_COLUMNS.finditer(markup):
        ends = {name: int(number) for name, number in _SPAN.findall(match.group(0))}
        first, last = ends.get(b"min", 0), min(ends.get(b"max", 0), width)
        found += [letter(number - 1) for number in range(max(first, 1), last + 1)]
    return found
