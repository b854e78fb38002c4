"""The administrators' hub and the history page."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.history import record
from accounts.tests.counting import queries
from accounts.verbs import people


def test_the_hub_leads_everywhere(as_person, adam):
    client = as_person(adam)
    page = client.get("/administration/").content.decode()
    for address in (
        "/people/",
        "/administration/directorates/",
        "/administration/letters/",
        "/administration/outbox/",
    ):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["lena", "dana", "colin", "priya", "sami", "ewa", "nadia"])
@pytest.mark.parametrize("address", ["/administration/", "/administration/history/"])
def test_it_is_for_administrators(cast, as_person, who, address):
    assert as_person(cast[who]).get(address).status_code == 403


@pytest.fixture
def rows(adam, lena, priya):
    people.edit(priya, by=adam, full_name="Priya Shah", email=priya.email, about="Secret of ours")
    with transaction.atomic():
        record(
            action="returns.save-reading",
            subject=priya,
            by=lena,
            summary="A reading changed",
            after={"Value": "Secret of a contract"},
            note="Secret note",
            contract_number=12,
        )


def test_history_is_found_by_person_and_date(as_person, adam, lena, rows):
    client = as_person(adam)
    assert "A reading changed" in client.get("/administration/history/").content.decode()
    page = client.get(f"/administration/history/?actor={adam.pk}").content.decode()
    assert "Details of Priya Shah changed" in page
    assert "A reading changed" not in page
    day = timezone.localdate()
    until = "&".join(f"until_{n}={part}" for n, part in enumerate((day.day, day.month, day.year)))
    assert "A reading changed" in client.get(f"/administration/history/?{until}").content.decode()
    later = day + dt.timedelta(days=1)
    since = "&".join(f"since_{n}={part}" for n, part in enumerate((later.day, later.month, later.year)))
    assert "Nothing found" in client.get(f"/administration/history/?{since}").content.decode()


def test_a_date_that_is_none_is_said_by_the_field(as_person, adam, rows):
    page = as_person(adam).get("/administration/history/?since_0=31&since_1=2&since_2=2026").content.decode()
    assert "There is a problem" in page
    assert "Nothing found" in page


def test_what_changed_on_a_contract_is_not_told_here(as_person, adam, rows):
    page = as_person(adam).get("/administration/history/").content.decode()
    assert "Secret of ours" in page
    assert "Secret of a contract" not in page
    assert "Secret note" not in page


def test_more_history_costs_no_more_queries(as_person, adam, lena, rows):
    client = as_person(adam)
    few = queries(client, "/administration/history/")
    with transaction.atomic():
        for n in range(60):
            record(action="people.edit", subject=adam, by=lena, summary=f"Act {n}")
    assert queries(client, "/administration/history/") <= few
