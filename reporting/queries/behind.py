"""KPIs that are behind to date, by contract, with the last thing said about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from govuk import formats
from kpis.models import KPITerms, MonthlyReturn, Reading
from kpis.readings.rating import Rating
from kpis.readings.suppression import is_small
from reporting.queries.figures import NOT_SHOWN, Figure, figure_of, unit_of
from reporting.queries.periods import Period
from reporting.queries.scope import Scope, sees_small_numbers
from reporting.queries.standing import Standing


@dataclass(frozen=True)
class BehindRow:
    """A KPI behind to date: what came of what was due since it began, and the last comment on it."""

    contract: str
    contract_url: str
    directorate: str
    kpi: str
    code: str
    unit: str
    due: Figure
    reported: Figure
    lower_is_better: bool
    comment: str
    comment_month: str
    url: str


def behind(
    scope: Scope, period: Period, standings: Sequence[Standing], limit: int | None = None
) -> tuple[list[BehindRow], int]:
    """Return the KPIs behind, the furthest off first, at most `limit`, and how many there are: three queries.

    Only of contracts this person may be shown by name. A KPI tied to a cohort keeps its figures and
    comment to those who may see small numbers.
    """
    red = [s for s in standings if s.rating == Rating.BEHIND]
    closed = {
        s.terms_id
        for s in red
        if s.cohort_id is not None and not sees_small_numbers(scope.person, s.directorate_id)
    }
    # How far off a hidden figure is must not follow from its place in the list; of one that is to be a few
    # people, being behind says too much.
    red = [s for s in red if not (s.terms_id in closed and is_small(math.ceil(s.target or 0)))]
    red.sort(key=lambda s: (s.terms_id in closed, 0 if s.terms_id in closed else -s.gap, s.contract_id))
    named = set(scope.named_contracts().values_list("number", flat=True)) if red else set()
    red = [s for s in red if s.contract_id in named]
    count, red = len(red), red[:limit]
    by_terms = {
        terms.pk: terms
        for terms in KPITerms.objects.filter(
            pk__in=[s.terms_id for s in red],
        ).select_related("kpi_set__contract__directorate", "kpi__measure__unit")
    }
    last = last_words([s.kpi_id for s in red], period)
    rows = []
    for standing in red:
        terms = by_terms[standing.terms_id]
        contract, measure = terms.kpi_set.contract, terms.kpi.measure
        assert contract.directorate is not None  # terms counted here belong to a directorate
        open_to_all = standing.terms_id not in closed
        said = last.get(standing.kpi_id)
        rows.append(
            BehindRow(
                contract=contract.title,
                contract_url=contract.get_absolute_url(),
                directorate=contract.directorate.name,
                kpi=terms.title,
                code=measure.code,
                unit=unit_of(measure),
                due=figure_of(measure, standing.target),
                reported=figure_of(measure, standing.actual) if open_to_all else NOT_SHOWN,
                lower_is_better=terms.kpi.direction == "lower",
                comment=said[1] if said and open_to_all else "",
                comment_month=formats.month(said[0]) if said and open_to_all else "",
                url=reverse("kpis:return-page", args=[contract.pk, f"{said[0]:%Y-%m}"]) if said else "",
            )
        )
    return rows, count


def last_words(kpis, period: Period) -> dict[int, tuple]:
    """Return (month, comment) of each KPI's last submitted month in the last twelve: one query.

    A return that is being corrected may hold words nobody has submitted, so it is passed over.
    """
    found: dict[int, tuple] = {}
    for kpi, month, comment in (
        Reading.objects.filter(
            kpi__in=kpis,
            month__lte=period.month,
            month__gte=period.last_twelve[0],
            reported_at__isnull=False,
            monthly_return__status__in=(MonthlyReturn.Status.SUBMITTED, *MonthlyReturn.LOCKED),
        )
        .order_by("month")
        .values_list("kpi", "month", "comment")
    ):
        held = found.get(kpi)
        found[kpi] = (month, comment or (held[1] if held else ""))
    return found
