"""A contract under an approved exception is no gap until its day of review has passed; the list of them."""

import datetime as dt

import pytest

from accounts.calendar import add_months, today
from conftest import make_contract
from contracts.models import Offer
from kpis.gaps.exceptions import by_reason, rows_of
from kpis.gaps.weakness import weaknesses
from kpis.models import KPISet
from kpis.tests.factories import make_approved_exception, make_approved_set, make_measure

GAPS, LIST, YEARS = "/contracts/gaps/", "/exceptions/", "/contracts/by-award-year/"
DAY = dt.timedelta(days=1)


def codes(contract, day=None):
    """Return what is wrong with the contract's KPIs."""
    return [one.code for one in weaknesses([contract], day or today())[contract.pk]]


@pytest.fixture
def excepted(bare, month):
    """Return a function that makes a live contract under an exception, reviewed so many days from today."""

    def make(title="Bus shelters", days=100, since=-2, **facts):
        contract = bare(title)
        return make_approved_exception(
            contract, add_months(month, since), today() + dt.timedelta(days=days), **facts
        )

    return make


def test_the_gap_register_before_under_and_after_an_exception(bare, month, as_person, colin):
    contract = bare("Bus shelters")
    assert codes(contract) == ["none"]
    make_approved_exception(contract, month, today())
    assert codes(contract) == []
    assert codes(contract, today() + DAY) == ["review"]
    assert "Bus shelters" not in as_person(colin).get(GAPS).content.decode()


def test_after_its_day_of_review_it_is_a_gap_that_says_since_when(excepted, as_person, colin):
    one = excepted(days=-10)
    page = as_person(colin).get(GAPS)
    assert [row.contract for row in page.context["page_obj"]] == [one.contract]
    text = page.content.decode()
    assert "Exception to be reviewed" in text
    assert "is to be reviewed since" in text
    assert "It is too small or too short" in text
    row = page.context["page_obj"][0]
    assert (row.is_gap, row.who) == (True, "Priya Shah")


def test_what_follows_a_passed_exception_is_told(excepted):
    one = excepted(days=-10)
    KPISet.objects.create(contract=one.contract, number=2, status="draft")
    found = weaknesses([one.contract], today())[one.contract.pk]
    assert "what follows it is being prepared" in found[0].sentence


def test_an_exception_in_the_making_is_no_kpis_in_the_making(bare):
    contract = bare()
    KPISet.objects.create(contract=contract, number=1, status="draft", kind="exception")
    found = weaknesses([contract], today())[contract.pk]
    assert (found[0].code, found[0].sentence) == ("pending", "None in force; an exception is being prepared.")


def test_kpis_after_an_exception_count_as_kpis(excepted, month):
    one = excepted(days=-10)
    make_approved_set(one.contract, month, [(make_measure(), "5")], ends_month=add_months(month, 12))
    assert codes(one.contract) == []


def test_award_years_count_each_contract_once_and_add_up(bare, covered, excepted, as_person, colin):
    started = {"starts_on": dt.date(2025, 5, 1)}
    covered("With KPIs", **started)
    bare("Bare", **started)
    offered = bare("Offered", **started)
    Offer.objects.create(contract=offered, kind="cash", description="Hall", status="promised")
    for title, days in (("Excepted", 100), ("Passed", -1)):
        contract = bare(title, **started)
        make_approved_exception(contract, dt.date(2025, 6, 1), today() + dt.timedelta(days=days))
    page = as_person(colin).get(YEARS)
    line = page.context["years"][0]
    assert dict(line.count) == {"kpis": 1, "exception": 1, "offer": 1, "none": 2}
    assert line.total == 5
    assert "1 contract has an approved exception instead." in page.content.decode()
    drilled = as_person(colin).get(YEARS, {"year": "2025", "has": "exception"})
    assert [contract.title for contract, *_ in drilled.context["listed"]] == ["Excepted"]


