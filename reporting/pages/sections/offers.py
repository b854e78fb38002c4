"""The offers of the contract page: what the supplier gives in kind or in cash instead of KPIs."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Person
from contracts.models import Contract, Offer
from contracts.offers.moves import MOVES
from contracts.offers.permissions import may_keep
from contracts.rules.finding import rule_for
from reporting.pages.addresses import address
from reporting.pages.sections.shape import Section

LINKS = (
    ("receive", "Mark as received", "contracts:offer-receive"),
    ("change", "Change", "contracts:offer-edit"),
    ("withdraw", "Withdraw", "contracts:offer-withdraw"),
)


@dataclass(frozen=True)
class Row:
    """An offer with the links the person may follow."""

    offer: Offer
    links: list[tuple[str, str]]


def offers_section(contract: Contract, person: Person) -> Section | None:
    """Return the contract's offers; None where it has none and its rule does not let one do instead."""
    offers = list(contract.offers.select_related("fund", "ward"))
    rule = None if offers else rule_for(contract)
    if not offers and (rule is None or not rule.offer_instead):
        return None
    may = bool(may_keep(person, contract))
    if not offers and not may:
        return None
    rows = [Row(offer, _links(contract, offer) if may else []) for offer in offers]
    return Section(
        "offers",
        "Offers",
        "reporting/sections/_offers.html",
        {
            "rows": [row for row in rows if row.offer.status != Offer.Status.WITHDRAWN],
            "withdrawn": [row.offer for row in rows if row.offer.status == Offer.Status.WITHDRAWN],
            "add_url": address("contracts:offer-add", contract.number) if may else "",
            "funds_url": address("contracts:fund-list"),
        },
    )


def _links(contract: Contract, offer: Offer) -> list[tuple[str, str]]:
    return [
        (text, address(name, contract.number, offer.pk))
        for move, text, name in LINKS
        if MOVES.allows(offer.status, move)
    ]
