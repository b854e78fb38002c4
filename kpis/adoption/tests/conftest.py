"""What most tests of adopting as signed need."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from accounts.calendar import add_months, first_of_month, today
from kpis.adoption import confirming, verbs
from kpis.adoption.models import AdoptionPart
from kpis.adoption.tests.files import csv_file
from kpis.tests.factories import make_measure


@pytest.fixture
def this_month():
    """Return the first of this month."""
    return first_of_month(today())


@pytest.fixture
def back(this_month):
    """Return a function that gives the month so many months ago, as a heading writes it."""

    def heading(months, written="%b-%y"):
        return add_months(this_month, -months).strftime(written)

    return heading


@pytest.fixture
def weeks(db):
    """Return a measure that adds up, in weeks."""
    return make_measure("Apprenticeship weeks")


@pytest.fixture
def jobs(db):
    """Return a measure that adds up, in people."""
    return make_measure("Local people hired", unit="people")


@pytest.fixture
def share(db):
    """Return a percentage with named halves."""
    return make_measure(
        "Staff paid the living wage", unit="percent", kind="percentage", roll_up="average", across="average",
        numerator_name="Staff paid it", denominator_name="All staff",
    )  # fmt: skip


@pytest.fixture
def check(db, lena):
    """Return a function that sets a workbook up as the lead, as far as being checked."""

    def run(rows, *, name="signed.csv", by=None, first_month=None, columns=None, answers=None, headings=None):
        who = by or lena
        data = (
            rows
            if isinstance(rows, bytes)
            else csv_file(rows, **({"headings": headings} if headings else {}))
        )
        started = verbs.start(data, by=who, name=name)
        if columns is not None:
            started = verbs.set_columns(started, by=who, columns={**started.columns, **columns})
        if first_month is not None:
            started = verbs.set_first_month(started, by=who, month=first_month)
        if answers:
            started = verbs.set_answers(started, by=who, answers=answers)
        return verbs.begin_checking(started, by=who)

    return run


@pytest.fixture
def bring_in(check):
    """Return a function that checks and applies a workbook as the lead, and gives the import."""

    def run(rows, **more):
        started = check(rows, **more)
        verbs.begin_applying(started, by=started.uploaded_by)
        done = verbs.carry_on(started.pk)
        assert done.status == "applied", done.message
        return done

    return run


@pytest.fixture
def part_of(db):
    """Return a function that gives the part of an import that is one directorate's."""

    def find(standing, directorate):
        return AdoptionPart.objects.get(adoption_import=standing, directorate=directorate)

    return find


@pytest.fixture
def confirm(db):
    """Return a function that confirms a part to the end and gives it."""

    def run(part, by, **more):
        confirming.confirm(part, by=by, content_hash=part.content_hash, **more)
        return confirming.carry_on(part.pk)

    return run


@pytest.fixture
def command(db, tmp_path, capsys):
    """Return a function that runs import_kpis --json on bytes and gives what it printed."""

    def run(data, *options, name="signed.csv"):
        path = tmp_path / name
        path.write_bytes(data)
        call_command("import_kpis", str(path), "--json", *options)
        return json.loads(capsys.readouterr().out.strip().splitlines()[-1])

    return run


def month(text):
    """Return the month written YYYY-MM."""
    return dt.date.fromisoformat(f"{text}-01")
