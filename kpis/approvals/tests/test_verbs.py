"""Deciding a KPI set: on whose authority, on exactly which content, with which consequences."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Appointment, Delegation, HistoryRow, Letter, Person, Role
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO
from contracts.models import Contract
from kpis.approvals import verbs
from kpis.approvals.models import Decision
from kpis.approvals.permissions import awaiting_decision_by, deciders_of, may_decide
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals
from kpis.proposals.deciders import told_of
from kpis.proposals.models import KPISet
from kpis.returns.models import MonthlyReturn


def propose(contract, by, effective=dt.date(2026, 4, 1)):
    """Return a set with one KPI, sent for approval."""
    kpi_set = proposals.start_set(contract, by=by)
    kpi_set = proposals.describe(kpi_set, by=by, effective_month=effective, why="As signed")
    if not kpi_set.terms.exists():
        proposals.add_kpi(kpi_set, by=by, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
    return proposals.submit(kpi_set, by=by)


@pytest.fixture
def waiting(highways, priya):
    """Return Priya's set, waiting."""
    return propose(highways, priya)


def again(person):
    """Return the person as read anew: what they hold is worked out once for each object."""
    return Person.objects.get(pk=person.pk)


def test_approval_quotes_the_hash_fixes_the_month_and_tells_everybody(waiting, dana, priya, colin):
    done = verbs.approve(waiting, by=dana, content_hash=waiting.content_hash, note="Good")
    decision = Decision.objects.get()
    assert (done.status, done.effective_month) == ("approved", dt.date(2026, 4, 1))
    assert decision.content_hash == waiting.submissions.get().content_hash
    assert (decision.decided_by, decision.acting_for, decision.note) == (dana, None, "Good")
    told = Letter.objects.filter(kind="set-approved").values_list("to__full_name", flat=True)
    assert sorted(told) == ["Colin Reyes", "Priya Shah"]
    row = HistoryRow.objects.first()
    assert (row.action, row.actor) == ("approvals.approve", dana)
    assert row.after["Content hash"] == waiting.content_hash


def test_a_delegate_decides_in_the_directors_name(waiting, della, dana):
    answer = may_decide(della, waiting)
    assert answer.acting_for == dana
    assert (
        answer.reason == "You are deciding for Dana Okafor, under the delegation of 1 April 2020, Scheme 4.2."
    )
    verbs.approve(waiting, by=della, content_hash=waiting.content_hash)
    decision = Decision.objects.get()
    assert (decision.acting_for, decision.delegation) == (dana, Delegation.objects.get())
    assert HistoryRow.objects.filter(action="approvals.approve", acting_for=dana).count() == 1
    assert Letter.objects.filter(kind="set-approved-in-your-name", to=dana).count() == 1


def test_a_delegate_above_the_limit_is_refused_with_both_amounts(waiting, della, highways):
    Contract.objects.filter(pk=highways.pk).update(value=Decimal("6000000"))
    with pytest.raises(Refused, match="covers contracts up to £5m; this contract is worth £6m"):
        verbs.approve(waiting, by=della, content_hash=waiting.content_hash)
    Contract.objects.filter(pk=highways.pk).update(value=None)
    with pytest.raises(Refused, match="has no value recorded"):
        verbs.approve(waiting, by=della, content_hash=waiting.content_hash)


def test_a_yearly_value_counts_for_the_whole_contract_against_a_limit(highways):
    highways.value_basis = "annual"
    assert highways.whole_value == Decimal("9600000")


def test_a_director_who_edited_the_set_cannot_decide_it_nor_can_their_delegate(
    highways, dana, della, desmond, neighbourhoods
):
    Appointment.objects.create(
        person=dana, role=Role.COMMISSIONER, directorate=neighbourhoods, starts_on=LONG_AGO
    )
    dana = again(dana)
    sent = propose(highways, dana)
    with pytest.raises(Refused, match="You prepared or submitted this KPI set"):
        verbs.approve(sent, by=dana, content_hash=sent.content_hash)
    with pytest.raises(Refused, match="in whose name you would decide"):
        verbs.approve(sent, by=della, content_hash=sent.content_hash)
    assert [one.person for one in deciders_of(sent)] == [desmond]
    assert verbs.approve(sent, by=desmond, content_hash=sent.content_hash).status == "approved"


def test_another_hash_is_stale_and_nothing_is_decided(waiting, dana, priya):
    old = waiting.content_hash
    back = proposals.take_back(waiting, by=priya)
    proposals.change_kpi(back.terms.get(), by=priya, target=Decimal(9))
    proposals.submit(back, by=priya)
    with pytest.raises(Stale, match="changed and sent again"):
        verbs.approve(waiting, by=dana, content_hash=old)
    assert not Decision.objects.exists()


