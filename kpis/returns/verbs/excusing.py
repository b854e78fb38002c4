"""Excusing a return that is not owed, what was entered set aside; and asking for it after all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from accounts.calendar import today
from accounts.history import record
from accounts.models import HistoryRow
from contracts.models import Suspension
from kpis.readings.models import CohortCount, Reading
from kpis.returns.models import MonthlyReturn
from kpis.returns.moves import MOVES
from kpis.returns.verbs.figures import as_text
from kpis.returns.verbs.opening import due_on, fresh_readings, keys_of

Key = tuple[int, dt.date, int]
# How the history of an excused return says that it was late already.
OVERDUE = "Was overdue"
AMOUNTS = ("value", "numerator", "denominator")


def excuse(monthly_return: MonthlyReturn, *, by, why: str, suspension: Suspension | None = None) -> set[Key]:
    """Make a locked return one that nobody owes; return the totals to recompute.

    Its readings go, so that nothing of the month is due or expected; what had been entered is set aside on
    the return and stands in the history. Only a return that was never submitted can be excused (else Stale).
    """
    MOVES.check(monthly_return, "excuse")
    was_overdue = monthly_return.is_overdue
    readings = _readings_of(monthly_return)
    keys = keys_of(readings)
    entered = {reading.terms.title: as_text(reading) for reading in readings if reading.is_started}
    monthly_return.set_aside = [
        _kept(reading) for reading in readings if reading.is_started or reading.evidence.all()
    ]
    Reading.objects.filter(pk__in=[reading.pk for reading in readings]).delete()
    MOVES.apply(monthly_return, "excuse")
    monthly_return.excused_by = suspension
    monthly_return.version += 1
    monthly_return.save()
    record(
        action="returns.excuse",
        subject=monthly_return,
        by=by,
        contract_number=monthly_return.contract_id,
        summary=f"{monthly_return.period_words} return excused",
        before=entered,
        after={OVERDUE: True} if was_overdue else {},
        note=why,
    )
    return keys


def owe(monthly_return: MonthlyReturn, *, by, why: str) -> set[Key]:
    """Ask for an excused, locked return after all, with what had been entered; return totals to recompute.

    Its KPIs are those of the set in force now: a figure set aside for a KPI that is gone stays in the history
    alone. It is due anew, unless it was overdue already when it was excused. Where the set asks for nothing
    in its month and there is no evidence, the return is taken away.
    """
    MOVES.check(monthly_return, "owe")
    kept = {row["kpi"]: row for row in monthly_return.set_aside}
    kpi_set, readings = fresh_readings(monthly_return)
    if not readings and not is_supported(monthly_return):
        take_away(monthly_return, by=by, why=why)
        return set()
    monthly_return.due_on = _due_anew(monthly_return)
    MOVES.apply(monthly_return, "owe")
    monthly_return.kpi_set = kpi_set or monthly_return.kpi_set
    monthly_return.excused_by, monthly_return.set_aside = None, []
    monthly_return.version += 1
    monthly_return.save()
    for reading in readings:
        _put_back(reading, kept.pop(reading.kpi_id, None))
    record(
        action="returns.owe",
        subject=monthly_return,
        by=by,
        contract_number=monthly_return.contract_id,
        summary=f"{monthly_return.period_words} return asked for after all",
        after={reading.terms.title: as_text(reading) for reading in readings if reading.is_started},
        note=why,
    )
    return keys_of(readings)


def take_away(monthly_return: MonthlyReturn, *, by, why: str) -> set[Key]:
    """Delete a locked return that nobody owes and nothing was put into; return the totals to recompute."""
    readings = _readings_of(monthly_return)
    keys = keys_of(readings)
    record(
        action="returns.take_away",
        subject=monthly_return,
        by=by,
        contract_number=monthly_return.contract_id,
        summary=f"{monthly_return.period_words} return taken away",
        note=why,
    )
    Reading.objects.filter(pk__in=[reading.pk for reading in readings]).delete()
    monthly_return.delete()
    return keys


def retarget(monthly_return: MonthlyReturn) -> set[Key]:
    """Give a locked open return the targets its months come to now; return the totals to recompute.

    A quarter of which one month is suspended asks for what is due in the other two.
    """
    _, fresh = fresh_readings(monthly_return)
    targets = {reading.kpi_id: reading.target for reading in fresh}
    changed = []
    for reading in monthly_return.readings.all():
        if reading.kpi_id in targets and reading.target != targets[reading.kpi_id]:
            reading.target = targets[reading.kpi_id]
            reading.save(update_fields=["target"])
            changed.append(reading)
    return keys_of(changed)


def is_supported(monthly_return: MonthlyReturn) -> bool:
    """Return whether anything hangs on the return that must not go: evidence, or a pause of its reminders."""
    return monthly_return.evidence.exists() or monthly_return.snoozes.exists()


def is_begun(monthly_return: MonthlyReturn) -> bool:
    """Return whether somebody put anything at all into the return."""
    return (
        bool(monthly_return.additional_benefits)
        or is_supported(monthly_return)
        or monthly_return.readings.filter(saved_at__isnull=False).exists()
    )


def _readings_of(monthly_return: MonthlyReturn) -> list[Reading]:
    return list(
        monthly_return.readings.select_related("terms", "measure__unit").prefetch_related(
            "cohort_counts", "editors", "evidence"
        )
    )


def _kept(reading: Reading) -> dict:
    """Return all that was entered for one KPI as text and numbers, to be put back one day."""

    def exact(amount: Decimal | None) -> str | None:
        return None if amount is None else str(amount)

    return {
        "kpi": reading.kpi_id,
        **{name: exact(getattr(reading, name)) for name in AMOUNTS},
        "date_value": reading.date_value.isoformat() if reading.date_value else None,
        "text_value": reading.text_value,
        "nothing_to_report": reading.nothing_to_report,
        "comment": reading.comment,
        "saved_by": reading.saved_by_id,
        "saved_at": reading.saved_at.isoformat() if reading.saved_at else None,
        "version": reading.version,
        "editors": [person.pk for person in reading.editors.all()],
        "cohorts": [[row.cohort_id, row.count] for row in reading.cohort_counts.all()],
        "evidence": [item.pk for item in reading.evidence.all()],
    }


def _put_back(reading: Reading, kept: dict | None) -> None:
    """Save a fresh reading with what had been set aside for its KPI."""
    if kept is None:
        reading.save()
        return
    for name in AMOUNTS:
        setattr(reading, name, None if kept[name] is None else Decimal(kept[name]))
    reading.date_value = dt.date.fromisoformat(kept["date_value"]) if kept["date_value"] else None
    reading.saved_at = dt.datetime.fromisoformat(kept["saved_at"]) if kept["saved_at"] else None
    reading.saved_by_id = kept["saved_by"]
    for name in ("text_value", "nothing_to_report", "comment"):
        setattr(reading, name, kept[name])
    # A page that was open before must not be saved over what was put back.
    reading.version = kept["version"] + 1
    reading.save()
    reading.editors.set(kept["editors"])
    reading.evidence.set(kept["evidence"])
    CohortCount.objects.bulk_create(
        CohortCount(reading=reading, cohort_id=cohort, count=count) for cohort, count in kept["cohorts"]
    )


def _due_anew(monthly_return: MonthlyReturn) -> dt.date:
    """Return when it is due now: nobody is late for the time in which it was not owed."""
    rows = HistoryRow.objects.of(monthly_return).filter(action="returns.excuse")
    excused = rows.order_by("-pk").first()
    if excused is not None and OVERDUE in excused.after:
        return monthly_return.due_on
    return max(monthly_return.due_on, due_on(monthly_return.month, today()))
