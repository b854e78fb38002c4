"""Giving open returns the KPIs and the months of a set that was approved after they had opened."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.calendar import add_months, first_of_month
from accounts.history import record
from accounts.verbs.recipe import lock
from contracts.models import Contract
from kpis.returns.models import LONGEST, MonthlyReturn
from kpis.returns.periods import Book, Period, books_of
from kpis.returns.verbs import opening
from kpis.returns.verbs.figures import as_text
from kpis.totals import verbs as totals


def rebuild_open_returns(contract: Contract, from_month: dt.date, *, by) -> list[MonthlyReturn]:
    """Give the contract's open returns from a month on KPIs and months of the set now in force.

    Only returns that were never submitted; returns those that were changed, came to be or were taken away.
    One in which somebody has begun keeps its months: what was entered is true of these alone. Figures are
    carried over KPI by KPI, those of KPIs the set no longer holds are kept in the history alone. The months
    of the others are shared out anew, as the set asks for them; months whose quarter isn't over wait for it.
    Call inside the approving transaction.
    """
    with transaction.atomic():
        open_ones = [
            lock(MonthlyReturn, pk)
            for pk in MonthlyReturn.objects.filter(
                contract=contract, month__gte=first_of_month(from_month), first_submitted_at=None
            )
            .exclude(status=MonthlyReturn.Status.EXCUSED)
            .order_by("month")
            .values_list("pk", flat=True)
        ]
        open_ones = [one for one in open_ones if one.first_submitted_at is None and one.is_unfinished]
        if not open_ones:
            return []
        free = {one.pk: one for one in open_ones if not _is_begun(one)}
        months = sorted({month for one in free.values() for month in one.months})
        covered = opening.covered_months([contract.pk], besides=free)[contract.pk]
        # The new set may join months to the first return that no return covers yet.
        reach = (add_months(open_ones[0].month, 1 - LONGEST), open_ones[-1].month)
        book = books_of([contract.pk], reach).get(contract.pk)
        if book is None:
            return []
        wanted = {month: period for month in months if (period := book.period(month, covered))}
        changed = []
        for one in open_ones:
            period = wanted.pop(one.month, None) if one.pk in free else _as_it_is(one, book)
            if period is not None:
                changed += _rebuild(one, period, book, by)
            else:
                _take_away(one, book, by)
                changed.append(one)
        return changed + opening.open_periods([(book, period) for period in wanted.values()], by)


def _is_begun(monthly_return: MonthlyReturn) -> bool:
    """Return whether somebody has entered or said something: its months are then no longer ours to move."""
    return bool(
        monthly_return.awaiting_supplier_since
        or monthly_return.additional_benefits
        or monthly_return.readings.filter(saved_at__isnull=False).exists()
        or monthly_return.evidence.exists()
    )


def _as_it_is(monthly_return: MonthlyReturn, book: Book) -> Period:
    """Return the months the return covers, under the set now in force."""
    kpi_set = book.in_force(monthly_return.month) or monthly_return.kpi_set
    return Period(monthly_return.first_month, monthly_return.month, kpi_set)


def _rebuild(monthly_return: MonthlyReturn, period: Period, book: Book, by) -> list[MonthlyReturn]:
    """Rebuild one locked return; return it in a list, or nothing where it stood so already."""
    same_months = period.first == monthly_return.first_month
    if same_months and period.kpi_set.pk == monthly_return.kpi_set_id:
        return []
    number_before, months_before = monthly_return.kpi_set.number, monthly_return.period_words
    readings = {
        reading.kpi_id: reading
        for reading in monthly_return.readings.select_related("terms", "measure__unit")
    }
    before = {reading.terms.title: reading.target for reading in readings.values()}
    after, keys = {}, opening.keys_of(readings.values())
    asks = book.asks(period.months)
    for ask in asks:
        after[ask.terms.title] = ask.target
        reading = readings.pop(ask.terms.kpi_id, None)
        if reading is None:
            reading = opening.reading_for(monthly_return, ask)
        else:
            reading.terms, reading.target = ask.terms, ask.target
            reading.version += 1
        reading.save()
        keys |= opening.keys_of([reading])
    dropped = {
        f"{reading.terms.title} (no longer a KPI)": as_text(reading)
        for reading in readings.values()
        if reading.is_started
    }
    for reading in readings.values():
        reading.delete()
    monthly_return.kpi_set = period.kpi_set
    monthly_return.months_covered = len(period.months)
    monthly_return.version += 1
    monthly_return.save()
    words = monthly_return.period_words
    changed = {} if same_months else {"Months": months_before}
    record(
        action="returns.rebuild",
        subject=monthly_return,
        by=by,
        contract_number=monthly_return.contract_id,
        summary=f"{words} return now follows {period.kpi_set}, not {number_before}"
        if period.kpi_set.number != number_before
        else f"{words} return now covers other months, as a later KPI set asks",
        before={
            **changed,
            **{title: target for title, target in before.items() if after.get(title) != target},
            **dropped,
        },
        after={
            **({"Months": words} if changed else {}),
            **{title: target for title, target in after.items() if before.get(title) != target},
        },
    )
    totals.recompute(keys)
    if not asks and not monthly_return.evidence.exists():
        _take_away(monthly_return, book, by)
    return [monthly_return]


def _take_away(monthly_return: MonthlyReturn, book: Book, by) -> None:
    """Delete a return nobody has to fill in any more, and say why; pauses of its reminders go with it."""
    kpi_set = book.in_force(monthly_return.month) or monthly_return.kpi_set
    why = (
        f"its months belong to another return under KPI set {kpi_set.number}"
        if any(book.is_owed(month) for month in monthly_return.months)
        else f"{kpi_set} asks for none"
    )
    record(
        action="returns.take_away",
        subject=monthly_return,
        by=by,
        contract_number=monthly_return.contract_id,
        summary=f"{monthly_return.period_words} return taken away: {why}",
    )
    keys = opening.keys_of(monthly_return.readings.all())
    monthly_return.readings.all().delete()
    monthly_return.snoozes.all().delete()
    monthly_return.delete()
    totals.recompute(keys)
