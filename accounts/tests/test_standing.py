"""How a delegation stands, in plain reasons, and that they agree with who can decide."""

import datetime as dt
import itertools

import pytest
from django.utils import timezone

from accounts.calendar import today
from accounts.models import Appointment, Delegation, Person, Post, PostHolding
from accounts.standing import reasons_against
from conftest import LONG_AGO, make_person
from govuk.formats import day as show_day

DAY = dt.timedelta(days=1)


@pytest.fixture
def parks(neighbourhoods):
    """Return the post of Head of Parks, vacant."""
    return Post.objects.create(title="Head of Parks", directorate=neighbourhoods)


def make(by, directorate, **more):
    facts = {"scheme_reference": "4.2", "starts_on": LONG_AGO, **more}
    return Delegation.objects.create(given_by=by, directorate=directorate, **facts)


def read_again(delegation):
    return Delegation.objects.with_people().get(pk=delegation.pk)


def leave(person, on):
    Person.objects.filter(pk=person.pk).update(is_active=False, deactivated_at=on)


def test_the_page_says_that_the_director_left_and_when(as_person, dana, della):
    Appointment.objects.filter(person=dana).update(ends_on=dt.date(2026, 5, 3))
    page = as_person(della).get(f"/delegations/{Delegation.objects.get().pk}/").content.decode()
    assert "This delegation does not hold: nobody can decide under it" in page
    assert "Dana Okafor left the post of Strategic Director, Neighbourhoods on 3 May 2026." in page


def test_the_page_says_since_when_a_post_is_vacant(as_person, dana, parks, nadia, neighbourhoods):
    delegation = make(dana, neighbourhoods, post=parks)
    PostHolding.objects.create(post=parks, person=nadia, starts_on=LONG_AGO, ends_on=dt.date(2026, 5, 2))
    page = as_person(dana).get(f"/delegations/{delegation.pk}/").content.decode()
    assert "Nobody has held the post of Head of Parks since 3 May 2026." in page
    assert "Head of Parks (vacant)" in page


def test_a_holder_who_was_deactivated_leaves_the_post_vacant_from_that_day(
    dana, parks, nadia, neighbourhoods
):
    delegation = make(dana, neighbourhoods, post=parks)
    PostHolding.objects.create(post=parks, person=nadia, starts_on=LONG_AGO)
    leave(nadia, timezone.now())
    since = show_day(today())
    assert reasons_against(delegation) == [f"Nobody has held the post of Head of Parks since {since}."]


def test_it_says_who_revoked_it_and_when_it_ended_or_begins(dana, nadia, neighbourhoods):
    at = timezone.now()
    revoked = make(dana, neighbourhoods, given_to=nadia, revoked_at=at, revoked_by=dana)
    assert reasons_against(revoked) == [f"Dana Okafor revoked it on {show_day(at)}."]
    ended = make(dana, neighbourhoods, given_to=nadia, ends_on=today() - DAY)
    assert reasons_against(ended) == [f"It ended on {show_day(today() - DAY)}."]
    ahead = make(dana, neighbourhoods, given_to=nadia, starts_on=today() + DAY)
    assert reasons_against(ahead) == [f"It begins on {show_day(today() + DAY)}."]


@pytest.mark.parametrize("allowed", [True, False])
def test_the_reasons_agree_with_who_can_decide_in_every_combination(
    settings, dana, parks, nadia, neighbourhoods, allowed
):
    """Every way a delegation, its parent, their holders and giver can stand; none is told wrongly."""
    settings.ONWARD_DELEGATION = allowed
    other = make_person("Ivy Newell")
    directors_post = dana.appointments.get()
    in_post = PostHolding.objects.create(post=parks, person=nadia, starts_on=LONG_AGO)
    past, ahead = today() - DAY, today() + DAY
    ways = {
        "holder": ["person", "post"],
        "own": [
            {},
            {"ends_on": today()},
            {"ends_on": past},
            {"starts_on": ahead},
            {"revoked_at": timezone.now()},
        ],
        "leaves": [None, dana, nadia],
        "director_until": [None, past],
        "in_post_until": [None, past],
    }
    told = {True: 0, False: 0}
    for way in itertools.product(*ways.values()):
        at = dict(zip(ways, way, strict=True))
        Delegation.objects.exclude(under=None).delete()
        Delegation.objects.all().delete()
        Person.objects.update(is_active=True, deactivated_at=None)
        if at["leaves"]:
            leave(at["leaves"], timezone.now())
        Appointment.objects.filter(pk=directors_post.pk).update(ends_on=at["director_until"])
        PostHolding.objects.filter(pk=in_post.pk).update(ends_on=at["in_post_until"])
        holder = {"post": parks} if at["holder"] == "post" else {"given_to": nadia}
        parent = make(dana, neighbourhoods, **holder, **at["own"])
        child = make(nadia, neighbourhoods, given_to=other, under=parent)
        for one in (parent, child):
            holds = one.holds()
            assert holds is (not reasons_against(read_again(one))), (at, one is child)
            told[holds] += 1
    assert told[True] >= 2
    assert told[False] > 100
