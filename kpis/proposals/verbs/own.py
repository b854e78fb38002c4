"""A measure in the contract's own words, written for a set that is being prepared."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Person
from kpis.library import own_words
from kpis.library.models import Measure
from kpis.proposals.models import KPISet
from kpis.proposals.verbs.changing import open_set


def write_measure(kpi_set: KPISet, *, by: Person, **facts: Any) -> Measure:
    """Return the measure, written for the set's contract; whoever wrote it has a hand in the set.

    Whoever puts it into the set then, its writer does not approve it. `facts` are those of `write_own`.
    Raises Invalid by field, Stale where the set is no longer open, and Refused.
    """
    with transaction.atomic():
        kpi_set = open_set(kpi_set, by, None)
        measure = own_words.write_own(kpi_set.contract, by=by, **facts)
        kpi_set.editors.add(by)
    return measure
