"""How contracts' figures of one measure come to one: added up, the highest of them, or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from kpis.library.models import Across
from kpis.models import Measure
from kpis.readings.to_date import Month, roll_up
from reporting.queries.periods import Period
from reporting.queries.scope import Scope

# Cut points don’t matter here: only the figure is read, never its status.
GREEN_FROM, AMBER_FROM = Decimal(100), Decimal(90)
WORDS = {
    Across.NONE: "each contract for itself",
    Across.MAXIMUM: "the highest contract’s",
}


def is_highest(measure: Measure) -> bool:
    """Return whether the contracts' figure is the highest of theirs."""
    return measure.is_number and measure.across == Across.MAXIMUM


def is_apart(measure: Measure) -> bool:
    """Return whether contracts' figures are not combined. Answers of yes or no are still counted."""
    return measure.is_number and measure.across == Across.NONE


def is_rated(measure: Measure) -> bool:
    """Return whether contracts' figures together have a status.

    The highest figure and the highest target may be two contracts': each is rated for itself.
    """
    return not (is_apart(measure) or is_highest(measure))


def how_combined(measure: Measure) -> str:
    """Return how contracts come together where they are not added up, else nothing."""
    return "" if is_rated(measure) else WORDS[Across(measure.across)]


@dataclass(frozen=True)
class Highest:
    """The highest of the contracts' figures over a period, and in each month."""

    due: Fraction | None = None
    reported: Fraction | None = None
    verified: Fraction | None = None
    months: dict[dt.date, Fraction] = field(default_factory=dict)
    due_months: dict[dt.date, Fraction] = field(default_factory=dict)


def highest_of(scope: Scope, period: Period, measures: Iterable[Measure]) -> dict[int, Highest]:
    """Return the highest contracts' figures of the measures combined so: one query, none without such.

    Each KPI's months of the period are rolled up as the measure says, and the highest of the KPIs stands.
    """
    wanted = {measure.pk: measure for measure in measures if is_highest(measure)}
    if not wanted:
        return {}
    rows = (
        scope.readings()
        .filter(
            measure__in=wanted,
            month__gte=min(period.start, period.last_twelve[0]),
            month__lte=period.month,
        )
        .order_by("kpi", "month")
        .values_list(
            "measure", "kpi", "month", "target",
            "reported_at", "reported_value", "reported_numerator", "reported_denominator",
            "verified_at", "verified_value", "verified_numerator", "verified_denominator",
        )
    )  # fmt: skip
    by_kpi: dict[tuple[int, int], tuple[list[Month], list[Month]]] = defaultdict(lambda: ([], []))
    for measure, kpi, month, target, *parts in rows:
        for kept, (stamp, *figures) in zip(by_kpi[measure, kpi], (parts[:4], parts[4:]), strict=True):
            kept.append(Month(month, target, *(figures if stamp is not None else (None, None, None))))
    of_measure: dict[int, list[tuple[list[Month], list[Month]]]] = defaultdict(list)
    for (measure, _), both in by_kpi.items():
        of_measure[measure].append(both)
    return {key: _highest(measure, of_measure[key], period) for key, measure in wanted.items()}


def _highest(measure: Measure, kpis, period: Period) -> Highest:
    months: dict[dt.date, Fraction] = {}
    due_months: dict[dt.date, Fraction] = {}
    found: dict[str, list[Fraction]] = defaultdict(list)
    for reported, verified in kpis:
        for month in reported:
            alone = _rolled(measure, [month], month.month)
            for kept, amount in ((months, alone.actual), (due_months, alone.due)):
                if amount is not None:
                    kept[month.month] = max(Fraction(amount), kept.get(month.month, Fraction(amount)))
        for name, rows in (("reported", reported), ("verified", verified)):
            rolled = _rolled(measure, [m for m in rows if m.month >= period.start], period.month)
            if rolled.actual is not None:
                found[name].append(Fraction(rolled.actual))
            if name == "reported" and rolled.due is not None:
                found["due"].append(Fraction(rolled.due))
    most = {name: max(amounts) for name, amounts in found.items()}
    return Highest(**most, months=months, due_months=due_months)


def _rolled(measure: Measure, months: list[Month], at: dt.date):
    return roll_up(
        months,
        how=measure.roll_up,
        direction=measure.direction,
        green_from=GREEN_FROM,
        amber_from=AMBER_FROM,
        is_percentage=measure.is_percentage,
        at=at,
    )
