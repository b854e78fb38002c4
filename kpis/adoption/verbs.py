"""The journey of one workbook of signed KPIs: start, set up, check, apply, stop, carry on, abandon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.verbs.recipe import Stale
from kpis.adoption import summaries
from kpis.adoption.applying import Applier, close_parts
from kpis.adoption.models import AdoptionContract, AdoptionImport, AdoptionRow
from kpis.adoption.plan import Plan
from kpis.adoption.setting_up import (
    JOURNEY,
    allow,
    can_be_set,
    guess_of,
    kpis_of,
    plan_of,
    set_answers,
    set_columns,
    set_first_month,
    set_reading,
    start,
    table_of,
    usual_first_month,
)
from spreadsheets.reading import SpreadsheetError

__all__ = [
    "AT_ONCE",
    "abandon",
    "begin_applying",
    "begin_checking",
    "can_be_set",
    "carry_on",
    "carry_on_abandoned",
    "check",
    "guess_of",
    "kpis_of",
    "plan_of",
    "set_answers",
    "set_columns",
    "set_first_month",
    "set_reading",
    "start",
    "stop",
    "summary",
    "table_of",
    "usual_first_month",
    "wake",
]

Status = AdoptionImport.Status
Outcome = AdoptionRow.Outcome
# Contracts written in one transaction.
BATCH = 20
# Contracts up to which applying is done while the page waits; rows up to which checking is.
AT_ONCE = 40
ROWS_AT_ONCE = 1000


def check(standing: AdoptionImport, *, by: Any = None, plan: Plan | None = None) -> AdoptionImport:
    """Work out what would become of every row and keep that; nothing else changes.

    Contracts that a stopped run applied keep what became of their rows. Where the file can't be read, the
    import is marked so, with the reason.
    """
    allow(by)
    standing = AdoptionImport.objects.get(pk=standing.pk)
    try:
        plan = plan or plan_of(standing)
    except SpreadsheetError as error:
        with transaction.atomic():
            standing = JOURNEY.open_import(standing, Status.CHECKING)
            standing.status, standing.message, standing.worker_until = Status.FAILED, str(error), None
            standing.save()
        return standing
    with transaction.atomic():
        standing = JOURNEY.open_import(standing, Status.CHECKING)
        standing.first_month = standing.first_month or usual_first_month()
        applied = set(standing.contracts.filter(is_applied=True).values_list("contract", flat=True))
        standing.contracts.filter(is_applied=False).delete()
        kept = set(standing.rows.filter(contract__in=applied).values_list("row_number", flat=True))
        standing.rows.exclude(row_number__in=kept).delete()
        AdoptionRow.objects.bulk_create(_rows(standing, plan, kept), batch_size=500)
        AdoptionContract.objects.bulk_create(
            (
                AdoptionContract(
                    adoption_import=standing,
                    row_number=one.rows[0].number,
                    contract=one.contract,
                    plan=one.as_json(),
                )
                for one in plan.contracts
                if one.contract.pk not in applied
            ),
            batch_size=200,
        )
        standing.contracts_total = standing.contracts.count()
        standing.contracts_done = len(applied)
        found = summaries.of_plan(plan)
        standing.counts = {
            **summaries.counts_of(found),
            "warnings": [list(one) for one in plan.warnings],
            "results_rejected": [list(one) for one in plan.results_rejected],
        }
        standing.checked_at = timezone.now()
        standing.status, standing.message, standing.worker_until = Status.CHECKED, "", None
        standing.save()
        if kept:
            recount(standing)
    return standing


def recount(standing: AdoptionImport) -> None:
    """Count the rows' outcomes anew, after some changed since the check."""
    names = ("empty", "created", "repeated", "rejected")
    rows = standing.rows.values_list("outcome", flat=True)
    outcomes = list(rows)
    standing.counts = {**standing.counts, **{name: outcomes.count(name) for name in names}}
    standing.save(update_fields=["counts"])


def _rows(standing: AdoptionImport, plan: Plan, kept: set[int]) -> Iterator[AdoptionRow]:
    for one in plan.rows:
        if one.number in kept:
            continue
        read = dict(one.row.read) if one.row else {}
        if one.made is not None:
            read["made"] = one.made.as_json()
        if one.results:
            read["results"] = one.results
        if one.candidates:
            read["asked"] = one.asked
            read["candidates"] = [
                [contract.pk, contract.title, contract.supplier_text] for contract in one.candidates
            ]
        yield AdoptionRow(
            adoption_import=standing,
            row_number=one.number,
            outcome=one.outcome,
            contract=one.contract,
            reasons=one.reasons,
            warnings=one.warnings,
            values={"cells": one.row.cells, "read": read} if one.row else {},
        )


def begin_checking(standing: AdoptionImport, *, by: Any) -> AdoptionImport:
    """Check it now where it is short; otherwise hand it to a worker and return it marked as being checked."""
    allow(by)
    if standing.rows_total <= ROWS_AT_ONCE:
        return check(standing, by=by)
    with transaction.atomic():
        standing = JOURNEY.open_import(standing)
        standing.status, standing.worker_until = Status.CHECKING, None
        standing.save()
    wake(standing)
    return standing


def begin_applying(standing: AdoptionImport, *, by: Any) -> AdoptionImport:
    """Mark the import as being applied and return it.

    Raises Stale where another is being applied, one was since this was checked, or there is nothing to apply.
    """
    allow(by)
    with transaction.atomic():
        standing = JOURNEY.begin_applying(standing, by=by)
        if not standing.contracts.exists():
            raise Stale("No row of this workbook can be used, so there is nothing to apply.")
        if standing.uploaded_by_id is None:
            raise Stale("Nobody is named who brings this workbook in: name somebody first.")
    return standing


def stop(standing: AdoptionImport, *, by: Any) -> AdoptionImport:
    """Stop applying after the batch at work; contracts applied stay, and the others wait."""
    allow(by)
    return JOURNEY.stop(standing, by=by)


def abandon(standing: AdoptionImport, *, by: Any) -> AdoptionImport:
    """Give the import up: what was applied waits for its directors, nothing more is written."""
    allow(by)
    with transaction.atomic():
        standing = JOURNEY.abandon(standing, by=by)
        close_parts(standing)
    return standing


def carry_on(import_id: int) -> AdoptionImport | None:
    """Check or apply, whichever it waits for, until done or stopped; None where a worker is at it."""
    return JOURNEY.carry_on(import_id, check=check, applier=Applier, finish=_finish, batch=BATCH)


def _finish(standing: AdoptionImport) -> None:
    close_parts(standing)
    recount(standing)
    done = standing.parts.count()
    JOURNEY.note(
        "applied", standing, standing.uploaded_by,
        f"Brought in {standing.file_name}: {standing.contracts_done:,} contracts in {done} parts to be "
        "confirmed",
    )  # fmt: skip


def carry_on_abandoned() -> int:
    """Take up imports nobody is at work on; return how many. Run every minute."""
    return sum(carry_on(pk) is not None for pk in JOURNEY.waiting())


def wake(standing: AdoptionImport) -> None:
    """Ask a worker to take the import up; where no broker answers, the minute's sweep will."""
    from kpis.adoption.tasks import apply_adoption_import

    JOURNEY.wake(standing, apply_adoption_import)


def summary(standing: AdoptionImport) -> dict[str, Any]:
    """Return what the import comes to; see `kpis.adoption.summaries`."""
    return summaries.of_import(standing)
