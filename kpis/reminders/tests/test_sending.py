"""Each reminder is written once, whoever sends and however often."""

import datetime as dt
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import HistoryRow, Letter
from accounts.verbs.recipe import Refused
from conftest import make_contract, make_person
from kpis.models import ReminderClaim, ReminderStep
from kpis.reminders import verbs
from kpis.reminders.tests.conftest import at, make_return


def test_one_digest_a_person_with_a_line_for_each_item(may_return, home_care, priya, neighbourhoods):
    parks = make_contract("Parks", neighbourhoods, manager=priya)
    make_return(parks)
    sent = verbs.send(at("2026-06-09"))
    letter = Letter.objects.get(to=priya)
    assert letter.kind == "reminder-digest"
    assert letter.subject == "Waiting for you: 2 monthly returns"
    assert "Highways resurfacing: please send the return for May 2026, due on 12 June 2026." in letter.body
    assert "Parks: please send the return for May 2026, due on 12 June 2026." in letter.body
    assert f"/contracts/{parks.number}/returns/2026-05/" in letter.body
    assert (sent.letters, sent.reminders, sent.overtaken) == (2, 3, 3)


def test_a_second_run_sends_nothing(may_return):
    assert verbs.send(at("2026-06-09")).letters == 2
    assert verbs.send(at("2026-06-09", 10)) == verbs.Sent()
    assert verbs.send(at("2026-06-15")) == verbs.Sent()


def test_each_step_is_sent_on_its_day(may_return, priya):
    for day in ("2026-06-01", "2026-06-09", "2026-06-16", "2026-06-19", "2026-06-29"):
        verbs.send(at(day))
    told = ReminderClaim.objects.filter(person=priya, is_told=True).order_by("pk")
    assert [claim.step.key for claim in told] == [
        "return-opens",
        "return-due-soon",
        "return-overdue",
        "return-overdue-copy",
    ]


def test_missed_days_catch_up_with_one_line(may_return, priya):
    verbs.send(at("2026-06-22"))
    letter = Letter.objects.get(to=priya)
    assert letter.body.count("Highways resurfacing") == 1
    assert "6 working days late" in letter.body
    assert ReminderClaim.objects.filter(person=priya).count() == 4
    assert ReminderClaim.objects.filter(person=priya, is_told=True).count() == 1


def test_a_step_moved_before_one_already_told_is_not_told_again(may_return, priya):
    verbs.send(at("2026-06-16"))
    ReminderStep.objects.create(
        key="extra", subject="return", days=1, audience="manager", line="$title", position=9
    )
    assert verbs.send(at("2026-06-17")).letters == 0
    assert ReminderClaim.objects.filter(person=priya, step__key="extra", is_told=False).exists()


def test_a_return_done_between_working_out_and_sending_is_not_reminded_of(may_return, priya, monkeypatch):
    owed = verbs.owed(at("2026-06-09"))
    may_return.status = "submitted"
    may_return.first_submitted_at = may_return.submitted_at = at("2026-06-09")
    may_return.save()
    monkeypatch.setattr(verbs, "owed", lambda now: owed)
    assert verbs.send(at("2026-06-09")) == verbs.Sent()
    assert not Letter.objects.exists()


def test_a_failure_while_writing_leaves_neither_claim_nor_letter(may_return, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("no room on disk")

    monkeypatch.setattr(ReminderClaim.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        verbs.send(at("2026-06-09"))
    assert not Letter.objects.exists()
    assert not ReminderClaim.objects.exists()


@pytest.mark.parametrize(
    ("day", "hour", "letters"),
    [
        ("2026-06-09", 6, 0),
        ("2026-06-09", 7, 2),
        ("2026-06-09", 19, 0),
        ("2026-06-13", 10, 0),
        ("2026-05-25", 10, 0),
    ],
)
def test_the_clock_sends_on_working_days_in_working_hours_only(may_return, day, hour, letters):
    assert verbs.send_by_the_clock(at(day, hour)).letters == letters


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_each_letter_once(highways, dana):
    make_return(highways)
    people = [make_person(f"Manager{n} Reyes", "contract_manager") for n in range(12)]
    for number, person in enumerate(people):
        make_return(make_contract(f"Contract {number}", highways.directorate, manager=person))
    gate = threading.Barrier(2)
    errors = []

    def run():
        try:
            gate.wait(10)
            verbs.send(at("2026-06-09"))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert Letter.objects.count() == 14
    assert Letter.objects.values("to").distinct().count() == 14
    assert ReminderClaim.objects.filter(is_told=True).count() == 14


def test_the_command_says_what_it_did_and_takes_london_time(may_return, capsys):
    call_command("send_reminders", now="2026-06-09T08:00")
    assert (
        "2026-06-09 08:00: 2 letters with 2 reminders written, 2 steps overtaken" in capsys.readouterr().out
    )
    call_command("send_reminders", now="2026-06-09")
    assert "0 letters with 0 reminders" in capsys.readouterr().out
    with pytest.raises(CommandError, match="is not a time"):
        call_command("send_reminders", now="soon")


def test_a_snooze_holds_back_and_then_catches_up(may_return, colin, priya, monkeypatch):
    monkeypatch.setattr(verbs, "today", lambda: dt.date(2026, 6, 8))
    with pytest.raises(Refused):
        verbs.snooze(may_return, by=priya, until=dt.date(2026, 6, 17), reason="Away")
    verbs.snooze(may_return, by=colin, until=dt.date(2026, 6, 17), reason="The supplier moved offices")
    assert verbs.send(at("2026-06-17")).letters == 0
    assert verbs.send(at("2026-06-18")).letters == 2
    row = HistoryRow.objects.get(action="reminders.snooze")
    assert row.note == "The supplier moved offices"
    assert row.contract_number == may_return.contract_id


def test_ending_a_snooze_lets_reminders_go_again(may_return, lena, monkeypatch):
    monkeypatch.setattr(verbs, "today", lambda: dt.date(2026, 6, 8))
    verbs.snooze(may_return, by=lena, until=dt.date(2026, 6, 30), reason="Flood")
    verbs.end_snooze(may_return, by=lena)
    assert verbs.send(at("2026-06-09")).letters == 2
