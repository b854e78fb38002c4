"""What the pages of an import show: the sum, the rows of one outcome, the list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import reverse

from contracts.import_views import parts_of, short
from contracts.models import Contract, RegisterImport, RegisterRow
from spreadsheets.writing import csv_response

Outcome = RegisterRow.Outcome
# Shown beside the outcomes: rows with something to look at, with conflicts, with a question.
LOOK, KEPT, ASKED = "look", "kept", "asked"
SUM: tuple[tuple[str, str, str], ...] = (
    (Outcome.CREATED, "new", "New contracts"),
    (Outcome.UPDATED, "changed", "Contracts that change"),
    (Outcome.UNCHANGED, "unchanged", "Contracts that stay as they are"),
    (Outcome.REPEATED, "repeated", "Rows repeated in the file"),
    (Outcome.REJECTED, "not used", "Rows that can’t be used"),
    (Outcome.EMPTY, "empty", "Empty rows"),
)
HEADS = {
    **{str(outcome): head for outcome, _, head in SUM},
    LOOK: "Rows to look at",
    KEPT: "Changed by hand, so kept",
    ASKED: "Rows we need to ask about",
    "": "All rows",
}
# Contracts not in the file that the page lists; the download has all.
MOST_MISSING = 100


def outcome_of(text: str) -> str:
    """Return the outcome a page is asked for; "" shows all rows."""
    return text if text in HEADS else ""


def sum_of(register_import: RegisterImport, shown: str) -> dict[str, Any]:
    """Return the rows read and the parts they add up to, each with its address."""
    counts = register_import.counts
    page = reverse("contracts:import-page", args=[register_import.pk])
    parts = parts_of([(outcome, word) for outcome, word, _ in SUM], counts, page, shown)
    return {"what": "rows read", "total": counts.get("rows_read", 0), "parts": parts}


def others_of(register_import: RegisterImport, shown: str) -> list[dict[str, Any]]:
    """Return further lists there are: rows with warnings, conflicts."""
    counts = register_import.counts
    lists = (
        (LOOK, counts.get("noticed", 0), "to look at"),
        (KEPT, counts.get("conflicts", 0), "changed by hand, kept"),
    )
    return [
        {"count": count, "word": word, "url": _url(register_import, name), "current": shown == name}
        for name, count, word in lists if count
    ]  # fmt: skip


def _url(register_import: RegisterImport, shown: str) -> str:
    return f"{reverse('contracts:import-page', args=[register_import.pk])}?show={shown}#rows"


def rows_of(register_import: RegisterImport, shown: str) -> Any:
    """Return the rows of one list, in the order of the file."""
    rows = register_import.rows.order_by("row_number")
    if shown == LOOK:
        return rows.exclude(warnings=[])
    if shown == KEPT:
        return rows.exclude(conflicts=[])
    if shown == ASKED:
        return rows.exclude(candidates=[])
    return rows.filter(outcome=shown) if shown else rows


def shown_rows(rows: Iterable[RegisterRow]) -> list[dict[str, Any]]:
    """Return rows as the table shows them: number, title, what it is, everything said of it."""
    return [
        {
            "row": row,
            "title": row.values.get("read", {}).get("title", "") or _first_cells(row),
            "reference": row.values.get("read", {}).get("reference", ""),
            "supplier": row.values.get("read", {}).get("supplier_text", ""),
            "label": row.get_outcome_display(),
        }
        for row in rows
    ]


def _first_cells(row: RegisterRow) -> str:
    cells = [cell for cell in row.values.get("cells", []) if cell][:3]
    return short(" | ".join(cells))


def missing_of(register_import: RegisterImport) -> dict[str, Any]:
    """Return how many contracts of earlier imports no row of the file is, and the first of them."""
    numbers = register_import.counts.get("not_in_file", [])
    shown = Contract.objects.filter(pk__in=numbers[:MOST_MISSING]).order_by("title", "number")
    return {"missing": list(shown), "missing_count": len(numbers)}


def problems_csv(register_import: RegisterImport) -> StreamingHttpResponse:
    """Return everything said of the file and its rows, one line each."""
    headings = [
        "Row",
        "What became of it",
        "Kind",
        "Explanation",
        "Contract",
        "Reference",
        "Title",
        "Supplier",
    ]
    name = register_import.file_name.rsplit(".", 1)[0]
    return csv_response(f"{name} problems", headings, _problem_lines(register_import))


def _problem_lines(register_import: RegisterImport) -> Iterator[list[Any]]:
    for row, sentence in register_import.counts.get("warnings", []):
        yield [row, "", "About the file", sentence, "", "", "", ""]
    missing = Contract.objects.filter(pk__in=register_import.counts.get("not_in_file", []))
    for contract in missing.order_by("number"):
        what = [contract.number, contract.reference, contract.title, contract.supplier_text]
        yield ["", "", "Contract not in this file", "It was imported before. It stays as it is.", *what]
    for one in register_import.rows.order_by("row_number").iterator(500):
        read = one.values.get("read", {})
        what = [
            one.contract_id,
            read.get("reference", ""),
            read.get("title", ""),
            read.get("supplier_text", ""),
        ]
        said = [(one.get_outcome_display(), reason) for reason in one.reasons]
        said += [("To look at", sentence) for sentence in one.warnings]
        said += [
            (
                "Changed by hand, so kept",
                f"{clash['label']}: stays “{clash['kept']}”, the file says “{clash['file']}”",
            )
            for clash in one.conflicts
        ]
        for kind, sentence in said:
            yield [one.row_number, one.get_outcome_display(), kind, sentence, *what]
