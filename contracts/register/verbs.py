"""The journey of one import: start, set how it is read, check, answer, apply, stop, carry on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.verbs.recipe import Invalid
from contracts.models import RegisterImport, RegisterRow
from contracts.register import reading, summaries
from contracts.register.applying import Applier
from contracts.register.plan import Plan, make_plan
from contracts.register.setting_up import (
    BEFORE_APPLYING,
    JOURNEY,
    allow,
    candidates_of,
    encodings_of,
    guess_of,
    note,
    open_import,
    set_columns,
    set_directorates,
    set_reading,
    start,
    table_of,
)
from spreadsheets.reading import SpreadsheetError

__all__ = [
    "AT_ONCE",
    "BEFORE_APPLYING",
    "abandon",
    "allow",
    "answer",
    "begin_applying",
    "begin_checking",
    "candidates_of",
    "carry_on",
    "carry_on_abandoned",
    "check",
    "encodings_of",
    "guess_of",
    "set_columns",
    "set_directorates",
    "set_reading",
    "start",
    "stop",
    "summary",
    "table_of",
    "wake",
]

Status = RegisterImport.Status
Outcome = RegisterRow.Outcome
BATCH = 200
# Rows up to which checking and applying are done while the page waits.
AT_ONCE = 2000
TO_WRITE = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)


def plan_of(register_import: RegisterImport) -> Plan:
    """Return what would become of every row as things stand; writes nothing."""
    register = reading.read_register(table_of(register_import), register_import.columns)
    return make_plan(register, answers=register_import.answers)


def check(register_import: RegisterImport, *, by: Any = None, plan: Plan | None = None) -> RegisterImport:
    """Work out what would become of every row and keep that; nothing else changes.

    Rows that an earlier, stopped run applied keep what became of them. Where the file can't be read, the
    import is marked so, with the reason.
    """
    allow(by)
    try:
        plan = plan or plan_of(register_import)
    except SpreadsheetError as error:
        with transaction.atomic():
            register_import = open_import(register_import, Status.CHECKING)
            register_import.status, register_import.message = Status.FAILED, str(error)
            register_import.worker_until = None
            register_import.save()
        return register_import
    with transaction.atomic():
        register_import = open_import(register_import, Status.CHECKING)
        done = set(register_import.rows.filter(is_applied=True).values_list("row_number", flat=True))
        register_import.rows.filter(is_applied=False).delete()
        RegisterRow.objects.bulk_create(_rows(register_import, plan, done), batch_size=500)
        register_import.counts = {
            "warnings": [list(one) for one in plan.warnings],
            "unmapped_directorates": dict(plan.unmapped_directorates.most_common()),
            "unmapped_categories": dict(plan.unmapped_categories.most_common()),
            "not_in_file": plan.not_in_file,
        }
        waiting = register_import.rows.filter(outcome__in=TO_WRITE)
        register_import.rows_total = waiting.count()
        register_import.rows_done = waiting.filter(is_applied=True).count()
        register_import.checked_at = timezone.now()
        register_import.status, register_import.message = Status.CHECKED, ""
        register_import.worker_until = None
        _count(register_import)
        register_import.save()
    return register_import


def _rows(register_import: RegisterImport, plan: Plan, done: set[int]) -> Iterator[RegisterRow]:
    for one in plan.rows:
        if one.number in done:
            continue
        row = one.row
        yield RegisterRow(
            register_import=register_import,
            row_number=one.number,
            outcome=one.outcome,
            contract_id=one.contract,
            reasons=one.reasons,
            warnings=one.warnings,
            conflicts=one.conflicts,
            changes=one.changes,
            candidates=one.candidates,
            values={"cells": row.cells, "read": row.read} if row else {},
            row_hash=row.row_hash if row else "",
        )


def begin_checking(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Check it now where it is short; otherwise hand it to a worker and return it marked as being checked."""
    allow(by)
    if register_import.rows_total <= AT_ONCE:
        return check(register_import, by=by)
    with transaction.atomic():
        register_import = open_import(register_import)
        register_import.status, register_import.worker_until = Status.CHECKING, None
        register_import.save()
    wake(register_import)
    return register_import


def answer(register_import: RegisterImport, *, by: Any, answers: Mapping[int, str]) -> RegisterImport:
    """Take answers to "which contract is this row?" ("new", "leave" or a number) and check again with them.

    Raises Invalid, by row, where two rows are said to be the same contract or a number was not offered.
    """
    allow(by)
    offered = dict(register_import.rows.exclude(candidates=[]).values_list("row_number", "candidates"))
    errors: list[tuple[str, str]] = []
    taken: dict[str, int] = {}
    for row, said in answers.items():
        if said in ("new", "leave"):
            continue
        if not said.isdigit() or int(said) not in offered.get(row, []):
            errors.append((f"row_{row}", f"Select what row {row} is from the list"))
        elif said in taken:
            errors.append((f"row_{row}", f"Rows {taken[said]} and {row} can’t both be contract {said}"))
        taken.setdefault(said, row)
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        register_import = open_import(register_import)
        register_import.answers = {
            **register_import.answers,
            **{str(row): said for row, said in answers.items()},
        }
        register_import.save(update_fields=["answers"])
    return begin_checking(register_import, by=by)


def begin_applying(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Mark the import as being applied and return it; `carry_on` then does the work.

    Raises Stale where another import is being applied, or one was since this was checked.
    """
    allow(by)
    return JOURNEY.begin_applying(register_import, by=by)


def stop(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Stop applying after the batch at work; rows applied stay applied, the others wait."""
    allow(by)
    return JOURNEY.stop(register_import, by=by)


def abandon(register_import: RegisterImport, *, by: Any) -> RegisterImport:
    """Give the import up: what it wrote stays, nothing more will be written."""
    allow(by)
    return JOURNEY.abandon(register_import, by=by)


def carry_on(import_id: int) -> RegisterImport | None:
    """Check or apply, whichever it waits for, until done or stopped; None where a worker is at it."""
    return JOURNEY.carry_on(import_id, check=check, applier=Applier, finish=_finish, batch=BATCH)


def _finish(register_import: RegisterImport) -> None:
    _count(register_import)
    counts = register_import.counts
    by = register_import.uploaded_by
    note(
        "applied",
        register_import,
        by,
        f"Applied the register {register_import.file_name}: {counts['created']:,} "
        f"added, {counts['updated']:,} changed, {counts['rejected']:,} not used",
    )


def carry_on_abandoned() -> int:
    """Take up imports nobody is at work on; return how many. Run every minute."""
    return sum(carry_on(pk) is not None for pk in JOURNEY.waiting())


def wake(register_import: RegisterImport) -> None:
    """Ask a worker to take the import up; where no broker answers, the minute's sweep will."""
    from contracts.register.tasks import apply_register_import

    JOURNEY.wake(register_import, apply_register_import)


def summary(register_import: RegisterImport) -> dict[str, Any]:
    """Return what the import comes to; see `contracts.register.summaries`."""
    return summaries.of_import(register_import)


def _count(register_import: RegisterImport) -> None:
    """Put the counts on the import, from its rows."""
    found = summaries.of_import(register_import)
    numbers = {
        name: found[name] for name in ("rows_read", "empty", "created", "updated", "unchanged", "questions")
    }
    register_import.counts = {
        **register_import.counts,
        **numbers,
        "repeated": len(found["repeated"]),
        "rejected": len(found["rejected"]),
        "conflicts": len(found["conflicts"]),
        "noticed": len(found["warnings"]),
    }
