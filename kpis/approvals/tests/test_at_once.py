"""Two people act on one set at the same moment: one act stands, the other is told so."""

from decimal import Decimal

import pytest

from accounts.models import Letter
from accounts.verbs.recipe import Stale
from kpis.approvals import verbs
from kpis.approvals.models import Decision
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals
from kpis.proposals.models import KPISet, SetSubmission
from kpis.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(highways, priya):
    kpi_set = proposals.start_set(highways, by=priya)
    proposals.add_kpi(kpi_set, by=priya, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
    kpi_set.refresh_from_db()
    return kpi_set


def one_stands(outcomes):
    stood = [one for one in outcomes if isinstance(one, KPISet)]
    told = [one for one in outcomes if isinstance(one, Stale)]
    assert (len(stood), len(told)) == (1, len(outcomes) - 1), outcomes


def test_two_deciders_at_once_leave_one_decision(draft, priya, dana, desmond):
    sent = proposals.submit(draft, by=priya)
    one_stands(
        at_once(
            lambda: verbs.approve(sent, by=dana, content_hash=sent.content_hash),
            lambda: verbs.send_back(sent, by=desmond, content_hash=sent.content_hash, reasons={1: "Too low"}),
        )
    )
    assert Decision.objects.count() == 1


def test_sending_twice_at_once_sends_once(draft, priya, dana):
    one_stands(at_once(lambda: proposals.submit(draft, by=priya), lambda: proposals.submit(draft, by=priya)))
    assert SetSubmission.objects.count() == 1
    assert Letter.objects.filter(kind="set-waiting").count() == 1


def test_two_sets_started_at_once_leave_one(highways, priya, colin):
    one_stands(
        at_once(
            lambda: proposals.start_set(highways, by=priya), lambda: proposals.start_set(highways, by=colin)
        )
    )
    assert KPISet.objects.count() == 1
