"""The contracts of a procurement: one for each contract or award, or one while nothing is awarded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from contracts.notices.compiling import Process, at, leaf, rows, words
from contracts.notices.package import Release
from contracts.notices.parties import BuyerRead, SupplierRead, buyers_of
from contracts.notices.texts import line, web_address

PLANNING, TENDER, PENDING, UNSIGNED, AWARDED, TERMINATED = (
    "planning", "tender", "pending", "unsigned", "awarded", "terminated",
)  # fmt: skip
# How far along a step is: what is said earlier never changes what was said later on the way.
RANK = {PLANNING: 0, TENDER: 1, PENDING: 2, UNSIGNED: 3, AWARDED: 3, TERMINATED: 3}
NO_SUPPLIER = "No supplier is named."
# Notices kept of a contract, newest last.
MOST_NOTICES = 60


@dataclass
class Item:
    """One contract of the file: what its notices say of it, and from which release each fact is."""

    process: Process
    part: str
    award_id: str = ""
    contract_id: str = ""
    step: str = TENDER
    award: Any = None
    contract: Any = None
    lot: Any = None
    read: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Release] = field(default_factory=dict)
    suppliers: list[SupplierRead] = field(default_factory=list)
    kpis: list[dict[str, Any]] = field(default_factory=list)
    suitable: str = ""
    # What the value is in, as the notices say; blank where they don't.
    currency: str = ""
    buyers: list[BuyerRead] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notices: list[dict[str, str]] = field(default_factory=list)

    @property
    def ocid(self) -> str:
        """Return the procurement's ocid as written."""
        return self.process.ocid

    @property
    def is_only_changed(self) -> bool:
        """Return whether its notices tell of changes only, never of its award or contract being made."""
        return bool(self.part) and not any(
            {"award", "contract", "compiled"} & set(_tags(one)) or not _tags(one)
            for one in self.process.releases
            if self.award_id in _ids(one, "awards") or self.contract_id in _ids(one, "contracts")
        )

    @property
    def tree(self) -> dict[str, Any]:
        """Return all that was said of the procurement."""
        return self.process.tree

    @property
    def release(self) -> Release:
        """Return the newest release of the procurement."""
        return self.process.releases[-1]


def items_of(process: Process) -> list[Item]:
    """Return the contracts of a procurement (at least one), with facts not yet read."""
    found = list(_awarded(process))
    if not found:
        found = [_unawarded(process)]
    _name_apart(found)
    buyers = buyers_of(process.tree)
    notices = [_notice_of(one) for one in process.releases][-MOST_NOTICES:]
    for item in found:
        item.buyers, item.notices = buyers, notices
        if not buyers:
            item.reasons.append(
                "No buyer is named, neither as “buyer” nor among the parties, so we can’t tell whose it is. "
                "Ask whoever published it."
            )
        item.lot = _lot_of(item)
    found[0].warnings += process.warnings
    return found


def _awarded(process: Process) -> Iterator[Item]:
    awards, contracts = rows(process.tree, "awards"), rows(process.tree, "contracts")
    followed = set()
    taken_back = _cancelled(process)
    for key, contract in contracts.items():
        told = leaf(contract, "awardID")
        award_id = line(told.value) if told else ""
        if not award_id and len(awards) == 1 and len(contracts) == 1:
            award_id = next(iter(awards))
        followed.add(award_id)
        item = Item(process, key, award_id, key, award=awards.get(award_id), contract=contract)
        status = _word(contract, "status")
        if status == "cancelled":
            item.reasons.append("The notice says this contract was cancelled.")
        awarded = _word(awards.get(award_id), "status")
        if awarded in ("cancelled", "unsuccessful"):
            item.reasons.append(f"The notice says its award was {awarded}.")
        item.step = {"pending": UNSIGNED, "terminated": TERMINATED}.get(status, AWARDED)
        if any(
            "contractTermination" in _tags(one) and key in _ids(one, "contracts") for one in process.releases
        ):
            item.step = TERMINATED
        if award_id and award_id not in awards and awards:
            item.warnings.append(
                f"It names the award {award_id}, which is not among the notices of this file."
            )
        yield item
    for key, award in awards.items():
        if key in followed:
            continue
        item = Item(process, key, key, "", award=award)
        status = _word(award, "status")
        if status in ("cancelled", "unsuccessful"):
            item.reasons.append(f"The notice says this award was {status}.")
        elif key in taken_back:
            item.reasons.append("A notice of cancellation says this award was cancelled.")
        item.step = PENDING if status == "pending" else AWARDED
        yield item