def test_terms_changed_behind_the_verbs_cannot_be_approved(waiting, dana):
    waiting.terms.update(target=Decimal(1))
    with pytest.raises(Stale, match="no longer matches"):
        verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)


def test_names_put_right_in_register_and_library_do_not_keep_a_set_from_its_decision(waiting, dana):
    contract, measure = waiting.contract, waiting.terms.get().kpi.measure
    type(contract).objects.filter(pk=contract.pk).update(title="Parks, as the register says now")
    type(measure).objects.filter(pk=measure.pk).update(title="Another title")
    approved = verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)
    assert approved.status == "approved"
    assert approved.submissions.get().content["contract"]["title"] == contract.title


def test_a_second_decision_is_told_what_was_decided_by_whom_and_when(waiting, dana, desmond):
    verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)
    with pytest.raises(Stale, match=r"Dana Okafor approved KPI set 1 on .*nothing left to decide"):
        verbs.send_back(waiting, by=desmond, content_hash=waiting.content_hash, reasons={1: "No"})
    assert Decision.objects.count() == 1


def test_a_set_is_returned_with_a_reason_for_each_kpi_and_keeps_its_number(waiting, dana, priya):
    for reasons in ({}, {1: "  "}, {7: "There is no seventh"}):
        with pytest.raises(Invalid):
            verbs.send_back(waiting, by=dana, content_hash=waiting.content_hash, reasons=reasons)
    back = verbs.send_back(waiting, by=dana, content_hash=waiting.content_hash, reasons={1: "Too low"})
    assert back.status == "returned"
    assert Decision.objects.get().reasons == {"1": "Too low"}
    assert "- Apprenticeships started: Too low" in Letter.objects.get(kind="set-returned", to=priya).body
    proposals.change_kpi(back.terms.get(), by=priya, target=Decimal(20))
    sent = proposals.submit(back, by=priya)
    assert (sent.number, sent.submissions.count()) == (1, 2)
    assert verbs.approve(sent, by=dana, content_hash=sent.content_hash).status == "approved"


def test_it_takes_effect_after_the_last_submitted_return(waiting, dana, highways, neighbourhoods):
    MonthlyReturn.objects.create(
        contract=highways,
        month=dt.date(2026, 6, 1),
        kpi_set=waiting,
        directorate=neighbourhoods,
        status="submitted",
        due_on=dt.date(2026, 7, 14),
        first_submitted_at=waiting.submitted_at,
        submitted_at=waiting.submitted_at,
    )
    done = verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)
    assert done.effective_month == dt.date(2026, 7, 1)
    row = HistoryRow.objects.filter(action="approvals.approve").get()
    assert ("Takes effect", "April 2026", "July 2026") in row.changes


def test_without_a_director_it_goes_to_the_deputy_and_without_both_to_the_lead(
    highways, priya, desmond, lena, neighbourhoods
):
    sent = propose(highways, priya)
    assert [one.person for one in told_of(sent)] == [desmond]
    proposals.withdraw(sent, by=priya)
    Appointment.objects.filter(person=desmond).update(ends_on=dt.date(2021, 1, 1))
    sent = propose(highways, priya)
    assert deciders_of(sent) == []
    assert Letter.objects.filter(kind="set-without-decider").get().to == lena


def test_the_director_is_asked_before_the_deputy(waiting, dana, desmond, della):
    assert [one.person for one in deciders_of(waiting)] == [dana, della, desmond]
    assert [one.person for one in told_of(waiting)] == [dana, della]


def test_what_waits_for_somebody_is_exactly_what_they_may_decide(waiting, cast):
    waits_for = {name for name, person in cast.items() if waiting in awaiting_decision_by(person)}
    assert waits_for == {"dana", "desmond", "della"}
    assert waits_for == {name for name, person in cast.items() if may_decide(person, waiting)}


def test_a_revoked_delegation_decides_nothing(waiting, della):
    Delegation.objects.update(revoked_at=waiting.submitted_at)
    with pytest.raises(Refused):
        verbs.approve(waiting, by=again(della), content_hash=waiting.content_hash)


def test_the_set_in_force_follows_the_month(waiting, dana, highways, priya):
    verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)
    second = propose(highways, priya, effective=dt.date(2026, 10, 1))
    verbs.approve(second, by=dana, content_hash=second.content_hash)
    assert KPISet.objects.in_force(dt.date(2026, 9, 1)).get() == waiting
    assert KPISet.objects.in_force(dt.date(2026, 10, 1)).get() == second
