"""The counts of an import, which add up to the rows read, with row numbers and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q

from contracts.models import RegisterImport, RegisterRow
from contracts.register.plan import Plan

Outcome = RegisterRow.Outcome
COUNTED = (Outcome.EMPTY, Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED)
LISTED = (Outcome.REPEATED, Outcome.REJECTED)


def of_plan(plan: Plan) -> dict[str, Any]:
    """Return the summary of a plan nobody wrote down."""
    table = plan.register.table
    found = _add_up(
        (
            (one.number, one.outcome, one.reasons, one.warnings, one.conflicts, one.candidates)
            for one in plan.rows
        ),
        Counter(str(one.outcome) for one in plan.rows),
    )
    return {
        **found,
        "warnings": [{"row": row, "message": text} for row, text in plan.warnings] + found["warnings"],
        "encoding": table.encoding,
        "sheet": table.sheet,
        "header_row": table.header_row,
        "columns": plan.register.column_names,
        "unmapped_directorates": dict(plan.unmapped_directorates.most_common()),
        "unmapped_categories": dict(plan.unmapped_categories.most_common()),
        "not_in_file": plan.not_in_file,
        "applied": False,
    }


def of_import(register_import: RegisterImport) -> dict[str, Any]:
    """Return the summary of an import that was checked or applied."""
    rows = register_import.rows.all()
    counted = dict(rows.order_by().values_list("outcome").annotate(rows=Count("pk")))
    # Most rows have nothing to tell; unpacking four lists for each would take longer than all the rest here.
    telling = rows.filter(
        Q(outcome__in=LISTED) | ~Q(warnings=[]) | ~Q(conflicts=[]) | ~Q(candidates=[])
    ).order_by("row_number")
    found = _add_up(
        telling.values_list("row_number", "outcome", "reasons", "warnings", "conflicts", "candidates"),
        counted,
    )
    kept = register_import.counts
    whole = [{"row": row, "message": text} for row, text in kept.get("warnings", [])]
    return {
        **found,
        "warnings": whole + found["warnings"],
        "encoding": register_import.encoding or None,
        "sheet": register_import.sheet or None,
        "header_row": register_import.header_row,
        "columns": {
            name: register_import.headers[index]
            for name, index in register_import.columns.items()
            if index < len(register_import.headers)
        },
        "unmapped_directorates": kept.get("unmapped_directorates", {}),
        "unmapped_categories": kept.get("unmapped_categories", {}),
        "not_in_file": kept.get("not_in_file", []),
        "applied": register_import.status == RegisterImport.Status.APPLIED,
    }


def _add_up(
    rows: Iterable[tuple[int, str, list, list, list, Any]], counted: Mapping[str, int]
) -> dict[str, Any]:
    """Put together the counts of all rows and what the rows given have to tell."""
    counts: dict[str, Any] = {outcome.value: counted.get(outcome.value, 0) for outcome in COUNTED}
    lists: dict[str, list] = {outcome.value: [] for outcome in LISTED}
    warnings: list[dict] = []
    conflicts: list[dict] = []
    questions = 0
    for number, outcome, reasons, warned, clashes, candidates in rows:
        if outcome in lists:
            entry = {"row": number, "reasons": list(reasons)}
            lists[outcome].append({**entry, "candidates": list(candidates)} if candidates else entry)
        questions += bool(candidates)
        warnings += [{"row": number, "message": text} for text in warned]
        conflicts += [
            {"row": number, "field": one["label"], "kept": one["kept"], "file": one["file"]}
            for one in clashes
        ]
    return {
        "rows_read": sum(counted.values()),
        **counts,
        **lists,
        "warnings": warnings,
        "conflicts": conflicts,
        "questions": questions,
    }
