"""Opening returns from the KPI sets in force: monthly, quarterly or every six months."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

from accounts.calendar import (
    add_months,
    add_working_days,
    first_of_month,
    months_between,
    working_day_of_month,
)
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, lock
from contracts.models import Contract, Stage, Suspension
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from kpis.proposals.models import KPISet, KPITerms
from kpis.readings.models import Reading
from kpis.returns.models import LONGEST, MonthlyReturn
from kpis.returns.periods import Ask, Book, Period, books_of
from kpis.totals import verbs as totals

BATCH = 200
# A set that takes effect long ago doesn't open years of returns at once.
LONGEST_CATCH_UP = 24


@dataclass(frozen=True)
class Opened:
    """How many returns a month got now, and how many it had before."""

    created: int
    existing: int


def opens_on(month: dt.date) -> dt.date:
    """Return the day a month's returns open: the next month's first working day."""
    return working_day_of_month(add_months(month, 1), 1)


def due_on(month: dt.date, known_on: dt.date | None = None) -> dt.date:
    """Return the day a month's return is due: the next month's tenth working day (a setting).

    Where its KPI set was approved only after the month's returns had opened, the same number of working days
    from that day: nobody is late for what they could not know.
    """
    if known_on is not None and known_on > opens_on(month):
        return add_working_days(known_on, settings.RETURN_DUE_WORKING_DAY)
    return working_day_of_month(add_months(month, 1), settings.RETURN_DUE_WORKING_DAY)


def _covering(month: dt.date) -> Q:
    return Q(starts_month__lte=month, ends_month__gte=month)


def _sets_to_open(month: dt.date):
    """Return the sets in force whose contracts owe figures for the month."""
    contracts = (
        Contract.objects.live_in_month(month)
        .filter(directorate__isnull=False)
        .exclude(stage=Stage.ENDED, ends_on=None, extended_to=None, terminated_on=None)
    )
    return KPISet.objects.in_force(month).filter(
        Exists(KPITerms.objects.filter(_covering(month), kpi_set=OuterRef("pk"))),
        # Nothing was to be delivered in a suspended month, so nothing is returned for it.
        ~Exists(Suspension.objects.covering(month).filter(contract=OuterRef("contract"))),
        # Months before the first that is returned here were reported before this system.
        ~Exists(
            KPISet.objects.filter(
                contract=OuterRef("contract"), status=KPISet.Status.APPROVED, returns_from__gt=month
            )
        ),
        contract__in=contracts.values("number"),
    )


def _is_covered(month: dt.date) -> Exists:
    """Return the condition that a return covers the month: its own, or that of its quarter or half year."""
    return Exists(MonthlyReturn.objects.covering(month).filter(contract=OuterRef("contract")))


def open_month(month: dt.date, *, by=None) -> Opened:
    """Open the returns that close with this month: one for each contract that owes one and has none yet.

    Each holds a reading for each KPI asked for in its months, with their target and the directorate frozen.
    A contract that returns figures quarterly or every six months is passed over unless its quarter, half
    year, KPIs or dates end here. Running it again creates nothing. Raises Invalid for a month not yet over.
    """
    month = first_of_month(month)
    if opens_on(month) > timezone.localdate():
        raise Invalid(
            f"Returns for {show_month(month)} open on {show_day(opens_on(month))}, the first working day "
            "after the month has ended."
        )
    owing = _sets_to_open(month)
    there = Exists(MonthlyReturn.objects.filter(month=month, contract=OuterRef("contract")))
    created, existing = 0, owing.filter(there).count()
    missing = list(owing.filter(~_is_covered(month)).order_by("contract").values_list("contract", flat=True))
    for start in range(0, len(missing), BATCH):
        new, found = _open_batch(month, missing[start : start + BATCH], by)
        created, existing = created + new, existing + found
    return Opened(created, existing)


@transaction.atomic
def _open_batch(month: dt.date, numbers: list[int], by, known_on: dt.date | None = None) -> tuple[int, int]:
    """Open one batch of contracts' returns in one transaction; return how many are new and were there.

    `known_on` is the day it became known that they are owed, where that is later than their KPI sets.
    """
    # The lock makes a second worker wait here, and see below what the first has made.
    list(
        Contract.objects.filter(pk__in=numbers)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk")
    )
    covered = covered_months(numbers, around=month)
    # Looked up anew: another set may have come into force while we waited for the lock.
    owing = set(_sets_to_open(month).filter(contract__in=numbers).values_list("contract", flat=True))
    periods = []
    for number, book in books_of(numbers, (add_months(month, 1 - LONGEST), month)).items():
        if number in owing and (period := book.period(month, covered[number])):
            periods.append((book, period))
    return len(open_periods(periods, by, known_on)), sum(month in covered[number] for number in numbers)


def covered_months(
    contracts: Iterable[int], *, around: dt.date | None = None, besides: Iterable[int] = ()
) -> dict[int, set[dt.date]]:
    """Return the months each contract's returns cover, but for the returns named: one query.

    `around` leaves out returns too far from a month to share a quarter or half year with it.
    """
    returns = MonthlyReturn.objects.filter(contract__in=contracts).exclude(pk__in=besides)
    if around is not None:
        returns = returns.filter(
            month__gte=add_months(around, -LONGEST), month__lte=add_months(around, 2 * LONGEST)
        )
    found: dict[int, set[dt.date]] = defaultdict(set)
    for number, last, count in returns.order_by().values_list("contract", "month", "months_covered"):
        found[number] |= {add_months(last, -earlier) for earlier in range(count)}
    return found


def open_periods(
    periods: list[tuple[Book, Period]], by, known_on: dt.date | None = None
) -> list[MonthlyReturn]:
    """Write a return, its readings and its row of history for each period; return them."""
    returns, asks = [], []
    for book, period in periods:
        asks.append(book.asks(period.months))
        returns.append(
            MonthlyReturn(
                contract=book.contract,
                month=period.last,
                months_covered=len(period.months),
                kpi_set=period.kpi_set,
                directorate=book.contract.directorate,
                due_on=due_on(period.last, _known(period, known_on)),
            )
        )
    MonthlyReturn.objects.bulk_create(returns)
    readings = [
        reading_for(monthly_return, ask)
        for monthly_return, asked in zip(returns, asks, strict=True)
        for ask in asked
    ]
    Reading.objects.bulk_create(readings, batch_size=500)
    # One row each, in one statement: a council opens hundreds at once.
    HistoryRow.objects.bulk_create(
        [
            HistoryRow(
                action="returns.open",
                subject_type=MonthlyReturn._meta.label_lower,
                subject_id=monthly_return.pk,
                actor=by,
                contract_number=monthly_return.contract_id,
                summary=f"{monthly_return.period_words} return opened from KPI set "
                f"{monthly_return.kpi_set.number}, due {show_day(monthly_return.due_on)}",
            )
            for monthly_return in returns
        ]
    )
    totals.recompute(keys_of(readings))
    return returns


def _known(period: Period, known_on: dt.date | None) -> dt.date:
    """Return the day it was known that the return is owed.

    What cuts a quarter short (another set, the contract's end) may be told only after the fact.
    """
    assert period.kpi_set.decided_at
    days = [timezone.localdate(period.kpi_set.decided_at), known_on]
    days += [timezone.localdate()] if period.is_short else []
    return max(day for day in days if day)


def reading_for(monthly_return: MonthlyReturn, ask: Ask) -> Reading:
    """Return a blank reading of a return, not yet saved."""
    return Reading(
        monthly_return=monthly_return,
        kpi_id=ask.terms.kpi_id,
        terms=ask.terms,
        contract_id=monthly_return.contract_id,
        month=monthly_return.month,
        directorate_id=monthly_return.directorate_id,
        measure_id=ask.terms.kpi.measure_id,
        target=ask.target,
    )


def keys_of(readings: Iterable[Reading]) -> set[tuple[int, dt.date, int]]:
    """Return the totals these readings count in."""
    return {(reading.directorate_id, reading.month, reading.measure_id) for reading in readings}


def open_due_months(now: dt.datetime | None = None) -> Opened:
    """Open every return that should have been opened by now and was not: a missed day catches up."""
    day = timezone.localdate(now) if now else timezone.localdate()
    first = KPISet.objects.filter(status=KPISet.Status.APPROVED).aggregate(first=Min("effective_month"))[
        "first"
    ]
    if first is None:
        return Opened(0, 0)
    created = existing = 0
    this_month = first_of_month(day)
    for month in months_between(
        max(first, add_months(this_month, -LONGEST_CATCH_UP)), add_months(this_month, -1)
    ):
        if opens_on(month) > day:
            continue
        if _sets_to_open(month).filter(~_is_covered(month)).exists():
            opened = open_month(month)
            created, existing = created + opened.created, existing + opened.existing
    return Opened(created, existing)


def catch_up(contract: Contract, *, by, known_on: dt.date | None = None) -> int:
    """Open what one contract owes for months gone by and has no return for; return how many.

    For a contract that owes more than was thought: an extension told late, a suspension withdrawn. The
    returns are due as if their KPIs had become known on `known_on`.
    """
    day = timezone.localdate()
    this_month = first_of_month(day)
    opened = 0
    for month in months_between(add_months(this_month, -LONGEST_CATCH_UP), add_months(this_month, -1)):
        if opens_on(month) <= day and _sets_to_open(month).filter(contract=contract.pk).exists():
            opened += _open_batch(month, [contract.pk], by, known_on)[0]
    return opened


def fresh_readings(monthly_return: MonthlyReturn) -> tuple[KPISet | None, list[Reading]]:
    """Return the set in force for a return's last month and the readings it asks for now, unsaved."""
    months = (monthly_return.first_month, monthly_return.month)
    book = books_of([monthly_return.contract_id], months).get(monthly_return.contract_id)
    kpi_set = book.in_force(monthly_return.month) if book else None
    if book is None or kpi_set is None:
        return None, []
    return kpi_set, [reading_for(monthly_return, ask) for ask in book.asks(monthly_return.months)]


def hold_still(contract: Contract) -> None:
    """Lock the contract and its returns that may still be submitted for the first time.

    Until the transaction ends none of them is submitted and no other is opened: what is read after this, such
    as the first month without a submitted return, stays true.
    """
    lock(Contract, contract.pk)
    list(
        MonthlyReturn.objects.filter(contract=contract, first_submitted_at=None)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk")
    )
