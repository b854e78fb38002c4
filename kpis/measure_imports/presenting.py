"""What the pages of an import of measures show: the sum, the rows of one outcome, the list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import reverse

from contracts.import_views import parts_of, short
from govuk.formats import money
from kpis.measure_imports.meanings import NEW, words_of
from kpis.measure_imports.models import MeasureImport, MeasureImportRow
from spreadsheets.writing import csv_response

Outcome = MeasureImportRow.Outcome
# Shown beside the outcomes: rows with something to look at, measures that come in as drafts.
LOOK, DRAFTS = "look", "drafts"
SUM: tuple[tuple[str, str, str], ...] = (
    (Outcome.CREATED, "new measures", "New measures"),
    (Outcome.UNCHANGED, "there already", "Measures in the library already"),
    (Outcome.REPEATED, "repeated", "Rows repeated in the file"),
    (Outcome.SKIPPED, "headings, totals, notes", "Headings, totals and notes"),
    (Outcome.REJECTED, "not used", "Rows that can’t be used"),
    (Outcome.EMPTY, "empty", "Empty rows"),
)
HEADS = {**{str(outcome): head for outcome, _, head in SUM}, LOOK: "Rows to look at", "": "All rows"}
HEADINGS = ["Row", "What became of it", "Kind", "Explanation", "Code", "Measure"]


def outcome_of(text: str) -> str:
    """Return the list a page is asked for; "" shows all rows."""
    return text if text in HEADS else ""


def _page(measure_import: MeasureImport) -> str:
    return reverse("kpis:measure-import-page", args=[measure_import.pk])


def edition_of(measure_import: MeasureImport) -> str:
    """Return the framework and edition an import is of, "" until that is said."""
    name, edition = measure_import.terms.get("name"), measure_import.terms.get("edition")
    return f"{name}, {edition}" if name else ""


def sum_of(measure_import: MeasureImport, shown: str) -> dict[str, Any]:
    """Return the rows read and the parts they add up to, each with its address."""
    counts = measure_import.counts
    parts = parts_of([(outcome, word) for outcome, word, _ in SUM], counts, _page(measure_import), shown)
    return {"what": "rows read", "total": counts.get("rows_read", 0), "parts": parts}


def others_of(measure_import: MeasureImport, shown: str) -> list[dict[str, Any]]:
    """Return further lists there are: rows with something to look at."""
    look = parts_of([("noticed", "to look at")], measure_import.counts, _page(measure_import), "")[0]
    url = f"{_page(measure_import)}?show={LOOK}#rows"
    return [{**look, "url": url, "current": shown == LOOK}] if look["count"] else []


def rows_of(measure_import: MeasureImport, shown: str) -> Any:
    """Return the rows of one list, in the order of the file."""
    rows = measure_import.rows.select_related("measure").order_by("row_number")
    if shown == LOOK:
        return rows.exclude(warnings=[])
    return rows.filter(outcome=shown) if shown else rows


def shown_rows(rows: Iterable[MeasureImportRow], units: dict[str, str]) -> list[dict[str, Any]]:
    """Return rows as the table shows them: the measure, its unit and £ values, everything said of it."""
    found = []
    for row in rows:
        read = row.values.get("read", {})
        is_measure = row.outcome in {Outcome.CREATED, Outcome.UNCHANGED}
        found.append(
            {
                "row": row,
                "title": read.get("title") or short(" | ".join(_first(row))),
                "under": " · ".join(filter(None, [read.get("code"), read.get("theme"), read.get("outcome")])),
                "unit": _unit(read, units) if is_measure else "",
                "values": [_said(value) for value in read.get("values", [])] if is_measure else [],
                "label": row.get_outcome_display(),
                "is_draft": is_measure and read.get("is_draft"),
            }
        )
    return found


def _first(row: MeasureImportRow) -> list[str]:
    return [cell for cell in row.values.get("cells", []) if cell][:3]


def _unit(read: dict[str, Any], units: dict[str, str]) -> str:
    if read.get("unit_is") == NEW:
        return f"{words_of(read['unit'])} (new unit)"
    return units.get(read.get("unit_is", ""), "")


def _said(value: dict[str, Any]) -> str:
    """Return a £ value with its range and the year of its prices."""
    span = " to ".join(money(Decimal(value[end])) for end in ("low", "high") if value[end])
    return (
        f"{money(Decimal(value['value']))}{f' ({span})' if span else ''}, {value.get('prices', '?')} prices"
    )


def problems_csv(measure_import: MeasureImport) -> StreamingHttpResponse:
    """Return everything said of the file and its rows, one line each."""
    name = measure_import.file_name.rsplit(".", 1)[0]
    return csv_response(f"{name} problems", HEADINGS, _problem_lines(measure_import))


def _problem_lines(measure_import: MeasureImport) -> Iterator[list[Any]]:
    for row, sentence in measure_import.counts.get("warnings", []):
        yield [row, "", "About the file", sentence, "", ""]
    for one in measure_import.rows.order_by("row_number").iterator(500):
        read = one.values.get("read", {})
        said = [(one.get_outcome_display(), reason) for reason in one.reasons]
        said += [("To look at", sentence) for sentence in one.warnings]
        title = read.get("title") or short(" | ".join(_first(one)))
        for kind, sentence in said:
            yield [one.row_number, one.get_outcome_display(), kind, sentence, read.get("code", ""), title]
