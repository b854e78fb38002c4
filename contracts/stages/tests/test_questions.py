"""Keeping the questions of the checklist: who may, what stays of earlier words, what a stale page does."""

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import CAST
from contracts.models import ChecklistAnswer, ChecklistQuestion
from contracts.stages import questions

LIST = "/contracts/checklist-questions/"
MAY = {"lena", "adam"}


def typed(question, **changes):
    """Return the form as the page would post it, with some boxes changed."""
    return {
        "version": question.version, "stage": question.stage, "position": question.position,
        "text": question.text, "hint": question.hint, "kind": question.kind,
        "statement_heading": question.statement_heading, "tier": "", "category": "",
        "band": question.band_id or "", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("name", CAST)
def test_the_lead_and_administrators_keep_them(as_person, cast, ask, name):
    client, question = as_person(cast[name]), ask("live-kpis")
    edit, retire = f"{LIST}{question.pk}/edit/", f"{LIST}{question.pk}/retire/"
    for path in (LIST, f"{LIST}new/", edit):
        assert client.get(path).status_code == (200 if name in MAY else 403)
    answer = client.post(retire, {"version": question.version, "act": "retire"})
    assert answer.status_code == (302 if name in MAY else 403)


def test_the_verbs_refuse_everybody_else(colin, ask):
    for act in (
        lambda: questions.add(by=colin, text="Why?", stage="live", kind="text"),
        lambda: questions.change(ask("live-kpis"), by=colin, text="Why?"),
        lambda: questions.retire(ask("live-kpis"), by=colin),
        lambda: questions.ask_again(ask("live-kpis"), by=colin),
    ):
        with pytest.raises(Refused):
            act()


def test_a_question_is_added_and_asked(as_person, lena):
    data = {"stage": "live", "position": "9", "text": "Is the site safe?", "kind": "yes_no", "hint": "",
            "statement_heading": "", "tier": "", "category": "", "band": ""}  # fmt: skip
    assert as_person(lena).post(f"{LIST}new/", {**data, "text": ""}).status_code == 200
    as_person(lena).post(f"{LIST}new/", data)
    question = ChecklistQuestion.objects.get(text="Is the site safe?")
    assert (question.key, question.is_active) == ("", True)
    assert history_of(question).get().action == "stages.add_question"


def test_changed_words_change_no_history_and_no_answer(as_person, answer, ask, lena, colin, highways):
    answer(highways, "live-kpis", by=colin, verdict="yes")
    question = ask("live-kpis")
    as_person(lena).post(f"{LIST}{question.pk}/edit/", typed(question, text="Did a director agree KPIs?"))
    assert ask("live-kpis").text == "Did a director agree KPIs?"
    assert ask("live-kpis").version == 2
    assert ChecklistAnswer.objects.get().verdict == "yes"
    row = history_of(highways).get(action="stages.answer")
    assert row.changes == [("Are KPIs approved for this contract?", "", "Yes")]
    assert history_of(question).get().changes == [
        ("Question", "Are KPIs approved for this contract?", "Did a director agree KPIs?")
    ]


def test_a_form_saved_as_it_was_changes_nothing(as_person, ask, lena):
    question = ask("pre-lots")
    as_person(lena).post(f"{LIST}{question.pk}/edit/", typed(question))
    assert ask("pre-lots").version == 1


def test_an_answered_question_keeps_its_kind(as_person, answer, ask, lena, colin, highways):
    answer(highways, "live-kpis", by=colin, verdict="yes")
    with pytest.raises(Invalid, match="It has been answered"):
        questions.change(ask("live-kpis"), by=lena, kind="text")
    question = ask("live-kpis")
    as_person(lena).post(f"{LIST}{question.pk}/edit/", typed(question, kind="text", position="7"))
    assert (ask("live-kpis").kind, ask("live-kpis").position) == ("yes_no", 7)


def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(as_person, ask, lena, adam):
    question = ask("live-kpis")
    questions.change(question, by=adam, text="Adam’s words?")
    client = as_person(lena)
    page = client.post(f"{LIST}{question.pk}/edit/", typed(question, text="Lena’s words?"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "Adam’s words?" in text
    assert "Lena’s words?" in text
    client.post(f"{LIST}{question.pk}/edit/", typed(question, text="Lena’s words?", version=2))
    assert ask("live-kpis").text == "Lena’s words?"


def test_a_retired_question_can_be_asked_again(as_person, ask, lena):
    client, question = as_person(lena), ask("live-kpis")
    path = f"{LIST}{question.pk}/retire/"
    client.post(path, {"version": 1, "act": "retire"})
    assert not ask("live-kpis").is_active
    assert client.post(path, {"version": 1, "act": "ask-again"}).status_code == 409
    client.post(path, {"version": 2, "act": "ask-again"})
    assert ask("live-kpis").is_active
    with pytest.raises(Stale):
        questions.ask_again(ask("live-kpis"), by=lena)


def test_the_list_takes_as_many_queries_however_often_questions_are_answered(
    as_person, lena, colin, highways, answer, django_assert_max_num_queries
):
    client = as_person(lena)
    client.get(LIST)
    answer(highways, "live-kpis", by=colin, verdict="yes")
    with django_assert_max_num_queries(8):
        assert client.get(LIST).status_code == 200
