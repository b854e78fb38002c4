"""Asking about a waiting set, answering, withdrawing: who may, in which state, what everybody is told."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Appointment, HistoryRow, Letter, Person, Role
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import CAST
from kpis.approvals import challenges, verbs
from kpis.approvals.challenges_read import lines_of
from kpis.approvals.models import Challenge
from kpis.approvals.permissions import may_decide
from kpis.library.models import Measure
from kpis.proposals import verbs as proposals
from kpis.proposals.content import content_of, hash_of
from kpis.proposals.models import KPISet

PROPOSERS = {"colin", "priya", "dafydd"}
STATES = ["draft", "submitted", "returned", "approved", "withdrawn"]


@pytest.fixture
def waiting(highways, priya, dana):
    kpi_set = proposals.start_set(highways, by=priya)
    proposals.add_kpi(kpi_set, by=priya, measure=Measure.objects.get(code="SV-10"), target=Decimal(12))
    return proposals.submit(KPISet.objects.get(pk=kpi_set.pk), by=priya)


@pytest.fixture
def asked(waiting, lena):
    return challenges.challenge(waiting, by=lena, comment=" Why only twelve? ")


def bring(kpi_set, state, priya, dana):
    """Bring a waiting set on to a state by the moves themselves."""
    if state == "draft":
        proposals.take_back(kpi_set, by=priya)
    elif state == "withdrawn":
        proposals.withdraw(kpi_set, by=priya)
    elif state == "returned":
        verbs.send_back(kpi_set, by=dana, content_hash=kpi_set.content_hash, reasons={1: "Too low"})
    elif state == "approved":
        verbs.approve(
            kpi_set, by=dana, content_hash=kpi_set.content_hash, override_reason="The season starts on Monday"
        )
    kpi_set.refresh_from_db()


def test_a_question_asks_the_proposers_and_tells_who_decides(asked, waiting, dana, priya, colin):
    assert asked.comment == "Why only twelve?"
    assert asked.submission == waiting.submissions.get()
    to_answer = Letter.objects.filter(kind="set-question").values_list("to__full_name", flat=True)
    assert sorted(to_answer) == ["Colin Reyes", "Priya Shah"]
    letter = Letter.objects.get(kind="set-question-waits")
    assert letter.to == dana
    assert "Why only twelve?" in letter.body
    assert f"/kpi-sets/{waiting.number}/decide/" in letter.body
    row = HistoryRow.objects.of(waiting).first()
    assert (row.action, row.after) == (
        "approvals.challenge",
        {"The set as a whole": "Why only twelve?"},
    )


def test_an_answer_changes_nothing_of_what_was_sent(asked, waiting, colin, lena, dana):
    before = KPISet.objects.get(pk=waiting.pk)
    done = challenges.answer(asked, by=colin, answer="The supplier has room for twelve.")
    after = KPISet.objects.get(pk=waiting.pk)
    assert (done.answered_by, done.is_open) == (colin, False)
    assert (after.content_hash, after.version, after.status) == (
        before.content_hash,
        before.version,
        "submitted",
    )
    assert hash_of(content_of(after)) == after.content_hash
    told = Letter.objects.filter(kind="set-question-answered").values_list("to__full_name", flat=True)
    assert sorted(told) == ["Dana Okafor", "Lena Fischer"]
    assert verbs.approve(after, by=dana, content_hash=after.content_hash).status == "approved"


def test_whoever_answers_for_a_set_does_not_decide_it(asked, waiting, colin, neighbourhoods):
    Appointment.objects.create(
        person=colin, role=Role.DEPUTY_DIRECTOR, directorate=neighbourhoods, starts_on="2020-01-01"
    )
    assert may_decide(Person.objects.get(pk=colin.pk), KPISet.objects.get(pk=waiting.pk))
    challenges.answer(asked, by=colin, answer="It is enough.")
    assert not may_decide(Person.objects.get(pk=colin.pk), KPISet.objects.get(pk=waiting.pk))


def test_a_question_may_be_about_one_kpi_of_the_set_only(waiting, lena, home_care, oscar):
    kpi = waiting.terms.get().kpi
    asked = challenges.challenge(waiting, by=lena, comment="Whose jobs?", kpi=kpi)
    assert challenges.title_of(asked) == "Apprenticeships started"
    other = proposals.start_set(home_care, by=oscar)
    terms = proposals.add_kpi(other, by=oscar, measure=Measure.objects.get(code="SV-03"), target=Decimal(2))
    with pytest.raises(Invalid, match="KPI of this set"):
        challenges.challenge(waiting, by=lena, comment="Whose jobs?", kpi=terms.kpi)


@pytest.mark.parametrize("words", ["", "  \n "])
def test_an_empty_question_or_answer_is_refused(words, asked, waiting, lena, priya):
    with pytest.raises(Invalid, match="Enter your question"):
        challenges.challenge(waiting, by=lena, comment=words)
    with pytest.raises(Invalid, match="Enter your answer"):
        challenges.answer(asked, by=priya, answer=words)
    with pytest.raises(Invalid, match="2,000 characters"):
        challenges.answer(asked, by=priya, answer="x" * 2001)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ["ask", "answer", "withdraw"])
def test_every_state_every_act_every_person(act, state, asked, waiting, cast, priya, dana):
    bring(waiting, state, priya, dana)
    who_may, states = {
        "ask": ({"lena"}, {"submitted"}),
        "answer": (PROPOSERS, {"draft", "submitted", "returned"}),
        "withdraw": ({"lena"}, {"draft", "submitted", "returned"}),
    }[act]

    def do(person):
        if act == "ask":
            return challenges.challenge(waiting, by=person, comment="And why?")
        if act == "answer":
            return challenges.answer(asked, by=person, answer="Because.")
        return challenges.withdraw_challenge(asked, by=person)

    for name in CAST:
        point = transaction.savepoint()
        if name in who_may and state in states:
            do(cast[name])
        else:
            with pytest.raises((Refused, Stale)) as caught:
                do(cast[name])
            assert str(caught.value).endswith(".")
            if state in states:
                assert isinstance(caught.value, Refused)
        transaction.savepoint_rollback(point)


def test_what_was_asked_stays_with_a_set_taken_back_and_sent_again(asked, waiting, priya, lena):
    back = proposals.take_back(waiting, by=priya)
    proposals.change_kpi(back.terms.get(), by=priya, target=Decimal(20))
    sent = proposals.submit(back, by=priya)
    assert challenges.unanswered_of(sent).get() == asked
    assert challenges.unanswered_of_many([sent]) == {sent.pk: 1}
    challenges.answer(asked, by=priya, answer="It is twenty now.")
    assert challenges.unanswered_of_many([sent]) == {}


def test_a_question_on_what_was_changed_meanwhile_is_stale(waiting, priya, lena):
    old = waiting.content_hash
    back = proposals.take_back(waiting, by=priya)
    proposals.change_kpi(back.terms.get(), by=priya, target=Decimal(20))
    sent = proposals.submit(back, by=priya)
    with pytest.raises(Stale, match="changed and sent again"):
        challenges.challenge(sent, by=lena, comment="Why twelve?", content_hash=old)
    assert not Challenge.objects.exists()


def test_a_question_is_answered_or_withdrawn_once(asked, priya, colin, lena):
    challenges.answer(asked, by=priya, answer="First")
    with pytest.raises(Stale, match="Priya Shah answered this question on"):
        challenges.answer(asked, by=colin, answer="Second")
    with pytest.raises(Stale, match="Priya Shah answered"):
        challenges.withdraw_challenge(asked, by=lena)
    assert Challenge.objects.get().answer == "First"


def test_a_withdrawn_question_needs_no_answer_and_stays_to_be_read(asked, waiting, lena, priya, dana):
    challenges.withdraw_challenge(asked, by=lena, note="Answered by telephone")
    assert challenges.unanswered_of_many([waiting]) == {}
    with pytest.raises(Stale, match="Lena Fischer withdrew this question"):
        challenges.answer(asked, by=priya, answer="Too late")
    assert [line.withdrawn.split(" on ")[0] for line in lines_of(waiting)] == ["Lena Fischer withdrew it"]
    assert Letter.objects.filter(kind="set-question-withdrawn", to=dana).exists()
    row = HistoryRow.objects.of(waiting).first()
    assert (row.action, row.note) == ("approvals.withdraw_challenge", "Answered by telephone")


def test_a_set_without_questions_costs_nothing_to_ask_about(waiting, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert challenges.unanswered_of_many([]) == {}
    with django_assert_num_queries(1):
        assert challenges.unanswered_of_many([waiting]) == {}


def test_whoever_asked_hears_that_their_question_was_not_waited_for(asked, waiting, lena, dana):
    with pytest.raises(Invalid, match="still waits for an answer"):
        verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)
    verbs.approve(
        waiting, by=dana, content_hash=waiting.content_hash, override_reason="The season starts on Monday"
    )
    letter = Letter.objects.get(kind="set-question-passed-over")
    assert letter.to == lena
    assert "Dana Okafor approved KPI set 1" in letter.body
    assert "The season starts on Monday" in letter.body


def test_members_read_no_reason_for_not_waiting_in_the_contracts_history(
    asked, waiting, dana, ewa, sami, highways, as_person
):
    verbs.approve(
        waiting, by=dana, content_hash=waiting.content_hash, override_reason="The season starts on Monday"
    )
    link = reverse("reporting:contract-history", args=[highways.pk])
    assert "The season starts" in as_person(dana).get(link).content.decode()
    for person in (ewa, sami):
        page = as_person(person).get(link).content.decode()
        assert "Approved KPI set 1" in page
        assert "The season starts" not in page
        assert "Why only twelve" not in page
