"""What would become of every contract of a file, worked out without writing anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from contracts.models import Contract, NoticeItem, PublishedRecord, Stage
from contracts.notices import buyers as buyer_room
from contracts.notices.buyers import BuyerCount, Ours
from contracts.notices.compiling import processes_of
from contracts.notices.facts import FIELDS, fallback_title, read_facts
from contracts.notices.matching import Matches, match
from contracts.notices.package import Package
from contracts.notices.parties import SupplierRead, supplier_text, together, united
from contracts.notices.reading import (
    AWARDED,
    NO_SUPPLIER,
    PENDING,
    PLANNING,
    RANK,
    TENDER,
    TERMINATED,
    UNSIGNED,
    Item,
    items_of,
    source_of,
)
from contracts.register.merging import Merged, Wording, current_text, label_of, merge, stage_of
from contracts.register.merging import put as put_field
from contracts.register.plan import Lookups
from contracts.suppliers.finding import name_key
from spreadsheets.mapping import normal

Outcome = NoticeItem.Outcome
MOST_CANDIDATES = 8
# Facts notices give that are worked out from others.
DERIVED_FIELDS = ("directorate", "department", "category")
STAGES = {
    PLANNING: Stage.COMMISSIONING,
    TENDER: Stage.TENDER,
    PENDING: Stage.TENDER,
    UNSIGNED: Stage.MOBILISATION,
    TERMINATED: Stage.ENDED,
}


@dataclass
class Planned:
    """One contract of the file and what becomes of it."""

    number: int
    item: Item
    outcome: str = ""
    contract: int | None = None
    buyer_key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)
    changes: list[list[str]] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    # Taken for a new contract though it may be one there already.
    was_unsure: bool = False


@dataclass
class Plan:
    """All contracts of the file, its buyers, and what can't be read."""

    package: Package
    items: list[Planned]
    buyers: list[BuyerCount]
    warnings: list[str] = field(default_factory=list)


def items_in(package: Package) -> list[Item]:
    """Return the contracts of a file in its order, with their facts."""
    found = [item for process in processes_of(package.releases) for item in items_of(process)]
    for item in found:
        read_facts(item)
    return found


def make_plan(
    package: Package,
    items: list[Item],
    *,
    ours: Ours,
    lookups: Lookups | None = None,
    answers: Mapping[str, Any] | None = None,
    new_when_unsure: bool = False,
) -> Plan:
    """Return what would become of every item. Writes nothing."""
    lookups = lookups or Lookups()
    planned = [Planned(number, item) for number, item in enumerate(items, start=1)]
    known = buyer_room.counted(items, ours)
    several = len({one.key for one in known if one.is_ours}) > 1
    mine: list[tuple[int, Item]] = []
    for one in planned:
        if _first_look(one, ours, several):
            mine.append((one.number, one.item))
            lookups.derive(one.item.read)
    matches = match(mine, answers or {})
    _settle(planned, matches, new_when_unsure)
    _compare([one for one in planned if not one.outcome], matches, Wording(lookups.names))
    _find_alike([one for one in planned if one.outcome == Outcome.CREATED])
    for one in planned:
        one.values = values_of(one.item)
        if one.outcome == Outcome.OTHER_BUYER:
            # Only what the list shows: most packages are mostly other buyers'.
            one.values = {name: one.values[name] for name in ("title", "notices")}
    plan = Plan(package, planned, known, list(package.warnings))
    if ours and not mine:
        plan.warnings.append("No contract in this file is of a buyer you have said is this council.")
    return plan


def _first_look(one: Planned, ours: Ours, several: bool) -> bool:
    """Say whose it is; return whether it is one of ours (it may still be left out)."""
    buyers = one.item.buyers
    one.warnings = list(one.item.warnings)
    mine = next((buyer for buyer in buyers if ours.has(buyer)), None)
    one.buyer_key = mine.key if mine else buyers[0].key if buyers else ""
    if not buyers:
        one.outcome, one.reasons = Outcome.REJECTED, list(one.item.reasons)
        return False
    if mine is None:
        one.outcome = Outcome.OTHER_BUYER
        one.reasons = [f"Bought by {' and '.join(buyer.name for buyer in buyers[:3])}."]
        one.warnings = []
        return False
    others = [buyer.name for buyer in buyers if not ours.has(buyer)]
    if others:
        one.warnings.append(f"Bought together with {'; '.join(others[:5])}.")
    if several:
        one.item.read["directorate_text"] = mine.name
        one.item.sources["directorate_text"] = one.item.release
    return True


