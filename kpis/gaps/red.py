"""Which KPIs are red to date, for a whole council at once: sums are the database's work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Q, Sum

from kpis.gaps.facts import CutPoints
from kpis.library.models import Kind, RollUp
from kpis.proposals.models import KPI
from kpis.readings.models import Reading
from kpis.readings.rating import Rating, rate
from kpis.readings.to_date import Month, figures_of, roll_up


def red_kpis(asked: Mapping[int, tuple[int, CutPoints]]) -> set[int]:
    """Return which of the KPIs are behind on the figures submitted so far: four queries at most.

    `asked` gives each KPI's contract and cut points. The same rules as `kpis.readings.to_date.roll_up`; a
    KPI that counts by its latest month is rated on the last month submitted.
    """
    if not asked:
        return set()
    numbers = sorted({number for number, _ in asked.values()})
    kinds = {
        pk: (direction, kind, how)
        for pk, direction, kind, how in KPI.objects.filter(
            contract__in=numbers, kind__in=[Kind.COUNT, Kind.MONEY, Kind.PERCENTAGE]
        ).values_list("pk", "direction", "kind", "measure__roll_up")
        if pk in asked
    }
    sums = {pk for pk, (_, kind, how) in kinds.items() if kind != Kind.PERCENTAGE and how == RollUp.SUM}
    latest = {pk for pk, (_, _, how) in kinds.items() if how == RollUp.LATEST}
    red: set[int] = set()
    if sums:
        rows = (
            Reading.objects.filter(
                contract__in=numbers, measure__roll_up=RollUp.SUM, reported_value__isnull=False
            )
            .exclude(measure__kind=Kind.PERCENTAGE)
            .order_by()
            .values_list("kpi")
            .annotate(Sum("reported_value"), Sum("target"))
        )
        for kpi, total, due in rows:
            if kpi in sums and rate(total, due, kinds[kpi][0], *asked[kpi][1]) == Rating.BEHIND:
                red.add(kpi)
    if latest:
        red |= _red_in_their_last_month(latest, kinds, asked, numbers)
    if rest := kinds.keys() - sums - latest:
        red |= {kpi for kpi, figure in figures_of(rest, dt.date.max).items() if figure.is_behind}
    return red


def _red_in_their_last_month(latest, kinds, asked, numbers) -> set[int]:
    """Return which KPIs that count by their latest month are red in the last month submitted: one query."""
    rows = (
        Reading.objects.filter(
            Q(reported_value__isnull=False) | Q(reported_denominator__isnull=False),
            contract__in=numbers,
            measure__roll_up=RollUp.LATEST,
            reported_at__isnull=False,
        )
        .order_by("month")
        .values_list("kpi", "month", "target", "reported_value", "reported_numerator", "reported_denominator")
    )
    last = {
        kpi: Month(month, target, value, above, below)
        for kpi, month, target, value, above, below in rows
        if kpi in latest
    }
    red = set()
    for kpi, month in last.items():
        direction, kind, how = kinds[kpi]
        green, amber = asked[kpi][1]
        figure = roll_up(
            [month],
            how=how,
            direction=direction,
            green_from=green,
            amber_from=amber,
            is_percentage=kind == Kind.PERCENTAGE,
        )
        if figure.is_behind:
            red.add(kpi)
    return red
