"""What became of a template: KPI sets begun from it, and what approved ones made of its measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.history import readable
from accounts.models import HistoryRow
from govuk.formats import plural
from kpis.library.models import Kind, KPITemplate, Measure, TemplateItem

# The act that begins a KPI set from a template; its history row names what was put in.
BEGUN = "proposals.from_template"
PUT_IN = "Measures"
BETWEEN = "; "


@dataclass
class ItemUse:
    """What approved KPI sets begun from a template made of one of its measures."""

    # In how many it was put when they were begun.
    offered: int = 0
    kept: int = 0
    # Of those kept: with another target than the one it began with.
    changed: int = 0

    @property
    def words(self) -> str:
        """Return "Kept by 7 of 9, 2 of them with another target", or that no approved set began with it."""
        if not self.offered:
            return "In no approved set yet"
        head = f"Kept by {self.kept} of {self.offered}"
        if not self.changed:
            return head
        return f"{head}, {self.changed} of them with another target"


def with_use(templates: QuerySet[KPITemplate]) -> QuerySet[Any]:
    """Return the templates with `begun` and `approved`, the numbers of KPI sets begun from each."""
    return templates.annotate(
        begun=Count("kpi_sets"), approved=Count("kpi_sets", filter=Q(kpi_sets__status="approved"))
    )


def use_words(begun: int, approved: int) -> str:
    """Return "9 KPI sets begun from it, 7 approved"."""
    if not begun:
        return "No KPI set begun from it yet"
    return f"{plural(begun, 'KPI set')} begun from it, {approved} approved"


def put_in(items: Iterable[tuple[Measure, object]]) -> str:
    """Return the measures a set was begun with, each with its target, for its history."""
    return BETWEEN.join(
        f"{_name(measure)} {readable(target)}" if _has_target(measure) else _name(measure)
        for measure, target in items
    )


def use_of(template: KPITemplate, items: Sequence[TemplateItem]) -> dict[int, ItemUse]:
    """Return {measure: its use} for the items, which come with measure and framework: two queries.

    A set counts for a measure only if it was begun with it: what came into the template later was not
    dropped by anybody.
    """
    approved = template.kpi_sets.filter(status="approved")
    rows = HistoryRow.objects.filter(
        subject_type=approved.model._meta.label_lower, subject_id__in=approved.values("pk"), action=BEGUN
    )
    begun_with = {row.subject_id: _parts(row.after.get(PUT_IN, "")) for row in rows}
    targets: dict[int, dict[int, str]] = {}
    for kpi_set, measure, target in approved.values_list("pk", "terms__kpi__measure", "terms__target"):
        targets.setdefault(kpi_set, {})[measure] = readable(target)
    found = {item.measure_id: ItemUse() for item in items}
    for kpi_set, holds in targets.items():
        parts = begun_with.get(kpi_set, [])
        for item in items:
            name = _name(item.measure)
            first = next((part[len(name) :] for part in parts if part.startswith(name)), None)
            if first is None:
                continue
            use = found[item.measure_id]
            use.offered += 1
            if item.measure_id in holds:
                use.kept += 1
                use.changed += _has_target(item.measure) and holds[item.measure_id] != first.strip()
    return found


def _has_target(measure: Measure) -> bool:
    """Return whether KPIs of it have a figure to reach: words and dates have none."""
    return measure.kind not in {Kind.TEXT, Kind.MILESTONE}


def _name(measure: Measure) -> str:
    """Return what tells it from the same code of another edition."""
    return f"{measure.code} ({measure.framework})"


def _parts(text: str) -> list[str]:
    return text.split(BETWEEN)


def successors(measures: Iterable[Measure]) -> dict[int, Measure]:
    """Return {retired measure: the live one that replaces it today}, where one does: two queries at most."""
    retired = [one.pk for one in measures if one.status == Measure.Status.RETIRED]
    if not retired:
        return {}
    replaced = Measure.objects.filter(status=Measure.Status.RETIRED).values_list("pk", "replaced_by")
    after = {one: other for one, other in replaced if other}
    last = {}
    for first in retired:
        here: int = first
        seen: set[int] = set()
        while here in after and here not in seen:
            seen.add(here)
            here = after[here]
        last[first] = here
    live = Measure.objects.live().select_related("framework", "unit").in_bulk(set(last.values()))
    return {first: live[here] for first, here in last.items() if here in live}
