"""Days on which clocks and calendars trip: Christmas, Easter, summer time, year ends, contracts mid-month."""

import datetime as dt

import pytest

from accounts.calendar import add_working_days, financial_year_start
from accounts.models import Letter
from conftest import make_contract
from kpis.models import MonthlyReturn
from kpis.reminders import defaults, timing
from kpis.reminders import verbs as reminders
from kpis.returns import verbs
from kpis.returns.verbs.opening import due_on, opens_on
from kpis.tests.factories import make_approved_set, make_measure

MARCH, APRIL, MAY, JUNE = (dt.date(2026, month, 1) for month in (3, 4, 5, 6))


def utc(text):
    return dt.datetime.fromisoformat(f"{text}+00:00")


@pytest.mark.parametrize(
    ("month", "opens", "due"),
    [
        ("2026-03-01", "2026-04-01", "2026-04-16"),  # Good Friday on the 3rd, Easter Monday on the 6th
        ("2026-04-01", "2026-05-01", "2026-05-15"),  # early May bank holiday on the 4th
        ("2026-11-01", "2026-12-01", "2026-12-14"),
        ("2026-12-01", "2027-01-04", "2027-01-15"),  # New Year's Day is a Friday
        ("2027-12-01", "2028-01-04", "2028-01-17"),  # New Year's Day is a Saturday: closed on Monday the 3rd
    ],
)
def test_returns_open_and_are_due_on_working_days(month, opens, due):
    month = dt.date.fromisoformat(month)
    assert opens_on(month) == dt.date.fromisoformat(opens)
    assert due_on(month) == dt.date.fromisoformat(due)


def test_five_working_days_over_christmas_end_in_january():
    assert add_working_days(dt.date(2026, 12, 23), 5) == dt.date(2027, 1, 4)


def test_a_council_that_closes_between_the_years_has_longer(settings):
    settings.COUNCIL_CLOSED_DAYS = ["2026-12-29", "2026-12-30", "2026-12-31"]
    assert add_working_days(dt.date(2026, 12, 23), 5) == dt.date(2027, 1, 7)


@pytest.mark.parametrize(("day", "year"), [("2026-03-31", 2025), ("2026-04-01", 2026), ("2027-03-31", 2026)])
def test_the_financial_year_turns_on_the_first_of_april(day, year):
    assert financial_year_start(dt.date.fromisoformat(day)) == dt.date(year, 4, 1)


@pytest.mark.parametrize(
    ("now", "posts"),
    [
        ("2026-03-27T06:30", False),  # Friday, half past six
        ("2026-03-30T06:30", True),  # Monday after the clocks went forward, half past seven
        ("2026-10-23T18:30", False),  # Friday, half past seven in the evening
        ("2026-10-26T18:30", True),  # Monday after the clocks went back, half past six
        ("2026-10-25T09:30", False),  # Sunday
    ],
)
def test_reminders_keep_londons_hours_when_the_clocks_change(now, posts):
    assert timing.is_posting_time(utc(now)) is posts


@pytest.fixture
def weeks(db):
    return make_measure()


def opened_for(contract):
    return list(MonthlyReturn.objects.filter(contract=contract).values_list("month", flat=True))


def test_a_month_opens_at_midnight_in_london_not_in_greenwich(highways, weeks):
    make_approved_set(highways, MARCH, [(weeks, 12)])
    verbs.open_due_months(utc("2026-03-31T22:55"))
    assert opened_for(highways) == []
    verbs.open_due_months(utc("2026-03-31T23:05"))
    assert opened_for(highways) == [MARCH]


def test_days_on_which_nothing_ran_are_caught_up_with_and_a_month_opens_once(highways, weeks):
    make_approved_set(highways, MARCH, [(weeks, 12)])
    for now in ("2026-06-04T09:00", "2026-06-04T09:00", "2026-05-02T09:00"):
        verbs.open_due_months(utc(now))
        assert sorted(opened_for(highways)) == [MARCH, APRIL, MAY]


@pytest.mark.parametrize(
    ("facts", "months"),
    [
        ({"ends_on": dt.date(2026, 5, 15)}, [APRIL, MAY]),
        ({"starts_on": dt.date(2026, 5, 20)}, [MAY, JUNE]),
        ({"starts_on": dt.date(2026, 5, 31), "ends_on": dt.date(2026, 6, 1)}, [MAY, JUNE]),
        ({"terminated_on": dt.date(2026, 5, 1)}, [APRIL, MAY]),
        ({"ends_on": dt.date(2026, 4, 30), "extended_to": dt.date(2026, 6, 2)}, [APRIL, MAY, JUNE]),
    ],
)
def test_a_contract_that_begins_or_ends_within_a_month_owes_that_months_return(
    neighbourhoods, priya, weeks, facts, months
):
    contract = make_contract("Roads", neighbourhoods, manager=priya, **facts)
    make_approved_set(contract, APRIL, [(weeks, 12)])
    verbs.open_due_months(utc("2026-07-02T09:00"))
    assert sorted(opened_for(contract)) == months


def test_after_three_missed_days_one_letter_comes_and_a_clock_put_back_sends_none_again(
    highways, weeks, priya
):
    defaults.load()
    make_approved_set(highways, MAY, [(weeks, 12)])
    verbs.open_month(MAY)
    MonthlyReturn.objects.update(opened_at=utc("2026-06-01T08:00"))
    mine = Letter.objects.filter(to=priya, kind="reminder-digest")
    reminders.send(utc("2026-06-01T09:00"))
    assert mine.count() == 1
    # The third working day before the return is due is 9 June; nothing ran until the 12th.
    reminders.send(utc("2026-06-12T09:00"))
    assert mine.count() == 2
    for earlier in ("2026-06-10T09:00", "2026-06-01T09:00", "2026-06-12T09:00"):
        assert reminders.send(utc(earlier)).letters == 0
    assert mine.count() == 2
