"""Real processes killed in the middle of an import of notices: each contract comes in once, none is lost."""

import os
import signal
import subprocess
import sys

import pytest

from accounts.models import HistoryRow
from contracts.models import Contract, ContractSupplier, NoticeImport, PublishedRecord, Supplier
from contracts.notices import verbs
from contracts.notices.tests.files import US, award, package, release
from socialvalue.tests.worker import ROOT, Worker, environment, until
from spreadsheets.mapping import normal

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
]

COUNT = 1600


@pytest.fixture
def notices():
    """Return the bytes of a package that takes a moment to apply."""
    return package(
        *(
            release(ocid=f"ocds-test01-{n}", name=f"r{n}", tender={"id": f"CB-{n}", "title": f"Service {n}"},
                    awards=[award()])
            for n in range(COUNT)
        )
    )  # fmt: skip


def is_in_the_middle():
    """Return whether some contracts are applied and some are not."""
    standing = NoticeImport.objects.filter(status="applying").first()
    return standing is not None and 0 < standing.items_done < COUNT


def each_contract_once():
    """Check that every award became one contract, with its supplier, its record and its line of history."""
    assert Contract.objects.count() == PublishedRecord.objects.count() == COUNT
    assert Contract.objects.values("reference").distinct().count() == COUNT
    assert ContractSupplier.objects.count() == COUNT
    assert Supplier.objects.count() == 1
    assert HistoryRow.objects.filter(action="notices.create").count() == COUNT
    found = verbs.summary(NoticeImport.objects.get())
    assert (found["applied"], found["items"], found["created"]) == (True, COUNT, COUNT)


def test_the_command_killed_in_the_middle_is_finished_by_running_it_again(notices, tmp_path):
    path = tmp_path / "notices.json"
    path.write_bytes(notices)
    command = [
        sys.executable, "manage.py", "import_ocds", str(path), "--apply", "--json", "--buyer", US["name"],
    ]  # fmt: skip
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
    each_contract_once()


def test_a_worker_killed_in_the_middle_is_relieved_by_the_minutes_job(notices, lena, tmp_path):
    started = verbs.start(notices, by=lena, name="notices.json")
    verbs.set_buyers(started, by=lena, keys=[normal(US["name"])])
    started = verbs.check(started, by=lena)
    with Worker(tmp_path, tmp_path) as worker:
        verbs.begin_applying(started, by=lena)
        verbs.wake(started)
        until(is_in_the_middle, 60, "The first batch", worker.said)
        worker.kill()
    assert is_in_the_middle(), "the worker was to be killed in the middle"
    # The killed process may take a moment to be gone; the job of the next minute would find it so.
    until(lambda: verbs.carry_on_abandoned() == 1, 30, "The relief")
    each_contract_once()
    assert verbs.carry_on_abandoned() == 0
