"""Which contract and which measure a row means: found once for certain, or asked; never guessed."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from contracts.models import Contract
from contracts.suppliers.finding import name_key
from kpis.library.choosing import frameworks_for, offered_to
from kpis.library.models import Cohort, FrameworkChoice, Measure
from kpis.library.models.measure import stem_of
from spreadsheets.mapping import normal

NEAR = 0.92
# How many contracts a question names at most.
MOST = 8
SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "per",
        "the",
        "to",
        "with",
        "number",
        "no",
        "of",
        "total",
    ]
)


@dataclass(frozen=True)
class Match:
    """The contract meant, or those it may be, or why there is none."""

    contract: Contract | None = None
    candidates: tuple[Contract, ...] = ()
    reason: str = ""
    warning: str = ""


@dataclass
class Register:
    """Every contract, read once: two queries."""

    contracts: dict[int, Contract] = field(default_factory=dict)
    by_reference: dict[str, list[Contract]] = field(default_factory=lambda: defaultdict(list))
    by_title: dict[str, list[Contract]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls) -> Register:
        """Return the register as it stands."""
        found = cls()
        every = (
            Contract.objects.select_related("directorate", "parent")
            .prefetch_related("partner_directorates")
            .with_suppliers()
            .defer("description", "monitoring")
            .order_by("pk")
        )
        for one in every:
            found.contracts[one.pk] = one
            if key := normal(one.reference):
                found.by_reference[key].append(one)
            found.by_title[normal(one.title)].append(one)
        return found

    def find(self, number: str, reference: str, title: str, supplier: str) -> Match:
        """Return the contract meant: by our number, reference, reference and title, title and supplier."""
        if number:
            if not number.isdigit():
                return Match(reason=f"“{number[:40]}” is not one of our numbers, which are digits only.")
            contract = self.contracts.get(int(number))
            if contract is None:
                return Match(reason=f"There is no contract {number} here.")
            differs = reference and contract.reference and normal(reference) != normal(contract.reference)
            said = (
                f"Contract {number} has the reference {contract.reference}, not {reference}."
                if differs
                else ""
            )
            return Match(contract, warning=said)
        if reference and (same := self.by_reference.get(normal(reference))):
            return _told_apart(same, title, supplier, f"the reference {reference}")
        if title and (same := self.by_title.get(normal(title))):
            return self._by_title(same, reference, supplier)
        return self._unknown(reference, title)

    def _by_title(self, same: list[Contract], reference: str, supplier: str) -> Match:
        supplied = [one for one in same if _is_supplier(one, supplier)]
        # A reference that is not the one recorded speaks against it, so that has to be asked.
        if len(supplied) == 1 and not (reference and supplied[0].reference):
            return Match(supplied[0])
        if reference:
            return _ask(
                supplied or same, f"No contract has the reference {reference}, but the title is that of"
            )
        return _ask(supplied or same, "Its title alone names no contract for certain, but may be that of")

    def _unknown(self, reference: str, title: str) -> Match:
        if not (reference or title):
            return Match(reason="It names no contract: write our number, a reference or a title.")
        said = " and ".join(
            part
            for part in (
                f"the reference {reference}" if reference else "",
                f"the title “{title[:60]}”" if title else "",
            )
            if part
        )
        near: list[Contract] = []
        if title:
            keys = difflib.get_close_matches(normal(title), self.by_title, n=3, cutoff=0.85)
            near = [one for key in keys for one in self.by_title[key]]
        if near:
            return _ask(near, f"No contract has {said}, but near it is")
        return Match(
            reason=f"No contract here has {said}. Correct it, write our number of the contract, or add the "
            "contract to the register first."
        )


def _is_supplier(contract: Contract, supplier: str) -> bool:
    key = name_key(supplier)
    if not key:
        return False
    return any(
        name_key(name) == key
        for name in [contract.supplier_text, *(one.name for one in contract.current_suppliers)]
    )


def _told_apart(same: list[Contract], title: str, supplier: str, by: str) -> Match:
    if len(same) == 1:
        return Match(same[0])
    for left in (
        [one for one in same if title and normal(one.title) == normal(title)],
        [one for one in same if title and normal(one.title) == normal(title) and _is_supplier(one, supplier)],
        [one for one in same if not title and _is_supplier(one, supplier)],
    ):
        if len(left) == 1:
            return Match(left[0])
    titled = [one for one in same if title and normal(one.title) == normal(title)]
    return _ask(titled or same, f"{len(same)} contracts have {by}:")


def _ask(candidates: Iterable[Contract], why: str) -> Match:
    few = tuple(candidates)[:MOST]
    named = "; ".join(f"{one.pk} {one.title[:60]}" for one in few)
    return Match(candidates=few, reason=f"Say which contract this is. {why} {named}.")


def words_key(text: str) -> tuple[str, ...]:
    """Return the words that matter of a text, in the singular and in one order."""
    plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return tuple(sorted({stem_of(word) for word in plain.split() if word not in SMALL_WORDS}))


@dataclass
class Shelf:
    """The measures of some editions, by code, by title and by the words of the title."""

    by_code: dict[str, list[Measure]] = field(default_factory=lambda: defaultdict(list))
    by_title: dict[str, list[Measure]] = field(default_factory=lambda: defaultdict(list))
    by_words: dict[tuple[str, ...], list[Measure]] = field(default_factory=lambda: defaultdict(list))

    def titled(self, text: str) -> Measure | None:
        """Return the measure with this title, exactly or nearly, where it is exactly one."""
        for found in (self.by_title.get(normal(text)), self.by_words.get(words_key(text))):
            if found:
                return found[0] if len(found) == 1 else None
        near = difflib.get_close_matches(normal(text), self.by_title, n=2, cutoff=NEAR)
        if len(near) == 1 and len(self.by_title[near[0]]) == 1:
            return self.by_title[near[0]][0]
        return None


@dataclass
class Library:
    """What each contract is offered, each set of editions read once, and each contract's own words."""

    chosen: set[int] = field(default_factory=set)
    shelves: dict[object, Shelf] = field(default_factory=dict)
    own: dict[int, list[Measure]] = field(default_factory=lambda: defaultdict(list))
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    _titled: dict[tuple[object, str], Measure | None] = field(default_factory=dict)

    @classmethod
    def read(cls) -> Library:
        """Return the library as it stands."""
        found = cls(set(FrameworkChoice.objects.values_list("contract", flat=True)))
        for one in Measure.objects.live().filter(contract__isnull=False).select_related("unit", "cohort"):
            found.own[one.contract_id or 0].append(one)
        for cohort in Cohort.objects.all():
            for name in (str(cohort), cohort.name, cohort.code):
                found.cohorts.setdefault(normal(name), cohort)
        return found

    def _key(self, contract: Contract) -> object:
        governing = contract.governing
        return (
            ("chosen", governing.pk) if governing.pk in self.chosen else ("on", contract.governing_began_on)
        )

    def shelf(self, contract: Contract) -> Shelf:
        """Return what the contract may propose from."""
        key = self._key(contract)
        if key not in self.shelves:
            governing = contract.governing
            frameworks = frameworks_for(contract) if governing.pk in self.chosen else offered_to(governing)
            shelf = Shelf()
            measures = Measure.objects.live().filter(framework__in=frameworks, contract=None)
            for one in measures.select_related("unit", "cohort", "framework"):
                shelf.by_code[normal(one.code)].append(one)
                shelf.by_title[normal(one.title)].append(one)
                shelf.by_words[words_key(one.title)].append(one)
            self.shelves[key] = shelf
        return self.shelves[key]

    def titled(self, contract: Contract, text: str) -> Measure | None:
        """Return the one measure of this title the contract is offered, or wrote itself."""
        mine = [one for one in self.own.get(contract.pk, ()) if normal(one.title) == normal(text)]
        if mine:
            return mine[0]
        key = (self._key(contract), text)
        if key not in self._titled:
            self._titled[key] = self.shelf(contract).titled(text)
        return self._titled[key]
