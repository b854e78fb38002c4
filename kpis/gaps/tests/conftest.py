"""Contracts with and without KPIs for the pages of this room."""

import pytest

from accounts.calendar import add_months, first_of_month, last_of_month, today
from conftest import make_contract
from contracts.models import ProportionateRule
from kpis.tests.factories import make_approved_set, make_measure


@pytest.fixture
def month(db):
    """Return the first of this month; no proportionate rule holds."""
    ProportionateRule.objects.all().delete()
    return first_of_month(today())


@pytest.fixture
def bare(neighbourhoods, priya, colin, month):
    """Return a function that makes a live contract without KPIs."""

    def make(title="Tree works", directorate=neighbourhoods, **facts):
        return make_contract(
            title,
            directorate,
            **{
                "manager": priya,
                "commissioner": colin,
                "starts_on": add_months(month, -12),
                "ends_on": last_of_month(add_months(month, 12)),
                **facts,
            },
        )

    return make


@pytest.fixture
def covered(bare, month):
    """Return a function that makes a live contract with one KPI and nothing wrong."""

    def make(title="Parks", until=12, **facts):
        contract = bare(title, **facts)
        make_approved_set(
            contract, add_months(month, -12), [(make_measure(), "5")], ends_month=add_months(month, until)
        )
        return contract

    return make


@pytest.fixture
def typed():
    """Return a function that gives what a form of a gap sends."""

    def give(who=None, on=None, **changed):
        on = on or add_months(first_of_month(today()), 3)
        return {
            "seen": "0",
            "reason": "not_asked",
            "words": "The tender scored price alone.",
            "next_step": "next_contract",
            "who": who.pk if who else "",
            "by_when_0": on.day,
            "by_when_1": on.month,
            "by_when_2": on.year,
            **changed,
        }

    return give
