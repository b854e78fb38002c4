"""What most tests of imports of measures need."""

import json

import pytest
from django.core.management import call_command

from kpis.library.models import Framework
from kpis.measure_imports import verbs
from kpis.measure_imports.meanings import Meanings, texts_of
from kpis.measure_imports.terms import Terms
from kpis.measure_imports.tests.files import csv_file


@pytest.fixture
def start(db, lena):
    """Return a function that sets an import up as the lead, as far as being checked."""

    def run(
        rows, *, name="measures.csv", header_row=None, sheet="", columns=None, units=None, by=None, **terms
    ):
        who = by or lena
        data = rows if isinstance(rows, bytes) else csv_file(rows)
        started = verbs.start(data, by=who, name=name)
        if header_row is not None or sheet:
            started = verbs.set_reading(
                started, by=who, encoding=started.encoding, sheet=sheet, header_row=header_row
            )
        if columns is not None:
            started = verbs.set_columns(started, by=who, columns={**started.columns, **columns})
        meanings = Meanings()
        texts = texts_of(verbs.measures_of(started).rows, meanings)
        meant = {text: meanings.unit(text) or "new" for text, _ in texts["unit"]}
        started = verbs.set_meanings(started, by=who, units={**meant, **(units or {})})
        facts = {"name": "Canal set", "edition": "2026", "source": "Us", "licence": "OGL", **terms}
        started = verbs.set_terms(started, by=who, terms=Terms(**facts))
        return verbs.begin_checking(started, by=who)

    return run


@pytest.fixture
def bring_in(start, lena):
    """Return a function that imports rows (or bytes) as the lead and gives the edition they became."""

    def run(rows, **more):
        started = start(rows, **more)
        verbs.begin_applying(started, by=lena)
        done = verbs.carry_on(started.pk)
        assert done.status == "applied", done.message
        return Framework.objects.get(pk=done.framework_id)

    return run


@pytest.fixture
def command(db, tmp_path, capsys):
    """Return a function that runs import_measures --json on bytes and gives what it printed."""

    def run(data, *options, name="measures.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        edition = [] if "--edition" in options else ["--edition", "2026"]
        call_command("import_measures", str(path), "--framework", "Canal set", *edition, "--json", *options)
        return json.loads(capsys.readouterr().out)

    return run
