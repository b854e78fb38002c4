"""The counts of an import of notices, which add up to its contracts, with releases, ids and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from contracts.models import NoticeImport, NoticeItem
from contracts.notices.buyers import BuyerCount
from contracts.notices.plan import Plan

Outcome = NoticeItem.Outcome
COUNTED = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.OTHER_BUYER)


def of_plan(plan: Plan) -> dict[str, Any]:
    """Return the summary of a plan nobody wrote down."""
    lines = (
        (
            one.number, one.outcome, one.item.process.positions, one.item.ocid, one.item.part,
            one.values.get("title", ""), one.contract, one.reasons, one.warnings, one.conflicts,
            one.candidates,
        )
        for one in plan.items
    )  # fmt: skip
    about = {
        "kind": plan.package.about["kind"],
        "publisher": plan.package.about["publisher"],
        "releases_read": plan.package.releases_read,
    }
    return {
        **about,
        **_add_up(lines),
        "errors": plan.package.errors,
        "file_warnings": plan.warnings,
        "buyers": [buyer_line(one) for one in plan.buyers],
        "applied": False,
    }


def of_import(notice_import: NoticeImport) -> dict[str, Any]:
    """Return the summary of an import that was checked or applied."""
    lines = notice_import.items.order_by("item_number").values_list(
        "item_number", "outcome", "releases", "ocid", "part", "values__title", "contract", "reasons",
        "warnings", "conflicts", "candidates",
    )  # fmt: skip
    kept, about = notice_import.counts, notice_import.about
    return {
        "kind": about.get("kind", ""),
        "publisher": about.get("publisher", ""),
        "releases_read": about.get("releases_read", 0),
        **_add_up(lines),
        "errors": about.get("errors", []),
        "file_warnings": kept.get("warnings", about.get("warnings", [])),
        "buyers": [{**one, "is_ours": one["key"] in notice_import.buyers} for one in about.get("buyers", [])],
        "applied": notice_import.status == NoticeImport.Status.APPLIED,
    }


def buyer_line(one: BuyerCount) -> dict[str, Any]:
    """Return a buyer as summaries and imports keep it."""
    return {
        "key": one.key,
        "name": one.name,
        "identifier": one.identifier,
        "items": one.items,
        "is_ours": one.is_ours,
    }


def _add_up(lines: Iterable[Any]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    rejected: list[dict[str, Any]] = []
    warnings: list[dict[str, Any]] = []
    conflicts: list[dict[str, Any]] = []
    questions = total = 0
    for number, outcome, releases, ocid, part, title, contract, reasons, warned, clashes, candidates in lines:
        total += 1
        counts[str(outcome)] += 1
        where = {"item": number, "releases": releases, "ocid": ocid, "part": part}
        if outcome == Outcome.REJECTED:
            rejected.append({**where, "title": title or "", "reasons": reasons, "candidates": candidates})
        questions += bool(candidates)
        warnings += [{**where, "message": text} for text in warned]
        conflicts += [
            {**where, "contract": contract, "field": one["label"], "kept": one["kept"], "file": one["file"]}
            for one in clashes
        ]
    return {
        "items": total,
        **{outcome.value: counts[outcome.value] for outcome in COUNTED},
        "rejected": rejected,
        "warnings": warnings,
        "conflicts": conflicts,
        "questions": questions,
    }


def counts_of(found: Mapping[str, Any]) -> dict[str, int]:
    """Return the numbers of a summary that the import keeps."""
    numbers = {name: found[name] for name in ("items", *(one.value for one in COUNTED), "questions")}
    return {
        **numbers,
        "rejected": len(found["rejected"]),
        "conflicts": len(found["conflicts"]),
        "noticed": len({one["item"] for one in found["warnings"]}),
    }
