"""The terms of a KPI as they were frozen when a set was sent: read from that content, not from today's rows.

They have what `kpis.proposals.differences` and `kpis.proxies.words` read of a set's rows, so that a record
says a change in the words in which it was shown for decision.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.calendar import parse_month
from kpis.library.models import Kind

# What the service holds today may be another: everything here comes from this.
Content = Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """A list that is read as a model's rows are."""

    rows: list[Any]

    def all(self) -> list[Any]:
        """Return the rows."""
        return self.rows


@dataclass(frozen=True)
class FrozenUnit:
    """What was counted."""

    short: str
    name: str


@dataclass(frozen=True)
class FrozenMeasure:
    """The measure as it was named then."""

    code: str
    title: str
    kind: str
    roll_up: str
    unit: FrozenUnit

    @property
    def is_percentage(self) -> bool:
        """Return whether it is a share of a whole."""
        return self.kind == Kind.PERCENTAGE

    @property
    def is_number(self) -> bool:
        """Return whether a figure is rated against a target."""
        return self.kind in {Kind.COUNT, Kind.MONEY, Kind.PERCENTAGE}


@dataclass(frozen=True)
class FrozenKPI:
    """Which KPI it is, and how it counts."""

    pk: int
    direction: str
    kind: str
    measure: FrozenMeasure


@dataclass(frozen=True)
class FrozenAmount:
    """One month's target, or what a unit was worth in one year (None for every year)."""

    amount: Decimal | None = None
    month: dt.date | None = None
    year: int | None = None
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class FrozenProxy:
    """What a unit was worth in £."""

    pk: int
    name: str
    price_year: int
    source: str
    stream: str
    factor: Decimal
    values: Rows


@dataclass(frozen=True)
class FrozenTerms:
    """One KPI as it was promised then."""

    position: int
    kpi: FrozenKPI
    title: str
    target: Decimal | None
    starts_month: dt.date
    ends_month: dt.date
    baseline: Decimal | None
    profile: str
    cohort: str | None
    counting_rule: str
    evidence_expected: str
    green_from: Decimal | None
    amber_from: Decimal | None
    why: str
    numerator_name: str
    denominator_name: str
    monthly_targets: Rows
    proxy: FrozenProxy | None = field(default=None)

    @property
    def kpi_id(self) -> int:
        """Return the key of the KPI that continues across sets."""
        return self.kpi.pk

    @property
    def measure(self) -> FrozenMeasure:
        """Return the measure it counts by."""
        return self.kpi.measure

    @property
    def proxy_id(self) -> int | None:
        """Return the number of the £ value, or None."""
        return self.proxy.pk if self.proxy else None

    @property
    def adds_up(self) -> bool:
        """Return whether its monthly targets sum to the target."""
        return self.measure.roll_up == "sum" and not self.measure.is_percentage


def terms_of(content: Content) -> list[FrozenTerms]:
    """Return every KPI of frozen content, in its order."""
    return [_terms(kpi) for kpi in content["kpis"]]


def _terms(kpi: Content) -> FrozenTerms:
    unit = FrozenUnit(kpi["unit_name"], kpi["unit_name"])
    measure = FrozenMeasure(kpi["measure"], kpi["measure_title"], kpi["kind"], kpi["roll_up"], unit)
    months = sorted(kpi["monthly_targets"].items())
    return FrozenTerms(
        position=kpi["position"],
        kpi=FrozenKPI(kpi["kpi"], kpi["direction"], kpi["kind"], measure),
        title=kpi["title"],
        target=number(kpi["target"]),
        starts_month=parse_month(kpi["starts_month"]),
        ends_month=parse_month(kpi["ends_month"]),
        baseline=number(kpi["baseline"]),
        profile=kpi["profile"],
        cohort=kpi["cohort"],
        counting_rule=kpi["counting_rule"],
        evidence_expected=kpi["evidence_expected"],
        green_from=number(kpi["green_from"]),
        amber_from=number(kpi["amber_from"]),
        why=kpi["why"],
        numerator_name=kpi.get("numerator_name", ""),
        denominator_name=kpi.get("denominator_name", ""),
        monthly_targets=Rows(
            [FrozenAmount(month=parse_month(month), amount=number(amount)) for month, amount in months]
        ),
        proxy=_proxy(kpi["proxy"]) if kpi.get("proxy") else None,
    )


def _proxy(proxy: Content) -> FrozenProxy:
    return FrozenProxy(
        pk=proxy["number"],
        name=proxy["name"],
        price_year=proxy["price_year"],
        source=proxy["source"],
        stream=proxy["stream"],
        factor=number(proxy["factor"]) or Decimal(1),
        values=Rows(
            [
                FrozenAmount(
                    year=row["year"],
                    value=number(row["value"]),
                    low=number(row["low"]),
                    high=number(row["high"]),
                )
                for row in proxy["values"]
            ]
        ),
    )


def number(text: str | None) -> Decimal | None:
    """Return the number frozen content holds as text; None stays None."""
    return None if text is None else Decimal(text)
