"""Opening a register: the table, the columns it is read by, and each row understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from contracts.register.fields import BY_NAME, PAYMENT_HEADINGS, WANTED
from contracts.register.values import CellReader, read_row, row_hash, values_hash
from govuk.formats import plural
from spreadsheets import mapping, reading
from spreadsheets.errors import NeedsColumns
from spreadsheets.reading import Row, Table, canonical

# Returns the file as a table; raises a SpreadsheetError that says what to do or to choose.
open_table = partial(reading.open_table, wanted=WANTED)


@dataclass
class RowRead:
    """One row as understood: field texts, what was noticed, why it can't be used (if so)."""

    number: int
    cells: list[str]
    read: dict[str, str] = field(default_factory=dict)
    row_hash: str = ""
    values_hash: str = ""
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class Register:
    """A whole file as understood: rows of data, empty and passed-over rows, what to know of the file."""

    table: Table
    columns: dict[str, int]
    rows: list[RowRead]
    empty: list[int]
    warnings: list[tuple[int | None, str]]

    @property
    def headers(self) -> list[str]:
        """Return the headings by column."""
        return [header.text for header in self.table.headers]

    @property
    def column_names(self) -> dict[str, str]:
        """Return field -> heading of the columns in use."""
        return {name: self.headers[index] for name, index in self.columns.items()}


def propose_columns(table: Table, saved: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return field -> column: as saved for these headings, else from known ones.

    Where several known headings fit, one whose column holds something is preferred to an empty one.
    """
    width = len(table.headers)
    if saved is not None:
        return {name: index for name, index in saved.items() if name in BY_NAME and 0 <= index < width}
    proposal = mapping.propose(table.headers, WANTED)
    filled = {
        header.index
        for header in table.headers
        if any(row.cells[header.index] is not None for row in table.rows)
    }
    columns = dict(proposal.columns)
    for name, index in proposal.columns.items():
        if index not in filled:
            taken = set(columns.values())
            other = next(
                (i for i in proposal.ambiguous.get(name, ()) if i in filled and i not in taken), None
            )
            if other is not None:
                columns[name] = other
    return {name: columns[name] for name in BY_NAME if name in columns}


def read_register(table: Table, columns: Mapping[str, int]) -> Register:
    """Return every row understood. Raises NeedsColumns without a column for title or description."""
    if "title" not in columns and "description" not in columns:
        raise NeedsColumns(
            [header.text for header in table.headers if header.text],
            "We could not tell which column holds the title or the description of a contract. Choose one: "
            "without either there is nothing to call the contracts by.",
        )
    reader, keys = CellReader(), _heading_keys(table)
    warnings: list[tuple[int | None, str]] = [(one.row, one.sentence) for one in table.warnings]
    totals = {row for row, sentence in warnings if row and "looks like a total" in sentence}
    by_row: dict[int, list[str]] = {}
    for number, sentence in warnings:
        if number is not None:
            by_row.setdefault(number, []).append(sentence)
    rows = [
        _understand(row, columns, table, reader, keys, by_row, row.number in totals) for row in table.rows
    ]
    known = {row.number for row in rows}
    for skipped in table.skipped:
        if skipped.number > table.header_row or table.reads_above:
            rows.append(RowRead(skipped.number, [], reasons=[skipped.reason]))
    rows.sort(key=lambda row: row.number)
    kept = [one for one in warnings if one[0] is None or one[0] not in known]
    return Register(
        table=table,
        columns=dict(columns),
        rows=rows,
        empty=table.empty_rows,
        warnings=kept + [(None, sentence) for sentence in _about_the_file(table, columns, rows)],
    )


def _understand(
    row: Row,
    columns: Mapping[str, int],
    table: Table,
    reader: CellReader,
    keys: list[str],
    noticed: Mapping[int, list[str]],
    is_total: bool,
) -> RowRead:
    read, warnings = read_row(row.cells, columns, table.headers, reader)
    texts = [canonical(cell) for cell in row.cells]
    while texts and not texts[-1]:
        texts.pop()
    result = RowRead(
        row.number,
        texts,
        read,
        row_hash(row.cells, keys),
        values_hash(read),
        warnings=[*noticed.get(row.number, ()), *warnings],
    )
    if is_total:
        result.reasons.append("It looks like a total, not a contract.")
        result.warnings = []
    elif not read.get("title"):
        said = next((text for text in texts if text), "")
        said = " ".join(said.split())
        said = said if len(said) <= 60 else said[:59] + "…"
        result.reasons.append(
            f"It has no title and no description, and begins “{said}”. If it is a contract, give it a "
            "title in the file."
        )
    return result


def _heading_keys(table: Table) -> list[str]:
    """A name for each column that is the same wherever the column stands; a repeated heading is counted."""
    seen: dict[str, int] = {}
    keys = []
    for header in table.headers:
        seen[header.key] = seen.get(header.key, 0) + 1
        keys.append(header.key if seen[header.key] == 1 else f"{header.key} {seen[header.key]}")
    return keys


def _about_the_file(table: Table, columns: Mapping[str, int], rows: list[RowRead]) -> list[str]:
    found = []
    if table.encoding and not table.encoding_sure:
        found.append(f"The letters were read as {table.encoding}. {table.encoding_why}")
    keys = {header.key for header in table.headers}
    if any(key.startswith(tuple(PAYMENT_HEADINGS)) for key in keys if key):
        found.append(
            "This looks like a list of payments, not a register of contracts: each payment would become a "
            "contract. Check that you chose the right file."
        )
    untitled = sum(
        1
        for row in rows
        if row.read.get("description")
        and (
            "title" not in columns
            or not row.cells[columns["title"] : columns["title"] + 1]
            or not row.cells[columns["title"]]
        )
    )
    if untitled:
        has, its = ("has", "its") if untitled == 1 else ("have", "their")
        found.append(f"{plural(untitled, 'row')} {has} no title: {its} description was used as the title.")
    return found
