"""Gathers what waits for a decision: for this person, with others, with nobody; and what they picked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.calendar import today, working_days_between
from accounts.models import Directorate, Person
from govuk import formats
from kpis.approvals import challenges
from kpis.approvals.forms import MOST
from kpis.approvals.permissions import MayDecide, may_ask_again, may_decide_many, open_to
from kpis.proposals.content import still_says
from kpis.proposals.deciders import Seat, seats_of_many
from kpis.proposals.differences import in_sentences
from kpis.proposals.models import KPISet
from kpis.proposals.reading import SetReading, read, waiting_words


@dataclass(frozen=True)
class Waiting:
    """One set that waits, with whom and since when, as this person sees it."""

    kpi_set: KPISet
    seats: list[Seat]
    answer: MayDecide
    questions: int = 0

    @property
    def is_mine(self) -> bool:
        """Return whether this person can decide it now."""
        return bool(self.answer.seats)

    @property
    def is_stuck(self) -> bool:
        """Return whether a directorate has to decide it and nobody there can."""
        return not self.seats or any(seat.is_stuck for seat in self.seats)

    @property
    def since(self) -> str:
        """Return "3 May 2026, 6 working days"."""
        return since(self.kpi_set)

    @property
    def words(self) -> str:
        """Return with whom it waits, two names for each directorate at most."""
        return waiting_words(self.seats, most=2)

    @property
    def lacking(self) -> list[str]:
        """Return why nobody can decide, sentence by sentence."""
        return [sentence for seat in self.seats if seat.is_stuck for sentence in seat.lacking]

    @property
    def authority(self) -> str:
        """Return "for Dana Okafor" where this person would decide in another's name, and for what."""
        names = dict.fromkeys(f"for {one.acting_for}" for one in self.answer.seats if one.acting_for)
        places = dict.fromkeys(
            f"for {one.directorate.name}" for one in self.answer.seats if len(self.seats) > 1
        )
        return ", ".join([*names, *places])


@dataclass(frozen=True)
class Lists:
    """What the page of approvals shows."""

    mine: list[Waiting] = field(default_factory=list)
    others: list[Waiting] = field(default_factory=list)
    stuck: list[Waiting] = field(default_factory=list)
    directorates: list[Directorate] = field(default_factory=list)


def since(kpi_set: KPISet) -> str:
    """Return "3 May 2026, 6 working days" for a waiting set; days are never fewer than none."""
    if kpi_set.submitted_at is None:
        return ""
    sent = timezone.localdate(kpi_set.submitted_at)
    days = max(0, working_days_between(sent, today()))
    return f"{formats.day(sent)}, {formats.plural(days, 'working day')}" if days else formats.day(sent)


def waiting_for(person: Person) -> list[Waiting]:
    """Return every waiting set the person may read, the longest first: the same queries for any number."""
    return _of(
        person,
        KPISet.objects.visible_to(person)
        .pending()
        .with_contract()
        .prefetch_related("editors")
        .order_by("submitted_at", "pk"),
    )


def _of(person: Person, kpi_sets: Iterable[KPISet]) -> list[Waiting]:
    every = list(kpi_sets)
    seats = seats_of_many(every)
    answers = may_decide_many(person, every, seats)
    questions = challenges.unanswered_of_many(every)
    return [
        Waiting(one, seats[one.pk], open_to(answers[one.pk], seats[one.pk]), questions.get(one.pk, 0))
        for one in every
    ]


def lists_for(person: Person, directorate: str = "") -> Lists:
    """Return the lists of the page: what nobody can decide is apart for those who can help."""
    every = waiting_for(person)
    found = {seat.directorate.pk: seat.directorate for one in every for seat in one.seats}
    if directorate:
        every = [one for one in every if any(str(seat.directorate.pk) == directorate for seat in one.seats)]
    apart = bool(may_ask_again(person)) or person.authority.is_administrator
    lists = Lists(directorates=sorted(found.values(), key=lambda one: one.name))
    for one in every:
        if one.is_mine:
            lists.mine.append(one)
        elif one.is_stuck and apart:
            lists.stuck.append(one)
        else:
            lists.others.append(one)
    return lists


@dataclass(frozen=True)
class Picked:
    """One set picked to be approved with others: what it says, and why it can't be approved here."""

    waiting: Waiting
    reading: SetReading
    lines: list[str]
    refusal: str = ""

    @property
    def kpi_set(self) -> KPISet:
        """Return the set."""
        return self.waiting.kpi_set

    @property
    def warned(self) -> list[str]:
        """Return every warning, of the set and then of its KPIs by name."""
        of_kpis = [
            f"{row.difference.terms.title}: {words}" for row in self.reading.rows for words in row.warnings
        ]
        return [*self.reading.warnings, *of_kpis]


def picked_by(person: Person, keys: Iterable[str]) -> list[Picked]:
    """Return the sets with these keys that the person may read, in the order of the list."""
    wanted = [int(key) for key in keys if key.isdecimal() and len(key) < 19][:MOST]
    sets = (
        KPISet.objects.visible_to(person)
        .filter(pk__in=wanted)
        .exclude(submitted_at=None)
        .with_contract()
        .prefetch_related("editors")
        .order_by("submitted_at", "pk")
    )
    return [_picked(one) for one in _of(person, sets)]


def _picked(one: Waiting) -> Picked:
    refusal = ""
    if one.kpi_set.status != KPISet.Status.SUBMITTED:
        refusal = f"It is “{one.kpi_set.get_status_display().lower()}” now."
    elif not one.is_mine:
        refusal = one.answer.reason if not one.answer else "Your directorate has decided it already."
    elif one.questions:
        refusal = (
            f"{formats.plural(one.questions, 'question')} about it still waits for an answer: "
            "open it to approve it with a reason."
        )
    elif not still_says(one.kpi_set, one.kpi_set.submissions.latest("ordinal")):
        refusal = "It no longer matches what was sent. Ask the proposer to take it back and send it again."
    return Picked(one, read(one.kpi_set), in_sentences(one.kpi_set), refusal)
