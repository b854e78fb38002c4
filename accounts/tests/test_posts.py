"""Named posts, and who holds them."""

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages

from accounts.calendar import today
from accounts.models import Delegation, HistoryRow, Letter, Person, Post, PostHolding
from accounts.tests.counting import queries
from accounts.verbs import directorates, people, posts
from accounts.verbs.recipe import Invalid, Refused, Stale
from conftest import LONG_AGO, make_person

DAY = dt.timedelta(days=1)


@pytest.fixture
def parks(neighbourhoods):
    """Return the post of Head of Parks, vacant."""
    return Post.objects.create(title="Head of Parks", directorate=neighbourhoods)


def boxes(name, day):
    return {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}


def delegate_to(post, dana, **more):
    facts = {"scheme_reference": "Scheme 4.2", "starts_on": LONG_AGO, **more}
    return Delegation.objects.create(given_by=dana, post=post, directorate=post.directorate, **facts)


def test_an_administrator_adds_a_post_and_places_somebody_with_history(
    as_person, adam, nadia, neighbourhoods
):
    client = as_person(adam)
    page = client.get(f"/posts/new/?directorate={neighbourhoods.slug}").content.decode()
    assert f'value="{neighbourhoods.pk}" selected' in page
    client.post("/posts/new/", {"title": " Head  of Parks ", "directorate": neighbourhoods.pk})
    post = Post.objects.get()
    assert post.title == "Head of Parks"
    client.post(f"/posts/{post.pk}/place/", {"person": nadia.pk, **boxes("starts_on", today())})
    holding = PostHolding.objects.get()
    assert (holding.person, holding.made_by, holding.ends_on) == (nadia, adam, None)
    page = client.get(f"/posts/{post.pk}/").content.decode()
    assert "Nadia Cole holds it today" in " ".join(page.split())
    assert [row.summary for row in HistoryRow.objects.of(post)] == [
        "Nadia Cole placed in the post of Head of Parks",
        "Post Head of Parks added to Neighbourhoods",
    ]


def test_a_title_stands_once_a_directorate_and_may_change(as_person, adam, parks, adults):
    with pytest.raises(Invalid, match="has a post called head of parks already"):
        posts.add_post(by=adam, title="head of parks", directorate=parks.directorate)
    posts.add_post(by=adam, title="Head of Parks", directorate=adults)
    as_person(adam).post(f"/posts/{parks.pk}/rename/", {"title": "Head of Green Spaces", "seen": 0})
    parks.refresh_from_db()
    assert parks.title == "Head of Green Spaces"
    assert HistoryRow.objects.of(parks).get().before == {"Title": "Head of Parks"}


def test_two_who_rename_at_once_do_not_overwrite_each_other(as_person, adam, parks):
    posts.rename_post(parks, by=make_person("Ava Stone", "administrator"), title="Head of Green Spaces")
    answer = as_person(adam).post(f"/posts/{parks.pk}/rename/", {"title": "Head of Trees", "seen": 0})
    assert answer.status_code == 409
    assert "Ava Stone changed this post while you had it open" in answer.content.decode()
    assert "Head of Trees" in answer.content.decode()
    parks.refresh_from_db()
    assert parks.title == "Head of Green Spaces"


def test_two_hold_one_post_only_once_that_is_confirmed(as_person, adam, parks, nadia, priya):
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    with pytest.raises(
        posts.HeldAlready, match="Nadia Cole holds the post of Head of Parks from 1 April 2020"
    ):
        posts.place(parks, priya, by=adam, starts_on=today())
    client = as_person(adam)
    given = {"person": priya.pk, **boxes("starts_on", today())}
    for forged in ({}, {"although": "yes"}):
        page = client.post(f"/posts/{parks.pk}/place/", {**given, **forged}).content.decode()
        assert "Nadia Cole holds the post of Head of Parks" in page
        assert "Nobody is placed yet" in page
        assert PostHolding.objects.count() == 1
    seal = re.search(r'name="although" value="(\w+)"', page)[1]
    client.post(f"/posts/{parks.pk}/place/", {**given, "although": seal})
    assert {one.person for one in PostHolding.objects.in_force()} == {nadia, priya}
    assert HistoryRow.objects.of(parks).first().after["Also held by"] == "Nadia Cole"


def test_who_comes_after_the_last_day_of_another_needs_no_confirming(adam, parks, nadia, priya):
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO, ends_on=today())
    posts.place(parks, priya, by=adam, starts_on=today() + DAY)
    assert Post.objects.with_holders(today() + DAY).get().words == "Head of Parks (Priya Shah)"


