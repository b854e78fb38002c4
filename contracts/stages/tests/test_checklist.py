"""Answering the checklist: who may, what history keeps, what a second person's answers do to ours."""

from decimal import Decimal

import pytest

from accounts.history import history_of
from accounts.models import HistoryRow
from accounts.verbs.recipe import Invalid, Refused
from conftest import CAST
from contracts.models import ChecklistAnswer, ChecklistQuestion, Contract
from contracts.stages import verbs
from contracts.stages.verbs import Given, Overtaken, mark_of

MAY_ANSWER = {"colin", "priya", "dafydd", "lena", "adam"}
MAY_READ = MAY_ANSWER | {"dana", "desmond", "della"}


def page_of(contract):
    return f"/contracts/{contract.number}/checklist/"


def shown(page):
    """Return the form as a browser would send it back, untouched."""
    data = {}
    parts = [page.context["present"], *page.context["others"]]
    for row in (row for part in parts for row in part.rows):
        for field in row.form:
            value = field.value()
            if value not in (None, False, ""):
                data[field.html_name] = "on" if value is True else str(value)
            elif field.name in {"seen", "words"}:
                data[field.html_name] = ""
    return data


def q(question, field):
    return f"q{question.pk}-{field}"


@pytest.mark.parametrize("name", CAST)
def test_the_page_opens_for_those_who_work_on_it_and_saves_for_those_who_may(
    as_person, cast, highways, ask, name
):
    client = as_person(cast[name])
    page = client.get(page_of(highways))
    knows = Contract.objects.visible_to(cast[name]).filter(pk=highways.pk).exists()
    assert page.status_code == (200 if name in MAY_READ else 403 if knows else 404)
    if name in MAY_READ:
        assert (b"Save answers" in page.content) == (name in MAY_ANSWER)
    blank = mark_of(None)
    question = ask("live-kpis")
    sent = client.post(page_of(highways), {q(question, "seen"): blank, q(question, "verdict"): "yes"})
    assert sent.status_code == (302 if name in MAY_ANSWER else 403 if knows else 404)
    assert ChecklistAnswer.objects.exists() == (name in MAY_ANSWER)


def test_the_present_stage_comes_first_and_the_others_are_folded(as_person, colin, highways):
    page = as_person(colin).get(page_of(highways))
    assert page.context["present"].stage == "live"
    assert [part.stage for part in page.context["others"]] == [
        "commissioning", "tender", "mobilisation", "ended",
    ]  # fmt: skip
    assert "<details" in page.content.decode()


def test_one_save_keeps_all_that_was_answered_and_one_row_names_each(as_person, colin, highways, ask):
    client = as_person(colin)
    data = shown(client.get(page_of(highways)))
    data |= {
        q(ask("live-kpis"), "verdict"): "no",
        q(ask("live-kpis"), "words"): "The set is with the director.\r\n\r\nDecision due in May.",
        q(ask("pre-priorities"), "words"): "Jobs for care leavers.",
    }
    client.post(page_of(highways), data)
    assert ChecklistAnswer.objects.count() == 2
    row = history_of(highways).get(action="stages.answer")
    assert row.summary == "Answered 2 questions of the checklist"
    assert row.contract_number == highways.number
    assert (
        "Are KPIs approved for this contract?", "",
        "No. The set is with the director.\n\nDecision due in May.",
    ) in row.changes  # fmt: skip
    data = shown(client.get(page_of(highways)))
    data[q(ask("live-kpis"), "verdict")] = "yes"
    client.post(page_of(highways), data)
    row = history_of(highways).filter(action="stages.answer").first()
    assert [(was[:2], now[:3]) for _, was, now in row.changes] == [("No", "Yes")]
    assert ChecklistAnswer.objects.get(question=ask("live-kpis")).version == 2


def test_a_form_saved_as_it_was_writes_nothing(as_person, colin, highways, answer):
    answer(highways, "tender-weighting", by=colin, percentage=Decimal("12.50"), words="As\nin the policy.")
    answer(highways, "pre-market", by=colin, verdict="n/a", words="No market: one supplier only.")
    before = HistoryRow.objects.count()
    client = as_person(colin)
    page = client.post(page_of(highways), shown(client.get(page_of(highways))), follow=True)
    assert "Nothing was different." in page.content.decode()
    assert HistoryRow.objects.count() == before


def test_an_answer_can_be_taken_back(answer, colin, highways, ask):
    answer(highways, "live-returns", by=colin, verdict="yes")
    answer(highways, "live-returns", by=colin)
    assert not ChecklistAnswer.objects.get().is_answered
    assert history_of(highways).first().changes == [(ask("live-returns").text, "Yes", "")]


def test_an_error_in_one_answer_keeps_everything_typed_and_saves_nothing(as_person, colin, highways, ask):
    client = as_person(colin)
    data = shown(client.get(page_of(highways)))
    data |= {
        q(ask("tender-weighting"), "percentage"): "110",
        q(ask("pre-market"), "does_not_apply"): "on",
        q(ask("live-conversation"), "words"): "3 May, at the depot.",
    }
    page = client.post(page_of(highways), data)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Percentage must be 100 or less" in text
    assert "Say why it does not apply" in text
    assert f'href="#id_{q(ask("pre-market"), "words")}"' in text
    assert "3 May, at the depot." in text
    assert 'id="stage-tender" open' in text
    assert not ChecklistAnswer.objects.exists()


