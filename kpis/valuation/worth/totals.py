"""What amounts come to together: a worth by stream, and the four figures side by side."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

from kpis.valuation.worth.amounts import LOCAL, SOCIAL, Amount, Line, Unpriced, value
from kpis.valuation.worth.money import EXACT, Money, summed


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
    return tuple(sorted(found.values(), key=_reading_order))


def _reading_order(line: Line) -> tuple:
    measure = line.measure
    return (
        measure.edition, measure.code, measure.pk, line.proxy.pk, line.year, line.is_harm, line.units < 0
    )  # fmt: skip


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
