"""Promises and readings come to the £ one works out by hand, in a flat number of queries."""

import datetime as dt
from decimal import Decimal

import pytest

from conftest import make_contract
from kpis.models import Cohort, KPITerms, Reading
from kpis.tests.factories import make_approved_set, make_measure
from kpis.valuation.check import recomputed, to_the_penny
from kpis.valuation.comparing import difference
from kpis.valuation.questions import (
    committed_by,
    figures_by,
    worth_due,
    worth_of_contract,
    worth_of_kpi,
    worth_of_set,
    worth_reported,
    worth_verified,
)
from kpis.valuation.tests.making import make_proxy, price
from reporting.tests.making import APRIL, MAY, NOW, make_return

pytestmark = pytest.mark.django_db
START, END = dt.date(2026, 1, 1), dt.date(2027, 12, 1)


@pytest.fixture(autouse=True)
def _one_day(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def hours(db):
    return make_measure("Volunteer hours", unit="test-hours")


@pytest.fixture
def waste(db):
    return make_measure("Waste to landfill", unit="test-tonnes", direction="lower")


def test_committed_takes_each_calendar_years_value_and_its_own_range(highways, hours):
    kpi_set = make_approved_set(highways, START, [(hours, 240)], ends_month=END)
    price(kpi_set, make_proxy(hours, (2026, "16.93", "10", "20"), (2027, "17.5", None, "21")))
    worth = worth_of_set(kpi_set)
    # 120 hours a year: 120 x 16.93 + 120 x 17.50; low 120 x 10 + 120 x 17.50.
    assert worth.social.cells == (Decimal("4131.60"), Decimal("3300.00"), Decimal("4920.00"))
    assert worth.local is None
    assert [(line.year, line.units) for line in worth.lines] == [(2026, 120), (2027, 120)]


def test_the_councils_shares_and_the_years_it_lasts_are_multiplied_in(highways, hours):
    kpi_set = make_approved_set(highways, START, [(hours, 120)])
    proxy = make_proxy(
        hours, "10", deadweight=Decimal(20), attribution=Decimal(50), displacement=Decimal(10),
        lasts_years=3, drop_off=Decimal(50),
    )  # fmt: skip
    # 0.8 x 0.9 x 0.5 = 0.36; 1 + 0.5 + 0.25 = 1.75; 120 x 10 x 0.63.
    assert worth_of_set(price(kpi_set, proxy)).social.in_full == "£756"


def test_a_harm_that_is_counted_takes_the_minus_sign_and_its_range_turns_round(highways, waste):
    kpi_set = price(
        make_approved_set(highways, START, [(waste, 12)]), make_proxy(waste, ("100", "50", "150"))
    )
    assert worth_of_set(kpi_set).social.cells == (Decimal(-1200), Decimal(-1800), Decimal(-600))


def test_a_year_without_a_value_has_no_pounds_and_is_named(highways, hours):
    kpi_set = make_approved_set(highways, START, [(hours, 240)], ends_month=END)
    worth = worth_of_set(price(kpi_set, make_proxy(hours, (2026, "10", None, None))))
    assert worth.social.in_full == "£1,200"
    assert [one.words for one in worth.without_years] == [
        "Volunteer hours (1 KPI): “National value” has no value for 2027; 120 test-hours are counted, "
        "not valued"
    ]
    assert worth.unpriced_kpis == 0


def test_kpis_without_a_value_are_counted_and_named_with_the_reason(highways, hours):
    share = make_measure("Staff paid a living wage", kind="percentage", roll_up="latest", unit="test-pc")
    jobs = make_measure("People employed", roll_up="latest", unit="test-people")
    kpi_set = make_approved_set(highways, START, [(hours, 120), (share, 90), (jobs, 5)])
    price(kpi_set, make_proxy(share, "10"), make_proxy(jobs, "10"))
    worth = worth_of_set(kpi_set)
    assert (worth.kpis, worth.unpriced_kpis, worth.social) == (3, 3, None)
    assert {one.measure.title: one.reason for one in worth.unpriced} == {
        "Volunteer hours": "no £ value is set for it",
        "Staff paid a living wage": "a percentage is never valued as if it were a count",
        "People employed": "a level that is held would be counted again each month",
    }


def test_local_economic_value_is_never_added_to_social_value(highways, hours):
    spend = make_measure("Spend with local firms", kind="money", unit="test-pounds")
    kpi_set = make_approved_set(highways, START, [(hours, 120), (spend, 12000)])
    price(kpi_set, make_proxy(hours, "10"), make_proxy(spend, "0.4", stream="local"))
    worth = worth_of_set(kpi_set)
    assert (worth.social.in_full, worth.local.in_full) == ("£1,200", "£4,800")


def test_what_is_about_a_group_of_people_is_in_no_headline(highways, hours):
    cohort = Cohort.objects.get(is_our_children=True)
    children = make_measure("Our Children hired", unit="test-people", cohort=cohort)
    kpi_set = make_approved_set(highways, START, [(hours, 120), (children, 12)])
    price(kpi_set, make_proxy(hours, "10"), make_proxy(children, "1000"))
    worth = worth_of_set(kpi_set)
    assert (worth.social.in_full, worth.kept_apart("social").in_full) == ("£1,200", "£12,000")
    assert (worth.kpis, worth.guarded_kpis, worth.priced_kpis) == (2, 1, 1)
    KPITerms.objects.filter(kpi__measure=hours).update(cohort=cohort)
    assert worth_of_set(kpi_set).social is None


def test_due_reported_and_verified_are_of_opened_returns(highways, hours):
    kpi_set = price(make_approved_set(highways, START, [(hours, 120)]), make_proxy(hours, ("10", "5", "20")))
    make_return(kpi_set, APRIL, {hours: 8}, verified={hours: 6})
    make_return(kpi_set, MAY, came_on=None)
    readings = Reading.objects.filter(contract=highways)
    assert worth_due(readings).social.cells == (200, 100, 400)
    assert worth_reported(readings).social.cells == (80, 40, 160)
    assert worth_verified(readings).social.cells == (60, 30, 120)
    four = worth_of_contract(highways)
    assert (four.committed.social.central, four.reported.social.central) == (1200, 80)
    assert worth_of_kpi(kpi_set.terms.get().kpi).verified.social.central == 60


def test_a_figure_below_nought_has_the_range_of_its_own_sign(highways, hours):
    kpi_set = price(make_approved_set(highways, START, [(hours, 120)]), make_proxy(hours, ("10", "5", "20")))
    make_return(kpi_set, APRIL, {hours: 8})
    make_return(kpi_set, MAY, {hours: -3})
    reported = worth_reported(Reading.objects.filter(contract=highways)).social
    # 8 x 5 - 3 x 20, and 8 x 20 - 3 x 5.
    assert reported.cells == (50, -20, 145)


def test_a_new_value_changes_nothing_that_was_approved_with_the_old_one(highways, hours):
    old = make_proxy(hours, "10")
    kpi_set = price(make_approved_set(highways, START, [(hours, 120)]), old)
    make_return(kpi_set, APRIL, {hours: 8})
    new = make_proxy(hours, "99", replaces=old, name="Next year's value")
    later = price(make_approved_set(highways, dt.date(2026, 7, 1), [(hours, 120)]), new)
    assert worth_of_set(kpi_set).social.central == 1200
    assert worth_reported(Reading.objects.filter(contract=highways)).social.central == 80
    assert worth_of_set(later).social.central == 11880


def test_fractions_of_units_lose_nothing(highways, hours):
    kpi_set = price(make_approved_set(highways, START, [(hours, 120)]), make_proxy(hours, "0.3333"))
    make_return(kpi_set, APRIL, {hours: "0.1235"})
    reported = worth_reported(Reading.objects.filter(contract=highways)).social
    assert reported.central == Decimal("0.1235") * Decimal("0.3333")


@pytest.mark.parametrize("contracts", [1, 6])
def test_a_council_costs_a_flat_number_of_queries(
    neighbourhoods, hours, waste, contracts, django_assert_num_queries
):
    proxies = make_proxy(hours, "10"), make_proxy(waste, (2026, "10", "5", "20"))
    for n in range(contracts):
        contract = make_contract(f"Contract {n}", neighbourhoods)
        kpi_set = price(make_approved_set(contract, START, [(hours, 120), (waste, 12)]), *proxies)
        make_return(kpi_set, APRIL, {hours: 8, waste: 1}, verified={hours: 6})
    with django_assert_num_queries(6):
        by_contract = committed_by(KPITerms.objects.all(), by=["contract"])
    assert len(by_contract) == contracts
    with django_assert_num_queries(5):
        figures_by(Reading.objects.all(), by=["directorate"])


def test_the_parts_add_up_to_the_whole(neighbourhoods, adults, hours):
    proxy = make_proxy(hours, ("16.9333", "8", "20"), deadweight=Decimal("12.5"))
    for n, where in enumerate((neighbourhoods, adults, adults)):
        price(make_approved_set(make_contract(f"Contract {n}", where), START, [(hours, 100 + n)]), proxy)
    whole = committed_by(KPITerms.objects.all())[()].social
    for by in ("contract", "directorate", "kpi"):
        parts = [worth.social for worth in committed_by(KPITerms.objects.all(), by=[by]).values()]
        assert sum(parts[1:], parts[0]) == whole


def test_bare_sql_comes_to_the_same(highways, hours, waste):
    kpi_set = make_approved_set(highways, START, [(hours, 100), (waste, 7)])
    price(
        kpi_set,
        make_proxy(
            hours, ("16.93", "8", "20"), deadweight=Decimal("12.5"), lasts_years=4, drop_off=Decimal(7)
        ),
        make_proxy(waste, (2026, "3.3333", None, "9")),
    )
    make_return(kpi_set, APRIL, {hours: "8.3333", waste: "-1.5"}, verified={hours: 6})
    should = recomputed(MAY, START)
    four = worth_of_contract(highways)
    for key, ends in should.items():
        found = getattr(four, key.figure).of_measure(key.measure).of(key.stream)
        assert list(found.cells) == [to_the_penny(end) for end in ends], key
    assert len(should) == 7


def test_a_local_value_is_set_against_the_national_over_the_same_units(highways, hours, lena):
    national = make_proxy(hours, ("10", "5", "20"))
    local = make_proxy(hours, "12", name="Local value", is_local=True, geography="Calderbeck")
    kpi_set = price(make_approved_set(highways, START, [(hours, 120)]), national)
    make_return(kpi_set, APRIL, {hours: 8})
    found = difference(hours, local, national, lena)
    assert (found.committed.money.central, found.committed.against.central) == (1440, 1200)
    assert found.committed.more.in_full == "£240"
    assert found.reported.more.in_full == "£16"
    partial = make_proxy(hours, (2027, "12", None, None), name="One year only")
    assert difference(hours, partial, national, lena).committed.more is None
