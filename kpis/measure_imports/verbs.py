"""The journey of one table of measures: start, set up, check, apply, stop, carry on, abandon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.verbs.recipe import Stale
from kpis.library.models import Framework
from kpis.measure_imports import summaries
from kpis.measure_imports.applying import Applier, go_live, make_framework, take_back
from kpis.measure_imports.models import MeasureImport, MeasureImportRow
from kpis.measure_imports.plan import Plan
from kpis.measure_imports.setting_up import (
    JOURNEY,
    allow,
    can_be_set,
    candidates_of,
    encodings_of,
    guess_of,
    measures_of,
    plan_of,
    prices_of,
    set_columns,
    set_meanings,
    set_reading,
    set_terms,
    start,
    table_of,
    value_columns,
)
from kpis.measure_imports.terms import Terms
from spreadsheets.reading import SpreadsheetError

__all__ = [
    "AT_ONCE",
    "abandon",
    "begin_applying",
    "begin_checking",
    "can_be_set",
    "candidates_of",
    "carry_on",
    "carry_on_abandoned",
    "check",
    "encodings_of",
    "guess_of",
    "measures_of",
    "plan_of",
    "prices_of",
    "set_columns",
    "set_meanings",
    "set_reading",
    "set_terms",
    "standing_of",
    "start",
    "stop",
    "summary",
    "table_of",
    "value_columns",
    "wake",
]

Status = MeasureImport.Status
Outcome = MeasureImportRow.Outcome
BATCH = 100
# Rows up to which checking and applying are done while the page waits.
AT_ONCE = 1000


def check(measure_import: MeasureImport, *, by: Any = None, plan: Plan | None = None) -> MeasureImport:
    """Work out what would become of every row and keep that; nothing else changes.

    Rows that a stopped run applied keep what became of them. Where the file can't be read, the import is
    marked so, with the reason.
    """
    allow(by)
    # As it was last set, whoever holds an older copy.
    measure_import = MeasureImport.objects.get(pk=measure_import.pk)
    try:
        plan = plan or plan_of(measure_import)
    except SpreadsheetError as error:
        with transaction.atomic():
            measure_import = JOURNEY.open_import(measure_import, Status.CHECKING)
            measure_import.status, measure_import.message = Status.FAILED, str(error)
            measure_import.worker_until = None
            measure_import.save()
        return measure_import
    with transaction.atomic():
        measure_import = JOURNEY.open_import(measure_import, Status.CHECKING)
        done = set(measure_import.rows.filter(is_applied=True).values_list("row_number", flat=True))
        measure_import.rows.filter(is_applied=False).delete()
        MeasureImportRow.objects.bulk_create(_rows(measure_import, plan, done), batch_size=500)
        measure_import.counts = {
            "warnings": [list(one) for one in plan.warnings],
            "new_units": plan.new_units,
            "standing": plan.standing.pk if plan.standing else None,
        }
        waiting = measure_import.rows.filter(outcome=Outcome.CREATED)
        measure_import.rows_total = waiting.count()
        measure_import.rows_done = waiting.filter(is_applied=True).count()
        measure_import.checked_at = timezone.now()
        measure_import.status, measure_import.message = Status.CHECKED, ""
        measure_import.worker_until = None
        measure_import.counts.update(summaries.counts_of(summaries.of_import(measure_import)))
        measure_import.save()
    return measure_import


def _rows(measure_import: MeasureImport, plan: Plan, done: set[int]) -> Iterator[MeasureImportRow]:
    for one in plan.rows:
        if one.number not in done:
            yield MeasureImportRow(
                measure_import=measure_import,
                row_number=one.number,
                outcome=one.outcome,
                reasons=one.reasons,
                warnings=one.warnings,
                values={"cells": one.row.cells, "read": one.row.read} if one.row else {},
            )


def begin_checking(measure_import: MeasureImport, *, by: Any) -> MeasureImport:
    """Check it now where it is short; otherwise hand it to a worker and return it marked as being checked."""
    allow(by)
    _require_terms(measure_import)
    if measure_import.rows_total <= AT_ONCE:
        return check(measure_import, by=by)
    with transaction.atomic():
        measure_import = JOURNEY.open_import(measure_import)
        measure_import.status, measure_import.worker_until = Status.CHECKING, None
        measure_import.save()
    wake(measure_import)
    return measure_import


def _require_terms(measure_import: MeasureImport) -> None:
    """Refuse to go on where nobody has said which edition it is."""
    if not measure_import.terms.get("name"):
        raise Stale("Say first which edition of which framework this table is.")


def begin_applying(measure_import: MeasureImport, *, by: Any) -> MeasureImport:
    """Mark the import as being applied and return it, with its edition begun as a draft.

    Raises Stale where another table is being applied, one was since this was checked, somebody made the
    edition meanwhile, or there is nothing to apply.
    """
    allow(by)
    with transaction.atomic():
        measure_import = JOURNEY.begin_applying(measure_import, by=by)
        _require_terms(measure_import)
        terms = Terms.of(measure_import.terms)
        standing = terms.standing(measure_import.framework_id)
        if standing is not None:
            raise Stale(f"{standing} is in the library already. Check the table again first.")
        if not measure_import.rows.filter(outcome=Outcome.CREATED).exists():
            raise Stale("No row of this table can be used, so there is nothing to apply.")
        if measure_import.framework_id is None:
            measure_import.framework = make_framework(measure_import)
            measure_import.save(update_fields=["framework"])
    return measure_import


def stop(measure_import: MeasureImport, *, by: Any) -> MeasureImport:
    """Stop applying after the batch at work; rows applied stay, as drafts, and the others wait."""
    allow(by)
    return JOURNEY.stop(measure_import, by=by)


def abandon(measure_import: MeasureImport, *, by: Any) -> MeasureImport:
    """Give the import up: an edition is whole or not there, so what was written of it goes too."""
    allow(by)
    with transaction.atomic():
        measure_import = JOURNEY.abandon(measure_import, by=by)
        take_back(measure_import)
    measure_import.refresh_from_db()
    return measure_import


def carry_on(import_id: int) -> MeasureImport | None:
    """Check or apply, whichever it waits for, until done or stopped; None where a worker is at it."""
    return JOURNEY.carry_on(import_id, check=check, applier=Applier, finish=_finish, batch=BATCH)


def _finish(measure_import: MeasureImport) -> None:
    framework = go_live(measure_import)
    counts = summaries.counts_of(summaries.of_import(measure_import))
    measure_import.counts = {**measure_import.counts, **counts}
    waits = "" if framework.is_licensed else "; it waits for its licence to be confirmed"
    told = f"{framework} came in from {measure_import.file_name}: {counts['created']:,} measures{waits}"
    by = measure_import.uploaded_by
    JOURNEY.note("applied", measure_import, by, told)
    JOURNEY.note("framework", framework, by, told)


def carry_on_abandoned() -> int:
    """Take up imports nobody is at work on; return how many. Run every minute."""
    return sum(carry_on(pk) is not None for pk in JOURNEY.waiting())


def wake(measure_import: MeasureImport) -> None:
    """Ask a worker to take the import up; where no broker answers, the minute's sweep will."""
    from kpis.measure_imports.tasks import apply_measure_import

    JOURNEY.wake(measure_import, apply_measure_import)


def standing_of(measure_import: MeasureImport) -> Framework | None:
    """Return the edition that this very file was already, as the last check found it."""
    return Framework.objects.filter(pk=measure_import.counts.get("standing")).first()


def summary(measure_import: MeasureImport) -> dict[str, Any]:
    """Return what the import comes to; see `kpis.measure_imports.summaries`."""
    return summaries.of_import(measure_import)
