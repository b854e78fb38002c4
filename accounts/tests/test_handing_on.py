"""Handing a delegation on: a setting, off by default; one step, within what is held."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.calendar import today
from accounts.models import Delegation, HistoryRow, Letter, Person, Post, PostHolding
from accounts.verbs import delegations, people, posts
from accounts.verbs.recipe import Invalid, Refused
from conftest import LONG_AGO, make_person

DAY = dt.timedelta(days=1)


@pytest.fixture
def parent(della):
    """Return Dana's delegation to Della: contracts up to £5m, no end date."""
    return Delegation.objects.get(given_to=della)


@pytest.fixture
def _allowed(settings):
    settings.ONWARD_DELEGATION = True


def hand_on(parent, by, to, **more):
    facts = {
        "given_to": to,
        "scheme_reference": "4.2b",
        "value_limit": Decimal("100000"),
        "starts_on": today(),
        **more,
    }
    return delegations.hand_on(parent, by=Person.objects.get(pk=by.pk), **facts)


def form(to, **more):
    day = today()
    return {
        "holder": "person", "given_to": to.pk, "scheme_reference": "4.2b", "value_limit": "100000",
        "starts_on_0": day.day, "starts_on_1": day.month, "starts_on_2": day.year, **more,
    }  # fmt: skip


def delegated(person):
    return Person.objects.get(pk=person.pk).authority.delegated


def test_where_it_is_off_it_is_not_offered_and_a_hand_made_post_is_refused_with_the_reason(
    as_person, parent, della, nadia
):
    client = as_person(della)
    assert "hand-on" not in client.get(f"/delegations/{parent.pk}/").content.decode()
    for answer in (
        client.get(f"/delegations/{parent.pk}/hand-on/"),
        client.post(f"/delegations/{parent.pk}/hand-on/", form(nadia)),
    ):
        assert answer.status_code == 403
        assert "does not allow a delegation to be handed on" in answer.content.decode()
    with pytest.raises(Refused):
        hand_on(parent, della, nadia)
    assert Delegation.objects.get() == parent


@pytest.mark.usefixtures("_allowed")
def test_where_it_is_on_a_delegate_hands_on_in_the_directors_name(as_person, parent, della, nadia, dana):
    client = as_person(della)
    assert f"/delegations/{parent.pk}/hand-on/" in client.get(f"/delegations/{parent.pk}/").content.decode()
    assert client.get(f"/delegations/{parent.pk}/hand-on/").status_code == 200
    client.post(f"/delegations/{parent.pk}/hand-on/", form(nadia))
    child = Delegation.objects.get(under=parent)
    assert (child.given_by, child.root, child.in_the_name_of) == (della, parent, dana)
    assert delegated(nadia) == {parent.directorate_id}
    letter = Letter.objects.get(to=nadia)
    assert letter.subject == "Della Marsh has delegated approvals of Neighbourhoods to you"
    assert "You act in the name of Dana Okafor" in letter.body
    row = HistoryRow.objects.of(child).get()
    assert row.action == "delegations.hand-on"
    assert row.summary == "Della Marsh handed on approvals of Neighbourhoods to Nadia Cole"
    page = as_person(dana).get(f"/delegations/{child.pk}/").content.decode()
    assert "may approve in the name of Dana Okafor" in page


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("who", ["dana", "desmond", "colin", "lena", "adam", "olga", "nadia"])
def test_only_who_holds_it_hands_it_on(cast, as_person, parent, who):
    with pytest.raises(Refused):
        hand_on(parent, cast[who], cast["otto"])
    answer = as_person(cast[who]).post(f"/delegations/{parent.pk}/hand-on/", form(cast["otto"]))
    assert answer.status_code == 403
    assert Delegation.objects.count() == 1


@pytest.mark.usefixtures("_allowed")
def test_one_step_only(parent, della, nadia, priya, as_person):
    child = hand_on(parent, della, nadia)
    with pytest.raises(Refused, match="can't be handed on again"):
        hand_on(child, nadia, priya)
    assert "hand-on" not in as_person(nadia).get(f"/delegations/{child.pk}/").content.decode()


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"value_limit": None}, "£5,000,000 or less"),
        ({"value_limit": Decimal("5000000.01")}, "£5,000,000 or less"),
        ({"starts_on": LONG_AGO - DAY}, "1 April 2020 or later"),
        ({"ends_on": None}, "last day up to"),
        ({"ends_on": "after"}, "last day up to"),
    ],
)
def test_within_the_limit_and_the_dates_of_what_is_held(parent, della, nadia, facts, sentence):
    last = today() + 60 * DAY
    Delegation.objects.update(ends_on=last)
    facts = {name: last + DAY if value == "after" else value for name, value in facts.items()}
    with pytest.raises(Invalid, match=sentence):
        hand_on(parent, della, nadia, **{"ends_on": last, **facts})


