"""Applying in batches: progress, stop, a worker that dies, two at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import HistoryRow
from accounts.verbs.recipe import Refused, Stale
from contracts.models import Contract, ImportedRow, RegisterImport, RegisterRow, Supplier
from contracts.register import applying, verbs
from contracts.register.tests.files import csv_file, row
from contracts.tasks import apply_register_import, continue_imports


@pytest.fixture
def checked(db, lena, monkeypatch):
    """Return an import of seven rows ready to apply, in batches of two."""
    monkeypatch.setattr(verbs, "BATCH", 2)
    data = csv_file([row(reference=f"R{n}", title=f"Contract {n}") for n in range(7)])
    started = verbs.start(data, by=lena, name="register.csv")
    return verbs.check(started, by=lena)


def break_after(monkeypatch, batches, error):
    """Make the worker fail after so many batches."""
    done = applying.Applier.apply
    left = [batches]

    def apply(self, rows):
        if not left[0]:
            raise error
        left[0] -= 1
        done(self, rows)

    monkeypatch.setattr(applying.Applier, "apply", apply)
    return lambda: monkeypatch.setattr(applying.Applier, "apply", done)


def test_a_worker_that_dies_is_taken_over_and_nothing_is_made_twice(checked, lena, monkeypatch):
    verbs.begin_applying(checked, by=lena)
    mend = break_after(monkeypatch, 2, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        verbs.carry_on(checked.pk)
    mend()
    checked.refresh_from_db()
    assert (checked.status, checked.rows_done, Contract.objects.count()) == ("applying", 4, 4)
    assert verbs.carry_on(checked.pk) is None
    continue_imports()
    assert Contract.objects.count() == 4
    RegisterImport.objects.update(worker_until=timezone.now() - dt.timedelta(seconds=1))
    continue_imports()
    checked.refresh_from_db()
    assert (checked.status, checked.rows_done, checked.rows_total) == ("applied", 7, 7)
    assert Contract.objects.count() == ImportedRow.objects.count() == 7
    assert HistoryRow.objects.filter(action="register.create").count() == 7


def test_a_worker_that_lost_its_lease_stops_at_the_next_batch(checked, lena, monkeypatch):
    verbs.begin_applying(checked, by=lena)
    done = applying.Applier.apply

    def apply(self, rows):
        done(self, rows)
        if Contract.objects.count() == 4:
            RegisterImport.objects.update(worker="another")

    monkeypatch.setattr(applying.Applier, "apply", apply)
    monkeypatch.setattr(RegisterImport, "save", lambda self, *a, **k: None)
    verbs.carry_on(checked.pk)
    assert Contract.objects.count() == 4


def test_something_that_goes_wrong_stops_the_import_with_a_sentence_and_carrying_on_finishes_it(
    checked, lena, monkeypatch
):
    verbs.begin_applying(checked, by=lena)
    mend = break_after(monkeypatch, 1, ValueError("no"))
    stopped = verbs.carry_on(checked.pk)
    mend()
    assert stopped.status == "stopped"
    assert "stopped after 2 rows" in stopped.message
    verbs.begin_applying(stopped, by=lena)
    assert verbs.carry_on(stopped.pk).status == "applied"
    assert Contract.objects.count() == 7


def test_stop_leaves_the_rest_waiting_and_the_rest_can_be_checked_again(checked, lena, monkeypatch):
    verbs.begin_applying(checked, by=lena)
    mend = break_after(monkeypatch, 1, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        verbs.carry_on(checked.pk)
    mend()
    stopped = verbs.stop(checked, by=lena)
    assert Contract.objects.count() == 2
    again = verbs.check(stopped, by=lena)
    assert (again.rows_done, again.rows_total, again.counts["created"]) == (2, 7, 7)
    verbs.begin_applying(again, by=lena)
    assert verbs.carry_on(again.pk).counts["created"] == 7
    assert Contract.objects.count() == 7


def test_only_one_import_is_applied_at_a_time(checked, lena):
    other = verbs.check(verbs.start(csv_file([row()]), by=lena, name="other.csv"), by=lena)
    verbs.begin_applying(checked, by=lena)
    with pytest.raises(Stale, match="only one can be applied"):
        verbs.begin_applying(other, by=lena)
    verbs.carry_on(checked.pk)
    with pytest.raises(Stale, match="Check it again"):
        verbs.begin_applying(other, by=lena)
    other = verbs.check(other, by=lena)
    verbs.begin_applying(other, by=lena)
    assert verbs.carry_on(other.pk).status == "applied"


def test_the_task_applies_and_a_second_call_does_nothing(checked, lena):
    verbs.begin_applying(checked, by=lena)
    apply_register_import(checked.pk)
    apply_register_import(checked.pk)
    assert Contract.objects.count() == 7


def test_nobody_without_the_right_starts_checks_or_applies(checked, priya, colin):
    for who in (priya, colin):
        for act in (
            lambda who=who: verbs.start(b"Title\nx\n", by=who, name="x.csv"),
            lambda who=who: verbs.begin_applying(checked, by=who),
            lambda who=who: verbs.check(checked, by=who),
            lambda who=who: verbs.abandon(checked, by=who),
        ):
            with pytest.raises(Refused):
                act()


def test_a_hand_edit_between_check_and_apply_is_kept(bring_in, lena):
    bring_in([row()])
    started = verbs.check(verbs.start(csv_file([row(value="7")]), by=lena, name="again.csv"), by=lena)
    assert started.counts["updated"] == 1
    Contract.objects.update(value=5)
    verbs.begin_applying(started, by=lena)
    done = verbs.carry_on(started.pk)
    assert Contract.objects.get().value == 5
    assert (done.counts["updated"], done.counts["unchanged"], done.counts["conflicts"]) == (0, 1, 1)


def queries_of(lena, count, name):
    data = csv_file(
        [row(reference=f"{name}{n}", title=f"{name} {n}", supplier=f"{name} {n} Ltd") for n in range(count)]
    )
    started = verbs.check(verbs.start(data, by=lena, name=name), by=lena)
    verbs.begin_applying(started, by=lena)
    with CaptureQueriesContext(
        connection,
    ) as found:
        verbs.carry_on(started.pk)
    return len(found)


def test_a_batch_costs_the_same_few_queries_whatever_its_size(db, lena):
    # SQLite takes few values in one statement, so long batches are cut there; never a query a row.
    few, many = queries_of(lena, 10, "few"), queries_of(lena, 150, "many")
    assert many - few < 40
    assert RegisterRow.objects.filter(is_applied=True).count() == 160


def test_suppliers_of_one_name_with_several_company_numbers_in_one_batch_are_several(bring_in):
    numbers = ("01234567", "", "07654321", "01234567", "00000042")
    found = bring_in(
        [row(reference=f"R{n}", title=f"Service {n}", company=one) for n, one in enumerate(numbers)]
    )
    assert (found["created"], found["rejected"]) == (5, [])
    made = list(Supplier.objects.order_by("pk").values_list("name", "company_key"))
    assert made == [("Fellside Works Ltd", one) for one in ("01234567", "07654321", "00000042")]
    without = Contract.objects.get(reference="R1")
    assert without.supplier_links.get().supplier.company_key == "01234567"
    again = bring_in(
        [row(reference=f"R{n}", title=f"Service {n}", company=one) for n, one in enumerate(numbers)]
    )
    assert (again["unchanged"], Supplier.objects.count()) == (5, 3)
