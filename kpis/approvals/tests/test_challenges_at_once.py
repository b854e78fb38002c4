"""A question is asked, answered or withdrawn while somebody decides: the right one stands."""

from decimal import Decimal

import pytest

from accounts.verbs.recipe import Invalid, Stale
from kpis.approvals import challenges, verbs
from kpis.approvals.models import Challenge, Decision
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals
from kpis.proposals.models import KPISet
from kpis.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(highways, priya):
    kpi_set = proposals.start_set(highways, by=priya)
    proposals.add_kpi(kpi_set, by=priya, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
    kpi_set.refresh_from_db()
    return kpi_set


@pytest.fixture
def question(draft, priya, dana, lena):
    sent = proposals.submit(draft, by=priya)
    return challenges.challenge(sent, by=lena, comment="Why twelve?")


def test_asking_while_it_is_approved_comes_before_the_decision_or_is_refused(draft, priya, dana, lena):
    sent = proposals.submit(draft, by=priya)
    asked, approved = at_once(
        lambda: challenges.challenge(sent, by=lena, comment="Why twelve?"),
        lambda: verbs.approve(sent, by=dana, content_hash=sent.content_hash),
    )
    sent.refresh_from_db()
    if isinstance(approved, KPISet):
        # Whoever decided could not have known of the question: there must be none.
        assert isinstance(asked, Stale), asked
        assert (sent.status, Challenge.objects.count()) == ("approved", 0)
    else:
        assert isinstance(approved, Invalid), approved
        assert (sent.status, Challenge.objects.count(), Decision.objects.count()) == ("submitted", 1, 0)


def test_answering_while_it_is_approved_leaves_an_answered_question_or_no_decision(question, priya, dana):
    sent = KPISet.objects.get(pk=question.kpi_set_id)
    answered, approved = at_once(
        lambda: challenges.answer(question, by=priya, answer="Room for twelve."),
        lambda: verbs.approve(sent, by=dana, content_hash=sent.content_hash),
    )
    question.refresh_from_db()
    assert isinstance(answered, Challenge), answered
    assert question.answer == "Room for twelve."
    if not isinstance(approved, KPISet):
        assert isinstance(approved, Invalid), approved
        assert not Decision.objects.exists()


def test_answering_while_it_is_approved_over_the_question_keeps_one_truth(question, priya, dana):
    sent = KPISet.objects.get(pk=question.kpi_set_id)
    answered, approved = at_once(
        lambda: challenges.answer(question, by=priya, answer="Room for twelve."),
        lambda: verbs.approve(
            sent, by=dana, content_hash=sent.content_hash, override_reason="The season starts"
        ),
    )
    assert isinstance(approved, KPISet), approved
    question.refresh_from_db()
    if isinstance(answered, Stale):
        assert question.is_open
    else:
        assert question.answered_at <= Decision.objects.get().decided_at


def test_two_answers_at_once_leave_the_first(question, priya, colin):
    outcomes = at_once(
        lambda: challenges.answer(question, by=priya, answer="One"),
        lambda: challenges.answer(question, by=colin, answer="Two"),
    )
    stood = [one for one in outcomes if isinstance(one, Challenge)]
    told = [one for one in outcomes if isinstance(one, Stale)]
    assert (len(stood), len(told)) == (1, 1), outcomes
    question.refresh_from_db()
    assert question.answer == stood[0].answer


def test_answering_and_withdrawing_at_once_leave_one(question, priya, lena):
    outcomes = at_once(
        lambda: challenges.answer(question, by=priya, answer="One"),
        lambda: challenges.withdraw_challenge(question, by=lena),
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Challenge", "Stale"], outcomes
