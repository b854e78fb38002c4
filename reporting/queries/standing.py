"""How each KPI in force stands to date, worked out in the database for a whole directorate at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import DecimalField, F, Max, Q, QuerySet, Sum
from django.db.models.aggregates import Avg

from kpis.library.models import Kind, RollUp
from kpis.models import Measure, Reading
from kpis.readings.rating import Rating, rate
from kpis.readings.to_date import figures_of
from reporting.queries.periods import Period
from reporting.queries.scope import Scope

NUMBERS = (Kind.COUNT, Kind.MONEY, Kind.PERCENTAGE)
WIDE = DecimalField(max_digits=36, decimal_places=8)
CASES = Q(reported_denominator__gt=0, reported_numerator__isnull=False)


@dataclass(frozen=True)
class Standing:
    """One KPI to date since it began: what came, what was due in the same months, and the rating."""

    kpi_id: int
    terms_id: int
    contract_id: int
    directorate_id: int
    measure_id: int
    cohort_id: int | None
    actual: Fraction | None
    target: Fraction | None
    rating: Rating

    @property
    def gap(self) -> Fraction:
        """Return the share of the target that is missing (or exceeded, where lower is better): to sort by."""
        if self.actual is None or not self.target:
            return Fraction(1)
        return abs(self.target - self.actual) / abs(self.target)


def standings(scope: Scope, period: Period, measure: Measure | None = None) -> list[Standing]:
    """Return the standing of each KPI with a figure that is in force in the month: seven queries at most.

    The same rules as `kpis.readings.to_date.roll_up`, summed by the database: a directorate's KPIs have
    a hundred thousand readings, too many to fetch for one page.
    """
    in_force = scope.terms_in_force(period.month).filter(kpi__kind__in=NUMBERS)
    if measure:
        in_force = in_force.filter(kpi__measure=measure)
    terms = list(
        in_force.order_by().values_list(
            "pk",
            "kpi",
            "kpi_set__contract",
            "kpi_set__contract__directorate",
            "kpi__measure",
            "kpi__direction",
            "kpi__kind",
            "kpi__measure__roll_up",
            "green_from",
            "amber_from",
            "cohort",
            "kpi__measure__cohort",
        )
    )
    figures = {row.pop("kpi"): row for row in summed(scope, period, measure)}
    hardest = [kpi for _, kpi, *rest in terms if rest[4] == Kind.PERCENTAGE and rest[5] == RollUp.MAXIMUM]
    slow = figures_of(hardest, period.month) if hardest else {}
    found = []
    for (
        pk,
        kpi,
        contract,
        directorate,
        counted_by,
        direction,
        kind,
        how,
        green,
        amber,
        cohort,
        of_measure,
    ) in terms:
        if kpi in slow:
            actual, target = fraction(slow[kpi].actual), fraction(slow[kpi].target)
            rating = slow[kpi].rating
        else:
            actual, target = compared(figures.get(kpi), kind, how)
            rating = rate(actual, target, direction, green, amber)
        found.append(
            Standing(kpi, pk, contract, directorate, counted_by, cohort or of_measure, actual, target, rating)
        )
    return found


def summed(scope: Scope, period: Period, measure: Measure | None = None):
    """Return a row of sums for each KPI of here that has reported figures: two queries.

    KPIs that add up are by far the most and need two sums only: they are asked for apart.
    """
    adds_up = Q(roll_up=RollUp.SUM) & ~Q(kind=Kind.PERCENTAGE)
    every = Measure.objects.filter(kind__in=NUMBERS)
    if measure:
        every = every.filter(pk=measure.pk)
    plain = list(every.filter(adds_up).values_list("pk", flat=True))
    rest = list(every.exclude(adds_up).values_list("pk", flat=True))
    readings: QuerySet[Reading] = Reading.objects.filter(
        month__lte=period.month, reported_at__isnull=False
    ).order_by()
    if scope.directorate or scope.is_cut:
        # By today's contracts, not by where a reading was filed: a contract brings its past along.
        readings = scope.counted(
            readings.filter(contract__in=list(scope.contracts().values_list("pk", flat=True)))
        )
    has_value = Q(reported_value__isnull=False)
    found = list(
        readings.filter(measure__in=plain)
        .values("kpi")
        .annotate(total=Sum("reported_value"), due=Sum("target", filter=has_value))
    )
    if rest:
        found += others(readings.filter(measure__in=rest), Q(month=period.month), has_value)
    return found


def others(readings, now: Q, has_value: Q):
    """Return a row of all sums the other ways of rolling up need, for each KPI."""
    weighed = F("target") * F("reported_denominator")
    return readings.values("kpi").annotate(
        now_value=Sum("reported_value", filter=now),
        now_target=Sum("target", filter=now),
        now_above=Sum("reported_numerator", filter=now & CASES),
        now_below=Sum("reported_denominator", filter=now & CASES),
        above=Sum("reported_numerator", filter=CASES),
        below=Sum("reported_denominator", filter=CASES),
        weighed=Sum(weighed, filter=CASES & Q(target__isnull=False), output_field=WIDE),
        weight=Sum("reported_denominator", filter=CASES & Q(target__isnull=False)),
        most=Max("reported_value"),
        most_due=Max("target", filter=has_value),
        mean=Avg("reported_value"),
        mean_due=Avg("target", filter=has_value),
    )


def compared(row: dict | None, kind: str, how: str) -> tuple[Fraction | None, Fraction | None]:
    """Return (actual, target) to date from a row of sums; None where there is no figure."""
    if row is None:
        return None, None
    if kind == Kind.PERCENTAGE:
        if how == RollUp.LATEST:
            return ratio(row["now_above"], row["now_below"], 100), whole(row["now_target"])
        return ratio(row["above"], row["below"], 100), ratio(row["weighed"], row["weight"])
    names = {
        RollUp.SUM: ("total", "due"),
        RollUp.LATEST: ("now_value", "now_target"),
        RollUp.MAXIMUM: ("most", "most_due"),
        RollUp.AVERAGE: ("mean", "mean_due"),
    }[RollUp(how)]
    return whole(row[names[0]]), whole(row[names[1]])


def fraction(value: Decimal | None) -> Fraction | None:
    """Return the amount as a fraction; None stays None."""
    return None if value is None else Fraction(value)


def whole(value) -> Fraction | None:
    """Return a sum of the database as an exact number of ten-thousandths."""
    return None if value is None else Fraction(Decimal(value).quantize(Decimal("0.0001")))


def ratio(above, below, times: int = 1) -> Fraction | None:
    """Return above / below; None where either is missing or there is nothing below."""
    if above is None or not below:
        return None
    return Fraction(Decimal(above)) / Fraction(Decimal(below)) * times


def counted(found: list[Standing]) -> Counter:
    """Return how many KPIs stand at each rating."""
    return Counter(standing.rating for standing in found)
