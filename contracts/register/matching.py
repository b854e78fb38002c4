"""Which contract a row is: by the whole row, then by what is unique on both sides, else a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from contracts.models import Contract
from contracts.register.reading import RowRead
from contracts.register.values import as_text, hash_of, reference_key, title_of
from contracts.suppliers.finding import name_key
from spreadsheets.mapping import normal

MOST_CANDIDATES = 8
MARKING = frozenset(("reference", "supplier_text", "title", "starts_on", "ends_on"))
NOT_COMPARED = frozenset(("directorate", "department", "category"))
Key = tuple[str, ...]


@lru_cache(maxsize=20_000)
def _supplier(text: str) -> str:
    return name_key(text) if text else ""


@lru_cache(maxsize=20_000)
def _title(text: str) -> str:
    return normal(text)


@lru_cache(maxsize=20_000)
def _reference(text: str) -> str:
    return reference_key(text)


@dataclass(frozen=True)
class Marks:
    """What a row or a contract is known by."""

    reference: str
    supplier: str
    title: str
    start: str
    end: str

    @classmethod
    def of(cls, read: Mapping[str, str]) -> Marks:
        """Return the marks of field texts."""
        return cls(
            _reference(read.get("reference", "")),
            _supplier(read.get("supplier_text", "")),
            _title(read.get("title", "")),
            read.get("starts_on", ""),
            read.get("ends_on", ""),
        )

    def agrees_with(self, other: Marks) -> bool:
        """Return whether two of supplier, title and dates are the same."""
        same_dates = (self.start, self.end) == (other.start, other.end)
        return (self.supplier == other.supplier) + (self.title == other.title) + same_dates >= 2

    @property
    def hash(self) -> str:
        """Return the hash kept as `match_key`."""
        return hash_of([self.reference, self.supplier, self.title, self.start, self.end])


@dataclass
class Known:
    """A contract of the register as matching sees it."""

    number: int
    title: str
    row_number: int = 0
    row_hash: str = ""
    values_hash: str = ""
    last: dict[str, str] | None = None
    marks: tuple[Marks, ...] = ()


@dataclass
class Matches:
    """Row number -> contract; row number -> (contracts it could be, why it is asked)."""

    found: dict[int, Known] = field(default_factory=dict)
    asked: dict[int, list[Known]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    not_in_file: list[Known] = field(default_factory=list)
    rows: Mapping[int, RowRead] = field(default_factory=dict)

    def rows_found(self) -> Iterator[tuple[RowRead, Known]]:
        """Yield each row that found its contract, with it."""
        return ((self.rows[number], known) for number, known in self.found.items())


@dataclass(frozen=True)
class Spoken:
    """The fields a file speaks of; a column that left the file must not make its contracts strangers."""

    fields: frozenset[str]
    has_titles: bool = True

    @property
    def tells_all(self) -> bool:
        """Return whether the file has all that contracts are told apart by."""
        return self.has_titles and self.fields >= MARKING

    def marks(self, read: Mapping[str, str]) -> Marks:
        """Return the marks of a contract's texts as far as this file can confirm them."""
        texts = {name: read.get(name, "") for name in MARKING & self.fields}
        if not self.has_titles and read.get("description"):
            texts["title"] = title_of(read["description"])
        return Marks.of(texts)

    def shared(self, last: Mapping[str, str]) -> tuple[str, ...]:
        """Return the fields that both the file and the register as last imported speak of.

        None where they would not tell one contract from another.
        """
        names = self.fields.intersection(last) - NOT_COMPARED
        if not self.has_titles:
            names -= {"title"}
        told = len(names & MARKING) + ("description" in names)
        return tuple(sorted(names)) if told > 2 else ()


def known_contracts(spoken: Spoken) -> list[Known]:
    """Return every contract with what the register last said of it: one query."""
    rows = Contract.objects.order_by("pk").values_list(
        "number", "title", "reference", "supplier_text", "starts_on", "ends_on",
        "imported__row_number", "imported__row_hash", "imported__values_hash", "imported__values",
    )  # fmt: skip
    known = []
    for (
        number,
        title,
        reference,
        supplier,
        start,
        end,
        row_number,
        hashed,
        values_hashed,
        last,
    ) in rows.iterator(2000):
        now = spoken.marks(
            {
                "reference": reference, "supplier_text": supplier, "title": title,
                "starts_on": as_text("starts_on", start), "ends_on": as_text("ends_on", end),
            }
        )  # fmt: skip
        then = spoken.marks(last) if last else now
        marks = (now,) if then == now else (then, now)
        known.append(Known(number, title, row_number or 0, hashed or "", values_hashed or "", last, marks))
    return known


