"""Approving several sets picked from one list: each by the same verb, what came of each told one by one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db import DatabaseError

from accounts.models import Person
from accounts.verbs.recipe import Invalid, Refused, Stale
from govuk import formats
from kpis.approvals import verbs
from kpis.approvals.models import Decision
from kpis.proposals.models import KPISet

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What came of one set."""

    title: str
    url: str
    approved: bool
    words: str

    def as_dict(self) -> dict[str, object]:
        """Return it as plain data, to be kept in a session."""
        return asdict(self)


def approve_together(by: Person, quoted: Iterable[tuple[int, str]], note: str = "") -> list[Outcome]:
    """Return what came of each (set key, content hash): approved, or why not. Raises for none of them."""
    return [_approve(by, key, content_hash, note) for key, content_hash in quoted]


def _approve(by: Person, key: int, content_hash: str, note: str) -> Outcome:
    kpi_set = KPISet.objects.visible_to(by).select_related("contract").filter(pk=key).first()
    if kpi_set is None:
        return Outcome("A KPI set", "", False, "You can’t see this set, so nothing was decided.")
    title = f"{kpi_set.contract.title}: {kpi_set}"
    try:
        done = verbs.approve(kpi_set, by=by, content_hash=content_hash, note=note)
    except (Refused, Stale) as refusal:
        if isinstance(refusal, Stale) and _did(by, kpi_set, content_hash):
            return Outcome(title, kpi_set.get_absolute_url(), True, "You have approved it already.")
        words = str(refusal)
    except Invalid as refusal:
        words = f"{refusal}. Open it to decide."
    except DatabaseError:
        LOG.exception("%s of contract %s was not approved with others", kpi_set, kpi_set.contract_id)
        words = "Something went wrong, so nothing was decided. Try again."
    else:
        return Outcome(title, kpi_set.get_absolute_url(), True, what_came_of(done))
    return Outcome(title, kpi_set.get_absolute_url(), False, words)


def what_came_of(done: KPISet) -> str:
    """Return where an approval left the set: in force, or waiting for another directorate."""
    if done.status == KPISet.Status.APPROVED:
        return f"{done} is approved, in force from {formats.month(done.effective_month)}."
    return verbs.what_stands(done)


def _did(by: Person, kpi_set: KPISet, content_hash: str) -> bool:
    """Return whether this person approved exactly this before: the button was pressed twice."""
    return Decision.objects.filter(
        submission__kpi_set=kpi_set,
        content_hash=content_hash,
        decided_by=by,
        outcome=Decision.Outcome.APPROVED,
    ).exists()
