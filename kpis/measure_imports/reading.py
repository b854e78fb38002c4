"""Opening a table of measures: its rows in order, headings of groups, notes and totals told apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kpis.measure_imports.amounts import is_left_out, is_target
from kpis.measure_imports.cells import note_of_prices
from kpis.measure_imports.fields import CARRIED, SPREAD, VALUES, WANTED
from kpis.measure_imports.rows import read_row
from spreadsheets import reading
from spreadsheets.errors import NeedsColumns
from spreadsheets.mapping import letter, normal
from spreadsheets.merged import spread_down
from spreadsheets.reading import Row, Table, canonical

# Returns the file as a table; raises a SpreadsheetError that says what to do or to choose.
open_table = partial(reading.open_table, wanted=WANTED)
LONGEST_HEADING = 150
# From how many rows on the same thing is said once, and how many of their numbers then stand in it.
SEVERAL, LISTED = 4, 30
_NOTE = re.compile(
    r"^\s*(notes?\b|source\b|sources\b|n\.?b\.?\b|\*|†|‡|\[[0-9a-z]\]|©|copyright|disclaimer|version\b|key\b"
    r"|all (values|figures|prices)\b|end of\b)",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"^\s*(grand |sub-?\s?|overall )?totals?\b[^a-z]*([a-z0-9&,/. -]{0,40})$", re.IGNORECASE)
_ONLY_TOTAL = re.compile(r"^\s*(grand |sub-?\s?|overall )?totals?\W*$", re.IGNORECASE)


@dataclass
class RowRead:
    """One row as understood; `skipped` where it is no measure, `reasons` where it can't be used."""

    number: int
    cells: list[str]
    read: dict[str, Any] = field(default_factory=dict)
    skipped: str = ""
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class MeasureTable:
    """A whole file as understood: rows, empty ones, what to know of the file."""

    table: Table
    columns: dict[str, int]
    rows: list[RowRead]
    empty: list[int]
    warnings: list[tuple[int | None, str]]
    # What a note above or under the table says of its prices: (row, year, the words for it).
    prices: tuple[int, int, str] | None = None

    @property
    def column_names(self) -> dict[str, str]:
        """Return field -> heading (or letter) of the columns in use."""
        return {name: heading_of(self.table, index) for name, index in self.columns.items()}


def heading_of(table: Table, index: int) -> str:
    """Return a column's heading, or its letter where it has none."""
    return table.headers[index].text or f"Column {letter(index)}"


def read_table(table: Table, columns: Mapping[str, int]) -> MeasureTable:
    """Return every row understood. Raises NeedsColumns without a column for title or description."""
    if "title" not in columns and "description" not in columns:
        raise NeedsColumns(
            [header.text or header.letter for header in table.headers],
            "We could not tell which column holds the measures, in words. Choose the column of their titles, "
            "or of their descriptions.",
        )
    used = set(columns.values())
    unworked, many = _unworked(table, columns)
    # What is wrong in a cell that nothing reads is no matter; what many rows share is said once.
    warnings = [
        one for one in table.warnings
        if one.column is None or (one.column in used and (one.row, one.column) not in many)
    ]  # fmt: skip
    noticed: dict[int, list[str]] = {}
    for one in warnings:
        if one.row is not None:
            noticed.setdefault(one.row, []).append(one.sentence)
    rows = _in_groups(table, columns, noticed)
    known = {row.number for row in rows}
    for passed in table.skipped:
        if passed.number > table.header_row or table.reads_above:
            rows.append(RowRead(passed.number, [], skipped=passed.reason))
    rows.sort(key=lambda row: row.number)
    whole = [(one.row, one.sentence) for one in warnings if one.row is None or one.row not in known]
    return MeasureTable(
        table=table,
        columns=dict(columns),
        rows=rows,
        empty=table.empty_rows,
        warnings=whole + [(None, sentence) for sentence in [*unworked, *_about_the_file(table, columns)]],
        prices=_note_of_prices(table, rows),
    )


def _unworked(table: Table, columns: Mapping[str, int]) -> tuple[list[str], set[tuple[int | None, int]]]:
    """Return a line for each column in use with several formulas never worked out, and those cells."""
    numbers: dict[int, list[int]] = {}
    for number, index in table.unworked:
        if index in columns.values():
            numbers.setdefault(index, []).append(number)
    lines, cells = [], set[tuple[int | None, int]]()
    for index, found in numbers.items():
        if len(found) < SEVERAL:
            continue
        cells |= {(number, index) for number in found}
        listed = ", ".join(str(number) for number in found[:LISTED])
        more = f" and {len(found) - LISTED:,} more" if len(found) > LISTED else ""
        lines.append(
            f"Column {letter(index)}, “{heading_of(table, index)}”, holds {len(found):,} formulas that were "
            f"never worked out, so they read as blank: rows {listed}{more}. Open the file in a spreadsheet "
            "program, save it and upload it again."
        )
    return lines, cells


def _note_of_prices(table: Table, rows: Sequence[RowRead]) -> tuple[int, int, str] | None:
    """Return what a note says of the prices: (row, year, words); None where none does, or two disagree."""
    notes = [(one.number, one.text) for one in table.skipped]
    notes += [(row.number, " ".join(row.cells)) for row in rows if row.skipped]
    found = [(number, *prices) for number, text in notes if (prices := note_of_prices(text))]
    return found[0] if len({year for _, year, _ in found}) == 1 else None


