"""Every state of a KPI set, every move, every person: what happens."""

from decimal import Decimal

import pytest
from django.db import transaction

from accounts.verbs.recipe import Refused, Stale
from conftest import CAST
from contracts.models import Contract
from kpis.approvals import verbs as approvals
from kpis.library.models import Measure
from kpis.proposals import verbs
from kpis.proposals.models import KPISet
from kpis.proposals.moves import MOVES

PROPOSERS = {"colin", "priya", "dafydd"}
DECIDERS = {"dana", "desmond", "della"}
# Move -> (who may, state it leads to, states it starts from).
EXPECTED = {
    "edit": (PROPOSERS, None, {"draft", "returned"}),
    "submit": (PROPOSERS, "submitted", {"draft", "returned"}),
    "take_back": (PROPOSERS, "draft", {"submitted"}),
    "withdraw": (PROPOSERS, "withdrawn", {"draft", "submitted", "returned"}),
    "approve": (DECIDERS, "approved", {"submitted"}),
    "send_back": (DECIDERS, "returned", {"submitted"}),
}
STATES = ["draft", "submitted", "returned", "approved", "withdrawn"]


@pytest.fixture
def in_state(highways, priya, dana):
    """Return a function that brings a new set into a state by the moves themselves."""

    def make(state):
        kpi_set = verbs.start_set(highways, by=priya)
        verbs.add_kpi(kpi_set, by=priya, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
        kpi_set.refresh_from_db()
        if state == "withdrawn":
            return verbs.withdraw(kpi_set, by=priya)
        if state != "draft":
            kpi_set = verbs.submit(kpi_set, by=priya)
        if state == "approved":
            return approvals.approve(kpi_set, by=dana, content_hash=kpi_set.content_hash)
        if state == "returned":
            return approvals.send_back(
                kpi_set, by=dana, content_hash=kpi_set.content_hash, reasons={1: "Too low"}
            )
        return kpi_set

    return make


def do(move, kpi_set, person):
    if move == "edit":
        return verbs.describe(kpi_set, by=person, why="Because")
    if move == "approve":
        return approvals.approve(kpi_set, by=person, content_hash=kpi_set.content_hash)
    if move == "send_back":
        return approvals.send_back(
            kpi_set, by=person, content_hash=kpi_set.content_hash, reasons={1: "Too low"}
        )
    return getattr(verbs, move)(kpi_set, by=person)


def test_the_table_that_is_printed_is_the_table_that_is_tested():
    assert set(MOVES.table) == set(EXPECTED)
    for name, (_, target, sources) in EXPECTED.items():
        assert MOVES.table[name].sources == sources
        assert MOVES.table[name].target == (target or "")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", EXPECTED)
def test_every_state_every_move_every_person(move, state, in_state, cast):
    who_may, target, sources = EXPECTED[move]
    kpi_set = in_state(state)
    for name in CAST:
        point = transaction.savepoint()
        kpi_set.refresh_from_db()
        if name not in who_may:
            with pytest.raises(Refused) as caught:
                do(move, kpi_set, cast[name])
            assert str(caught.value).endswith(".")
        elif state not in sources:
            with pytest.raises(Stale):
                do(move, kpi_set, cast[name])
        else:
            assert do(move, kpi_set, cast[name]).status == (target or state)
        transaction.savepoint_rollback(point)
        assert KPISet.objects.get(pk=kpi_set.pk).status == state


@pytest.mark.parametrize("name", CAST)
def test_members_and_strangers_see_no_set_before_it_is_approved(name, in_state, cast):
    kpi_set = in_state("submitted")
    insiders = PROPOSERS | DECIDERS | {"lena", "adam"}
    seen = KPISet.objects.visible_to(cast[name]).filter(pk=kpi_set.pk).exists()
    assert seen == (name in insiders)
    KPISet.objects.filter(pk=kpi_set.pk).update(status="approved", decided_at=kpi_set.submitted_at)
    seen = KPISet.objects.visible_to(cast[name]).filter(pk=kpi_set.pk).exists()
    assert seen == Contract.objects.visible_to(cast[name]).filter(pk=kpi_set.contract_id).exists()
