"""Reading a target or a result as people write them: "12 weeks", "£20,000", "45%", "5 FTE", "45 of 60"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from spreadsheets.mapping import normal
from spreadsheets.values import CellError, read_figure, read_money
from spreadsheets.workbooks import Cell

# What is written where nobody knows yet, or where nothing is meant: never 0.
NOTHING = frozenset(
    ("na", "tbc", "tba", "tbd", "notapplicable", "notknown", "unknown", "notyet", "pending", "notset")
)
ZERO = frozenset(("nil", "none", "zero", "nothingtoreport", "ntr"))
_WITH_UNIT = re.compile(
    r"(?P<amount>[(\-+]?\s*£?\s*[0-9][0-9,. ]*?[0-9]?\s*(?:k|m|bn)?\)?)\s*(?P<unit>[A-Za-z%£].*)?"
)
_PARTS = re.compile(
    r"(?P<top>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?:/|of|out of)\s*(?P<bottom>[0-9][0-9,]*(?:\.[0-9]+)?)"
)
_PERCENT = re.compile(
    r"(?P<amount>[(\-+]?\s*[0-9][0-9,.]*\)?)\s*(?:%|per ?cent\b)(?P<rest>.*)", re.IGNORECASE
)
_RATE = re.compile(
    r"\b(?:per|a|each|every)\s+(?:year|annum|month|quarter|week|term)\b|\bp\.?\s?a\.?\b|/\s*(?:year|yr|month|quarter)\b"
    r"|\b(?:annually|monthly|quarterly|yearly|pcm)\b",
    re.IGNORECASE,
)
_POUNDS = re.compile(r"[(\-]?\s*(£|gbp\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """An amount as written: its number, and what it says of its unit."""

    value: Decimal | None = None
    unit: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    # The cell held a bare number, as a spreadsheet stores one shown as a percentage.
    is_bare: bool = False

    @property
    def is_blank(self) -> bool:
        """Return whether nothing is said."""
        return self.value is None and self.numerator is None


def read_amount(cell: Cell) -> Amount:
    """Return what a cell holds; blank for blank, “TBC” and “n/a”. Raises CellError with a sentence."""
    if not isinstance(cell, str):
        value = read_figure(cell)
        return Amount(value, is_bare=value is not None)
    text = " ".join(cell.split())
    if _RATE.search(text):
        raise CellError(
            f"“{text[:60]}” is an amount for each year or month. Write the amount for the whole time, or the "
            "level to hold, without those words."
        )
    key = normal(text)
    if key in NOTHING or not text.strip("-–—. "):
        return Amount()
    if key in ZERO:
        return Amount(Decimal(0))
    if match := _PARTS.fullmatch(text):
        return Amount(numerator=read_figure(match["top"]), denominator=read_figure(match["bottom"]))
    if match := _PERCENT.fullmatch(text):
        return Amount(read_figure(match["amount"]), f"% {match['rest'].strip()}".strip())
    if _POUNDS.match(text):
        match = _WITH_UNIT.fullmatch(text)
        if match and match["unit"]:
            return Amount(read_money(match["amount"]), "£")
        return Amount(read_money(text), "£")
    try:
        return Amount(read_figure(text))
    except CellError:
        match = _WITH_UNIT.fullmatch(text)
        if match is None or not match["unit"]:
            raise
        amount, unit = match["amount"].strip(), match["unit"].strip()
        # “12.5k people”: a scale belongs to pounds only, so elsewhere it is no number.
        return Amount(read_figure(amount), unit)
