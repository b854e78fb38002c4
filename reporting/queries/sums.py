"""Totals read for a report: each measure's months, rolled up as the measure says, never mixing units."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, Count, DecimalField, F, Q, Sum, When

from kpis.library.models import RollUp
from kpis.models import Measure
from kpis.readings.rating import Rating, rate
from kpis.totals.verbs import summed
from reporting.queries.across import Highest, highest_of, is_apart, is_highest
from reporting.queries.figures import exact
from reporting.queries.periods import Period
from reporting.queries.scope import Scope

ZERO = Decimal(0)
NAMES = (
    "due",
    "reported",
    "reported_numerator",
    "reported_denominator",
    "verified",
    "verified_numerator",
    "verified_denominator",
    "n_expected",
    "n_reported",
    "n_verified",
)
# A council-wide figure sums KPIs with cut points of their own: it is rated by the usual ones.
GREEN_FROM, AMBER_FROM = Decimal(100), Decimal(90)


@dataclass
class Sums:
    """What one measure came to in some months: the columns of TotalRow, added up exactly."""

    due: Decimal = ZERO
    reported: Decimal = ZERO
    reported_numerator: Decimal = ZERO
    reported_denominator: Decimal = ZERO
    verified: Decimal = ZERO
    verified_numerator: Decimal = ZERO
    verified_denominator: Decimal = ZERO
    n_expected: int = 0
    n_reported: int = 0
    n_verified: int = 0

    def add(self, amounts: Iterable) -> None:
        """Add one row of totals, in the order of NAMES."""
        for name, amount in zip(NAMES, amounts, strict=True):
            setattr(self, name, getattr(self, name) + amount)

    def amount(self, which: str, is_percentage: bool) -> Fraction | None:
        """Return the sum reported or verified; a percentage from its two halves; None where there is none."""
        if not getattr(self, f"n_{which}"):
            return None
        if not is_percentage:
            return Fraction(getattr(self, which))
        below = getattr(self, f"{which}_denominator")
        return Fraction(getattr(self, f"{which}_numerator")) / Fraction(below) * 100 if below else None


@dataclass
class MeasureTotals:
    """One measure's months in a scope."""

    measure_id: int
    months: dict[dt.date, Sums] = field(default_factory=lambda: defaultdict(Sums))


def totals_of(
    scope: Scope, period: Period, measures: Iterable[int] | None = None
) -> dict[int, MeasureTotals]:
    """Return each measure's monthly totals, from the period's start or twelve months back: one query.

    From the totals; only where contracts are cut by category or department, from the readings.
    """
    start = min(period.start, period.last_twelve[0])
    condition = Q(month__gte=start, month__lte=period.month)
    if measures is not None:
        condition &= Q(measure__in=list(measures))
    found: dict[int, MeasureTotals] = {}
    for measure, month, *amounts in rows_of(scope, condition):
        if measure not in found:
            found[measure] = MeasureTotals(measure)
        found[measure].months[month].add(amounts)
    return found


def rows_of(scope: Scope, condition: Q) -> Iterable:
    """Return (measure, month, amounts in the order of NAMES) of each total."""
    if not scope.is_cut:
        return scope.totals().filter(condition).order_by().values_list("measure_id", "month", *NAMES)
    return (
        (
            row["measure_id"],
            row["month"],
            *(row[name] if name.startswith("n_") else exact(row[name]) for name in NAMES),
        )
        for row in summed(scope.readings().filter(condition))
    )


@dataclass(frozen=True)
class Rolled:
    """A measure over a period: what was due, reported and verified, and how the first two compare.

    `due` is all that was due; `compared` what was due where figures are in. `sums` are those the amounts come
    from: of the period, or of its last month for measures that show their latest figure.
    """

    due: Fraction | None
    compared: Fraction | None
    reported: Fraction | None
    verified: Fraction | None
    sums: Sums
    rating: Rating
    # Of measures whose contracts' figures come to the highest of them.
    highest: Highest | None = None


def is_summed(measure: Measure) -> bool:
    """Return whether the measure's months add up."""
    return measure.roll_up == RollUp.SUM and not measure.is_percentage


