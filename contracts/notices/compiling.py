"""One procurement from all its releases, in date order; each value keeps the release that said it last."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from contracts.notices.package import Release, same_ocid
from contracts.notices.texts import line
from spreadsheets.mapping import normal

_EVERYWHERE = re.compile(r"[A-Za-z]{2}-[A-Za-z]\w*-.")


@dataclass(frozen=True)
class Said:
    """A value and the release it is from."""

    value: Any
    release: Release


class Rows(dict):
    """A list of objects by their ids, in the order they were first named."""


@dataclass
class Process:
    """A procurement: its releases in date order, what they come to, and what was noticed on the way."""

    ocid: str
    releases: list[Release]
    tree: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def positions(self) -> list[int]:
        """Return where its releases stand in the file, from 1."""
        return sorted(one.position for one in self.releases)


def processes_of(releases: Iterable[Release]) -> list[Process]:
    """Return the procurements, in the order they first appear in the file."""
    grouped: dict[str, list[Release]] = {}
    for one in releases:
        grouped.setdefault(same_ocid(one.ocid), []).append(one)
    return [_compile(found) for found in grouped.values()]


def _compile(found: list[Release]) -> Process:
    ordered = sorted(found, key=lambda one: (one.date, one.position))
    process = Process(found[0].ocid, ordered)
    seen: dict[str, tuple[Release, str]] = {}
    for one in ordered:
        content = json.dumps(one.data, sort_keys=True, default=str)
        earlier = seen.setdefault(one.id, (one, content))
        if earlier[0] is not one:
            if earlier[1] == content:
                process.warnings.append(f"{one.label} is the same as {_inner(earlier[0])}; it counts once.")
                continue
            process.warnings.append(
                f"{one.label} has the same id as {_inner(earlier[0])} but other contents; both were "
                "read, the later one last."
            )
        process.warnings += [f"{one.label}: {text}" for text in one.warnings]
        _merge(process.tree, one.data, one, "", process.warnings)
    return process


def _inner(release: Release) -> str:
    return release.label[:1].lower() + release.label[1:]


def _merge(node: dict[str, Any], new: dict[str, Any], release: Release, place: str, notes: list[str]) -> None:
    """Put what a release says into what earlier ones said: what it leaves out, and null, changes nothing."""
    for name, value in new.items():
        path = f"{place}.{name}" if place else name
        if value is None or value == [] or value == "":
            if name in node and (value is None or value == ""):
                what = "null" if value is None else "blank"
                notes.append(
                    f"{release.label} says {what} for `{path}`, which was said before. Nothing is deleted by "
                    "a notice: what was said stays."
                )
            continue
        node[name] = _merged(node.get(name), value, release, path, notes)


def _merged(old: Any, value: Any, release: Release, path: str, notes: list[str]) -> Any:
    if isinstance(value, dict):
        node = old if isinstance(old, dict) and not isinstance(old, Rows) else {}
        _merge(node, value, release, path, notes)
        return node
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        rows = old if isinstance(old, Rows) else Rows()
        for key, one in _keyed(value, path, notes, release):
            row = rows.get(key)
            node = row if isinstance(row, dict) else {}
            _merge(node, one, release, f"{path}[{key}]", notes)
            rows[key] = node
        return rows
    return Said(value, release)


def _keyed(
    rows: list[dict[str, Any]], path: str, notes: list[str], release: Release
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object with what it is known by: its id, else its name, else its place in the list."""
    taken: dict[str, dict[str, Any]] = {}
    numbers: set[str] = set()
    for index, one in enumerate(rows, start=1):
        number = key = line(one.get("id"))
        if path == "parties" or path.endswith(".suppliers"):
            key = party_key(number, one.get("name"), release)
        if not key:
            if path.endswith((".agreedMetrics", ".metrics")):
                notes.append(f"{release.label}: KPI {index} of `{path}` has no id; it is kept all the same.")
            key = f"#{normal(line(one.get('name'))) or index}"
        if taken.get(key) == one:
            continue
        if key in taken or (number and number in numbers):
            inside = path.rpartition(".")[2].partition("[")[0]
            if inside in ("awards", "contracts", "suppliers", "parties", "agreedMetrics", "metrics"):
                notes.append(
                    f"{release.label}: two of `{path}` have the same id ({number or key}); both are kept "
                    "apart."
                )
                key = f"{key} ({index})" if key in taken else key
        taken[key] = one
        numbers.add(number)
        yield key, one


def is_known_everywhere(number: str) -> bool:
    """Return whether an organisation's id is one as org-id.guide has them, like GB-PPON-PYDR-3797-LZLJ."""
    return bool(_EVERYWHERE.match(number))


def party_key(given: Any, name: Any, release: Release) -> str:
    """Return what an organisation is known by across releases; "" where it has no id.

    An id as “1” is unique within a release only, as Find a Tender says of its own: there its name is needed.
    """
    number = line(given)
    if not number or is_known_everywhere(number):
        return number
    parties = (one for one in release.data.get("parties") or [] if line(one.get("id")) == number)
    name = next((one.get("name") for one in parties if one.get("name")), name)
    return f"{number} {normal(line(name))}".strip()


def at(node: Any, *path: str) -> Any:
    """Return what stands at a path of the tree: a Said, an object, Rows, or None."""
    for name in path:
        if not isinstance(node, dict):
            return None
        node = node.get(name)
    return node


def leaf(node: Any, *path: str) -> Said | None:
    """Return the value at a path; None where there is none or it is no single value."""
    found = at(node, *path)
    return found if isinstance(found, Said) else None


def rows(node: Any, *path: str) -> Rows:
    """Return the list of objects at a path, by id; empty where there is none."""
    found = at(node, *path)
    return found if isinstance(found, Rows) else Rows()


def words(node: Any, *path: str) -> list[str]:
    """Return the list of words at a path."""
    found = leaf(node, *path)
    if found is None:
        return []
    given = found.value if isinstance(found.value, list) else [found.value]
    return [line(one) for one in given if line(one)]


def latest(node: Any) -> Release | None:
    """Return the newest release that said anything under a node."""
    best: Release | None = None
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, Said):
            if best is None or (one.release.date, one.release.position) > (best.date, best.position):
                best = one.release
        elif isinstance(one, dict):
            stack += one.values()
    return best
