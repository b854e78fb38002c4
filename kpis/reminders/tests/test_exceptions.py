"""Reminders that an exception is to be reviewed: before, on the day, and to the director after it."""

import datetime as dt

import pytest

from accounts.models import Letter
from contracts.models import Contract
from kpis.models import KPISet
from kpis.reminders import verbs
from kpis.reminders.models import ReminderClaim, ReminderStep
from kpis.reminders.tests.conftest import at
from kpis.tests.factories import make_approved_exception

# A Monday.
REVIEW = dt.date(2026, 9, 14)


@pytest.fixture
def exception(highways, dana):
    """Return the highways contract's exception, to be reviewed on 14 September 2026."""
    return make_approved_exception(highways, dt.date(2026, 1, 1), REVIEW)


def told(day):
    """Return who is told what on a day, by first name."""
    return sorted(
        (one.step.key.removeprefix("exception-review-"), str(one.person).split()[0])
        for one in verbs.owed(at(day))
        if one.is_told and one.step.subject == "exception"
    )


def test_managers_and_commissioner_hear_of_it_twenty_and_five_working_days_before(exception):
    assert told("2026-08-13") == []
    everybody = ["Colin", "Dafydd", "Priya"]
    # Twenty working days back, with the August bank holiday.
    assert told("2026-08-14") == [("ahead", name) for name in everybody]
    verbs.send(at("2026-08-14"))
    assert told("2026-09-04") == []
    assert told("2026-09-07") == [("soon", name) for name in everybody]
    verbs.send(at("2026-09-07"))
    assert told("2026-09-14") == [("due", name) for name in everybody]


def test_the_director_hears_of_it_in_the_weekly_digest_after_ten_working_days(exception):
    verbs.send(at("2026-09-14"))
    assert told("2026-09-25") == []
    assert told("2026-09-28") == [("late", "Dana")]


def test_each_is_told_once_and_the_letter_says_what_and_until_when(exception, priya):
    verbs.send(at("2026-09-07"))
    verbs.send(at("2026-09-07", hour=11))
    letter = Letter.objects.get(kind="reminder-digest", to=priya)
    assert letter.subject == "Waiting for you: 1 exception to be reviewed"
    assert (
        "Highways resurfacing: exception 1 from social value KPIs is to be reviewed on 14 September 2026"
        in letter.body
    )
    assert exception.get_absolute_url() in letter.body
    assert ReminderClaim.objects.filter(person=priya, is_told=True).count() == 1


def test_nobody_hears_of_it_once_what_follows_is_sent_or_approved(exception, highways):
    KPISet.objects.create(contract=highways, number=2, status="draft")
    assert told("2026-09-14")
    KPISet.objects.filter(number=2).update(status="submitted", submitted_at=at("2026-09-01"))
    assert told("2026-09-14") == []
    KPISet.objects.filter(number=2).update(
        status="approved", effective_month=dt.date(2026, 10, 1), decided_at=at("2026-09-02")
    )
    assert told("2026-09-14") == []
    assert told("2026-10-14") == []


def test_nobody_hears_of_it_once_the_contract_has_ended(exception, highways):
    Contract.objects.filter(pk=highways.pk).update(ends_on=dt.date(2026, 9, 1))
    assert told("2026-09-14") == []


def test_what_was_decided_between_reading_and_writing_is_not_told(exception, highways):
    ones = verbs.owed(at("2026-09-14"))
    KPISet.objects.create(
        contract=highways, number=2, status="submitted", submitted_at=at("2026-09-14", hour=8)
    )
    assert verbs._still_owed([one for one in ones if one.step.subject == "exception"], REVIEW) == []


def test_the_steps_are_data_and_shown_with_when_they_fall_due(as_person, adam, exception):
    page = as_person(adam).get("/administration/reminders/").content.decode()
    assert "Exception to be reviewed" in page
    assert "20 working days before the day of review" in page
    assert "On the day of review" in page
    assert "10 working days after the day of review" in page
    form = as_person(adam).get("/administration/reminders/steps/exception-review-soon/")
    assert "Counted from the day the exception is to be reviewed on" in form.content.decode()
    step = ReminderStep.objects.get(key="exception-review-soon")
    verbs.change_step(step, by=adam, days=-7, line="$title: look at exception $number by $date.", is_on=True)
    assert told("2026-09-03") == [("soon", name) for name in ("Colin", "Dafydd", "Priya")]
