"""What tests of the reports begin with: the day, measures, a second contract, two months on both."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from conftest import make_contract
from kpis.tests.factories import make_measure
from reporting.tests.making import APRIL, MAY, NOW, add_up, make_return, promise


@pytest.fixture
def eleventh_of_june(monkeypatch):
    """Hold the clock at 11 June 2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def weeks(db):
    """Return a measure that adds up."""
    return make_measure("Weeks of apprenticeship")


@pytest.fixture
def share(db):
    """Return a percentage of the latest month."""
    return make_measure(
        "Staff paid a living wage", unit="per cent", kind="percentage", roll_up="latest",
        numerator_name="staff paid it", denominator_name="all staff",
    )  # fmt: skip


@pytest.fixture
def parks(neighbourhoods, priya, colin):
    """Return a second contract of Neighbourhoods."""
    return make_contract(
        "Parks upkeep", neighbourhoods, manager=priya, commissioner=colin, value=Decimal(900)
    )


@pytest.fixture
def two_contracts(highways, parks, weeks, share):
    """Report April and May on two contracts: May of Parks is not in."""
    first = promise(highways, (weeks, 1200), (share, 90))
    second = promise(parks, (weeks, 120), (share, 80))
    make_return(first, APRIL, {weeks: 90, share: (8, 10)}, verified={weeks: 88, share: (8, 10)})
    make_return(first, MAY, {weeks: 70, share: (9, 10)}, came_on=dt.date(2026, 6, 10))
    make_return(second, APRIL, {weeks: "10.25", share: (60, 100)}, came_on=dt.date(2026, 5, 29))
    make_return(second, MAY, came_on=None)
    add_up()
