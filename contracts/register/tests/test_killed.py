"""Real processes killed in the middle of an import: what they began is finished, each row once."""

import os
import signal
import subprocess
import sys

import pytest

from contracts.models import Contract, ImportedRow, RegisterImport
from contracts.register import verbs
from contracts.register.tests.files import csv_file, row
from socialvalue.tests.worker import ROOT, Worker, environment, until

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
]

ROWS = 1600


@pytest.fixture
def register():
    """Return the bytes of a register that takes a moment to apply."""
    return csv_file([row(reference=f"R{n}", title=f"Service {n}", company="") for n in range(ROWS)])


def is_in_the_middle():
    """Return whether some rows are applied and some are not."""
    standing = RegisterImport.objects.filter(status="applying").first()
    return standing is not None and 0 < standing.rows_done < ROWS


def each_row_once():
    """Check that every row became one contract."""
    assert Contract.objects.count() == ImportedRow.objects.count() == ROWS
    assert Contract.objects.values("reference").distinct().count() == ROWS
    found = verbs.summary(RegisterImport.objects.get())
    assert (found["applied"], found["rows_read"], found["created"]) == (True, ROWS, ROWS)


def test_the_command_killed_in_the_middle_is_finished_by_running_it_again(register, tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(register)
    command = [sys.executable, "manage.py", "import_register", str(path), "--apply", "--json"]
    env = environment(tmp_path)
    killed = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        until(is_in_the_middle, 60, "The first batch")
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(10)
    assert is_in_the_middle(), "the command was to be killed in the middle"
    again = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert again.returncode == 0, again.stdout + again.stderr
    each_row_once()


def test_a_worker_killed_in_the_middle_is_relieved_by_the_minutes_job(register, lena, tmp_path):
    started = verbs.check(verbs.start(register, by=lena, name="register.csv"), by=lena)
    with Worker(tmp_path, tmp_path) as worker:
        verbs.begin_applying(started, by=lena)
        verbs.wake(started)
        until(is_in_the_middle, 60, "The first batch", worker.said)
        worker.kill()
    assert is_in_the_middle(), "the worker was to be killed in the middle"
    # The killed process may take a moment to be gone; the job of the next minute would find it so.
    until(lambda: verbs.carry_on_abandoned() == 1, 30, "The relief")
    each_row_once()
    assert verbs.carry_on_abandoned() == 0
