"""Handing a director's authority to approve to a person or a post for a time, and taking it back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.calendar import today
from accounts.history import record
from accounts.models import Delegation, Directorate, Person, Post
from accounts.verbs import delegation_letters as letters
from accounts.verbs.recipe import Invalid, Stale, lock, require
from govuk.formats import day as show_day
from govuk.formats import money


def give(
    *,
    by: Person,
    given_to: Person | None = None,
    post: Post | None = None,
    directorate: Directorate,
    scheme_reference: str,
    value_limit: Decimal | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    note: str = "",
) -> Delegation:
    """Delegate approvals of a directorate to a person or a post, tell those who hold it, and return it.

    `value_limit` in £ of a contract's value, None for no limit. Both dates are included.
    """
    with transaction.atomic():
        given_to, post = _lock_holder(given_to, post)
        require(permissions.may_delegate(by, directorate))
        facts = _checked(by, given_to, post, scheme_reference, value_limit, starts_on, ends_on)
        return _make(by=by, directorate=directorate, note=note, verb="delegated", **facts)


def hand_on(
    parent: Delegation,
    *,
    by: Person,
    given_to: Person | None = None,
    post: Post | None = None,
    scheme_reference: str,
    value_limit: Decimal | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    note: str = "",
) -> Delegation:
    """Hand on a delegation one holds, within its dates and limit, and return the new one.

    Never back to who gave it. Refused where the council does not allow it (`settings.ONWARD_DELEGATION`).
    """
    with transaction.atomic():
        parent = lock(Delegation, parent.pk)
        given_to, post = _lock_holder(given_to, post)
        require(permissions.may_hand_on(by, parent))
        if not parent.holds():
            raise Stale("This delegation no longer holds, so it can't be handed on.")
        facts = _checked(by, given_to, post, scheme_reference, value_limit, starts_on, ends_on)
        _within(parent, given_to, post, value_limit, starts_on, ends_on)
        return _make(
            by=by, directorate=parent.directorate, under=parent, note=note, verb="handed on", **facts
        )


def _lock_holder(given_to: Person | None, post: Post | None) -> tuple[Person | None, Post | None]:
    return (lock(Person, given_to.pk) if given_to else None, lock(Post, post.pk) if post else None)


def _checked(by, given_to, post, scheme_reference, value_limit, starts_on, ends_on) -> dict:
    """Return the facts of a delegation; raise Invalid with the field and sentence where one can't be."""
    if (given_to is None) == (post is None):
        raise Invalid([("holder", "Select either a person or a post")])
    if given_to and given_to.pk == by.pk:
        raise Invalid([("given_to", "Select somebody else: you already hold this authority")])
    if given_to and not given_to.is_active:
        raise Invalid([("given_to", f"{given_to} is deactivated. Select somebody who can sign in")])
    if post and not post.is_active:
        raise Invalid([("post", f"The post of {post} is closed. Select another")])
    if not scheme_reference.strip():
        raise Invalid([("scheme_reference", "Enter the reference in the scheme of delegation")])
    if value_limit is not None and value_limit <= 0:
        raise Invalid([("value_limit", "The limit must be more than £0. Leave it blank for no limit")])
    if ends_on is not None and ends_on < starts_on:
        raise Invalid([("ends_on", "The last day must be the same as or after the first day")])
    if ends_on is not None and ends_on < today():
        raise Invalid([("ends_on", "The last day must be today or later")])
    return {
        "given_to": given_to,
        "post": post,
        "scheme_reference": scheme_reference.strip(),
        "value_limit": value_limit,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def _within(parent, given_to, post, value_limit, starts_on, ends_on) -> None:
    """Refuse to hand on more than is held, longer than it is held, or back to who gave it."""
    giver = parent.given_by
    if given_to and given_to.pk == giver.pk:
        raise Invalid([("given_to", f"{giver} gave you this delegation. Select somebody else")])
    if post and any(holder.pk == giver.pk for holder in post.holders):
        raise Invalid([("post", f"{giver}, who gave you this delegation, holds this post. Select another")])
    if post and post.pk == parent.post_id:
        raise Invalid([("post", "This post holds the delegation already. Select another")])
    if parent.value_limit is not None and (value_limit is None or value_limit > parent.value_limit):
        raise Invalid([("value_limit", f"Enter {money(parent.value_limit)} or less: your own limit")])
    if starts_on < parent.starts_on:
        raise Invalid([("starts_on", f"The first day must be {show_day(parent.starts_on)} or later")])
    if parent.ends_on is not None and (ends_on is None or ends_on > parent.ends_on):
        raise Invalid(
            [("ends_on", f"Enter a last day up to {show_day(parent.ends_on)}, when your own delegation ends")]
        )


def _make(*, by, directorate, verb, note, under=None, **facts) -> Delegation:
    delegation = Delegation.objects.create(given_by=by, directorate=directorate, under=under, **facts)
    after = {
        "Given to": delegation.holder_words,
        "Directorate": directorate,
        "Reference": delegation.scheme_reference,
        "Contracts up to": money(delegation.value_limit) or "no limit",
        "From": delegation.starts_on,
        "To": delegation.ends_on or "no end date",
    }
    if under:
        after["Handed on from"] = f"{under.given_by}’s delegation, {under.scheme_reference}"
    record(
        action="delegations.hand-on" if under else "delegations.give",
        subject=delegation,
        by=by,
        delegation=delegation,
        summary=f"{by} {verb} approvals of {directorate} to {delegation.holder}",
        after=after,
        note=note,
    )
    letters.given_to_all(delegation)
    return delegation


def revoke(delegation: Delegation, *, by: Person, note: str = "") -> Delegation:
    """Take a delegation back at once, tell everybody who held it, and return it.

    What was handed on from it falls with it; those who held that are told too.
    """
    with transaction.atomic():
        delegation = lock(Delegation, delegation.pk)
        require(permissions.may_revoke(by, delegation))
        if delegation.revoked_at:
            raise Stale("This delegation has been revoked already.")
        if delegation.state == "over":
            raise Stale(f"This delegation ended on {show_day(delegation.ends_on)}.")
        was = delegation.state
        delegation.revoked_at = timezone.now()
        delegation.revoked_by = by
        delegation.save(update_fields=["revoked_at", "revoked_by"])
        record(
            action="delegations.revoke",
            subject=delegation,
            by=by,
            delegation=delegation,
            summary=f"{by} revoked the delegation of {delegation.directorate} to {delegation.holder}",
            before={"State": was},
            after={"State": "revoked"},
            note=note,
        )
        letters.revoked_for_all(delegation, by=by)
        for handed_on in Delegation.objects.running_between(today()).filter(under=delegation):
            letters.revoked_for_all(handed_on, by=by)
    return delegation
