"""Opening a workbook of signed KPIs: its rows, notes under them, past results in columns or a sheet."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kpis.adoption.amounts import Amount, read_amount
from kpis.adoption.fields import BY_NAME, CONTRACT, RESULT_SHEETS, RESULTS_WANTED, SPREAD, WANTED
from kpis.adoption.periods import Span, month_of_cell, span_of, span_of_cell
from spreadsheets import mapping, reading
from spreadsheets.errors import NeedsColumns, NeedsSheet, SpreadsheetError
from spreadsheets.mapping import letter, normal
from spreadsheets.merged import spread_down
from spreadsheets.reading import Row, Table, canonical
from spreadsheets.values import CellError, read_date, read_text
from spreadsheets.workbooks import Cell

# The heading of the column of reasons in the list of rows to put right; passed over when that is uploaded.
REASON = "Why it was not used"
LENGTHS = {
    "reference": 200,
    "title": 500,
    "supplier": 500,
    "kpi": 200,
    "code": 40,
    "unit": 80,
    "document": 250,
}
_NOTE = re.compile(
    r"^\s*(notes?\b|source\b|n\.?b\.?(?=[:\s])|\*|†|‡|key\b|end of\b|prepared by|last updated)", re.IGNORECASE
)
_TOTAL = re.compile(r"^\s*(grand |sub-?\s?|overall )?totals?\b", re.IGNORECASE)


@dataclass
class Result:
    """One past result as the file has it: its months, its figure, and where it stands."""

    first: dt.date | None
    last: dt.date
    amount: Amount
    # "column H" or "sheet Results, row 12": what a reason names.
    where: str
    # A figure to date: its months begin after the result before it.
    to_date: bool = False


@dataclass
class RowRead:
    """One row as understood; `reasons` where it can't be used."""

    number: int
    cells: list[str]
    read: dict[str, Any] = field(default_factory=dict)
    target: Amount = field(default_factory=Amount)
    baseline: Amount = field(default_factory=Amount)
    starts: dt.date | None = None
    ends: dt.date | None = None
    signed_on: dt.date | None = None
    results: list[Result] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what the row calls its contract, as rows of one contract share it."""
        return tuple(normal(self.read.get(name, "")) for name in CONTRACT)


@dataclass
class ResultRow:
    """One row of the sheet of results; `reasons` where it can't be used."""

    number: int
    read: dict[str, str]
    result: Result | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def identity(self) -> tuple[str, ...]:
        """Return what the row calls its contract."""
        return tuple(normal(self.read.get(name, "")) for name in CONTRACT)


@dataclass
class KPITable:
    """A whole workbook as understood."""

    table: Table
    columns: dict[str, int]
    rows: list[RowRead]
    empty: list[int]
    warnings: list[tuple[int | None, str]]
    # (column, its months) of columns read as past results.
    months: list[tuple[int, Span]] = field(default_factory=list)
    results_sheet: str = ""
    results: list[ResultRow] = field(default_factory=list)
    results_empty: int = 0

    @property
    def column_names(self) -> dict[str, str]:
        """Return field -> heading (or letter) of the columns in use."""
        return {name: heading_of(self.table, index) for name, index in self.columns.items()}


def heading_of(table: Table, index: int) -> str:
    """Return a column's heading, or its letter where it has none."""
    return table.headers[index].text or f"Column {letter(index)}"


def open_table(data: bytes, *, name: str, sheet: str | None = None, **how: Any) -> Table:
    """Return the sheet of KPIs as a table; a sheet of results beside one other asks nothing of anybody."""
    try:
        return reading.open_table(data, name=name, sheet=sheet or None, wanted=WANTED, **how)
    except NeedsSheet as question:
        others = [one for one in question.sheets if normal(one) not in RESULT_SHEETS]
        if sheet or len(others) != 1:
            raise
        return reading.open_table(data, name=name, sheet=others[0], wanted=WANTED, **how)


def signature_of(table: Table) -> str:
    """Return the signature a mapping is kept under, the same for the list of rows to put right."""
    return mapping.signature([header for header in table.headers if header.key != normal(REASON)])


