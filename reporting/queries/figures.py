"""A figure as page and file show it: the exact amount, the words, and whether it may be shown at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from govuk import formats
from kpis.models import Measure
from kpis.readings.suppression import HIDDEN_MARK

PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Figure:
    """An amount, exact, with the words for the page; hidden, it has no amount at all."""

    value: Decimal | None = None
    shown: str = ""
    hidden: bool = False
    # Words for the page only: a file leaves the cell blank.
    is_page_only: bool = False

    @property
    def cell(self) -> Decimal | str | None:
        """Return what a spreadsheet's cell holds: the exact amount, words where there is none, or blank."""
        if self.hidden:
            return HIDDEN_MARK
        if self.is_page_only:
            return None
        return self.value if self.value is not None else self.shown or None


NOT_SHOWN = Figure(None, HIDDEN_MARK, True)
BLANK = Figure()
NOT_COMBINED = Figure(None, "Not combined", is_page_only=True)


def exact(value: Fraction | Decimal | int | None) -> Decimal | None:
    """Return an amount to 4 places, rounded half up; None stays None."""
    if value is None:
        return None
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value).quantize(PLACES, rounding=ROUND_HALF_UP)


def written(measure: Measure, value: Decimal | Fraction | int | None) -> str:
    """Return an amount as the page writes it: £12.4k, 82.5%, 1,234.5; the unit stands in its own column."""
    amount = exact(value)
    if amount is None:
        return ""
    if measure.kind == "money":
        return formats.money_short(amount)
    if measure.is_percentage:
        return formats.percent(amount)
    return formats.figure(amount, shown_places(measure, amount))


def shown_places(measure: Measure, amount: Decimal) -> int:
    """Return how many decimal places the page shows; a target spread over months rarely comes out whole."""
    if abs(amount) >= 1000:
        return 0
    return min(max(measure.unit.places, 1), 2)


def in_full(measure: Measure, value: Decimal | Fraction | int | None) -> str:
    """Return an amount without shortening, with its unit: "£12,345.67", "1,240 weeks"."""
    amount = exact(value)
    if amount is None:
        return "no figure"
    if measure.kind == "money":
        return formats.money(amount)
    if measure.is_percentage:
        return formats.percent(amount, 2)
    return formats.with_unit(amount, measure.unit.short, 2)


def figure_of(measure: Measure, value: Decimal | Fraction | int | None) -> Figure:
    """Return an amount of a measure as a figure; blank stays blank."""
    return BLANK if value is None else Figure(exact(value), written(measure, value))


def unit_of(measure: Measure) -> str:
    """Return the unit as a chart and a header know it: £, % or the unit's short name."""
    if measure.kind == "money":
        return "£"
    if measure.is_percentage:
        return "%"
    return measure.unit.short
