"""One click signs in as one of the demo council's people, in the demo only."""

import pytest

from accounts.models import Role
from accounts.tests.counting import queries
from conftest import make_person

LOGIN = "/account/login/"


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.PRODUCTION = False
    settings.DEMO_PEOPLE = []
    return settings


def test_the_demo_offers_one_person_for_each_post_and_a_delegate(client, demo, cast):
    page = client.get(LOGIN).content.decode()
    for name in (
        "Colin Reyes",
        "Priya Shah",
        "Dana Okafor",
        "Desmond Hall",
        "Lena Fischer",
        "Ewa Nowak",
        "Sami Aziz",
    ):
        assert f"as {name}" in page
    assert "Delegate of Dana Okafor, Neighbourhoods" in page
    assert "Olga Brandt" not in page
    assert "Nadia Cole" not in page


def test_one_click_signs_in(client, demo, cast):
    response = client.post("/demo-sign-in/", {"person": cast["dana"].pk, "next": "/delegations/"})
    assert response["Location"] == "/delegations/"
    assert "Dana Okafor" in client.get("/my-account/").content.decode()


def test_the_setting_names_who_is_offered(client, demo, cast):
    demo.DEMO_PEOPLE = [cast["olga"].email, cast["della"].email]
    page = client.get(LOGIN).content.decode()
    assert page.index("Olga Brandt") < page.index("Della Marsh")
    assert "Colin Reyes" not in page


def test_somebody_who_is_not_offered_can_not_be_signed_in_as(client, demo, cast):
    assert client.post("/demo-sign-in/", {"person": cast["nadia"].pk}).status_code == 404
    assert client.post("/demo-sign-in/", {"person": "x"}).status_code == 404


def test_nobody_is_sent_to_another_site(client, demo, cast):
    data = {"person": cast["dana"].pk, "next": "https://elsewhere.example/"}
    assert client.post("/demo-sign-in/", data)["Location"] == "/"


@pytest.mark.parametrize(("is_demo", "production"), [(False, False), (True, True), (False, True)])
def test_outside_the_demo_it_does_not_exist(client, settings, cast, is_demo, production):
    settings.DEMO, settings.PRODUCTION = is_demo, production
    assert client.post("/demo-sign-in/", {"person": cast["dana"].pk}).status_code == 404
    assert "Look around" not in client.get(LOGIN).content.decode()


def test_opening_the_address_signs_nobody_in(client, demo, cast):
    assert client.get("/demo-sign-in/").status_code == 405


def test_the_page_costs_the_same_however_many_people(client, demo, cast, neighbourhoods):
    few = queries(client, LOGIN)
    for n in range(20):
        make_person(f"Person {n}", (Role.COMMISSIONER, neighbourhoods))
    assert queries(client, LOGIN) == few
