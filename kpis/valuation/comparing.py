"""What one £ value makes of a measure's units, against another: a local one against a national one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from accounts.calendar import first_of_month, today
from accounts.models import Person
from contracts.models import Contract
from kpis.library.models import Direction, Measure
from kpis.proposals.models import KPISet, MonthlyTarget
from kpis.proxies.models import Proxy
from kpis.readings.models import Reading
from kpis.readings.small import TIED
from kpis.valuation.facts import facts_of_measure, proxy_facts
from kpis.valuation.questions import REPORTED, whole
from kpis.valuation.worth import Amount, Money, Worth, worth_of


@dataclass(frozen=True)
class Compared:
    """The same units valued twice. None where a side has no value for any of their years."""

    what: str
    one: Worth
    other: Worth

    @property
    def both(self) -> tuple[Worth, Worth]:
        """Return both sides."""
        return self.one, self.other

    @staticmethod
    def _total(worth: Worth) -> Money | None:
        return worth.social or worth.local

    @property
    def money(self) -> Money | None:
        """Return what the first value makes of the units."""
        return self._total(self.one)

    @property
    def against(self) -> Money | None:
        """Return what the other makes of them."""
        return self._total(self.other)

    @property
    def same_stream(self) -> bool:
        """Return whether both count as the same kind of value: else there is no difference to tell."""
        return {line.stream for line in self.one.lines} == {line.stream for line in self.other.lines}

    @property
    def more(self) -> Money | None:
        """Return how much more the first makes of them; None where the two can't be set against each other.

        Only where both have a value for every year: a year one is silent about would look like a loss.
        """
        silent = self.one.without_years or self.other.without_years
        if self.money is None or self.against is None or not self.same_stream or silent:
            return None
        return self.money - self.against


@dataclass(frozen=True)
class Difference:
    """Committed and reported units of a measure, as one person may read them, by either £ value."""

    one: Proxy
    other: Proxy
    committed: Compared
    reported: Compared
    # KPIs about a group of people, whose units would give small counts away: not in it, for anybody.
    left_out: int

    @property
    def rows(self) -> tuple[Compared, Compared]:
        """Return both comparisons."""
        return self.committed, self.reported


def difference(measure: Measure, one: Proxy, other: Proxy, person: Person) -> Difference:
    """Return what `one` makes of all committed and reported units of a measure against `other`: six queries.

    All KPIs of the measure count, with whichever £ value they were approved: it asks what would be. Who may
    read the council's figures gets those, the same for everybody; others those of the contracts they see: one
    contract's figure may be the council's. KPIs about groups of people are left out. Both values must be of
    the measure.
    """
    if {one.measure_id, other.measure_id} != {measure.pk}:
        raise ValueError("Both £ values must be of the measure they are compared on.")
    facts = facts_of_measure(measure)
    by = proxy_facts([one.pk, other.pk])
    sets = KPISet.objects.in_force(first_of_month(today())).filter(contract__directorate__isnull=False)
    targets = MonthlyTarget.objects.filter(
        terms__kpi_set__in=sets.order_by().values("pk"),
        terms__kpi__measure=measure,
        terms__cohort=None,
        terms__kpi__measure__cohort=None,
    )
    readings = Reading.objects.filter(measure=measure, reported_at__isnull=False)
    if not sees_the_council(person):
        seen = Contract.objects.visible_to(person).order_by().values("pk")
        targets = targets.filter(terms__kpi_set__contract__in=seen)
        readings = readings.filter(contract__in=seen)
    left_out = readings.filter(TIED).aggregate(n=Count("kpi", distinct=True))["n"]
    units = {
        "committed": _units(targets, "amount", "terms__kpi__direction", "terms__kpi"),
        "reported": _units(readings.exclude(TIED), REPORTED, "kpi__direction", "kpi"),
    }
    compared = {}
    for what, rows in units.items():
        one_worth, other_worth = (
            worth_of(
                Amount(facts, by[proxy.pk], amount, year, harm, kpis) for amount, year, harm, kpis in rows
            )
            for proxy in (one, other)
        )
        compared[what] = Compared(what, one_worth, other_worth)
    return Difference(one, other, compared["committed"], compared["reported"], left_out)


def sees_the_council(person: Person) -> bool:
    """Return whether the person may read the whole council's figures: as its reports may be read."""
    return bool(person.authority.sees_all_directorates or person.authority.portfolio)


def _units(rows, field: str, direction: str, kpi: str) -> list[tuple[Decimal, int, bool, int]]:
    """Return (units, year, is a harm, KPIs) by year and sign: one query."""
    grouped = (
        rows.order_by()
        .annotate(of_year=ExtractYear("month"))
        .values("of_year", direction)
        .annotate(
            above=whole(field, Q(**{f"{field}__gte": 0})),
            below=whole(field, Q(**{f"{field}__lt": 0})),
            n=Count(kpi, distinct=True),
        )
    )
    return [
        (Decimal(units).scaleb(-4), int(row["of_year"]), row[direction] == Direction.LOWER, row["n"])
        for row in grouped
        for units in (row["above"], row["below"])
        if units is not None
    ]
