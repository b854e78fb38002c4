"""How a delegation stands on a day, with reasons: it agrees with `Delegation.objects.in_force`."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from accounts.calendar import today
from accounts.models import Appointment, Delegation, Person, Post, PostHolding, Role
from govuk.formats import day as show_day


def reasons_against(delegation: Delegation, on: dt.date | None = None) -> list[str]:
    """Return why nobody can decide under it on a day (today where none is given); empty where it holds.

    Agrees with `Delegation.objects.in_force(on)`, which asks the same of many at once.
    """
    day = on or today()
    found = _own(delegation, day)
    parent = delegation.under
    if parent is None:
        return [*found, *_no_longer_directs(delegation, day)]
    if not settings.ONWARD_DELEGATION:
        found.append("The council no longer allows a delegation to be handed on.")
    found += [f"It was handed on from another. {reason}" for reason in _own(parent, day)]
    found += [f"It was handed on from another. {reason}" for reason in _no_longer_directs(parent, day)]
    return [*found, *_left_behind(delegation, parent, day)]


def _own(delegation: Delegation, day: dt.date) -> list[str]:
    """Return what its own dates and holder say."""
    found = []
    if delegation.revoked_at:
        by = f"{delegation.revoked_by} revoked it" if delegation.revoked_by else "It was revoked"
        found.append(f"{by} on {show_day(delegation.revoked_at)}.")
    if delegation.ends_on and delegation.ends_on < day:
        found.append(f"It ended on {show_day(delegation.ends_on)}.")
    if delegation.starts_on > day:
        found.append(f"It begins on {show_day(delegation.starts_on)}.")
    if delegation.given_to and not delegation.given_to.is_active:
        found.append(_gone(delegation.given_to))
    if delegation.post and not PostHolding.objects.in_force(day).filter(post=delegation.post).exists():
        found.append(_vacancy(delegation.post, day))
    return found


def _gone(person: Person) -> str:
    since = f" on {show_day(person.deactivated_at)}" if person.deactivated_at else ""
    return f"{person}’s account was deactivated{since}."


def _vacancy(post: Post, day: dt.date) -> str:
    """Return since when nobody is in the post: the day after the last holder left, or was deactivated."""
    begun = PostHolding.objects.filter(post=post, starts_on__lte=day).select_related("person")
    ends = [left for left in (_left_on(one.person, one.ends_on, day) for one in begun) if left is not None]
    if not ends:
        return f"Nobody has held the post of {post} yet."
    vacant_from = max(ends) + dt.timedelta(days=1)
    return f"Nobody has held the post of {post} since {show_day(vacant_from)}."


def _left_on(person: Person, ends_on: dt.date | None, day: dt.date) -> dt.date | None:
    """Return the last full day somebody was in a post by a day, or None where nothing tells."""
    ends = [ends_on] if ends_on and ends_on < day else []
    if not person.is_active and person.deactivated_at:
        ends.append(timezone.localdate(person.deactivated_at) - dt.timedelta(days=1))
    return min(ends, default=None)


def _no_longer_directs(delegation: Delegation, day: dt.date) -> list[str]:
    """Return why its giver can't delegate for the directorate on a day: left the post, or the council."""
    giver = delegation.given_by
    if not giver.is_active:
        return [_gone(giver)]
    posts = Appointment.objects.filter(
        person=giver,
        directorate=delegation.directorate,
        role__in=[Role.DIRECTOR, Role.DEPUTY_DIRECTOR],
    ).select_related("directorate")
    if posts.in_force(day).exists():
        return []
    last = posts.filter(ends_on__lt=day).order_by("-ends_on").first()
    if last:
        return [f"{giver} left the post of {last.title} on {show_day(last.ends_on)}."]
    return [f"{giver} does not direct {delegation.directorate} on {show_day(day)}."]


def _left_behind(delegation: Delegation, parent: Delegation, day: dt.date) -> list[str]:
    """Return why who handed it on no longer holds what they handed on from."""
    giver = delegation.given_by
    if parent.post is None:
        return []
    holdings = PostHolding.objects.filter(post=parent.post, person=giver)
    if holdings.in_force(day).exists():
        return []
    if not giver.is_active:
        return [_gone(giver)]
    last = holdings.filter(ends_on__lt=day).order_by("-ends_on").first()
    when = f" on {show_day(last.ends_on)}" if last else ""
    return [f"{giver}, who handed it on, left the post of {parent.post}{when}."]
