"""Two administrators add the same thing at the same moment: one stands, the other is told on a plain page."""

import pytest
from django.test import Client

from accounts.models import Directorate, Person, Role
from conftest import make_person
from kpis.tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("thing", ["person", "directorate"])
def test_the_same_thing_added_by_two_at_once_stands_once_and_nobody_sees_an_error(thing):
    acts = []
    for name in ("Adam Price", "Ada Quist"):
        browser = Client(raise_request_exception=False)
        browser.force_login(make_person(name, Role.ADMINISTRATOR))
        if thing == "person":
            day = {"starts_on_0": "1", "starts_on_1": "4", "starts_on_2": "2026"}
            data = {"full_name": "Nia Cole", "email": "nia@calderbeck.example", "role": "lead", **day}
            acts.append(lambda browser=browser, data=data: browser.post("/people/invite/", data).status_code)
        else:
            data = {"name": "Public Health"}
            acts.append(
                lambda browser=browser, data=data: (
                    browser.post("/administration/directorates/new/", data).status_code
                )
            )
    first, second = sorted(at_once(*acts))
    assert second in (302, 409)
    assert {first, second} in ({200, 302}, {302, 409})
    assert Person.objects.filter(email="nia@calderbeck.example").count() == (thing == "person")
    assert Directorate.objects.count() == (thing == "directorate")
