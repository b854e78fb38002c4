"""Keeping the council's own priorities, which measures of any framework point to."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.history import changes, record
from accounts.models import Person
from accounts.verbs.recipe import Invalid, Stale, check_version, lock, require
from kpis.library.models import CouncilPriority
from kpis.library.permissions import may_keep

FIELDS = ("title", "about", "position")


def add_priority(*, by: Person, title: str, about: str = "", position: int | None = None) -> CouncilPriority:
    """Return the new priority, the last where no place is said. Raises Invalid where it is there already."""
    require(may_keep(by))
    last = CouncilPriority.objects.aggregate(last=Max("position"))["last"] or 0
    priority = CouncilPriority(title=" ".join(title.split()), about=about, position=position or last + 1)
    _check(priority)
    try:
        with transaction.atomic():
            priority.save()
            record(
                action="library.add_priority",
                subject=priority,
                by=by,
                summary=f"Added the council priority “{priority}”",
            )
    except IntegrityError:
        raise Invalid([_taken(priority)]) from None
    return priority


def change_priority(
    priority: CouncilPriority, *, by: Person, version: int | None = None, **facts: Any
) -> CouncilPriority:
    """Return the changed priority; measures go on pointing to it. Raises Invalid and Stale."""
    require(may_keep(by))
    try:
        with transaction.atomic():
            priority = lock(CouncilPriority, priority.pk)
            check_version(priority, version, "this priority")
            if "title" in facts:
                facts["title"] = " ".join(facts["title"].split())
            was, now = changes(priority, facts, facts)
            for name, value in facts.items():
                setattr(priority, name, value)
            _check(priority)
            if was or now:
                priority.version += 1
                priority.save()
                record(
                    action="library.change_priority",
                    subject=priority,
                    by=by,
                    summary=f"Changed the council priority “{priority}”",
                    before=was,
                    after=now,
                )
    except IntegrityError:
        raise Invalid([_taken(priority)]) from None
    return priority


def retire_priority(
    priority: CouncilPriority, *, by: Person, version: int | None = None, note: str = ""
) -> CouncilPriority:
    """Return the priority, no longer one of today's; measures that point to it still do."""
    return _switch(priority, False, "retire", "Retired", by, version, note)


def bring_back_priority(
    priority: CouncilPriority, *, by: Person, version: int | None = None, note: str = ""
) -> CouncilPriority:
    """Return the priority, one of today's again."""
    return _switch(priority, True, "bring_back", "Brought back", by, version, note)


def _switch(
    priority: CouncilPriority, active: bool, verb: str, done: str, by: Person, version: int | None, note: str
) -> CouncilPriority:
    require(may_keep(by))
    with transaction.atomic():
        priority = lock(CouncilPriority, priority.pk)
        if priority.is_active == active:
            raise Stale(f"“{priority}” is {'a priority' if active else 'retired'} already.")
        check_version(priority, version, "this priority")
        priority.is_active = active
        priority.version += 1
        priority.save()
        record(
            action=f"library.{verb}_priority",
            subject=priority,
            by=by,
            note=note,
            summary=f"{done} the council priority “{priority}”",
        )
    return priority


def _check(priority: CouncilPriority) -> None:
    if not priority.title:
        raise Invalid([("title", "Enter a title")])
    if CouncilPriority.objects.filter(title__iexact=priority.title).exclude(pk=priority.pk).exists():
        raise Invalid([_taken(priority)])


def _taken(priority: CouncilPriority) -> tuple[str, str]:
    return "title", f"There is already a priority called “{priority}”. Enter another title"
