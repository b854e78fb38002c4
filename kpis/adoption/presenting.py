"""What the pages of adopting as signed show: sums, rows, questions, parts, and the rows to put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import StreamingHttpResponse
from django.urls import reverse

from accounts.models import Person
from contracts.import_views import parts_of, short
from govuk import formats
from kpis.adoption import permissions
from kpis.adoption.models import AdoptedSet, AdoptionImport, AdoptionPart, AdoptionRow
from kpis.adoption.reading import REASON
from kpis.library.models import Measure
from spreadsheets.writing import csv_response

Outcome = AdoptionRow.Outcome
# Shown beside the outcomes: rows with something to look at.
LOOK = "look"
SUM: tuple[tuple[str, str, str], ...] = (
    (Outcome.EMPTY, "empty", "Empty rows"),
    (Outcome.CREATED, "taken", "Rows taken"),
    (Outcome.REPEATED, "repeated", "Rows repeated in the file"),
    (Outcome.REJECTED, "not used", "Rows that can’t be used"),
)
HEADS = {**{str(outcome): head for outcome, _, head in SUM}, LOOK: "Rows to look at", "": "All rows"}
TAGS = {
    "reading": "grey",
    "checked": "yellow",
    "applying": "yellow",
    "stopped": "orange",
    "applied": "green",
    "abandoned": "grey",
}
OUTCOME_TAGS = {
    "waiting": "",
    "chosen": "yellow",
    "leaving": "yellow",
    "adopted": "green",
    "left_out": "grey",
    "refused": "red",
    "ordinary": "grey",
}


def outcome_of(text: str) -> str:
    """Return the list a page is asked for; "" shows all rows."""
    return text if text in HEADS else ""


def _page(standing: AdoptionImport) -> str:
    return reverse("kpis:adoption-page", args=[standing.pk])


def sum_of(standing: AdoptionImport, shown: str) -> dict[str, Any]:
    """Return the rows read and the parts they add up to, each with its address."""
    counts = standing.counts
    parts = parts_of([(outcome, word) for outcome, word, _ in SUM], counts, _page(standing), shown)
    return {"what": "rows read", "total": counts.get("rows_read", 0), "parts": parts}


def others_of(standing: AdoptionImport, shown: str) -> list[dict[str, Any]]:
    """Return further lists there are: rows with something to look at."""
    count = standing.counts.get("noticed", 0)
    url = f"{_page(standing)}?show={LOOK}#rows"
    return [{"count": count, "word": "to look at", "url": url, "current": shown == LOOK}] if count else []


def rows_of(standing: AdoptionImport, shown: str) -> Any:
    """Return the rows of one list, in the order of the file."""
    rows = standing.rows.select_related("contract").order_by("row_number")
    if shown == LOOK:
        return rows.exclude(warnings=[])
    return rows.filter(outcome=shown) if shown else rows


def shown_rows(rows: Iterable[AdoptionRow]) -> list[dict[str, Any]]:
    """Return rows as the table shows them: contract, KPI, target, months, results, everything said of it."""
    found = []
    for row in rows:
        read = row.values.get("read", {})
        made = read.get("made", {})
        first = [cell for cell in row.values.get("cells", []) if cell][:3]
        found.append(
            {
                "row": row,
                "label": row.get_outcome_display(),
                "title": made.get("title") or read.get("kpi") or read.get("code") or short(" | ".join(first)),
                "contract": row.contract or read.get("reference") or read.get("title") or read.get("number"),
                "target": read.get("target", ""),
                "months": _months(made),
                "own": bool(made.get("own")),
                "results": [_result(one) for one in read.get("results", [])],
            }
        )
    return found


def months_of(kpi: dict[str, Any]) -> str:
    """Return "April 2025 to March 2029" of a KPI as it was frozen."""
    return f"{_month(kpi['starts_month'])} to {_month(kpi['ends_month'])}"


def _months(made: dict[str, Any]) -> str:
    return f"{_month(made['starts'])} to {_month(made['ends'])}" if made else ""


def _month(text: str) -> str:
    from accounts.calendar import parse_month

    return formats.month(parse_month(text[:7]))


def _result(one: dict[str, Any]) -> str:
    figure = one.get("value") or f"{one.get('numerator')} of {one.get('denominator')}"
    months = (
        _month(one["last"])
        if one["first"] == one["last"]
        else f"{_month(one['first'])} to {_month(one['last'])}"
    )
    return f"{figure} for {months}"


def rejected_csv(standing: AdoptionImport) -> StreamingHttpResponse:
    """Return the rows that can't be used as the file has them, with the reason in a last column.

    Put right, they can be uploaded again as they are: the column of reasons is passed over.
    """
    name = standing.file_name.rsplit(".", 1)[0]
    width = len(standing.headers)

    def lines() -> Iterator[list[Any]]:
        for row in standing.rows.filter(outcome=Outcome.REJECTED).order_by("row_number").iterator(500):
            cells = list(row.values.get("cells", []))[:width]
            yield [*cells, *[""] * (width - len(cells)), f"Row {row.row_number}: {' '.join(row.reasons)}"]

    return csv_response(f"{name} to put right", [*standing.headers, REASON], lines())


@dataclass(frozen=True)
class Question:
    """Rows of which nobody can tell for certain which contract they are."""

    row: int
    said: str
    rows: int
    candidates: list[tuple[int, str]]
    answer: str


def questions_of(standing: AdoptionImport) -> list[Question]:
    """Return the questions a check left, answered or not, in the order of the file."""
    found: dict[int, dict[str, Any]] = {}
    for row in standing.rows.exclude(values__read__candidates=None).order_by("row_number"):
        read = row.values["read"]
        one = found.setdefault(read["asked"], {"read": read, "rows": 0})
        one["rows"] += 1
    return [
        Question(
            row=number,
            said=", ".join(
                text
                for text in (one["read"].get(name, "") for name in ("reference", "title", "supplier"))
                if text
            ),
            rows=one["rows"],
            candidates=[
                (key, f"{key} · {title}" + (f" · {supplier}" if supplier else ""))
                for key, title, supplier in one["read"]["candidates"]
            ],
            answer=standing.answers.get(str(number), ""),
        )
        for number, one in found.items()
    ]


@dataclass(frozen=True)
class WaitingPart:
    """A part of a batch in a list: "Adopt 213 contracts' KPIs as signed, Neighbourhoods"."""

    part: AdoptionPart
    is_mine: bool

    @property
    def words(self) -> str:
        """Return what is to be decided."""
        count = self.part.counts.get("contracts", 0)
        whose = "1 contract’s KPIs" if count == 1 else f"{count:,} contracts’ KPIs"
        return f"Adopt {whose} as signed, {self.part.directorate.name}"

    @property
    def state(self) -> str:
        """Return where it stands."""
        return self.part.get_status_display()


def waiting_parts(person: Person) -> list[WaitingPart]:
    """Return the parts that wait or are being confirmed, for those who may see them: one query."""
    held = person.authority
    status = AdoptionPart.Status
    parts = AdoptionPart.objects.filter(status__in=[status.WAITING, status.STOPPED, status.CONFIRMING])
    if not held.sees_everything:
        seen = held.leads | held.delegated
        if not seen:
            return []
        parts = parts.filter(directorate__in=seen)
    return [
        WaitingPart(part, part.can_be_decided and bool(permissions.may_confirm(person, part)))
        for part in parts.select_related("directorate", "uploaded_by").order_by("waiting_since", "pk")
    ]


def lines_of(part: AdoptionPart, search: str = "", outcome: str = "") -> Any:
    """Return the contracts of a part that fit a search, in the order of the file."""
    lines = part.lines.select_related("contract", "kpi_set").order_by("row_number")
    for word in search.split():
        fits = Q(contract__title__icontains=word) | Q(contract__reference__icontains=word)
        fits |= Q(contract__supplier_text__icontains=word)
        if word.isdigit():
            fits |= Q(contract=int(word))
        lines = lines.filter(fits)
    if outcome == "leave":
        return lines.exclude(leave_reason="").filter(outcome=AdoptedSet.Outcome.WAITING)
    if outcome == "own":
        return lines.filter(counts__own__gt=0)
    if outcome == "warnings":
        return lines.exclude(warnings=[])
    return lines.filter(outcome=outcome) if outcome else lines


def measures_of(part: AdoptionPart) -> list[tuple[str, str, int]]:
    """Return (code, title, contracts) of the measures in a part, the most used first; own words as one."""
    counted = part.counts.get("measures", [])
    shared = [(code, count) for code, count in counted if not code.startswith("OWN-")]
    titles = dict(
        Measure.objects.filter(code__in=[code for code, _ in shared], contract=None).values_list(
            "code", "title"
        )
    )
    found = [(code, titles.get(code, ""), count) for code, count in shared]
    own = sum(count for code, count in counted if code.startswith("OWN-"))
    return [*found, *([("", "In contracts’ own words", own)] if own else [])]


def results_of(line: AdoptedSet) -> dict[int, list[str]]:
    """Return {KPI: its past results in words} of one contract."""
    found: dict[int, list[str]] = {}
    for one in line.results:
        found.setdefault(one["kpi"], []).append(_result(one))
    return found
