"""Which months one return covers: a month, or the part of a quarter or half year one KPI set holds for.

Quarters and half years are those of the financial year. A return closes with the last month of its quarter or
half year in which figures are owed, or earlier with the last month before another KPI set takes effect. It
begins after the last month that another return covers. So each month is covered once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Prefetch

from accounts.calendar import add_months, last_of_month, months_between
from contracts.models import Contract, Suspension
from kpis.proposals.models import KPISet, KPITerms, MonthlyTarget


@dataclass(frozen=True)
class Period:
    """The months of one return, first to last, and the KPI set it is asked for by."""

    first: dt.date
    last: dt.date
    kpi_set: KPISet
    # It closes before its quarter or half year does.
    is_short: bool = False

    @property
    def months(self) -> list[dt.date]:
        """Return every month of it, in order."""
        return months_between(self.first, self.last)


@dataclass(frozen=True)
class Ask:
    """One KPI of a return: the terms it is asked by, and its target over the return's months."""

    terms: KPITerms
    target: Decimal | None


def block_of(month: dt.date, every: int) -> tuple[dt.date, dt.date]:
    """Return first and last month of the month, quarter or half year of the financial year a month is in."""
    first = add_months(month, -((month.month - 4) % every))
    return first, add_months(first, every - 1)


def closes_at(
    month: dt.date,
    part: tuple[dt.date, dt.date],
    *,
    is_owed: Callable[[dt.date], bool],
    covered: Collection[dt.date],
) -> dt.date | None:
    """Return the first month of the return that closes with this month, or None where none does.

    `part` are first and last month it may reach to. None where nothing is owed for the month, another return
    covers it, or a later month of the part belongs to the same return.
    """
    first, last = part
    if not first <= month <= last or month in covered or not is_owed(month):
        return None
    for later in months_between(add_months(month, 1), last):
        if later in covered:
            break
        if is_owed(later):
            return None
    begins = month
    for earlier in reversed(months_between(first, add_months(month, -1))):
        if earlier in covered:
            break
        if is_owed(earlier):
            begins = earlier
    return begins


def runs_in(contract: Contract, month: dt.date) -> bool:
    """Return whether the contract's dates include any day of a month, as `live_in_month` asks it."""
    if contract.starts_on and contract.starts_on > last_of_month(month):
        return False
    if contract.terminated_on and contract.terminated_on < month:
        return False
    ends, extended = contract.ends_on, contract.extended_to
    return ends is None or ends >= month or (extended is not None and extended >= month)


@dataclass
class Book:
    """What one contract is asked for: its approved sets with terms and targets, and suspended months."""

    contract: Contract
    sets: list[KPISet]
    suspensions: list[Suspension] = field(default_factory=list)

    def in_force(self, month: dt.date) -> KPISet | None:
        """Return the set that holds for a month."""
        held = [one for one in self.sets if one.effective_month and one.effective_month <= month]
        return max(held, key=lambda one: (one.effective_month, one.number), default=None)

    def is_suspended(self, month: dt.date) -> bool:
        """Return whether nothing was to be delivered in a month."""
        return any(
            one.from_month <= month and (one.to_month is None or month <= one.to_month)
            for one in self.suspensions
        )

    def is_before_system(self, month: dt.date) -> bool:
        """Return whether a month was reported before this system, so that nothing is returned for it here."""
        return any(one.returns_from is not None and month < one.returns_from for one in self.sets)

    def is_owed(self, month: dt.date) -> bool:
        """Return whether figures are asked for a month: a KPI covers it and the contract runs."""
        kpi_set = self.in_force(month)
        return (
            kpi_set is not None
            and not self.is_before_system(month)
            and runs_in(self.contract, month)
            and not self.is_suspended(month)
            and any(terms.covers(month) for terms in kpi_set.terms.all())
        )

    def period(self, month: dt.date, covered: Collection[dt.date]) -> Period | None:
        """Return the return that closes with a month; `covered` are months of other returns."""
        kpi_set = self.in_force(month)
        if kpi_set is None or kpi_set.effective_month is None:
            return None
        first, last = block_of(month, kpi_set.returns_every)
        part_last = max(one for one in months_between(month, last) if self.in_force(one) is kpi_set)
        begins = closes_at(
            month,
            (max(first, kpi_set.effective_month), part_last),
            is_owed=self.is_owed,
            covered=covered,
        )
        return Period(begins, month, kpi_set, is_short=month < last) if begins else None

    def asks(self, months: Iterable[dt.date]) -> list[Ask]:
        """Return the KPIs asked for over some months, each once, by the latest terms that ask for it.

        Targets that add up are those of the months covered and not suspended; a level is that of the last.
        """
        latest: dict[int, KPITerms] = {}
        amounts: dict[int, list[Decimal]] = {}
        for month in months:
            kpi_set = self.in_force(month)
            for terms in kpi_set.terms.all() if kpi_set else ():
                if not terms.covers(month):
                    continue
                latest[terms.kpi_id] = terms
                held = amounts.setdefault(terms.kpi_id, [])
                amount = next((row.amount for row in terms.monthly_targets.all() if row.month == month), None)
                if not terms.adds_up:
                    # A level to hold needs no row for each month.
                    held[:] = [terms.target if amount is None else amount]
                elif amount is not None:
                    held.append(Decimal(0) if self.is_suspended(month) else amount)
        return [
            Ask(terms, sum(amounts[kpi], Decimal(0)) if _has_amount(terms) and amounts[kpi] else None)
            for kpi, terms in sorted(latest.items(), key=lambda pair: (pair[1].position, pair[1].pk))
        ]


def _has_amount(terms: KPITerms) -> bool:
    """Return whether the KPI has a target at all: text and milestone dates have none."""
    return terms.kpi.measure.is_number or terms.kpi.kind == "yes_no"


def books_of(contracts: Iterable[int], months: tuple[dt.date, dt.date]) -> dict[int, Book]:
    """Return the book of each contract that has approved sets: four queries whatever their number.

    `months` are first and last month whose targets are wanted.
    """
    numbers = list(contracts)
    found: dict[int, Book] = {}
    sets = (
        KPISet.objects.filter(contract__in=numbers, status=KPISet.Status.APPROVED)
        .select_related("contract__directorate")
        .prefetch_related(
            Prefetch("terms", KPITerms.objects.select_related("kpi__measure")),
            Prefetch(
                "terms__monthly_targets",
                MonthlyTarget.objects.filter(month__gte=months[0], month__lte=months[1]),
            ),
        )
        .order_by("contract", "effective_month", "number")
    )
    for kpi_set in sets:
        found.setdefault(kpi_set.contract_id, Book(kpi_set.contract, [])).sets.append(kpi_set)
    for one in Suspension.objects.filter(contract__in=numbers, withdrawn_at=None):
        if one.contract_id in found:
            found[one.contract_id].suspensions.append(one)
    return found
