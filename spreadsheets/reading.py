"""Opening a CSV or XLSX file somebody else made, and saying all that was guessed about it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import IO

from . import delimited, encodings, headings, workbooks
from .errors import (
    BrokenFile,
    EmptyFile,
    EncodingChoice,
    HeaderCandidate,
    NeedsEncoding,
    NeedsHeader,
    NeedsSheet,
    NotASpreadsheet,
    OldExcel,
    PasswordProtected,
    SpreadsheetError,
    TooBig,
)
from .mapping import Header, Wanted, letter, normal, propose, signature
from .workbooks import Cell

__all__ = [
    "BrokenFile",
    "Cell",
    "EmptyFile",
    "EncodingChoice",
    "Header",
    "HeaderCandidate",
    "Limits",
    "NeedsEncoding",
    "NeedsHeader",
    "NeedsSheet",
    "NotASpreadsheet",
    "OldExcel",
    "PasswordProtected",
    "Row",
    "Skipped",
    "SpreadsheetError",
    "Table",
    "TooBig",
    "Warned",
    "open_table",
    "propose",
    "signature",
]

# Asked for as the heading row of a file that has none: every row is then data.
NO_HEADINGS = 0
# Why a row is neither data nor blank.
REPEATED, ABOVE = "It repeats the headings.", "It stands above the headings."
SAVE_AS = "Save it as .xlsx or CSV and upload it again."
_TOTAL = re.compile(r"^\s*(grand |sub-?\s?)?totals?\b\s*:?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Limits:
    """How large an upload may be: bytes as sent, bytes unpacked, cells of the sheet read."""

    most_bytes: int = 50_000_000
    most_unpacked: int = 200_000_000
    most_cells: int = 2_000_000


@dataclass(frozen=True)
class Row:
    """One record; number is its row in the spreadsheet, cells stand under the headings by index."""

    number: int
    cells: tuple[Cell, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A sha256 of the whole row, the same for the same cells in a CSV and an XLSX of text."""
        texts = [canonical(cell) for cell in self.cells]
        while texts and not texts[-1]:
            texts.pop()
        return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


@dataclass(frozen=True)
class Skipped:
    """A row that is neither data nor blank, and why it was passed over."""

    number: int
    reason: str
    # What it says, on one line.
    text: str = ""


@dataclass(frozen=True)
class Warned:
    """Something to look at; row is None when it concerns the whole file, column when not one cell."""

    row: int | None
    sentence: str
    column: int | None = None


@dataclass(frozen=True)
class Table:
    """A file read whole: its rows, and everything that was guessed or passed over."""

    name: str
    encoding: str | None
    encoding_why: str
    encoding_sure: bool
    encodings: tuple[EncodingChoice, ...]
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]
    header_row: int
    header_why: str
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    blank_rows: tuple[int, ...]
    trailing_blank_rows: int
    skipped: tuple[Skipped, ...]
    warnings: tuple[Warned, ...]
    # Merged cells, each (first row, first column, last row, last column): rows from 1, columns from 0.
    merges: tuple[headings.Merge, ...] = ()
    # Cells (row from 1, column from 0) of formulas that were never worked out; each is warned of too.
    unworked: tuple[tuple[int, int], ...] = ()

    @property
    def rows_read(self) -> int:
        """Every row of the file: data, blank, passed over and the headings, where it has any."""
        headed = 1 if self.header_row else 0
        return len(self.rows) + len(self.blank_rows) + self.trailing_blank_rows + len(self.skipped) + headed

    @cached_property
    def reads_above(self) -> bool:
        """Whether rows above the headings were read as data, as where those were sorted with the others."""
        return any(row.number < self.header_row for row in self.rows)

    @property
    def empty_rows(self) -> list[int]:
        """The numbers of blank rows, those at the end too; above the headings they don't count."""
        blank = [number for number in self.blank_rows if number > self.header_row or self.reads_above]
        numbers = [row.number for row in self.rows] + [one.number for one in self.skipped]
        last = max([*numbers, *self.blank_rows, self.header_row])
        return blank + list(range(last + 1, last + 1 + self.trailing_blank_rows))

    @property
    def signature(self) -> str:
        """The signature of the headings, under which a mapping can be kept."""
        return signature(self.headers)

    def preview(self, count: int = 10) -> tuple[Row, ...]:
        """The first rows of data."""
        return self.rows[:count]

    def column(self, index: int) -> list[Cell]:
        """Every cell of one column, in the order of the rows."""
        return [row.cells[index] for row in self.rows]