def test_somebody_elses_answer_meanwhile_stands_beside_ours(as_person, colin, lena, highways, ask, answer):
    client = as_person(colin)
    data = shown(client.get(page_of(highways)))
    answer(highways, "live-conversation", by=lena, words="Lena: 2 May, by telephone.")
    answer(highways, "live-kpis", by=lena, verdict="yes", words="Lena says so.")
    data |= {
        q(ask("live-conversation"), "words"): "Colin: 3 May, at the depot.",
        q(ask("live-returns"), "verdict"): "yes",
    }
    page = client.post(page_of(highways), data)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Lena Fischer answered on" in text
    assert "Lena: 2 May, by telephone." in text
    assert "Colin: 3 May, at the depot." in text
    # What only Lena touched stands as she left it, and what only Colin touched is not saved yet.
    assert "Lena says so." in text
    assert not ChecklistAnswer.objects.filter(question=ask("live-returns")).exists()
    client.post(page_of(highways), shown(page))
    words = dict(ChecklistAnswer.objects.values_list("question__key", "words"))
    assert words["live-conversation"] == "Colin: 3 May, at the depot."
    assert words["live-kpis"] == "Lena says so."
    assert ChecklistAnswer.objects.get(question=ask("live-returns")).verdict == "yes"


def test_two_who_answer_different_questions_do_not_meet(as_person, colin, lena, highways, ask, answer):
    client = as_person(colin)
    data = shown(client.get(page_of(highways)))
    answer(highways, "live-kpis", by=lena, verdict="yes")
    data[q(ask("live-returns"), "verdict")] = "no"
    assert client.post(page_of(highways), data).status_code == 302
    assert set(ChecklistAnswer.objects.values_list("question__key", "verdict")) == {
        ("live-kpis", "yes"), ("live-returns", "no"),
    }  # fmt: skip


def test_two_who_say_the_same_do_not_meet(colin, lena, highways, ask, answer):
    answer(highways, "live-kpis", by=lena, verdict="yes")
    assert answer(highways, "live-kpis", by=colin, verdict="yes", seen=mark_of(None)) == 0


def test_a_question_retired_while_it_was_answered_keeps_its_answer(as_person, colin, highways, ask):
    client = as_person(colin)
    data = shown(client.get(page_of(highways)))
    question = ask("live-conversation")
    ChecklistQuestion.objects.filter(pk=question.pk).update(is_active=False)
    data[q(question, "words")] = "3 May, at the depot."
    page = client.post(page_of(highways), data, follow=True)
    assert "No longer asked here" in page.content.decode()
    assert "3 May, at the depot." in page.content.decode()


def test_the_weighting_answered_becomes_the_contracts_with_its_own_history(answer, colin, highways):
    answer(highways, "tender-weighting", by=colin, percentage=Decimal(15), words="Policy says 10 at least.")
    highways.refresh_from_db()
    assert highways.social_value_weighting == 15
    assert highways.version == 2
    row = history_of(highways).get(action="contracts.set_weighting")
    assert row.changes == [("Social value weighting at tender (%)", "", "15")]
    answer(highways, "tender-weighting", by=colin)
    highways.refresh_from_db()
    assert highways.social_value_weighting == 15


def test_the_page_says_what_the_weighting_answer_does(as_person, colin, highways):
    highways.social_value_weighting = Decimal("12.5")
    highways.save()
    text = as_person(colin).get(page_of(highways)).content.decode()
    assert "becomes the social value weighting in the contract’s facts, which say 12.5% now" in text


@pytest.mark.parametrize(
    ("key", "given", "field"),
    [
        ("live-kpis", {"verdict": "perhaps"}, "verdict"),
        ("live-kpis", {"percentage": Decimal(3)}, "percentage"),
        ("live-conversation", {"verdict": "yes"}, "verdict"),
        ("tender-weighting", {"percentage": Decimal(101)}, "percentage"),
        ("tender-weighting", {"percentage": Decimal(1), "verdict": "n/a", "words": "No"}, "percentage"),
        ("live-conversation", {"verdict": "n/a"}, "words"),
    ],
)
def test_the_verb_itself_refuses_what_is_no_answer(colin, highways, ask, key, given, field):
    with pytest.raises(Invalid) as refusal:
        verbs.answer(highways, [Given(ask(key), **given)], by=colin)
    assert [name for name, _ in refusal.value.errors] == [field]


def test_the_verb_refuses_who_may_not_and_who_was_overtaken(dana, colin, lena, highways, ask, answer):
    with pytest.raises(Refused):
        answer(highways, "live-kpis", by=dana, verdict="yes")
    answer(highways, "live-kpis", by=lena, verdict="yes")
    with pytest.raises(Overtaken) as overtaken:
        answer(highways, "live-kpis", by=colin, verdict="no", seen=mark_of(None))
    assert overtaken.value.questions == {ask("live-kpis").pk}


def test_members_read_no_answers_in_history(as_person, sami, colin, highways, answer):
    answer(highways, "live-kpis", by=colin, verdict="no", words="The director is slow.")
    text = as_person(sami).get(f"/contracts/{highways.number}/history/").content.decode()
    assert "The director is slow." not in text
    text = as_person(colin).get(f"/contracts/{highways.number}/history/").content.decode()
    assert "The director is slow." in text


def test_the_page_takes_as_many_queries_with_every_answer_as_with_none(
    as_person, colin, highways, answer, django_assert_max_num_queries
):
    client = as_person(colin)
    client.get(page_of(highways))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as bare:
        client.get(page_of(highways))
    for question in ChecklistQuestion.objects.filter(kind="yes_no"):
        answer(highways, question.key, by=colin, verdict="yes")
    with django_assert_max_num_queries(len(bare)):
        client.get(page_of(highways))
