"""Two people at the same moment, one of them changing what the contract owes: totals stay true."""

import datetime as dt

import pytest

from accounts.verbs.recipe import Stale
from contracts.models import Suspension
from kpis.lifecycle import verbs
from kpis.lifecycle.tests.conftest import AUGUST, JULY, MAY, of, statuses
from kpis.returns import verbs as returns
from kpis.returns.tests.conftest import ALL, fill_in
from kpis.tests.at_once import at_once, failures_of
from kpis.totals import verbs as totals

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_return_submitted_while_its_month_is_suspended_either_stands_or_is_excused(running, priya, colin):
    fill_in(of(MAY), priya)
    outcomes = at_once(
        lambda: returns.submit(of(MAY), by=priya, confirmations=ALL),
        lambda: verbs.suspend(running, by=colin, from_month=MAY, to_month=MAY, reason="Flooding"),
    )
    assert all(isinstance(one, Stale) for one in failures_of(outcomes)), outcomes
    assert statuses(running)[5] in {"submitted", "excused"}
    assert Suspension.objects.count() == 1
    assert totals.check() == []


def test_two_suspensions_of_the_same_months_at_once_leave_one(running, priya, colin):
    outcomes = at_once(
        lambda: verbs.suspend(running, by=priya, from_month=MAY, reason="Flooding"),
        lambda: verbs.suspend(running, by=colin, from_month=MAY, reason="Flooding"),
    )
    assert len(failures_of(outcomes)) == 1, outcomes
    assert Suspension.objects.count() == 1
    assert totals.check() == []


def test_the_clock_opens_no_return_that_is_suspended_in_the_same_moment(running, priya, clock):
    clock.turn_to(dt.date(2026, 9, 2))
    outcomes = at_once(
        lambda: returns.open_month(AUGUST),
        lambda: verbs.suspend(running, by=priya, from_month=JULY, reason="Flooding"),
    )
    assert failures_of(outcomes) == []
    assert set(statuses(running)) <= {4, 5, 6, 7, 8}
    assert {statuses(running)[7], statuses(running).get(8, "excused")} == {"excused"}
    assert totals.check() == []
