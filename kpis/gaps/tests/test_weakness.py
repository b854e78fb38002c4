"""What is wrong with KPIs: each weakness with a contract that has it and one that just hasn't."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.calendar import add_months, first_of_month, last_of_month, today
from conftest import make_contract
from contracts.models import Contract, Offer, ProportionateRule
from kpis.gaps import verbs as gaps
from kpis.gaps.weakness import weaknesses
from kpis.models import Cohort, KPISet, MonthlyReturn, Reading
from kpis.tests.factories import make_approved_set, make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    """Return the first of this month."""
    return first_of_month(today())


@pytest.fixture
def contract(neighbourhoods, priya, colin, month):
    """Return a live contract that began a year ago and ends in a year, with a manager; no rule holds."""
    ProportionateRule.objects.all().delete()
    return make_contract(
        "Tree works",
        neighbourhoods,
        manager=priya,
        commissioner=colin,
        starts_on=add_months(month, -12),
        ends_on=last_of_month(add_months(month, 12)),
    )


def codes(contract, **more):
    """Return the codes of what is wrong with a contract today."""
    fresh = Contract.objects.get(pk=contract.pk)
    return [one.code for one in weaknesses([fresh], today(), **more)[contract.pk]]


def in_force(contract, month, kpis=1, *, since=-12, until=12, **more):
    """Return an approved set of that many KPIs for the contract's whole life."""
    measures = [(make_measure(), "1200") for _ in range(kpis)]
    return make_approved_set(
        contract, add_months(month, since), measures, ends_month=add_months(month, until), **more
    )


def reported(kpi_set, month, value, *, target="10", **facts):
    """Return a submitted return with this figure for the set's first KPI."""
    terms = kpi_set.terms.first()
    now = timezone.now()
    one = MonthlyReturn.objects.create(
        contract=kpi_set.contract,
        month=month,
        kpi_set=kpi_set,
        directorate=kpi_set.contract.directorate,
        due_on=add_months(month, 1) + dt.timedelta(days=13),
        status="submitted",
        first_submitted_at=now,
        submitted_at=now,
    )
    Reading.objects.create(
        monthly_return=one,
        kpi=terms.kpi,
        terms=terms,
        contract=kpi_set.contract,
        month=month,
        directorate=kpi_set.contract.directorate,
        measure=terms.kpi.measure,
        target=Decimal(target),
        value=Decimal(value),
        reported_value=Decimal(value),
        reported_at=now,
        saved_at=now,
        **facts,
    )
    return one


def test_none_is_live_without_an_approved_set_and_ends_with_an_approval_or_a_recorded_reason(contract, month):
    assert codes(contract) == ["none"]
    in_force(contract, month)
    assert codes(contract) == []
    exempt = make_contract(
        "Insurance", contract.directorate, manager=contract.manager, kpi_exemption="Monopoly supply."
    )
    assert codes(exempt) == []


def test_a_set_in_the_making_or_approved_for_later_is_said_and_still_a_gap(contract, month):
    draft = KPISet.objects.create(contract=contract, number=1)
    found = weaknesses([contract], today())[contract.pk]
    assert [one.code for one in found] == ["pending"]
    assert (found[0].counts, found[0].mark) == ("gap", "watch")
    draft.status = KPISet.Status.WITHDRAWN
    draft.save()
    assert codes(contract) == ["none"]
    make_approved_set(contract, add_months(month, 2), [(make_measure(), "5")])
    assert codes(contract) == ["pending"]


def test_few_is_fewer_kpis_than_the_rule_asks_for(contract, month):
    ProportionateRule.objects.create(kpis_at_least=2)
    in_force(contract, month, 1)
    assert codes(contract) == ["few"]
    other = make_contract("Parks", contract.directorate, manager=contract.manager, ends_on=None)
    in_force(other, month, 2)
    assert codes(other) == []


@pytest.mark.parametrize(("status", "wrong"), [("promised", []), ("received", []), ("withdrawn", ["none"])])
def test_an_offer_counts_instead_of_kpis_only_where_the_rule_says_so(contract, status, wrong):
    rule = ProportionateRule.objects.create(kpis_at_least=1, offer_instead=True)
    Offer.objects.create(
        contract=contract, kind="in_kind", description="A day in the park", status=status, received_on=today()
    )
    assert codes(contract) == wrong
    rule.offer_instead = False
    rule.save()
    assert codes(contract) == ["none"]


def test_ended_terms_is_when_every_kpi_is_over_and_the_contract_runs_on(contract, month):
    kpi_set = in_force(contract, month, 2, until=-1)
    assert "ended_terms" in codes(contract)
    last = kpi_set.terms.last()
    last.ends_month = add_months(month, 12)
    last.save()
    assert codes(contract) == []


@pytest.mark.parametrize(("until", "wrong"), [(8, ["runs_out"]), (9, [])])
def test_kpis_run_out_when_they_end_more_than_three_months_before_the_contract(contract, month, until, wrong):
    in_force(contract, month, until=until)
    assert codes(contract) == wrong


