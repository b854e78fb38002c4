"""Returns for a quarter or half year: when they open, what they ask, what a later set does to them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import HistoryRow
from conftest import make_contract
from contracts.models import Suspension
from kpis.models import KPISet, MonthlyReturn
from kpis.readings.to_date import figures_to_date
from kpis.returns import verbs
from kpis.returns.tests.conftest import APRIL, JUNE, MAY, fill_in, reading_of, submitted
from kpis.tests.factories import make_approved_set

MARCH, JULY, SEPTEMBER = dt.date(2026, 3, 1), dt.date(2026, 7, 1), dt.date(2026, 9, 1)


def every(kpi_set, months):
    """Let a set ask for figures every so many months."""
    KPISet.objects.filter(pk=kpi_set.pk).update(returns_every=months)
    kpi_set.returns_every = months
    return kpi_set


@pytest.fixture
def quarterly(kpi_set):
    """Return the contract's set in force from April 2026, with figures returned quarterly."""
    return every(kpi_set, 3)


@pytest.fixture
def quarter(quarterly):
    """Return the return for April to June."""
    verbs.open_month(JUNE)
    return MonthlyReturn.objects.get()


def test_a_quarterly_return_opens_when_the_quarter_is_over_with_the_quarters_targets(
    quarterly, weeks, local_spend
):
    assert verbs.open_month(APRIL) == verbs.open_month(MAY) == verbs.Opened(0, 0)
    assert verbs.open_month(JUNE) == verbs.Opened(1, 0)
    assert verbs.open_month(JUNE) == verbs.Opened(0, 1)
    found = MonthlyReturn.objects.get()
    assert (found.month, found.months_covered, found.first_month) == (JUNE, 3, APRIL)
    assert found.period_words == "April to June 2026"
    assert found.due_on == dt.date(2026, 7, 14)
    assert reading_of(found, weeks).target == Decimal(30)
    assert reading_of(found, local_spend).target == Decimal(40)
    assert HistoryRow.objects.of(found).get().summary.startswith("April to June 2026 return opened")


def test_a_half_year_ends_with_september_and_begins_where_the_set_does(kpi_set, highways, weeks):
    KPISet.objects.all().delete()
    every(make_approved_set(highways, MAY, [(weeks, 120)]), 6)
    assert verbs.open_month(JUNE).created == 0
    verbs.open_month(SEPTEMBER)
    found = MonthlyReturn.objects.get()
    assert (found.month, found.months_covered) == (SEPTEMBER, 5)
    assert reading_of(found, weeks).target == Decimal(50)


def test_a_quarter_closes_early_with_the_contract_and_gives_the_usual_days(quarterly, highways, weeks):
    type(highways).objects.filter(pk=highways.pk).update(terminated_on=dt.date(2026, 5, 20))
    verbs.open_month(APRIL)
    verbs.open_month(MAY)
    found = MonthlyReturn.objects.get()
    assert (found.month, found.months_covered) == (MAY, 2)
    assert reading_of(found, weeks).target == Decimal(20)
    # It was told long after: nobody is late for what they could not know.
    assert found.due_on > dt.date.today()  # noqa: DTZ011 (what the clock says, not what a test says)


def test_a_kpi_that_ended_within_the_quarter_is_still_asked_for(highways, weeks, local_spend):
    kpi_set = every(make_approved_set(highways, APRIL, [(weeks, 120), (local_spend, 40)]), 3)
    kpi_set.terms.filter(kpi__measure=weeks).update(ends_month=APRIL)
    verbs.open_month(JUNE)
    assert reading_of(MonthlyReturn.objects.get(), weeks).target == Decimal(10)


def test_suspended_months_of_a_quarter_ask_for_nothing(quarterly, highways, weeks, colin):
    Suspension.objects.create(
        contract=highways, from_month=MAY, to_month=MAY, reason="The road was closed.", made_by=colin
    )
    verbs.open_month(JUNE)
    found = MonthlyReturn.objects.get()
    assert found.months_covered == 3
    assert reading_of(found, weeks).target == Decimal(20)


def test_nothing_is_due_of_a_quarter_before_its_last_month(quarter, priya, weeks):
    submitted(quarter, priya, value=30)
    kpi = reading_of(quarter, weeks).kpi
    assert figures_to_date(kpi, MAY).due is None
    assert figures_to_date(kpi, JUNE).due == Decimal(30)
    assert figures_to_date(kpi, JUNE).actual == Decimal(30)


