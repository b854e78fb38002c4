"""A real process killed in the middle of an import of measures: what it began is finished, each row once."""

import os
import signal
import subprocess
import sys

import pytest

from kpis.library.models import Framework, Measure
from kpis.measure_imports import verbs
from kpis.measure_imports.models import MeasureImport
from kpis.measure_imports.tests.files import csv_file, row
from socialvalue.tests.worker import ROOT, environment, until

ROWS = 1200


def is_in_the_middle():
    """Return whether some rows are applied and some are not."""
    standing = MeasureImport.objects.filter(status="applying").first()
    return standing is not None and 0 < standing.rows_done < ROWS


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_table_whose_process_was_killed_is_carried_on_by_the_minutes_job(tmp_path):
    path = tmp_path / "measures.csv"
    path.write_bytes(csv_file([row(code=f"X{n}", title=f"Measure {n}") for n in range(ROWS)]))
    killed = subprocess.Popen(
        [sys.executable, "manage.py", "import_measures", str(path), "--framework", "Canal set",
         "--edition", "2026", "--licence", "OGL", "--apply"],
        cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        until(is_in_the_middle, 90, "The first batch")
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(10)
    assert is_in_the_middle(), "the process was to be killed in the middle"
    assert not Framework.objects.get(name="Canal set").is_usable
    until(lambda: verbs.carry_on_abandoned() == 1, 30, "The relief")
    done = MeasureImport.objects.get()
    assert done.status == "applied"
    assert Measure.objects.filter(framework=done.framework, status="live").count() == ROWS
    assert done.framework.is_usable
