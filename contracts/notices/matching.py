"""Which contract an item is: by its notices so far, by the register's OCID, else perhaps a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from contracts.models import Contract, ImportedRow, PublishedRecord
from contracts.notices.package import same_ocid
from contracts.notices.reading import Item
from contracts.register.values import reference_key
from contracts.suppliers.finding import name_key
from spreadsheets.mapping import normal

CHUNK = 400


@dataclass
class Matches:
    """Index of an item -> what it is."""

    records: dict[int, PublishedRecord] = field(default_factory=dict)
    contracts: dict[int, int] = field(default_factory=dict)
    asked: dict[int, list[int]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Known:
    number: int
    title: str
    supplier: str


def match(items: list[tuple[int, Item]], answers: Mapping[str, Any]) -> Matches:
    """Return which contract each item (with its number) is; each contract is taken by one item at most.

    Items in neither `contracts` nor `asked` nor `left_out` are new. The number of queries does not grow with
    the items but by the hundred.
    """
    work = _Matching(items)
    work.by_record()
    work.by_answer(answers)
    work.by_ocid()
    work.ask()
    return work.result


class _Matching:
    def __init__(self, items: list[tuple[int, Item]]) -> None:
        self.items = dict(items)
        self.left = dict.fromkeys(self.items)
        self.result = Matches()
        self.taken: set[int] = set()
        self.records: dict[str, list[PublishedRecord]] = defaultdict(list)
        for chunk in _chunks(sorted({same_ocid(item.ocid) for item in self.items.values()})):
            for record in PublishedRecord.objects.filter(ocid__in=chunk).order_by("pk"):
                self.records[record.ocid].append(record)

    def pair(self, number: int, contract: int, record: PublishedRecord | None = None) -> None:
        """Say that an item is a contract: neither is looked at again."""
        self.result.contracts[number] = contract
        if record is not None:
            self.result.records[number] = record
        self.taken.add(contract)
        self.left.pop(number, None)

    def by_record(self) -> None:
        """Pair items with what notices said before; the first award takes over the tender's contract."""
        by_ocid: dict[str, list[int]] = defaultdict(list)
        for number, item in self.items.items():
            by_ocid[same_ocid(item.ocid)].append(number)
        for ocid, numbers in by_ocid.items():
            free = list(self.records.get(ocid, ()))
            for fits in (
                _same_contract, _same_award, _was_the_award, _was_called_so, _was_the_tender, _is_the_tender,
            ):  # fmt: skip
                for number in numbers:
                    if number not in self.left:
                        continue
                    item = self.items[number]
                    record = next((one for one in free if fits(item, one)), None)
                    if record is not None:
                        free.remove(record)
                        self.pair(number, record.contract_id, record)
            waiting = [number for number in numbers if number in self.left]
            if len(waiting) == len(free) == 1 and _is_its_contract(self.items[waiting[0]], free[0]):
                self.pair(waiting[0], free[0].contract_id, free[0])
        # What was cancelled is no new contract and none of the register's.
        self.left = {number: None for number in self.left if not self.items[number].reasons}

    def by_answer(self, answers: Mapping[str, Any]) -> None:
        """Take what a person said."""
        for text, answer in answers.items():
            number = int(text)
            if number not in self.left:
                continue
            if answer == "new":
                del self.left[number]
            elif answer == "leave":
                self.result.left_out.add(number)
                del self.left[number]
            elif (
                str(answer).isdigit()
                and int(answer) not in self.taken
                and Contract.objects.filter(pk=int(answer)).exists()
            ):
                known = self.records.get(same_ocid(self.items[number].ocid), ())
                record = next((one for one in known if one.contract_id == int(answer)), None)
                self.pair(number, int(answer), record)

    def by_ocid(self) -> None:
        """Pair with contracts whose row of the register has the same OCID, where it is plain which."""
        by_ocid: dict[str, list[int]] = defaultdict(list)
        for number in self.left:
            by_ocid[same_ocid(self.items[number].ocid)].append(number)
        for ocid, contracts in _register_ocids(by_ocid).items():
            standing = [one for one in contracts if one.number not in self.taken]
            numbers = by_ocid[ocid]
            if len(standing) == 1 and len(numbers) == 1:
                self.pair(numbers[0], standing[0].number)
                continue
            for number in list(numbers):
                alike = [one for one in standing if one.supplier in _suppliers(self.items[number])]
                rivals = [
                    other for other in numbers
                    if other in self.left and alike and alike[0].supplier in _suppliers(self.items[other])
                ]  # fmt: skip
                if len(alike) == 1 and len(rivals) == 1:
                    self.pair(number, alike[0].number)
                    standing.remove(alike[0])
            for number in numbers:
                if number in self.left and standing:
                    self.result.asked[number] = [one.number for one in standing]

    def ask(self) -> None:
        """Find contracts that share the reference, or title and supplier, of an item still unmatched."""
        if not self.left:
            return
        same: dict[tuple[str, ...], list[int]] = defaultdict(list)
        known = Contract.objects.order_by("pk").values_list("number", "title", "reference", "supplier_text")
        for number, title, reference, supplier in known.iterator(2000):
            if key := reference_key(reference):
                same["reference", key].append(number)
            if supplier or title:
                same["title", normal(title), name_key(supplier)].append(number)
        for number in self.left:
            item = self.items[number]
            records = self.records.get(same_ocid(item.ocid), ())
            published = [one.contract_id for one in records]
            could_be = dict.fromkeys(self.result.asked.get(number, ()))
            own = self.taken.copy()
            if item.is_only_changed:
                # A change under a number of its own: which contract was changed is not ours to guess.
                could_be.update(dict.fromkeys(published))
            else:
                own.update(published)
            if key := reference_key(item.read.get("reference", "")):
                could_be.update(dict.fromkeys(same.get(("reference", key), ())))
            if title := normal(item.read.get("title", "")):
                for supplier in _suppliers(item) or {""}:
                    could_be.update(dict.fromkeys(same.get(("title", title, supplier), ())))
            # Another number of a contract that stands in the file twice is never a new contract.
            twice = [one.contract_id for one in records if _was_called_so(item, one)]
            found = [one for one in could_be if one not in own] or twice
            if found:
                self.result.asked[number] = found
            else:
                self.result.asked.pop(number, None)


