"""Every address of the URL conf, opened by everybody: a new page can't be forgotten."""

import pytest
from django.conf import settings
from django.db import transaction

from socialvalue.tests.access import ACTS, DEMO_ONLY, OPEN, PAGES, allowed_and_refused
from socialvalue.tests.addresses import address, all_names
from socialvalue.tests.world import world  # noqa: F401 (a fixture)

GROUPS = 4
# The sign-in library's own addresses: sign-in, password, second factor. `accounts/tests` holds each of them.
LIBRARY = ("account_", "mfa_")
# What a page may answer somebody who is allowed in: the page, a step back to where the journey stands, or a
# plain page saying that the moment has passed.
ANSWERS = {200, 301, 302, 409}


def groups(table):
    """Return the names of a table in a few groups: the world is made once for each."""
    names = sorted(table)
    return [names[number::GROUPS] for number in range(GROUPS) if names[number::GROUPS]]


def test_every_address_of_the_service_is_in_the_table():
    known = {*OPEN, *DEMO_ONLY, *PAGES, *ACTS}
    ours = {name for name in all_names() if not name.startswith(LIBRARY)}
    assert ours - known == set(), "say in access.py who gets these"
    assert known - ours == set(), "access.py names addresses that are gone"


def answer(client, method, path):
    """Return the status of the answer, undoing whatever the request did."""
    signed_in = client.cookies[settings.SESSION_COOKIE_NAME].value
    with transaction.atomic():
        status = getattr(client, method)(path).status_code
        transaction.set_rollback(True)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == signed_in, f"{path} signed the person out"
    return status


def wrong_answers(client, world, table, names, method):  # noqa: F811
    """Return {(address, person): status} where a door opened wrongly or wrongly stayed shut."""
    paths = {name: address(name, world) for name in names}
    doors = {name: allowed_and_refused(table[name], world.cast) for name in names}
    wrong = {}
    for name, path in paths.items():
        away = client.get(path) if method == "get" else client.post(path)
        if away.status_code != 302 or "/account/login/" not in away["Location"]:
            wrong[name, "nobody"] = away.status_code
    for who, person in world.cast.items():
        client.force_login(person)
        for name, path in paths.items():
            allowed, refused = doors[name]
            status = answer(client, method, path)
            expected = {403} if who in refused else {404}
            if who in allowed:
                expected = ANSWERS
            if status not in expected:
                wrong[name, who] = status
    return wrong


@pytest.mark.walk
@pytest.mark.parametrize("names", groups(PAGES), ids=lambda names: names[0])
def test_each_page_opens_for_the_right_people_only(names, client, world):  # noqa: F811
    assert wrong_answers(client, world, PAGES, names, "get") == {}


@pytest.mark.walk
@pytest.mark.parametrize("names", groups(ACTS), ids=lambda names: names[0])
def test_each_act_is_done_by_the_right_people_only(names, client, world):  # noqa: F811
    assert wrong_answers(client, world, ACTS, names, "post") == {}


@pytest.mark.walk
@pytest.mark.parametrize("names", groups(PAGES), ids=lambda names: names[0])
def test_nobody_sends_a_form_to_a_page_they_may_not_open(names, client, world):  # noqa: F811
    paths = {name: address(name, world) for name in names}
    doors = {name: allowed_and_refused(PAGES[name], world.cast)[0] for name in names}
    wrong = {}
    for who, person in world.cast.items():
        client.force_login(person)
        for name, path in paths.items():
            if who not in doors[name]:
                status = answer(client, "post", path)
                if status not in {403, 404, 405}:
                    wrong[name, who] = status
    assert wrong == {}
