"""Suspending a contract for whole months: nothing is due for them, and what was entered is kept."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.calendar import first_of_month
from accounts.history import record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, lock
from contracts.models import Contract, Suspension
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from kpis.lifecycle import permissions
from kpis.lifecycle.settling import settle, span_of
from kpis.lifecycle.verbs.opening_up import opened, refuse_unsigned

FAR = dt.date(9999, 12, 1)


def suspend(
    contract: Contract,
    *,
    by: Person,
    from_month: dt.date,
    to_month: dt.date | None = None,
    reason: str,
    reference: str = "",
    version: int | None = None,
) -> Suspension:
    """Return the suspension of the contract for whole months; without `to_month` until it is resumed.

    Returns of its months that were never submitted are excused, with what had been entered set aside, and
    none opens for them. Submitted ones stand. Raises Invalid by field.
    """
    from_month = first_of_month(from_month)
    to_month = first_of_month(to_month) if to_month else None
    reason, reference = reason.strip(), reference.strip()
    with transaction.atomic():
        contract = opened(contract, by=by, may=permissions.may_suspend, version=version)
        refuse_unsigned(contract, "from_month", "suspended")
        errors = _months_wrong(contract, from_month, to_month)
        if not reason:
            errors.append(("reason", "Say why the contract is suspended"))
        if len(reference) > 250:
            errors.append(("reference", "The agreement or letter must be 250 characters or fewer"))
        if errors:
            raise Invalid(errors)
        suspension = Suspension.objects.create(
            contract=contract,
            from_month=from_month,
            to_month=to_month,
            reason=reason,
            reference=reference,
            made_by=by,
        )
        _tell(contract, suspension, by, "suspend", f"Suspended {span_of(suspension)}", note=reason)
        settle(contract, by=by)
    return suspension


def _months_wrong(contract: Contract, first: dt.date, last: dt.date | None) -> list[tuple[str, str]]:
    errors = []
    if last and last < first:
        errors.append(("to_month", f"The last suspended month must be {show_month(first)} or later"))
    if contract.starts_on and first < first_of_month(contract.starts_on):
        errors.append(
            ("from_month", f"The first suspended month must be {show_month(contract.starts_on)} or later: "
             f"the contract starts on {show_day(contract.starts_on)}")
        )  # fmt: skip
    end = contract.last_day
    if end and first > end:
        errors.append(
            ("from_month", f"The first suspended month must be {show_month(end)} or earlier: the contract "
             f"ends on {show_day(end)}")
        )  # fmt: skip
    return errors or _overlaps(contract, first, last)


def _overlaps(
    contract: Contract, first: dt.date, last: dt.date | None, *, but: Suspension | None = None
) -> list[tuple[str, str]]:
    """Return what is wrong where another suspension holds in one of the months."""
    for other in contract.suspensions.standing():
        if other == but:
            continue
        if other.from_month <= (last or FAR) and first <= (other.to_month or FAR):
            field = "from_month" if but is None else "last_month"
            return [(field, f"The contract is already suspended {span_of(other)}. A month can't be suspended "
                     "twice")]  # fmt: skip
    return []


def resume(
    contract: Contract, *, by: Person, last_month: dt.date, note: str = "", version: int | None = None
) -> Suspension:
    """Return the contract's latest suspension, ended with this last suspended month.

    Months after it are owed: their returns come back with what had been entered, or open now, and are due
    from today. Raises Stale where no suspension stands, Invalid for a month before it.
    """
    last_month = first_of_month(last_month)
    with transaction.atomic():
        contract = opened(contract, by=by, may=permissions.may_suspend, version=version)
        suspension = contract.suspensions.standing().order_by("-from_month").first()
        if suspension is None:
            raise Stale("This contract is not suspended now. Somebody may have been there before you.")
        suspension = lock(Suspension, suspension.pk)
        if last_month < suspension.from_month:
            raise Invalid(
                [
                    (
                        "last_month",
                        f"The last suspended month must be {show_month(suspension.from_month)} or later. If "
                        "the contract was never suspended, withdraw the suspension instead",
                    )
                ]
            )
        if last_month == suspension.to_month:
            raise Invalid(
                [
                    (
                        "last_month",
                        f"{show_month(last_month)} is its last suspended month already. Enter another month, "
                        "or leave it as it is",
                    )
                ]
            )
        wrong = _overlaps(contract, suspension.from_month, last_month, but=suspension)
        if wrong:
            raise Invalid(wrong)
        before = span_of(suspension)
        suspension.to_month = last_month
        suspension.save(update_fields=["to_month"])
        _tell(
            contract, suspension, by, "resume", f"Resumed after {show_month(last_month)}",
            before=before, note=note.strip(),
        )  # fmt: skip
        settle(contract, by=by)
    return suspension


def withdraw_suspension(
    suspension: Suspension, *, by: Person, note: str = "", version: int | None = None
) -> Suspension:
    """Return the suspension, withdrawn as recorded by mistake: its months are owed after all.

    `version` is the contract's. Raises Stale where it was withdrawn already.
    """
    with transaction.atomic():
        contract = opened(suspension.contract, by=by, may=permissions.may_suspend, version=version)
        suspension = lock(Suspension, suspension.pk)
        if suspension.withdrawn_at is not None:
            raise Stale("This suspension was withdrawn already. Somebody may have been there before you.")
        before = span_of(suspension)
        suspension.withdrawn_at = timezone.now()
        suspension.save(update_fields=["withdrawn_at"])
        _tell(
            contract, suspension, by, "withdraw_suspension", f"Suspension {before} withdrawn",
            before=before, note=note.strip(),
        )  # fmt: skip
        settle(contract, by=by)
    return suspension


def _tell(contract, suspension, by, verb: str, summary: str, *, before: str = "", note: str) -> None:
    """Record what was done to a suspension as the contract's history, and give the contract a new version."""
    contract.version += 1
    contract.save(update_fields=["version", "changed_at"])
    withdrawn = suspension.withdrawn_at is not None
    after = {} if withdrawn else {"Suspended": span_of(suspension)}
    if suspension.reference and verb == "suspend":
        after["Agreement or letter"] = suspension.reference
    record(
        action=f"contracts.{verb}",
        subject=contract,
        by=by,
        contract_number=contract.pk,
        summary=summary,
        before={"Suspended": before} if before else {},
        after=after,
        note=note,
    )
