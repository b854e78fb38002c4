"""Reads figures pasted by year, line by line, and says of each line that is wrong what is wrong with it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from govuk.fields import number_text

FIRST_YEAR, LAST_YEAR = 1950, 2150
MOST_LINES = 300
NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
# "253,126" without a space may be one number or two.
GROUPED = re.compile(r"(?<![\d.])\d{1,3},\d{3}(?!\d)")


@dataclass(frozen=True)
class Figure:
    """The £ of one unit: for a calendar year, or for all (year None); low and high where given."""

    year: int | None
    value: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


class WrongLines(Exception):
    """What was pasted can't be read; `sentences` says so line by line."""

    def __init__(self, sentences: Sequence[str]):
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))


def read_figures(text: str) -> list[Figure]:
    """Return the figures of lines "year, value, low, high"; low and high may be left out.

    Columns are parted by tabs, semicolons or commas. A line of headings is passed over. Raises WrongLines.
    """
    found = []
    for year, numbers in _read(text, ("value", "low", "high"), at_least=1):
        value = numbers[0]
        assert value is not None
        found.append(Figure(year, value, numbers[1], numbers[2]))
    return found


def read_indices(text: str) -> list[tuple[int, Decimal]]:
    """Return the (year, index) of lines "year, index". Raises WrongLines."""
    return [(year, value) for year, (value,) in _read(text, ("index",), at_least=1) if value is not None]


def written(figures: Sequence[Figure]) -> str:
    """Return the figures as lines that `read_figures` reads: what a form begins with."""
    return "\n".join(
        "; ".join(
            "" if part is None else format(part, "f") if isinstance(part, Decimal) else str(part)
            for part in (one.year, one.value, one.low, one.high)
        ).rstrip("; ")
        for one in figures
    )


def _read(text: str, names: tuple[str, ...], *, at_least: int) -> list[tuple[int, list[Decimal | None]]]:
    found: list[tuple[int, list[Decimal | None]]] = []
    wrong: list[str] = []
    seen: dict[int, int] = {}
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line.strip(" ,;\t")]
    if len(lines) > MOST_LINES:
        raise WrongLines([f"Paste {MOST_LINES} lines or fewer"])
    for place, (number, line) in enumerate(lines):
        try:
            year, figures = _line(line, names, at_least, may_be_heading=place == 0)
        except _Heading:
            continue
        except ValueError as error:
            wrong.append(f"Line {number}: {error}")
            continue
        if year in seen:
            wrong.append(f"Line {number}: {year} stands on line {seen[year]} already. Leave one of them out")
            continue
        seen[year] = number
        found.append((year, figures))
    if wrong:
        raise WrongLines(wrong)
    if not found:
        raise WrongLines(["Enter at least one line, such as 2026, 277.22"])
    return sorted(found, key=lambda row: row[0])


class _Heading(Exception):
    """A first line of words."""


def _line(line, names, at_least, *, may_be_heading):
    parts = _parts(line)
    year_text = parts[0]
    if not re.fullmatch(r"\d{4}(\.0+)?", year_text):
        if may_be_heading and not any(NUMBER.fullmatch(number_text(part)) for part in parts if part):
            raise _Heading
        raise ValueError(f"“{year_text[:20]}” is not a year of 4 figures. Begin each line with the year")
    year = int(year_text[:4])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}")
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) > len(names) + 1:
        raise ValueError(
            f"there are {len(parts)} columns, and {len(names) + 1} are read: year, {', '.join(names)}. Leave "
            "out the commas within numbers"
        )
    figures: list[Decimal | None] = []
    for name, part in zip(names, [*parts[1:], *[""] * len(names)], strict=False):
        figures.append(_number(name, part))
    if any(figure is None for figure in figures[:at_least]):
        raise ValueError(f"enter the {names[0]} after the year")
    return year, figures


def _parts(line: str) -> list[str]:
    mark = next((mark for mark in ("\t", ";") if mark in line), ",")
    if mark == ",":
        grouped = GROUPED.search(line.split(",", 1)[1]) if "," in line and '"' not in line else None
        if grouped:
            raise ValueError(
                f"“{grouped[0]}” may be one number or two. Leave out the commas within numbers, and put a "
                "space after those between them"
            )
    return [part.strip() for part in next(csv.reader([line], delimiter=mark, skipinitialspace=True))]


def _number(name: str, text: str) -> Decimal | None:
    if not text:
        return None
    plain = number_text(text)
    if not NUMBER.fullmatch(plain):
        raise ValueError(f"{name} “{text[:20]}” is not a number")
    try:
        return Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern lets nothing else through
        raise ValueError(f"{name} “{text[:20]}” is not a number") from None
