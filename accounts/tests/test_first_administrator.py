"""The command that makes the person who invites everybody else."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import HistoryRow, Person
from conftest import PASSWORD


def make(*args):
    out = io.StringIO()
    call_command("make_first_administrator", *args, stdout=out)
    return out.getvalue()


def test_the_first_administrator_gets_a_link_to_choose_a_password(db, client):
    printed = make("Adam@Calderbeck.example", "Adam Price")
    link = printed.strip().splitlines()[-1]
    path = link.removeprefix("http://localhost:8000")
    client.post(path, {"password1": PASSWORD, "password2": PASSWORD})
    adam = Person.objects.get()
    assert adam.email == "adam@calderbeck.example"
    assert adam.authority.is_administrator
    assert client.get("/administration/").status_code == 200
    assert HistoryRow.objects.of(adam).filter(action="people.first-administrator").exists()


def test_it_refuses_once_there_is_an_administrator(adam):
    with pytest.raises(CommandError, match="There is an administrator already"):
        make("eve@calderbeck.example", "Eve Hart")
    assert Person.objects.count() == 1


def test_it_refuses_what_is_no_address_and_an_address_in_use(db, priya):
    with pytest.raises(CommandError, match="is not an email address"):
        make("adam", "Adam Price")
    with pytest.raises(CommandError, match="Priya Shah already has this email address"):
        make(priya.email, "Adam Price")
