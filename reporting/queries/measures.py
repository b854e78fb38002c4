"""What was promised and what came of it, a row for each measure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Max, Min, Sum

from govuk import charts, formats
from kpis.library.models import Kind
from kpis.models import Measure
from kpis.readings.rating import Rating
from kpis.valuation.working import without_pounds
from kpis.valuation.worth import FourFigures
from reporting.queries.across import how_combined, is_apart, is_highest, is_rated
from reporting.queries.figures import (
    BLANK,
    NOT_COMBINED,
    NOT_SHOWN,
    Figure,
    exact,
    figure_of,
    in_full,
    unit_of,
    written,
)
from reporting.queries.hiding import hidden_totals
from reporting.queries.periods import Period
from reporting.queries.scope import Scope
from reporting.queries.sums import (
    MeasureTotals,
    Rolled,
    Sums,
    is_summed,
    rolled,
    targets_of,
    totals_of,
)
from reporting.queries.worth import RowWorth, of_measures, worth_of_scope

ROLL_UPS = {
    "sum": "",
    "latest": "latest month",
    "average": "average",
    "maximum": "highest month",
}


@dataclass(frozen=True)
class Promise:
    """What the terms in force promise for one measure: how many KPIs, and how much."""

    n: int = 0
    contracts: int = 0
    total: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True)
class MeasureRow:
    """One measure: committed, due, reported, verified, status, trend, and how it is worked out."""

    measure: Measure
    code: str
    title: str
    theme: str
    unit: str
    how: str
    committed: Figure
    due: Figure
    reported: Figure
    verified: Figure
    rating: str
    rating_words: str
    n_of: str
    spark: object
    worked_out: tuple[str, ...]
    hidden: bool
    attention: tuple
    values: tuple[tuple[str, Decimal | None], ...]
    due_values: tuple[tuple[str, Decimal | None], ...]
    is_open: bool
    # The £ beside the four figures; None where the page shows none.
    worth: RowWorth | None = None

    @property
    def is_rated(self) -> bool:
        """Return whether the row has a status: contracts that are not added up are each rated alone."""
        return is_rated(self.measure)


@dataclass(frozen=True)
class MeasureTable:
    """The rows, and what is said beneath them."""

    rows: tuple[MeasureRow, ...]
    # What the same measures are worth.
    worth: FourFigures

    @property
    def without_pounds(self) -> str:
        """Return the sentence that counts KPIs without a £ value."""
        return without_pounds(self.worth.committed)


def promises(scope: Scope, period: Period, measures=None) -> dict[int, Promise]:
    """Return what is committed for each measure by the terms in force in the month: one query."""
    terms = scope.terms_in_force(period.month)
    if measures is not None:
        terms = terms.filter(kpi__measure__in=list(measures))
    return {
        measure: Promise(n, contracts, Decimal(total).quantize(Decimal("0.0001")), least, most)
        for measure, n, contracts, total, least, most in terms.order_by()
        .values_list("kpi__measure")
        .annotate(
            n=Count("pk"),
            contracts=Count("kpi_set__contract", distinct=True),
            total=Sum("target"),
            least=Min("target"),
            most=Max("target"),
        )
    }


def measure_table(
    scope: Scope, period: Period, *, theme: int | None = None, measures: Collection[int] | None = None
) -> MeasureTable:
    """Return a row for each measure promised or reported here, with what they are worth.

    In the library's order, in 17 queries at most. `theme` keeps the measures of one theme, `measures` those.
    """
    totals, promised = totals_of(scope, period), promises(scope, period)
    keys = set(promised) | {
        key for key, found in totals.items() if any(month >= period.start for month in found.months)
    }
    every = list(
        Measure.objects.filter(pk__in=keys)
        .select_related("framework", "theme", "unit", "cohort")
        .order_by("framework__name", "framework__edition", "theme__position", "theme", "code")
    )
    kept = [
        measure
        for measure in every
        if (theme is None or measure.theme_id == theme) and (measures is None or measure.pk in measures)
    ]
    targets = targets_of(scope, period, kept)
    hidden = hidden_totals(scope, period, kept)
    where = scope.directorate.pk if scope.directorate else None
    rows = []
    for measure in kept:
        found = totals.get(measure.pk) or MeasureTotals(measure.pk)
        rows.append(
            measure_row(
                measure,
                found,
                rolled(measure, found, period, targets),
                promised.get(measure.pk, Promise()),
                period,
                hide_reported=(measure.pk, where, "reported") in hidden,
                hide_verified=(measure.pk, where, "verified") in hidden,
                hide_months=(bool(measure.cohort_id) and not scope.sees_small_numbers)
                or (measure.pk, where, "months") in hidden,
            )
        )
    worth = worth_of_scope(scope, period, None if theme is None and measures is None else keys_of(kept))
    pounds = of_measures(worth, keys_of(kept), sees_guarded=scope.sees_small_numbers)
    return MeasureTable(tuple(replace(row, worth=pounds[row.measure.pk]) for row in rows), worth)


def keys_of(measures: Sequence[Measure]) -> list[int]:
    """Return the measures' keys."""
    return [measure.pk for measure in measures]


