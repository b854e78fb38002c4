"""What lists of gaps show of a contract: what is wrong, what was said, the next chance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from contracts.breaks.ahead import Chance, next_chance_of
from contracts.models import Contract
from contracts.permissions import may_see_drafts
from govuk.formats import day as day_of
from kpis.gaps.models import GapNote
from kpis.gaps.permissions import may_say
from kpis.gaps.weakness import Weakness, counts, is_gap, weaknesses
from kpis.proposals.deciders import seats_of_many
from kpis.proposals.models import KPISet
from kpis.proposals.reading import waiting_words

# "Its KPIs are right as they are" settles weak KPIs for so long; then somebody is asked again.
SETTLED_FOR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Row:
    """A contract with its weaknesses, the latest note and the next chance, as this person may read them."""

    contract: Contract
    found: tuple[Weakness, ...]
    note: GapNote | None
    chance: Chance | None
    # The note's own words: not for members.
    words: str
    may_say: bool
    day: dt.date
    # With whom a set that was sent waits, and since when: not for members.
    waiting: str = ""

    @property
    def main(self) -> Weakness:
        """Return the worst of what is wrong."""
        return self.found[0]

    @property
    def is_gap(self) -> bool:
        """Return whether it has no KPIs in force, rather than weak ones."""
        return is_gap(self.found)

    @property
    def is_settled(self) -> bool:
        """Return whether somebody said within a year that its KPIs are right as they are."""
        return (
            not self.is_gap
            and self.note is not None
            and self.note.reason == GapNote.Reason.NO_GAP
            and self.note.made_at.date() > self.day - SETTLED_FOR
        )

    @property
    def is_late(self) -> bool:
        """Return whether what was to be done by a day is past that day and the gap is still there."""
        return self.note is not None and self.note.by_when is not None and self.note.by_when < self.day

    @property
    def who(self) -> str:
        """Return who is to act: who was named, else the contract manager, else nobody."""
        if self.note is not None:
            return str(self.note.who) if self.note.who else ""
        return str(self.contract.manager or "")


def live_contracts(person, day: dt.date):
    """Return the contracts live on a day that a person sees and somebody could propose KPIs for."""
    return (
        Contract.objects.visible_to(person)
        .live_on(day)
        .filter(directorate__isnull=False)
        .with_names()
        .with_suppliers()
        .prefetch_related("deputies", "partner_directorates")
    )


def weak_rows(person, day: dt.date) -> list[Row]:
    """Return a row for each live contract with a gap or weak KPIs: a constant number of queries."""
    contracts = list(live_contracts(person, day))
    found = weaknesses(contracts, day, seen_by=person)
    return rows_of([one for one in contracts if counts(found[one.number])], found, person, day)


def rows_of(
    contracts: Iterable[Contract], found: dict[int, tuple[Weakness, ...]], person, day: dt.date
) -> list[Row]:
    """Return a row for each of the contracts: a constant number of queries."""
    every = list(contracts)
    numbers = [one.number for one in every]
    notes = {note.contract_id: note for note in GapNote.objects.latest_of(numbers)}
    ahead = next_chance_of(Contract.objects.filter(pk__in=numbers))
    waits = _waits(numbers)
    made = []
    for contract in every:
        note = notes.get(contract.number)
        works_on_it = may_see_drafts(person, contract)
        open_words = note is not None and note.words and works_on_it
        made.append(
            Row(
                contract,
                found[contract.number],
                note,
                ahead.get(contract.number),
                note.words if note is not None and open_words else "",
                bool(may_say(person, contract)),
                day,
                waits.get(contract.number, "") if works_on_it else "",
            )
        )
    return made


def _waits(numbers: list[int]) -> dict[int, str]:
    """Return {contract: "KPI set 2 waits with Dana Okafor (Strategic Director), since 3 May 2026"}."""
    sets = list(
        KPISet.objects.pending()
        .filter(contract__in=numbers, submitted_at__isnull=False)
        .with_contract()
        .prefetch_related("editors")
    )
    seats = seats_of_many(sets)
    return {
        one.contract_id: f"{one} waits {waiting_words(seats[one.pk], 2)}, since "
        f"{day_of(timezone.localdate(one.submitted_at))}"
        for one in sets
    }