def test_nobody_places_themselves_or_takes_themselves_out(as_person, adam, parks):
    with pytest.raises(Refused, match="can't place yourself"):
        posts.place(parks, adam, by=adam, starts_on=today())
    client = as_person(adam)
    page = client.get(f"/posts/{parks.pk}/place/").content.decode()
    assert f'<option value="{adam.pk}"' not in page
    client.post(f"/posts/{parks.pk}/place/", {"person": adam.pk, **boxes("starts_on", today())})
    assert not PostHolding.objects.exists()
    own = PostHolding.objects.create(post=parks, person=adam, starts_on=today())
    with pytest.raises(Refused):
        posts.end_holding(own, by=adam, ends_on=today())
    assert client.get(f"/post-holdings/{own.pk}/end/").status_code == 403
    assert client.post(f"/post-holdings/{own.pk}/take-back/").status_code == 403
    assert f"/post-holdings/{own.pk}/end/" not in client.get(f"/posts/{parks.pk}/").content.decode()


@pytest.mark.parametrize(
    ("starts", "ends", "sentence"),
    [(0, -1, "the same as or after"), (-9, -1, "today or later")],
)
def test_dates_that_can_not_be_are_refused(adam, parks, nadia, starts, ends, sentence):
    with pytest.raises(Invalid, match=sentence):
        posts.place(parks, nadia, by=adam, starts_on=today() + starts * DAY, ends_on=today() + ends * DAY)


def test_the_same_person_is_not_placed_twice_nor_a_leaver_at_all(adam, parks, nadia, priya):
    posts.place(parks, nadia, by=adam, starts_on=today())
    with pytest.raises(Invalid, match="holds this post already"):
        posts.place(parks, nadia, by=adam, starts_on=today() + DAY, although=True)
    people.deactivate(priya, by=adam)
    with pytest.raises(Invalid, match="deactivated"):
        posts.place(parks, priya, by=adam, starts_on=today(), although=True)


def test_ending_says_which_delegations_are_lost(as_person, adam, dana, parks, nadia):
    delegate_to(parks, dana)
    holding = posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    client = as_person(adam)
    page = client.get(f"/post-holdings/{holding.pk}/end/").content.decode()
    assert "the delegation of Neighbourhoods from Dana Okafor (Scheme 4.2)" in page
    assert "Nobody else holds the post" in page
    client.post(f"/post-holdings/{holding.pk}/end/", {**boxes("ends_on", today() - DAY), "note": "Moved"})
    assert not Person.objects.get(pk=nadia.pk).authority.delegations
    row = HistoryRow.objects.of(parks).first()
    assert (row.action, row.note, row.before) == ("posts.end", "Moved", {"Last day": "no end date"})
    with pytest.raises(Stale, match="left the post of Head of Parks already"):
        posts.end_holding(holding, by=adam, ends_on=today())


@pytest.mark.parametrize(("ends", "sentence"), [(-2, "yesterday or later"), (-400, "or later")])
def test_what_was_held_is_not_undone(adam, parks, nadia, ends, sentence):
    holding = posts.place(parks, nadia, by=adam, starts_on=today() - 30 * DAY)
    with pytest.raises(Invalid, match=sentence):
        posts.end_holding(holding, by=adam, ends_on=today() + ends * DAY)


def test_a_slip_is_taken_back_and_stays_in_history(as_person, adam, parks, nadia, priya):
    slip = posts.place(parks, nadia, by=adam, starts_on=today())
    as_person(adam).post(f"/post-holdings/{slip.pk}/take-back/")
    assert not PostHolding.objects.exists()
    assert HistoryRow.objects.of(parks).first().action == "posts.take-back"
    held = posts.place(parks, priya, by=adam, starts_on=LONG_AGO)
    assert as_person(adam).post(f"/post-holdings/{held.pk}/take-back/").status_code == 409


def test_a_post_is_closed_once_nobody_holds_it_and_opened_again(as_person, adam, parks, nadia):
    holding = posts.place(parks, nadia, by=adam, starts_on=today() - DAY)
    client = as_person(adam)
    refused = client.post(f"/posts/{parks.pk}/close/")
    assert "Nadia Cole holds the post" in str(next(iter(get_messages(refused.wsgi_request))))
    posts.end_holding(holding, by=adam, ends_on=today() - DAY)
    client.post(f"/posts/{parks.pk}/close/")
    parks.refresh_from_db()
    assert not parks.is_active
    with pytest.raises(Stale, match="closed"):
        posts.place(parks, nadia, by=adam, starts_on=today())
    assert client.post(f"/posts/{parks.pk}/close/").status_code == 409
    client.post(f"/posts/{parks.pk}/reopen/")
    parks.refresh_from_db()
    assert parks.is_active


def test_a_directorate_stays_open_while_a_post_of_it_is_held(adam, parks, nadia):
    posts.place(parks, nadia, by=adam, starts_on=today())
    with pytest.raises(Invalid, match="1 person still holds a post"):
        directorates.close(parks.directorate, by=adam)


