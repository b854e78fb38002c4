"""Opening monthly returns from the KPI sets in force, and rebuilding open ones when a new set comes in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Prefetch, Q
from django.utils import timezone

from accounts.calendar import (
    add_months,
    add_working_days,
    first_of_month,
    months_between,
    working_day_of_month,
)
from accounts.history import record
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, lock
from contracts.models import Contract, Stage, Suspension
from govuk.formats import day as show_day
from govuk.formats import month as show_month
from kpis.proposals.models import KPISet, KPITerms, MonthlyTarget
from kpis.readings.models import Reading
from kpis.returns.models import MonthlyReturn
from kpis.returns.verbs.figures import as_text
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
    """Return the sets in force whose contracts owe a return for the month."""
    contracts = (
        Contract.objects.live_in_month(month)
        .filter(directorate__isnull=False)
        .exclude(stage=Stage.ENDED, ends_on=None, extended_to=None, terminated_on=None)
    )
    return KPISet.objects.in_force(month).filter(
        Exists(KPITerms.objects.filter(_covering(month), kpi_set=OuterRef("pk"))),
        # Nothing was to be delivered in a suspended month, so nothing is returned for it.
        ~Exists(Suspension.objects.covering(month).filter(contract=OuterRef("contract"))),
        contract__in=contracts.values("number"),
    )


def open_month(month: dt.date, *, by=None) -> Opened:
    """Open the month's returns: one for each contract that owes one and has none yet.

    Each holds a reading for each KPI the month is covered by, with the month's target and the directorate
    frozen. Running it again creates nothing. Raises Invalid for a month that isn't over.
    """
    month = first_of_month(month)
    if opens_on(month) > timezone.localdate():
        raise Invalid(
            f"Returns for {show_month(month)} open on {show_day(opens_on(month))}, the first working day "
            "after the month has ended."
        )
    owing = list(_sets_to_open(month).order_by("contract").values_list("contract", flat=True))
    created = existing = 0
    for start in range(0, len(owing), BATCH):
        batch = owing[start : start + BATCH]
        new = _open_batch(month, batch, by)
        created += new
        existing += len(batch) - new
    return Opened(created, existing)


@transaction.atomic
def _open_batch(month: dt.date, numbers: list[int], by, known_on: dt.date | None = None) -> int:
    """Open one batch of contracts' returns in one transaction and return how many are new.

    `known_on` is the day it became known that they are owed, where that is later than their KPI sets.
    """
    # The lock makes a second worker wait here, and see below what the first has made.
    list(
        Contract.objects.filter(pk__in=numbers)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk")
    )
    there = set(
        MonthlyReturn.objects.filter(month=month, contract__in=numbers).values_list("contract", flat=True)
    )
    # Looked up anew: another set may have come into force while we waited for the lock.
    new = [number for number in numbers if number not in there]
    sets = _with_terms(_sets_to_open(month).filter(contract__in=new), month).order_by("contract")
    returns = [
        MonthlyReturn(
            contract=kpi_set.contract,
            month=month,
            kpi_set=kpi_set,
            directorate_id=kpi_set.contract.directorate_id,
            due_on=due_on(month, _known(kpi_set, known_on)),
        )
        for kpi_set in sets
    ]
    MonthlyReturn.objects.bulk_create(returns)
    readings = [
        _reading(monthly_return, terms)
        for monthly_return in returns
        for terms in monthly_return.kpi_set.terms.all()
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
                summary=f"{show_month(month)} return opened from KPI set {monthly_return.kpi_set.number}, "
                f"due {show_day(monthly_return.due_on)}",
            )
            for monthly_return in returns
        ]
    )
    totals.recompute(keys_of(readings))
    return len(returns)


def _known(kpi_set: KPISet, known_on: dt.date | None) -> dt.date:
    """Return the day it was known that the set's returns are owed."""
    decided = timezone.localdate(kpi_set.decided_at)
    return decided if known_on is None else max(decided, known_on)


def _with_terms(sets, month: dt.date):
    """Return the sets with contract, the terms that cover the month and their target for it fetched."""
    return sets.select_related("contract").prefetch_related(
        Prefetch("terms", KPITerms.objects.filter(_covering(month)).select_related("kpi__measure")),
        Prefetch("terms__monthly_targets", MonthlyTarget.objects.filter(month=month)),
    )


