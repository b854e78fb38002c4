"""How many of Our Children got work, across all council contracts: counts, never names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from accounts.models import Directorate, Person
from govuk import formats
from kpis.library.models import Across, Kind
from kpis.models import CohortCount, Measure, TotalRow
from kpis.readings.suppression import is_small
from reporting.queries.figures import NOT_SHOWN, Figure, exact, unit_of
from reporting.queries.hiding import COUNCIL, Key, hidden_keys, unknown
from reporting.queries.periods import Period


@dataclass(frozen=True)
class CohortColumn:
    """One measure: its total, and its count in each directorate in the table's order."""

    pk: int
    code: str
    title: str
    unit: str
    total: Figure
    cells: tuple[Figure, ...]
    names: tuple[str, ...]

    @property
    def named(self) -> list[tuple[str, Figure]]:
        """Return each directorate's name with its count."""
        return list(zip(self.names, self.cells, strict=True))


@dataclass(frozen=True)
class CohortTable:
    """Measures down, directorates across, council total last."""

    title: str
    about: str
    directorates: tuple[str, ...]
    columns: tuple[CohortColumn, ...]
    is_cut: bool


def our_children(person: Person, period: Period) -> tuple[CohortTable, CohortTable]:
    """Return the measures about Our Children themselves, and their part in wider measures: five queries.

    Reported figures; of measures whose contracts' figures add up. The two are not added together: one person
    may be in both. Small numbers are hidden from all but the lead, with others that would give them away.
    """
    directorates = list(Directorate.objects.all())
    own: dict[int, dict[int, object]] = defaultdict(dict)
    for measure, directorate, total in (
        TotalRow.objects.filter(
            period.holds(),
            measure__cohort__is_our_children=True,
            measure__kind=Kind.COUNT,
            measure__across=Across.SUM,
        )
        .exclude(n_reported=0)
        .order_by()
        .values_list("measure_id", "directorate_id")
        .annotate(total=Sum("reported"))
    ):
        own[measure][directorate] = total
    parts, kept_of_parts = parts_of_wider_measures(period)
    measures = list(
        Measure.objects.filter(pk__in=[*own, *parts])
        .select_related("unit")
        .order_by("theme__framework", "theme__position", "code")
    )
    kept_of_own: dict[int, set[Key]] = {
        measure: hidden_keys(reported, period)
        for measure, (reported, _) in unknown(list(own), period.month).items()
    }
    if person.authority.is_lead:
        kept_of_own, kept_of_parts = {}, {}
    used = [d for d in directorates if any(d.pk in found for found in (*own.values(), *parts.values()))]
    tables = []
    for title, about, counts, kept in (
        ("Counted in their own right", "Measures that are about them alone.", own, kept_of_own),
        (
            "Counted within wider measures",
            "Their part in measures about everybody. Some may also be counted above: the two are not added.",
            parts,
            kept_of_parts,
        ),
    ):
        columns = [
            column_of(m, counts[m.pk], used, kept.get(m.pk, set()), parts=counts is parts)
            for m in measures
            if m.pk in counts
        ]
        hidden = any(column.total.hidden or any(cell.hidden for cell in column.cells) for column in columns)
        tables.append(CohortTable(title, about, tuple(d.name for d in used), tuple(columns), hidden))
    return tables[0], tables[1]


def parts_of_wider_measures(period: Period) -> tuple[dict[int, dict[int, object]], dict[int, set[Key]]]:
    """Return each measure's count of Our Children by directorate, and whose counts are kept back: one query.

    A reading that hides its groups on the return's page (`kpis.returns.rows.splits_of`) is what a total could
    give away.
    """
    readings: dict[int, list[tuple]] = defaultdict(list)
    for row in (
        CohortCount.objects.filter(
            reading__cohort_counts__cohort__is_our_children=True,
            reading__month__lte=period.month,
            reading__reported_at__isnull=False,
            reported_count__isnull=False,
        )
        .order_by()
        .distinct()
        .values_list(
            "reading_id",
            "pk",
            "reported_count",
            "cohort__is_our_children",
            "reading__measure_id",
            "reading__directorate_id",
            "reading__month",
            "reading__reported_value",
            "reading__reported_numerator",
        )
    ):
        readings[row[0]].append(row[2:])
    parts: dict[int, dict[int, object]] = defaultdict(dict)
    hidden: dict[int, dict[int, dict[dt.date, int]]] = defaultdict(lambda: defaultdict(dict))
    for rows in readings.values():
        ours = [row[0] for row in rows if row[1]]
        if not ours:
            continue
        *_, measure, directorate, month, value, numerator = rows[0]
        count, whole = sum(ours), value if numerator is None else numerator
        if period.start <= month:
            found = parts[measure]
            found[directorate] = found.get(directorate, 0) + count  # type: ignore[operator]
        rest = int(whole) - sum(row[0] for row in rows) if whole is not None else 0
        if is_small(rest) or any(is_small(row[0]) for row in rows):
            by_month = hidden[measure][directorate]
            by_month[month] = by_month.get(month, 0) + count
    return parts, {measure: hidden_keys(series, period) for measure, series in hidden.items()}


def column_of(measure: Measure, counts: dict, directorates, kept: set[Key], *, parts: bool) -> CohortColumn:
    """Return one measure's counts as figures, those kept back hidden; blank where none of it was reported."""
    given = [counts.get(directorate.pk) for directorate in directorates]
    whole = sum((exact(value) or Decimal(0) for value in given if value is not None), Decimal(0))
    cells = tuple(
        Figure() if value is None else NOT_SHOWN if directorate.pk in kept else figure(value)
        for directorate, value in zip(directorates, given, strict=True)
    )
    return CohortColumn(
        pk=measure.pk,
        code=measure.code,
        title=measure.title,
        unit="people" if parts else unit_of(measure),
        total=NOT_SHOWN if COUNCIL in kept else figure(whole),
        cells=cells,
        names=tuple(directorate.name for directorate in directorates),
    )


def figure(value) -> Figure:
    """Return a count of people as a figure."""
    amount = exact(value)
    return Figure(amount, formats.figure(amount))


def headline(own: CohortTable, words: str, period: Period) -> str:
    """Return the counts about Our Children themselves in one sentence."""
    if not own.columns:
        return f"No measure about {words} alone has been reported in {period.words}."
    said = [
        f"{column.title}: {'not shown, too few to publish' if column.total.hidden else column.total.shown}"
        for column in own.columns
    ]
    return f"Reported in {period.words}. {'. '.join(said)}."
