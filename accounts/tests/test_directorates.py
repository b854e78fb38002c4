"""Directorates and departments."""

import pytest

from accounts.models import Appointment, Department, Directorate, HistoryRow
from accounts.tests.counting import queries
from accounts.verbs import directorates
from accounts.verbs.recipe import Invalid, Refused, Stale

HERE = "/administration/directorates/"


def test_one_is_added_and_its_address_is_its_name(as_person, adam):
    response = as_person(adam).post(f"{HERE}new/", {"name": "Children  & Families"}, follow=True)
    assert response.redirect_chain[-1][0] == f"{HERE}children-families/"
    assert "Directorate Children &amp; Families added" in response.content.decode()


def test_renaming_keeps_the_address_and_the_old_name_in_history(as_person, adam, neighbourhoods):
    as_person(adam).post(f"{HERE}neighbourhoods/rename/", {"name": "Place"})
    neighbourhoods.refresh_from_db()
    assert (neighbourhoods.name, neighbourhoods.slug) == ("Place", "neighbourhoods")
    assert HistoryRow.objects.of(neighbourhoods).get().before == {"Name": "Neighbourhoods"}


def test_a_name_in_use_is_refused_whatever_its_case(as_person, adam, neighbourhoods, adults):
    page = as_person(adam).post(f"{HERE}adult-services/rename/", {"name": "NEIGHBOURHOODS"}).content.decode()
    assert "There is a directorate called NEIGHBOURHOODS already" in page


def test_one_with_people_in_post_is_not_closed(as_person, adam, dana, neighbourhoods):
    page = as_person(adam).post(f"{HERE}neighbourhoods/close/", follow=True).content.decode()
    assert "1 person still holds a post in Neighbourhoods" in page
    Appointment.objects.filter(directorate=neighbourhoods).delete()
    as_person(adam).post(f"{HERE}neighbourhoods/close/")
    assert not Directorate.objects.open().exists()
    assert Directorate.objects.exists()
    with pytest.raises(Stale):
        directorates.close(neighbourhoods, by=adam)
    as_person(adam).post(f"{HERE}neighbourhoods/reopen/")
    assert Directorate.objects.open().get() == neighbourhoods


def test_departments_are_added_renamed_and_closed(as_person, adam, neighbourhoods):
    client = as_person(adam)
    client.post(f"{HERE}neighbourhoods/departments/new/", {"name": "Parks"})
    department = Department.objects.get()
    client.post(f"/administration/departments/{department.pk}/rename/", {"name": "Parks and Streets"})
    client.post(f"/administration/departments/{department.pk}/close/")
    department.refresh_from_db()
    assert (department.name, department.is_active) == ("Parks and Streets", False)
    page = client.get(f"{HERE}neighbourhoods/").content.decode()
    assert "(closed)" in page
    assert "Department Parks renamed Parks and Streets" in page


def test_two_departments_of_one_directorate_never_share_a_name(adam, neighbourhoods, adults):
    directorates.add_department(neighbourhoods, by=adam, name="Parks")
    directorates.add_department(adults, by=adam, name="Parks")
    with pytest.raises(Invalid, match="has a department called parks already"):
        directorates.add_department(neighbourhoods, by=adam, name="parks")


@pytest.mark.parametrize("who", ["lena", "dana", "nadia"])
def test_only_administrators_keep_them(cast, as_person, who):
    with pytest.raises(Refused):
        directorates.add(by=cast[who], name="Mine")
    client = as_person(cast[who])
    assert client.get(HERE).status_code == 403
    assert client.post(f"{HERE}neighbourhoods/close/").status_code == 403


def test_the_list_costs_the_same_however_many(as_person, adam, adults):
    client = as_person(adam)
    few = queries(client, HERE)
    for n in range(20):
        directorates.add(by=adam, name=f"Directorate {n}")
    assert queries(client, HERE) == few
    assert client.get(HERE).content.decode().count("0 departments") == 21