def measure_row(
    measure: Measure,
    totals: MeasureTotals,
    found: Rolled,
    promise: Promise,
    period: Period,
    *,
    hide_reported: bool = False,
    hide_verified: bool = False,
    hide_months: bool = False,
) -> MeasureRow:
    """Return one row; a hidden figure takes its status, its months and its working with it."""
    reported = NOT_SHOWN if hide_reported else amount_of(measure, found.reported, found.sums, "reported")
    verified = NOT_SHOWN if hide_verified else amount_of(measure, found.verified, found.sums, "verified")
    if is_apart(measure):
        # Nothing is told of a total that isn't one; hidden figures stay hidden further down.
        reported, verified = (NOT_SHOWN if one.hidden else NOT_COMBINED for one in (reported, verified))
    months = _months_of(measure, totals, found, period, "reported")
    due_months = _months_of(measure, totals, found, period, "due") if is_summed(measure) else ()
    rating = Rating.NOT_DUE if hide_reported else found.rating
    this_month = totals.months.get(period.month, Sums())
    is_open = this_month.n_reported < this_month.n_expected
    spark = None
    if not hide_months and any(value is not None for _, value in months):
        spark = charts.spark_bars(
            [value for _, value in months],
            title=f"{measure.title}: the last 12 months",
            unit=unit_of(measure),
            open_last=is_open,
            key=f"spark-{measure.pk}",
        )
    return MeasureRow(
        measure=measure,
        code=measure.code,
        title=measure.title,
        theme=measure.theme.title,
        unit=unit_of(measure),
        how=how_read(measure),
        committed=committed_of(measure, promise),
        due=NOT_COMBINED if is_apart(measure) else figure_of(measure, found.due),
        reported=reported,
        verified=verified,
        rating=str(rating.value),
        rating_words="Not shown" if hide_reported else rating.label if is_rated(measure) else BY_CONTRACT,
        n_of=n_of(found.sums.n_reported, found.sums.n_expected),
        spark=spark,
        worked_out=worked_out(measure, found, promise, period, reported, verified),
        hidden=hide_reported,
        attention=attention_of(measure, found),
        values=() if hide_months else months,
        due_values=() if hide_months else due_months,
        is_open=is_open,
    )


def how_read(measure: Measure) -> str:
    """Return what to know of a measure's figure: "latest month, lower is better"; often nothing."""
    lower = "lower is better" if measure.is_number and measure.direction == "lower" else ""
    return ", ".join(words for words in (ROLL_UPS[measure.roll_up], how_combined(measure), lower) if words)


# What stands for a status where each contract has its own.
BY_CONTRACT = "By contract"
ORDER = (Rating.BEHIND, Rating.WATCH, Rating.ON_TRACK, Rating.NOT_DUE)


