"""Where a measure is used: contracts the reader may open, KPI sets, templates, and year by year."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from accounts.calendar import financial_year_start
from accounts.models import Person
from contracts.models import Contract
from govuk.formats import financial_year
from kpis.library.models import KPITemplate, Measure

MOST_CONTRACTS = 50
APPROVED = "approved"


@dataclass(frozen=True)
class Use:
    """Who uses a measure: (directorate, contracts) the reader may open, and how much there is beyond."""

    by_directorate: list[tuple[str, list[Contract]]]
    seen: int
    unseen: int
    sets: int
    templates: list[KPITemplate]
    years: list[tuple[str, int, int]]

    @property
    def shown(self) -> int:
        """Return how many contracts are listed."""
        return sum(len(contracts) for _, contracts in self.by_directorate)

    @property
    def any(self) -> bool:
        """Return whether a contract ever had it in an approved KPI set."""
        return bool(self.seen or self.unseen)


def use_of(measure: Measure, person: Person) -> Use:
    """Return where a measure is used, for one reader: six queries whatever the use."""
    approved = measure.kpis.filter(terms__kpi_set__status=APPROVED)
    held = Contract.objects.filter(pk__in=approved.values("contract"))
    seen = held.filter(pk__in=Contract.objects.visible_to(person).order_by().values("pk"))
    listed = list(
        seen.select_related("directorate").order_by("directorate__name", "title", "pk")[:MOST_CONTRACTS]
    )
    count = seen.count()
    return Use(
        by_directorate=[
            (name, list(contracts))
            for name, contracts in groupby(
                listed, lambda one: one.directorate.name if one.directorate else "No directorate yet"
            )
        ],
        seen=count,
        unseen=held.count() - count,
        sets=approved.aggregate(n=Count("terms__kpi_set", distinct=True))["n"],
        templates=list(
            KPITemplate.objects.filter(items__measure=measure, is_active=True).distinct().order_by("name")
        ),
        years=years_of(measure),
    )


def years_of(measure: Measure) -> list[tuple[str, int, int]]:
    """Return (financial year, contracts that reported it, figures reported), the newest first: one query.

    Contracts and returns only: how many people were counted is never told here.
    """
    contracts: dict[dt.date, set[int]] = defaultdict(set)
    figures: dict[dt.date, int] = defaultdict(int)
    rows = (
        measure.readings.filter(reported_at__isnull=False)
        .order_by()
        .values_list("month", "contract")
        .annotate(n=Count("pk"))
    )
    for month, contract, n in rows:
        year = financial_year_start(month)
        contracts[year].add(contract)
        figures[year] += n
    return [
        (financial_year(year), len(contracts[year]), figures[year])
        for year in sorted(contracts, reverse=True)
    ]
