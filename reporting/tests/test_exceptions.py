"""Exceptions on the contract, home, supplier and report pages: no KPIs, by approval, until a day."""

import datetime as dt

import pytest

from accounts.calendar import add_months, first_of_month, today
from conftest import make_contract
from contracts.models import ProportionateRule
from kpis.models import KPISet
from kpis.tests.factories import make_approved_exception, make_approved_set, make_measure
from reporting.pages.home_sets import contracts_without, exceptions_to_review
from reporting.queries import names
from reporting.queries.periods import MONTH, Period
from reporting.queries.scope import Scope

DAY = dt.timedelta(days=1)


@pytest.fixture
def month():
    """Return the first of this month."""
    return first_of_month(today())


def test_the_contract_page_says_until_when_and_why(highways, month, as_person, priya, sami):
    make_approved_exception(highways, month, today() + 50 * DAY)
    for person in (priya, sami):
        page = as_person(person).get(highways.get_absolute_url()).content.decode()
        assert "No KPIs: approved exception until" in page
        assert "Two visits a year with one van." in page
        assert "Live without approved KPIs" not in page
    assert "Propose the exception again" in as_person(priya).get(highways.get_absolute_url()).content.decode()


def test_after_the_day_of_review_the_contract_page_says_so_first(highways, month, as_person, priya):
    make_approved_exception(highways, add_months(month, -2), today() - DAY)
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "Exception to be reviewed" in page
    assert "exception to be reviewed since" in page


def test_a_live_contract_with_neither_is_shown_as_such(highways, as_person, priya):
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "Live without approved KPIs or an approved exception" in page


def test_an_exception_for_later_says_from_when_and_one_behind_kpis_is_named(
    highways, month, as_person, priya
):
    make_approved_set(highways, add_months(month, -2), [(make_measure(), "5")])
    make_approved_exception(highways, add_months(month, 2), today() + 200 * DAY)
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "1 KPI in force since" in page
    assert "exception 2, from" in page


def test_figures_reported_before_an_exception_stay_on_the_page(highways, month, as_person, priya):
    make_approved_set(highways, add_months(month, -6), [(make_measure(), "5")])
    make_approved_exception(highways, month, today() + 50 * DAY)
    page = as_person(priya).get(highways.get_absolute_url())
    assert page.status_code == 200
    assert "Other approved sets" in page.content.decode()


def test_home_leaves_a_standing_exception_alone_and_names_one_to_be_reviewed(highways, month, priya, colin):
    assert [row.title for row in contracts_without(priya)] == ["Highways resurfacing"]
    one = make_approved_exception(highways, add_months(month, -2), today())
    assert contracts_without(priya) == exceptions_to_review(priya) == []
    KPISet.objects.filter(pk=one.pk).update(review_on=today() - DAY)
    for person in (priya, colin):
        assert [row.title for row in exceptions_to_review(person)] == ["Highways resurfacing: Exception 1"]
    KPISet.objects.create(contract=highways, number=2, status="draft")
    assert exceptions_to_review(priya) == []


def test_the_rules_section_compares_with_the_exception(highways, month, as_person, priya):
    ProportionateRule.objects.all().delete()
    ProportionateRule.objects.create(kpis_at_least=3, key="all")
    make_approved_exception(highways, month, today() + 50 * DAY)
    page = as_person(priya).get(highways.get_absolute_url()).content.decode()
    assert "None: approved exception until" in page


def test_the_suppliers_page_says_that_it_has_no_kpis_by_approval(highways, month, as_person, lena):
    make_approved_exception(highways, add_months(month, -2), today() + 50 * DAY)
    supplier = highways.supplier_links.get().supplier
    page = as_person(lena).get(supplier.get_absolute_url()).content.decode()
    assert "Approved exception until" in page


@pytest.fixture
def four(highways, home_care, neighbourhoods, month):
    """Return the month before this one: KPIs, an exception, one to be reviewed by then, and nothing."""
    last = add_months(month, -1)
    make_approved_set(highways, add_months(last, -3), [(make_measure(), "5")])
    stands = make_contract("Bus shelters", neighbourhoods)
    make_approved_exception(stands, add_months(last, -3), today() + 50 * DAY)
    passed = make_contract("Fuel cards", neighbourhoods)
    make_approved_exception(passed, add_months(last, -3), last + 9 * DAY)
    return last


def test_reports_count_kpis_exceptions_and_neither_and_they_add_up(four, lena, neighbourhoods, adults):
    period = Period(four, MONTH)
    by = names.promised(Scope(lena), period)
    assert by[neighbourhoods.pk] == names.Promised(3, 1, 1)
    assert by[adults.pk] == names.Promised(1, 0, 0)
    for scope in (Scope(lena), Scope(lena, neighbourhoods)):
        found = names.promised(scope, period).values()
        assert sum(one.without for one in found) == names.without_kpis(scope, period).count()
    words = by[neighbourhoods.pk].words
    assert words == "1 of 3 live contracts has approved KPIs, 1 an approved exception, 1 neither."


def test_the_councils_and_the_directorates_page_say_it(four, lena, as_person, neighbourhoods):
    page = as_person(lena).get(f"/reports/council/{four:%Y-%m}/")
    text = page.content.decode()
    assert "1 of 4 live contracts has approved KPIs, 1 an approved exception, 2 neither." in text
    lines = {one.name: one for one in page.context["report"].summaries}
    line = lines["Neighbourhoods"]
    assert (line.with_kpis, line.excepted, line.without) == (1, 1, 1)
    page = as_person(lena).get(f"/reports/directorates/{neighbourhoods.slug}/{four:%Y-%m}/")
    text = page.content.decode()
    assert "1 of 3 live contracts has approved KPIs, 1 an approved exception, 1 neither." in text


def test_the_reason_a_passed_exception_gives_stands_in_the_list_of_contracts_without(four, lena):
    rows = names.contracts_without_kpis(Scope(lena), Period(four, MONTH))
    why = {row.contract: row.why for row in rows}
    assert why["Fuel cards"].startswith("Exception 1: to be reviewed since")
    assert "Bus shelters" not in why


def test_more_exceptions_ask_no_more_queries(four, lena, neighbourhoods, django_assert_num_queries):
    scope, period = Scope(lena), Period(four, MONTH)
    with django_assert_num_queries(2):
        names.promised(scope, period)
    for number in range(10):
        made = make_contract(f"More {number}", neighbourhoods)
        make_approved_exception(made, add_months(four, -3), today() + 50 * DAY)
    with django_assert_num_queries(2):
        names.promised(scope, period)
