"""Keeping the council's directorates and departments: added, renamed, closed, never deleted."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from accounts import permissions
from accounts.history import record
from accounts.models import Appointment, Department, Directorate, Person, PostHolding
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require


def add(*, by: Person, name: str) -> Directorate:
    """Add a directorate and return it."""
    with transaction.atomic():
        require(permissions.may_administer(by))
        name = _free_name(name)
        directorate = Directorate.objects.create(name=name, slug=_free_slug(name))
        record(action="directorates.add", subject=directorate, by=by, summary=f"Directorate {name} added")
    return directorate


def rename(
    directorate: Directorate, *, by: Person, name: str, note: str = "", seen: int | None = None
) -> Directorate:
    """Give a directorate another name; its address stays, so old links still work."""
    with transaction.atomic():
        directorate = lock(Directorate, directorate.pk)
        require(permissions.may_administer(by))
        check_seen(directorate, "directorates.rename", seen, "this directorate")
        name = _free_name(name, but=directorate)
        was = directorate.name
        if name == was:
            return directorate
        directorate.name = name
        directorate.save(update_fields=["name"])
        record(
            action="directorates.rename",
            subject=directorate,
            by=by,
            summary=f"Directorate {was} renamed {name}",
            before={"Name": was},
            after={"Name": name},
            note=note,
        )
    return directorate


def close(directorate: Directorate, *, by: Person, note: str = "") -> Directorate:
    """Close a directorate: it can't be chosen any longer. Refused while people still hold posts in it."""
    with transaction.atomic():
        directorate = lock(Directorate, directorate.pk)
        require(permissions.may_administer(by))
        if not directorate.is_active:
            raise Stale(f"{directorate} is closed already.")
        posts = Appointment.objects.in_force().filter(directorate=directorate).count()
        posts += PostHolding.objects.in_force().filter(post__directorate=directorate).count()
        if posts:
            are = "1 person still holds a post" if posts == 1 else f"{posts} posts are still held"
            raise Invalid(f"{are} in {directorate}. End them or move the people first.")
        _set_active(directorate, False, by=by, note=note)
    return directorate


def reopen(directorate: Directorate, *, by: Person, note: str = "") -> Directorate:
    """Open a closed directorate again."""
    with transaction.atomic():
        directorate = lock(Directorate, directorate.pk)
        require(permissions.may_administer(by))
        if directorate.is_active:
            raise Stale(f"{directorate} is open already.")
        _set_active(directorate, True, by=by, note=note)
    return directorate


def add_department(directorate: Directorate, *, by: Person, name: str) -> Department:
    """Add a department to a directorate and return it."""
    with transaction.atomic():
        directorate = lock(Directorate, directorate.pk)
        require(permissions.may_administer(by))
        name = _free_department(directorate, name)
        department = Department.objects.create(directorate=directorate, name=name)
        record(
            action="departments.add",
            subject=directorate,
            by=by,
            summary=f"Department {name} added to {directorate}",
        )
    return department


def rename_department(
    department: Department, *, by: Person, name: str, seen: int | None = None
) -> Department:
    """Give a department another name."""
    with transaction.atomic():
        department = lock(Department, department.pk)
        require(permissions.may_administer(by))
        check_seen(department.directorate, "departments.rename", seen, "a department of this directorate")
        name = _free_department(department.directorate, name, but=department)
        was = department.name
        if name == was:
            return department
        department.name = name
        department.save(update_fields=["name"])
        record(
            action="departments.rename",
            subject=department.directorate,
            by=by,
            summary=f"Department {was} renamed {name}",
            before={"Name": was},
            after={"Name": name},
        )
    return department


def close_department(department: Department, *, by: Person) -> Department:
    """Close a department, or open a closed one again; return it."""
    with transaction.atomic():
        department = lock(Department, department.pk)
        require(permissions.may_administer(by))
        department.is_active = not department.is_active
        department.save(update_fields=["is_active"])
        what = "opened again" if department.is_active else "closed"
        record(
            action="departments.open" if department.is_active else "departments.close",
            subject=department.directorate,
            by=by,
            summary=f"Department {department.name} {what}",
        )
    return department


def _set_active(directorate: Directorate, is_active: bool, *, by: Person, note: str) -> None:
    directorate.is_active = is_active
    directorate.save(update_fields=["is_active"])
    record(
        action="directorates.reopen" if is_active else "directorates.close",
        subject=directorate,
        by=by,
        summary=f"Directorate {directorate} {'opened again' if is_active else 'closed'}",
        note=note,
    )


def _free_name(name: str, but: Directorate | None = None) -> str:
    name = " ".join(name.split())
    others = Directorate.objects.filter(name__iexact=name)
    if but:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise Invalid([("name", f"There is a directorate called {name} already")])
    return name


def _free_slug(name: str) -> str:
    stem = slugify(name)[:110] or "directorate"
    slug, n = stem, 2
    while Directorate.objects.filter(slug=slug).exists():
        slug, n = f"{stem}-{n}", n + 1
    return slug


def _free_department(directorate: Directorate, name: str, but: Department | None = None) -> str:
    name = " ".join(name.split())
    others = Department.objects.filter(directorate=directorate, name__iexact=name)
    if but:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise Invalid([("name", f"{directorate} has a department called {name} already")])
    return name
