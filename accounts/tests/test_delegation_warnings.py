"""What a director is warned of before giving a delegation."""

import datetime as dt

import pytest

from accounts import warnings
from accounts.calendar import today
from accounts.models import Appointment, Delegation, Post, PostHolding, Role
from accounts.tests.test_delegations import form
from conftest import LONG_AGO, make_person

DAY = dt.timedelta(days=1)


@pytest.fixture
def parks(neighbourhoods):
    """Return the post of Head of Parks, vacant."""
    return Post.objects.create(title="Head of Parks", directorate=neighbourhoods)


def warn(by, directorate, **more):
    return warnings.of_delegation(by=by, directorate=directorate, **{"starts_on": today(), **more})


def make(by, directorate, **more):
    facts = {"scheme_reference": "4.2", "starts_on": LONG_AGO, **more}
    return Delegation.objects.create(given_by=by, directorate=directorate, **facts)


def test_nothing_to_warn_of(dana, nadia, neighbourhoods):
    assert warn(dana, neighbourhoods, given_to=nadia) == []
    assert warnings.seal([]) == ""


def test_the_same_person_directly(dana, della, neighbourhoods):
    assert warn(dana, neighbourhoods, given_to=della) == [
        "Della Marsh already has a delegation from you for Neighbourhoods in that time: Scheme 4.2, "
        "from 1 April 2020."
    ]


def test_the_same_person_through_a_post_either_way_round(dana, della, parks, neighbourhoods):
    PostHolding.objects.create(post=parks, person=della, starts_on=LONG_AGO)
    sentence = warn(dana, neighbourhoods, post=parks)[0]
    assert sentence.startswith("Della Marsh already has a delegation from you")
    Delegation.objects.update(given_to=None, post=parks)
    sentence = warn(dana, neighbourhoods, given_to=della)[0]
    assert "in that time, as Head of Parks: Scheme 4.2" in sentence


def test_the_same_post_even_while_nobody_holds_it(dana, parks, neighbourhoods):
    make(dana, neighbourhoods, post=parks)
    assert "The post of Head of Parks already has a delegation from you" in " ".join(
        warn(dana, neighbourhoods, post=parks)
    )


def test_two_directors_who_gave_to_the_same_person(dana, della, neighbourhoods):
    second = make_person("Sam Okoro", (Role.DIRECTOR, neighbourhoods))
    assert "from Dana Okafor for Neighbourhoods" in warn(second, neighbourhoods, given_to=della)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"ends_on": today() - DAY},
        {"starts_on": today() + 40 * DAY},
        {"revoked_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_time_or_one_revoked_is_no_overlap(dana, della, neighbourhoods, change):
    Delegation.objects.update(**change)
    assert warn(dana, neighbourhoods, given_to=della, ends_on=today() + 30 * DAY) == []


def test_another_directorate_is_no_overlap(della, olga, adults):
    assert warn(olga, adults, given_to=della) == []


def test_a_commissioner_or_manager_can_not_decide_what_they_had_a_hand_in(
    dana, colin, priya, oscar, neighbourhoods
):
    for person in (colin, priya):
        assert "They can’t decide sets they had a hand in." in warn(dana, neighbourhoods, given_to=person)[0]
    # A commissioner elsewhere prepares nothing here.
    assert warn(dana, neighbourhoods, given_to=oscar) == []


def test_a_deputy_decides_anyway(dana, desmond, neighbourhoods):
    assert warn(dana, neighbourhoods, given_to=desmond) == [
        "Desmond Hall is Deputy director, Neighbourhoods, so can decide its KPI sets without this."
    ]


def test_a_post_vacant_on_the_first_day(dana, parks, nadia, neighbourhoods):
    PostHolding.objects.create(post=parks, person=nadia, starts_on=LONG_AGO, ends_on=today())
    assert warn(dana, neighbourhoods, post=parks) == []
    assert (
        "Nobody holds the post of Head of Parks on"
        in warn(dana, neighbourhoods, post=parks, starts_on=today() + DAY)[0]
    )


def test_confirming_one_warning_does_not_confirm_another(as_person, dana, della, colin, neighbourhoods):
    client = as_person(dana)
    seal = client.post("/delegations/new/", form(neighbourhoods, della)).context["seal"]
    again = client.post("/delegations/new/", form(neighbourhoods, colin, although=seal))
    assert "Colin Reyes is Commissioner, Neighbourhoods" in again.content.decode()
    assert Delegation.objects.count() == 1
    client.post("/delegations/new/", form(neighbourhoods, colin, although=again.context["seal"]))
    assert Delegation.objects.count() == 2


def test_a_role_that_ended_is_not_warned_of(dana, colin, neighbourhoods):
    Appointment.objects.filter(person=colin).update(ends_on=today() - DAY)
    assert warn(dana, neighbourhoods, given_to=colin) == []
