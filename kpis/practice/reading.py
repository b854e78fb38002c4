"""What a list of good practice notes shows to whom, and which notes help with a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Person
from contracts.models import Contract
from kpis.library.models import Measure
from kpis.practice.models import GoodPracticeNote

# Beside a form: the newest few, with a link to the rest.
FEW = 5


@dataclass(frozen=True)
class Line:
    """A note as this person may see it."""

    note: GoodPracticeNote
    # Its title where they may open the contract, else "a contract of Neighbourhoods"; "" for none.
    contract: str = ""
    contract_url: str = ""

    @property
    def learnt_in(self) -> str:
        """Return where it was learnt: the directorate, or that it is the whole council's."""
        return str(self.note.directorate) if self.note.directorate else "The whole council"


@dataclass(frozen=True)
class Elsewhere:
    """Notes for somebody who proposes KPIs: on the measure itself, and on contracts of the same kind."""

    on_measure: list[Line]
    on_similar: list[Line]

    def __bool__(self) -> bool:
        return bool(self.on_measure or self.on_similar)


def lines(notes: Iterable[GoodPracticeNote], person: Person) -> list[Line]:
    """Return the notes as this person may see them: one query, for the contracts they may open."""
    notes = list(notes)
    numbers = {note.contract_id for note in notes if note.contract_id}
    seen = (
        set(Contract.objects.visible_to(person).filter(pk__in=numbers).values_list("pk", flat=True))
        if numbers
        else set()
    )
    return [_line(note, seen) for note in notes]


def _line(note: GoodPracticeNote, seen: set[int]) -> Line:
    if note.contract is None:
        return Line(note)
    if note.contract_id in seen:
        return Line(note, note.contract.title, note.contract.get_absolute_url())
    return Line(
        note, f"a contract of {note.directorate}" if note.directorate else "a contract of the council"
    )


def of_measure(measure: Measure):
    """Return the notes that stand on the measure or on one it replaced, newest first."""
    standing = GoodPracticeNote.objects.standing().with_names()
    return standing.filter(measure=measure) | standing.filter(measure__replaced_by=measure)


def elsewhere(contract: Contract, person: Person, measure: Measure | None = None) -> Elsewhere:
    """Return the newest notes of other contracts, of any directorate, that help to propose this one's KPIs.

    Similar contracts are those of the same category: their own notes, and those on measures that approved
    KPI sets of theirs hold.
    """
    others = GoodPracticeNote.objects.standing().with_names().exclude(contract=contract)
    on_measure = list(of_measure(measure).exclude(contract=contract)[:FEW]) if measure else []
    on_similar: list[GoodPracticeNote] = []
    if contract.category_id:
        alike = Measure.objects.filter(
            kpis__contract__category=contract.category_id, kpis__terms__kpi_set__status="approved"
        )
        similar = others.filter(contract__category=contract.category_id) | others.filter(
            measure__in=alike.values("pk")
        )
        on_similar = list(similar.exclude(pk__in=[note.pk for note in on_measure])[:FEW])
    shown = lines([*on_measure, *on_similar], person)
    return Elsewhere(shown[: len(on_measure)], shown[len(on_measure) :])
