"""One measure, drilled into: by directorate, and within one by contract and month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse

from accounts.models import Directorate
from contracts.models import Contract
from govuk import charts, formats
from kpis.models import KPITerms, Measure, Reading
from kpis.readings.rating import Rating
from kpis.readings.small import hidden_from
from kpis.readings.to_date import REPORTED, VERIFIED, Month, ToDate, roll_up
from kpis.valuation.worth import FourFigures
from reporting.permissions import directorates_reported_to
from reporting.queries.across import is_rated
from reporting.queries.figures import BLANK, NOT_SHOWN, Figure, exact, figure_of, unit_of, written
from reporting.queries.hiding import hidden_totals
from reporting.queries.measures import MeasureRow, Promise, measure_row, month_values, n_of, promises
from reporting.queries.periods import Period
from reporting.queries.scope import Scope
from reporting.queries.standing import standings
from reporting.queries.sums import NAMES, MeasureTotals, Sums, is_summed, rolled, targets_of, totals_of
from reporting.queries.worth import NO_POUNDS, RowWorth, worth_by


def measure_total(scope: Scope, period: Period, measure: Measure) -> MeasureRow:
    """Return the one row of a measure for a scope, as the report above it shows it: five queries at most."""
    totals = totals_of(scope, period, [measure.pk]).get(measure.pk) or MeasureTotals(measure.pk)
    promise = promises(scope, period, [measure.pk]).get(measure.pk, Promise())
    hidden = hidden_totals(scope, period, [measure])
    where = scope.directorate.pk if scope.directorate else None
    return measure_row(
        measure,
        totals,
        rolled(measure, totals, period, targets_of(scope, period, [measure])),
        promise,
        period,
        hide_reported=(measure.pk, where, "reported") in hidden,
        hide_verified=(measure.pk, where, "verified") in hidden,
        hide_months=(bool(measure.cohort_id) and not scope.sees_small_numbers)
        or (measure.pk, where, "months") in hidden,
    )


def with_worth(row: MeasureRow, four: FourFigures, scope: Scope) -> MeasureRow:
    """Return the row with the £ beside its figures, as the scope's person may see them."""
    return replace(row, worth=RowWorth(four, scope.sees_small_numbers))


@dataclass(frozen=True)
class DirectorateLine:
    """A measure in one directorate."""

    name: str
    url: str
    row: MeasureRow


def by_directorate(scope: Scope, period: Period, measure: Measure) -> list[DirectorateLine]:
    """Return the measure in each directorate that has it, by name, with what it is worth there.

    Four queries a directorate: their number follows the council's shape, not its contracts or readings.
    """
    readable = set(directorates_reported_to(scope.person).values_list("pk", flat=True))
    pounds = worth_by(scope, period, "directorate", [measure.pk])
    lines = []
    for directorate in Directorate.objects.all():
        here = replace(scope, directorate=directorate)
        four = pounds.get(directorate.pk, FourFigures())
        row = with_worth(measure_total(here, period, measure), four, here)
        if not row.n_of.startswith("none") or row.committed.shown:
            args = [directorate.slug, period.slug, measure.pk]
            url = reverse("reporting:directorate-measure-report", args=args) + period.query
            lines.append(DirectorateLine(directorate.name, url if directorate.pk in readable else "", row))
    return lines


def multiples(measure: Measure, lines: list[DirectorateLine], period: Period):
    """Return small pictures of each directorate on one scale; None where fewer than two show."""
    series = [
        (line.name, [charts.Point(label, value) for label, value in line.row.values])
        for line in lines
        if any(value is not None for _, value in line.row.values)
    ]
    if len(series) < 2:
        return None
    drawn = [line.row for line in lines if any(value is not None for _, value in line.row.values)]
    met = [met_its_targets(row.values, row.due_values, measure.direction) for row in drawn]
    return small_pictures(measure, series, met, period)


def met_its_targets(values, due_values, direction: str) -> bool | None:
    """Return whether the months with figures together met their targets; None where they have none."""
    pairs = [
        (value, due) for (_, value), (_, due) in zip(values, due_values, strict=False) if value is not None
    ]
    due = sum((pair[1] or Decimal(0) for pair in pairs), Decimal(0))
    if not due:
        return None
    got = sum((pair[0] for pair in pairs), Decimal(0))
    return got <= due if direction == "lower" else got >= due


