"""Sending what is owed, holding it back with a reason, and keeping the steps."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts import letters
from accounts.calendar import today
from accounts.history import changes, record
from accounts.models import Letter, Person
from accounts.verbs.recipe import Invalid, Stale, check_seen, lock, require
from contracts.models import BreakPoint
from govuk import formats
from kpis.proposals.models import KPISet
from kpis.reminders import permissions, timing, words
from kpis.reminders.models import ReminderClaim, ReminderSnooze, ReminderStep
from kpis.reminders.owing import Owed, exceptions_to_tell_of, owed
from kpis.returns.models import MonthlyReturn

__all__ = [
    "Owed",
    "Sent",
    "change_step",
    "end_snooze",
    "owed",
    "preview",
    "send",
    "send_by_the_clock",
    "send_now",
    "snooze",
]

LONGEST_SNOOZE = dt.timedelta(days=92)
# The fewest and most working days of a step, by what it is about.
DAYS_ALLOWED = {
    ReminderStep.Subject.RETURN: (-15, 60),
    ReminderStep.Subject.APPROVAL: (0, 60),
    ReminderStep.Subject.BREAK_POINT: (-120, 0),
    ReminderStep.Subject.EXCEPTION: (-60, 60),
}


@dataclass(frozen=True)
class Sent:
    """What a run came to: letters written, reminders told in them, steps overtaken by later ones."""

    letters: int = 0
    reminders: int = 0
    overtaken: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(
            self.letters + other.letters, self.reminders + other.reminders, self.overtaken + other.overtaken
        )


@dataclass(frozen=True)
class Digest:
    """What one person would be sent."""

    person: Person
    told: list[Owed]
    lines: list[tuple[str, Owed]]


def send(now: dt.datetime | None = None) -> Sent:
    """Write everything owed by now: one digest a person, claims and letter in one transaction each.

    A second run sends nothing; of two runs at once each reminder is written by one. Whoever has nothing new
    to be told gets no letter.
    """
    now = now or timezone.now()
    total = Sent()
    for person, ones in _by_person(owed(now)).items():
        total += _send_to(person, ones, timezone.localdate(now))
    return total


def send_by_the_clock(now: dt.datetime | None = None) -> Sent:
    """Send what is owed on working days between 7am and 7pm; at other times write nothing."""
    now = now or timezone.now()
    return send(now) if timing.is_posting_time(now) else Sent()


def send_now(*, by: Person) -> Sent:
    """Send what is owed at a person's word, whatever the hour."""
    require(permissions.may_keep_reminders(by))
    sent = send()
    with transaction.atomic():
        record(
            action="reminders.send_now",
            subject=by,
            by=by,
            summary=f"Sent what was owed: {formats.plural(sent.reminders, 'reminder')} in "
            f"{formats.plural(sent.letters, 'letter')}",
        )
    return sent


