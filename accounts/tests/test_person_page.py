"""One person's page, and changing their details."""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Appointment, HistoryRow, Role
from accounts.verbs import people
from accounts.verbs.recipe import Invalid, Refused
from conftest import make_person


def test_it_shows_posts_past_and_present_delegations_and_history(
    as_person, adam, della, dana, neighbourhoods
):
    Appointment.objects.create(
        person=della,
        role=Role.COMMISSIONER,
        directorate=neighbourhoods,
        starts_on=dt.date(2019, 4, 1),
        ends_on=dt.date(2020, 3, 31),
    )
    people.edit(della, by=adam, full_name="Della Marsh", email=della.email, about="Head of Parks")
    page = as_person(adam).get(f"/people/{della.pk}/").content.decode()
    assert "Past posts" in page
    assert "31 March 2020" in page
    assert "From Dana Okafor: Neighbourhoods" in page
    assert "Details of Della Marsh changed" in page
    assert "Head of Parks" in page


def test_ones_own_page_says_who_else_can_appoint(as_person, adam):
    page = as_person(adam).get(f"/people/{adam.pk}/").content.decode()
    assert "You can&#x27;t change your own appointments" in page
    assert "Deactivate this person" not in page


@pytest.mark.parametrize(("who", "status"), [("lena", 200), ("dana", 403), ("nadia", 403)])
def test_who_reads_it(as_person, cast, who, status):
    assert as_person(cast[who]).get(f"/people/{cast['priya'].pk}/").status_code == status


def test_an_unknown_person_is_not_found(as_person, adam):
    assert as_person(adam).get("/people/999999/").status_code == 404


def test_details_are_changed_with_history(as_person, adam, priya):
    client = as_person(adam)
    data = {
        "full_name": "Priya Shah-Lee",
        "email": "PRIYA.LEE@calderbeck.example",
        "about": "Manager",
        "note": "Married",
    }
    client.post(f"/people/{priya.pk}/edit/", data)
    priya.refresh_from_db()
    assert (priya.full_name, priya.email) == ("Priya Shah-Lee", "priya.lee@calderbeck.example")
    row = HistoryRow.objects.of(priya).get()
    assert row.before["Full name"] == "Priya Shah"
    assert row.after == {
        "Full name": "Priya Shah-Lee",
        "Email address": "priya.lee@calderbeck.example",
        "Job title": "Manager",
    }
    assert row.note == "Married"


def test_an_old_address_opens_the_door_no_longer(adam, priya):
    EmailAddress.objects.create(user=priya, email=priya.email, verified=True, primary=True)
    people.edit(priya, by=adam, full_name=priya.full_name, email="new@calderbeck.example")
    assert not EmailAddress.objects.exists()


def test_an_address_in_use_is_refused_and_what_was_typed_is_kept(as_person, adam, priya, dana):
    data = {"full_name": "Priya Typed", "email": dana.email.upper()}
    page = as_person(adam).post(f"/people/{priya.pk}/edit/", data).content.decode()
    assert "Dana Okafor already has this email address" in page
    assert 'value="Priya Typed"' in page
    priya.refresh_from_db()
    assert priya.full_name == "Priya Shah"


def test_saving_nothing_new_leaves_no_history(adam, priya):
    people.edit(priya, by=adam, full_name=priya.full_name, email=priya.email)
    assert not HistoryRow.objects.exists()


def test_only_administrators_change_details(as_person, lena, priya):
    with pytest.raises(Refused):
        people.edit(priya, by=lena, full_name="X", email=priya.email)
    assert as_person(lena).get(f"/people/{priya.pk}/edit/").status_code == 403


def test_two_people_never_share_an_address(adam, priya):
    other = make_person("Pria Other")
    with pytest.raises(Invalid):
        people.edit(other, by=adam, full_name="Pria Other", email="Priya.Shah@Calderbeck.example")
