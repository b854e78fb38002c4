"""Choosing a new password: forgotten, or changed."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import HistoryRow, Letter, Person
from accounts.verbs import letters
from conftest import PASSWORD, make_person

NEW = "a longer staple of horses"


@pytest.fixture(autouse=True)
def _no_earlier_tries(db):
    cache.clear()


@pytest.fixture
def pat(db):
    return make_person("Pat Quill", password=PASSWORD)


def ask(client, email):
    return client.post(reverse("account_reset_password"), {"email": email}, follow=True)


def link_in(letter):
    return re.search(r"http://localhost:\d+(/\S+)", letter.body)[1]


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(client, pat):
    assert "Look in your mail" in ask(client, pat.email).content.decode()
    letter = Letter.objects.get()
    assert letter.is_secret
    assert letter.to == pat
    path = link_in(letter)
    form = client.get(path, follow=True)
    assert "Choose a new password" in form.content.decode()
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
    assert "Your password is changed" in done.content.decode()
    assert Person.objects.get().check_password(NEW)
    assert "This link no longer works" in client.get(path, follow=True).content.decode()
    assert HistoryRow.objects.of(pat).get().summary == "Pat Quill’s password was reset by a link in a letter"
    assert Letter.objects.filter(kind="account-changed", to=pat).count() == 1


def test_the_link_is_wiped_once_the_letter_has_left(client, pat, settings):
    settings.EMAIL_BACKEND = "accounts.mailbox.FileMailbox"
    ask(client, pat.email)
    assert letters.post_waiting() == 1
    letter = Letter.objects.get()
    assert letter.body == ""
    (file,) = settings.LETTERS_FOLDER.iterdir()
    assert "/account/password/reset/key/" in file.read_text()


@pytest.mark.parametrize("who", ["unknown", "deactivated"])
def test_an_address_that_can_not_sign_in_gets_no_letter_and_the_same_page(client, pat, who):
    if who == "deactivated":
        Person.objects.update(is_active=False)
    page = ask(client, pat.email if who == "deactivated" else "nobody@calderbeck.example").content.decode()
    assert "Look in your mail" in page
    assert not Letter.objects.exists()


def test_a_password_is_changed_knowing_the_old_one(client, pat):
    client.force_login(pat)
    address = reverse("account_change_password")
    wrong = client.post(address, {"oldpassword": "x", "password1": NEW, "password2": NEW})
    assert "This is not your current password" in wrong.content.decode()
    client.post(address, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert Person.objects.get().check_password(NEW)
    assert client.get("/my-account/").status_code == 200
    assert HistoryRow.objects.of(pat).get().action == "people.sign-in-changed"


def test_a_weak_password_is_refused_with_the_reason(client, pat):
    client.force_login(pat)
    page = client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "short", "password2": "short"},
    )
    assert "at least 12 characters" in page.content.decode()


def test_changing_the_password_signs_other_browsers_out(client, pat, client_of):
    other = client_of(pat)
    client.force_login(pat)
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert other.get("/my-account/").status_code == 302


@pytest.fixture
def client_of(db):
    from django.test import Client

    def make(person):
        browser = Client()
        browser.force_login(person)
        return browser

    return make
