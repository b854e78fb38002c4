"""Delegations to a post: they follow whoever holds it, to the minute."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from accounts import demo
from accounts.calendar import today
from accounts.models import Appointment, Delegation, HistoryRow, Letter, Person, Post, PostHolding, Role
from accounts.tests.test_delegations import form
from accounts.verbs import delegations, people, posts
from accounts.verbs.recipe import Invalid
from conftest import LONG_AGO

DAY = dt.timedelta(days=1)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def parks(neighbourhoods):
    """Return the post of Head of Parks, vacant."""
    return Post.objects.create(title="Head of Parks", directorate=neighbourhoods)


def give(by, post, directorate, **more):
    facts = {"scheme_reference": "Scheme 4.2", "starts_on": today(), **more}
    return delegations.give(by=by, post=post, directorate=directorate, **facts)


def delegated(person):
    return Person.objects.get(pk=person.pk).authority.delegated


def freeze(monkeypatch, day, hour, minute):
    moment = dt.datetime.combine(day, dt.time(hour, minute), LONDON).astimezone(dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def test_it_follows_the_posts_holder(adam, dana, parks, nadia, priya, neighbourhoods):
    first = posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    delegation = give(dana, parks, neighbourhoods)
    assert delegated(nadia) == {neighbourhoods.pk}
    assert delegation.holder_words == "Head of Parks (Nadia Cole)"
    posts.end_holding(first, by=adam, ends_on=today() - DAY)
    posts.place(parks, priya, by=adam, starts_on=today())
    assert delegated(nadia) == set()
    assert delegated(priya) == {neighbourhoods.pk}


def test_the_form_gives_to_a_post_and_every_holder_gets_a_letter(as_person, adam, dana, parks, nadia, priya):
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    posts.place(parks, priya, by=adam, starts_on=LONG_AGO, although=True)
    client = as_person(dana)
    assert (
        "Head of Parks (Nadia Cole, Priya Shah), Neighbourhoods"
        in client.get("/delegations/new/").content.decode()
    )
    data = form(parks.directorate, nadia, holder="post", post=parks.pk)
    page = client.post("/delegations/new/", data)
    # Priya manages contracts: that is warned of first.
    assert "They can’t decide sets they had a hand in" in page.content.decode()
    seal = page.context["seal"]
    client.post("/delegations/new/", {**data, "although": seal})
    delegation = Delegation.objects.get()
    assert (delegation.post, delegation.given_to) == (parks, None)
    assert {letter.to for letter in Letter.objects.all()} == {nadia, priya}
    delegations.revoke(delegation, by=dana)
    assert Letter.objects.filter(kind="delegation-revoked").count() == 2
    assert not Delegation.objects.in_force().exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"holder": ""}, "Select a person or a post"),
        ({"holder": "person", "given_to": ""}, "Select a person"),
        ({"holder": "post", "post": ""}, "Select a post"),
    ],
)
def test_a_person_or_a_post_must_be_chosen(as_person, dana, nadia, neighbourhoods, given, sentence):
    page = as_person(dana).post("/delegations/new/", form(neighbourhoods, nadia, **given)).content.decode()
    assert sentence in page
    assert "There is a problem" in page
    assert not Delegation.objects.exists()


def test_never_to_both_nor_to_neither_nor_to_a_closed_post(dana, nadia, parks, neighbourhoods):
    with pytest.raises(Invalid, match="either a person or a post"):
        give(dana, None, neighbourhoods)
    with pytest.raises(Invalid, match="either a person or a post"):
        give(dana, parks, neighbourhoods, given_to=nadia)
    Post.objects.update(is_active=False)
    with pytest.raises(Invalid, match="is closed"):
        give(dana, parks, neighbourhoods)


def test_a_vacant_post_is_warned_of_and_nobody_can_decide_until_somebody_holds_it(
    as_person, adam, dana, parks, nadia, neighbourhoods
):
    client = as_person(dana)
    data = form(neighbourhoods, nadia, holder="post", post=parks.pk)
    page = client.post("/delegations/new/", data)
    assert "Nobody holds the post of Head of Parks today: until somebody does" in page.content.decode()
    done = client.post("/delegations/new/", {**data, "although": page.context["seal"]}, follow=True)
    assert "Whoever comes to hold the post of Head of Parks" in done.content.decode()
    delegation = Delegation.objects.get()
    assert not delegation.holds()
    assert not Letter.objects.exists()
    assert (
        "Nobody has held the post of Head of Parks yet"
        in client.get(f"/delegations/{delegation.pk}/").content.decode()
    )
    posts.place(parks, nadia, by=adam, starts_on=today())
    assert delegation.holds()
    assert Letter.objects.get().to == nadia


def test_a_central_post_may_hold_a_delegation_of_another_directorate(
    adam, dana, nadia, neighbourhoods, adults
):
    post = Post.objects.create(title="Head of Procurement", directorate=adults)
    posts.place(post, nadia, by=adam, starts_on=LONG_AGO)
    give(dana, post, neighbourhoods)
    assert delegated(nadia) == {neighbourhoods.pk}


def test_a_director_who_comes_into_the_post_holds_nothing_from_themselves(dana, parks, neighbourhoods):
    PostHolding.objects.create(post=parks, person=dana, starts_on=LONG_AGO)
    give(dana, parks, neighbourhoods)
    assert delegated(dana) == set()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("who", ["della", "nadia"])
def test_who_holds_the_post_reads_it_and_nobody_else(cast, as_person, adam, dana, parks, neighbourhoods, who):
    posts.place(parks, cast["nadia"], by=adam, starts_on=LONG_AGO)
    delegation = give(dana, parks, neighbourhoods)
    client = as_person(cast[who])
    assert client.get(f"/delegations/{delegation.pk}/").status_code == (200 if who == "nadia" else 403)
    listed = f"/delegations/{delegation.pk}/" in client.get("/delegations/").content.decode()
    assert listed is (who == "nadia")


# Winter time, the days the clock goes forward and back, and the days before.
LAST_DAYS = [
    dt.date(2026, 1, 15),
    dt.date(2026, 3, 28),
    dt.date(2026, 3, 29),
    dt.date(2026, 7, 1),
    dt.date(2026, 10, 24),
    dt.date(2026, 10, 25),
]


@pytest.mark.parametrize("last", LAST_DAYS, ids=str)
@pytest.mark.parametrize("what", ["delegation", "post", "director"])
def test_it_ends_at_midnight_in_london(monkeypatch, dana, parks, nadia, neighbourhoods, last, what):
    ends = {name: last if name == what else None for name in ("delegation", "post", "director")}
    Delegation.objects.create(
        given_by=dana, post=parks, directorate=neighbourhoods, scheme_reference="4.2",
        starts_on=LONG_AGO, ends_on=ends["delegation"],
    )  # fmt: skip
    PostHolding.objects.create(post=parks, person=nadia, starts_on=LONG_AGO, ends_on=ends["post"])
    Appointment.objects.filter(person=dana, role=Role.DIRECTOR).update(ends_on=ends["director"])
    freeze(monkeypatch, last, 23, 59)
    assert delegated(nadia) == {neighbourhoods.pk}
    freeze(monkeypatch, last + DAY, 0, 1)
    assert delegated(nadia) == set()


@pytest.mark.parametrize("first", LAST_DAYS, ids=str)
def test_it_begins_at_midnight_in_london(monkeypatch, dana, nadia, neighbourhoods, first):
    Delegation.objects.create(
        given_by=dana, given_to=nadia, directorate=neighbourhoods, scheme_reference="4.2", starts_on=first
    )
    freeze(monkeypatch, first - DAY, 23, 59)
    assert delegated(nadia) == set()
    freeze(monkeypatch, first, 0, 1)
    assert delegated(nadia) == {neighbourhoods.pk}


def test_no_authority_passes_through_a_director_who_was_deactivated(adam, dana, parks, nadia, neighbourhoods):
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    give(dana, parks, neighbourhoods)
    people.deactivate(dana, by=adam)
    assert delegated(nadia) == set()


def test_giving_and_revoking_leave_history_in_words(adam, dana, parks, nadia, neighbourhoods):
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    delegation = give(dana, parks, neighbourhoods, starts_on=today() + DAY)
    delegations.revoke(delegation, by=dana, note="Reorganised")
    revoked, given = HistoryRow.objects.of(delegation)
    assert given.summary == "Dana Okafor delegated approvals of Neighbourhoods to Head of Parks"
    assert given.after["Given to"] == "Head of Parks (Nadia Cole)"
    assert revoked.summary == "Dana Okafor revoked the delegation of Neighbourhoods to Head of Parks"
    assert (revoked.before, revoked.note) == ({"State": "not yet begun"}, "Reorganised")


def test_the_demo_offers_whoever_holds_a_post(settings, adam, dana, parks, nadia, neighbourhoods):
    settings.DEMO, settings.PRODUCTION, settings.DEMO_PEOPLE = True, False, [nadia.email]
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    give(dana, parks, neighbourhoods)
    assert demo.demo_people() == [(nadia, "Delegate of Dana Okafor, Neighbourhoods")]


def test_what_ends_within_thirty_days_is_said_to_the_director(as_person, dana, nadia, priya, neighbourhoods):
    facts = {"directorate": neighbourhoods, "scheme_reference": "4.2", "starts_on": today()}
    soon = delegations.give(by=dana, given_to=nadia, ends_on=today() + 30 * DAY, **facts)
    delegations.give(by=dana, given_to=priya, ends_on=today() + 31 * DAY, **facts)
    page = as_person(dana).get("/delegations/")
    assert "Ending within 30 days" in page.content.decode()
    assert page.context["ending"] == [soon]
    assert as_person(nadia).get("/delegations/").context["ending"] == []


def test_who_is_placed_for_later_is_told_at_once_with_their_own_days(
    adam, dana, parks, nadia, priya, neighbourhoods
):
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO, ends_on=today() + 9 * DAY)
    starts = today() + 10 * DAY
    posts.place(parks, priya, by=adam, starts_on=starts)
    delegation = give(dana, parks, neighbourhoods)
    assert f"From: {starts.day} {starts:%B %Y}" in Letter.objects.get(to=priya).body
    assert Letter.objects.filter(to=nadia).count() == 1
    delegations.revoke(delegation, by=dana)
    assert {one.to for one in Letter.objects.filter(kind="delegation-revoked")} == {nadia, priya}
