"""Totals equal bare SQL over the readings, whatever was done and in whatever order."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounts.verbs.recipe import Stale
from conftest import make_contract, make_person
from kpis.models import MonthlyReturn, Reading, TotalRow
from kpis.returns import verbs as returns
from kpis.tests.factories import make_approved_set, make_measure
from kpis.totals import verbs
from kpis.verification import verbs as verification

APRIL, MAY = dt.date(2026, 4, 1), dt.date(2026, 5, 1)


@pytest.fixture
def town(neighbourhoods, adults, priya):
    """Return a manager's contracts in two directorates, with a sum, a percentage and a latest measure."""
    weeks = make_measure("Weeks", unit="weeks", places=2)
    spend = make_measure("Spend", unit="per cent", places=2, kind="percentage", roll_up="average")
    level = make_measure("Level", unit="people", roll_up="latest")
    for directorate in (neighbourhoods, neighbourhoods, adults):
        contract = make_contract(f"Contract {directorate}", directorate, manager=priya)
        make_approved_set(contract, APRIL, [(weeks, 120), (spend, 40), (level, 5)])
    for month in (APRIL, MAY):
        returns.open_month(month)
    return weeks, spend, level


def fill(monthly_return, by, chance):
    for reading in monthly_return.readings.select_related("measure__unit"):
        figures = {"value": Decimal(chance.randrange(5000))}
        if reading.measure.unit.places:
            figures = {"value": Decimal(chance.randrange(50000)) / 10}
        if reading.measure.is_percentage:
            bottom = chance.randrange(1000)
            figures = {
                "numerator": Decimal(chance.randrange(bottom + 1)),
                "denominator": Decimal(bottom),
            }
        if chance.random() < 0.2:
            figures = {"nothing_to_report": True}
        returns.save_reading(reading, by=by, comment="Why", **figures)


@pytest.mark.parametrize("seed", range(6))
def test_totals_equal_bare_sql_after_any_sequence_of_verbs(town, priya, lena, seed):
    chance = random.Random(seed)
    for _ in range(25):
        item = chance.choice(list(MonthlyReturn.objects.all()))
        act = chance.choice(["fill", "submit", "submit", "verify", "send_back", "reopen", "rebuild"])
        try:
            if act == "fill":
                fill(item, priya, chance)
            elif act == "submit":
                if item.is_unfinished:
                    fill(item, priya, chance)
                returns.submit(item, by=priya, confirmations=set(returns.CONFIRMATIONS))
            elif act == "verify":
                reading = item.readings.filter(measure=town[0]).first()
                amounts = {reading.pk: (Decimal(7), "Counted again")} if reading else {}
                verification.verify(item, by=lena, amounts=amounts)
            elif act == "send_back":
                verification.send_back(item, by=lena, reason="Evidence is for March")
            elif act == "reopen":
                verification.reopen(item, by=lena, reason="Counted twice")
            else:
                contract = item.contract
                kpis = chance.sample([(town[0], 240), (town[1], 30), (town[2], 9)], 2)
                make_approved_set(contract, MAY, kpis, decided_on=APRIL)
                returns.rebuild_open_returns(contract, MAY, by=lena)
        except Stale:
            pass
        assert verbs.check() == []


def test_due_counts_opened_returns_and_levels_are_not_due_again_each_month(town, neighbourhoods):
    weeks, spend, level = town
    row = TotalRow.objects.get(directorate=neighbourhoods, month=MAY, measure=weeks)
    assert (row.due, row.n_expected, row.n_reported) == (Decimal(20), 2, 0)
    assert TotalRow.objects.get(directorate=neighbourhoods, month=MAY, measure=level).due == 0
    assert TotalRow.objects.get(directorate=neighbourhoods, month=MAY, measure=spend).due == 0


def test_check_lists_what_differs_and_rebuild_puts_it_right(town, capsys):
    call_command("check_totals")
    TotalRow.objects.filter(month=MAY).update(reported=Decimal("1.5"))
    TotalRow.objects.filter(month=APRIL).first().delete()
    with pytest.raises(CommandError) as stop:
        call_command("check_totals")
    assert stop.value.returncode == 1
    assert "reported stands at 1.5" in capsys.readouterr().out
    call_command("rebuild_totals")
    assert "4 of 4 directorate months recomputed." in capsys.readouterr().out
    assert verbs.check() == []


def test_a_rebuild_can_be_stopped_and_carried_on(town, neighbourhoods, adults):
    TotalRow.objects.update(due=1)
    first = verbs.rebuild(lambda state: state.done < 2)
    assert first.stopped
    assert verbs.check()
    key = sorted({(row.directorate_id, row.month) for row in Reading.objects.all()})[1]
    verbs.rebuild(after=key)
    assert verbs.check() == []


def test_totals_of_readings_that_are_gone_go_too(town, priya):
    make_person("Nobody In Particular")
    reading = Reading.objects.filter(month=MAY).first()
    keys = [(reading.directorate_id, reading.month, reading.measure_id)]
    Reading.objects.filter(directorate=reading.directorate_id, month=MAY, measure=reading.measure_id).delete()
    from django.db import transaction

    with transaction.atomic():
        verbs.recompute(keys)
    assert not TotalRow.objects.filter(month=MAY, measure=reading.measure_id, directorate=keys[0][0])
    assert verbs.check() == []