def propose_columns(table: Table, saved: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return field -> column: as saved for these headings, else from known ones."""
    width = len(table.headers)
    if saved is not None:
        return {name: index for name, index in saved.items() if name in BY_NAME and 0 <= index < width}
    months = {index for index, _ in month_columns(table, {})}
    headers = [header for header in table.headers if header.index not in months]
    columns = dict(mapping.propose(headers, WANTED).columns)
    if "to_date" not in columns:
        for header in headers:
            if header.key.startswith(("deliveredto", "achievedto", "actualto")) and _tail(header.text):
                columns["to_date"] = header.index
                break
    return {name: columns[name] for name in BY_NAME if name in columns}


def _tail(heading: str) -> dt.date | None:
    """Return the month a heading such as “Delivered to 31 October 2026” names."""
    for part in re.findall(r"(?:to|as at|at)\s+(.*)$", heading, re.IGNORECASE):
        said = re.sub(r"^date\W*(?:\(?as at|to)?\s*", "", part, flags=re.IGNORECASE).strip(" ()")
        try:
            return month_of_cell(said or None, last=True)
        except CellError:
            continue
    return None


def month_columns(table: Table, columns: Mapping[str, int]) -> list[tuple[int, Span]]:
    """Return the columns whose headings name months, apart from those a field is read from."""
    used = set(columns.values())
    found = []
    for header in table.headers:
        span = None if header.index in used else span_of(header.text)
        if span is not None:
            found.append((header.index, span))
    return found


def read_table(table: Table, columns: Mapping[str, int], data: bytes = b"") -> KPITable:
    """Return every row understood. Raises NeedsColumns without a column for the KPIs and their contracts."""
    if "kpi" not in columns and "code" not in columns:
        raise NeedsColumns(
            [header.text or header.letter for header in table.headers],
            "We could not tell which column holds the KPIs. Choose the column of their words, or of "
            "their codes.",
        )
    if not any(name in columns for name in ("number", "reference", "title")):
        raise NeedsColumns(
            [header.text or header.letter for header in table.headers],
            "We could not tell which column names the contracts. Choose the column of our number, their "
            "reference or their title.",
        )
    months = month_columns(table, columns)
    used = {*columns.values(), *(index for index, _ in months)}
    noticed: dict[int, list[str]] = {}
    warnings: list[tuple[int | None, str]] = []
    for one in table.warnings:
        if one.column is not None and one.column not in used:
            continue
        if one.row is None:
            warnings.append((None, one.sentence))
        else:
            noticed.setdefault(one.row, []).append(one.sentence)
    found = KPITable(table, dict(columns), [], list(table.empty_rows), warnings, months)
    unworked = {(row, column) for row, column in table.unworked if column in used}
    cells = spread_down(table, {columns[name] for name in SPREAD if name in columns})
    carried = _carried(table, columns)
    above: RowRead | None = None
    for position, row in enumerate(table.rows):
        read = RowRead(row.number, _texts(row), warnings=[])
        found.rows.append(read)
        if why := _not_a_kpi(row, columns):
            read.reasons.append(why)
            continue
        read.reasons += [text for text in noticed.get(row.number, ()) if _is_of_formula(text)]
        read.warnings += [text for text in noticed.get(row.number, ()) if not _is_of_formula(text)]
        _read_row(read, cells[position], found)
        if not any(read.identity) and carried and above is not None:
            for name in CONTRACT:
                read.read[name] = above.read.get(name, "")
            read.warnings.append(f"It names no contract: read as that of row {above.number}, above it.")
        if any(read.identity):
            above = read
    for passed in table.skipped:
        if passed.number > table.header_row or table.reads_above:
            found.rows.append(RowRead(passed.number, [passed.text], reasons=[passed.reason]))
    found.rows.sort(key=lambda one: one.number)
    if (not months and "to_date" not in columns) or data:
        _read_results_sheet(found, data)
    if unworked:
        found.warnings.append(
            (None, f"{len(unworked):,} cells hold formulas that were never worked out. Open the file in a "
                   "spreadsheet program, save it and upload it again.")
        )  # fmt: skip
    return found


def _is_of_formula(sentence: str) -> bool:
    return "never worked out" in sentence


def _texts(row: Row) -> list[str]:
    texts = [canonical(cell) for cell in row.cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _not_a_kpi(row: Row, columns: Mapping[str, int]) -> str:
    """Return why a row under the headings is no KPI; "" for one that may be."""
    filled = [cell for cell in row.cells if cell is not None]
    first = read_text(filled[0])
    has_kpi = any(name in columns and row.cells[columns[name]] is not None for name in ("kpi", "code"))
    has_target = "target" in columns and row.cells[columns["target"]] is not None
    if _TOTAL.match(first) and len(filled) <= max(2, len(row.cells) // 2):
        return "It looks like a total, not a KPI. There is nothing to put right."
    if _NOTE.match(first) and not (has_kpi and has_target):
        return "It reads as a note, not as a KPI. There is nothing to put right."
    if len(filled) == 1 and len(columns) >= 3:
        return "Only one cell is filled: it reads as a heading or a note, not as a KPI."
    return ""


def _carried(table: Table, columns: Mapping[str, int]) -> bool:
    """Return whether contracts are named only in the first of their rows: then a blank means the same."""
    indexes = [columns[name] for name in CONTRACT if name in columns]
    texts = [
        "|".join(normal(row.cells[index]) for index in indexes) for row in table.rows
        if sum(cell is not None for cell in row.cells) > 1
    ]  # fmt: skip
    blank = "|" * (len(indexes) - 1)
    if not texts or texts[0] == blank or blank not in texts:
        return False
    return not any(a == b != blank for a, b in itertools.pairwise(texts))


def _read_row(row: RowRead, cells: Sequence[Cell], found: KPITable) -> None:
    columns = found.columns

    def cell(name: str) -> Cell:
        return cells[columns[name]] if name in columns else None

    for name in BY_NAME:
        if name in {"target", "baseline", "starts", "ends", "signed_on", "to_date", "as_at"}:
            continue
        text = " ".join(_plain(cell(name)).split()) if name != "notes" else _plain(cell(name))
        if len(text) > LENGTHS.get(name, 5000):
            row.reasons.append(
                f"{BY_NAME[name].label}: it is longer than {LENGTHS.get(name, 5000):,} characters. "
                "Shorten it."
            )
            text = text[: LENGTHS.get(name, 5000)]
        row.read[name] = text
    for name in ("target", "baseline"):
        try:
            setattr(row, name, read_amount(cell(name)))
        except CellError as error:
            if name == "target":
                # Of a date or a text there is no amount: whether one is needed, the measure says.
                row.read["target_error"] = str(error)
            else:
                row.reasons.append(f"{BY_NAME[name].label}: {error}")
        row.read[name] = _plain(cell(name))
    for name in ("starts", "ends"):
        try:
            setattr(row, name, month_of_cell(cell(name), last=name == "ends"))
        except CellError as error:
            row.reasons.append(f"{BY_NAME[name].label}: {error}")
    try:
        row.signed_on = read_date(cell("signed_on"))
    except CellError as error:
        row.reasons.append(f"{BY_NAME['signed_on'].label}: {error}")
    if not row.read["kpi"] and not row.read["code"]:
        row.reasons.append("It has no KPI: write what is promised, or the code of the measure.")
    _results_in_columns(row, cells, found)


def _plain(cell: Cell) -> str:
    text = read_text(cell)
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _results_in_columns(row: RowRead, cells: Sequence[Cell], found: KPITable) -> None:
    for index, span in found.months:
        if cells[index] is None:
            continue
        where = f"“{heading_of(found.table, index)}”"
        try:
            amount = read_amount(cells[index])
        except CellError as error:
            row.reasons.append(f"{where}: {error}")
            continue
        if amount.is_blank:
            row.warnings.append(f"{where}: “{_plain(cells[index])}” is no figure, so it is left blank.")
        else:
            row.results.append(Result(span.first, span.last, amount, where))
    at = found.columns.get("to_date")
    if at is None or cells[at] is None:
        return
    where = f"“{heading_of(found.table, at)}”"
    try:
        amount = read_amount(cells[at])
        as_at = found.columns.get("as_at")
        month = month_of_cell(cells[as_at], last=True) if as_at is not None else None
    except CellError as error:
        row.reasons.append(f"{where}: {error}")
        return
    month = month or _tail(heading_of(found.table, at))
    if amount.is_blank:
        return
    # Without a month, the plan takes the last before the first month returned here.
    row.results.append(Result(None, month or dt.date.max.replace(day=1), amount, where, to_date=True))


def _read_results_sheet(found: KPITable, data: bytes) -> None:
    """Read the sheet of past results, where the workbook has one."""
    names = [one for one in found.table.sheets if normal(one) in RESULT_SHEETS and one != found.table.sheet]
    if not names or not data:
        return
    try:
        table = reading.open_table(data, name=found.table.name, sheet=names[0], wanted=RESULTS_WANTED)
    except SpreadsheetError as error:
        found.warnings.append(
            (None, f"The sheet “{names[0]}” could not be read, so no results came from it: {error}")
        )
        return
    columns = dict(mapping.propose(table.headers, RESULTS_WANTED).columns)
    missing = [word for name, word in (("period", "the month"), ("kpi", "the KPI")) if name not in columns]
    if "kpi" not in columns and "code" in columns:
        missing.remove("the KPI")
    if not {"figure", "numerator"} & set(columns):
        missing.append("the figure")
    if missing:
        found.warnings.append(
            (None, f"The sheet “{names[0]}” has no column headed for {' or '.join(missing)}, so no "
                   "results came from it.")
        )  # fmt: skip
        return
    found.results_sheet, found.results_empty = names[0], len(table.empty_rows)
    for row in table.rows:
        found.results.append(_result_row(row, columns, names[0]))


def _result_row(row: Row, columns: Mapping[str, int], sheet: str) -> ResultRow:
    def cell(name: str) -> Cell:
        return row.cells[columns[name]] if name in columns else None

    read = {
        name: " ".join(_plain(cell(name)).split()) for name in (*CONTRACT, "kpi", "code", "period", "figure")
    }
    result = ResultRow(row.number, read)
    try:
        span = span_of_cell(cell("period"))
        amount = read_amount(cell("figure"))
        top, bottom = read_amount(cell("numerator")), read_amount(cell("denominator"))
    except CellError as error:
        result.reasons.append(str(error))
        return result
    if top.value is not None or bottom.value is not None:
        if top.value is None or bottom.value is None:
            result.reasons.append("It has only one half of a percentage: write numerator and denominator.")
            return result
        amount = Amount(numerator=top.value, denominator=bottom.value)
    if span is None:
        result.reasons.append("It names no month.")
    elif amount.is_blank:
        result.reasons.append("It has no figure. Nothing delivered is 0.")
    else:
        result.result = Result(span.first, span.last, amount, f"sheet {sheet}, row {row.number}")
    return result