def _in_groups(table: Table, columns: Mapping[str, int], noticed: Mapping[int, list[str]]) -> list[RowRead]:
    """Return the rows, with what merged cells and headings of groups say carried down."""
    filled_in = spread_down(table, {columns[name] for name in SPREAD if name in columns})
    values = {columns[name] for name in VALUES if name in columns}
    shared = {
        number: top
        for top, left, bottom, _ in table.merges if left in values
        for number in range(top + 1, bottom + 1)
    }  # fmt: skip
    carried = {name for name in CARRIED if name in columns and _says_only_the_first(table, columns, name)}
    passed = [_not_a_measure(row, columns) for row in table.rows]
    last = max((n for n, why in enumerate(passed) if not why), default=-1)
    band, said = _heading_above(table), dict.fromkeys(CARRIED, "")
    if "theme" in columns:
        said["theme"] = band
    rows = []
    for position, row in enumerate(table.rows):
        result = RowRead(row.number, _texts(row), warnings=list(noticed.get(row.number, ())))
        rows.append(result)
        if passed[position] == "group":
            words = next(" ".join(str(cell).split()) for cell in row.cells if cell is not None)
            if position < last and not _NOTE.match(words) and len(words) <= LONGEST_HEADING:
                band, result.skipped = words, "Read as the heading of the rows below it, their theme."
                said = {name: band if name == "theme" and "theme" in columns else "" for name in CARRIED}
            else:
                result.skipped = "Only one cell is filled: it reads as a note, not as a measure."
        elif passed[position]:
            result.skipped = passed[position]
        if result.skipped:
            result.warnings = []
            continue
        cells = filled_in[position]
        if row.number in shared:
            result.warnings.append(
                f"Its £ value stands in a merged cell with that of row {shared[row.number]}, so it comes in "
                "without one. If both have that value, write it in each row."
            )
        for name in CARRIED:
            if name not in columns:
                continue
            text = " ".join(str(cells[columns[name]] or "").split())
            if text and normal(text) != normal(said[name]):
                for below in CARRIED[CARRIED.index(name) + 1 :]:
                    said[below] = ""
            said[name] = text or (said[name] if name in carried or (name == "theme" and band) else "")
        context = dict(said)
        if "theme" not in columns:
            context["theme"] = band
        read_row(result, cells, columns, table, context)
    return rows


def _heading_above(table: Table) -> str:
    """Return the heading of the first group where each group has its own row of headings beneath its name."""
    if not any(one.reason == reading.REPEATED for one in table.skipped):
        return ""
    text = next((one.text for one in table.skipped if one.number == table.header_row - 1), "")
    return text if len(text) <= LONGEST_HEADING and not _NOTE.match(text) else ""


def _texts(row: Row) -> list[str]:
    texts = [canonical(cell) for cell in row.cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _says_only_the_first(table: Table, columns: Mapping[str, int], name: str) -> bool:
    """Return whether a group's text stands only in its first row: then a blank means the same again."""
    index = columns[name]
    texts = [
        normal(row.cells[index]) for row in table.rows if sum(cell is not None for cell in row.cells) > 1
    ]
    if not texts or not texts[0] or all(texts):
        return False
    repeats = sum(a == b != "" for a, b in itertools.pairwise(texts))
    return repeats == 0


def _not_a_measure(row: Row, columns: Mapping[str, int]) -> str:
    """Return why a row is no measure; "group" where it may be the heading of a group; "" for a measure."""
    filled = [(index, cell) for index, cell in enumerate(row.cells) if cell is not None]
    code = columns.get("code")
    has_code = code is not None and row.cells[code] is not None
    words = [(index, " ".join(str(cell).split())) for index, cell in filled]
    if len(columns) >= 3 and len(filled) == 1:
        index, text = words[0]
        if _TOTAL.match(text):
            return "It looks like a total, not a measure."
        return "group" if isinstance(filled[0][1], str) else "Only one figure is filled: it is no measure."
    first = words[0][1]
    figures = [name for name in ("value", "unit") if name in columns and row.cells[columns[name]] is not None]
    # “Total volunteering hours”, counted in hours, is a measure.
    test = _ONLY_TOTAL if "unit" in figures else _TOTAL
    if any(test.match(text) for _, text in words) and (not has_code or test.match(first)):
        return "It looks like a total, not a measure."
    if _NOTE.match(first) and len(filled) <= 2 and not figures:
        return "It reads as a note, not as a measure."
    return ""


def _about_the_file(table: Table, columns: Mapping[str, int]) -> list[str]:
    found = []
    if table.encoding and not table.encoding_sure:
        found.append(f"The letters were read as {table.encoding}. {table.encoding_why}")
    used = set(columns.values())
    filled = {index for row in table.rows for index, cell in enumerate(row.cells) if cell is not None}
    filled |= {index for _, index in table.unworked}
    unused = [header for header in table.headers if header.text and header.index in filled - used]
    theirs = [header.text for header in unused if is_left_out(header)]
    if theirs:
        why = (
            "targets are agreed for each contract, in its KPI set"
            if all(is_target(header) for header in unused if is_left_out(header))
            else "targets, products and totals are a bidder’s figures for one contract, not the £ of one unit"
        )
        found.append(f"{_named(theirs)} not brought in: {why}.")
    others = [header.text for header in unused if not is_left_out(header)]
    if others:
        found.append(f"{_named(others)} not read. If part of a measure is lost so, choose the column for it.")
    return found


def _named(headings: Sequence[str]) -> str:
    """Return "The column “A” is", or "The columns “A”, “B” and 3 more are"."""
    shown = ", ".join(f"“{text[:60]}”" for text in headings[:8])
    more = f" and {len(headings) - 8} more" if len(headings) > 8 else ""
    return f"The column {shown} is" if len(headings) == 1 else f"The columns {shown}{more} are"


def value_headings(table: Table, columns: Mapping[str, int], names: Sequence[str]) -> dict[str, str]:
    """Return field -> heading of the columns of £ values that are in use."""
    return {name: heading_of(table, columns[name]) for name in names if name in columns}
