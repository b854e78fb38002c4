"""Giving and ending posts: the only way anybody comes to be allowed anything."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts import permissions
from accounts.calendar import today
from accounts.history import record
from accounts.models import Appointment, Directorate, Person, Role
from accounts.verbs.recipe import Invalid, Stale, lock, require
from govuk.formats import day as show_day

YESTERDAY = dt.timedelta(days=1)


def add(
    person: Person,
    *,
    by: Person,
    role: str,
    directorate: Directorate | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    reports_yearly: bool = False,
    note: str = "",
) -> Appointment:
    """Give the person a post from `starts_on` to `ends_on`, both included, and return the appointment.

    Raises Invalid where the post needs a directorate, the dates are the wrong way round, or the person
    already holds the same post in that time.
    """
    with transaction.atomic():
        person = lock(Person, person.pk)
        require(permissions.may_appoint(by, person))
        return create(
            person,
            by=by,
            role=role,
            directorate=directorate,
            starts_on=starts_on,
            ends_on=ends_on,
            reports_yearly=reports_yearly,
            note=note,
        )


def create(person, *, by, role, directorate, starts_on, ends_on=None, reports_yearly=False, note=""):
    """Make the appointment inside the caller's transaction, who locked the person and asked permission."""
    directorate = directorate if Role(role).needs_directorate else None
    check(person, role=role, directorate=directorate, starts_on=starts_on, ends_on=ends_on)
    appointment = Appointment.objects.create(
        person=person,
        role=role,
        directorate=directorate,
        starts_on=starts_on,
        ends_on=ends_on,
        reports_yearly=reports_yearly and role == Role.EXECUTIVE_MEMBER,
        made_by=by,
    )
    record(
        action="appointments.add",
        subject=person,
        by=by,
        summary=f"{person} appointed as {appointment.title}",
        after={"Post": appointment.title, "From": starts_on, "To": ends_on or "no end date"},
        note=note,
    )
    return appointment


def check(person, *, role, directorate, starts_on, ends_on) -> None:
    """Raise Invalid with the field and sentence where such an appointment can't be made."""
    if not person.is_active:
        raise Invalid(f"{person} is deactivated. Reactivate them before giving them a post.")
    if Role(role).needs_directorate and directorate is None:
        raise Invalid([("directorate", f"Select the directorate this {Role(role).title} is for")])
    if directorate is not None and not directorate.is_active:
        raise Invalid([("directorate", f"{directorate} is closed. Select another directorate")])
    if ends_on is not None and ends_on < starts_on:
        raise Invalid([("ends_on", "The last day must be the same as or after the first day")])
    same = Appointment.objects.filter(person=person, role=role, directorate=directorate)
    same = same.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on is not None:
        same = same.filter(starts_on__lte=ends_on)
    other = same.first()
    if other:
        raise Invalid(
            [
                (
                    "role",
                    f"{person} is already {other.title} {span(other)}. Choose dates outside that time, "
                    "or end that appointment first",
                )
            ]
        )


def span(appointment) -> str:
    """Return "from 1 April 2026 to 31 March 2027" or "from 1 April 2026"."""
    words = f"from {show_day(appointment.starts_on)}"
    return f"{words} to {show_day(appointment.ends_on)}" if appointment.ends_on else words


def end(appointment: Appointment, *, by: Person, ends_on: dt.date, note: str = "") -> Appointment:
    """Set the last day of a post (that day still counts) and return the appointment.

    Refuses to leave the service without an administrator. What the person answers for stays theirs until
    somebody else is assigned.
    """
    with transaction.atomic():
        lock_administrators()
        appointment = lock(Appointment, appointment.pk)
        require(permissions.may_appoint(by, appointment.person))
        if appointment.ends_on and appointment.ends_on < today():
            raise Stale(f"This appointment already ended on {show_day(appointment.ends_on)}.")
        if ends_on < appointment.starts_on:
            raise Invalid([("ends_on", f"The last day must be {show_day(appointment.starts_on)} or later")])
        if ends_on < today() - YESTERDAY:
            raise Invalid(
                [("ends_on", "The last day must be yesterday or later: what was held can't be undone")]
            )
        if appointment.role == Role.ADMINISTRATOR:
            keep_an_administrator(appointment.person, on=ends_on + dt.timedelta(days=1), field="ends_on")
        was = appointment.ends_on
        appointment.ends_on = ends_on
        appointment.save(update_fields=["ends_on"])
        record(
            action="appointments.end",
            subject=appointment.person,
            by=by,
            summary=f"{appointment.person}’s post as {appointment.title} ends on {show_day(ends_on)}",
            before={"Last day": was or "no end date"},
            after={"Last day": ends_on},
            note=note,
        )
    return appointment


def cancel(appointment: Appointment, *, by: Person, note: str = "") -> None:
    """Take back a post that begins today or later; its line stays in the person's history."""
    with transaction.atomic():
        lock_administrators()
        appointment = lock(Appointment, appointment.pk)
        require(permissions.may_appoint(by, appointment.person))
        if appointment.starts_on < today():
            raise Stale("This appointment has been held already. End it instead.")
        if appointment.role == Role.ADMINISTRATOR:
            keep_an_administrator(appointment.person, on=today(), field="")
        record(
            action="appointments.cancel",
            subject=appointment.person,
            by=by,
            summary=f"{appointment.person}’s post as {appointment.title} was taken back before it began",
            before={"Post": appointment.title, "From": appointment.starts_on, "To": appointment.ends_on},
            note=note,
        )
        appointment.delete()


def lock_administrators() -> None:
    """Lock every administrator's appointment, so that two can't end each other's at once."""
    list(Appointment.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))


def keep_an_administrator(person: Person, *, on: dt.date, field: str = "") -> None:
    """Raise Invalid where nobody but this person would be an administrator, today and on that day.

    Somebody who has not accepted the invitation yet can't sign in, so does not count.
    """
    able = Person.objects.exclude(pk=person.pk).exclude(
        invitation__isnull=False, invitation__accepted_at__isnull=True
    )
    if not all(able.appointed(Role.ADMINISTRATOR, on=day).exists() for day in {max(on, today()), today()}):
        raise Invalid(
            [
                (
                    field,
                    f"{person} is the last administrator who can sign in. "
                    "Appoint another administrator before you end this",
                )
            ]
        )
