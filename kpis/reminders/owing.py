"""What should have been sent by now and was not, worked out from steps, items and claims."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.calendar import first_of_month
from accounts.models import Person
from contracts.models import BreakPoint, Contract, Stage
from kpis.proposals.deciders import deciders_of_many
from kpis.proposals.models import KPISet
from kpis.reminders import timing
from kpis.reminders.audience import Audiences
from kpis.reminders.models import ReminderClaim, ReminderSnooze, ReminderStep
from kpis.returns.models import MonthlyReturn

Subject = ReminderStep.Subject


@dataclass(frozen=True)
class Owed:
    """One step of one item for one person. Only the latest step of an item is told in words."""

    step: ReminderStep
    item: MonthlyReturn | KPISet | BreakPoint
    cycle: int
    person: Person
    owed_since: dt.date
    is_told: bool = True

    @property
    def key(self) -> tuple[int, int, int, int]:
        """Return what makes a claim unique: step, item, cycle, person."""
        return (self.step.pk, self.item.pk, self.cycle, self.person.pk)


def owed(now: dt.datetime | None = None) -> list[Owed]:
    """Return every step owed by now and not yet claimed, in the order a reader wants them.

    A step missed on its day stays owed until it is claimed. Where several steps of an item are owed to the
    same person, or a later one has already been told, only the latest is told; all are claimed.
    """
    day = timezone.localdate(now)
    steps = list(ReminderStep.objects.filter(is_on=True))
    reached = [
        *_returns(day, [step for step in steps if step.subject == Subject.RETURN]),
        *_approvals(day, [step for step in steps if step.subject == Subject.APPROVAL]),
        *_break_points(day, [step for step in steps if step.subject == Subject.BREAK_POINT]),
        *_exceptions(day, [step for step in steps if step.subject == Subject.EXCEPTION]),
    ]
    return list(_told_once(_due(reached, day), _claimed(reached)))


def _returns(day: dt.date, steps: list[ReminderStep]) -> Iterator[Owed]:
    """Return what unfinished returns have come to, whether claimed or not."""
    if not steps:
        return
    held_back = ReminderSnooze.objects.in_force(day).values("monthly_return")
    unfinished = (
        MonthlyReturn.objects.unfinished()
        # A correction of what was reported before this system has no due day anybody is reminded of.
        .exclude(before_system=True)
        .exclude(pk__in=held_back)
        .with_contract()
        .select_related("contract__commissioner")
        .prefetch_related("contract__deputies")
    )
    audiences = Audiences(day)
    for item in unfinished.order_by("due_on", "contract__title"):
        if timing.waits_for_supplier(item, day):
            continue
        for step in steps:
            since = timing.return_step_day(step, item)
            if since is None:
                continue
            for person in audiences.of_return(step, item):
                yield Owed(step, item, item.cycle, person, since)


def _approvals(day: dt.date, steps: list[ReminderStep]) -> Iterator[Owed]:
    """Return what waiting KPI sets have come to; each submission starts their steps again."""
    if not steps:
        return
    waiting = list(
        KPISet.objects.pending()
        .with_contract()
        .prefetch_related("editors")
        .exclude(submitted_at=None)
        .annotate(submission_count=Count("submissions"))
        .order_by("submitted_at", "pk")
    )
    deciders = deciders_of_many(waiting, on=day)
    for item in waiting:
        for step in steps:
            since = timing.approval_step_day(step, item)
            # Whoever decides for two directorates is reminded once.
            for person in {one.person.pk: one.person for one in deciders[item.pk]}.values():
                yield Owed(step, item, max(item.submission_count, 1), person, since)


def _break_points(day: dt.date, steps: list[ReminderStep]) -> Iterator[Owed]:
    """Return what break points ahead have come to; once the last day for notice has passed, nothing.

    A step counts working days, of which there is more than one in three: that bounds how far to look.
    """
    if not steps:
        return
    furthest = day + dt.timedelta(days=30 + 3 * max(-(step.days or 0) for step in steps))
    ahead = (
        BreakPoint.objects.filter(outcome="", withdrawn_at=None)
        .exclude(contract__stage=Stage.ENDED)
        .exclude(on__gt=F("contract__terminated_on"))
        .annotate(last_day_to_act=Coalesce("notice_by", "on"))
        .filter(last_day_to_act__range=(day, furthest))
        .select_related("contract__manager", "contract__commissioner")
        .prefetch_related("contract__deputies")
        .order_by("last_day_to_act", "contract__title", "pk")
    )
    audiences: Audiences | None = None
    for item in ahead:
        # Who is in post is read only where there is somebody to tell.
        audiences = audiences or Audiences(day)
        for step in steps:
            since = timing.break_point_step_day(step, item)
            for person in audiences.of_contract(step, item.contract, item.contract.directorate_id):
                yield Owed(step, item, timing.break_point_cycle(item), person, since)


def _exceptions(day: dt.date, steps: list[ReminderStep]) -> Iterator[Owed]:
    """Return what exceptions in force have come to, until what follows them waits for a decision."""
    if not steps:
        return
    furthest = day + dt.timedelta(days=30 + 3 * max(-(step.days or 0) for step in steps))
    audiences: Audiences | None = None
    for item in exceptions_to_tell_of(day).filter(review_on__lte=furthest):
        audiences = audiences or Audiences(day)
        for step in steps:
            since = timing.exception_step_day(step, item)
            for person in audiences.of_contract(step, item.contract, item.contract.directorate_id):
                yield Owed(step, item, 1, person, since)


def exceptions_to_tell_of(day: dt.date):
    """Return exceptions in force of contracts that run, with nothing sent or approved to follow them."""
    month = first_of_month(day)
    follows = KPISet.objects.filter(contract=OuterRef("contract")).filter(
        Q(status=KPISet.Status.SUBMITTED) | Q(status=KPISet.Status.APPROVED, effective_month__gt=month)
    )
    return (
        KPISet.objects.in_force(month)
        .exceptions()
        .filter(~Exists(follows), review_on__isnull=False)
        .exclude(contract__stage=Stage.ENDED)
        .filter(contract__in=Contract.objects.live_on(day).order_by().values("pk"))
        .with_contract()
        .prefetch_related("contract__deputies")
        .order_by("review_on", "contract__title", "pk")
    )


def _due(reached: Iterable[Owed], day: dt.date) -> list[Owed]:
    return [one for one in reached if one.owed_since <= day]


def _claimed(reached: Iterable[Owed]) -> set[tuple[int, int, int, int]]:
    """Return the keys of claims made for these items: one query."""
    items = {one.item.pk for one in reached}
    claims = ReminderClaim.objects.filter(subject_id__in=items)
    return set(claims.values_list("step", "subject_id", "cycle", "person"))


def _told_once(due: list[Owed], claimed: set[tuple[int, int, int, int]]) -> Iterator[Owed]:
    """Return the unclaimed, each marked by whether it is the latest the person hears of its item."""
    together: dict[tuple, list[Owed]] = defaultdict(list)
    for one in due:
        together[one.step.subject, one.item.pk, one.cycle, one.person.pk].append(one)
    for steps in together.values():
        steps.sort(key=lambda one: (one.owed_since, one.step.position))
        for one in steps:
            if one.key not in claimed:
                yield Owed(one.step, one.item, one.cycle, one.person, one.owed_since, one is steps[-1])