def _settle(planned: list[Planned], matches: Matches, new_when_unsure: bool) -> None:
    for one in planned:
        if one.outcome:
            continue
        one.contract = matches.contracts.get(one.number)
        if one.item.reasons:
            one.outcome, one.reasons = Outcome.REJECTED, list(one.item.reasons)
            if one.contract:
                one.reasons.append(f"Contract {one.contract} stays as it is: change its stage there.")
        elif one.number in matches.left_out:
            one.outcome = Outcome.REJECTED
            one.reasons.append("You chose to leave it out.")
        elif could_be := matches.asked.get(one.number):
            _ask(one, could_be, new_when_unsure)
        elif one.contract is None:
            one.outcome = Outcome.CREATED
        if one.outcome == Outcome.CREATED and not one.item.read.get("title") and not fallback_title(one.item):
            one.outcome = Outcome.REJECTED
            one.reasons.append(
                "Its notices give neither a title nor a description nor a supplier. Import the earlier "
                "notices of this procurement first."
            )
        elif one.outcome == Outcome.CREATED:
            one.warnings = list(dict.fromkeys([*one.warnings, *one.item.warnings]))


def _ask(one: Planned, could_be: list[int], new_when_unsure: bool) -> None:
    names = " or ".join(str(number) for number in could_be[:MOST_CANDIDATES])
    more = f" or one of {len(could_be) - MOST_CANDIDATES} more" if len(could_be) > MOST_CANDIDATES else ""
    shares = "which shares its reference, its OCID, or its title and supplier"
    if new_when_unsure:
        one.outcome, one.was_unsure = Outcome.CREATED, True
        one.warnings.append(f"It could have been contract {names}{more}, {shares}; added as you asked.")
        return
    one.outcome, one.candidates = Outcome.REJECTED, could_be[:MOST_CANDIDATES]
    one.reasons.append(
        f"We could not tell whether it is a new contract: it could be {names}{more}, {shares}."
    )


def _compare(matched: list[Planned], matches: Matches, wording: Wording) -> None:
    """Say for each matched item whether it changes its contract."""
    contracts: dict[int, Contract] = {}
    numbers = [one.contract for one in matched if one.contract]
    for start in range(0, len(numbers), 400):
        contracts.update(Contract.objects.in_bulk(numbers[start : start + 400]))
    for one in matched:
        contract = contracts[one.contract or 0]
        record = matches.records.get(one.number)
        read = fresh(values_of(one.item), record)
        merged = merge_notices(contract, read, one.item.step, record)
        one.outcome = Outcome.UPDATED if merged.changes else Outcome.UNCHANGED
        one.conflicts, one.changes = tell(contract, merged, wording)
        if record is not None:
            _look_back(one, read, record)


def _look_back(one: Planned, read: Mapping[str, str], record: PublishedRecord) -> None:
    """Say what an update leaves open, in the light of what notices said before."""
    before = [SupplierRead.of(kept) for kept in record.values.get("suppliers", [])]
    now = one.item.suppliers
    if before:
        one.warnings = [text for text in one.warnings if text != NO_SUPPLIER]
    is_news = _day(record.sources.get("supplier_text")) < _day(
        values_of(one.item)["sources"].get("supplier_text")
    )
    gone = [old.name for old in before if not any(old.is_same(new) for new in now)]
    if gone and now and is_news and "supplier_text" in read:
        one.warnings.append(
            f"It no longer names {'; '.join(gone[:5])}. Nothing is taken away by a notice: correct the "
            "suppliers on the contract’s page, or record a novation there."
        )
    if "value" in one.item.read and _is_foreign(values_of(one.item), record):
        one.warnings.append(
            f"The value is given without a currency, after one in {record.values['currency'][:20]}: left out."
        )


def tell(
    contract: Contract, merged: Merged, wording: Wording
) -> tuple[list[dict[str, str]], list[list[str]]]:
    """Return (conflicts, changes) of a merge in the words pages use."""
    say = wording.say
    conflicts = [
        {**one, "kept": say(one["field"], one["kept"]), "file": say(one["field"], one["file"])}
        for one in merged.conflicts
    ]
    changes = [
        [label_of(name), say(name, current_text(contract, name)), say(name, text)]
        for name, text in merged.changes.items()
    ]
    return conflicts, changes


def values_of(item: Item) -> dict[str, Any]:
    """Return what is kept of an item: its facts, sources, suppliers, KPIs and notices."""
    sources = {name: source_of(release, item.notices) for name, release in item.sources.items()}
    return {
        "title": item.read.get("title", ""),
        "read": dict(item.read),
        "sources": sources,
        "suppliers": [
            {name: value for name, value in asdict(one).items() if value} for one in item.suppliers
        ],
        "kpis": item.kpis,
        "notices": item.notices,
        "award_id": item.award_id,
        "contract_id": item.contract_id,
        "step": item.step,
        "suitable": item.suitable,
        "currency": item.currency,
        "releases": {one.id: one.date.isoformat() for one in item.process.releases},
    }


