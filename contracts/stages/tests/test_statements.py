"""Statements for suppliers: only what is meant for them, escaped, and never changed once kept."""

from decimal import Decimal

import pytest

from accounts.history import history_of
from accounts.verbs.recipe import Invalid, Refused, Stale
from contracts.models import ChecklistQuestion, Contract, SupplierStatement
from contracts.stages import statements


@pytest.fixture
def told(answer, colin, highways):
    """Return the contract with answers for suppliers and one that is not for them."""
    answer(highways, "pre-market", by=colin, words="The incumbent is weak: do not tell.")
    answer(highways, "pre-priorities", by=colin, words="Jobs for care leavers.\nCleaner air.")
    answer(highways, "tender-weighting", by=colin, percentage=Decimal("12.50"), words="Our policy.")
    answer(highways, "pre-places", by=colin, verdict="n/a", words="Members could not agree.")
    return highways


def keep(contract, by, introduction="We want more than tarmac."):
    return statements.keep(contract, by=by, introduction=introduction)


def draft_page(contract):
    return f"/contracts/{contract.number}/statement/"


def test_the_draft_holds_answers_meant_for_suppliers_and_nothing_else(told):
    draft = statements.draft_of(told)
    assert draft.sections == [
        {"heading": "What matters to the council", "text": "Jobs for care leavers.\nCleaner air."},
        {"heading": "Social value in the scoring", "text": "12.5%\nOur policy."},
    ]
    assert [question.key for question in draft.left_out] == ["pre-places"]
    assert {question.key for question in draft.missing} == {
        "tender-told", "tender-scoring", "tender-measurable", "tender-reporting",
    }  # fmt: skip


def test_answers_under_one_heading_make_one_section(told, answer, colin):
    ChecklistQuestion.objects.filter(key="pre-consulted").update(
        statement_heading="What matters to the council"
    )
    answer(told, "pre-consulted", by=colin, verdict="yes", words="Residents, in May.")
    assert statements.draft_of(told).sections[0]["text"] == (
        "Yes\nResidents, in May.\n\nJobs for care leavers.\nCleaner air."
    )


def test_nothing_internal_stands_on_any_page_or_file(as_person, colin, told):
    client = as_person(colin)
    kept = keep(told, colin)
    base = f"{draft_page(told)}{kept.number}/"
    pages = [draft_page(told), base, f"{base}download/?format=html", f"{base}download/?format=txt"]
    for path in pages:
        text = client.get(path).content.decode()
        assert "Jobs for care leavers." in text
        assert "do not tell" not in text
        assert "could not agree" not in text


def test_a_kept_statement_never_changes(as_person, told, answer, colin):
    kept = keep(told, colin)
    answer(told, "pre-priorities", by=colin, words="Something else.")
    Contract.objects.filter(pk=told.pk).update(title="Renamed")
    kept = SupplierStatement.objects.get(pk=kept.pk)
    assert kept.content["title"] == "Highways resurfacing"
    assert kept.content["introduction"] == "We want more than tarmac."
    assert kept.content["sections"][0]["text"] == "Jobs for care leavers.\nCleaner air."
    text = as_person(colin).get(f"{draft_page(told)}1/").content.decode()
    assert "Jobs for care leavers." in text
    assert "Something else." not in text
    assert keep(told, colin).number == 2
    assert history_of(kept).get().contract_number == told.number


def test_the_same_words_are_kept_once(told, colin):
    keep(told, colin)
    with pytest.raises(Invalid, match="the same as statement 1"):
        keep(told, colin)


def test_an_empty_statement_is_not_kept(highways, colin):
    with pytest.raises(Invalid, match="at least one question"):
        keep(highways, colin)


def test_only_those_who_may_answer_keep_one(told, dana):
    with pytest.raises(Refused):
        keep(told, dana)


def test_the_page_keeps_what_was_read_or_shows_what_changed(as_person, told, answer, colin, lena):
    client = as_person(colin)
    seen = client.get(draft_page(told)).context["draft"].mark
    answer(told, "pre-priorities", by=lena, words="Lena’s words.")
    data = {"introduction": "Typed by Colin.", "seen": seen}
    page = client.post(f"{draft_page(told)}keep/", data)
    text = page.content.decode()
    assert page.status_code == 409
    assert "Typed by Colin." in text
    assert "Lena’s words." in text
    assert not SupplierStatement.objects.exists()
    data["seen"] = page.context["form"].data["seen"]
    assert client.post(f"{draft_page(told)}keep/", data).status_code == 302
    assert SupplierStatement.objects.get().content["introduction"] == "Typed by Colin."
    with pytest.raises(Stale):
        statements.keep(told, by=colin, introduction="Again", seen=seen)


def test_an_empty_introduction_is_refused_by_its_field(as_person, told, colin):
    mark = statements.draft_of(told).mark
    page = as_person(colin).post(f"{draft_page(told)}keep/", {"introduction": " ", "seen": mark})
    assert page.status_code == 200
    assert "Enter an introduction" in page.content.decode()


def test_the_next_draft_opens_with_the_words_of_the_last_one_kept(as_person, told, colin):
    keep(told, colin)
    form = as_person(colin).get(draft_page(told)).context["form"]
    assert form["introduction"].value() == "We want more than tarmac."


def test_everything_in_it_is_escaped(as_person, told, answer, colin):
    Contract.objects.filter(pk=told.pk).update(title="<script>alert(1)</script>")
    answer(told, "pre-priorities", by=colin, words="<img src=x onerror=alert(2)> & more")
    told.refresh_from_db()
    kept = keep(told, colin, "<b>Intro</b>")
    client = as_person(colin)
    base = f"{draft_page(told)}{kept.number}/"
    for path in (draft_page(told), base, f"{base}download/?format=html"):
        text = client.get(path).content.decode()
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert "<b>Intro" not in text
    response = client.get(f"{base}download/?format=txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")
    assert "<img src=x onerror=alert(2)> & more" in response.content.decode()


def test_members_read_what_was_published_but_not_the_draft(as_person, told, colin, sami, otto):
    keep(told, colin)
    client = as_person(sami)
    assert client.get(f"{draft_page(told)}1/").status_code == 200
    assert client.get(f"{draft_page(told)}1/download/").status_code == 200
    assert client.get(draft_page(told)).status_code == 403
    assert as_person(otto).get(f"{draft_page(told)}1/").status_code == 404


def test_what_was_never_kept_does_not_exist(as_person, told, colin):
    keep(told, colin)
    client = as_person(colin)
    assert client.get(f"{draft_page(told)}2/").status_code == 404
    assert client.get(f"{draft_page(told)}1/download/?format=exe").status_code == 404
