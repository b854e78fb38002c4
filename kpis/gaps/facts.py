"""What weaknesses are told from: KPI sets, returns, rules and offers of many contracts, each in one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max, Q

from accounts.calendar import first_of_month
from accounts.models import Person
from contracts.models import Contract, Offer, ProportionateRule
from contracts.rules.finding import rules_for
from kpis.proposals.models import KPI, KPISet
from kpis.readings.small import hidden_from
from kpis.returns.models import MonthlyReturn
from kpis.returns.permissions import may_see_small_numbers

CutPoints = tuple[Decimal, Decimal]
# A contract from which nothing came for this long, though returns were owed, is out of date.
DAYS_OF_SILENCE = 183


@dataclass
class InForce:
    """The approved set in force: from which month, each KPI's last month and its cut points.

    Where it is an exception it has no KPIs, but a reason and the day it is to be reviewed.
    """

    pk: int
    number: int
    effective_month: dt.date
    # Of an exception only.
    review_on: dt.date | None = None
    reason: str = ""
    ends: dict[int, dt.date] = field(default_factory=dict)
    cut_points: dict[int, CutPoints] = field(default_factory=dict)

    @property
    def is_exception(self) -> bool:
        """Return whether it says why there are no KPIs."""
        return self.review_on is not None

    @property
    def reason_words(self) -> str:
        """Return why there are no KPIs, of an exception."""
        return KPISet.Reason(self.reason).label if self.reason else ""


@dataclass(frozen=True)
class Facts:
    """What is known of contracts, by their numbers."""

    sets: dict[int, InForce]
    # Sets in the making, and the first month of those approved for later.
    begun: set[int]
    later: dict[int, dt.date]
    # Of these the ones that are exceptions.
    exceptions_ahead: set[int]
    owed_and_none_came: dict[int, int]
    rules: dict[int, ProportionateRule | None]
    offered: set[int]


def facts_of(contracts: list[Contract], day: dt.date) -> Facts:
    """Return what weaknesses need to know of the contracts on a day; a constant number of queries."""
    numbers = [contract.number for contract in contracts]
    month = first_of_month(day)
    begun, later, exceptions_ahead = _begun(numbers, month)
    promised = Offer.objects.filter(
        contract__in=numbers, status__in=[Offer.Status.PROMISED, Offer.Status.RECEIVED]
    )
    return Facts(
        sets=sets_in_force(numbers, month),
        begun=begun,
        later=later,
        exceptions_ahead=exceptions_ahead,
        owed_and_none_came=_silent(numbers, day),
        rules=rules_for(contracts),
        offered=set(promised.order_by().values_list("contract", flat=True)),
    )


def sets_in_force(numbers: list[int], month: dt.date) -> dict[int, InForce]:
    """Return the approved set that holds for a month, by contract number: one query."""
    found: dict[int, InForce] = {}
    rows = (
        KPISet.objects.in_force(month)
        .filter(contract__in=numbers)
        .order_by("contract", "terms__position")
        .values_list(
            "contract", "pk", "number", "effective_month", "review_on", "reason",
            "terms__kpi", "terms__ends_month", "terms__green_from", "terms__amber_from",
        )
    )  # fmt: skip
    for contract, pk, number, effective, review_on, reason, kpi, ends, green, amber in rows:
        one = found.setdefault(contract, InForce(pk, number, effective, review_on, reason))
        if kpi is not None:
            one.ends[kpi] = ends
            one.cut_points[kpi] = (green, amber)
    return found


def _begun(numbers: list[int], month: dt.date) -> tuple[set[int], dict[int, dt.date], set[int]]:
    """Return the contracts with a set in the making, from when approved later sets hold, and exceptions.

    One query.
    """
    status = KPISet.Status
    rows = KPISet.objects.filter(contract__in=numbers).filter(
        Q(status__in=[status.DRAFT, status.SUBMITTED, status.RETURNED])
        | Q(status=status.APPROVED, effective_month__gt=month)
    )
    begun: set[int] = set()
    later: dict[int, dt.date] = {}
    exceptions: set[int] = set()
    for contract, state, effective, kind in rows.order_by("-effective_month").values_list(
        "contract", "status", "effective_month", "kind"
    ):
        if kind == KPISet.Kind.EXCEPTION:
            exceptions.add(contract)
        if state == status.APPROVED and effective:
            later[contract] = effective
        else:
            begun.add(contract)
    return begun, later, exceptions


def _silent(numbers: list[int], day: dt.date) -> dict[int, int]:
    """Return how many returns each contract owed in the last six months, where not one came: one query."""
    since = day - dt.timedelta(days=DAYS_OF_SILENCE)
    owed = Count("pk", filter=Q(due_on__gt=since, due_on__lt=day) & ~Q(status=MonthlyReturn.Status.EXCUSED))
    rows = (
        MonthlyReturn.objects.filter(contract__in=numbers, before_system=False)
        .order_by()
        .values("contract")
        .annotate(owed=owed, came=Max("submitted_at"))
    )
    return {
        row["contract"]: row["owed"]
        for row in rows
        if row["owed"] and (row["came"] is None or row["came"].date() <= since)
    }


def hidden_kpis(person: Person, contracts: Iterable[Contract], kpis: set[int]) -> set[int]:
    """Return which of these KPIs hide small numbers from a person: two queries at most."""
    if not kpis:
        return set()
    closed = [one.number for one in contracts if not may_see_small_numbers(person, one)]
    if not closed:
        return set()
    theirs = KPI.objects.filter(pk__in=kpis, contract__in=closed).values_list("pk", flat=True)
    return set(hidden_from(list(theirs)))


def years_before(day: dt.date, years: int) -> dt.date:
    """Return the first of the month that many years before a day."""
    return dt.date(day.year - years, day.month, 1)