def fresh(values: Mapping[str, Any], record: PublishedRecord | None) -> dict[str, str]:
    """Return the facts of an item that are no older than what notices said before.

    A notice of the tender changes nothing once there is an award; an award's facts go before the tender's.
    Suppliers named before stay, as they would in one file.
    """
    read = dict(values["read"])
    if record is None:
        return read
    if "supplier_text" in read and record.values.get("suppliers"):
        _unite(read, all_suppliers(values, record))
    if _is_foreign(values, record):
        for name in ("value", "value_basis", "estimated_value_inc_vat"):
            read.pop(name, None)
    before, now = RANK.get(record.values.get("step", ""), 0), RANK.get(values["step"], 0)
    if now < before and before >= RANK[PENDING]:
        return {}
    if now > before:
        return read
    stale = {
        name for name, source in values["sources"].items()
        if _day(record.sources.get(name)) > _day(source)
    }  # fmt: skip
    if "directorate_text" in stale:
        stale |= {"directorate", "department"}
    if "category_text" in stale:
        stale.add("category")
    return {name: text for name, text in read.items() if name not in stale}


def all_suppliers(values: Mapping[str, Any], record: PublishedRecord | None) -> list[SupplierRead]:
    """Return the suppliers notices named before and those an item names, each once."""
    before = record.values.get("suppliers", []) if record else []
    return united(SupplierRead.of(one) for one in [*before, *values["suppliers"]])


def _unite(read: dict[str, str], suppliers: list[SupplierRead]) -> None:
    read["supplier_text"] = supplier_text(suppliers)
    for name in ("sme", "vcse"):
        answers = [getattr(one, name) for one in suppliers]
        if any(answers):
            read[name] = together(answers)


def _is_foreign(values: Mapping[str, Any], record: PublishedRecord) -> bool:
    """Whether an amount without a currency goes on from one that was not in pounds."""
    return not values.get("currency") and record.values.get("currency", "") not in ("", "GBP")


LONG_AGO = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def _day(source: Mapping[str, str] | None) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(source["date"]) if source else LONG_AGO
    except (KeyError, ValueError):
        return LONG_AGO


def merge_notices(
    contract: Contract, read: Mapping[str, str], step: str, record: PublishedRecord | None
) -> Merged:
    """Return what an item changes on its contract: by the register's rule, and the stage with the step."""
    last = record.values if record else None
    result = merge(contract, read, last, FIELDS)
    kept = {one["field"] for one in result.conflicts}
    if "value" in kept:
        result.changes.pop("value_basis", None)
        result.conflicts = [one for one in result.conflicts if one["field"] != "value_basis"]
    _merge_step(contract, read, step, record, result)
    return result


def _merge_step(
    contract: Contract,
    read: Mapping[str, str],
    step: str,
    record: PublishedRecord | None,
    result: Merged,
) -> None:
    """Move the stage with the procurement, unless a person has set another."""
    before = record.values.get("step", "") if record else ""
    if not read or step == before or RANK.get(step, 0) < RANK.get(before, 0):
        return
    moved = Contract(
        starts_on=contract.starts_on, ends_on=contract.ends_on, extended_to=contract.extended_to,
        terminated_on=contract.terminated_on,
    )  # fmt: skip
    for name in ("starts_on", "ends_on"):
        if name in result.changes:
            put_field(moved, name, result.changes[name])
    stage = stage_for(step, moved)
    if stage == contract.stage:
        result.changes.pop("stage", None)
        return
    early = (Stage.COMMISSIONING, Stage.TENDER)
    if record is None:
        # The register knows better, unless it still waits for the award.
        if contract.stage in early and stage not in early:
            result.conflicts.append(_stage_conflict(contract.stage, stage))
        return
    if contract.stage == stage_for(before, contract):
        result.changes["stage"] = stage
    else:
        result.conflicts.append(_stage_conflict(contract.stage, stage))


def _stage_conflict(kept: str, file: str) -> dict[str, str]:
    return {"field": "stage", "label": label_of("stage"), "kept": kept, "file": file}


def stage_for(step: str, contract: Contract) -> str:
    """Return the stage a step of the procurement and the dates give."""
    by_dates = stage_of(contract.starts_on, contract.last_day)
    if step == UNSIGNED and by_dates == Stage.ENDED:
        return Stage.ENDED
    return by_dates if step == AWARDED else STAGES[step]


def _find_alike(created: list[Planned]) -> None:
    """Say where two new contracts of the file look like one, published twice."""
    first: dict[tuple[str, str], Planned] = {}
    for one in created:
        key = (normal(one.item.read.get("title", "")), name_key(one.item.read.get("supplier_text", "")))
        earlier = first.setdefault(key, one)
        if earlier is not one and key[0] and earlier.item.process is not one.item.process:
            one.warnings.append(
                f"Its title and supplier are those of item {earlier.number} ({earlier.item.ocid}); kept as a "
                "contract of its own."
            )
