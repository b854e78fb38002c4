"""The counts of a workbook of signed KPIs, which add up to the rows read, with row numbers and reasons."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kpis.adoption.models import AdoptionImport, AdoptionRow
from kpis.adoption.plan import Plan

Outcome = AdoptionRow.Outcome
LISTED = (Outcome.REPEATED, Outcome.REJECTED)
KEPT = ("contracts", "joint", "kpis", "own_words", "past_results", "results_sheet", "same_file")


def _listed(plan: Plan, outcome: str) -> list[dict[str, Any]]:
    return [{"row": one.number, "reasons": one.reasons} for one in plan.rows if one.outcome == outcome]


def of_plan(plan: Plan) -> dict[str, Any]:
    """Return the summary of a plan: rows read = empty + taken + repeated + rejected, and what comes."""
    counts = Counter(one.outcome for one in plan.rows)
    kpis = [kpi for contract in plan.contracts for kpi in contract.rows]
    return {
        "rows_read": len(plan.rows),
        "empty": counts[Outcome.EMPTY],
        "taken": counts[Outcome.CREATED],
        "repeated": _listed(plan, Outcome.REPEATED),
        "rejected": _listed(plan, Outcome.REJECTED),
        "questions": [
            {"row": one.asked, "candidates": [contract.pk for contract in one.candidates]}
            for one in plan.rows if one.candidates and one.asked == one.number and one.contract is None
        ],
        "contracts": len(plan.contracts),
        "joint": sum(one.is_joint for one in plan.contracts),
        "kpis": len(kpis),
        "own_words": sum(bool(one.made and one.made.own) for one in kpis),
        "past_results": sum(len(one.results) for one in kpis),
        "results_sheet": _sheet(plan),
        "warnings": [
            *({"row": row, "message": text} for row, text in plan.warnings),
            *({"row": one.number, "message": text} for one in plan.rows for text in one.warnings),
            *({"row": one.rows[0].number, "message": text}
              for one in plan.contracts for text in one.warnings),
        ],
        "same_file": plan.same_file,
        "columns": plan.table.column_names,
        "months": [plan.table.table.headers[index].text for index, _ in plan.table.months],
        "header_row": plan.table.table.header_row,
        "sheet": plan.table.table.sheet,
        "encoding": plan.table.table.encoding,
    }  # fmt: skip


def _sheet(plan: Plan) -> dict[str, Any] | None:
    """Return what became of the rows of the sheet of results, None where there is none."""
    if not plan.table.results_sheet:
        return None
    rejected = [{"row": row, "reasons": [why]} for row, why in plan.results_rejected]
    read = len(plan.table.results) + plan.table.results_empty
    return {
        "sheet": plan.table.results_sheet,
        "rows_read": read,
        "empty": plan.table.results_empty,
        "taken": len(plan.table.results) - len(rejected),
        "rejected": rejected,
    }


def counts_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of a summary, as kept on the import."""
    names = (
        "rows_read",
        "empty",
        "contracts",
        "joint",
        "kpis",
        "own_words",
        "past_results",
        "same_file",
        "results_sheet",
        "months",
    )
    return {name: found[name] for name in names} | {
        "created": found["taken"],
        "repeated": len(found["repeated"]),
        "rejected": len(found["rejected"]),
        "questions": len(found["questions"]),
        "noticed": len({one["row"] for one in found["warnings"] if one["row"]}),
    }


def of_import(standing: AdoptionImport) -> dict[str, Any]:
    """Return the summary of an import as it was kept."""
    counts = standing.counts
    rows = standing.rows.filter(outcome__in=LISTED).order_by("row_number")
    listed: dict[str, list[dict[str, Any]]] = {str(name): [] for name in LISTED}
    for row in rows:
        listed[row.outcome].append({"row": row.row_number, "reasons": row.reasons})
    return {
        "rows_read": counts.get("rows_read", 0),
        "empty": counts.get("empty", 0),
        "taken": counts.get("created", 0),
        **listed,
        **{name: counts.get(name) for name in KEPT},
        "questions": [],
        "warnings": [{"row": row, "message": text} for row, text in counts.get("warnings", [])],
        "parts": [
            {"part": part.pk, "directorate": part.directorate.name,
             "contracts": part.counts.get("contracts", 0),
             "status": part.get_status_display(), "hash": part.content_hash}
            for part in standing.parts.select_related("directorate")
        ],
        "applied": standing.status == AdoptionImport.Status.APPLIED,
    }  # fmt: skip