def canonical(cell: Cell) -> str:
    """A cell as text by which rows are compared: outer spaces and line-end styles don't count."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


def open_table(
    source: str | Path | bytes | IO[bytes],
    *,
    name: str,
    encoding: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    wanted: Wanted | None = None,
    limits: Limits | None = None,
) -> Table:
    """Read a CSV or XLSX file whole, whatever its name says it is.

    encoding, sheet and header_row are a person's answers and win over every guess (blank or None: no answer;
    header_row 0: the file has no headings); wanted (field -> known headings) helps to find the heading row.
    Raises a SpreadsheetError, whose text can be shown, when the file must be refused or a person must be
    asked.
    """
    limits = limits or Limits()
    data = _bytes_of(source, limits.most_bytes)
    if not data.strip(b"\x00\r\n\t ,;\xef\xbb\xbf\xff\xfe"):
        raise EmptyFile(f"There is nothing in {name}. Check that you chose the right file.")
    if data.startswith(b"PK\x03\x04"):
        found = workbooks.read_sheet(
            data, sheet or None, most_cells=limits.most_cells, most_bytes=limits.most_unpacked
        )
        how = _How(name, None, "", True, (), None, found.name, found.sheets)
        warned = [Warned(*one) for one in found.warnings]
        return _tabulate(how, found.records, wanted, header_row, found.merges, warned, found.unworked)
    refuse_other_kinds(data)
    guess = encodings.decode(data, encoding or None)
    records, delimiter, warnings = delimited.records(
        guess.text.rstrip("\x00\x1a").replace("\x00", ""), most_cells=limits.most_cells
    )
    how = _How(name, guess.encoding, guess.why, guess.sure, guess.choices, delimiter, None, ())
    warned = [Warned(row, sentence) for row, sentence in warnings]
    return _tabulate(how, list(records), wanted, header_row, [], warned)


@dataclass(frozen=True)
class _How:
    name: str
    encoding: str | None
    encoding_why: str
    encoding_sure: bool
    encodings: tuple[EncodingChoice, ...]
    delimiter: str | None
    sheet: str | None
    sheets: tuple[str, ...]


def _bytes_of(source: str | Path | bytes | IO[bytes], most: int) -> bytes:
    if isinstance(source, bytes):
        data = source
    elif isinstance(source, (str, Path)):
        with Path(source).open("rb") as file:
            data = file.read(most + 1)
    else:
        source.seek(0)
        data = source.read(most + 1)
    if len(data) > most:
        raise TooBig(f"This file is larger than {most // 1_000_000} MB. Split it and upload the parts.")
    return data


def refuse_other_kinds(data: bytes) -> None:
    """Raise the fitting refusal for a file that is not text, or is text of another kind."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise PasswordProtected(
                "This workbook is protected by a password. Save it without one and upload it again."
            )
        if "WordDocument".encode("utf-16-le") in data:
            raise NotASpreadsheet(
                "This is a Word document. Copy the table into a spreadsheet and upload that."
            )
        raise OldExcel(f"This is an old Excel file (.xls). {SAVE_AS}")
    if data[:2] == b"\x09\x08" and b"\x00" in data[:16]:
        raise OldExcel(f"This is a very old Excel file (.xls). {SAVE_AS}")
    kinds = {
        b"%PDF": "a PDF. Ask whoever made it for the spreadsheet it came from.",
        b"\x89PNG": "a picture. Ask for the table as a spreadsheet.",
        b"\xff\xd8\xff": "a picture. Ask for the table as a spreadsheet.",
        b"GIF8": "a picture. Ask for the table as a spreadsheet.",
        b"{\\rtf": "a text document. Copy the table into a spreadsheet and upload that.",
        b"\x1f\x8b": "a compressed file. Unpack it and upload the file inside.",
        b"7z\xbc\xaf": "a compressed file. Unpack it and upload the file inside.",
        b"Rar!": "a compressed file. Unpack it and upload the file inside.",
        b"PK\x05\x06": "an empty archive.",
    }
    for magic, what in kinds.items():
        if data.startswith(magic):
            raise NotASpreadsheet(f"This is not a spreadsheet but {what}")
    start = data[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<script")):
        raise NotASpreadsheet(f"This is a web page, whatever its name ends in. Open it in Excel. {SAVE_AS}")
    if start.startswith(b"<?xml") or start.startswith(b"<workbook"):
        raise NotASpreadsheet(f"This is an XML file. If Excel opens it: {SAVE_AS[0].lower()}{SAVE_AS[1:]}")
    if re.match(rb'\{\s*("|\})|\[\s*(\{|\[|"[^\r\n]*"\s*,?\s*[\r\n])', start):
        raise NotASpreadsheet("This is a JSON file, not a spreadsheet. Upload a CSV or .xlsx file here.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or encodings.utf16_without_mark(data):
        return
    data = data.rstrip(b"\x00\x1a")
    controls = sum(data.count(code) for code in (*range(0, 9), *range(14, 26), 27))
    if data.count(0) > len(data) // 1000 or controls > len(data) // 50 + 2:
        raise NotASpreadsheet("This is not a CSV or Excel file. Check that you chose the right file.")


def _tabulate(
    how: _How,
    records: Sequence[Sequence[Cell]],
    wanted: Wanted | None,
    header_row: int | None,
    merges: Sequence[headings.Merge],
    warned: Sequence[Warned],
    unworked: Sequence[tuple[int, int]] = (),
) -> Table:
    if not any(cell is not None for record in records for cell in record):
        raise EmptyFile(f"There is nothing in {how.name}. Check that you chose the right file.")
    if header_row == NO_HEADINGS:
        found = headings.Found(0, (), "You said that the file has no headings.", 0)
    else:
        found = headings.find(records, wanted=wanted, merges=merges, given=header_row)
    width = max(len(found.texts), *(len(record) for record in records))
    texts = found.texts + ("",) * (width - len(found.texts))
    headers = tuple(Header(index, text, normal(text)) for index, text in enumerate(texts))
    warnings = [*warned, *(_never_worked_out(row, column) for row, column in unworked)]
    above_is_data = found.number > 0 and _data_above(records, found.first, len(found.texts))
    rows: list[Row] = []
    blank: list[int] = []
    skipped: list[Skipped] = []
    for number, record in enumerate(records, start=1):
        if number == found.number:
            continue
        if not any(cell is not None for cell in record):
            blank.append(number)
        elif found.first <= number < found.number:
            skipped.append(Skipped(number, ABOVE))
        elif headings.repeats(record, headers):
            skipped.append(Skipped(number, REPEATED))
        elif number < found.number and not above_is_data:
            skipped.append(Skipped(number, ABOVE, _one_line(record)))
        elif found.number and number == found.number + 1 and headings.is_units(record):
            skipped.append(Skipped(number, "It only gives the units of the columns."))
        else:
            rows.append(Row(number, tuple(record) + (None,) * (width - len(record))))
    if found.number:
        warnings.extend(_unheaded(records, rows, len(found.texts), how.sheet is None))
    warnings.extend(_totals(rows))
    if above_is_data:
        warnings.insert(
            0,
            Warned(
                found.number, f"The headings are in row {found.number}; the rows above it were read as data."
            ),
        )
    if not rows:
        warnings.append(Warned(None, "There are headings but no rows beneath them."))
    trailing = 0
    while blank and blank[-1] == len(records) - trailing:
        blank.pop()
        trailing += 1
    return Table(
        **vars(how),
        header_row=found.number,
        header_why=found.why,
        headers=headers,
        rows=tuple(rows),
        blank_rows=tuple(blank),
        trailing_blank_rows=trailing,
        skipped=tuple(skipped),
        warnings=tuple(warnings),
        merges=tuple(merges),
        unworked=tuple(unworked),
    )


def _one_line(record: Sequence[Cell]) -> str:
    return " ".join(" ".join(canonical(cell).split()) for cell in record if cell is not None)


def _never_worked_out(row: int, column: int) -> Warned:
    return Warned(
        row,
        f"Cell {letter(column)}{row} holds a formula that was never worked out, so it reads as blank. "
        "Open the file in a spreadsheet program, save it and upload it again.",
        column,
    )


def _data_above(records: Sequence[Sequence[Cell]], number: int, width: int) -> bool:
    """Whether the heading row stands below data, as after sorting a sheet with its headings."""
    above = [record for record in records[: number - 1] if any(cell is not None for cell in record)]
    data = sum(headings.looks_like_data(record, width) for record in above)
    below = any(cell is not None for record in records[number:] for cell in record)
    return bool(above) and (data > len(above) / 2 or (data > 0 and not below) or data > 5)


def _unheaded(
    records: Sequence[Sequence[Cell]], rows: Sequence[Row], headed: int, is_csv: bool
) -> list[Warned]:
    """A warning for each row that runs past the headings, or one for all where that is usual."""
    wide = [row.number for row in rows if len(records[row.number - 1]) > headed]
    if len(wide) > max(10, len(rows) // 20):
        sentence = (
            f"{len(wide):,} rows hold something to the right of the last heading, the first in row {wide[0]}."
        )
        return [Warned(None, sentence)]
    cause = "a comma may stand outside quotation marks" if is_csv else "check the cells at its right-hand end"
    return [Warned(number, f"This row has more cells than there are headings: {cause}.") for number in wide]


def _totals(rows: Sequence[Row]) -> list[Warned]:
    found = []
    for row in rows:
        filled = [cell for cell in row.cells if cell is not None]
        if (
            isinstance(filled[0], str)
            and _TOTAL.match(filled[0])
            and len(filled) <= max(2, len(row.cells) // 2)
        ):
            found.append(Warned(row.number, "This row looks like a total, not a row of its own."))
    return found
