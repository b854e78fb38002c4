"""May this person decide this KPI set, for which directorate, on whose authority; which wait for them?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q

from accounts.models import Delegation, Directorate, Person, Role
from accounts.permissions import Answer, no, yes
from contracts.models import Contract
from govuk import formats
from kpis.proposals.deciders import (
    Decider,
    Seat,
    covers,
    deciders_of,
    deciders_of_many,
    givers_of,
    hands_of,
    seats_of,
    seats_of_many,
)
from kpis.proposals.models import KPISet

__all__ = [
    "Decider",
    "MayDecide",
    "awaiting_decision_by",
    "deciders_of",
    "deciders_of_many",
    "may_ask_again",
    "may_decide",
    "may_decide_many",
    "open_to",
]


@dataclass(frozen=True)
class MayDecide(Answer):
    """Yes or no; for yes one decider for each directorate the person can decide for."""

    seats: tuple[Decider, ...] = ()

    @property
    def approving(self) -> str:
        """Return "You are approving for Dana Okafor, under the delegation of ..." for a page."""
        return self.reason.replace("You are deciding", "You are approving")

    @property
    def authority(self) -> str:
        """Return by what right, as decisions freeze it; for two directorates both."""
        return "; ".join(one.authority for one in self.seats)


def may_decide(person: Person, kpi_set: KPISet) -> MayDecide:
    """May this person approve or return the set? For delegates the answer names the delegator and delegation.

    Says nothing of the set's state: whether there is anything to decide is for the moves' table.
    """
    return _answer(person, kpi_set, seats_of(kpi_set.contract))


def may_decide_many(
    person: Person, kpi_sets: Iterable[KPISet], seats: dict[int, list[Seat]]
) -> dict[int, MayDecide]:
    """Return the answer for each set's key; `seats` is what `seats_of_many` gave: no query for each."""
    return {one.pk: _answer(person, one, [seat.directorate for seat in seats[one.pk]]) for one in kpi_sets}


def open_to(answer: MayDecide, seats: Iterable[Seat]) -> MayDecide:
    """Return the answer with only the directorates that have not decided the submission yet."""
    still = {seat.directorate.pk for seat in seats if seat.is_open}
    return replace(answer, seats=tuple(one for one in answer.seats if one.directorate.pk in still))


def _answer(person: Person, kpi_set: KPISet, directorates: list[Directorate]) -> MayDecide:
    held = person.authority
    mine = [one for one in directorates if one.pk in held.leads | held.delegated]
    if not mine:
        whose = (
            "a directorate of this contract" if len(directorates) > 1 else "the contract's lead directorate"
        )
        return _refused(
            f"Only the director of {whose}, their deputies and those they delegated it to can decide its "
            "KPI sets."
        )
    hands = hands_of(kpi_set)
    if person.pk in hands:
        return _refused(
            "You prepared or submitted this KPI set, so you can't decide it: somebody who had no "
            "hand in it must."
        )
    found: list[Decider] = []
    refusals: list[str] = []
    for directorate in mine:
        if directorate.pk in held.leads:
            role = Role.DIRECTOR if directorate.pk in held.directs else Role.DEPUTY_DIRECTOR
            found.append(Decider(person, role, directorate))
        else:
            given = _delegation(person, kpi_set, directorate, hands, refusals)
            if given is not None:
                found.append(Decider(person, "", directorate, given))
    if not found:
        return _refused(refusals[0])
    is_joint = len(directorates) > 1
    return MayDecide(
        True, " ".join(_sentence(one, is_joint) for one in found), found[0].acting_for,
        found[0].delegation, tuple(found),
    )  # fmt: skip


def _refused(reason: str) -> MayDecide:
    return MayDecide(False, reason)


def _delegation(
    person: Person, kpi_set: KPISet, directorate: Directorate, hands: set[int], refusals: list[str]
) -> Delegation | None:
    """Return the first delegation that holds here; where none does, add why not to `refusals`."""
    value = kpi_set.contract.whole_value
    for delegation in person.authority.delegations:
        if delegation.directorate_id != directorate.pk:
            continue
        by = delegation.in_the_name_of
        handed = next((giver for giver in givers_of(delegation) if giver.pk in hands), None)
        if handed == by:
            refusals.append(f"{by}, in whose name you would decide, prepared or submitted this KPI set.")
        elif handed:
            refusals.append(
                f"{handed}, who handed the delegation on to you, prepared or submitted this KPI set."
            )
        elif not covers(delegation, value):
            limits = [one.value_limit for one in (delegation, delegation.root) if one.value_limit is not None]
            worth = f"is worth {formats.money_short(value)}" if value is not None else "has no value recorded"
            refusals.append(
                f"Your delegation from {by} covers contracts up to {formats.money_short(min(limits))}; "
                f"this contract {worth}. {by} or a deputy must decide it."
            )
        else:
            return delegation
    return None


def _sentence(one: Decider, is_joint: bool) -> str:
    place = f" for {one.directorate.name}" if is_joint else ""
    if one.delegation is None:
        return f"You are deciding{place} in your own right."
    root = one.delegation.root
    post = f" as {one.delegation.post}" if one.delegation.post else ""
    handed = f", handed on by {one.delegation.given_by}" if one.delegation.under else ""
    return (
        f"You are deciding{place and f'{place},'} for {one.acting_for}{post}, under the delegation of "
        f"{formats.day(root.starts_on)}, {root.scheme_reference}{handed}."
    )


def may_ask_again(person: Person) -> Answer:
    """May this person send the letter that asks for a decision again? The social value lead."""
    if person.authority.is_lead:
        return yes()
    return no("Only the social value lead can ask for a decision again.")


def awaiting_decision_by(person: Person):
    """Return the sets this person may decide now, as a queryset, those waiting longest first."""
    held = person.authority
    decides = held.leads | held.delegated
    partners = Contract.partner_directorates.through.objects.filter(directorate__in=decides)
    candidates = list(
        KPISet.objects.pending()
        .filter(Q(contract__directorate__in=decides) | Q(contract__in=partners.values("contract")))
        .select_related("contract")
        .prefetch_related("editors")
        if decides
        else KPISet.objects.none()
    )
    seats = seats_of_many(candidates) if candidates else {}
    answers = may_decide_many(person, candidates, seats)
    mine = [key for key, answer in answers.items() if open_to(answer, seats[key]).seats]
    return KPISet.objects.filter(pk__in=mine).order_by("submitted_at", "pk")
