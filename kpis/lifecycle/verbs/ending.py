"""Ending a contract: terminated before its time, that undone, and the clock that ends what is over."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.calendar import today
from accounts.history import record, record_many
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock
from contracts.models import Contract, Stage
from govuk.formats import day as show_day
from kpis.lifecycle import permissions
from kpis.lifecycle.settling import settle
from kpis.lifecycle.verbs.opening_up import hold_sets, opened, refuse_unsigned
from kpis.proposals import letters
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES as SET_MOVES

BATCH = 200


def terminate(
    contract: Contract, *, by: Person, on: dt.date, reason: str, version: int | None = None
) -> Contract:
    """Return the contract, terminated with a last day before its end; from the day after it has ended.

    Returns of months after that of the termination which were never submitted are taken away, those somebody
    began set aside; none opens any more. A KPI set in the making is withdrawn. Raises Invalid by field.
    """
    reason = reason.strip()
    with transaction.atomic():
        hold_sets(contract)
        contract = opened(contract, by=by, may=permissions.may_terminate, version=version)
        _check(contract, on, reason)
        was, stage_was = contract.last_day, contract.get_stage_display()
        contract.terminated_on, contract.termination_reason = on, reason
        if on < today():
            contract.stage = Stage.ENDED
        contract.version += 1
        contract.save()
        staged = contract.get_stage_display() != stage_was
        record(
            action="contracts.terminate",
            subject=contract,
            by=by,
            contract_number=contract.pk,
            summary=f"Terminated on {show_day(on)}",
            before={"Last day": was, **({"Stage": stage_was} if staged else {})},
            after={"Last day": on, **({"Stage": contract.get_stage_display()} if staged else {})},
            note=reason,
        )
        _withdraw_sets(contract, by)
        settle(contract, by=by)
    return contract


def _check(contract: Contract, on: dt.date, reason: str) -> None:
    if contract.terminated_on:
        raise Stale(
            f"This contract was terminated on {show_day(contract.terminated_on)} already. Somebody may have "
            "been there before you."
        )
    refuse_unsigned(contract, "on", "terminated")
    errors = []
    last = contract.last_day
    if contract.starts_on and on < contract.starts_on:
        errors.append(
            (
                "on",
                f"The last day must be the same as or after {show_day(contract.starts_on)}, its start date",
            )
        )
    if last and on >= last:
        errors.append(("on", f"The last day must be before {show_day(last)}, when the contract ends anyway"))
    if last is None and on.year > today().year + 50:
        errors.append(("on", "The last day must be within 50 years"))
    if not reason:
        errors.append(("reason", "Say why the contract is terminated"))
    if errors:
        raise Invalid(errors)


def _withdraw_sets(contract: Contract, by: Person) -> None:
    """Withdraw the KPI set that was being prepared or waited: there is nothing left to agree."""
    note = f"The contract was terminated on {show_day(contract.terminated_on)}."
    for pk in contract.kpi_sets.open_or_waiting().values_list("pk", flat=True):
        kpi_set = lock(KPISet, pk)
        was_waiting = kpi_set.status == KPISet.Status.SUBMITTED
        SET_MOVES.apply(kpi_set, "withdraw")
        kpi_set.version += 1
        kpi_set.save()
        record(
            action="proposals.withdraw",
            subject=kpi_set,
            by=by,
            contract_number=contract.pk,
            note=note,
            summary=f"Withdrew {kpi_set}",
        )
        if was_waiting:
            letters.set_taken_back(kpi_set, by, note)


def undo_termination(
    contract: Contract, *, by: Person, note: str = "", version: int | None = None
) -> Contract:
    """Return the contract as it ran before it was terminated: returns owed again are there again.

    What had been entered is put back. A KPI set withdrawn by the termination stays withdrawn.
    """
    with transaction.atomic():
        contract = opened(contract, by=by, may=permissions.may_terminate, version=version)
        if contract.terminated_on is None:
            raise Stale("This contract is not terminated now. Somebody may have been there before you.")
        was, stage_was = contract.terminated_on, contract.get_stage_display()
        contract.terminated_on, contract.termination_reason = None, ""
        last = contract.last_day
        if contract.stage == Stage.ENDED and (last is None or last >= today()):
            contract.stage = Stage.LIVE
        contract.version += 1
        contract.save()
        staged = contract.get_stage_display() != stage_was
        record(
            action="contracts.undo_termination",
            subject=contract,
            by=by,
            contract_number=contract.pk,
            summary=f"Termination on {show_day(was)} undone",
            before={"Terminated on": was, **({"Stage": stage_was} if staged else {})},
            after={"Stage": contract.get_stage_display()} if staged else {},
            note=note.strip(),
        )
        settle(contract, by=by)
    return contract


def _over(day: dt.date) -> QuerySet[Contract]:
    """Return live contracts whose last day is before a day."""
    past = Q(terminated_on__lt=day) | (
        (Q(ends_on=None) | Q(ends_on__lt=day))
        & (Q(extended_to=None) | Q(extended_to__lt=day))
        & ~Q(ends_on=None, extended_to=None)
    )
    return Contract.objects.filter(past, stage=Stage.LIVE)


def end_what_is_over(now: dt.datetime | None = None) -> int:
    """Give every live contract whose last day is past the stage “ended”; return how many.

    A missed day catches up, a second run changes nothing. Each batch is a transaction of its own.
    """
    day = timezone.localdate(now) if now else today()
    ended = 0
    while batch := list(_over(day).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            # Asked again behind the lock: an extension may have come first.
            locked = list(_over(day).filter(pk__in=batch).order_by("pk").select_for_update(of=("self",)))
            rows = []
            for contract in locked:
                contract.stage = Stage.ENDED
                contract.version += 1
                contract.save(update_fields=["stage", "version", "changed_at"])
                rows.append(
                    {
                        "action": "contracts.end",
                        "subject": contract,
                        "by": None,
                        "summary": f"Ended: its last day was {show_day(contract.last_day)}",
                        "before": {"Stage": Stage.LIVE.label},
                        "after": {"Stage": Stage.ENDED.label},
                        "contract_number": contract.pk,
                    }
                )
            record_many(rows)
        ended += len(locked)
        if not locked:
            break
    return ended
