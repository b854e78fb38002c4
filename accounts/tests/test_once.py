"""A form sent twice is carried out once, and what was typed on a stale page is given back."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Directorate, Person
from accounts.once import AT_WORK, key_of
from accounts.verbs import people
from contracts.models import Contract


@pytest.fixture
def browser(settings):
    """Return a client that sends the tokens of the pages it reads, as a browser does."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    return Client(enforce_csrf_checks=True)


def token_of(client, url):
    """Open the page and return its form's token."""
    return str(client.get(url).context["csrf_token"])


def test_a_double_click_on_add_adds_one_directorate_and_leads_to_it(browser, adam):
    browser.force_login(adam)
    url = "/administration/directorates/new/"
    form = {"csrfmiddlewaretoken": token_of(browser, url), "name": "Public Health"}
    answers = [browser.post(url, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Directorate.objects.filter(name="Public Health").count() == 1


def test_a_double_click_on_add_a_contract_adds_one(browser, lena, neighbourhoods):
    browser.force_login(lena)
    url = "/contracts/new/"
    form = {
        "csrfmiddlewaretoken": token_of(browser, url),
        "title": "Grounds maintenance",
        "directorate": neighbourhoods.pk,
        "stage": "live",
        "agreement_type": "contract",
        "supplier_names": "Fellside Works Ltd",
        "value_basis": "whole",
    }
    answers = [browser.post(url, form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302], answers[0].context["form"].errors
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Contract.objects.filter(title="Grounds maintenance").count() == 1


def test_a_form_that_came_back_with_errors_may_be_sent_again_as_it_is(browser, adam):
    browser.force_login(adam)
    taken = Directorate.objects.create(name="Public Health", slug="public-health")
    url = "/administration/directorates/new/"
    form = {"csrfmiddlewaretoken": token_of(browser, url), "name": "Public Health"}
    assert browser.post(url, form).status_code == 200
    taken.delete()
    assert browser.post(url, form).status_code == 302


def test_the_same_words_on_a_page_opened_anew_count_again(browser, adam, neighbourhoods):
    browser.force_login(adam)
    url = f"/administration/directorates/{neighbourhoods.slug}/rename/"
    for name, wanted in (("Place", "Place"), ("Neighbourhoods", "Neighbourhoods"), ("Place", "Place")):
        page = browser.get(url).context
        seen = page["form"]["seen"].value()
        browser.post(url, {"csrfmiddlewaretoken": str(page["csrf_token"]), "name": name, "seen": seen})
        neighbourhoods.refresh_from_db()
        assert neighbourhoods.name == wanted


def test_a_second_click_waits_for_the_first_and_lands_where_it_led(browser, adam, rf, monkeypatch):
    request = rf.post("/people/invite/", {"csrfmiddlewaretoken": "a", "name": "b"})
    request.user = adam
    key = key_of(request)
    cache.set(key, AT_WORK, 60)
    monkeypatch.setattr("accounts.once.time.sleep", lambda _: cache.set(key, "/people/7/", 60))
    from accounts.once import OnceMiddleware

    answer = OnceMiddleware(lambda _: pytest.fail("carried out twice"))(request)
    assert answer["Location"] == "/people/7/"


def test_nothing_of_signing_in_is_remembered(rf, adam):
    for path in ("/account/login/", "/account/password/change/", "/invitation/abc/"):
        request = rf.post(path, {"csrfmiddlewaretoken": "a"})
        request.user = adam
        assert key_of(request) is None


def test_a_stale_page_of_a_persons_details_keeps_both_peoples_words(as_person, adam, priya):
    client = as_person(adam)
    url = f"/people/{priya.pk}/edit/"
    seen = client.get(url).context["form"]["seen"].value()
    people.edit(priya, by=adam, full_name=priya.full_name, email=priya.email, about="Highways manager")
    typed = {"full_name": "Priya Shah-Jones", "email": priya.email, "about": "", "seen": seen}
    answer = client.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "is now “Highways manager”" in page
    assert "Priya Shah-Jones" in page
    assert Person.objects.get(pk=priya.pk).about == "Highways manager"
    again = answer.context["form"]["seen"].value()
    assert client.post(url, {**typed, "seen": again}).status_code == 302
    assert Person.objects.get(pk=priya.pk).full_name == "Priya Shah-Jones"


def test_a_refused_stale_form_gives_back_the_sentences_but_no_password(as_person, adam, priya):
    people.deactivate(priya, by=adam)
    typed = {"note": "She has left us", "password1": "a very long secret"}
    answer = as_person(adam).post(f"/people/{priya.pk}/deactivate/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "She has left us" in page
    assert "a very long secret" not in page
