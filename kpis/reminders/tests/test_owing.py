"""Which steps are owed on which day, to whom."""

import datetime as dt

import pytest

from kpis.models import ReminderStep, SetSubmission
from kpis.reminders import timing, verbs
from kpis.reminders.tests.conftest import at, make_return


def told(day, hour=9):
    """Return (step, first name) of everything that would be told on a day had nothing been sent before."""
    return sorted((one.step.key, one.person.first_name) for one in verbs.owed(at(day, hour)) if one.is_told)


@pytest.mark.parametrize(
    ("day", "step"),
    [
        ("2026-06-01", "return-opens"),
        ("2026-06-08", "return-opens"),
        ("2026-06-09", "return-due-soon"),
        ("2026-06-15", "return-due-soon"),
        ("2026-06-16", "return-overdue"),
        ("2026-06-19", "return-overdue-copy"),
    ],
)
def test_the_latest_step_reached_is_told_to_manager_and_deputies(may_return, day, step):
    assert [key for key, name in told(day) if name == "Priya"] == [step]
    assert [key for key, name in told(day) if name == "Dafydd"] == [step]


def test_nothing_is_owed_before_a_return_opens(may_return):
    assert told("2026-05-31") == []


def test_the_commissioner_gets_a_copy_five_working_days_after_it_was_due(may_return):
    assert ("return-overdue-copy", "Colin") not in told("2026-06-18")
    assert ("return-overdue-copy", "Colin") in told("2026-06-19")


def test_the_director_and_deputy_hear_in_the_next_weekly_digest(may_return, desmond):
    # Ten working days after 12 June is Friday 26 June: the digest is Monday's.
    assert ("return-overdue-director", "Dana") not in told("2026-06-26")
    assert ("return-overdue-director", "Dana") in told("2026-06-29")
    assert ("return-overdue-director", "Desmond") in told("2026-06-29")


def test_a_missed_digest_catches_up_on_the_next_day(may_return):
    assert ("return-overdue-director", "Dana") in told("2026-07-01")


def test_the_digest_moves_to_tuesday_after_a_bank_holiday_monday():
    # Monday 31 August 2026 is the summer bank holiday.
    assert timing.digest_day(dt.date(2026, 8, 29)) == dt.date(2026, 9, 1)
    assert timing.digest_day(dt.date(2026, 9, 1)) == dt.date(2026, 9, 1)
    assert timing.digest_day(dt.date(2026, 9, 2)) == dt.date(2026, 9, 7)


@pytest.mark.parametrize("status", ["submitted", "verified", "closed"])
def test_a_finished_return_owes_nothing(may_return, status):
    may_return.first_submitted_at = may_return.submitted_at = at("2026-06-10")
    may_return.status = status
    may_return.save()
    assert told("2026-06-29") == []


def test_waiting_for_the_supplier_holds_reminders_back_for_ten_days(may_return):
    may_return.awaiting_supplier_since = dt.date(2026, 6, 15)
    may_return.save()
    assert told("2026-06-16") == []
    assert told("2026-06-25") == []
    assert ("return-overdue-copy", "Priya") in told("2026-06-26")


def test_a_return_sent_back_starts_again_from_its_new_date(may_return):
    may_return.status, may_return.cycle = "sent_back", 2
    may_return.sent_back_at = at("2026-06-22", 15)
    may_return.due_again_on = dt.date(2026, 6, 29)
    may_return.save()
    assert told("2026-06-23") == []
    assert ("return-due-soon", "Priya") in told("2026-06-24")
    assert ("return-overdue", "Priya") in told("2026-07-01")


def test_a_reopened_return_without_a_new_date_is_due_five_working_days_later(may_return):
    may_return.status, may_return.cycle, may_return.sent_back_at = "reopened", 2, at("2026-06-22", 15)
    may_return.save()
    assert timing.due_on(may_return) == dt.date(2026, 6, 29)


def test_somebody_who_left_gets_nothing_and_the_commissioner_answers(may_return, priya, dafydd):
    priya.is_active = False
    priya.save()
    dafydd.appointments.update(ends_on=dt.date(2026, 5, 31))
    assert told("2026-06-09") == [("return-due-soon", "Colin")]


def test_a_step_switched_off_is_not_owed(may_return):
    ReminderStep.objects.filter(key="return-due-soon").update(is_on=False)
    assert [key for key, name in told("2026-06-09") if name == "Priya"] == ["return-opens"]


def test_deciders_are_reminded_three_and_seven_working_days_after_submission(waiting_set, della):
    assert told("2026-06-03") == []
    assert told("2026-06-04") == [("approval-waiting", "Dana"), ("approval-waiting", "Della")]
    assert told("2026-06-10") == [("approval-waiting-long", "Dana"), ("approval-waiting-long", "Della")]


def test_a_set_submitted_again_starts_again(waiting_set, colin):
    verbs.send(at("2026-06-10"))
    assert told("2026-06-11") == []
    SetSubmission.objects.create(
        kpi_set=waiting_set, ordinal=2, content={}, content_hash="1" * 64, submitted_by=colin
    )
    waiting_set.submitted_at = at("2026-06-11", 12)
    waiting_set.save()
    assert told("2026-06-16") == [("approval-waiting", "Dana")]


def test_a_hundred_returns_cost_as_many_queries_as_one(may_return, highways, django_assert_num_queries):
    with django_assert_num_queries(8):
        verbs.owed(at("2026-06-16"))
    for number in range(100):
        make_return(highways, month=dt.date(2010 + number // 12, number % 12 + 1, 1))
    with django_assert_num_queries(8):
        assert len(verbs.owed(at("2026-06-16"))) == 101 * 2 * 3
