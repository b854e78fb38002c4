"""Turns exact values into places on a picture, with ticks at round numbers."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

ZERO = Decimal(0)
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Scale:
    """A stretch of values from low to high, with the ticks between them, both ends among them."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...]

    def share(self, value: Decimal) -> Decimal:
        """Return where the value lies between low (0) and high (1)."""
        return (value - self.low) / (self.high - self.low)


def nice_scale(low: Decimal, high: Decimal, most_ticks: int = 6, *, whole: bool = False) -> Scale:
    """Return a scale that holds nought, low and high, its 2 to most_ticks ticks at round numbers.

    Where `whole`, no tick stands between two whole numbers: there is no half of a contract.
    """
    low, high = min(low, high, ZERO), max(low, high, ZERO)
    if low == high:
        high = low + 1
    rough = (high - low) / max(most_ticks - 2, 1)
    power = Decimal(1).scaleb(rough.adjusted())
    steps = (size * power for size in STEPS if size * power >= rough)
    step = next(one for one in steps if not whole or one % 1 == 0)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    ticks = tuple((first + index) * step for index in range(int(last - first) + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def place(value: Decimal) -> str:
    """Return a place on the picture with at most two decimals, as SVG writes it."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