def small_pictures(measure: Measure, series, met: list[bool | None], period: Period):
    """Return the pictures on one scale; the title says how many met their targets, where they have any."""
    title = f"{measure.title}: month by month, on one scale"
    asked = [each for each in met if each is not None]
    if asked:
        title = (
            f"{measure.title}: {asked.count(True)} of {formats.plural(len(asked), 'directorate')} met "
            f"their targets over the 12 months to {period.month_words}"
        )
    return charts.small_multiples(series, title=title, unit=unit_of(measure), key=f"multiples-{measure.pk}")


def multiples_from_totals(scope: Scope, period: Period, row: MeasureRow):
    """Return small pictures of a measure in each directorate; None where fewer than two report: one query.

    For measures whose months may be shown: the caller leaves others out.
    """
    measure = row.measure
    if not is_rated(measure):
        return None
    sums: dict[str, dict[dt.date, Sums]] = {}
    found = (
        scope.totals()
        .filter(measure=measure, month__gte=period.last_twelve[0], month__lte=period.month)
        .order_by("directorate__name")
        .values_list("directorate__name", "month", *NAMES)
    )
    for name, month, *amounts in found:
        sums.setdefault(name, {}).setdefault(month, Sums()).add(amounts)
    series, met = [], []
    for name, by_month in sums.items():
        totals = MeasureTotals(measure.pk)
        totals.months.update(by_month)
        values = month_values(measure, totals, period, "reported")
        if any(value is not None for _, value in values):
            series.append((name, [charts.Point(label, value) for label, value in values]))
            due = month_values(measure, totals, period, "due") if is_summed(measure) else ()
            met.append(met_its_targets(values, due, measure.direction))
    return small_pictures(measure, series, met, period) if len(series) > 1 else None


@dataclass(frozen=True)
class MonthCell:
    """What one contract reported in one month, and the return it stands in."""

    words: str
    figure: Figure
    url: str


@dataclass(frozen=True)
class ContractLine:
    """One contract's part in a measure."""

    contract: str
    contract_url: str
    supplier: str
    kpi: str
    committed: Figure
    due: Figure
    reported: Figure
    verified: Figure
    rating: str
    rating_words: str
    n_of: str
    months: tuple[MonthCell, ...]
    worth: RowWorth = NO_POUNDS


def by_contract(scope: Scope, period: Period, measure: Measure) -> list[ContractLine]:
    """Return the measure in each contract of a directorate, by contract: 21 queries at most.

    Amounts are of the period; the status is to date since the KPI began, as the contract's own page shows it.
    A contract that moved away since keeps its past figures here, but not its name for those who may no longer
    see it.
    """
    readings = list(
        scope.readings()
        .filter(period.holds(), measure=measure)
        .select_related("terms", "contract", "monthly_return")
        .only(
            "monthly_return__before_system",
            "kpi",
            "month",
            "target",
            "reported_value",
            "reported_numerator",
            "reported_denominator",
            "reported_at",
            "verified_value",
            "verified_numerator",
            "verified_denominator",
            "verified_at",
            "nothing_to_report",
            "contract__title",
            "contract__supplier_text",
            "terms__title",
            "terms__green_from",
            "terms__amber_from",
            "terms__cohort",
            "terms__target",
        )
        .order_by("contract__title", "contract_id", "month")
    )
    in_force = {
        terms.kpi_id: terms
        for terms in scope.terms_in_force(period.month)
        .filter(kpi__measure=measure)
        .select_related("kpi", "kpi_set__contract")
    }
    ratings = {found.kpi_id: found.rating for found in standings(scope, period, measure)}
    pounds = worth_by(scope, period, "kpi", [measure.pk])
    held: dict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        held[reading.kpi_id].append(reading)
    lines = []
    hidden = {} if scope.sees_small_numbers else hidden_from(held | in_force, period.month)
    seen = set(
        Contract.objects.visible_to(scope.person)
        .filter(pk__in={reading.contract_id for reading in readings})
        .order_by()
        .values_list("pk", flat=True)
    )
    for kpi in in_force:
        held.setdefault(kpi, [])
    for kpi, of_kpi in held.items():
        terms: KPITerms | None = in_force.get(kpi)
        if not of_kpi and terms is None:
            continue
        words = terms or of_kpi[-1].terms
        contract = terms.kpi_set.contract if terms else of_kpi[-1].contract
        of_period = _rolled(measure, of_kpi, words, period)
        verified = _rolled(measure, of_kpi, words, period, VERIFIED)
        rating = ratings.get(kpi, of_period.rating)
        by_month = {reading.month: reading for reading in of_kpi}
        line = ContractLine(
            contract=contract.title,
            contract_url=contract.get_absolute_url(),
            supplier=contract.supplier_text,
            kpi=words.title,
            committed=figure_of(measure, terms.target) if terms and measure.is_number else BLANK,
            due=figure_of(measure, of_period.due),
            reported=figure_of(measure, of_period.actual),
            verified=figure_of(measure, verified.actual),
            rating=str(rating.value),
            rating_words=rating.label,
            n_of=n_of(of_period.n_of, of_period.n),
            months=tuple(
                _month_cell(measure, by_month.get(month), contract.pk) for month in months_of(period)
            ),
            worth=RowWorth(pounds.get(kpi, FourFigures()), scope.sees_small_numbers),
        )
        if terms is None and contract.pk not in seen:
            line = without_name(line)
        lines.append(without_figures(line) if kpi in hidden else line)
    return sorted(lines, key=lambda line: (line.contract.casefold(), line.contract_url))


