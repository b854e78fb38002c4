"""Asks whoever can decide a waiting set now and was not asked: delegations end, contracts move."""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef

from accounts.verbs.recipe import Stale, lock
from kpis.approvals.verbs import take_effect_where_all_approved
from kpis.proposals.deciders import seats_of_many, told_by_seats
from kpis.proposals.letters import set_waiting
from kpis.proposals.models import KPISet, SetSubmission

LOG = logging.getLogger(__name__)


def ask_who_can_decide_now() -> int:
    """Return how many letters were owed about waiting sets by now and are written.

    Who may decide is asked of today; each person is asked once about a submission, the lead told once where
    nobody can, also when two workers do this at the same moment. Each set is a transaction of its own. A set
    that every directorate left of its contract has approved takes effect.
    """
    waiting = list(KPISet.objects.pending().select_related("contract").prefetch_related("editors"))
    seats, asked = seats_of_many(waiting), _asked(waiting)
    owed = 0
    for one in waiting:
        found = seats[one.pk]
        told = {decider.person.pk for decider in told_by_seats(found)}
        try:
            if found and not any(seat.is_open for seat in found):
                take_effect_where_all_approved(one)
            elif told - asked.get(one.pk, set()) or not found or any(seat.is_stuck for seat in found):
                owed += _ask(one)
        except (Stale, DatabaseError):
            # The others are still owed theirs; this one is tried again within the hour.
            LOG.exception("Who can decide %s of contract %s was not asked", one, one.contract_id)
    return owed


def _asked(waiting: list[KPISet]) -> dict[int, set[int]]:
    """Return for each set's key the people asked about its latest submission: one query."""
    later = SetSubmission.objects.filter(kpi_set=OuterRef("kpi_set"), ordinal__gt=OuterRef("ordinal"))
    rows = SetSubmission.objects.filter(
        ~Exists(later), kpi_set__in=[one.pk for one in waiting], asked__isnull=False
    )
    found: dict[int, set[int]] = {}
    for kpi_set, person in rows.values_list("kpi_set", "asked__person"):
        found.setdefault(kpi_set, set()).add(person)
    return found


def _ask(kpi_set: KPISet) -> int:
    """Return how many were asked about one set: worked out anew under its lock."""
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        if kpi_set.status != KPISet.Status.SUBMITTED:
            return 0
        return set_waiting(kpi_set, "You are asked because you can decide it now.")
