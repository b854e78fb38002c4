"""A second step when signing in: authenticator app and recovery codes."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from accounts.models import HistoryRow, Letter
from conftest import PASSWORD, make_person

LOGIN = "/account/login/"


@pytest.fixture
def pat(db):
    cache.clear()
    return make_person("Pat Quill", password=PASSWORD)


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def secured(client, pat, django_capture_on_commit_callbacks, monkeypatch):
    """Return pat's authenticator secret, set up through the pages."""
    client.post(LOGIN, {"login": pat.email, "password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    assert "Confirm that it is you" in page.content.decode()
    data = {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    page = client.post(reverse("account_reauthenticate"), data, follow=True)
    assert "Set up an authenticator app" in page.content.decode()
    secret = page.context["form"].secret
    assert (
        "This code is not right"
        in client.post(reverse("mfa_activate_totp"), {"code": "000000"}).content.decode()
    )
    secret = client.session["mfa.totp.secret"]
    monkeypatch.setattr("accounts.letters._wake_the_sender", lambda: None)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
    assert "Recovery codes" in done.content.decode()
    return secret


def test_setting_up_the_app_is_kept_in_history_and_asks_for_a_code_next_time(client, pat, secured):
    row = HistoryRow.objects.of(pat).get(action="people.sign-in-changed")
    assert row.summary == "An authenticator app was added to Pat Quill’s account"
    assert Letter.objects.get(kind="account-changed").to == pat
    client.logout()
    cache.clear()
    response = client.post(LOGIN, {"login": pat.email, "password": PASSWORD}, follow=True)
    assert "Enter your code" in response.content.decode()
    assert client.get("/my-account/").status_code == 302
    assert (
        "This code is not right" in client.post(reverse("mfa_authenticate"), {"code": "123"}).content.decode()
    )
    client.post(reverse("mfa_authenticate"), {"code": code_of(secured)})
    assert client.get("/my-account/").status_code == 200


def test_a_recovery_code_signs_in_once(client, pat, secured):
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for works in (True, False):
        client.logout()
        cache.clear()
        client.post(LOGIN, {"login": pat.email, "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert (client.get("/my-account/").status_code == 200) is works


def test_every_page_of_the_second_step_is_ours(client, pat, secured):
    for name in (
        "mfa_index",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
    ):
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert "govuk-heading-l" in response.content.decode()
    assert client.get(reverse("mfa_download_recovery_codes")).content.count(b"\n") >= 10


def test_removing_the_app_asks_for_the_password_when_signing_in_was_long_ago(client, pat, secured):
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    page = client.get(reverse("mfa_deactivate_totp"), follow=True)
    assert "Confirm that it is you" in page.content.decode()
    page = client.post(reverse("account_reauthenticate"), {"password": "not it"})
    assert "This is not your password" in page.content.decode()
    client.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("mfa_deactivate_totp")}
    )
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