def _strong(m: Marks) -> Key | None:
    return (m.reference, m.supplier, m.title, m.start, m.end) if m.reference else None


def _no_reference(m: Marks) -> Key | None:
    return (m.supplier, m.title, m.start, m.end) if not m.reference and m.supplier and m.title else None


def _no_reference_new_end(m: Marks) -> Key | None:
    return (m.supplier, m.title, m.start) if not m.reference and m.supplier and m.title and m.start else None


def _same_start(m: Marks) -> Key | None:
    return (m.reference, m.supplier, m.title, m.start) if m.reference and m.start and m.title else None


def _new_dates(m: Marks) -> Key | None:
    return (m.reference, m.supplier, m.title) if m.reference and m.title else None


def _new_title(m: Marks) -> Key | None:
    return (m.reference, m.supplier, m.start, m.end) if m.reference and m.supplier and m.start else None


def _new_supplier(m: Marks) -> Key | None:
    return (m.reference, m.title, m.start, m.end) if m.reference and m.title and m.start else None


def _new_reference(m: Marks) -> Key | None:
    return (m.supplier, m.title, m.start, m.end) if m.supplier and m.title and m.start else None


# In order: the key, and whether it must be unique in the whole file and register ("all") or only among what
# is left ("rest"). The latter is safe where nothing but the end date or what is outside the key can differ.
STAGES: tuple[tuple[Callable[[Marks], Key | None], str], ...] = (
    (_strong, "rest"),
    (_no_reference, "all"),
    (_no_reference_new_end, "all"),
    (_same_start, "rest"),
    (_new_dates, "all"),
    (_new_title, "all"),
    (_new_supplier, "all"),
    (_new_reference, "all"),
)
# Sharing one of these with a contract that is left over is worth a question.
ASKED_BY: tuple[Callable[[Marks], Key | None], ...] = (
    lambda m: ("rs", m.reference, m.supplier) if m.reference and m.supplier else None,
    lambda m: ("rt", m.reference, m.title) if m.reference and m.title else None,
    lambda m: ("r", m.reference) if m.reference else None,
    lambda m: ("st", m.supplier, m.title) if m.supplier and m.title else None,
    lambda m: ("sd", m.supplier, m.start, m.end) if not m.reference and m.supplier and m.start else None,
    lambda m: ("td", m.title, m.start, m.end) if not m.reference and m.title and m.start else None,
)