def attention_of(measure: Measure, found: Rolled) -> tuple:
    """Return what measures are sorted by where the most urgent comes first: rating, then how far off."""
    short = Fraction(0)
    if found.reported is not None and found.compared:
        short = (found.reported - found.compared) / abs(found.compared)
        short = -short if measure.direction == "lower" else short
    return (ORDER.index(found.rating), short, measure.code)


def n_of(n: int, total: int) -> str:
    """Return "31 of 34" without a percentage: the column is narrow."""
    return f"{formats.figure(n)} of {formats.figure(total)}" if total else "none due"


def amount_of(measure: Measure, value: Fraction | None, sums: Sums, which: str) -> Figure:
    """Return what was reported or verified; a yes or no as how many of those who answered say yes."""
    if measure.kind in (Kind.MILESTONE, Kind.TEXT):
        return BLANK
    if measure.kind == Kind.YES_NO and value is not None:
        answered = getattr(sums, f"n_{which}")
        return Figure(exact(value), f"{formats.figure(exact(value))} of {answered} yes")
    return figure_of(measure, value)


def committed_of(measure: Measure, promise: Promise) -> Figure:
    """Return what is promised: the whole life for measures that add up, else the level or levels to hold."""
    if not promise.n:
        return BLANK
    if not measure.is_number:
        return Figure(Decimal(promise.n), formats.plural(promise.n, "KPI"))
    if is_apart(measure):
        return NOT_COMBINED
    if is_highest(measure):
        return figure_of(measure, promise.most)
    if is_summed(measure):
        return figure_of(measure, promise.total)
    least, most = written(measure, promise.least), written(measure, promise.most)
    if promise.least == promise.most:
        return Figure(exact(promise.least), least)
    return Figure(None, f"{least} to {most}")


def _months_of(measure: Measure, totals: MeasureTotals, found: Rolled, period: Period, which: str):
    """Return the last twelve months' amounts: none where contracts are not combined, else as they are."""
    if is_apart(measure):
        return ()
    if found.highest is None:
        return month_values(measure, totals, period, which)
    by_month = found.highest.months if which == "reported" else found.highest.due_months
    return tuple((formats.short_month(month), exact(by_month.get(month))) for month in period.last_twelve)


def month_values(
    measure: Measure, totals: MeasureTotals, period: Period, which: str
) -> tuple[tuple[str, Decimal | None], ...]:
    """Return (month, amount) of the last twelve months; None where nothing is in."""
    found = []
    for month in period.last_twelve:
        sums = totals.months.get(month)
        value: Fraction | Decimal | None = None
        if sums is not None and which == "due":
            value = sums.due
        elif sums is not None:
            value = sums.amount(which, measure.is_percentage)
            if value is not None and measure.roll_up == "average" and not measure.is_percentage:
                value = value / sums.n_reported
        found.append((formats.short_month(month), exact(value)))
    return tuple(found)


