"""Where a stock-take stands: each of its contracts looked at, still to do, or gone meanwhile."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from contracts.models import Contract
from contracts.permissions import may_see_drafts
from kpis.gaps.models import GapNote, StockTake
from kpis.gaps.weakness import KINDS
from kpis.proposals.models import KPI
from kpis.readings.small import hidden_from
from kpis.returns.permissions import may_see_small_numbers

# What a stock-take kept of KPIs that are red, and what somebody is told of it who may not see their figures.
BEHIND, WEAK_ONLY = "behind", "weak"
LOOKED, TO_DO, ENDED, MOVED, MISSED = "looked", "to_do", "ended", "moved", "missed"
STATES = {
    LOOKED: ("on_track", "Looked at"),
    TO_DO: ("not_due", "To do"),
    ENDED: ("not_due", "No longer live"),
    MOVED: ("not_due", "Moved to another directorate"),
    # Of a closed stock-take: nobody looked at it before it was closed.
    MISSED: ("watch", "Not looked at"),
}


@dataclass(frozen=True)
class Place:
    """One contract of a stock-take; `contract` is None where it moved out of the person's sight."""

    number: int
    position: int
    contract: Contract | None
    state: str
    note: GapNote | None
    words: str
    found: tuple[str, ...]

    @property
    def mark(self) -> tuple[str, str]:
        """Return the mark and the word of its state."""
        return STATES[self.state]

    @property
    def needs_an_answer(self) -> bool:
        """Return whether somebody still has to look at it."""
        return self.state == TO_DO


@dataclass(frozen=True)
class Progress:
    """A stock-take's places in their order, and how many are done."""

    places: list[Place]

    @property
    def looked(self) -> int:
        """Return how many were looked at."""
        return sum(one.state == LOOKED for one in self.places)

    @property
    def left(self) -> int:
        """Return how many still need an answer."""
        return sum(one.needs_an_answer for one in self.places)

    @property
    def gone(self) -> int:
        """Return how many ended or moved before anybody looked at them."""
        return sum(one.state in (ENDED, MOVED) for one in self.places)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Return each reason given with how often, the most frequent first."""
        count = Counter(one.note.get_reason_display() for one in self.places if one.note)
        return sorted(count.items(), key=lambda item: (-item[1], item[0]))

    @property
    def steps(self) -> list[tuple[str, int]]:
        """Return each next step with how often, the most frequent first."""
        count = Counter(one.note.get_next_step_display() for one in self.places if one.note)
        return sorted(count.items(), key=lambda item: (-item[1], item[0]))

    def at(self, number: int) -> Place | None:
        """Return the place of a contract."""
        return next((one for one in self.places if one.number == number), None)

    def next_to_do(self, after: int = 0) -> Place | None:
        """Return the first place to do behind a position, else the first of all; None where none is left."""
        waiting = [one for one in self.places if one.needs_an_answer]
        return next((one for one in waiting if one.position > after), waiting[0] if waiting else None)

    def left_off_by(self, person) -> int:
        """Return the position of the contract this person looked at last; 0 where they have not begun."""
        mine = [one for one in self.places if one.note and one.note.made_by_id == person.pk]
        return max(mine, key=lambda one: one.note.pk).position if mine else 0  # type: ignore[union-attr]


def progress(stock_take: StockTake, person, day: dt.date) -> Progress:
    """Return how far a stock-take has come, as this person may read it: seven queries at most."""
    rows = list(stock_take.contracts.order_by("position").values_list("contract", "position", "found"))
    numbers = [number for number, _, _ in rows]
    seen = {
        one.number: one
        for one in Contract.objects.visible_to(person)
        .filter(pk__in=numbers)
        .select_related("directorate", "manager")
        .with_suppliers()
        .prefetch_related("deputies", "partner_directorates")
    }
    live = set(Contract.objects.live_on(day).filter(pk__in=numbers).values_list("pk", flat=True))
    here = dict(Contract.objects.filter(pk__in=numbers).values_list("pk", "directorate"))
    said = {note.contract_id: note for note in stock_take.notes.latest_of(numbers)}  # type: ignore[attr-defined]
    untold = _untold({number for number, _, found in rows if BEHIND in found}, seen, person)
    places = []
    for number, position, found in rows:
        contract, note = seen.get(number), said.get(number)
        if note is not None:
            state = LOOKED
        elif not stock_take.is_open:
            state = MISSED
        elif here[number] != stock_take.directorate_id:
            state = MOVED
        else:
            state = TO_DO if number in live else ENDED
        words = note.words if note and contract and may_see_drafts(person, contract) else ""
        codes = tuple(WEAK_ONLY if code == BEHIND and number in untold else code for code in found)
        places.append(Place(number, position, contract, state, note, words, codes))
    return Progress(places)


def _untold(behind: set[int], seen: dict[int, Contract], person) -> set[int]:
    """Return those of the contracts whose being behind would tell this person of small numbers."""
    closed = {one for one in behind if one not in seen or not may_see_small_numbers(person, seen[one])}
    if not closed:
        return set()
    kpis = dict(KPI.objects.filter(contract__in=closed).values_list("pk", "contract"))
    return {kpis[kpi] for kpi in hidden_from(list(kpis))}


def found_words(codes: tuple[str, ...]) -> str:
    """Return the words of the codes kept when a stock-take began."""
    words = {**{code: kind.word for code, kind in KINDS.items()}, WEAK_ONLY: "Weak KPIs"}
    return ", ".join(words[code] for code in codes if code in words)