def rolled(measure: Measure, totals: MeasureTotals, period: Period, targets: Targets) -> Rolled:
    """Return a measure's months of the period rolled up; percentages by numerators and denominators.

    Sums add up; averages of percentages weigh by denominators, others count each figure alike; latest figures
    are those of the period's last month, nothing carried forward; maximum is the highest month. Where
    contracts are not combined there is no figure; where the highest of them counts, it is in `targets`.
    """
    months = {month: sums for month, sums in totals.months.items() if period.start <= month <= period.month}
    pct = measure.is_percentage
    if measure.roll_up == RollUp.LATEST:
        whole = totals.months.get(period.month, Sums())
    else:
        whole = Sums()
        for sums in months.values():
            whole.add([getattr(sums, name) for name in NAMES])
    reported, verified = whole.amount("reported", pct), whole.amount("verified", pct)
    if measure.roll_up == RollUp.MAXIMUM:
        reported, verified = (
            max((a for s in months.values() if (a := s.amount(which, pct)) is not None), default=None)
            for which in ("reported", "verified")
        )
    elif measure.roll_up == RollUp.AVERAGE and not pct:
        reported = reported / whole.n_reported if reported is not None else None
        verified = verified / whole.n_verified if verified is not None else None
    if is_summed(measure):
        due: Fraction | None = Fraction(whole.due) if whole.n_expected else None
        compared = due - targets.missing.get(measure.pk, Fraction(0)) if due is not None else None
    else:
        due = compared = targets.levels.get(measure.pk)
    rating = Rating.NOT_DUE
    if is_apart(measure):
        return Rolled(None, None, None, None, whole, rating)
    if is_highest(measure):
        top = targets.highest.get(measure.pk, Highest())
        return Rolled(top.due, top.due, top.reported, top.verified, whole, rating, top)
    if measure.is_number:
        rating = rate(reported, compared, measure.direction, GREEN_FROM, AMBER_FROM)
    return Rolled(due, compared, reported, verified, whole, rating)


@dataclass(frozen=True)
class Targets:
    """What totals don't hold: targets of months not reported, and levels to hold, by measure."""

    missing: dict[int, Fraction]
    levels: dict[int, Fraction]
    highest: dict[int, Highest] = field(default_factory=dict)


def targets_of(scope: Scope, period: Period, measures: Iterable[Measure]) -> Targets:
    """Return the targets a comparison needs: three queries at most.

    One only where some measure has a level to hold, one where some measure's contracts come to the highest.

    Levels are weighed as their figures are: a percentage's by denominators; counts of a latest month add up.
    """
    missing = {
        measure: Fraction(total)
        for measure, total in scope.readings()
        .filter(
            period.holds(),
            reported_at=None,
            measure__roll_up=RollUp.SUM,
            monthly_return__in=scope.returns().filter(period.holds(), first_submitted_at=None).values("pk"),
        )
        .order_by()
        .values_list("measure")
        .annotate(total=Sum("target"))
        if total is not None
    }
    measures = list(measures)
    levels: dict[int, Fraction] = {}
    held = {measure.pk: measure for measure in measures if measure.is_number and not is_summed(measure)}
    if held:
        latest = [pk for pk, measure in held.items() if measure.roll_up == RollUp.LATEST]
        over = [pk for pk in held if pk not in latest]
        wide = DecimalField(max_digits=36, decimal_places=8)
        cases = Q(reported_denominator__gt=0, target__isnull=False)
        rows = (
            scope.readings()
            .filter(reported_at__isnull=False)
            .filter(Q(measure__in=latest, month=period.month) | Q(period.holds(), measure__in=over))
            .order_by()
            .values("measure")
            .annotate(
                weighed=Sum(F("target") * F("reported_denominator"), filter=cases, output_field=wide),
                weight=Sum("reported_denominator", filter=cases),
                total=Sum("target"),
                n=Count("target"),
                most=Sum(Case(When(month=period.month, then=F("target")), default=None)),
            )
        )
        for row in rows:
            measure = held[row["measure"]]
            if measure.is_percentage:
                if row["weight"]:
                    levels[measure.pk] = Fraction(row["weighed"]) / Fraction(row["weight"])
            elif measure.roll_up == RollUp.AVERAGE:
                if row["n"]:
                    levels[measure.pk] = Fraction(row["total"]) / row["n"]
            elif row["most"] is not None:
                levels[measure.pk] = Fraction(row["most"])
    return Targets(missing, levels, highest_of(scope, period, measures))
