"""Every state, every move, every person: who may do what to a return, and when."""

from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.verbs.recipe import Refused, Stale
from conftest import CAST
from kpis.models import MonthlyReturn
from kpis.returns import verbs as returns
from kpis.returns.moves import MOVES
from kpis.returns.tests.conftest import ALL, fill_in, reading_of
from kpis.verification import verbs

STATES = MonthlyReturn.Status.values
MANAGERS, LEADS = {"priya", "dafydd"}, {"lena"}
ACTS = {
    "submit": (MANAGERS, lambda item, by: returns.submit(item, by=by, confirmations=ALL)),
    "verify": (LEADS, lambda item, by: verbs.verify(item, by=by)),
    "send_back": (LEADS, lambda item, by: verbs.send_back(item, by=by, reason="Evidence is for March")),
    "reopen": (LEADS, lambda item, by: verbs.reopen(item, by=by, reason="Counted twice")),
}


@pytest.fixture
def in_state(may, priya):
    """Return a function that puts May's return, filled in, into a state."""

    def put(status):
        fill_in(may, priya)
        now = timezone.now()
        MonthlyReturn.objects.filter(pk=may.pk).update(
            status=status, submitted_at=now, first_submitted_at=now, submitted_by=priya
        )
        return MonthlyReturn.objects.get(pk=may.pk)

    return put


@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_each_person_may_make_only_their_moves_and_only_from_the_right_state(cast, in_state, status, act):
    item = in_state(status)
    may_act, do = ACTS[act]
    for name in CAST:
        if name not in may_act:
            with pytest.raises(Refused):
                do(item, cast[name])
    doer = cast[sorted(may_act)[0]]
    if MOVES.allows(status, act):
        assert do(item, doer).status == MOVES.table[act].target
    else:
        with pytest.raises(Stale):
            do(item, doer)
        assert MonthlyReturn.objects.get(pk=item.pk).status == status


@pytest.mark.parametrize("status", STATES)
def test_only_unfinished_returns_take_figures(in_state, weeks, priya, status):
    item = in_state(status)
    if status in MonthlyReturn.UNFINISHED:
        returns.save_reading(reading_of(item, weeks), by=priya, value=Decimal(3))
    else:
        with pytest.raises(Stale):
            returns.save_reading(reading_of(item, weeks), by=priya, value=Decimal(3))
