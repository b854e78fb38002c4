"""How many of Our Children got work, across all council contracts: counts, never names."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from accounts.models import Directorate, Person
from govuk import formats
from kpis.library.models import Kind
from kpis.models import CohortCount, Measure, TotalRow
from kpis.readings.suppression import suppressed_list
from reporting.queries.figures import NOT_SHOWN, Figure, exact, unit_of
from reporting.queries.periods import Period


@dataclass(frozen=True)
class CohortColumn:
    """One measure: its total, and its count in each directorate in the table's order."""

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
    """Return the measures about Our Children themselves, and their part in wider measures: four queries.

    Reported figures. The two are not added together: one person may be in both. Small numbers are hidden from
    all but the lead, with others that would give them away.
    """
    directorates = list(Directorate.objects.all())
    own: dict[int, dict[int, object]] = defaultdict(dict)
    for measure, directorate, total in (
        TotalRow.objects.filter(
            period.holds(), measure__cohort__is_our_children=True, measure__kind=Kind.COUNT
        )
        .exclude(n_reported=0)
        .order_by()
        .values_list("measure_id", "directorate_id")
        .annotate(total=Sum("reported"))
    ):
        own[measure][directorate] = total
    parts: dict[int, dict[int, object]] = defaultdict(dict)
    for measure, directorate, total in (
        CohortCount.objects.filter(
            period.holds("reading__month"),
            Q(reported_count__isnull=False),
            cohort__is_our_children=True,
            reading__reported_at__isnull=False,
        )
        .order_by()
        .values_list("reading__measure_id", "reading__directorate_id")
        .annotate(total=Sum("reported_count"))
    ):
        parts[measure][directorate] = total
    measures = list(
        Measure.objects.filter(pk__in=[*own, *parts])
        .select_related("unit")
        .order_by("theme__framework", "theme__position", "code")
    )
    in_full = person.authority.is_lead
    used = [d for d in directorates if any(d.pk in found for found in (*own.values(), *parts.values()))]
    tables = []
    for title, about, counts in (
        ("Counted in their own right", "Measures that are about them alone.", own),
        (
            "Counted within wider measures",
            "Their part in measures about everybody. Some may also be counted above: the two are not added.",
            parts,
        ),
    ):
        columns = [
            column_of(m, counts[m.pk], used, in_full, parts=counts is parts)
            for m in measures
            if m.pk in counts
        ]
        hidden = any(column.total.hidden or any(cell.hidden for cell in column.cells) for column in columns)
        tables.append(CohortTable(title, about, tuple(d.name for d in used), tuple(columns), hidden))
    return tables[0], tables[1]


def column_of(measure: Measure, counts: dict, directorates, in_full: bool, *, parts: bool) -> CohortColumn:
    """Return one measure's counts as figures; blank where a directorate reported none of it."""
    given = [counts.get(directorate.pk) for directorate in directorates]
    whole = sum((exact(value) or Decimal(0) for value in given if value is not None), Decimal(0))
    shown = [True] * (len(given) + 1)
    if not in_full:
        shown = [cell is not None for cell in suppressed_list([math.ceil(value or 0) for value in given])]
    cells = tuple(
        Figure() if value is None else figure(value) if may else NOT_SHOWN
        for value, may in zip(given, shown, strict=False)
    )
    return CohortColumn(
        code=measure.code,
        title=measure.title,
        unit="people" if parts else unit_of(measure),
        total=figure(whole) if shown[-1] else NOT_SHOWN,
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
