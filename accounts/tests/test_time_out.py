"""Signed out after an hour without a page."""

import time

import pytest


@pytest.fixture
def idle(as_person, nadia):
    """Return a browser signed in, with its last page opened some minutes ago."""
    client = as_person(nadia)

    def since(minutes):
        session = client.session
        session["last_seen"] = int(time.time()) - minutes * 60
        session.save()
        return client

    return since


def test_an_idle_person_is_signed_out_and_comes_back_to_the_whole_address(idle):
    response = idle(61).get("/delegations/?a=1&b=two words")
    assert (
        response["Location"]
        == "/account/login/?timed-out=1&next=%2Fdelegations%2F%3Fa%3D1%26b%3Dtwo%2520words"
    )
    page = idle(0).get(response["Location"]).content.decode()
    assert "You were signed out because you opened no page for 60 minutes" in page
    assert 'value="/delegations/?a=1&amp;b=two%20words"' in page


def test_somebody_at_work_stays_signed_in_and_the_clock_starts_again(idle):
    client = idle(59)
    assert client.get("/delegations/").status_code == 200
    assert time.time() - client.session["last_seen"] < 5


def test_a_form_sent_too_late_is_not_sent_again_behind_ones_back(idle):
    response = idle(61).post("/people/invite/", {"full_name": "X"})
    assert response["Location"] == "/account/login/?timed-out=1&next=%2F"


def test_the_time_is_noted_at_most_once_a_minute(idle):
    client = idle(0)
    before = client.session["last_seen"]
    client.get("/delegations/")
    assert client.session["last_seen"] == before
