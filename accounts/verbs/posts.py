"""Keeping named posts such as Head of Parks, and who holds them, and with them what was delegated."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import permissions
from accounts.calendar import today
from accounts.history import record
from accounts.models import Delegation, Directorate, Person, Post, PostHolding
from accounts.verbs import delegation_letters
from accounts.verbs.appointments import YESTERDAY, span
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from govuk.formats import day as show_day


class HeldAlready(Invalid):
    """Somebody else holds the post in that time; `place(..., although=True)` says that two may."""

    def __init__(self, post: Post, holdings: list[PostHolding]):
        self.holdings = holdings
        super().__init__(
            " ".join(f"{one.person} holds the post of {post} {span(one)}." for one in holdings)
            + " Confirm that two people hold it at once, or choose other dates"
        )


def add_post(*, by: Person, title: str, directorate: Directorate, note: str = "") -> Post:
    """Add a post to an open directorate and return it."""
    with transaction.atomic():
        require(permissions.may_keep_posts(by))
        directorate = lock(Directorate, directorate.pk)
        if not directorate.is_active:
            raise Invalid([("directorate", f"{directorate} is closed. Select another directorate")])
        post = Post.objects.create(title=_free_title(title, directorate), directorate=directorate)
        record(
            action="posts.add",
            subject=post,
            by=by,
            summary=f"Post {post} added to {directorate}",
            after={"Title": post.title, "Directorate": directorate},
            note=note,
        )
    return post


def rename_post(post: Post, *, by: Person, title: str, note: str = "", seen: int | None = None) -> Post:
    """Give a post another title and return it; its holders and delegations stay."""
    with transaction.atomic():
        post = lock(Post, post.pk)
        require(permissions.may_keep_posts(by))
        check_seen(post, "posts.rename", seen, "this post")
        was, post.title = post.title, _free_title(title, post.directorate, but=post)
        if post.title == was:
            return post
        post.save(update_fields=["title"])
        record(
            action="posts.rename",
            subject=post,
            by=by,
            summary=f"Post {was} renamed {post.title}",
            before={"Title": was},
            after={"Title": post.title},
            note=note,
        )
    return post


def close_post(post: Post, *, by: Person, note: str = "") -> Post:
    """Close a post nobody holds: nobody can be placed in it, nothing can be delegated to it."""
    with transaction.atomic():
        post = lock(Post, post.pk)
        require(permissions.may_keep_posts(by))
        if not post.is_active:
            raise Stale(f"The post of {post} is closed already.")
        held = PostHolding.objects.between(today()).filter(post=post).select_related("person").first()
        if held:
            raise Invalid(f"{held.person} holds the post of {post} {span(held)}. End that first.")
        _set_active(post, False, by=by, note=note)
    return post


def reopen_post(post: Post, *, by: Person, note: str = "") -> Post:
    """Take a closed post into use again; delegations to it that still run hold once somebody is in it."""
    with transaction.atomic():
        post = lock(Post, post.pk)
        require(permissions.may_keep_posts(by))
        if post.is_active:
            raise Stale(f"The post of {post} is in use already.")
        _set_active(post, True, by=by, note=note)
    return post


def place(
    post: Post,
    person: Person,
    *,
    by: Person,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    although: bool = False,
    note: str = "",
) -> PostHolding:
    """Put a person into a post between two days, both included, and return the holding.

    They get a letter about each delegation that comes with it. Raises HeldAlready where somebody else holds
    the post in that time, unless `although`; Invalid where the person holds it already.
    """
    with transaction.atomic():
        post, person = lock(Post, post.pk), lock(Person, person.pk)
        require(permissions.may_place(by, person))
        if not post.is_active:
            raise Stale(f"The post of {post} is closed. Open it again before you place somebody in it.")
        if not person.is_active:
            raise Invalid([("person", f"{person} is deactivated. Select somebody who can sign in")])
        if ends_on is not None and ends_on < starts_on:
            raise Invalid([("ends_on", "The last day must be the same as or after the first day")])
        if ends_on is not None and ends_on < today():
            raise Invalid([("ends_on", "The last day must be today or later")])
        meeting = PostHolding.objects.between(starts_on, ends_on).filter(post=post).select_related("person")
        own = meeting.filter(person=person).first()
        if own:
            raise Invalid(
                [("person", f"{person} holds this post already {span(own)}. Choose dates outside that time")]
            )
        others = list(meeting)
        if others and not although:
            raise HeldAlready(post, others)
        holding = PostHolding.objects.create(
            post=post, person=person, starts_on=starts_on, ends_on=ends_on, made_by=by
        )
        also = {"Also held by": [one.person for one in others]} if others else {}
        record(
            action="posts.place",
            subject=post,
            by=by,
            summary=f"{person} placed in the post of {post}",
            after={"Person": person, "From": starts_on, "To": ends_on or "no end date", **also},
            note=note,
        )
        for delegation in delegations_with(holding):
            delegation_letters.given(delegation, person, holding)
    return holding


def end_holding(holding: PostHolding, *, by: Person, ends_on: dt.date, note: str = "") -> PostHolding:
    """Set the last day a person holds a post (that day still counts) and return the holding."""
    with transaction.atomic():
        lock(Post, holding.post_id)
        holding = lock(PostHolding, holding.pk)
        require(permissions.may_place(by, holding.person))
        if holding.ends_on and holding.ends_on < today():
            raise Stale(
                f"{holding.person} left the post of {holding.post} already, on {show_day(holding.ends_on)}."
            )
        if holding.ends_on == ends_on:
            raise Stale(f"{holding.person}’s last day in this post is {show_day(ends_on)} already.")
        if ends_on < holding.starts_on:
            raise Invalid([("ends_on", f"The last day must be {show_day(holding.starts_on)} or later")])
        if ends_on < today() - YESTERDAY:
            raise Invalid(
                [("ends_on", "The last day must be yesterday or later: what was held can't be undone")]
            )
        _stay_apart(holding, ends_on)
        was, holding.ends_on = holding.ends_on, ends_on
        holding.save(update_fields=["ends_on"])
        record(
            action="posts.end",
            subject=holding.post,
            by=by,
            summary=f"{holding.person} leaves the post of {holding.post} after {show_day(ends_on)}",
            before={"Last day": was or "no end date"},
            after={"Last day": ends_on},
            note=note,
        )
    return holding


def take_back(holding: PostHolding, *, by: Person, note: str = "") -> None:
    """Undo a placing that begins today or later; its line stays in the post's history."""
    with transaction.atomic():
        lock(Post, holding.post_id)
        holding = lock(PostHolding, holding.pk)
        require(permissions.may_place(by, holding.person))
        if not holding.can_be_taken_back:
            raise Stale(f"{holding.person} has held this post already. Set a last day instead.")
        record(
            action="posts.take-back",
            subject=holding.post,
            by=by,
            summary=f"{holding.person} is not placed in the post of {holding.post} after all",
            before={"Person": holding.person, "From": holding.starts_on, "To": holding.ends_on},
            note=note,
        )
        holding.delete()


