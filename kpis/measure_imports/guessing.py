"""Which column is which field: from headings we know, or from what the columns hold where there are none."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpis.measure_imports.amounts import unit_amounts
from kpis.measure_imports.cells import read_pounds, read_price_year
from kpis.measure_imports.fields import BY_NAME, VALUES, WANTED
from spreadsheets import mapping
from spreadsheets.mapping import normal
from spreadsheets.reading import Table
from spreadsheets.values import CellError, read_text

_CODE = re.compile(r"[A-Za-z&]{0,10}[-. ]?[A-Za-z]{0,5}[-.]?[0-9]{1,5}[a-z]?([-./][A-Za-z0-9]{1,6}){0,4}")
_ADDRESS = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_YEAR = re.compile(r"(19|20)[0-9]{2}(\s*[-/]\s*([0-9]{2}|[0-9]{4}))?")
_UNIT = re.compile(
    r"(per|each|no\.?|number of)\b.*|people|persons|fte|hours|hrs|weeks|days|£|%|pounds|tonnes|tco2e|lifetime"
    r"|yes/no|y/n|number|percentage",
    re.IGNORECASE,
)
MOST, SOME, NEARLY_ALL = 0.6, 0.3, 0.9
LONG_TEXT = 80
# Words of a column are titles, where no heading says so, from this many letters on the average.
SHORTEST_TITLES = 10


@dataclass(frozen=True)
class Column:
    """What one column holds: how much of it is filled, and the shares of it that look like something."""

    index: int
    filled: int
    distinct: float
    length: float
    code: float
    address: float
    year: float
    pounds: float
    number: float
    unit: float

    @property
    def is_text(self) -> bool:
        """Return whether it holds words rather than figures, codes or addresses."""
        return bool(self.filled) and max(self.address, self.year, self.pounds, self.number, self.code) < MOST


def propose_columns(table: Table, saved: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return field -> column: as saved for these headings, else from known ones, else from the content."""
    width = len(table.headers)
    if saved is not None:
        return {name: index for name, index in saved.items() if name in BY_NAME and 0 <= index < width}
    if not table.header_row:
        return _by_content(table)
    proposal = mapping.propose(table.headers, WANTED)
    columns = dict(proposal.columns)
    taken = {index for name, index in columns.items() if name != "value"}
    amounts = unit_amounts(table, taken)
    for name in VALUES:
        columns.pop(name, None)
    # A range's ends are known by their own headings; what else holds amounts is a value of its own.
    columns.update(zip(VALUES, amounts, strict=False))
    if "title" not in columns and "description" not in columns:
        words = [
            _look(table, header.index) for header in table.headers if header.index not in columns.values()
        ]
        words = [
            one for one in words if one.is_text and one.distinct >= MOST and one.length >= SHORTEST_TITLES
        ]
        if words:
            columns["title"] = max(words, key=lambda one: one.length).index
    return {name: columns[name] for name in BY_NAME if name in columns}


def signature_of(table: Table) -> str:
    """Return the signature a mapping is kept under; without headings, by what the columns hold."""
    if table.header_row:
        return table.signature
    shape = json.dumps(["no headings", len(table.headers), _by_content(table)], sort_keys=True)
    return hashlib.sha256(shape.encode()).hexdigest()


def _look(table: Table, index: int) -> Column:
    texts = [text for text in (read_text(row.cells[index]) for row in table.rows) if text]
    count = len(texts) or 1

    def share(test: re.Pattern[str]) -> float:
        return sum(bool(test.fullmatch(text)) for text in texts) / count

    numbers = signed = 0
    for text in texts:
        try:
            numbers += read_pounds(text).value is not None
            signed += "£" in text
        except CellError:
            pass
    years = sum(read_price_year(text) is not None and bool(_YEAR.fullmatch(text)) for text in texts) / count
    return Column(
        index=index,
        filled=len(texts),
        distinct=len({normal(text) for text in texts}) / count,
        length=sum(len(text) for text in texts) / count,
        code=share(_CODE) if years < MOST else 0,
        address=share(_ADDRESS),
        year=years,
        pounds=signed / count,
        number=numbers / count if years < MOST else 0,
        unit=share(_UNIT),
    )


def _by_content(table: Table) -> dict[str, int]:
    """Propose columns of a file without headings, from what they hold; the person confirms."""
    looks = [_look(table, index) for index in range(len(table.headers))]
    columns: dict[str, int] = {}

    def take(name: str, found: Column | None) -> None:
        if found is not None and found.index not in columns.values():
            columns[name] = found.index

    def first(among: Sequence[Column]) -> Column | None:
        free = [one for one in among if one.index not in columns.values()]
        return free[0] if free else None

    take("source_url", first([one for one in looks if one.address >= MOST]))
    take("price_year", first([one for one in looks if one.year >= MOST]))
    plain = [one for one in looks if one.code >= MOST and one.distinct > 0.8 and one.pounds < MOST]
    take("code", first([one for one in plain if one.number < MOST] or _counting(table, plain)))
    _take_value(looks, columns)
    words = [one for one in looks if one.is_text and one.index not in columns.values()]
    take("unit", first([one for one in words if one.unit >= MOST]))
    named = [one for one in words if one.distinct >= SOME and one.length >= 10 and one.unit < MOST]
    before = [one for one in named if one.index < columns.get("value", len(looks))]
    title = next((one for one in before if one.distinct >= MOST), None) or first(before) or first(named)
    take("title", title)
    if title is not None:
        left = [one for one in words if one.index < title.index and one.filled >= len(table.rows) * SOME]
        left = [one for one in left if one.distinct < NEARLY_ALL]
        for name, one in zip(("theme", "outcome"), left, strict=False):
            take(name, one)
    right = [one for one in words if one.index > columns.get("value", len(looks))]
    take("confidence", first([one for one in right if one.length <= 3]))
    right = [one for one in right if one.index not in columns.values()]
    longest = max(right, key=lambda one: one.length, default=None)
    if longest is not None and longest.length >= LONG_TEXT and len(right) > 1:
        take("note", longest)
    take("source", first(right))
    return {name: columns[name] for name in BY_NAME if name in columns}


def _counting(table: Table, found: Sequence[Column]) -> list[Column]:
    """Return the first column where it only counts the rows: 1, 2, 3."""
    return [one for one in found if one.index == 0 and len(table.headers) > 2]


def _take_value(looks: Sequence[Column], columns: dict[str, int]) -> None:
    """Take the amounts whose prices are known: those beside the column of years; else those with a £ sign.

    Where a table has both, the ones with a £ sign are usually uplifted to a year that it does not say.
    """
    figures = [one for one in looks if one.number >= MOST and one.index not in columns.values()]
    if "price_year" in columns:
        beside = [one for one in figures if abs(one.index - columns["price_year"]) == 1]
        figures = sorted(beside, key=lambda one: one.index) or figures
    else:
        figures = [one for one in figures if one.pounds >= MOST] or figures
    if figures:
        columns["value"] = figures[0].index
