"""Opening returns: from the set in force, once, with what was promised that month."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid
from conftest import make_contract
from kpis.models import MonthlyReturn, Reading
from kpis.returns import verbs
from kpis.returns.tests.conftest import APRIL, JUNE, MAY, fill_in, reading_of, submitted
from kpis.tests.factories import make_approved_set


def test_opening_a_month_creates_a_return_with_a_reading_and_its_target_for_each_kpi(may, weeks, local_spend):
    assert may.due_on == dt.date(2026, 6, 12)
    assert may.directorate == may.contract.directorate
    assert reading_of(may, weeks).target == Decimal(10)
    assert reading_of(may, local_spend).target == Decimal(40)
    assert reading_of(may, weeks).value is None
    assert HistoryRow.objects.of(may).get().action == "returns.open"


def test_opening_a_month_twice_creates_nothing(may):
    assert verbs.open_month(MAY) == verbs.Opened(created=0, existing=1)
    assert Reading.objects.count() == 2


def test_a_month_that_is_not_over_does_not_open(kpi_set):
    with pytest.raises(Invalid, match="the first working day after the month has ended"):
        verbs.open_month(dt.date(2099, 1, 1))
    with pytest.raises(CommandError, match="open on"):
        call_command("open_month", "2099-01")
    with pytest.raises(CommandError, match="is not a month"):
        call_command("open_month", "May")


def test_the_command_prints_what_it_did(kpi_set, capsys):
    call_command("open_month", "2026-05")
    assert capsys.readouterr().out.strip() == "May 2026: 1 return opened, 0 open already."


def test_contracts_that_owe_nothing_get_no_return(weeks, neighbourhoods, kpi_set):
    ended = make_contract("Ended", neighbourhoods, ends_on=dt.date(2026, 3, 31))
    unmapped = make_contract("Unmapped", None)
    tender = make_contract("Tender", neighbourhoods, stage="tender")
    later = make_contract("Later", neighbourhoods)
    for contract in (ended, unmapped, tender):
        make_approved_set(contract, APRIL, [(weeks, 12)])
    make_approved_set(later, JUNE, [(weeks, 12)])
    assert verbs.open_month(MAY).created == 1


def test_a_set_approved_late_gives_the_usual_days_from_then(highways, weeks):
    make_approved_set(highways, APRIL, [(weeks, 12)], decided_on=dt.date(2026, 6, 10))
    verbs.open_month(MAY)
    assert MonthlyReturn.objects.get().due_on == dt.date(2026, 6, 24)


def test_missed_days_catch_up(kpi_set):
    opened = verbs.open_due_months(dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC))
    assert opened.created == 3
    assert verbs.open_due_months(dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC)).created == 0
    assert set(MonthlyReturn.objects.values_list("month", flat=True)) == {APRIL, MAY, JUNE}


def test_a_month_does_not_open_on_a_weekend(kpi_set):
    # 1 August 2026 is a Saturday: July opens on Monday the third.
    verbs.open_due_months(dt.datetime(2026, 8, 2, 9, tzinfo=dt.UTC))
    assert not MonthlyReturn.objects.filter(month=dt.date(2026, 7, 1)).exists()
    verbs.open_due_months(dt.datetime(2026, 8, 3, 9, tzinfo=dt.UTC))
    assert MonthlyReturn.objects.filter(month=dt.date(2026, 7, 1)).exists()


def test_opening_costs_the_same_queries_for_two_contracts_as_for_thirty(
    neighbourhoods, weeks, django_assert_num_queries, kpi_set
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as few:
        verbs.open_month(APRIL)
    for number in range(30):
        make_approved_set(make_contract(f"C{number}", neighbourhoods), APRIL, [(weeks, 12)])
    with CaptureQueriesContext(connection) as many:
        assert verbs.open_month(MAY).created == 31
    assert len(many) == len(few)


def test_an_old_return_keeps_its_old_target_after_a_new_set(may, highways, weeks, local_spend, priya, colin):
    submitted(may, priya)
    verbs.open_month(JUNE)
    june = MonthlyReturn.objects.get(month=JUNE)
    fill_in(june, priya, value=7)
    new = make_approved_set(highways, JUNE, [(weeks, 240)])
    changed = verbs.rebuild_open_returns(highways, MAY, by=colin)
    assert [item.month for item in changed] == [JUNE]
    assert reading_of(may, weeks).target == Decimal(10)
    june.refresh_from_db()
    assert june.kpi_set == new
    reading = reading_of(june, weeks)
    assert (reading.target, reading.value, reading.saved_by) == (Decimal(20), Decimal(7), priya)
    assert not june.readings.filter(measure=local_spend).exists()
    row = HistoryRow.objects.of(june).filter(action="returns.rebuild").get()
    assert row.before["Spend with local suppliers (no longer a KPI)"] == "40 of 100"
    assert row.after["Apprenticeship weeks"] == "20"


def test_a_return_the_new_set_asks_nothing_of_is_taken_away(may, highways, weeks, colin):
    number = may.pk
    make_approved_set(highways, MAY, [(weeks, 12)], starts_month=JUNE, ends_month=dt.date(2027, 4, 1))
    verbs.rebuild_open_returns(highways, MAY, by=colin)
    assert not MonthlyReturn.objects.filter(month=MAY).exists()
    assert HistoryRow.objects.filter(subject_id=number, action="returns.take_away").exists()
