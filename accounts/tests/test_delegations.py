"""Delegations given, used, revoked, read."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.calendar import today
from accounts.history import record
from accounts.models import Delegation, HistoryRow, Letter, Person
from accounts.tests.counting import queries
from accounts.verbs import delegations
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO


def give(by, to, directorate, **more):
    facts = {"scheme_reference": "Scheme 4.2", "starts_on": today(), **more}
    return delegations.give(by=by, given_to=to, directorate=directorate, **facts)


def form(directorate, to, **more):
    day = today()
    return {
        "directorate": directorate.pk,
        "holder": "person",
        "given_to": to.pk,
        "scheme_reference": "Scheme 4.2",
        "value_limit": "£500,000",
        "starts_on_0": day.day,
        "starts_on_1": day.month,
        "starts_on_2": day.year,
        **more,
    }


def test_a_director_gives_one_and_the_delegate_gets_a_letter(as_person, dana, nadia, neighbourhoods):
    as_person(dana).post("/delegations/new/", form(neighbourhoods, nadia))
    delegation = Delegation.objects.get()
    assert delegation.value_limit == Decimal("500000")
    assert Person.objects.get(pk=nadia.pk).authority.delegated == {neighbourhoods.pk}
    letter = Letter.objects.get(to=nadia)
    assert "For contracts up to: £500,000" in letter.body
    assert "To: no end date" in letter.body
    assert HistoryRow.objects.of(delegation).get().delegation == delegation


@pytest.mark.parametrize("who", ["desmond", "della", "colin", "lena", "adam", "olga", "nadia"])
def test_only_the_director_of_the_directorate_delegates(cast, as_person, neighbourhoods, who):
    with pytest.raises(Refused, match="Only the Strategic Director of Neighbourhoods"):
        give(cast[who], cast["priya"], neighbourhoods)
    if who != "olga":
        assert as_person(cast[who]).get("/delegations/new/").status_code == 403


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"value_limit": Decimal("0")}, "more than £0"),
        ({"ends_on": LONG_AGO}, "the same as or after the first day"),
        ({"starts_on": LONG_AGO, "ends_on": LONG_AGO}, "today or later"),
        ({"scheme_reference": "  "}, "Enter the reference"),
    ],
)
def test_what_can_not_be_is_refused(dana, nadia, neighbourhoods, facts, sentence):
    with pytest.raises(Invalid, match=sentence):
        give(dana, nadia, neighbourhoods, **facts)


def test_nobody_delegates_to_themselves_or_a_leaver(dana, nadia, neighbourhoods):
    with pytest.raises(Invalid, match="somebody else"):
        give(dana, dana, neighbourhoods)
    Person.objects.filter(pk=nadia.pk).update(is_active=False)
    with pytest.raises(Invalid, match="deactivated"):
        give(dana, nadia, neighbourhoods)


def test_an_overlap_is_warned_of_once_and_then_given(as_person, dana, della, neighbourhoods):
    client = as_person(dana)
    page = client.post("/delegations/new/", form(neighbourhoods, della)).content.decode()
    assert "Della Marsh already has a delegation from you for Neighbourhoods" in page
    assert 'value="£500,000"' in page or 'value="500,000"' in page or "500" in page
    assert Delegation.objects.count() == 1
    client.post("/delegations/new/", form(neighbourhoods, della, although="yes"))
    assert Delegation.objects.count() == 1
    seal = re.search(r'name="although" value="(\w+)"', page)[1]
    client.post("/delegations/new/", form(neighbourhoods, della, although=seal))
    assert Delegation.objects.count() == 2


def test_revoking_ends_it_at_once_with_a_letter(as_person, dana, della):
    delegation = Delegation.objects.get()
    as_person(dana).post(f"/delegations/{delegation.pk}/revoke/", {"note": "New post"})
    delegation.refresh_from_db()
    assert delegation.revoked_by == dana
    assert not Person.objects.get(pk=della.pk).authority.delegations
    assert Letter.objects.get(to=della).kind == "delegation-revoked"
    with pytest.raises(Stale):
        delegations.revoke(delegation, by=dana)
    assert as_person(dana).post(f"/delegations/{delegation.pk}/revoke/").status_code == 409


@pytest.mark.parametrize(
    ("who", "reads", "revokes"),
    [
        ("dana", 200, 200),
        ("della", 200, 403),
        ("lena", 200, 403),
        ("adam", 200, 403),
        ("olga", 403, 403),
        ("nadia", 403, 403),
    ],
)
def test_who_reads_and_who_revokes(cast, as_person, who, reads, revokes):
    delegation = Delegation.objects.get()
    client = as_person(cast[who])
    assert client.get(f"/delegations/{delegation.pk}/").status_code == reads
    assert client.get(f"/delegations/{delegation.pk}/revoke/").status_code == revokes
    listed = "Della Marsh</a>" in client.get("/delegations/").content.decode()
    assert listed is (reads == 200)


def test_the_page_tells_who_used_it_and_for_what(as_person, dana, della, neighbourhoods):
    delegation = Delegation.objects.get()
    with transaction.atomic():
        record(
            action="proposals.approve",
            subject=neighbourhoods,
            by=della,
            acting_for=dana,
            delegation=delegation,
            summary="KPI set 2 of Highways resurfacing approved",
        )
    client = as_person(dana)
    assert "1 time, last on" in client.get("/delegations/").content.decode()
    page = client.get(f"/delegations/{delegation.pk}/").content.decode()
    assert "KPI set 2 of Highways resurfacing approved" in page
    assert "Della Marsh" in page


def test_one_falls_with_the_post_it_came_from(as_person, dana, della):
    dana.appointments.update(ends_on=dt.date(2021, 1, 1))
    page = as_person(della).get(f"/delegations/{Delegation.objects.get().pk}/").content.decode()
    assert "This delegation does not hold" in page
    assert (
        "Delegations you gave or hold. 0 are in force"
        in as_person(della).get("/delegations/").content.decode()
    )


def test_an_empty_list_says_what_will_be_here(as_person, nadia):
    assert "No delegations" in as_person(nadia).get("/delegations/").content.decode()


def test_more_delegations_cost_no_more_queries(as_person, lena, dana, nadia, neighbourhoods):
    give(dana, nadia, neighbourhoods)
    client = as_person(lena)
    few = queries(client, "/delegations/")
    for _ in range(15):
        give(dana, nadia, neighbourhoods)
    assert queries(client, "/delegations/") == few