def test_missed_days_catch_up_with_one_return_a_quarter(quarterly):
    now = dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC)
    assert verbs.open_due_months(now).created == 2
    assert verbs.open_due_months(now).created == 0
    assert list(MonthlyReturn.objects.order_by("month").values_list("month", "months_covered")) == [
        (JUNE, 3),
        (SEPTEMBER, 3),
    ]


def test_a_monthly_set_splits_a_quarter_nobody_has_begun(quarter, highways, weeks, colin):
    make_approved_set(highways, MAY, [(weeks, 240)])
    verbs.rebuild_open_returns(highways, MAY, by=colin)
    found = MonthlyReturn.objects.order_by("month")
    assert [(one.month, one.months_covered, one.kpi_set.number) for one in found] == [
        (APRIL, 1, 1),
        (MAY, 1, 2),
        (JUNE, 1, 2),
    ]
    assert [reading_of(one, weeks).target for one in found] == [Decimal(10), Decimal(20), Decimal(20)]
    row = HistoryRow.objects.of(quarter).filter(action="returns.rebuild").get()
    assert (row.before["Months"], row.after["Months"]) == ("April to June 2026", "June 2026")


def test_a_quarter_somebody_has_begun_keeps_its_months_and_what_was_entered(
    quarter, highways, weeks, local_spend, priya, colin
):
    fill_in(quarter, priya, value=31)
    make_approved_set(highways, MAY, [(weeks, 240)])
    verbs.rebuild_open_returns(highways, MAY, by=colin)
    found = MonthlyReturn.objects.get()
    assert found.months_covered == 3
    assert reading_of(found, weeks).value == Decimal(31)
    # April by the first set, May and June by the second.
    assert reading_of(found, weeks).target == Decimal(50)
    assert reading_of(found, local_spend).target == Decimal(40)


def test_a_quarterly_set_takes_months_together_but_for_those_begun(highways, kpi_set, weeks, priya, colin):
    for month in (APRIL, MAY, JUNE):
        verbs.open_month(month)
    fill_in(MonthlyReturn.objects.get(month=APRIL), priya)
    every(make_approved_set(highways, APRIL, [(weeks, 240)]), 3)
    verbs.rebuild_open_returns(highways, APRIL, by=colin)
    found = list(MonthlyReturn.objects.order_by("month"))
    assert [(one.month, one.months_covered) for one in found] == [(APRIL, 1), (JUNE, 2)]
    assert [reading_of(one, weeks).target for one in found] == [Decimal(20), Decimal(40)]
    assert HistoryRow.objects.filter(action="returns.take_away").count() == 1


def test_months_of_a_quarter_that_is_not_over_wait_for_it(highways, kpi_set, weeks, colin, monkeypatch):
    verbs.open_month(APRIL)
    every(make_approved_set(highways, APRIL, [(weeks, 240)]), 3)
    verbs.rebuild_open_returns(highways, APRIL, by=colin)
    assert not MonthlyReturn.objects.exists()
    verbs.open_month(JUNE)
    assert MonthlyReturn.objects.get().months_covered == 3


def test_opening_a_quarter_costs_the_same_queries_for_two_contracts_as_for_thirty(
    neighbourhoods, weeks, quarterly
):
    with CaptureQueriesContext(connection) as few:
        verbs.open_month(JUNE)
    for number in range(30):
        every(make_approved_set(make_contract(f"C{number}", neighbourhoods), APRIL, [(weeks, 12)]), 3)
    with CaptureQueriesContext(connection) as many:
        assert verbs.open_month(SEPTEMBER).created == 31
    assert len(many) == len(few)


def test_its_pages_name_the_months(as_person, priya, quarter, weeks):
    client = as_person(priya)
    page = client.get(quarter.get_absolute_url()).content.decode()
    assert "April to June 2026 return" in page
    assert "Period's target 30" in page
    reading = reading_of(quarter, weeks)
    page = client.get(reverse("kpis:reading-edit", args=[quarter.contract_id, "2026-06", reading.kpi_id]))
    assert "target for April to June 2026" in page.content.decode()
    listed = client.get(reverse("kpis:return-list") + "?month=2026-06").content.decode()
    assert "April to June 2026" in listed


def test_the_list_of_a_month_holds_the_quarters_return(quarter):
    assert MonthlyReturn.objects.covering(APRIL).get() == quarter
    assert not MonthlyReturn.objects.covering(MARCH).exists()
    assert not MonthlyReturn.objects.covering(JULY).exists()
