"""Inviting people, keeping their details, and letting them go without losing what they did."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import letters, permissions
from accounts.calendar import today
from accounts.history import changes, record
from accounts.models import Appointment, Delegation, Invitation, Person, PostHolding, Role
from accounts.verbs import appointments
from accounts.verbs.recipe import Invalid, Refused, Stale, check_seen, lock, require
from govuk.formats import day_time

INVITATION_DAYS = 7
DETAILS = ("full_name", "email", "about")


def invite(
    *,
    by: Person,
    full_name: str,
    email: str,
    about: str = "",
    role: str,
    directorate=None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    reports_yearly: bool = False,
) -> Person:
    """Make a person with a first post and put the letter with their link into the outbox; return them."""
    with transaction.atomic():
        require(permissions.may_administer(by))
        person = _new_person(full_name=full_name, email=email, about=about)
        record(
            action="people.invite",
            subject=person,
            by=by,
            summary=f"{person} invited",
            after={"Full name": person.full_name, "Email address": person.email, "Job title": about},
        )
        appointments.create(
            person,
            by=by,
            role=role,
            directorate=directorate,
            starts_on=starts_on or today(),
            ends_on=ends_on,
            reports_yearly=reports_yearly,
        )
        _send_invitation(person, by=by)
    return person


def make_first_administrator(*, full_name: str, email: str) -> tuple[Person, str]:
    """Make the first administrator and return (person, address of the invitation).

    Raises Refused where somebody is an administrator already: from then on people are invited.
    """
    with transaction.atomic():
        appointments.lock_administrators()
        if Person.objects.appointed(Role.ADMINISTRATOR).exists():
            raise Refused("There is an administrator already. Ask them to invite people.")
        person = _new_person(full_name=full_name, email=email, about="")
        appointments.create(person, by=None, role=Role.ADMINISTRATOR, directorate=None, starts_on=today())
        record(
            action="people.first-administrator",
            subject=person,
            by=None,
            summary=f"{person} made first administrator",
        )
        token = _new_token(person, by=None)
    return person, letters.link(reverse("accounts:invitation-accept", args=[token]))


def _new_person(*, full_name: str, email: str, about: str) -> Person:
    email = email.strip().lower()
    _check_email_free(email)
    person = Person.objects.create_user(email=email, full_name=" ".join(full_name.split()))
    if about:
        person.about = about
        person.save(update_fields=["about"])
    return person


def _check_email_free(email: str, but: Person | None = None) -> None:
    others = Person.objects.filter(email__iexact=email)
    other = (others.exclude(pk=but.pk) if but else others).first()
    if other:
        state = "" if other.is_active else " They are deactivated: reactivate them instead"
        raise Invalid([("email", f"{other.full_name} already has this email address.{state}".rstrip("."))])


def _new_token(person: Person, *, by: Person | None) -> str:
    token = secrets.token_urlsafe(32)
    Invitation.objects.update_or_create(
        person=person,
        defaults={
            "token_hash": _hash(token),
            "invited_by": by,
            "invited_at": timezone.now(),
            "expires_at": timezone.now() + dt.timedelta(days=INVITATION_DAYS),
        },
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _send_invitation(person: Person, *, by: Person) -> None:
    token = _new_token(person, by=by)
    letters.write(
        "invitation",
        to=person,
        values={
            "inviter": str(by),
            "link": letters.link(reverse("accounts:invitation-accept", args=[token])),
            "until": day_time(person.invitation.expires_at),
        },
    )


def invite_again(person: Person, *, by: Person) -> Invitation:
    """Send a new link, good for seven days; the old one stops working."""
    with transaction.atomic():
        person = lock(Person, person.pk)
        require(permissions.may_administer(by))
        invitation = Invitation.objects.filter(person=person).first()
        if invitation is None or invitation.accepted_at or person.has_usable_password():
            raise Stale(f"{person} has a password already. They can reset it from the sign-in page.")
        if not person.is_active:
            raise Invalid(f"{person} is deactivated. Reactivate them before you invite them again.")
        _send_invitation(person, by=by)
        record(action="people.invite-again", subject=person, by=by, summary=f"{person} sent a new invitation")
        return Invitation.objects.get(person=person)


def has_second_step(person: Person) -> bool:
    """Return whether the person signs in with a code besides the password."""
    return Authenticator.objects.filter(user=person).exists()


def reset_second_step(person: Person, *, by: Person) -> None:
    """Let somebody who lost phone and codes sign in with the password alone, and tell them by letter."""
    with transaction.atomic():
        person = lock(Person, person.pk)
        require(permissions.may_reset_second_step(by, person))
        if not has_second_step(person):
            raise Stale(f"{person} signs in with a password alone. There is no second step to take off.")
        Authenticator.objects.filter(user=person).delete()
        record(
            action="people.reset-second-step",
            subject=person,
            by=by,
            summary=f"{person}’s second step taken off",
        )
        letters.write(
            "account-changed",
            to=person,
            values={
                "change": f"{by} took the second step off your account, because you asked for it,",
                "when": day_time(timezone.now()),
                "link": letters.link(reverse("account_reset_password")),
            },
        )


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation a link belongs to where it still works, else None."""
    invitation = Invitation.objects.filter(token_hash=_hash(token)).select_related("person").first()
    if invitation and invitation.is_open and _may_accept(invitation.person):
        return invitation
    return None


