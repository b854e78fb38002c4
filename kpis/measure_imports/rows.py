"""One row of the table in words and figures, with everything that was noticed on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kpis.measure_imports.cells import (
    LARGEST,
    NOT_KNOWN_YET,
    RECORD_ONLY,
    address_of,
    direction_of,
    is_local,
    is_range,
    one_line,
    read_pounds,
    read_price_year,
    read_range,
    split_range,
)
from kpis.measure_imports.fields import BY_NAME, VALUES
from spreadsheets.mapping import letter, normal
from spreadsheets.reading import Table
from spreadsheets.values import CellError, read_date, read_text
from spreadsheets.workbooks import Cell

if TYPE_CHECKING:
    from kpis.measure_imports.reading import RowRead

TITLE, CODE, THEME, OUTCOME = 200, 40, 150, 250
# Marks that point to a note: they are no part of a code, and may differ in the next edition.
_MARKS = re.compile(r"[\s*†‡§¹²³]+$")
# Longest text of the fields kept as they are.
LENGTHS = {"geography": 120, "source": 300, "numerator": 150, "denominator": 150, "mission": 150}


def read_row(
    result: RowRead, cells: Sequence[Cell], columns: Mapping[str, int], table: Table, said: Mapping[str, str]
) -> None:
    """Put on the row what it says; `said` is the mission, theme and outcome it stands under."""
    reader = _Reader(result, cells, columns, table)
    read = result.read
    for name in ("unit", "kind", "evidence", "note", "confidence"):
        read[name] = reader.text(name)
    for name, longest in LENGTHS.items():
        read[name] = reader.short(name, longest)
    _words(reader, read)
    _code(reader, read)
    read["theme"] = reader.cut(said.get("theme", ""), THEME, "theme")
    read["outcome"] = reader.cut(said.get("outcome", ""), OUTCOME, "outcome")
    read["mission"] = reader.cut(said.get("mission", ""), LENGTHS["mission"], "mission")
    if reader.text("direction"):
        read["direction"] = direction_of(reader.text("direction")) or ""
        if not read["direction"]:
            reader.warn(
                "direction",
                f"“{reader.text('direction')}” does not say which way is better: higher is taken.",
            )
    _values(reader, read)
    if not read["values"] and not read.get("record_only"):
        return
    _about_values(reader, read)


def trimmed(value: Decimal) -> str:
    """Return a figure without the zeros at its end."""
    return f"{value.normalize():f}"


class _Reader:
    """Reads cells of one row by field, and keeps what there is to say."""

    def __init__(
        self, result: RowRead, cells: Sequence[Cell], columns: Mapping[str, int], table: Table
    ) -> None:
        self.result, self.cells, self.columns, self.table = result, cells, columns, table

    def cell(self, name: str) -> Cell:
        """Return the field's cell; None where there is no column."""
        return self.cells[self.columns[name]] if name in self.columns else None

    def text(self, name: str) -> str:
        """Return the field's text on one line; "" where there is none."""
        return one_line(self.cell(name))

    def short(self, name: str, longest: int) -> str:
        """Return the field's text, cut with a remark where it is longer than can be kept."""
        return self.cut(self.text(name), longest, BY_NAME[name].label.lower())

    def cut(self, text: str, longest: int, what: str) -> str:
        """Return the text, cut at a word with a remark where it is too long."""
        if len(text) <= longest:
            return text
        self.result.warnings.append(f"The {what} is longer than {longest} characters and was cut.")
        return text[: longest - 1].rsplit(" ", 1)[0] + "…"

    def warn(self, name: str, sentence: str) -> None:
        """Keep what was noticed in a field's cell, with its place."""
        place = f"{letter(self.columns[name])}{self.result.number}"
        self.result.warnings.append(f"{BY_NAME[name].label} ({place}): {sentence}")


def _words(reader: _Reader, read: dict[str, Any]) -> None:
    """The title, and the counting rule: the description, or the whole title where there is none."""
    title, rule = reader.text("title"), read_text(reader.cell("description"))
    if not title and not rule:
        begins = next((" ".join(text.split()) for text in reader.result.cells if text), "")
        reader.result.reasons.append(
            f"It has no title and no description, and begins “{begins[:60]}”. If it is a measure, give it a "
            "title in the file."
        )
        return
    if not title:
        title = " ".join(rule.split())
        reader.result.warnings.append("It has no title: its description was used as the title.")
    read["rule"] = rule or (title if len(title) > TITLE else "")
    read["title"] = title
    if len(title) > TITLE:
        read["title"] = title[: TITLE - 1].rsplit(" ", 1)[0] + "…"
        where = "" if normal(title) in normal(read["rule"]) else "; the whole of it begins the counting rule"
        if where:
            read["rule"] = f"{title}\n\n{read['rule']}"
        reader.result.warnings.append(f"The title is longer than {TITLE} characters and was cut{where}.")
    read["rule"] = read["rule"] or read["title"]


