"""Signing in and out."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Person
from conftest import PASSWORD, make_person

LOGIN = "/account/login/"


@pytest.fixture(autouse=True)
def _no_earlier_tries(db):
    cache.clear()


@pytest.fixture
def pat(db):
    return make_person("Pat Quill", password=PASSWORD)


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": email, "password": password, **more})


def test_a_person_signs_in_by_email_whatever_its_case(client, pat):
    response = sign_in(client, "Pat.Quill@CALDERBECK.example", next="/people/")
    assert response.status_code == 302
    assert response["Location"] == "/people/"
    assert client.get("/my-account/").status_code == 200


def test_nobody_is_sent_to_another_site_after_signing_in(client, pat):
    assert sign_in(client, pat.email, next="https://elsewhere.example/")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, pat):
    wrong = sign_in(client, pat.email, "not the password")
    unknown = sign_in(client, "nobody@calderbeck.example", "not the password")
    for page in (wrong, unknown):
        assert "The email address or password is not right" in page.content.decode()
        assert "There is a problem" in page.content.decode()
    assert 'value="pat.quill@calderbeck.example"' in wrong.content.decode()


def test_a_deactivated_person_reads_a_plain_sentence(client, pat):
    Person.objects.filter(pk=pat.pk).update(is_active=False)
    response = client.post(LOGIN, {"login": pat.email, "password": PASSWORD}, follow=True)
    assert "This account is not active" in response.content.decode()
    assert client.get("/my-account/").status_code == 302


def test_a_closed_page_asks_to_sign_in_and_comes_back(client, pat):
    response = client.get("/delegations/")
    assert response["Location"] == f"{LOGIN}?next=/delegations/"


def test_signing_out_ends_the_session(client, pat):
    client.force_login(pat)
    assert client.post(reverse("account_logout"))["Location"] == LOGIN
    assert client.get("/my-account/").status_code == 302


def test_opening_the_sign_out_address_only_asks(client, pat):
    client.force_login(pat)
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert client.get("/my-account/").status_code == 200


def test_the_sixth_wrong_password_for_one_address_is_refused_even_if_right(client, pat):
    for _ in range(5):
        sign_in(client, pat.email, "not the password")
    page = sign_in(client, pat.email).content.decode()
    assert "There were too many failed tries" in page
    assert client.get("/my-account/").status_code == 302


def test_too_many_requests_get_a_plain_page(client, pat, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    for _ in range(2):
        sign_in(client, pat.email, "not the password")
    response = sign_in(client, pat.email)
    assert response.status_code == 429
    assert "Too many tries" in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/set/",
        "login/code/confirm/",
        "login/code/",
        "3rdparty/",
        "2fa/webauthn/",
        "sessions/",
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_what_we_do_not_use_of_allauth_is_closed(client, pat, path, signed_in):
    if signed_in:
        client.force_login(pat)
    for response in (client.get(f"/account/{path}"), client.post(f"/account/{path}")):
        # An address that does not exist may ask a stranger to sign in first.
        assert response.status_code == 404


def test_signed_in_pages_are_not_kept_by_the_browser(client, pat):
    client.force_login(pat)
    assert "no-store" in client.get("/my-account/")["Cache-Control"]
