"""Deciding a KPI set: approve it, or return it with a reason for each KPI."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.calendar import today
from accounts.history import record
from accounts.models import HistoryRow, Person
from accounts.verbs.recipe import Invalid, Stale, lock, require
from govuk import formats
from kpis.approvals import challenge_letters, letters
from kpis.approvals.models import Decision
from kpis.approvals.permissions import MayDecide, may_ask_again, may_decide, open_to
from kpis.proposals import exceptions
from kpis.proposals.content import still_says
from kpis.proposals.deciders import Decider, Seat, seats_of_many, told_by_seats
from kpis.proposals.letters import ask
from kpis.proposals.models import DecisionAsked, KPISet, SetSubmission
from kpis.proposals.months import first_free_month
from kpis.proposals.moves import MOVES
from kpis.proposals.reading import waiting_words
from kpis.returns.verbs import hold_still, rebuild_open_returns

ASKED_AGAIN = "approvals.ask_again"
# What history calls the reason for not waiting; for those who may know what was asked.
PASSED_OVER = "Approved before questions were answered, because"


def approve(
    kpi_set: KPISet,
    *,
    by: Person,
    content_hash: str,
    note: str = "",
    override_reason: str = "",
    with_batch: bool = False,
) -> KPISet:
    """Return the set, approved for each directorate this person decides for that had not decided yet.

    Once every directorate of the contract has approved this submission it is in force, from the month asked
    for or the first without a submitted return: proposer, manager, commissioner and delegator have a letter,
    and open returns from that month on follow it. Until then it waits on, and the others are told.
    `content_hash` is that of the submission the person read: another one is Stale. Raises Invalid where a
    question has no answer and no `override_reason` says why it was not waited for.
    A set that came in as signed is decided with its batch (`with_batch`), of which one letter tells.
    """
    with transaction.atomic():
        kpi_set, answer, submission = _to_decide(kpi_set, by, content_hash, with_batch=with_batch)
        exceptions.refuse_a_day_gone_by(kpi_set)
        override_reason = _answered(kpi_set, override_reason.strip())
        at = _moment(submission)
        made = [
            _decide(
                submission, Decision.Outcome.APPROVED, by, one, at, note=note, override_reason=override_reason
            )
            for one in answer.seats
        ]
        seats = seats_of_many([kpi_set])[kpi_set.pk]
        after = {"Content hash": content_hash, "Authority": answer.authority}
        if override_reason:
            after[PASSED_OVER] = override_reason
            challenge_letters.passed_over(kpi_set, made[0])
        act = {"acting_for": answer.acting_for, "delegation": answer.delegation, "note": note}
        if any(seat.is_open for seat in seats):
            names = _names(one.directorate.name for one in answer.seats)
            left = _names(seat.directorate.name for seat in seats if seat.is_open)
            _record(
                kpi_set,
                "approve",
                f"Approved {kpi_set} for {names}; {left} still to decide",
                by=by,
                after=after,
                **act,
            )
            if not with_batch:
                letters.approved_in_part(kpi_set, made, seats)
        else:
            _take_effect(kpi_set, at, f"Approved {kpi_set}", by=by, after=after, **act)
            if not with_batch:
                letters.approved(kpi_set, made)
    return kpi_set


def _take_effect(kpi_set: KPISet, at: dt.datetime, summary: str, *, by: Person | None, after, **act) -> None:
    """Put an approved set in force and record it; the contract is held still until the transaction ends."""
    asked = kpi_set.effective_month
    assert asked is not None
    kpi_set.effective_month = max(asked, first_free_month(kpi_set.contract) or asked)
    kpi_set.decided_at = at
    MOVES.apply(kpi_set, "approve")
    kpi_set.version += 1
    kpi_set.save()
    month = formats.month(kpi_set.effective_month)
    _record(
        kpi_set,
        "approve",
        f"{summary}, in force from {month}",
        by=by,
        before={"Takes effect": formats.month(asked)} if kpi_set.effective_month != asked else {},
        after={"Takes effect": month, **after},
        **act,
    )
    rebuild_open_returns(kpi_set.contract, kpi_set.effective_month, by=by)


def take_effect_where_all_approved(kpi_set: KPISet) -> bool:
    """Put a waiting set in force whose directorates have all approved it; return whether it was.

    That comes about without a decision where the last one to decide is no longer of the contract.
    """
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        hold_still(kpi_set.contract)
        kpi_set.refresh_from_db(fields=["contract"])
        seats = seats_of_many([kpi_set])[kpi_set.pk]
        if kpi_set.status != KPISet.Status.SUBMITTED or not seats or any(seat.is_open for seat in seats):
            return False
        submission = kpi_set.submissions.order_by("-ordinal")[0]
        keys = [seat.directorate.pk for seat in seats]
        made = list(submission.decisions.filter(directorate__in=keys).order_by("-pk"))
        _take_effect(
            kpi_set,
            _moment(submission),
            f"Every directorate of the contract had approved {kpi_set}",
            by=None,
            after={"Content hash": submission.content_hash},
        )
        letters.approved(kpi_set, made[:1])
    return True


def send_back(
    kpi_set: KPISet,
    *,
    by: Person,
    content_hash: str,
    reasons: Mapping[int, str],
    note: str = "",
    with_batch: bool = False,
) -> KPISet:
    """Return the set, returned to its proposers with a reason for at least one KPI.

    `reasons` maps a KPI's position in the set to the reason; blank ones are left out. The return by one
    directorate returns a joint contract's set, whoever approved it before. Raises Invalid.
    """
    with transaction.atomic():
        kpi_set, answer, submission = _to_decide(kpi_set, by, content_hash, with_batch=with_batch)
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
        kpi_set.decided_at = _moment(submission)
        MOVES.apply(kpi_set, "send_back")
        kpi_set.version += 1
        kpi_set.save()
        told = {str(position): reason for position, reason in sorted(given.items())}
        made = [
            _decide(
                submission, Decision.Outcome.RETURNED, by, one, kpi_set.decided_at, note=note, reasons=told
            )
            for one in answer.seats
        ]
        _record(
            kpi_set,
            "send_back",
            f"Returned {kpi_set} with reasons"
            + ("" if kpi_set.is_exception else f" for {formats.plural(len(given), 'KPI')}"),
            by=by,
            acting_for=answer.acting_for,
            delegation=answer.delegation,
            note=note,
            after={
                **{titles[position]: reason for position, reason in sorted(given.items())},
                "Content hash": content_hash,
                "Authority": answer.authority,
            },
        )
        letters.returned(kpi_set, made, [f"{titles[n]}: {reason}" for n, reason in sorted(given.items())])
    return kpi_set


def ask_again(kpi_set: KPISet, *, by: Person) -> list[Decider]:
    """Return those who were sent the letter again that asks for a decision; once a day at most.

    Raises Stale where nothing waits or it was sent today, Invalid where nobody can decide.
    """
    with transaction.atomic():
        kpi_set = lock(KPISet, kpi_set.pk)
        require(may_ask_again(by))
        seats = seats_of_many([kpi_set])[kpi_set.pk]
        if kpi_set.status != KPISet.Status.SUBMITTED:
            raise Stale(what_stands(kpi_set))
        before = HistoryRow.objects.of(kpi_set).filter(action=ASKED_AGAIN).order_by("-pk").first()
        if before is not None and timezone.localdate(before.at) >= today():
            raise Stale(
                f"{before.actor} asked again about {kpi_set} on {formats.day_time(before.at)}. "
                "Wait until tomorrow before you ask once more."
            )
        told = told_by_seats(seats)
        if not told:
            raise Invalid("Nobody can decide this set, so there is nobody to ask. Record who holds the post.")
        submission = kpi_set.submissions.order_by("-ordinal")[0]
        asked = set(submission.asked.values_list("person", flat=True))
        DecisionAsked.objects.bulk_create(
            DecisionAsked(submission=submission, person=one.person)
            for one in told
            if one.person.pk not in asked
        )
        ask(kpi_set, told, f"{by} asks again: it has waited since {formats.day(kpi_set.submitted_at)}.")
        names = _names(str(one.person) for one in told)
        record(
            action=ASKED_AGAIN,
            subject=kpi_set,
            by=by,
            contract_number=kpi_set.contract_id,
            summary=f"Asked {names} again to decide {kpi_set}",
        )
    return told


def _to_decide(
    kpi_set: KPISet, by: Person, content_hash: str, *, with_batch: bool = False
) -> tuple[KPISet, MayDecide, SetSubmission]:
    """Return (set locked, answer, submission to decide on); refuse a stranger, a late or stale decision.

    The answer names only directorates that have not decided it yet. The contract is held still, so that its
    directorates stay what they are until the transaction ends.
    """
    kpi_set = lock(KPISet, kpi_set.pk)
    hold_still(kpi_set.contract)
    # Its directorates and value as they are under the lock.
    kpi_set.refresh_from_db(fields=["contract"])
    answer = may_decide(by, kpi_set)
    require(answer)
    if not MOVES.allows(kpi_set.status, "approve"):
        raise Stale(what_stands(kpi_set))
    submission = kpi_set.submissions.order_by("-ordinal").first()
    if kpi_set.adoption_id and not with_batch:
        raise Stale(
            f"{kpi_set} came in as signed and is decided with its batch: open that under Approvals. "
            "Nothing was decided here."
        )
    if content_hash != kpi_set.content_hash or submission is None or submission.content_hash != content_hash:
        raise Stale(
            "This KPI set was changed and sent again since you opened it, so nothing was decided. "
            "Read it as it is now, then decide."
        )
    answer = open_to(answer, seats_of_many([kpi_set])[kpi_set.pk])
    if not answer.seats:
        raise Stale(what_stands(kpi_set))
    if not still_says(kpi_set, submission):
        raise Stale(
            "The KPI set no longer matches what was sent for approval, so it can't be decided. "
            "Ask the proposer to take it back and send it again."
        )
    return kpi_set, answer, submission


def _answered(kpi_set: KPISet, override_reason: str) -> str:
    """Return the reason for not waiting for answers, or "" where none is owed; refuse without one."""
    waiting = kpi_set.challenges.unanswered().count()
    if waiting and not override_reason:
        wait = "waits" if waiting == 1 else "wait"
        raise Invalid(
            [
                (
                    "override_reason",
                    f"{formats.plural(waiting, 'question')} of the social value group still {wait} for an "
                    "answer. Wait for it, or say why you approve without it",
                )
            ]
        )
    return override_reason if waiting else ""


def _moment(submission: SetSubmission) -> dt.datetime:
    """Return now, or the moment of sending where the clock has gone back since: nothing is decided before."""
    return max(timezone.now(), submission.submitted_at)


def _names(names) -> str:
    """Return "Neighbourhoods and Adult Services"."""
    every = list(dict.fromkeys(names))
    return " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def what_stands(kpi_set: KPISet) -> str:
    """Return a sentence on what was decided, by whom and when, or where the set stands otherwise."""
    decision = (
        Decision.objects.filter(submission__kpi_set=kpi_set)
        .select_related("decided_by", "acting_for", "directorate")
        .order_by("-pk")
        .first()
    )
    if decision and kpi_set.status in {KPISet.Status.APPROVED, KPISet.Status.RETURNED}:
        return f"{_decided(decision)} {kpi_set} on {formats.day_time(decision.decided_at)}. " + (
            "There is nothing left to decide."
        )
    if kpi_set.status == KPISet.Status.SUBMITTED:
        seats: list[Seat] = seats_of_many([kpi_set])[kpi_set.pk]
        if any(not seat.is_open for seat in seats):
            return f"{kpi_set} waits {waiting_words(seats)}. There is nothing left for you to decide."
    state = kpi_set.get_status_display().lower()
    return f"{kpi_set} is “{state}”, so there is nothing to decide."


def _decided(decision: Decision) -> str:
    acting = f" for {decision.acting_for}" if decision.acting_for else ""
    return f"{decision.decided_by}{acting} {decision.get_outcome_display().lower()}"


def _decide(
    submission: SetSubmission,
    outcome: str,
    by: Person,
    one: Decider,
    at: dt.datetime,
    *,
    note: str,
    reasons: dict[str, str] | None = None,
    override_reason: str = "",
) -> Decision:
    return Decision.objects.create(
        submission=submission,
        directorate=one.directorate,
        outcome=outcome,
        content_hash=submission.content_hash,
        decided_by=by,
        acting_for=one.acting_for,
        delegation=one.delegation,
        authority=one.authority,
        decided_at=at,
        note=note,
        reasons=reasons or {},
        override_reason=override_reason,
    )


def _record(kpi_set: KPISet, verb: str, summary: str, **facts) -> None:
    record(
        action=f"approvals.{verb}",
        subject=kpi_set,
        contract_number=kpi_set.contract_id,
        summary=summary,
        **facts,
    )