def _code(reader: _Reader, read: dict[str, Any]) -> None:
    code = reader.text("code")
    if len(code) > CODE:
        reader.warn("code", f"“{code[:60]}” is longer than {CODE} characters, so it is no code.")
        code = ""
    bare = _MARKS.sub("", code)
    if bare and bare != code:
        reader.warn("code", f"“{code}” is read as {bare}: the mark behind it points to a note.")
        code = bare
    read["code"] = code


def _values(reader: _Reader, read: dict[str, Any]) -> None:
    """The £ values of the row; what is no amount is said and left out."""
    found: list[dict[str, str]] = []
    for name in VALUES:
        cell = reader.cell(name)
        if cell is None:
            continue
        notes: list[str] = []
        key = normal(one_line(cell))
        if key in RECORD_ONLY:
            read["record_only"] = True
            continue
        try:
            cell, ends = split_range(cell)
            pounds = read_pounds(cell, notes)
        except CellError as error:
            said = "It is a range and not one value." if is_range(cell) else str(error)
            reader.warn(name, f"{said} It comes in without this £ value.")
            continue
        if pounds.value is None:
            if key in NOT_KNOWN_YET:
                reader.warn(name, f"“{one_line(cell)}” is not a value yet: it comes in without one.")
            continue
        if abs(pounds.value) >= LARGEST:
            reader.warn(name, "It is larger than any amount this system holds: it was left out.")
            continue
        for note in notes:
            reader.warn(name, note)
        if pounds.per and not read["unit"]:
            read["unit"] = f"Per {pounds.per}"
        value = {"field": name, "value": trimmed(pounds.value), "low": "", "high": ""}
        if ends is not None and ends[0] <= pounds.value <= ends[1]:
            value["low"], value["high"] = trimmed(ends[0]), trimmed(ends[1])
        found.append(value)
    read["values"] = found
    if found and found[0]["field"] == "value":
        _range(reader, found[0])
    elif not found and any(reader.cell(name) is not None for name in ("low", "high", "range")):
        reader.result.warnings.append("It has a range but no £ value, so it comes in without one.")


def _range(reader: _Reader, value: dict[str, str]) -> None:
    central = Decimal(value["value"])
    for name, wrong, side in (
        ("low", lambda end: end > central, "above"),
        ("high", lambda end: end < central, "below"),
    ):
        try:
            end = read_pounds(reader.cell(name)).value
        except CellError as error:
            reader.warn(name, f"{error} It was left out.")
            continue
        if end is None:
            continue
        if end < 0:
            reader.warn(name, f"{trimmed(end)} is below 0: it was left out.")
            continue
        if wrong(end):
            said = trimmed(central)
            reader.warn(name, f"{trimmed(end)} is {side} the value itself, {said}: it was left out.")
            continue
        value[name] = trimmed(end)
    _range_in_one_cell(reader, value)


def _range_in_one_cell(reader: _Reader, value: dict[str, str]) -> None:
    """Low and high from a cell that holds both, where they have no cells of their own."""
    try:
        ends = read_range(reader.cell("range"))
    except CellError as error:
        reader.warn("range", f"{error} It was left out.")
        return
    if ends is None or value["low"] or value["high"]:
        return
    if not ends[0] <= Decimal(value["value"]) <= ends[1]:
        reader.warn("range", f"The value itself, {value['value']}, is outside this range: it was left out.")
        return
    value["low"], value["high"] = trimmed(ends[0]), trimmed(ends[1])


def _about_values(reader: _Reader, read: dict[str, Any]) -> None:
    """Prices of which year, valid when, local or social, from where."""
    year = read_price_year(reader.cell("price_year"))
    if year is not None:
        read["price_year"], read["prices"] = year
    elif reader.text("price_year"):
        reader.warn("price_year", f"“{reader.text('price_year')}” is not a year.")
    for name in ("valid_from", "valid_until"):
        try:
            on = read_date(reader.cell(name))
        except CellError as error:
            whole = re.fullmatch(r"(19|20)[0-9]{2}", reader.text(name))
            if whole:
                read[name] = f"{whole[0]}-{'01-01' if name == 'valid_from' else '12-31'}"
                continue
            reader.warn(name, f"{error} It was left blank.")
            continue
        read[name] = on.isoformat() if on else ""
    if read.get("valid_from") and read.get("valid_until") and read["valid_until"] < read["valid_from"]:
        reader.warn("valid_until", "It is before the day it is valid from: both were left blank.")
        read["valid_from"] = read["valid_until"] = ""
    text = reader.text("local")
    if text:
        local = is_local(text)
        if local is None:
            reader.warn("local", f"“{text}” says neither local nor social value.")
        else:
            read["local"] = local
    read["source_url"] = address_of(reader.text("source_url")) or address_of(reader.text("source"))
    if reader.text("source_url") and not read["source_url"]:
        reader.warn("source_url", f"“{reader.text('source_url')[:60]}” is not a web address.")
        read["note"] = " ".join(filter(None, [read["note"], reader.text("source_url")]))
