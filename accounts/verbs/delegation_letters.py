"""Letters about delegations: to the person, or to everybody who holds the post it is for."""

from __future__ import annotations

from django.urls import reverse

from accounts import letters
from accounts.models import Delegation, Person, PostHolding
from govuk.formats import day as show_day
from govuk.formats import money


def given(delegation: Delegation, to: Person, holding: PostHolding | None = None) -> None:
    """Tell somebody what they may now decide: by name, or by the post they hold (with its own dates)."""
    letters.write("delegation-given", to=to, values=_values(delegation, holding))


def given_to_all(delegation: Delegation) -> None:
    """Tell everybody who holds it today."""
    for person in delegation.holders:
        given(delegation, person)


def revoked_for_all(delegation: Delegation, *, by: Person) -> None:
    """Tell everybody who held it until now."""
    for person in delegation.holders:
        letters.write("delegation-revoked", to=person, values={**_values(delegation), "director": str(by)})


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
