"""Letting people go, and having them back."""

import pytest
from django.test import Client

from accounts import letters
from accounts.models import HistoryRow, Letter, Person, Role
from accounts.verbs import people
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import PASSWORD, make_person


def test_a_leaver_is_signed_out_at_once_and_nothing_is_removed(as_person, adam, priya):
    theirs = Client()
    theirs.force_login(priya)
    assert theirs.get("/my-account/").status_code == 200
    as_person(adam).post(f"/people/{priya.pk}/deactivate/", {"note": "Left the council"})
    assert theirs.get("/my-account/").status_code == 302
    priya.refresh_from_db()
    assert not priya.is_active
    assert priya.appointments.count() == 1
    row = HistoryRow.objects.of(priya).get()
    assert (row.action, row.note) == ("people.deactivate", "Left the council")


def test_coming_back_does_not_wake_an_old_session(adam, priya):
    theirs = Client()
    theirs.force_login(priya)
    people.deactivate(priya, by=adam)
    people.reactivate(priya, by=adam)
    assert theirs.get("/my-account/").status_code == 302
    theirs.force_login(Person.objects.get(pk=priya.pk))
    assert theirs.get("/my-account/").status_code == 200


def test_the_page_says_what_stops_and_to_hand_over_contracts(as_person, adam, dana, della):
    page = as_person(adam).get(f"/people/{dana.pk}/deactivate/").content.decode()
    assert "Strategic Director, Neighbourhoods" in page
    assert "the delegation of Neighbourhoods to Della Marsh" in page
    assert "until you hand them over" in page


def test_leavers_get_no_letters_and_delegations_fall(adam, dana, della):
    people.deactivate(dana, by=adam)
    assert letters.write("delegation-revoked", to=Person.objects.get(pk=dana.pk)) is None
    assert not Letter.objects.exists()
    assert not Person.objects.get(pk=della.pk).authority.delegations


def test_nobody_deactivates_themselves(as_person, adam):
    make_person("Ava Stone", Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="You can't deactivate yourself"):
        people.deactivate(adam, by=adam)
    assert as_person(adam).get(f"/people/{adam.pk}/deactivate/").status_code == 403


def test_the_last_administrator_who_can_sign_in_stays(adam):
    ava = make_person("Ava Stone", Role.ADMINISTRATOR)
    invited = people.invite(
        by=adam, full_name="Ida New", email="ida@calderbeck.example", role=Role.ADMINISTRATOR
    )
    people.deactivate(ava, by=adam)
    people.reactivate(ava, by=adam)
    people.deactivate(adam, by=ava)
    with pytest.raises(Invalid, match="last administrator who can sign in"):
        people.deactivate(Person.objects.get(pk=ava.pk), by=invited)
    Person.objects.filter(pk=invited.pk).update(password="x")
    invited.invitation.accepted_at = invited.invitation.expires_at
    invited.invitation.save()
    people.deactivate(Person.objects.get(pk=ava.pk), by=invited)


@pytest.mark.parametrize("who", ["lena", "dana", "nadia"])
def test_only_administrators_deactivate(cast, as_person, who):
    with pytest.raises(Refused):
        people.deactivate(cast["priya"], by=cast[who])
    assert as_person(cast[who]).post(f"/people/{cast['priya'].pk}/deactivate/").status_code == 403


def test_a_second_deactivation_says_what_stands(as_person, adam, priya):
    people.deactivate(priya, by=adam)
    with pytest.raises(Stale, match="Priya Shah is deactivated already"):
        people.deactivate(priya, by=adam)
    assert as_person(adam).post(f"/people/{priya.pk}/deactivate/").status_code == 409


def test_a_returner_signs_in_with_the_password_they_had(as_person, adam, client):
    pat = make_person("Pat Quill", password=PASSWORD)
    people.deactivate(pat, by=adam)
    as_person(adam).post(f"/people/{pat.pk}/reactivate/", {"note": ""})
    client.logout()
    client.post("/account/login/", {"login": pat.email, "password": PASSWORD})
    assert client.get("/my-account/").status_code == 200
