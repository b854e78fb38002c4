"""Handing a director's authority to approve to somebody for a time, and taking it back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import letters, permissions
from accounts.calendar import today
from accounts.history import record
from accounts.models import Delegation, Directorate, Person
from accounts.verbs.recipe import Invalid, Stale, lock, require
from govuk.formats import day as show_day
from govuk.formats import money


def give(
    *,
    by: Person,
    given_to: Person,
    directorate: Directorate,
    scheme_reference: str,
    value_limit: Decimal | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    note: str = "",
) -> Delegation:
    """Delegate approvals of a directorate to a person, tell them by letter, and return the delegation.

    `value_limit` in £ of a contract's value, None for no limit. Both dates are included.
    """
    with transaction.atomic():
        given_to = lock(Person, given_to.pk)
        require(permissions.may_delegate(by, directorate))
        if given_to.pk == by.pk:
            raise Invalid([("given_to", "Select somebody else: you already hold this authority")])
        if not given_to.is_active:
            raise Invalid([("given_to", f"{given_to} is deactivated. Select somebody who can sign in")])
        if not scheme_reference.strip():
            raise Invalid([("scheme_reference", "Enter the reference in the scheme of delegation")])
        if value_limit is not None and value_limit <= 0:
            raise Invalid([("value_limit", "The limit must be more than £0. Leave it blank for no limit")])
        if ends_on is not None and ends_on < starts_on:
            raise Invalid([("ends_on", "The last day must be the same as or after the first day")])
        if ends_on is not None and ends_on < today():
            raise Invalid([("ends_on", "The last day must be today or later")])
        delegation = Delegation.objects.create(
            given_by=by,
            given_to=given_to,
            directorate=directorate,
            scheme_reference=scheme_reference.strip(),
            value_limit=value_limit,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        record(
            action="delegations.give",
            subject=delegation,
            by=by,
            delegation=delegation,
            summary=f"{by} delegated approvals of {directorate} to {given_to}",
            after={
                "Given to": given_to,
                "Directorate": directorate,
                "Reference": delegation.scheme_reference,
                "Contracts up to": money(value_limit) or "no limit",
                "From": starts_on,
                "To": ends_on or "no end date",
            },
            note=note,
        )
        letters.write("delegation-given", to=given_to, values=_values(delegation))
    return delegation


def revoke(delegation: Delegation, *, by: Person, note: str = "") -> Delegation:
    """Take a delegation back at once, tell the delegate by letter, and return it."""
    with transaction.atomic():
        delegation = lock(Delegation, delegation.pk)
        require(permissions.may_revoke(by, delegation))
        if delegation.revoked_at:
            raise Stale("This delegation has been revoked already.")
        if delegation.state == "over":
            raise Stale(f"This delegation ended on {show_day(delegation.ends_on)}.")
        delegation.revoked_at = timezone.now()
        delegation.revoked_by = by
        delegation.save(update_fields=["revoked_at", "revoked_by"])
        record(
            action="delegations.revoke",
            subject=delegation,
            by=by,
            delegation=delegation,
            summary=f"{by} revoked the delegation of {delegation.directorate} to {delegation.given_to}",
            before={"State": "in force"},
            after={"State": "revoked"},
            note=note,
        )
        letters.write("delegation-revoked", to=delegation.given_to, values=_values(delegation, director=by))
    return delegation


def overlapping(*, by: Person, given_to: Person, directorate: Directorate, starts_on, ends_on=None):
    """Return delegations by the same person to the same person for the directorate in that time."""
    found = Delegation.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on),
        given_by=by,
        given_to=given_to,
        directorate=directorate,
        revoked_at=None,
    )
    return found.filter(starts_on__lte=ends_on) if ends_on else found


def _values(delegation: Delegation, director: Person | None = None) -> dict[str, str]:
    return {
        "director": str(director or delegation.given_by),
        "directorate": delegation.directorate.name,
        "reference": delegation.scheme_reference,
        "limit": money(delegation.value_limit) if delegation.value_limit is not None else "no limit",
        "from": show_day(delegation.starts_on),
        "to": show_day(delegation.ends_on) if delegation.ends_on else "no end date",
        "link": letters.link(reverse("accounts:delegation-list")),
    }
