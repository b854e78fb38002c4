"""What a director is told before a delegation is given: it informs, and is confirmed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from accounts.calendar import today
from accounts.models import Appointment, Delegation, Directorate, Person, Post, PostHolding, Role
from accounts.verbs.appointments import span
from govuk.formats import day as show_day


def of_delegation(
    *,
    by: Person,
    directorate: Directorate,
    given_to: Person | None = None,
    post: Post | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
) -> list[str]:
    """Return sentences on what such a delegation meets: others at the same time, a vacant post, own work."""
    people = _people(given_to, post, starts_on, ends_on)
    return [
        *_vacant(post, starts_on),
        *_overlaps(by, directorate, people, post, starts_on, ends_on),
        *_other_roles(directorate, people, starts_on, ends_on),
    ]


def seal(sentences: Iterable[str]) -> str:
    """Return what a form carries to say that exactly these warnings were read; "" for none."""
    words = "\n".join(sentences)
    return hashlib.sha256(words.encode()).hexdigest()[:16] if words else ""


def _people(given_to, post, starts_on, ends_on) -> dict[int, Person]:
    """Return those who would hold it at some time: the person, or whoever is in the post."""
    if post is None:
        return {given_to.pk: given_to}
    meeting = PostHolding.objects.between(starts_on, ends_on).filter(post=post).select_related("person")
    return {holding.person_id: holding.person for holding in meeting}


def _vacant(post, starts_on) -> list[str]:
    if post is None:
        return []
    first = max(starts_on, today())
    if PostHolding.objects.in_force(first).filter(post=post).exists():
        return []
    when = "today" if first == today() else f"on {show_day(first)}"
    return [
        f"Nobody holds the post of {post} {when}: until somebody does, nobody can decide under this "
        "delegation."
    ]


def _overlaps(by, directorate, people, post, starts_on, ends_on) -> list[str]:
    """Return a sentence for each delegation of the directorate that the same people hold in that time."""
    sentences = []
    meeting = Delegation.objects.running_between(starts_on, ends_on).filter(directorate=directorate)
    for other in meeting.with_people().order_by("starts_on", "pk"):
        giver = "you" if other.given_by_id == by.pk else other.given_by
        rest = f"already has a delegation from {giver} for {directorate} in that time"
        facts = f"{other.scheme_reference}, {span(other)}"
        if other.post and other.post == post:
            sentences.append(f"The post of {post} {rest}: {facts}.")
            continue
        theirs = _people(other.given_to, other.post, starts_on, ends_on)
        through = f", as {other.post}" if other.post else ""
        sentences += [
            f"{person} {rest}{through}: {facts}." for key, person in people.items() if key in theirs
        ]
    return sentences


def _other_roles(directorate, people, starts_on, ends_on) -> list[str]:
    """Return a sentence for each role by which these people decide anyway, or prepare what is decided."""
    day = max(starts_on, today())
    sentences = []
    for held in (
        Appointment.objects.in_force(day)
        .filter(person__in=people, role__in=[*DECIDING, *PREPARING])
        .select_related("person", "directorate")
        .order_by("person__full_name", "pk")
    ):
        elsewhere = held.directorate_id not in (None, directorate.pk)
        if elsewhere:
            continue
        if held.role in DECIDING:
            sentences.append(f"{held.person} is {held.title}, so can decide its KPI sets without this.")
        else:
            sentences.append(f"{held.person} is {held.title}. They can’t decide sets they had a hand in.")
    return sentences


DECIDING = (Role.DIRECTOR, Role.DEPUTY_DIRECTOR)
PREPARING = (Role.COMMISSIONER, Role.CONTRACT_MANAGER)
