"""What promises and readings come to in £: grouped in the database, then valued by `worth`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    Aggregate,
    BigIntegerField,
    BooleanField,
    Case,
    Count,
    Exists,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, ExtractYear, Round

from accounts.calendar import add_months, first_of_month, today
from contracts.models import Contract
from kpis.library.models import Direction, Kind, RollUp
from kpis.proposals.models import KPISet, KPITerms, MonthlyTarget
from kpis.proxies.models import ProxyValue
from kpis.readings.models import Reading
from kpis.valuation.facts import measure_facts, proxy_facts
from kpis.valuation.worth import Amount, FourFigures, Worth, worth_of

TARGET = "target"
# Of what is valued alike whatever the year.
ALL_YEARS = 0
DUE, REPORTED, VERIFIED = "target", "reported_value", "verified_value"
Key = tuple


@dataclass(frozen=True)
class Paths:
    """Where the rows of one table keep what amounts are grouped by."""

    measure: str
    proxy: str
    direction: str
    kpi: str
    contract: str
    directorate: str
    terms: str

    @property
    def priced(self) -> Q:
        """Return the condition that a row's units can have a £ value: the same as `MeasureFacts.never`."""
        return Q(
            **{
                f"{self.proxy}__isnull": False,
                f"{self.measure}__kind__in": [Kind.COUNT, Kind.MONEY],
                f"{self.measure}__roll_up": RollUp.SUM,
                f"{self.measure}__record_only": False,
            }
        )

    @property
    def guarded(self) -> Case:
        """Return whether a row is tied to a group of people, by its measure or by its terms."""
        prefix = f"{self.terms}__" if self.terms else ""
        tied = Q(**{f"{self.measure}__cohort__isnull": False}) | Q(**{f"{prefix}cohort__isnull": False})
        return Case(When(tied, then=True), default=False, output_field=BooleanField())

    def of(self, names: Sequence[str]) -> list[str]:
        """Return the columns of the names rows are told apart by: contract, directorate, kpi, month."""
        return [name if name == "month" else getattr(self, name) for name in names]


TARGETS = Paths(
    "terms__kpi__measure", "terms__proxy", "terms__kpi__direction", "terms__kpi",
    "terms__kpi_set__contract", "terms__kpi_set__contract__directorate", "terms",
)  # fmt: skip
TERMS = Paths(
    "kpi__measure", "proxy", "kpi__direction", "kpi", "kpi_set__contract",
    "kpi_set__contract__directorate", "",
)  # fmt: skip
READINGS = Paths(
    "measure", "terms__proxy", "kpi__direction", "kpi", "contract", "directorate", "terms",
)  # fmt: skip


def worth_committed(terms: QuerySet[KPITerms]) -> Worth:
    """Return what the targets of the terms are worth over their whole lives: six queries."""
    return committed_by(terms).get((), Worth())


def committed_by(terms: QuerySet[KPITerms], by: Sequence[str] = ()) -> dict[Key, Worth]:
    """Return the same for each contract, directorate or KPI (`by` names them): six queries.

    Months are told apart only where each year has a value of its own: else the whole target is valued at
    once, which is what its months come to.
    """
    for_all_years = Exists(ProxyValue.objects.filter(proxy=OuterRef("proxy"), year=None))
    by_year = MonthlyTarget.objects.filter(terms__in=terms.filter(~for_all_years).order_by().values("pk"))
    groups = [
        *_amounts(terms.filter(for_all_years), TERMS, [TARGET], by, of_year=Value(ALL_YEARS)),
        *_amounts(by_year.annotate(target=F("amount")), TARGETS, [TARGET], by),
    ]
    counted = _counts(terms, TERMS, {TARGET: Q()}, by)
    return _valued(groups, counted, [TARGET])[TARGET]


def figures_by(readings: QuerySet[Reading], by: Sequence[str] = ()) -> dict[str, dict[Key, Worth]]:
    """Return what is due, reported and verified in readings, each for every key of `by`: five queries."""
    names = [DUE, REPORTED, VERIFIED]
    groups = _amounts(readings, READINGS, names, by)
    counted = _counts(
        readings,
        READINGS,
        {DUE: Q(), REPORTED: Q(reported_at__isnull=False), VERIFIED: Q(verified_at__isnull=False)},
        by,
    )
    return _valued(groups, counted, names)


def worth_due(readings: QuerySet[Reading]) -> Worth:
    """Return what the targets of opened returns are worth."""
    return figures_by(readings)[DUE].get((), Worth())


def worth_reported(readings: QuerySet[Reading]) -> Worth:
    """Return what was reported is worth."""
    return figures_by(readings)[REPORTED].get((), Worth())


def worth_verified(readings: QuerySet[Reading]) -> Worth:
    """Return what was verified is worth."""
    return figures_by(readings)[VERIFIED].get((), Worth())


def four_figures(terms: QuerySet[KPITerms], readings: QuerySet[Reading]) -> FourFigures:
    """Return all four figures of promises and readings: eleven queries."""
    return four_by(terms, readings).get((), FourFigures())


def four_by(
    terms: QuerySet[KPITerms], readings: QuerySet[Reading], by: Sequence[str] = ()
) -> dict[Key, FourFigures]:
    """Return the four figures for each key of `by`: eleven queries."""
    committed, figures = committed_by(terms, by), figures_by(readings, by)
    keys = {*committed, *(key for found in figures.values() for key in found)}
    return {
        key: FourFigures(
            committed.get(key, Worth()),
            *(figures[name].get(key, Worth()) for name in (DUE, REPORTED, VERIFIED)),
        )
        for key in keys
    }


