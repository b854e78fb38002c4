"""Offers of a contract: record, change, receive and withdraw them, each with its history."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.calendar import today
from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from contracts.models import Contract, Fund, Offer
from contracts.offers.moves import MOVES
from contracts.offers.permissions import may_keep

FIELDS = ("kind", "description", "amount", "fund", "ward", "due_on")
Kind, Status = Offer.Kind, Offer.Status


def add(contract: Contract, *, by: Person, note: str = "", **facts: Any) -> Offer:
    """Return the new offer of a contract, promised.

    Raises Invalid: cash needs an amount and an open fund, and a form sent twice is one offer.
    """
    with transaction.atomic():
        contract = lock(Contract, contract.pk)
        require(may_keep(by, contract))
        facts = _in_kind_has_no_fund(facts)
        offer = Offer(contract=contract, made_by=by, **facts)
        _check(offer, None)
        _check_new(offer)
        offer.save()
        record(
            action="offers.add",
            subject=offer,
            by=by,
            contract_number=contract.pk,
            summary=f"Recorded an offer: {offer}",
            after=changes(Offer(), FIELDS, facts)[1],
            note=note,
        )
    return offer


def change(offer: Offer, *, by: Person, version: int | None = None, note: str = "", **facts: Any) -> Offer:
    """Return the offer with other facts, while it is still promised. Raises Invalid and Stale."""
    with transaction.atomic():
        offer = _open(offer, by, version)
        MOVES.check(offer, "change")
        facts = _in_kind_has_no_fund(facts)
        was, now = changes(offer, facts, facts)
        fund_before = offer.fund
        for name, value in facts.items():
            setattr(offer, name, value)
        _check(offer, fund_before)
        if was or now:
            _save(offer, "offers.change", by, f"Changed the offer: {offer}", before=was, after=now, note=note)
    return offer


def receive(
    offer: Offer,
    *,
    by: Person,
    received_on: dt.date,
    received_words: str,
    amount_received: Decimal | None = None,
    version: int | None = None,
) -> Offer:
    """Return the offer as received on a day, with what came and how that is known. Raises Invalid and Stale.

    `amount_received` is in £; for cash it is what was promised unless given otherwise.
    """
    with transaction.atomic():
        offer = _open(offer, by, version)
        MOVES.apply(offer, "receive")
        errors = []
        if received_on > today():
            errors.append(("received_on", "The day it was received must be today or in the past"))
        if not received_words.strip():
            errors.append(("received_words", "Enter what was received, and how that is known"))
        if offer.kind == Kind.CASH and amount_received is None:
            amount_received = offer.amount
        if amount_received is not None and amount_received <= 0:
            errors.append(("amount_received", "Amount received must be more than £0"))
        if errors:
            raise Invalid(errors)
        offer.received_on, offer.received_words = received_on, received_words.strip()
        offer.amount_received = amount_received
        after = {"Received on": received_on, "Amount received (£)": amount_received}
        _save(
            offer,
            "offers.receive",
            by,
            f"Received: {offer}",
            after={name: value for name, value in after.items() if value is not None},
            note=offer.received_words,
        )
    return offer


def withdraw(offer: Offer, *, by: Person, note: str, version: int | None = None) -> Offer:
    """Return the offer as withdrawn, with the reason; it counts nowhere now. Raises Invalid and Stale."""
    with transaction.atomic():
        offer = _open(offer, by, version)
        was = offer.get_status_display()
        MOVES.apply(offer, "withdraw")
        if not note.strip():
            raise Invalid([("note", "Enter a reason")])
        offer.withdrawn_reason = note.strip()
        _save(
            offer,
            "offers.withdraw",
            by,
            f"Withdrew the offer: {offer}",
            before={"Status": was},
            after={"Status": offer.get_status_display()},
            note=offer.withdrawn_reason,
        )
    return offer


def _in_kind_has_no_fund(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts without a fund where help in kind is offered: a form may have sent both."""
    return {**facts, "fund": None} if facts.get("kind") == Kind.IN_KIND else facts


def _open(offer: Offer, by: Person, version: int | None) -> Offer:
    try:
        offer = lock(Offer, offer.pk)
    except Offer.DoesNotExist:
        raise Stale("This offer is no longer here.") from None
    require(may_keep(by, offer.contract))
    check_version(offer, version, "this offer")
    return offer


def _save(offer: Offer, action: str, by: Person, summary: str, **more: Any) -> None:
    offer.version += 1
    offer.save()
    record(action=action, subject=offer, by=by, summary=summary, contract_number=offer.contract_id, **more)


def _check(offer: Offer, fund_before: Fund | None) -> None:
    """Raise Invalid with everything that does not go together."""
    errors = []
    if not offer.description.strip():
        errors.append(("description", "Enter what is offered"))
    if offer.amount is not None and offer.amount <= 0:
        errors.append(("amount", "Amount must be more than £0"))
    if offer.kind == Kind.CASH:
        if offer.amount is None:
            errors.append(("amount", "Enter the amount of the contribution"))
        if offer.fund is None:
            errors.append(("fund", "Select the fund it goes to"))
        elif not offer.fund.is_open and offer.fund != fund_before:
            errors.append(("fund", f"{offer.fund} takes no more contributions. Select another fund"))
    if errors:
        raise Invalid(errors)


def _check_new(offer: Offer) -> None:
    """Raise Invalid where the very same offer stands already: a form that was sent twice."""
    same = {name: getattr(offer, name) for name in FIELDS}
    if Offer.objects.filter(contract=offer.contract, status=Status.PROMISED, **same).exists():
        raise Invalid(
            [
                (
                    "description",
                    "This offer is recorded already. If there is a second one, tell them apart here",
                )
            ]
        )