@pytest.mark.parametrize("who", ["lena", "dana", "desmond", "colin", "della", "nadia"])
def test_only_administrators_keep_posts(cast, as_person, parks, who):
    holding = PostHolding.objects.create(post=parks, person=cast["priya"], starts_on=today())
    with pytest.raises(Refused, match="Only an administrator"):
        posts.place(parks, cast["otto"], by=cast[who], starts_on=today(), although=True)
    client = as_person(cast[who])
    for address in (
        "/posts/new/",
        *(f"/posts/{parks.pk}/{act}/" for act in ("rename", "close", "reopen", "place")),
        *(f"/post-holdings/{holding.pk}/{act}/" for act in ("end", "take-back")),
    ):
        assert client.post(address, {"title": "Mine", "person": cast["otto"].pk}).status_code == 403, address
    assert PostHolding.objects.get() == holding


@pytest.mark.parametrize(
    ("who", "status"),
    [("adam", 200), ("lena", 200), ("dana", 200), ("olga", 200), ("colin", 403), ("nadia", 403)],
)
def test_who_reads_posts(cast, as_person, parks, who, status):
    client = as_person(cast[who])
    assert client.get("/posts/").status_code == status
    assert client.get(f"/posts/{parks.pk}/").status_code == status


def test_who_holds_a_post_reads_its_page_without_its_history(as_person, parks, dana, nadia, olga):
    PostHolding.objects.create(post=parks, person=nadia, starts_on=today())
    delegation = delegate_to(parks, dana)
    page = as_person(nadia).get(f"/posts/{parks.pk}/").content.decode()
    assert f"/delegations/{delegation.pk}/" in page
    assert "History" not in page
    # Another director sees the post, not what a colleague delegated to it.
    assert f"/delegations/{delegation.pk}/" not in as_person(olga).get(f"/posts/{parks.pk}/").content.decode()


def test_posts_are_reached_from_the_pages_one_looks_at(as_person, adam, parks, nadia):
    posts.place(parks, nadia, by=adam, starts_on=today())
    client, address = as_person(adam), f"/posts/{parks.pk}/"
    assert "/posts/" in client.get("/administration/").content.decode()
    for page in ("/administration/directorates/neighbourhoods/", f"/people/{nadia.pk}/", "/posts/"):
        assert address in client.get(page).content.decode(), page
    assert address in as_person(nadia).get("/my-account/").content.decode()


def test_deactivating_the_holder_says_what_is_lost_and_leaves_the_post_vacant(
    as_person, adam, dana, parks, nadia
):
    delegate_to(parks, dana)
    posts.place(parks, nadia, by=adam, starts_on=LONG_AGO)
    page = as_person(adam).get(f"/people/{nadia.pk}/deactivate/").content.decode()
    assert "Head of Parks, Neighbourhoods" in page
    assert "approving Neighbourhoods in the name of Dana Okafor, as Head of Parks" in page
    people.deactivate(nadia, by=adam)
    assert not Delegation.objects.in_force().exists()
    assert Post.objects.get().words == "Head of Parks (vacant)"


def test_coming_into_a_post_brings_a_letter_for_each_delegation_with_ones_own_days(adam, dana, parks, nadia):
    ends = today() + 90 * DAY
    delegate_to(parks, dana, ends_on=ends)
    delegate_to(parks, dana, scheme_reference="Over", ends_on=today() - DAY)
    starts = today() + 10 * DAY
    posts.place(parks, nadia, by=adam, starts_on=starts)
    letter = Letter.objects.get(to=nadia)
    assert letter.kind == "delegation-given"
    assert "KPI sets of Neighbourhoods to you as Head of Parks." in letter.body
    assert f"From: {starts.day} {starts:%B %Y}" in letter.body
    assert f"To: {ends.day} {ends:%B %Y}" in letter.body


def test_more_posts_and_holders_cost_no_more_queries(as_person, adam, dana, neighbourhoods, nadia):
    def one_more(n):
        post = posts.add_post(by=adam, title=f"Head {n}", directorate=neighbourhoods)
        posts.place(post, nadia, by=adam, starts_on=today())
        delegate_to(post, dana)
        return post

    first = one_more(0)
    client = as_person(adam)
    pages = (
        "/posts/",
        f"/posts/{first.pk}/",
        "/delegations/",
        f"/people/{nadia.pk}/deactivate/",
        "/my-account/",
    )
    few = {page: queries(client, page) for page in pages}
    for n in range(1, 12):
        one_more(n)
        posts.place(first, make_person(f"Person {n}"), by=adam, starts_on=today(), although=True)
        delegate_to(first, dana)
    assert {page: queries(client, page) for page in pages} == few
