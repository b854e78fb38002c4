"""Sets £ values of one measure side by side, with the difference per unit between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from govuk import formats
from kpis.proxies.models import Proxy, ProxyValue
from kpis.proxies.words import rounded


@dataclass(frozen=True)
class Side:
    """One proxy as it is compared: its figures of the year, and what a unit comes to after adjustments."""

    proxy: Proxy
    row: ProxyValue | None
    worth: Decimal | None


@dataclass(frozen=True)
class Comparison:
    """Two proxies of a measure in one year; `more` is what a unit of the other is worth above the first."""

    year: int
    one: Side
    other: Side
    more: Decimal | None
    percent: Decimal | None

    @property
    def in_words(self) -> str:
        """Return "£24.37 more a unit (10%)", "the same", or "" where one has no value for the year."""
        if self.more is None:
            return ""
        if not self.more:
            return "the same"
        share = f" ({formats.percent(abs(self.percent))})" if self.percent is not None else ""
        return f"{rounded(abs(self.more))} {'more' if self.more > 0 else 'less'} a unit{share}"

    @property
    def is_like_for_like(self) -> bool:
        """Return whether both are in the prices of one year."""
        return self.one.proxy.price_year == self.other.proxy.price_year


def compare(one: Proxy, other: Proxy, year: int) -> Comparison:
    """Return the two side by side for a calendar year, each times its own factor; exact."""
    first, second = _side(one, year), _side(other, year)
    more = percent = None
    if first.worth is not None and second.worth is not None:
        more = second.worth - first.worth
        percent = more / first.worth * 100 if first.worth else None
    return Comparison(year, first, second, more, percent)


def _side(proxy: Proxy, year: int) -> Side:
    row = proxy.value_in(year)
    return Side(proxy, row, row.value * proxy.factor if row else None)


def beside(proxy: Proxy, year: int) -> list[Comparison]:
    """Return the proxy against the measure's others that are not withdrawn, the local before the national."""
    others = (
        proxy.measure.proxies.filter(withdrawn_at=None)
        .exclude(pk=proxy.pk)
        .select_related("measure")
        .prefetch_related("values")
        .order_by("-is_local", "-is_usual", "-pk")
    )
    return [compare(proxy, other, year) for other in others]
