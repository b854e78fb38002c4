"""What these tests begin with: 12 August 2026, a contract with a year's KPIs from April, its returns open."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from unittest import mock

import pytest
from django.utils import timezone

from kpis.models import MonthlyReturn, Reading, TotalRow
from kpis.returns import verbs as returns
from kpis.returns.tests.conftest import ALL, fill_in
from kpis.tests.factories import make_approved_set, make_measure
from kpis.totals import verbs as totals

APRIL, MAY, JUNE, JULY, AUGUST = (dt.date(2026, month, 1) for month in (4, 5, 6, 7, 8))
TODAY = dt.date(2026, 8, 12)


def at(day):
    """Return nine in the morning of a day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


class Clock:
    """The day it is, to be moved on."""

    def __init__(self, now):
        self.now = now

    def turn_to(self, day):
        """Let it be nine in the morning of another day."""
        self.now.return_value = at(day)


@pytest.fixture(autouse=True)
def clock():
    """Let it be 12 August 2026."""
    with mock.patch.object(timezone, "now", return_value=at(TODAY)) as now:
        yield Clock(now)


@pytest.fixture
def weeks(db):
    """Return a measure that adds up."""
    return make_measure("Apprenticeship weeks", unit="weeks", places=0)


@pytest.fixture
def local_spend(db):
    """Return a measure that is a percentage."""
    return make_measure(
        "Spend with local suppliers", unit="per cent", places=2, kind="percentage", roll_up="average",
        numerator_name="Local spend (£)", denominator_name="All spend (£)",
    )  # fmt: skip


@pytest.fixture
def kpi_set(highways, weeks, local_spend):
    """Return the set in force from April 2026: 120 weeks in a year, 40 % local spend."""
    return make_approved_set(highways, APRIL, [(weeks, 120), (local_spend, 40)])


@pytest.fixture
def running(highways, kpi_set, priya):
    """Return the contract with returns from April to July: April submitted, May begun, two untouched."""
    for month in (APRIL, MAY, JUNE, JULY):
        returns.open_month(month)
    fill_in(of(APRIL), priya, value=9)
    returns.submit(of(APRIL), by=priya, confirmations=ALL)
    reading = of(MAY).readings.get(measure__kind="count")
    returns.save_reading(reading, by=priya, value=Decimal(7), comment="Two apprentices.")
    assert totals.check() == []
    return highways


def of(month, contract=None):
    """Return the return of a month."""
    found = MonthlyReturn.objects.filter(month=month)
    return found.get(contract=contract) if contract else found.get()


def statuses(contract):
    """Return the status of each month's return."""
    rows = contract.monthly_returns.order_by("month")
    return {month.month: status for month, status in rows.values_list("month", "status")}


def reported():
    """Return every figure that was ever submitted, with where it counts."""
    rows = Reading.objects.filter(reported_at__isnull=False).order_by("contract", "month", "measure")
    return list(
        rows.values_list(
            "contract", "directorate", "month", "measure", "target", "reported_value",
            "reported_numerator", "reported_denominator",
        )
    )  # fmt: skip


def due(directorate, month):
    """Return what is due in a directorate and month over all measures that add up, and how many readings."""
    rows = TotalRow.objects.filter(directorate=directorate, month=month)
    return SimpleNamespace(amount=sum(row.due for row in rows), expected=sum(row.n_expected for row in rows))
