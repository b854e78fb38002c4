"""Inviting a person, and accepting."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.models import HistoryRow, Invitation, Letter, Person, Role
from accounts.verbs import people
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import PASSWORD


def invite(adam, **more):
    facts = {"full_name": "Ines Gray", "email": "Ines.Gray@calderbeck.example", "role": Role.LEAD, **more}
    return people.invite(by=adam, **facts)


def path_in(letter):
    return re.search(r"http://localhost:\d+(/invitation/\S+)", letter.body)[1]


def accept(client, path, password=PASSWORD, again=None):
    return client.post(path, {"password1": password, "password2": again or password})


def test_an_administrator_invites_by_a_form_and_a_letter_goes(as_person, adam, neighbourhoods):
    response = as_person(adam).post(
        "/people/invite/",
        {
            "full_name": "Ines  Gray",
            "email": "Ines.Gray@calderbeck.example",
            "about": "Head of Highways",
            "role": "commissioner",
            "directorate": neighbourhoods.pk,
            "starts_on_0": "1",
            "starts_on_1": "4",
            "starts_on_2": "2026",
        },
        follow=True,
    )
    assert "Ines Gray is invited" in response.content.decode()
    ines = Person.objects.get(email="ines.gray@calderbeck.example")
    assert ines.full_name == "Ines Gray"
    assert ines.authority.commissions == {neighbourhoods.pk}
    letter = Letter.objects.get(to=ines)
    assert letter.is_secret
    assert "Adam Price has invited you" in letter.body
    assert [row.action for row in HistoryRow.objects.of(ines)] == ["appointments.add", "people.invite"]


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(as_person, adam):
    page = (
        as_person(adam)
        .post("/people/invite/", {"full_name": "Ines Gray", "role": "director"})
        .content.decode()
    )
    assert "Enter a work email address" in page
    assert "Enter a first day" in page
    assert 'value="Ines Gray"' in page


def test_a_role_that_needs_a_directorate_says_so_and_nothing_is_left_behind(adam):
    with pytest.raises(Invalid, match="Select the directorate this Strategic Director is for"):
        invite(adam, role=Role.DIRECTOR)
    assert Person.objects.count() == 1
    assert not Letter.objects.exists()


def test_an_address_in_use_is_refused_whatever_its_case(adam, priya):
    with pytest.raises(Invalid, match="Priya Shah already has this email address"):
        invite(adam, email="PRIYA.shah@calderbeck.example")


@pytest.mark.parametrize("who", ["lena", "dana", "priya", "nadia"])
def test_only_administrators_invite(cast, as_person, who):
    with pytest.raises(Refused):
        invite(cast[who])
    assert as_person(cast[who]).get("/people/invite/").status_code == 403


def test_the_link_sets_a_password_and_signs_in_once(client, adam):
    ines = invite(adam)
    path = path_in(Letter.objects.get())
    assert "Hello Ines, choose a password" in client.get(path).content.decode()
    assert client.get(path).status_code == 200
    accept(client, path)
    assert client.get("/my-account/").status_code == 200
    ines.refresh_from_db()
    assert ines.check_password(PASSWORD)
    client.logout()
    assert accept(client, path, "another long password").status_code == 410
    ines.refresh_from_db()
    assert ines.check_password(PASSWORD)


def test_two_different_or_weak_passwords_are_refused(client, adam):
    invite(adam)
    path = path_in(Letter.objects.get())
    assert (
        "The passwords are not the same"
        in accept(client, path, again="something else entirely").content.decode()
    )
    assert "at least 12 characters" in accept(client, path, "short").content.decode()
    assert Invitation.objects.get().accepted_at is None


def test_the_token_is_stored_only_as_a_hash(adam):
    invite(adam)
    token = path_in(Letter.objects.get()).split("/")[2]
    assert token not in Invitation.objects.get().token_hash
    assert people.invitation_of(token)
    assert people.invitation_of(Invitation.objects.get().token_hash) is None


@pytest.mark.parametrize("why", ["run out", "deactivated", "unknown"])
def test_a_link_that_is_over_says_so(client, adam, why):
    ines = invite(adam)
    path = path_in(Letter.objects.get())
    if why == "run out":
        Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    elif why == "deactivated":
        Person.objects.filter(pk=ines.pk).update(is_active=False)
    else:
        path = "/invitation/not-a-token/"
    response = client.get(path)
    assert response.status_code == 410
    assert "This link no longer works" in response.content.decode()


def test_a_link_works_for_seven_days(adam):
    invite(adam)
    left = Invitation.objects.get().expires_at - timezone.now()
    assert dt.timedelta(days=6, hours=23) < left <= dt.timedelta(days=7)


def test_an_invitation_sent_again_closes_the_older_link(client, as_person, adam):
    ines = invite(adam)
    old = path_in(Letter.objects.get())
    as_person(adam).post(f"/people/{ines.pk}/invite-again/")
    new = path_in(Letter.objects.order_by("-pk").first())
    client.logout()
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200


def test_somebody_who_accepted_is_not_invited_again(client, adam):
    ines = invite(adam)
    accept(client, path_in(Letter.objects.get()))
    with pytest.raises(Stale, match="has a password already"):
        people.invite_again(ines, by=adam)