def delegations_with(holding: PostHolding) -> list[Delegation]:
    """Return what a holding brings: delegations to the post whose dates meet the holding's, from today."""
    from_day = max(holding.starts_on, today())
    found = Delegation.objects.running_between(from_day, holding.ends_on).filter(post=holding.post_id)
    return list(found.exclude(given_by=holding.person_id).with_people())


def lost_with(holding: PostHolding) -> list[Delegation]:
    """Return what a person loses with a post: its delegations, and those they handed on from them."""
    mine = delegations_with(holding)
    under = [one.pk for one in mine]
    running = Delegation.objects.running_between(today()).with_people()
    return [*mine, *running.filter(under__in=under, given_by=holding.person_id)]


def _stay_apart(holding: PostHolding, ends_on: dt.date) -> None:
    """Refuse a later last day that would run into the same person's next time in the post."""
    again = (
        PostHolding.objects.between(holding.starts_on, ends_on)
        .filter(post=holding.post_id, person=holding.person_id)
        .exclude(pk=holding.pk)
        .first()
    )
    if again:
        raise Invalid([("ends_on", f"{holding.person} holds this post again {span(again)}")])


def _set_active(post: Post, is_active: bool, *, by: Person, note: str) -> None:
    post.is_active = is_active
    post.save(update_fields=["is_active"])
    record(
        action="posts.reopen" if is_active else "posts.close",
        subject=post,
        by=by,
        summary=f"Post {post} {'in use again' if is_active else 'closed'}",
        note=note,
    )


def _free_title(title: str, directorate: Directorate, but: Post | None = None) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid([("title", "Enter the title of the post")])
    others = Post.objects.filter(directorate=directorate, title__iexact=title)
    if but:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise Invalid([("title", f"{directorate} has a post called {title} already")])
    return title
