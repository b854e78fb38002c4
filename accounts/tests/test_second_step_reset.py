"""Somebody who lost phone and recovery codes gets back in by an administrator's hand."""

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import HistoryRow
from accounts.verbs import people
from accounts.verbs.recipe import Refused, Stale


@pytest.fixture
def priya_with_codes(priya):
    Authenticator.objects.create(user=priya, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Authenticator.objects.create(user=priya, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "y"})
    return priya


def test_an_administrator_takes_off_the_second_step_and_the_person_is_told(adam, priya_with_codes, as_person):
    page = as_person(adam).get(f"/people/{priya_with_codes.pk}/")
    assert "Take off the second step" in page.content.decode()
    answer = as_person(adam).post(f"/people/{priya_with_codes.pk}/second-step/off/")
    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=priya_with_codes).exists()
    assert (
        HistoryRow.objects.of(priya_with_codes).filter(action="people.reset-second-step", actor=adam).exists()
    )
    assert "Adam Price took the second step off" in priya_with_codes.letters.get().body


def test_nobody_else_and_nobody_for_themselves(adam, lena, priya_with_codes):
    with pytest.raises(Refused, match="Only an administrator"):
        people.reset_second_step(priya_with_codes, by=lena)
    Authenticator.objects.create(user=adam, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(Refused, match="your own second step"):
        people.reset_second_step(adam, by=adam)


def test_there_must_be_one_to_take_off(adam, priya, as_person):
    with pytest.raises(Stale, match="no second step"):
        people.reset_second_step(priya, by=adam)
    assert "Take off the second step" not in as_person(adam).get(f"/people/{priya.pk}/").content.decode()
