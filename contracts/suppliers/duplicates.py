"""Suppliers that are likely the same: by company number, by the same name, by names close to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from contracts.models import ContractSupplier, DistinctSuppliers, Supplier
from contracts.suppliers.finding import name_key

# How alike two names must be, and how long at least: short names are alike by chance.
CLOSE = 0.9
SHORTEST = 6
# A block of more suppliers than this says nothing: everybody is called "Community ...".
MOST_IN_A_BLOCK = 250
# Words that may come or go without making it somebody else.
_IDLE = frozenset(("uk", "gb", "group", "holdings", "holding", "england", "services", "the", "and", "of"))


@dataclass(frozen=True)
class Pair:
    """Two suppliers that are likely the same, with the reason in words; the older record first."""

    first: Supplier
    second: Supplier
    reason: str
    rank: float


@dataclass(frozen=True)
class _Known:
    supplier: Supplier
    key: str
    words: frozenset[str]
    digits: tuple[str, ...]


def likely_duplicates() -> list[Pair]:
    """Return pairs of standing suppliers that are likely the same, the surest first: two queries.

    Pairs of which somebody said that they are not the same are left out.
    """
    distinct = set(DistinctSuppliers.objects.values_list("first", "second"))
    known = [_known(supplier) for supplier in Supplier.objects.standing().order_by("pk")]
    found: dict[tuple[int, int], Pair] = {}
    for one, other, reason, rank in _pairs(known):
        a, b = sorted((one.supplier, other.supplier), key=lambda supplier: supplier.pk)
        if (a.pk, b.pk) not in distinct:
            found.setdefault((a.pk, b.pk), Pair(a, b, reason, rank))
    return sorted(found.values(), key=lambda pair: (-pair.rank, pair.first.name.casefold(), pair.second.pk))


def _known(supplier: Supplier) -> _Known:
    words = re.findall(r"[^\W_]+", supplier.name.lower().replace("&", " and "))
    kept = frozenset(word for word in words if word not in _IDLE and len(name_key(f"x {word}")) > 1)
    return _Known(supplier, supplier.name_key, kept, tuple(re.findall(r"[0-9]+", supplier.name)))


def _pairs(known: list[_Known]) -> Iterator[tuple[_Known, _Known, str, float]]:
    for key, same in _blocks(known, lambda one: one.supplier.company_key):
        for one, other in combinations(same, 2):
            yield one, other, f"Both have the company number {key}.", 3.0
    for _, same in _blocks(known, lambda one: one.key):
        for one, other in combinations(same, 2):
            if _are_companies_apart(one, other):
                words = "The names are the same, but the company numbers differ: perhaps one is mistyped."
                yield one, other, words, 1.5
            else:
                yield one, other, "The names are the same, apart from how they are written.", 2.0
    for _, same in _blocks(known, lambda one: " ".join(sorted(one.words)) if len(one.words) > 1 else ""):
        for one, other in combinations(same, 2):
            if not _are_companies_apart(one, other):
                yield one, other, "The names are made of the same words.", 1.2
    for block in (lambda one: one.key[:4], lambda one: one.key[-7:]):
        for _, same in _blocks(known, block, most=MOST_IN_A_BLOCK):
            yield from _close(same)


def _blocks(known: Iterable[_Known], key_of, most: int = 50) -> Iterator[tuple[str, list[_Known]]]:
    """Yield each key that several share with those that do; a key that too many share is left out."""
    blocks: dict[str, list[_Known]] = defaultdict(list)
    for one in known:
        if key := key_of(one):
            blocks[key].append(one)
    return ((key, same) for key, same in blocks.items() if 1 < len(same) <= most)


def _close(same: list[_Known]) -> Iterator[tuple[_Known, _Known, str, float]]:
    matcher = SequenceMatcher(autojunk=False)
    for index, one in enumerate(same):
        matcher.set_seq2(one.key)
        length = len(one.key)
        for other in same[index + 1 :]:
            longest = len(other.key)
            # What the ratio can be at most follows from the lengths: most pairs are done with here.
            if min(length, longest) < SHORTEST or 2 * min(length, longest) < CLOSE * (length + longest):
                continue
            if one.digits != other.digits or one.key == other.key or _are_companies_apart(one, other):
                continue
            matcher.set_seq1(other.key)
            if matcher.quick_ratio() < CLOSE:
                continue
            ratio = matcher.ratio()
            if ratio >= CLOSE:
                yield one, other, "The names differ by a letter or two.", ratio


def _are_companies_apart(one: _Known, other: _Known) -> bool:
    """Whether both have a company number, and not the same: then they are two companies."""
    mine, theirs = one.supplier.company_key, other.supplier.company_key
    return bool(mine and theirs and mine != theirs)


def contracts_of(suppliers: Iterable[int]) -> dict[int, list[ContractSupplier]]:
    """Return each supplier's links with their contracts, present ones first: one query."""
    found: dict[int, list[ContractSupplier]] = defaultdict(list)
    rows = ContractSupplier.objects.filter(supplier__in=list(suppliers)).select_related(
        "contract__directorate"
    )
    for link in rows.order_by("contract__title", "pk"):
        found[link.supplier_id].append(link)
    for links in found.values():
        links.sort(key=lambda link: link.until is not None)
    return found
