"""Reading one cell of a table of measures: a £ value, a year of prices, a kind, a direction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kpis.library.models import Direction, Kind
from spreadsheets.mapping import normal
from spreadsheets.values import CellError, read_money, read_text
from spreadsheets.workbooks import Cell

FINEST = Decimal("0.0001")
LARGEST = Decimal(10) ** 13
# What a table writes where a measure has no £ value; "record only" also says that it never will.
NO_VALUE = frozenset(
    {"", "na", "none", "nil", "nonmonetised", "notmonetised", "noproxy", "novalue", "notapplicable", "tbc",
     "tba", "tbd", "notvalued", "recordonly", "record", "recorded", "ro", "unknown", "notavailable"}
)  # fmt: skip
RECORD_ONLY = frozenset({"recordonly", "record", "recorded", "ro"})
NOT_KNOWN_YET = frozenset({"tbc", "tba", "tbd", "unknown"})
_PER = re.compile(r"^(.*?[0-9)])\s*(?:/|per\b|p/)\s*([A-Za-z].*)$", re.IGNORECASE)
_YEAR = re.compile(r"\b((?:19|20)[0-9]{2})(?:\s*[-/–]\s*((?:19|20)?[0-9]{2}))?\b")

_RANGE = re.compile(
    r"(?:between |from )?\(?([£\d][^–—]*?)\s*(?:-|–|—|\bto\b|\band\b)\s*([£\d][^–—]*?)\)?", re.IGNORECASE
)
_WITH_RANGE = re.compile(r"(.*[0-9])\s*\(([^()]+)\)")
_SCALE = re.compile(r"[0-9]\s*(k|m|bn)$", re.IGNORECASE)
_OF_YEAR = r"((?:19|20)[0-9]{2}(?:\s*[-/–]\s*(?:19|20)?[0-9]{2})?)"
_NOTES_OF_PRICES = (
    re.compile(rf"\b{_OF_YEAR}\s+(?:prices|price base|price levels?|values)\b", re.IGNORECASE),
    re.compile(
        r"\bprice(?:s|d| base| year| base year| levels?)\b[\s:=,]*"
        rf"(?:(?:are|is|as|at|of|in|for|from|the|year|base)\s+)*{_OF_YEAR}",
        re.IGNORECASE,
    ),
)

KINDS: dict[str, str] = {
    **dict.fromkeys(
        ("number", "numeric", "count", "integer", "quantity", "no", "quantitative", "figure", "decimal"),
        Kind.COUNT,
    ),
    **dict.fromkeys(
        ("money", "pounds", "currency", "monetary", "financial", "gbp", "moneypounds"), Kind.MONEY
    ),
    **dict.fromkeys(("percent", "percentage", "rate", "proportion"), Kind.PERCENTAGE),
    **dict.fromkeys(("yn", "yesno", "yesorno", "boolean", "truefalse", "tickbox"), Kind.YES_NO),
    **dict.fromkeys(("date", "milestone", "milestonedate"), Kind.MILESTONE),
    **dict.fromkeys(("text", "narrative", "qualitative", "commentary", "freetext", "descriptive"), Kind.TEXT),
}
_HIGHER = (
    "higher",
    "increase",
    "up",
    "more",
    "maximise",
    "positive",
    "high",
    "rise",
    "bigger",
    "higherisbetter",
)
_LOWER = (
    "lower",
    "decrease",
    "down",
    "less",
    "minimise",
    "reduce",
    "reduction",
    "low",
    "fewer",
    "lowerisbetter",
)
LOCAL = {"local", "lev", "localeconomicvalue", "yes", "y", "localeconomic", "localism", "true", "l"}
SOCIAL = {"social", "sev", "socialvalue", "no", "n", "additionalsocialvalue", "sv", "national", "false", "s"}


def text_key(text: str) -> str:
    """Return what texts of units and kinds are compared by; £ and % count as words."""
    return normal(text.replace("£", " pounds ").replace("%", " percent ").replace("₂", "2"))[:250]


def one_line(cell: Cell) -> str:
    """Return a cell's text on one line."""
    return " ".join(read_text(cell).split())


