"""Says prices of one year in another's by a published series of deflators: only when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale
from govuk import formats
from kpis.proxies.lines import Figure
from kpis.proxies.models import DeflatorSeries, Proxy
from kpis.proxies.verbs import FIELDS, add_proxy, replace_proxy
from kpis.proxies.words import pounds

# Figures are kept to four decimal places, so an uplifted one is rounded to them, half up.
PLACES = 4


@dataclass(frozen=True)
class Line:
    """One figure uplifted: which it is, what it was, what it comes to."""

    year: int | None
    what: str
    was: Decimal
    becomes: Decimal
    working: str


@dataclass(frozen=True)
class Uplift:
    """A proxy's figures said in another year's prices, with the working of each."""

    proxy: Proxy
    series: DeflatorSeries
    to_year: int
    from_index: Decimal
    to_index: Decimal
    lines: list[Line]

    @property
    def figures(self) -> list[Figure]:
        """Return the uplifted figures, as a new proxy takes them."""
        by_year: dict[int | None, dict[str, Decimal]] = {}
        for line in self.lines:
            by_year.setdefault(line.year, {})[line.what] = line.becomes
        return [
            Figure(year, found["value"], found.get("low"), found.get("high"))
            for year, found in by_year.items()
        ]

    @property
    def about(self) -> str:
        """Return the series and the two indices in one sentence."""
        return (
            f"{self.series.name}: {self.proxy.price_year} is {formats.figure(self.from_index)}, "
            f"{self.to_year} is {formats.figure(self.to_index)}."
        )

    @property
    def in_words(self) -> str:
        """Return the whole working, line by line: what the new proxy keeps."""
        return "\n".join([self.about, *(line.working for line in self.lines)])


def uplifted(proxy: Proxy, series: DeflatorSeries, to_year: int) -> Uplift:
    """Return the proxy's figures in the prices of a year; nothing changes. Raises Invalid where it can't be.

    Each figure is multiplied by the index of the year asked for over that of the proxy's own prices, exact,
    then rounded half up to four decimal places.
    """
    indices = {row.year: row.value for row in series.indices.all()}
    missing = [year for year in (proxy.price_year, to_year) if year not in indices]
    if missing:
        first, last = (min(indices), max(indices)) if indices else (None, None)
        reach = f"It has {first} to {last}" if indices else "It has no years"
        raise Invalid([("year", f"{series.name} has no index for {missing[0]}. {reach}")])
    if to_year == proxy.price_year:
        raise Invalid([("year", f"It is in {to_year} prices already. Choose another year")])
    lines = []
    for row in sorted(proxy.values.all(), key=lambda row: row.year or 0):
        for what, amount in (("value", row.value), ("low", row.low), ("high", row.high)):
            if amount is not None:
                lines.append(_line(row.year, what, amount, indices[proxy.price_year], indices[to_year]))
    return Uplift(proxy, series, to_year, indices[proxy.price_year], indices[to_year], lines)


def _line(year, what, amount, from_index, to_index):
    becomes = formats.round_to(amount * to_index / from_index, PLACES)
    named = ", ".join(str(part) for part in (year, what) if part and part != "value")
    working = (
        f"{pounds(amount)} × {formats.figure(to_index)} / {formats.figure(from_index)} = {pounds(becomes)}"
    )
    return Line(year, what, amount, becomes, f"{named}: {working}" if named else working)


def add_uplifted(
    proxy: Proxy, *, by: Person, series: DeflatorSeries, to_year: int, name: str, replacing: bool
) -> Proxy:
    """Return a new proxy in the prices of a year, in place of the old or beside it; the old one stands.

    It keeps everything else of the old one and the working in words. Raises Invalid, and Stale where the old
    one or the series is offered no longer.
    """
    if not series.is_current:
        raise Stale(f"“{series.name}” is no longer offered for uplifts. Choose another series.")
    uplift = uplifted(proxy, series, to_year)
    facts = {field: getattr(proxy, field) for field in FIELDS}
    facts |= {
        "name": name,
        "price_year": to_year,
        "uplift_working": uplift.in_words,
        "deflators": series,
    }
    if proxy.factor != 1 and not proxy.adjustments_why:
        facts["adjustments_why"] = f"As in “{proxy.name}”"
    if not replacing:
        return add_proxy(proxy.measure, by=by, values=uplift.figures, **facts)
    why = f"Said in {to_year} prices by {series.name}"
    return replace_proxy(proxy, by=by, values=uplift.figures, why=why, **facts)