def worked_out(
    measure: Measure, found: Rolled, promise: Promise, period: Period, reported: Figure, verified: Figure
) -> tuple[str, ...]:
    """Return how the row's figures come about, one sentence a line, with the numbers themselves."""
    sums = found.sums
    if not is_rated(measure):
        return worked_out_apart(measure, found, promise, period, reported, verified)
    latest = measure.roll_up == "latest"
    when = period.month_words if latest else period.words
    lines = []
    if promise.n:
        kpis = formats.plural(promise.n, "KPI")
        held = formats.plural(promise.contracts, "contract")
        if is_summed(measure):
            lines.append(
                f"Committed: the whole-life targets of {kpis} in {held}, as approved and in force in "
                f"{period.month_words}, come to {in_full(measure, promise.total)}."
            )
        elif measure.is_number:
            lines.append(
                f"Committed: the level that {kpis} in {held} promise to hold. Levels are not added up."
            )
    returns = f"{n_of(sums.n_reported, sums.n_expected)} figures are in"
    if reported.hidden:
        lines.append(
            "Reported: not shown, because it is about a few people or would give such a figure away."
        )
    elif measure.is_percentage:
        above, below = formats.figure(sums.reported_numerator), formats.figure(sums.reported_denominator)
        top = measure.numerator_name or "counted"
        bottom = measure.denominator_name or "all"
        if sums.reported_denominator:
            lines.append(
                f"Reported in {when}: {above} ({top}) out of {below} ({bottom}) is "
                f"{in_full(measure, found.reported)}. {returns}. Percentages are never added up or averaged."
            )
        else:
            lines.append(f"Reported in {when}: no cases. {returns}.")
    elif measure.is_number:
        lines.append(f"Reported in {when}: {in_full(measure, found.reported)}. {returns}.")
    else:
        lines.append(f"{returns} for {when}.")
    if measure.is_number and found.due is not None:
        if is_summed(measure):
            line = f"Due: the monthly targets of {when} come to {in_full(measure, found.due)}"
            if found.compared != found.due:
                left_out = (found.due or 0) - (found.compared or 0)
                line += (
                    f"; {in_full(measure, left_out)} of it belongs to returns that are not in, and is left "
                    "out of the comparison"
                )
            lines.append(line + ".")
            lines.append(
                "What is returned for a quarter or half year, target and figure, stands in its last month."
            )
        else:
            lines.append(
                f"Due: {in_full(measure, found.due)}, "
                + (
                    "the levels promised, each weighed by its number of cases."
                    if measure.is_percentage
                    else "the levels promised by the contracts that reported."
                )
            )
    if measure.is_number and not reported.hidden:
        better = "Lower is better: what was due" if measure.direction == "lower" else "What was reported"
        against = "what was reported" if measure.direction == "lower" else "what was due"
        lines.append(
            f"Status: {better} divided by {against}. On track from 100%, watch from 90%, behind below that."
        )
    if measure.is_number and not verified.hidden:
        lines.append(
            f"Verified: {in_full(measure, found.verified)}, in "
            f"{formats.figure(sums.n_verified)} of {formats.plural(sums.n_reported, 'figure')} reported. "
            "Only a sample of returns is checked."
            if sums.n_verified
            else "Verified: none of these figures has been checked so far."
        )
    return tuple(lines)


def worked_out_apart(
    measure: Measure, found: Rolled, promise: Promise, period: Period, reported: Figure, verified: Figure
) -> tuple[str, ...]:
    """Return how the row of a measure whose contracts are not added up comes about, a sentence a line."""
    held = f"{formats.plural(promise.n, 'KPI')} in {formats.plural(promise.contracts, 'contract')}"
    returns = f"{n_of(found.sums.n_reported, found.sums.n_expected)} figures are in."
    rated = "Each contract has a status of its own; open the measure to see them."
    if is_apart(measure):
        line = f"{held} promise this. " if promise.n else ""
        return (
            f"{line}What they come to together would mean nothing: by the library’s rule this measure "
            "is not combined across contracts.",
            f"{returns} {rated}",
        )
    lines = ["The highest of the contracts’ figures, never their sum."]
    if promise.n:
        lines.append(f"Committed: the highest of what {held} promise, {in_full(measure, promise.most)}.")
    if reported.hidden:
        lines.append(
            "Reported: not shown, because it is about a few people or would give such a figure away."
        )
    else:
        lines.append(f"Reported in {period.words}: {in_full(measure, found.reported)}. {returns}")
    if found.due is not None:
        lines.append(f"Due: the highest that any contract owed, {in_full(measure, found.due)}.")
    if not verified.hidden:
        lines.append(
            f"Verified: {in_full(measure, found.verified)}."
            if found.verified is not None
            else "Verified: none of these figures has been checked so far."
        )
    return (*lines, rated)


def most_urgent(rows: Sequence[MeasureRow], count: int = 4) -> list[MeasureRow]:
    """Return the measures to draw: those behind first, the furthest off first; only those with figures."""
    drawn = [row for row in rows if row.measure.is_number and sum(v is not None for _, v in row.values) > 1]
    return sorted(drawn, key=lambda row: row.attention)[:count]