@dataclass(frozen=True)
class Pounds:
    """A £ value as read: None where the cell says there is none; `per` is what it says a unit is."""

    value: Decimal | None
    per: str = ""


def read_pounds(cell: Cell, notes: list[str] | None = None) -> Pounds:
    """Return the £ of one unit, to a hundredth of a penny. Raises CellError where it is no amount."""
    if isinstance(cell, str):
        text = cell = one_line(cell).rstrip("*†‡§ ")
        if normal(text) in NO_VALUE:
            return Pounds(None)
        if match := _PER.match(text):
            return Pounds(read_money(match[1], notes, finest=FINEST), match[2].strip())
    return Pounds(read_money(cell, notes, finest=FINEST))


def read_range(cell: Cell) -> tuple[Decimal, Decimal] | None:
    """Return (lowest, highest) of a range in one cell; None for blank or “n/a”. Raises CellError."""
    text = one_line(cell)
    if not text or normal(text) in NO_VALUE:
        return None
    if match := _RANGE.fullmatch(text):
        low, high = read_pounds(match[1]).value, read_pounds(match[2]).value
        if low is not None and high is not None:
            # “£2-3k” or “1.2 to 1.5m”: the first is of the size that the second says.
            if (scale := _SCALE.search(match[2])) and not _SCALE.search(match[1]):
                low = read_pounds(match[1].strip() + scale[1]).value or low
            return (low, high) if low <= high else (high, low)
    raise CellError(f"“{text[:60]}” is no range. Write it as 28,000 to 33,000.")


def split_range(cell: Cell) -> tuple[Cell, tuple[Decimal, Decimal] | None]:
    """Return the value of a cell, and the range in brackets behind it. Raises CellError where it is none."""
    if isinstance(cell, str) and (both := _WITH_RANGE.fullmatch(one_line(cell))):
        return both[1], read_range(both[2])
    return cell, None


def is_range(cell: Cell) -> bool:
    """Return whether a cell holds a range and no value of its own."""
    try:
        return read_range(cell) is not None
    except CellError:
        return False


def note_of_prices(text: str) -> tuple[int, str] | None:
    """Return (the year, the words for it) that a note says prices are of, as “in 2022 prices” does."""
    for test in _NOTES_OF_PRICES:
        if match := test.search(text):
            return read_price_year(match[1])
    return None


def read_price_year(cell: Cell) -> tuple[int, str] | None:
    """Return (the year prices are of, the words for it); a financial year counts as its first year."""
    if isinstance(cell, bool) or cell is None:
        return None
    if hasattr(cell, "year"):
        return cell.year, str(cell.year)
    found = _YEAR.search(one_line(cell))
    if found is None:
        return None
    if not found[2]:
        return int(found[1]), found[1]
    return int(found[1]), f"{found[1]}/{found[2][-2:]}"


def kind_of(text: str) -> str | None:
    """Return the kind a text of the kinds' column means, None where it is not known."""
    key = text_key(text)
    return KINDS.get(key) or next((kind for kind in Kind.values if normal(kind) == key), None)


def direction_of(text: str) -> str | None:
    """Return which way is better by a text, None where it is not known."""
    key = normal(text).removesuffix("isbetter").removesuffix("better")
    if key in _HIGHER:
        return Direction.HIGHER
    return Direction.LOWER if key in _LOWER else None


def is_local(text: str) -> bool | None:
    """Return whether a text says local economic value (True) or social value (False); None: not known."""
    key = normal(text)
    return True if key in LOCAL else False if key in SOCIAL else None


def address_of(text: str) -> str:
    """Return the first web address in a text, "" where there is none that fits."""
    found = re.search(r"https?://[^\s<>\"”,;]+", text, re.IGNORECASE)
    if found is None and (bare := re.match(r"www\.[^\s<>\"”,;]+", text.strip(), re.IGNORECASE)):
        return f"https://{bare[0]}"[:500]
    return found[0] if found and len(found[0]) <= 500 else ""


__all__ = [
    "NOT_KNOWN_YET", "NO_VALUE", "RECORD_ONLY", "CellError", "Pounds", "address_of", "direction_of",
    "is_local", "kind_of", "one_line", "read_pounds", "read_price_year", "text_key",
]  # fmt: skip
