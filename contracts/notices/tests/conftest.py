"""What most tests of notices need."""

import json

import pytest
from django.core.management import call_command

from contracts.notices import verbs
from contracts.notices.tests.files import US, package
from spreadsheets.mapping import normal


@pytest.fixture
def bring_in(db, lena):
    """Return a function that imports releases (or bytes) as the lead and gives the summary."""

    def run(*releases, answers=None, buyers=(US["name"],), name="notices.json"):
        data = releases[0] if isinstance(releases[0], bytes) else package(*releases)
        started = verbs.start(data, by=lena, name=name)
        verbs.set_buyers(started, by=lena, keys=[normal(one) for one in buyers])
        verbs.check(started, by=lena)
        if answers:
            verbs.answer(started, by=lena, answers=answers)
        verbs.begin_applying(started, by=lena)
        done = verbs.carry_on(started.pk)
        assert done.status == "applied", done.message
        found = verbs.summary(done)
        parts = ("created", "updated", "unchanged", "other_buyer")
        assert found["items"] == sum(found[one] for one in parts) + len(found["rejected"])
        return found

    return run


@pytest.fixture
def command(db, tmp_path, capsys):
    """Return a function that runs import_ocds --json on bytes and gives what it printed."""

    def run(data, *options, name="notices.json"):
        path = tmp_path / name
        path.write_bytes(data)
        call_command("import_ocds", str(path), "--json", *options)
        return json.loads(capsys.readouterr().out)

    return run
