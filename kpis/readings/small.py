"""Which KPIs about a group of people are hidden from outsiders, and from which month on."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from kpis.readings.models import Reading
from kpis.readings.suppression import is_small

TIED = Q(measure__cohort__isnull=False) | Q(terms__cohort__isnull=False)
PARTS = tuple(
    f"{which}{part}"
    for which in ("", "reported_", "verified_")
    for part in ("value", "numerator", "denominator")
)
Parts = tuple[Decimal | None, Decimal | None, Decimal | None]


def gives_a_few_away(working: Parts, reported: Parts, verified: Parts) -> bool:
    """Return whether a month's figure (value, numerator, denominator), or what lies between two, is small.

    Outside the rest of a percentage's cases is as small a group as the cases; what was reported and not
    verified is a group of people too.
    """
    counts = []
    for value, numerator, denominator in (working, reported, verified):
        counts += [value, numerator]
        if numerator is not None and denominator is not None:
            counts.append(denominator - numerator)
    for said, checked in zip(reported[:2], verified[:2], strict=True):
        if said is not None and checked is not None:
            counts.append(abs(said - checked))
    return any(is_small(math.ceil(abs(count))) for count in counts if count is not None)


def hidden_from(
    kpis: Iterable[int], until: dt.date | None = None, *, working: bool = False
) -> dict[int, dt.date]:
    """Return the first month in which each KPI tied to a group of people gave a few of them away: one query.

    From that month on all of the KPI is hidden from those who may not see small numbers: a total of it next
    to last month's would give the month away. KPIs without such a month are left out. `working` looks at
    figures not yet submitted too, for pages that show them.
    """
    rows = Reading.objects.filter(TIED, kpi__in=list(kpis))
    if until is not None:
        rows = rows.filter(month__lte=until)
    found: dict[int, dt.date] = {}
    for kpi, month, *parts in rows.order_by("month").values_list("kpi", "month", *PARTS):
        mine = tuple(parts[:3]) if working else (None, None, None)
        if kpi not in found and gives_a_few_away(mine, tuple(parts[3:6]), tuple(parts[6:9])):  # type: ignore[arg-type]
            found[kpi] = month
    return found
