"""Keeping the funds cash goes to, and what has been promised to and received by each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, check_seen, lock, require
from contracts.models import Contract, Fund, Offer
from contracts.offers.permissions import may_keep_funds

CHANGED = "offers.change_fund"
FIELDS = ("name", "about", "is_open")
NO_WARD = "No ward"


def add_fund(*, by: Person, name: str, about: str = "", is_open: bool = True) -> Fund:
    """Return the new fund. Raises Invalid where there is one of that name."""
    require(may_keep_funds(by))
    fund = Fund(name=name.strip(), about=about, is_open=is_open)
    _check(fund)
    try:
        with transaction.atomic():
            fund.save()
            record(action="offers.add_fund", subject=fund, by=by, summary=f"Added the fund {fund}")
    except IntegrityError:
        raise Invalid([("name", f"Somebody has just added a fund called {fund}")]) from None
    return fund


def change_fund(
    fund: Fund, *, by: Person, name: str, about: str, is_open: bool, seen: int | None = None
) -> Fund:
    """Return the changed fund; closed, it keeps what was given and takes no more. Raises Invalid, Stale."""
    require(may_keep_funds(by))
    facts = {"name": name.strip(), "about": about, "is_open": is_open}
    try:
        with transaction.atomic():
            fund = lock(Fund, fund.pk)
            check_seen(fund, CHANGED, seen, "this fund")
            was, now = changes(fund, FIELDS, facts)
            fund.name, fund.about, fund.is_open = name.strip(), about, is_open
            _check(fund)
            if was or now:
                fund.save()
                record(
                    action=CHANGED, subject=fund, by=by, summary=f"Changed the fund {fund}", before=was,
                    after=now,
                )  # fmt: skip
    except IntegrityError:
        raise Invalid([("name", f"Somebody has just added a fund called {fund}")]) from None
    return fund


def _check(fund: Fund) -> None:
    if Fund.objects.filter(name__iexact=fund.name).exclude(pk=fund.pk).exists():
        raise Invalid([("name", f"There is already a fund called {fund}. Enter another name")])


@dataclass
class Sum:
    """Pounds promised and not yet there, and pounds received."""

    promised: Decimal = Decimal(0)
    received: Decimal = Decimal(0)

    def add(self, offer: Offer) -> None:
        """Count one contribution where it stands."""
        if offer.status == Offer.Status.RECEIVED:
            self.received += offer.amount_received or offer.amount or Decimal(0)
        else:
            self.promised += offer.amount or Decimal(0)


@dataclass
class FundSum:
    """A fund with what was given to it, in all and by ward; `offers` are the contributions behind it."""

    fund: Fund
    total: Sum = field(default_factory=Sum)
    wards: dict[str, Sum] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)

    def add(self, offer: Offer) -> None:
        """Count one contribution in all and by its ward."""
        self.total.add(offer)
        self.wards.setdefault(str(offer.ward or NO_WARD), Sum()).add(offer)
        self.offers.append(offer)

    @property
    def by_ward(self) -> list[tuple[str, Sum]]:
        """Return the wards in order of name, those without one last."""
        return sorted(self.wards.items(), key=lambda item: (item[0] == NO_WARD, item[0]))


def contributions(person: Person) -> Iterable[Offer]:
    """Return the cash contributions that stand, of contracts this person may see, with their contracts."""
    seen = Contract.objects.visible_to(person)
    return (
        Offer.objects.filter(kind=Offer.Kind.CASH, fund__isnull=False, contract__in=seen.values("pk"))
        .exclude(status=Offer.Status.WITHDRAWN)
        .select_related("contract", "fund", "ward")
        .order_by("fund__name", "contract__title", "pk")
    )


def sums(person: Person) -> list[FundSum]:
    """Return every fund with what contracts this person may see gave to it: two queries."""
    found = {fund.pk: FundSum(fund) for fund in Fund.objects.all()}
    for offer in contributions(person):
        if offer.fund_id in found:
            found[offer.fund_id].add(offer)
    return list(found.values())
