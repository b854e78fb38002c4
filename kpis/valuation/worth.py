"""The arithmetic of £: what amounts of units are worth by their proxies, exact, with no query in it.

£ of an amount = units x £ per unit in the amount's calendar year x the proxy's factor; a harm that is counted
(lower is better) takes the minus sign. Each figure has a range of its own, so the parts add up to the whole.
Nothing is rounded here except by `pennies`, once, where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

from govuk import formats

# Wide enough for any units x £ x factor; a result that had to be rounded would be an error, never silent.
EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
PENNY = Decimal("0.01")
NONE = Decimal(0)

SOCIAL, LOCAL = "social", "local"
STREAMS = (SOCIAL, LOCAL)
STREAM_WORDS = {SOCIAL: "Additional social value", LOCAL: "Local economic value"}

NO_PROXY = "no £ value is set for it"
PERCENTAGE = "a percentage is never valued as if it were a count"
RECORD_ONLY = "it is recorded only"
NOT_AN_AMOUNT = "it is not an amount"
LEVEL = "a level that is held would be counted again each month"


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


@dataclass(frozen=True)
class Worth:
    """What a number of promises or readings come to. The streams are never one sum."""

    lines: tuple[Line, ...] = ()
    # Tied to a group of people: in no headline.
    guarded: tuple[Line, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    # How many KPIs stand behind it: all, those without any £ value, and those kept apart.
    kpis: int = 0
    unpriced_kpis: int = 0
    guarded_kpis: int = 0

    def __add__(self, other: Worth) -> Worth:
        """Return both together; the same line twice becomes one. No KPI may be in both: they are added."""
        return Worth(
            merged((*self.lines, *other.lines)),
            merged((*self.guarded, *other.guarded)),
            named_once((*self.unpriced, *other.unpriced)),
            self.kpis + other.kpis,
            self.unpriced_kpis + other.unpriced_kpis,
            self.guarded_kpis + other.guarded_kpis,
        )

    def __bool__(self) -> bool:
        return bool(self.lines or self.guarded or self.unpriced)

    def of(self, stream: str) -> Money | None:
        """Return the total of one stream; None where nothing in it has a £ value."""
        return summed(line.money for line in self.lines if line.stream == stream)

    @property
    def social(self) -> Money | None:
        """Return additional social value."""
        return self.of(SOCIAL)

    @property
    def local(self) -> Money | None:
        """Return local economic value."""
        return self.of(LOCAL)

    def kept_apart(self, stream: str) -> Money | None:
        """Return what the lines about groups of people come to: for those who may see them only."""
        return summed(line.money for line in self.guarded if line.stream == stream)

    def of_measure(self, pk: int) -> Worth:
        """Return the part of one measure; how many KPIs there are is not known of a part."""
        return Worth(
            tuple(line for line in self.lines if line.measure.pk == pk),
            tuple(line for line in self.guarded if line.measure.pk == pk),
            tuple(one for one in self.unpriced if one.measure.pk == pk),
        )

    @property
    def editions(self) -> tuple[str, ...]:
        """Return the editions whose measures are in it, by name."""
        return tuple(sorted({line.measure.edition for line in (*self.lines, *self.guarded)}))

    @property
    def priced_kpis(self) -> int:
        """Return how many KPIs have a £ value that counts in the totals."""
        return self.kpis - self.unpriced_kpis - self.guarded_kpis

    @property
    def without_years(self) -> tuple[Unpriced, ...]:
        """Return what has no £ value for a year only."""
        return tuple(one for one in self.unpriced if one.year is not None)

    @property
    def never_priced(self) -> tuple[Unpriced, ...]:
        """Return the KPIs without any £ value."""
        return tuple(one for one in self.unpriced if one.year is None)


def worth_of(amounts: Iterable[Amount], *, kpis: int = 0, guarded_kpis: int = 0) -> Worth:
    """Return what the amounts are worth together. `kpis`: how many stand behind them."""
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    for amount in amounts:
        found = value(amount)
        if isinstance(found, Line):
            lines.append(found)
        else:
            unpriced.append(found)
    never = named_once(unpriced)
    return Worth(
        merged(line for line in lines if not line.guarded),
        merged(line for line in lines if line.guarded),
        never,
        kpis,
        sum(one.kpis for one in never if one.year is None),
        guarded_kpis,
    )


def merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines with those of one measure, proxy, year and sign added up, in reading order."""
    found: dict[Hashable, Line] = {}
    for line in lines:
        key = (line.measure.pk, line.proxy.pk, line.year, line.is_harm, line.units < 0)
        held = found.get(key)
        found[key] = (
            line
            if held is None
            else replace(
                held,
                units=EXACT.add(held.units, line.units),
                money=held.money + line.money,
                kpis=held.kpis + line.kpis,
            )
        )
    order: Callable[[Line], tuple] = lambda line: (  # noqa: E731
        line.measure.edition,
        line.measure.code,
        line.measure.pk,
        line.proxy.pk,
        line.year,
        line.is_harm,
        line.units < 0,
    )
    return tuple(sorted(found.values(), key=order))


def named_once(unpriced: Iterable[Unpriced]) -> tuple[Unpriced, ...]:
    """Return those of one measure and reason as one, in reading order."""
    found: dict[Hashable, Unpriced] = {}
    for one in unpriced:
        key = (one.measure.pk, one.reason, one.year, one.name, one.units is None)
        held = found.get(key)
        if held is None:
            found[key] = one
            continue
        told = held.units is not None and one.units is not None
        units = EXACT.add(held.units, one.units) if told else held.units  # type: ignore[arg-type]
        found[key] = replace(held, kpis=held.kpis + one.kpis, units=units)
    return tuple(
        sorted(found.values(), key=lambda one: (one.measure.edition, one.measure.code, one.name, one.reason))
    )


@dataclass(frozen=True)
class FourFigures:
    """Committed, due, reported and verified, side by side."""

    committed: Worth = field(default_factory=Worth)
    due: Worth = field(default_factory=Worth)
    reported: Worth = field(default_factory=Worth)
    verified: Worth = field(default_factory=Worth)

    NAMES = ("committed", "due", "reported", "verified")

    @property
    def named(self) -> list[tuple[str, Worth]]:
        """Return (name, worth) of each of the four."""
        return [(name, getattr(self, name)) for name in self.NAMES]

    def of_measure(self, pk: int) -> FourFigures:
        """Return the four figures of one measure."""
        return FourFigures(*(worth.of_measure(pk) for _, worth in self.named))

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return every line that counts in a headline."""
        return tuple(line for _, worth in self.named for line in worth.lines)

    @property
    def editions(self) -> tuple[str, ...]:
        """Return the editions whose measures are in any of the four."""
        return tuple(sorted({name for _, worth in self.named for name in worth.editions}))

    @property
    def guarded_kpis(self) -> int:
        """Return how many KPIs are kept out of the totals: as promised, or as reported where that is more."""
        return max(worth.guarded_kpis for _, worth in self.named)

    def __bool__(self) -> bool:
        return any(worth for _, worth in self.named)