def _told(record: PublishedRecord, name: str) -> str:
    return str(record.values.get(name, ""))


def _same_contract(item: Item, record: PublishedRecord) -> bool:
    if not item.contract_id or _told(record, "contract_id") != item.contract_id:
        return False
    awards = {item.award_id, _told(record, "award_id")} - {""}
    return len(awards) < 2


def _same_award(item: Item, record: PublishedRecord) -> bool:
    """An award that now has its contract, or is still alone."""
    return bool(item.award_id) and _told(record, "award_id") == item.award_id and not (
        item.contract_id and _told(record, "contract_id")
    )  # fmt: skip


def _was_the_award(item: Item, record: PublishedRecord) -> bool:
    """An older notice of the award alone."""
    return bool(item.award_id) and not item.contract_id and _told(record, "award_id") == item.award_id


def _was_called_so(item: Item, record: PublishedRecord) -> bool:
    """A number of an award or contract that a person once said is another of the same contract."""
    return bool({item.award_id, item.contract_id} & set(record.values.get("also", ())) - {""})


def _was_the_tender(item: Item, record: PublishedRecord) -> bool:
    """The first award takes over the contract that stood for the tender."""
    waits = not (_told(record, "award_id") or _told(record, "contract_id"))
    return waits and bool(item.part) and not item.reasons


def _is_the_tender(item: Item, record: PublishedRecord) -> bool:
    """A notice of the tender alone is about whatever came of it."""
    return not item.part


def _is_its_contract(item: Item, record: PublishedRecord) -> bool:
    """A contract that does not say which award it is of, where there is one only."""
    return bool(item.contract_id) and not item.award_id and not _told(record, "contract_id")


def _suppliers(item: Item) -> set[str]:
    found = {name_key(one.name) for one in item.suppliers}
    if text := item.read.get("supplier_text"):
        found.add(name_key(text))
    return found - {""}


def _register_ocids(by_ocid: Mapping[str, Any]) -> dict[str, list[_Known]]:
    """Return ocid -> contracts whose row of the register names it."""
    found: dict[str, list[_Known]] = defaultdict(list)
    for chunk in _chunks(sorted(by_ocid)):
        rows = ImportedRow.objects.filter(values__ocid__in=[*chunk, *(one.upper() for one in chunk)])
        for ocid, number, title, supplier in rows.order_by("contract").values_list(
            "values__ocid", "contract", "contract__title", "contract__supplier_text"
        ):
            found[same_ocid(str(ocid))].append(_Known(number, normal(title), name_key(supplier)))
    return {ocid: known for ocid, known in found.items() if ocid in by_ocid}


def _chunks(names: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(names), CHUNK):
        yield names[start : start + CHUNK]
