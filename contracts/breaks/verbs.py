"""What can be done with break points: add, change, withdraw, say what came of them and take that back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.breaks import permissions
from contracts.models import BreakPoint, Contract

FACTS = ("kind", "on", "notice_by", "clause", "could_ask")
WHAT = "this break point"


def add(
    contract: Contract,
    *,
    by: Person,
    kind: str,
    on: dt.date,
    notice_by: dt.date | None = None,
    clause: str = "",
    could_ask: str = "",
) -> BreakPoint:
    """Record a day on which the contract can be changed or left, and return it.

    Raises Refused, or Invalid where notice would be after the day or the same chance is recorded already.
    """
    with transaction.atomic():
        # The contract's row is the lock: of two people who record the same chance one is told.
        contract = lock(Contract, contract.pk)
        require(permissions.may_keep(by, contract))
        facts = _clean(kind=kind, on=on, notice_by=notice_by, clause=clause, could_ask=could_ask)
        point = BreakPoint(contract=contract, made_by=by, **facts)
        _check(point)
        point.save()
        _, after = changes(BreakPoint(), FACTS, facts)
        _record("add", point, by, f"Break point added: {point}", after=after)
    return point


def change(point: BreakPoint, *, by: Person, version: int | None = None, **facts: Any) -> BreakPoint:
    """Change all facts of a break point still ahead and return it; nothing happens where none differs.

    Raises Refused, Stale (changed, withdrawn or decided meanwhile), Invalid with sentences by field.
    """
    with transaction.atomic():
        point = _locked(point, by)
        check_version(point, version, WHAT)
        must_be_open(point)
        facts = _clean(**facts)
        before, after = changes(point, FACTS, facts)
        if not before and not after:
            return point
        for name, value in facts.items():
            setattr(point, name, value)
        _check(point)
        _save(point)
        _record("change", point, by, f"Break point changed: {point}", before=before, after=after)
    return point


def withdraw(point: BreakPoint, *, by: Person, reason: str, version: int | None = None) -> BreakPoint:
    """Take a break point that was recorded by mistake out of every list; its history stays."""
    with transaction.atomic():
        point = _locked(point, by)
        check_version(point, version, WHAT)
        if point.withdrawn_at:
            raise Stale("This break point has been withdrawn already.")
        if not reason.strip():
            raise Invalid([("reason", "Enter why it is withdrawn")])
        point.withdrawn_at = timezone.now()
        _save(point)
        _record("withdraw", point, by, f"Break point withdrawn: {point}", note=reason.strip())
    return point


def record_outcome(
    point: BreakPoint, *, by: Person, outcome: str, words: str, version: int | None = None
) -> BreakPoint:
    """Say what came of a break point; reminders about it stop.

    Raises Refused, Stale where it has an outcome or was withdrawn, Invalid where something is missing.
    """
    with transaction.atomic():
        point = _locked(point, by)
        check_version(point, version, WHAT)
        must_be_open(point)
        errors = []
        if not outcome or outcome not in BreakPoint.Outcome.values:
            errors.append(("outcome", "Select what came of it"))
        if not words.strip():
            errors.append(("words", "Enter what came of it, in a sentence or two"))
        if errors:
            raise Invalid(errors)
        point.outcome, point.outcome_words = outcome, words.strip()
        point.outcome_at, point.outcome_by = timezone.now(), by
        _save(point)
        _record(
            "record_outcome",
            point,
            by,
            f"{point}: {point.get_outcome_display()}",
            after={"Outcome": point.get_outcome_display()},
            note=point.outcome_words,
        )
    return point


def undo_outcome(point: BreakPoint, *, by: Person, reason: str, version: int | None = None) -> BreakPoint:
    """Open a break point again whose outcome was recorded wrongly; what was said stays in its history."""
    with transaction.atomic():
        point = _locked(point, by)
        check_version(point, version, WHAT)
        if point.withdrawn_at or not point.outcome:
            raise Stale("This break point has no outcome to take back.")
        if not reason.strip():
            raise Invalid([("reason", "Enter why the outcome is taken back")])
        before = {"Outcome": point.get_outcome_display(), "What came of it": point.outcome_words}
        point.outcome, point.outcome_words = "", ""
        point.outcome_at = point.outcome_by = None
        _save(point)
        _record(
            "undo_outcome",
            point,
            by,
            f"{point}: outcome taken back",
            before=before,
            after={"Outcome": point.get_outcome_display()},
            note=reason.strip(),
        )
    return point


def _locked(point: BreakPoint, by: Person) -> BreakPoint:
    point = lock(BreakPoint, point.pk)
    require(permissions.may_keep(by, point.contract))
    return point


def must_be_open(point: BreakPoint) -> None:
    """Raise Stale, saying why, where a break point can not be changed or decided any more."""
    if point.withdrawn_at:
        raise Stale("This break point has been withdrawn: it was recorded by mistake.")
    if point.outcome:
        raise Stale(
            f"This break point has an outcome: “{point.get_outcome_display()}”. "
            "Take the outcome back first if it is wrong."
        )


def _clean(**facts: Any) -> dict[str, Any]:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"Break points have no such facts: {', '.join(sorted(unknown))}.")
    return {name: value.strip() if isinstance(value, str) else value for name, value in facts.items()}


def _check(point: BreakPoint) -> None:
    errors = []
    if point.kind not in BreakPoint.Kind.values:
        errors.append(("kind", "Select what kind of chance it is"))
    if point.on is None:
        errors.append(("on", "Enter the date"))
    elif point.notice_by and point.notice_by > point.on:
        errors.append(("notice_by", "The notice date must be the same as or before the date itself"))
    if len(point.clause) > 120:
        errors.append(("clause", "The clause must be 120 characters or fewer"))
    if not errors:
        same = BreakPoint.objects.filter(
            contract=point.contract, kind=point.kind, on=point.on, withdrawn_at=None
        )
        if same.exclude(pk=point.pk).exists():
            errors.append(("on", f"{point} is recorded already: change that one"))
    if errors:
        raise Invalid(errors)


def _save(point: BreakPoint) -> None:
    point.version += 1
    point.save()


def _record(verb: str, point: BreakPoint, by: Person, summary: str, **more: Any) -> None:
    record(
        action=f"contracts.break_point_{verb}",
        subject=point,
        by=by,
        summary=summary,
        contract_number=point.contract_id,
        **more,
    )
