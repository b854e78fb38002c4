"""Matching a file's headings with the fields a caller wants, and naming a set of headings."""

from __future__ import annotations

import difflib
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

Wanted = Mapping[str, Iterable[str]]

NEAR_ENOUGH = 0.9
SHORTEST_NEAR = 8


@dataclass(frozen=True)
class Header:
    """One column's heading; index counts from 0 and never shifts for blank headings."""

    index: int
    text: str
    key: str

    @property
    def letter(self) -> str:
        """The column's name in a spreadsheet: A, B, ... Z, AA."""
        return letter(self.index)


@dataclass(frozen=True)
class Proposal:
    """Which column feeds which field, and what a person should look at before agreeing."""

    columns: dict[str, int]
    ambiguous: dict[str, tuple[int, ...]]
    guessed: tuple[str, ...]
    unused: tuple[Header, ...]


def letter(index: int) -> str:
    """The spreadsheet name of the column at index (0 is A)."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


# For plain letters, which nearly all texts are made of: many times faster than asking of each character.
_PLAIN = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}


def normal(text: object) -> str:
    """Lower-case letters and digits only, accents folded: what headings are compared by."""
    if text is None:
        return ""
    text = str(text)
    if text.isascii():
        return text.translate(_PLAIN)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed.casefold() if character.isalnum())


def signature(headers: Iterable[Header | str]) -> str:
    """A sha256 that stays the same while headings keep their words and their order.

    Capitals, spaces and punctuation don't count, nor do blank headings at the right-hand end.
    """
    keys = [header.key if isinstance(header, Header) else normal(header) for header in headers]
    while keys and not keys[-1]:
        keys.pop()
    return hashlib.sha256(json.dumps(keys, ensure_ascii=True).encode("ascii")).hexdigest()


def variants_of(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    """The normalised variants of each field, in the caller's order (sets are sorted)."""
    result = {}
    for field, variants in wanted.items():
        listed = sorted(variants) if isinstance(variants, AbstractSet) else list(variants)
        result[field] = tuple(dict.fromkeys(key for key in map(normal, listed) if key))
    return result


def propose(headers: Sequence[Header], wanted: Wanted) -> Proposal:
    """Propose a column for each field of wanted that some heading is known for.

    Earlier fields choose first, and earlier variants are preferred; every other column that
    would also have fitted is listed in ambiguous. A field that no variant fits is offered a
    heading of nearly the same spelling and then listed in guessed.
    """
    known = variants_of(wanted)
    by_key: dict[str, list[int]] = {}
    for header in headers:
        if header.key:
            by_key.setdefault(header.key, []).append(header.index)
    columns: dict[str, int] = {}
    ambiguous: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for field, variants in known.items():
        fitting = [index for variant in variants for index in by_key.get(variant, [])]
        free = [index for index in fitting if index not in taken]
        if free:
            columns[field] = free[0]
            taken.add(free[0])
        others = tuple(index for index in fitting if index != columns.get(field))
        if others:
            ambiguous[field] = others
    guessed = _guess_by_spelling(headers, known, columns, taken)
    unused = tuple(header for header in headers if header.text and header.index not in taken)
    return Proposal(columns, ambiguous, guessed, unused)


def _guess_by_spelling(
    headers: Sequence[Header], known: dict[str, tuple[str, ...]], columns: dict[str, int], taken: set[int]
) -> tuple[str, ...]:
    guessed = []
    for field, variants in known.items():
        if field in columns:
            continue
        free = {
            h.key: h.index for h in reversed(headers) if h.index not in taken and len(h.key) >= SHORTEST_NEAR
        }
        for variant in variants:
            near = difflib.get_close_matches(variant, free, n=1, cutoff=NEAR_ENOUGH)
            if near and len(variant) >= SHORTEST_NEAR:
                columns[field] = free[near[0]]
                taken.add(free[near[0]])
                guessed.append(field)
                break
    return tuple(guessed)
