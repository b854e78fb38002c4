"""What the pages of the frameworks show: editions by name, the headings of one with their measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Q

from accounts.models import Person
from contracts.models import Contract
from govuk.formats import day
from kpis.library.models import Framework, Measure, Outcome, Theme


@dataclass(frozen=True)
class Edition:
    """An edition in the list, with how much there is of it and how much it is used."""

    framework: Framework
    offered: str
    measures: int
    # Contracts the reader sees that have, or had, KPIs of it in an approved set.
    contracts: int


@dataclass
class Part:
    """An outcome of a theme (None: measures that stand under no outcome) with its measures."""

    outcome: Outcome | None
    measures: list[Measure] = field(default_factory=list)


@dataclass(frozen=True)
class Heading:
    """What themes stand under together: a mission or the like; "" where there is none."""

    title: str
    themes: list[tuple[Theme, list[Part]]]


def offered_in_words(framework: Framework) -> str:
    """Return which contracts may propose its measures, as a phrase that can stand alone."""
    if framework.offered != Framework.Offered.BY_DATE:
        return framework.get_offered_display()
    start, end = day(framework.procured_from), day(framework.procured_until)
    if start and end:
        return f"Contracts whose procurement began from {start} to {end}"
    return f"Contracts whose procurement began {'on or after ' + start if start else 'on or before ' + end}"


def users_of(person: Person):
    """Return the contracts a person sees that have KPIs in an approved set, to be counted by framework."""
    return Contract.objects.visible_to(person).filter(kpis__terms__kpi_set__status="approved")


def users_of_edition(framework: Framework, person: Person):
    """Return the contracts a person sees that use the edition: each once, as the list of editions counts."""
    return users_of(person).filter(kpis__measure__framework=framework).distinct()


def editions_by_name(person: Person) -> list[tuple[str, list[Edition]]]:
    """Return every edition under its framework's name, the latest first: three queries."""
    frameworks = Framework.objects.annotate(
        live_measures=Count("measures", filter=Q(measures__status=Measure.Status.LIVE))
    ).order_by("name", "-edition")
    counted = users_of(person).values_list("kpis__measure__framework").annotate(n=Count("pk", distinct=True))
    used = dict(counted.order_by())
    rows = [Edition(one, offered_in_words(one), one.live_measures, used.get(one.pk, 0)) for one in frameworks]
    return [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.framework.name)]


def headings_of(framework: Framework, person: Person) -> list[Heading]:
    """Return the edition's themes with outcomes and the measures a person may see, by their headings."""
    measures: dict[int, list[Measure]] = {}
    seen = framework.measures.visible_to(person).select_related("unit")
    for measure in seen.order_by("theme__position", "code"):
        measures.setdefault(measure.theme_id, []).append(measure)
    themes = framework.themes.prefetch_related("outcomes")
    placed = [(theme, _parts(theme.outcomes.all(), measures.get(theme.pk, []))) for theme in themes]
    return [Heading(title, list(group)) for title, group in groupby(placed, key=lambda pair: pair[0].heading)]


def _parts(outcomes: Iterable[Outcome], measures: list[Measure]) -> list[Part]:
    parts = {outcome.pk: Part(outcome) for outcome in outcomes}
    rest = Part(None)
    for measure in measures:
        parts.get(measure.outcome_id or 0, rest).measures.append(measure)
    return [*parts.values(), *([rest] if rest.measures else [])]
