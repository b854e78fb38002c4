"""What a supplier delivers: its contracts as one person sees them, and the months that count as its own."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q, QuerySet

from accounts.calendar import first_of_month
from accounts.models import Person
from contracts.models import Contract, ContractSupplier, Stage
from kpis.models import MonthlyReturn, Reading
from kpis.readings.small import TIED, hidden_from
from kpis.returns.permissions import is_close_to
from reporting.queries.scope import Scope


@dataclass(frozen=True)
class Window:
    """The months of one contract that belong to a supplier: a month is whose who supplies on its last day."""

    first: dt.date | None = None
    # The first month that is the next supplier's.
    before: dt.date | None = None

    @classmethod
    def of(cls, link: ContractSupplier) -> Window:
        """Return the months of one link."""
        after = first_of_month(link.until + dt.timedelta(days=1)) if link.until else None
        return cls(first_of_month(link.since) if link.since else None, after)

    @property
    def is_whole(self) -> bool:
        """Return whether every month of the contract is the supplier's."""
        return self.first is None and self.before is None

    def condition(self, path: str = "month") -> Q:
        """Return the condition that a month is inside."""
        found = Q()
        if self.first:
            found &= Q(**{f"{path}__gte": self.first})
        if self.before:
            found &= Q(**{f"{path}__lt": self.before})
        return found

    def holds(self, month: dt.date) -> bool:
        """Return whether a month is inside."""
        return (self.first is None or month >= self.first) and (self.before is None or month < self.before)


@dataclass(frozen=True)
class SupplierScope(Scope):
    """What is counted for one supplier: contracts this person may see, in the months that are its own.

    Figures come from readings, never from totals, and what the contract's own page hides from this person is
    hidden here (`hidden_kpis`): so nothing about few people can be worked out from them.
    """

    links: tuple[ContractSupplier, ...] = field(default=())

    @property
    def is_cut(self) -> bool:
        """Return that totals are summed from readings."""
        return True

    @cached_property
    def of_links(self) -> list[Window]:
        """Return the months of each link, in the links' order."""
        return [Window.of(link) for link in self.links]

    @cached_property
    def windows(self) -> dict[int, list[Window]]:
        """Contract -> the months that are the supplier's own."""
        found: dict[int, list[Window]] = defaultdict(list)
        for link, window in zip(self.links, self.of_links, strict=True):
            found[link.contract_id].append(window)
        return dict(found)

    def own_months(self) -> Q:
        """Return the condition that a row is of one of the contracts and in a month of the supplier's."""
        whole = [number for number, own in self.windows.items() if any(one.is_whole for one in own)]
        condition = Q(contract__in=whole)
        for number, own in self.windows.items():
            if number not in whole:
                for window in own:
                    condition |= Q(contract=number) & window.condition()
        return condition

    def contracts(self):
        """Return the contracts it supplies today."""
        now = [link.contract_id for link in self.links if link.until is None]
        return Contract.objects.filter(pk__in=now)

    def named_contracts(self):
        """Return the same: only contracts this person sees are in the links."""
        return self.contracts()

    def returns(self):
        """Return the monthly returns of the supplier's months."""
        owed = MonthlyReturn.objects.exclude(status=MonthlyReturn.Status.EXCUSED)
        return owed.filter(self.own_months())

    def readings(self) -> QuerySet[Reading]:
        """Return the readings of the supplier's months."""
        return Reading.objects.filter(self.own_months())

    def counted(self, readings: QuerySet[Reading]) -> QuerySet[Reading]:
        """Return those of the readings that are in the supplier's months."""
        return readings.filter(self.own_months())

    @cached_property
    def hidden_kpis(self) -> dict[int, int]:
        """KPI -> measure of those the contracts' own pages hide from this person: two queries."""
        close = {link.contract_id for link in self.links if is_close_to(self.person, link.contract)}
        outside = [number for number in self.windows if number not in close]
        tied = dict(
            Reading.objects.filter(TIED, contract__in=outside)
            .order_by()
            .values_list("kpi", "measure")
            .distinct()
        )
        hidden = hidden_from(tied) if tied else {}
        return {kpi: measure for kpi, measure in tied.items() if kpi in hidden}


def scope_of(supplier_id: int, person: Person) -> SupplierScope:
    """Return what this person may count for a supplier: three queries."""
    links = (
        ContractSupplier.objects.filter(
            supplier=supplier_id, contract__in=Contract.objects.visible_to(person).values("number")
        )
        .select_related("contract__directorate")
        .prefetch_related("contract__deputies")
        .order_by("contract__title", "contract", "pk")
    )
    return SupplierScope(person=person, links=tuple(links))


def is_past(link: ContractSupplier) -> bool:
    """Return whether the contract is over for this supplier: passed on to another, or ended."""
    return link.until is not None or link.contract.stage == Stage.ENDED


def returns_by_contract(scope: SupplierScope) -> dict[int, list[MonthlyReturn]]:
    """Return each contract's returns in the supplier's months: one query."""
    found: dict[int, list[MonthlyReturn]] = defaultdict(list)
    # What was reported before this system was not expected here.
    rows = (
        scope.returns()
        .filter(before_system=False)
        .only("contract", "month", "status", "due_on", "due_again_on", "first_submitted_at", "before_system")
    )
    for row in rows.order_by("month"):
        found[row.contract_id].append(row)
    return dict(found)