class _Matching:
    def __init__(self, rows: Iterable[RowRead], contracts: Iterable[Known]) -> None:
        self.rows = {row.number: row for row in rows}
        self.contracts = {one.number: one for one in contracts}
        self.marks = {row.number: Marks.of(row.read) for row in self.rows.values()}
        self.rows_left = dict.fromkeys(self.rows)
        self.contracts_left = dict.fromkeys(self.contracts)
        self.result = Matches(rows=self.rows)

    def pair(self, row: int, contract: int) -> None:
        """Say that a row is a contract: neither is looked at again."""
        self.result.found[row] = self.contracts[contract]
        del self.rows_left[row]
        del self.contracts_left[contract]

    def answer(self, answers: Mapping[str, Any]) -> set[int]:
        """Take what a person said; return rows that are new contracts."""
        new = set()
        for text, answer in answers.items():
            number = int(text)
            if number not in self.rows_left:
                continue
            if answer == "new":
                new.add(number)
                del self.rows_left[number]
            elif answer == "leave":
                self.result.left_out.add(number)
                del self.rows_left[number]
            elif str(answer).isdigit() and int(answer) in self.contracts_left:
                self.pair(number, int(answer))
        return new

    def by_hash(self, name: str) -> None:
        """Pair equal rows; where several are equal it is all one which is which, so in their order."""
        waiting: dict[str, list[Known]] = defaultdict(list)
        for number in self.contracts_left:
            if hashed := getattr(self.contracts[number], name):
                waiting[hashed].append(self.contracts[number])
        for same in waiting.values():
            same.sort(key=lambda one: (-one.row_number, -one.number))
        for number in list(self.rows_left):
            same_hash = waiting.get(getattr(self.rows[number], name)) or []
            fitting = next((known for known in reversed(same_hash) if self._fits(number, known)), None)
            if fitting is not None:
                same_hash.remove(fitting)
                self.pair(number, fitting.number)

    def _fits(self, number: int, known: Known) -> bool:
        """Whether the row blanks nothing a contract is known by.

        A hash says nothing of a column the file lacked when it was made: the row may be a sibling's.
        """
        last, read = known.last or {}, self.rows[number].read
        return not any(last.get(name) and read.get(name) == "" for name in MARKING)

    def by_shared(self, spoken: Spoken) -> None:
        """Pair rows that say what was last said, in all that both speak of: columns came or went.

        Where several are equal nothing in the file changes any of them, so they pair off in their order.
        """
        waiting: dict[tuple[str, ...], dict[Key, list[Known]]] = {}
        for number in self.contracts_left:
            known = self.contracts[number]
            if known.last and (names := spoken.shared(known.last)):
                key = tuple(known.last[name] for name in names)
                waiting.setdefault(names, defaultdict(list))[key].append(known)
        for names, contracts in waiting.items():
            for same in contracts.values():
                same.sort(key=lambda one: (-one.row_number, -one.number))
            for number in list(self.rows_left):
                read = self.rows[number].read
                if equal := contracts.get(tuple(read.get(name, "") for name in names)):
                    self.pair(number, equal.pop().number)

    def by_key(self, key_of: Callable[[Marks], Key | None], within: str) -> None:
        """Pair rows and contracts that alone share a key, among all of them or among those left."""
        rows: dict[Key, list[int]] = defaultdict(list)
        contracts: dict[Key, set[int]] = defaultdict(set)
        for number in self.rows if within == "all" else self.rows_left:
            if key := key_of(self.marks[number]):
                rows[key].append(number)
        for number in self.contracts if within == "all" else self.contracts_left:
            for key in _keys(key_of, self.contracts[number].marks):
                contracts[key].add(number)
        for key, numbers in rows.items():
            same = contracts.get(key, set())
            if len(numbers) == 1 and len(same) == 1:
                (contract,) = same
                if numbers[0] in self.rows_left and contract in self.contracts_left:
                    self.pair(numbers[0], contract)

    def by_reference(self) -> None:
        """Where a reference is once on each side: pair if two of supplier, title, dates agree, else ask."""
        rows: dict[str, list[int]] = defaultdict(list)
        contracts: dict[str, set[int]] = defaultdict(set)
        for number, marks in self.marks.items():
            rows[marks.reference].append(number)
        for number, known in self.contracts.items():
            for marks in known.marks:
                contracts[marks.reference].add(number)
        for row in list(self.rows_left):
            marks = self.marks[row]
            same = contracts.get(marks.reference, set())
            if not marks.reference or len(rows[marks.reference]) != 1 or len(same) != 1:
                continue
            (contract,) = same
            if contract not in self.contracts_left:
                continue
            if any(marks.agrees_with(other) for other in self.contracts[contract].marks):
                self.pair(row, contract)
            else:
                self.result.asked[row] = [self.contracts[contract]]

    def _succeeds(self, number: int, known: Known) -> bool:
        """Whether the row, under another reference, begins after the contract ended: the next contract."""
        row = self.marks[number]
        return bool(row.reference and row.start) and all(
            one.reference and one.reference != row.reference and one.end and one.end < row.start
            for one in known.marks
        )

    def ask(self) -> None:
        """Find the contracts each row left could be; a row that could be none of them is a new contract."""
        by_key: dict[Key, list[int]] = defaultdict(list)
        for number in self.contracts_left:
            for key_of in ASKED_BY:
                for key in _keys(key_of, self.contracts[number].marks):
                    by_key[key].append(number)
        for number in self.rows_left:
            standing = self.result.asked.get(number, [])
            could_be: dict[int, None] = dict.fromkeys(one.number for one in standing)
            for key_of in ASKED_BY:
                if shared := key_of(self.marks[number]):
                    could_be.update(dict.fromkeys(by_key.get(shared, ())))
            could_be = {
                one: None
                for one in could_be
                if one in self.contracts_left and not self._succeeds(number, self.contracts[one])
            }
            if could_be:
                self.result.asked[number] = [self.contracts[one] for one in could_be]


def _keys(key_of: Callable[[Marks], Key | None], marks: Iterable[Marks]) -> Iterator[Key]:
    for mark in marks:
        if key := key_of(mark):
            yield key


def match(
    rows: Iterable[RowRead],
    contracts: Iterable[Known],
    answers: Mapping[str, Any] | None = None,
    *,
    spoken: Spoken,
) -> Matches:
    """Return which contract each row is, which rows must be asked about, and which contracts no row is.

    Each contract is taken by one row at most. Rows in neither `found` nor `asked` nor `left_out` are new.
    """
    work = _Matching(rows, contracts)
    work.by_hash("row_hash")
    work.by_hash("values_hash")
    work.by_shared(spoken)
    work.answer(answers or {})
    for key_of, within in STAGES:
        # With less to go by, what is left over proves nothing.
        work.by_key(key_of, within if spoken.tells_all else "all")
    work.by_reference()
    work.ask()
    imported = (work.contracts[number] for number in work.contracts_left)
    work.result.not_in_file = [one for one in imported if one.last is not None]
    return work.result
