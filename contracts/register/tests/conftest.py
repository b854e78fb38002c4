"""What most tests of the import need."""

import json

import pytest
from django.core.management import call_command

from contracts.register import verbs
from contracts.register.tests.files import csv_file


@pytest.fixture
def bring_in(db, lena):
    """Return a function that imports rows (or bytes) as the lead and gives the summary."""

    def run(rows, *, name="register.csv", answers=None, **more):
        data = rows if isinstance(rows, bytes) else csv_file(rows, **more)
        started = verbs.start(data, by=lena, name=name)
        verbs.check(started, by=lena)
        if answers:
            started = verbs.answer(started, by=lena, answers=answers)
        verbs.begin_applying(started, by=lena)
        done = verbs.carry_on(started.pk)
        assert done.status == "applied", done.message
        return verbs.summary(done)

    return run


@pytest.fixture
def command(db, tmp_path, capsys):
    """Return a function that runs import_register --json on bytes and gives what it printed."""

    def run(data, *options, name="register.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        call_command("import_register", str(path), "--json", *options)
        return json.loads(capsys.readouterr().out)

    return run
