"""Two people at the same moment, one of them changing what the contract owes: totals stay true."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.verbs.recipe import Invalid, Stale
from contracts import verbs as contracts
from contracts.models import Contract, ContractSupplier, Supplier, Suspension
from contracts.suppliers import merging
from contracts.suppliers.finding import find_or_make
from kpis.approvals import verbs as approvals
from kpis.gaps import verbs as gaps
from kpis.lifecycle import verbs
from kpis.lifecycle.tests.conftest import AUGUST, JULY, MAY, of, statuses
from kpis.proposals import verbs as proposals
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


TERMINATE = {"on": dt.date(2026, 6, 10), "reason": "Insolvent"}


def one_act_at_a_time(outcomes, contract):
    """Check that whoever came too late was told, that totals are true, and that open returns count here."""
    assert all(isinstance(one, Stale | Invalid) for one in failures_of(outcomes)), outcomes
    assert totals.check() == []
    here = Contract.objects.get(pk=contract.pk).directorate
    waiting = contract.monthly_returns.filter(first_submitted_at=None, month__gte=MAY)
    assert {one.directorate for one in waiting} <= {here}


def test_a_contract_terminated_by_two_at_once_is_terminated_once(running, colin, lena):
    outcomes = at_once(
        lambda: verbs.terminate(running, by=colin, **TERMINATE),
        lambda: verbs.terminate(running, by=lena, **TERMINATE),
    )
    assert len(failures_of(outcomes)) == 1
    one_act_at_a_time(outcomes, running)


def test_a_return_submitted_while_its_contract_moves_counts_in_one_directorate(running, adults, priya, colin):
    fill_in(of(MAY), priya)
    outcomes = at_once(
        lambda: returns.submit(of(MAY), by=priya, confirmations=ALL),
        lambda: verbs.move(running, by=colin, directorate=adults, from_month=MAY),
    )
    one_act_at_a_time(outcomes, running)
    assert not isinstance(outcomes[1], Exception)


def test_the_clock_opens_nothing_after_a_termination_in_the_same_moment(running, colin, clock):
    clock.turn_to(dt.date(2026, 9, 2))
    outcomes = at_once(
        lambda: returns.open_month(AUGUST), lambda: verbs.terminate(running, by=colin, **TERMINATE)
    )
    one_act_at_a_time(outcomes, running)
    assert set(statuses(running)) <= {4, 5, 6}


def test_a_set_approved_while_its_contract_is_terminated_owes_nothing_after_it(
    highways, weeks, priya, dana, lena
):
    kpi_set = proposals.start_set(highways, by=priya)
    proposals.add_kpi(kpi_set, by=priya, measure=weeks, target=Decimal(5), ends_month=dt.date(2029, 3, 1))
    proposals.describe(kpi_set, by=priya, effective_month=MAY, why="As bid.", supplier_agreed=True)
    kpi_set.refresh_from_db()
    kpi_set = proposals.submit(kpi_set, by=priya)
    outcomes = at_once(
        lambda: approvals.approve(kpi_set, by=dana, content_hash=kpi_set.content_hash),
        lambda: verbs.terminate(highways, by=lena, **TERMINATE),
    )
    one_act_at_a_time(outcomes, highways)
    assert set(statuses(highways)) <= {5, 6}
    kpi_set.refresh_from_db()
    assert kpi_set.status in {"approved", "withdrawn"}


@pytest.mark.parametrize("act", ["edit", "novate", "split", "add"])
def test_no_contract_is_given_a_supplier_that_is_merged_in_the_same_moment(
    act, highways, neighbourhoods, home_care, lena, adam
):
    kept, merged = find_or_make("Fellside Highways"), find_or_make("Fellside Roads")
    contracts.edit(home_care, by=lena, suppliers=[merged])
    lots = [
        verbs.Lot("North", ["Fellside Roads"], Decimal(1000000)),
        verbs.Lot("South", (), Decimal(1400000)),
    ]
    acts = {
        "edit": lambda: contracts.edit(highways, by=adam, suppliers=["Fellside Roads"]),
        "novate": lambda: verbs.novate(highways, by=adam, suppliers=["Fellside Roads"], on=AUGUST),
        "split": lambda: verbs.split_into_lots(highways, by=adam, lots=lots, on=AUGUST),
        "add": lambda: contracts.add(
            by=adam, title="New", directorate=neighbourhoods, suppliers=["Fellside Roads"], stage="live"
        ),
    }
    outcomes = at_once(lambda: merging.merge(kept, merged, by=lena, reason="Same number"), acts[act])
    assert failures_of(outcomes) == []
    assert not ContractSupplier.objects.filter(supplier__merged_into__isnull=False).exists()
    assert ContractSupplier.objects.filter(supplier=kept).count() >= 2


def test_two_merges_that_cross_leave_one(highways, home_care, lena, adam):
    one, other = find_or_make("Fellside Works Ltd"), find_or_make("Fellside Roads")
    contracts.edit(home_care, by=lena, suppliers=[other])
    outcomes = at_once(
        lambda: merging.merge(one, other, by=lena, reason="Same number"),
        lambda: merging.merge(other, one, by=adam, reason="Same number"),
    )
    assert [type(error) for error in failures_of(outcomes)] == [Stale]
    assert Supplier.objects.standing().filter(pk__in=[one.pk, other.pk]).count() == 1


def test_a_merge_undone_while_its_supplier_is_merged_on_leaves_every_contract_one_that_stands(
    highways, home_care, lena, adam
):
    kept, merged = find_or_make("Fellside Works Ltd"), find_or_make("Fellside Roads")
    further = find_or_make("Fell Group")
    contracts.edit(home_care, by=lena, suppliers=[merged])
    made = merging.merge(kept, merged, by=lena, reason="Same number")
    outcomes = at_once(
        lambda: merging.undo_merge(made, by=lena),
        lambda: merging.merge(further, kept, by=adam, reason="Same group"),
    )
    assert all(isinstance(one, Stale) for one in failures_of(outcomes)), outcomes
    assert not ContractSupplier.objects.filter(supplier__merged_into__isnull=False).exists()


def test_two_who_start_a_stock_take_at_once_have_one(highways, neighbourhoods, lena, dana):
    outcomes = at_once(
        lambda: gaps.start(neighbourhoods, by=lena), lambda: gaps.start(neighbourhoods, by=dana)
    )
    assert [type(error) for error in failures_of(outcomes)] == [Invalid]
    assert neighbourhoods.stock_takes.count() == 1
