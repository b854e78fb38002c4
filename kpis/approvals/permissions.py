"""May this person decide this KPI set, on whose authority, and which sets wait for them?"""

from accounts.models import Person
from accounts.permissions import Answer, no, yes
from govuk import formats
from kpis.proposals.deciders import Decider, deciders_of, deciders_of_many, hands_of, whole_value
from kpis.proposals.models import KPISet

__all__ = ["Decider", "awaiting_decision_by", "deciders_of", "deciders_of_many", "may_decide"]


def may_decide(person: Person, kpi_set: KPISet) -> Answer:
    """May this person approve or return the set? For delegates the answer names the delegator and delegation.

    Says nothing of the set's state: whether there is anything to decide is for the moves' table.
    """
    held = person.authority
    directorate = kpi_set.contract.directorate_id
    if directorate is None or directorate not in held.leads | held.delegated:
        return no(
            "Only the director of the contract's lead directorate, their deputies and those they "
            "delegated it to "
            "can decide its KPI sets."
        )
    hands = hands_of(kpi_set)
    if person.pk in hands:
        return no(
            "You prepared or submitted this KPI set, so you can't decide it: somebody who had no "
            "hand in it must."
        )
    if directorate in held.leads:
        return yes("You are deciding in your own right.")
    return _by_delegation(person, kpi_set, hands)


def _by_delegation(person: Person, kpi_set: KPISet, hands: set[int]) -> Answer:
    contract = kpi_set.contract
    mine = [one for one in person.authority.delegations if one.directorate_id == contract.directorate_id]
    value = whole_value(contract)
    refusals = []
    for delegation in mine:
        by = delegation.given_by
        if by.pk in hands:
            refusals.append(f"{by}, in whose name you would decide, prepared or submitted this KPI set.")
        elif not delegation.covers_value(value):
            worth = f"is worth {formats.money_short(value)}" if value is not None else "has no value recorded"
            refusals.append(
                f"Your delegation from {by} covers contracts up to "
                f"{formats.money_short(delegation.value_limit)}; "
                f"this contract {worth}. {by} or a deputy must decide it."
            )
        else:
            return yes(
                f"You are deciding for {by}, under the delegation of {formats.day(delegation.starts_on)}, "
                f"{delegation.scheme_reference}.",
                acting_for=by,
                delegation=delegation,
            )
    return no(refusals[0])


def awaiting_decision_by(person: Person):
    """Return the sets this person may decide now, as a queryset, those waiting longest first."""
    held = person.authority
    candidates = (
        KPISet.objects.pending()
        .filter(contract__directorate__in=held.leads | held.delegated)
        .select_related("contract")
        .prefetch_related("editors")
    )
    mine = [one.pk for one in candidates if may_decide(person, one)]
    return KPISet.objects.filter(pk__in=mine).order_by("submitted_at", "pk")
