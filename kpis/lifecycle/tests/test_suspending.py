"""Suspending and taking up again: what is owed, what is kept, who may, what counts nowhere."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import CAST
from contracts.models import Suspension
from kpis.lifecycle import verbs
from kpis.lifecycle.tests.conftest import APRIL, AUGUST, JULY, JUNE, MAY, due, of, reported, statuses
from kpis.models import MonthlyReturn
from kpis.reminders.owing import owed
from kpis.returns import verbs as returns
from kpis.returns.moves import MOVES
from kpis.returns.verbs import excusing
from kpis.totals import verbs as totals
from reporting.queries.coverage import cell_of

KEEPERS = {"colin", "priya", "dafydd", "lena", "adam"}


def suspend(contract, by, first=MAY, last=JUNE, **more):
    """Suspend the contract."""
    return verbs.suspend(contract, by=by, from_month=first, to_month=last, reason="Flooding", **more)


def test_suspended_months_are_excused_and_nothing_is_due_for_them(running, priya, neighbourhoods):
    before = reported()
    suspension = suspend(running, priya, reference="Letter of 3 May")
    assert statuses(running) == {4: "submitted", 5: "excused", 6: "excused", 7: "open"}
    assert of(MAY).excused_by == suspension
    assert (due(neighbourhoods, MAY).amount, due(neighbourhoods, MAY).expected) == (0, 0)
    assert due(neighbourhoods, JULY).expected == 2
    assert reported() == before
    assert totals.check() == []
    row = history_of(running).get()
    assert (row.action, row.note) == ("contracts.suspend", "Flooding")
    assert ("Suspended", "", "from May 2026 to June 2026") in row.changes


def test_what_had_been_entered_comes_back_if_the_month_is_owed_after_all(running, priya):
    was = of(MAY).readings.get(measure__kind="count")
    suspension = suspend(running, priya)
    verbs.withdraw_suspension(suspension, by=priya)
    now = of(MAY).readings.get(measure__kind="count")
    assert (now.value, now.comment, now.saved_by, now.saved_at) == (7, was.comment, priya, was.saved_at)
    assert now.version > was.version
    assert of(MAY).set_aside == []
    assert statuses(running) == {4: "submitted", 5: "open", 6: "open", 7: "open"}
    assert totals.check() == []


def test_a_submitted_month_stands_though_it_was_suspended(running, priya):
    suspend(running, priya, APRIL, MAY)
    assert statuses(running)[4] == "submitted"
    assert totals.check() == []


def test_no_return_opens_for_a_suspended_month_until_it_is_owed_after_all(running, priya, clock):
    suspend(running, priya, AUGUST, None)
    clock.turn_to(dt.date(2026, 10, 20))
    assert returns.open_due_months().created == 0
    verbs.resume(running, by=priya, last_month=AUGUST)
    assert statuses(running)[9] == "open"
    assert 8 not in statuses(running)
    # Ten working days from the day it became known.
    assert of(dt.date(2026, 9, 1)).due_on == dt.date(2026, 11, 3)
    verbs.withdraw_suspension(running.suspensions.get(), by=priya)
    assert statuses(running)[8] == "open"
    assert returns.open_due_months().created == 0
    assert totals.check() == []


def test_a_return_that_was_overdue_when_it_was_excused_stays_overdue(running, priya):
    assert of(MAY).is_overdue
    late, in_time = of(MAY).due_on, of(JULY).due_on
    suspension = suspend(running, priya, MAY, JULY)
    verbs.withdraw_suspension(suspension, by=priya)
    assert of(MAY).due_on == late
    assert of(JULY).due_on > in_time


def test_taking_up_again_earlier_or_later_settles_the_months_between(running, priya):
    suspend(running, priya, MAY, None)
    assert set(statuses(running).values()) == {"submitted", "excused"}
    verbs.resume(running, by=priya, last_month=MAY)
    assert statuses(running) == {4: "submitted", 5: "excused", 6: "open", 7: "open"}
    verbs.resume(running, by=priya, last_month=JUNE)
    assert statuses(running) == {4: "submitted", 5: "excused", 6: "excused", 7: "open"}
    assert totals.check() == []


@pytest.mark.parametrize(("first", "last"), [(JUNE, JULY), (APRIL, MAY), (JUNE, None), (APRIL, AUGUST)])
def test_months_are_not_suspended_twice(running, priya, first, last):
    suspend(running, priya)
    with pytest.raises(Invalid, match="already suspended from May 2026 to June 2026"):
        suspend(running, priya, first, last)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (JUNE, MAY, "to_month"),
        (dt.date(2025, 3, 1), MAY, "from_month"),
        (dt.date(2029, 4, 1), None, "from_month"),
    ],
)
def test_a_suspension_lies_within_the_contracts_dates(running, priya, first, last, field):
    with pytest.raises(Invalid) as refusal:
        suspend(running, priya, first, last)
    assert [name for name, _ in refusal.value.errors] == [field]


def test_an_old_copy_and_a_second_withdrawal_are_refused(running, priya, colin):
    seen = running.version
    suspension = suspend(running, priya, version=seen)
    with pytest.raises(Stale):
        suspend(running, colin, AUGUST, None, version=seen)
    verbs.withdraw_suspension(suspension, by=priya)
    with pytest.raises(Stale):
        verbs.withdraw_suspension(suspension, by=priya)
    with pytest.raises(Stale):
        verbs.resume(running, by=priya, last_month=MAY)
    assert Suspension.objects.standing().count() == 0


def test_a_quarter_of_which_a_month_is_suspended_asks_for_the_other_two(
    highways, kpi_set, weeks, priya, clock
):
    type(kpi_set).objects.filter(pk=kpi_set.pk).update(returns_every=3)
    returns.open_month(JUNE)
    item = of(JUNE)
    assert (item.months_covered, item.readings.get(measure=weeks).target) == (3, 30)
    suspend(highways, priya, MAY, MAY)
    assert of(JUNE).readings.get(measure=weeks).target == 20
    verbs.resume(highways, by=priya, last_month=JUNE)
    assert of(JUNE).status == "open"
    assert of(JUNE).readings.get(measure=weeks).target == 10
    assert totals.check() == []


def test_an_excused_return_is_expected_of_nobody(running, priya, as_person, lena):
    suspend(running, priya, MAY, JULY)
    assert not MonthlyReturn.objects.late_on(dt.date(2027, 1, 1)).exists()
    assert not any(isinstance(one.item, MonthlyReturn) for one in owed())
    cell = cell_of(of(MAY), MAY)
    assert (cell.status, cell.mark) == ("not_due", "◇ E")
    assert cell.words == "May 2026: excused: contract suspended"
    page = as_person(priya).get("/returns/?state=excused").content.decode()
    assert "Not owed" in page
    assert "Excused" in page
    assert "3 returns" not in as_person(priya).get("/returns/?state=late").content.decode()


def test_the_page_of_an_excused_return_says_why_and_takes_no_figures(running, priya, as_person, sami):
    suspend(running, priya, reference="Letter 7")
    client, address = as_person(priya), of(MAY).get_absolute_url()
    page = client.get(address).content.decode()
    assert "The contract is suspended from May 2026 to June 2026." in page
    assert "Flooding (Letter 7)" in page
    assert "What had been entered is kept" in page
    assert client.get(f"{address}check/").status_code == 409
    assert client.get(f"{address}submitted/").status_code == 302
    theirs = as_person(sami).get(address)
    assert theirs.status_code == 200
    assert "What had been entered is kept" not in theirs.content.decode()


@pytest.mark.parametrize("name", CAST)
def test_only_the_contracts_keepers_suspend_it(running, cast, name):
    person = cast[name]
    acts = [
        lambda: suspend(running, person),
        lambda: verbs.resume(running, by=person, last_month=MAY),
        lambda: verbs.withdraw_suspension(running.suspensions.get(), by=person),
    ]
    if name not in KEEPERS:
        suspend(running, cast["lena"], AUGUST, None)
    for act in acts:
        if name in KEEPERS:
            act()
        else:
            with pytest.raises(Refused):
                act()


@pytest.mark.parametrize("status", MonthlyReturn.Status.values)
@pytest.mark.parametrize("move", ["excuse", "owe"])
def test_only_an_open_return_is_excused_and_only_an_excused_one_is_owed_again(running, lena, status, move):
    MonthlyReturn.objects.filter(month=MAY).update(
        status=status, submitted_at="2026-06-10T09:00Z", first_submitted_at="2026-06-10T09:00Z"
    )
    item = of(MAY)
    if status == "excused":
        item.readings.all().delete()
    if MOVES.allows(status, move):
        getattr(excusing, move)(item, by=lena, why="Said so")
        assert of(MAY).status == MOVES.table[move].target
    else:
        with pytest.raises(Stale):
            getattr(excusing, move)(item, by=lena, why="Said so")


def test_a_figure_of_a_kpi_that_is_gone_stays_in_the_history_alone(
    running, kpi_set, weeks, local_spend, priya
):
    suspension = suspend(running, priya)
    kpi_set.terms.filter(kpi__measure=weeks).update(ends_month=APRIL)
    verbs.withdraw_suspension(suspension, by=priya)
    assert [reading.measure for reading in of(MAY).readings.all()] == [local_spend]
    assert history_of(of(MAY)).filter(action="returns.excuse").get().before["Apprenticeship weeks"] == "7"
    assert totals.check() == []


def test_a_page_open_from_before_is_not_saved_over_what_was_put_back(running, priya):
    before = of(MAY).readings.get(measure__kind="count")
    verbs.withdraw_suspension(suspend(running, priya), by=priya)
    now = of(MAY).readings.get(measure__kind="count")
    with pytest.raises(Stale):
        returns.save_reading(now, by=priya, version=before.version, value=Decimal(1))