@pytest.mark.parametrize(("since", "wrong"), [(-37, ["stale"]), (-36, [])])
def test_stale_is_a_set_of_more_than_three_years(contract, month, since, wrong):
    in_force(contract, month, since=since)
    assert codes(contract) == wrong


def test_stale_is_half_a_year_without_a_return_though_some_were_owed(contract, month):
    kpi_set = in_force(contract, month)
    owed = MonthlyReturn.objects.create(
        contract=contract,
        month=add_months(month, -3),
        kpi_set=kpi_set,
        directorate=contract.directorate,
        due_on=today() - dt.timedelta(days=60),
    )
    assert codes(contract) == ["stale"]
    owed.status = MonthlyReturn.Status.EXCUSED
    owed.save()
    assert codes(contract) == []
    owed.status = MonthlyReturn.Status.OPEN
    owed.save()
    reported(kpi_set, add_months(month, -2), "10")
    assert codes(contract) == []


@pytest.mark.parametrize(("value", "wrong"), [("8.99", ["behind"]), ("9", [])])
@pytest.mark.parametrize("roll_up", ["sum", "latest", "average"])
def test_behind_is_a_kpi_below_amber_on_the_figures_submitted(contract, month, roll_up, value, wrong):
    kpi_set = make_approved_set(
        contract,
        add_months(month, -12),
        [(make_measure(roll_up=roll_up), "120")],
        ends_month=add_months(month, 12),
    )
    reported(kpi_set, add_months(month, -1), value)
    assert codes(contract) == wrong


@pytest.mark.parametrize(("kpis", "wrong"), [(3, ["behind"]), (4, [])])
def test_one_kpi_behind_is_weak_among_three_and_no_more_among_four(contract, month, kpis, wrong):
    reported(in_force(contract, month, kpis), add_months(month, -1), "1")
    assert codes(contract) == wrong


def test_behind_leaves_out_kpis_whose_small_numbers_are_hidden_from_the_reader(contract, month, lena, sami):
    cohort = Cohort.objects.first() or Cohort.objects.create(code="oc", name="Our Children")
    kpi_set = in_force(contract, month, cohort=cohort)
    reported(kpi_set, add_months(month, -1), "2")
    assert codes(contract, seen_by=lena) == ["behind"]
    assert codes(contract, seen_by=sami) == []


def test_no_page_of_gaps_tells_who_may_not_see_small_numbers_that_they_are_behind(
    contract, month, neighbourhoods, dana, colin, ewa, sami, adam, as_person
):
    """Neither a stock-take, which keeps what was wrong when it began, nor the page on which one says why."""
    cohort = Cohort.objects.first() or Cohort.objects.create(code="oc", name="Our Children")
    reported(in_force(contract, month, cohort=cohort), add_months(month, -1), "2")
    stock_take = gaps.start(neighbourhoods, by=dana)
    pages = (
        reverse("kpis:gap-say", args=[contract.pk]),
        reverse("kpis:stock-take-contract", args=[stock_take.pk, contract.pk]),
    )
    for person, tells in ((dana, True), (colin, True), (ewa, False), (sami, False), (adam, False)):
        client = as_person(person)
        page = client.get(stock_take.get_absolute_url()).content.decode()
        file = client.get(stock_take.get_absolute_url(), {"format": "csv"}).getvalue().decode()
        assert ("Behind" in page, "Behind" in file) == (tells, tells), person
        assert ("Weak KPIs" in page) != tells
        for path in pages:
            answer = client.get(path)
            assert answer.status_code == (403 if person in (ewa, sami) else 200)
            assert ("behind" in answer.content.decode().lower()) == (tells and person not in (ewa, sami)), (
                path
            )


def test_legacy_is_awarded_before_the_policy_and_no_gap_by_itself(contract, month, settings):
    settings.SOCIAL_VALUE_POLICY_FROM = dt.date(2013, 1, 31)
    in_force(contract, month)
    contract.starts_on = dt.date(2013, 1, 30)
    contract.save()
    (found,) = weaknesses([contract], today())[contract.pk]
    assert (found.code, found.counts) == ("legacy", "")
    contract.signed_on = dt.date(2013, 1, 31)
    contract.save()
    assert codes(contract) == []


def test_nobody_is_neither_manager_nor_deputy_nor_commissioner(contract, month, dafydd):
    in_force(contract, month)
    Contract.objects.filter(pk=contract.pk).update(manager=None, commissioner=None)
    assert codes(contract) == ["nobody"]
    contract.deputies.set([dafydd])
    assert codes(contract) == []


def test_many_contracts_cost_the_same_queries_as_few(contract, month, neighbourhoods, priya):
    in_force(contract, month)
    reported(contract.kpi_sets.get(), add_months(month, -1), "1")

    def cost():
        contracts = list(Contract.objects.prefetch_related("deputies"))
        with CaptureQueriesContext(connection) as made:
            weaknesses(contracts, today(), seen_by=priya)
        return len(made)

    cost()
    few = cost()
    for place in range(20):
        one = make_contract(f"Contract {place}", neighbourhoods, manager=priya)
        if place % 2:
            reported(in_force(one, month), add_months(month, -1), "1")
    assert cost() == few
