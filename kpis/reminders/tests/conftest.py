"""A return of May 2026, due on 12 June 2026 (ten working days), and a KPI set that waits for its director."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from kpis.models import KPISet, MonthlyReturn, SetSubmission
from kpis.reminders import defaults

LONDON = ZoneInfo("Europe/London")
MAY = dt.date(2026, 5, 1)
DUE = dt.date(2026, 6, 12)


def at(day, hour=9):
    """Return nine o'clock in London on a day written as text."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), LONDON)


def make_set(contract, status="approved", **facts):
    """Return a KPI set in force from April 2025, or one of another status."""
    known = (
        {"effective_month": dt.date(2025, 4, 1), "decided_at": at("2025-03-03")}
        if status == "approved"
        else {}
    )
    number = contract.kpi_sets.count() + 1
    return KPISet.objects.create(contract=contract, number=number, status=status, **{**known, **facts})


def make_return(contract, month=MAY, due_on=DUE, **facts):
    """Return an open return of the contract."""
    kpi_set = contract.kpi_sets.filter(status="approved").first() or make_set(contract)
    return MonthlyReturn.objects.create(
        contract=contract,
        month=month,
        kpi_set=kpi_set,
        directorate=contract.directorate,
        due_on=due_on,
        **{"opened_at": at("2026-06-01", 0), **facts},
    )


@pytest.fixture(autouse=True)
def _steps(db):
    """Have the default steps, also after a test that emptied the tables."""
    defaults.load()


@pytest.fixture
def may_return(highways, dana, lena):
    """Return May's return of the highways contract, with a director and a lead in post."""
    return make_return(highways)


@pytest.fixture
def waiting_set(highways, colin, dana):
    """Return a KPI set Colin submitted on Monday 1 June 2026."""
    kpi_set = make_set(highways, "submitted", submitted_by=colin, submitted_at=at("2026-06-01", 11))
    kpi_set.editors.add(colin)
    SetSubmission.objects.create(
        kpi_set=kpi_set, ordinal=1, content={}, content_hash="0" * 64, submitted_by=colin
    )
    return kpi_set