def worth_of_kpi(kpi, month: dt.date | None = None) -> FourFigures:
    """Return the four figures of one KPI, to the end of a month (all months without one)."""
    terms = KPITerms.objects.filter(kpi=kpi, kpi_set__in=_in_force(kpi.contract_id, month))
    return four_figures(terms, _until(Reading.objects.filter(kpi=kpi), month))


def worth_of_set(kpi_set: KPISet) -> Worth:
    """Return what a set promises over its whole life, whether it is in force or not."""
    return worth_committed(KPITerms.objects.filter(kpi_set=kpi_set))


def worth_of_contract(contract: Contract | int, month: dt.date | None = None) -> FourFigures:
    """Return the four figures of a contract to the end of a month, with the KPIs of earlier sets."""
    number = contract if isinstance(contract, int) else contract.pk
    terms = KPITerms.objects.filter(kpi_set__in=_in_force(number, month))
    return four_figures(terms, _until(Reading.objects.filter(contract=number), month))


def _in_force(contract: int, month: dt.date | None):
    """Return the set in force in a month, this month where none is given."""
    sets = KPISet.objects.in_force(month or first_of_month(today())).filter(contract=contract)
    return sets.order_by().values("pk")


def _until(readings: QuerySet[Reading], month: dt.date | None) -> QuerySet[Reading]:
    return readings if month is None else readings.filter(month__lt=add_months(month, 1))


def whole(field: str, where: Q) -> Sum:
    """Return the sum of a figure in ten-thousandths, as a whole number: exact on every database."""
    return Sum(Cast(Round(F(field) * Value(10000)), BigIntegerField()), filter=where)


def _amounts(
    rows: QuerySet,
    paths: Paths,
    fields: Sequence[str],
    by: Sequence[str],
    of_year: Expression | None = None,
) -> list[dict]:
    """Return units by measure, proxy, year, direction and guard, what is above and below nought apart.

    A sum over months would give figures of both signs one range: each has its own. One query.
    """
    sums: dict[str, Aggregate] = {}
    for field in fields:
        sums[f"{field}_above"] = whole(field, Q(**{f"{field}__gte": 0}))
        sums[f"{field}_below"] = whole(field, Q(**{f"{field}__lt": 0}))
        sums[f"{field}_kpis"] = Count(paths.kpi, distinct=True, filter=Q(**{f"{field}__isnull": False}))
    grouped = (
        rows.filter(paths.priced)
        .order_by()
        .annotate(of_year=of_year or ExtractYear("month"), is_guarded=paths.guarded)
        .values(*paths.of(by), paths.measure, paths.proxy, paths.direction, "of_year", "is_guarded")
        .annotate(**sums)
    )
    return [
        {
            **row,
            "key": tuple(row[column] for column in paths.of(by)),
            "measure_id": row[paths.measure],
            "proxy_id": row[paths.proxy],
            "is_harm": row[paths.direction] == Direction.LOWER,
        }
        for row in grouped
    ]


def _counts(rows: QuerySet, paths: Paths, conditions: dict[str, Q], by: Sequence[str]) -> list[dict]:
    """Return how many KPIs of each measure have a £ value, and how many of those are kept apart: one query.

    In readings a KPI whose terms took a £ value only later stands in both: its early figures have none.
    """
    priced = Case(When(paths.priced, then=True), default=False, output_field=BooleanField())
    grouped = (
        rows.order_by()
        .annotate(is_priced=priced, is_guarded=paths.guarded)
        .values(*paths.of(by), paths.measure, "is_priced", "is_guarded")
        .annotate(
            **{
                f"{name}_kpis": Count(paths.kpi, distinct=True, filter=condition)
                if condition
                else Count(paths.kpi, distinct=True)
                for name, condition in conditions.items()
            }
        )
    )
    return [
        {**row, "key": tuple(row[column] for column in paths.of(by)), "measure_id": row[paths.measure]}
        for row in grouped
    ]


def _valued(
    groups: Iterable[dict], counted: Iterable[dict], fields: Sequence[str]
) -> dict[str, dict[Key, Worth]]:
    """Return the worth of each field and key: three queries for measures, proxies and their values."""
    groups, counted = list(groups), list(counted)
    measures = measure_facts(row["measure_id"] for row in (*groups, *counted))
    proxies = proxy_facts(row["proxy_id"] for row in groups)
    found: dict[str, dict[Key, Worth]] = {}
    for field in fields:
        amounts: dict[Key, list[Amount]] = defaultdict(list)
        kpis: dict[Key, int] = defaultdict(int)
        guarded: dict[Key, int] = defaultdict(int)
        for row in groups:
            for side in ("above", "below"):
                units = row[f"{field}_{side}"]
                if units is not None:
                    amounts[row["key"]].append(
                        Amount(
                            measures[row["measure_id"]],
                            proxies[row["proxy_id"]],
                            Decimal(units).scaleb(-4),
                            int(row["of_year"]),
                            row["is_harm"],
                            row[f"{field}_kpis"],
                            bool(row["is_guarded"]),
                        )
                    )
        for row in counted:
            n = row[f"{field}_kpis"]
            kpis[row["key"]] += n
            if not n:
                continue
            if not row["is_priced"]:
                amounts[row["key"]].append(Amount(measures[row["measure_id"]], None, Decimal(0), 0, kpis=n))
            elif row["is_guarded"]:
                guarded[row["key"]] += n
        found[field] = {
            key: worth_of(amounts[key], kpis=kpis[key], guarded_kpis=guarded[key])
            for key in {*amounts, *kpis}
            if amounts[key] or kpis[key]
        }
    return found
