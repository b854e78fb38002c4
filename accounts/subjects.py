"""What history is about, in words and with an address, as told by the floor that knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import HistoryRow


@dataclass(frozen=True)
class Subject:
    """One thing history tells of: "Exception 3", its address, and the contract it belongs to."""

    words: str
    url: str = ""
    contract: str = ""


Names = Callable[[list[int]], dict[int, Subject]]
NAMES: dict[str, Names] = {}
# "approvals.approve" -> "Approved": acts that decide something, and how the decision is called.
OUTCOMES: dict[str, str] = {}


def names_for(subject_type: str, names: Names, outcomes: dict[str, str]) -> None:
    """Make known how subjects of a kind ("kpis.kpiset") are named, and which acts on them are decisions.

    `names` takes keys and returns a Subject for each that is still there, in a few queries for any number.
    """
    NAMES[subject_type] = names
    OUTCOMES.update(outcomes)


def subjects_of(rows: Iterable[HistoryRow]) -> dict[tuple[str, int], Subject]:
    """Return the subjects of rows of history by (kind, key): one call for each kind."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.subject_type, set()).add(row.subject_id)
    return {
        (kind, key): subject
        for kind, keys in wanted.items()
        if kind in NAMES
        for key, subject in NAMES[kind](sorted(keys)).items()
    }
