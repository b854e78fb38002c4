"""Units of one measure in one year and what they are worth: a line with its working, or why there is no £."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from govuk import formats
from kpis.valuation.worth.money import EXACT, Money, plain

SOCIAL, LOCAL = "social", "local"
STREAMS = (SOCIAL, LOCAL)
STREAM_WORDS = {SOCIAL: "Additional social value", LOCAL: "Local economic value"}

NO_PROXY = "no £ value is set for it"
PERCENTAGE = "a percentage is never valued as if it were a count"
RECORD_ONLY = "it is recorded only"
NOT_AN_AMOUNT = "it is not an amount"
LEVEL = "a level that is held would be counted again each month"


@dataclass(frozen=True)
class YearValue:
    """£ per unit for one calendar year, or for all (year None)."""

    year: int | None
    value: Decimal
    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, year: int | None, value: Decimal, low: Decimal | None, high: Decimal | None) -> YearValue:
        """Return the value; a missing end of the range is the value itself."""
        return cls(year, value, value if low is None else low, value if high is None else high)


@dataclass(frozen=True)
class ProxyFacts:
    """What of a proxy the arithmetic and its working need."""

    pk: int
    name: str
    measure_id: int
    unit: str
    stream: str
    price_year: int
    geography: str
    source: str
    factor: Decimal
    values: tuple[YearValue, ...]
    source_url: str = ""
    is_local: bool = False
    # "10% off, would have happened anyway", one a line: what the factor is made of.
    adjustments: tuple[str, ...] = ()
    uplift_working: str = ""

    def value_in(self, year: int) -> YearValue | None:
        """Return the value for all years, or the year's own; None where the proxy says nothing of it."""
        by_year = {one.year: one for one in self.values}
        return by_year.get(None) or by_year.get(year)


@dataclass(frozen=True)
class MeasureFacts:
    """What of a measure the arithmetic and its working need."""

    pk: int
    code: str
    title: str
    edition: str
    unit: str
    kind: str = "count"
    roll_up: str = "sum"
    record_only: bool = False

    @property
    def never(self) -> str:
        """Return why it is never given a £ value; "" where it may be."""
        if self.record_only:
            return RECORD_ONLY
        if self.kind == "percentage":
            return PERCENTAGE
        if self.kind not in {"count", "money"}:
            return NOT_AN_AMOUNT
        return LEVEL if self.roll_up != "sum" else ""


@dataclass(frozen=True)
class Amount:
    """Units of one measure in one calendar year that are valued by one proxy, all of one sign."""

    measure: MeasureFacts
    proxy: ProxyFacts | None
    units: Decimal
    year: int
    is_harm: bool = False
    kpis: int = 0
    # Tied to a group of people: kept apart from every headline.
    guarded: bool = False


@dataclass(frozen=True)
class Line:
    """One amount with what it is worth and all that is needed to work it out again."""

    measure: MeasureFacts
    proxy: ProxyFacts
    units: Decimal
    year: int
    value: YearValue
    money: Money
    is_harm: bool = False
    kpis: int = 0
    guarded: bool = False

    @property
    def stream(self) -> str:
        """Return "social" or "local"."""
        return self.proxy.stream

    @property
    def units_shown(self) -> str:
        """Return the exact units, "1,240.5"."""
        return plain(self.units)

    @property
    def per_unit(self) -> str:
        """Return "£16.93", every digit of the value."""
        return f"£{plain(self.value.value)}"

    @property
    def per_unit_range(self) -> str:
        """Return "£8.47 to £25.40"; "" where the value has no range."""
        if self.value.low == self.value.value == self.value.high:
            return ""
        return f"£{plain(self.value.low)} to £{plain(self.value.high)}"

    @property
    def factor(self) -> str:
        """Return the factor, "0.4875"."""
        return plain(self.proxy.factor)

    @property
    def is_adjusted(self) -> bool:
        """Return whether the factor changes anything."""
        return self.proxy.factor != 1

    @property
    def value_of(self) -> str:
        """Return which year's value it is: "2026" or "all years"."""
        return "all years" if self.value.year is None else str(self.value.year)


@dataclass(frozen=True)
class Unpriced:
    """KPIs of one measure without a £ value, or without one for a year, and why."""

    measure: MeasureFacts
    reason: str
    kpis: int
    # Where the proxy has no value for a year: the year. Such a KPI may have £ in other years.
    year: int | None = None
    # Those units; None where they may not be told, being about a group of people.
    units: Decimal | None = None
    name: str = ""

    @property
    def words(self) -> str:
        """Return "Jobs in the area (3 KPIs): no £ value is set for it"."""
        words = f"{self.name or self.measure.title} ({formats.plural(self.kpis, 'KPI')}): {self.reason}"
        if self.units is None:
            return words
        return f"{words}; {plain(self.units)} {self.measure.unit} are counted, not valued"


def value(amount: Amount) -> Line | Unpriced:
    """Return what an amount is worth, or why it has no £ value."""
    measure, proxy = amount.measure, amount.proxy
    if measure.never:
        return Unpriced(measure, measure.never, amount.kpis)
    if proxy is None:
        return Unpriced(measure, NO_PROXY, amount.kpis)
    per_unit = proxy.value_in(amount.year)
    if per_unit is None:
        return Unpriced(
            measure,
            f"“{proxy.name}” has no value for {amount.year}",
            amount.kpis,
            amount.year,
            None if amount.guarded else amount.units,
        )
    return Line(
        measure,
        proxy,
        amount.units,
        amount.year,
        per_unit,
        worth_in_money(amount.units, per_unit, proxy.factor, is_harm=amount.is_harm),
        amount.is_harm,
        amount.kpis,
        amount.guarded,
    )


def worth_in_money(units: Decimal, per_unit: YearValue, factor: Decimal, *, is_harm: bool = False) -> Money:
    """Return units x £ x factor with its range; a harm with the minus sign. Exact, never rounded."""
    times = EXACT.multiply(EXACT.minus(units) if is_harm else units, factor)
    central, one, other = (
        EXACT.multiply(times, each) for each in (per_unit.value, per_unit.low, per_unit.high)
    )
    return Money(central, min(one, other), max(one, other))
