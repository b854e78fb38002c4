"""A KPI set on its way to a decision: sent, taken back, withdrawn."""

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from accounts.verbs.recipe import Invalid, check_version, lock, require
from govuk import formats
from kpis.proposals import letters, permissions
from kpis.proposals.checks import problems
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.models import KPISet, SetSubmission
from kpis.proposals.moves import MOVES
from kpis.proposals.verbs.changing import changed


def submit(kpi_set, *, by, note="", version=None):
    """Return the set, waiting for a decision on exactly this content; the deciders have a letter.

    Raises Invalid with everything that is missing, all at once.
    """
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        require(permissions.may_propose(by, kpi_set.contract))
        check_version(kpi_set, version, "this KPI set")
        MOVES.check(kpi_set, "submit")
        found = problems(kpi_set)
        if found:
            raise Invalid([(field, sentence) for _, field, sentence in found])
        content = content_of(kpi_set)
        kpi_set.content_hash = hash_of(content)
        MOVES.apply(kpi_set, "submit")
        kpi_set.submitted_by, kpi_set.submitted_at = by, timezone.now()
        # What a proposer sends is decided by itself, also where it once came in with a batch.
        kpi_set.adoption = None
        changed(kpi_set, by)
        SetSubmission.objects.create(
            kpi_set=kpi_set,
            ordinal=kpi_set.submissions.count() + 1,
            content=content,
            content_hash=kpi_set.content_hash,
            submitted_by=by,
            submitted_at=kpi_set.submitted_at,
        )
        record(
            action="proposals.submit",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            note=note,
            summary=f"Sent {kpi_set} for approval",
            after={
                **_what(kpi_set, content),
                "Takes effect": formats.month(kpi_set.effective_month),
                "Content hash": kpi_set.content_hash,
            },
        )
        letters.set_waiting(kpi_set, note)
    return kpi_set


def _what(kpi_set, content):
    """Return what was sent, as history tells it."""
    if not kpi_set.is_exception:
        return {"KPIs": len(content["kpis"])}
    return {"Why": content["reason_words"], "To be reviewed on": formats.day(kpi_set.review_on)}


def take_back(kpi_set, *, by, note=""):
    """Return the set as a draft again, so that it can be changed before anybody decides it."""
    return _recall(kpi_set, "take_back", "Took back", by, note)


def withdraw(kpi_set, *, by, note=""):
    """Return the set, withdrawn for good; it is kept, and the contract may start another."""
    return _recall(kpi_set, "withdraw", "Withdrew", by, note)


def _recall(kpi_set, verb, did, by, note):
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        require(permissions.may_propose(by, kpi_set.contract))
        was_waiting = kpi_set.status == KPISet.Status.SUBMITTED
        MOVES.apply(kpi_set, verb)
        kpi_set.version += 1
        kpi_set.save()
        record(
            action=f"proposals.{verb}",
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            note=note,
            summary=f"{did} {kpi_set}",
        )
        if was_waiting:
            letters.set_taken_back(kpi_set, by, note)
    return kpi_set
