"""The list of people."""

import datetime as dt

import pytest

from accounts.models import Appointment, Person, Role
from accounts.tests.counting import queries
from conftest import LONG_AGO, make_person


@pytest.fixture
def names(as_person, cast):
    """Return a function that gives the names a filtered list shows."""

    def shown(query=""):
        page = as_person(cast["adam"]).get(f"/people/?{query}")
        assert page.status_code == 200
        return {str(person) for person in page.context["page_obj"]}

    return shown


def test_everybody_is_listed_with_posts_of_today(names, as_person, cast):
    assert len(names()) == len(cast)
    page = as_person(cast["adam"]).get("/people/").content.decode()
    assert "Strategic Director, Neighbourhoods" in page
    assert "Invite a person" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=okafor", {"Dana Okafor"}),
        ("q=okafor dana", {"Dana Okafor"}),
        ("q=della.marsh@", {"Della Marsh"}),
        ("role=director", {"Dana Okafor", "Olga Brandt"}),
        ("role=administrator", {"Adam Price"}),
        ("q=zzz", set()),
    ],
)
def test_search_and_role(names, query, expected):
    assert names(query) == expected


def test_directorate_and_role_together_mean_one_post(names, neighbourhoods, cast, adults):
    Appointment.objects.create(
        person=cast["dana"], role=Role.COMMISSIONER, directorate=adults, starts_on=LONG_AGO
    )
    assert names(f"directorate={neighbourhoods.pk}") == {
        "Colin Reyes",
        "Dana Okafor",
        "Desmond Hall",
        "Ewa Nowak",
    }
    assert names(f"directorate={adults.pk}&role=director") == {"Olga Brandt"}


def test_past_posts_do_not_count(names, cast):
    Appointment.objects.filter(person=cast["dana"]).update(ends_on=dt.date(2021, 1, 1))
    assert names("role=director") == {"Olga Brandt"}


def test_state(names, cast):
    Person.objects.filter(pk=cast["nadia"].pk).update(is_active=False)
    assert names("state=left") == {"Nadia Cole"}
    assert "Nadia Cole" not in names("state=active")
    assert names("state=invited") == set()


def test_an_empty_list_says_so(as_person, cast):
    assert "Nobody matches" in as_person(cast["adam"]).get("/people/?q=zzz").content.decode()


def test_nonsense_in_the_address_does_no_harm(names):
    assert names("role=emperor&directorate=abc&page=99")


@pytest.mark.parametrize(("who", "status"), [("adam", 200), ("lena", 200), ("dana", 403), ("nadia", 403)])
def test_administrators_and_the_lead_read_it(as_person, cast, who, status):
    assert as_person(cast[who]).get("/people/").status_code == status


def test_the_lead_reads_but_invites_nobody(as_person, lena):
    assert "Invite a person" not in as_person(lena).get("/people/").content.decode()


def test_more_people_cost_no_more_queries(as_person, adam, neighbourhoods):
    make_person("Person", (Role.COMMISSIONER, neighbourhoods))
    client = as_person(adam)
    few = queries(client, "/people/")
    for n in range(40):
        make_person(f"Person {n}", (Role.COMMISSIONER, neighbourhoods), Role.CONTRACT_MANAGER)
    assert queries(client, "/people/") == few
    assert len(client.get("/people/").context["page_obj"].object_list) == 42