def _cancelled(process: Process) -> set[str]:
    """Return the awards that a notice of cancellation names and no later notice names again."""
    found: set[str] = set()
    for one in process.releases:
        named = _ids(one, "awards")
        found = found | named if "awardCancellation" in _tags(one) else found - named
    return found


def _unawarded(process: Process) -> Item:
    item = Item(process, "")
    tags = {tag for one in process.releases for tag in _tags(one)}
    status = _word(at(process.tree, "tender"), "status")
    has_tender = isinstance(at(process.tree, "tender"), dict)
    if status in ("cancelled", "unsuccessful", "withdrawn"):
        item.reasons.append(f"The notice says this procurement was {status}, and nothing was awarded.")
    if "tenderCancellation" in tags and not item.reasons:
        item.reasons.append("The notice says this procurement was cancelled, and nothing was awarded.")
    tendered = any(tag.startswith("tender") for tag in tags)
    if not tendered and (
        status in ("planning", "planned") or any(tag.startswith("planning") for tag in tags)
    ):
        item.step = PLANNING
    elif not has_tender and not tendered:
        if not isinstance(at(process.tree, "planning"), dict):
            item.reasons.append("It tells of no planned contract, tender, award or contract.")
        item.step = PLANNING
    elif status == "complete":
        item.warnings.append("The notice says the procurement is complete, but names no award or contract.")
    return item


def _tags(release: Release) -> list[str]:
    given = release.data.get("tag")
    return [line(one) for one in given] if isinstance(given, list) else []


def _ids(release: Release, name: str) -> set[str]:
    return {line(one.get("id")) for one in release.data.get(name) or []} - {""}


def _word(node: Any, name: str) -> str:
    found = leaf(node, name)
    return line(found.value) if found else ""


def _name_apart(items: list[Item]) -> None:
    """Let no two contracts of a procurement have the same name: an award and a contract may both be 1."""
    parts = [item.part[:120] for item in items]
    for item, part in zip(items, parts, strict=True):
        item.part = part
        if parts.count(part) > 1:
            item.part = f"{'contract' if item.contract_id else 'award'} {part}"[:120]


def _lot_of(item: Item) -> Any:
    """Return the one lot it is for; None where there is none, or several."""
    lots = rows(item.tree, "tender", "lots")
    named = words(item.contract, "relatedLots") or words(item.award, "relatedLots")
    if not named and len(lots) == 1:
        named = list(lots)
    return lots.get(named[0]) if len(named) == 1 else None


def _notice_of(release: Release) -> dict[str, str]:
    """Return a release as pages name it: its id, date, sort and the address of its notice."""
    documents = list(_documents(release.data))
    own = [one for one in documents if line(one.get("id")) == release.id]
    notices = [one for one in documents if line(one.get("documentType")).endswith("Notice")]
    best = next((one for one in [*own, *notices] if web_address(one.get("url"))), {})
    return {
        "release": release.id,
        "date": release.date.isoformat(),
        "tags": ", ".join(_tags(release))[:120],
        "type": line(best.get("noticeType"))[:20],
        "url": web_address(best.get("url")),
    }


def _documents(node: Any) -> Iterator[dict[str, Any]]:
    """Yield the documents of a release, those of what is latest in a procurement first."""
    parts: list[Any] = []
    for name in ("contracts", "awards"):
        for one in node.get(name) or []:
            if isinstance(one.get("implementation"), dict):
                parts.append(one["implementation"])
            parts.append(one)
    parts += [node.get("tender") or {}, node.get("planning") or {}]
    for part in parts:
        yield from (one for one in part.get("documents") or [] if isinstance(one, dict))


def source_of(release: Release, notices: list[dict[str, str]]) -> dict[str, str]:
    """Return what is kept of a fact's source: release, date, address of the notice."""
    url = next((one["url"] for one in notices if one["release"] == release.id), "")
    return {"release": release.id, "date": release.date.isoformat(), "notice": url}