def test_an_ended_contract_keeps_the_exception_it_had(bare, month, as_person, colin):
    contract = bare("Ended", starts_on=dt.date(2024, 5, 1), ends_on=today() - DAY, stage="ended")
    make_approved_exception(contract, add_months(month, -12), today() - DAY)
    line = as_person(colin).get(YEARS).context["years"][0]
    assert dict(line.count) == {"exception": 1}


def test_the_list_tells_state_reason_and_who_and_what_is_to_be_reviewed_comes_first(
    excepted, bare, month, as_person, colin, dana
):
    excepted("In force")
    excepted("To review", days=-3, reason="earlier")
    excepted("Later", since=2)
    waits = bare("Waits")
    KPISet.objects.create(
        contract=waits,
        number=1,
        kind="exception",
        status="submitted",
        reason="small",
        why="Few hours.",
        review_on=today() + 90 * DAY,
        effective_month=month,
        submitted_by=colin,
        submitted_at="2026-01-05T09:00:00Z",
    )
    page = as_person(colin).get(LIST)
    rows = list(page.context["page_obj"])
    assert [(row.kpi_set.contract.title, row.word) for row in rows] == [
        ("To review", "To be reviewed"),
        ("Waits", "Waiting for approval"),
        ("In force", "In force"),
        ("Later", "Approved for later"),
    ]
    assert rows[1].who == "Waiting with Dana Okafor (Strategic Director)"
    text = page.content.decode()
    assert "Propose it again" in text
    assert "1 exception is to be reviewed, and counts as a gap." in text
    counted = {reason: many for reason, many, _ in by_reason(rows)}
    assert counted == {
        "It is too small or too short": 3,
        "It was tendered before the council asked for social value": 1,
    }
    assert sum(counted.values()) == len(rows)


def test_the_list_is_narrowed_and_downloaded(excepted, as_person, lena, adults):
    excepted("In force")
    excepted("To review", days=-3, reason="earlier")
    far = make_contract("Home care", adults)
    make_approved_exception(far, today().replace(day=1), today() + DAY)
    for query, expected in (
        ({"state": "review"}, ["To review"]),
        ({"reason": "small"}, ["Home care", "In force"]),
        ({"directorate": str(adults.pk)}, ["Home care"]),
        ({"state": "nonsense"}, ["To review", "Home care", "In force"]),
    ):
        rows = as_person(lena).get(LIST, query).context["page_obj"]
        assert [row.kpi_set.contract.title for row in rows] == expected, query
    text = b"".join(as_person(lena).get(LIST + "?format=csv").streaming_content).decode()
    assert "Two visits a year with one van." in text
    assert as_person(lena).get(LIST + "?format=xlsx").content[:2] == b"PK"


def test_members_read_what_is_approved_and_nothing_that_waits(
    excepted, bare, month, as_person, ewa, sami, oscar
):
    excepted("In force")
    waits = bare("Waits")
    KPISet.objects.create(
        contract=waits, number=1, kind="exception", status="submitted", reason="small",
        review_on=today() + DAY, effective_month=month, submitted_at="2026-01-05T09:00:00Z",
    )  # fmt: skip
    for person in (ewa, sami):
        rows = as_person(person).get(LIST).context["page_obj"]
        assert [row.kpi_set.contract.title for row in rows] == ["In force"]
        assert not any(row.may_propose for row in rows)
    assert not as_person(oscar).get(LIST).context["page_obj"].object_list


def test_an_exception_another_followed_and_one_of_an_ended_contract_are_not_listed(excepted, month, colin):
    one = excepted("Followed", since=-6)
    make_approved_exception(one.contract, month, today() + 50 * DAY)
    ended = excepted("Ended")
    ended.contract.stage = "ended"
    ended.contract.save()
    assert [row.kpi_set.number for row in rows_of(colin, today())] == [2]


def test_a_longer_list_asks_no_more_queries(excepted, colin, django_assert_max_num_queries):
    excepted("One")
    with django_assert_max_num_queries(10) as few:
        rows_of(colin, today())
    for number in range(12):
        excepted(f"More {number}", days=number - 5)
    with django_assert_max_num_queries(len(few)):
        assert len(rows_of(colin, today())) == 13