def _may_accept(person: Person) -> bool:
    return person.is_active and not person.has_usable_password()


def accept(token: str, *, password: str) -> Person:
    """Set the first password of an invited person and return them; the link then never works again."""
    with transaction.atomic():
        found = invitation_of(token)
        invitation = lock(Invitation, found.pk) if found else None
        if invitation is None or not invitation.is_open:
            raise Stale("This invitation has been used or has run out. Ask an administrator for a new one.")
        person = lock(Person, invitation.person_id)
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise Invalid([("password1", sentence) for sentence in error.messages]) from None
        person.set_password(password)
        person.save(update_fields=["password"])
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        record(
            action="people.accept-invitation",
            subject=person,
            by=person,
            summary=f"{person} accepted the invitation",
        )
    return person


def edit(
    person: Person,
    *,
    by: Person,
    full_name: str,
    email: str,
    about: str = "",
    note: str = "",
    seen: int | None = None,
) -> Person:
    """Change a person's name, email address or job title and return them."""
    facts = {"full_name": " ".join(full_name.split()), "email": email.strip().lower(), "about": about.strip()}
    with transaction.atomic():
        person = lock(Person, person.pk)
        require(permissions.may_administer(by))
        check_seen(person, "people.edit", seen, "these details")
        _check_email_free(facts["email"], but=person)
        before, after = changes(person, DETAILS, facts)
        if not after:
            return person
        if facts["email"] != person.email:
            # django-allauth keeps addresses of its own: an old one must not open the door any longer.
            EmailAddress.objects.filter(user=person).delete()
        for name, value in facts.items():
            setattr(person, name, value)
        person.save(update_fields=list(facts))
        record(
            action="people.edit",
            subject=person,
            by=by,
            summary=f"Details of {person} changed",
            before=before,
            after=after,
            note=note,
        )
    return person


def deactivate(person: Person, *, by: Person, note: str = "") -> Person:
    """Sign a leaver out at once and keep them out; nothing they did is removed."""
    with transaction.atomic():
        appointments.lock_administrators()
        person = lock(Person, person.pk)
        require(permissions.may_deactivate(by, person))
        if not person.is_active:
            raise Stale(f"{person} is deactivated already.")
        if Appointment.objects.in_force().filter(person=person, role=Role.ADMINISTRATOR).exists():
            appointments.keep_an_administrator(person, on=today())
        person.is_active = False
        person.deactivated_at = timezone.now()
        person.save(update_fields=["is_active", "deactivated_at"])
        record(action="people.deactivate", subject=person, by=by, summary=f"{person} deactivated", note=note)
    return person


def reactivate(person: Person, *, by: Person, note: str = "") -> Person:
    """Let a person sign in again; posts and delegations whose dates still run hold again."""
    with transaction.atomic():
        person = lock(Person, person.pk)
        require(permissions.may_deactivate(by, person))
        if person.is_active:
            raise Stale(f"{person} is active already.")
        person.is_active = True
        person.save(update_fields=["is_active"])
        record(action="people.reactivate", subject=person, by=by, summary=f"{person} reactivated", note=note)
    return person


@dataclass(frozen=True)
class AnswersFor:
    """What a person holds and gave today, all of which stops with a deactivation."""

    appointments: list[Appointment]
    posts: list[PostHolding]
    held: list[Delegation]
    given: list[Delegation]


def answers_for(person: Person) -> AnswersFor:
    """Return what stops with a deactivation; `given` includes what others handed on from it."""
    running = Delegation.objects.in_force().with_people()
    in_posts = PostHolding.objects.between(today()).filter(person=person)
    return AnswersFor(
        appointments=list(
            Appointment.objects.in_force().filter(person=person).select_related("person", "directorate")
        ),
        posts=list(in_posts.select_related("person", "post__directorate")),
        held=list(Delegation.objects.held_by(person).with_people()),
        given=list(running.filter(Q(given_by=person) | Q(under__given_by=person))),
    )