def preview(now: dt.datetime | None = None) -> list[Digest]:
    """Return what a run would send now, by person's name, without sending it."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    digests = []
    for person, ones in _by_person(owed(now)).items():
        told = [one for one in ones if one.is_told]
        if told:
            digests.append(Digest(person, told, [(words.line_of(one, day), one) for one in told]))
    return sorted(digests, key=lambda digest: str(digest.person))


def _by_person(ones: list[Owed]) -> dict[Person, list[Owed]]:
    people: dict[Person, list[Owed]] = defaultdict(list)
    for one in ones:
        people[one.person].append(one)
    return people


def _send_to(person: Person, ones: list[Owed], day: dt.date) -> Sent:
    with transaction.atomic():
        # The person's row is the lock: another run's claims are seen below, or it waits for ours.
        # Not the whole key: rows that refer to the person may be added meanwhile.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        ones = _still_owed(ones, day)
        told = [one for one in ones if one.is_told]
        letter: Letter | None = None
        if told:
            letter = letters.write("reminder-digest", to=person, values=words.digest(told, day))
            if letter is None:
                return Sent()
        ReminderClaim.objects.bulk_create(
            ReminderClaim(
                step=one.step,
                subject_id=one.item.pk,
                cycle=one.cycle,
                person=person,
                letter=letter if one.is_told else None,
                is_told=one.is_told,
                owed_since=one.owed_since,
            )
            for one in ones
        )
    return Sent(1 if letter else 0, len(told), len(ones) - len(told))


def _still_owed(ones: list[Owed], day: dt.date) -> list[Owed]:
    """Return those nobody has claimed and whose item is still unfinished, read in this transaction."""
    items = {one.item.pk for one in ones}
    claimed = set(
        ReminderClaim.objects.filter(subject_id__in=items, person=ones[0].person).values_list(
            "step", "subject_id", "cycle", "person"
        )
    )
    returns = set(MonthlyReturn.objects.unfinished().filter(pk__in=items).values_list("pk", "cycle"))
    waiting = set(KPISet.objects.pending().filter(pk__in=items).values_list("pk", flat=True))
    to_review: set[int] = set()
    if any(one.step.subject == ReminderStep.Subject.EXCEPTION for one in ones):
        to_review = set(exceptions_to_tell_of(day).filter(pk__in=items).values_list("pk", flat=True))
    points: set[tuple[int, int]] = set()
    if any(isinstance(one.item, BreakPoint) for one in ones):
        open_points = BreakPoint.objects.filter(pk__in=items, outcome="", withdrawn_at=None)
        points = {(point.pk, timing.break_point_cycle(point)) for point in open_points}

    def still_stands(one: Owed) -> bool:
        if isinstance(one.item, MonthlyReturn):
            return (one.item.pk, one.cycle) in returns
        if isinstance(one.item, BreakPoint):
            return (one.item.pk, one.cycle) in points
        if one.step.subject == ReminderStep.Subject.EXCEPTION:
            return one.item.pk in to_review
        return one.item.pk in waiting

    return [one for one in ones if one.key not in claimed and still_stands(one)]


def snooze(monthly_return: MonthlyReturn, *, by: Person, until: dt.date, reason: str) -> ReminderSnooze:
    """Hold back reminders about a return up to and including a day; what is owed then is caught up with."""
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_snooze(by, monthly_return))
        if not monthly_return.is_unfinished:
            raise Stale("This return has been submitted meanwhile: there are no reminders to hold back.")
        errors = []
        if until < today():
            errors.append(("until", "The last day without reminders must be today or later"))
        elif until > today() + LONGEST_SNOOZE:
            errors.append(
                ("until", f"The last day must be {formats.day(today() + LONGEST_SNOOZE)} or earlier")
            )
        if not reason.strip():
            errors.append(("reason", "Enter why reminders are held back"))
        if errors:
            raise Invalid(errors)
        monthly_return.snoozes.in_force(today()).update(ended_at=timezone.now())
        made = ReminderSnooze.objects.create(
            monthly_return=monthly_return, until=until, reason=reason.strip(), made_by=by
        )
        record(
            action="reminders.snooze",
            subject=monthly_return,
            by=by,
            summary=f"No reminders about {monthly_return.period_words}'s return until after "
            f"{formats.day(until)}",
            note=made.reason,
            contract_number=monthly_return.contract_id,
        )
    return made


def end_snooze(monthly_return: MonthlyReturn, *, by: Person) -> None:
    """Let reminders about a return go out again."""
    with transaction.atomic():
        monthly_return = lock(MonthlyReturn, monthly_return.pk)
        require(permissions.may_snooze(by, monthly_return))
        if not monthly_return.snoozes.in_force(today()).update(ended_at=timezone.now()):
            raise Stale("Reminders about this return are not held back any more.")
        record(
            action="reminders.end_snooze",
            subject=monthly_return,
            by=by,
            summary=f"Reminders about {monthly_return.period_words}'s return go out again",
            contract_number=monthly_return.contract_id,
        )


def change_step(
    step: ReminderStep, *, by: Person, days: int | None, line: str, is_on: bool, seen: int | None = None
) -> ReminderStep:
    """Move a step, reword its line, or switch it on or off. What was sent already stays sent."""
    with transaction.atomic():
        step = lock(ReminderStep, step.pk)
        require(permissions.may_keep_reminders(by))
        check_seen(step, "reminders.change_step", seen, "this reminder")
        errors = _wrong_with(step, days, line)
        if errors:
            raise Invalid(errors)
        cleaned = {"days": days, "line": line.strip(), "is_on": is_on}
        before, after = changes(step, cleaned, cleaned)
        if not after:
            return step
        for name, value in cleaned.items():
            setattr(step, name, value)
        step.save()
        record(
            action="reminders.change_step",
            subject=step,
            by=by,
            summary=f"Reminder changed: {step}",
            before=before,
            after=after,
        )
    return step


def _wrong_with(step: ReminderStep, days: int | None, line: str) -> list[tuple[str, str]]:
    errors = []
    least, most = DAYS_ALLOWED[ReminderStep.Subject(step.subject)]
    if step.days is None and days is not None:
        errors.append(("days", "This reminder goes out when the return opens: it has no number of days"))
    elif step.days is not None and days is None:
        errors.append(("days", "Enter the number of working days"))
    elif days is not None and not least <= days <= most:
        errors.append(("days", f"The number of working days must be between {least} and {most}"))
    if not line.strip():
        errors.append(("line", "Enter the line in the letter"))
    try:
        unknown = words.unknown_placeholders(step.subject, line)
    except ValueError as error:
        errors.append(("line", str(error)))
    else:
        if unknown:
            errors.append(("line", "This line has no " + ", ".join(f"${name}" for name in unknown)))
    return errors
