"""Which editions a contract may propose from: those chosen for it, or those its procurement date offers."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q

from contracts.models import Contract
from govuk import formats
from kpis.library.models import Framework, Measure


class Offer(NamedTuple):
    """What a contract may propose from, and where that comes from."""

    # The contract whose procurement decides: itself, or the parent of a call-off.
    governing: Contract
    # What was chosen for it, also where a choice can no longer be used; nothing chosen = empty.
    chosen: list[Framework]
    # What it may propose from today.
    frameworks: list[Framework]

    @property
    def lost(self) -> list[Framework]:
        """Return editions chosen for it that can't be used now: draft, retired or without a licence."""
        return [one for one in self.chosen if not one.is_usable]


def offer_for(contract: Contract) -> Offer:
    """Return what the contract may propose from and why: a call-off follows its parent; two queries."""
    governing = contract.governing
    chosen = list(Framework.objects.filter(choices__contract=governing))
    if chosen:
        return Offer(governing, chosen, [one for one in chosen if one.is_usable])
    return Offer(governing, [], offered_to(governing))


def offered_to(contract: Contract) -> list[Framework]:
    """Return the usable editions a contract is offered where none is chosen for it, by name and edition."""
    return list(Framework.objects.offered_on(contract.governing_began_on))


def frameworks_for(contract: Contract) -> list[Framework]:
    """Return the editions whose measures may be proposed for the contract, by name and edition.

    Only usable ones: live, and with the council's licence confirmed where one is needed. Where the day its
    procurement began is not known, only editions that are for every contract.
    """
    return offer_for(contract).frameworks


def measures_for(contract: Contract):
    """Return a queryset of the live measures that may be proposed for the contract: its own words too."""
    offered = Q(framework__in=frameworks_for(contract), contract=None)
    return Measure.objects.live().filter(offered | Q(contract=contract))


def why_offered(contract: Contract) -> str:
    """Return in words why the contract may propose from just these editions."""
    return why(contract, offer_for(contract))


def why(contract: Contract, offer: Offer) -> str:
    """Return in words why the contract is offered what stands in the offer."""
    follows = offer.governing.pk != contract.pk
    whom = "the agreement it is called off from" if follows else "this contract"
    head = "A call-off follows the agreement it is called off from. " if follows else ""
    if offer.chosen:
        said = head + (f"Chosen for {whom}." if follows else "Chosen for this contract.")
        if offer.lost:
            said += f" {in_words(offer.lost)} can’t be used now."
        return said
    began = contract.governing_began_on
    if began is None:
        return (
            f"{head}The day the procurement of {whom} began is not recorded, so only what is for every "
            "contract is offered. Record that day, or choose a framework."
        )
    return f"{head}The procurement of {whom} began on {formats.day(began)}: these are for that day."


def in_words(frameworks: list[Framework], *, quotes: bool = True) -> str:
    """Return "“A, 2025” and “B, 1”" for the middle of a sentence."""
    names = [f"“{one}”" if quotes else str(one) for one in frameworks]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