def months_of(period: Period) -> tuple[dt.date, ...]:
    """Return the months of the period, the last twelve at most."""
    return tuple(month for month in period.last_twelve if month >= period.start)


def _rolled(measure: Measure, readings, words: KPITerms, period: Period, which: str = REPORTED) -> ToDate:
    return roll_up(
        [
            Month(
                reading.month,
                reading.target,
                *(
                    getattr(reading, f"{which}_{part}") if getattr(reading, f"{which}_at") else None
                    for part in ("value", "numerator", "denominator")
                ),
            )
            for reading in readings
        ],
        how=measure.roll_up,
        direction=measure.direction,
        green_from=words.green_from,
        amber_from=words.amber_from,
        is_percentage=measure.is_percentage,
        at=period.month,
    )


def _month_cell(measure: Measure, reading: Reading | None, contract: int) -> MonthCell:
    if reading is None:
        return MonthCell("", BLANK, "")
    url = reverse("kpis:return-page", args=[contract, f"{reading.month:%Y-%m}"])
    if reading.reported_at is None:
        return MonthCell("not in", BLANK, url)
    value: Fraction | None = None
    if measure.is_percentage:
        if reading.reported_denominator:
            value = Fraction(reading.reported_numerator or 0) / Fraction(reading.reported_denominator) * 100
        elif reading.reported_denominator is not None:
            return MonthCell("no cases", BLANK, url)
    elif reading.reported_value is not None:
        value = Fraction(reading.reported_value)
    words = written(measure, value) or "given"
    if measure.kind == "yes_no" and value is not None:
        words = "Yes" if value else "No"
    if reading.monthly_return.before_system:
        words = f"{words} (before this system)"
    return MonthCell(words, Figure(exact(value), words), url)


def without_name(line: ContractLine) -> ContractLine:
    """Return the line of a contract this person may not see, without what tells which it is."""
    return replace(
        line,
        contract="A contract that has moved to another directorate",
        contract_url="",
        supplier="",
        kpi="",
        months=tuple(replace(cell, url="") for cell in line.months),
    )


def without_figures(line: ContractLine) -> ContractLine:
    """Return the line of a KPI in which a few people could be counted: no figure, month or status of it."""
    return replace(
        line,
        months=tuple(replace(cell, words="", figure=NOT_SHOWN) for cell in line.months),
        reported=NOT_SHOWN,
        verified=NOT_SHOWN,
        rating=Rating.NOT_DUE.value,
        rating_words="Not shown",
        worth=NO_POUNDS,
    )


def status_counts(lines: list[ContractLine]) -> str:
    """Return "5 on track, 1 behind" for the contracts of a measure."""
    counted: dict[str, int] = defaultdict(int)
    for line in lines:
        counted[line.rating_words] += 1
    order = [rating.label for rating in Rating] + ["Not shown"]
    return ", ".join(f"{formats.figure(counted[w])} {w.lower()}" for w in order if counted[w])
