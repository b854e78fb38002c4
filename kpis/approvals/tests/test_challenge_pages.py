"""The pages on which a set is asked about, and where the questions stand."""

import pytest
from django.urls import reverse

from accounts.models import Appointment, Role
from kpis.approvals import challenges, verbs
from kpis.approvals.models import Challenge
from kpis.approvals.tests.test_pages import send
from kpis.proposals import verbs as proposals


@pytest.fixture
def waiting(highways, priya, dana):
    return send(highways, priya)


@pytest.fixture
def asked(waiting, lena):
    return challenges.challenge(waiting, by=lena, comment="Why only twelve?", kpi=waiting.terms.get().kpi)


def address(kpi_set, act, *more):
    return reverse(f"kpis:challenge-{act}", args=[kpi_set.contract_id, kpi_set.number, *more])


def question(kpi_set, about="set", words="Why only twelve?"):
    return {"about": about, "comment": words, "content_hash": kpi_set.content_hash}


def test_the_lead_asks_from_the_sets_page(waiting, lena, as_person):
    client = as_person(lena)
    ask = address(waiting, "ask")
    assert f'href="{ask}"' in client.get(waiting.get_absolute_url()).content.decode()
    page = client.get(ask).content.decode()
    assert "1. Apprenticeships started" in page
    kpi = waiting.terms.get().kpi
    answer = client.post(ask, question(waiting, str(kpi.pk)), follow=True).content.decode()
    assert "Lena Fischer asked on" in answer
    assert "1 question waits for an answer" in answer
    assert "Not answered yet" in answer
    assert Challenge.objects.get().kpi == kpi


def test_an_empty_question_keeps_the_page_and_says_what_to_do(waiting, lena, as_person):
    page = as_person(lena).post(address(waiting, "ask"), question(waiting, words=" ")).content.decode()
    assert "Enter your question" in page
    assert not Challenge.objects.exists()
    page = as_person(lena).post(address(waiting, "ask"), question(waiting, about="999")).content.decode()
    assert "There is a problem" in page


def test_the_proposers_answer_and_both_pages_show_it_in_order(asked, waiting, colin, dana, as_person):
    page = as_person(colin).get(waiting.get_absolute_url()).content.decode()
    link = address(waiting, "answer", asked.pk)
    assert f'href="{link}"' in page
    assert "Why only twelve?" in as_person(colin).get(link).content.decode()
    page = as_person(colin).post(link, {"answer": "The supplier has room."}, follow=True).content.decode()
    assert "Colin Reyes answered on" in page
    decide = reverse("kpis:kpi-set-decide", args=[waiting.contract_id, waiting.number])
    page = as_person(dana).get(decide).content.decode()
    assert page.index("Lena Fischer asked on") < page.index("Colin Reyes answered on")
    assert "The supplier has room." in page
    assert link not in page


def test_answering_with_nothing_says_so(asked, waiting, colin, as_person):
    page = as_person(colin).post(address(waiting, "answer", asked.pk), {"answer": ""}).content.decode()
    assert "Enter your answer" in page


def test_the_lead_withdraws_a_question(asked, waiting, lena, as_person):
    link = address(waiting, "withdraw", asked.pk)
    assert "Withdraw this question?" in as_person(lena).get(link).content.decode()
    page = as_person(lena).post(link, {"note": ""}, follow=True).content.decode()
    assert "Lena Fischer withdrew it on" in page
    assert as_person(lena).post(link, {"note": ""}).status_code == 409


@pytest.mark.parametrize("name", ["colin", "priya", "dafydd", "dana", "desmond", "della", "adam"])
def test_nobody_else_asks_or_withdraws(name, asked, waiting, cast, as_person):
    client = as_person(cast[name])
    for link in (address(waiting, "ask"), address(waiting, "withdraw", asked.pk)):
        assert client.get(link).status_code == 403
        assert client.post(link, question(waiting)).status_code == 403
        assert link not in client.get(waiting.get_absolute_url()).content.decode()
    asked.refresh_from_db()
    assert asked.is_open
    assert Challenge.objects.count() == 1


@pytest.mark.parametrize("name", ["dana", "desmond", "della", "lena", "adam"])
def test_nobody_but_the_proposers_answers(name, asked, waiting, cast, as_person):
    answer = as_person(cast[name]).post(address(waiting, "answer", asked.pk), {"answer": "Mine"})
    assert answer.status_code == 403
    asked.refresh_from_db()
    assert asked.is_open


@pytest.mark.parametrize("name", ["ewa", "sami", "oscar", "olga", "otto", "nadia"])
def test_for_outsiders_there_is_nothing_there(name, asked, waiting, cast, as_person):
    client = as_person(cast[name])
    for link in (
        address(waiting, "ask"),
        address(waiting, "answer", asked.pk),
        address(waiting, "withdraw", asked.pk),
    ):
        assert client.get(link).status_code == 404
        assert client.post(link, {"answer": "Mine", **question(waiting)}).status_code == 404


def test_a_question_of_another_set_is_not_there(asked, waiting, lena, home_care, oscar, olga, as_person):
    other = send(home_care, oscar)
    assert as_person(lena).get(address(other, "withdraw", asked.pk)).status_code == 404
    assert as_person(oscar).get(address(other, "answer", asked.pk)).status_code == 404


def test_members_reading_the_approved_set_see_no_questions(asked, waiting, priya, dana, cast, as_person):
    challenges.answer(asked, by=priya, answer="Room for twelve.")
    verbs.approve(waiting, by=dana, content_hash=waiting.content_hash)
    for name in ("ewa", "sami"):
        page = as_person(cast[name]).get(waiting.get_absolute_url()).content.decode()
        assert "Why only twelve?" not in page
        assert "Room for twelve." not in page
        assert as_person(cast[name]).get(address(waiting, "answer", asked.pk)).status_code == 404
    assert "Room for twelve." in as_person(dana).get(waiting.get_absolute_url()).content.decode()


@pytest.mark.parametrize("move", ["take_back", "withdraw"])
def test_asking_about_a_set_that_waits_no_more_gives_a_plain_page(move, waiting, priya, lena, as_person):
    client = as_person(lena)
    getattr(proposals, move)(waiting, by=priya)
    answer = client.post(address(waiting, "ask"), question(waiting))
    assert answer.status_code == 409
    assert "Questions are asked while a set waits" in answer.content.decode()


def test_who_could_decide_is_told_what_answering_means(asked, waiting, colin, neighbourhoods, as_person):
    link = address(waiting, "answer", asked.pk)
    assert "You could decide this set" not in as_person(colin).get(link).content.decode()
    Appointment.objects.create(
        person=colin, role=Role.DEPUTY_DIRECTOR, directorate=neighbourhoods, starts_on="2020-01-01"
    )
    assert "You could decide this set" in as_person(colin).get(link).content.decode()


def test_what_is_typed_is_never_markup(waiting, lena, as_person):
    challenges.challenge(waiting, by=lena, comment="<b>Why</b>\nnot more?")
    page = as_person(lena).get(waiting.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Why&lt;/b&gt;<br>not more?" in page


def test_ten_questions_cost_what_one_costs(asked, waiting, lena, as_person, django_assert_max_num_queries):
    client = as_person(lena)
    with django_assert_max_num_queries(100) as few:
        client.get(waiting.get_absolute_url())
    for _ in range(9):
        challenges.challenge(waiting, by=lena, comment="And?", kpi=waiting.terms.get().kpi)
    with django_assert_max_num_queries(len(few)):
        client.get(waiting.get_absolute_url())
