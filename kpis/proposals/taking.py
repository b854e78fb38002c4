"""Puts measures from elsewhere into a new set: one way for templates and for copies of other contracts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.models import Person
from accounts.verbs.recipe import Invalid
from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.takeable import measures_to_take


@dataclass(frozen=True)
class Wanted:
    """One measure to put into a set, and what of its KPI comes along: the facts `add_kpi` takes."""

    measure: Measure
    facts: dict[str, Any] = field(default_factory=dict)


def take_all(kpi_set: KPISet, wanted: Iterable[Wanted], *, by: Person) -> list[KPITerms]:
    """Return the new KPIs of the set, in order; call it in a transaction.

    What is in the set already, or may not be taken by its contract, is left out. Raises Invalid, naming the
    measure, where one can't be added as it is wanted.
    """
    wanted = list(wanted)
    there = set(kpi_set.terms.values_list("kpi__measure", flat=True))
    may_take = set(measures_to_take(kpi_set).values_list("pk", flat=True))
    # All at once and in one order: two sets taking the same measures then wait for each other.
    verbs.hold_measures([one.measure.pk for one in wanted])
    taken = []
    for one in wanted:
        if one.measure.pk in there or one.measure.pk not in may_take:
            continue
        there.add(one.measure.pk)
        try:
            taken.append(verbs.add_kpi(kpi_set, by=by, measure=one.measure, **one.facts))
        except Invalid as refusal:
            # The form that began the set has no such fields: say which measure it is about.
            raise Invalid([("", f"{one.measure.title}: {words}") for _, words in refusal.errors]) from None
    return taken


def smallest(measure: Measure) -> Decimal:
    """Return the least amount above nothing that the measure's unit can show."""
    return Decimal(1).scaleb(-measure.unit.places)