@pytest.mark.usefixtures("_allowed")
def test_never_back_to_the_giver_by_name_or_by_post(parent, della, dana, neighbourhoods):
    with pytest.raises(Invalid, match="Dana Okafor gave you this delegation"):
        hand_on(parent, della, dana)
    post = Post.objects.create(title="Head of Parks", directorate=neighbourhoods)
    PostHolding.objects.create(post=post, person=dana, starts_on=LONG_AGO)
    with pytest.raises(Invalid, match="holds this post"):
        hand_on(parent, della, None, post=post)


@pytest.mark.usefixtures("_allowed")
def test_it_falls_when_the_setting_is_turned_off_again(settings, parent, della, nadia, as_person):
    child = hand_on(parent, della, nadia)
    settings.ONWARD_DELEGATION = False
    assert delegated(nadia) == set()
    assert delegated(della) == {parent.directorate_id}
    page = as_person(nadia).get(f"/delegations/{child.pk}/").content.decode()
    assert "The council no longer allows a delegation to be handed on" in page


@pytest.mark.usefixtures("_allowed")
def test_it_falls_with_its_parent_and_who_held_it_is_told(parent, della, nadia, dana):
    hand_on(parent, della, nadia)
    delegations.revoke(parent, by=dana)
    assert delegated(nadia) == set()
    told = Letter.objects.filter(kind="delegation-revoked")
    assert {letter.to for letter in told} == {della, nadia}


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("gone", ["della", "dana", "nadia"])
def test_nothing_passes_through_anybody_who_was_deactivated(cast, parent, della, nadia, gone):
    hand_on(parent, della, nadia)
    people.deactivate(cast[gone], by=cast["adam"])
    assert not Delegation.objects.in_force().exclude(given_to=della).exists()
    assert delegated(nadia) == set()


@pytest.mark.usefixtures("_allowed")
def test_it_falls_when_who_handed_it_on_leaves_the_post(adam, dana, nadia, priya, neighbourhoods, as_person):
    post = Post.objects.create(title="Head of Parks", directorate=neighbourhoods)
    first = posts.place(post, nadia, by=adam, starts_on=LONG_AGO)
    parent = delegations.give(
        by=dana, post=post, directorate=neighbourhoods, scheme_reference="4.2", starts_on=today()
    )
    child = hand_on(parent, nadia, priya)
    assert delegated(priya) == {neighbourhoods.pk}
    page = as_person(adam).get(f"/post-holdings/{first.pk}/end/").content.decode()
    assert "what they handed on to Priya Shah: it falls with the post" in page
    # Somebody else in the post keeps the parent alive, not what the one who left handed on.
    posts.place(post, make_person("Ivy Newell"), by=adam, starts_on=LONG_AGO, although=True)
    posts.end_holding(first, by=adam, ends_on=today() - DAY)
    assert parent.holds()
    assert delegated(priya) == set()
    page = as_person(priya).get(f"/delegations/{child.pk}/").content.decode()
    assert "Nadia Cole, who handed it on, left the post of Head of Parks on" in page


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    ("who", "status"), [("della", 200), ("dana", 200), ("nadia", 403), ("lena", 403), ("olga", 403)]
)
def test_who_handed_it_on_and_the_director_take_it_back(cast, as_person, parent, della, nadia, who, status):
    child = hand_on(parent, della, nadia)
    assert as_person(cast[who]).get(f"/delegations/{child.pk}/revoke/").status_code == status


@pytest.mark.usefixtures("_allowed")
def test_deactivating_somebody_lists_what_was_handed_on_from_theirs(
    as_person, adam, parent, della, dana, nadia
):
    hand_on(parent, della, nadia)
    client = as_person(adam)
    page = client.get(f"/people/{dana.pk}/deactivate/").content.decode()
    assert "to Nadia Cole: it falls with the one it was handed on from" in page
    page = client.get(f"/people/{della.pk}/deactivate/").content.decode()
    assert "to Nadia Cole: it falls with Della Marsh, who handed it on" in page


@pytest.mark.usefixtures("_allowed")
def test_the_form_says_ones_own_limit_and_last_day_and_wants_both(as_person, parent, della, nadia):
    Delegation.objects.update(ends_on=today() + 60 * DAY)
    client = as_person(della)
    page = client.get(f"/delegations/{parent.pk}/hand-on/").content.decode()
    assert "£5,000,000 or less: your own limit." in page
    page = client.post(f"/delegations/{parent.pk}/hand-on/", form(nadia, value_limit="")).content.decode()
    assert "Enter a limit" in page
    assert "Enter a last day" in page
    assert Delegation.objects.get() == parent
