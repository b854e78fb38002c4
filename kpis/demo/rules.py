"""The demo council's own rules by tier, its funds, and what suppliers of small contracts offered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from django.db.models import Exists, OuterRef

from accounts.models import HistoryRow
from contracts.models import Contract, ContractTier, Fund, Offer, ProportionateRule, Stage, Ward
from kpis.demo.cast import Cast, at
from kpis.models import KPISet

Often, Kind, Status = ProportionateRule.Often, Offer.Kind, Offer.Status

RULES = (
    ("Gold", {"weighting_at_least": Decimal(20), "kpis_at_least": 5, "kpis_at_most": 20},
     "Social value policy, section 4: the contracts that matter most are asked for most."),
    ("Silver", {"weighting_at_least": Decimal(10), "kpis_at_least": 3},
     "Social value policy, section 4."),
    ("Bronze", {"kpis_at_least": 1, "kpis_at_most": 4, "offer_instead": True, "returns_every": Often.QUARTERLY},
     "Social value policy, section 4: small suppliers report by the quarter, or give help in kind or cash."),
)  # fmt: skip
FUNDS = (
    ("Neighbourhood fund", "Small projects that residents choose at their ward forum."),
    ("Youth opportunities fund", "Trips, kit and courses for young people, Our Children first."),
    ("Warm spaces fund", "Keeps community rooms open and heated from November to March."),
)
# What was offered: cash in pounds with its fund (by place in FUNDS), or None for help in kind.
OFFERS: tuple[tuple[str, int | None, int | None, str], ...] = (
    ("New kitchen units for the community centre", 2500, 0, "received"),
    ("A day’s painting at the youth club by six of our staff", None, None, "received"),
    ("Two places on our first aid course for young people leaving care", 600, 1, "promised"),
    ("Refurbished laptops for the homework club, ten of them", None, None, "late"),
    ("Heating at Castlegate hall for one winter", 1800, 2, "received"),
    ("Use of our meeting room by community groups, one evening a week", None, None, "received"),
    ("Football kit for the under-12s", 450, 1, "late"),
    ("Skip hire for the spring clean-up", None, None, "promised"),
    ("Towards the residents’ garden", 1000, 0, "promised"),
    ("Tree planting at the primary school", None, None, "received"),
    ("Warm packs for older residents", 750, 2, "received"),
    ("Free van hire for the food bank", None, None, "withdrawn"),
)
KNOWN = (
    "Seen by the contract manager on a visit.",
    "Thank-you letter from the group, kept with the contract’s papers.",
    "Paid in; the finance team’s receipt is on file.",
)


def add_rules_and_offers(cast: Cast, day: dt.date, rng: Random) -> None:
    """Write three rules by tier, three funds and a dozen offers on bronze contracts, with their history."""
    lead = cast.lead
    tiers = {tier.name: tier for tier in ContractTier.objects.all()}
    rules = ProportionateRule.objects.bulk_create(
        [
            ProportionateRule(tier=tiers[name], note=note, **facts)
            for name, facts, note in RULES
            if name in tiers
        ]
    )
    funds = Fund.objects.bulk_create([Fund(name=name, about=about) for name, about in FUNDS])
    history = [
        _row(
            at(day - dt.timedelta(days=300), 10),
            lead,
            "rules.add_rule",
            rule,
            f"Added the rule for {rule.tier}",
        )
        for rule in rules
    ] + [
        _row(at(day - dt.timedelta(days=290), 10), lead, "offers.add_fund", fund, f"Added the fund {fund}")
        for fund in funds
    ]
    wards = list(Ward.objects.order_by("name"))
    contracts = (
        Contract.objects.filter(tier="Bronze", stage=Stage.LIVE, manager__isnull=False)
        .annotate(has_set=Exists(KPISet.objects.filter(contract=OuterRef("pk"))))
        .select_related("manager")
        .order_by("has_set", "number")[: len(OFFERS)]
    )
    pairs = list(zip(contracts, OFFERS, strict=False))
    offers = Offer.objects.bulk_create(
        [_offer(contract, words, funds, rng.choice(wards), day, rng) for contract, words in pairs]
    )
    for offer, (contract, _) in zip(offers, pairs, strict=True):
        history += _history(offer, contract)
    HistoryRow.objects.bulk_create(history)


def _offer(contract: Contract, words, funds: list[Fund], ward: Ward, day: dt.date, rng: Random) -> Offer:
    description, amount, place, state = words
    made = day - dt.timedelta(days=rng.randint(120, 240))
    due = day + dt.timedelta(days=rng.randint(30, 120))
    if state in {"late", "received"}:
        due = day - dt.timedelta(days=rng.randint(10, 60))
    offer = Offer(
        contract=contract,
        kind=Kind.IN_KIND if place is None else Kind.CASH,
        description=description,
        amount=None if amount is None else Decimal(amount),
        fund=None if place is None else funds[place],
        ward=ward if rng.random() < 0.8 else None,
        due_on=due,
        made_by=contract.manager,
        made_at=at(made, 11),
    )
    if state == "received":
        offer.status, offer.version = Status.RECEIVED, 2
        offer.received_on = due - dt.timedelta(days=rng.randint(1, 9))
        offer.received_words = KNOWN[2] if offer.kind == Kind.CASH else rng.choice(KNOWN[:2])
        offer.amount_received = offer.amount
    elif state == "withdrawn":
        offer.status, offer.version = Status.WITHDRAWN, 2
        offer.withdrawn_reason = "The supplier sold its vans before the food bank could use one."
    return offer


def _history(offer: Offer, contract: Contract) -> list[HistoryRow]:
    who = contract.manager
    rows = [_row(offer.made_at, who, "offers.add", offer, f"Recorded an offer: {offer}", contract.pk)]
    if offer.received_on:
        rows.append(
            _row(at(offer.received_on, 15), who, "offers.receive", offer, f"Received: {offer}", contract.pk,
                 offer.received_words)
        )  # fmt: skip
    if offer.status == Status.WITHDRAWN:
        later = offer.made_at + dt.timedelta(days=40)
        rows.append(
            _row(later, who, "offers.withdraw", offer, f"Withdrew the offer: {offer}", contract.pk,
                 offer.withdrawn_reason)
        )  # fmt: skip
    return rows


def _row(
    when, who, action: str, subject, summary: str, number: int | None = None, note: str = ""
) -> HistoryRow:
    return HistoryRow(
        at=when, actor=who, action=action, subject_type=subject._meta.label_lower, subject_id=subject.pk,
        contract_number=number, summary=summary, note=note,
    )  # fmt: skip
