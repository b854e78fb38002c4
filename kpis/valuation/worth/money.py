"""Exact £: adding and taking away without rounding, the range they lie in, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

from govuk import formats

# Wide enough for any units x £ x factor; a result that had to be rounded would be an error, never silent.
EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
PENNY = Decimal("0.01")
NONE = Decimal(0)


def pennies(value: Decimal) -> Decimal:
    """Return an exact amount as it is shown in full: to the penny, half up (away from nought)."""
    return value.quantize(PENNY, rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """Return an exact amount as digits with thousands separated, no digit left out: "16.93", "0.4875"."""
    text = f"{abs(value):,f}"
    return formats.signed(text.rstrip("0").rstrip(".") if "." in text else text, value < 0)


@dataclass(frozen=True)
class Money:
    """£ with the range they lie in: low <= central <= high, exact."""

    central: Decimal = NONE
    low: Decimal = NONE
    high: Decimal = NONE

    def __add__(self, other: Money) -> Money:
        return Money(
            EXACT.add(self.central, other.central),
            EXACT.add(self.low, other.low),
            EXACT.add(self.high, other.high),
        )

    def __sub__(self, other: Money) -> Money:
        """Return how much more this is, low against low and high against high, put in order."""
        central = EXACT.subtract(self.central, other.central)
        ends = (EXACT.subtract(self.low, other.low), EXACT.subtract(self.high, other.high))
        return Money(central, min(*ends, central), max(*ends, central))

    @property
    def has_range(self) -> bool:
        """Return whether low or high differ from the value."""
        return not self.low == self.central == self.high

    @property
    def shown(self) -> str:
        """Return "£12.4k": short from 10,000 on."""
        return formats.money_short(self.central)

    @property
    def range_shown(self) -> str:
        """Return "£6.2k to £18.6k", short; "" where there is no range."""
        if not self.has_range:
            return ""
        return f"{formats.money_short(self.low)} to {formats.money_short(self.high)}"

    @property
    def in_full(self) -> str:
        """Return "£12,345.67", to the penny."""
        return formats.money(pennies(self.central))

    @property
    def range_in_full(self) -> str:
        """Return "£6,172.84 to £18,518.51"; "" where there is no range."""
        if not self.has_range:
            return ""
        return f"{formats.money(pennies(self.low))} to {formats.money(pennies(self.high))}"

    @property
    def cells(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return central, low and high to the penny, as a file's cells hold them."""
        return pennies(self.central), pennies(self.low), pennies(self.high)


def summed(amounts: Iterable[Money]) -> Money | None:
    """Return the amounts added up; None where there are none (blank is never 0)."""
    total: Money | None = None
    for amount in amounts:
        total = amount if total is None else total + amount
    return total
