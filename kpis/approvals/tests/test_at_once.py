"""Two people act on one set at the same moment: one act stands, the other is told so."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Delegation, Letter, Person, Role
from accounts.verbs.recipe import Refused, Stale
from conftest import LONG_AGO, make_contract, make_person
from contracts.models import Contract
from kpis.approvals import together, verbs
from kpis.approvals.models import Decision
from kpis.approvals.routing import ask_who_can_decide_now
from kpis.approvals.tests.test_pages import send
from kpis.library.models import Measure
from kpis.lifecycle import verbs as lifecycle
from kpis.proposals import verbs as proposals
from kpis.proposals.models import DecisionAsked, KPISet, SetSubmission
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


def test_two_delegates_deciding_the_same_set_leave_one_decision(draft, priya, dana, della, neighbourhoods):
    other = make_person("Delia Moss")
    Delegation.objects.create(
        given_by=dana,
        given_to=other,
        directorate=neighbourhoods,
        scheme_reference="Scheme 4.2",
        starts_on=LONG_AGO,
    )
    sent = proposals.submit(draft, by=priya)
    one_stands(
        at_once(
            lambda: verbs.approve(sent, by=della, content_hash=sent.content_hash),
            lambda: verbs.approve(sent, by=other, content_hash=sent.content_hash),
        )
    )
    assert Decision.objects.count() == 1
    assert Letter.objects.filter(kind="set-approved-in-your-name", to=dana).count() == 1


def test_both_directorates_approving_at_once_put_the_set_in_force_once(
    highways, priya, dana, olga, adults, monkeypatch
):
    highways.partner_directorates.add(adults)
    sent = send(highways, priya)
    rebuilt = []
    rebuild = verbs.rebuild_open_returns

    def counting(*args, **facts):
        rebuilt.append(args)
        return rebuild(*args, **facts)

    monkeypatch.setattr(verbs, "rebuild_open_returns", counting)
    outcomes = at_once(
        lambda: verbs.approve(sent, by=dana, content_hash=sent.content_hash),
        lambda: verbs.approve(sent, by=olga, content_hash=sent.content_hash),
    )
    assert sorted(one.status for one in outcomes) == ["approved", "submitted"]
    assert KPISet.objects.get().status == "approved"
    assert Decision.objects.count() == 2
    assert len(rebuilt) == 1
    assert Letter.objects.filter(kind="set-approved", to=priya).count() == 1
    assert Letter.objects.filter(kind="set-approved-in-part", to=priya).count() == 1


def test_sets_approved_together_while_one_is_taken_back(highways, priya, dana, neighbourhoods):
    first = send(highways, priya)
    second = send(make_contract("Parks", neighbourhoods, manager=priya), priya)
    quoted = [(one.pk, one.content_hash) for one in (first, second)]
    results, taken = at_once(
        lambda: together.approve_together(dana, quoted), lambda: proposals.take_back(second, by=priya)
    )
    assert results[0].approved
    stands = KPISet.objects.get(pk=second.pk).status
    if isinstance(taken, KPISet):
        assert (stands, results[1].approved) == ("draft", False)
    else:
        assert isinstance(taken, Stale)
        assert (stands, results[1].approved) == ("approved", True)
    assert Decision.objects.count() == sum(one.approved for one in results)


def test_approving_while_the_contract_moves(highways, priya, dana, olga, lena, adults):
    sent = send(highways, priya)
    decided, moved = at_once(
        lambda: verbs.approve(sent, by=dana, content_hash=sent.content_hash),
        lambda: lifecycle.move(
            Contract.objects.get(pk=highways.pk), by=lena, directorate=adults, from_month=dt.date(2026, 4, 1)
        ),
    )
    assert isinstance(moved, Contract)
    if isinstance(decided, KPISet):
        assert decided.status == KPISet.objects.get().status == "approved"
    else:
        assert isinstance(decided, Refused)
        assert KPISet.objects.get().status == "submitted"
        assert Letter.objects.filter(kind="set-waiting", to=olga).count() == 1


def test_two_workers_ask_each_person_once(highways, priya, dana, neighbourhoods):
    send(highways, priya)
    Person.objects.filter(pk=dana.pk).update(is_active=False)
    make_person("Nell New", (Role.DIRECTOR, neighbourhoods))
    outcomes = at_once(*[ask_who_can_decide_now] * 3)
    assert sorted(outcomes) == [0, 0, 1]
    assert Letter.objects.filter(kind="set-waiting", to__full_name="Nell New").count() == 1
    assert DecisionAsked.objects.count() == 2


def test_two_workers_tell_the_lead_once(highways, priya, dana, lena):
    send(highways, priya)
    Person.objects.filter(pk=dana.pk).update(is_active=False)
    at_once(*[ask_who_can_decide_now] * 3)
    assert Letter.objects.filter(kind="set-without-decider").count() == 1


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
