"""Deciding a KPI set: approve it, or return it with a reason for each KPI."""

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from accounts.verbs.recipe import Invalid, Stale, lock, require
from govuk import formats
from kpis.approvals import letters
from kpis.approvals.models import Decision
from kpis.approvals.permissions import may_decide
from kpis.proposals import exceptions
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.models import KPISet
from kpis.proposals.months import first_free_month
from kpis.proposals.moves import MOVES
from kpis.returns.verbs import hold_still, rebuild_open_returns


def approve(kpi_set, *, by, content_hash, note=""):
    """Return the set, approved, in force from the month asked for or the first without a submitted return.

    `content_hash` is that of the submission the person read: another one is Stale. Proposer, manager,
    commissioner and delegator have a letter; open returns from that month on follow the new set.
    """
    with transaction.atomic():
        kpi_set, answer, submission = _to_decide(kpi_set, by, content_hash)
        hold_still(kpi_set.contract)
        exceptions.refuse_a_day_gone_by(kpi_set)
        asked = kpi_set.effective_month
        kpi_set.effective_month = max(asked, first_free_month(kpi_set.contract) or asked)
        kpi_set.decided_at = timezone.now()
        MOVES.apply(kpi_set, "approve")
        kpi_set.version += 1
        kpi_set.save()
        decision = _decide(submission, Decision.Outcome.APPROVED, by, answer, kpi_set.decided_at, note=note)
        moved = kpi_set.effective_month != asked
        record(
            action="approvals.approve",
            subject=kpi_set,
            by=by,
            acting_for=answer.acting_for,
            delegation=answer.delegation,
            contract_number=kpi_set.contract_id,
            note=note,
            summary=(f"Approved {kpi_set}, in force from {formats.month(kpi_set.effective_month)}"),
            before={"Takes effect": formats.month(asked)} if moved else {},
            after={"Takes effect": formats.month(kpi_set.effective_month), "Content hash": content_hash},
        )
        letters.approved(kpi_set, decision)
        rebuild_open_returns(kpi_set.contract, kpi_set.effective_month, by=by)
    return kpi_set


def send_back(kpi_set, *, by, content_hash, reasons, note=""):
    """Return the set, returned to its proposers with a reason for at least one KPI.

    `reasons` maps a KPI's position in the set to the reason; blank ones are left out. Raises Invalid.
    """
    with transaction.atomic():
        kpi_set, answer, submission = _to_decide(kpi_set, by, content_hash)
        given = {int(position): reason.strip() for position, reason in reasons.items() if reason.strip()}
        titles = {kpi["position"]: kpi["title"] for kpi in submission.content["kpis"]}
        if kpi_set.is_exception:
            # It has no KPIs: what must change is said of the whole.
            if not note.strip():
                raise Invalid([("note", "Say what must change, so that it can be put right")])
        elif not given:
            raise Invalid([("reasons", "Give a reason for at least one KPI, so that it can be put right")])
        if set(given) - set(titles):
            raise Invalid([("reasons", "Give reasons only for KPIs of this set")])
        kpi_set.decided_at = timezone.now()
        MOVES.apply(kpi_set, "send_back")
        kpi_set.version += 1
        kpi_set.save()
        decision = _decide(
            submission,
            Decision.Outcome.RETURNED,
            by,
            answer,
            kpi_set.decided_at,
            note=note,
            reasons={str(position): reason for position, reason in sorted(given.items())},
        )
        record(
            action="approvals.send_back",
            subject=kpi_set,
            by=by,
            acting_for=answer.acting_for,
            delegation=answer.delegation,
            contract_number=kpi_set.contract_id,
            note=note,
            summary=f"Returned {kpi_set} with reasons"
            + ("" if kpi_set.is_exception else f" for {formats.plural(len(given), 'KPI')}"),
            after={
                **{titles[position]: reason for position, reason in sorted(given.items())},
                "Content hash": content_hash,
            },
        )
        letters.returned(kpi_set, decision, [f"{titles[n]}: {reason}" for n, reason in sorted(given.items())])
    return kpi_set


def _to_decide(kpi_set, by, content_hash):
    """Return (set locked, answer, submission to decide on); refuse a stranger, a late or stale decision."""
    kpi_set = lock(KPISet, kpi_set.pk)
    answer = require(may_decide(by, kpi_set))
    submission = kpi_set.submissions.first()
    if not MOVES.allows(kpi_set.status, "approve"):
        raise Stale(what_stands(kpi_set))
    if content_hash != kpi_set.content_hash or submission is None or submission.content_hash != content_hash:
        raise Stale(
            "This KPI set was changed and sent again since you opened it, so nothing was decided. "
            "Read it as it is now, then decide."
        )
    if hash_of(content_of(kpi_set)) != content_hash:
        raise Stale(
            "The KPI set no longer matches what was sent for approval, so it can't be decided. "
            "Ask the proposer to take it back and send it again."
        )
    return kpi_set, answer, submission


def what_stands(kpi_set):
    """Return a sentence on what was decided, by whom and when, or where the set stands otherwise."""
    decision = (
        Decision.objects.filter(submission__kpi_set=kpi_set)
        .select_related("decided_by", "acting_for")
        .order_by("-decided_at", "-pk")
        .first()
    )
    if decision and kpi_set.status in {KPISet.Status.APPROVED, KPISet.Status.RETURNED}:
        acting = f" for {decision.acting_for}" if decision.acting_for else ""
        return (
            f"{decision.decided_by}{acting} {decision.get_outcome_display().lower()} {kpi_set} on "
            f"{formats.day_time(decision.decided_at)}. There is nothing left to decide."
        )
    state = kpi_set.get_status_display().lower()
    return f"{kpi_set} is “{state}”, so there is nothing to decide."


def _decide(submission, outcome, by, answer, at, *, note, reasons=None):
    return Decision.objects.create(
        submission=submission,
        outcome=outcome,
        content_hash=submission.content_hash,
        decided_by=by,
        acting_for=answer.acting_for,
        delegation=answer.delegation,
        decided_at=at,
        note=note,
        reasons=reasons or {},
    )
