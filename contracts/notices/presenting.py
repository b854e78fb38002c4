"""What the pages of an import of notices show: the sum, contracts of one outcome, the list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.urls import reverse

from contracts.import_views import parts_of
from contracts.models import NoticeImport, NoticeItem
from spreadsheets.writing import csv_response

Outcome = NoticeItem.Outcome
# Shown beside the outcomes: contracts with something to look at, with conflicts, with a question.
LOOK, KEPT, ASKED = "look", "kept", "asked"
SUM: tuple[tuple[str, str, str], ...] = (
    (Outcome.CREATED, "new", "New contracts"),
    (Outcome.UPDATED, "changed", "Contracts that change"),
    (Outcome.UNCHANGED, "unchanged", "Contracts that stay as they are"),
    (Outcome.REJECTED, "not used", "Contracts that can’t be used"),
    (Outcome.OTHER_BUYER, "other buyers’", "Contracts of other buyers"),
)
HEADS = {
    **{str(outcome): head for outcome, _, head in SUM},
    LOOK: "Contracts to look at",
    KEPT: "Different here, so kept",
    ASKED: "Contracts we need to ask about",
    "": "All contracts of the file",
}


def outcome_of(text: str) -> str:
    """Return the list a page is asked for; "" shows all contracts."""
    return text if text in HEADS else ""


def sum_of(notice_import: NoticeImport, shown: str) -> dict[str, Any]:
    """Return the contracts of the file and the parts they add up to, each with its address."""
    counts = notice_import.counts
    page = reverse("contracts:notice-import-page", args=[notice_import.pk])
    parts = parts_of([(outcome, word) for outcome, word, _ in SUM], counts, page, shown)
    return {"what": "contracts in the file", "total": counts.get("items", 0), "parts": parts}


def others_of(notice_import: NoticeImport, shown: str) -> list[dict[str, Any]]:
    """Return further lists there are: with something to look at, with conflicts."""
    counts = notice_import.counts
    lists = (
        (LOOK, counts.get("noticed", 0), "to look at"),
        (KEPT, counts.get("conflicts", 0), "different here, kept"),
    )
    return [
        {"count": count, "word": word, "url": _url(notice_import, name), "current": shown == name}
        for name, count, word in lists if count
    ]  # fmt: skip


def _url(notice_import: NoticeImport, shown: str) -> str:
    return f"{reverse('contracts:notice-import-page', args=[notice_import.pk])}?show={shown}#rows"


def items_of(notice_import: NoticeImport, shown: str) -> Any:
    """Return the contracts of one list, in the order of the file."""
    items = notice_import.items.order_by("item_number")
    if shown == LOOK:
        return items.exclude(warnings=[])
    if shown == KEPT:
        return items.exclude(conflicts=[])
    if shown == ASKED:
        return items.exclude(candidates=[])
    return items.filter(outcome=shown) if shown else items


def shown_items(items: Iterable[NoticeItem]) -> list[dict[str, Any]]:
    """Return items as the table shows them: title, reference, supplier, notices, everything said of it."""
    return [
        {
            "item": item,
            "title": item.values.get("title") or item.ocid or "No title",
            "supplier": item.values.get("read", {}).get("supplier_text", ""),
            "notices": [one for one in item.values.get("notices", []) if one["url"]][-3:],
            "number": _number(item),
            "releases": ", ".join(f"{number:,}" for number in item.releases),
        }
        for item in items
    ]


def _number(item: NoticeItem) -> str:
    """Return the procurement and the award or contract, said once where one begins with the other."""
    if not item.part or item.part.startswith(item.ocid):
        return item.part or item.ocid
    return f"{item.ocid}, {item.part}"


def problems_csv(notice_import: NoticeImport) -> StreamingHttpResponse:
    """Return everything said of the file and its contracts, one line each."""
    headings = [
        "Release", "OCID", "Award or contract", "What became of it", "Kind", "Explanation", "Contract",
        "Title", "Supplier",
    ]  # fmt: skip
    name = notice_import.file_name.rsplit(".", 1)[0]
    return csv_response(f"{name} problems", headings, _problem_lines(notice_import))


def _problem_lines(notice_import: NoticeImport) -> Iterator[list[Any]]:
    for error in notice_import.about.get("errors", []):
        yield [error["release"], error["ocid"], "", "Could not be read", "", error["message"], "", "", ""]
    for sentence in notice_import.counts.get("warnings", []):
        yield ["", "", "", "", "About the file", sentence, "", "", ""]
    for item in notice_import.items.order_by("item_number").iterator(500):
        read = item.values.get("read", {})
        what = [item.contract_id, item.values.get("title", ""), read.get("supplier_text", "")]
        said = [(item.get_outcome_display(), reason) for reason in item.reasons]
        said += [("To look at", sentence) for sentence in item.warnings]
        said += [
            ("Kept", f"{one['label']}: stays “{one['kept']}”, the notice says “{one['file']}”")
            for one in item.conflicts
        ]
        where = [", ".join(str(number) for number in item.releases), item.ocid, item.part]
        for kind, sentence in said:
            yield [*where, item.get_outcome_display(), kind, sentence, *what]
