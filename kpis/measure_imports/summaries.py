"""The counts of an import of measures, which add up to the rows read, with row numbers and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kpis.measure_imports.models import MeasureImport, MeasureImportRow
from kpis.measure_imports.plan import Plan
from kpis.measure_imports.terms import Terms

Outcome = MeasureImportRow.Outcome
COUNTED = (Outcome.EMPTY, Outcome.CREATED, Outcome.UNCHANGED)
LISTED = (Outcome.REPEATED, Outcome.SKIPPED, Outcome.REJECTED)


def of_plan(plan: Plan, terms: Terms) -> dict[str, Any]:
    """Return the summary of a plan nobody wrote down."""
    table = plan.table.table
    found = _add_up(
        (one.number, one.outcome, one.reasons, one.warnings, one.row.read if one.row else {})
        for one in plan.rows
    )
    return {
        **found,
        "warnings": [{"row": row, "message": text} for row, text in plan.warnings] + found["warnings"],
        "encoding": table.encoding,
        "sheet": table.sheet,
        "header_row": table.header_row,
        "columns": plan.table.column_names,
        "new_units": plan.new_units,
        "framework": terms.name,
        "edition": terms.edition,
        "nothing_to_do": plan.standing is not None,
        "applied": False,
    }


def of_import(measure_import: MeasureImport) -> dict[str, Any]:
    """Return the summary of an import that was checked or applied."""
    rows = measure_import.rows.order_by("row_number")
    found = _add_up(
        (row.row_number, row.outcome, row.reasons, row.warnings, row.values.get("read", {})) for row in rows
    )
    kept = measure_import.counts
    whole = [{"row": row, "message": text} for row, text in kept.get("warnings", [])]
    return {
        **found,
        "warnings": whole + found["warnings"],
        "encoding": measure_import.encoding or None,
        "sheet": measure_import.sheet or None,
        "header_row": measure_import.header_row,
        "columns": {name: measure_import.heading_of(index) for name, index in measure_import.columns.items()},
        "new_units": kept.get("new_units", []),
        "framework": measure_import.terms.get("name", ""),
        "edition": measure_import.terms.get("edition", ""),
        "nothing_to_do": bool(kept.get("standing")),
        "applied": measure_import.status == MeasureImport.Status.APPLIED,
    }


def _add_up(rows: Iterable[tuple[int, str, list, list, dict]]) -> dict[str, Any]:
    """Put together the counts of all rows and what each has to tell."""
    counts: dict[str, Any] = {outcome.value: 0 for outcome in COUNTED}
    lists: dict[str, list] = {outcome.value: [] for outcome in LISTED}
    warnings: list[dict] = []
    total = priced = drafts = noticed = 0
    for number, outcome, reasons, warned, read in rows:
        total += 1
        if outcome in lists:
            lists[outcome].append({"row": number, "reasons": list(reasons)})
        else:
            counts[outcome] += 1
        if outcome == Outcome.CREATED:
            priced += bool(read.get("values"))
            drafts += bool(read.get("is_draft"))
        noticed += bool(warned)
        warnings += [{"row": number, "message": text} for text in warned]
    return {
        "rows_read": total,
        **counts,
        **lists,
        "priced": priced,
        "drafts": drafts,
        "noticed": noticed,
        "warnings": warnings,
    }


def counts_of(found: dict[str, Any]) -> dict[str, int]:
    """Return the numbers of a summary, as kept on the import."""
    names = ("rows_read", "empty", "created", "unchanged", "priced", "drafts", "noticed")
    return {name: found[name] for name in names} | {name.value: len(found[name]) for name in LISTED}
