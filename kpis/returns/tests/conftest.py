"""What tests of returns begin with: a contract with an approved set and its May return open."""

import datetime as dt
from decimal import Decimal

import pytest

from kpis.models import MonthlyReturn
from kpis.returns import verbs
from kpis.tests.factories import make_approved_set, make_measure

APRIL, MAY, JUNE = (dt.date(2026, month, 1) for month in (4, 5, 6))
ALL = set(verbs.CONFIRMATIONS)


@pytest.fixture
def weeks(db):
    """Return a measure that adds up."""
    return make_measure("Apprenticeship weeks", unit="weeks", places=0)


@pytest.fixture
def local_spend(db):
    """Return a measure that is a percentage."""
    return make_measure(
        "Spend with local suppliers",
        unit="per cent",
        places=2,
        kind="percentage",
        roll_up="average",
        numerator_name="Spend with local suppliers (£)",
        denominator_name="All spend (£)",
    )


@pytest.fixture
def kpi_set(highways, weeks, local_spend):
    """Return the contract's set in force from April 2026: 120 weeks in a year, 40 % local spend."""
    return make_approved_set(highways, APRIL, [(weeks, 120), (local_spend, 40)])


@pytest.fixture
def may(kpi_set):
    """Return May's return of the highways contract, open."""
    verbs.open_month(MAY)
    return MonthlyReturn.objects.get(month=MAY)


def reading_of(monthly_return, measure):
    """Return the return's reading of one measure."""
    return monthly_return.readings.get(measure=measure)


def fill_in(monthly_return, by, value=10, numerator=40, denominator=100, comment=""):
    """Save a figure for every KPI of a return."""
    for reading in monthly_return.readings.select_related("measure"):
        if reading.measure.is_percentage:
            given = {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
        else:
            given = {"value": Decimal(value)}
        verbs.save_reading(reading, by=by, comment=comment, **given)


def submitted(monthly_return, by, **figures):
    """Return the return filled in and submitted."""
    fill_in(monthly_return, by, **figures)
    return verbs.submit(monthly_return, by=by, confirmations=ALL)