def _target(terms: KPITerms):
    """Return the target of the one month that was fetched; None where the KPI has no amount."""
    if not (terms.kpi.measure.is_number or terms.kpi.kind == "yes_no"):
        return None
    fetched = list(terms.monthly_targets.all())
    if fetched:
        return fetched[0].amount
    # A level to hold needs no row for each month.
    return None if terms.adds_up else terms.target


def _reading(monthly_return: MonthlyReturn, terms: KPITerms) -> Reading:
    return Reading(
        monthly_return=monthly_return,
        kpi_id=terms.kpi_id,
        terms=terms,
        contract_id=monthly_return.contract_id,
        month=monthly_return.month,
        directorate_id=monthly_return.directorate_id,
        measure_id=terms.kpi.measure_id,
        target=_target(terms),
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
        has_one = MonthlyReturn.objects.filter(contract=OuterRef("contract"), month=month)
        if _sets_to_open(month).filter(~Exists(has_one)).exists():
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
            opened += _open_batch(month, [contract.pk], by, known_on)
    return opened


def fresh_readings(monthly_return: MonthlyReturn) -> tuple[KPISet | None, list[Reading]]:
    """Return the set in force for a return's month and the readings it asks for now, unsaved."""
    month = monthly_return.month
    kpi_set = _with_terms(
        KPISet.objects.in_force(month).filter(contract=monthly_return.contract_id), month
    ).first()
    if kpi_set is None:
        return None, []
    return kpi_set, [_reading(monthly_return, terms) for terms in kpi_set.terms.all()]


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


def rebuild_open_returns(contract: Contract, from_month: dt.date, *, by) -> list[MonthlyReturn]:
    """Give the contract's open returns from a month on the KPIs of the set now in force; return the changed.

    Only returns that were never submitted: figures already entered are carried over KPI by KPI, those of KPIs
    the set no longer holds are kept in the history alone. Call inside the approving transaction.
    """
    with transaction.atomic():
        open_ones = MonthlyReturn.objects.filter(
            contract=contract, month__gte=first_of_month(from_month), first_submitted_at=None
        ).exclude(status=MonthlyReturn.Status.EXCUSED)
        changed = []
        for pk in open_ones.order_by("month").values_list("pk", flat=True):
            monthly_return = lock(MonthlyReturn, pk)
            if monthly_return.first_submitted_at is None and monthly_return.is_unfinished:
                changed += _rebuild(monthly_return, by)
        return changed


def _rebuild(monthly_return: MonthlyReturn, by) -> list[MonthlyReturn]:
    """Rebuild one locked return; return it in a list, or nothing where it stood so already."""
    month = monthly_return.month
    kpi_set = _with_terms(
        KPISet.objects.in_force(month).filter(contract=monthly_return.contract_id), month
    ).first()
    if kpi_set is None or kpi_set.pk == monthly_return.kpi_set_id:
        return []
    number_before = monthly_return.kpi_set.number
    readings = {
        reading.kpi_id: reading
        for reading in monthly_return.readings.select_related("terms", "measure__unit")
    }
    before = {reading.terms.title: reading.target for reading in readings.values()}
    after, keys = {}, keys_of(readings.values())
    for terms in kpi_set.terms.all():
        after[terms.title] = _target(terms)
        reading = readings.pop(terms.kpi_id, None)
        if reading is None:
            reading = _reading(monthly_return, terms)
        else:
            reading.terms, reading.target = terms, _target(terms)
            reading.version += 1
        reading.save()
        keys |= keys_of([reading])
    dropped = {
        f"{reading.terms.title} (no longer a KPI)": as_text(reading)
        for reading in readings.values()
        if reading.is_started
    }
    for reading in readings.values():
        reading.delete()
    monthly_return.kpi_set = kpi_set
    monthly_return.version += 1
    monthly_return.save()
    record(
        action="returns.rebuild",
        subject=monthly_return,
        by=by,
        contract_number=monthly_return.contract_id,
        summary=f"{show_month(month)} return now follows KPI set {kpi_set.number}, not {number_before}",
        before={
            **{title: target for title, target in before.items() if after.get(title) != target},
            **dropped,
        },
        after={title: target for title, target in after.items() if before.get(title) != target},
    )
    totals.recompute(keys)
    if not kpi_set.terms.all() and not monthly_return.evidence.exists():
        # The new set asks for nothing in this month, so there is nothing to return.
        record(
            action="returns.take_away",
            subject=monthly_return,
            by=by,
            contract_number=monthly_return.contract_id,
            summary=f"{show_month(month)} return taken away: KPI set {kpi_set.number} asks for none",
        )
        monthly_return.delete()
    return [monthly_return]
