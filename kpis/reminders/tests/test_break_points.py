"""Reminders before the last day for notice: to manager and commissioner, each once, until somebody acts."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Letter
from accounts.verbs.recipe import Invalid
from contracts.breaks import verbs as breaks
from kpis.models import ReminderClaim, ReminderStep
from kpis.reminders import verbs
from kpis.reminders.log import last_told_of, latest
from kpis.reminders.tests.conftest import at, make_return

# Sixty working days before Thursday 1 October 2026 is 8 July, twenty 3 September (31 August is a holiday).
ON, NOTICE = dt.date(2027, 4, 1), dt.date(2026, 10, 1)


@pytest.fixture
def point(highways, colin):
    """Return a break clause of the highways contract with notice by 1 October 2026."""
    return breaks.add(
        highways, by=colin, kind="break", on=ON, notice_by=NOTICE, could_ask="Two\napprentices."
    )


def told(day, hour=9):
    """Return (step, first name) of everything that would be told on a day."""
    return sorted((one.step.key, one.person.first_name) for one in verbs.owed(at(day, hour)) if one.is_told)


def test_manager_deputy_and_commissioner_hear_sixty_and_twenty_working_days_before(point):
    everybody = ["Colin", "Dafydd", "Priya"]
    assert told("2026-07-07") == []
    assert told("2026-07-08") == [("break-point-ahead", name) for name in everybody]
    assert told("2026-09-02") == [("break-point-ahead", name) for name in everybody]
    assert told("2026-09-03") == [("break-point-soon", name) for name in everybody]


def test_each_step_is_sent_once_and_a_missed_day_is_caught_up_with(point):
    assert verbs.send(at("2026-07-15")).letters == 3
    assert verbs.send(at("2026-07-16")).letters == 0
    assert verbs.send(at("2026-09-10")).letters == 3
    assert verbs.send(at("2026-09-11")) == verbs.Sent()
    assert ReminderClaim.objects.filter(subject_id=point.pk).count() == 6


def test_it_is_a_line_of_the_same_digest_as_returns(point, priya):
    make_return(point.contract, month=dt.date(2026, 8, 1), due_on=dt.date(2026, 9, 14))
    verbs.send(at("2026-09-10"))
    letter = Letter.objects.get(to=priya)
    assert "1 monthly return and 1 break point" in letter.subject + letter.body
    line = "Highways resurfacing: break clause on 1 April 2027. The last day to act is 1 October 2026"
    assert line in letter.body
    assert "(15 working days left)" in letter.body
    assert "Two apprentices." in letter.body
    assert f"/contracts/{point.contract_id}/#break-points" in letter.body


def test_it_stops_with_an_outcome_a_withdrawal_the_contracts_end_or_the_last_day(point, colin, highways):
    assert told("2026-10-01")
    assert told("2026-10-02") == []
    breaks.record_outcome(point, by=colin, outcome="kpis_agreed", words="Agreed.")
    assert told("2026-09-10") == []
    breaks.undo_outcome(point, by=colin, reason="Not yet")
    assert told("2026-09-10")
    highways.stage = "ended"
    highways.save()
    assert told("2026-09-10") == []
    highways.stage, highways.terminated_on = "live", dt.date(2026, 12, 31)
    highways.save()
    assert told("2026-09-10") == []
    highways.terminated_on = None
    highways.save()
    assert told("2026-09-10")
    breaks.withdraw(point, by=colin, reason="Wrong contract")
    assert told("2026-09-10") == []


def test_an_outcome_recorded_between_looking_and_sending_stops_the_letter(point, colin, monkeypatch):
    looked = verbs.owed(at("2026-09-10"))
    breaks.record_outcome(point, by=colin, outcome="left", words="Left.")
    monkeypatch.setattr(verbs, "owed", lambda now: looked)
    assert verbs.send(at("2026-09-10")).letters == 0
    assert not ReminderClaim.objects.exists()


def test_a_moved_notice_date_starts_its_steps_again(point, colin):
    verbs.send(at("2026-09-10"))
    facts = {"kind": "break", "on": ON, "clause": "", "could_ask": ""}
    breaks.change(point, by=colin, notice_by=dt.date(2027, 2, 1), **facts)
    assert told("2026-09-11") == []
    assert {key for key, _ in told("2027-01-10")} == {"break-point-soon"}


def test_without_a_notice_date_the_day_itself_counts(highways, colin):
    breaks.add(highways, by=colin, kind="review", on=NOTICE)
    assert {key for key, _ in told("2026-09-03")} == {"break-point-soon"}


def test_the_page_says_when_each_goes_out_and_days_may_be_moved_within_reason(as_person, lena, point):
    page = as_person(lena).get(reverse("kpis:reminder-list")).content.decode()
    assert "60 working days before the last day for notice" in page
    step = ReminderStep.objects.get(key="break-point-soon")
    with pytest.raises(Invalid, match="between -120 and 0"):
        verbs.change_step(step, by=lena, days=5, line=step.line, is_on=True)
    assert verbs.change_step(step, by=lena, days=-30, line=step.line, is_on=True).days == -30
    form = as_person(lena).get(reverse("kpis:reminder-step-edit", args=[step.key])).content.decode()
    assert "the last day for notice" in form


def test_what_was_sent_stands_in_the_log_and_on_the_contract(as_person, colin, point):
    verbs.send(at("2026-09-10"))
    assert {item for _, item in latest(5)} == {point}
    assert set(last_told_of([point])) == {point.pk}
    page = as_person(colin).get(point.contract.get_absolute_url()).content.decode()
    assert "Reminder sent" in page


def test_a_hundred_break_points_cost_as_many_queries_as_one(point, highways, django_assert_num_queries):
    with django_assert_num_queries(9):
        verbs.owed(at("2026-09-10"))
    for number in range(100):
        point.pk, point.on = None, ON + dt.timedelta(days=number + 1)
        point.save()
    with django_assert_num_queries(9):
        assert len(verbs.owed(at("2026-09-10"))) == 101 * 3 * 2
