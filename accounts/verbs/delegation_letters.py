"""Letters about delegations: to the person, or to everybody who holds the post it is for."""

from __future__ import annotations

from django.urls import reverse

from accounts import letters
from accounts.calendar import today
from accounts.models import Delegation, Person, PostHolding
from govuk.formats import day as show_day
from govuk.formats import money


def given(delegation: Delegation, to: Person, holding: PostHolding | None = None) -> None:
    """Tell somebody what they may now decide: by name, or by the post they hold (with its own dates)."""
    letters.write("delegation-given", to=to, values=_values(delegation, holding))


def given_to_all(delegation: Delegation) -> None:
    """Tell everybody who holds it, or is placed to while it runs."""
    for person, holding in _told(delegation):
        given(delegation, person, holding)


def revoked_for_all(delegation: Delegation, *, by: Person) -> None:
    """Tell everybody who was told of it and would hold it still."""
    for person, _ in _told(delegation):
        letters.write("delegation-revoked", to=person, values={**_values(delegation), "director": str(by)})


def _told(delegation: Delegation) -> list[tuple[Person, PostHolding | None]]:
    """Return each person once, with the holding by which they come to it where it is to a post."""
    if delegation.given_to:
        return [(delegation.given_to, None)]
    first = max(delegation.starts_on, today())
    holdings = PostHolding.objects.between(first, delegation.ends_on).filter(post=delegation.post)
    others = holdings.exclude(person=delegation.given_by).select_related("person").order_by("-starts_on")
    return [(one.person, one) for one in {one.person_id: one for one in others}.values()]


def _values(delegation: Delegation, holding: PostHolding | None = None) -> dict[str, str]:
    starts_on, ends_on = delegation.starts_on, delegation.ends_on
    if holding:
        starts_on = max(starts_on, holding.starts_on)
        ends_on = min((day for day in (ends_on, holding.ends_on) if day), default=None)
    return {
        "director": str(delegation.in_the_name_of),
        "giver": str(delegation.given_by),
        "whom": f"you as {delegation.post}" if delegation.post else "you",
        "directorate": delegation.directorate.name,
        "reference": delegation.scheme_reference,
        "limit": money(delegation.value_limit) if delegation.value_limit is not None else "no limit",
        "from": show_day(starts_on),
        "to": show_day(ends_on) if ends_on else "no end date",
        "link": letters.link(reverse("accounts:delegation-list")),
    }
