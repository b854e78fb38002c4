"""A real process killed half way through applying, and through confirming: each contract comes once."""

import os
import signal
import subprocess
import sys

import pytest

from conftest import make_contract
from kpis.adoption import confirming, verbs
from kpis.adoption.models import AdoptionImport, AdoptionPart
from kpis.adoption.tests.files import csv_file
from kpis.models import Decision, KPISet, MonthlyReturn
from kpis.tests.factories import make_measure
from kpis.totals.verbs import check as check_totals
from socialvalue.tests.worker import ROOT, environment, until

CONTRACTS = 120


def start(tmp_path, *arguments):
    """Start a process of our own on the same database."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def kill_when(process, reached, said):
    """Kill the process once something is reached, which must be the middle."""
    try:
        until(reached, 90, said)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    assert reached(), "the process was to be killed in the middle"


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_batch_killed_twice_is_carried_on_and_nothing_comes_twice(
    tmp_path, lena, dana, neighbourhoods, back, part_of
):
    make_measure("Apprenticeship weeks")
    rows = []
    for number in range(CONTRACTS):
        make_contract(f"Contract {number}", neighbourhoods, reference=f"R-{number}")
        rows.append([f"R-{number}", "Apprenticeship weeks", "480", "12", "7"])
    path = tmp_path / "signed.csv"
    path.write_bytes(csv_file(rows, headings=("Contract ref", "KPI", "Target", back(3), back(2))))

    def half_applied():
        standing = AdoptionImport.objects.filter(status="applying").first()
        return standing is not None and 0 < standing.contracts_done < CONTRACTS

    process = start(tmp_path, "manage.py", "import_kpis", str(path), "--by", lena.email, "--apply")
    kill_when(process, half_applied, "The first contracts")
    assert not AdoptionPart.objects.filter(status="checked").exists()
    until(lambda: verbs.carry_on_abandoned() == 1, 30, "The relief")
    batch = AdoptionImport.objects.get()
    assert (batch.status, KPISet.objects.count()) == ("applied", CONTRACTS)

    part = part_of(batch, neighbourhoods)
    confirming.confirm(part, by=dana, content_hash=part.content_hash)

    def half_confirmed():
        return 0 < AdoptionPart.objects.get().done < CONTRACTS

    code = (
        f"import django; django.setup(); from kpis.adoption import confirming; confirming.carry_on({part.pk})"
    )
    kill_when(start(tmp_path, "-c", code), half_confirmed, "The first confirmations")
    until(lambda: confirming.carry_on_abandoned() >= 1, 30, "The relief")
    part.refresh_from_db()
    assert (part.status, part.done) == ("applied", CONTRACTS)
    assert KPISet.objects.filter(status="approved").count() == Decision.objects.count() == CONTRACTS
    assert MonthlyReturn.objects.filter(before_system=True).count() == 2 * CONTRACTS
    assert check_totals() == []
