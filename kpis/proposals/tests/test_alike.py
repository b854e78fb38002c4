"""Like with like: only contracts of the same kind, never fewer than five, never small groups or own words."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from conftest import make_contract
from contracts.models import Category
from kpis.library import own_words
from kpis.library.models import Measure, Unit
from kpis.proposals import verbs
from kpis.proposals.alike import FEWEST, alike, quartiles, rate, readable, whole_marks
from kpis.proposals.content import full_terms
from kpis.proposals.models import KPISet, KPITerms
from kpis.proposals.reading import read
from kpis.proxies.tests.making import make_proxy
from kpis.templatetags.worth import shares_beside

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2028, 3, 1)
numbers = st.lists(st.decimals(min_value=0, max_value=10**6, places=2), min_size=FEWEST, max_size=40)


def measure(code):
    return Measure.objects.get(code=code)


def make_set(contract, by, targets, *, approved=True):
    """Return a set of the contract in force since April 2026, by direct writing: {code: target}."""
    kpi_set = verbs.start_set(contract, by=by)
    kpi_set = verbs.describe(kpi_set, by=by, effective_month=APRIL, why="As signed")
    for code, target in targets.items():
        verbs.add_kpi(kpi_set, by=by, measure=measure(code), target=Decimal(target), ends_month=MARCH)
    if approved:
        KPISet.objects.filter(pk=kpi_set.pk).update(status="approved", decided_at=kpi_set.started_at)
    return KPISet.objects.get(pk=kpi_set.pk)


@pytest.fixture
def others(neighbourhoods, highways, colin):
    """Return six contracts like highways: hours of 20, 40 ... 120 over two years, one to six KPIs."""
    codes = ["SV-25", "SV-09", "SV-10", "SV-01", "SV-28", "SV-32"]
    return [
        make_set(
            make_contract(f"Roads {number}", neighbourhoods, category=highways.category),
            colin,
            {codes[0]: 20 * number, **dict.fromkeys(codes[1:number], 10)},
        )
        for number in range(1, 7)
    ]


@pytest.fixture
def mine(highways, colin):
    return make_set(highways, colin, {"SV-25": 24}, approved=False)


def compared(kpi_set):
    return alike(KPISet.objects.select_related("contract__category").get(pk=kpi_set.pk), full_terms(kpi_set))


@given(numbers)
def test_the_marks_lie_within_the_sample_and_in_order(sample):
    found = quartiles(sample)
    assert min(sample) <= found.lower <= found.middle <= found.upper <= max(sample)
    assert sum(one < found.middle for one in sample) * 2 <= len(sample)
    assert sum(one > found.upper for one in sample) * 4 <= len(sample) + 3


def test_nothing_is_said_of_fewer_than_five():
    assert quartiles([Decimal(1)] * 4) is None
    assert whole_marks([1, 2, 3, 4]) is None
    found = whole_marks([1, 2, 3, 4, 5, 6])
    assert (found.lower, found.middle, found.upper) == (2, 4, 5)


def test_a_rate_is_a_year_for_each_100k_and_a_percentage_stays():
    hours = Measure(kind="count", roll_up="sum")
    assert rate(hours, Decimal(24), 24, Decimal(1_200_000)) == 1
    assert rate(Measure(kind="count", roll_up="latest"), Decimal(24), 24, Decimal(1_200_000)) == 2
    assert rate(Measure(kind="percentage", roll_up="latest"), Decimal(45), 24, None) == 45
    assert rate(hours, Decimal(24), 24, None) is None
    assert rate(Measure(kind="yes_no", roll_up="latest"), Decimal(1), 24, Decimal(5)) is None
    assert [readable(Decimal(one)) for one in ("1234.5678", "0.123456", "0")] == [1235, Decimal("0.123"), 0]


def test_a_target_stands_beside_those_of_similar_contracts(mine, others):
    found = compared(mine)
    assert found.n == 6
    assert found.words.startswith("Similar contracts: 6 (Highways, ")
    assert found.words.endswith("This set has 1.")
    one = found.by_kpi[mine.terms.get().kpi_id]
    # 24 hours in two years at £2.4m are half an hour a year for each £100,000.
    assert one.mine == Decimal("0.5")
    assert one.others.n == 6
    assert one.words == (
        "0.5 hours a year per £100k; half of similar contracts: 0.938 to 1.98, middle 1.46 (6 contracts)"
    )
    assert one.is_weak


def test_other_categories_bands_drafts_and_ended_contracts_are_no_likeness(
    mine, others, colin, neighbourhoods
):
    for kpi_set, change in zip(
        others[:3],
        [
            {"category": Category.objects.create(name="Catering")},
            {"value": Decimal(20_000)},
            {"ends_on": dt.date(2026, 5, 31)},
        ],
        strict=True,
    ):
        type(kpi_set.contract).objects.filter(pk=kpi_set.contract_id).update(**change)
    found = compared(mine)
    assert found.counts is None
    assert "fewer than 5 other contracts" in found.words
    assert found.by_kpi == {}


def test_without_category_or_value_the_page_says_what_is_not_recorded(mine, others, highways):
    type(highways).objects.filter(pk=highways.pk).update(value=None)
    assert "value is not recorded" in compared(mine).words
    type(highways).objects.filter(pk=highways.pk).update(category=None)
    assert "category is not recorded" in compared(mine).words


def test_groups_of_people_and_own_words_are_never_compared(mine, others, highways, colin):
    own = own_words.write_own(
        highways, by=colin, title="Benches", unit=Unit.objects.get(code="hours"),
        counting_rule="Count hours on benches.", evidence_expected="Timesheets",
    )  # fmt: skip
    verbs.add_kpi(mine, by=colin, measure=own, target=Decimal(5))
    assert len(compared(mine).by_kpi) == 1
    Measure.objects.filter(code="SV-25").update(cohort=measure("SV-03").cohort)
    assert compared(mine).by_kpi == {}


def test_a_measure_that_fewer_than_five_have_is_not_compared(mine, others, colin):
    verbs.add_kpi(mine, by=colin, measure=measure("SV-28"), target=Decimal(5))
    assert len(compared(mine).by_kpi) == 1


def test_it_takes_the_same_number_of_queries_for_any_size(mine, others, django_assert_num_queries):
    kpi_set = KPISet.objects.select_related("contract__category").get(pk=mine.pk)
    terms = list(full_terms(kpi_set))
    with django_assert_num_queries(3):
        alike(kpi_set, terms)


def test_proposer_and_decider_see_it_and_an_approved_set_is_left_alone(mine, others, colin, dana, as_person):
    client = as_person(colin)
    for address in (
        mine.get_absolute_url(),
        reverse("kpis:kpi-set-check", args=[mine.contract_id, mine.number]),
    ):
        page = client.get(address).content.decode()
        assert "Similar contracts: 6" in page
        assert "0.5 hours a year per £100k" in page
    sent = verbs.submit(KPISet.objects.get(pk=mine.pk), by=colin)
    decide = reverse("kpis:kpi-set-decide", args=[mine.contract_id, mine.number])
    page = as_person(dana).get(decide).content.decode()
    assert "Similar contracts: 6" in page
    assert "promises less than three in four similar contracts" in page
    KPISet.objects.filter(pk=sent.pk).update(status="approved", decided_at=sent.submitted_at)
    assert read(KPISet.objects.get(pk=sent.pk)).alike.counts is None


def test_pounds_stand_as_a_share_of_the_contracts_value_without_small_groups(
    mine, others, lena, colin, django_assert_max_num_queries
):
    proxy = make_proxy(measure("SV-25"), lena, "1000", low="900", high="1100")
    KPITerms.objects.filter(kpi__measure__code="SV-25").update(proxy=proxy)
    kpi_set = KPISet.objects.select_related("contract__category").get(pk=mine.pk)
    found = alike(kpi_set, full_terms(kpi_set))
    # £24,000 of £2.4m; the others £20,000 to £120,000.
    with django_assert_max_num_queries(8):
        assert shares_beside(kpi_set, found) == [
            "Additional social value: 1% of the contract’s value; half of similar contracts: 1.9% to 4%, "
            "middle 2.9% (6 contracts)"
        ]
    KPITerms.objects.filter(kpi__measure__code="SV-25").update(cohort=measure("SV-03").cohort)
    assert shares_beside(kpi_set, found) == []
