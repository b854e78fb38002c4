"""Letters and reminders survive the death of the process that writes or posts them."""

import datetime as dt
import os
import re
import signal
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.models import Letter, Role
from accounts.tasks import post_letters
from conftest import make_contract, make_person
from kpis.models import KPISet, MonthlyReturn, ReminderClaim
from kpis.reminders import verbs
from socialvalue.tests.worker import ROOT, Worker, environment, until

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
]

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 6, 9, 9, tzinfo=LONDON)
PEOPLE = 60


@pytest.fixture
def sixty_managers(neighbourhoods, lena):
    """Return sixty contract managers, each with May's return due in three working days."""
    people = []
    for number in range(PEOPLE):
        person = make_person(f"Manager{number:02d} Reyes", Role.CONTRACT_MANAGER)
        contract = make_contract(f"Contract {number:02d}", neighbourhoods, manager=person)
        kpi_set = KPISet.objects.create(
            contract=contract,
            number=1,
            status=KPISet.Status.APPROVED,
            effective_month=dt.date(2025, 4, 1),
            decided_at=NOW,
        )
        MonthlyReturn.objects.create(
            contract=contract,
            month=dt.date(2026, 5, 1),
            kpi_set=kpi_set,
            directorate=neighbourhoods,
            due_on=dt.date(2026, 6, 12),
            opened_at=dt.datetime(2026, 6, 1, tzinfo=LONDON),
        )
        people.append(person)
    return people


@pytest.fixture
def mailbox(tmp_path):
    """Return the folder the worker posts into."""
    folder = tmp_path / "mailbox"
    folder.mkdir()
    return folder


def stands_in(mailbox):
    return sorted(mailbox.glob("*.eml"))


def all_sent():
    """Ask for a sweep, as the clock does each minute, and return whether nothing waits any more."""
    if not Letter.objects.waiting().exists():
        return True
    post_letters.apply_async(retry=False, ignore_result=True)
    return not Letter.objects.waiting().exists()


def each_exactly_once(mailbox, people):
    """Check that the mailbox holds one whole letter for each person and nothing else."""
    files = stands_in(mailbox)
    texts = [file.read_text() for file in files]
    assert len(files) == len(people)
    for person in people:
        mine = [text for text in texts if f"To: {person.email}" in text]
        assert len(mine) == 1
        assert "please send the return for May 2026, due on 12 June 2026" in mine[0].replace(
            "=\n", ""
        ).replace("\n", " ")
    assert Letter.objects.filter(sent_at=None).count() == 0


def test_a_worker_killed_while_posting_loses_no_letter_and_repeats_none(sixty_managers, mailbox, tmp_path):
    with Worker(tmp_path, mailbox) as first:
        assert verbs.send(NOW).letters == PEOPLE
        until(lambda: len(stands_in(mailbox)) >= 15, 30, "Posting", first.said)
        first.kill()
    posted = len(stands_in(mailbox))
    assert 15 <= posted < PEOPLE, "the worker was to be killed in the middle"
    assert Letter.objects.waiting().count() >= PEOPLE - posted
    with Worker(tmp_path, mailbox, SLOW_MAILBOX_SECONDS="0") as second:
        until(all_sent, 60, "Posting the rest", second.said)
    each_exactly_once(mailbox, sixty_managers)
    handed_over = (mailbox / "handed-over").read_text().split()
    assert len(set(handed_over)) == PEOPLE
    assert len(handed_over) <= PEOPLE + 1, "a kill repeats at most the one letter that was on its way"


def test_a_reminder_run_killed_in_the_middle_is_finished_by_the_next(sixty_managers, mailbox, tmp_path):
    command = [sys.executable, "manage.py", "send_reminders", "--now", NOW.isoformat()]
    settings = environment(mailbox)
    killed = subprocess.Popen(
        command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        until(lambda: Letter.objects.count() >= 5, 30, "The first letters")
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(10)
    written = Letter.objects.count()
    assert 5 <= written < PEOPLE, "the run was to be killed in the middle"
    assert ReminderClaim.objects.filter(is_told=True).count() == written
    runs = [subprocess.Popen(command, cwd=ROOT, env=settings, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert Letter.objects.count() == PEOPLE
    assert Letter.objects.values("to").distinct().count() == PEOPLE
    assert ReminderClaim.objects.filter(is_told=True).count() == PEOPLE
    with Worker(tmp_path, mailbox, SLOW_MAILBOX_SECONDS="0") as worker:
        until(all_sent, 60, "Posting", worker.said)
    each_exactly_once(mailbox, sixty_managers)


def test_the_worker_does_each_of_the_clocks_tasks(neighbourhoods, mailbox, tmp_path):
    from django.conf import settings

    from socialvalue import celery_app

    names = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    with Worker(tmp_path, mailbox) as worker:
        for name in names:
            celery_app.send_task(name, ignore_result=True)
        until(
            lambda: all(re.search(rf"Task {name}\[\S+ succeeded", worker.said()) for name in names),
            120,
            "The tasks",
            worker.said,
        )
        assert "Traceback" not in worker.said()
    connection.close()
